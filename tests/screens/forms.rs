//! The forms, their review and their questions. Keys are made when the tests run, so that the base64 of a CSR is
//! written as `x` in the snapshots; an RSA CSR always has the same length.

use certdeck::app::form::{Form, FormInput, MissingOptions};
use certdeck::domain::draft::contact::{Contact, ContactField};
use certdeck::domain::draft::offer::{Definition, Offer, User, ValueKind};
use certdeck::domain::draft::{FieldId, FormKind};
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::ids::CertificateId;
use certdeck::domain::order::{Certificate, Order, Role};
use certdeck::domain::product::{Choice, Ica, Platform, Product, ProductRef};
use certdeck::keys::{Action, KeyMap};
use certdeck::ui::form::render;
use certdeck::ui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::{Date, date};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256};

use crate::fixtures;

const TODAY: Date = date(2026, 6, 10);
const NAMES: [&str; 3] = [
    "shop.example.net",
    "www.shop.example.net",
    "api.example.net",
];
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

fn csr(names: &[&str]) -> String {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let all: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(all).expect("names");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names[0]);
    let request = params.serialize_request(&key).expect("a CSR");
    request.pem().expect("its PEM")
}

fn order() -> Order {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.id = Some(CertificateId(1_234_560));
    certificate.common_name = NAMES[0].into();
    certificate.dns_names = NAMES.map(Into::into).into();
    certificate.serial = Some("0A1B2C3D4E5F".into());
    certificate.valid_from = Some(date(2026, 6, 1));
    certificate.valid_till = Some(date(2026, 12, 17));
    certificate.hash = Some("sha256".into());
    certificate.platform = Some(Platform {
        id: 45,
        name: "nginx".into(),
    });
    let mut order = fixtures::order(123_456, certificate);
    order.product.validation = Some("ov".into());
    order.created = None;
    order
}

fn product() -> Product {
    Product {
        platforms: [(-1, "OTHER"), (2, "Apache"), (45, "nginx")]
            .map(|(id, name)| Platform {
                id,
                name: name.into(),
            })
            .into(),
        ..Product::default()
    }
}

fn open(kind: FormKind) -> Form {
    Form::open(kind, &order(), Some(&product()), &[], TODAY, None)
}

fn act(form: &mut Form, action: Action) {
    form.update(FormInput::Action(action), TODAY);
}

fn type_text(form: &mut Form, text: &str) {
    for c in text.chars() {
        let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        form.update(FormInput::Key(key), TODAY);
    }
}

fn go_to(form: &mut Form, id: FieldId) {
    while form.focus() != id {
        act(form, Action::NextField);
    }
}

fn screen(form: &Form, width: u16, height: u16) -> String {
    // Header, bar, status and footer belong to the screen around the form.
    let area = Rect::new(0, 0, width, height - 4);
    let mut buf = Buffer::empty(area);
    render(
        form,
        0,
        &Theme::default(),
        &KeyMap::default(),
        area,
        &mut buf,
    );
    let mut text = String::new();
    for y in 0..area.height {
        let mut line = String::new();
        for x in 0..area.width {
            line.push_str(buf[(x, y)].symbol());
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Base64 of the CSR, also in pieces, becomes `x`. A word of a sentence that happens to stand in the CSR stays: a piece
/// stands beside a long one, or alone in its column.
fn without_base64(screen: &str, csr: &str) -> String {
    let body: String = csr.lines().filter(|line| !line.starts_with('-')).collect();
    let columns = screen.split_inclusive(['\n', '│']);
    columns
        .map(|text| column_without_base64(text, &body))
        .collect()
}

/// One column's part of one line.
fn column_without_base64(text: &str, body: &str) -> String {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let is_piece = |token: &str, least: usize| token.len() >= least && body.contains(token);
    let tokens = || {
        text.split(|c| !is_base64(c))
            .filter(|token| !token.is_empty())
    };
    let is_of_csr = tokens().any(|token| is_piece(token, 12)) || tokens().count() == 1;
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_base64) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_base64(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        if is_of_csr && is_piece(token, 4) {
            out.push_str(&"x".repeat(token.len()));
        } else {
            out.push_str(token);
        }
        rest = after;
    }
    out + rest
}

fn snapshot(name: &str, form: &Form, csr: &str) {
    for (width, height) in SIZES {
        let text = without_base64(&screen(form, width, height), csr);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), text);
    }
}

