//! The answers to an order that was placed: each variant of the page *Order Secure Site SSL* leads to its own end.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::write::{Entry, Expected, Found, Method, Outgoing, WriteId, WriteKind};

fn answered(accepted: Accepted) -> Desk {
    let mut desk = Desk::with_orders(1);
    let outgoing = Outgoing {
        expected: None,
        ..order_of(r#"{"alternative_order_id":"certdeck-1"}"#)
    };
    let effects = desk.send(
        outgoing,
        Some("neworder".into()),
        "new order for shop.example.net".into(),
    );
    let Some(Effect::Write { op, .. }) = effects.first() else {
        panic!("nothing was sent");
    };
    let outcome = Ended::Accepted(Accepted {
        order: Some(OrderId(112_233)),
        ..accepted
    });
    let effects = desk.tell(Msg::WriteEnded {
        op: op.clone(),
        outcome,
    });
    assert!(
        effects.contains(&Effect::DropDraft {
            key: "neworder".into()
        }),
        "CertCentral has it"
    );
    assert_eq!(
        desk.model.engine.writes.all[0].order,
        Some(OrderId(112_233))
    );
    desk
}

#[test]
fn one_step_waits_for_an_approval() {
    let desk = answered(Accepted {
        requests: vec![RequestId(113)],
        ..Accepted::default()
    });
    assert_eq!(desk.shown(0), "waiting for approval of request 113");
    assert_eq!(
        desk.told(),
        "Accepted. Request 113 is waiting for approval."
    );
}

#[test]
fn two_steps_wait_for_the_first_of_two_approvals() {
    let desk = answered(Accepted {
        requests: vec![RequestId(113)],
        first_of_two: true,
        ..Accepted::default()
    });
    assert_eq!(desk.shown(0), "waiting for approval of request 113");
    assert!(desk.told().contains("the first of two approvals"));
}

#[test]
fn what_is_approved_by_itself_or_needs_none_waits_for_its_certificate() {
    for requests in [vec![RequestId(113)], Vec::new()] {
        let desk = answered(Accepted {
            requests,
            certificate: Some(CertificateId(987_001)),
            ..Accepted::default()
        });
        let waits = "accepted; certificate 987001 is not issued yet";
        assert_eq!(desk.shown(0), waits, "a number does not mean issued");
        assert!(desk.model.next_deadline().is_some(), "it looks again");
    }
}

const BODY: &str = r#"{"alternative_order_id":"certdeck-1"}"#;
const CSR: &str = "-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n";

fn reference() -> Read {
    Read::OrdersByReference("certdeck-1".into())
}

fn placed(orders: Vec<OrderId>) -> Data {
    Data::Placed(orders)
}

fn order_of(body: &str) -> Outgoing {
    let path = "/order/certificate/ssl_securesite";
    with_csr(
        write(WriteKind::NewOrder, Method::Post, path, body),
        &[1, 2, 3],
    )
}

/// A desk that sent an order. What was typed is still there.
fn ordered() -> (Desk, WriteId) {
    let mut desk = Desk::with_orders(1);
    let draft = serde_json::json!({ "fields": { "csr": CSR }, "focus": "csr" });
    desk.model
        .engine
        .drafts
        .texts
        .insert("neworder".into(), draft.to_string());
    desk.send(
        order_of(BODY),
        Some("neworder".into()),
        "new order for shop.example.net".into(),
    );
    let op = desk.model.engine.writes.all[0].op.clone();
    (desk, op)
}

/// A desk whose order got no answer and of which nothing was found. What was typed is still there.
fn given_up() -> Desk {
    let (mut desk, op) = ordered();
    let looks = desk.ends(&op, Ended::Unknown(lost()));
    desk.looks_in_vain(0, looks);
    desk
}

#[test]
fn an_order_that_arrives_after_it_was_given_up_is_found_all_the_same() {
    let mut desk = given_up();
    let looks = desk.next_look();
    assert!(reads(&looks).contains(&&reference()), "it is looked for");
    let effects = desk.answer(&looks, &reference(), Ok(placed(vec![OrderId(112_233)])));
    assert_eq!(
        desk.model.engine.writes.all[0].order,
        Some(OrderId(112_233))
    );
    assert_eq!(desk.shown(0), "accepted; waiting for the certificate");
    assert!(effects.contains(&Effect::Journal {
        op: desk.model.engine.writes.all[0].op.clone(),
        entry: Entry::Found(Found::Order(OrderId(112_233)))
    }));
    assert!(
        desk.model.engine.drafts.texts.is_empty(),
        "nothing is left to be sent"
    );
}

#[test]
fn an_order_that_never_arrives_is_looked_for_ever_more_rarely() {
    let mut desk = given_up();
    let mut pauses = Vec::new();
    for _ in 0..20 {
        let due = desk.model.next_deadline().expect("it is looked for");
        pauses.push(due.duration_since(desk.now).as_secs());
        let reads = desk.next_look();
        desk.answer(&reads, &reference(), Ok(placed(Vec::new())));
    }
    assert!(pauses.is_sorted(), "{pauses:?}");
    assert_eq!(pauses.last(), Some(&900), "no more than four times an hour");
}

#[test]
fn before_it_is_sent_again_it_is_looked_for_once_more() {
    let mut desk = given_up();
    desk.show_activity();
    let looks = desk.press("s");
    assert!(desk.model.form.is_none(), "not before the look");
    assert_eq!(reads(&looks), [&reference()]);
    desk.answer(&looks, &reference(), Ok(placed(Vec::new())));
    assert!(desk.model.form.is_some(), "what was typed comes back");

    let mut desk = given_up();
    desk.show_activity();
    let looks = desk.press("s");
    desk.answer(&looks, &reference(), Ok(placed(vec![OrderId(112_233)])));
    assert!(
        desk.model.form.is_none(),
        "it is there: nothing is to be sent"
    );

    let mut desk = given_up();
    desk.show_activity();
    let looks = desk.press("s");
    desk.answer(&looks, &reference(), Err(lost()));
    assert!(desk.model.form.is_none());
    assert!(
        desk.told().contains("could not be checked"),
        "{}",
        desk.told()
    );
}

#[test]
fn the_form_that_holds_what_was_lost_is_closed_when_it_turns_up() {
    let mut desk = given_up();
    desk.wait(6);
    let looks = desk.press("N");
    assert!(desk.model.form.is_some());
    assert!(
        reads(&looks).contains(&&reference()),
        "opening it looks at once"
    );
    let twin = desk.model.engine.writes.why_not_yet(&order_of("{}"));
    assert!(
        twin.is_some_and(|why| why.contains("sent before")),
        "not during the look"
    );
    desk.answer(&looks, &reference(), Ok(placed(vec![OrderId(112_233)])));
    assert!(desk.model.form.is_none());
    assert!(desk.told().contains("order 112233"), "{}", desk.told());
}

#[test]
fn while_an_outcome_is_unknown_the_same_is_not_sent_from_its_form() {
    let desk = given_up();
    assert_eq!(desk.model.engine.writes.why_not_yet(&order_of("{}")), None);
    let (mut desk, op) = ordered();
    desk.ends(&op, Ended::Unknown(lost()));
    assert_eq!(desk.shown(0), hands::LOOKING);
    assert!(
        desk.model
            .engine
            .writes
            .why_not_yet(&order_of("{}"))
            .is_some()
    );
    let mut other = order_of("{}");
    other.expected = Some(Expected {
        spki_der: vec![9],
        ..Expected::default()
    });
    assert_eq!(
        desk.model.engine.writes.why_not_yet(&other),
        None,
        "another key is another order"
    );
}

#[test]
fn what_was_refused_is_put_right_in_its_form() {
    for key in ["enter", "s"] {
        let (mut desk, op) = ordered();
        let refused = Failure {
            status: Some(400),
            ..Failure::of(
                FailureKind::Refused,
                "refused: custom_fields.Code is required",
            )
        };
        desk.ends(&op, Ended::Refused(refused));
        desk.show_activity();
        let effects = desk.press(key);
        assert!(desk.model.form.is_some(), "{key}: {}", desk.told());
        assert!(desk.model.popups.is_empty());
        assert!(
            effects
                .iter()
                .all(|effect| !matches!(effect, Effect::Write { .. }))
        );
    }
}

#[test]
fn only_what_has_the_reference_and_no_order_yet_is_told_by_it() {
    for (body, has_order, finds) in [
        (BODY, false, true),
        (BODY, true, false),
        (r#"{"alternative_order_id":"certdeck-2"}"#, false, false),
        (r#"{"alternative_order_id":"certdeck-2"}"#, true, false),
        ("{}", false, false),
    ] {
        let mut desk = given_up();
        let looks = desk.next_look();
        let own = has_order.then_some(OrderId(7));
        let watch = &mut desk.model.engine.writes.all[0];
        (watch.outgoing, watch.order) = (order_of(body), own);
        desk.answer(&looks, &reference(), Ok(placed(vec![OrderId(112_233)])));
        let order = if finds { Some(OrderId(112_233)) } else { own };
        assert_eq!(
            desk.model.engine.writes.all[0].order, order,
            "{body} {has_order}"
        );
    }
}
