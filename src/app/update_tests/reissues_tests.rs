//! Reissues of marked orders: a row each, checked by the rules of the single form, keys made before the review, sent one at a
//! time, and written as they come.

use std::collections::BTreeMap;

use super::*;
use crate::app::bulk::{BulkList, Standing};
use crate::app::bulk_screen::BulkView;
use crate::app::effect::{KeyAlgorithm, KeySpec, ListId};
use crate::app::msg::{Accepted, Ended, KeyMade, PriorCsr};
use crate::app::turn::{Turn, WriteEvent};
use crate::domain::draft::FieldId;
use crate::domain::ids::CertificateId;
use crate::domain::order::{CsrText, Order};
use crate::domain::status::OrderStatus;
use crate::domain::write::{Arrival, Stage, WriteId};

mod again;
mod given;
mod held;

/// The end of a run of these tests: no key has so many orders.
const MANY: usize = 50;

fn name(n: u64) -> String {
    format!("n{n}.example.net")
}

/// An order as the account tells of it, with a second name.
fn info(n: u64) -> Order {
    let mut row = Certificate::empty(Role::Primary);
    row.id = Some(CertificateId(n * 10));
    row.common_name = name(n);
    row.dns_names = vec![name(n), format!("www.{}", name(n))];
    row.hash = Some("sha256".into());
    row.serial = Some(format!("0{n}"));
    row.key_size = Some(256);
    row.valid_till = Some("2026-12-17".parse().unwrap());
    order(n, row)
}

/// A CSR with these names, and a certificate of the same key.
fn pair(names: &[String]) -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(names.to_vec()).unwrap();
    let mut subject = rcgen::DistinguishedName::new();
    let common = names.first().cloned().unwrap_or_default();
    subject.push(rcgen::DnType::CommonName, common);
    params.distinguished_name = subject;
    let request = params.serialize_request(&key).unwrap().pem().unwrap();
    (request, params.self_signed(&key).unwrap().pem())
}

fn made(names: &[String]) -> String {
    pair(names).0
}

/// A desk of so many orders, and what was asked for by reissuing all of them.
fn opened(count: u64) -> (Desk, Vec<Effect>) {
    let mut desk = Desk::with_orders(count);
    desk.press("*");
    let effects = desk.press("r");
    (desk, effects)
}

impl Desk {
    fn reissues(&self) -> &BulkList {
        let list = self.model.engine.bulk.get(ListId::Reissues);
        list.expect("a list of reissues")
    }

    fn standing(&self, n: u64) -> &Standing {
        let mut rows = self.reissues().rows.iter();
        &rows.find(|row| row.order == OrderId(n)).unwrap().standing
    }

    fn row_words(&self, n: u64) -> String {
        let mut rows = self.reissues().rows.iter();
        let row = rows.find(|row| row.order == OrderId(n)).unwrap();
        row.words(&self.model.engine.writes.all).1
    }

    /// The account and the journal answer all that was asked of them about orders.
    fn answers_orders(&mut self, effects: &[Effect]) -> Vec<Effect> {
        let mut all = Vec::new();
        let mut open = effects.to_vec();
        while let Some(effect) = open.pop() {
            let more = match &effect {
                Effect::Read {
                    read: read @ Read::Order(id),
                    ..
                } => {
                    let data = Data::Order(Box::new(info(id.0)));
                    self.answer(std::slice::from_ref(&effect), &read.clone(), Ok(data))
                }
                Effect::Read {
                    read: read @ (Read::Duplicates(_) | Read::Reissues(_)),
                    ..
                } => {
                    let data = Data::Certificates(Vec::new());
                    self.answer(std::slice::from_ref(&effect), &read.clone(), Ok(data))
                }
                Effect::LoadPriorCsrs { order } => self.tell(Msg::PriorCsrs {
                    order: *order,
                    sent: Ok(Vec::new()),
                }),
                _ => Vec::new(),
            };
            open.extend(more.iter().cloned());
            all.extend(more);
        }
        all
    }

    fn makes(&mut self, spec: &KeySpec) -> Vec<Effect> {
        self.tell(Msg::KeyMade {
            form: spec.form.clone(),
            result: Ok(KeyMade {
                csr: CsrText(made(&spec.dns_names)),
                path: spec.path.clone(),
            }),
        })
    }

