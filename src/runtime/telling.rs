//! How the journal reads: rows in words, the request as it was sent, and what stands in the way of a write.

use jiff::Timestamp;

use super::keeping::kept;
use crate::app::msg::{JournalRow, SentText, WriteOutcome};
use crate::domain::failure::Failure;
use crate::domain::write::{Answer, Found, Record};
use crate::store::{self, Twin, TwinState};

/// The same is in the journal, sent from here or by another certdeck.
pub(super) fn twin_of(twin: &Twin) -> WriteOutcome {
    let at = twin.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let (what, advice) = match twin.state {
        TwinState::Running => (
            format!("the same is being sent since {at}, from here or by another certdeck."),
            "Wait for its answer; the journal shows it.",
        ),
        TwinState::Unknown => (
            format!("the same was sent at {at}, and nobody knows yet whether it arrived."),
            "It is being looked for; the journal shows it, and there it can be set aside.",
        ),
        TwinState::Taken => (
            format!(
                "the same was sent at {at}, from here or by another certdeck, and the account took it."
            ),
            "The journal shows what came of it.",
        ),
    };
    WriteOutcome::Twin {
        failure: Failure::local(what, advice),
        taken: twin.state == TwinState::Taken,
    }
}

fn found_words(found: &Found) -> String {
    match found {
        Found::Certificate(_, certificate) => {
            format!("certificate {certificate} came of it")
        }
        Found::Request(request) => format!("request {request} came of it"),
        Found::Rejected(request) => format!("request {request} was rejected"),
        Found::Order(..) => "the account shows it done".to_owned(),
        Found::Done => "the account shows it done".to_owned(),
        Found::Overtaken => "something else came first: it was not done".to_owned(),
        Found::NoCertificate => "no certificate came of it".to_owned(),
        Found::NotArrived => "nothing of it was found on the account so far".to_owned(),
    }
}

/// A time of this machine as the account's clock told it then, as far as that was known when it was sent.
fn by_account(entry: &Record, at: Timestamp) -> Timestamp {
    entry.intent.before.clock.unwrap_or_default().to_account(at)
}

/// What happened to a write, step by step.
fn story(entry: &Record) -> Vec<(&'static str, String)> {
    let intent = &entry.intent;
    let mut story = vec![(
        "Request",
        format!("{} {} ({})", intent.method, intent.path, intent.profile),
    )];
    let at = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| {
            format!(" ({})", at.strftime("%Y-%m-%d %H:%M:%S UTC"))
        })
    };
    let ended = at(entry.finished.map(|at| by_account(entry, at)));
    match &entry.outcome {
        None if entry.is_running() => {}
        None => story.push((
            "Then",
            "certdeck ended before an answer was written down".to_owned(),
        )),
        Some(Answer::Accepted { status, .. } | Answer::Refused { status, .. }) => {
            story.push(("Answer", format!("{status}{ended}")));
        }
        Some(Answer::NotSent { .. }) => {}
        Some(Answer::Unknown { why }) => {
            story.push(("Unclear", format!("{why}{ended}")));
        }
    }
    match &entry.resolved {
        Some(resolved) => story.push((
            "Looked up",
            format!("{}{}", found_words(&resolved.what), at(Some(resolved.at))),
        )),
        None if entry.is_unknown() && !entry.dismissed => story.push((
            "Looked up",
            "not yet, or not found so far; nothing is sent again by itself".to_owned(),
        )),
        None => {}
    }
    if let Some(Answer::Accepted { requests, .. }) = &entry.outcome {
        let numbers: Vec<String> = requests.iter().map(ToString::to_string).collect();
        if !numbers.is_empty() {
            story.push(("Request made", numbers.join(", ")));
        }
    }
    if !entry.unreadable.is_empty() {
        let columns = entry.unreadable.join(", ");
        story.push((
            "Not readable",
            format!("{columns}: look at the account before the same is sent again"),
        ));
    }
    for problem in entry.findings.iter().flatten().filter(|_| entry.dismissed) {
        story.push(("Was not as asked", problem.clone()));
    }
    story
}

