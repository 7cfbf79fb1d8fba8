//! What is written down with a write before it leaves, what the answer to it moves, and what a restart goes on with.

use super::desk::unfinished;
use super::watching_tests::{CSR, issued, outgoing};
use super::*;
use crate::app::msg::{Accepted, Ended, Unfinished};
use crate::app::status::Tone;
use crate::app::writes::{Send, Watch};
use crate::domain::clock::ClockOffset;
use crate::domain::ids::CertificateId;
use crate::domain::write::{Before, Method, Outgoing, Stage, WriteId, WriteKind};

const ID: OrderId = OrderId(1);

fn of(kind: WriteKind) -> Outgoing {
    Outgoing {
        kind,
        path: "/order/certificate/1".into(),
        method: Method::Post,
        expected: None,
        ..outgoing()
    }
}

fn decision(request: u64) -> Outgoing {
    Outgoing {
        request: Some(RequestId(request)),
        ..of(WriteKind::Approve)
    }
}

fn send(desk: &mut Desk, outgoing: Outgoing, name: &str) -> (WriteId, Before) {
    send_reviewed(desk, Send::new(outgoing, name.into()))
}

fn send_reviewed(desk: &mut Desk, send: Send) -> (WriteId, Before) {
    match &desk.send_reviewed(send)[..] {
        [Effect::Write { op, before, .. }] => (op.clone(), (**before).clone()),
        other => panic!("{other:?}"),
    }
}

fn end(desk: &mut Desk, op: WriteId, outcome: Ended) -> Vec<Effect> {
    desk.tell(Msg::WriteEnded { op, outcome })
}

fn accept(desk: &mut Desk, op: WriteId, accepted: Accepted) -> Vec<Effect> {
    end(desk, op, Ended::Accepted(accepted))
}

/// A desk that read the parts of an order so many seconds ago; `None` for a part that did not come.
fn read_ago(order_ago: Option<i64>, duplicates: Option<i64>, reissues: Option<i64>) -> Desk {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let end = desk.now;
    let mut parts = vec![
        (duplicates, Read::Duplicates(ID)),
        (reissues, Read::Reissues(ID)),
        (order_ago, Read::Order(ID)),
    ];
    parts.sort_by_key(|(ago, _)| std::cmp::Reverse(*ago));
    for (ago, read) in parts {
        let Some(ago) = ago else { continue };
        let data = match read {
            Read::Order(_) => {
                let mut certificate = Certificate::empty(Role::Primary);
                certificate.common_name = "shop.example.net".into();
                Data::Order(Box::new(order(1, certificate)))
            }
            _ => Data::Certificates(Vec::new()),
        };
        desk.now = end - SignedDuration::from_secs(ago);
        desk.answer(&effects, &read, Ok(data));
    }
    desk.now = end;
    desk.tell(Msg::Resize(80, 24));
    desk
}

#[test]
fn a_write_takes_along_whose_account_it_goes_to_and_how_its_clock_stood() {
    let mut desk = read_ago(Some(1), Some(1), Some(1));
    for seconds in [-1200, 0, 90] {
        desk.model.engine.account.clock = Some(ClockOffset { seconds });
        let (_, before) = send(&mut desk, outgoing(), "it");
        assert_eq!(before.clock, Some(ClockOffset { seconds }));
        assert_eq!(before.account.as_deref(), Some("demo account"));
    }
    desk.model.engine.account.clock = None;
    assert_eq!(send(&mut desk, outgoing(), "it").1.clock, None);
}

#[test]
fn what_is_sent_all_the_same_is_written_down_as_it_was() {
    for unjournaled in [false, true] {
        let mut desk = read_ago(Some(1), Some(1), Some(1));
        let (op, first) = send(&mut desk, outgoing(), "it");
        end(&mut desk, op.clone(), Ended::NoJournal(lost()));
        let effects = desk.send_all_the_same(&op, unjournaled);
        let [
            Effect::Write {
                op: again,
                before,
                unjournaled: told,
                despite: true,
                ..
            },
        ] = &effects[..]
        else {
            panic!("{effects:?}");
        };
        assert_eq!((again, &**before, *told), (&op, &first, unjournaled));
        assert_eq!(desk.shown(0), "sending…");
        let list = desk.watch_list();
        let warns = list.contains("! sent without the journal");
        assert_eq!(warns, unjournaled, "{list}");
        let other = WriteId("another".into());
        assert!(desk.send_all_the_same(&other, unjournaled).is_empty());
    }
}