    /// The store has kept all, and tells what the journal has.
    fn stores(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::LoadPriorCsrs { order } = effect {
                self.tell(Msg::PriorCsrs {
                    order: *order,
                    sent: Ok(Vec::new()),
                });
            }
        }
    }

    /// All keys that are asked for are made; in which files.
    fn makes_all(&mut self, effects: &[Effect]) -> Vec<String> {
        let mut files = Vec::new();
        let mut open = keys(effects);
        while let Some(spec) = open.pop() {
            files.push(spec.path.clone());
            let more = self.makes(&spec);
            open.extend(keys(&more));
            self.stores(&more);
        }
        files
    }

    /// Opened, read, and with keys: the review is up.
    fn in_review(count: u64) -> Self {
        let (mut desk, effects) = opened(count);
        desk.answers_orders(&effects);
        let effects = desk.press("ctrl-s");
        desk.makes_all(&effects);
        assert!(desk.is_reviewing(), "{}", desk.told());
        desk.model.changed_at = None;
        desk
    }

    fn is_reviewing(&self) -> bool {
        let open = self.model.bulk_screens.open();
        open.is_some_and(|open| matches!(open.view, BulkView::Review { .. }))
    }
}

fn keys(effects: &[Effect]) -> Vec<KeySpec> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::MakeKey(spec) => Some(spec.clone()),
            _ => None,
        })
        .collect()
}

fn sent_ops(effects: &[Effect]) -> Vec<(WriteId, OrderId)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Write { op, outgoing, .. } => Some((op.clone(), outgoing.order?)),
            _ => None,
        })
        .collect()
}

fn accepted(n: u64) -> Ended {
    Ended::Accepted(Accepted {
        order: Some(OrderId(n)),
        requests: vec![RequestId(n + 500)],
        ..Accepted::default()
    })
}

#[test]
fn each_marked_order_has_a_row_and_says_what_becomes_of_it() {
    let (mut desk, effects) = opened(3);
    let wanted = reads(&effects);
    for n in 1..=3 {
        assert!(wanted.contains(&&Read::Order(OrderId(n))), "{wanted:?}");
        assert_eq!(desk.standing(n), &Standing::Unchecked);
    }
    desk.answers_orders(&effects);
    for row in &desk.reissues().rows {
        assert_eq!(row.standing, Standing::AwaitsKey(KeyAlgorithm::P256));
        let changes = row.changes().unwrap();
        assert_eq!(changes.names.len(), 2);
        assert_eq!(changes.expires, Some("2026-12-17".parse().unwrap()));
        assert!(changes.will_expire.is_some() && changes.danger.is_none());
    }
}

#[test]
fn what_the_list_of_an_order_would_say_is_not_asked_for_a_new_key() {
    let (mut desk, effects) = opened(3);
    let more = desk.answers_orders(&effects);
    let mut all = reads(&effects);
    all.extend(reads(&more));
    let of_lists = |read: &&&Read| matches!(read, Read::Duplicates(_) | Read::Reissues(_));
    assert_eq!(all.iter().find(of_lists), None);
    // A CSR from elsewhere may have been used before.
    let csr = made(&info(3).certificate.dns_names);
    let effects = desk.tell(Msg::Paste(csr));
    let of_one = reads(&effects);
    assert!(of_one.contains(&&Read::Reissues(OrderId(3))), "{of_one:?}");
}

#[test]
fn keys_are_made_two_at_a_time_each_in_a_file_of_its_own_and_then_the_review_opens() {
    let (mut desk, effects) = opened(4);
    desk.answers_orders(&effects);
    let effects = desk.press("ctrl-s");
    let first = keys(&effects);
    assert_eq!(first.len(), 2, "{effects:?}");
    assert!(first.iter().all(|spec| spec.makes_folders));
    assert!(!desk.is_reviewing());
    let more = desk.makes(&first[0]);
    assert_eq!(keys(&more).len(), 1);
    // Its CSR is kept before anything else is done with it.
    let kept = |effect: &Effect| matches!(effect, Effect::SaveDraft { key, .. } if key.starts_with("reissue-"));
    assert!(more.iter().any(kept), "{more:?}");
    let mut files = desk.makes_all(&[Effect::MakeKey(first[1].clone())]);
    files.extend(desk.makes_all(&more));
    files.push(first[0].path.clone());
    files.sort();
    let expected = (1..=4).map(|n| format!("certificates/{}/2026-11-20/privkey.pem", name(n)));
    assert_eq!(files, expected.collect::<Vec<_>>());
    assert!(desk.is_reviewing(), "{}", desk.told());
    assert_eq!(desk.reissues().ready().count(), 4);
}

