//! From names to an order: the names as typed, and the orders that could give a duplicate for them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::picker::Found;
use crate::app::popups::Sources;
use crate::domain::text::sanitise;
use crate::ui::text::put;
use crate::ui::theme::Theme;

const BOX: Found<'_> = Found {
    title: "Duplicate for these names",
    lead: "",
    columns: 90,
    lines: Sources::LINES,
    each: Sources::EACH,
};

/// Draws it.
pub(super) fn draw(sources: &Sources, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let list = BOX.frame(&sources.picker, theme, area, buf);
    if let Some(note) = &sources.note {
        put(buf, list, list.x, list.y, &sanitise(note), theme.dim);
        return;
    }
    let (len, chosen) = (sources.found.len(), sources.at());
    BOX.rows(len, chosen, theme, list, buf, |at, line, here, buf| {
        let (found, y) = (&sources.found[at], line.y);
        let style = match (here, &found.apart) {
            (true, _) => theme.selected,
            (false, None) => theme.text,
            (false, Some(_)) => theme.dim,
        };
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
    });
}
