//! Order info: the whole order, with its primary certificate. What is shown depends on the state (API notes, "What differs
//! by state").

use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::dates::{day, length, stamp};
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::reply::{Object, Reply};
use super::super::views;
use crate::sandbox::model::{
    Account, Certificate, CertificateKind, Note, Order, OrderStatus, ProvisioningMethod, Serial,
};
use crate::sandbox::rules::{Refusal, material, status};
use crate::sandbox::tables::{Family, Platform, Validation};

/// `GET /order/certificate/{id, thumbprint or serial number}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let order = find(&account, call.param(0))
        .filter(|order| call.actor.sees(order))
        .ok_or(Refusal::NotFound("order"))?;
    let shown = status::shown(order, desk.context(call).today());
    let mut object = order_object(desk, &account, call, order, order.primary(), shown)?;
    if call.query.flag("include_caa_status")? && shown == OrderStatus::Pending {
        let names = &order.primary().dns_names;
        let states: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!("CAA check is not called yet")))
            .collect();
        object = object.with("caa_status_message", states);
    }
    Ok(Reply::ok(object))
}

/// By id, or by thumbprint or serial number of the primary certificate; a duplicate's do not count.
fn find<'a>(account: &'a Account, text: &str) -> Option<&'a Order> {
    if let Some(order) = text.parse().ok().and_then(|id| account.order(id)) {
        return Some(order);
    }
    let hex: String = text
        .chars()
        .filter(|c| !matches!(c, ':' | ' '))
        .collect::<String>()
        .to_uppercase();
    let (order, certificate_id) = match hex.parse::<Serial>() {
        Ok(serial) => account.find_serial(serial)?,
        Err(_) => account.find_thumbprint(&hex)?,
    };
    (order.primary().id == certificate_id && order.primary().state.was_issued()).then_some(order)
}

/// The order with this certificate and status; request info shows it with those of the time it was asked.
pub fn order_object(
    desk: &Desk,
    account: &Account,
    call: &Call,
    order: &Order,
    certificate: &Certificate,
    shown: OrderStatus,
) -> Result<Object, ApiError> {
    let certificate = certificate_object(desk, account, call, order, certificate, shown)?;
    let issued = order.primary().state.was_issued();
    let contact = order.organization_contact.as_deref().map(views::contact);
    // Without one of its own it is a copy of the organization's (page "Order info").
    let technical = order
        .contacts
        .iter()
        .find(|(kind, _)| kind == "technical_contact");
    let technical = technical.map(|(_, contact)| views::contact(contact));
    let verified: Vec<Value> = order
        .contacts
        .iter()
        .filter(|(kind, _)| kind == "verified_contact")
        .map(|(_, contact)| views::contact(contact))
        .collect();
    let years = match order.order_validity {
        crate::sandbox::model::Length::Years(years) => years,
        crate::sandbox::model::Length::Days(_) | crate::sandbox::model::Length::Until(_) => 1,
    };
    let is_code_signing = order.provisioning != ProvisioningMethod::None;
    Ok(Object::new()
        .with("id", order.id)
        .with("certificate", certificate)
        .with("status", shown.id())
        .with("is_renewal", order.renewal_of.is_some())
        .with("is_renewed", order.is_renewed)
        .maybe("renewed_order_id", order.renewed_by)
        .maybe("renewal_of_order_id", order.renewal_of)
        .maybe(
            "is_multi_year_plan",
            order.is_multi_year_plan.then_some("1"),
        )
        .with("date_created", stamp(order.date_created))
        .maybe("last_reissued_date", order.last_reissued.map(stamp))
        .maybe(
            "organization",
            views::organization_in_order(account, order.organization_id),
        )
        .with("validity_years", years)
        .with("order_validity", length(order.order_validity))
        .maybe(
            "order_valid_till",
            order.order_valid_till.filter(|_| issued).map(day),
        )
        .with(
            "disable_renewal_notifications",
            order.disable_renewal_notifications,
        )
        .with("auto_renew", order.auto_renew)
        .with("auto_reissue", u8::from(order.auto_reissue))
        .maybe("container", views::container(account, order.container_id))
        .with("product", views::product_in_order(&order.product))
        .with("product_name_id", order.product.name_id)
        .maybe("organization_contact", contact.clone())
        .maybe("technical_contact", technical.or(contact))
        .list("verified_contacts", verified)
        .maybe("user", views::user(account, order.user_id))
        .maybe(
            "approver",
            order.approver_id.and_then(|id| views::user(account, id)),
        )
        .list(
            "additional_emails",
            order
                .additional_emails
                .iter()
                .map(|mail| json!(mail))
                .collect(),
        )
        .list("requests", requests(account, order))
        .with("has_pending_request", has_pending_request(account, order))
        .list("notes", notes(account, order))
        .list("custom_fields", custom_fields(account, order))
        .maybe(
            "price",
            views::sees_prices(call.actor).then(|| views::price(order.price_cents)),
        )
        .maybe("currency", views::sees_prices(call.actor).then_some("USD"))
        .with("payment_method", order.payment_method.as_ref())
        .with("is_out_of_contract", false)
        .with("allow_duplicates", order.product.duplicates)
        .with("duplicates_count", counted(order.duplicates()))
        .with("reissues_count", counted(order.reissues()))
        .with("disable_ct", order.disable_ct)
        .with("disable_issuance_email", order.disable_issuance_email)
        .maybe(
            "order_approval_complete",
            (order.product.validation == Validation::Ev && order.product.is_tls())
                .then_some(issued),
        )
        .maybe(
            "dcv_method",
            (shown == OrderStatus::Pending && order.product.is_tls())
                .then(|| order.dcv_method.id()),
        )
        .maybe(
            "cs_provisioning_method",
            is_code_signing.then(|| order.provisioning.id()),
        )
        .maybe(
            "hardware_init_code",
            (order.provisioning == ProvisioningMethod::ShipToken
                || order.provisioning == ProvisioningMethod::ClientApp)
                .then(|| format!("{:010}", order.id.wrapping_mul(7_368_787) % 10_000_000_000)),
        )
        .maybe("ship_info", order.ship_info.as_deref().map(ship_info))
        .maybe("alternative_order_id", order.alternative_order_id.clone())
        .and(wished(order)))
}

