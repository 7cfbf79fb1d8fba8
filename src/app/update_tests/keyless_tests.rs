//! Reissues that are sent without a key: what comes of them is told from what was there before, or not at all.

use super::*;
use crate::app::msg::{Accepted, WriteOutcome};
use crate::app::watch::WatchState;
use crate::domain::ids::CertificateId;
use crate::domain::order::Order;
use crate::domain::status::CertificateStatus;
use crate::domain::write::{Method, Outgoing, WriteKind};

fn certificate(id: u64, role: Role) -> Certificate {
    let mut row = Certificate::empty(role);
    row.id = Some(CertificateId(id));
    row.serial = Some(format!("0A{id}"));
    row.status = Some(CertificateStatus::Issued);
    row
}

fn signing() -> Order {
    let mut order = order(1, certificate(10, Role::Primary));
    order.product.name_id = "code_signing".into();
    order.product.kind = "code_signing_certificate".into();
    order
}

fn outgoing() -> Outgoing {
    Outgoing {
        kind: WriteKind::Reissue,
        method: Method::Post,
        path: "/order/certificate/1/reissue".into(),
        body: "{}".into(),
        order: Some(OrderId(1)),
        request: None,
        certificate: None,
        expected: None,
    }
}

fn listed(desk: &mut Desk, effects: &[Effect], reissues: &[Certificate]) {
    desk.answer(
        effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(signing()))),
    );
    desk.answer(
        effects,
        &Read::Reissues(OrderId(1)),
        Ok(Data::Certificates(reissues.to_vec())),
    );
}

fn state_after(known: bool, rows: &[Certificate]) -> WatchState {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    if known {
        let old = certificate(9, Role::Reissue);
        listed(&mut desk, &effects, &[old]);
    }
    crate::app::watching::send(&mut desk.model, outgoing(), None, "reissue".into());
    let op = desk.model.watches[0].op.clone();
    desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Accepted(Accepted {
            order: Some(OrderId(1)),
            ..Accepted::default()
        }),
    });
    assert_eq!(desk.model.watches[0].state, WatchState::Issue(None));
    let effects = desk.press("R");
    listed(&mut desk, &effects, rows);
    desk.model.watches[0].state.clone()
}

#[test]
fn the_one_certificate_that_was_not_there_is_what_came_of_it() {
    let (old, new) = (
        certificate(9, Role::Reissue),
        certificate(20, Role::Reissue),
    );
    assert_eq!(
        state_after(true, &[old.clone(), new.clone()]),
        WatchState::Fetching(CertificateId(20))
    );
    assert_eq!(
        state_after(true, std::slice::from_ref(&old)),
        WatchState::Issue(None),
        "nothing new yet"
    );
    let another = certificate(21, Role::Reissue);
    assert_eq!(
        state_after(true, &[old, new.clone(), another]),
        WatchState::Issue(None),
        "one of two cannot be told"
    );
    assert_eq!(
        state_after(false, &[new]),
        WatchState::Issue(None),
        "what was there is not known"
    );
}
