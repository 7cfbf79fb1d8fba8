//! A list that outlives the program: what is kept of it, and what another start makes of it and of the journal.

use super::*;
use crate::app::bulk_screen::BulkView;

/// The draft that was kept last.
fn kept(effects: &[Effect]) -> Option<String> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveDraft { key, json } if key == "bulk-1" => Some(json.clone()),
        _ => None,
    })
}

/// What the journal has of one that was sent under this number.
fn journalled(op: &WriteId, csr: &str, came: Arrival, certificate: Option<u64>) -> PriorCsr {
    PriorCsr {
        sha256: csr::read(csr).unwrap().sha256,
        op: op.clone(),
        words: "accepted: request 5".into(),
        certificate: certificate.map(CertificateId),
        arrival: came,
    }
}

/// A look finds the request with a CSR, which somebody rejected.
fn shows_rejected(desk: &mut Desk, looks: &[Effect], csr: &str) {
    let request = Request {
        csr: Some(CsrText(csr.into())),
        ..testing::request(5, RequestKind::Duplicate, RequestStatus::Rejected)
    };
    let mut info = order(1, primary());
    info.requests = vec![request.clone()];
    let info = Data::Order(Box::new(info));
    let mut effects = looks.to_vec();
    effects.extend(desk.answer(looks, &Read::Order(OrderId(1)), Ok(info)));
    let request = Data::Request(Box::new(request));
    desk.answer(&effects, &Read::Request(RequestId(5)), Ok(request));
}

/// A new start of the program, which finds the list and this journal.
fn restarted(json: &str, sent: Vec<PriorCsr>) -> Desk {
    let mut desk = Desk::with_orders(1);
    desk.tell(Msg::Draft {
        key: "bulk-1".into(),
        json: json.into(),
        refusal: None,
    });
    assert!(desk.told().contains("order 1 is kept"), "{}", desk.told());
    let effects = desk.press("b");
    desk.bulk_known_with(&effects, Vec::new(), sent);
    desk
}

fn view(desk: &Desk) -> &BulkView {
    &desk.model.bulk_screens.open().unwrap().view
}

#[test]
fn the_numbers_are_on_the_disk_before_the_first_request_leaves() {
    let mut desk = Desk::with_bulk(&several(2));
    let effects = desk.send_all();
    let json = kept(&effects).unwrap();
    let kept_at = effects
        .iter()
        .position(|effect| matches!(effect, Effect::SaveDraft { .. }));
    let sent_at = effects
        .iter()
        .position(|effect| matches!(effect, Effect::Write { .. }));
    assert!(kept_at < sent_at);
    let op = &writes(&effects)[0];
    assert!(json.contains(&format!("\"{}\"", op.0)), "{json}");
}

#[test]
fn another_start_sends_only_what_the_journal_does_not_have() {
    let csrs = several(4);
    let mut desk = Desk::with_bulk(&csrs);
    let effects = desk.send_all();
    let json = kept(&effects).unwrap();
    let first = writes(&effects)[0].clone();
    let second = writes(&desk.end(&first, taken(1)))[0].clone();
    // Killed here: the second may have left.
    let mut desk = restarted(
        &json,
        vec![
            journalled(&first, &csrs[0], Arrival::Arrived, Some(77)),
            journalled(&second, &csrs[1], Arrival::Arrived, None),
        ],
    );
    assert_eq!(view(&desk), &BulkView::Results);
    let words = desk.words();
    assert_eq!(words[..2], ["accepted: request 5", "accepted: request 5"]);
    assert!(words[2].contains("not sent"), "{words:?}");
    let bulk = desk.list();
    let counts = bulk.counts(&desk.model.engine.writes.all);
    assert_eq!((counts.sent, counts.rest, counts.earlier), (2, 2, 1));
    let mut effects = desk.send_all();
    let mut sent = 0;
    while let Some(op) = writes(&effects).pop() {
        sent += 1;
        effects = desk.end(&op, taken(10 + sent));
    }
    assert_eq!(sent, 2);
}

#[test]
fn until_the_journal_is_read_nothing_of_a_kept_list_is_ready() {
    let csrs = several(2);
    let mut desk = Desk::with_bulk(&csrs);
    let effects = desk.send_all();
    let json = kept(&effects).unwrap();
    let mut desk = Desk::with_orders(1);
    desk.tell(Msg::Draft {
        key: "bulk-1".into(),
        json,
        refusal: None,
    });
    let effects = desk.press("b");
    let id = OrderId(1);
    let info = Data::Order(Box::new(order(1, primary())));
    desk.answer(&effects, &Read::Order(id), Ok(info));
    assert_eq!(desk.list().ready().count(), 0);
    desk.tell(Msg::PriorCsrs {
        order: id,
        sent: Err(lost()),
    });
    assert_eq!(desk.list().ready().count(), 0);
    desk.tell(Msg::PriorCsrs {
        order: id,
        sent: Ok(Vec::new()),
    });
    assert_eq!(desk.list().ready().count(), 2);
}

