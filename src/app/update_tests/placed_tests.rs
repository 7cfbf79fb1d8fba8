//! The answers to an order that was placed: each variant of the page *Order Secure Site SSL* leads to its own end.

use super::*;
use crate::app::msg::{Accepted, WriteOutcome};
use crate::app::watch::WatchState;
use crate::domain::ids::CertificateId;
use crate::domain::write::{Method, Outgoing, WriteKind};

fn answered(accepted: Accepted) -> Desk {
    let mut desk = Desk::with_orders(1);
    let outgoing = Outgoing {
        kind: WriteKind::NewOrder,
        method: Method::Post,
        path: "/order/certificate/ssl_securesite".into(),
        body: r#"{"alternative_order_id":"certdeck-1"}"#.into(),
        order: None,
        request: None,
        certificate: None,
        expected: None,
    };
    let effects = crate::app::watching::send(
        &mut desk.model,
        outgoing,
        Some("neworder".into()),
        "new order for shop.example.net".into(),
    );
    let Some(Effect::Write { op, .. }) = effects.first() else {
        panic!("nothing was sent");
    };
    let outcome = WriteOutcome::Accepted(Accepted {
        order: Some(OrderId(112_233)),
        ..accepted
    });
    let effects = desk.tell(Msg::Written {
        op: op.clone(),
        outcome,
    });
    assert!(
        effects.contains(&Effect::DropDraft {
            key: "neworder".into()
        }),
        "the account has it"
    );
    assert_eq!(desk.model.watches[0].order, Some(OrderId(112_233)));
    desk
}

fn told(desk: &Desk) -> &str {
    desk.model.told.as_ref().map_or("", |told| &told.words)
}

fn state(desk: &Desk) -> &WatchState {
    &desk.model.watches[0].state
}

#[test]
fn one_step_waits_for_an_approval() {
    let desk = answered(Accepted {
        requests: vec![RequestId(113)],
        ..Accepted::default()
    });
    assert_eq!(state(&desk), &WatchState::Approval(RequestId(113)));
    assert_eq!(told(&desk), "Accepted: request 113 waits for approval.");
}

#[test]
fn two_steps_wait_for_the_first_of_two_approvals() {
    let desk = answered(Accepted {
        requests: vec![RequestId(113)],
        first_of_two: true,
        ..Accepted::default()
    });
    assert_eq!(state(&desk), &WatchState::Approval(RequestId(113)));
    assert!(told(&desk).contains("the first of two approvals"));
}

#[test]
fn what_is_approved_by_itself_or_needs_none_waits_for_its_certificate() {
    for requests in [vec![RequestId(113)], Vec::new()] {
        let desk = answered(Accepted {
            requests,
            certificate: Some(CertificateId(987_001)),
            ..Accepted::default()
        });
        let waits = WatchState::Issue(Some(CertificateId(987_001)));
        assert_eq!(state(&desk), &waits, "a number does not mean issued");
        assert!(desk.model.next_deadline().is_some(), "it looks again");
    }
}
