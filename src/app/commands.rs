//! Whether an action can be done now, and if not, why: for the footer, the palette, and the words when its key is
//! pressed all the same.

use super::bulk_screen::BulkScreen;
use super::domains::Shown;
use super::model::Model;
use super::order::OrderTab;
use super::order_actions;
use super::popups::{self, Command, Popup, drafts, renewing};
use super::remote::Remote;
use crate::app::screen::Screen;
use crate::domain::order::Order;
use crate::domain::product::Product;
use crate::domain::request::Request;
use crate::domain::rules::{duplicate, place, reissue};
use crate::domain::text::{counted, sanitise};
use crate::keys::{self, Action, Footer, Place, TABLE};

/// Why an action cannot be done now; `None` when it can.
pub fn why_not(model: &Model, action: Action) -> Option<String> {
    let offline = || {
        (!model.engine.account.is_connected())
            .then(|| "Not connected: there is no API key.".to_string())
    };
    match action {
        // Each row says by itself what keeps its order from being reissued.
        Action::Reissue if marked_orders(model) > 0 => offline(),
        Action::Duplicate | Action::Reissue | Action::Bulk | Action::Renew => offline()
            .or_else(|| one_at_a_time(model))
            .or_else(|| change(model, action)),
        Action::CopyMenu
        | Action::WriteFile
        | Action::CheckNow
        | Action::DcvMethod
        | Action::NewToken
        | Action::ResendEmails
        | Action::LookUp
            if model.order.is_none() && model.screen == Screen::Domains =>
        {
            offline().or_else(|| order_actions::why_not_of_domains(model, action))
        }
        Action::CopyMenu | Action::WriteFile | Action::Operations if marked_orders(model) > 0 => {
            offline()
        }
        Action::LookUp => order_actions::why_no_look(model),
        Action::NewToken | Action::ResendEmails | Action::SwitchList
            if model.order.is_some() || model.screen != Screen::Domains =>
        {
            Some("This is for the list of domains.".to_string())
        }
        Action::CopyMenu | Action::WriteFile => offline()
            .or_else(|| no_order(model))
            .or_else(|| order_actions::why_no_copy(model, action)),
        Action::Operations => offline().or_else(|| no_order(model)),
        Action::LookServed if model.order.is_none() && model.screen == Screen::Plan => {
            nothing_listed(model)
        }
        Action::LookServed if of_endpoints(model) => model
            .list_is_empty()
            .then(|| "There is no endpoint here.".to_string()),
        Action::LookServed => no_order(model),
        Action::Install => no_command(model)
            .or_else(offline)
            .or_else(|| one_at_a_time(model))
            .or_else(|| no_order(model))
            .or_else(|| order_actions::why_no_copy(model, action)),
        Action::RequestCertificate if of_endpoints(model) => offline().or_else(|| {
            let is_none = model.list_is_empty();
            is_none.then(|| "There is no endpoint here.".to_string())
        }),
        Action::RequestCertificate | Action::AddEndpoints | Action::LoadEndpoints => {
            (!of_endpoints(model)).then(|| "This is for the list of endpoints.".to_string())
        }
        Action::RemoveEndpoints if of_endpoints(model) => model
            .endpoints
            .chosen_added()
            .is_empty()
            .then(|| "Only endpoints that were added here can be removed.".to_string()),
        Action::RemoveEndpoints => Some("This is for the list of endpoints.".to_string()),
        Action::Approve | Action::Reject => offline().or_else(|| {
            let here = order_actions::current_request(model).is_some()
                || marked(model)
                || !order_actions::waiting_on_row(model).is_empty();
            (!here).then(|| nothing_waits(model))
        }),
        Action::WhichRequests => offline().or_else(|| {
            let listed = model.order.is_none() && model.screen == Screen::Requests;
            (!listed).then(|| "This is for the list of requests.".to_string())
        }),
        Action::ForNames | Action::NewOrder => offline(),
        Action::Connect => model
            .engine
            .account
            .connection
            .as_ref()
            .is_some_and(|connection| connection.sandbox)
            .then(|| "The demo has its own account.".to_string()),
        Action::Sort => {
            (model.order.is_some() || model.screen == Screen::Requests || !has_marks(model))
                .then(|| "This is for the lists of orders, domains, and endpoints.".to_string())
        }
        Action::Refresh => model
            .engine
            .account
            .connection
            .is_none()
            .then(|| "Not connected yet.".to_string()),
        Action::MarkAll if model.order.is_none() && has_marks(model) => model
            .list_is_empty()
            .then(|| "There is no row to mark.".to_string()),
        Action::Unmark if model.order.is_none() && has_marks(model) => {
            let is_none = match model.screen {
                Screen::Requests => model.requests.marks.is_empty(),
                Screen::Domains => model.domains.marks.is_empty(),
                Screen::Endpoints => model.endpoints.marks.is_empty(),
                _ => model.orders.marks.is_empty(),
            };
            is_none.then(|| "Nothing is marked.".to_string())
        }
        Action::Mark if model.order.is_none() && has_marks(model) => model
            .list_is_empty()
            .then(|| "There is no row to mark.".to_string()),
        Action::Mark if model.order.is_none() && model.screen == Screen::Requests => {
            let decided = model.selected_request();
            decided
                .filter(|request| !request.status.is_open())
                .map(decided_already)
        }
        Action::Filter | Action::Mark | Action::MarkAll | Action::Unmark => (model.order.is_some()
            || !has_marks(model))
        .then(|| "This is for the lists of orders, requests, domains, and endpoints.".to_string()),
        Action::NextTab | Action::PreviousTab => model
            .order
            .is_none()
            .then(|| "Open an order first.".to_string()),
        Action::CheckNow | Action::CheckName | Action::DcvMethod => offline().or_else(|| {
            if model.order_tab() == OrderTab::Domains {
                return order_actions::why_not_of_name(model, action);
            }
            Some("This is for the Domains tab of an order.".to_string())
        }),
        Action::ShowSent => order_actions::why_not_shown(model),
        Action::Dismiss => order_actions::why_not_dismissed(model),
        Action::ShowDrafts => drafts::begun(&model.engine.drafts)
            .is_empty()
            .then(|| "No unsent drafts.".to_string()),
        Action::Open if model.is_filtering() => {
            let error = model.filter_error()?;
            Some(sanitise(&error.to_string()).into_owned())
        }
        // An order's tab shows all of it; from the Overview Enter goes to the certificates, which is no news.
        Action::Open if model.order.is_none() && model.screen == Screen::Plan => {
            nothing_listed(model)
        }
        Action::Open if model.order.is_none() && model.screen == Screen::Domains => model
            .domains
            .orders_filter(&model.engine.account)
            .is_none()
            .then(|| nothing_to_open(model)),
        Action::NextColumn | Action::PreviousColumn => (model.order.is_some()
            || model.screen != Screen::Plan)
            .then(|| "This is for the plan.".to_string()),
        Action::Open => (model.order.is_none() && model.current_order().is_none())
            .then(|| nothing_to_open(model)),
        Action::ShowWatches => {
            let writes = &model.engine.writes;
            let mut elsewhere = writes.elsewhere.iter();
            // Of what another account got only that is told which is not over.
            let is_told = elsewhere.any(|sent| sent.watch.looks_on());
            (writes.all.is_empty() && !is_told).then(|| {
                let to = if writes.elsewhere.is_empty() {
                    ""
                } else {
                    " to this account"
                };
                format!("Nothing was sent{to} in this session.")
            })
        }
        _ => None,
    }
}

