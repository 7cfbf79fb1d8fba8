//! Proof of control over names. The sandbox looks nothing up: the first check of a name finds nothing, the second
//! finds the value, and a name with a label `never` is never found. A mail's link is clicked after half a minute.

use jiff::{SignedDuration, Timestamp};

use super::names::is_address;
use super::{Refusal, issue};
use crate::sandbox::model::{Account, Certificate, Dcv, DcvMethod, Domain, Order};
use crate::sandbox::rules::material;
use crate::sandbox::tables::{Family, Product, Validation};

/// How long a proof may be used again.
const REUSE: SignedDuration = SignedDuration::from_hours(199 * 24);
/// How long a token lasts.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// When the link of a validation mail is clicked.
const CLICK: SignedDuration = SignedDuration::from_secs(30);

/// The names whose control has to be proven for a certificate: its own, or where an organization answers for its people the domains of
/// their addresses.
pub fn to_prove(product: &Product, certificate: &Certificate) -> Vec<String> {
    match (product.family, product.validation) {
        (Family::PublicTls | Family::Vmc, _) => certificate.dns_names.clone(),
        (_, Validation::Smime) => {
            let mut domains: Vec<String> = certificate
                .emails
                .iter()
                .map(|mail| mail_domain(mail))
                .collect();
            domains.sort();
            domains.dedup();
            domains
        }
        _ => Vec::new(),
    }
}

/// The domain of an e-mail address.
pub fn mail_domain(address: &str) -> String {
    let domain = address.rsplit('@').next().unwrap_or_default();
    domain.trim().to_lowercase()
}

/// Those of them whose control is not proven, neither on the account nor on the order.
pub fn unproven(
    account: &Account,
    order: &Order,
    certificate: &Certificate,
    now: Timestamp,
) -> Vec<String> {
    let mut names = to_prove(&order.product, certificate);
    names.retain(|name| !is_proven(account, order, name, now));
    names
}

fn is_proven(account: &Account, order: &Order, name: &str, now: Timestamp) -> bool {
    let own = order.dcv.iter().find(|(asked, _)| asked == name);
    if own.is_some_and(|(_, dcv)| dcv.is_valid(now)) {
        return true;
    }
    // A DV product proves each order and each reissue anew; a duplicate of one that is issued asks for no proof.
    let reuses = order.product.validation != Validation::Dv
        || (own.is_none() && order.primary().state.was_issued());
    reuses && proven_on_account(account, name, now)
}

/// Whether a domain of the account proves the name.
pub fn proven_on_account(account: &Account, name: &str, now: Timestamp) -> bool {
    account
        .domains
        .iter()
        .any(|domain| domain.is_active && domain.covers(name) && domain.dcv.is_valid(now))
}

/// A random value that follows from seed and number.
pub fn token(seed: u64, number: u64) -> String {
    material::serial(seed ^ 0x00DC_00DC, number)
        .to_string()
        .to_lowercase()
}

/// A proof that was just asked for.
pub fn fresh(method: DcvMethod, token: String, now: Timestamp) -> Dcv {
    Dcv {
        method,
        token,
        token_date: now,
        checks: 0,
        approved: None,
        expires: None,
    }
}

/// By what a name is proven on an order of this method: nothing but a file is known for an address.
fn way_of(name: &str, method: DcvMethod) -> DcvMethod {
    if is_address(name) && !method.is_file() {
        DcvMethod::HttpToken
    } else {
        method
    }
}

/// The method of an order with these names: the one that is asked for, or what is left where every name is an address. A file proves no
/// wildcard, and nothing else an address; what is asked of both at once is not documented, and refused. A file of any name proves nothing
/// for a DV product (their order page lists the other methods).
pub fn method_for(
    product: &Product,
    names: &[String],
    asked: Option<DcvMethod>,
) -> Result<DcvMethod, Refusal> {
    let has_address = names.iter().any(|name| is_address(name));
    let is_wildcard = |name: &String| name.starts_with("*.");
    let has_wildcard = names.iter().any(is_wildcard);
    match asked {
        Some(DcvMethod::HttpTokenDynamic) if product.validation == Validation::Dv => {
            Err(Refusal::InvalidValue("dcv_method".to_owned()))
        }
        Some(method) if method.is_file() && has_wildcard && names.iter().all(is_wildcard) => {
            Err(Refusal::WildcardByFile)
        }
        Some(method) if method.is_file() && has_wildcard || !method.is_file() && has_address => {
            Err(Refusal::InvalidValue("dcv_method".to_owned()))
        }
        Some(method) => Ok(method),
        None if has_address && names.iter().all(|name| is_address(name)) => {
            Ok(DcvMethod::HttpToken)
        }
        None => Ok(DcvMethod::Email),
    }
}

