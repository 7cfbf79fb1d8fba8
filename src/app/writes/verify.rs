//! What came of a write, read from what the account shows: the request's decision, the certificate that carries the
//! CSR, and how an issued certificate compares with what was asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Watch, outcome};
use crate::app::account::OrderData;
use crate::app::remote::Remote;
use crate::domain::certificate::CertFacts;
use crate::domain::chain::{Chain, End, Expect};
use crate::domain::csr::csr_key;
use crate::domain::draft::{FormKind, is_as_reissue};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::names;
use crate::domain::order::{Certificate, Role};
use crate::domain::pem;
use crate::domain::request::Request;
use crate::domain::status::{RequestKind, RequestStatus};
use crate::domain::text::counted;
use crate::domain::write::{Before, Expected, Fact, Found, Outgoing, Stage, WriteKind};

/// What carried the CSR before it was sent, or does not show what it was made from; for a reissue without one, what certificates there were.
pub(super) fn before(data: &OrderData, outgoing: &Outgoing) -> Before {
    let order = data.order.value();
    let listed = data.duplicates.value().is_some() && data.reissues.value().is_some();
    let before = match csr_of(outgoing) {
        Some(csr) => Before {
            certificates: data
                .certificates()
                .iter()
                .filter(|row| carries(data, row, &csr) || !data.shows_csr(row))
                .filter_map(|row| row.id)
                .collect(),
            requests: requests_with_csr(data, &csr),
            ..Before::default()
        },
        None if outgoing.kind == WriteKind::Reissue => Before {
            certificates: in_place(data)
                .into_iter()
                .flatten()
                .filter_map(|row| row.id)
                .collect(),
            requests: reissues(data).map(|request| request.id).collect(),
            ..Before::default()
        },
        None => outcome::before(outgoing, data),
    };
    Before {
        known: order.is_some() && (listed || !outgoing.kind.makes_certificate()),
        ..before
    }
}

/// The order's certificate and its reissues; `None` until all of them are known.
fn in_place(data: &OrderData) -> Option<impl Iterator<Item = &Certificate>> {
    data.order.value()?;
    data.reissues.value()?;
    let all = data.certificates().iter();
    Some(all.filter(|row| !matches!(row.role, Role::Duplicate(_))))
}

/// What came of a reissue that was sent without a key, as those of tokens are: an order has one reissue at a time, so
/// that the one certificate that was not there before is it. Nothing is said where what was there is not known.
fn only_new<'a>(data: &'a OrderData, watch: &Watch) -> Option<&'a Certificate> {
    let waits = matches!(
        watch.stage,
        Stage::AwaitsApproval(_) | Stage::AwaitsCertificate(_)
    );
    let lost = watch.is_lost();
    let before = &watch.before.certificates;
    if watch.outgoing.kind != WriteKind::Reissue || !(waits || lost) || before.is_empty() {
        return None;
    }
    // Without an answer it must not be older than what was sent, either: somebody else's may have come in between.
    let of_this = |row: &Certificate| waits || row.created.is_none_or(|at| watch.is_since(at));
    let is_new =
        |row: &&Certificate| row.id.is_some_and(|id| !before.contains(&id)) && of_this(row);
    let mut new = in_place(data)?.filter(is_new);
    let one = new.next()?;
    new.next().is_none().then_some(one)
}

fn reissues(data: &OrderData) -> impl Iterator<Item = &Request> {
    let all = data.requests().iter();
    all.filter(|request| request.kind == RequestKind::Reissue)
}

/// The request of a reissue that was sent without a key: the only one that was not there before it was sent, and is not
/// older. Nothing is said where what was there is not known, or several came.
fn only_new_request(data: &OrderData, watch: &Watch) -> Option<RequestId> {
    let before = &watch.before;
    if before.certificates.is_empty() {
        return None;
    }
    let mut new = reissues(data).filter(|request| {
        !before.requests.contains(&request.id) && request.date.is_none_or(|at| watch.is_since(at))
    });
    let one = new.next()?.id;
    new.next().is_none().then_some(one)
}

/// What became of a request.
pub(super) enum Decision {
    Approved,
    /// It was rejected, for this reason.
    Rejected(String),
}

