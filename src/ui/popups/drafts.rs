//! The forms that were begun and not sent.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::cursor::Cursor;
use crate::app::drafts;
use crate::app::model::Model;
use crate::domain::text::sanitise;
use crate::ui::text::fit;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 70;

/// Its rows.
pub(super) fn sheet<'a>(model: &Model, cursor: Cursor, theme: &Theme, area: Rect) -> Sheet<'a> {
    let mut sheet = Sheet::new("Unsent drafts", area, MOST);
    for (at, begun) in drafts::begun(model).into_iter().enumerate() {
        let (mark, style) = if at == cursor.at {
            ("▸ ", theme.accent)
        } else {
            ("  ", theme.text)
        };
        let words = format!("{mark}{}", sanitise(&begun.words(model)));
        let first = sheet.len();
        sheet.row(Line::styled(fit(&words, sheet.room()), style));
        if at == cursor.at {
            sheet.focus_from(first);
        }
    }
    sheet
}