/// Asks for proof of these names on an order; names that were asked for before keep their token. With an organization, the
/// account gets a domain for each name that none covers yet: clients prove it there as well (`domains` of the answer).
pub fn ask_for(account: &mut Account, order_id: u64, names: &[String], now: Timestamp) {
    let seed = account.seed;
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    let method = order.dcv_method;
    for name in names {
        if !order.dcv.iter().any(|(asked, _)| asked == name) {
            let dcv = fresh(way_of(name, method), token(seed, order_id), now);
            order.dcv.push((name.clone(), dcv));
        }
    }
    let kind = order.product.validation.organization();
    let (organization_id, container_id) = (order.organization_id, order.container_id);
    if let (Some(kind), Some(_)) = (kind, organization_id) {
        for name in names {
            if is_address(name) || account.domains.iter().any(|domain| domain.covers(name)) {
                continue;
            }
            let id = account.next_other_id();
            account.domains.push(Domain {
                id,
                name: base(name).to_owned(),
                is_active: true,
                date_created: now,
                organization_id,
                container_id,
                validation_types: vec![kind],
                dcv: fresh(method, token(seed, order_id), now),
                locking: None,
            });
        }
    }
    if method == DcvMethod::Email {
        account.look_again(now.checked_add(CLICK).unwrap_or(now), order_id);
    }
}

/// Asks for proof of these names whatever was proven before.
pub fn ask_anew(account: &mut Account, order_id: u64, names: &[String], now: Timestamp) {
    if let Some(order) = account.order_mut(order_id) {
        order.dcv.clear();
    }
    ask_for(account, order_id, names, now);
}

/// The request token of the account's AuthKey stands for each of an order's names that are asked for: they are proven. OV and
/// EV products take no such token (page *Order DV SSL*).
pub fn prove_by_auth_key(account: &mut Account, order_id: u64, now: Timestamp) {
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    for (name, dcv) in &mut order.dcv {
        if !is_never(name) {
            approve(dcv, now);
        }
    }
}

/// The domain that the account keeps for a name.
fn base(name: &str) -> &str {
    let name = name.strip_prefix("*.").unwrap_or(name);
    name.strip_prefix("www.").unwrap_or(name)
}

/// What was proven on an order counts for the account's domain of that name too.
fn carry_over(account: &mut Account, names: &[String], now: Timestamp) {
    for name in names {
        for domain in &mut account.domains {
            if domain.name == base(name) && !domain.dcv.is_valid(now) {
                approve(&mut domain.dcv, now);
            }
        }
    }
}

/// Whether a check made now finds the value; counts it.
fn check_one(name: &str, dcv: &mut Dcv, now: Timestamp) -> bool {
    dcv.checks += 1;
    let found = dcv.method.uses_token() && dcv.checks >= 2 && !is_never(name);
    if found {
        approve(dcv, now);
    }
    dcv.is_valid(now)
}

fn approve(dcv: &mut Dcv, now: Timestamp) {
    dcv.approved = Some(now);
    dcv.expires = now.checked_add(REUSE).ok();
}

/// Whether the name is one of those that are never proven.
pub fn is_never(name: &str) -> bool {
    name.split('.').any(|label| label == "never")
}

/// Checks the names of an order, or those asked for. Returns each with whether it is proven.
pub fn check_order(
    account: &mut Account,
    order_id: u64,
    only: &[String],
    now: Timestamp,
) -> Result<Vec<(String, bool)>, Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    let asked_for = |name: &String| {
        order.certificates.iter().any(|c| {
            let domains = to_prove(&order.product, c);
            c.has_name(name) || domains.iter().any(|own| own.eq_ignore_ascii_case(name))
        })
    };
    if !only.iter().all(asked_for) {
        return Err(Refusal::InvalidValue("dns_names_validations".to_owned()));
    }
    let reuses = order.product.validation != Validation::Dv;
    let on_account: Vec<String> = order
        .dcv
        .iter()
        .filter(|(name, _)| reuses && proven_on_account(account, name, now))
        .map(|(name, _)| name.clone())
        .collect();
    let Some(order) = account.order_mut(order_id) else {
        return Err(Refusal::NotFound("order"));
    };
    let results: Vec<(String, bool)> = order
        .dcv
        .iter_mut()
        .filter(|(name, _)| {
            only.is_empty() || only.iter().any(|asked| asked.eq_ignore_ascii_case(name))
        })
        .map(|(name, dcv)| {
            let found = dcv.is_valid(now) || on_account.contains(name) || check_one(name, dcv, now);
            (name.clone(), found)
        })
        .collect();
    let found: Vec<String> = results
        .iter()
        .filter(|(_, found)| *found)
        .map(|(name, _)| name.clone())
        .collect();
    let by_file = |name: &String| {
        let mut asked = order.dcv.iter();
        asked.any(|(known, dcv)| known == name && dcv.method.is_file())
    };
    let no_file = results.iter().any(|(name, found)| !found && by_file(name));
    if reuses {
        carry_over(account, &found, now);
    }
    if no_file {
        return Err(Refusal::FileValueNotFound);
    }
    Ok(results)
}

