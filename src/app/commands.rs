//! Whether an action can be done now, and if not, why: for the footer, the palette, and the words when its key is
//! pressed all the same.

use super::actions;
use super::drafts;
use super::journal;
use super::model::{Model, Screen};
use super::opening::is_connected;
use super::order::OrderTab;
use super::remote::Remote;
use super::renewing;
use crate::domain::rules::{duplicate, place, reissue};
use crate::domain::status::OrderStatus;
use crate::keys::Action;

/// Why an action cannot be done now; `None` when it can.
pub fn why_not(model: &Model, action: Action) -> Option<String> {
    let offline =
        || (!is_connected(model)).then(|| "Not connected: there is no API key.".to_string());
    match action {
        Action::Duplicate | Action::Reissue | Action::Bulk | Action::Renew => {
            offline().or_else(|| change(model, action))
        }
        Action::CopyMenu | Action::WriteFile | Action::Operations => {
            offline().or_else(|| no_order(model))
        }
        Action::Approve | Action::Reject => offline().or_else(|| {
            let here = actions::current_request(model).is_some() || marked(model);
            (!here).then(|| nothing_waits(model))
        }),
        Action::WhichRequests => offline().or_else(|| {
            let listed = model.order.is_none() && model.screen == Screen::Requests;
            (!listed).then(|| "This is for the list of requests.".to_string())
        }),
        Action::ForNames | Action::NewOrder => offline(),
        Action::Connect => model
            .connection
            .as_ref()
            .is_some_and(|connection| connection.sandbox)
            .then(|| "The demo has an account of its own.".to_string()),
        Action::Sort => (model.order.is_some() || model.screen != Screen::Orders)
            .then(|| "This is for the list of orders.".to_string()),
        Action::Filter | Action::Mark => (model.order.is_some() || model.screen == Screen::Journal)
            .then(|| "This is for the lists of orders and of requests.".to_string()),
        Action::NextTab | Action::PreviousTab => model
            .order
            .is_none()
            .then(|| "Open an order first.".to_string()),
        Action::CheckNow | Action::CheckName | Action::DcvMethod => offline().or_else(|| {
            (model.order_tab() != OrderTab::Domains)
                .then(|| "This is for the Domains tab of an order.".to_string())
        }),
        Action::ShowSent => journal::why_not_shown(model),
        Action::Dismiss => journal::why_not_dismissed(model),
        Action::ShowDrafts => drafts::begun(model)
            .is_empty()
            .then(|| "No form was begun and not sent.".to_string()),
        Action::ShowWatches => model
            .watches
            .is_empty()
            .then(|| "Nothing was sent in this session.".to_string()),
        _ => None,
    }
}

/// Whether requests of the list are marked.
fn marked(model: &Model) -> bool {
    let listed = model.order.is_none() && model.screen == Screen::Requests;
    listed && !model.requests.marked().is_empty()
}

/// Why nothing can be decided here.
fn nothing_waits(model: &Model) -> String {
    let listed = model.order.is_none() && model.screen == Screen::Requests;
    match model.selected_request().filter(|_| listed) {
        Some(request) => format!(
            "Request {} is {} already.",
            request.id,
            request.status.label()
        ),
        None => "No request waits for a decision here.".to_string(),
    }
}

fn no_order(model: &Model) -> Option<String> {
    model
        .current_order()
        .is_none()
        .then(|| "There is no order here.".to_string())
}

/// Whether the order may be duplicated or reissued: by the rules where its info is known, by its row until then.
fn change(model: &Model, action: Action) -> Option<String> {
    let Some(id) = model.current_order() else {
        return Some("There is no order here.".into());
    };
    let today = model.today();
    if let Some(order) = model.known.get(&id).and_then(|data| data.order.value()) {
        let product = model
            .products
            .get(&order.product.name_id)
            .and_then(Remote::value);
        let ruling = match action {
            Action::Duplicate | Action::Bulk => duplicate::may_duplicate(order, product, today),
            Action::Renew if renewing::has_newer(model, id) => return None,
            Action::Renew => place::may_renew(order, today),
            _ => reissue::may_reissue(order, today),
        };
        return ruling
            .blocking()
            .next()
            .map(|finding| format!("Order {id}: {}", finding.reason));
    }
    let row = model.orders.orders.get(id)?;
    match model.orders.orders.status(row) {
        OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired => None,
        status => Some(format!(
            "Order {id} is {}: only issued orders can be duplicated, reissued or renewed.",
            status.label()
        )),
    }
}
