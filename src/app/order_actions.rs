//! What the keys of an order, a request and a row of the journal are about where the operator is, and why one of them does
//! nothing.

use crate::app::domains::Shown;
use crate::app::engine::Engine;
use crate::app::journal::JournalRow;
use crate::app::model::Model;
use crate::app::names::NameRow;
use crate::app::order::OrderTab;
use crate::app::popups::operations;
use crate::app::screen::Screen;
use crate::app::subject::Subject;
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::operation::Operation;
use crate::domain::text::sanitise;
use crate::keys::Action;

/// Why nothing of what is looked at can be copied or written, where that is known.
pub(in crate::app) fn why_no_copy(model: &Model, action: Action) -> Option<String> {
    let open = model.order.as_ref();
    if action == Action::CopyMenu && open.is_some_and(|open| open.tab == OrderTab::Domains) {
        return why_no_name_copy(model);
    }
    let data = model.engine.account.known.get(&model.current_order()?)?;
    if current_subject(model).is_some() {
        return None;
    }
    if data.order.value().is_none() {
        let loading = data.order.is_loading();
        return loading.then(|| "The order is loading.".to_owned());
    }
    Some({
        if open.is_some_and(|open| open.tab == OrderTab::Certificates) {
            "This certificate is not issued yet.".to_owned()
        } else {
            "This order has no issued certificate yet.".to_owned()
        }
    })
}

/// The certificate under the cursor, or the order's primary. In the list the row itself tells enough.
pub(in crate::app) fn current_subject(model: &Model) -> Option<Subject> {
    let order = model.current_order()?;
    if let Some(open) = &model.order
        && let Some(data) = model.engine.account.known.get(&open.id)
    {
        let all = data.certificates();
        let at = if open.tab == OrderTab::Certificates {
            open.cursor.at
        } else {
            0
        };
        let certificate = all.get(at).filter(|row| row.was_issued())?;
        return model.engine.subject(order, certificate);
    }
    subject_of_order(&model.engine, order)
}

/// The primary certificate of an order, by its info where that is known, else by its row.
pub(in crate::app) fn subject_of_order(engine: &Engine, order: OrderId) -> Option<Subject> {
    if let Some(data) = engine.account.known.get(&order)
        && let Some(info) = data.order.value()
    {
        return Some(&info.certificate)
            .filter(|row| row.was_issued())
            .and_then(|row| engine.subject(order, row));
    }
    let row = engine.account.orders.get(order)?;
    let serial = Some(row.serial().into_owned()).filter(|serial| !serial.is_empty());
    if serial.is_none() && row.valid_till().is_none() {
        return None;
    }
    Some(Subject {
        order,
        certificate: row.certificate()?,
        name: row.title(),
        serial,
        thumbprint: None,
        spki_der: None,
        token: None,
        record: None,
    })
}

/// The requests that wait on the row under the cursor of the list of orders.
pub(in crate::app) fn waiting_on_row(model: &Model) -> Vec<(RequestId, Option<OrderId>)> {
    let order = model
        .current_order()
        .filter(|_| model.order.is_none() && model.screen == Screen::Orders);
    let all = model
        .engine
        .account
        .requests
        .waiting
        .value()
        .into_iter()
        .flatten();
    all.filter(|request| request.status.is_open() && order.is_some() && request.order == order)
        .map(|request| (request.id, request.order))
        .collect()
}

/// The request under the cursor; of an open order the one that waits.
pub(in crate::app) fn current_request(model: &Model) -> Option<(RequestId, Option<OrderId>)> {
    let Some(open) = &model.order else {
        let request = model
            .selected_request()
            .filter(|_| model.screen == Screen::Requests)
            .filter(|request| request.status.is_open())?;
        return Some((request.id, request.order));
    };
    let requests = model.engine.account.known.get(&open.id)?.requests();
    let under = requests
        .get(open.cursor.at)
        .filter(|request| open.tab == OrderTab::Requests && request.status.is_open());
    let waiting = || requests.iter().find(|request| request.status.is_open());
    under
        .or_else(waiting)
        .map(|request| (request.id, Some(open.id)))
}

/// The name under the cursor of the Domains tab.
pub(in crate::app) fn selected_name(model: &Model) -> Option<NameRow> {
    let open = model.order.as_ref();
    let open = open.filter(|open| open.tab == OrderTab::Domains)?;
    let mut rows = model.engine.names_of(open.id).into_iter();
    rows.nth(open.cursor.at)
}

/// Why nothing can be copied of the name under the cursor.
fn why_no_name_copy(model: &Model) -> Option<String> {
    match selected_name(model) {
        Some(row) if row.token.is_some() => None,
        Some(_) => Some("No random value is known for this name.".into()),
        None => Some("There is no name here.".into()),
    }
}

