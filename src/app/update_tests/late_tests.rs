//! What arrives late, and what was sent again meanwhile.

use super::looks_tests::{CSR, ID, answered, info, kinds, not_found, opened, shown};
use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::write::{Entry, Found};

#[test]
fn what_was_sent_again_since_is_not_said_to_be_nowhere() {
    let outgoing = kinds().remove(0);
    let again = |desk: &mut Desk, outcome: Ended| {
        let first = not_found(desk, outgoing.clone());
        desk.show_activity();
        let effects = desk.press("s");
        shown(desk, &effects, &[]);
        // It may have arrived since the look that was shown, however short ago that was.
        let effects = desk.press("enter");
        assert_eq!(desk.model.engine.writes.all[0].op, first);
        shown(desk, &effects, &[]);
        let second = desk.model.engine.writes.all[0].op.clone();
        assert_ne!(first, second);
        desk.tell(Msg::WriteEnded {
            op: second,
            outcome,
        });
        let effects = desk.press("esc R");
        shown(desk, &effects, &[]);
        let watch = desk
            .model
            .engine
            .writes
            .all
            .iter()
            .find(|watch| watch.op == first);
        watch.unwrap().words()
    };
    let mut desk = opened();
    let words = again(&mut desk, Ended::Accepted(Accepted::default()));
    assert!(words.contains("may be of either"), "{words}");
    // What was refused came to nothing: the first is the only one still.
    let mut desk = opened();
    let refused = Failure {
        kind: FailureKind::Refused,
        ..lost()
    };
    let words = again(&mut desk, Ended::Refused(refused));
    assert!(words.contains("nothing with this CSR"), "{words}");
}

/// What was sent and taken before is not what was sent again since.
#[test]
fn the_same_that_was_taken_before_hides_no_late_arrival() {
    for outgoing in kinds() {
        let mut desk = opened();
        let name = outgoing.named();
        desk.send(outgoing.clone(), None, name);
        let first = desk.model.engine.writes.all[0].op.clone();
        desk.tell(Msg::WriteEnded {
            op: first.clone(),
            outcome: Ended::Accepted(Accepted::default()),
        });
        let second = not_found(&mut desk, outgoing.clone());
        assert_ne!(first, second);
        let watch = desk
            .model
            .engine
            .writes
            .all
            .iter()
            .find(|watch| watch.op == second);
        let words = watch.unwrap().words();
        assert!(
            !words.contains("may be of either"),
            "{:?}: {words}",
            outgoing.kind
        );
    }
}

fn late_one() -> Certificate {
    let mut arrived = Certificate::empty(Role::Duplicate(None));
    arrived.id = Some(CertificateId(20));
    arrived.serial = Some("0B".into());
    arrived.csr = Some(CsrText(CSR.into()));
    arrived
}

#[test]
fn what_arrives_late_closes_the_question_that_would_send_it_again() {
    let mut desk = opened();
    let op = not_found(&mut desk, kinds().remove(0));
    desk.show_activity();
    let effects = desk.press("s");
    shown(&mut desk, &effects, &[]);
    let asks = |desk: &Desk| matches!(desk.model.popups.last(), Some(Popup::Prompt(_)));
    assert!(asks(&desk));
    desk.now += SignedDuration::from_hours(1);
    let effects = desk.tell(Msg::Deadline);
    answered(&mut desk, &effects, &[], &info(), &[late_one()]);
    assert!(!asks(&desk), "{:?}", desk.model.status);
    assert!(
        !desk
            .model
            .engine
            .writes
            .all
            .iter()
            .any(|watch| watch.op == op && watch.words().starts_with("outcome unknown"))
    );
}

#[test]
fn what_arrives_late_is_found_and_closes_the_form_that_would_send_it_again() {
    let mut desk = opened();
    let draft = serde_json::json!({ "fields": { "csr": CSR }, "focus": "csr" });
    desk.model
        .engine
        .drafts
        .texts
        .insert("duplicate-1".into(), draft.to_string());
    let op = not_found(&mut desk, kinds().remove(0));
    desk.now += SignedDuration::from_secs(6);
    let effects = desk.press("enter d");
    assert!(desk.model.form.is_some());
    let twin = desk.model.engine.writes.why_not_yet(&kinds()[0]);
    assert!(twin.is_some(), "not during the look");
    let settled = answered(&mut desk, &effects, &[], &info(), &[late_one()]);
    assert!(desk.model.form.is_none(), "{:?}", desk.model.status);
    assert!(desk.model.engine.drafts.texts.is_empty());
    let what = Found::Certificate(ID, CertificateId(20));
    assert!(
        settled.contains(&Effect::Journal {
            op,
            entry: Entry::Found(what)
        }),
        "{settled:?}"
    );
}
