//! Domain validation of one order.

use serde_json::json;

use super::super::call::Call;
use super::super::dates::{day, stamp};
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::asked::dcv_method;
use super::wishes::locale;
use super::{visible, visible_id};
use crate::sandbox::model::CertificateState;
use crate::sandbox::rules::dcv::{TOKEN_LIFE, change_method, check_order, mail_again, order_token};
use crate::sandbox::rules::{Refusal, day as day_of, issue, status};

/// `PUT /order/certificate/{order_id}/check-dcv`
pub fn check(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let only = body
        .texts("dns_names_validations")?
        .or(body.texts("dns_name_validations")?)
        .unwrap_or_default();
    let mut account = desk.write();
    let checked = check_order(&mut account, order_id, &only, call.now)?;
    // What waited for this proof goes on.
    let waiting: Vec<u64> = account
        .order(order_id)
        .into_iter()
        .flat_map(|order| &order.certificates)
        .filter(|certificate| certificate.state == CertificateState::Processing { ready: None })
        .map(|certificate| certificate.id)
        .collect();
    for certificate_id in waiting {
        issue::proceed(
            &mut account,
            order_id,
            certificate_id,
            call.now,
            desk.issue_delay,
        );
    }
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    let valid = checked.iter().all(|(_, found)| *found);
    let names = checked
        .iter()
        .map(|(name, found)| json!({ "dns_name": name, "status": if *found { "approved" } else { "pending" } }))
        .collect();
    Ok(Reply::ok(
        Object::new()
            .with("order_status", status::shown(order, day_of(call.now)).id())
            .with("certificate_id", order.primary().id)
            .with("dcv_status", if valid { "valid" } else { "pending" })
            .list("dns_name_validations", names),
    ))
}

/// `PUT /order/certificate/{order_id}/dcv-method`
pub fn method(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    let method = body.must("dcv_method", dcv_method(&body)?)?;
    let value = change_method(&mut desk.write(), order_id, method, call.now)?;
    if !method.uses_token() {
        return Ok(Reply::no_content());
    }
    let until = call.now.checked_add(TOKEN_LIFE).unwrap_or(call.now);
    Ok(Reply::ok(
        json!({ "dcv_random_value": value, "expiration_date": stamp(until) }),
    ))
}

/// `PUT /order/certificate/{order_id}/dcv-random-value`
pub fn token(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let order_id = visible_id(desk, call)?;
    let (value, until) = order_token(&mut desk.write(), order_id, call.now)?;
    Ok(Reply::ok(
        json!({ "dcv_random_value": value, "expiration_date": stamp(until) }),
    ))
}

/// `PUT /order/certificate/{order_id}/resend-emails`
pub fn resend(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let order_id = visible_id(desk, call)?;
    locale(&body)?;
    for mail in body.objects("domain_approval_emails")? {
        mail.require(&["domain", "email"])?;
        mail.text("domain")?;
        mail.text("email_domain")?;
        mail.address("email")?;
    }
    mail_again(&mut desk.write(), order_id, call.now)?;
    Ok(Reply::no_content())
}

/// `GET /order/certificate/{order_id}/email-validation`
pub fn email_validation(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = visible(&account, call)?;
    let certificate = order.primary();
    let emails = certificate
        .emails
        .iter()
        .map(|email| {
            json!({
                "email": email,
                "status": if certificate.state.was_issued() { "validated" } else { "unvalidated" },
                "date_emailed": day(day_of(certificate.date_created)),
            })
        })
        .collect();
    Ok(Reply::ok(Object::new().list("emails", emails)))
}
