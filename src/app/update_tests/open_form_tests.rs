//! What comes while a form is open, or waits for its order: what is offered follows it, and nothing that is said is hidden.

use super::*;
use crate::app::fields::Input;
use crate::app::msg::Ended;
use crate::app::update_tests::watching_tests::outgoing;
use crate::domain::draft::FieldId;
use crate::domain::draft::offer::Offer;
use crate::domain::product::{Platform, Product};
use crate::domain::status::OrderStatus;
use crate::domain::write::{Method, Outgoing, WriteKind};

const A: &str = "ssl_securesite";
const B: &str = "ssl_securesite_wildcard";

fn product(name_id: &str, platforms: &[&str]) -> Product {
    let platform = |name: &&str| Platform {
        id: 45,
        name: (*name).to_owned(),
    };
    let mut product = Product {
        platforms: platforms.iter().map(platform).collect(),
        ..Product::default()
    };
    product.product.name_id = name_id.into();
    product.product.name = name_id.into();
    product.product.kind = "ssl_certificate".into();
    product
}

fn heading(desk: &Desk) -> String {
    desk.model.form.as_ref().expect("a form").heading()
}

/// Whether the form offers the platform of A.
fn has_all(desk: &Desk) -> bool {
    let form = desk.model.form.as_ref().expect("a form");
    let (_, field) = form
        .shown()
        .find(|(spec, _)| spec.id == FieldId::Platform)
        .expect("a platform is asked for");
    let Input::Choice(choice) = &field.input else {
        panic!("it is chosen");
    };
    choice.options().iter().any(|one| one.name == "nginx of A")
}

/// A form of a new order, with what there is to order with; what A offers in full came.
fn new_order() -> (Desk, Vec<Effect>) {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("N");
    let offer = Offer {
        products: vec![product(A, &[]), product(B, &[])],
        ..Offer::default()
    };
    desk.answer(&effects, &Read::Offer, Ok(Data::Offer(Box::new(offer))));
    let full = Data::Product(Box::new(product(A, &["nginx of A"])));
    desk.answer(&effects, &Read::Product(A.into()), Ok(full));
    (desk, effects)
}

#[test]
fn a_form_of_a_new_order_is_about_no_order_that_could_be_old() {
    let (mut desk, _) = new_order();
    assert_eq!(heading(&desk), "New order");
    desk.press("tab");
    desk.press("f5");
    assert_eq!(heading(&desk), "New order");
}

#[test]
fn a_product_that_is_chosen_again_offers_all_it_has_whatever_became_of_the_other() {
    for failed in [false, true] {
        let (mut desk, _) = new_order();
        assert!(has_all(&desk));
        for _ in 0..30 {
            if desk.model.form.as_ref().unwrap().focus() == FieldId::Product {
                break;
            }
            desk.press("tab");
        }
        let effects = desk.press("right");
        let read = Read::Product(B.into());
        assert!(reads(&effects).contains(&&read), "{effects:?}");
        assert!(!has_all(&desk));
        if failed {
            desk.answer(&effects, &read, Err(lost()));
        }
        desk.press("left");
        assert!(has_all(&desk), "failed {failed}");
    }
}

fn cancel() -> Outgoing {
    Outgoing {
        method: Method::Put,
        ..post(
            WriteKind::CancelOrder,
            1,
            "status",
            r#"{"status":"CANCELED"}"#,
        )
    }
}

fn answer_order(desk: &mut Desk, effects: &[Effect], status: OrderStatus) -> Vec<Effect> {
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.status = status;
    let id = OrderId(1);
    let mut more = desk.answer(effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    for list in [Read::Duplicates(id), Read::Reissues(id)] {
        more.extend(desk.answer(effects, &list, Ok(Data::Certificates(Vec::new()))));
    }
    more
}

/// A cancellation that got no response, and the look that follows.
fn lost_cancellation(desk: &mut Desk) -> Vec<Effect> {
    desk.send(cancel(), None, "cancel order 1".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let outcome = Ended::Unknown(lost());
    desk.tell(Msg::WriteEnded { op, outcome })
}

#[test]
fn what_came_of_a_write_is_not_hidden_by_the_form_that_the_same_answer_opens_or_changes() {
    for opened in [false, true] {
        let mut desk = Desk::with_orders(1);
        let effects = desk.press("r");
        if opened {
            answer_order(&mut desk, &effects, OrderStatus::Issued);
            assert!(desk.model.form.is_some());
        } else {
            assert!(desk.told().contains("the form opens"), "{}", desk.told());
        }
        let look = lost_cancellation(&mut desk);
        answer_order(&mut desk, &look, OrderStatus::Canceled);
        assert!(desk.model.form.is_some(), "opened {opened}");
        assert!(
            desk.told().contains("order 1 is canceled"),
            "opened {opened}: {}",
            desk.told()
        );
    }
}

#[test]
fn a_form_whose_draft_arrived_meanwhile_does_not_open() {
    let mut desk = Desk::with_orders(1);
    let key = "duplicate-1".to_owned();
    let sent = outgoing();
    let csr = sent.expected.as_ref().expect("a CSR").csr_der.clone();
    let draft = serde_json::json!({"fields": {"csr": crate::domain::pem::encode("CERTIFICATE REQUEST", &csr)}});
    desk.model
        .engine
        .drafts
        .texts
        .insert(key.clone(), draft.to_string());
    desk.send(sent, Some(key.clone()), "duplicate".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let look = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Unknown(lost()),
    });
    let effects = desk.press("d");
    assert!(desk.told().contains("the form opens"), "{}", desk.told());
    let all: Vec<Effect> = look.into_iter().chain(effects).collect();
    let mut row = Certificate::empty(Role::Duplicate(None));
    row.id = Some(crate::domain::ids::CertificateId(9));
    row.csr = Some(crate::domain::order::CsrText(crate::domain::pem::encode(
        "CERTIFICATE REQUEST",
        &csr,
    )));
    let list = Ok(Data::Certificates(vec![row]));
    desk.answer(&all, &Read::Duplicates(OrderId(1)), list);
    answer_order(&mut desk, &all, OrderStatus::Issued);
    assert!(desk.model.form.is_none(), "{}", desk.told());
    assert!(!desk.model.engine.drafts.texts.contains_key(&key));
}
