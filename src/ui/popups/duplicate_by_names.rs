//! From names to an order: the names as typed, and the orders that could give a duplicate for them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::popup::Sources;
use crate::domain::text::sanitise;
use crate::ui::text::put;
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame, scroll};

/// Columns at most.
const MOST: u16 = 90;

/// Rows, however many orders are found: it does not jump while typing.
const ROWS: u16 = 14;

/// Rows of one order: what it is, and why it stands there.
const EACH: u16 = 2;

/// Draws it.
pub(super) fn draw(sources: &Sources, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let inner = frame::draw(
        "Duplicate for these names",
        theme,
        frame::centred(area, columns, ROWS + 2),
        buf,
    );
    field::draw(&sources.field, Rect { height: 1, ..inner }, buf);
    let list = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if let Some(note) = &sources.note {
        put(buf, list, list.x, list.y, &sanitise(note), theme.dim);
        return;
    }
    let mut cursor = sources.cursor;
    let rows = usize::from((list.height / EACH).max(1));
    cursor.show(sources.found.len(), rows);
    let shown = sources.found.iter().enumerate().skip(cursor.top);
    for ((at, found), y) in shown.zip((list.y..list.bottom()).step_by(usize::from(EACH))) {
        let here = at == cursor.at;
        let line = Rect {
            y,
            height: 1,
            ..list
        };
        let style = match (here, &found.apart) {
            (true, _) => theme.selected,
            (false, None) => theme.text,
            (false, Some(_)) => theme.dim,
        };
        if here {
            buf.set_style(line.intersection(buf.area), theme.selected);
        }
        let words = format!(
            "{}  {}  {}",
            found.order,
            sanitise(&found.product),
            sanitise(&found.organization)
        );
        put(buf, line, line.x + 1, y, &words, style);
        if y + 1 < list.bottom() {
            let below = Rect { y: y + 1, ..line };
            let why = match &found.apart {
                Some(apart) => format!("≠ {apart} · {}", found.why),
                None => found.why.clone(),
            };
            let tone = if found.apart.is_some() {
                theme.warn
            } else {
                theme.dim
            };
            put(buf, below, below.x + 3, y + 1, &why, tone);
        }
    }
    let below = cursor.top + rows < sources.found.len();
    // In the air before the frame.
    let marked = Rect {
        width: list.width + 1,
        ..list
    };
    scroll::marks(cursor.top > 0, below, theme, marked, buf);
}