/// The decision on a request, once it is known with its reason.
pub(super) fn decision(data: &OrderData, id: RequestId) -> Option<Decision> {
    let request = data.requests().iter().find(|request| request.id == id)?;
    // The order tells that, its request why; it is read at the same time.
    let waits = data.requests.get(&id).is_some_and(Remote::is_loading);
    if request.status == RequestStatus::Rejected && waits {
        return None;
    }
    decision_of(request)
}

/// The decision on a request, as it tells it.
pub(super) fn decision_of(request: &Request) -> Option<Decision> {
    match request.status {
        RequestStatus::Approved => Some(Decision::Approved),
        RequestStatus::Rejected => {
            let why = request.processor_comment.as_deref().unwrap_or_default();
            Some(Decision::Rejected(if why.is_empty() {
                String::new()
            } else {
                format!(": {why}")
            }))
        }
        RequestStatus::Submitted | RequestStatus::Pending | RequestStatus::Other(_) => None,
    }
}

/// The CSR that was sent, as a key to compare by.
pub(super) fn csr_of(outgoing: &Outgoing) -> Option<String> {
    let expected = outgoing.expected.as_ref()?;
    // A bare public key stands where the CSR would.
    let der = if expected.csr_der.is_empty() {
        &expected.spki_der
    } else {
        &expected.csr_der
    };
    csr_key(&pem::encode("CERTIFICATE REQUEST", der))
}

fn carries(data: &OrderData, row: &Certificate, csr: &str) -> bool {
    data.csr_key(row.csr.as_ref()) == Some(csr)
}

/// What keeps a look from saying that nothing came of a watch: a certificate or a note that came since, of which the
/// account does not show what it was made from, its number or its text. It may be this one.
pub(super) fn cannot_tell(data: &OrderData, watch: &Watch) -> Option<String> {
    let outgoing = &watch.outgoing;
    let untold = |at: Option<Timestamp>| at.is_none_or(|at| watch.is_since(at));
    if outgoing.kind == WriteKind::Note {
        let mut notes = data.order.value()?.notes.iter();
        return notes
            .any(|note| note.text.is_empty() && untold(note.date))
            .then(|| "CertCentral shows a note without its text.".to_owned());
    }
    if outgoing.kind == WriteKind::CancelReissue {
        let mut rows = data.certificates().iter();
        return rows
            .any(|row| row.was_issued() && row.id.is_none())
            .then(|| "CertCentral shows a certificate without its number.".to_owned());
    }
    if !outgoing.kind.makes_certificate() || outgoing.kind.makes_order() {
        return None;
    }
    let csr = csr_of(outgoing);
    let is_here = |row: &&Certificate| match outgoing.kind {
        WriteKind::Reissue => !matches!(row.role, Role::Duplicate(_)),
        _ => row.role != Role::Primary,
    };
    let is_new = |row: &&Certificate| {
        row.id
            .is_none_or(|id| !watch.before.certificates.contains(&id))
            && untold(row.created)
    };
    let is_told = |row: &Certificate| match &csr {
        // Without a number it can be this one, and cannot be waited for.
        Some(csr) => data.shows_csr(row) && (row.id.is_some() || !carries(data, row, csr)),
        None => row.id.is_some(),
    };
    let rows = data.certificates().iter();
    let row = rows
        .filter(is_here)
        .filter(is_new)
        .find(|row| !is_told(row))?;
    Some(match row.id {
        Some(id) => format!("CertCentral shows no CSR of certificate {id} that could be compared."),
        None => "CertCentral shows a certificate without its number or its CSR.".to_owned(),
    })
}

/// Requests of the order that carry the CSR.
fn requests_with_csr(data: &OrderData, csr: &str) -> Vec<RequestId> {
    // A request to revoke shows the certificate that it is about.
    let made = |request: &&Request| request.kind != RequestKind::Revoke;
    let asked = data.requests_with(csr).filter(made);
    asked.map(|request| request.id).collect()
}

