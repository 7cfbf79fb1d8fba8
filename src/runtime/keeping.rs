//! What is kept in the store on the way: intents, rows of the list, drafts, and how the journal reads.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use super::effects::{Event, not_kept, say};
use super::failure::failure;
use super::kept::{get_before, get_refusal, put_before};
use super::storing::Storing;
use crate::app::bulk::{Came, SentBefore};
use crate::app::effect::{OpId, Settled};
use crate::app::failure::Failure;
use crate::app::msg::{CameTo, JournalRow, Msg, SentText, SyncEvent, Unfinished};
use crate::app::watch::Before;
use crate::domain::ids::OrderId;
use crate::domain::write::{Method, Outgoing, WriteKind};
use crate::store::{self, DraftKey, Intent, Outcome, Resolution};
use crate::sync;

/// How long after it was sent a new order that was not found is looked for at the start.
const LATEST: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn intent(op: &OpId, outgoing: &Outgoing, before: &Before, profile: &str) -> Intent {
    let with_csr = outgoing.expected.as_ref();
    let with_csr = with_csr.filter(|expected| !expected.csr_der.is_empty());
    let csr_sha256 = with_csr.map(|expected| {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &expected.csr_der);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        bytes
    });
    Intent {
        op: store::OpId(op.0.clone()),
        kind: outgoing.kind.label().to_owned(),
        order: outgoing.order,
        method: outgoing.method.as_str().to_owned(),
        path: outgoing.path.clone(),
        body: outgoing.body.clone(),
        csr_sha256,
        profile: profile.to_owned(),
        before: Some(put_before(before)),
        at: Timestamp::now(),
    }
}

/// What a run found, for the model; rows and cursor go to the store on the way.
pub(super) fn synced(
    storing: &Storing,
    account: &str,
    event: sync::SyncEvent,
    tx: &UnboundedSender<Event>,
    told: &Arc<AtomicBool>,
) -> Option<SyncEvent> {
    let (tx, told) = (tx.clone(), Arc::clone(told));
    let tell = move |what: &str, error: &store::StoreError| {
        if told.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, what, "not kept");
        } else {
            not_kept(&tx, what, error);
        }
    };
    match event {
        sync::SyncEvent::Started { .. } => None,
        sync::SyncEvent::Page { rows, done, total } => {
            let (kept, account) = (rows.clone(), account.to_owned());
            storing.go(move |store| {
                if store.is_lasting()
                    && let Err(error) = store.upsert_orders(&account, &kept)
                {
                    tell("The list of orders", &error);
                }
            });
            Some(SyncEvent::Rows { rows, done, total })
        }
        sync::SyncEvent::Finished { removed, cursor } => {
            let (gone, account) = (removed.clone(), account.to_owned());
            storing.go(move |store| {
                if !store.is_lasting() {
                    return;
                }
                let kept = store
                    .remove_orders(&account, &gone)
                    .and_then(|_| store.set_cursor(&account, cursor));
                if let Err(error) = kept {
                    tell("The list of orders", &error);
                }
            });
            Some(SyncEvent::Finished { removed })
        }
        sync::SyncEvent::Failed(error) => Some(SyncEvent::Failed(failure(&error))),
    }
}

/// What the last session saw: the first screenful, then the rest.
pub fn load_cache(storing: &Storing, account: String, tx: UnboundedSender<Event>) {
    storing.go(move |store| {
        let cursor = store.cursor(&account).unwrap_or_default();
        if let Some(at) = cursor.last_change.max(cursor.last_full) {
            say(&tx, Msg::ListOf(at));
        }
        let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        if let Ok(first) = store.load_first(&account, store::First::EndingFrom(today), 100)
            && !first.is_empty()
        {
            say(&tx, Msg::Cached(first));
        }
        let loaded = store.load_all(&account, |rows| {
            say(&tx, Msg::Cached(rows));
            ControlFlow::Continue(())
        });
        match loaded {
            Ok(_) => say(&tx, Msg::Cached(Vec::new())),
            Err(error) => say(&tx, Msg::Notice(error.to_string())),
        }
    });
}

