//! An order: what it is called and how it stands, its tabs, and the tab that is shown.

mod activity;
mod certificates;
mod domains;
mod organization;
mod overview;
mod requests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::product;
use super::text::{put, put_right, width};
use super::theme::Theme;
use super::widgets::{scroll, tabs};
use crate::app::account::OrderData;
use crate::app::cursor::Cursor;
use crate::app::model::Model;
use crate::app::order::OrderTab;
use crate::domain::ids::OrderId;

/// Draws an order: the open one on its tab, another one (beside the list) on its overview.
pub(super) fn draw(model: &Model, id: OrderId, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let open = model.order.as_ref().filter(|open| open.id == id);
    let tab = open.map_or(OrderTab::Overview, |open| open.tab);
    let cursor = open.map_or_else(Cursor::default, |open| open.cursor);
    let nothing = OrderData::default();
    let data = model.engine.account.known.get(&id).unwrap_or(&nothing);
    let line = |y: u16| Rect {
        x: area.x + 1,
        y: area.y + y,
        width: area.width.saturating_sub(2),
        height: 1,
    };
    title(model, id, data, theme, line(0), buf);
    if area.height > 1 {
        tabs::draw(&tab_line(data, tab), theme, line(1), buf);
    }
    let page = text_page(area);
    let body = body(area);
    match tab {
        OrderTab::Certificates => certificates::draw(model, data, cursor, theme, body, buf),
        OrderTab::Requests => requests::draw(model, data, cursor, theme, body, buf),
        OrderTab::Domains => domains::draw(model, id, data, cursor, theme, body, buf),
        OrderTab::Overview | OrderTab::Activity => {
            let text = text(model, id, data, tab, theme, page);
            scroll::show(&text, cursor.at, theme, page, buf);
        }
    }
}

/// Below the title and the tabs.
fn body(area: Rect) -> Rect {
    Rect {
        y: (area.y + 2).min(area.bottom()),
        height: area.height.saturating_sub(2),
        ..area
    }
}

/// Where text stands.
fn text_page(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..body(area)
    }
}

/// The text of a tab that is no list.
fn text(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    tab: OrderTab,
    theme: &Theme,
    page: Rect,
) -> Vec<Line<'static>> {
    let columns = page.width.saturating_sub(1);
    match tab {
        OrderTab::Activity => activity::lines(model, id, data, theme, columns),
        OrderTab::Overview | OrderTab::Certificates | OrderTab::Requests | OrderTab::Domains => {
            overview::lines(model, id, data, theme, columns)
        }
    }
}

/// The first line of the last page of the open order's text, in an area; `None` on a tab that is a list.
pub(super) fn last_top(model: &Model, theme: &Theme, area: Rect) -> Option<usize> {
    let open = model.order.as_ref()?;
    if matches!(
        open.tab,
        OrderTab::Certificates | OrderTab::Requests | OrderTab::Domains
    ) {
        return None;
    }
    let nothing = OrderData::default();
    let data = model.engine.account.known.get(&open.id).unwrap_or(&nothing);
    let page = text_page(area);
    let lines = text(model, open.id, data, open.tab, theme, page).len();
    Some(lines.saturating_sub(usize::from(page.height)))
}

fn title(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let row = model.engine.account.orders.get(id);
    let info = data.order.value();
    let status = info
        .map(|order| &order.status)
        .or_else(|| row.map(|row| row.status()));
    let mut left = area;
    if let Some(status) = status {
        let x = put_right(
            buf,
            left,
            area.y,
            status.label(),
            theme.order_status(status),
        );
        left.width = x.saturating_sub(left.x + 2);
    }
    let name = info
        .map(|order| order.title().to_owned())
        .filter(|name| !name.is_empty())
        .or_else(|| row.map(|row| row.title()))
        .unwrap_or_default();
    let x = put(buf, left, left.x, left.y, &id.to_string(), theme.accent);
    let x = put(buf, left, x + 2, left.y, &name, theme.title);
    let product = info.map(|order| product::name(&order.product));
    if let Some(words) = product
        && usize::from(left.right().saturating_sub(x)) > width(&words) + 3
    {
        put(buf, left, x + 2, left.y, &words, theme.dim);
    }
}

fn tab_line(data: &OrderData, shown: OrderTab) -> Vec<tabs::Tab> {
    let known = data.order.value().is_some();
    OrderTab::ALL
        .iter()
        .map(|tab| tabs::Tab {
            key: String::new(),
            label: tab.label().into(),
            short: match tab {
                OrderTab::Certificates => "Certs",
                other => other.label(),
            },
            note: match tab {
                OrderTab::Certificates if known => data.certificates().len().to_string(),
                OrderTab::Requests if known => match data.requests().len() {
                    0 => String::new(),
                    some => some.to_string(),
                },
                _ => String::new(),
            },
            shown: *tab == shown,
        })
        .collect()
}

/// Why a list of an order has no rows: nothing is known yet, or else what `known` says.
fn none(data: &OrderData, known: &str) -> (String, Vec<String>) {
    let mut words = reading(data).into_iter();
    let title = words.next().unwrap_or_else(|| known.into());
    (title, words.collect())
}

/// What is said while nothing is known.
fn reading(data: &OrderData) -> Vec<String> {
    if let Some(failure) = data.order.failure() {
        return vec![failure.what.clone(), failure.advice.clone()];
    }
    if data.order.is_loading() {
        return vec!["Loading the order…".into()];
    }
    Vec::new()
}
