//! Domains and the proof of control over them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::filters::TextTest;
use super::orders::asked::{dcv_method, invalid};
use super::orders::wishes::locale;
use super::organizations::kinds;
use super::paging::{Page, sort_keys};
use super::proofs::{expiration, mails};
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, DcvMethod, Domain, Locking, ValidationType};
use crate::sandbox::rules::Refusal;
use crate::sandbox::rules::dcv::{TOKEN_LIFE, check_domain, fresh, is_never, token as new_token};
use crate::sandbox::rules::issue;
use crate::sandbox::rules::names::is_dns_name;

fn find<'a>(account: &'a Account, call: &Call) -> Result<&'a Domain, ApiError> {
    account
        .domain(call.id(0, "domain")?)
        .ok_or(ApiError::Refused(Refusal::NotFound("domain")))
}

fn change<T>(
    desk: &Desk,
    call: &Call,
    change: impl FnOnce(&mut Domain, u64) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let id = find(&desk.read(), call)?.id;
    let mut account = desk.write();
    let seed = account.seed;
    let domain = account.domains.iter_mut().find(|domain| domain.id == id);
    change(domain.ok_or(Refusal::NotFound("domain"))?, seed)
}

/// `GET /domain`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let query = &call.query;
    let state = query.filter("status").first().copied();
    let method = query.filter("dcv_method").first().copied();
    let validation = query.filter("validation").first().copied();
    let search: Vec<TextTest> = query
        .filter("search")
        .into_iter()
        .map(TextTest::read)
        .collect();
    let container = query.number("container_id")?;
    let mut found: Vec<&Domain> = account
        .domains
        .iter()
        .filter(|domain| match state {
            Some("active") => domain.is_active,
            Some("inactive") => !domain.is_active,
            Some(_) | None => true,
        })
        .filter(|domain| method.is_none_or(|method| domain.dcv.method.id() == method))
        .filter(|domain| validation.is_none_or(|word| validated(domain, word, call.now)))
        .filter(|domain| search.is_empty() || search.iter().any(|test| test.passes(&domain.name)))
        .filter(|domain| container.is_none_or(|id| domain.container_id == id))
        .collect();
    for (name, down) in sort_keys(query).iter().rev() {
        found.sort_by(|a, b| {
            let order = match name.as_str() {
                "id" => a.id.cmp(&b.id),
                "name" => a.name.cmp(&b.name),
                "date_created" => a.date_created.cmp(&b.date_created),
                _ => std::cmp::Ordering::Equal,
            };
            if *down { order.reverse() } else { order }
        });
    }
    let page = Page::read(query)?;
    let with_validation = with_validations(call)?;
    let as_moments = query.flag("include_dcv_expiration_time")?;
    // Inside of `filters[]` here, and bare where one domain is asked for.
    let reuse = query.filter("include_validation_reuse_status");
    let reuse = (reuse.first() == Some(&"true")).then_some(call.now);
    let rows = page
        .of(&found)
        .iter()
        .map(|domain| {
            let object = object(&account, domain, call)
                .maybe("dcv_approval_datetime", domain.dcv.approved.map(stamp))
                .maybe("dcv_expiration", expiration(domain, as_moments, reuse));
            if with_validation {
                object.list("validations", validations(&account, domain, call))
            } else {
                object
            }
            .into()
        })
        .collect();
    Ok(Reply::ok(
        Object::new()
            .list("domains", rows)
            .with("page", page.object(found.len())),
    ))
}

/// Whether the proof is in the state that `filters[validation]` names; an unknown word finds everything.
fn validated(domain: &Domain, word: &str, now: Timestamp) -> bool {
    let word = word.trim_start_matches("ov_").trim_start_matches("ev_");
    let days = |days: i64| SignedDuration::from_hours(days * 24);
    let left = domain
        .dcv
        .expires
        .filter(|_| domain.dcv.approved.is_some())
        .map(|until| until.duration_since(now));
    let within =
        |from: i64, to: i64| left.is_some_and(|left| left >= days(from) && left <= days(to));
    match word {
        "completed" => domain.dcv.is_valid(now),
        "expired" => left.is_some_and(|left| left.is_negative()),
        "expiring" => within(0, 90),
        "expired_in_last_7_days" => within(-7, 0),
        "expiring_within_7_days" => within(0, 7),
        "expiring_within_30_days" => within(0, 30),
        "expiring_within_60_days" => within(0, 60),
        "expiring_from_31_to_60_days" => within(31, 60),
        "expiring_from_61_to_90_days" => within(61, 90),
        "shortened_by_industry_changes" => false,
        _ => true,
    }
}

