//! Placing an order, new or renewal.

use std::borrow::Cow;
use std::sync::Arc;

use super::limits::{CERTIFICATE_END, askable, not_past, orderable, within_order};
use super::policy::{Way, way};
use super::{Asked, Context, Refusal, allowed, dcv, issue, material, names, status};
use crate::sandbox::model::{
    Account, Certificate, CertificateKind, CertificateState, Contact, DcvMethod, FieldValue,
    Length, Order, OrderStatus, Organization, ProvisioningMethod, Request, RequestKind,
    RequestStatus, Seldom, ShipInfo, Wishes,
};
use crate::sandbox::tables::{Family, ProductRef, Validation};

/// A new order as the client asks for it.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub product: ProductRef,
    pub asked: Asked,
    /// Length of the order.
    pub length: Option<Length>,
    /// The field that named the length, for the error.
    pub length_field: &'static str,
    pub organization_id: Option<u64>,
    /// Contacts, each with its `contact_type`.
    pub contacts: Vec<(String, Contact)>,
    pub container_id: Option<u64>,
    pub comments: Option<String>,
    /// Skip the approval step.
    pub skip_approval: bool,
    /// The order this one renews.
    pub renewal_of: Option<u64>,
    /// The thumbprint of the certificate this order renews.
    pub renewed_thumbprint: Option<String>,
    pub dcv_method: Option<DcvMethod>,
    /// Whether a request token of the account's AuthKey proves the names (DV).
    pub use_auth_key: bool,
    pub custom_fields: Vec<(u64, String)>,
    /// Addresses that get mail too.
    pub additional_emails: Vec<String>,
    pub alternative_order_id: Option<String>,
    pub disable_renewal_notifications: bool,
    pub disable_issuance_email: bool,
    pub disable_ct: bool,
    /// 0 or 1.
    pub auto_renew: u8,
    pub auto_reissue: bool,
    pub payment_method: Option<String>,
    pub provisioning: Option<ProvisioningMethod>,
    pub ship_info: Option<ShipInfo>,
    /// What only shows up again.
    pub wishes: Wishes,
}

/// What came of work that was asked for: which order, which certificate, which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub order_id: u64,
    pub certificate_id: u64,
    /// The request, if one was made, and its status.
    pub request: Option<(u64, RequestStatus)>,
    /// Whether the work began (nothing waits for approval).
    pub started: bool,
}

/// Days before the end of an order from which it can be renewed, as the console offers it.
const RENEWABLE_DAYS: i32 = 90;

