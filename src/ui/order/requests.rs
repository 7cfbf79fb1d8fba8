//! The requests of an order, and what the one under the cursor says.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{lower, reading, split};
use crate::app::cursor::Cursor;
use crate::app::model::Model;
use crate::app::order::OrderData;
use crate::ui::requests::{name_of, status_word, tell};
use crate::ui::theme::Theme;
use crate::ui::widgets::facts::Facts;
use crate::ui::widgets::scroll;
use crate::ui::widgets::table::{Column, Focus, Table};
use crate::ui::{empty, when};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Number,
    Kind,
    Status,
    Date,
    Requester,
    Processor,
    Comments,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Number, "REQUEST", 9, 2),
    Column::fixed(Col::Kind, "ASKED FOR", 9, 0),
    Column::fixed(Col::Status, "STATUS", 10, 0),
    Column::fixed(Col::Date, "MADE", 10, 1),
    Column::elastic(Col::Requester, "BY", 12, 24, 3),
    Column::elastic(Col::Processor, "DECIDED BY", 12, 24, 4),
    Column::elastic(Col::Comments, "COMMENTS", 16, 60, 5),
];

/// Draws the tab.
pub(super) fn draw(
    model: &Model,
    data: &OrderData,
    cursor: Cursor,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let today = model.today();
    let all = data.requests();
    if all.is_empty() {
        let mut words = reading(data).into_iter();
        let title = words
            .next()
            .unwrap_or_else(|| "The account tells of no requests for this order.".into());
        empty::draw(&title, &words.collect::<Vec<_>>(), theme, area, buf);
        return;
    }
    let (list, below) = split(area, all.len(), 8);
    let table = Table {
        columns: COLUMNS,
        len: all.len(),
        lead: None,
        cursor,
        focus: Focus::Here,
    };
    table.render(
        theme,
        list,
        buf,
        |_| None,
        |at, column, _| {
            let Some(row) = all.get(at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            match column {
                Col::Number => (row.id.to_string().into(), theme.dim),
                Col::Kind => (row.kind.label().into(), theme.text),
                Col::Status => (
                    status_word(&row.status).into(),
                    theme.request_status(&row.status),
                ),
                Col::Date => (
                    row.date
                        .map_or(Cow::Borrowed(""), |at| when::short(at, today).into()),
                    theme.dim,
                ),
                Col::Requester => (name_of(row.requester.as_ref()).into(), theme.text),
                Col::Processor => (name_of(row.processor.as_ref()).into(), theme.text),
                Col::Comments => (
                    row.comments.as_deref().unwrap_or_default().into(),
                    theme.dim,
                ),
            }
        },
    );
    if let (Some(below), Some(row)) = (below, all.get(cursor.at)) {
        let inner = lower(below, theme, buf);
        let mut facts = Facts::new(theme, inner.width.saturating_sub(1));
        tell(row, model, &mut facts);
        scroll::show(&facts.done(), 0, theme, inner, buf);
    }
}