#[test]
fn what_an_earlier_session_left_is_watched_once_however_often_the_journal_tells_of_it() {
    let mut desk = Desk::with_orders(1);
    let left = || {
        vec![
            unfinished("1", outgoing(), Stage::AwaitsApproval(RequestId(5))),
            unfinished(
                "2",
                outgoing(),
                Stage::AwaitsCertificate(Some(CertificateId(7))),
            ),
            unfinished("3", outgoing(), Stage::LookingUp(lost())),
        ]
    };
    let ops = |desk: &Desk| -> Vec<String> {
        let watches = desk.model.engine.writes.all.iter();
        watches.map(|watch| watch.op.0.clone()).collect()
    };
    desk.tell(Msg::Resume(left()));
    let mut once = ops(&desk);
    assert_eq!(once.len(), 3);
    let shown = desk.watch_list();
    for words in [
        "waiting for approval of request 5",
        "accepted; certificate 7 is not issued yet",
        hands::LOOKING,
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    desk.model.status = None;
    desk.tell(Msg::Resume(left()));
    assert_eq!(ops(&desk), once);
    assert!(desk.model.status.is_none(), "nothing of it is new");
    assert_eq!(desk.watch_list(), shown);
    once.sort();
    assert_eq!(once, ["1", "2", "3"]);
    // What this session sent is not watched a second time either.
    let (op, _) = send(&mut desk, outgoing(), "it");
    let mine = Unfinished {
        op,
        ..unfinished("", outgoing(), Stage::LookingUp(lost()))
    };
    desk.tell(Msg::Resume(vec![mine]));
    assert_eq!(desk.model.engine.writes.all.len(), 4);
    assert_eq!(desk.shown(0), "sending…");
}

#[test]
fn how_many_of_an_earlier_session_have_no_known_outcome_is_told() {
    let known = [
        Stage::AwaitsCertificate(None),
        Stage::AwaitsApproval(RequestId(5)),
        Stage::AwaitsCertificate(Some(CertificateId(7))),
    ];
    for unknown in 0..4 {
        for kind in [Stage::LookingUp(lost()), Stage::NotFound(lost())] {
            let mut desk = Desk::with_orders(1);
            desk.model.status = None;
            let all = known
                .iter()
                .cloned()
                .chain(std::iter::repeat_n(kind, unknown));
            let left = all
                .enumerate()
                .map(|(n, came)| unfinished(&n.to_string(), outgoing(), came));
            desk.tell(Msg::Resume(left.collect()));
            let words = desk.model.status.as_ref().map(|told| told.words.clone());
            let begins = match unknown {
                0 => None,
                1 => Some("1 change from an earlier session has no known outcome".to_owned()),
                many => Some(format!(
                    "{many} changes from an earlier session have no known outcome"
                )),
            };
            assert_eq!(words.is_some(), begins.is_some(), "{unknown}: {words:?}");
            if let (Some(words), Some(begins)) = (words, begins) {
                assert!(words.starts_with(&begins), "{words}");
            }
        }
    }
}

/// A desk with a certificate that is issued, and whose chain is being fetched.
fn fetching() -> (Desk, WriteId, Vec<Effect>) {
    let mut desk = Desk::with_orders(1);
    let (op, _) = send(&mut desk, outgoing(), "it");
    let (other, _) = send(&mut desk, of(WriteKind::Note), "another");
    accept(&mut desk, other, Accepted::default());
    let accepted = Accepted {
        order: Some(ID),
        certificate: Some(CertificateId(8)),
        ..Accepted::default()
    };
    let effects = accept(&mut desk, op.clone(), accepted);
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    let rows = Data::Certificates(vec![issued(8, CSR)]);
    let more = desk.answer(&effects, &Read::Duplicates(ID), Ok(rows));
    (desk, op, more)
}

fn watch<'a>(desk: &'a Desk, op: &WriteId) -> &'a Watch {
    let mut watches = desk.model.engine.writes.all.iter();
    watches
        .find(|watch| watch.op == *op)
        .expect("it is watched")
}