#[test]
fn what_was_refused_before_is_told_and_taken_in_again_by_the_operator_alone() {
    let csrs = several(2);
    let mut desk = Desk::with_bulk(&csrs);
    let effects = desk.send_all();
    let json = kept(&effects).unwrap();
    let first = writes(&effects)[0].clone();
    let refused = journalled(&first, &csrs[0], Arrival::Nothing, None);
    let mut desk = restarted(&json, vec![refused]);
    let ready = |desk: &Desk| desk.list().ready().count();
    assert_eq!(ready(&desk), 1);
    desk.press("ctrl-x");
    assert_eq!(ready(&desk), 2);
    // What never left is sent with the rest.
    let not_sent = journalled(&first, &csrs[0], Arrival::NotSent, None);
    assert_eq!(ready(&restarted(&json, vec![not_sent])), 2);
}

#[test]
fn another_certdeck_at_the_same_order_is_seen_between_two_of_a_run() {
    let csrs = several(3);
    let mut desk = Desk::with_bulk(&csrs);
    let effects = desk.send_all();
    assert!(effects.contains(&Effect::LoadPriorCsrs { order: OrderId(1) }));
    let other = journalled(&WriteId("other-1".into()), &csrs[1], Arrival::Arrived, None);
    desk.tell(Msg::PriorCsrs {
        order: OrderId(1),
        sent: Ok(vec![other]),
    });
    let effects = desk.end(&writes(&effects)[0], taken(1));
    let bodies: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Write { outgoing, .. } => Some(outgoing.body.as_str()),
            _ => None,
        })
        .collect();
    let third = csr::read(&csrs[2]).unwrap().one_line_pem();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains(&third), "the second was left out");
    assert!(desk.words()[1].contains("it is in the journal"));
}

#[test]
fn a_kept_list_takes_no_private_key_in_and_a_forgotten_one_is_forgotten() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let json = serde_json::json!({"rows": [
        {"name": "a.csr", "csr": csr_for(NAME), "dropped": true, "file": "out/a.pem"},
        {"name": "key.pem", "csr": key},
        {"name": "gone.csr", "unreadable": "it is gone"},
    ], "hash": "sha512", "end": "2026-08-01"});
    let mut desk = restarted(&json.to_string(), Vec::new());
    assert!(!format!("{:?}", desk.model.engine.bulk).contains("PRIVATE KEY"));
    let words = desk.words();
    assert_eq!(words[0], "excluded by you");
    assert_eq!(words.len(), 2);
    let bulk = desk.list();
    assert_eq!(view(&desk), &BulkView::Collecting);
    assert_eq!(bulk.rows[0].file, Some(Ok("out/a.pem".into())));
    assert_eq!(bulk.shared.end, "2026-08-01");
    let effects = desk.press("ctrl-d");
    assert!(effects.contains(&Effect::DropDraft {
        key: "bulk-1".into()
    }));
    assert!(desk.model.engine.drafts.texts.is_empty());
}

#[test]
fn what_is_sent_without_the_journal_is_sent_once() {
    let mut desk = Desk::with_bulk(&several(2));
    let effects = desk.send_all();
    let op = writes(&effects)[0].clone();
    desk.end(&op, Ended::NoJournal(lost()));
    let ready = |desk: &Desk| desk.list().ready().count();
    assert_eq!(ready(&desk), 2);
    let effects = desk.press("1 enter");
    assert_eq!(writes(&effects), std::slice::from_ref(&op));
    assert_eq!(ready(&desk), 1);
    assert!(desk.words()[0].contains("sending"), "{:?}", desk.words());
    desk.end(&op, taken(1));
    assert_eq!(ready(&desk), 1);
}

#[test]
fn a_row_that_is_sent_again_from_the_watches_follows_the_newer_one() {
    let too_fast = Failure {
        kind: FailureKind::RateLimited,
        ..lost()
    };
    for (is_lost, outcome) in [
        (true, Ended::Unknown(lost())),
        (false, Ended::Refused(too_fast)),
    ] {
        let mut desk = Desk::with_bulk(&several(2));
        let first = writes(&desk.send_all())[0].clone();
        let looks = desk.end(&first, outcome);
        if is_lost {
            desk.looks_in_vain(0, looks);
        }
        desk.show_activity();
        let look = desk.press("s");
        desk.nothing_there(&look);
        let mut effects = desk.press("enter");
        effects.extend(desk.nothing_there(&effects));
        let again = writes(&effects)[0].clone();
        assert_ne!(again, first);
        assert_eq!(desk.words()[0], "sending…");
        desk.end(&again, taken(9));
        let words = desk.words();
        assert!(words[0].contains("request 9"), "{words:?}");
        assert_eq!(desk.list().ready().count(), 1, "{words:?}");
    }
}

#[test]
fn what_was_refused_is_taken_in_again_and_what_was_set_aside_is_not() {
    for (is_refused, words, ready) in [
        (true, "request 5 was rejected", 2),
        (false, "outcome unknown; dismissed", 1),
    ] {
        let csrs = several(2);
        let mut desk = Desk::with_bulk(&csrs);
        let first = writes(&desk.send_all())[0].clone();
        let looks = desk.end(&first, Ended::Unknown(lost()));
        if is_refused {
            shows_rejected(&mut desk, &looks, &csrs[0]);
        } else {
            desk.set_aside(first);
        }
        let says = desk.words();
        assert!(says[0].starts_with(words), "{says:?}");
        desk.press("ctrl-x");
        assert_eq!(desk.list().ready().count(), ready);
    }
}
