//! The names of an order: which domain of the account serves each, how the proof of control over it stands, and what
//! has to stand where for it.

use crate::app::account::OrderData;
use crate::app::actions::one_line;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::order::OrderTab;
use crate::app::picker::Picker;
use crate::app::popup::Popup;
use crate::app::writes::Watch;
use crate::app::writes::names::{all_names, read};
use crate::domain::copyable;
use crate::domain::dcv::{DcvMethod, Domain, Placement, Proof, placement, serving};
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::Operation;
use crate::domain::status::OrderStatus;
use crate::keys::Action;

/// A name of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    pub name: String,
    /// The account's domain that serves it.
    pub domain: Option<Domain>,
    /// What the last check of it found, as told.
    pub checked: Option<String>,
    /// How control is to be proved: the domain's own way, else the order's.
    pub method: Option<DcvMethod>,
    pub token: Option<String>,
    /// What has to stand where.
    pub place: Option<Placement>,
}

/// The rows of the tab. `watches` are those of the desk: an answer may have brought a random value.
pub fn rows(data: &OrderData, id: OrderId, watches: &[Watch]) -> Vec<NameRow> {
    let Some(order) = data.order.value() else {
        return Vec::new();
    };
    let of_order = watches
        .iter()
        .filter(|watch| watch.order == Some(id))
        .filter(|watch| !matches!(watch.outgoing.path.split('/').nth(1), Some("domain")))
        .find_map(|watch| watch.token.clone());
    let domains = data.domains.value().map(Vec::as_slice).unwrap_or_default();
    let order_method = order.dcv_method.as_deref().map(DcvMethod::parse);
    // Whether the base domain is what has to show the value is not known before the domains are.
    let waits = data.domains.value().is_none() && data.domains.failure().is_none();
    all_names(data, id, watches)
        .into_iter()
        .map(|name| {
            let domain = serving(domains, &name).cloned();
            let own = domain
                .as_ref()
                .and_then(|domain| Some((domain.method.clone()?, domain.token.clone()?)));
            let (method, token, place) =
                if let (Some((method, token)), Some(domain)) = (own, &domain) {
                    let url = domain.file_url.as_deref();
                    let place = placement(&method, &domain.name, &token, url);
                    (Some(method), Some(token), place)
                } else {
                    let method = domain
                        .as_ref()
                        .and_then(|domain| domain.method.clone())
                        .or_else(|| order_method.clone());
                    let place = method
                        .as_ref()
                        .zip(of_order.as_ref())
                        .and_then(|(method, token)| placement(method, &name, token, None));
                    (method, of_order.clone(), place)
                };
            let checked = data
                .checked
                .iter()
                .find(|(checked, _)| same(checked, &name))
                .map(|(_, status)| status.clone());
            NameRow {
                name,
                domain,
                checked,
                method,
                token,
                place,
            }
        })
        .map(|row| answered(row, id, watches))
        .map(|mut row| {
            row.place = row.place.filter(|_| !waits);
            row
        })
        .collect()
}

/// Where the random value belongs that the answer to a write brought, by its place among the watches.
pub(in crate::app) fn answer_of(model: &Model, at: usize) -> Option<NameRow> {
    let watch = model.engine.writes.all.get(at)?;
    let id = watch.order?;
    let mut rows = rows(
        model.engine.account.known.get(&id)?,
        id,
        &model.engine.writes.all,
    )
    .into_iter();
    rows.find(|row| row.place.is_some() && row.token.is_some() && row.token == watch.token)
}

/// What the answer to a write brought serves every name that is validated with the order, as long as that write waits:
/// the account's own value for the domain is not what it looks for then.
fn answered(mut row: NameRow, id: OrderId, watches: &[Watch]) -> NameRow {
    let waits = |watch: &&Watch| {
        watch.order == Some(id) && watch.stage.is_open() && watch.outgoing.kind.makes_certificate()
    };
    let Some(watch) = watches.iter().find(waits) else {
        return row;
    };
    let (Some(token), Some(method)) = (&watch.token, watch.outgoing.dcv_method()) else {
        return row;
    };
    let domain = row.domain.as_ref();
    if domain.is_some_and(|domain| matches!(domain.proof(watch.sent), Proof::Valid(_))) {
        return row;
    }
    let method = DcvMethod::parse(&method);
    let at = domain.map_or(&row.name, |domain| &domain.name);
    row.place = placement(&method, at, token, None);
    row.method = Some(method);
    row.token = Some(token.clone());
    row
}

/// The name under the cursor of the Domains tab.
pub(in crate::app) fn selected(model: &Model) -> Option<NameRow> {
    let open = model.order.as_ref()?;
    if open.tab != OrderTab::Domains {
        return None;
    }
    let data = model.engine.account.known.get(&open.id)?;
    rows(data, open.id, &model.engine.writes.all)
        .into_iter()
        .nth(open.cursor.at)
}

/// How the proof of control over a name of an order stands, where the order is known.
pub(in crate::app) fn proof_of(model: &Model, order: OrderId, name: &str) -> Option<NameRow> {
    let rows = rows(
        model.engine.account.known.get(&order)?,
        order,
        &model.engine.writes.all,
    );
    rows.into_iter().find(|row| same(&row.name, name))
}

