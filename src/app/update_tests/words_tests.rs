//! What is said of an answer that says nothing, of times on a machine whose clock is wrong, and of what a demo keeps.

use super::watching_tests::sent;
use super::*;
use crate::app::model::Tone;
use crate::app::msg::WriteOutcome;
use crate::domain::clock::ClockOffset;
use rstest::rstest;

fn told(desk: &Desk) -> (Tone, String) {
    let told = desk.model.told.as_ref().expect("something is told");
    (told.tone, told.words.clone())
}

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
    let outcome = WriteOutcome::Unknown(failure);
    desk.tell(Msg::Written { op, outcome });
    let (tone, words) = told(&desk);
    assert_eq!(tone, Tone::Warn);
    assert!(words.contains("nothing is sent again"), "{words}");
    let watch = desk.model.watches[0].words();
    assert!(watch.contains("outcome unknown"), "{watch}");
    assert_eq!(
        words.contains("No answer came"),
        status.is_none(),
        "{words}"
    );
    assert_eq!(words.contains(what), status.is_some(), "{words}");
    match status {
        Some(status) => assert!(watch.contains(&format!("HTTP {status}")), "{watch}"),
        None => assert!(watch.contains("the answer was lost"), "{watch}"),
    }
}

#[test]
fn times_of_what_was_sent_are_the_accounts() {
    let (mut desk, _) = sent();
    let ahead = ClockOffset { seconds: -1_200 };
    let watch = &mut desk.model.watches[0];
    watch.before.clock = Some(ahead);
    let by_account = watch.by_account(watch.sent);
    assert_eq!(watch.sent.duration_since(by_account).as_secs(), 1_200);
    desk.tell(Msg::Clock(ahead));
    let now = desk.now;
    assert_eq!(
        now.duration_since(desk.model.by_account(now)).as_secs(),
        1_200
    );
}

#[test]
fn a_demo_says_how_long_it_keeps_what_is_typed() {
    for demo in [true, false] {
        let mut desk = Desk::with_orders(1);
        desk.model.connection.as_mut().expect("connected").sandbox = demo;
        desk.press("N x esc");
        let (_, words) = told(&desk);
        assert!(words.contains("The draft is kept"), "{words}");
        assert_eq!(words.contains("until the demo ends"), demo, "{words}");
    }
}

#[test]
fn what_was_asked_for_and_done_is_good_news() {
    let mut desk = Desk::with_orders(1);
    desk.tell(Msg::Done("The key is in the key store.".into()));
    assert_eq!(told(&desk).0, Tone::Good);
    desk.tell(Msg::Notice("The key is not kept.".into()));
    assert_eq!(told(&desk).0, Tone::Warn);
}

#[test]
fn what_a_field_did_not_take_of_a_cut_paste_is_told_as_well() {
    let mut desk = Desk::with_orders(1);
    desk.press("/");
    desk.tell(Msg::Paste("x".repeat(70_000)));
    desk.tell(Msg::OfPaste("The paste was larger than 1 MiB.".into()));
    let (_, words) = told(&desk);
    assert!(words.contains("larger than 1 MiB"), "{words}");
    assert!(words.contains("4464 bytes were left out"), "{words}");
}

#[test]
fn what_cannot_be_kept_is_not_said_to_be_kept_and_is_asked_about() {
    let leaves = |desk: &mut Desk| desk.press("q").contains(&Effect::Quit(0));
    for (again, asks) in [(false, true), (true, false)] {
        let mut desk = Desk::with_orders(1);
        desk.model.connection.as_mut().unwrap().sandbox = false;
        desk.tell(Msg::NotKept("The disk is full.".into()));
        if again {
            desk.tell(Msg::KeptAgain);
        }
        desk.press("N x esc");
        let (_, words) = told(&desk);
        assert!(words.contains("The draft is kept"), "{words}");
        assert_eq!(words.contains("until certdeck ends"), !again, "{words}");
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
        assert!(told(&desk).1.contains("both drafts are kept"));
        desk.press("y");
        let heading = desk.model.form.as_ref().unwrap().heading();
        assert_eq!(heading.contains("another certdeck"), is_said, "{heading}");
    }
}
