//! Reports: expiring orders, waiting requests, and the one custom query that clients send.

use serde_json::{Value, json};

use super::call::Call;
use super::desk::Desk;
use super::error::ApiError;
use super::reply::{Object, Reply};
use super::requests::open_of;
use crate::sandbox::model::{CertificateState, OrderStatus, RequestKind};
use crate::sandbox::rules::{Refusal, status};

/// `GET /report/order/expiring` with `container_id` and `include_expiring_certs` (page "Expiring orders and certificates"), and
/// `GET /report/order/{container_id}/expiring`, which clients know. The spans do not overlap: 90 is 60 to 90 days, 60 is 30 and
/// more, 30 is today and more, and -7 is
/// today back to seven days ago.
pub fn expiring(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let container = if call.params.is_empty() {
        call.query.number("container_id")?
    } else {
        Some(call.id(0, "container")?)
    };
    let with_certificates = call.query.flag("include_expiring_certs")?;
    if container.is_some_and(|id| account.container(id).is_none()) {
        return Err(Refusal::NotFound("container").into());
    }
    let today = desk.context(call).today();
    let ends: Vec<i64> = account
        .orders()
        .iter()
        .filter(|order| {
            call.actor.sees(order) && container.is_none_or(|id| order.container_id == id)
        })
        .filter(|order| {
            matches!(
                order.status,
                OrderStatus::Issued | OrderStatus::ReissuePending
            ) && !order.is_renewed
        })
        .flat_map(|order| {
            let of_order = status::order_end(order);
            let alive = order
                .certificates
                .iter()
                .filter(|c| c.state == CertificateState::Issued);
            let of_certificates = alive
                .filter_map(|c| c.valid_till)
                .filter(|_| with_certificates);
            of_order.into_iter().chain(of_certificates)
        })
        .map(|end| i64::from((end - today).get_days()))
        .collect();
    let name = if with_certificates {
        "count"
    } else {
        "order_count"
    };
    let rows: Vec<Value> = [(90, 60..=90), (60, 30..=59), (30, 0..=29), (-7, -7..=0_i64)]
        .into_iter()
        .map(|(days, span)| {
            let count = ends.iter().filter(|left| span.contains(*left)).count();
            json!({ "days_expiring": days, name: count })
        })
        .collect();
    Ok(Reply::ok(json!({ "expiring_orders": rows })))
}

/// `GET /report/request`
pub fn requests(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let container = call.query.number("container_id")?;
    let account = desk.read();
    let counts: Vec<(RequestKind, usize)> = RequestKind::ALL
        .iter()
        .map(|kind| (*kind, open_of(&account, *kind, container)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let types = counts
        .iter()
        .map(|(kind, count)| json!({ "type": kind.id(), "request_count": count }))
        .collect();
    Ok(Reply::ok(
        json!({ "request": Value::from(Object::new().with("total", total).list("types", types)) }),
    ))
}

/// `POST /reports/query`: the order of a certificate by thumbprint, in the one form that clients are known to send.
pub fn query(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let text = body.must("query", body.text("query")?)?;
    if !text.contains("order_details") || !text.contains("thumbprint") {
        return Err(Refusal::InvalidValue("query".to_owned()).into());
    }
    let inline = text
        .split("thumbprint:")
        .nth(1)
        .and_then(|rest| rest.split('"').nth(1))
        .map(str::to_owned);
    let wanted = body
        .text("variables.t")?
        .or(body.text("variables.thumbprint")?)
        .or(inline);
    let wanted = wanted
        .unwrap_or_default()
        .replace([':', ' '], "")
        .to_uppercase();
    let account = desk.read();
    let order = account
        .find_thumbprint(&wanted)
        .map(|(order, _)| order)
        .filter(|order| call.actor.sees(order));
    // Ids are text here.
    let rows: Vec<Value> = order
        .map(|order| json!({ "id": order.id.to_string() }))
        .into_iter()
        .collect();
    Ok(Reply::ok(json!({ "data": { "order_details": rows } })))
}