#[test]
fn a_duplicate_form_just_opened() {
    snapshot("duplicate_empty", &open(FormKind::Duplicate), "");
}

#[test]
fn a_duplicate_form_with_a_csr_that_differs() {
    let csr = csr(&["shop.example.net", "old.example.org"]);
    let mut form = open(FormKind::Duplicate);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    snapshot("duplicate_csr", &form, &csr);
}

#[test]
fn a_duplicate_form_with_an_end_date_that_is_cut() {
    let csr = csr(&NAMES);
    let mut form = open(FormKind::Duplicate);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    go_to(&mut form, FieldId::EndDate);
    type_text(&mut form, "2027-05-01");
    snapshot("duplicate_end_date", &form, &csr);
}

#[test]
fn a_duplicate_form_with_everything_wrong() {
    let mut form = open(FormKind::Duplicate);
    form.update(
        FormInput::Paste("-----BEGIN CERTIFICATE REQUEST-----\nMIIC".into()),
        TODAY,
    );
    go_to(&mut form, FieldId::Names);
    type_text(&mut form, ",https://x.example/");
    go_to(&mut form, FieldId::EndDate);
    type_text(&mut form, "2026-02-30");
    act(&mut form, Action::Review);
    snapshot("duplicate_wrong", &form, "");
}

#[test]
fn a_private_key_was_pasted() {
    let mut form = open(FormKind::Duplicate);
    let key = KeyPair::generate().unwrap().serialize_pem();
    form.update(FormInput::Paste(key), TODAY);
    snapshot("private_key", &form, "");
}

#[test]
fn a_duplicate_under_review() {
    let csr = csr(&NAMES);
    let mut form = open(FormKind::Duplicate);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    act(&mut form, Action::Review);
    snapshot("duplicate_review", &form, &csr);
    act(&mut form, Action::PageDown);
    act(&mut form, Action::PageDown);
    snapshot("duplicate_review_scrolled", &form, &csr);
}

#[test]
fn a_reissue_form() {
    let csr = csr(&NAMES);
    let mut form = open(FormKind::Reissue);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    snapshot("reissue_csr", &form, &csr);
    go_to(&mut form, FieldId::Validity);
    type_text(&mut form, "custom days");
    go_to(&mut form, FieldId::Days);
    type_text(&mut form, "300");
    snapshot("reissue_days", &form, &csr);
    go_to(&mut form, FieldId::StoreAsDuplicate);
    snapshot("reissue_end", &form, &csr);
}

#[test]
fn a_reissue_that_drops_a_name_under_review() {
    let csr = csr(&NAMES);
    let mut form = open(FormKind::Reissue);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    go_to(&mut form, FieldId::Names);
    act(&mut form, Action::Editor);
    form.update(FormInput::Edited(Ok("api.example.net".into())), TODAY);
    act(&mut form, Action::Review);
    type_text(&mut form, "123");
    act(&mut form, Action::Open);
    snapshot("reissue_review", &form, &csr);
}

#[test]
fn the_questions_over_a_form() {
    let mut form = open(FormKind::Duplicate);
    act(&mut form, Action::MakeKey);
    form.update(
        FormInput::KeyMade(Err(Failure::local(
            "./shop.example.net-123456.key already exists.",
            "Take another name.",
        ))),
        TODAY,
    );
    snapshot("make_key", &form, "");
    act(&mut form, Action::Back);
    act(&mut form, Action::LoadFile);
    type_text(&mut form, "./shop.csr");
    snapshot("load_file", &form, "");
    act(&mut form, Action::Back);
    type_text(&mut form, "x");
    act(&mut form, Action::Discard);
    snapshot("discard", &form, "");
}

