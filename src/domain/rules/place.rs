//! New orders and renewals of Secure Site products (page *Order Secure Site SSL*): may it be asked, and with what.

use jiff::civil::Date;

use super::super::coverage::{Coverage, coverage};
use super::super::names;
use super::super::order::Order;
use super::super::product::Product;
use super::super::status::OrderStatus;
use super::reissue::Ask;
use super::{FieldId, Reason, Ruling, fields};

/// The products of the group `securesite_ssl_certificate` that this page describes.
pub const PRODUCTS: &[&str] = &[
    "ssl_securesite",
    "ssl_securesite_multi_domain",
    "ssl_securesite_wildcard",
    "ssl_ev_securesite",
    "ssl_ev_securesite_multi_domain",
];

/// Whether orders of a product can be renewed here at all.
pub fn may_be_renewed(name_id: &str) -> bool {
    PRODUCTS.contains(&name_id)
}

/// What a product of [`PRODUCTS`] is called on its page.
pub fn name_of(name_id: &str) -> Option<&'static str> {
    Some(match name_id {
        "ssl_securesite" => "Secure Site SSL",
        "ssl_securesite_multi_domain" => "Secure Site Multi-Domain SSL",
        "ssl_securesite_wildcard" => "Secure Site Wildcard SSL",
        "ssl_ev_securesite" => "Secure Site EV SSL",
        "ssl_ev_securesite_multi_domain" => "Secure Site EV Multi-Domain SSL",
        _ => return None,
    })
}

/// Why a product cannot be ordered here; `None` when it can. `offered` are the products of the account, empty when they
/// are not known.
pub fn not_ordered(name_id: &str, offered: &[Product]) -> Option<String> {
    if !PRODUCTS.contains(&name_id) {
        return Some("only Secure Site SSL products are ordered here: use the console".to_owned());
    }
    let enabled = offered.is_empty()
        || offered
            .iter()
            .any(|product| product.product.name_id == name_id);
    (!enabled).then(|| "not enabled for this account".to_owned())
}

/// Days before the end of an order from which the console offers to renew it.
const RENEWABLE_DAYS: i32 = 90;

/// Whether an order may be renewed.
pub fn may_renew(order: &Order, today: Date) -> Ruling {
    let mut ruling = Ruling::default();
    if !may_be_renewed(&order.product.name_id) {
        let name = order.product.name.clone();
        ruling.block(None, Reason::NotOrderedHere(name));
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
    check_names(&mut ruling, order, ask);
    let wanted: Vec<String> = names::set(ask.common_name, ask.dns_names)
        .into_iter()
        .collect();
    fields::csr(&mut ruling, ask.csr, order, &wanted);
    fields::hash(&mut ruling, ask.hash, order, product);
    fields::ica(&mut ruling, ask.ca_cert_id, product);
    fields::platform(&mut ruling, ask.platform, order, product);
    fields::dcv(&mut ruling, ask.dcv_method, &wanted);
    if ask.skip_approval && !ask.comments.trim().is_empty() {
        ruling.advise(FieldId::Comments, Reason::CommentLost);
    }
    ruling.sorted()
}

fn check_names(ruling: &mut Ruling, order: &Order, ask: &Ask<'_>) {
    let product = &order.product;
    let check = |name: &str| fields::public_name(product, name);
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
    if !product.is_multi_domain() {
        let extra = extra(common, ask.dns_names);
        if !extra.is_empty() {
            let product = product.name.clone();
            let names = extra;
            ruling.advise(FieldId::Names, Reason::ExtraNames { names, product });
        }
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
