//! Certificates: downloads, chain, revoke, archive, intermediates.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::dates::{plain, stamp};
use super::desk::Desk;
use super::error::ApiError;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::ca::formats::{self, ZipKind};
use crate::sandbox::model::{Account, Certificate, Order, ProvisioningMethod, Serial};
use crate::sandbox::rules::revoke::{Revocation, archive as archive_rule, revoke as revoke_rule};
use crate::sandbox::rules::{Refusal, material};
use crate::sandbox::tables::Platform;

const ZIP: &str = "application/zip";
const PKCS7: &str = "application/x-pkcs7-certificates";
const PEM: &str = "application/x-pem-file";

/// The certificate with the id in the path, and its order.
fn find<'a>(account: &'a Account, call: &Call) -> Result<(&'a Order, &'a Certificate), ApiError> {
    let id = call.id(0, "certificate")?;
    account
        .order_of_certificate(id)
        .filter(|order| call.actor.sees(order))
        .and_then(|order| Some((order, order.certificate(id)?)))
        .ok_or(ApiError::Refused(Refusal::NotFound("certificate")))
}

/// `GET /certificate/{id}/download/format/{format}`
pub fn download(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let (order, certificate) = find(&account, call)?;
    file(desk, &account, call, order, certificate, call.param(1))
}

/// `GET /certificate/{id}/download/platform[/{platform}]`
pub fn download_platform(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let (order, certificate) = find(&account, call)?;
    let platform = match call.params.get(1) {
        Some(segment) => Platform::by_path(segment).ok_or(Refusal::NotFound("platform"))?,
        None => Platform::by_id_or_other(certificate.server_platform),
    };
    file(desk, &account, call, order, certificate, platform.format)
}

/// `GET /certificate/download/order/{order_id}[/format/{format}]`, with the old query `subId`, `formatType`.
pub fn download_order(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = super::orders::visible(&account, call)?;
    let certificate = match call.query.get("subId") {
        Some(sub_id) => order
            .certificates
            .iter()
            .find(|certificate| certificate.sub_id().as_deref() == Some(sub_id))
            .ok_or(Refusal::NotFound("certificate"))?,
        None => order.primary(),
    };
    let format = match (call.params.get(1), call.query.get("formatType")) {
        (Some(format), _) => format.as_str(),
        (None, Some(format)) => format,
        (None, None) => Platform::by_id_or_other(certificate.server_platform).format,
    };
    file(desk, &account, call, order, certificate, format)
}

/// The certificate whose PEM is sent: the primary's in place of another's, when that fault is on.
fn sent<'a>(call: &Call, order: &'a Order, certificate: &'a Certificate) -> &'a Certificate {
    if call.quirks.wrong_pem && certificate.id != order.primary().id {
        order.primary()
    } else {
        certificate
    }
}

fn file(
    desk: &Desk,
    account: &Account,
    call: &Call,
    order: &Order,
    certificate: &Certificate,
    format: &str,
) -> Result<Reply, ApiError> {
    let certificate = sent(call, order, certificate);
    let leaf = material::signed(&desk.ca, account, order, certificate)?;
    let chain = desk
        .ca
        .chain(&certificate.ca_cert_id)
        .map_err(Refusal::from)?;
    let name = certificate.common_name.as_deref().unwrap_or("certificate");
    let stem: String = name
        .replace('*', "star")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let zip = |kind| {
        let body = formats::zip(kind, name, &leaf.der, &chain).map_err(Refusal::from)?;
        Ok(Reply::file(ZIP, format!("{stem}.zip"), body))
    };
    let pem = |text: String| Ok(Reply::file(PEM, format!("{stem}.pem"), text.into_bytes()));
    let issuers: String = chain.iter().map(|link| formats::pem(&link.der)).collect();
    match format {
        "default" => zip(ZipKind::Default),
        "default_cer" => zip(ZipKind::DefaultCer),
        "default_pem" => zip(ZipKind::DefaultPem),
        "apache" => zip(ZipKind::Apache),
        "cer" | "p7b" => {
            let body = formats::p7b(&leaf.der, &chain)
                .map_err(Refusal::from)?
                .into_bytes();
            Ok(Reply::file(PKCS7, format!("{stem}.{format}"), body))
        }
        // Two clients name these; what the account makes of them is not documented.
        "zip" => zip(ZipKind::Default),
        "pem_all" | "pem" => pem(formats::pem_all(&leaf.der, &chain)),
        "pem_noroot" => pem(formats::pem_noroot(&leaf.der, &chain)),
        "pem_nointermediate" | "crt" => pem(formats::pem_nointermediate(&leaf.der)),
        "pem_noend" => pem(issuers),
        _ => Err(Refusal::NotFound("format").into()),
    }
}

