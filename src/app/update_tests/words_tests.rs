//! What is said of an answer that says nothing, of times on a machine whose clock is wrong, and of what a demo keeps.

use super::desk::unfinished;
use super::watching_tests::{outgoing, sent};
use super::*;
use crate::app::msg::Ended;
use crate::app::status::Tone;
use crate::app::writes::Watch;
use crate::domain::clock::ClockOffset;
use crate::domain::ids::CertificateId;
use crate::domain::write::{Outgoing, Stage, WriteKind};
use rstest::rstest;

#[rstest]
#[case(Some(101))]
#[case(Some(200))]
#[case(Some(302))]
#[case(Some(304))]
#[case(Some(500))]
#[case(None)]
fn an_answer_that_does_not_say_it_is_no_lost_answer(#[case] status: Option<u16>) {
    let (mut desk, op) = sent();
    let what = "Sending the duplicate: invalid_csr (what the server said).";
    let failure = Failure {
        what: what.into(),
        status,
        ..lost()
    };
    let outcome = Ended::Unknown(failure);
    desk.tell(Msg::WriteEnded { op, outcome });
    let (tone, words) = hands::said(&desk.model);
    assert_eq!(tone, Tone::Warn);
    assert!(words.contains("nothing is sent again"), "{words}");
    let watch = desk.model.engine.writes.all[0].words();
    assert!(watch.contains("outcome unknown"), "{watch}");
    assert_eq!(words.contains("No response"), status.is_none(), "{words}");
    assert_eq!(words.contains(what), status.is_some(), "{words}");
    match status {
        Some(status) => assert!(watch.contains(&format!("HTTP {status}")), "{watch}"),
        None => assert!(watch.contains("response lost"), "{watch}"),
    }
}

#[test]
fn times_of_what_was_sent_are_the_accounts() {
    let (mut desk, _) = sent();
    let ahead = ClockOffset { seconds: -1_200 };
    let watch = &mut desk.model.engine.writes.all[0];
    watch.before.clock = Some(ahead);
    let by_account = watch.by_account(watch.sent);
    assert_eq!(watch.sent.duration_since(by_account).as_secs(), 1_200);
    desk.tell(Msg::Clock(ahead));
    let now = desk.now;
    assert_eq!(
        now.duration_since(desk.model.engine.account.by_account(now))
            .as_secs(),
        1_200
    );
}

#[test]
fn a_demo_says_how_long_it_keeps_what_is_typed() {
    for demo in [true, false] {
        let mut desk = Desk::with_orders(1);
        desk.model
            .engine
            .account
            .connection
            .as_mut()
            .expect("connected")
            .sandbox = demo;
        desk.press("N x esc");
        let (_, words) = hands::said(&desk.model);
        assert!(words.contains("Draft kept"), "{words}");
        assert_eq!(words.contains("until the demo ends"), demo, "{words}");
    }
}

#[test]
fn what_was_asked_for_and_done_is_good_news() {
    let mut desk = Desk::with_orders(1);
    desk.tell(Msg::Done("The key is in the key store.".into()));
    assert_eq!(hands::said(&desk.model).0, Tone::Good);
    desk.tell(Msg::Notice("The key is not stored.".into()));
    assert_eq!(hands::said(&desk.model).0, Tone::Warn);
}

#[test]
fn what_a_field_did_not_take_of_a_cut_paste_is_told_as_well() {
    let mut desk = Desk::with_orders(1);
    desk.press("/");
    desk.tell(Msg::Paste("x".repeat(70_000)));
    desk.tell(Msg::OfPaste("The paste was larger than 1 MiB.".into()));
    let (_, words) = hands::said(&desk.model);
    assert!(words.contains("larger than 1 MiB"), "{words}");
    assert!(words.contains("4464 bytes were left out"), "{words}");
}

#[test]
fn what_cannot_be_kept_is_not_said_to_be_kept_and_is_asked_about() {
    let leaves = |desk: &mut Desk| desk.press("q").contains(&Effect::Quit(0));
    for (again, asks) in [(false, true), (true, false)] {
        let mut desk = Desk::with_orders(1).on_an_account();
        desk.tell(Msg::NotKept("The disk is full.".into()));
        if again {
            desk.tell(Msg::KeptAgain);
        }
        desk.press("N x esc");
        let (_, words) = hands::said(&desk.model);
        assert!(words.contains("Draft kept"), "{words}");
        assert_eq!(words.contains("until certdeck exits"), !again, "{words}");
        assert_eq!(leaves(&mut desk), !asks);
        if asks {
            let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
                panic!("it is not asked");
            };
            assert!(prompt.body[0].contains("cannot be kept"), "{prompt:?}");
        }
    }
}

#[test]
fn a_form_says_as_long_as_it_is_open_that_another_desk_types_in_it() {
    let mut desk = Desk::with_orders(1);
    desk.press("N x");
    let (own, other) = (desk.model.form.as_ref().unwrap().draft_key(), "duplicate-1");
    for (key, is_said) in [(other.to_owned(), false), (own, true)] {
        desk.tell(Msg::DraftBeside(key));
        assert!(hands::said(&desk.model).1.contains("both drafts are kept"));
        desk.press("y");
        let heading = desk.model.form.as_ref().unwrap().heading();
        assert_eq!(heading.contains("another certdeck"), is_said, "{heading}");
    }
}

/// A write at a stage, by itself.
fn watch(kind: WriteKind, state: Stage) -> Watch {
    let mut desk = Desk::with_orders(1);
    desk.finds([unfinished("1", Outgoing { kind, ..outgoing() }, state)]);
    desk.model.engine.writes.all.remove(0)
}

