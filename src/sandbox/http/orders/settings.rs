//! The small changes of an order: revoke, cancel, notes, CSR, custom fields, automatic reissue; and finding it by an own reference.

use serde_json::json;

use super::super::call::Call;
use super::super::certificates::{revocation, revoked};
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::asked::invalid;
use super::{info, visible, visible_id};
use crate::sandbox::model::{CertificateState, CsrSource, FieldValue, Note};
use crate::sandbox::rules::cancel::{NewStatus, delete as delete_order, update};
use crate::sandbox::rules::place::check_values;
use crate::sandbox::rules::{Refusal, issue, material, revoke as revoke_rules};

/// `PUT /order/certificate/{order_id}/revoke`
pub fn revoke(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let wanted = revocation(&call.json()?)?;
    let order_id = visible_id(desk, call)?;
    let mut account = desk.write();
    let request = revoke_rules::revoke(&mut account, &desk.context(call), order_id, None, wanted)?;
    Ok(revoked(&account, request))
}

/// `PUT /order/certificate/{order_id}/status`
pub fn status(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let wanted = body.must("status", body.word("status", NewStatus::parse)?)?;
    let note = body.text("note")?;
    body.flag("send_emails")?;
    let context = desk.context(call);
    update(
        &mut desk.write(),
        &context,
        order_id,
        wanted,
        note.as_deref(),
    )?;
    Ok(Reply::no_content())
}

/// `DELETE /order/certificate/{order_id}`: removes what ended. With `revoke=true` an issued order ends by it.
pub fn delete(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let order_id = visible_id(desk, call)?;
    let revoke = call.query.flag("revoke")?;
    let context = desk.context(call);
    delete_order(&mut desk.write(), &context, order_id, revoke)?;
    Ok(Reply::no_content())
}

/// `POST /order/certificate/{order_id}/note`
pub fn note(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let text = body.must("text", body.text("text")?)?;
    let mut account = desk.write();
    let note = Note {
        id: account.next_other_id(),
        date: call.now,
        user_id: call.actor.user_id,
        text,
    };
    let answer = info::note(&account, &note);
    if let Some(order) = account.order_mut(order_id) {
        order.notes.push(note);
    }
    Ok(Reply::created(answer))
}

/// `GET /order/certificate/{order_id}/note`
pub fn notes(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = visible(&account, call)?;
    Ok(Reply::ok(
        Object::new().list("notes", info::notes(&account, order)),
    ))
}

/// `POST /order/certificate/{order_id}/csr`
pub fn csr(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let csr = body.must("csr", body.text("csr")?)?;
    let mut account = desk.write();
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    let product = order.product;
    let waiting = order
        .certificates
        .iter_mut()
        .find(|certificate| {
            certificate.csr == CsrSource::Missing && issue::is_open(certificate.state)
        })
        .ok_or(Refusal::CsrPresent)?;
    let (source, key, made) = material::take_csr(&product, Some(&csr))?;
    waiting.csr = source;
    waiting.key = key;
    waiting.material = made;
    let (id, approved) = (waiting.id, waiting.state != CertificateState::Requested);
    if approved {
        issue::proceed(&mut account, order_id, id, call.now, desk.issue_delay);
    }
    Ok(Reply::no_content())
}

/// `POST /order/certificate/{order_id}/custom-field`
pub fn custom_field(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let metadata_id = body.must("metadata_id", body.id("metadata_id")?)?;
    let value = body.text_or_number("value")?.unwrap_or_default();
    let mut account = desk.write();
    check_values(&account, &[(metadata_id, value.clone())])?;
    let id = account.next_other_id();
    if let Some(order) = account.order_mut(order_id) {
        match order
            .custom_fields
            .iter_mut()
            .find(|field| field.metadata_id == metadata_id)
        {
            Some(field) => field.value = value,
            None => order.custom_fields.push(FieldValue {
                id,
                metadata_id,
                value,
            }),
        }
    }
    Ok(Reply::no_content())
}

/// `DELETE /order/certificate/{order_id}/custom-field/{metadata_id}`
pub fn delete_custom_field(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let order_id = visible_id(desk, call)?;
    let metadata_id = call.id(1, "metadata")?;
    let mut account = desk.write();
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    let before = order.custom_fields.len();
    order
        .custom_fields
        .retain(|field| field.metadata_id != metadata_id && field.id != metadata_id);
    if order.custom_fields.len() == before {
        return Err(Refusal::NotFound("metadata").into());
    }
    Ok(Reply::no_content())
}

/// `PUT /order/certificate/{order_id}/auto-reissue`
pub fn auto_reissue(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let is_on = body.must("auto_reissue", body.flag_if_said("auto_reissue")?)?;
    let mut account = desk.write();
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    if !order.is_multi_year_plan {
        return Err(invalid("auto_reissue"));
    }
    order.auto_reissue = is_on;
    Ok(Reply::no_content())
}

/// `GET /order/alternate/{alternative_order_id}`
pub fn alternate(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let orders: Vec<serde_json::Value> = account
        .orders()
        .iter()
        .filter(|order| {
            call.actor.sees(order) && order.alternative_order_id.as_deref() == Some(call.param(0))
        })
        .map(|order| {
            let certificate = order.primary();
            let id = (certificate.state != CertificateState::Requested).then_some(certificate.id);
            Object::new()
                .with("order_id", order.id)
                .maybe("certificate_id", id)
                .into()
        })
        .collect();
    if orders.is_empty() {
        return Err(Refusal::NotFound("order").into());
    }
    Ok(Reply::ok(json!({ "orders": orders })))
}
