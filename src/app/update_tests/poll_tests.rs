//! What a look asks for, and what it makes of the answers.

use super::desk::unfinished;
use super::watching_tests::{CSR, issued, outgoing};
use super::*;
use crate::app::form::Layer;
use crate::app::remote::Remote;
use crate::domain::ids::CertificateId;
use crate::domain::status::OrderStatus;
use crate::domain::write::{Entry, Found, Outgoing, Stage, WriteKind};

const ID: OrderId = OrderId(1);

fn of(kind: WriteKind) -> Outgoing {
    Outgoing { kind, ..outgoing() }
}

/// A desk that has looked for something so often, and is to look again now.
fn waits(outgoing: Outgoing, state: Stage, looks: usize) -> Desk {
    let mut desk = Desk::with_orders(1);
    add(&mut desk, outgoing, state, looks);
    all_due(&mut desk);
    desk
}

/// Something that was looked for so often, and is not due.
fn add(desk: &mut Desk, outgoing: Outgoing, state: Stage, looks: usize) {
    let op = desk.model.engine.writes.all.len().to_string();
    desk.finds([unfinished(&op, outgoing, state)]);
    let watch = desk.model.engine.writes.all.last_mut().expect("a write");
    watch.looks = looks;
}

fn all_due(desk: &mut Desk) {
    for watch in &mut desk.model.engine.writes.all {
        watch.due = Some(desk.now);
    }
}

fn asked(effects: &[Effect]) -> Vec<Read> {
    reads(effects).into_iter().cloned().collect()
}

fn whole() -> Vec<Read> {
    vec![Read::Order(ID), Read::Duplicates(ID), Read::Reissues(ID)]
}

fn answer(
    desk: &mut Desk,
    effects: &[Effect],
    status: &OrderStatus,
    duplicates: &[Certificate],
) -> Vec<Effect> {
    let mut more = Vec::new();
    for read in reads(effects) {
        let data = match read {
            Read::Order(_) => {
                let mut row = Certificate::empty(Role::Primary);
                row.common_name = "shop.example.net".into();
                let mut info = order(1, row);
                info.status = status.clone();
                Data::Order(Box::new(info))
            }
            Read::Duplicates(_) => Data::Certificates(duplicates.to_vec()),
            Read::Reissues(_) => Data::Certificates(Vec::new()),
            _ => continue,
        };
        more.extend(desk.answer(effects, read, Ok(data)));
    }
    more
}

#[test]
fn a_look_asks_for_as_little_as_tells_what_is_waited_for() {
    use WriteKind::{Approve, Duplicate, NewOrder, Note, Reissue, ReissueAsDuplicate, Renew};
    let issue = || Stage::AwaitsCertificate(None);
    let approval = || Stage::AwaitsApproval(RequestId(5));
    let numbered = || Stage::AwaitsCertificate(Some(CertificateId(7)));
    let changes = || vec![Read::Changes(0)];
    for (kind, state, narrow) in [
        (Duplicate, issue(), vec![Read::Duplicates(ID)]),
        (Duplicate, numbered(), vec![Read::Duplicates(ID)]),
        (Reissue, issue(), changes()),
        (Renew, issue(), changes()),
        (NewOrder, issue(), changes()),
        (ReissueAsDuplicate, issue(), whole()),
        (Duplicate, approval(), vec![Read::Order(ID)]),
        (Reissue, approval(), vec![Read::Order(ID)]),
        (ReissueAsDuplicate, approval(), vec![Read::Order(ID)]),
        (Duplicate, Stage::LookingUp(lost()), whole()),
        (Reissue, Stage::NotFound(lost()), whole()),
        (Note, Stage::LookingUp(lost()), whole()),
        (Approve, Stage::LookingUp(lost()), whole()),
    ] {
        for looks in 0..13 {
            for trouble in [None, Some(lost())] {
                let case = format!("{kind:?} {state:?} {looks} {trouble:?}");
                // Everything at first, unless a number tells it, now and then, and after a failure.
                let by_number = matches!(state, Stage::AwaitsApproval(_)) || state == numbered();
                let is_first = looks < 3 && !by_number;
                let is_whole = is_first || (looks + 1) % 4 == 0 || trouble.is_some();
                let mut wanted = if is_whole { whole() } else { narrow.clone() };
                let mut desk = waits(of(kind), state.clone(), looks);
                desk.model.engine.writes.all[0].trouble = trouble;
                if let [Read::Changes(seconds)] = &mut wanted[..] {
                    // A minute further back than the look before.
                    let pause = desk.model.engine.writes.all[0].pause();
                    *seconds = u32::try_from(pause + 60).unwrap();
                }
                assert_eq!(asked(&desk.wait(0)), wanted, "{case}");
            }
        }
    }
}