/// Once nothing is asked for on an order any more, its validation is over.
fn waits(order: &Order) -> Result<(), Refusal> {
    if order.certificates.iter().any(|c| issue::is_open(c.state)) {
        Ok(())
    } else {
        Err(Refusal::OrderStatus(order.status.id()))
    }
}

/// Changes the method of an order's open proofs and makes a new token.
pub fn change_method(
    account: &mut Account,
    order_id: u64,
    method: DcvMethod,
    now: Timestamp,
) -> Result<String, Refusal> {
    let seed = account.seed;
    let Some(order) = account.order_mut(order_id) else {
        return Err(Refusal::NotFound("order"));
    };
    waits(order)?;
    let names: Vec<String> = order
        .certificates
        .iter()
        .flat_map(|certificate| certificate.dns_names.clone())
        .collect();
    order.dcv_method = method_for(&order.product, &names, Some(method))?;
    let value = token(seed, order_id ^ now.as_second().cast_unsigned());
    for (_, dcv) in &mut order.dcv {
        if !dcv.is_valid(now) {
            *dcv = fresh(method, value.clone(), now);
        }
    }
    if method == DcvMethod::Email {
        account.look_again(now.checked_add(CLICK).unwrap_or(now), order_id);
    }
    Ok(value)
}

/// The random value of an order's open proofs and its last moment; one that has ended is made anew.
pub fn order_token(
    account: &mut Account,
    order_id: u64,
    now: Timestamp,
) -> Result<(String, Timestamp), Refusal> {
    let seed = account.seed;
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    waits(order)?;
    let until = |dcv: &Dcv| dcv.token_date.checked_add(TOKEN_LIFE).unwrap_or(now);
    let open = order.dcv.iter_mut().map(|(_, dcv)| dcv);
    let (mut open, by_mail): (Vec<&mut Dcv>, Vec<&mut Dcv>) = open
        .filter(|dcv| !dcv.is_valid(now))
        .partition(|dcv| dcv.method.uses_token());
    if open.is_empty() && !by_mail.is_empty() {
        return Err(Refusal::InvalidValue("dcv_method".to_owned()));
    }
    if open.is_empty() {
        // Nothing waits for a proof: there is no value to tell.
        return Err(Refusal::OrderStatus(order.status.id()));
    }
    if let Some(dcv) = open.iter().find(|dcv| until(dcv) > now) {
        return Ok((dcv.token.clone(), until(dcv)));
    }
    let value = token(seed, order_id ^ now.as_second().cast_unsigned());
    for dcv in &mut open {
        **dcv = fresh(dcv.method, value.clone(), now);
    }
    Ok((value, now.checked_add(TOKEN_LIFE).unwrap_or(now)))
}

/// Sends the mails of an order's open proofs again; their links are clicked like those of the first ones.
pub fn mail_again(account: &mut Account, order_id: u64, now: Timestamp) -> Result<(), Refusal> {
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    waits(order)?;
    if order.dcv_method != DcvMethod::Email {
        return Err(Refusal::InvalidValue("dcv_method".to_owned()));
    }
    for (_, dcv) in &mut order.dcv {
        if !dcv.is_valid(now) {
            dcv.token_date = now;
        }
    }
    account.look_again(now.checked_add(CLICK).unwrap_or(now), order_id);
    Ok(())
}

/// Checks the proof of a domain of the account.
pub fn check_domain(domain: &mut Domain, now: Timestamp) -> Result<(), Refusal> {
    let file = domain.dcv.method.is_file();
    let name = domain.name.clone();
    if check_one(&name, &mut domain.dcv, now) {
        Ok(())
    } else if file {
        Err(Refusal::FileValueNotFound)
    } else {
        Err(Refusal::InvalidDnsTxt)
    }
}

/// Approves the mails of an order whose links were clicked by `now`.
pub fn links_clicked(account: &mut Account, order_id: u64, now: Timestamp) {
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    let reuses = order.product.validation != Validation::Dv;
    let mut clicked = Vec::new();
    for (name, dcv) in &mut order.dcv {
        let waited = now.duration_since(dcv.token_date) >= CLICK;
        if dcv.method == DcvMethod::Email && dcv.approved.is_none() && waited && !is_never(name) {
            approve(dcv, now);
            clicked.push(name.clone());
        }
    }
    if reuses {
        carry_over(account, &clicked, now);
    }
}

/// The random value of an order's open proofs, when it waits for token validation.
pub fn open_token(order: &Order, now: Timestamp) -> Option<&Dcv> {
    order
        .dcv
        .iter()
        .map(|(_, dcv)| dcv)
        .find(|dcv| dcv.method.uses_token() && !dcv.is_valid(now))
}