fn done(problems: &[&str]) -> Stage {
    Stage::Issued {
        certificate: CertificateId(8),
        checks: Vec::new(),
        problems: problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn each_place_where_something_stands_has_its_words() {
    use WriteKind::{Duplicate, NewOrder, Note, Reissue};
    let of_server = || Failure {
        status: Some(502),
        ..lost()
    };
    let not_found = || Stage::NotFound(lost());
    let certificate = CertificateId(8);
    for (kind, state, words) in [
        (Duplicate, Stage::Sending, "sending…"),
        (
            Duplicate,
            Stage::AwaitsApproval(RequestId(5)),
            "waiting for approval of request 5",
        ),
        (
            Duplicate,
            Stage::AwaitsCertificate(None),
            "accepted; waiting for the certificate",
        ),
        (
            Duplicate,
            Stage::AwaitsCertificate(Some(certificate)),
            "accepted; certificate 8 is not issued yet",
        ),
        (
            Duplicate,
            Stage::Verifying(certificate),
            "certificate 8 is issued; loading and verifying it",
        ),
        (
            Duplicate,
            Stage::LookingUp(lost()),
            "outcome unknown: response lost; looking for it in CertCentral",
        ),
        (
            Duplicate,
            Stage::LookingUp(of_server()),
            "outcome unknown: the response (HTTP 502) does not say whether it was done; looking for it in CertCentral",
        ),
        (
            Duplicate,
            not_found(),
            "outcome unknown, and nothing with this CSR in CertCentral so far",
        ),
        (
            Duplicate,
            Stage::NotFound(of_server()),
            "outcome unknown: the response (HTTP 502) does not say whether it was done, and nothing with this CSR in \
                CertCentral so far",
        ),
        (
            NewOrder,
            not_found(),
            "outcome unknown, and no order with its reference in CertCentral so far",
        ),
        (
            Note,
            not_found(),
            "outcome unknown, and CertCentral does not show it done so far",
        ),
        (
            Reissue,
            not_found(),
            "outcome unknown, and nothing with this CSR in CertCentral so far",
        ),
        (Duplicate, done(&[]), "certificate 8 issued and verified"),
        (
            Duplicate,
            done(&["a", "b"]),
            "certificate 8 issued, but a; b",
        ),
        (Duplicate, Stage::Completed("done so".into()), "done so"),
        (Duplicate, Stage::Ended(lost()), "The connection broke."),
    ] {
        assert_eq!(watch(kind, state).words(), words);
    }
    let mut without_csr = watch(Reissue, not_found());
    without_csr.outgoing.expected = None;
    let words = without_csr.words();
    assert!(
        words.ends_with("no new reissue that is clearly this one so far"),
        "{words}"
    );
    let mut again = watch(Note, not_found());
    (again.sent_again, again.read_at) = (true, Some(again.sent));
    let words = "outcome unknown, and the same was sent again since: the result may be of either (checked 2026-11-20 \
        12:00:00 UTC)";
    assert_eq!(again.words(), words);
    let mut brought = watch(Duplicate, Stage::AwaitsCertificate(Some(certificate)));
    brought.chain = Some("PEM".into());
    assert_eq!(brought.words(), "certificate 8 is issued; verifying it");
}

#[test]
fn what_waits_is_looked_at_at_once_when_something_happened_and_what_is_over_is_not() {
    let certificate = CertificateId(8);
    for (state, hurries) in [
        (Stage::Sending, false),
        (Stage::AwaitsApproval(RequestId(5)), true),
        (Stage::AwaitsCertificate(None), true),
        (Stage::LookingUp(lost()), true),
        (Stage::NotFound(lost()), true),
        (Stage::Verifying(certificate), true),
        (done(&[]), false),
        (Stage::Completed("done".into()), false),
        (Stage::Ended(lost()), false),
    ] {
        let mut watch = watch(WriteKind::Duplicate, state);
        (watch.looks, watch.due) = (9, None);
        watch.hurry(watch.sent);
        let hurried = (watch.looks, watch.due) == (0, Some(watch.sent));
        assert_eq!(hurried, hurries, "{}", watch.words());
        assert!(hurries || (watch.looks, watch.due) == (9, None));
    }
}

#[test]
fn nothing_is_given_up_before_the_sixth_look() {
    for looks in 0..9 {
        let mut watch = watch(WriteKind::Duplicate, Stage::LookingUp(lost()));
        watch.looks = looks;
        assert_eq!(watch.gave_up(), looks >= 6, "{looks}");
    }
}

#[test]
fn what_is_older_than_the_clocks_can_be_apart_did_not_come_of_it() {
    const MINUTES: i64 = 60;
    const HOURS: i64 = 3600;
    let ahead = Some(ClockOffset { seconds: 500 });
    for (clock, known, reach) in [
        (None, false, 10 * MINUTES),
        // What was there before tells what is old, whatever date something in between puts on answers.
        (None, true, 48 * HOURS),
        (ahead, true, 48 * HOURS - 500),
        (ahead, false, 10 * MINUTES - 500),
    ] {
        let mut watch = watch(WriteKind::Duplicate, Stage::AwaitsCertificate(None));
        (watch.before.clock, watch.before.known) = (clock, known);
        for (ago, is_since) in [(reach - 1, true), (reach, true), (reach + 1, false)] {
            let at = watch.sent - SignedDuration::from_secs(ago);
            assert_eq!(watch.is_since(at), is_since, "{clock:?} {known} {ago}");
        }
    }
}