#[test]
fn several_that_wait_on_an_order_have_nothing_read_twice() {
    let duplicate = || of(WriteKind::Duplicate);
    let mut desk = waits(duplicate(), Stage::AwaitsApproval(RequestId(5)), 4);
    add(&mut desk, duplicate(), Stage::AwaitsCertificate(None), 4);
    add(&mut desk, duplicate(), Stage::AwaitsCertificate(None), 5);
    all_due(&mut desk);
    let both = [Read::Duplicates(ID), Read::Order(ID)];
    assert_eq!(asked(&desk.wait(0)), both);
    let mut desk = waits(duplicate(), Stage::AwaitsApproval(RequestId(5)), 4);
    add(&mut desk, duplicate(), Stage::AwaitsCertificate(None), 4);
    add(
        &mut desk,
        of(WriteKind::Reissue),
        Stage::AwaitsCertificate(None),
        4,
    );
    add(&mut desk, duplicate(), Stage::LookingUp(lost()), 0);
    all_due(&mut desk);
    assert_eq!(asked(&desk.wait(0)), whole());
}

#[test]
fn what_did_not_change_is_looked_for_after_a_pause_and_nothing_else_is_moved() {
    let now = Desk::with_orders(1).now;
    let later = now + SignedDuration::from_secs(500);
    for (changed, state, due, is_moved) in [
        (false, Stage::AwaitsCertificate(None), None, true),
        (
            false,
            Stage::AwaitsCertificate(Some(CertificateId(8))),
            None,
            true,
        ),
        (true, Stage::AwaitsCertificate(None), None, false),
        (false, Stage::AwaitsCertificate(None), Some(later), false),
        (false, Stage::AwaitsApproval(RequestId(5)), None, false),
        (true, Stage::AwaitsApproval(RequestId(5)), None, false),
        (false, Stage::Completed("over".into()), None, false),
    ] {
        let case = format!("{changed} {state:?} {due:?}");
        let mut desk = waits(of(WriteKind::Reissue), Stage::AwaitsCertificate(None), 4);
        let effects = desk.wait(0);
        let list = asked(&effects).remove(0);
        add(&mut desk, of(WriteKind::Reissue), state, 4);
        desk.model.engine.writes.all[1].due = due;
        let orders = if changed { ID } else { OrderId(77) };
        let more = desk.answer(&effects, &list, Ok(Data::Changes(vec![orders])));
        let wanted = if changed { whole() } else { Vec::new() };
        assert_eq!(asked(&more), wanted, "{case}");
        let pause = SignedDuration::from_secs(desk.model.engine.writes.all[1].pause());
        let wanted = if is_moved { Some(now + pause) } else { due };
        assert_eq!(desk.model.engine.writes.all[1].due, wanted, "{case}");
    }
}

#[test]
fn a_lost_decision_is_told_by_its_own_request_and_no_other() {
    use RequestStatus::{Approved, Pending, Rejected, Submitted};
    let sent = |order: Option<OrderId>, request: u64| Outgoing {
        order,
        request: Some(RequestId(request)),
        expected: None,
        ..of(WriteKind::Approve)
    };
    let told = |outgoing, state: Stage, first_step, status| {
        let mut desk = waits(outgoing, state, 0);
        desk.model.engine.writes.all[0].before.first_step = first_step;
        let read = vec![desk.model.engine.account.read(Read::Request(RequestId(9)))];
        let request = Request {
            status,
            order: None,
            ..super::keyless_tests::asked(9, desk.now)
        };
        let data = Data::Request(Box::new(request));
        let effects = desk.answer(&read, &Read::Request(RequestId(9)), Ok(data));
        effects.into_iter().find_map(|effect| match effect {
            Effect::Journal {
                entry: Entry::Found(what),
                ..
            } => Some(what),
            _ => None,
        })
    };
    let lookup = Stage::LookingUp(lost());
    let given_up = Stage::NotFound(lost());
    let sending = Stage::Sending;
    let (mine, done) = (sent(None, 9), Some(Found::Done));
    for (outgoing, state, first_step, status, what) in [
        (&mine, &lookup, false, Approved, done),
        (&mine, &given_up, false, Approved, done),
        (&mine, &lookup, false, Rejected, Some(Found::Overtaken)),
        (&mine, &lookup, false, Pending, None),
        (&mine, &lookup, false, Submitted, None),
        // The first of two approvals moves it to the second step.
        (&mine, &lookup, true, Pending, done),
        (&mine, &lookup, true, Submitted, None),
        (&mine, &lookup, true, Approved, done),
        // Another's, one that is told by its order, and one that nobody lost.
        (&sent(None, 8), &lookup, false, Approved, None),
        (&sent(Some(ID), 9), &lookup, false, Approved, None),
        (&sent(Some(ID), 8), &lookup, false, Approved, None),
        (&mine, &sending, false, Approved, None),
        (&sent(None, 8), &sending, false, Approved, None),
    ] {
        let case = format!("{outgoing:?} {state:?} {first_step} {status:?}");
        let settled = told(outgoing.clone(), state.clone(), first_step, status);
        assert_eq!(settled, what, "{case}");
    }
}

