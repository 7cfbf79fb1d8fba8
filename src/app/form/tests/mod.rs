//! Forms as an operator meets them: keys in, state and steps out. Keys and CSRs are made when the tests run.

#[path = "../../../../tests/support/parameters.rs"]
mod change_rows;
mod csr;
mod dressed;
mod editing;
mod families;
mod order_parameters;
#[path = "../../../../tests/support/order_parameters.rs"]
mod order_rows;
mod orders;
mod other_renewals;
mod parameters;
mod paths;
mod products;
mod random;
mod refusals;
mod renewals;
mod requests;
mod review;
#[path = "../../../../tests/support/table.rs"]
mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::{Date, date};
use rcgen::{CertificateParams, DnType, KeyPair};
use serde_json::Value;

use super::*;
use crate::app::testing;
use crate::domain::draft::{FormKind, given};
use crate::domain::ids::CertificateId;
use crate::domain::order::{Certificate, CsrText, Order, Role};
use crate::domain::product::{Choice, Ica, Platform, Product, ProductRef};

const TODAY: Date = date(2026, 6, 10);

fn key_pair() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn csr_with(key: &KeyPair, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let common = names[0].clone();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common);
    params.serialize_request(key).unwrap().pem().unwrap()
}

fn csr_for(names: &[&str]) -> String {
    csr_with(&key_pair(), names)
}

fn order_for(names: &[&str]) -> Order {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.id = Some(CertificateId(1_234_560));
    certificate.common_name = names[0].into();
    certificate.dns_names = names.iter().map(ToString::to_string).collect();
    certificate.valid_from = Some(date(2026, 6, 1));
    certificate.valid_till = Some(date(2026, 12, 17));
    certificate.hash = Some("sha256".into());
    certificate.platform = Some(Platform {
        id: 45,
        name: "nginx".into(),
    });
    testing::order(123_456, certificate)
}

fn product() -> Product {
    Product {
        hashes: ["sha256", "sha384"]
            .map(|id| Choice {
                id: id.into(),
                name: id.to_uppercase(),
            })
            .into(),
        icas: vec![Ica {
            id: "0F1E2D3C4B5A6978".into(),
            name: "Example ECC CA".into(),
            chain: String::new(),
        }],
        platforms: [
            (-1, "OTHER"),
            (2, "Apache"),
            (45, "nginx"),
            (58, "A FIPS token"),
        ]
        .map(|(id, name)| Platform {
            id,
            name: name.into(),
        })
        .into(),
        ..Product::default()
    }
}

const SHOP: &[&str] = &[
    "shop.example.net",
    "www.shop.example.net",
    "api.example.net",
];

fn open(kind: FormKind, order: &Order) -> Form {
    Form::open(kind, order, Some(&product()), &[], TODAY, None)
}

fn shop(kind: FormKind) -> Form {
    open(kind, &order_for(SHOP))
}

fn act(form: &mut Form, action: Action) -> Vec<FormStep> {
    form.update(FormInput::Action(action), TODAY)
}

fn press(form: &mut Form, code: KeyCode) -> Vec<FormStep> {
    form.update(
        FormInput::Key(KeyEvent::new(code, KeyModifiers::NONE)),
        TODAY,
    )
}

fn type_text(form: &mut Form, text: &str) -> Vec<FormStep> {
    text.chars()
        .flat_map(|c| {
            let code = if c == '\n' {
                KeyCode::Enter
            } else {
                KeyCode::Char(c)
            };
            press(form, code)
        })
        .collect()
}

fn paste(form: &mut Form, text: &str) -> Vec<FormStep> {
    form.update(FormInput::Paste(text.into()), TODAY)
}

fn go_to(form: &mut Form, id: FieldId) {
    for _ in 0..120 {
        if form.focus() == id {
            return;
        }
        act(form, Action::NextField);
    }
    panic!("{id:?} cannot be reached");
}

/// Replaces a text field's content as an operator with an editor would.
fn set(form: &mut Form, id: FieldId, text: &str) {
    go_to(form, id);
    act(form, Action::Editor);
    form.update(FormInput::Edited(Ok(text.into())), TODAY);
}

/// Goes to a choice and types its name.
fn choose(form: &mut Form, id: FieldId, name: &str) {
    go_to(form, id);
    type_text(form, name);
}

/// Reviews and sends; panics with the problems when there are any.
fn send(form: &mut Form) -> Outgoing {
    act(form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let shown = reviewing.review.outgoing.clone();
    if reviewing.review.danger.is_some() {
        type_text(form, "123456");
    }
    match act(form, Action::Open).as_slice() {
        [FormStep::Send(outgoing)] => {
            assert_eq!(**outgoing, shown, "what is sent is what was shown");
            fills_in_again(form, outgoing);
            (**outgoing).clone()
        }
        other => panic!("not sent: {other:?}"),
    }
}

/// What is sent fills a form in that sends the same.
fn fills_in_again(form: &Form, sent: &Outgoing) {
    let product = form.whole.as_ref();
    let mut again = Form::open(
        form.kind,
        &form.order,
        product,
        &form.siblings,
        form.today,
        None,
    );
    again.refer_as(form.reference.clone());
    again.take_offer(&form.offer);
    again.take_limits(form.offer.limits.clone(), &[]);
    again.empty(|_| true);
    let given = given::read(&sent.body, form.kind, sent.order).unwrap();
    assert!(given.is_whole);
    for (field, text) in &given.texts {
        again.fill(*field, text).unwrap();
    }
    for (field, _) in given.texts {
        assert!(again.has(field), "{field:?}");
    }
    let review = again.review();
    let now = review.unwrap_or_else(|why| panic!("{why:?}: {:?}", again.checked));
    let told = |one: &Outgoing| (one.kind, one.path.clone(), one.body.clone());
    assert_eq!(told(&now.outgoing), told(sent));
}

fn body(outgoing: &Outgoing) -> Value {
    serde_json::from_str(&outgoing.body).unwrap()
}

fn problems(form: &mut Form, id: FieldId) -> Vec<String> {
    act(form, Action::Review);
    assert!(matches!(form.layer, Layer::Editing), "nothing to complain");
    form.problems_at(id)
        .map(|problem| problem.text.clone())
        .collect()
}

fn notes(form: &Form) -> String {
    let texts: Vec<&str> = form
        .reading
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    texts.join("\n")
}

fn with_csr(order: &mut Order, csr: &str) {
    order.certificate.csr = Some(CsrText(csr.into()));
}
