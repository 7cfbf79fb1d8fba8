//! The forms that were begun and not sent.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::model::Model;
use crate::app::picker::Picker;
use crate::app::popups::drafts::{self, Begun};
use crate::domain::text::sanitise;
use crate::ui::text::fit;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 70;

/// Its rows.
pub(super) fn sheet<'a>(
    model: &Model,
    picker: &Picker<Begun>,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let mut sheet = Sheet::new("Unsent drafts", area, MOST);
    let all = drafts::begun(&model.engine.drafts);
    let chosen = picker.at(&all);
    for (at, begun) in all.into_iter().enumerate() {
        let (mark, style) = if at == chosen {
            ("▸ ", theme.accent)
        } else {
            ("  ", theme.text)
        };
        let words = format!("{mark}{}", sanitise(&begun.words(&model.engine)));
        let row = Line::styled(fit(&words, sheet.room()), style);
        sheet.choice(at == chosen, [row]);
    }
    sheet
}
