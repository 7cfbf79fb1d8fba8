//! The names of an order: which domain of the account serves each, how the proof of control over it stands, and what
//! has to stand where for it.

use crate::app::account::{Account, OrderData};
use crate::app::writes::names::all_names;
use crate::app::writes::{Watch, Writes};
use crate::domain::dcv::{DcvMethod, Domain, Placement, Proof, placement, serving};
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::Operation;
use crate::domain::write::{WriteId, WriteKind};
use crate::keys::Action;

/// A name of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    pub name: String,
    /// The account's domain that serves it; none serves a name of a DV order.
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
    // An account that does not tell the order's method has the one that was asked for last.
    let answers = || {
        let of_order = watches.iter().filter(|watch| watch.order == Some(id));
        of_order.filter(|watch| watch.outgoing.domain().is_none() && watch.token.is_some())
    };
    let of_order = answers().next();
    let domains = data.domains.value().map(Vec::as_slice).unwrap_or_default();
    let order_method = order.dcv_method.clone();
    let order_method =
        order_method.or_else(|| answers().find_map(|watch| watch.outgoing.dcv_method()));
    let order_method = order_method.as_deref().map(DcvMethod::parse);
    // A DV order proves its names by itself, whatever is proved of the account's domains (*reuse of domain validation*).
    let is_dv = order.product.is_dv();
    // What an answer brought for the order itself counts for every name, as long as they are validated.
    let asked = of_order.filter(|watch| {
        let kind = watch.outgoing.kind;
        let is_names = matches!(kind, WriteKind::NamesMethod | WriteKind::NamesToken);
        is_names && order.status.validates_names()
    });
    // Whether the base domain is what has to show the value is not known before the domains are.
    let waits = data.domains.value().is_none() && data.domains.failure().is_none();
    all_names(data, id, watches)
        .into_iter()
        .map(|name| {
            let domain = serving(domains, &name).filter(|_| !is_dv);
            let is_proved = |own: &Domain, at| matches!(own.proof(at), Proof::Valid(_));
            // For which what the domain itself asks for counts.
            let own = domain.filter(|own| asked.is_none_or(|watch| is_proved(own, watch.sent)));
            let (method, token, place) = match own {
                Some(own) if own.method.is_some() && own.token.is_some() => {
                    (own.method.clone(), own.token.clone(), own.placement())
                }
                _ => {
                    let method = own.and_then(|own| own.method.clone());
                    let method = method.or_else(|| order_method.clone());
                    let token = of_order.and_then(|watch| watch.token.clone());
                    let at = domain.map_or(&name, |domain| &domain.name);
                    let place = method.as_ref().zip(token.as_ref());
                    let place =
                        place.and_then(|(method, token)| placement(method, at, token, None));
                    (method, token, place)
                }
            };
            let domain = domain.cloned();
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

/// The names of an order, as far as it is known.
pub fn of_order(account: &Account, writes: &Writes, id: OrderId) -> Vec<NameRow> {
    let data = account.known.get(&id);
    data.map_or_else(Vec::new, |data| rows(data, id, &writes.all))
}

/// Where the random value belongs that the answer to a write brought.
pub fn answer_of(account: &Account, writes: &Writes, op: &WriteId) -> Option<NameRow> {
    let watch = writes.get(op)?;
    let mut rows = of_order(account, writes, watch.order?).into_iter();
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

impl NameRow {
    /// A domain of the account by itself.
    pub(in crate::app) fn of_domain(domain: &Domain) -> Self {
        Self {
            name: domain.name.clone(),
            domain: Some(domain.clone()),
            checked: None,
            method: domain.method.clone(),
            token: domain.token.clone(),
            place: domain.placement(),
        }
    }
}

/// What may be done about the name under the cursor.
pub fn operations(row: &NameRow) -> Vec<Operation> {
    let mut operations = vec![
        Operation::CheckNames(None),
        Operation::CheckNames(Some(row.name.clone())),
        Operation::NamesMethod,
        Operation::NamesToken,
        Operation::NamesEmails,
    ];
    if let Some(domain) = &row.domain {
        operations.extend([
            Operation::Domain(DomainOperation::Check, domain.id),
            Operation::Domain(DomainOperation::Method, domain.id),
            match domain.method {
                Some(DcvMethod::Email) => Operation::Domain(DomainOperation::Emails, domain.id),
                _ => Operation::Domain(DomainOperation::Token, domain.id),
            },
        ]);
    }
    operations
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
