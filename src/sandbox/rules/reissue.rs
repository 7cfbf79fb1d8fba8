//! Another certificate in place of the primary one; or, on request, as a duplicate that may wait for validation.

use super::duplicate::{add, next_sub_id};
use super::limits::{CERTIFICATE_END, askable, not_past};
use super::place::{Outcome, start};
use super::{Asked, Context, Refusal, allowed, dcv, material, names, status};
use crate::sandbox::model::{
    Account, Certificate, CertificateKind, CertificateState, DcvMethod, Lazy, Length, OrderStatus,
    ProvisioningMethod, RequestKind, ShipInfo,
};
use crate::sandbox::tables::{Family, Names, Validation};

/// A reissue as the client asks for it.
#[derive(Debug, Clone)]
pub struct Reissue {
    pub asked: Asked,
    pub comments: Option<String>,
    /// Skip the approval step.
    pub skip_approval: bool,
    pub dcv_method: Option<DcvMethod>,
    /// Whether a request token of the account's AuthKey proves the names (DV).
    pub use_auth_key: bool,
    /// Store the result as a duplicate (public TLS only, ignored elsewhere).
    pub as_duplicate: bool,
    /// How it is delivered; the order keeps it.
    pub provisioning: ProvisioningMethod,
    pub ship_info: Option<ShipInfo>,
}

/// Asks for a reissue. The order is visible to the caller.
pub fn reissue(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    wanted: Reissue,
) -> Result<Outcome, Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    match status::shown(order, context.today()) {
        OrderStatus::Issued => {}
        OrderStatus::ReissuePending => return Err(Refusal::ReissuePending),
        other => return Err(Refusal::OrderStatus(other.id())),
    }
    let asked = &wanted.asked;
    // Only plans may choose; everybody else gets what is left.
    let validity = asked.validity.filter(|_| order.is_multi_year_plan);
    not_past(context.today(), validity, CERTIFICATE_END)?;
    askable(order.product.family, context.today(), validity)?;
    if matches!(validity, Some(Length::Years(years)) if years != 1) {
        return Err(Refusal::InvalidValue(
            "certificate.cert_validity.years".to_owned(),
        ));
    }
    let original = order.primary();
    material::token(
        wanted.provisioning,
        asked.server_platform,
        Some(original.server_platform),
    )?;
    let (csr, key, made) = material::take_csr(&order.product, asked.csr.as_deref())?;
    let organization = order
        .organization_id
        .and_then(|id| account.organization(id));
    let (common_name, dns_names) = match order.product.names {
        Names::None => {
            let named = match &asked.mail {
                Some(mail) => mail.common_name(&asked.emails, organization.map(|o| &*o.name)),
                None => asked.common_name.clone(),
            };
            (named.or_else(|| original.common_name.clone()), Vec::new())
        }
        Names::One | Names::Many | Names::Wildcard | Names::Flex => {
            let is_mark = order.product.family == Family::Vmc;
            let kept = is_mark.then_some(original.dns_names.as_slice());
            let all = names::wanted(
                &order.product,
                asked.common_name.as_deref(),
                asked.dns_names.as_deref().or(kept),
                organization.map(|org| &*org.name),
            )?;
            (all.first().filter(|_| !is_mark).cloned(), all)
        }
    };
    // An address that is new to the order changes nothing of how its other names are proven.
    let method = match wanted.dcv_method {
        None if !order.dcv_method.is_file() => order.dcv_method,
        asked => dcv::method_for(&order.product, &dns_names, asked.or(Some(order.dcv_method)))?,
    };
    let limit = allowed::limit(
        account,
        order.container_id,
        &order.product,
        context.actor.role,
    );
    let signature_hash = material::hash(&order.product, limit, asked)?;
    let ca_cert_id = material::intermediate(context.ca, &order.product, limit, key, asked)?;
    let as_duplicate = wanted.as_duplicate && order.product.family == Family::PublicTls;
    let certificate = Certificate {
        id: 0,
        kind: if as_duplicate {
            CertificateKind::Duplicate(next_sub_id(order))
        } else {
            CertificateKind::Reissue
        },
        state: CertificateState::Requested,
        archived: false,
        common_name,
        dns_names,
        emails: if asked.emails.is_empty() {
            original.emails.clone()
        } else {
            asked.emails.clone().into()
        },
        csr,
        key,
        material: made,
        signature_hash,
        server_platform: asked.server_platform.unwrap_or(original.server_platform),
        ca_cert_id: ca_cert_id.into(),
        profile_option: asked
            .profile_option
            .clone()
            .or_else(|| original.profile_option.clone()),
        rsassa_pss: asked.rsassa_pss,
        mail: asked.mail.clone(),
        validity,
        date_created: context.now,
        date_issued: None,
        valid_from: None,
        valid_till: None,
        serial: original.serial,
        user_id: context.actor.user_id,
        signed: Lazy::empty(),
    };
    let is_dv = order.product.validation == Validation::Dv;
    let names = certificate.dns_names.clone();
    let certificate_id = add(account, order_id, certificate);
    if let Some(order) = account.order_mut(order_id) {
        order.provisioning = wanted.provisioning;
        order.dcv_method = method;
        if wanted.ship_info.is_some() {
            order.ship_info = wanted.ship_info.map(Box::new);
        }
    }
    if is_dv {
        dcv::ask_anew(account, order_id, &names, context.now);
        if wanted.use_auth_key {
            dcv::prove_by_auth_key(account, order_id, context.now);
        }
    }
    Ok(start(
        account,
        context,
        order_id,
        certificate_id,
        RequestKind::Reissue,
        OrderStatus::ReissuePending,
        wanted.comments,
        wanted.skip_approval,
    ))
}
