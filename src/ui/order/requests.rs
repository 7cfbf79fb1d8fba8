//! The requests of an order, and what the one under the cursor says.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::none;
use crate::app::account::OrderData;
use crate::app::cursor::Cursor;
use crate::app::layout;
use crate::app::model::Model;
use crate::ui::requests::{details, name_of, status_word};
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::facts::Facts;
use crate::ui::widgets::listing::{self, Listing};
use crate::ui::widgets::table::{Column, Focus, Value};

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
    Column::fixed(Col::Kind, "TYPE", 9, 0),
    Column::fixed(Col::Status, "STATUS", 10, 0),
    Column::fixed(Col::Date, "CREATED", 10, 1),
    Column::elastic(Col::Requester, "REQUESTER", 12, 24, 3),
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
    let list = Requests { model, data, theme };
    listing::draw(&list, cursor, Focus::Here, theme, area, buf);
}

struct Requests<'a> {
    model: &'a Model,
    data: &'a OrderData,
    theme: &'a Theme,
}

impl Listing for Requests<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_ORDER_REQUESTS;

    fn len(&self) -> usize {
        self.data.requests().len()
    }

    fn none(&self) -> (String, Vec<String>) {
        none(self.data, "CertCentral reports no requests for this order.")
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(row) = self.data.requests().get(at) else {
            return (Cow::Borrowed(""), theme.text);
        };
        let today = self.model.today();
        match column {
            Col::Number => (row.id.to_string().into(), theme.dim),
            Col::Kind => (row.kind.label().into(), theme.text),
            Col::Status => (status_word(row).into(), theme.request_status(&row.status)),
            Col::Date => (
                row.date
                    .map_or(Cow::Borrowed(""), |at| when::short(at, today).into()),
                theme.dim,
            ),
            Col::Requester => (name_of(row.requester.as_deref()).into(), theme.text),
            Col::Processor => (name_of(row.processor.as_deref()).into(), theme.text),
            Col::Comments => (
                row.comments.as_deref().unwrap_or_default().into(),
                theme.dim,
            ),
        }
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        if let Some(row) = self.data.requests().get(at) {
            details(row, self.model, facts);
        }
    }
}
