//! What is kept in the store on the way: intents, drafts, and how the journal reads.

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::draft::get_refusal;
use super::effects::{Event, say};
use super::storing::Storing;
use crate::app::journal::JournalRow;
use crate::app::msg::PriorCsr;
use crate::app::msg::{Msg, Unfinished};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::write::{Answer, Before, Intent, Outgoing, Record, Stage, WriteId};
use crate::store::DraftKey;

pub(super) fn intent(
    op: &WriteId,
    outgoing: &Outgoing,
    before: &Before,
    profile: &str,
    despite: bool,
) -> Intent {
    let now = Timestamp::now();
    Intent {
        op: op.clone(),
        kind: Ok(outgoing.kind),
        order: outgoing.order,
        method: outgoing.method.as_str().to_owned(),
        path: outgoing.path.clone(),
        body: outgoing.body.clone(),
        csr_sha256: fingerprint(outgoing),
        profile: profile.to_owned(),
        before: before.clone(),
        foreseen: outgoing
            .expected
            .as_ref()
            .and_then(|expected| expected.foreseen),
        as_of: before.age.and_then(|age| now.checked_sub(age).ok()),
        despite,
        at: now,
    }
}

/// SHA-256 of the CSR, or of the bare public key in its place.
pub fn fingerprint(outgoing: &Outgoing) -> Option<[u8; 32]> {
    let expected = outgoing.expected.as_ref()?;
    let der = if expected.csr_der.is_empty() {
        &expected.spki_der
    } else {
        &expected.csr_der
    };
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
    digest.as_ref().try_into().ok()
}