/// Leaf first, then intermediates, root last.
pub fn links(
    desk: &Desk,
    account: &Account,
    order: &Order,
    certificate: &Certificate,
) -> Result<Vec<Value>, ApiError> {
    let leaf = material::signed(&desk.ca, account, order, certificate)?;
    let name = certificate
        .common_name
        .clone()
        .or_else(|| {
            order
                .organization_id
                .and_then(|id| account.organization(id))
                .map(|org| org.name.clone())
        })
        .unwrap_or_default();
    let link =
        |name: &str, der: &[u8]| json!({ "subject_common_name": name, "pem": formats::pem(der) });
    let chain = desk
        .ca
        .chain(&certificate.ca_cert_id)
        .map_err(Refusal::from)?;
    Ok(std::iter::once(link(&name, &leaf.der))
        .chain(
            chain
                .iter()
                .map(|above| link(&above.subject_common_name, &above.der)),
        )
        .collect())
}

/// `GET /certificate/{id}/chain`. Despite the key's name the end-entity is the first; empty for what was delivered on a token.
pub fn chain(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let (order, certificate) = find(&account, call)?;
    if matches!(order.provisioning, ProvisioningMethod::ShipToken) {
        return Ok(Reply::ok(json!({ "intermediates": [] })));
    }
    let links = links(desk, &account, order, sent(call, order, certificate))?;
    Ok(Reply::ok(json!({ "intermediates": links })))
}

/// Reads the body of a revocation; clients write `comment` and `comments`.
pub fn revocation(body: &Body) -> Result<Revocation, ApiError> {
    Ok(Revocation {
        comments: body.text("comments")?.or(body.text("comment")?),
        reason: body.text("revocation_reason")?,
        skip_approval: body.flag("skip_approval")?,
    })
}

/// 204 when approval was skipped, else 201 with the request.
pub fn revoked(account: &Account, request: Option<u64>) -> Reply {
    let Some(request) = request.and_then(|id| account.request(id)) else {
        return Reply::no_content();
    };
    Reply::created(
        Object::new()
            .with("id", request.id)
            .with("date", stamp(request.date))
            .with("type", request.kind.id())
            .with("status", request.status.id())
            .maybe("requester", views::user(account, request.requester))
            .maybe("comments", request.comments.clone()),
    )
}

/// `PUT /certificate/{id or serial number}/revoke`
pub fn revoke(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let wanted = revocation(&call.json()?)?;
    let mut account = desk.write();
    let text = call.param(0);
    let by_id = text
        .parse()
        .ok()
        .and_then(|id| Some((account.order_of_certificate(id)?, id)));
    let (order, certificate_id) = by_id
        .or_else(|| account.find_serial(text.parse::<Serial>().ok()?))
        .filter(|(order, _)| call.actor.sees(order))
        .ok_or(Refusal::NotFound("certificate"))?;
    let order_id = order.id;
    let request = revoke_rule(
        &mut account,
        &desk.context(call),
        order_id,
        Some(certificate_id),
        wanted,
    )?;
    Ok(revoked(&account, request))
}

/// `PUT /certificate/{id}/archive`, `/unarchive`
pub fn archive(desk: &Desk, call: &Call, archived: bool) -> Result<Reply, ApiError> {
    let id = find(&desk.read(), call)?.1.id;
    archive_rule(&mut desk.write(), id, archived)?;
    Ok(Reply::no_content())
}

/// `GET /certificate/intermediates`
pub fn intermediates(desk: &Desk) -> Result<Reply, ApiError> {
    let list = desk
        .ca
        .intermediates()
        .iter()
        .map(|info| {
            let certificate = desk.ca.certificate(&info.id).map_err(Refusal::from)?;
            Ok(json!({
                "id": info.id,
                "subject_common_name": info.subject_common_name,
                "subject_org_name": info.subject_org,
                "issuer_common_name": info.issuer_common_name,
                "valid_from": plain(certificate.valid_from),
                "valid_to": plain(certificate.valid_to),
                "serial_number": certificate.serial,
                "thumbprint": certificate.thumbprint,
                "signature_hash": info.signature_hash.as_str().to_uppercase(),
                "is_private": if info.is_private { "1" } else { "0" },
                "pem": certificate.pem,
            }))
        })
        .collect::<Result<_, ApiError>>()?;
    Ok(Reply::ok(Object::new().list("intermediates", list)))
}