/// Why a key does nothing where the operator is; `None` when it does something.
pub fn why_not_here(model: &Model, action: Action) -> Option<String> {
    if let Some(popup) = model.popups.last() {
        why_not_over(model, popup, action)
    } else if let Some(form) = &model.form {
        form.why_not(action)
    } else if model.bulk_screens.is_open() {
        model.bulk_screens.why_not(action, &model.engine)
    } else {
        why_not(model, action)
    }
}

/// What a key of the footer is called where the operator is: what it does there.
pub fn label(model: &Model, action: Action, label: &'static str) -> &'static str {
    match action {
        Action::WhichRequests => model.requests.next_set_label(),
        Action::LoadFile if edits_rows(model) => "edit list",
        Action::SwitchList if model.domains.shown == Shown::Organizations => "domains",
        Action::Quit if model.order.is_some() => "back",
        Action::NextField if model.popups.is_empty() && model.form.is_none() => {
            match model.bulk_screens.open().filter(|bulk| bulk.asks_path()) {
                Some(_) => "complete",
                None => label,
            }
        }
        Action::Open if model.popups.is_empty() && model.form.is_none() => {
            match model.bulk_screens.open() {
                Some(bulk) if bulk.edits_rows() && !bulk.asks_path() => "edit row",
                Some(bulk) if bulk.place() == Place::Bulk && !bulk.is_naming() => "next field",
                _ => label,
            }
        }
        _ => label,
    }
}

/// Whether a list is on top whose rows have forms of their own.
fn edits_rows(model: &Model) -> bool {
    let is_top = model.popups.is_empty() && model.form.is_none();
    let open = model.bulk_screens.open().filter(|_| is_top);
    open.is_some_and(BulkScreen::edits_rows)
}

/// Why a key of what lies over the screens does nothing now; `None` when it does something.
pub fn why_not_over(model: &Model, popup: &Popup, action: Action) -> Option<String> {
    popups::why_not(popup, action, &model.engine, &model.keymap)
}

/// All commands there are, those of the place below the palette first; what cannot be done there says why.
pub(super) fn commands(model: &Model, below: &[Place]) -> Vec<Command> {
    let others = Place::ALL.iter().filter(|place| !below.contains(place));
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for place in below.iter().chain(others) {
        for (_, binding) in model.keymap.rows(*place) {
            let action = binding.action;
            if seen.contains(&action) || matches!(action, Action::Palette | Action::Back) {
                continue;
            }
            seen.push(action);
            all.push(Command {
                action,
                key: if below.contains(place) {
                    model.keymap.key_of(below, action)
                } else {
                    model.keymap.key_of(&[*place], action)
                },
                help: binding.help,
                why_not: why_not_below(model, below, action),
            });
        }
    }
    // What can be done stands first.
    all.sort_by_key(|command| command.why_not.is_some());
    all
}

/// Why a command cannot be done once the palette is closed.
fn why_not_below(model: &Model, below: &[Place], action: Action) -> Option<String> {
    let here = TABLE
        .iter()
        .any(|binding| binding.action == action && below.contains(&binding.place));
    let (popups, on_screens) = match model.popups.split_last() {
        Some((Popup::Palette(_), rest)) => {
            (rest, model.form.is_none() && !model.bulk_screens.is_open())
        }
        _ => (&model.popups[..], false),
    };
    match popups.last() {
        Some(popup) if here => why_not_over(model, popup, action),
        None if here && !on_screens => None,
        None if on_screens && is_of_screens(action) => why_not(model, action),
        _ => Some(keys::place_of(action)),
    }
}

/// Whether a key of the screens or of everywhere asks for it.
fn is_of_screens(action: Action) -> bool {
    let mut bindings = TABLE.iter().filter(|binding| binding.action == action);
    bindings.any(|binding| {
        Place::SCREENS.contains(&binding.place)
            || matches!(binding.place, Place::Everywhere | Place::Always)
    })
}

/// Why there is nothing under the cursor to open.
fn nothing_to_open(model: &Model) -> String {
    match model.screen {
        Screen::Orders => "There is no order to open.".into(),
        Screen::Requests => match model.selected_request() {
            Some(request) => format!("Request {} names no order.", request.id),
            None => "There is no request to open.".into(),
        },
        Screen::Journal if model.journal.rows.is_empty() => "There is nothing to open.".into(),
        Screen::Domains => "There is no domain to list the orders of.".into(),
        Screen::Endpoints if model.endpoints.is_empty() => "There is no endpoint here.".into(),
        Screen::Endpoints => "No order is known for this endpoint.".into(),
        Screen::Journal | Screen::Plan => "This row names no order.".into(),
    }
}

/// Whether rows of this screen are marked and filtered.
fn has_marks(model: &Model) -> bool {
    match model.screen {
        Screen::Orders | Screen::Requests => true,
        Screen::Domains => model.domains.shown == Shown::Domains,
        Screen::Endpoints => true,
        Screen::Journal | Screen::Plan => false,
    }
}

/// Whether the endpoints have the focus.
fn of_endpoints(model: &Model) -> bool {
    model.order.is_none() && model.screen == Screen::Endpoints
}

/// How many orders are marked, where the list of orders has the focus.
fn marked_orders(model: &Model) -> usize {
    let listed = model.order.is_none() && model.screen == Screen::Orders;
    if listed { model.orders.marks.len() } else { 0 }
}

/// Why a command that is about one order does nothing while several are marked.
fn one_at_a_time(model: &Model) -> Option<String> {
    let marked = marked_orders(model);
    (marked > 0).then(|| {
        let marked = counted(marked, "order is", "orders are");
        let key = model.keymap.key_of(&model.places(), Action::Unmark);
        format!(
            "This is for one order at a time, and {marked} marked: open it, or press {} to unmark.",
            key.unwrap_or_default()
        )
    })
}

/// Whether requests of the list are marked.
fn marked(model: &Model) -> bool {
    let listed = model.order.is_none() && model.screen == Screen::Requests;
    listed
        && !model
            .requests
            .marked(&model.engine.account.requests)
            .is_empty()
}

/// Why nothing can be decided here.
fn nothing_waits(model: &Model) -> String {
    let listed = model.order.is_none() && model.screen == Screen::Requests;
    match model.selected_request().filter(|_| listed) {
        Some(request) => decided_already(request),
        None => "No requests are waiting for a decision here.".to_string(),
    }
}

fn decided_already(request: &Request) -> String {
    let status = request.status.label();
    format!("Request {} is already {status}.", request.id)
}

/// Why there are no orders for the number under the cursor of the plan.
fn nothing_listed(model: &Model) -> Option<String> {
    let filter = model.plan.filter();
    filter
        .is_none()
        .then(|| model.plan.told() + ". There is nothing to list here.")
}

fn no_command(model: &Model) -> Option<String> {
    let command = model.engine.installs.command.as_ref();
    command.is_none().then(|| {
        "No command is set: add [after_issue] with command = [\"/path/to/program\"] to the settings.".to_string()
    })
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
    if let Some(order) = model
        .engine
        .account
        .known
        .get(&id)
        .and_then(|data| data.order.value())
    {
        let known = model.engine.account.products.get(&order.product.name_id);
        return ruling(model, order, known.and_then(Remote::value), action);
    }
    let row = model.engine.account.orders.get(id)?;
    let order = Order::of_row(&row.summary());
    let known = model.engine.account.products.get(&order.product.name_id);
    ruling(model, &order, known.and_then(Remote::value), action)
}

/// What the rules say of it.
fn ruling(
    model: &Model,
    order: &Order,
    product: Option<&Product>,
    action: Action,
) -> Option<String> {
    let today = model.today();
    let ruling = match action {
        Action::Duplicate | Action::Bulk => duplicate::may_duplicate(order, product, today),
        // There first the newer order is offered.
        Action::Renew if renewing::has_newer(&model.engine, order.id) => return None,
        Action::Renew => place::may_renew(order, today),
        _ => reissue::may_reissue(order, today),
    };
    let finding = ruling.blocking().next()?;
    Some(format!("Order {}: {}", order.id, finding.reason))
}

/// What cannot be done with the row under the cursor of the list.
pub(super) fn refused(model: &Model) -> Vec<Action> {
    if model.order.is_some() {
        return Vec::new();
    }
    let places = model.places();
    let bindings = TABLE.iter().filter(|one| places.contains(&one.place));
    let mut refused: Vec<Action> = bindings
        .filter(|one| one.footer != Footer::Quiet && why_not(model, one.action).is_some())
        .map(|one| one.action)
        .collect();
    refused.dedup();
    refused
}
