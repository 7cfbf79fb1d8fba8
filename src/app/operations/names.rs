//! The names of an order: which domain of the account serves each, how the proof of control over it stands, and what
//! has to stand where for it.

use crate::app::effect::{Effect, Read};
use crate::app::model::{Model, Tone};
use crate::app::order::{OrderData, OrderTab};
use crate::app::remote::Remote;
use crate::app::watch::Watch;
use crate::domain::dcv::{DcvMethod, Domain, Placement, placement, serving};
use crate::domain::ids::OrderId;
use crate::domain::operation::Operation;
use crate::domain::order::Order;
use crate::domain::status::OrderStatus;
use crate::keys::Action;

/// A name of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    /// The name.
    pub name: String,
    /// The account's domain that serves it.
    pub domain: Option<Domain>,
    /// What the last check of it found, as told.
    pub checked: Option<String>,
    /// How control is to be proved: the domain's own way, else the order's.
    pub method: Option<DcvMethod>,
    /// The random value.
    pub token: Option<String>,
    /// What has to stand where.
    pub place: Option<Placement>,
}

/// The names of an order, the common name first; none on products that secure no names.
pub fn names(order: &Order) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if !order.product.family().is_tls() {
        return names;
    }
    let certificate = &order.certificate;
    for name in std::iter::once(&certificate.common_name).chain(&certificate.dns_names) {
        if !name.is_empty() && !names.iter().any(|have| have.eq_ignore_ascii_case(name)) {
            names.push(name.clone());
        }
    }
    names
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
    names(order)
        .into_iter()
        .map(|name| {
            let domain = serving(domains, &name).cloned();
            let own = domain
                .as_ref()
                .and_then(|domain| Some((domain.method.clone()?, domain.token.clone()?)));
            let (method, token, place) =
                if let (Some((method, token)), Some(domain)) = (own, &domain) {
                    let verification = domain.verification.as_deref();
                    let place = placement(&method, &domain.name, &token, verification);
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
                .find(|(checked, _)| checked.eq_ignore_ascii_case(&name))
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
        .collect()
}

/// The name under the cursor of the Domains tab.
pub(in crate::app) fn selected(model: &Model) -> Option<NameRow> {
    let open = model.order.as_ref()?;
    if open.tab != OrderTab::Domains {
        return None;
    }
    let data = model.known.get(&open.id)?;
    rows(data, open.id, &model.watches)
        .into_iter()
        .nth(open.cursor.at)
}

/// The random value of a name, where it is known.
pub(in crate::app) fn token_of(model: &Model, order: OrderId, name: &str) -> Option<String> {
    let rows = rows(model.known.get(&order)?, order, &model.watches);
    rows.into_iter().find(|row| row.name == name)?.token
}

/// What may be done about the name under the cursor.
pub(in crate::app) fn operations(row: &NameRow) -> Vec<Operation> {
    let mut operations = vec![
        Operation::CheckNames(None),
        Operation::CheckNames(Some(row.name.clone())),
        Operation::NamesMethod,
    ];
    if let Some(domain) = &row.domain {
        operations.extend([
            Operation::CheckDomain(domain.id),
            Operation::DomainMethod(domain.id),
            Operation::DomainToken(domain.id),
        ]);
    }
    operations
}

/// Reads the domains of an order whose names are known.
pub(in crate::app) fn read(model: &mut Model, id: OrderId, anew: bool) -> Vec<Effect> {
    let Some(data) = model.known.get(&id) else {
        return Vec::new();
    };
    let known = !matches!(data.domains, Remote::Idle | Remote::Failed { .. });
    let names = data.order.value().map(names).unwrap_or_default();
    if names.is_empty() || (known && !anew) {
        return Vec::new();
    }
    vec![model.read(Read::Domains(id, names))]
}

/// Reads them when their tab is what is looked at.
pub(in crate::app) fn read_shown(model: &mut Model, anew: bool) -> Vec<Effect> {
    match &model.order {
        Some(open) if open.tab == OrderTab::Domains => {
            let id = open.id;
            read(model, id, anew)
        }
        _ => Vec::new(),
    }
}

/// The keys of the tab: check now, change the method, copy the random value.
pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let (Some(row), Some(order)) = (selected(model), model.current_order()) else {
        model.tell(Tone::Warn, "There is no name here.");
        return Vec::new();
    };
    if action == Action::CopyToken {
        let Some(text) = row.token else {
            model.tell(Tone::Warn, "No random value is known for this name.");
            return Vec::new();
        };
        let what = format!(
            "random value of {}",
            crate::domain::text::sanitise(&row.name)
        );
        return vec![Effect::Copy {
            text,
            what,
            force: false,
        }];
    }
    let pending = model
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
    let operation = match (action, pending, domain) {
        (Action::CheckNow, true, _) => Operation::CheckNames(None),
        (Action::CheckNow, false, Some(domain)) => Operation::CheckDomain(domain),
        (Action::CheckNow, false, None) => Operation::CheckNames(Some(row.name)),
        (_, _, Some(domain)) => Operation::DomainMethod(domain),
        (_, _, None) => Operation::NamesMethod,
    };
    super::ask(model, operation, order);
    Vec::new()
}