#[test]
fn a_chain_that_does_not_come_is_fetched_again_and_does_not_hang() {
    let (mut desk, op, mut effects) = fetching();
    let chain = Read::Chain(CertificateId(8));
    for looks in 1..=4_usize {
        assert!(reads(&effects).contains(&&chain), "{looks}: {effects:?}");
        let shown = watch(&desk, &op).words();
        assert_eq!(shown, "certificate 8 is issued; loading and verifying it");
        desk.answer(&effects, &chain, Err(lost()));
        let waits = watch(&desk, &op);
        let shown = waits.words();
        assert_eq!(shown, "accepted; certificate 8 is not issued yet");
        assert_eq!(waits.trouble, Some(lost()), "and says why");
        assert!(waits.looks >= looks, "ever more rarely: {}", waits.looks);
        let due = waits.due.expect("it is looked for again");
        assert!(due > desk.now);
        let pause = due.duration_since(desk.now).as_secs();
        effects = desk.wait(pause);
        let rows = Data::Certificates(vec![issued(8, CSR)]);
        let asked: Vec<Read> = reads(&effects).into_iter().cloned().collect();
        for read in asked {
            let data = match read {
                Read::Order(_) => {
                    Data::Order(Box::new(order(1, Certificate::empty(Role::Primary))))
                }
                Read::Duplicates(_) => rows.clone(),
                Read::Reissues(_) => Data::Certificates(Vec::new()),
                Read::Changes(_) => Data::Changes(vec![ID]),
                _ => continue,
            };
            let more = desk.answer(&effects, &read, Ok(data));
            effects.extend(more);
        }
    }
    let other = &desk.model.engine.writes.all[0];
    assert_eq!((other.looks, &other.trouble), (0, &None), "nobody else's");
}

#[test]
fn the_first_of_two_approvals_is_one_only_where_the_request_waited_for_it() {
    for (kind, status, words, tone) in [
        (
            WriteKind::Approve,
            RequestStatus::Submitted,
            "first of two approvals is given",
            Tone::Good,
        ),
        (
            WriteKind::Approve,
            RequestStatus::Pending,
            "request 5 approved",
            Tone::Good,
        ),
        (
            WriteKind::Reject,
            RequestStatus::Submitted,
            "request 5 rejected",
            Tone::Good,
        ),
        (
            WriteKind::Reject,
            RequestStatus::Pending,
            "request 5 rejected",
            Tone::Good,
        ),
    ] {
        let mut desk = Desk::with_orders(1);
        let read = vec![desk.model.engine.account.read(Read::Requests)];
        let row = super::requests_tests::request(5, RequestKind::Reissue, status.clone());
        desk.answer(&read, &Read::Requests, Ok(Data::Requests(vec![row])));
        let sent = Outgoing {
            kind,
            order: Some(OrderId(5)),
            ..decision(5)
        };
        let (op, _) = send(&mut desk, sent, "it");
        accept(&mut desk, op, Accepted::default());
        let (told_tone, told) = hands::said(&desk.model);
        assert!(told.contains(words), "{kind:?} {status:?}: {told}");
        assert_eq!(told_tone, tone);
    }
}

#[test]
fn a_check_that_finds_all_is_good_and_one_that_does_not_is_a_warning() {
    for (states, tone) in [
        (&["approved"][..], Tone::Good),
        (&["approved", "active"], Tone::Good),
        (&["approved", "pending"], Tone::Warn),
        (&["pending"], Tone::Warn),
    ] {
        let mut desk = read_ago(Some(1), Some(1), Some(1));
        let (op, _) = send(&mut desk, of(WriteKind::CheckNames), "it");
        let checked = states.iter().enumerate();
        let checked = checked.map(|(n, state)| (format!("n{n}.example.net"), (*state).to_owned()));
        let accepted = Accepted {
            checked: checked.collect(),
            ..Accepted::default()
        };
        accept(&mut desk, op, accepted);
        assert_eq!(
            hands::said(&desk.model).0,
            tone,
            "{states:?}: {}",
            hands::said(&desk.model).1
        );
    }
}