fn object(account: &Account, domain: &Domain, call: &Call) -> Object {
    let valid = domain.dcv.is_valid(call.now);
    let organization = domain
        .organization_id
        .and_then(|id| account.organization(id))
        .map(|org| {
            // A flag as text, only here.
            json!({
                "id": org.id,
                "status": if org.is_active { "active" } else { "inactive" },
                "name": org.name,
                "assumed_name": org.assumed_name.clone().unwrap_or_default(),
                "display_name": org.display_name(),
                "is_active": if org.is_active { "1" } else { "0" },
            })
        });
    Object::new()
        .with("id", domain.id)
        .with("name", domain.name.clone())
        .with("is_active", domain.is_active)
        .with("status", if valid { "approved" } else { "pending" })
        .with("is_pending_validation", !valid)
        .with("date_created", stamp(domain.date_created))
        .with("last_submitted_datetime", stamp(domain.dcv.token_date))
        .with("dcv_method", domain.dcv.method.id())
        .maybe("organization", organization)
        .maybe("container", views::container(account, domain.container_id))
        .with("base_domain", domain.name.clone())
        .maybe("domain_locking_status", domain.locking.map(Locking::id))
        .maybe(
            "account_token",
            domain.locking.map(|_| new_token(account.seed, account.id)),
        )
}

/// The validations come unasked, as in the documentation's example of today; only a client that asks for none gets none.
fn with_validations(call: &Call) -> Result<bool, ApiError> {
    let asked = call.query.flag_if_said("include_validation")?;
    Ok(asked.unwrap_or(true))
}

fn validations(account: &Account, domain: &Domain, call: &Call) -> Vec<Value> {
    let organization = domain
        .organization_id
        .and_then(|id| account.organization(id));
    domain
        .validation_types
        .iter()
        .map(|kind| {
            let dcv = domain.dcv.is_valid(call.now);
            let org = organization.is_some_and(|org| org.is_validated_for(*kind, call.now));
            let expired = domain.dcv.approved.is_some() && !dcv;
            let status = match (dcv && org, expired) {
                (true, _) => "active",
                (false, true) => "expired",
                (false, false) => "pending",
            };
            Object::new()
                .with("type", kind.id())
                .with("name", kind.name())
                .with("description", kind.description())
                .maybe("date_created", domain.dcv.approved.map(stamp))
                .maybe("validated_until", domain.dcv.expires.map(stamp))
                .with("status", status)
                .with("dcv_status", if dcv { "complete" } else { "pending" })
                .with("org_status", if org { "complete" } else { "pending" })
                .into()
        })
        .collect()
}

fn token_object(domain: &Domain, call: &Call) -> Value {
    let status = if domain.dcv.is_valid(call.now) {
        "active"
    } else {
        "pending"
    };
    let verification = match domain.dcv.method {
        DcvMethod::DnsCnameToken => format!("{}.dcv.digicert.com", domain.dcv.token),
        DcvMethod::Email
        | DcvMethod::DnsTxtToken
        | DcvMethod::HttpToken
        | DcvMethod::HttpTokenDynamic => domain.dcv.token.clone(),
    };
    token_parts(domain)
        .with("status", status)
        .with("verification_value", verification)
        .into()
}

