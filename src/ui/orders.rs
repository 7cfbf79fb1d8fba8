//! The list of orders: what ends, what covers it, what waits.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::fit;
use super::theme::Theme;
use super::widgets::table::{Column, Focus, Table, Value, Way};
use super::{empty, product, served, when};
use crate::app::account::SyncState;
use crate::app::account::rows::{OrderRow, Packed};
use crate::app::cursor::Cursor;
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::orders::sort::SortKey;
use crate::domain::coverage::{Coverage, days_between};
use crate::domain::rules::place::is_renewed_here;
use crate::domain::status::OrderStatus;
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Number,
    Names,
    Product,
    Status,
    Waiting,
    Ends,
    Served,
    Date,
    Coverage,
    Copies,
    Organization,
}

/// Columns from which products are called by their trade names.
const TRADE_NAMES: u16 = 22;

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Number, "ORDER", 9, 5),
    Column::elastic(Col::Names, "NAMES", 16, 72, 0)
        .at_ease(40)
        .first(),
    Column::elastic(Col::Product, "PRODUCT", 8, 26, 6),
    Column::fixed(Col::Status, "STATUS", 9, 1),
    Column::fixed(Col::Waiting, "REQ", 3, 8),
    Column::fixed(Col::Ends, "EXPIRES", 8, 0).right(),
    Column::fixed(Col::Served, "SERVED", 6, 3),
    Column::fixed(Col::Date, "ON", 10, 10),
    Column::elastic(Col::Coverage, "COVERAGE", 14, 46, 4),
    Column::fixed(Col::Copies, "DUP/RE", 6, 9),
    Column::elastic(Col::Organization, "ORGANIZATION", 16, 30, 11),
];

/// Draws the list, or why there is none.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, layout: &Layout, buf: &mut Buffer) {
    let Layout {
        main: area,
        covered,
        ..
    } = *layout;
    let (orders, all) = (&model.orders, &model.engine.account);
    if orders.view.is_empty() {
        nothing(model, theme, area, buf);
        return;
    }
    let today = model.today();
    let looks = &model.engine.served;
    let columns = columns(all.orders.digits(), looks.is_empty());
    let (cursor, focus) = pointed_at(model, focus, area);
    let table = Table {
        columns: &columns,
        len: orders.view.len(),
        lead: lead(orders.sort),
        cursor,
        focus,
        covered,
    };
    table.render(
        theme,
        area,
        buf,
        |at| {
            let row = orders.row(all, at)?;
            if orders.marks.contains(&row.id) {
                Some(("●", theme.accent))
            } else {
                // Told here too: the column for it is the first to go.
                let waits = all.requests.by_order.contains_key(&row.id);
                waits.then_some(("!", theme.warn))
            }
        },
        |at, column, width| {
            let Some(row) = orders.row(all, at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            let coverage = row.coverage(today);
            let status = row.status();
            match column {
                Col::Number => (row.id.to_string().into(), theme.dim),
                Col::Names => names(row, width, quiet(theme, status)),
                Col::Product => {
                    let words = row.product().map_or(Cow::Borrowed(""), |known| {
                        // One way for all rows: trade names only where there is room for most.
                        if width >= TRADE_NAMES {
                            product::name(known).into()
                        } else {
                            product::short(known).into()
                        }
                    });
                    (words, theme.dim)
                }
                Col::Status => (status.short().into(), theme.order_status(status)),
                Col::Waiting => match all.requests.by_order.get(&row.id) {
                    Some(count) => (count.to_string().into(), theme.warn),
                    None => ("".into(), theme.text),
                },
                Col::Ends => match row.valid_till() {
                    Some(ends) => {
                        let style = match coverage {
                            Coverage::None => theme.dim,
                            _ => theme.coverage(coverage),
                        };
                        (ends_in(days_between(today, ends), width).into(), style)
                    }
                    None => ("–".into(), theme.dim),
                },
                Col::Served if looks.is_looking(row.id) => ("…".into(), theme.dim),
                Col::Served => match looks.standing(row.id, &row.serial()) {
                    Some(standing) => (standing.word().into(), served::style(standing, theme)),
                    None => ("".into(), theme.text),
                },
                Col::Date => (
                    row.valid_till()
                        .map_or(Cow::Borrowed(""), |ends| ends.to_string().into()),
                    theme.dim,
                ),
                Col::Coverage => {
                    let product = row.product();
                    let renewable = product.is_some_and(is_renewed_here);
                    (cover(coverage, renewable, width), theme.coverage(coverage))
                }
                Col::Copies => (copies(&row).into(), theme.dim),
                Col::Organization => (
                    row.organization()
                        .map_or(Cow::Borrowed(""), |known| known.name.as_str().into()),
                    theme.dim,
                ),
            }
        },
    );
}

/// What is marked while an order is open: its own row, where that is in sight. The cursor may be elsewhere, for a
/// reissue takes the row along and not the cursor.
fn pointed_at(model: &Model, focus: Focus, area: Rect) -> (Cursor, Focus) {
    let (mut cursor, orders) = (model.orders.cursor, &model.orders);
    let Some(open) = &model.order else {
        return (cursor, focus);
    };
    let seen = cursor.top..cursor.top + usize::from(area.height);
    let row = seen.into_iter().find(|at| {
        orders
            .row(&model.engine.account, *at)
            .is_some_and(|row| row.id == open.id)
    });
    match row {
        Some(at) => {
            cursor.at = at;
            (cursor, focus)
        }
        None => (cursor, Focus::Nowhere),
    }
}