#[test]
fn they_are_sent_one_at_a_time_each_with_the_key_that_was_made_for_it() {
    let mut desk = Desk::in_review(3);
    let csrs: BTreeMap<OrderId, Vec<u8>> = desk
        .reissues()
        .rows
        .iter()
        .map(|row| (row.order, row.csr.as_ref().unwrap().der.clone()))
        .collect();
    let mut effects = desk.press("enter");
    let mut sent = Vec::new();
    for _ in 0..MANY {
        let ops = sent_ops(&effects);
        let Some((op, order)) = ops.first().cloned() else {
            break;
        };
        assert_eq!(ops.len(), 1, "one at a time");
        let watch = desk.model.engine.writes.get(&op).unwrap();
        let expected = watch.outgoing.expected.as_ref().unwrap();
        assert_eq!(expected.csr_der, csrs[&order]);
        assert_eq!(watch.draft, Some(FormKind::Reissue.draft_key(order)));
        sent.push(order.0);
        effects = desk.ends(&op, accepted(order.0));
    }
    sent.sort_unstable();
    assert_eq!(sent, [1, 2, 3]);
    assert!(desk.reissues().run.is_none());
    // What was taken is marked no longer.
    assert!(desk.model.orders.marks.is_empty());
}

#[test]
fn a_row_that_the_rules_refuse_says_why_and_is_not_sent() {
    let (mut desk, effects) = opened(2);
    let mut renewed = info(2);
    renewed.status = OrderStatus::Revoked;
    let data = Data::Order(Box::new(renewed));
    desk.answer(&effects, &Read::Order(OrderId(2)), Ok(data));
    desk.answers_orders(&effects);
    assert!(matches!(desk.standing(2), Standing::Wrong(_)));
    let effects = desk.press("ctrl-s");
    desk.makes_all(&effects);
    desk.model.changed_at = None;
    let effects = desk.press("enter");
    let orders: Vec<u64> = sent_ops(&effects).iter().map(|(_, id)| id.0).collect();
    assert_eq!(orders, [1]);
}

#[test]
fn an_order_that_could_not_be_read_says_so_and_holds_nothing_up() {
    let (mut desk, effects) = opened(2);
    desk.answer(&effects, &Read::Order(OrderId(1)), Err(lost()));
    desk.answers_orders(&effects);
    assert!(
        desk.row_words(1).contains("not loaded"),
        "{}",
        desk.row_words(1)
    );
    let effects = desk.press("ctrl-s");
    desk.makes_all(&effects);
    assert!(desk.is_reviewing());
    assert_eq!(desk.reissues().ready().count(), 1);
}

#[test]
fn the_form_of_a_row_is_the_ordinary_one_and_comes_back() {
    let (mut desk, effects) = opened(2);
    desk.answers_orders(&effects);
    let order = desk.reissues().rows[0].order;
    let effects = desk.press("enter");
    desk.answers_orders(&effects);
    let form = desk.model.form.as_ref().expect("its form");
    assert_eq!((form.kind, form.order.id), (FormKind::Reissue, order));
    // A name is taken away.
    while desk.model.form.as_ref().unwrap().focus() != FieldId::Names {
        desk.press("tab");
    }
    desk.press("end");
    for _ in 0..40 {
        desk.press("backspace");
    }
    let effects = desk.press("esc");
    assert!(desk.model.form.is_none());
    assert!(desk.model.bulk_screens.is_open());
    desk.answers_orders(&effects);
    let row = &desk.reissues().rows[0];
    assert_eq!(row.changes().unwrap().names, [name(order.0)]);
}

/// A desk in review of two orders, one of which loses a name.
fn dangerous() -> Desk {
    let (mut desk, effects) = opened(2);
    desk.answers_orders(&effects);
    let effects = desk.tell(Msg::Draft {
        key: FormKind::Reissue.draft_key(OrderId(2)),
        json: r#"{"fields":{"dns_names":""}}"#.into(),
        refusal: None,
    });
    desk.answers_orders(&effects);
    let effects = desk.press("ctrl-s");
    for spec in keys(&effects) {
        // Who loses a name, only all certificates of an order tell.
        let effects = desk.makes(&spec);
        desk.answers_orders(&effects);
    }
    desk.model.changed_at = None;
    desk
}

#[test]
fn a_row_that_takes_names_away_wants_its_number_typed() {
    let mut desk = dangerous();
    assert!(desk.is_reviewing(), "{}", desk.told());
    assert_eq!(desk.reissues().confirmation().as_deref(), Some("2"));
    let effects = desk.press("enter");
    assert!(sent_ops(&effects).is_empty());
    let effects = desk.press("2 enter");
    assert_eq!(sent_ops(&effects).len(), 1);
}