/// The random value itself, until when it lasts, and where a file with it belongs.
fn token_parts(domain: &Domain) -> Object {
    let dcv = &domain.dcv;
    let file = match dcv.method {
        DcvMethod::HttpToken => Some("fileauth".to_owned()),
        // A name of its own for each random value.
        DcvMethod::HttpTokenDynamic => Some(dcv.token.chars().rev().take(16).collect()),
        DcvMethod::Email | DcvMethod::DnsTxtToken | DcvMethod::DnsCnameToken => None,
    };
    let url = file.map(|file| {
        format!(
            "http://{}/.well-known/pki-validation/{file}.txt",
            domain.name
        )
    });
    let until = dcv
        .token_date
        .checked_add(TOKEN_LIFE)
        .unwrap_or(dcv.token_date);
    Object::new()
        .with("token", dcv.token.clone())
        .with("expiration_date", stamp(until))
        .maybe("http_token_url", url)
}

/// `GET /domain/{id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let domain = find(&account, call)?;
    let mut answer = object(&account, domain, call);
    let reuse = call.query.flag("include_validation_reuse_status")?;
    let reuse = reuse.then_some(call.now);
    let as_moments = call.query.flag("include_dcv_expiration_time")?;
    if call.query.flag("include_dcv")? {
        answer = answer
            .maybe("dcv_approval_datetime", domain.dcv.approved.map(stamp))
            .maybe("dcv_expiration_datetime", domain.dcv.expires.map(stamp))
            .maybe("dcv_expiration", expiration(domain, as_moments, reuse))
            .maybe(
                "dcv_token",
                domain
                    .dcv
                    .method
                    .uses_token()
                    .then(|| token_object(domain, call)),
            );
    }
    if with_validations(call)? {
        answer = answer.list("validations", validations(&account, domain, call));
    }
    Ok(Reply::ok(answer))
}

/// `POST /domain`
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let name = body.must("name", body.text("name")?)?;
    let name = name.trim().to_lowercase();
    let name = name.strip_prefix("*.").unwrap_or(&name);
    let method = dcv_method(&body)?
        .or(body.word("dcv.method", DcvMethod::parse)?)
        .unwrap_or(DcvMethod::Email);
    // A file proves the very name that it is under.
    let name = if body.flag("keep_www")? || method.is_file() {
        name
    } else {
        name.strip_prefix("www.").unwrap_or(name)
    }
    .to_owned();
    if !is_dns_name(&name, false) {
        return Err(invalid("name"));
    }
    let validation_types = some_kinds(&body)?;
    let asked_container = body.id("container.id")?;
    let organization_id = body.must("organization.id", body.id("organization.id")?)?;
    mailing(&body)?;
    let mut account = desk.write();
    if account.domains.iter().any(|known| known.name == name) {
        return Err(Refusal::DomainExists(name).into());
    }
    if asked_container.is_some_and(|id| account.container(id).is_none()) {
        return Err(invalid("container.id"));
    }
    if account.organization(organization_id).is_none() {
        return Err(Refusal::NotFound("organization").into());
    }
    let own = account
        .user(call.actor.user_id)
        .map_or(0, |user| user.container_id);
    let id = account.next_other_id();
    let token = new_token(account.seed, id);
    let domain = Domain {
        id,
        name,
        is_active: true,
        date_created: call.now,
        organization_id: Some(organization_id),
        container_id: asked_container.unwrap_or(own),
        validation_types,
        dcv: fresh(method, token, call.now),
        locking: None,
    };
    let object = way(&domain, call);
    account.domains.push(domain);
    Ok(Reply::created(object))
}

/// What is to be validated: at least one kind.
fn some_kinds(body: &Body) -> Result<Vec<ValidationType>, ApiError> {
    let kinds = kinds(body)?;
    body.must("validations", Some(kinds).filter(|kinds| !kinds.is_empty()))
}

/// What says how mails are sent: nothing is mailed, so it is only checked.
fn mailing(body: &Body) -> Result<(), ApiError> {
    locale(body)?;
    body.text("name_scope")?;
    body.addresses("email_array")?;
    body.flag("send_dcv_email_flag")?;
    Ok(())
}

/// `GET /domain/{id}/validation`
pub fn validation(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let domain = find(&account, call)?;
    Ok(Reply::ok(
        Object::new().list("validations", validations(&account, domain, call)),
    ))
}

