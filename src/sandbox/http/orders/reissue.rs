//! Reissue and list reissues.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::dates::{day, stamp};
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::asked::{asked, dcv_method, dcv_wishes, provisioning, ship_info};
use super::mail::Work;
use super::place::{chain, tokens};
use super::{copies, visible, visible_product};
use crate::sandbox::model::{Account, Certificate, Order, ProvisioningMethod};
use crate::sandbox::rules::reissue::{Reissue, reissue};
use crate::sandbox::rules::{Refusal, allowed};
use crate::sandbox::tables::Family;

/// `POST /order/certificate/{order_id}/reissue`
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let (order_id, product) = visible_product(desk, call)?;
    let provisioning = {
        let account = desk.read();
        let stored = account.order(order_id).map(|order| order.provisioning);
        allowed::provisioning(&account, &product, provisioning(&body)?, stored)?
    };
    body.require(&needed(product.family, provisioning))?;
    let use_auth_key = dcv_wishes(&body)?;
    let mut wanted = Reissue {
        asked: asked(&product, Work::Reissue, &body)?,
        comments: body.text("comments")?,
        skip_approval: body.flag("skip_approval")?,
        dcv_method: dcv_method(&body)?,
        use_auth_key,
        as_duplicate: body.flag("store_reissue_as_duplicate")?,
        provisioning,
        ship_info: ship_info(&body)?,
    };
    desk.fit(&product, &mut wanted.asked)?;
    let mut account = desk.write();
    let outcome = reissue(&mut account, &desk.context(call), order_id, wanted)?;
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    let token = tokens(&account, order, call);
    let random = Value::from(token).get("dcv_random_value").cloned();
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
        .and(chain(desk, &account, order, &outcome)?)
        .maybe("dcv_random_value", random);
    Ok(Reply::created(object))
}

/// Which fields the product needs (API notes, "Which fields for which product").
fn needed(family: Family, provisioning: ProvisioningMethod) -> Vec<&'static str> {
    let mut needed = vec!["certificate"];
    match family {
        Family::PublicTls | Family::PrivateTls => {
            needed.extend(["certificate.common_name", "certificate.csr"]);
        }
        Family::CodeSigning if provisioning == ProvisioningMethod::Email => {
            needed.push("certificate.csr");
        }
        Family::Client | Family::SecureEmail => needed.push("certificate.emails"),
        Family::CodeSigning | Family::Document | Family::Vmc => {}
    }
    needed.push("certificate.signature_hash");
    needed
}

/// `GET /order/certificate/{order_id}/reissue`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = visible(&account, call)?;
    // The first certificate is no reissue; some accounts list it all the same once there is one.
    let first = order.certificates.first().filter(|first| {
        order.lists_primary && first.state.was_issued() && order.reissues().next().is_some()
    });
    copies::list(
        call,
        first.into_iter().chain(order.reissues()),
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
    let issued = certificate.state.was_issued();
    let today = desk.context(call).today();
    let wild = certificate
        .dns_names
        .iter()
        .filter(|name| name.starts_with("*."))
        .count();
    Ok(copies::row(desk, account, call, order, certificate)?
        .maybe(
            "date_issued",
            certificate.date_issued.filter(|_| issued).map(stamp),
        )
        .maybe(
            "valid_till",
            certificate.valid_till.filter(|_| issued).map(day),
        )
        .maybe(
            "days_remaining",
            certificate.days_remaining(today).filter(|_| issued),
        )
        .with("archived", u8::from(certificate.archived))
        .maybe(
            "email",
            account
                .user(certificate.user_id)
                .map(|user| user.email.clone()),
        )
        .with(
            "purchased_dns_names",
            (certificate.dns_names.len() - wild).to_string(),
        )
        .with("purchased_wildcard_names", wild.to_string())
        .into())
}
