//! From a refusal back to the form, and from a duplicate that cannot be had to the reissue that is stored as one.

use super::*;
use crate::app::msg::Ended;
use crate::domain::draft::{FieldId, FormKind};
use crate::domain::order::Order;

fn refused(codes: &[&str]) -> Ended {
    Ended::Refused(Failure {
        kind: FailureKind::Refused,
        what: "The account refused it".into(),
        advice: String::new(),
        status: Some(400),
        codes: codes.iter().map(ToString::to_string).collect(),
    })
}

fn info(change: impl FnOnce(&mut Order)) -> Order {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = "n1.example.net".into();
    let mut order = order(1, certificate);
    change(&mut order);
    order
}

/// Opens a form of the order, and answers what it reads.
fn open(desk: &mut Desk, key: &str, order: Order) {
    let effects = desk.press(key);
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(order))),
    );
    assert!(desk.model.form.is_some(), "no form opened");
}

fn stored(desk: &Desk) -> bool {
    let form = desk.model.form.as_ref().unwrap();
    form.kind == FormKind::Reissue && form.draft_json().contains("store_reissue_as_duplicate")
}

#[test]
fn a_refused_draft_opens_with_what_the_account_said_until_it_is_discarded() {
    let (mut desk, op) = sent();
    desk.tell(Msg::WriteEnded {
        op,
        outcome: refused(&["invalid_value:certificate.signature_hash"]),
    });
    open(&mut desk, "d", info(|_| {}));
    let form = desk.model.form.as_ref().unwrap();
    assert!(form.refusal().is_some());
    assert_eq!(form.focus(), FieldId::Hash);
    desk.press("right esc d");
    let form = desk.model.form.as_ref().unwrap();
    assert!(form.refusal().is_some(), "it is told again");
    desk.press("right ctrl-d enter d");
    let form = desk.model.form.as_ref().unwrap();
    assert!(form.refusal().is_none(), "gone with the draft");
}

#[test]
fn r_goes_on_from_an_order_without_duplicates_to_the_reissue() {
    let mut desk = Desk::with_orders(1);
    let without = info(|order| order.allow_duplicates = Some(false));
    open(&mut desk, "d", without);
    assert!(!stored(&desk));
    desk.press("r");
    assert!(stored(&desk));
}

#[test]
fn a_duplicate_refused_for_validation_presets_the_reissue_another_refusal_does_not() {
    for (code, preset) in [
        ("validation_not_current", true),
        ("csr_invalid_cannot_parse", false),
    ] {
        let (mut desk, op) = sent();
        desk.tell(Msg::WriteEnded {
            op,
            outcome: refused(&[code]),
        });
        open(&mut desk, "r", info(|_| {}));
        assert_eq!(stored(&desk), preset, "{code}");
    }
}
