//! What came of a small operation: by its answer, or by what the account shows after an answer was lost.

use super::Watch;
use crate::app::account::OrderData;
use crate::app::account::Own;
use crate::app::msg::Accepted;
use crate::domain::dcv::{DcvMethod, Domain};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::RequestId;
use crate::domain::order::{Certificate, Note, Order, Role};
use crate::domain::request::Request;
use crate::domain::status::{CertificateStatus, OrderStatus, RequestKind};
use crate::domain::text::same_words;
use crate::domain::write::{Before, Fact, Found, Outgoing, WriteKind};

/// Where a watch stands once the account has taken it; `None` for what makes a certificate or decides a request.
pub(in crate::app) fn accepted(outgoing: &Outgoing, answer: &Accepted) -> Option<Fact> {
    let revoked = |words: String| match answer.requests.first() {
        Some(request) => Fact::Accepted {
            request: Some(*request),
            certificate: None,
        },
        None => Fact::Completed(words),
    };
    match outgoing.kind {
        WriteKind::RevokeCertificate | WriteKind::RevokeOrder => Some(revoked(done(outgoing))),
        WriteKind::CheckNames | WriteKind::CheckDomain => {
            Some(Fact::Completed(checked(&answer.checked)))
        }
        WriteKind::NamesMethod
        | WriteKind::DomainMethod
        | WriteKind::DomainToken
        | WriteKind::NamesToken => {
            let words = match &answer.dcv_random_value {
                Some(token) => format!("{}; the random value is {token}", done(outgoing)),
                None => done(outgoing),
            };
            Some(Fact::Completed(words))
        }
        WriteKind::CancelOrder
        | WriteKind::CancelReissue
        | WriteKind::Archive
        | WriteKind::Note
        | WriteKind::NamesEmails
        | WriteKind::DomainEmails
        | WriteKind::AutoReissue => Some(Fact::Completed(done(outgoing))),
        _ => None,
    }
}

/// What is so when it is done.
fn done(outgoing: &Outgoing) -> String {
    let order = outgoing
        .order
        .map_or_else(String::new, |id| format!("order {id}"));
    let certificate = outgoing
        .certificate
        .map_or_else(String::new, |id| format!("certificate {id}"));
    match outgoing.kind {
        WriteKind::CancelOrder => format!("{order} is canceled"),
        WriteKind::CancelReissue => format!("the reissue of {order} is canceled"),
        WriteKind::RevokeCertificate => format!("{certificate} is revoked"),
        WriteKind::RevokeOrder => format!("all certificates of {order} are revoked"),
        WriteKind::Archive => format!("{certificate} is archived"),
        WriteKind::Note => format!("the note is on {order}"),
        WriteKind::AutoReissue => {
            let on = if switched_on(outgoing) { "on" } else { "off" };
            format!("auto-reissue of {order} is {on}")
        }
        WriteKind::CheckNames | WriteKind::CheckDomain => "check done".into(),
        WriteKind::NamesMethod | WriteKind::DomainMethod => "the DCV method is changed".into(),
        WriteKind::DomainToken => "a new random value is created".into(),
        WriteKind::NamesToken => "CertCentral reported the random value".into(),
        WriteKind::NamesEmails | WriteKind::DomainEmails => {
            "the validation emails are sent again".into()
        }
        kind => format!("{} is done", kind.label()),
    }
}

fn switched_on(outgoing: &Outgoing) -> bool {
    field(outgoing, "auto_reissue").is_some_and(|value| value.as_u64() == Some(1))
}

fn field(outgoing: &Outgoing, name: &str) -> Option<serde_json::Value> {
    let body: serde_json::Value = serde_json::from_str(&outgoing.body).ok()?;
    body.get(name).cloned()
}

/// Whether a check ended because the random value was not found (pages "Check DCV" and "Check domain DCV").
pub fn lacks_record(failure: &Failure) -> bool {
    let said = |code: &str| failure.codes.iter().any(|have| have.contains(code));
    said("file_random_value_not_found") || said("invalid_dns")
}

/// Whether a check's word means that the random value was found: a name is `approved`, an order `valid`, a domain
/// `active` (page "Check domain DCV").
pub fn is_found(status: &str) -> bool {
    matches!(status, "approved" | "valid" | "complete" | "active")
}