#[test]
fn another_start_sends_only_what_the_journal_does_not_have() {
    let mut desk = Desk::in_review(3);
    let effects = desk.press("enter");
    let json = effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveDraft { key, json } if key == "bulk-reissues" => Some(json.clone()),
        _ => None,
    });
    let json = json.expect("the list is kept");
    let (op, first) = sent_ops(&effects)[0].clone();
    let rows = &desk.reissues().rows;
    let row = rows.iter().find(|row| row.order == first).unwrap();
    let sha256 = row.csr.as_ref().unwrap().sha256;
    let drafts: Vec<(String, String)> = desk
        .model
        .engine
        .drafts
        .texts
        .iter()
        .filter(|(key, _)| key.starts_with("reissue-"))
        .map(|(key, json)| (key.clone(), json.clone()))
        .collect();
    assert_eq!(drafts.len(), 3);
    // Killed here.
    let mut desk = Desk::with_orders(3);
    for (key, json) in drafts
        .into_iter()
        .chain([("bulk-reissues".to_owned(), json)])
    {
        desk.tell(Msg::Draft {
            key,
            json,
            refusal: None,
        });
    }
    desk.press("*");
    let effects = desk.press("r");
    for n in 1..=3 {
        let sent = PriorCsr {
            sha256,
            op: op.clone(),
            words: "accepted: request 501".into(),
            certificate: None,
            arrival: Arrival::Arrived,
        };
        let sent = if n == first.0 { vec![sent] } else { Vec::new() };
        desk.tell(Msg::PriorCsrs {
            order: OrderId(n),
            sent: Ok(sent),
        });
    }
    let effects: Vec<Effect> = effects
        .into_iter()
        .filter(|effect| !matches!(effect, Effect::LoadPriorCsrs { .. }))
        .collect();
    desk.answers_orders(&effects);
    assert_eq!(desk.row_words(first.0), "accepted: request 501");
    assert_eq!(desk.reissues().rows.len(), 3);
    let effects = desk.press("ctrl-s");
    assert!(keys(&effects).is_empty(), "their keys were made");
    assert!(desk.is_reviewing(), "{}", desk.told());
    desk.model.changed_at = None;
    let mut effects = desk.press("enter");
    let mut sent = Vec::new();
    for _ in 0..MANY {
        let Some((op, order)) = sent_ops(&effects).first().cloned() else {
            break;
        };
        sent.push(order.0);
        effects = desk.ends(&op, accepted(order.0));
    }
    sent.sort_unstable();
    let expected: Vec<u64> = (1..=3).filter(|n| *n != first.0).collect();
    assert_eq!(sent, expected);
}

#[test]
fn esc_stops_between_two() {
    let mut desk = Desk::in_review(3);
    let effects = desk.press("enter");
    let (op, order) = sent_ops(&effects)[0].clone();
    desk.press("esc");
    let effects = desk.ends(&op, accepted(order.0));
    assert!(sent_ops(&effects).is_empty());
    assert_eq!(desk.reissues().ready().count(), 2);
    assert!(desk.told().contains("1 of 3 sent"), "{}", desk.told());
}

#[test]
fn what_was_verified_is_written_where_the_pattern_says_and_never_what_does_not_match() {
    for (own_key, is_as_asked, writes) in [
        (true, true, true),
        (true, false, false),
        (false, true, false),
    ] {
        let (mut desk, effects) = opened(1);
        desk.answers_orders(&effects);
        let effects = desk.press("ctrl-s");
        let spec = keys(&effects).pop().unwrap();
        let (csr, own) = pair(&spec.dns_names);
        let effects = desk.tell(Msg::KeyMade {
            form: spec.form,
            result: Ok(KeyMade {
                csr: CsrText(csr),
                path: spec.path,
            }),
        });
        desk.stores(&effects);
        desk.model.changed_at = None;
        let effects = desk.press("enter");
        let (op, _) = sent_ops(&effects)[0].clone();
        let pem = if own_key {
            own
        } else {
            pair(&spec.dns_names).1
        };
        let mut turn = Turn::default();
        turn.events.push(WriteEvent::Verified {
            op,
            pem,
            is_as_asked,
        });
        desk.model.engine.settle(&mut turn);
        let files: Vec<&str> = turn
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::WriteNew {
                    files,
                    is_set: true,
                    ..
                } => Some(files),
                _ => None,
            })
            .flatten()
            .map(|(path, _)| path.as_str())
            .collect();
        let case = format!("{own_key} {is_as_asked}");
        let row = &desk.reissues().rows[0];
        if writes {
            let folder = "certificates/n1.example.net/2026-11-20";
            let expected = ["fullchain", "cert"].map(|part| format!("{folder}/{part}.pem"));
            assert_eq!(files, expected, "{case}");
        } else {
            assert!(files.is_empty(), "{case}");
            assert!(matches!(&row.file, Some(Err(_))), "{case}: {:?}", row.file);
        }
    }
}
