//! Duplicates: another certificate on the same order, with the same names and another key.
//!
//! Everything equals the original but CSR, end date, platform and hash; a multi-domain order may use another of its names
//! as common name, a wildcard order may add names below its wildcard (page *Duplicate certificate*).

use jiff::civil::Date;

use super::super::coverage::{ATTENTION_DAYS, days_between};
use super::super::csr::Csr;
use super::super::names::{self, NameDiff};
use super::super::order::Order;
use super::super::product::Product;
use super::super::status::OrderStatus;
use super::super::validity::{self, Bounds, Industry, Reason as EndReason};
use super::{FieldId, Reason, Ruling, fields};

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask<'a> {
    pub common_name: &'a str,
    /// The other names; may repeat the common name.
    pub dns_names: &'a [String],
    /// The CSR, once it was read.
    pub csr: Option<&'a Csr>,
    pub hash: &'a str,
    /// Issuing CA, when chosen.
    pub ca_cert_id: Option<&'a str>,
    /// Server platform, when chosen.
    pub platform: Option<i64>,
    /// End date, when chosen.
    pub end: Option<Date>,
}

/// Whether a duplicate of this order may be asked for at all.
pub fn may_duplicate(order: &Order, product: Option<&Product>, today: Date) -> Ruling {
    let mut ruling = Ruling::default();
    match &order.status {
        OrderStatus::Issued => {}
        OrderStatus::ReissuePending => ruling.advise(None, Reason::BesideReissue),
        other => ruling.block(None, Reason::State(other.label().to_owned())),
    }
    if product.and_then(|product| product.duplicates_allowed) == Some(false) {
        let name = order.product.name.clone();
        ruling.block(None, Reason::ProductForbidsDuplicates(name));
    } else if order.allow_duplicates == Some(false) {
        ruling.block(None, Reason::OrderForbidsDuplicates);
    }
    super::reissue::order_time(&mut ruling, order, today);
    ruling
}

/// Everything there is to say about a duplicate: the order and every field.
pub fn check_duplicate(
    order: &Order,
    product: Option<&Product>,
    ask: &Ask<'_>,
    today: Date,
) -> Ruling {
    let mut ruling = may_duplicate(order, product, today);
    check_names(&mut ruling, order, ask);
    let wanted: Vec<String> = names::set(ask.common_name, ask.dns_names)
        .into_iter()
        .collect();
    fields::csr(&mut ruling, ask.csr, order, &wanted);
    fields::hash(&mut ruling, ask.hash, order, product);
    fields::ica(&mut ruling, ask.ca_cert_id, product);
    fields::platform(&mut ruling, ask.platform, order, product);
    check_end(&mut ruling, order, ask.end, today);
    ruling.sorted()
}

/// The common name and other names to begin a form with: the order's, without what the endpoint refuses.
pub fn prefill(order: &Order) -> (String, Vec<String>) {
    let common_name = order.certificate.common_name.clone();
    let mut others = names::without_common_name(&common_name, &order.certificate.dns_names);
    if order.product.name_id == "ssl_ev_plus" {
        // The account adds the bare domain by itself and refuses it when it is sent (riboseinc/digicert 0.4.0).
        let common = names::normalise(&common_name);
        let bare = common.strip_prefix("www.").unwrap_or(&common);
        others.retain(|name| names::normalise(name) != bare);
    }
    (common_name, others)
}

