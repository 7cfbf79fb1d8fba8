//! The names of an order: which domain of the account serves each, how the proof of control over it stands, and what
//! has to stand where for it.

use crate::app::account::{Account, OrderData};
use crate::app::writes::names::all_names;
use crate::app::writes::{Watch, Writes};
use crate::domain::dcv::{DcvMethod, Domain, Placement, placement, serving};
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::Operation;
use crate::domain::order::Order;
use crate::domain::write::{Stage, WriteId, WriteKind};
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
    let of_order = OfOrder::new(data, order, watches);
    let domains = data.domains.value().map(Vec::as_slice).unwrap_or_default();
    // A DV order proves its names by itself, whatever is proved of the account's domains (*reuse of domain validation*).
    let is_dv = order.product.is_dv();
    // Whether the base domain is what has to show the value is not known before the domains are.
    let waits = !is_dv && data.domains.value().is_none() && data.domains.failure().is_none();
    all_names(data, id, watches)
        .into_iter()
        .map(|name| {
            let domain = serving(domains, &name).filter(|_| !is_dv);
            // For which what the domain itself asks for counts.
            let own = domain.filter(|own| !of_order.counts_for(own, watches));
            let (method, token, place) = match own {
                Some(own) if own.method.is_some() && own.token.is_some() => {
                    (own.method.clone(), own.token.clone(), own.placement())
                }
                _ => {
                    let method = own.and_then(|own| own.method.clone());
                    let method = method.or_else(|| of_order.method.clone());
                    let token = of_order.token().map(str::to_owned);
                    let place = place_of(&name, domain, method.as_ref(), token.as_deref());
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
        .map(|mut row| {
            row.place = row.place.filter(|_| !waits);
            row
        })
        .collect()
}

/// Where an order's own value belongs for a name: under the domain of the account that serves it, unless that proves no names
/// below it.
fn place_of(
    name: &str,
    domain: Option<&Domain>,
    method: Option<&DcvMethod>,
    token: Option<&str>,
) -> Option<Placement> {
    let (method, token) = (method?, token?);
    let domain = domain.filter(|_| method.proves_below());
    placement(
        method,
        domain.map_or(name, |domain| &domain.name),
        token,
        None,
    )
}

/// How the names of an order are proved by the order itself, going by what it says and by the answer to what was asked of it last.
struct OfOrder<'a> {
    method: Option<DcvMethod>,
    /// What brought its random value.
    value: Option<&'a Watch>,
    /// Whether that counts before a domain's own: it was asked for by itself while the names are validated, or came with a
    /// certificate that is waited for.
    is_asked: bool,
}

impl<'a> OfOrder<'a> {
    fn new(data: &OrderData, order: &Order, watches: &'a [Watch]) -> Self {
        let of_order = watches.iter().filter(|watch| watch.order == Some(order.id));
        let mut answers: Vec<&Watch> = of_order
            .filter(|watch| watch.outgoing.domain().is_none() && changes_proof(watch))
            .collect();
        answers.sort_by_key(|watch| std::cmp::Reverse(watch.sent));
        let method_of = |watch: &&Watch| Some((watch.mark, watch.outgoing.dcv_method()?));
        let set = answers.iter().find_map(method_of);
        // What the order said before it was changed is another's method.
        let is_read = |mark| data.order.is_since(mark);
        let told = order.dcv_method.clone();
        let told = told.filter(|_| set.as_ref().is_none_or(|(mark, _)| is_read(*mark)));
        let set = set.map(|(_, method)| method);
        let is_other = told.is_some() && set.is_some() && told != set;
        // An account that does not tell the order's method has the one that was asked for last.
        let method = told.or(set).as_deref().map(DcvMethod::parse);
        let newest = answers.first().copied();
        // One that came with another method than the order has now is of before.
        let is_of_before = |watch: &&Watch| is_other && watch.outgoing.dcv_method().is_some();
        let value = newest.filter(|watch| watch.token.is_some() && !is_of_before(watch));
        let value = value.filter(|_| method != Some(DcvMethod::Email));
        let is_asked = value.is_some_and(|watch| match watch.outgoing.kind {
            WriteKind::NamesMethod | WriteKind::NamesToken => order.status.validates_names(),
            kind => kind.makes_certificate() && watch.stage.is_open(),
        });
        Self {
            method,
            value,
            is_asked,
        }
    }

    fn token(&self) -> Option<&'a str> {
        self.value.and_then(|watch| watch.token.as_deref())
    }

    /// Whether the order's own value is what was asked for last for names that a domain of the account serves.
    fn counts_for(&self, domain: &Domain, watches: &[Watch]) -> bool {
        let Some(value) = self.value.filter(|_| self.is_asked) else {
            return false;
        };
        let is_newer = |watch: &Watch| {
            watch.outgoing.domain() == Some(domain.id)
                && watch.token.is_some()
                && watch.sent > value.sent
        };
        !domain.is_proved(value.sent) && !watches.iter().any(is_newer)
    }
}

/// Whether what was asked of an order changed how its names are proved.
fn changes_proof(watch: &Watch) -> bool {
    let is_over = matches!(watch.stage, Stage::Completed(_));
    watch.token.is_some() || is_over && watch.outgoing.kind == WriteKind::NamesMethod
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
