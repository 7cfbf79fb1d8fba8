//! Reissues: the order's certificate is replaced by one that differs, and what that means for its other certificates.
//!
//! Names, CSR, hash, issuing CA and validity (page *Reissue certificate*); what single families take besides is checked
//! with the drafts.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::coverage::days_between;
use super::super::csr::Csr;
use super::super::names::{self, NameDiff};
use super::super::order::{Certificate, Order};
use super::super::product::{Family, Product};
use super::super::status::OrderStatus;
use super::super::validity::{self, Bounds, Industry};
use super::place::may_renew;
use super::{FieldId, Reason, Ruling, fields};

/// A reissue's validity, in its three forms; a later form overrides an earlier one at the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Years; only 1.
    Years(u32),
    Days(u32),
    /// The last day.
    End(Date),
}

impl Validity {
    /// The last day of a certificate issued on this day.
    pub fn last_day(self, today: Date) -> Date {
        match self {
            // What is longer than a century is no length that anybody asks for, and beyond the calendar in the end.
            Self::Years(years) => today.saturating_add(jiff::Span::new().years(years.min(100))),
            Self::Days(days) => validity::last_of(today, days),
            Self::End(end) => end,
        }
    }
}

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
    pub validity: Option<Validity>,
    /// Domain validation method, when chosen.
    pub dcv_method: Option<&'a str>,
    /// Comments for the approver.
    pub comments: &'a str,
    pub skip_approval: bool,
    /// The result is stored as a duplicate.
    pub store_as_duplicate: bool,
    /// What the product takes.
    pub taken: Taken,
}

/// What a product takes of the fields that not every product takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whether a CSR must be given.
    pub csr: bool,
    /// Whether there is a common name, which must be given then.
    pub common_name: bool,
}

impl Default for Taken {
    /// As TLS products have it.
    fn default() -> Self {
        Self {
            csr: true,
            common_name: true,
        }
    }
}

/// Days before the end of an order from which a renewal is pointed at.
const ORDER_ENDS_SOON: i32 = 14;

/// Whether a reissue of this order may be asked for at all.
pub fn may_reissue(order: &Order, today: Date) -> Ruling {
    let mut ruling = Ruling::default();
    match &order.status {
        OrderStatus::Issued => {}
        OrderStatus::ReissuePending => ruling.block(None, Reason::ReissuePending),
        OrderStatus::Expired => match order.order_valid_till {
            Some(end) if end >= today => ruling.advise(None, Reason::CertificateEnded(end)),
            Some(_) => {}
            None => {
                let state = order.status.label().to_owned();
                ruling.block(None, Reason::State(state));
            }
        },
        other => ruling.block(None, Reason::State(other.label().to_owned())),
    }
    if order.product.family() == Family::Other {
        let name = order.product.name_id.clone();
        ruling.block(None, Reason::ProductUnknown(name));
    }
    order_time(&mut ruling, order, today);
    ruling
}

/// What the order's own end says, for duplicates as well.
pub(super) fn order_time(ruling: &mut Ruling, order: &Order, today: Date) {
    if let Some(end) = order.order_valid_till {
        let renewable = may_renew(order, today).allowed();
        match days_between(today, end) {
            ..0 => ruling.block(None, Reason::OrderEnded { end, renewable }),
            days @ 0..ORDER_ENDS_SOON => {
                ruling.advise(None, Reason::OrderEndsSoon { days, renewable });
            }
            ORDER_ENDS_SOON.. => {}
        }
    }
    if order.is_renewed || order.renewed_by.is_some() {
        ruling.advise(None, Reason::Renewed(order.renewed_by));
    }
}

/// Everything there is to say about a reissue: the order and every field.
pub fn check_reissue(
    order: &Order,
    product: Option<&Product>,
    ask: &Ask<'_>,
    today: Date,
) -> Ruling {
    let mut ruling = may_reissue(order, today);
    check_names(&mut ruling, order, product, ask);
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
    if let Some(validity) = ask.validity {
        check_validity(&mut ruling, order, validity, today);
    }
    fields::dcv(&mut ruling, ask.dcv_method, &wanted);
    if ask.skip_approval && !ask.comments.trim().is_empty() {
        ruling.advise(FieldId::Comments, Reason::CommentLost);
    }
    if ask.store_as_duplicate && order.product.family() != Family::PublicTls {
        ruling.block(FieldId::StoreAsDuplicate, Reason::CannotStore);
    }
    ruling.sorted()
}