/// What a check found, in words.
fn checked(rows: &[(String, String)]) -> String {
    let missing: Vec<String> = rows
        .iter()
        .filter(|(_, status)| !is_found(status))
        .map(|(name, status)| match name.as_str() {
            "" => status.clone(),
            name => format!("{name} ({status})"),
        })
        .collect();
    if rows.is_empty() {
        "check done; CertCentral has not reported a result yet".into()
    } else if let ([(name, _)], true) = (rows, missing.is_empty()) {
        match name.as_str() {
            "" => "checked: CertCentral has its validation".into(),
            name => format!("checked: found for {name}"),
        }
    } else if missing.is_empty() {
        "checked: found for all names".into()
    } else {
        format!("checked; not found yet: {}", missing.join(", "))
    }
}

/// A refusal that says that it is so already counts as done.
pub(in crate::app) fn already_done(outgoing: &Outgoing, failure: &Failure) -> Option<Fact> {
    let said = |code: &str| failure.codes.iter().any(|have| have.contains(code));
    let revoked = said("already_revoked") || said("is_revoked");
    match outgoing.kind {
        WriteKind::RevokeCertificate | WriteKind::RevokeOrder if revoked => Some(Fact::Completed(
            format!("{} already; nothing was changed", done(outgoing)),
        )),
        _ => None,
    }
}

/// Whether the account refused a decision as one that it cannot make any more: what is known of the request is old then.
pub(in crate::app) fn is_overtaken(outgoing: &Outgoing, failure: &Failure) -> bool {
    matches!(outgoing.kind, WriteKind::Approve | WriteKind::Reject)
        && matches!(failure.status, Some(400 | 404 | 409))
}

/// A refusal in words that say what can be done, where the account's own do not.
pub(in crate::app) fn refused(outgoing: &Outgoing, own: Option<Own>, failure: Failure) -> Failure {
    let said = |code: &str| failure.codes.iter().any(|have| have.contains(code));
    let advice = match outgoing.kind {
        WriteKind::Approve | WriteKind::Reject if said("invalid_approver") => match own {
            Some(Own::Asked) => "You made this request, so another approver must decide it.",
            Some(Own::First) => {
                "You gave the first of its two approvals, so another approver must decide it now."
            }
            None => {
                "The key's user may not decide this request: some accounts do not allow approving your own request. \
                 Another approver must decide it."
            }
        },
        WriteKind::Approve | WriteKind::Reject if is_overtaken(outgoing, &failure) => {
            "Someone may have decided it in the meantime. Reloading the requests."
        }
        WriteKind::CancelOrder | WriteKind::CancelReissue if failure.status == Some(404) => {
            "There is no such order, or the key's user may not cancel it."
        }
        WriteKind::CheckNames | WriteKind::CheckDomain if lacks_record(&failure) => {
            "The random value was not found in its place. New records can take a few minutes; the Domains tab shows \
             the exact location."
        }
        WriteKind::RevokeCertificate | WriteKind::RevokeOrder if failure.status == Some(403) => {
            "Only an administrator's key can skip the approval; without that a request is created."
        }
        _ => return failure,
    };
    Failure {
        advice: advice.into(),
        ..failure
    }
}

/// What was there before that looks like what an operation makes.
pub(in crate::app) fn before(outgoing: &Outgoing, data: &OrderData) -> Before {
    let certificates = match outgoing.kind {
        WriteKind::CancelReissue => issued(data).filter_map(|row| row.id).collect(),
        _ => Vec::new(),
    };
    Before {
        certificates,
        requests: revocations(data).map(|request| request.id).collect(),
        notes: data
            .order
            .value()
            .map_or(0, |order| notes(outgoing, order).count()),
        token: domain_of(data, outgoing).and_then(|domain| domain.token.clone()),
        was_so: data
            .order
            .value()
            .and_then(|order| is_so(data, order, outgoing))
            .unwrap_or(false),
        ..Before::default()
    }
}

fn issued(data: &OrderData) -> impl Iterator<Item = &Certificate> {
    let all = data.certificates().iter();
    all.filter(|row| row.was_issued())
}