fn check_names(ruling: &mut Ruling, order: &Order, ask: &Ask<'_>) {
    if !order.product.family().is_tls() {
        return;
    }
    let own = names::set(&order.certificate.common_name, &order.certificate.dns_names);
    let common = match names::check(ask.common_name) {
        Ok(name) => name,
        Err(error) => {
            ruling.block(FieldId::CommonName, Reason::Name(error));
            names::normalise(ask.common_name)
        }
    };
    let is_own = common == names::normalise(&order.certificate.common_name);
    let mut common_name_blocked = false;
    if !is_own && !common.is_empty() {
        common_name_blocked = true;
        if !order.product.is_multi_domain() {
            let order = order.certificate.common_name.clone();
            ruling.block(
                FieldId::CommonName,
                Reason::OtherCommonName {
                    name: common.clone(),
                    order,
                },
            );
        } else if !own.contains(&common) {
            ruling.block(
                FieldId::CommonName,
                Reason::CommonNameNotOnOrder(common.clone()),
            );
        } else {
            common_name_blocked = false;
        }
    }
    for name in ask.dns_names {
        if let Err(error) = names::check(name) {
            ruling.block(FieldId::Names, Reason::Name(error));
        }
    }
    let asked = names::set(&common, ask.dns_names);
    let diff = NameDiff::between(&own, &asked);
    let wildcards: Vec<&String> = own.iter().filter(|name| names::is_wildcard(name)).collect();
    for name in diff
        .added
        .into_iter()
        .filter(|name| names::check(name).is_ok())
    {
        if name == common && common_name_blocked {
            continue;
        }
        let below = wildcards
            .iter()
            .any(|wildcard| names::is_subdomain_of_wildcard(wildcard, &name));
        match wildcards.first() {
            Some(_) if below && order.product.is_wildcard() => {}
            Some(_) if below => ruling.advise(FieldId::Names, Reason::MaybeBelowWildcard(name)),
            Some(wildcard) if order.product.is_wildcard() => {
                let wildcard = (*wildcard).clone();
                ruling.block(FieldId::Names, Reason::NotBelowWildcard { name, wildcard });
            }
            _ => ruling.block(FieldId::Names, Reason::NameNotOnOrder(name)),
        }
    }
    // What the form itself leaves out for the account to add is not missing.
    let (_, prefilled) = prefill(order);
    let expected = names::set(&order.certificate.common_name, &prefilled);
    let left_out: Vec<String> = diff
        .dropped
        .into_iter()
        .filter(|name| expected.contains(name))
        .collect();
    if !left_out.is_empty() && !common_name_blocked {
        // Product guide, *Flex certificates*: their duplicates may drop names, and never add any.
        let reason = if order.product.may_drop_names() {
            Reason::NamesDropped(left_out)
        } else {
            Reason::NamesLeftOut(left_out)
        };
        ruling.advise(FieldId::Names, reason);
    }
}

/// The bounds of a duplicate's end, for telling what it will be.
pub fn bounds(order: &Order, today: Date) -> Bounds {
    Bounds {
        today,
        industry: Industry::of(order.product.family()),
        order_end: order.order_valid_till,
        plan_end: None,
        original_end: order.certificate.valid_till,
    }
}

/// A copy of a certificate that ends soon ends as soon; where more can be had, that is worth a word.
fn ends_soon(ruling: &mut Ruling, ends: Date, bounds: Bounds) {
    let days = days_between(bounds.today, ends);
    let free = Bounds {
        original_end: None,
        ..bounds
    };
    let Ok(Some(latest)) = validity::end(None, free) else {
        return;
    };
    if days <= ATTENTION_DAYS && latest.date > ends {
        ruling.advise(
            FieldId::EndDate,
            Reason::EndsSoon {
                ends,
                days,
                latest: latest.date,
            },
        );
    }
}

fn check_end(ruling: &mut Ruling, order: &Order, asked: Option<Date>, today: Date) {
    let bounds = bounds(order, today);
    match validity::end(asked, bounds) {
        Ok(Some(end)) if end.cut_from.is_some() => {
            ruling.advise(FieldId::EndDate, Reason::Cut(end));
        }
        // Shorter than the certificate it copies although nobody asked: the limit moved since.
        Ok(Some(end)) if asked.is_none() && matches!(end.reason, EndReason::Industry { .. }) => {
            if bounds
                .original_end
                .is_some_and(|original| days_between(end.date, original) > 0)
            {
                ruling.advise(FieldId::EndDate, Reason::Cut(end));
            }
        }
        Ok(Some(end)) if asked.is_none() && end.reason == EndReason::OriginalEnd => {
            ends_soon(ruling, end.date, bounds);
        }
        Ok(_) | Err(validity::EndError::Over(_)) => {}
        Err(error) => ruling.block(FieldId::EndDate, Reason::End(error)),
    }
}