/// The columns; numbers are whole however long they are, and that of what is served stands there once somebody looked.
fn columns(digits: u16, is_unseen: bool) -> Vec<Column<Col>> {
    let mut columns = COLUMNS.to_vec();
    columns.retain(|column| column.id != Col::Served || !is_unseen);
    for column in &mut columns {
        if column.id == Col::Number {
            *column = column.of_width(column.least.max(digits));
        }
    }
    columns
}

/// The column that shows what the list is sorted by, if one does.
fn lead(sort: SortKey) -> Option<(Col, Way)> {
    match sort {
        SortKey::Ends => Some((Col::Ends, Way::Up)),
        SortKey::Covers => Some((Col::Coverage, Way::Up)),
        SortKey::Name => Some((Col::Names, Way::Up)),
        SortKey::Number => Some((Col::Number, Way::Down)),
        SortKey::Status => Some((Col::Status, Way::Up)),
        SortKey::Product => Some((Col::Product, Way::Up)),
        SortKey::Created => None,
    }
}

/// What is over is not shouted.
fn quiet(theme: &Theme, status: &OrderStatus) -> Style {
    match status {
        OrderStatus::Expired
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected => theme.dim,
        _ => theme.text,
    }
}

/// The common name whole as long as it can be, then how many more there are.
fn names(row: OrderRow<'_>, width: u16, style: Style) -> Value<'_> {
    let more = row.other_names().count();
    let title: Cow<'_, str> = match row.display_name() {
        "" => row.title().into(),
        name => name.into(),
    };
    if more == 0 {
        return (title, style);
    }
    let more = format!(" +{more}");
    let room = usize::from(width).saturating_sub(more.len());
    (format!("{}{more}", fit(&title, room)).into(), style)
}

/// `in 21 d`, and without its blank where it is too long.
fn ends_in(days: i32, width: u16) -> String {
    let words = when::days(days);
    if super::text::width(&words) > usize::from(width) {
        words.replace(" d", "d")
    } else {
        words
    }
}

/// What the dates call for; a renewal only where one can be asked for here.
fn cover(coverage: Coverage, renewable: bool, width: u16) -> Cow<'static, str> {
    let long = match coverage {
        Coverage::Reissue { covers_more, .. } => {
            format!("reissue: order covered {covers_more} d longer")
        }
        Coverage::Renew { .. } if renewable => "renew: order expires too".into(),
        Coverage::Renew { .. } => "order expires too".into(),
        Coverage::Renewed { .. } => "already renewed".into(),
        // When it ended stands in the column before.
        Coverage::Over { covers: 0, .. } => "no coverage".into(),
        Coverage::Over { covers, .. } => format!("reissue: {covers} d of coverage left"),
        Coverage::Fine { .. } | Coverage::None => coverage.label(renewable),
    };
    if super::text::width(&long) <= usize::from(width) {
        long.into()
    } else {
        coverage.short(renewable).into()
    }
}

fn copies(row: &Packed) -> String {
    match (row.duplicates, row.reissues) {
        (0, 0) => String::new(),
        (duplicates, 0) => format!("{duplicates}d"),
        (0, reissues) => format!("{reissues}r"),
        (duplicates, reissues) => format!("{duplicates}d {reissues}r"),
    }
}

fn nothing(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let key = |place, action| model.keymap.key_of(&[place], action).unwrap_or_default();
    let (orders, all) = (&model.orders, &model.engine.account);
    let (title, advice) = if all.orders.is_empty() {
        none_at_all(model)
    } else {
        let place = if orders.typing {
            Place::Filter
        } else {
            Place::Everywhere
        };
        let what = if orders.filter_error.is_some() {
            "Invalid filter"
        } else {
            "No orders match the filter"
        };
        (
            format!("{what}: {}", fit(&orders.filter.text(), 200)),
            vec![
                format!("Press {} to clear it.", key(place, Action::Back)),
                String::new(),
                "Words search names, products, organizations, and order or serial numbers.".into(),
                "Terms search one field. Put - in front to exclude matches:".into(),
                "  status:issued  name:*.example.net  product:wildcard  org:\"Two Words\"".into(),
                "  expires<30d  covers>90d  dup>0  is:due  is:waiting  is:marked".into(),
            ],
        )
    };
    empty::draw(&title, &advice, theme, area, buf);
}

/// Why there is no order at all.
pub(super) fn none_at_all(model: &Model) -> (String, Vec<String>) {
    let key = |place, action| model.keymap.key_of(&[place], action).unwrap_or_default();
    let all = &model.engine.account;
    let no_key = model
        .engine
        .account
        .connection
        .as_ref()
        .and_then(|connection| connection.key.as_ref().err());
    if let Some(failure) = no_key {
        (failure.what.clone(), vec![failure.advice.clone()])
    } else {
        match &all.sync {
            SyncState::Failed(failure) => (
                "Could not load orders.".to_string(),
                vec![
                    failure.what.clone(),
                    failure.advice.clone(),
                    String::new(),
                    format!("Press {} to try again.", key(Place::Lists, Action::Refresh)),
                ],
            ),
            SyncState::Done(_) => (
                "This API key can see no orders in the account.".to_string(),
                vec![format!(
                    "Press {} to refresh.",
                    key(Place::Lists, Action::Refresh)
                )],
            ),
            SyncState::Running { .. } => ("Loading orders…".to_string(), Vec::new()),
            SyncState::Never => match model.engine.account.connection {
                None => ("Starting…".to_string(), Vec::new()),
                Some(_) => ("Connecting…".to_string(), Vec::new()),
            },
        }
    }
}
