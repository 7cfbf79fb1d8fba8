//! Checks that duplicates and reissues share: CSR, hash, issuing CA, platform.

use super::super::csr::{self, Csr};
use super::super::names::{self, NameError};
use super::super::order::Order;
use super::super::product::{Family, Product, ProductRef};
use super::{FieldId, Reason, Ruling};

/// Key and signature, and names that the operator might expect to come from the CSR.
pub(super) fn csr(ruling: &mut Ruling, csr: Option<&Csr>, order: &Order, wanted: &[String]) {
    let Some(csr) = csr else {
        ruling.block(FieldId::Csr, Reason::Required("a CSR"));
        return;
    };
    for refusal in csr::check(csr, order.product.family()) {
        ruling.block(FieldId::Csr, Reason::Csr(refusal));
    }
    let wanted = names::set("", wanted);
    let ignored: Vec<String> = csr
        .dns_names()
        .into_iter()
        .filter(|name| !wanted.contains(&names::normalise(name)))
        .collect();
    if !ignored.is_empty() && order.product.family().is_tls() {
        ruling.advise(FieldId::Csr, Reason::CsrNamesIgnored(ignored));
    }
    let before = order
        .certificate
        .csr
        .as_ref()
        .and_then(|text| csr::known(&text.0).ok());
    if before.is_some_and(|before| before.spki_der == csr.spki_der) {
        ruling.advise(FieldId::Csr, Reason::CsrUsedBefore);
    }
}

/// A name that is new to a public product. Addresses are none of those that extended validation knows (EV Guidelines, 7.1.4.2).
pub(super) fn public_name(product: &ProductRef, name: &str) -> Result<String, NameError> {
    let checked = names::check_public(name)?;
    if product.is_ev() && names::is_address(&checked) {
        return Err(NameError::IpAddress(checked));
    }
    Ok(checked)
}

/// What each name can be proven by: a wildcard by no file, and an address by nothing else (documentation page "File-based domain control
/// validation").
pub(super) fn dcv(ruling: &mut Ruling, method: Option<&str>, wanted: &[String]) {
    let Some(method) = method else {
        return;
    };
    let by_file = method.starts_with("http-token");
    for name in wanted {
        let (name, method) = (name.clone(), method.to_owned());
        if by_file && names::is_wildcard(&name) {
            ruling.block(FieldId::Dcv, Reason::WildcardDcv { name, method });
        } else if !by_file && names::is_address(&name) {
            ruling.block(FieldId::Dcv, Reason::AddressDcv { name, method });
        }
    }
}

/// Names that no one method proves: a wildcard and an address.
pub(super) fn one_method(ruling: &mut Ruling, wanted: &[String]) {
    let wildcard = wanted.iter().find(|name| names::is_wildcard(name));
    let address = wanted.iter().find(|name| names::is_address(name));
    if let (Some(wildcard), Some(address)) = (wildcard, address) {
        let (wildcard, address) = (wildcard.clone(), address.clone());
        ruling.block(FieldId::Names, Reason::NoMethodForAll { wildcard, address });
    }
}

/// Wildcards on a product that takes none; those that the order has already are its own affair.
pub(super) fn wildcards(
    ruling: &mut Ruling,
    product: &ProductRef,
    common_name: &str,
    dns_names: &[String],
    has: impl Fn(&str) -> bool,
) {
    if product.takes_wildcards() {
        return;
    }
    let others = dns_names.iter().map(|name| (FieldId::Names, name.as_str()));
    for (field, name) in std::iter::once((FieldId::CommonName, common_name.trim())).chain(others) {
        let plain = names::normalise(name);
        if names::is_wildcard(&plain) && !has(&plain) {
            let (name, product) = (name.to_owned(), product.name.clone());
            ruling.block(field, Reason::NoWildcards { name, product });
        }
    }
}

/// Allowed signature hashes, lower case: the product's list where it is told, else those of the glossary.
pub(super) fn allowed_hashes(order: &Order, product: Option<&Product>) -> Vec<String> {
    let told: Vec<String> = product
        .iter()
        .flat_map(|product| &product.hashes)
        .map(|choice| choice.id.to_lowercase())
        .collect();
    let family = order.product.family();
    if !told.is_empty() {
        return told;
    }
    let known: &[&str] = match family {
        Family::CodeSigning | Family::EvCodeSigning => &["sha256"],
        Family::PrivateTls => &["sha256", "sha384", "sha512", "sha1"],
        _ => &["sha256", "sha384", "sha512"],
    };
    known.iter().map(ToString::to_string).collect()
}

pub(super) fn hash(ruling: &mut Ruling, hash: &str, order: &Order, product: Option<&Product>) {
    let hash = hash.trim();
    let allowed = allowed_hashes(order, product);
    if hash.is_empty() {
        ruling.block(FieldId::Hash, Reason::Required("a signature hash"));
    } else if !allowed.iter().any(|known| known.eq_ignore_ascii_case(hash)) {
        ruling.block(
            FieldId::Hash,
            Reason::Hash {
                hash: hash.to_owned(),
                allowed,
            },
        );
    }
}

pub(super) fn ica(ruling: &mut Ruling, ica: Option<&str>, product: Option<&Product>) {
    let Some(ica) = ica.filter(|ica| !ica.trim().is_empty()) else {
        return;
    };
    match product.map(|product| &product.icas) {
        Some(offered) if offered.is_empty() => ruling.advise(FieldId::Ica, Reason::IcaMaybeIgnored),
        Some(offered)
            if !offered
                .iter()
                .any(|known| known.id.eq_ignore_ascii_case(ica)) =>
        {
            ruling.block(FieldId::Ica, Reason::Ica(ica.to_owned()));
        }
        Some(_) | None => {}
    }
}

pub(super) fn platform(
    ruling: &mut Ruling,
    platform: Option<i64>,
    order: &Order,
    product: Option<&Product>,
) {
    /// `OTHER`, the default, which every product takes.
    const OTHER: i64 = -1;
    let signing = matches!(
        order.product.family(),
        Family::CodeSigning | Family::EvCodeSigning
    );
    let offered = product.map_or(&[][..], |product| &product.platforms);
    match platform {
        None if signing => ruling.block(FieldId::Platform, Reason::Required("a server platform")),
        Some(id)
            if id != OTHER && !offered.is_empty() && offered.iter().all(|known| known.id != id) =>
        {
            ruling.block(FieldId::Platform, Reason::Platform(id));
        }
        Some(_) | None => {}
    }
}
