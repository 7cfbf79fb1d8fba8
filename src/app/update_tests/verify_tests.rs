//! What the account shows after a write, and what is made of it: red for what is not as asked, and nothing for what is
//! somebody else's.

use super::watching_tests::{CSR, accepted, issued, outgoing, sent};
use super::*;
use crate::app::msg::Ended;
use crate::app::remote::Remote;
use crate::app::status::Tone;
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::product::{Ica, Product};
use crate::domain::status::CertificateStatus;
use crate::domain::testing::self_signed;
use crate::domain::write::{Entry, Expected, Outgoing, WriteId};

const NAME: &str = "shop.example.net";

/// What is shown of what was sent while the chain of its certificate, number 8, is read.
const FETCHING: &str = "certificate 8 is issued; loading and verifying it";

/// Answers what is read of the order: its requests, and its duplicates.
fn shows(
    desk: &mut Desk,
    effects: &[Effect],
    requests: &[Request],
    rows: Vec<Certificate>,
) -> Vec<Effect> {
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.requests = requests.to_vec();
    let id = OrderId(1);
    let mut more = desk.answer(effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    let asked: Vec<Effect> = effects.iter().chain(&more).cloned().collect();
    for request in requests {
        let (read, data) = (
            Read::Request(request.id),
            Data::Request(Box::new(request.clone())),
        );
        more.extend(desk.answer(&asked, &read, Ok(data)));
    }
    more.extend(desk.answer(
        &asked,
        &Read::Reissues(id),
        Ok(Data::Certificates(Vec::new())),
    ));
    more.extend(desk.answer(&asked, &Read::Duplicates(id), Ok(Data::Certificates(rows))));
    more
}

/// A desk that fetched the certificate of a duplicate: what it says of it.
fn fetched(
    sent: Outgoing,
    row: Certificate,
    pem: &str,
    products: Option<Product>,
) -> (Desk, Vec<Effect>) {
    fetched_on(Desk::with_orders(1), sent, row, pem, products)
}

/// The same, on a desk that is as a test wants it.
pub(super) fn fetched_on(
    mut desk: Desk,
    sent: Outgoing,
    row: Certificate,
    pem: &str,
    products: Option<Product>,
) -> (Desk, Vec<Effect>) {
    if let Some(product) = products {
        let name = product.product.name_id.clone();
        let at = desk.now;
        desk.model.engine.account.products.insert(
            name,
            Remote::Ready {
                value: product,
                at,
                asked: crate::app::remote::Ticket(0),
            },
        );
    }
    desk.send(sent, None, "duplicate".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let effects = accepted(&mut desk, op);
    let id = row.id.unwrap();
    let more = shows(&mut desk, &effects, &[], vec![row]);
    let last = desk.answer(&more, &Read::Chain(id), Ok(Data::Chain(pem.into())));
    (desk, last)
}

pub(super) fn with_key(spki_der: Vec<u8>, body: &str) -> Outgoing {
    Outgoing {
        body: body.into(),
        expected: Some(Expected {
            csr_der: vec![1, 2, 3],
            spki_der,
            ..Expected::default()
        }),
        ..outgoing()
    }
}

pub(super) fn facts(pem: &str) -> crate::domain::certificate::CertFacts {
    crate::domain::certificate::read_all(pem)
        .unwrap()
        .swap_remove(0)
}

/// A row for this very certificate.
pub(super) fn row(pem: &str) -> Certificate {
    let mut row = issued(8, CSR);
    row.serial = Some(facts(pem).serial);
    row
}

#[test]
fn a_certificate_with_a_wrong_key_is_refused_in_red_and_one_with_the_right_key_is_good() {
    let (pem, _) = self_signed(NAME);
    let (other, _) = self_signed(NAME);
    for (key, tone, words) in [
        (&pem, Tone::Good, "checked"),
        (
            &other,
            Tone::Bad,
            "its key does not match the CSR: do not install it",
        ),
    ] {
        let sent = with_key(facts(key).spki_der, "{}");
        let (mut desk, last) = fetched(sent, row(&pem), &pem, None);
        let good = tone == Tone::Good;
        let shown = desk.shown(0);
        let is_good = shown == "certificate 8 issued and verified";
        assert_eq!(is_good, good, "{shown}");
        let list = desk.watch_list();
        assert_eq!(list.contains("✓ its key matches the CSR"), good, "{list}");
        let told = desk.model.status.clone().unwrap();
        assert_eq!(told.tone, tone, "{told:?}");
        assert!(good || told.words.contains(words), "{told:?}");
        let kept = last.iter().find_map(|effect| match effect {
            Effect::Journal {
                entry: Entry::Verified(problems),
                ..
            } => Some(problems),
            _ => None,
        });
        let kept = kept.expect("the journal has it too");
        assert_eq!(kept.is_empty(), good, "{kept:?}");
        let told = format!("certificate 8 issued, but {}", kept.join("; "));
        assert!(good || shown == told, "{shown}");
        for problem in kept {
            assert!(list.contains(&format!("✗ {problem}")), "{list}");
        }
    }
}

#[test]
fn an_issuer_is_known_by_its_number_and_by_its_name_only_where_there_is_no_number() {
    let (pem, _) = self_signed(NAME);
    let ica = |id: &str, name: &str| Ica {
        id: id.into(),
        name: name.into(),
        chain: String::new(),
    };
    for (offered, came, problem) in [
        // Two CAs of one name: the number tells.
        (vec![ica("A1", NAME), ica("B2", NAME)], Some("B2"), true),
        (vec![ica("A1", NAME), ica("B2", NAME)], Some("a1"), false),
        // One CA whose name changed.
        (vec![ica("A1", "Another CA")], Some("A1"), false),
        (vec![ica("A1", NAME)], Some("B2"), true),
        // No number: the name, if it is one that is offered.
        (vec![ica("A1", NAME)], None, false),
        (vec![ica("A1", "Another CA"), ica("B2", NAME)], None, true),
        (vec![ica("A1", "Another CA")], None, false),
    ] {
        let sent = with_key(
            facts(&pem).spki_der,
            r#"{"certificate":{"ca_cert_id":"A1"}}"#,
        );
        let mut row = row(&pem);
        row.ca_id = came.map(str::to_owned);
        let product = Product {
            product: order(1, Certificate::empty(Role::Primary)).product,
            icas: offered.clone(),
            ..Product::default()
        };
        let (desk, _) = fetched(sent, row, &pem, Some(product));
        let told = desk.model.status.clone().unwrap();
        assert_eq!(
            told.tone == Tone::Bad,
            problem,
            "{offered:?} {came:?}: {told:?}"
        );
    }
}

fn with_csr(id: u64, status: RequestStatus, kind: RequestKind) -> Request {
    Request {
        csr: Some(CsrText(CSR.into())),
        ..super::requests_tests::request(id, kind, status)
    }
}

/// A desk that knew the order with these requests and certificates, and sent the same CSR.
fn knowing(requests: &[Request], rows: Vec<Certificate>) -> (Desk, WriteId) {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    shows(&mut desk, &effects, requests, rows);
    desk.send(outgoing(), None, "duplicate".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    (desk, op)
}

#[test]
fn an_older_request_with_the_same_csr_is_not_what_came_of_it() {
    let old = with_csr(5, RequestStatus::Pending, RequestKind::Duplicate);
    for answer in [true, false] {
        let (mut desk, op) = knowing(std::slice::from_ref(&old), Vec::new());
        let outcome = if answer {
            Ended::Accepted(crate::app::msg::Accepted {
                order: Some(OrderId(1)),
                ..Default::default()
            })
        } else {
            Ended::Unknown(lost())
        };
        let effects = desk.tell(Msg::WriteEnded { op, outcome });
        shows(&mut desk, &effects, std::slice::from_ref(&old), Vec::new());
        let shown = if answer {
            "accepted; waiting for the certificate"
        } else {
            hands::LOOKING
        };
        assert_eq!(desk.shown(0), shown);
        // A new one beside it is; a request to revoke shows the CSR of what it is about, and is none.
        let revoke = with_csr(6, RequestStatus::Pending, RequestKind::Revoke);
        let new = with_csr(7, RequestStatus::Pending, RequestKind::Duplicate);
        desk.nothing_is_late();
        let effects = desk.press("R");
        shows(&mut desk, &effects, &[old.clone(), revoke, new], Vec::new());
        assert_eq!(desk.shown(0), "waiting for approval of request 7");
    }
}

/// Writes into a row what only an issued certificate has.
type Tell = fn(&mut Certificate);

#[test]
fn a_row_is_issued_when_something_tells_so_and_its_state_does_not_deny_it() {
    let tells: [(&str, Tell); 4] = [
        ("serial", |row| row.serial = Some("0A8".into())),
        ("thumbprint", |row| row.thumbprint = Some("AB".into())),
        ("issued", |row| row.issued = Some(Timestamp::UNIX_EPOCH)),
        ("valid till", |row| {
            row.valid_till = Some(crate::app::testing::date("2027-01-01"));
        }),
    ];
    let bare = |status| {
        let mut row = issued(8, CSR);
        (row.serial, row.status) = (None, status);
        row
    };
    let waits = |row: Certificate, what: &str| {
        let (mut desk, op) = sent();
        let effects = accepted(&mut desk, op);
        let more = shows(&mut desk, &effects, &[], vec![row]);
        let fetches = reads(&more).contains(&&Read::Chain(CertificateId(8)));
        assert_eq!(desk.shown(0) == FETCHING, fetches, "{what}");
        !fetches
    };
    for status in [
        None,
        Some(CertificateStatus::Approved),
        Some(CertificateStatus::Pending),
    ] {
        let what = format!("{status:?} without a serial");
        assert!(waits(bare(status.clone()), &what), "{what}");
        for (what, tell) in tells {
            let mut row = bare(status.clone());
            tell(&mut row);
            let pending = status == Some(CertificateStatus::Pending);
            let what = format!("{status:?} with {what}");
            assert_eq!(waits(row, &what), pending, "{what}");
        }
    }
}

#[test]
fn what_is_dated_before_it_was_sent_is_not_it_where_nobody_knows_what_was_there() {
    for (seconds, is_it) in [(-86_400, false), (3600, true)] {
        let (mut desk, op) = sent();
        assert!(!desk.model.engine.writes.all[0].before.known);
        let effects = desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Unknown(lost()),
        });
        let mut row = issued(8, CSR);
        row.created = Some(desk.now + SignedDuration::from_secs(seconds));
        shows(&mut desk, &effects, &[], vec![row]);
        let words = if is_it { FETCHING } else { hands::LOOKING };
        assert_eq!(desk.shown(0), words, "{seconds}");
    }
}
