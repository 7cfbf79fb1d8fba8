//! One more certificate on an order, with the same names and another key.

use super::limits::not_past;
use super::place::{Outcome, start};
use super::{Asked, Context, Refusal, allowed, dcv, issue, material, names, status};
use crate::sandbox::model::{
    Account, Certificate, CertificateKind, CertificateState, Lazy, Length, Order, OrderStatus,
    RequestKind, Seldom,
};

/// Asks for a duplicate. The checks come in the order that the API notes suggest; the order is visible to the caller.
pub fn duplicate(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    asked: &Asked,
    skip_approval: bool,
) -> Result<Outcome, Refusal> {
    let order = is_possible(account, context, order_id)?;
    not_past(context.today(), asked.validity, "custom_expiration_date")?;
    let original = order.primary();
    let (csr, key, made) = material::take_csr(&order.product, asked.csr.as_deref())?;
    let common_name = asked
        .common_name
        .as_deref()
        .or(original.common_name.as_deref())
        .unwrap_or_default();
    let dns_names = names::duplicate(
        &order.product,
        original,
        common_name,
        asked.dns_names.as_deref(),
    )?;
    let limit = allowed::limit(
        account,
        order.container_id,
        &order.product,
        context.actor.role,
    );
    let signature_hash = material::hash(&order.product, limit, asked)?;
    let ca_cert_id = material::intermediate(context.ca, &order.product, limit, key, asked)?;
    let certificate = Certificate {
        id: 0,
        kind: CertificateKind::Duplicate(next_sub_id(order)),
        state: CertificateState::Requested,
        archived: false,
        common_name: dns_names.first().cloned(),
        dns_names,
        emails: Seldom::default(),
        csr,
        key,
        material: made,
        signature_hash,
        server_platform: asked.server_platform.unwrap_or(-1),
        ca_cert_id: ca_cert_id.into(),
        profile_option: asked
            .profile_option
            .clone()
            .or_else(|| original.profile_option.clone()),
        rsassa_pss: asked.rsassa_pss,
        mail: None,
        validity: asked.validity.or(original.valid_till.map(Length::Until)),
        date_created: context.now,
        date_issued: None,
        valid_from: None,
        valid_till: None,
        serial: original.serial,
        user_id: context.actor.user_id,
        signed: Lazy::empty(),
    };
    // A duplicate cannot start validation: what has expired needs a reissue.
    if !issue::organization_is_valid(account, order, context.now) {
        return Err(Refusal::ValidationNotCurrent("the organization".to_owned()));
    }
    let unproven = dcv::unproven(account, order, &certificate, context.now);
    if !unproven.is_empty() {
        return Err(Refusal::ValidationNotCurrent(unproven.join(", ")));
    }
    let waiting = order.status;
    let certificate_id = add(account, order_id, certificate);
    Ok(start(
        account,
        context,
        order_id,
        certificate_id,
        RequestKind::Duplicate,
        waiting,
        None,
        skip_approval,
    ))
}

/// The order, if it can be duplicated at all: it is issued, and its product has duplicates.
pub fn is_possible<'a>(
    account: &'a Account,
    context: &Context<'_>,
    order_id: u64,
) -> Result<&'a Order, Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    match status::shown(order, context.today()) {
        OrderStatus::Issued => {}
        OrderStatus::ReissuePending => return Err(Refusal::ReissuePending),
        other => return Err(Refusal::OrderStatus(other.id())),
    }
    if order.product.duplicates {
        Ok(order)
    } else {
        Err(Refusal::DuplicatesNotAllowed)
    }
}

/// Gives a certificate its id and serial and adds it to the order.
pub fn add(account: &mut Account, order_id: u64, mut certificate: Certificate) -> u64 {
    certificate.id = account.next_certificate_id();
    certificate.serial = material::serial(account.seed, certificate.id);
    let id = certificate.id;
    account.add_certificate(order_id, certificate);
    id
}

/// The number of the next duplicate.
pub fn next_sub_id(order: &Order) -> u32 {
    order
        .certificates
        .iter()
        .filter_map(|c| match c.kind {
            CertificateKind::Duplicate(number) => Some(number),
            CertificateKind::First | CertificateKind::Reissue => None,
        })
        .max()
        .map_or(1, |last| last + 1)
}