/// The certificate that came of a watch, and whether it is issued. By its number where the answer gave one,
/// else by the CSR; never by time.
pub(super) fn found(data: &OrderData, watch: &Watch) -> Option<(CertificateId, bool)> {
    let issued = |row: &Certificate| {
        row.was_issued()
            && row
                .status
                .as_ref()
                .is_none_or(crate::domain::status::CertificateStatus::is_issued)
    };
    if let Stage::AwaitsCertificate(Some(id)) = watch.stage {
        return data.certificate(id).map(|row| (id, issued(row)));
    }
    let Some(csr) = csr_of(&watch.outgoing) else {
        let row = only_new(data, watch)?;
        return Some((row.id?, issued(row)));
    };
    // Where it is not known what was there before, what is dated before it was sent is not this either.
    let of_this = |row: &&Certificate| {
        row.id
            .is_some_and(|id| !watch.before.certificates.contains(&id))
            && (watch.before.known || row.created.is_none_or(|at| watch.is_since(at)))
    };
    let row = data.certificates_with(&csr).find(of_this)?;
    Some((row.id?, issued(row)))
}

/// After a lost answer: whether the account shows that the write arrived.
pub(super) fn looked_up(data: &OrderData, watch: &Watch) -> Option<Fact> {
    if let Some(request) = watch.outgoing.request {
        let now = data.requests().iter().find(|row| row.id == request);
        if watch.before.first_step && now.is_some_and(|row| row.status == RequestStatus::Pending) {
            let words = outcome::first_step_words(request);
            return Some(Fact::Completed(words));
        }
        return Some(decided(&watch.outgoing, request, &decision(data, request)?));
    }
    let Some(csr) = csr_of(&watch.outgoing) else {
        if watch.outgoing.kind == WriteKind::Reissue {
            return only_new_request(data, watch)
                .map(|request| Fact::Found(Found::Request(request)));
        }
        return outcome::looked_up(data, watch);
    };
    let request = requests_with_csr(data, &csr)
        .into_iter()
        .find(|id| !watch.before.requests.contains(id))?;
    Some(Fact::Found(Found::Request(request)))
}

/// A lost decision, by what became of its request.
pub(super) fn decided(outgoing: &Outgoing, request: RequestId, decision: &Decision) -> Fact {
    match (outgoing.kind, decision) {
        (WriteKind::Approve, Decision::Approved) => {
            Fact::Completed(format!("request {request} approved"))
        }
        (WriteKind::Reject, Decision::Rejected(_)) => {
            Fact::Completed(format!("request {request} rejected"))
        }
        (_, decision) => Fact::Ended(Failure {
            kind: FailureKind::Refused,
            what: match decision {
                Decision::Approved => format!("request {request} was approved instead"),
                Decision::Rejected(why) => format!("request {request} was rejected instead{why}"),
            },
            advice: String::new(),
            status: None,
            codes: Vec::new(),
        }),
    }
}

/// The request of this write that somebody still has to decide: a new order's is the order's own, any other is told by
/// the CSR it carries.
pub(super) fn asked(data: &OrderData, watch: &Watch) -> Option<RequestId> {
    let mut open = data.requests().iter();
    if watch.outgoing.kind.makes_order() {
        return Some(open.find(|request| request.status.is_open())?.id);
    }
    if watch.approved {
        return None;
    }
    let carrying = requests_with_csr(data, &csr_of(&watch.outgoing)?);
    let of_this = |id: &RequestId| carrying.contains(id) && !watch.before.requests.contains(id);
    open.filter(|request| request.status.is_open())
        .map(|request| request.id)
        .find(of_this)
}

