//! The command palette: what is typed, and the commands that it finds, with their keys; what cannot be done now says
//! why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::popup::{Command, Palette};
use crate::ui::text::{put, put_right, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame, scroll};

/// Columns at most.
const MOST: u16 = 76;

/// Rows that it has room for, however many commands are found: it does not jump while typing.
const ROWS: u16 = 16;

/// Draws it.
pub(super) fn draw(palette: &Palette, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let inner = frame::draw(
        "Commands",
        theme,
        frame::centred(area, columns, ROWS + 2),
        buf,
    );
    let x = put(buf, inner, inner.x, inner.y, ": ", theme.accent);
    let room = Rect {
        x,
        width: inner.right().saturating_sub(x),
        ..inner
    };
    field::draw(&palette.field, room, buf);
    let list = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if palette.found.is_empty() {
        put(buf, list, list.x, list.y, "No command matches.", theme.dim);
        return;
    }
    // A column each for names, sentences and keys, as wide as the widest: they begin in one line, whatever is typed.
    let widest = |of: fn(&Command) -> usize| palette.found.iter().map(of).max().unwrap_or(0);
    let names = widest(|command| width(command.action.name())) as u16;
    let keys = widest(|command| command.key.as_deref().map_or(0, width)) as u16;
    let keys = keys.min(list.width / 3);
    let mut cursor = palette.cursor;
    cursor.show(palette.found.len(), usize::from(list.height));
    let shown = palette.found.iter().enumerate().skip(cursor.top);
    for ((at, command), y) in shown.zip(list.y..list.bottom()) {
        let line = Rect {
            y,
            height: 1,
            ..list
        };
        let here = at == cursor.at;
        let possible = command.why_not.is_none();
        let style = |otherwise| if here { theme.selected } else { otherwise };
        if here {
            buf.set_style(line.intersection(buf.area), theme.selected);
        }
        let words = if possible { theme.text } else { theme.dim };
        let key = command.key.as_deref().unwrap_or_default();
        let key_at = line.right().saturating_sub(keys + 1);
        let key_cells = Rect {
            x: key_at,
            width: keys,
            ..line
        };
        put_right(buf, key_cells, y, key, style(theme.key));
        let name = Rect {
            x: line.x + 1,
            width: key_at.saturating_sub(line.x + 3),
            ..line
        };
        put(
            buf,
            name,
            name.x,
            y,
            command.action.name(),
            style(if possible { theme.accent } else { theme.dim }),
        );
        let next = name.x + names + 2;
        let help = command.why_not.as_deref().unwrap_or(command.help);
        if usize::from(name.right().saturating_sub(next)) > width(help).min(12) {
            put(buf, name, next, y, help, style(words));
        }
    }
    let rows = usize::from(list.height);
    let below = cursor.top + rows < palette.found.len();
    // In the air before the frame.
    let marked = Rect {
        width: list.width + 1,
        ..list
    };
    scroll::marks(cursor.top > 0, below, theme, marked, buf);
}
