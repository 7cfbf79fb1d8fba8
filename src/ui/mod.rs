//! Model to cells. Pure: no clock, no I/O, no state of its own. The same model and area give the same cells.
//!
//! ```text
//!  header      program · profile · account            user · role  SANDBOX
//!  bar         1 Orders 250  2 Requests 7  3 Journal  4 Plan  … / filter
//!  main        a list through a window      | side  the order beside it, from 120 columns on
//!              or the open order            |
//!              or the form, or many CSRs   |
//!  status      what just happened, or what does not work and what to do
//!  footer      the keys that hold here
//! ```
//!
//! What lies over it (help, palette, questions) is drawn last. All remote text passes [`crate::domain::text`].

mod bar;
mod bulk;
mod domains;
mod empty;
mod endpoints;
pub mod form;
mod header;
mod journal;
mod notice;
mod order;
mod orders;
mod plan;
mod popups;
mod product;
mod requests;
mod seen;
mod served;
mod text;
pub mod theme;
mod when;
mod widgets;

use std::ops::RangeInclusive;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};

use crate::app::layout::{Layout, SMALLEST};
use crate::app::model::Model;
use crate::app::preview::Slide;
use crate::app::screen::Screen;
use crate::domain::ids::OrderId;
use theme::Theme;
use widgets::table::Focus;

/// Draws the desk.
pub fn view(model: &Model, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let theme = Theme::for_look(model.look);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(&theme, area, buf);
        return;
    }
    let layout = model.layout_for(area.width, area.height);
    header::draw(model, &theme, layout.header, buf);
    bar::draw(model, &theme, layout.bar, buf);
    body(model, &theme, &layout, buf);
    notice::draw(model, &theme, layout.status, buf);
    widgets::hints::draw(model, &theme, layout.footer, buf);
    for popup in &model.popups {
        popups::draw(model, popup, &theme, under(&layout, area), buf);
    }
}

fn body(model: &Model, theme: &Theme, layout: &Layout, buf: &mut Buffer) {
    if let Some(form) = &model.form {
        let whole = of_form(layout);
        form::render(form, model.paged, theme, &model.keymap, whole, buf);
        return;
    }
    let side = layout.side.map_or(0, |side| side.width);
    let whole = Rect {
        width: layout.main.width + side,
        ..layout.main
    };
    if let Some(open) = model.bulk_screens.open() {
        bulk::draw(model, open, theme, whole, buf);
        return;
    }
    if let (Some(open), None) = (&model.order, layout.side) {
        order::draw(model, open.id, theme, layout.main, buf);
        return;
    }
    if model.screen == Screen::Plan && model.order.is_none() {
        plan::draw(model, theme, Focus::Here, whole, buf);
        return;
    }
    let focus = if model.order.is_some() {
        Focus::Elsewhere
    } else {
        Focus::Here
    };
    if model.screen == Screen::Domains && model.order.is_none() {
        domains::draw(model, theme, whole, buf);
        return;
    }
    if model.screen == Screen::Endpoints && model.order.is_none() {
        endpoints::draw(model, theme, Focus::Here, whole, buf);
        return;
    }
    match model.screen {
        Screen::Domains => domains::draw(model, theme, layout.main, buf),
        Screen::Endpoints => endpoints::draw(model, theme, focus, layout.main, buf),
        Screen::Orders => orders::draw(model, theme, focus, layout, buf),
        Screen::Requests => requests::draw(model, theme, focus, layout.main, buf),
        Screen::Journal => journal::draw(model, theme, focus, layout.main, buf),
        Screen::Plan => plan::draw(model, theme, focus, layout.main, buf),
    }
    if let Some(side) = layout.side {
        for y in side.y..side.bottom() {
            text::put(buf, side, side.x, y, "│", theme.border);
        }
        if let Some(id) = model.side_order() {
            draw_side(model, id, theme, side_content(side), buf);
        }
    }
}

/// Where a form stands: over list and side.
fn of_form(layout: &Layout) -> Rect {
    let side = layout.side.map_or(0, |side| side.width);
    let margin = u16::from(layout.main.width >= 60);
    Rect {
        x: layout.main.x + margin,
        width: layout.main.width + side - 2 * margin,
        ..layout.main
    }
}

/// The order beside the list: its first line stays, and so does what is below the list; what is beside its rows has slid
/// as far as these.
fn draw_side(model: &Model, id: OrderId, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let slid = model.preview.slid;
    if model.order.is_some() || slid == Slide::default() {
        order::draw(model, id, theme, area, buf);
        return;
    }
    let mut still = Buffer::empty(area);
    order::draw(model, id, theme, area, &mut still);
    let rows = usize::from(model.list_lines(area.height)).saturating_sub(1);
    let moved = (0..rows).filter_map(|at| Some((at + 1, slid.row(at, rows)? + 1)));
    let still_below = (rows + 1..usize::from(area.height)).map(|at| (at, at));
    for (at, row) in std::iter::once((0, 0)).chain(moved).chain(still_below) {
        for x in area.x..area.right() {
            buf[(x, area.y + at as u16)] = still[(x, area.y + row as u16)].clone();
        }
    }
}

/// The side without the line at its left.
fn side_content(side: Rect) -> Rect {
    Rect {
        x: side.x + 1,
        width: side.width - 1,
        ..side
    }
}

/// Where boxes may stand: between the head and the hints, over all columns.
fn under(layout: &Layout, area: Rect) -> Rect {
    Rect {
        y: layout.main.y,
        height: layout.main.height,
        ..area
    }
}

/// How far the text that is read can be scrolled, that of a box or of the open order: its lines are made here, the cursor in
/// it is the model's.
pub fn last_top(model: &Model) -> Option<usize> {
    let layout = model.layout();
    if let Some(reader) = model.reader() {
        let area = Rect::new(0, 0, model.size.0, model.size.1);
        return Some(popups::last_top(reader, under(&layout, area)));
    }
    let area = layout.side.map_or(layout.main, side_content);
    order::last_top(model, &Theme::for_look(model.look), area)
}

/// How far the rows of the box on top can be scrolled from where its focus puts them, where they do not all fit.
pub fn paging(model: &Model) -> Option<RangeInclusive<isize>> {
    let layout = model.layout();
    let theme = Theme::for_look(model.look);
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    match (&model.form, model.popups.is_empty()) {
        (Some(form), true) => form::moves(form, &theme, &model.keymap, of_form(&layout)),
        _ => popups::moves(model, &theme, under(&layout, area)),
    }
}

/// The screen is too small to work on: say what this is and what it needs.
fn too_small(theme: &Theme, area: Rect, buf: &mut Buffer) {
    Clear.render(area, buf);
    text::put(buf, area, area.x, area.y, "certdeck", theme.header);
    let (columns, rows) = SMALLEST;
    let words = format!(
        "needs {columns}x{rows}, this is {}x{}",
        area.width, area.height
    );
    for (line, y) in text::wrap(&words, usize::from(area.width))
        .iter()
        .zip(area.y + 1..area.bottom())
    {
        text::put(buf, area, area.x, y, line, theme.text);
    }
}