/// A reissue that is no longer pending was cancelled, or was issued before it could be: then there is a certificate that
/// was not there before. Nothing is said where what was there is not known, or where that is a duplicate, which can
/// have a request of its own.
fn ended_reissue(data: &OrderData, watch: &Watch) -> Option<Fact> {
    let before = &watch.before.certificates;
    // One without a number may be another one.
    let untold = issued(data).any(|row| row.id.is_none());
    if before.is_empty() || untold || !data.lists_since(watch.mark) {
        return None;
    }
    let is_new = |row: &&Certificate| row.id.is_some_and(|id| !before.contains(&id));
    let Some(new) = issued(data).find(is_new) else {
        return Some(Fact::Completed(done(&watch.outgoing)));
    };
    let (order, id) = (watch.outgoing.order?, new.id?);
    let in_place = !matches!(new.role, Role::Duplicate(_));
    in_place.then(|| {
        Fact::Ended(Failure::of(
            FailureKind::Refused,
            format!(
                "the reissue of order {order} was issued as certificate {id}: it was not canceled"
            ),
        ))
    })
}

fn revocations(data: &OrderData) -> impl Iterator<Item = &Request> {
    let all = data.requests().iter();
    all.filter(|request| request.kind == RequestKind::Revoke)
}

fn notes<'a>(outgoing: &Outgoing, order: &'a Order) -> impl Iterator<Item = &'a Note> {
    let wanted = field(outgoing, "text");
    let is_this = move |note: &&Note| {
        let wanted = wanted.as_ref().and_then(|text| text.as_str());
        wanted.is_some_and(|wanted| same_words(&note.text, wanted))
    };
    order.notes.iter().filter(is_this)
}

/// After a lost answer: what the account shows of it, if it does.
pub(in crate::app) fn looked_up(data: &OrderData, watch: &Watch) -> Option<Fact> {
    let order = data
        .order
        .value()
        .filter(|_| data.order.is_since(watch.mark))?;
    let outgoing = &watch.outgoing;
    let before = &watch.before;
    let done_now = match outgoing.kind {
        // An older note of the same words is not this one, even where it was not known yet.
        WriteKind::Note => {
            notes(outgoing, order).count() > before.notes
                && notes(outgoing, order).any(|note| note.date.is_none_or(|at| watch.is_since(at)))
        }
        // What changes long after may be of anybody.
        WriteKind::DomainToken | WriteKind::DomainMethod if watch.is_given_up() => return None,
        WriteKind::DomainToken | WriteKind::DomainMethod => {
            let before = Before {
                // Only those that were read in full have one.
                known: before.token.is_some() || before.known,
                ..before.clone()
            };
            return shown_by(domain_of(data, outgoing)?, outgoing, &before);
        }
        // Asking twice changes nothing, and what it found shows in the names' states.
        WriteKind::CheckNames | WriteKind::CheckDomain => {
            return Some(Fact::Completed(
                "response lost; reloading the states of the names".into(),
            ));
        }
        WriteKind::NamesToken => {
            return Some(Fact::Completed(
                "response lost; requesting it again returns the same random value".into(),
            ));
        }
        WriteKind::NamesEmails | WriteKind::DomainEmails => {
            return Some(Fact::Completed(
                "response lost: whether emails were sent is not known; they can be sent again"
                    .into(),
            ));
        }
        WriteKind::CancelReissue if order.status != OrderStatus::ReissuePending => {
            return ended_reissue(data, watch);
        }
        _ => !before.was_so && is_so(data, order, outgoing)?,
    };
    if done_now {
        let has_value = outgoing.kind == WriteKind::NamesMethod
            && outgoing.dcv_method().as_deref() != Some(DcvMethod::Email.as_str());
        let mut words = done(outgoing);
        if has_value {
            words.push_str("; response lost: request the random value");
        }
        return Some(Fact::Completed(words));
    }
    if !matches!(
        outgoing.kind,
        WriteKind::RevokeCertificate | WriteKind::RevokeOrder
    ) {
        return None;
    }
    let mut new = revocations(data).filter(|request| {
        request.status.is_open()
            && !before.requests.contains(&request.id)
            && request.date.is_none_or(|at| watch.is_since(at))
    });
    let one = new.next()?.id;
    // A request does not tell which certificate it is about: of two, nobody knows which is this one.
    new.next()
        .is_none()
        .then_some(Fact::Found(Found::Request(one)))
}