/// The drafts of earlier sessions.
pub fn load_drafts(storing: &Storing, tx: UnboundedSender<Event>) {
    storing.go(move |store| match store.list_drafts() {
        Ok(drafts) => {
            for draft in drafts {
                let key = match draft.key.order {
                    Some(order) => format!("{}-{order}", draft.key.kind),
                    None => draft.key.kind,
                };
                say(
                    &tx,
                    Msg::Draft {
                        key,
                        json: draft.json,
                        refusal: draft.refusal.as_deref().and_then(get_refusal),
                    },
                );
            }
        }
        Err(error) => say(&tx, Msg::Notice(error.to_string())),
    });
}

/// What came of a write, as the journal keeps it.
pub(super) fn resolution(what: Settled) -> Resolution {
    match what {
        Settled::Certificate(order, certificate) => Resolution::Certificate { order, certificate },
        Settled::Request(request) => Resolution::Request { request },
        Settled::Rejected(request) => Resolution::Rejected { request },
        Settled::Decided(order) => Resolution::Order { order },
        Settled::NoCertificate => Resolution::NoCertificate,
        Settled::NotArrived => Resolution::NotArrived,
    }
}

/// What earlier sessions sent and saw no end of. What another certdeck is sending right now is its own.
pub fn load_unfinished(storing: &Storing, tx: UnboundedSender<Event>) {
    storing.go(move |store| {
        let unknown = store.open_ops();
        let awaited = store.awaited();
        let entries = match (unknown, awaited) {
            (Ok(unknown), Ok(awaited)) => unknown.into_iter().chain(awaited),
            (Err(error), _) | (_, Err(error)) => {
                say(&tx, Msg::Notice(error.to_string()));
                return;
            }
        };
        let unfinished: Vec<Unfinished> = entries
            .filter(|entry| !entry.is_running() && !is_old_news(entry))
            .filter_map(unfinished)
            .collect();
        if !unfinished.is_empty() {
            say(&tx, Msg::Resume(unfinished));
        }
    });
}

/// Whether nothing was found of it for so long that nothing will be.
fn is_old_news(entry: &store::Entry) -> bool {
    let found = entry.resolved.as_ref().map(|found| &found.what);
    let age = Timestamp::now().duration_since(entry.intent.at);
    found == Some(&Resolution::NotArrived) && age > LATEST
}

/// What was sent with a CSR for an order, and whether anything can have come of it.
pub(super) fn load_sent(storing: &Storing, order: OrderId, tx: UnboundedSender<Event>) {
    storing.go(move |store| {
        let sent = store
            .list_for_order(order, usize::try_from(i64::MAX).unwrap_or(usize::MAX))
            .map(|entries| entries.into_iter().filter_map(sent_before).collect())
            .map_err(|error| Failure::local(error.to_string(), ""));
        say(&tx, Msg::SentBefore { order, sent });
    });
}

fn sent_before(entry: store::Entry) -> Option<SentBefore> {
    let sha256 = entry.intent.csr_sha256?;
    let resolved = entry.resolved.as_ref().map(|resolved| &resolved.what);
    let came = match (&entry.outcome, resolved) {
        (Some(Outcome::NotSent { .. }), _) => Came::NotSent,
        (Some(Outcome::Refused { .. }), _)
        | (
            _,
            Some(Resolution::NotArrived | Resolution::NoCertificate | Resolution::Rejected { .. }),
        ) => Came::Nothing,
        _ => Came::Something,
    };
    let row = journal_row(entry);
    Some(SentBefore {
        sha256,
        op: row.op,
        came,
        certificate: row.certificate,
        words: row
            .outcome
            .unwrap_or_else(|| "sent, and its outcome is unknown".to_owned()),
    })
}

