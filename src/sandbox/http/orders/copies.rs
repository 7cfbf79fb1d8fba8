//! What list duplicates and list reissues have in common.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::dates::stamp;
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use crate::sandbox::model::{Account, Certificate, KeyKind, Order};
use crate::sandbox::rules::{material, status};

/// The list of these certificates; archived ones only when asked for (`show_archived`).
pub fn list<'a>(
    call: &Call,
    certificates: impl Iterator<Item = &'a Certificate>,
    row: impl Fn(&'a Certificate) -> Result<Value, ApiError>,
) -> Result<Reply, ApiError> {
    let archived = call.query.flag("show_archived")?;
    let rows = certificates
        .filter(|certificate| archived || !certificate.archived)
        .map(row)
        .collect::<Result<Vec<Value>, ApiError>>()?;
    Ok(Reply::ok(Object::new().list("certificates", rows)))
}

/// Everything that both lists show; each adds its own. The requester has no underscores here (`firstname`), unlike elsewhere.
pub fn row(
    desk: &Desk,
    account: &Account,
    call: &Call,
    order: &Order,
    certificate: &Certificate,
) -> Result<Object, ApiError> {
    let today = desk.context(call).today();
    let issued = certificate.state.was_issued();
    let signed = issued
        .then(|| material::signed(&desk.ca, account, order, certificate))
        .transpose()?;
    let csr = material::csr(&desk.ca, account, order, certificate)?;
    let user = account.user(certificate.user_id);
    Ok(Object::new()
        .with("id", certificate.id)
        .maybe("thumbprint", signed.map(|signed| signed.thumbprint.clone()))
        .maybe(
            "serial_number",
            issued.then(|| certificate.serial.to_string()),
        )
        .maybe("common_name", certificate.common_name.clone())
        .list(
            "dns_names",
            certificate
                .dns_names
                .iter()
                .map(|name| json!(name))
                .collect(),
        )
        .with("status", status::row(certificate, today))
        .with("date_created", stamp(certificate.date_created))
        .maybe("csr", csr.map(|material| material.csr.clone()))
        .maybe("key_size", certificate.key.map(KeyKind::bits))
        .with("user_id", certificate.user_id)
        .maybe("firstname", user.map(|user| user.first_name.clone()))
        .maybe("lastname", user.map(|user| user.last_name.clone())))
}