fn order_of(name_id: &str, name: &str) -> Order {
    let mut order = order();
    order.product.name_id = name_id.into();
    order.product.name = name.into();
    order.product.kind = String::new();
    order.certificate.common_name = "Example Trading GmbH".into();
    order.certificate.dns_names = Vec::new();
    order.certificate.platform = None;
    order.is_plan = false;
    order
}

#[test]
fn a_code_signing_reissue_by_each_way_of_delivery() {
    let mut order = order_of("code_signing_ev", "EV Code Signing");
    order.provisioning = Some("email".into());
    let mut form = Form::open(
        FormKind::Reissue,
        &order,
        Some(&product()),
        &[],
        TODAY,
        None,
    );
    snapshot("signing_email", &form, "");
    go_to(&mut form, FieldId::Provisioning);
    type_text(&mut form, "your own token");
    act(&mut form, Action::Review);
    snapshot("signing_own", &form, "");
    go_to(&mut form, FieldId::Provisioning);
    type_text(&mut form, "token shipped");
    go_to(&mut form, FieldId::ShipTo);
    type_text(&mut form, "another");
    go_to(&mut form, FieldId::ShipMethod);
    type_text(&mut form, "exp");
    snapshot("signing_ship", &form, "");
}

#[test]
fn a_secure_email_reissue() {
    let mut order = order_of("secure_email_sponsor", "Secure Email for Business");
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = Form::open(
        FormKind::Reissue,
        &order,
        Some(&product()),
        &[],
        TODAY,
        None,
    );
    snapshot("sponsor_empty", &form, "");
    go_to(&mut form, FieldId::CnIndicator);
    type_text(&mut form, "first and last");
    go_to(&mut form, FieldId::FirstName);
    type_text(&mut form, "Alice");
    act(&mut form, Action::Review);
    snapshot("sponsor_names", &form, "");
}

#[test]
fn an_order_without_duplicates_says_what_to_do_instead() {
    let mut order = order();
    order.allow_duplicates = Some(false);
    let form = Form::open(FormKind::Duplicate, &order, None, &[], TODAY, None);
    snapshot("instead", &form, "");
}

#[test]
fn a_form_whose_request_was_refused_says_so_at_the_top_and_at_the_field() {
    let mut form = open(FormKind::Duplicate);
    form.refused(&Failure {
        kind: FailureKind::Refused,
        what: "The account refused it: invalid value for certificate.signature_hash.".into(),
        advice: String::new(),
        status: Some(400),
        codes: vec!["invalid_value:certificate.signature_hash".into()],
    });
    snapshot("refused", &form, "");
}

#[test]
fn a_form_that_is_not_available_says_so() {
    let order = order_of("brand_new", "Brand New");
    let form = Form::open(FormKind::Reissue, &order, None, &[], TODAY, None);
    snapshot("not_available", &form, "");
}

#[test]
fn any_size_is_drawn_and_the_smallest_still_says_what_it_is() {
    let csr = csr(&NAMES);
    let mut form = open(FormKind::Reissue);
    form.update(FormInput::Paste(csr), TODAY);
    let keymap = KeyMap::default();
    for action in [
        None,
        Some(Action::Review),
        Some(Action::MakeKey),
        Some(Action::LoadFile),
    ] {
        act(&mut form, Action::Back);
        if let Some(action) = action {
            act(&mut form, action);
        }
        for width in [1, 2, 3, 7, 20, 40, 100, 250] {
            for height in [1, 2, 3, 5, 9, 40, 120] {
                let area = Rect::new(0, 0, width, height);
                let mut buf = Buffer::empty(area);
                render(&form, 0, &Theme::default(), &keymap, area, &mut buf);
            }
        }
    }
    let form = open(FormKind::Reissue);
    assert!(screen(&form, 40, 10).starts_with("Reissue of order 123456"));
    assert!(screen(&form, 30, 6).starts_with("Reissue of order 123456"));
}