fn unfinished(entry: store::Entry) -> Option<Unfinished> {
    let kind = WriteKind::of_label(&entry.intent.kind)?;
    let found = entry.resolved.as_ref().map(|resolved| &resolved.what);
    let came = match (&entry.outcome, found) {
        (_, Some(Resolution::Request { request })) => CameTo::Request(*request),
        (_, Some(Resolution::Certificate { certificate, .. })) => CameTo::Certificate(*certificate),
        (_, Some(Resolution::NotArrived)) => CameTo::NotFound,
        (_, Some(_)) => CameTo::Order,
        (
            Some(Outcome::Accepted {
                requests,
                certificate,
                ..
            }),
            None,
        ) => match (certificate, requests.first()) {
            (Some(certificate), _) => CameTo::Certificate(*certificate),
            (None, Some(request)) => CameTo::Request(*request),
            (None, None) => CameTo::Order,
        },
        (_, None) => CameTo::Unknown,
    };
    // A new order that is not found yet has no number, and the one it renews is not where its certificate will be.
    let order = match came {
        CameTo::Unknown | CameTo::NotFound if kind.makes_order() => None,
        _ => entry.made_on(),
    };
    let before = get_before(entry.intent.before.as_deref());
    let token = match entry.outcome {
        Some(Outcome::Accepted { random_value, .. }) => random_value,
        _ => None,
    };
    let intent = entry.intent;
    let method = match intent.method.as_str() {
        "PUT" => Method::Put,
        _ => Method::Post,
    };
    Some(Unfinished {
        op: OpId(intent.op.0),
        outgoing: Outgoing::kept(kind, method, intent.path, intent.body, intent.order),
        sent: intent.at,
        came,
        order,
        before,
        token,
    })
}

/// `duplicate-123` → kind and order.
pub(super) fn draft_key(key: &str) -> DraftKey {
    let parts = key
        .rsplit_once('-')
        .and_then(|(kind, order)| Some((kind, order.parse().ok()?)));
    match parts {
        Some((kind, order)) => DraftKey {
            kind: kind.to_owned(),
            order: Some(OrderId(order)),
        },
        None => DraftKey {
            kind: key.to_owned(),
            order: None,
        },
    }
}

fn found_words(found: &Resolution) -> String {
    match found {
        Resolution::Certificate { certificate, .. } => {
            format!("certificate {certificate} came of it")
        }
        Resolution::Request { request } => format!("request {request} came of it"),
        Resolution::Rejected { request } => format!("request {request} was rejected"),
        Resolution::Order { .. } => "the account shows it done".to_owned(),
        Resolution::NoCertificate => "no certificate came of it".to_owned(),
        Resolution::NotArrived => "nothing of it was found on the account".to_owned(),
    }
}

