//! What lies over the screens: help and other text, the palette, the copy menu, questions, what is being waited for,
//! region and key.

mod asking;
mod connect;
mod copy;
mod drafts;
mod newer;
mod operations;
mod palette;
mod prompt;
mod reader;
mod record;
mod sources;
mod watches;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;
use crate::app::model::Model;
use crate::app::popup::Popup;

pub(super) use reader::last_top;
pub(super) use watches::style as watch_style;

/// Draws one popup into the area over the screens.
pub(super) fn draw(model: &Model, popup: &Popup, theme: &Theme, area: Rect, buf: &mut Buffer) {
    match popup {
        Popup::Help(reader) | Popup::Reader(reader) => reader::draw(reader, theme, area, buf),
        Popup::Palette(palette) => palette::draw(palette, theme, area, buf),
        Popup::Copy(subject) => copy::draw(model, subject, theme, area, buf),
        Popup::Record(row) => record::draw(model, row, theme, area, buf),
        Popup::Prompt(prompt) => prompt::draw(prompt, theme, area, buf),
        Popup::Watches(cursor) => watches::draw(model, *cursor, theme, area, buf),
        Popup::Operations(menu) => operations::draw(model, menu, theme, area, buf),
        Popup::Asking(asking) => asking::draw(model, asking, theme, area, buf),
        Popup::Connect(form) => connect::draw(form, theme, area, buf),
        Popup::Sources(sources) => sources::draw(sources, theme, area, buf),
        Popup::Drafts(cursor) => drafts::draw(model, *cursor, theme, area, buf),
        Popup::Newer(newer) => newer::draw(model, newer, theme, area, buf),
    }
}