#[test]
fn what_is_wrong_is_drawn_as_wrong_and_what_is_worth_a_look_as_such() {
    let csr = csr(&["shop.example.net", "old.example.org"]);
    let mut form = open(FormKind::Duplicate);
    form.update(FormInput::Paste(csr), TODAY);
    go_to(&mut form, FieldId::EndDate);
    type_text(&mut form, "soon");
    let theme = Theme {
        bad: Style::new().fg(Color::Red),
        warn: Style::new().fg(Color::Yellow),
        good: Style::new().fg(Color::Green),
        ..Theme::default()
    };
    let area = Rect::new(0, 0, 120, 36);
    let mut buf = Buffer::empty(area);
    render(&form, 0, &theme, &KeyMap::default(), area, &mut buf);
    for (mark, colour) in [("✗", Color::Red), ("!", Color::Yellow), ("✓", Color::Green)] {
        let cells: Vec<_> = buf
            .content()
            .iter()
            .filter(|cell| cell.symbol() == mark)
            .collect();
        assert!(!cells.is_empty(), "{mark}");
        assert!(cells.iter().all(|cell| cell.fg == colour), "{mark}");
    }
}

#[test]
fn names_that_do_not_fit_are_counted() {
    let mut order = order();
    order.certificate.dns_names = (0..9).map(|n| format!("n{n}.example.net")).collect();
    let form = Form::open(FormKind::Duplicate, &order, None, &[], TODAY, None);
    let text = screen(&form, 80, 24);
    assert!(text.contains("n1.example.net"), "{text}");
    assert!(text.contains("and 7 more"), "{text}");
}

fn offer() -> Offer {
    let choice = |id: &str, name: &str| Choice {
        id: id.into(),
        name: name.into(),
    };
    let listed = |name_id: &str, name: &str| Product {
        product: ProductRef {
            name_id: name_id.into(),
            name: name.into(),
            kind: "ssl_certificate".into(),
            validation: None,
        },
        order_validity_years: vec![1, 2, 3],
        ..product()
    };
    Offer {
        products: vec![
            listed("ssl_securesite", "Secure Site SSL"),
            listed("ssl_ev_securesite", "Secure Site EV SSL"),
            listed("code_signing", "Code Signing"),
        ],
        organizations: vec![
            choice("77", "Example Trading GmbH"),
            choice("78", "Other AG"),
        ],
        containers: vec![choice("1001", "Main"), choice("1002", "Web shop")],
        fields: vec![
            Definition {
                id: 11,
                label: "Cost center".into(),
                required: true,
                kind: ValueKind::Int,
            },
            Definition {
                id: 12,
                label: "Owner".into(),
                required: false,
                kind: ValueKind::Email,
            },
        ],
        users: vec![User {
            id: 501,
            first_name: "Ada".into(),
            last_name: "Example".into(),
            email: "ada@example.net".into(),
        }],
        limits: Vec::new(),
    }
}

fn blank() -> Order {
    Order::blank(offer().products[0].product.clone())
}

#[test]
fn a_new_order() {
    let mut form = Form::open(FormKind::NewOrder, &blank(), None, &[], TODAY, None);
    form.set_missing(vec![MissingOptions {
        what: "Organizations, divisions, custom fields, and products of the account".into(),
        failure: Some(Failure::local("The connection to the server broke.", "")),
    }]);
    snapshot("order_unread", &form, "");
    form.set_missing(Vec::new());
    form.take_offer(&offer());
    form.take_product(&offer().products[0]);
    snapshot("order_empty", &form, "");
    go_to(&mut form, FieldId::Product);
    type_text(&mut form, "standard");
    snapshot("order_not_here", &form, "");
    type_text(&mut form, "secure site ssl");
    let csr = csr(&NAMES[..1]);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    go_to(&mut form, FieldId::CommonName);
    type_text(&mut form, NAMES[0]);
    go_to(&mut form, FieldId::OrderLength);
    type_text(&mut form, "2 years");
    snapshot("order_length", &form, &csr);
    act(&mut form, Action::Review);
    snapshot("order_wrong", &form, &csr);
    go_to(&mut form, FieldId::Organization);
    type_text(&mut form, "new org");
    act(&mut form, Action::Review);
    snapshot("order_founding", &form, &csr);
    let who = FieldId::Contact(Contact::Technical, ContactField::Who);
    go_to(&mut form, who);
    type_text(&mut form, "someone");
    snapshot("order_contacts", &form, &csr);
}