/// What holds of an issued certificate, and what does not.
pub(super) fn compare(
    text: &str,
    serial: Option<&str>,
    outgoing: &Outgoing,
) -> (Vec<String>, Vec<String>) {
    let (mut checks, mut problems) = (Vec::new(), Vec::new());
    let expect = Expect {
        spki_der: None,
        serial,
    };
    let chain = match Chain::from_pem(text, expect) {
        Ok(chain) => chain,
        Err(error) => return (checks, vec![error.to_string()]),
    };
    if serial.is_some() {
        checks.push(format!("serial {} matches CertCentral", chain.leaf.serial));
    }
    let Some(expected) = &outgoing.expected else {
        return (checks, problems);
    };
    if chain.leaf.spki_der == expected.spki_der {
        checks.push(format!("its key matches the {}", sent_as(expected)));
    } else {
        problems.push(format!(
            "its key does not match the {}: do not install it",
            sent_as(expected)
        ));
    }
    let asked = names::once(expected.common_name.iter().chain(&expected.dns_names));
    // An address is there by its octets, in whichever spelling it was asked for.
    let ips: Vec<String> = chain
        .leaf
        .names
        .ips
        .iter()
        .map(ToString::to_string)
        .collect();
    let came = names::once(chain.leaf.dns_names().iter().chain(&ips));
    let without = |list: &[String], other: &[String]| -> Vec<String> {
        let lacks = |name: &&String| !other.iter().any(|known| names::same(known, name));
        list.iter().filter(lacks).cloned().collect()
    };
    let (missing, more) = (without(&asked, &came), without(&came, &asked));
    if asked.is_empty() {
        // A product without names: what came all the same is told below.
    } else if missing.is_empty() {
        checks.push(match came.len() {
            1 => "it contains the requested name".to_owned(),
            many => format!("it contains all {many} names"),
        });
    } else {
        problems.push(format!("it lacks {}", missing.join(", ")));
    }
    // Some products bring a name with `www.`, or a wildcard's own domain, along with the one that was asked for.
    let (along, foreign): (Vec<String>, Vec<String>) =
        more.into_iter().partition(|name| comes_along(name, &asked));
    if !along.is_empty() {
        checks.push(format!("it also contains {}", along.join(", ")));
    }
    if !foreign.is_empty() {
        problems.push(format!(
            "it also contains {}, not requested",
            foreign.join(", ")
        ));
    }
    addresses(&chain.leaf, outgoing, &mut checks, &mut problems);
    let ends = chain.leaf.end;
    let begins = chain
        .leaf
        .not_before
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    match held(expected, begins, ends) {
        Ok(check) => checks.push(check),
        Err(problem) => problems.push(problem),
    }
    checks.push(match chain.end() {
        End::Root(count) => {
            let certificates = counted(count, "certificate", "certificates");
            format!("its chain is complete: {certificates}")
        }
        End::Unchecked { name, why } => format!(
            "whether its chain is complete is not known: the signature on {name} cannot be checked here ({why})"
        ),
        End::Missing(issuer) => format!("its chain stops at {issuer}"),
    });
    problems.extend(chain.unreadable.iter().map(ToString::to_string));
    (checks, problems)
}

/// The end of a certificate against what was foreseen: what the account was known to cut is no surprise.
fn held(expected: &Expected, begins: Date, ends: Date) -> Result<String, String> {
    let foreseen = expected.foreseen.as_ref();
    let asked = foreseen.map_or(expected.valid_till, |foreseen| foreseen.asked_on(begins));
    let end = foreseen.and_then(|foreseen| foreseen.end_on(begins));
    let as_foreseen = foreseen.is_some_and(|foreseen| foreseen.allows(begins, ends));
    match (asked, end) {
        (None, Some(end)) if !as_foreseen => Err(format!(
            "it expires {ends}, and not {} as expected",
            end.date
        )),
        (None, _) => Ok(format!("it expires {ends}")),
        (Some(asked), _) if ends == asked => Ok(format!("it expires {ends}")),
        (Some(asked), Some(end)) if as_foreseen && end.date == asked => {
            Ok(format!("it expires {ends}"))
        }
        (Some(asked), Some(end)) if as_foreseen => Ok(format!(
            "it expires {ends}, as expected ({asked} was requested): {}",
            end.reason
        )),
        (Some(asked), Some(end)) if end.date != asked => Err(format!(
            "it expires {ends}, and not {} as expected ({asked} was requested)",
            end.date
        )),
        (Some(asked), _) => Err(format!("it expires {ends}, not {asked} as requested")),
    }
}

