//! Many CSRs: all checked first, sent one after the other, stopped half way, and only the rest later.

use super::*;
use crate::app::bulk::BulkField;
use crate::app::bulk::{BulkList, Standing};
use crate::app::effect::NewFile;
use crate::app::msg::{Accepted, Ended, FileProblem, PriorCsr};
use crate::app::popups::PromptKind;
use crate::app::subject::RowFiles;
use crate::domain::csr;
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::testing::csr as made;
use crate::domain::write::{Arrival, WriteId};
use rcgen::{CertificateParams, DnType, KeyPair};

mod begun;
mod cheap;
mod kept;
mod pruned;
mod written;

const NAME: &str = "n1.example.net";

fn csr_for(name: &str) -> String {
    let mut params = CertificateParams::new(vec![name.to_string()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let request = params.serialize_request(&KeyPair::generate().unwrap());
    request.unwrap().pem().unwrap()
}

fn primary() -> Certificate {
    let mut row = Certificate::empty(Role::Primary);
    row.id = Some(CertificateId(10));
    row.common_name = NAME.into();
    row.dns_names = vec![NAME.into()];
    row.hash = Some("sha256".into());
    row.serial = Some("0A01".into());
    row.valid_till = Some("2026-12-17".parse().unwrap());
    row
}

impl Desk {
    /// Answers what the opening of the screen asked for.
    fn bulk_known(&mut self, effects: &[Effect], duplicates: Vec<Certificate>) {
        self.bulk_known_with(effects, duplicates, Vec::new());
    }

    fn bulk_known_with(
        &mut self,
        effects: &[Effect],
        duplicates: Vec<Certificate>,
        sent: Vec<PriorCsr>,
    ) {
        assert!(effects.contains(&Effect::LoadPriorCsrs { order: OrderId(1) }));
        let id = OrderId(1);
        let info = Data::Order(Box::new(order(1, primary())));
        self.answer(effects, &Read::Order(id), Ok(info));
        self.answer(
            effects,
            &Read::Duplicates(id),
            Ok(Data::Certificates(duplicates)),
        );
        self.answer(
            effects,
            &Read::Reissues(id),
            Ok(Data::Certificates(Vec::new())),
        );
        self.tell(Msg::PriorCsrs {
            order: id,
            sent: Ok(sent),
        });
    }

    fn with_bulk(csrs: &[String]) -> Self {
        let mut desk = Self::with_orders(1);
        let effects = desk.press("b");
        desk.bulk_known(&effects, Vec::new());
        for csr in csrs {
            desk.tell(Msg::Paste(csr.clone()));
        }
        desk
    }

    /// Reviews and confirms; the first write.
    fn send_all(&mut self) -> Vec<Effect> {
        self.press("ctrl-s");
        self.press("1 enter")
    }

    fn list(&self) -> &BulkList {
        self.model.engine.bulk.get(OrderId(1)).unwrap()
    }

    fn words(&self) -> Vec<String> {
        let rows = self.list().rows.iter();
        rows.map(|row| row.words(&self.model.engine.writes.all).1)
            .collect()
    }

    fn end(&mut self, op: &WriteId, outcome: Ended) -> Vec<Effect> {
        self.tell(Msg::WriteEnded {
            op: op.clone(),
            outcome,
        })
    }
}

fn writes(effects: &[Effect]) -> Vec<WriteId> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Write { op, .. } => Some(op.clone()),
            _ => None,
        })
        .collect()
}

fn taken(request: u64) -> Ended {
    Ended::Accepted(Accepted {
        order: Some(OrderId(1)),
        requests: vec![RequestId(request)],
        ..Accepted::default()
    })
}

fn several(count: usize) -> Vec<String> {
    (0..count).map(|_| csr_for(NAME)).collect()
}

