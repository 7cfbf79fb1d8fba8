//! What is typed is kept in time, whatever the clock does, until the account has it.

use super::desk::unfinished;
use super::watching_tests::{CSR, accepted, outgoing};
use super::*;
use crate::domain::ids::CertificateId;
use crate::domain::write::{Outgoing, Stage};

/// A clock that is set back while something waits: a draft to be kept, a look at the account, what follows the cursor.
#[test]
fn a_clock_that_is_set_back_holds_nothing_up() {
    let hour = SignedDuration::from_hours(1);
    let moment = SignedDuration::from_millis(60);
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = "n1.example.net".into();
    let info = order(1, certificate);
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.press("d");
    desk.nothing_is_late();
    let kept = |effects: &[Effect]| {
        let is_draft = |effect: &&Effect| matches!(effect, Effect::SaveDraft { .. });
        effects.iter().filter(is_draft).count()
    };
    // The timer that was started before fires in time.
    desk.press("x");
    desk.now -= hour;
    desk.now += moment;
    assert_eq!(kept(&desk.tell(Msg::Deadline)), 1);
    // Something else comes first.
    desk.press("y");
    let wait = desk.model.next_deadline().unwrap().duration_since(desk.now);
    desk.now -= hour;
    desk.tell(Msg::Resize(120, 40));
    let still = desk.model.next_deadline().unwrap().duration_since(desk.now);
    assert_eq!(still, wait);
    desk.now += still;
    assert_eq!(kept(&desk.tell(Msg::Deadline)), 1);
    // What was sent is looked for as soon as it would have been, and what has no answer is told as late.
    desk.press("esc");
    desk.press("esc");
    desk.tell(Msg::Deadline);
    let draft = Some("duplicate-1".to_owned());
    desk.send(outgoing(), draft, "it".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    accepted(&mut desk, op);
    for late in [false, true] {
        if late {
            desk.press("R");
        }
        let wait = desk.model.next_deadline().unwrap().duration_since(desk.now);
        desk.now -= 24 * hour;
        desk.tell(Msg::Resize(120, 40));
        let still = desk.model.next_deadline().unwrap().duration_since(desk.now);
        assert_eq!(still, wait);
    }
}

/// What the form holds when the account takes what was sent from it: as it was sent, without the CSR and with other words,
/// with another CSR, or nothing.
#[test]
fn a_draft_that_was_begun_anew_stays_when_what_was_sent_before_is_accepted() {
    let draft = |fields: serde_json::Value| {
        Some(serde_json::json!({ "fields": fields, "focus": "comments" }).to_string())
    };
    let keyless = Outgoing {
        expected: None,
        ..outgoing()
    };
    let cases = [
        (outgoing(), draft(serde_json::json!({ "csr": CSR })), false),
        (
            outgoing(),
            draft(serde_json::json!({ "comments": "anew" })),
            true,
        ),
        (
            outgoing(),
            draft(serde_json::json!({ "csr": "half a CSR" })),
            true,
        ),
        (outgoing(), None, false),
        (
            keyless.clone(),
            draft(serde_json::json!({ "csr": CSR })),
            true,
        ),
        (
            keyless.clone(),
            draft(serde_json::json!({ "comments": "for web" })),
            false,
        ),
        (
            keyless,
            draft(serde_json::json!({ "comments": "anew" })),
            true,
        ),
    ];
    for (outgoing, held, stays) in cases {
        let mut desk = Desk::with_orders(1);
        let key = "duplicate-1".to_owned();
        let sent = match &outgoing.expected {
            Some(_) => serde_json::json!({ "fields": { "csr": CSR }, "focus": "csr" }),
            None => serde_json::json!({ "fields": { "comments": "for web" }, "focus": "csr" }),
        };
        desk.model
            .engine
            .drafts
            .texts
            .insert(key.clone(), sent.to_string());
        desk.send(outgoing, Some(key.clone()), "it".into());
        let op = desk.model.engine.writes.all[0].op.clone();
        match &held {
            Some(held) => desk
                .model
                .engine
                .drafts
                .texts
                .insert(key.clone(), held.clone()),
            None => desk.model.engine.drafts.texts.remove(&key),
        };
        let effects = accepted(&mut desk, op);
        let dropped = effects.contains(&Effect::DropDraft { key: key.clone() });
        assert_eq!(dropped, !stays, "{held:?}");
        assert_eq!(
            desk.model.engine.drafts.texts.contains_key(&key),
            stays,
            "{held:?}"
        );
    }
}

/// An earlier session ended after the account's answer was written down and before its draft went, or without an answer.
#[test]
fn what_an_earlier_session_saw_accepted_is_begun_no_more() {
    let number = CertificateId(20);
    for (came, csr, stays) in [
        (Stage::AwaitsApproval(RequestId(5)), CSR, false),
        (Stage::AwaitsCertificate(None), CSR, false),
        (Stage::AwaitsCertificate(Some(number)), CSR, false),
        (Stage::AwaitsCertificate(Some(number)), "begun anew", true),
        (Stage::LookingUp(lost()), CSR, true),
        (Stage::NotFound(lost()), CSR, true),
    ] {
        let mut desk = Desk::with_orders(1);
        let key = "duplicate-1".to_owned();
        let draft = serde_json::json!({ "fields": { "csr": csr }, "focus": "csr" });
        desk.model
            .engine
            .drafts
            .texts
            .insert(key.clone(), draft.to_string());
        let effects = desk.tell(Msg::Resume(vec![unfinished(
            "earlier-1",
            outgoing(),
            came.clone(),
        )]));
        let what = format!("{came:?} {csr}");
        let dropped = effects.contains(&Effect::DropDraft { key: key.clone() });
        assert_eq!(dropped, !stays, "{what}");
        assert_eq!(
            desk.model.engine.drafts.texts.contains_key(&key),
            stays,
            "{what}"
        );
    }
}