fn check_names(ruling: &mut Ruling, order: &Order, product: Option<&Product>, ask: &Ask<'_>) {
    let family = order.product.family();
    let own = secured(
        family,
        &order.certificate.common_name,
        &order.certificate.dns_names,
    );
    // A name that the order has was good enough for the account once.
    let check = |name: &str| {
        if family == Family::PrivateTls || own.contains(&names::normalise(name)) {
            names::check(name)
        } else {
            fields::public_name(&order.product, name)
        }
    };
    match ask.common_name.trim() {
        _ if !ask.taken.common_name => {}
        "" => ruling.block(FieldId::CommonName, Reason::Required("the common name")),
        name => {
            // Elsewhere it is the name of a person or an organisation.
            if family.is_tls()
                && let Err(error) = check(name)
            {
                ruling.block(FieldId::CommonName, Reason::Name(error));
            }
        }
    }
    if !has_names(family) {
        return;
    }
    for name in ask.dns_names {
        if let Err(error) = check(name) {
            ruling.block(FieldId::Names, Reason::Name(error));
        }
    }
    let common = if family.is_tls() { ask.common_name } else { "" };
    fields::wildcards(ruling, &order.product, common, ask.dns_names, |name| {
        own.contains(name)
    });
    let added = difference(order, ask.common_name, ask.dns_names).added;
    if added.is_empty() {
        return;
    }
    if product.and_then(|product| product.additional_names) == Some(false)
        && added.len() > room(order, ask)
    {
        let product = order.product.name.clone();
        ruling.block(
            FieldId::Names,
            Reason::NoExtraNames {
                names: added,
                product,
            },
        );
    } else {
        ruling.advise(FieldId::Names, Reason::NamesAdded(added));
    }
}

/// On a product without extra names the names may still be exchanged: as many new ones as old ones go.
fn room(order: &Order, ask: &Ask<'_>) -> usize {
    difference(order, ask.common_name, ask.dns_names)
        .dropped
        .len()
}

/// Whether the product secures DNS names.
fn has_names(family: Family) -> bool {
    family.is_tls() || family == Family::VerifiedMark
}

/// The DNS names that a certificate of this family holds. The common name of others than TLS is no DNS name.
fn secured(family: Family, common_name: &str, dns_names: &[String]) -> BTreeSet<String> {
    match family {
        _ if family.is_tls() => names::set(common_name, dns_names),
        Family::VerifiedMark => names::set("", dns_names),
        _ => BTreeSet::new(),
    }
}

/// What becomes of the order's names.
pub fn difference(order: &Order, common_name: &str, dns_names: &[String]) -> NameDiff {
    let family = order.product.family();
    let now = &order.certificate;
    let before = secured(family, &now.common_name, &now.dns_names);
    NameDiff::between(&before, &secured(family, common_name, dns_names))
}

/// The bounds of a reissued certificate's end, for telling what it will be.
pub fn bounds(order: &Order, today: Date) -> Bounds {
    Bounds {
        today,
        industry: Industry::of(order.product.family()),
        order_end: order.order_valid_till.filter(|_| !order.is_plan),
        plan_end: order.order_valid_till.filter(|_| order.is_plan),
        original_end: None,
    }
}

fn check_validity(ruling: &mut Ruling, order: &Order, validity: Validity, today: Date) {
    if !order.is_plan {
        ruling.advise(FieldId::Validity, Reason::NotAPlan);
        return;
    }
    let bounds = bounds(order, today);
    let asked = match validity {
        Validity::Years(1) => today.saturating_add(jiff::Span::new().years(1)),
        Validity::Years(years) => return ruling.block(FieldId::Validity, Reason::Years(years)),
        Validity::Days(0) => return ruling.block(FieldId::Validity, Reason::NoDays),
        Validity::Days(days) => {
            let most = bounds.industry.and_then(|of| Some((of, of.days(today)?)));
            if let Some((of, limit)) = most.filter(|(_, limit)| days > *limit) {
                return ruling.advise(FieldId::Validity, Reason::Days { days, limit, of });
            }
            validity::last_of(today, days)
        }
        Validity::End(date) => date,
    };
    match validity::end(Some(asked), bounds) {
        Ok(Some(end)) if end.cut_from.is_some() => {
            ruling.advise(FieldId::Validity, Reason::Cut(end));
        }
        // That the order is over was said of the order.
        Ok(_) | Err(validity::EndError::Over(_)) => {}
        Err(error) => ruling.block(FieldId::Validity, Reason::End(error)),
    }
}

/// A certificate of the order that carries names which the reissue drops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// `primary`, `duplicate 001`.
    pub what: String,
    /// Its serial number, once issued.
    pub serial: Option<String>,
    /// The dropped names it carries.
    pub names: Vec<String>,
}

/// What a reissue does to the order's certificates, as far as anyone can know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What becomes of the names.
    pub names: NameDiff,
    /// Living certificates that carry dropped names.
    pub touched: Vec<Touched>,
    /// Sentences for the review.
    pub sentences: Vec<String>,
    /// Whether sending asks for the order number to be typed.
    pub dangerous: bool,
}

