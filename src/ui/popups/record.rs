//! What can be copied of the proof of control over a name: each part as it will be pasted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::operations::names::{NameRow, part};
use crate::domain::wrap::wrap_at_most;
use crate::keys::{Action, Place};
use crate::ui::text::put;
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 84;

/// Cells for keys and labels.
const LABELS: u16 = 13;

/// Lines of a part, at most.
const EACH: usize = 3;

/// Draws it.
pub(super) fn draw(model: &Model, row: &NameRow, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let room = usize::from(columns.saturating_sub(LABELS));
    let rows = model.keymap.rows(Place::Record);
    let lines: Vec<_> = rows
        .filter(|(_, binding)| binding.action != Action::Back)
        .map(|(keys, binding)| {
            let text = part(row, binding.action);
            let words = text
                .as_ref()
                .map_or("nobody told where it belongs", |(text, _)| text);
            let key = keys.split(' ').next().unwrap_or_default().to_owned();
            (
                key,
                binding.label,
                wrap_at_most(words, room, EACH),
                text.is_none(),
            )
        })
        .collect();
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
        put(buf, inner, inner.x + 3, y, label, style(theme.text));
        for line in words {
            put(buf, inner, inner.x + LABELS, y, &line, theme.dim);
            y += 1;
        }
    }
}