#[test]
fn every_csr_is_checked_before_anything_is_sent() {
    let (good, used, before) = (csr_for(NAME), csr_for(NAME), csr_for(NAME));
    let other = csr_for("other.example.org");
    let (weak, _) = made("/CN=n1.example.net", &["rsa:1024"]);
    let key = KeyPair::generate().unwrap().serialize_pem();
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("b");
    let mut row = Certificate::empty(Role::Duplicate(None));
    row.id = Some(CertificateId(77));
    row.csr = Some(CsrText(used.clone()));
    desk.bulk_known(&effects, vec![row]);
    desk.tell(Msg::PriorCsrs {
        order: OrderId(1),
        sent: Ok(vec![PriorCsr {
            sha256: csr::read(&before).unwrap().sha256,
            op: WriteId("earlier-1".into()),
            words: "accepted: request 5".into(),
            certificate: None,
            arrival: Arrival::Arrived,
        }]),
    });
    let file = |name: &str, text: &str| (name.to_string(), Ok(text.to_string()));
    desk.press("a . c s r");
    let effects = desk.press("enter");
    assert!(
        matches!(&effects[..], [Effect::ReadCsrs { paths, .. }] if *paths == ["a.csr".to_string()])
    );
    desk.tell(Msg::CsrsRead {
        list: OrderId(1).into(),
        files: vec![
            file("good.csr", &good),
            file("again.csr", &good),
            file("used.csr", &used),
            file("before.csr", &before),
            file("other.csr", &other),
            file("weak.csr", &weak),
            file("key.pem", &key),
            file("cut.csr", &good[..200]),
            ("gone.csr".into(), Err(Failure::local("it is gone.", ""))),
        ],
    });
    let words = desk.words();
    let says = [
        "ready",
        "the same CSR as row 1 (good.csr)",
        "certificate 77",
        "it is in the journal: accepted: request 5",
        "ready",
        "1024 bits",
        "private key",
        "excluded",
        "it is gone",
    ];
    for (words, wanted) in words.iter().zip(says) {
        assert!(words.contains(wanted), "{words} / {wanted}");
    }
    let bulk = desk.list();
    assert!(bulk.rows[0].advice.is_empty());
    assert!(bulk.rows[4].advice[0].contains("other.example.org"));
    assert_eq!(bulk.ready().count(), 2);
    assert!(!format!("{:?}", desk.model).contains("PRIVATE KEY"));
    assert_eq!(writes(&desk.send_all()).len(), 1);
}

#[test]
fn nothing_is_reviewed_before_it_is_known_what_was_sent_before() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("b");
    desk.tell(Msg::Paste(csr_for(NAME)));
    desk.press("ctrl-s");
    assert!(desk.told().contains("not loaded yet"), "{}", desk.told());
    assert!(writes(&desk.press("enter")).is_empty());
    desk.bulk_known(&effects, Vec::new());
    assert_eq!(writes(&desk.send_all()).len(), 1);
}

#[test]
fn the_order_number_is_asked_for() {
    let mut desk = Desk::with_bulk(&several(2));
    desk.press("ctrl-s");
    assert!(writes(&desk.press("enter")).is_empty());
    assert!(writes(&desk.press("2 enter")).is_empty());
    assert_eq!(writes(&desk.press("backspace 1 enter")).len(), 1);
}

#[test]
fn the_next_leaves_only_after_the_answer_of_the_one_before() {
    let mut desk = Desk::with_bulk(&several(3));
    let mut effects = desk.send_all();
    for request in 0..3 {
        let ops = writes(&effects);
        assert_eq!(ops.len(), 1);
        assert!(writes(&desk.press("j enter")).is_empty());
        let refused = Ended::Refused(Failure {
            kind: FailureKind::Refused,
            ..lost()
        });
        // One that is refused does not keep the others from being sent.
        let outcome = if request == 1 {
            refused
        } else {
            taken(request)
        };
        effects = desk.end(&ops[0], outcome);
    }
    assert!(writes(&effects).is_empty());
    assert_eq!(desk.model.engine.writes.all.len(), 3);
    assert!(desk.told().contains("All 3"), "{}", desk.told());
    let counts = desk.list().counts(&desk.model.engine.writes.all);
    assert_eq!((counts.answered, counts.rest), (3, 0));
}

#[test]
fn stopped_half_way_it_says_what_was_sent_and_goes_on_with_the_rest() {
    let csrs = several(5);
    let mut desk = Desk::with_bulk(&csrs);
    let first = writes(&desk.send_all());
    let second = writes(&desk.end(&first[0], taken(1)));
    desk.press("esc");
    assert!(writes(&desk.end(&second[0], taken(2))).is_empty());
    assert!(
        desk.told().contains("2 of 5 sent, 3 not"),
        "{}",
        desk.told()
    );
    let standing = |desk: &Desk| -> Vec<bool> {
        let rows = desk.list().rows.iter();
        rows.map(|row| matches!(row.standing, Standing::Sent(_)))
            .collect()
    };
    assert_eq!(standing(&desk), [true, true, false, false, false]);
    desk.press("esc");
    assert!(!desk.model.bulk_screens.is_open());

    let effects = desk.press("b");
    desk.bulk_known(&effects, Vec::new());
    let mut effects = desk.send_all();
    let mut sent = 0;
    while let Some(op) = writes(&effects).pop() {
        sent += 1;
        effects = desk.end(&op, taken(10 + sent));
    }
    assert_eq!(sent, 3);
    let mut asked: Vec<_> = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .map(|watch| watch.outgoing.body.clone())
        .collect();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), 5, "each CSR once");
}