/// Places the order.
pub fn place(
    account: &mut Account,
    context: &Context<'_>,
    new: NewOrder,
) -> Result<Outcome, Refusal> {
    let product = new.product;
    let container_id = container(account, context, new.container_id)?;
    let organization = organization(account, &new)?;
    let names = check_names(&new, organization)?;
    let (csr, key, made) = material::take_csr(&product, new.asked.csr.as_deref())?;
    let limit = allowed::limit(account, container_id, &product, context.actor.role);
    let signature_hash = material::hash(&product, limit, &new.asked)?;
    allowed::lifetime(limit, &new.asked)?;
    allowed::order_lifetime(limit, new.length, new.length_field)?;
    let ca_cert_id = material::intermediate(context.ca, &product, limit, key, &new.asked)?;
    let order_validity = new.length.unwrap_or(Length::Years(1));
    if !orderable(&product, context.today(), order_validity) {
        return Err(Refusal::InvalidValue(new.length_field.to_owned()));
    }
    not_past(context.today(), new.asked.validity, CERTIFICATE_END)?;
    within_order(context.today(), new.asked.validity, new.length)?;
    askable(product.family, context.today(), new.asked.validity)?;
    check_values(account, &new.custom_fields)?;
    check_required(account, &new.custom_fields)?;
    let renewal_of = renewed(account, context, &new)?;
    let delivered = allowed::provisioning(account, &product, new.provisioning, None)?;
    material::token(delivered, new.asked.server_platform, None)?;
    let method = dcv::method_for(&product, &names, new.dcv_method)?;
    let of_type = |kind: &str| new.contacts.iter().find(|(known, _)| known == kind);
    let organization_contact = of_type("organization_contact")
        .map(|(_, contact)| contact.clone())
        .or_else(|| organization.map(|org| org.contact.clone()));
    let organization_id = organization.map(|org| org.id);
    let organization_name = organization.map(|org| org.name.clone());

    let is_by_auth_key = new.use_auth_key && product.validation == Validation::Dv;
    let by_auth_key = is_by_auth_key.then(|| names.clone());
    let order_id = account.next_order_id();
    let certificate_id = account.next_certificate_id();
    let is_multi_year_plan = match order_validity {
        Length::Years(years) => years > 1,
        Length::Days(days) => days > 398,
        Length::Until(until) => i64::from((until - context.today()).get_days()) > 398,
    };
    let certificate = Certificate {
        id: certificate_id,
        kind: CertificateKind::First,
        state: CertificateState::Requested,
        archived: false,
        common_name: common_name(&new, &names, organization_name.as_deref()),
        dns_names: names,
        emails: new.asked.emails.clone().into(),
        csr,
        key,
        material: made,
        signature_hash,
        server_platform: new.asked.server_platform.unwrap_or(-1),
        ca_cert_id: ca_cert_id.into(),
        profile_option: new.asked.profile_option.clone(),
        rsassa_pss: new.asked.rsassa_pss,
        mail: new.asked.mail.clone(),
        validity: new.asked.validity.or(Some(order_validity)),
        date_created: context.now,
        date_issued: None,
        valid_from: None,
        valid_till: None,
        serial: material::serial(account.seed, certificate_id),
        user_id: context.actor.user_id,
        signed: crate::sandbox::model::Lazy::empty(),
    };
    let custom_fields = new
        .custom_fields
        .iter()
        .map(|(metadata_id, value)| FieldValue {
            id: account.next_other_id(),
            metadata_id: *metadata_id,
            value: value.clone(),
        })
        .collect();
    account.add_order(Order {
        id: order_id,
        status: OrderStatus::NeedsApproval,
        status_changed: context.now,
        product,
        container_id,
        organization_id,
        user_id: context.actor.user_id,
        approver_id: None,
        date_created: context.now,
        order_validity,
        order_valid_till: None,
        is_multi_year_plan,
        certificates: vec![certificate],
        primary: 0,
        requests: Vec::new(),
        renewal_of,
        renewed_by: None,
        is_renewed: false,
        is_migrated: false,
        notes: Seldom::default(),
        custom_fields,
        additional_emails: new.additional_emails.into(),
        alternative_order_id: new.alternative_order_id,
        disable_renewal_notifications: new.disable_renewal_notifications,
        disable_issuance_email: new.disable_issuance_email,
        disable_ct: new.disable_ct,
        auto_renew: new.auto_renew,
        auto_reissue: new.auto_reissue && is_multi_year_plan,
        price_cents: price(product, order_validity),
        payment_method: new
            .payment_method
            .map_or(Cow::Borrowed("balance"), Cow::Owned),
        dcv: Seldom::default(),
        dcv_method: method,
        organization_contact: organization_contact.map(Arc::new),
        contacts: new.contacts.into(),
        provisioning: delivered,
        ship_info: new.ship_info.map(Box::new),
        last_reissued: None,
        is_slow: order_id % 3 == 2,
        lists_primary: false,
        wishes: (new.wishes != Wishes::default()).then(|| Box::new(new.wishes)),
        revocations: Seldom::default(),
    });
    if let Some(names) = by_auth_key {
        dcv::ask_anew(account, order_id, &names, context.now);
        dcv::prove_by_auth_key(account, order_id, context.now);
    }
    if let Some(old) = renewal_of.and_then(|id| account.order_mut(id)) {
        old.is_renewed = true;
        old.renewed_by = Some(order_id);
    }
    Ok(start(
        account,
        context,
        order_id,
        certificate_id,
        RequestKind::NewRequest,
        OrderStatus::NeedsApproval,
        new.comments,
        new.skip_approval,
    ))
}

/// Makes the request if one is needed, and begins the work if nobody has to approve it.
#[expect(
    clippy::too_many_arguments,
    reason = "each is one fact of the request; a struct for one caller kind says no more"
)]
pub fn start(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    certificate_id: u64,
    kind: RequestKind,
    waiting: OrderStatus,
    comments: Option<String>,
    skip_approval: bool,
) -> Outcome {
    let approval = account
        .order(order_id)
        .and_then(|order| account.container(order.container_id))
        .map_or(crate::sandbox::model::Approval::Off, |container| {
            container.approval
        });
    let way = way(approval, context.actor.role, skip_approval);
    issue::set_status(account, order_id, waiting, context.now);
    let request = match way {
        Way::NoRequest => None,
        Way::Approved => Some(RequestStatus::Approved),
        Way::Wait(status) => Some(status),
    }
    .map(|status| {
        let id = account.next_request_id();
        let done = status == RequestStatus::Approved;
        account.add_request(Request {
            id,
            order_id,
            kind,
            status,
            date: context.now,
            date_processed: done.then_some(context.now),
            requester: context.actor.user_id,
            reviewer: None,
            processor: done.then_some(context.actor.user_id),
            comments: comments.map(Cow::Owned),
            processor_comment: None,
            certificate_id: Some(certificate_id),
            order_status: waiting,
            revocation_reason: None,
            two_step: status == RequestStatus::Submitted,
        });
        (id, status)
    });
    let started = !matches!(way, Way::Wait(_));
    if started {
        if let Some(order) = account.order_mut(order_id) {
            order.approver_id.get_or_insert(context.actor.user_id);
        }
        issue::proceed(
            account,
            order_id,
            certificate_id,
            context.now,
            context.issue_delay,
        );
    }
    Outcome {
        order_id,
        certificate_id,
        request,
        started,
    }
}

fn container(account: &Account, context: &Context<'_>, asked: Option<u64>) -> Result<u64, Refusal> {
    let own = account
        .user(context.actor.user_id)
        .map(|user| user.container_id);
    let id = asked
        .or(own)
        .or(account.containers.first().map(|root| root.id))
        .ok_or(Refusal::NotFound("container"))?;
    match account.container(id) {
        Some(container) if container.is_active => Ok(id),
        Some(_) | None => Err(Refusal::InvalidValue("container.id".to_owned())),
    }
}

