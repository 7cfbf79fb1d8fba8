//! Region and key: why it is asked, the three fields, what was wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::popup::{ConnectForm, REGIONS};
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
    let errors = form
        .error
        .as_ref()
        .map(|error| wrap(error, usize::from(columns)))
        .unwrap_or_default();
    let hints = wrap(
        "The key is made in CertCentral under Automation, API Keys. It is kept in the key store of this machine, never in a plain file, and never shown.",
        usize::from(columns),
    );
    let fixed = 4 + errors.len() + usize::from(!errors.is_empty());
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