/// What happened to a write, step by step.
fn story(entry: &store::Entry) -> Vec<(&'static str, String)> {
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
    let ended = at(entry.finished);
    match &entry.outcome {
        None if entry.is_running() => {}
        None => story.push((
            "Then",
            "certdeck ended before an answer was written down".to_owned(),
        )),
        Some(Outcome::Accepted { status, .. } | Outcome::Refused { status, .. }) => {
            story.push(("Answer", format!("{status}{ended}")));
        }
        Some(Outcome::NotSent { .. }) => {}
        Some(Outcome::Unknown { why }) => {
            story.push(("No answer", format!("{why}{ended}")));
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
    for problem in entry.findings.iter().flatten().filter(|_| entry.dismissed) {
        story.push(("Was not as asked", problem.clone()));
    }
    story
}

/// A request of the journal as it was sent: the line, and below it the body.
pub(super) fn as_sent(
    entry: Result<Option<store::Entry>, store::StoreError>,
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

pub(super) fn journal_row(entry: store::Entry) -> JournalRow {
    let certificate = match (&entry.outcome, &entry.resolved) {
        (_, Some(resolved)) => match resolved.what {
            Resolution::Certificate { certificate, .. } => Some(certificate),
            _ => None,
        },
        (Some(Outcome::Accepted { certificate, .. }), None) => *certificate,
        _ => None,
    };
    let found = entry.resolved.as_ref().map(|resolved| &resolved.what);
    let outcome = match (&entry.outcome, found) {
        (None, _) if entry.is_running() => Some("under way".to_owned()),
        (None | Some(Outcome::Unknown { .. }), None) if entry.dismissed => {
            Some("no answer came; set aside".to_owned())
        }
        (None | Some(Outcome::Unknown { .. }), found) => {
            found.map(|found| format!("no answer came; {}", found_words(found)))
        }
        (Some(Outcome::Accepted { .. }), Some(found)) => {
            Some(format!("accepted; {}", found_words(found)))
        }
        (
            Some(Outcome::Accepted {
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
        (Some(Outcome::Refused { status, errors }), _) => Some(match errors.as_slice() {
            [] => format!("refused ({status})"),
            errors => format!("refused ({status}): {}", errors.join("; ")),
        }),
        (Some(Outcome::NotSent { why }), _) => Some(format!("not sent: {why}")),
    };
    let what = match entry.intent.order {
        Some(order) => format!("{} of order {order}", entry.intent.kind),
        None => format!(
            "{}: {} {}",
            entry.intent.kind, entry.intent.method, entry.intent.path
        ),
    };
    let story = story(&entry);
    let made_on = entry.made_on();
    let waits = entry.is_awaited() && !entry.dismissed;
    let seen = entry.dismissed;
    JournalRow {
        story,
        made_on,
        waits,
        problems: entry.findings.filter(|_| !seen).unwrap_or_default(),
        op: OpId(entry.intent.op.0),
        at: entry.intent.at,
        what,
        order: entry.intent.order,
        outcome,
        certificate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_arrived_is_told_and_what_did_not_is_not() {
        let storing = Storing::open(None, |error| panic!("{error}")).unwrap();
        let (tx, mut events) = tokio::sync::mpsc::unbounded_channel();
        let answered = |requests: Vec<crate::domain::ids::RequestId>| Outcome::Accepted {
            status: 201,
            order: None,
            requests,
            certificate: None,
            random_value: None,
        };
        let outcomes = [
            Some(answered(vec![crate::domain::ids::RequestId(9)])),
            Some(Outcome::Refused {
                status: 400,
                errors: Vec::new(),
            }),
            Some(Outcome::NotSent { why: String::new() }),
            Some(Outcome::Unknown { why: String::new() }),
            None,
        ];
        for (at, outcome) in (0_u8..).zip(outcomes) {
            let intent = Intent {
                op: store::OpId(format!("test-{at}")),
                kind: "duplicate".into(),
                order: Some(OrderId(1)),
                method: "POST".into(),
                path: "/order/certificate/1/duplicate".into(),
                body: "{}".into(),
                csr_sha256: Some([at; 32]),
                profile: "test".into(),
                before: None,
                at: Timestamp::UNIX_EPOCH,
            };
            storing.go(move |store| {
                store.begin(&intent).unwrap();
                if let Some(outcome) = outcome {
                    store
                        .finish(&intent.op, &outcome, Timestamp::UNIX_EPOCH)
                        .unwrap();
                }
            });
        }
        load_sent(&storing, OrderId(1), tx);
        let Some(Event::Msg(msg)) = events.blocking_recv() else {
            panic!("no message");
        };
        let Msg::SentBefore {
            sent: Ok(mut sent), ..
        } = *msg
        else {
            panic!("{msg:?}");
        };
        sent.sort_by_key(|sent| sent.sha256);
        let told: Vec<(u8, &str)> = sent
            .iter()
            .filter(|sent| sent.came == Came::Something)
            .map(|sent| (sent.sha256[0], sent.words.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (0, "accepted: request 9"),
                (3, "sent, and its outcome is unknown"),
                (4, "under way"),
            ]
        );
    }

    #[test]
    fn a_draft_key_names_kind_and_order() {
        let key = draft_key("duplicate-123");
        assert_eq!(
            (key.kind.as_str(), key.order),
            ("duplicate", Some(OrderId(123)))
        );
        assert_eq!(draft_key("new").order, None);
    }
}
