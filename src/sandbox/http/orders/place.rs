//! Place order: one endpoint a product, five variants of the answer.

use serde_json::json;

use super::super::body::Body;
use super::super::call::Call;
use super::super::certificates;
use super::super::dates::stamp;
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::asked::{
    asked, dcv_method, dcv_wishes, first_said, payment_method, provisioning, ship_info,
};
use super::mail::{PRIMARY_USAGE, Work};
use super::types::person;
use super::wishes::wishes;
use crate::sandbox::model::{
    Account, CertificateState, Contact, Length, Order, ProvisioningMethod,
};
use crate::sandbox::rules::dcv::{TOKEN_LIFE, open_token};
use crate::sandbox::rules::place::{NewOrder, Outcome, place as place_order};
use crate::sandbox::rules::{Asked, Refusal, allowed};
use crate::sandbox::tables::{Family, Product, ProductRef, Validation};

/// `POST /order/certificate/{name_id}`
pub fn place(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let product = product(call.param(0), &body)?;
    let delivered = allowed::provisioning(&desk.read(), &product, provisioning(&body)?, None)?;
    require(product, delivered, &body)?;
    let mut new = read(product, &body)?;
    desk.fit(&product, &mut new.asked)?;
    let mut account = desk.write();
    new.contacts = contacts(&account, &body)?;
    let made = match (new.organization_id, organization_to_make(&body)?) {
        (None, Some(organization)) => {
            let id = super::super::organizations::add(&mut account, call, &organization)?;
            new.organization_id = Some(id);
            Some(id)
        }
        (_, _) => None,
    };
    let placed = place_order(&mut account, &desk.context(call), new);
    if let (Err(_), Some(id)) = (&placed, made) {
        // A refused order leaves nothing behind.
        account.organizations.retain(|org| org.id != id);
    }
    let outcome = placed?;
    let order = account
        .order(outcome.order_id)
        .ok_or(Refusal::NotFound("order"))?;
    let object = Object::new()
        .with("id", outcome.order_id)
        .maybe("organization", made.map(|id| json!({ "id": id })))
        .list(
            "requests",
            outcome
                .request
                .map(|(id, status)| json!({ "id": id, "status": status.id() }))
                .into_iter()
                .collect(),
        )
        .maybe(
            "certificate_id",
            outcome.started.then_some(outcome.certificate_id),
        )
        .and(chain(desk, &account, order, &outcome)?)
        .and(tokens(&account, order, call));
    Ok(Reply::created(object))
}

/// The product that the path names. `ssl` is generic: names and `product.type_hint` decide. Elsewhere the hint `private`
/// leads to the private product of that name.
fn product(name_id: &str, body: &Body) -> Result<ProductRef, ApiError> {
    let hint = body.text("product.type_hint")?;
    let name_id = match (name_id, hint.as_deref()) {
        ("ssl", None | Some("ov")) => format!("ssl_{}", shape(body)?),
        ("ssl", Some("ev")) if shape(body)? != "wildcard" => format!("ssl_ev_{}", shape(body)?),
        ("ssl", Some("private")) => format!("private_ssl_{}", shape(body)?),
        ("ssl", Some(_)) => return Err(Refusal::AmbiguousProduct.into()),
        (name_id, Some("private")) if !name_id.starts_with("private_") => {
            format!("private_{name_id}")
        }
        (name_id, _) => name_id.to_owned(),
    };
    Product::by_name_id(&name_id).ok_or(ApiError::Refused(Refusal::NotFound("product")))
}

/// Which of a family's products the names ask for: wildcard, several names, or one.
fn shape(body: &Body) -> Result<&'static str, ApiError> {
    let common_name = body.text("certificate.common_name")?.unwrap_or_default();
    let names = body.texts("certificate.dns_names")?.unwrap_or_default();
    Ok(if common_name.starts_with("*.") {
        "wildcard"
    } else if names
        .iter()
        .any(|name| !name.eq_ignore_ascii_case(&common_name))
    {
        "multi_domain"
    } else {
        "plus"
    })
}