#[test]
fn an_unknown_outcome_stops_the_run() {
    let mut desk = Desk::with_bulk(&several(3));
    let first = writes(&desk.send_all());
    let second = writes(&desk.end(&first[0], taken(1)));
    let effects = desk.end(&second[0], Ended::Unknown(lost()));
    assert!(writes(&effects).is_empty());
    assert!(
        desk.told().contains("2 of 3 sent, 1 not"),
        "{}",
        desk.told()
    );
    let words = desk.words();
    assert!(words[1].contains("outcome unknown"), "{words:?}");
    assert!(words[2].contains("not sent"), "{words:?}");
    // Pasted once more, it is still not sent again.
    desk.press("ctrl-o");
    let effects = desk.press("esc b");
    desk.bulk_known(&effects, Vec::new());
    assert_eq!(desk.list().ready().count(), 1);
}

#[test]
fn what_did_not_arrive_is_sent_again_only_when_the_operator_takes_it_in() {
    let mut desk = Desk::with_bulk(&several(2));
    let first = writes(&desk.send_all());
    let looks = desk.end(&first[0], Ended::Unknown(lost()));
    desk.press("ctrl-x");
    assert_eq!(desk.list().ready().count(), 1);
    desk.looks_in_vain(0, looks);
    let effects = desk.press("esc b");
    desk.bulk_known(&effects, Vec::new());
    assert_eq!(desk.list().ready().count(), 1);
    desk.press("ctrl-x");
    assert_eq!(desk.list().ready().count(), 2);
}

#[test]
fn what_did_not_leave_or_came_too_fast_is_sent_with_the_rest() {
    for outcome in [
        Ended::NotSent(lost()),
        Ended::Refused(Failure {
            kind: FailureKind::RateLimited,
            ..lost()
        }),
        // What is not validated for one is not validated for the others.
        Ended::Refused(Failure {
            kind: FailureKind::Refused,
            codes: vec!["validation_not_current".into()],
            ..lost()
        }),
    ] {
        let mut desk = Desk::with_bulk(&several(3));
        let first = writes(&desk.send_all());
        let second = writes(&desk.end(&first[0], taken(1)));
        assert!(writes(&desk.end(&second[0], outcome)).is_empty());
        assert!(
            desk.told().contains("1 of 3 sent, 2 not"),
            "{}",
            desk.told()
        );
        assert_eq!(desk.list().ready().count(), 2);
    }
}

#[test]
fn a_key_that_is_typed_is_wiped() {
    let mut desk = Desk::with_bulk(&[]);
    let pem = KeyPair::generate().unwrap().serialize_pem();
    desk.type_text(&pem.replace('\n', ""));
    let open = desk.model.bulk_screens.open().unwrap();
    assert_eq!(open.fields.value(BulkField::Paths), "");
    assert!(desk.list().rows.is_empty());
}

#[test]
fn a_key_is_told_and_kept_out_also_where_the_order_number_is_asked_for() {
    let pem = KeyPair::generate().unwrap().serialize_pem();
    let (one, two) = pem.split_at(pem.len() / 2);
    for pieces in [vec![pem.as_str()], vec![one, two]] {
        let mut desk = Desk::with_bulk(&several(2));
        desk.press("ctrl-s");
        for piece in pieces {
            desk.paste(piece);
            assert!(desk.told().contains("never sends it"), "{}", desk.told());
        }
        assert_eq!(writes(&desk.press("1 enter")).len(), 1);
    }
}

#[test]
fn another_account_ends_the_run() {
    let mut desk = Desk::with_bulk(&several(2));
    let first = writes(&desk.send_all());
    desk.go_to("other account");
    assert!(writes(&desk.end(&first[0], taken(1))).is_empty());
}

#[test]
fn more_csrs_are_named_in_their_field_wherever_one_was_before() {
    let mut desk = Desk::with_bulk(&several(1));
    desk.press("tab tab");
    assert!(!desk.model.bulk_screens.open().unwrap().is_naming());
    let sent = writes(&desk.send_all());
    desk.end(&sent[0], taken(1));
    desk.press("ctrl-o");
    desk.type_text("out");
    let open = desk.model.bulk_screens.open().unwrap();
    assert_eq!(open.fields.value(BulkField::Paths), "out");
}