/// After a lost answer: what a domain shows of what was asked of it.
pub(in crate::app) fn shown_by(
    domain: &Domain,
    outgoing: &Outgoing,
    before: &Before,
) -> Option<Fact> {
    if is_untold(outgoing, before) {
        let words = match outgoing.kind {
            WriteKind::CheckDomain => {
                "response lost: whether it was checked is not known; it can be checked again"
            }
            WriteKind::DomainEmails => {
                "response lost: whether emails were sent is not known; they can be sent again"
            }
            _ => {
                "response lost: whether it was done is not known; the domain shows the random value that counts now"
            }
        };
        return Some(Fact::Completed(words.into()));
    }
    let has_new_token = domain.token.is_some() && domain.token != before.token;
    let is_done = match outgoing.kind {
        WriteKind::DomainToken => has_new_token,
        // The same method anew makes a new random value.
        WriteKind::DomainMethod if before.was_so => has_new_token,
        WriteKind::DomainMethod => is_validated_so(domain, outgoing),
        _ => return None,
    };
    is_done.then(|| {
        let words = match outgoing.kind {
            WriteKind::DomainToken => "response lost; the random value is another now",
            _ => "response lost; the DCV method is the one that was asked for",
        };
        Fact::Completed(words.into())
    })
}

/// Whether nothing on the account would tell whether it was done: it asks the account to look or to mail, or which random
/// value there was before is not known.
pub(in crate::app) fn is_untold(outgoing: &Outgoing, before: &Before) -> bool {
    match outgoing.kind {
        WriteKind::DomainToken => !before.known,
        WriteKind::DomainMethod => before.was_so && !before.known,
        kind => kind.is_check(),
    }
}

/// What a domain was before something is asked of it; whether that was all of it, with its random value.
pub(in crate::app) fn domain_before(
    domain: &Domain,
    is_whole: bool,
    outgoing: &Outgoing,
) -> Before {
    Before {
        known: is_whole,
        token: domain.token.clone(),
        was_so: outgoing.kind == WriteKind::DomainMethod && is_validated_so(domain, outgoing),
        ..Before::default()
    }
}

/// Whether a domain is validated by the method that a write asks for.
fn is_validated_so(domain: &Domain, outgoing: &Outgoing) -> bool {
    let method = domain.method.as_ref().map(DcvMethod::as_str);
    let wanted = outgoing.dcv_method();
    method.is_some() && method == wanted.as_deref()
}

/// Whether the account is as an operation wants it; `None` where that does not show, or is not known.
fn is_so(data: &OrderData, order: &Order, outgoing: &Outgoing) -> Option<bool> {
    let row = || data.certificate(outgoing.certificate?);
    let wanted = || field(outgoing, "dcv_method");
    Some(match outgoing.kind {
        WriteKind::CancelOrder => order.status == OrderStatus::Canceled,
        WriteKind::CancelReissue => order.status != OrderStatus::ReissuePending,
        WriteKind::RevokeOrder => order.status == OrderStatus::Revoked,
        WriteKind::RevokeCertificate => {
            order.status == OrderStatus::Revoked || row().is_some_and(is_revoked)
        }
        WriteKind::Archive => row().is_some_and(|row| row.archived),
        WriteKind::AutoReissue => order.auto_reissue == Some(switched_on(outgoing)),
        WriteKind::NamesMethod => order.dcv_method.as_deref() == wanted()?.as_str(),
        WriteKind::DomainMethod => is_validated_so(domain_of(data, outgoing)?, outgoing),
        _ => return None,
    })
}

/// The domain that a write is about, by its path.
fn domain_of<'a>(data: &'a OrderData, outgoing: &Outgoing) -> Option<&'a Domain> {
    let id = outgoing.domain()?;
    let all = data.domains.value()?;
    all.iter().find(|domain| domain.id == id)
}

fn is_revoked(row: &Certificate) -> bool {
    row.status == Some(CertificateStatus::Revoked)
}

/// What is so once the request that it made was approved.
pub(in crate::app) fn approved(outgoing: &Outgoing) -> String {
    done(outgoing)
}

/// What the first of two approvals brought.
pub(in crate::app) fn first_step_words(request: RequestId) -> String {
    format!(
        "request {request}: the first of two approvals is given; someone else must give the second"
    )
}
