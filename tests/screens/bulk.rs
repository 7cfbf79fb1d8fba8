//! Many CSRs: what is wrong with each, what will be sent, and how far it got. Their base64 is written as `x`.

use certdeck::app::effect::{Effect, ListId, Read};
use certdeck::app::msg::{Accepted, Data, Ended, KeyMade, Msg};
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::ids::RequestId;
use certdeck::domain::order::CsrText;
use certdeck::domain::product::Product;
use certdeck::domain::status::OrderStatus;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256};

use crate::account::{Desk, ORDER, order};
use crate::draw::text;

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

/// Long runs of base64 become `x`; an RSA CSR always has the same length.
fn without_base64(screen: &str) -> String {
    let mut out = String::new();
    let mut json = false;
    for line in screen.lines() {
        let starts = line.contains("BEGIN CERTIFICATE");
        json |= starts;
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        if json && !starts {
            let covered = line.chars().map(|c| if is_base64(c) { 'x' } else { c });
            out.extend(covered);
        } else if starts {
            let at = line.find("BEGIN").map_or(0, |at| at + 30);
            let (head, rest) = line.split_at(at.min(line.len()));
            out.push_str(head);
            out.extend(rest.chars().map(|c| if is_base64(c) { 'x' } else { c }));
        } else {
            out.push_str(line);
        }
        json &= !line.contains("Type ") && !line.contains("Press ");
        out.push('\n');
    }
    out
}

fn seen(name: &str, make: impl Fn((u16, u16)) -> Desk) {
    for size in SIZES {
        let desk = make(size);
        let screen = without_base64(&text(&desk.model));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), screen);
        });
    }
}

fn opened(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_order(size);
    desk.press("b");
    desk.answer_order();
    let product = order().product.name_id;
    desk.comes(
        &Read::Product(product),
        Ok(Data::Product(Box::<Product>::default())),
    );
    desk.tell(Msg::PriorCsrs {
        order: ORDER,
        sent: Ok(Vec::new()),
    });
    desk
}

fn filled(size: (u16, u16)) -> Desk {
    let names = [
        "shop.example.net",
        "www.shop.example.net",
        "api.example.net",
        "pay.example.net",
    ];
    let mut desk = opened(size);
    let first = csr(&names);
    let mut files: Vec<_> = (1..=4)
        .map(|at| (format!("node{at}.csr"), Ok(csr(&names))))
        .collect();
    files.push(("node5.csr".into(), Ok(csr(&["old.example.org"]))));
    files.insert(1, ("copy.csr".into(), Ok(first.clone())));
    files.insert(0, ("node0.csr".into(), Ok(first)));
    let key = KeyPair::generate().expect("a key").serialize_pem();
    files.push(("node1.key.pem".into(), Ok(key)));
    desk.tell(Msg::CsrsRead {
        list: ORDER.into(),
        files,
    });
    desk
}

fn reviewed(size: (u16, u16)) -> Desk {
    let mut desk = filled(size);
    desk.press("ctrl-s");
    desk
}

fn answered(desk: &mut Desk, outcome: Ended) {
    let op = desk.write();
    desk.tell(Msg::WriteEnded { op, outcome });
}

fn half_way(size: (u16, u16)) -> Desk {
    let mut desk = reviewed(size);
    desk.type_text(&ORDER.to_string());
    desk.press("enter");
    let taken = Ended::Accepted(Accepted {
        order: Some(ORDER),
        requests: vec![RequestId(300_000_101)],
        ..Accepted::default()
    });
    answered(&mut desk, taken);
    let refused = Failure {
        kind: FailureKind::Refused,
        what: "The duplicate was refused: the CSR cannot be parsed.".into(),
        advice: String::new(),
        status: Some(400),
        codes: Vec::new(),
    };
    answered(&mut desk, Ended::Refused(refused));
    desk
}

#[test]
fn just_opened() {
    seen("bulk_opened", opened);
}