#[test]
fn the_newest_state_of_a_name_replaces_the_one_before_and_no_other() {
    let mut desk = read_ago(Some(1), Some(1), Some(1));
    let check = |desk: &mut Desk, kind, states: &[(&str, &str)]| {
        let (op, _) = send(desk, of(kind), "it");
        let checked = states
            .iter()
            .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()));
        let accepted = Accepted {
            checked: checked.collect(),
            ..Accepted::default()
        };
        accept(desk, op, accepted);
        desk.model.engine.account.known[&ID].checked.clone()
    };
    let pair = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    let names = WriteKind::CheckNames;
    check(
        &mut desk,
        names,
        &[("a.example", "pending"), ("b.example", "approved")],
    );
    let now = check(&mut desk, names, &[("A.example.", "approved")]);
    assert_eq!(
        now,
        [
            pair("b.example", "approved"),
            pair("A.example.", "approved")
        ]
    );
    // What an earlier value did not show says nothing of a new one.
    check(&mut desk, names, &[("c.example", "pending")]);
    let now = check(&mut desk, WriteKind::NamesMethod, &[]);
    assert_eq!(
        now,
        [
            pair("b.example", "approved"),
            pair("A.example.", "approved")
        ]
    );
}

#[test]
fn a_write_takes_along_how_old_the_oldest_is_that_it_goes_by() {
    use WriteKind::{Approve, Duplicate, NewOrder, Note, Reissue, Renew};
    let (all, none) = ((Some(5), Some(3), Some(8)), (None, None, None));
    for (kind, parts, requests, reviewed, age) in [
        (Duplicate, all, None, None, Some(8)),
        (
            Duplicate,
            (Some(5), Some(12), Some(8)),
            None,
            None,
            Some(12),
        ),
        (Reissue, (Some(9), Some(3), Some(8)), None, None, Some(9)),
        (Duplicate, (None, Some(3), Some(8)), None, None, None),
        (Duplicate, (Some(5), None, Some(8)), None, None, None),
        (Reissue, (Some(5), Some(3), None), None, None, None),
        // What makes no certificate goes by the order alone.
        (Note, all, None, None, Some(5)),
        (Note, (Some(5), None, None), Some(1), None, Some(5)),
        (Note, (None, Some(3), Some(8)), None, None, None),
        // A decision goes by the newer of the order and the list of requests.
        (Approve, all, None, None, Some(5)),
        (Approve, all, Some(2), None, Some(2)),
        (Approve, all, Some(7), None, Some(5)),
        (Approve, none, Some(7), None, Some(7)),
        (Approve, none, None, None, None),
        // An order that is still to come was not there before.
        (NewOrder, all, Some(2), None, None),
        (Renew, all, Some(2), Some(1), None),
        // What is sent from a review is what was known when that opened.
        (Duplicate, all, None, Some(20), Some(20)),
        (Duplicate, all, None, Some(1), Some(8)),
        (Approve, all, Some(2), Some(3), Some(3)),
    ] {
        let mut desk = read_ago(parts.0, parts.1, parts.2);
        let end = desk.now;
        if let Some(ago) = requests {
            let read = vec![desk.model.engine.account.read(Read::Requests)];
            desk.now = end - SignedDuration::from_secs(ago);
            let none = Data::Requests(Vec::new());
            desk.answer(&read, &Read::Requests, Ok(none));
            desk.now = end;
            desk.tell(Msg::Resize(80, 24));
        }
        let outgoing = Outgoing {
            request: (kind == Approve).then_some(RequestId(5)),
            ..of(kind)
        };
        let send = Send {
            reviewed: reviewed.map(|ago| end - SignedDuration::from_secs(ago)),
            ..Send::new(outgoing, "it".into())
        };
        let (_, before) = send_reviewed(&mut desk, send);
        let age = age.map(SignedDuration::from_secs);
        let case = format!("{kind:?} {parts:?} {requests:?} {reviewed:?}");
        assert_eq!(before.age, age, "{case}");
    }
}

