//! Whether an action can be done now, and if not, why: for the footer, the palette, and the words when its key is
//! pressed all the same.

use super::actions;
use super::model::{Model, Screen};
use super::opening::is_connected;
use crate::domain::status::OrderStatus;
use crate::keys::Action;

/// Why an action cannot be done now; `None` when it can.
pub fn why_not(model: &Model, action: Action) -> Option<String> {
    let offline =
        || (!is_connected(model)).then(|| "Not connected: there is no API key.".to_string());
    match action {
        Action::Refresh => offline(),
        Action::Duplicate | Action::Reissue => offline().or_else(|| change(model, action)),
        Action::CopyMenu | Action::WriteFile => offline().or_else(|| no_order(model)),
        Action::Approve | Action::Reject => offline().or_else(|| {
            actions::current_request(model)
                .is_none()
                .then(|| "No request waits for a decision here.".to_string())
        }),
        Action::Sort | Action::Filter | Action::Mark => (model.order.is_some()
            || model.screen != Screen::Orders)
            .then(|| "This is for the list of orders.".to_string()),
        Action::NextTab | Action::PreviousTab => model
            .order
            .is_none()
            .then(|| "Open an order first.".to_string()),
        Action::ShowWatches => model
            .watches
            .is_empty()
            .then(|| "Nothing was sent in this session.".to_string()),
        _ => None,
    }
}

fn no_order(model: &Model) -> Option<String> {
    model
        .current_order()
        .is_none()
        .then(|| "There is no order here.".to_string())
}

/// Whether the order may be duplicated or reissued, as far as its row and its info tell.
fn change(model: &Model, action: Action) -> Option<String> {
    let Some(id) = model.current_order() else {
        return Some("There is no order here.".into());
    };
    let info = model.known.get(&id).and_then(|data| data.order.value());
    let row = model.orders.orders.get(id);
    let status = info
        .map(|order| &order.status)
        .or_else(|| row.map(|row| model.orders.orders.status(row)))?;
    match (action, status) {
        (_, OrderStatus::Issued) => {}
        (Action::Reissue, OrderStatus::ReissuePending) => {
            return Some(format!(
                "Order {id} has a reissue under way: wait for it, or reject its request first."
            ));
        }
        (Action::Duplicate, OrderStatus::ReissuePending) => {}
        (_, status) => {
            return Some(format!(
                "Order {id} is {}: only issued orders can be duplicated or reissued.",
                status.label()
            ));
        }
    }
    if action == Action::Duplicate
        && info.is_some_and(|order| order.allow_duplicates == Some(false))
    {
        return Some(format!(
            "Order {id} does not allow duplicates; r reissues it, and can store the reissue as a duplicate."
        ));
    }
    None
}
