//! Region and key: why it is asked, the fields, what was wrong, and how long the key is kept.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::popups::{ConnectForm, REGIONS};
use crate::config::KeyPlace;
use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame};

/// Columns at most.
const MOST: u16 = 72;

/// Cells for the labels.
const LABEL: u16 = 10;

/// A row of the box.
enum Row {
    Words(String, Style),
    Field(usize),
}

/// How many fields there are.
const FIELDS: usize = 4;

/// Draws it. Where not all of it fits, a line of words stays and the fields slide, so that the one that is typed in is
/// seen.
pub(super) fn draw(form: &ConnectForm, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let width = usize::from(columns);
    let told = match (&form.error, form.trying) {
        (_, true) => Some("Connecting…"),
        (Some(error), false) => Some(error.as_str()),
        (None, false) => None,
    };
    let (kept, lasts) = kept(form);
    let words = |text: &str, style: Style| -> Vec<Row> {
        let lines = wrap(text, width).into_iter();
        lines.map(|line| Row::Words(line, style)).collect()
    };
    let blank = || vec![Row::Words(String::new(), theme.text)];
    let errors = told.map_or_else(Vec::new, |told| {
        [blank(), words(told, theme.bad)]
            .into_iter()
            .flatten()
            .collect()
    });
    let hints = words(
        &format!(
            "Create the key in CertCentral under Automation > API Keys. certdeck never shows it. {lasts}"
        ),
        theme.dim,
    );
    // The least that is drawn whole: a line of why, the fields, what was wrong.
    let fixed = 1 + FIELDS + errors.len();
    let rows = fixed + wrap(&form.why, width).len() + 1 + hints.len();
    let inner = frame::draw(
        "Connect to CertCentral",
        theme,
        frame::centred(area, columns, rows as u16),
        buf,
    );
    let room = usize::from(inner.height);
    let fields = (0..FIELDS).map(Row::Field);
    let mut shown: Vec<Row> = Vec::new();
    let mut above = false;
    let mut below = false;
    if room >= fixed {
        let most = room.saturating_sub(fixed).max(1);
        let why = wrap_at_most(&form.why, width, most).into_iter();
        shown.extend(why.map(|line| Row::Words(line, theme.text)));
        if room > fixed {
            shown.extend(blank());
        }
        shown.extend(fields);
        shown.extend(errors);
        shown.extend(blank());
        shown.extend(hints);
    } else {
        let lasts = form.place().map_or("until certdeck exits", KeyPlace::lasts);
        let short = format!("Kept {lasts}.");
        let (head, style) = match told {
            Some(told) => (told, theme.bad),
            None if form.focus == FIELDS - 1 => (short.as_str(), theme.dim),
            None => (form.why.as_str(), theme.text),
        };
        let head = wrap_at_most(head, width, 1).into_iter();
        shown.extend(
            head.map(|line| Row::Words(line, style))
                .take(room.saturating_sub(1)),
        );
        let window = room.saturating_sub(shown.len());
        let top = (form.focus + 1).saturating_sub(window);
        above = top > 0;
        below = top + window < FIELDS;
        shown.extend(fields.skip(top).take(window));
    }
    let first = shown.iter().position(|row| matches!(row, Row::Field(_)));
    for (row, y) in shown.iter().take(room).zip(inner.y..) {
        match row {
            Row::Words(line, style) => {
                put(buf, inner, inner.x, y, line, *style);
            }
            Row::Field(at) => draw_field(
                *at,
                form,
                &kept,
                theme,
                Rect {
                    y,
                    height: 1,
                    ..inner
                },
                buf,
            ),
        }
    }
    let edge = inner.right().saturating_sub(1);
    if let Some(first) = first.filter(|_| above) {
        put(buf, inner, edge, inner.y + first as u16, "↑", theme.accent);
    }
    if below {
        put(
            buf,
            inner,
            edge,
            inner.bottom().saturating_sub(1),
            "↓",
            theme.accent,
        );
    }
}

/// One field in its line.
fn draw_field(
    at: usize,
    form: &ConnectForm,
    kept: &str,
    theme: &Theme,
    line: Rect,
    buf: &mut Buffer,
) {
    let name = ["Region", "URL", "API key", "Keep key"][at];
    label(at, name, form, theme, line, buf);
    let value = Rect {
        x: line.x + LABEL + 2,
        width: line.width.saturating_sub(LABEL + 2),
        ..line
    };
    let choice = |words: &str, buf: &mut Buffer| {
        let (words, style) = if form.focus == at {
            (format!("‹ {words} ›"), theme.accent)
        } else {
            (words.to_owned(), theme.text)
        };
        put(buf, line, value.x, line.y, &words, style);
    };
    let (region, url) = REGIONS.get(form.region).copied().unwrap_or_default();
    match at {
        0 => choice(region, buf),
        1 if url.is_empty() => field::draw(&form.url, value.intersection(line), buf),
        1 => {
            put(buf, line, value.x, line.y, url, theme.dim);
        }
        2 => field::draw(&form.key, value.intersection(line), buf),
        _ => choice(kept, buf),
    }
}

/// Where the key is to be kept, and how long that lasts.
fn kept(form: &ConnectForm) -> (String, String) {
    match (&form.places, form.place()) {
        (None, _) => (
            "looking for places…".into(),
            "Until one is found, the key is kept until certdeck exits.".into(),
        ),
        (Some(_), None) => (
            "not at all".into(),
            "URL and key are kept until certdeck exits; use ← and → to choose another place."
                .into(),
        ),
        (Some(_), Some(place)) => {
            let words = match place {
                KeyPlace::File(_) => "a file only you can read".into(),
                other => other.words(),
            };
            let place = match place {
                KeyPlace::File(path) => format!("{}, ", path.display()),
                _ => String::new(),
            };
            let lasts = form.place().map_or("", KeyPlace::lasts);
            (
                words,
                format!("Kept after CertCentral accepts it: {place}{lasts}."),
            )
        }
    }
}

fn label(at: usize, text: &str, form: &ConnectForm, theme: &Theme, line: Rect, buf: &mut Buffer) {
    let focused = form.focus == at;
    let (mark, style) = if focused {
        ("▸ ", theme.accent)
    } else {
        ("  ", theme.dim)
    };
    let x = put(buf, line, line.x, line.y, mark, style);
    put(buf, line, x, line.y, text, style);
}
