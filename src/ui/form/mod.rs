//! A form on the screen: heading, fields, what the CSR says; over them the review or a question.

mod fields;
mod page;
mod popups;
mod review;
pub(super) mod wrap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::form::{Form, Layer};
use crate::domain::draft::Tone;
use crate::keys::KeyMap;
use crate::ui::text;
use crate::ui::theme::Theme;

/// Draws a form into an area of any size.
pub fn render(form: &Form, theme: &Theme, keymap: &KeyMap, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    match &form.layer {
        Layer::Review(reviewing) => review::render(form, reviewing, theme, keymap, area, buf),
        Layer::Editing => fields::render(form, theme, keymap, area, buf),
        Layer::MakeKey(make) => {
            fields::render(form, theme, keymap, area, buf);
            popups::make_key(make, theme, keymap, area, buf);
        }
        Layer::LoadFile(load) => {
            fields::render(form, theme, keymap, area, buf);
            popups::load_file(load, theme, keymap, area, buf);
        }
        Layer::Discard => {
            fields::render(form, theme, keymap, area, buf);
            popups::discard(form, theme, keymap, area, buf);
        }
    }
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
