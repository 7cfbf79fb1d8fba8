//! What can be copied of the proof of control over a name: each part as it will be pasted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::operations::names::{NameRow, parts};
use crate::domain::wrap::wrap_at_most;
use crate::keys::Place;
use crate::ui::text::{put, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 84;

/// Lines of a part, at most.
const EACH: usize = 3;

/// Draws it.
pub(super) fn draw(model: &Model, row: &NameRow, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let parts = parts(row);
    let called = parts
        .iter()
        .map(|(_, part)| part.as_ref().map_or(12, |(_, label)| width(label)));
    // Key and label, with air between them and what is copied.
    let labels = (called.max().unwrap_or(0) as u16 + 5).min(columns / 2);
    let room = usize::from(columns.saturating_sub(labels));
    let mut lines = Vec::new();
    for (action, part) in parts {
        let mut rows = model.keymap.rows(Place::Record);
        let Some((keys, binding)) = rows.find(|(_, binding)| binding.action == action) else {
            continue;
        };
        let key = keys.split(' ').next().unwrap_or_default().to_owned();
        let missing = part.is_none();
        let (words, label) =
            part.unwrap_or_else(|| ("nobody told where it belongs".into(), binding.label));
        lines.push((key, label, wrap_at_most(&words, room, EACH), missing));
    }
    let height: usize = lines.iter().map(|(.., words, _)| words.len()).sum();
    let title = format!("Copy for {}", row.name);
    let inner = frame::draw(
        &title,
        theme,
        frame::centred(area, columns, height as u16),
        buf,
    );
    let mut y = inner.y;
    for (key, label, words, missing) in lines {
        let style = |otherwise| if missing { theme.dim } else { otherwise };
        put(buf, inner, inner.x, y, &key, style(theme.key));
        let cells = Rect {
            width: labels.saturating_sub(1).min(inner.width),
            ..inner
        };
        put(buf, cells, inner.x + 3, y, label, style(theme.text));
        for line in words {
            put(buf, inner, inner.x + labels, y, &line, theme.dim);
            y += 1;
        }
    }
}