fn require(
    product: ProductRef,
    delivered: ProvisioningMethod,
    body: &Body,
) -> Result<(), ApiError> {
    let mut needed = vec!["certificate"];
    match product.family {
        Family::PublicTls | Family::PrivateTls => {
            needed.extend(["certificate.common_name", "certificate.csr"]);
            // A DV client is known that sends no hash.
            if product.validation != Validation::Dv {
                needed.push("certificate.signature_hash");
            }
        }
        Family::Vmc => needed.push("certificate.dns_names"),
        Family::Client | Family::SecureEmail => needed.push("certificate.emails"),
        Family::CodeSigning if delivered == ProvisioningMethod::Email => {
            needed.push("certificate.csr");
        }
        Family::Document => {
            needed.push("certificate.signature_hash");
            if product.name_id.starts_with("ds_") {
                needed.extend([PRIMARY_USAGE, "cs_provisioning_method"]);
            }
        }
        Family::CodeSigning => {}
    }
    if product.validation.organization().is_some() || product.family == Family::PrivateTls {
        needed.push("organization");
    }
    // One client names the length of the certificate alone.
    let lengths = [
        "certificate.cert_validity",
        "custom_expiration_date",
        "validity_days",
        "validity_years",
    ];
    let mut is_long = false;
    for path in lengths {
        is_long |= body.has(path)?;
    }
    if !is_long {
        needed.push("order_validity");
    }
    body.require(&needed)
}

fn read(product: ProductRef, body: &Body) -> Result<NewOrder, ApiError> {
    let use_auth_key = dcv_wishes(body)?;
    let asked: Asked = asked(&product, Work::Order, body)?;
    let length = order_length(body)?;
    if length.is_none() && asked.validity.is_none() {
        return Err(Refusal::Required(vec!["order_validity".to_owned()]).into());
    }
    Ok(NewOrder {
        product,
        asked,
        length: length.map(|(length, _)| length),
        length_field: length.map_or("order_validity", |(_, field)| field),
        organization_id: body.id("organization.id")?,
        contacts: Vec::new(),
        container_id: body.id("container.id")?.or(body.id("container_id")?),
        comments: body.text("comments")?,
        skip_approval: body.flag("skip_approval")?,
        renewal_of: body.id("renewal_of_order_id")?,
        renewed_thumbprint: body.text("renewed_thumbprint")?,
        dcv_method: dcv_method(body)?,
        use_auth_key,
        custom_fields: custom_fields(body)?,
        additional_emails: body.addresses("additional_emails")?.unwrap_or_default(),
        alternative_order_id: body.text_or_number("alternative_order_id")?,
        disable_renewal_notifications: body.flag("disable_renewal_notifications")?,
        disable_issuance_email: body.flag("disable_issuance_email")?,
        disable_ct: body.flag("disable_ct")?,
        auto_renew: auto_renew(&product, body)?,
        auto_reissue: body.flag("auto_reissue")?,
        payment_method: payment_method(body)?,
        provisioning: provisioning(body)?,
        ship_info: ship_info(body)?,
        wishes: wishes(body)?,
    })
}

/// A flag; of client certificates an older page of the documentation makes it a number of renewals.
fn auto_renew(product: &Product, body: &Body) -> Result<u8, ApiError> {
    if !matches!(product.family, Family::Client | Family::SecureEmail) {
        return Ok(u8::from(body.flag("auto_renew")?));
    }
    match body
        .count("auto_renew")
        .map(|count| count.map(u8::try_from))
    {
        Ok(Some(Ok(count))) => Ok(count),
        Ok(Some(Err(_))) => Err(body.invalid("auto_renew")),
        Ok(None) | Err(_) => Ok(u8::from(body.flag("auto_renew")?)),
    }
}

/// The length of the order, and the field that named it: the date overrides the days, the days the years.
fn order_length(body: &Body) -> Result<Option<(Length, &'static str)>, ApiError> {
    body.object("order_validity")?;
    first_said(
        body,
        &[
            "custom_expiration_date",
            "order_validity.custom_expiration_date",
            "order_validity.days",
            "order_validity.years",
            "validity_days",
            "validity_years",
        ],
    )
}

