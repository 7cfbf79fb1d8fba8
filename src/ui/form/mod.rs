//! A form on the screen: heading, fields, what the CSR says; over them the review or a question.

mod fields;
mod page;
mod popups;
mod review;
pub(super) mod wrap;

use std::ops::RangeInclusive;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::form::{Form, Layer};
use crate::domain::draft::Tone;
use crate::keys::KeyMap;
use crate::ui::text;
use crate::ui::theme::Theme;

/// Draws a form into an area of any size, with a question over it scrolled by so many rows.
pub fn render(
    form: &Form,
    paged: isize,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
    buf: &mut Buffer,
) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    if let Layer::Review(reviewing) = &form.layer {
        review::render(form, reviewing, theme, keymap, area, buf);
        return;
    }
    fields::render(form, theme, keymap, area, buf);
    if let Some(sheet) = popups::sheet(form, theme, keymap, area) {
        sheet.draw(paged, theme, buf);
    }
}

/// How far a question over the form can be scrolled.
pub(super) fn moves(
    form: &Form,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
) -> Option<RangeInclusive<isize>> {
    Some(popups::sheet(form, theme, keymap, area)?.moves())
}

pub(super) fn tone_style(tone: Tone, theme: &Theme) -> Style {
    match tone {
        Tone::Plain => theme.text,
        Tone::Dim => theme.dim,
        Tone::Good => theme.good,
        Tone::Warn => theme.warn,
        Tone::Bad => theme.bad,
    }
}

/// Colour is not the only thing that tells good from bad.
fn tone_mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Dim => "· ",
        Tone::Good => "✓ ",
        Tone::Warn => "! ",
        Tone::Bad => "✗ ",
    }
}

/// The beginning of a text that fits, safe to show.
fn fit(words: &str, width: u16) -> String {
    text::fit(words, usize::from(width))
}

/// Lines that fit, safe to show.
fn wrapped(words: &str, width: u16) -> Vec<String> {
    text::wrap(words, usize::from(width))
}