#[test]
fn a_renewal() {
    let mut product = product();
    product.order_validity_years = vec![1, 2, 3];
    let mut form = Form::open(FormKind::Renew, &order(), Some(&product), &[], TODAY, None);
    form.refer_as("certdeck-1".into());
    let mut offer = offer();
    offer.fields.clear();
    offer.products[0].product = order().product;
    form.take_offer(&offer);
    let csr = csr(&NAMES);
    form.update(FormInput::Paste(csr.clone()), TODAY);
    snapshot("renewal_csr", &form, &csr);
    go_to(&mut form, FieldId::SkipApproval);
    snapshot("renewal_end", &form, &csr);
    go_to(&mut form, FieldId::Organization);
    type_text(&mut form, "example");
    act(&mut form, Action::Review);
    snapshot("renewal_review", &form, &csr);
}

#[test]
fn the_whole_name_of_a_choice_and_how_many_names_there_are_can_be_read_in_a_small_terminal() {
    let mut form = open(FormKind::Duplicate);
    let mut offered = product();
    offered.icas = vec![Ica {
        id: "0F1E".into(),
        name: "Global G3 TLS ECC P-256 SHA256 2020 CA2".into(),
        chain: "Global G3 TLS ECC P-256 SHA256 2020 CA2 (SHA2-384) > Global Root G3 (SHA2-384)"
            .into(),
    }];
    form.take_product(&offered);
    go_to(&mut form, FieldId::Ica);
    form.update(FormInput::Key(KeyCode::Right.into()), TODAY);
    let words = |screen: String| screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let small = words(screen(&form, 80, 24));
    let whole =
        "‹ Global G3 TLS ECC P-256 SHA256 2020 CA2 (SHA2-384) > Global Root G3 (SHA2-384) › 2 of 2";
    assert!(small.contains(whole), "{small}");
    go_to(&mut form, FieldId::Names);
    for n in 0..9 {
        form.update(FormInput::Paste(format!("\nn{n}.example.net")), TODAY);
    }
    let small = screen(&form, 80, 24);
    assert!(small.contains("11 in total"), "{small}");
    assert!(small.contains("n8.example.net"), "{small}");
}

#[test]
fn a_dv_order() {
    let mut offer = offer();
    offer.fields.clear();
    offer.products.truncate(1);
    offer.products[0].product = ProductRef::named("ssl_dv_geotrust_flex");
    let blank = Order::blank(offer.products[0].product.clone());
    let mut form = Form::open(FormKind::NewOrder, &blank, None, &[], TODAY, None);
    form.take_offer(&offer);
    go_to(&mut form, FieldId::CommonName);
    type_text(&mut form, NAMES[0]);
    go_to(&mut form, FieldId::Dcv);
    type_text(&mut form, "email");
    go_to(&mut form, FieldId::DcvEmails);
    type_text(&mut form, "admin@example.org");
    snapshot("order_dv", &form, "");
}

#[test]
fn a_code_signing_renewal() {
    let mut order = order_of("code_signing", "Code Signing");
    order.provisioning = Some("ship_token".into());
    let mut form = Form::open(FormKind::Renew, &order, Some(&product()), &[], TODAY, None);
    form.take_offer(&offer());
    snapshot("renewal_signing", &form, "");
}