/// The e-mail addresses, where some were asked for.
fn addresses(
    leaf: &CertFacts,
    outgoing: &Outgoing,
    checks: &mut Vec<String>,
    problems: &mut Vec<String>,
) {
    let asked = outgoing.emails();
    if asked.is_empty() {
        return;
    }
    let held = &leaf.names.emails;
    let lacks = |list: &[String], address: &String| {
        !list.iter().any(|known| names::same_address(known, address))
    };
    let missing: Vec<&str> = asked
        .iter()
        .filter(|address| lacks(held, address))
        .map(String::as_str)
        .collect();
    let foreign: Vec<&str> = held
        .iter()
        .filter(|address| lacks(&asked, address))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        problems.push(format!("it lacks {}", missing.join(", ")));
    }
    if !foreign.is_empty() {
        problems.push(format!(
            "it also contains {}, not requested",
            foreign.join(", ")
        ));
    }
    if missing.is_empty() && foreign.is_empty() {
        checks.push(match held.len() {
            1 => "it contains the requested address".to_owned(),
            many => format!("it contains all {many} addresses"),
        });
    }
}

fn comes_along(name: &str, asked: &[String]) -> bool {
    let name = &*names::normalise(name);
    let asked = asked.iter().map(|asked| names::normalise(asked));
    asked.into_iter().any(|asked| {
        let bare = asked.strip_prefix("*.").or(asked.strip_prefix("www."));
        bare == Some(name) || name.strip_prefix("www.") == Some(&*asked)
    })
}

fn sent_as(expected: &Expected) -> &'static str {
    if expected.csr_der.is_empty() {
        "public key"
    } else {
        "CSR"
    }
}

/// The form that a write comes from, if it comes from one.
pub(super) fn form_of(kind: WriteKind) -> Option<FormKind> {
    Some(match kind {
        WriteKind::Duplicate => FormKind::Duplicate,
        WriteKind::Reissue | WriteKind::ReissueAsDuplicate => FormKind::Reissue,
        WriteKind::Renew => FormKind::Renew,
        WriteKind::NewOrder => FormKind::NewOrder,
        _ => return None,
    })
}

/// The drafts that are done with once the account has a write: the one it was sent from, unless that was begun anew since
/// (it has another CSR, or none and other words), and that of the form which led there with the same CSR.
pub(super) fn sent_drafts(watch: &Watch, drafts: &BTreeMap<String, String>) -> Vec<String> {
    let csr = csr_of(&watch.outgoing);
    let order = watch.outgoing.order.or(watch.order).unwrap_or(OrderId(0));
    let holds = |key: &String| {
        let kept = drafts.get(key).and_then(|kept| csr_key(kept));
        kept.is_some() && kept == csr
    };
    let own = match &watch.draft {
        Some(key) => drafts
            .get(key)
            .is_none_or(|kept| match csr_key(kept) {
                Some(kept) => Some(kept) == csr,
                None => watch
                    .kept
                    .as_deref()
                    .is_some_and(|sent| is_same(sent, kept)),
            })
            .then(|| key.clone()),
        // Sent by an earlier session: it may have been begun anew since.
        None => form_of(watch.outgoing.kind)
            .map(|kind| kind.draft_key(order))
            .filter(holds),
    };
    let beside = |key: &String| drafts.get(key).is_some_and(|kept| is_as_reissue(kept));
    let led_here = match watch.outgoing.kind {
        WriteKind::ReissueAsDuplicate => Some(FormKind::Duplicate.draft_key(order)).filter(holds),
        WriteKind::Duplicate => Some(FormKind::Reissue.draft_key(order))
            .filter(beside)
            .filter(holds),
        _ => None,
    };
    own.into_iter().chain(led_here).collect()
}

/// Whether two drafts hold the same, wherever the cursor was.
fn is_same(one: &str, other: &str) -> bool {
    let fields = |draft: &str| {
        let mut kept = serde_json::from_str::<serde_json::Value>(draft).ok()?;
        Some(kept.get_mut("fields")?.take())
    };
    one == other || fields(one).is_some_and(|held| Some(held) == fields(other))
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "verify_account_tests.rs"]
mod account_tests;

#[cfg(test)]
#[path = "verify_drafts_tests.rs"]
mod drafts_tests;
