//! The command palette: what is typed, and the commands that it finds, with their keys; what cannot be done now says
//! why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::picker::Found;
use crate::app::popups::{Command, Palette};
use crate::ui::text::{put, put_right, width};
use crate::ui::theme::Theme;

const BOX: Found<'_> = Found {
    title: "Commands",
    lead: ": ",
    columns: 76,
    lines: Palette::LINES,
    each: 1,
};

/// Draws it.
pub(super) fn draw(palette: &Palette, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let list = BOX.frame(&palette.picker, theme, area, buf);
    if palette.found.is_empty() {
        put(buf, list, list.x, list.y, "No command matches.", theme.dim);
        return;
    }
    // A column each for names, sentences and keys, as wide as the widest: they begin in one line, whatever is typed.
    let widest = |of: fn(&Command) -> usize| palette.found.iter().map(of).max().unwrap_or(0);
    let names = widest(|command| width(command.action.name())) as u16;
    let keys = widest(|command| command.key.as_deref().map_or(0, width)) as u16;
    let keys = keys.min(list.width / 3);
    let (len, chosen) = (palette.found.len(), palette.at());
    BOX.rows(len, chosen, theme, list, buf, |at, line, here, buf| {
        let (command, y) = (&palette.found[at], line.y);
        let possible = command.why_not.is_none();
        let style = |otherwise| if here { theme.selected } else { otherwise };
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
    });
}
