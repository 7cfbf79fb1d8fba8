//! What a form offers is on its way, does not come, and is read again.

use super::*;
use crate::app::form::{Form, Layer};
use crate::domain::draft::offer::Offer;
use crate::domain::product::{Choice, Platform, Product};

fn said(desk: &Desk) -> String {
    let form: &Form = desk.model.form.as_ref().expect("a form");
    let notes = form.missing_notes(Some("Ctrl-R"));
    notes
        .iter()
        .map(|note| note.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

fn product() -> Read {
    Read::Product("ssl_securesite".into())
}

fn answer_product(desk: &mut Desk, effects: &[Effect]) {
    let mut info = Product {
        platforms: vec![Platform {
            id: -1,
            name: "OTHER".into(),
        }],
        ..Product::default()
    };
    info.product.name_id = "ssl_securesite".into();
    desk.answer(effects, &product(), Ok(Data::Product(Box::new(info))));
}

fn offer() -> Offer {
    Offer {
        organizations: vec![Choice {
            id: "77".into(),
            name: "Example Trading GmbH".into(),
        }],
        ..Offer::default()
    }
}

#[test]
fn a_list_that_did_not_come_is_told_in_the_form_and_read_again_by_a_key() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("N");
    assert!(reads(&effects).contains(&&Read::Offer));
    assert!(said(&desk).contains("loading"), "{}", said(&desk));
    answer_product(&mut desk, &effects);
    desk.answer(&effects, &Read::Offer, Err(lost()));
    assert!(
        said(&desk).contains("The connection broke."),
        "{}",
        said(&desk)
    );
    assert!(said(&desk).contains("Press Ctrl-R to reload"));
    desk.paste("typed");
    let again = desk.press("ctrl-r");
    assert_eq!(reads(&again), [&Read::Offer], "only what is missing");
    assert!(said(&desk).contains("loading"));
    desk.answer(&again, &Read::Offer, Ok(Data::Offer(Box::new(offer()))));
    assert_eq!(said(&desk), "");
    let again = desk.press("ctrl-r");
    assert!(
        reads(&again).contains(&&Read::Offer) && reads(&again).contains(&&product()),
        "somebody may have changed them: {again:?}"
    );
    assert_eq!(said(&desk), "", "what is there stays meanwhile");
    let reloads = |desk: &Desk| {
        let status = desk.model.status.as_ref();
        status.is_some_and(|status| status.words.starts_with("Reloading"))
    };
    assert!(reloads(&desk));
    desk.answer(&again, &Read::Offer, Ok(Data::Offer(Box::new(offer()))));
    assert!(reloads(&desk), "the product is still on its way");
    for read in reads(&again) {
        if *read != Read::Offer {
            desk.answer(&again, read, Err(lost()));
        }
    }
    assert!(!reloads(&desk), "it is over");
    assert!(desk.told().starts_with("Not reloaded: "), "{}", desk.told());
}

#[test]
fn a_product_that_did_not_come_is_told_in_the_form_of_its_order() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("d");
    let info = order(1, Certificate::empty(Role::Primary));
    let name = Read::Product(info.product.name_id.clone());
    let more = desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.answer(&more, &name, Err(lost()));
    assert!(said(&desk).contains("Secure Site Multi-Domain SSL offers: not loaded"));
    assert_eq!(reads(&desk.press("ctrl-r")), [&name]);
}

#[test]
fn a_request_that_somebody_else_decided_shows_that_this_one_will_wait_as_well() {
    let request = |processor: &str| Request {
        requester: Some(person("Grace", "").into()),
        processor: Some(person(processor, "").into()),
        ..request(5, RequestKind::NewRequest, RequestStatus::Approved)
    };
    let told = |processor: &str| {
        let names = ["shop.example.net"];
        let mut desk = Desk::with_orders(1);
        let effects = desk.press("d");
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = names[0].into();
        let mut info = order(1, certificate);
        let mut known = request(processor);
        known.requester = None;
        known.processor = None;
        info.requests.push(known);
        let more = desk.answer(
            &effects,
            &Read::Order(OrderId(1)),
            Ok(Data::Order(Box::new(info))),
        );
        let full = Ok(Data::Request(Box::new(request(processor))));
        desk.answer(&more, &Read::Request(RequestId(5)), full);
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(names.map(String::from)).unwrap();
        let csr = params.serialize_request(&key).unwrap().pem().unwrap();
        desk.tell(Msg::Paste(csr));
        desk.press("ctrl-s");
        let form = desk.model.form.as_ref().expect("a form");
        let Layer::Review(reviewing) = &form.layer else {
            panic!("no review: {:?}", form.order_notes());
        };
        let mut sections = reviewing.review.sections.iter();
        let approval = sections.find(|section| section.title == "Approval");
        let mut notes = approval.expect("it").notes.iter();
        notes.any(|note| {
            note.text
                .contains("Request 5 on this order needed approval")
        })
    };
    assert!(told("Ada"));
    assert!(!told("Grace"), "it was approved by itself");
}