/// A request that the account says it does not have shows no decision; one that could not be read says nothing.
#[test]
fn a_lost_decision_of_a_request_that_is_gone_is_given_up() {
    for (kind, codes, given_up) in [
        (FailureKind::NotFound, &["not_found|request"][..], true),
        (FailureKind::NotFound, &[], false),
        (FailureKind::NotFound, &[""], false),
        (FailureKind::Network, &[], false),
    ] {
        let decision = Outgoing {
            order: None,
            request: Some(RequestId(9)),
            expected: None,
            ..of(WriteKind::Reject)
        };
        let mut desk = waits(decision, Stage::LookingUp(lost()), 6);
        let read = vec![desk.model.engine.account.read(Read::Request(RequestId(9)))];
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let what = format!("{kind:?} {codes:?}");
        let failure = Failure {
            kind,
            codes,
            ..lost()
        };
        desk.answer(&read, &Read::Request(RequestId(9)), Err(failure));
        assert_eq!(desk.is_not_found(0), given_up, "{what}");
    }
}

#[test]
fn what_is_about_domains_was_looked_for_once_those_came_too() {
    let begun = || {
        let outgoing = Outgoing {
            expected: None,
            ..of(WriteKind::NamesMethod)
        };
        let mut desk = waits(outgoing, Stage::LookingUp(lost()), 0);
        desk.model.engine.writes.all[0].due = None;
        let read = vec![desk.model.engine.account.read(Read::Order(ID))];
        answer(&mut desk, &read, &OrderStatus::Issued, &[]);
        desk.model.engine.writes.all[0].due = Some(desk.now);
        let effects = desk.wait(0);
        (desk, effects)
    };
    let domains = Read::Domains(ID, vec!["shop.example.net".into()]);
    let (mut desk, effects) = begun();
    assert!(reads(&effects).contains(&&domains), "{effects:?}");
    answer(&mut desk, &effects, &OrderStatus::Issued, &[]);
    assert_eq!(
        desk.model.engine.writes.all[0].looked, None,
        "they have not come"
    );
    desk.answer(&effects, &domains, Ok(Data::Domains(Vec::new())));
    assert!(desk.model.engine.writes.all[0].looked.is_some());
    // Nor where they were not asked for.
    let (mut desk, effects) = begun();
    desk.model
        .engine
        .account
        .known
        .get_mut(&ID)
        .unwrap()
        .domains = Remote::Idle;
    answer(&mut desk, &effects, &OrderStatus::Issued, &[]);
    assert_eq!(desk.model.engine.writes.all[0].looked, None);
}

#[test]
fn what_the_answer_brought_is_checked_from_the_fourth_look_on_without_its_row() {
    for chain in [true, false] {
        for looks in 0..8 {
            let state = Stage::AwaitsCertificate(Some(CertificateId(8)));
            let mut desk = waits(of(WriteKind::Duplicate), state, looks);
            desk.model.engine.writes.all[0].chain = chain.then(|| "no certificate".to_owned());
            let before = desk.shown(0);
            let effects = desk.wait(0);
            answer(&mut desk, &effects, &OrderStatus::Issued, &[issued(7, CSR)]);
            let now = desk.shown(0);
            let is_checked = now.starts_with("certificate 8 issued, but ");
            let case = format!("{chain}, look {}: {now}", looks + 1);
            assert_eq!(is_checked, chain && looks >= 3, "{case}");
            assert_eq!(now == before, !is_checked, "{case}");
        }
    }
}