/// `POST /domain/{id}/validation`
pub fn submit(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let wanted = some_kinds(&body)?;
    let method = dcv_method(&body)?;
    mailing(&body)?;
    let answer = change(desk, call, |domain, seed| {
        for kind in wanted {
            if !domain.validation_types.contains(&kind) {
                domain.validation_types.push(kind);
            }
        }
        if !domain.dcv.is_valid(call.now) {
            domain.dcv = fresh(
                method.unwrap_or(domain.dcv.method),
                new_token(seed, domain.id ^ second(call)),
                call.now,
            );
        }
        Ok(way(domain, call))
    })?;
    Ok(Reply::created(answer))
}

/// The id, and by what the proof comes: a token or mails.
fn way(domain: &Domain, call: &Call) -> Object {
    let by_token = domain.dcv.method.uses_token();
    Object::new()
        .with("id", domain.id)
        .maybe("dcv_token", by_token.then(|| token_object(domain, call)))
        .maybe("validation_emails", (!by_token).then(|| mails(domain)))
}

/// The second of the call: another token each time.
fn second(call: &Call) -> u64 {
    call.now.as_second().cast_unsigned() << 20
}

/// `PUT /domain/{id}/dcv/method`; the older POST sends `method`.
pub fn method(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let method = dcv_method(&body)?.or(body.word("method", DcvMethod::parse)?);
    let method = body.must("dcv_method", method)?;
    mailing(&body)?;
    prove_by(desk, call, method)
}

/// `PUT /domain/{id}/dcv/cname`: the method DNS CNAME record by a call of its own, as one connector has it.
pub fn cname(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    call.json()?;
    prove_by(desk, call, DcvMethod::DnsCnameToken)
}

fn prove_by(desk: &Desk, call: &Call, method: DcvMethod) -> Result<Reply, ApiError> {
    let answer = change(desk, call, |domain, seed| {
        let mut dcv = fresh(method, new_token(seed, domain.id ^ second(call)), call.now);
        if domain.dcv.is_valid(call.now) {
            dcv.approved = domain.dcv.approved;
            dcv.expires = domain.dcv.expires;
        }
        domain.dcv = dcv;
        Ok(way(domain, call))
    })?;
    Ok(Reply::ok(answer))
}

/// `POST /domain/{id}/dcv/token`. The answer is flat, and shorter than the object of domain info (page "Generate domain DCV
/// random value").
pub fn token(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    kinds(&call.json()?)?;
    let answer = change(desk, call, |domain, seed| {
        if !domain.dcv.method.uses_token() {
            return Err(Refusal::NoToken.into());
        }
        domain.dcv.token = new_token(seed, domain.id ^ second(call));
        domain.dcv.token_date = call.now;
        domain.dcv.checks = 0;
        Ok(token_parts(domain))
    })?;
    Ok(Reply::created(answer))
}

/// `PUT /domain/{id}/dcv/validate-token`
pub fn check(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let (id, answer) = change(desk, call, |domain, _| {
        if !domain.dcv.method.uses_token() {
            return Err(Refusal::NoToken.into());
        }
        check_domain(domain, call.now)?;
        let answer = json!({ "token": domain.dcv.token, "status": "active" });
        Ok((domain.id, answer))
    })?;
    issue::wake(&mut desk.write(), id, call.now);
    desk.settle();
    Ok(Reply::ok(answer))
}

/// `GET /domain/{id}/dcv/emails`
pub fn emails(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    call.query.flag("consider_dcv_email_preferences")?;
    let account = desk.read();
    // By number or by name (page "Domain emails").
    let by_name = |domain: &&Domain| domain.name.eq_ignore_ascii_case(call.param(0));
    let domain = match account.domains.iter().find(by_name) {
        Some(domain) => domain,
        None => find(&account, call)?,
    };
    Ok(Reply::ok(mails(domain)))
}

/// `PUT /domain/{id}/dcv/emails`, and what clients knew before it: `POST` of the same, `POST /domain/{id}/validation/email`
pub fn send_emails(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    mailing(&call.json()?)?;
    change(desk, call, |domain, _| {
        if domain.dcv.method == DcvMethod::Email {
            domain.dcv.token_date = call.now;
        }
        Ok(())
    })?;
    Ok(Reply::no_content())
}