/// What was asked for with the order and nothing else is made of.
fn wished(order: &Order) -> Object {
    let wishes = order.wishes();
    let discount = wishes.apply_cr_discount.then(|| {
        json!({
            "actual_price": views::price(order.price_cents),
            "discount_percent": DISCOUNT_PERCENT,
            "benefits": ["cr_benefit"],
            "benefits_data": { "cr_benefit": {
                "type": "competitive_replacement",
                "discount_percentage": DISCOUNT_PERCENT,
                "premium_discount_percentage": DISCOUNT_PERCENT,
                "availed_domains": order.primary().dns_names,
            } },
        })
    });
    Object::new()
        .maybe(
            "custom_renewal_message",
            wishes.custom_renewal_message.clone(),
        )
        .maybe("locale", wishes.locale.clone())
        .maybe(
            "apply_cr_discount",
            wishes.apply_cr_discount.then_some(true),
        )
        .maybe("serial_number", wishes.replaced_serial.clone())
        .maybe("benefits", discount)
}

/// The discount for the certificate of another CA; its height is made up.
const DISCOUNT_PERCENT: u32 = 10;

/// How many were issued.
pub fn counted<'a>(certificates: impl Iterator<Item = &'a Certificate>) -> usize {
    certificates.filter(|c| c.state.was_issued()).count()
}