#[test]
fn checked() {
    seen("bulk_checked", filled);
}

#[test]
fn under_review() {
    seen("bulk_review", reviewed);
}

#[test]
fn while_it_is_sent() {
    seen("bulk_running", half_way);
}

#[test]
fn stopped() {
    seen("bulk_stopped", |size| {
        let mut desk = half_way(size);
        desk.press("esc");
        let lost = Failure {
            kind: FailureKind::Network,
            what: "The connection broke.".into(),
            advice: String::new(),
            status: None,
            codes: Vec::new(),
        };
        answered(&mut desk, Ended::Unknown(lost));
        desk
    });
}

/// Three marked orders to be reissued: one of them waits for approval each time, and one is revoked.
fn reissues(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_orders(size);
    desk.press("space space space r");
    let list = desk
        .model
        .engine
        .bulk
        .get(ListId::Reissues)
        .expect("a list");
    for (at, id) in list.orders().into_iter().enumerate() {
        let row = desk.model.engine.account.orders.get(id).expect("its row");
        let mut info = order();
        info.certificate.common_name.clone_from(&row.title());
        info.certificate.dns_names = vec![info.certificate.common_name.clone()];
        info.id = id;
        if at != 1 {
            info.requests.clear();
        }
        if at == 2 {
            info.status = OrderStatus::Revoked;
        }
        let product = info.product.name_id.clone();
        desk.comes(&Read::Order(id), Ok(Data::Order(Box::new(info.clone()))));
        for request in info.requests {
            let read = Read::Request(request.id);
            desk.comes(&read, Ok(Data::Request(Box::new(request))));
        }
        desk.comes(
            &Read::Product(product),
            Ok(Data::Product(Box::<Product>::default())),
        );
        desk.tell(Msg::PriorCsrs {
            order: id,
            sent: Ok(Vec::new()),
        });
    }
    desk
}

fn reissues_reviewed(size: (u16, u16)) -> Desk {
    let mut desk = reissues(size);
    let effects = desk.press("ctrl-s");
    for effect in effects {
        let Effect::MakeKey(spec) = effect else {
            continue;
        };
        let names: Vec<&str> = spec.dns_names.iter().map(String::as_str).collect();
        desk.tell(Msg::KeyMade {
            form: spec.form,
            result: Ok(KeyMade {
                csr: CsrText(csr(&names)),
                path: spec.path,
            }),
        });
    }
    let list = desk
        .model
        .engine
        .bulk
        .get(ListId::Reissues)
        .expect("a list");
    for order in list.orders() {
        desk.tell(Msg::PriorCsrs {
            order,
            sent: Ok(Vec::new()),
        });
    }
    desk.model.changed_at = None;
    desk
}

#[test]
fn marked_orders_to_be_reissued() {
    seen("reissues_opened", reissues);
}

#[test]
fn reissues_under_review() {
    seen("reissues_review", reissues_reviewed);
}

#[test]
fn reissues_while_they_are_sent() {
    seen("reissues_running", |size| {
        let mut desk = reissues_reviewed(size);
        desk.press("enter");
        let taken = Ended::Accepted(Accepted {
            requests: vec![RequestId(300_000_101)],
            ..Accepted::default()
        });
        answered(&mut desk, taken);
        desk
    });
}

#[test]
fn csr_files_for_marked_orders() {
    seen("reissues_files", |size| {
        let mut desk = reissues(size);
        desk.press("right");
        let list = desk
            .model
            .engine
            .bulk
            .get(ListId::Reissues)
            .expect("a list");
        let own = list.rows[0].name.clone();
        let files = vec![
            ("first.csr".to_owned(), Ok(csr(&[&own]))),
            ("other.csr".to_owned(), Ok(csr(&["old.example.org"]))),
        ];
        desk.tell(Msg::CsrsRead {
            list: ListId::Reissues,
            files,
        });
        desk
    });
}
