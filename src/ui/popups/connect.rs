//! Region and key: why it is asked, the fields, what was wrong, and how long the key is kept.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::popup::{ConnectForm, REGIONS};
use crate::config::KeyPlace;
use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame};

/// Columns at most.
const MOST: u16 = 72;

/// Cells for the labels.
const LABEL: u16 = 10;

/// Draws it.
pub(super) fn draw(form: &ConnectForm, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let why = wrap(&form.why, usize::from(columns));
    let told = match (&form.error, form.trying) {
        (_, true) => Some("Connecting…"),
        (Some(error), false) => Some(error.as_str()),
        (None, false) => None,
    };
    let errors = told.map_or_else(Vec::new, |told| wrap(told, usize::from(columns)));
    let (kept, lasts) = kept(form);
    let hints = wrap(
        &format!(
            "The key is made in CertCentral under Automation, API Keys, and never shown. {lasts}"
        ),
        usize::from(columns),
    );
    let fixed = 5 + errors.len() + usize::from(!errors.is_empty());
    let rows = fixed + why.len() + 1 + hints.len();
    let inner = frame::draw(
        "Connect to CertCentral",
        theme,
        frame::centred(area, columns, rows as u16),
        buf,
    );
    let room = usize::from(inner.height);
    let mut y = inner.y;
    for line in wrap_at_most(
        &form.why,
        usize::from(columns),
        room.saturating_sub(fixed).max(1),
    ) {
        put(buf, inner, inner.x, y, &line, theme.text);
        y += 1;
    }
    if room > fixed {
        y += 1;
    }
    let regions: Vec<&str> = REGIONS.iter().map(|(name, _)| *name).collect();
    label(0, "Region", form, theme, inner, y, buf);
    let chosen = regions.get(form.region).copied().unwrap_or_default();
    let arrows = form.focus == 0;
    let words = if arrows {
        format!("‹ {chosen} ›")
    } else {
        chosen.to_string()
    };
    let style = if arrows { theme.accent } else { theme.text };
    put(buf, inner, inner.x + LABEL + 2, y, &words, style);
    y += 1;
    let value = |y: u16| Rect {
        x: inner.x + LABEL + 2,
        y,
        width: inner.width.saturating_sub(LABEL + 2),
        height: 1,
    };
    label(1, "Address", form, theme, inner, y, buf);
    match REGIONS.get(form.region) {
        Some((_, url)) if !url.is_empty() => {
            put(buf, inner, inner.x + LABEL + 2, y, url, theme.dim);
        }
        _ => field::draw(&form.url, value(y).intersection(inner), buf),
    }
    y += 1;
    label(2, "API key", form, theme, inner, y, buf);
    field::draw(&form.key, value(y).intersection(inner), buf);
    y += 1;
    label(3, "Keep key", form, theme, inner, y, buf);
    let (words, style) = if form.focus == 3 {
        (format!("‹ {kept} ›"), theme.accent)
    } else {
        (kept, theme.text)
    };
    put(buf, inner, inner.x + LABEL + 2, y, &words, style);
    y += 1;
    if !errors.is_empty() {
        y += 1;
        for line in &errors {
            put(buf, inner, inner.x, y, line, theme.bad);
            y += 1;
        }
    }
    y += 1;
    for line in &hints {
        put(buf, inner, inner.x, y, line, theme.dim);
        y += 1;
    }
}

/// Where the key is to be kept, and how long that lasts.
fn kept(form: &ConnectForm) -> (String, String) {
    match (&form.places, form.place()) {
        (None, _) => (
            "looking for places…".into(),
            "Until one is found it is kept until certdeck ends.".into(),
        ),
        (Some(_), None) => (
            "not at all".into(),
            "Address and key are kept until certdeck ends; ← and → choose another place.".into(),
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
                format!("It is kept once CertCentral took it: {place}{lasts}."),
            )
        }
    }
}

fn label(
    at: usize,
    text: &str,
    form: &ConnectForm,
    theme: &Theme,
    inner: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let focused = form.focus == at;
    let (mark, style) = if focused {
        ("▸ ", theme.accent)
    } else {
        ("  ", theme.dim)
    };
    let x = put(buf, inner, inner.x, y, mark, style);
    put(buf, inner, x, y, text, style);
}