#[test]
fn an_issued_order_without_a_reissue_is_the_end_of_one_from_the_twelfth_look_on() {
    for looks in 9..14 {
        let mut desk = waits(
            of(WriteKind::Reissue),
            Stage::AwaitsCertificate(None),
            looks,
        );
        desk.model.engine.writes.all[0].trouble = Some(lost());
        let effects = desk.wait(0);
        let more = answer(&mut desk, &effects, &OrderStatus::Issued, &[]);
        let words = if looks + 1 >= 12 {
            "order 1 has no reissue under way any more, and no certificate resulted from this one"
        } else {
            "accepted; waiting for the certificate"
        };
        assert_eq!(desk.shown(0), words, "look {}", looks + 1);
        let is_over = more.iter().any(|effect| {
            let entry = Entry::Found(Found::NoCertificate);
            matches!(effect, Effect::Journal { entry: kept, .. } if *kept == entry)
        });
        assert_eq!(is_over, looks + 1 >= 12, "look {}", looks + 1);
    }
}

#[test]
fn a_form_that_would_send_what_was_not_found_has_it_looked_for_unless_that_was_just_done() {
    let given_up = Stage::NotFound(lost());
    let lookup = Stage::LookingUp(lost());
    let (mine, other) = (
        CSR,
        "-----BEGIN CERTIFICATE REQUEST-----\nBAUG\n-----END CERTIFICATE REQUEST-----",
    );
    let ago = |seconds: Option<i64>| seconds.map(SignedDuration::from_secs);
    for (state, csr, wanted, due, trouble, looked, looks) in [
        (&given_up, mine, false, None, false, None, true),
        (&given_up, mine, false, Some(900), false, None, true),
        (&given_up, mine, false, Some(900), false, Some(5), true),
        (&given_up, mine, false, Some(900), false, Some(4), false),
        (&given_up, mine, false, Some(900), true, Some(4), false),
        // A clock that was set back.
        (&given_up, mine, false, Some(900), false, Some(-5), true),
        (&given_up, mine, false, Some(900), false, Some(-4), false),
        // It is being looked for already, or the look failed, or waits.
        (&given_up, mine, true, None, false, Some(4), false),
        (&given_up, mine, true, None, true, Some(4), true),
        (&given_up, mine, true, Some(900), false, Some(4), true),
        (&given_up, other, false, Some(900), false, None, false),
        (&lookup, mine, false, Some(900), false, None, false),
        (&lookup, other, false, Some(900), false, None, false),
    ] {
        let case = format!("{state:?} {csr:?} {wanted} {due:?} {trouble} {looked:?}");
        let mut desk = known(state);
        let draft = serde_json::json!({ "fields": { "csr": csr }, "focus": "csr" });
        let key = "duplicate-1".to_owned();
        desk.model
            .engine
            .drafts
            .texts
            .insert(key, draft.to_string());
        let now = desk.now;
        let watch = &mut desk.model.engine.writes.all[0];
        watch.wanted = wanted;
        watch.due = ago(due).map(|due| now + due);
        watch.trouble = trouble.then(lost);
        watch.looked = ago(looked).map(|ago| now - ago);
        desk.press("d");
        assert!(desk.model.form.is_some(), "{case}: {:?}", desk.model.status);
        let watch = &desk.model.engine.writes.all[0];
        assert_eq!(watch.looks == 8, looks, "{case}: {watch:?}");
        assert_eq!(watch.wanted, wanted || looks, "{case}");
    }
}

/// The order is known.
fn opened() -> Desk {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    answer(&mut desk, &effects, &OrderStatus::Issued, &[]);
    desk
}

/// The order is known, and something was sent that is looked for.
fn known(state: &Stage) -> Desk {
    let mut desk = opened();
    add(&mut desk, of(WriteKind::Duplicate), state.clone(), 7);
    desk
}