/// The drafts of earlier sessions.
pub fn load_drafts(storing: &Storing, tx: UnboundedSender<Event>) {
    storing.go(move |store| match store.list_drafts() {
        Ok(drafts) => {
            let unreadable = store.unreadable_drafts().unwrap_or_default();
            if unreadable > 0 {
                let words = match unreadable {
                    1 => "1 draft cannot be read; it stays in the store.".to_owned(),
                    many => format!("{many} drafts cannot be read; they stay in the store."),
                };
                say(&tx, Msg::Notice(words));
            }
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

/// What earlier sessions sent and saw no end of. What another certdeck is sending right now is its own.
pub fn load_unfinished(storing: &Storing, tx: UnboundedSender<Event>) {
    storing.go(move |store| {
        let entries = match store.unsettled() {
            Ok(entries) => entries,
            Err(error) => {
                say(&tx, Msg::Notice(error.to_string()));
                return;
            }
        };
        let unread = entries
            .iter()
            .filter(|entry| !entry.unreadable.is_empty() || entry.intent.kind.is_err());
        let unread = unread.count();
        if unread > 0 {
            let words = match unread {
                1 => "1 row of the journal cannot be read in full, so whether its change arrived is not known. The \
                    journal shows it first.".to_owned(),
                many => format!("{many} rows of the journal cannot be read in full, so whether their changes arrived \
                    is not known. The journal shows them first."),
            };
            say(&tx, Msg::Notice(words));
        }
        let unfinished: Vec<Unfinished> = entries
            .into_iter()
            .filter(|entry| !entry.is_running())
            .filter_map(unfinished)
            .collect();
        if !unfinished.is_empty() {
            say(&tx, Msg::Resume(unfinished));
        }
    });
}

/// What was sent with a CSR for an order, and whether anything can have come of it.
pub(super) fn load_prior_csrs(storing: &Storing, order: OrderId, tx: UnboundedSender<Event>) {
    storing.go(move |store| {
        let sent = store
            .list_for_order(order, usize::try_from(i64::MAX).unwrap_or(usize::MAX))
            .map(|entries| entries.into_iter().filter_map(prior_csr).collect())
            .map_err(|error| Failure::local(error.to_string(), ""));
        say(&tx, Msg::PriorCsrs { order, sent });
    });
}

fn prior_csr(entry: Record) -> Option<PriorCsr> {
    // Where that cannot be read, the request itself tells.
    let sha256 = entry
        .intent
        .csr_sha256
        .or_else(|| fingerprint(&entry.intent.outgoing()?))?;
    let arrival = entry.arrival();
    let row = JournalRow::of(entry);
    Some(PriorCsr {
        sha256,
        op: row.op,
        arrival,
        certificate: row.certificate,
        words: row
            .outcome
            .unwrap_or_else(|| "sent, and its outcome is unknown".to_owned()),
    })
}

fn unfinished(entry: Record) -> Option<Unfinished> {
    // What nobody can look for stays in the journal, unknown.
    if entry.cannot_be_looked_for() {
        return None;
    }
    let kind = entry.intent.kind.clone().ok()?;
    let stage = Stage::of(&entry);
    // A new order that is not found yet has no number, and the one it renews is not where its certificate will be.
    let order = entry
        .made_on()
        .filter(|_| !(kind.makes_order() && stage.is_unknown()));
    let token = match entry.outcome {
        Some(Answer::Accepted { random_value, .. }) => random_value,
        _ => None,
    };
    let intent = entry.intent;
    let outgoing = intent.outgoing()?;
    Some(Unfinished {
        op: intent.op,
        outgoing,
        sent: intent.at,
        stage,
        order,
        before: intent.before,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::fixtures;
    use crate::domain::write::{Arrival, WriteKind};

    fn written(at: u8, kind: Result<WriteKind, String>, path: &str) -> Intent {
        Intent {
            kind,
            path: path.into(),
            ..fixtures::intent(&format!("test-{at}"))
        }
    }

    #[test]
    fn what_may_have_arrived_is_told_and_what_did_not_is_not() {
        let storing = Storing::open(None, |error| panic!("{error}")).unwrap();
        let (tx, mut events) = tokio::sync::mpsc::unbounded_channel();
        let answered = |requests: Vec<crate::domain::ids::RequestId>| Answer::Accepted {
            status: 201,
            order: None,
            requests,
            certificate: None,
            random_value: None,
        };
        let outcomes = [
            Some(answered(vec![crate::domain::ids::RequestId(9)])),
            Some(Answer::Refused {
                status: 400,
                errors: Vec::new(),
            }),
            Some(Answer::NotSent { why: String::new() }),
            Some(Answer::Unknown { why: String::new() }),
            None,
        ];
        for (at, outcome) in (0_u8..).zip(outcomes) {
            let intent = Intent {
                body: format!("{{\"n\":{at}}}"),
                csr_sha256: Some([at; 32]),
                ..written(
                    at,
                    Ok(WriteKind::Duplicate),
                    "/order/certificate/1/duplicate",
                )
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
        load_prior_csrs(&storing, OrderId(1), tx);
        let Some(Event::Msg(msg)) = events.blocking_recv() else {
            panic!("no message");
        };
        let Msg::PriorCsrs {
            sent: Ok(mut sent), ..
        } = *msg
        else {
            panic!("{msg:?}");
        };
        sent.sort_by_key(|sent| sent.sha256);
        let told: Vec<(u8, &str)> = sent
            .iter()
            .filter(|sent| sent.arrival == Arrival::Arrived)
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

    /// A later version sent it: nobody here can look for it, and nobody forgets it.
    #[test]
    fn a_kind_that_is_not_known_is_counted_and_not_looked_for() {
        let storing = Storing::open(None, |error| panic!("{error}")).unwrap();
        let (tx, mut events) = tokio::sync::mpsc::unbounded_channel();
        let kind = Err("teleport".into());
        let intent = written(1, kind, "/order/certificate/1/teleport");
        let (sent, mut rows) = tokio::sync::mpsc::unbounded_channel();
        storing.go(move |store| {
            store.begin(&intent).unwrap();
            let why = String::new();
            let lost = Answer::Unknown { why };
            store.finish(&intent.op, &lost, intent.at).unwrap();
            let entry = store.entry(&intent.op).unwrap().unwrap();
            sent.send(JournalRow::of(entry)).unwrap();
        });
        load_unfinished(&storing, tx.clone());
        drop(tx);
        let row = rows.blocking_recv().unwrap();
        assert_eq!(row.what, "unknown operation (teleport) (order 1)");
        assert_eq!(row.outcome, None);
        let Some(Event::Msg(msg)) = events.blocking_recv() else {
            panic!("no message");
        };
        assert!(matches!(*msg, Msg::Notice(words) if words.contains("is not known")));
        // Nothing of it is taken up.
        storing.go(|_| {});
        drop(storing);
        assert!(events.blocking_recv().is_none());
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