fn custom_fields(body: &Body) -> Result<Vec<(u64, String)>, ApiError> {
    body.objects("custom_fields")?
        .iter()
        .map(|field| {
            let id = field.must("metadata_id", field.id("metadata_id")?)?;
            Ok((id, field.text_or_number("value")?.unwrap_or_default()))
        })
        .collect()
}

/// `organization.contacts[]`: a user of the account, or a person in full; one of each type, but any number who verify, also
/// by the label that they had before 2022.
fn contacts(account: &Account, body: &Body) -> Result<Vec<(String, Contact)>, ApiError> {
    const VERIFIED: &str = "verified_contact";
    const KINDS: [&str; 3] = ["organization_contact", "technical_contact", VERIFIED];
    let mut found: Vec<(String, Contact)> = Vec::new();
    for entry in body.objects("organization.contacts")? {
        let kind = entry.text("contact_type")?.unwrap_or_default();
        let kind = if kind == "ev_approver" {
            VERIFIED.to_owned()
        } else {
            kind
        };
        let again = found.iter().any(|(other, _)| *other == kind);
        if !KINDS.contains(&kind.as_str()) || (again && kind != VERIFIED) {
            return Err(entry.invalid("contact_type"));
        }
        person(&entry)?;
        let contact = if let Some(id) = entry.id("user_id")? {
            let user = account.user(id).ok_or_else(|| entry.invalid("user_id"))?;
            Contact {
                first_name: user.first_name.clone(),
                last_name: user.last_name.clone(),
                email: user.email.clone(),
                job_title: user.job_title.clone().unwrap_or_default(),
                telephone: user.telephone.clone().unwrap_or_default(),
            }
        } else {
            entry.require(&["first_name", "last_name", "email"])?;
            let text =
                |name: &str| Ok::<_, ApiError>(entry.text_or_number(name)?.unwrap_or_default());
            Contact {
                first_name: text("first_name")?,
                last_name: text("last_name")?,
                email: text("email")?,
                job_title: text("job_title")?,
                telephone: text("telephone")?,
            }
        };
        found.push((kind, contact));
    }
    Ok(found)
}

/// A whole new organization in place of an id.
fn organization_to_make(body: &Body) -> Result<Option<Body>, ApiError> {
    let Some(organization) = body.object("organization")? else {
        return Ok(None);
    };
    for part in super::super::organizations::NEEDED {
        if organization.has(part)? {
            return Ok(Some(organization));
        }
    }
    Ok(None)
}

/// `certificate_chain`, when the certificate was issued at once.
pub fn chain(
    desk: &Desk,
    account: &Account,
    order: &Order,
    outcome: &Outcome,
) -> Result<Object, ApiError> {
    match order.certificate(outcome.certificate_id) {
        Some(certificate) if certificate.state == CertificateState::Issued => Ok(Object::new()
            .with(
                "certificate_chain",
                certificates::links(desk, account, order, certificate)?,
            )),
        Some(_) | None => Ok(Object::new()),
    }
}

/// `dcv_random_value` and `domains`, when token validation is open.
pub fn tokens(account: &Account, order: &Order, call: &Call) -> Object {
    let Some(open) = open_token(order, call.now) else {
        return Object::new();
    };
    let domains = order
        .dcv
        .iter()
        .filter(|(_, dcv)| dcv.method.uses_token() && !dcv.is_valid(call.now))
        .map(|(name, dcv)| {
            let id = account.domains.iter().find(|domain| domain.covers(name)).map(|domain| domain.id);
            Object::new()
                .maybe("id", id)
                .with("name", name.clone())
                .with("dns_name", name.clone())
                .with(
                    "dcv_token",
                    json!({
                        "token": dcv.token,
                        "status": "pending",
                        "expiration_date": stamp(dcv.token_date.checked_add(TOKEN_LIFE).unwrap_or(dcv.token_date)),
                        "verification_value": dcv.token,
                    }),
                )
                .into()
        })
        .collect();
    Object::new()
        .with("dcv_random_value", open.token.clone())
        .list("domains", domains)
}