fn certificate_object(
    desk: &Desk,
    account: &Account,
    call: &Call,
    order: &Order,
    certificate: &Certificate,
    shown: OrderStatus,
) -> Result<Object, ApiError> {
    let issued = certificate.state.was_issued();
    let today = desk.context(call).today();
    let signed = issued
        .then(|| material::signed(&desk.ca, account, order, certificate))
        .transpose()?;
    let csr = material::csr(&desk.ca, account, order, certificate)?;
    let is_asked_for = shown == OrderStatus::NeedsApproval
        || matches!(
            certificate.state,
            crate::sandbox::model::CertificateState::Requested
        );
    let has_platform = order.product.is_tls() || order.provisioning != ProvisioningMethod::None;
    let ca_name = desk
        .ca
        .intermediate(&certificate.ca_cert_id)
        .map(|info| info.name.clone());
    let object = Object::new()
        .maybe("id", (!is_asked_for).then_some(certificate.id))
        .maybe("thumbprint", signed.map(|signed| signed.thumbprint.clone()))
        .maybe(
            "serial_number",
            issued.then(|| certificate.serial.to_string()),
        )
        .maybe("common_name", certificate.common_name.clone())
        .maybe("cert_validity", certificate.validity.map(length))
        .list(
            "emails",
            certificate.emails.iter().map(|mail| json!(mail)).collect(),
        )
        .list(
            "dns_names",
            certificate
                .dns_names
                .iter()
                .map(|name| json!(name))
                .collect(),
        )
        .with("date_created", stamp(certificate.date_created))
        .maybe(
            "date_issued",
            certificate.date_issued.filter(|_| issued).map(stamp),
        );
    let object = if issued {
        views::validity(certificate, today, object)
    } else {
        object
    };
    // Clients that read it prefer it over the order's: it says the same until there is a certificate.
    let state = if issued && shown != OrderStatus::NeedsApproval {
        status::row(certificate, today)
    } else {
        shown.id()
    };
    Ok(object
        .with("status", state)
        .maybe(
            "csr",
            // "Not returned for Verified Mark" (API notes).
            csr.filter(|_| order.product.family != Family::Vmc)
                .map(|material| material.csr.clone()),
        )
        .maybe(
            "organization",
            order.organization_id.map(|id| json!({ "id": id })),
        )
        .list(
            "organization_units",
            order
                .wishes()
                .organization_units
                .iter()
                .map(|unit| json!(unit))
                .collect(),
        )
        .maybe(
            "server_platform",
            has_platform
                .then(|| views::platform(Platform::by_id_or_other(certificate.server_platform))),
        )
        .with(
            "signature_hash",
            material::shown_hash(&desk.ca, certificate).id(),
        )
        .maybe(
            "key_size",
            certificate.key.map(crate::sandbox::model::KeyKind::bits),
        )
        .with(
            "ca_cert",
            json!({ "id": *certificate.ca_cert_id, "name": ca_name }),
        )
        .maybe("profile_option", certificate.profile_option.clone())
        .maybe(
            "user_id",
            (certificate.kind == CertificateKind::Reissue).then_some(certificate.user_id),
        ))
}

fn requests(account: &Account, order: &Order) -> Vec<Value> {
    order
        .requests
        .iter()
        .filter_map(|id| account.request(*id))
        .map(|request| {
            Object::new()
                .with("id", request.id)
                .with("date", stamp(request.date))
                .with("type", request.kind.id())
                .with("status", request.status.id())
                .maybe("comments", request.comments.clone())
                .into()
        })
        .collect()
}

fn has_pending_request(account: &Account, order: &Order) -> bool {
    order
        .requests
        .iter()
        .filter_map(|id| account.request(*id))
        .any(|request| request.status.is_open())
}

/// The notes of an order, the newest first (documentation page "List order notes").
pub fn notes(account: &Account, order: &Order) -> Vec<Value> {
    order
        .notes
        .iter()
        .rev()
        .map(|note| self::note(account, note).into())
        .collect()
}

/// A note, as the answer to adding it shows it too.
pub fn note(account: &Account, note: &Note) -> Object {
    Object::new()
        .with("id", note.id)
        .with("date_created", stamp(note.date))
        .with("text", note.text.clone())
        .maybe("user", views::user(account, note.user_id))
}

/// The custom fields of an order, with their labels.
pub fn custom_fields(account: &Account, order: &Order) -> Vec<Value> {
    order
        .custom_fields
        .iter()
        .map(|value| {
            Object::new()
                .with("id", value.id)
                .with("metadata_id", value.metadata_id)
                .maybe(
                    "label",
                    account
                        .field(value.metadata_id)
                        .map(|field| field.label.clone()),
                )
                .with("value", value.value.clone())
                .into()
        })
        .collect()
}

fn ship_info(ship: &crate::sandbox::model::ShipInfo) -> Value {
    Object::new()
        .with("name", ship.name.clone())
        .with("addr1", ship.addr1.clone())
        .maybe("addr2", ship.addr2.clone())
        .with("city", ship.city.clone())
        .with("state", ship.state.clone())
        .with("zip", zip(&ship.zip))
        .with("country", ship.country.clone())
        .with("method", ship.method.clone())
        .into()
}

/// A postal code that is a number is written as one (fixtures show it so), unless a leading zero would be lost.
fn zip(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => json!(number),
        Ok(_) | Err(_) => json!(text),
    }
}