/// What may be done about the name under the cursor.
pub(in crate::app) fn operations(row: &NameRow) -> Vec<Operation> {
    let mut operations = vec![
        Operation::CheckNames(None),
        Operation::CheckNames(Some(row.name.clone())),
        Operation::NamesMethod,
        Operation::NamesToken,
        Operation::NamesEmails,
    ];
    if let Some(domain) = &row.domain {
        operations.extend([
            Operation::CheckDomain(domain.id),
            Operation::DomainMethod(domain.id),
            match domain.method {
                Some(DcvMethod::Email) => Operation::DomainEmails(domain.id),
                _ => Operation::DomainToken(domain.id),
            },
        ]);
    }
    operations
}

/// Reads them when their tab is what is looked at.
pub(in crate::app) fn read_shown(model: &mut Model, anew: bool) -> Vec<Effect> {
    match &model.order {
        Some(open) if open.tab == OrderTab::Domains => {
            let id = open.id;
            read(&mut model.engine.account, &model.engine.writes, id, anew)
        }
        _ => Vec::new(),
    }
}

/// Opens what can be copied of the name under the cursor.
pub(in crate::app) fn open_copy(model: &mut Model) {
    if let Some(row) = selected(model) {
        model
            .popups
            .push(Popup::Record(Box::new(row), Picker::default()));
    }
}

/// Why nothing can be copied of the name under the cursor.
pub(in crate::app) fn why_no_copy(model: &Model) -> Option<String> {
    match selected(model) {
        Some(row) if row.token.is_some() => None,
        Some(_) => Some("No random value is known for this name.".into()),
        None => Some("There is no name here.".into()),
    }
}

/// What a key of that menu copies, and what it is called; `None` where it is not known.
pub fn part(row: &NameRow, action: Action) -> Option<(String, &'static str)> {
    let place = row.place.as_ref();
    match (action, place) {
        (Action::CopyToken, _) => Some((row.token.clone()?, "random value")),
        (Action::CopyRecordName, Some(Placement::Record { name, .. })) => {
            Some((name.clone(), "record name"))
        }
        (Action::CopyRecordName, Some(Placement::File { url, .. })) => {
            Some((url.clone(), "file URL"))
        }
        (Action::CopyRecordValue, Some(Placement::Record { value, .. })) => {
            Some((value.clone(), "record value"))
        }
        (Action::CopyRecordValue, Some(Placement::File { content, .. })) => {
            Some((content.clone(), "file content"))
        }
        (Action::CopyRecord, Some(Placement::File { .. })) => Some((place?.line(), "URL, content")),
        (Action::CopyRecord, Some(Placement::Record { .. })) => {
            Some((place?.line(), "whole record"))
        }
        _ => None,
    }
}

/// The lines of that menu, each with what it is called: the record's value has none of its own where it is the random
/// value.
pub fn parts(row: &NameRow) -> Vec<(Action, Option<(String, &'static str)>)> {
    let value = part(row, Action::CopyRecordValue);
    let own = value.is_none_or(|(value, _)| row.token.as_ref() != Some(&value));
    [
        Action::CopyToken,
        Action::CopyRecordName,
        Action::CopyRecordValue,
        Action::CopyRecord,
    ]
    .into_iter()
    .filter(|action| own || *action != Action::CopyRecordValue)
    .map(|action| (action, part(row, action)))
    .collect()
}

/// Keys in the menu of what can be copied of a name.
pub(in crate::app) fn copy(model: &mut Model, action: Action, row: &NameRow) -> Vec<Effect> {
    if action == Action::Back {
        model.popups.pop();
        return Vec::new();
    }
    let Some((text, part)) = part(row, action) else {
        crate::app::actions::tell_why_not(model, action);
        return Vec::new();
    };
    model.popups.pop();
    let what = format!("{part} of {}", crate::domain::text::sanitise(&row.name));
    one_line(model, copyable::line(&text), what)
}

/// The keys of the tab: check now, all that waits or one name, and change the method.
pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match asked(model, action) {
        Some((operation, order)) => super::ask(model, operation, order, None),
        None => Vec::new(),
    }
}

/// Why a key of the tab does nothing for the name under the cursor.
pub(in crate::app) fn why_not(model: &Model, action: Action) -> Option<String> {
    let Some((operation, order)) = asked(model, action) else {
        return Some("There is no name here.".into());
    };
    super::refusal(model, &operation, order)
}

/// What a key of the tab asks for.
fn asked(model: &Model, action: Action) -> Option<(Operation, OrderId)> {
    let (row, order) = (selected(model)?, model.current_order()?);
    let pending = model
        .engine
        .account
        .known
        .get(&order)
        .and_then(|data| data.order.value())
        .is_some_and(|order| {
            matches!(
                order.status,
                OrderStatus::Pending | OrderStatus::ReissuePending
            )
        });
    let domain = row.domain.as_ref().map(|domain| domain.id);
    Some((
        match (action, pending, domain) {
            (Action::CheckNow, true, _) => Operation::CheckNames(None),
            (Action::CheckNow | Action::CheckName, false, Some(domain)) => {
                Operation::CheckDomain(domain)
            }
            (Action::CheckName, ..) | (Action::CheckNow, false, None) => {
                Operation::CheckNames(Some(row.name))
            }
            (_, _, Some(domain)) => Operation::DomainMethod(domain),
            (_, _, None) => Operation::NamesMethod,
        },
        order,
    ))
}