/// What a reissue with these names does. `others` are the order's duplicates and reissues as listed (the primary may be
/// among them); the order's own certificate is counted too.
pub fn effect(
    order: &Order,
    others: &[Certificate],
    common_name: &str,
    dns_names: &[String],
    store_as_duplicate: bool,
    today: Date,
) -> Effect {
    let names = difference(order, common_name, dns_names);
    // A duplicate of a wildcard order may carry names below the wildcard that the order itself does not list.
    let is_lost = |name: &String| {
        let below = |wildcard: &String| names::is_subdomain_of_wildcard(wildcard, name);
        names.dropped.contains(name) || names.dropped.iter().any(below)
    };
    let mut touched: Vec<Touched> = Vec::new();
    let mut seen: Vec<&Certificate> = Vec::new();
    for certificate in std::iter::once(&order.certificate).chain(others) {
        let again = |known: &&&Certificate| {
            (known.id.is_some() && known.id == certificate.id)
                || (known.serial.is_some() && known.serial == certificate.serial)
        };
        if !is_alive(certificate, today) || seen.iter().any(|known| again(&known)) {
            continue;
        }
        seen.push(certificate);
        let family = order.product.family();
        let lost: Vec<String> = secured(family, &certificate.common_name, &certificate.dns_names)
            .into_iter()
            .filter(|name| is_lost(name))
            .collect();
        if !lost.is_empty() {
            touched.push(Touched {
                what: certificate.role.label(),
                serial: certificate.serial.clone(),
                names: lost,
            });
        }
    }
    let dropping = !names.dropped.is_empty();
    let living: Vec<String> = seen.iter().map(|one| called(one)).collect();
    let sentences = sentences(
        &names,
        &touched,
        &living,
        order.product.family(),
        store_as_duplicate,
    );
    Effect {
        dangerous: dropping && !store_as_duplicate,
        names,
        touched,
        sentences,
    }
}

/// Role and serial number.
fn called(certificate: &Certificate) -> String {
    let role = certificate.role.label();
    match &certificate.serial {
        Some(serial) => format!("{role} (serial {serial})"),
        None => role,
    }
}

fn is_alive(certificate: &Certificate, today: Date) -> bool {
    let ended = certificate.valid_till.is_some_and(|end| end < today);
    let dead = certificate
        .status
        .as_ref()
        .is_some_and(|status| !status.is_issued());
    !ended && !dead
}

/// What is said of other certificates. What a TLS reissue revokes is documented (product guide, *Reissue certificates*), and
/// that a duplicate never revokes anything as well (page *Request duplicate certificates*); of other products it is not.
fn sentences(
    names: &NameDiff,
    touched: &[Touched],
    living: &[String],
    family: Family,
    store_as_duplicate: bool,
) -> Vec<String> {
    let mut sentences = Vec::new();
    if store_as_duplicate {
        sentences.push("The new certificate is added next to the others as a duplicate; the option's name says that \
            the primary stays, the documentation does not.".to_owned());
    } else {
        sentences.push(
            "The new certificate becomes the order's primary certificate. The order number stays."
                .to_owned(),
        );
    }
    if !names.dropped.is_empty() {
        let all = names.dropped.join(", ");
        sentences.push(format!(
            "Removed from the order: {all}. The new certificate does not secure them."
        ));
    }
    for certificate in touched {
        let serial = certificate
            .serial
            .as_ref()
            .map_or(String::new(), |serial| format!(" (serial {serial})"));
        let all = certificate.names.join(", ");
        sentences.push(format!("The {}{serial} contains {all}.", certificate.what));
    }
    match (names.dropped.is_empty(), store_as_duplicate) {
        (true, true) => {}
        (true, false) if family.is_tls() => sentences.push(
            "No name is removed, so nothing is revoked: only removing or changing names does that (product guide, \
                Reissue certificates).".to_owned(),
        ),
        (true, false) => {
            let kept = if has_names(family) {
                "No name is removed. "
            } else {
                ""
            };
            sentences.push(format!(
                "{kept}The documentation does not say that the replaced certificate is revoked, nor that it is kept: install the new one soon."
            ));
        }
        (false, true) => sentences.push(
            "A duplicate never makes DigiCert revoke other certificates (page Request duplicate certificates).".to_owned(),
        ),
        (false, false) if family.is_tls() => {
            sentences.push("Names are removed or changed, so DigiCert revokes the order's certificate and all its \
                reissues and duplicates within 72 hours after the new one is issued (product guide, Reissue \
                certificates): install replacements before you send this.".to_owned());
            if !living.is_empty() {
                sentences.push(format!("Revoked then: {}.", living.join(", ")));
            }
        }
        (false, false) => sentences.push(
            "The CA may revoke certificates that contain removed names. Whether and when is not documented for this \
                product: install replacements before you send this.".to_owned(),
        ),
    }
    sentences
}