/// Whichever answer comes last, the words are of all of them.
#[test]
fn what_was_not_written_is_told_beside_what_was() {
    for refused in 0..3 {
        let mut desk = Desk::with_bulk(&several(1));
        let op = writes(&desk.send_all())[0].clone();
        let saved = |result| Msg::NewFileSaved {
            of: NewFile::Row(op.clone()),
            path: "out/x.pem".into(),
            caveat: None,
            result,
        };
        for at in 0..3 {
            let result = if at == refused {
                Err(FileProblem::Exists)
            } else {
                Ok(())
            };
            desk.tell(saved(result));
        }
        let said = desk.told();
        assert!(said.contains("2 files written, 1 not"), "{refused}: {said}");
    }
}

#[test]
fn a_file_of_a_list_says_it_in_its_row() {
    let mut desk = Desk::with_bulk(&several(1));
    let first = writes(&desk.send_all());
    let purpose = crate::app::subject::ChainUse::Bulk {
        subject: super::download_tests::subject(),
        op: first[0].clone(),
        to: RowFiles::One("out/shop.pem".into()),
    };
    let file = super::download_tests::sent_for(
        &mut desk,
        purpose,
        &super::download_tests::chain(2020, &[0, 1, 2, 3]),
    );
    let [
        Effect::WriteNew {
            of, files, caveat, ..
        },
    ] = &file[..]
    else {
        panic!("{file:?}");
    };
    desk.tell(Msg::NewFileSaved {
        of: of.clone(),
        path: files[0].0.clone(),
        caveat: caveat.clone(),
        result: Ok(()),
    });
    let rows = &desk.list().rows;
    assert_eq!(
        rows[0].file,
        Some(Ok("out/shop.pem (its Issuing CA expired 2020-01-01)".into()))
    );
}

#[test]
fn the_same_csr_or_key_twice_is_told_in_its_row() {
    let pair = KeyPair::generate().unwrap();
    let with = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let params = CertificateParams::new(names).unwrap();
        params.serialize_request(&pair).unwrap().pem().unwrap()
    };
    let (one, other) = (with(&[NAME]), with(&[NAME, "n2.example.net"]));
    let mut desk = Desk::with_bulk(&[]);
    desk.tell(Msg::CsrsRead {
        list: OrderId(1).into(),
        files: vec![("all.csr".into(), Ok(format!("{one}{one}{other}")))],
    });
    let words = desk.words();
    assert_eq!(words.len(), 3);
    assert!(words[1].contains("the same CSR as row 1"), "{words:?}");
    let bulk = desk.list();
    let same_key = |row: &crate::app::bulk::Row| row.advice.iter().any(|a| a.contains("same key"));
    let told: Vec<bool> = bulk.rows.iter().map(same_key).collect();
    assert_eq!(told, [false, false, true]);
}

#[test]
fn platform_hash_issuing_ca_and_end_hold_for_the_whole_list() {
    use crate::domain::product::{Choice, Ica, Platform, Product};
    let mut desk = Desk::with_bulk(&several(2));
    let name = desk.model.engine.account.known[&OrderId(1)]
        .order
        .value()
        .unwrap()
        .product
        .name_id
        .clone();
    let offer = Product {
        hashes: ["sha256", "sha384"]
            .map(|id| Choice {
                id: id.into(),
                name: id.into(),
            })
            .into(),
        icas: vec![Ica {
            id: "0F1E".into(),
            name: "Example ECC CA".into(),
            chain: String::new(),
        }],
        platforms: vec![Platform {
            id: 45,
            name: "nginx".into(),
        }],
        ..Product::default()
    };
    let read = desk.model.engine.account.read(Read::Product(name.clone()));
    desk.answer(
        &[read],
        &Read::Product(name),
        Ok(Data::Product(Box::new(offer))),
    );
    desk.press("tab n g tab s h a 3 tab e x a m p l e tab");
    desk.paste("2026-12-32");
    let told = desk.words();
    assert!(
        told.iter().all(|words| words.contains("excluded")),
        "{told:?}"
    );
    desk.press("backspace backspace backspace backspace backspace");
    desk.paste("12-01");
    let bulk = desk.list();
    assert_eq!(bulk.shared.end, "2026-12-01");
    let bodies: Vec<serde_json::Value> = bulk
        .ready()
        .map(|(_, outgoing)| serde_json::from_str(&outgoing.body).unwrap())
        .collect();
    assert_eq!(bodies.len(), 2, "{:?}", desk.words());
    for body in bodies {
        assert_eq!(body["certificate"]["server_platform"]["id"], 45);
        assert_eq!(body["certificate"]["signature_hash"], "sha384");
        assert_eq!(body["certificate"]["ca_cert_id"], "0F1E");
        assert_eq!(body["custom_expiration_date"], "2026-12-01");
    }
}