/// A request of the journal as it was sent: the line, and below it the body.
pub(super) fn as_sent(
    entry: Result<Option<Record>, store::StoreError>,
) -> Result<SentText, Failure> {
    match entry {
        Ok(Some(entry)) => {
            let intent = entry.intent;
            let body = if intent.body.is_empty() {
                "(no body)"
            } else {
                &intent.body
            };
            Ok(SentText(format!(
                "{} {}\n\n{body}",
                intent.method, intent.path
            )))
        }
        Ok(None) => Err(Failure::local("The journal no longer holds this row.", "")),
        Err(error) => Err(Failure::local(error.to_string(), "")),
    }
}

/// What was sent, for people: the kind, what it was about, and its name.
fn what_it_was(entry: &Record) -> String {
    let intent = &entry.intent;
    let outgoing = kept(intent);
    let what = match (&outgoing, intent.order) {
        (Some(outgoing), _) => outgoing.named(),
        (None, _) if entry.unreadable.is_empty() => {
            let key = intent.kind.as_ref().err().map_or("", String::as_str);
            format!("unknown operation ({key})")
        }
        (None, Some(order)) => format!("unreadable row about order {order}"),
        (None, None) => format!("unreadable row: {} {}", intent.method, intent.path),
    };
    let name = intent.before.name.clone();
    let name = name.or_else(|| outgoing?.common_name());
    // The name tells more than the order's number, and stands where it is seen.
    let what = match name.filter(|name| !what.contains(name)) {
        Some(name) => format!("{what} · {name}"),
        None => what,
    };
    let order = intent
        .order
        .filter(|order| !what.contains(&order.to_string()));
    match order {
        Some(order) => format!("{what} (order {order})"),
        None => what,
    }
}

pub(super) fn journal_row(entry: Record) -> JournalRow {
    let certificate = match (&entry.outcome, &entry.resolved) {
        (_, Some(resolved)) => match resolved.what {
            Found::Certificate(_, certificate) => Some(certificate),
            _ => None,
        },
        (Some(Answer::Accepted { certificate, .. }), None) => *certificate,
        _ => None,
    };
    let found = entry.resolved.as_ref().map(|resolved| &resolved.what);
    let outcome = match (&entry.outcome, found) {
        (None, _) if entry.is_running() => Some("under way".to_owned()),
        (None | Some(Answer::Unknown { .. }), None) if entry.dismissed => {
            Some("no clear answer; set aside".to_owned())
        }
        (None | Some(Answer::Unknown { .. }), Some(Found::NotArrived)) if entry.dismissed => {
            Some("no clear answer, and it was not found so far; set aside".to_owned())
        }
        (None | Some(Answer::Unknown { .. }), found) => {
            found.map(|found| format!("no clear answer; {}", found_words(found)))
        }
        (Some(Answer::Accepted { .. }), Some(found)) => {
            Some(format!("accepted; {}", found_words(found)))
        }
        (
            Some(Answer::Accepted {
                requests,
                certificate,
                ..
            }),
            None,
        ) => Some(match (certificate, requests.first()) {
            (Some(id), _) => format!("accepted: certificate {id}"),
            (None, Some(id)) => format!("accepted: request {id}"),
            (None, None) => "accepted".to_owned(),
        }),
        (Some(Answer::Refused { status, errors }), _) => Some(match errors.as_slice() {
            [] => format!("refused ({status})"),
            errors => format!("refused ({status}): {}", errors.join("; ")),
        }),
        (Some(Answer::NotSent { why }), _) => Some(format!("not sent: {why}")),
    };
    let what = what_it_was(&entry);
    let story = story(&entry);
    let made_on = entry.made_on();
    let waits = entry.is_awaited() && !entry.dismissed;
    let seen = entry.dismissed;
    let at = by_account(&entry, entry.intent.at);
    let at = Some(at).filter(|_| !entry.unreadable.contains(&"started"));
    JournalRow {
        story,
        made_on,
        waits,
        problems: entry.findings.filter(|_| !seen).unwrap_or_default(),
        op: entry.intent.op,
        at,
        what,
        // Of a renewal the one that came of it.
        order: made_on.or(entry.intent.order),
        outcome,
        certificate,
    }
}
