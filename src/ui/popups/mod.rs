//! What lies over the screens: help and other text, the palette, the copy menu, questions, what is being waited for,
//! region and key.

mod asking;
mod connect;
mod copy;
mod drafts;
mod duplicate_by_names;
mod entry;
mod newer;
mod operations;
mod palette;
mod picker;
mod prompt;
mod reader;
mod record;
mod request;
mod watches;

use std::ops::RangeInclusive;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;
use super::widgets::sheet::Sheet;
use crate::app::model::Model;
use crate::app::popups::Popup;

pub(super) use reader::last_top;
pub(super) use watches::style as watch_style;

/// Draws one popup into the area over the screens.
pub(super) fn draw(model: &Model, popup: &Popup, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if let Some(sheet) = sheet(model, popup, theme, area) {
        let is_top = model
            .popups
            .last()
            .is_some_and(|top| std::ptr::eq(top, popup));
        let moved = if is_top { model.paged } else { 0 };
        sheet.draw(moved, theme, buf);
        return;
    }
    match popup {
        Popup::Help(reader) | Popup::Reader(reader) => reader::draw(reader, theme, area, buf),
        Popup::Palette(palette) => palette::draw(palette, theme, area, buf),
        Popup::Sources(sources) => duplicate_by_names::draw(sources, theme, area, buf),
        Popup::Connect(form) => connect::draw(form, theme, area, buf),
        _ => {}
    }
}

/// How far what lies on top can be scrolled by pages.
pub(super) fn moves(model: &Model, theme: &Theme, area: Rect) -> Option<RangeInclusive<isize>> {
    let popup = model.popups.last()?;
    Some(sheet(model, popup, theme, area)?.moves())
}

/// What has rows of its own; the others draw themselves.
fn sheet<'a>(model: &'a Model, popup: &'a Popup, theme: &Theme, area: Rect) -> Option<Sheet<'a>> {
    Some(match popup {
        Popup::Copy(subject, picker) => copy::sheet(model, popup, subject, picker, theme, area),
        Popup::CopyMarked(orders, picker) => {
            copy::of_marked(model, popup, orders.len(), picker, theme, area)
        }
        Popup::Record(row, picker) => record::sheet(model, popup, row, picker, theme, area),
        Popup::Prompt(prompt) => prompt::sheet(prompt, theme, area),
        Popup::Watches(picker) => watches::sheet(model, picker, theme, area),
        Popup::Operations(menu) => operations::sheet(model, menu, theme, area),
        Popup::Asking(asking) => asking::sheet(model, asking, theme, area),
        Popup::Drafts(picker) => drafts::sheet(model, picker, theme, area),
        Popup::Newer(newer) => newer::sheet(model, newer, theme, area),
        Popup::Request(requested) => request::sheet(model, requested, theme, area),
        Popup::Help(_)
        | Popup::Reader(_)
        | Popup::Palette(_)
        | Popup::Sources(_)
        | Popup::Connect(_) => return None,
    })
}