fn organization<'a>(
    account: &'a Account,
    new: &NewOrder,
) -> Result<Option<&'a Organization>, Refusal> {
    let needed =
        new.product.validation.organization().is_some() || new.product.family == Family::PrivateTls;
    match new.organization_id {
        _ if new.product.kind == "dv_ssl_certificate" => Ok(None),
        None if needed => Err(Refusal::Required(vec!["organization.id".to_owned()])),
        None => Ok(None),
        Some(id) => match account.organization(id) {
            Some(organization) if organization.is_active => Ok(Some(organization)),
            Some(_) => Err(Refusal::InvalidValue("organization.id".to_owned())),
            None => Err(Refusal::NotFound("organization")),
        },
    }
}

fn check_names(
    new: &NewOrder,
    organization: Option<&Organization>,
) -> Result<Vec<String>, Refusal> {
    if !new.product.is_tls() && new.product.family != Family::Vmc {
        return Ok(Vec::new());
    }
    names::wanted(
        &new.product,
        new.asked.common_name.as_deref(),
        new.asked.dns_names.as_deref(),
        organization.map(|org| &*org.name),
    )
}

fn common_name(new: &NewOrder, names: &[String], organization: Option<&str>) -> Option<String> {
    if let Some(mail) = &new.asked.mail {
        return mail.common_name(&new.asked.emails, organization);
    }
    match new.product.family {
        Family::PublicTls | Family::PrivateTls => names.first().cloned(),
        Family::Client if new.product.proves_addresses() => new.asked.emails.first().cloned(),
        Family::Client | Family::SecureEmail => new
            .asked
            .common_name
            .clone()
            .or_else(|| new.asked.emails.first().cloned()),
        // A person's, where there is no organization.
        Family::Document if organization.is_none() => new.asked.common_name.clone(),
        Family::CodeSigning | Family::Document | Family::Vmc => None,
    }
}

/// Checks values against the types of their fields.
pub fn check_values(account: &Account, values: &[(u64, String)]) -> Result<(), Refusal> {
    for (id, value) in values {
        let field = account.field(*id).ok_or(Refusal::NotFound("metadata"))?;
        let fits = match field.data_type.as_deref() {
            Some("int") => value.trim().parse::<i64>().is_ok(),
            Some("email_address") => value.contains('@'),
            Some("email_list") => value.split(',').all(|mail| mail.contains('@')),
            Some(_) | None => true,
        };
        if !fits || value.trim().is_empty() {
            return Err(Refusal::CustomField(field.label.clone()));
        }
    }
    Ok(())
}

/// An order brings a value for each field that must have one.
fn check_required(account: &Account, values: &[(u64, String)]) -> Result<(), Refusal> {
    match account
        .fields
        .iter()
        .find(|f| f.is_required && f.is_active && !values.iter().any(|(id, _)| *id == f.id))
    {
        Some(field) => Err(Refusal::Required(vec![format!(
            "custom_fields.{}",
            field.label
        )])),
        None => Ok(()),
    }
}

fn renewed(
    account: &Account,
    context: &Context<'_>,
    new: &NewOrder,
) -> Result<Option<u64>, Refusal> {
    let thumbprint = new
        .renewed_thumbprint
        .as_ref()
        .map(|t| t.replace([':', ' '], "").to_uppercase());
    let old = match (new.renewal_of, &thumbprint) {
        (Some(id), _) => account.order(id),
        // The documentation wants the primary certificate's; an older one or a duplicate's renews nothing.
        (None, Some(thumbprint)) => account
            .find_thumbprint(thumbprint)
            .filter(|(order, certificate_id)| order.primary().id == *certificate_id)
            .map(|(order, _)| order),
        (None, None) => return Ok(None),
    };
    let old = old
        .filter(|order| context.actor.sees(order))
        .ok_or(Refusal::NotEligibleForRenewal)?;
    let rest = status::order_end(old).map(|end| (end - context.today()).get_days());
    let in_window = rest.is_none_or(|rest| (0..=RENEWABLE_DAYS).contains(&rest));
    match old.status {
        OrderStatus::Issued | OrderStatus::ReissuePending if old.is_renewed => {
            Err(Refusal::RenewedAlready)
        }
        _ if !in_window || old.product.family != new.product.family => {
            Err(Refusal::NotEligibleForRenewal)
        }
        OrderStatus::Issued | OrderStatus::ReissuePending => Ok(Some(old.id)),
        OrderStatus::NeedsApproval
        | OrderStatus::Pending
        | OrderStatus::Processing
        | OrderStatus::WaitingPickup
        | OrderStatus::Expired
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected => Err(Refusal::NotEligibleForRenewal),
    }
}

fn price(product: ProductRef, length: Length) -> u64 {
    match length {
        Length::Years(years) => product.year_cents * u64::from(years),
        Length::Days(_) | Length::Until(_) => product.year_cents,
    }
}