/// Why a key of the tab does nothing for the name under the cursor.
pub(in crate::app) fn why_not_of_name(model: &Model, action: Action) -> Option<String> {
    let Some((operation, order)) = name_operation(model, action) else {
        return Some("There is no name here.".into());
    };
    operations::refusal(&model.engine, &operation, order)
}

/// What a key of the tab asks for.
pub(in crate::app) fn name_operation(
    model: &Model,
    action: Action,
) -> Option<(Operation, OrderId)> {
    let (row, order) = (selected_name(model)?, model.current_order()?);
    let pending = model
        .engine
        .account
        .known
        .get(&order)
        .and_then(|data| data.order.value())
        .is_some_and(|order| order.status.validates_names());
    let domain = row.domain.as_ref().map(|domain| domain.id);
    Some((
        match (action, pending, domain) {
            (Action::CheckNow, true, _) => Operation::CheckNames(None),
            (Action::CheckNow | Action::CheckName, false, Some(domain)) => {
                Operation::Domain(DomainOperation::Check, domain)
            }
            (Action::CheckName, ..) | (Action::CheckNow, false, None) => {
                Operation::CheckNames(Some(row.name))
            }
            (_, _, Some(domain)) => Operation::Domain(DomainOperation::Method, domain),
            (_, _, None) => Operation::NamesMethod,
        },
        order,
    ))
}

/// What a key of the list of domains asks of them.
pub(in crate::app) fn domain_operation(action: Action) -> Option<DomainOperation> {
    Some(match action {
        Action::CheckNow => DomainOperation::Check,
        Action::DcvMethod => DomainOperation::Method,
        Action::NewToken => DomainOperation::Token,
        Action::ResendEmails => DomainOperation::Emails,
        _ => return None,
    })
}

/// Why nothing is looked up outside the account.
fn checks_off(model: &Model) -> Option<String> {
    (!model.engine.outside.checks)
        .then(|| "DNS checks are off in the settings (dns_checks = false).".to_owned())
}

/// Why nothing is looked up for the name under the cursor of the Domains tab.
pub(in crate::app) fn why_no_look(model: &Model) -> Option<String> {
    if model.order_tab() != OrderTab::Domains {
        return Some("This is for the list of domains, and the Domains tab of an order.".into());
    }
    match selected_name(model) {
        Some(row) if row.place.is_some() => checks_off(model),
        Some(_) => Some("Where something has to stand for this name is not known.".into()),
        None => Some("There is no name here.".into()),
    }
}

/// Why a key of the list of domains does nothing.
pub(in crate::app) fn why_not_of_domains(model: &Model, action: Action) -> Option<String> {
    let screen = &model.domains;
    let account = &model.engine.account;
    let chosen = screen.chosen(account);
    if screen.shown == Shown::Organizations {
        return Some("This is for the list of domains.".into());
    }
    if chosen.is_empty() {
        return Some("There is no domain here.".into());
    }
    if action == Action::LookUp {
        return checks_off(model);
    }
    let operation = domain_operation(action)?;
    let whys: Vec<String> = chosen
        .iter()
        .map_while(|id| operations::domains::why_not(&model.engine, operation, *id))
        .collect();
    if whys.len() < chosen.len() {
        return None;
    }
    let name = |id| Some(account.domains.get(id)?.name.clone());
    let (first, why) = (chosen.first().and_then(|id| name(*id)), whys.first()?);
    Some(sanitise(&format!("{}: {why}.", first.unwrap_or_default())).into_owned())
}

pub(in crate::app) fn selected_sent(model: &Model) -> Option<&JournalRow> {
    if model.screen != Screen::Journal || model.order.is_some() {
        return None;
    }
    model.journal.rows.get(model.journal.cursor.at)
}

/// Why the row under the cursor cannot be shown as it was sent.
pub(in crate::app) fn why_not_shown(model: &Model) -> Option<String> {
    selected_sent(model)
        .is_none()
        .then(|| "This is for a row of the journal.".to_owned())
}

/// Why the row under the cursor cannot be set aside.
pub(in crate::app) fn why_not_dismissed(model: &Model) -> Option<String> {
    match selected_sent(model) {
        None => Some("This is for a row of the journal.".into()),
        Some(row) if row.outcome.is_none() || row.waits || !row.problems.is_empty() => None,
        Some(row) if row.install.as_ref().is_some_and(|one| one.is_failure) => None,
        Some(_) => Some(
            "Nothing to dismiss: the outcome is known, nothing is awaited, and nothing differs."
                .into(),
        ),
    }
}
