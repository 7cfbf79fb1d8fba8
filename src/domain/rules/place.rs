//! New orders of TLS products (pages *Order OV/EV SSL*, *Order DV SSL*, *Order Private SSL*, and those of single products), and
//! renewals of all whose order pages describe them: may it be asked, and with what.

use jiff::civil::Date;

use super::super::catalogue::Names;
use super::super::coverage::{Coverage, coverage};
use super::super::names;
use super::super::order::Order;
use super::super::product::{Family, Product, ProductRef};
use super::super::status::OrderStatus;
use super::reissue::Ask;
use super::{FieldId, Reason, Ruling, fields};

/// Whether new orders of a product can be placed here.
pub fn is_ordered_here(product: &ProductRef) -> bool {
    product.family().is_tls()
}

/// Whether orders of a product can be renewed here.
pub fn is_renewed_here(product: &ProductRef) -> bool {
    product.is_renewed_by_order()
}

/// Why a product cannot be ordered; `None` when it can. `offered` are the products of the account, empty when they are not
/// known.
pub fn not_ordered(product: &ProductRef, offered: &[Product]) -> Option<Reason> {
    if !is_ordered_here(product) {
        return Some(Reason::NotOrderedHere(product.name.clone()));
    }
    let is_listed = |listed: &Product| listed.product.name_id == product.name_id;
    let enabled = offered.is_empty() || offered.iter().any(is_listed);
    (!enabled).then_some(Reason::NotEnabled)
}

/// Days before the end of an order from which the console offers to renew it.
const RENEWABLE_DAYS: i32 = 90;

/// Whether an order may be renewed.
pub fn may_renew(order: &Order, today: Date) -> Ruling {
    let mut ruling = Ruling::default();
    if !is_renewed_here(&order.product) {
        let name = order.product.name.clone();
        ruling.block(None, Reason::NotRenewedHere(name));
    }
    if order.is_renewed || order.renewed_by.is_some() {
        ruling.block(None, Reason::Renewed(order.renewed_by));
        return ruling;
    }
    match &order.status {
        OrderStatus::Issued | OrderStatus::ReissuePending => {
            let end = order.order_valid_till.or(order.certificate.valid_till);
            let rest = end.map(|end| (end - today).get_days());
            if let Some(rest) = rest.filter(|rest| *rest > RENEWABLE_DAYS) {
                ruling.advise(None, Reason::MaybeTooEarly(rest));
            }
        }
        // Whether an order that has ended can still be renewed is not documented; the account says.
        OrderStatus::Expired => ruling.advise(None, Reason::MaybeTooLate),
        other => ruling.block(None, Reason::State(other.label().to_owned())),
    }
    let covers = match coverage(
        &order.status,
        order.certificate.valid_till,
        order.order_valid_till,
        false,
        today,
    ) {
        Coverage::Reissue { covers_more, .. } | Coverage::Fine { covers_more, .. } => covers_more,
        Coverage::Over { covers, .. } => covers,
        Coverage::Renew { .. } | Coverage::Renewed { .. } | Coverage::None => 0,
    };
    if covers > 0 {
        ruling.advise(None, Reason::OrderCovers(covers));
    }
    ruling
}

/// Everything there is to say about the fields of an order. `order` is the one that is renewed, or an empty one of the
/// product.
pub fn check_order(order: &Order, product: Option<&Product>, ask: &Ask<'_>) -> Ruling {
    let mut ruling = Ruling::default();
    let family = order.product.family();
    if family.is_tls() {
        check_names(&mut ruling, order, product, ask);
    } else {
        check_other_names(&mut ruling, order, ask);
    }
    let wanted: Vec<String> = names::set(ask.common_name, ask.dns_names)
        .into_iter()
        .collect();
    if ask.csr.is_some() || ask.taken.csr {
        fields::csr(&mut ruling, ask.csr, order, &wanted);
    }
    fields::hash(&mut ruling, ask.hash, order, product);
    fields::ica(&mut ruling, ask.ca_cert_id, product);
    if ask.platform.is_some() {
        fields::platform(&mut ruling, ask.platform, order, product);
    }
    fields::dcv(&mut ruling, ask.dcv_method, &wanted);
    if ask.dcv_method.is_none() && product_proves_by_one(order) {
        fields::one_method(&mut ruling, &wanted);
    }
    if ask.skip_approval && !ask.comments.trim().is_empty() {
        ruling.advise(FieldId::Comments, Reason::CommentLost);
    }
    ruling.sorted()
}

/// Whether one method has to do for all names: a DV order has one (page *Order DV SSL*), and reuses no validation.
fn product_proves_by_one(order: &Order) -> bool {
    order.product.validates_domains_alone()
}

/// The names of a mark, and the name of the person or device that a client certificate is for.
fn check_other_names(ruling: &mut Ruling, order: &Order, ask: &Ask<'_>) {
    if ask.taken.common_name && ask.common_name.trim().is_empty() {
        ruling.block(FieldId::CommonName, Reason::Required("the common name"));
    }
    if order.product.family() != Family::VerifiedMark {
        return;
    }
    for name in ask.dns_names {
        if let Err(error) = fields::public_name(&order.product, name) {
            ruling.block(FieldId::Names, Reason::Name(error));
        }
    }
    fields::wildcards(ruling, &order.product, "", ask.dns_names, |_| false);
}

fn check_names(ruling: &mut Ruling, order: &Order, offered: Option<&Product>, ask: &Ask<'_>) {
    let product = &order.product;
    // Names of one's own network are fine below a private root (page *Order Private SSL*).
    let check = |name: &str| match product.family() {
        Family::PrivateTls => names::check(name),
        _ => fields::public_name(product, name),
    };
    let common = ask.common_name.trim();
    if common.is_empty() {
        ruling.block(FieldId::CommonName, Reason::Required("the common name"));
    } else if let Err(error) = check(common) {
        ruling.block(FieldId::CommonName, Reason::Name(error));
    }
    for name in ask.dns_names {
        if let Err(error) = check(name) {
            ruling.block(FieldId::Names, Reason::Name(error));
        }
    }
    if product.is_wildcard() {
        if !common.is_empty() && !names::is_wildcard(&names::normalise(common)) {
            let name = product.name.clone();
            ruling.block(FieldId::CommonName, Reason::WantsWildcard(name));
        }
        return;
    }
    fields::wildcards(ruling, product, common, ask.dns_names, |_| false);
    let names = extra(common, ask.dns_names);
    if names.is_empty() {
        return;
    }
    let name = product.name.clone();
    // What the account says of the product counts before what its name promises (page *Product info*).
    if offered.and_then(|product| product.additional_names) == Some(false) {
        let reason = Reason::NoExtraNames {
            names,
            product: name,
        };
        ruling.block(FieldId::Names, reason);
    } else if product.names() == Names::One {
        let reason = Reason::ExtraNames {
            names,
            product: name,
        };
        ruling.advise(FieldId::Names, reason);
    }
}

/// The names beside the common name that a product for one name does not have for free: `www.` and the name without it
/// go together.
fn extra(common: &str, names: &[String]) -> Vec<String> {
    let common = names::normalise(common);
    let bare = common.strip_prefix("www.").unwrap_or(&common);
    names
        .iter()
        .map(|name| names::normalise(name))
        .filter(|name| name.strip_prefix("www.").unwrap_or(name) != bare)
        .collect()
}