#[test]
fn a_write_is_called_by_the_name_that_it_is_about() {
    use WriteKind::{Duplicate, NewOrder, Note, Renew, RevokeCertificate};
    let mut desk = read_ago(Some(3), None, Some(3));
    let rows = [(20, "row.example.net"), (21, "")].map(|(id, name)| {
        let mut row = issued(id, CSR);
        row.common_name = name.into();
        row
    });
    let read = vec![desk.model.engine.account.read(Read::Duplicates(ID))];
    let rows = Data::Certificates(rows.to_vec());
    desk.answer(&read, &Read::Duplicates(ID), Ok(rows));
    let named = r#"{"certificate":{"common_name":"asked.example.net"}}"#;
    let nameless = r#"{"certificate":{"common_name":""}}"#;
    let (asked, row, shop) = ("asked.example.net", "row.example.net", "shop.example.net");
    for (kind, order, certificate, body, name) in [
        (Duplicate, 1, None, named, Some(asked)),
        (NewOrder, 1, None, named, Some(asked)),
        (RevokeCertificate, 1, Some(20), "{}", Some(row)),
        // A certificate without a name, one that is not listed, or none: its order has one.
        (RevokeCertificate, 1, Some(21), "{}", Some(shop)),
        (RevokeCertificate, 1, Some(22), "{}", Some(shop)),
        (Note, 1, None, "{}", Some(shop)),
        (Note, 9, None, "{}", None),
        // The order that a new one comes after is another.
        (Renew, 1, None, "{}", None),
        (NewOrder, 1, Some(20), "{}", None),
        (NewOrder, 1, None, nameless, None),
    ] {
        let outgoing = Outgoing {
            order: Some(OrderId(order)),
            certificate: certificate.map(CertificateId),
            body: body.into(),
            ..of(kind)
        };
        let (_, before) = send(&mut desk, outgoing.clone(), "it");
        let case = format!("{kind:?} {order} {certificate:?}");
        assert_eq!(before.name.as_deref(), name, "{case}");
        let called = name.map_or("it".to_owned(), |name| format!("it · {name}"));
        assert_eq!(desk.model.engine.writes.all[0].name, called, "{case}");
        // What says it already does not say it twice.
        if let Some(name) = name {
            let said = format!("it for {name}");
            send(&mut desk, outgoing, &said);
            assert_eq!(desk.model.engine.writes.all[0].name, said, "{case}");
        }
    }
    // Of an order that was not opened the list has the name.
    let mut desk = Desk::with_orders(1);
    let (_, before) = send(&mut desk, of(Note), "it");
    assert_eq!(before.name.as_deref(), Some("n1.example.net"));
}

#[test]
fn a_decision_hurries_what_waits_on_its_order_and_nothing_else() {
    let mut desk = Desk::with_orders(2);
    let mut waits = |order: u64| {
        let outgoing = Outgoing {
            order: Some(OrderId(order)),
            ..outgoing()
        };
        let (op, _) = send(&mut desk, outgoing, "it");
        let accepted = Accepted {
            order: Some(OrderId(order)),
            requests: vec![RequestId(order)],
            ..Accepted::default()
        };
        accept(&mut desk, op.clone(), accepted);
        op
    };
    let (one, other) = (waits(1), waits(2));
    let late = desk.now + SignedDuration::from_secs(60);
    for watch in &mut desk.model.engine.writes.all {
        (watch.looks, watch.due) = (9, Some(late));
    }
    let (op, _) = send(&mut desk, decision(1), "decision");
    accept(&mut desk, op, Accepted::default());
    let looks = |op: &WriteId| (watch(&desk, op).looks, watch(&desk, op).due);
    assert_eq!(looks(&one), (1, None), "at once, and its pauses begin anew");
    assert_eq!(looks(&other), (9, Some(late)));
}

#[test]
fn where_a_random_value_belongs_is_asked_for_as_long_as_it_is_waited_for() {
    let domains = |order_id: u64, token: bool, state: &Stage| {
        let mut desk = Desk::with_orders(2);
        let outgoing = Outgoing {
            order: Some(OrderId(order_id)),
            ..outgoing()
        };
        desk.finds([Unfinished {
            token: token.then(|| "abc".to_owned()),
            ..unfinished("1", outgoing, state.clone())
        }]);
        let read = vec![desk.model.engine.account.read(Read::Order(ID))];
        let mut row = Certificate::empty(Role::Primary);
        row.common_name = "shop.example.net".into();
        let info = Data::Order(Box::new(order(1, row)));
        let more = desk.answer(&read, &Read::Order(ID), Ok(info));
        let mut all = reads(&more).into_iter();
        all.any(|read| matches!(read, Read::Domains(ID, _)))
    };
    let open = Stage::AwaitsApproval(RequestId(5));
    let over = Stage::Completed("over".into());
    for (order, token, state, asked) in [
        (1, true, &open, true),
        (1, false, &open, false),
        (1, true, &over, false),
        (1, false, &over, false),
        (2, true, &open, false),
        (2, true, &over, false),
        (2, false, &open, false),
    ] {
        let case = format!("{order} {token} {state:?}");
        assert_eq!(domains(order, token, state), asked, "{case}");
    }
}