/// `PUT /domain/{id}/activate`, `/deactivate`
pub fn activate(desk: &Desk, call: &Call, active: bool) -> Result<Reply, ApiError> {
    change(desk, call, |domain, _| {
        domain.is_active = active;
        Ok(())
    })?;
    Ok(Reply::no_content())
}

/// `PUT /domain/{id}/activate-domain-locking`, `/deactivate-domain-locking`. It holds once the record that binds the domain to the
/// account was found.
pub fn lock(desk: &Desk, call: &Call, locked: bool) -> Result<Reply, ApiError> {
    change(desk, call, |domain, _| {
        domain.locking = Some(match (locked, domain.locking) {
            (false, _) => Locking::Disabled,
            (true, Some(Locking::Enabled)) => Locking::Enabled,
            (true, _) => Locking::Pending,
        });
        Ok(())
    })?;
    Ok(Reply::no_content())
}

/// `PUT /domain/{id}/caa`: looks for the record of the lock, and finds it unless the name is never proven.
pub fn check_lock(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    change(desk, call, |domain, _| {
        if domain.locking == Some(Locking::Pending) && !is_never(&domain.name) {
            domain.locking = Some(Locking::Enabled);
        }
        Ok(())
    })?;
    Ok(Reply::no_content())
}

/// `DELETE /domain/{id}`. A domain that an open order still has to prove is not deleted from under it: the order keeps the
/// proof of its own.
pub fn delete(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = find(&desk.read(), call)?.id;
    desk.write().domains.retain(|domain| domain.id != id);
    Ok(Reply::no_content())
}

/// `GET /domain/expiration-count`: all numbers are text (documentation page "Expiring domains count").
pub fn expiration_count(desk: &Desk, call: &Call) -> Reply {
    let account = desk.read();
    let count = |word: &str| {
        let found = account
            .domains
            .iter()
            .filter(|domain| validated(domain, word, call.now));
        found.count().to_string()
    };
    Reply::ok(json!({
        "number_of_expired_domains": count("expired"),
        "number_of_expiry_soon_domains": count("expiring_within_60_days"),
        "number_of_domains_affected_by_mozilla_policy": "0",
        "number_of_domains_recent_expired": count("expired_in_last_7_days"),
        "number_of_domains_expiring_within_30_days": count("expiring_within_30_days"),
        "number_of_domains_expiring_from_31_to_60_days": count("expiring_from_31_to_60_days"),
        "number_of_domains_expiring_from_61_to_90_days": count("expiring_from_61_to_90_days"),
    }))
}

/// `GET /domain/validation-type`
pub fn validation_types() -> Reply {
    let types: Vec<Value> = ValidationType::ALL
        .iter()
        .map(|kind| {
            json!({
                "type": kind.id(),
                "name": kind.name(),
                "description": kind.description(),
                "requires_user": matches!(kind, ValidationType::Ev | ValidationType::EvCs),
                "requires_dcv": matches!(kind, ValidationType::Ov | ValidationType::Ev | ValidationType::Smime),
            })
        })
        .collect();
    Reply::ok(json!({ "validation_types": types }))
}

/// `GET /domain/dcv/method`
pub fn methods() -> Reply {
    let methods: Vec<Value> = DcvMethod::ALL
        .iter()
        .map(|method| {
            let (display, description) = match method {
                DcvMethod::Email => ("Verification Email", "A mail with a link is sent"),
                DcvMethod::DnsTxtToken => ("DNS TXT Record", "A TXT record holds the random value"),
                DcvMethod::DnsCnameToken => {
                    ("DNS CNAME Record", "A CNAME record holds the random value")
                }
                DcvMethod::HttpToken => (
                    "HTTP Practical Demonstration",
                    "A file on the site holds the random value",
                ),
                DcvMethod::HttpTokenDynamic => (
                    "HTTP Practical Demonstration, own file name",
                    "A file named per token holds the random value",
                ),
            };
            json!({
                "name": method.id(),
                "display_name": display,
                "description": description,
                "default": *method == DcvMethod::Email,
            })
        })
        .collect();
    Reply::ok(json!({ "methods": methods }))
}
