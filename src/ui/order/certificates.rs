//! The certificates of an order: the primary, every reissue and duplicate; below the list what the one under the cursor
//! says, and in which names it differs from the primary.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{none, overview};
use crate::app::account::OrderData;
use crate::app::cursor::Cursor;
use crate::app::layout;
use crate::app::model::Model;
use crate::domain::coverage::days_between;
use crate::domain::names;
use crate::domain::order::Certificate;
use crate::ui::requests::name_of;
use crate::ui::text::fit;
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::facts::Facts;
use crate::ui::widgets::listing::{self, Listing};
use crate::ui::widgets::table::{Column, Focus, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Role,
    Number,
    Status,
    Ends,
    Names,
    Key,
    Requested,
    By,
    Request,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Role, "CERTIFICATE", 13, 0),
    Column::fixed(Col::Number, "ID", 9, 5),
    Column::fixed(Col::Status, "STATUS", 8, 1),
    Column::fixed(Col::Ends, "EXPIRES", 9, 0).right(),
    Column::elastic(Col::Names, "NAMES", 12, 40, 2),
    Column::fixed(Col::Key, "KEY", 5, 7),
    Column::fixed(Col::Requested, "REQUESTED", 10, 6),
    Column::elastic(Col::By, "REQUESTER", 10, 20, 9),
    Column::fixed(Col::Request, "REQUEST", 9, 8),
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
    let rows = data.certificates();
    let list = Certificates {
        model,
        data,
        theme,
        rows,
        primary: rows.first().map(names_of).unwrap_or_default(),
    };
    listing::draw(&list, cursor, Focus::Here, theme, area, buf);
}

struct Certificates<'a> {
    model: &'a Model,
    data: &'a OrderData,
    theme: &'a Theme,
    rows: &'a [Certificate],
    primary: BTreeSet<String>,
}

impl Listing for Certificates<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_CERTIFICATES;

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        none(self.data, "Not loaded yet.")
    }

    fn value(&self, at: usize, column: Col, width: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(row) = self.rows.get(at) else {
            return (Cow::Borrowed(""), theme.text);
        };
        let today = self.model.today();
        let ended = row.valid_till.is_some_and(|till| till < today);
        let plain = if row.archived || ended {
            theme.dim
        } else {
            theme.text
        };
        let number = |id: Option<String>, none: &'static str| id.map_or(none.into(), Cow::from);
        match column {
            Col::Role => (row.role.label().into(), plain),
            Col::Number => (number(row.id.map(|id| id.to_string()), "–"), theme.dim),
            Col::Status => status(row, ended, theme),
            Col::Ends => {
                let days = row
                    .valid_till
                    .map(|till| when::days(days_between(today, till)));
                (number(days, "–"), plain)
            }
            Col::Names => {
                let own = names_of(row);
                let differs = own != self.primary;
                let more = own.len().saturating_sub(1);
                let more = if more > 0 {
                    format!(" +{more}")
                } else {
                    String::new()
                };
                let mark = if differs { "≠ " } else { "" };
                let room = usize::from(width).saturating_sub(more.len() + mark.len().min(2));
                let name = fit(title_of(row), room);
                let style = if differs { theme.warn } else { plain };
                (format!("{mark}{name}{more}").into(), style)
            }
            Col::Key => (
                number(row.key_size.map(|bits| bits.to_string()), ""),
                theme.dim,
            ),
            Col::Requested => (
                number(row.created.map(|at| when::date_of(at).to_string()), ""),
                theme.dim,
            ),
            Col::By => (name_of(row.requester.as_ref()).into(), theme.dim),
            Col::Request => (number(row.request.map(|id| id.to_string()), ""), theme.dim),
        }
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        if let Some(row) = self.rows.get(at) {
            about(row, &self.primary, self.data, self.model, self.theme, facts);
        }
    }
}

fn status<'a>(row: &'a Certificate, ended: bool, theme: &Theme) -> (Cow<'a, str>, Style) {
    if row.archived {
        return ("archived".into(), theme.dim);
    }
    match &row.status {
        Some(status) if ended && status.is_issued() => ("expired".into(), theme.dim),
        Some(status) => (status.label().into(), theme.certificate_status(status)),
        None if ended => ("expired".into(), theme.dim),
        None if row.was_issued() => ("issued".into(), theme.good),
        None => ("–".into(), theme.dim),
    }
}

fn about(
    row: &Certificate,
    primary: &BTreeSet<String>,
    data: &OrderData,
    model: &Model,
    theme: &Theme,
    facts: &mut Facts<'_>,
) {
    let today = model.today();
    let own = names_of(row);
    let list = |names: BTreeSet<&String>| {
        names
            .into_iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    facts.styled(
        "Extra names",
        &list(own.difference(primary).collect()),
        theme.warn,
    );
    facts.styled(
        "Missing",
        &list(primary.difference(&own).collect()),
        theme.warn,
    );
    let mut told = row.clone();
    told.ca_name = told.ca_name.or_else(|| ca_name(row, data, model));
    overview::certificate_facts(&told, today, theme, facts);
    let by = name_of(row.requester.as_ref());
    let asked = match (row.created, by) {
        (Some(at), "") => when::moment_ago(at, today),
        (Some(at), by) => format!("{} by {by}", when::moment_ago(at, today)),
        (None, by) => by.to_string(),
    };
    facts.fact("Requested", &asked);
    facts.maybe("Request", row.request.map(|id| id.to_string()));
    if own.len() > 1 {
        let names: Vec<&str> = own.iter().map(String::as_str).collect();
        facts.fact("Names", &names.join(", "));
    }
}

/// The name of an issuing CA that a list told by its number alone: the order's own, or one that its product offers.
fn ca_name(row: &Certificate, data: &OrderData, model: &Model) -> Option<String> {
    let id = row.ca_id.as_deref()?;
    let order = data.order.value()?;
    if order.certificate.ca_id.as_deref() == Some(id) {
        return order.certificate.ca_name.clone();
    }
    let product = model
        .engine
        .account
        .products
        .get(&order.product.name_id)?
        .value()?;
    let known = product.icas.iter().find(|ica| ica.id == id)?;
    Some(known.name.clone())
}

fn title_of(row: &Certificate) -> &str {
    if row.common_name.is_empty() {
        row.dns_names
            .first()
            .or(row.emails.first())
            .map_or("", String::as_str)
    } else {
        &row.common_name
    }
}

fn names_of(row: &Certificate) -> BTreeSet<String> {
    std::iter::once(&row.common_name)
        .chain(&row.dns_names)
        .chain(&row.emails)
        .filter(|name| !name.is_empty())
        .map(|name| names::normalise(name))
        .collect()
}
