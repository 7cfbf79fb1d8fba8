//! Request and list duplicates.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::super::views;
use super::asked::{asked, date};
use super::mail::Work;
use super::place::chain;
use super::{copies, visible, visible_product};
use crate::sandbox::model::{Account, Certificate, Order};
use crate::sandbox::rules::{Refusal, duplicate, material};
use crate::sandbox::tables::Platform;

/// `POST /order/certificate/{order_id}/duplicate`
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let (order_id, product) = visible_product(desk, call)?;
    // Before the fields: what they must be is documented for products that have duplicates.
    duplicate::is_possible(&desk.read(), &desk.context(call), order_id)?;
    body.require(&[
        "certificate",
        "certificate.common_name",
        "certificate.csr",
        "certificate.signature_hash",
    ])?;
    let mut wanted = asked(&product, Work::Reissue, &body)?;
    desk.fit(&product, &mut wanted)?;
    if let Some(until) = date(&body, "custom_expiration_date")? {
        wanted.validity = Some(until);
    }
    let skip_approval = body.flag("skip_approval")?;
    let mut account = desk.write();
    let outcome = duplicate::duplicate(
        &mut account,
        &desk.context(call),
        order_id,
        &wanted,
        skip_approval,
    )?;
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    let object = Object::new()
        .with("id", order_id)
        .list(
            "requests",
            outcome
                .request
                .map(|(id, _)| json!({ "id": id }))
                .into_iter()
                .collect(),
        )
        .maybe(
            "certificate_id",
            outcome.started.then_some(outcome.certificate_id),
        )
        .and(chain(desk, &account, order, &outcome)?);
    Ok(Reply::created(object))
}

/// `GET /order/certificate/{order_id}/duplicate`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = visible(&account, call)?;
    let primary =
        (order.lists_primary && order.primary().state.was_issued()).then(|| order.primary());
    copies::list(
        call,
        primary.into_iter().chain(order.duplicates()),
        |certificate| row(desk, &account, call, order, certificate),
    )
}

fn row(
    desk: &Desk,
    account: &Account,
    call: &Call,
    order: &Order,
    certificate: &Certificate,
) -> Result<Value, ApiError> {
    let object = copies::row(desk, account, call, order, certificate)?;
    let object = if certificate.state.was_issued() {
        views::validity(certificate, desk.context(call).today(), object)
    } else {
        object
    };
    Ok(object
        .with(
            "server_platform",
            views::platform(Platform::by_id_or_other(certificate.server_platform)),
        )
        .with(
            "signature_hash",
            material::shown_hash(&desk.ca, certificate).id(),
        )
        .with("ca_cert_id", certificate.ca_cert_id.as_ref())
        .maybe("sub_id", certificate.sub_id())
        .with(
            "public_id",
            format!(
                "{:016X}",
                certificate.id.wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ),
        )
        .with("archived", if certificate.archived { "1" } else { "0" })
        .into())
}
