//! The names that an order is about, and the domains of the account that serve them.

use jiff::Timestamp;

use super::{Watch, Writes};
use crate::app::account::{Account, OrderData};
use crate::app::effect::{Effect, Read};
use crate::domain::dcv::{Domain, serving};
use crate::domain::ids::OrderId;
use crate::domain::names::once;
use crate::domain::order::Order;
use crate::domain::status::CertificateStatus;

/// The names of an order, the common name first; none on products that secure no names.
pub fn names(order: &Order) -> Vec<String> {
    if !order.product.family().is_tls() {
        return Vec::new();
    }
    let certificate = &order.certificate;
    once(std::iter::once(&certificate.common_name).chain(&certificate.dns_names))
}

/// The names that matter to an order: its certificate's, then those that a certificate which is not there yet is to hold
/// besides. What is new is what has to be proved.
pub fn all_names(data: &OrderData, id: OrderId, watches: &[Watch]) -> Vec<String> {
    let Some(order) = data.order.value() else {
        return Vec::new();
    };
    let all = names(order);
    if !order.product.family().is_tls() {
        return all;
    }
    let pending = data
        .certificates()
        .iter()
        .filter(|row| row.status == Some(CertificateStatus::Pending))
        .map(|row| (Some(&row.common_name), &row.dns_names));
    let sent = watches
        .iter()
        .filter(|watch| watch.order == Some(id) && watch.stage.is_open())
        .filter(|watch| watch.outgoing.kind.makes_certificate())
        .filter_map(|watch| watch.outgoing.expected.as_ref())
        .map(|expected| (expected.common_name.as_ref(), &expected.dns_names));
    let more = pending
        .chain(sent)
        .flat_map(|(common, others)| common.into_iter().chain(others));
    once(all.iter().chain(more))
}

/// The names whose proof of control is not current, as far as a domain of the account serves them.
pub fn unproven(order: &Order, domains: &[Domain], now: Timestamp) -> Vec<String> {
    let is_current =
        |name: &String| serving(domains, name).is_none_or(|domain| domain.is_proved(now));
    let mut names = names(order);
    names.retain(|name| !is_current(name));
    // What is proved of a domain counts for no DV order.
    if order.product.is_dv() {
        names.clear();
    }
    names
}

/// Reads the domains of an order whose names are known.
pub(in crate::app) fn read(
    account: &mut Account,
    writes: &Writes,
    id: OrderId,
    anew: bool,
) -> Vec<Effect> {
    let Some(data) = account.known.get(&id) else {
        return Vec::new();
    };
    let names = all_names(data, id, &writes.all);
    let asked = |name| data.domains_asked.contains(name);
    let known = !data.domains.is_missing() && names.iter().all(asked);
    if names.is_empty() || (known && !anew) {
        return Vec::new();
    }
    vec![account.read(Read::Domains(id, names))]
}