#[test]
fn what_arrives_closes_the_form_that_holds_it_and_no_other() {
    let other = CSR.replace("AQID", "BAUG");
    for (key, kept, closes) in [
        ("d", &[("duplicate-1", CSR)][..], true),
        ("d", &[], false),
        ("d", &[("duplicate-1", &other)], false),
        ("r", &[("duplicate-1", CSR), ("reissue-1", &other)], false),
    ] {
        let mut desk = known(&Stage::LookingUp(lost()));
        for (key, csr) in kept {
            let draft = serde_json::json!({ "fields": { "csr": csr }, "focus": "csr" });
            let key = (*key).to_owned();
            desk.model
                .engine
                .drafts
                .texts
                .insert(key, draft.to_string());
        }
        desk.press(key);
        assert!(desk.model.form.is_some(), "{key} {kept:?}");
        let now = desk.now;
        let watch = &mut desk.model.engine.writes.all[0];
        (watch.draft, watch.due) = (Some("duplicate-1".into()), Some(now));
        let effects = desk.wait(0);
        answer(&mut desk, &effects, &OrderStatus::Issued, &[issued(8, CSR)]);
        let arrived = "certificate 8 is issued; loading and verifying it";
        assert_eq!(desk.shown(0), arrived);
        assert_eq!(desk.model.form.is_none(), closes, "{key} {kept:?}");
    }
}

#[test]
fn a_review_says_what_is_known_of_the_same_that_was_sent_before() {
    let csr = {
        let key = rcgen::KeyPair::generate().unwrap();
        let name = vec!["shop.example.net".to_owned()];
        let params = rcgen::CertificateParams::new(name).unwrap();
        params.serialize_request(&key).unwrap().pem().unwrap()
    };
    let answered = || Failure {
        status: Some(502),
        ..lost()
    };
    let (no, of_proxy) = ("got no response", "the response (HTTP 502) does not say");
    for (state, is_same, says, looks) in [
        (Stage::NotFound(lost()), true, Some(no), true),
        (Stage::NotFound(answered()), true, Some(of_proxy), true),
        (Stage::LookingUp(lost()), true, Some(no), false),
        (Stage::LookingUp(answered()), true, Some(of_proxy), false),
        (Stage::NotFound(lost()), false, None, false),
        (Stage::LookingUp(lost()), false, None, false),
        (Stage::AwaitsApproval(RequestId(5)), true, None, false),
        (Stage::Ended(lost()), true, None, false),
    ] {
        let case = format!("{state:?} {is_same}");
        let mut desk = opened();
        desk.press("d");
        desk.tell(Msg::Paste(csr.clone()));
        desk.press("ctrl-s");
        let form = desk.model.form.as_ref().expect("a form");
        let reviewed = form.reviewed_outgoing().expect("a review").clone();
        desk.press("esc");
        let sent = if is_same {
            reviewed
        } else {
            of(WriteKind::Duplicate)
        };
        add(&mut desk, sent, state, 7);
        desk.press("ctrl-s");
        let Some(Layer::Review(open)) = desk.model.form.as_ref().map(|form| &form.layer) else {
            panic!("{case}: {:?}", desk.model.status);
        };
        let sections = open.review.sections.iter();
        let mut notes = sections
            .filter(|section| section.title == "Sent before")
            .flat_map(|section| &section.notes);
        let note = notes.next().map(|note| note.text.as_str());
        assert_eq!(note.is_some(), says.is_some(), "{case}: {note:?}");
        if let (Some(note), Some(says)) = (note, says) {
            assert!(
                note.starts_with("The same (duplicate of order 1) was sent at 2026-11-20"),
                "{note}"
            );
            assert!(note.contains(says), "{case}: {note}");
            assert_eq!(
                note.contains("Checking whether it arrived"),
                looks,
                "{case}: {note}"
            );
        }
        assert!(notes.next().is_none(), "{case}");
        let looked = if looks { 8 } else { 7 };
        assert_eq!(desk.model.engine.writes.all[0].looks, looked, "{case}");
    }
}

#[test]
fn a_look_that_failed_in_a_part_is_over_once_all_of_it_came() {
    for failing in whole() {
        let mut desk = waits(of(WriteKind::Duplicate), Stage::LookingUp(lost()), 0);
        let effects = desk.wait(0);
        desk.answer(&effects, &failing, Err(lost()));
        assert_eq!(
            desk.model.engine.writes.all[0].due, None,
            "{failing:?} came alone"
        );
        let is_other =
            |effect: &Effect| !matches!(effect, Effect::Read { read, .. } if *read == failing);
        let others: Vec<Effect> = effects.into_iter().filter(is_other).collect();
        answer(&mut desk, &others, &OrderStatus::Issued, &[]);
        let watch = &desk.model.engine.writes.all[0];
        assert!(watch.due.is_some(), "{failing:?}: it is looked for again");
        assert_eq!(watch.trouble, Some(lost()), "{failing:?}");
        assert_eq!(watch.looked, None, "{failing:?}");
    }
}
