//! Keys and replies in, state and effects out.

use jiff::{SignedDuration, Timestamp};

use super::effect::{Effect, Read};
use super::failure::{Failure, FailureKind};
use super::model::{Look, Model, Screen};
use super::msg::{Accepted, Connection, Data, Msg, SyncEvent, WriteOutcome};
use super::order::OrderTab;
use super::popup::Popup;
use super::testing::{order, summary};
use super::watch::WatchState;
use super::{start, update};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::order::{Certificate, CsrText, Role};
use crate::domain::request::Request;
use crate::domain::status::{CertificateStatus, RequestKind, RequestStatus};
use crate::domain::write::{Expected, Method, Outgoing, WriteKind};
use crate::keys::{Chord, KeyMap};
use crossterm::event::KeyEvent;

/// A desk without a terminal.
struct Desk {
    model: Model,
    now: Timestamp,
}

impl Desk {
    fn connected() -> Self {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let mut model = Model::new(
            (80, 24),
            KeyMap::default(),
            Look::default(),
            "test".into(),
            now,
        );
        start(&mut model);
        let mut desk = Self { model, now };
        desk.tell(Msg::Connected(Connection {
            profile: "demo".into(),
            url: "http://127.0.0.1:1/services/v2".into(),
            sandbox: true,
            key: Ok("the sandbox".into()),
        }));
        desk
    }

    fn with_orders(count: u64) -> Self {
        let mut desk = Self::connected();
        desk.rows(
            (1..=count)
                .map(|n| summary(n, &format!("n{n}.example.net")))
                .collect(),
        );
        desk
    }

    fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.model, msg, self.now)
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split(' ') {
            let chord = Chord::parse(key).unwrap();
            effects.extend(self.tell(Msg::Key(KeyEvent::new(chord.code, chord.mods))));
        }
        effects
    }

    fn rows(&mut self, rows: Vec<crate::domain::order::OrderSummary>) {
        let super::orders::SyncState::Running { run, .. } = self.model.orders.sync else {
            panic!("the list is not being read");
        };
        let total = rows.len() as u64;
        self.tell(Msg::Sync {
            run,
            event: SyncEvent::Rows {
                rows,
                done: total,
                total,
            },
        });
        self.tell(Msg::Sync {
            run,
            event: SyncEvent::Finished {
                removed: Vec::new(),
            },
        });
    }

    /// Answers every read among the effects of this kind.
    fn answer(
        &mut self,
        effects: &[Effect],
        wanted: &Read,
        result: impl Into<Result<Data, Failure>>,
    ) -> Vec<Effect> {
        let result = result.into();
        let mut more = Vec::new();
        for effect in effects {
            if let Effect::Read { ticket, read } = effect
                && read == wanted
            {
                more.extend(self.tell(Msg::Reply {
                    ticket: *ticket,
                    read: read.clone(),
                    result: result.clone(),
                }));
            }
        }
        more
    }

    fn wait(&mut self, seconds: i64) -> Vec<Effect> {
        self.now = self
            .now
            .checked_add(SignedDuration::from_secs(seconds))
            .unwrap();
        self.tell(Msg::Deadline)
    }
}

fn reads(effects: &[Effect]) -> Vec<&Read> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Read { read, .. } => Some(read),
            _ => None,
        })
        .collect()
}

const CSR: &str = "-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n";

fn outgoing() -> Outgoing {
    Outgoing {
        kind: WriteKind::Duplicate,
        method: Method::Post,
        path: "/order/certificate/1/duplicate".into(),
        body: "{}".into(),
        order: Some(OrderId(1)),
        request: None,
        certificate: None,
        expected: Some(Expected {
            csr_der: vec![1, 2, 3],
            ..Expected::default()
        }),
    }
}

/// A desk that has sent a duplicate.
fn sent() -> (Desk, super::effect::OpId) {
    let mut desk = Desk::with_orders(1);
    let effects = super::watching::send(
        &mut desk.model,
        outgoing(),
        Some("duplicate-1".into()),
        "duplicate".into(),
    );
    let Some(Effect::Write { op, .. }) = effects.first() else {
        panic!("nothing was sent");
    };
    let op = op.clone();
    (desk, op)
}

fn issued(id: u64, csr: &str) -> Certificate {
    let mut row = Certificate::empty(Role::Duplicate(None));
    row.id = Some(CertificateId(id));
    row.serial = Some(format!("0A{id}"));
    row.status = Some(CertificateStatus::Approved);
    row.csr = Some(CsrText(csr.into()));
    row
}

fn lost() -> Failure {
    Failure {
        kind: FailureKind::Network,
        what: "The connection broke.".into(),
        advice: String::new(),
        status: None,
        codes: Vec::new(),
    }
}

#[test]
fn connecting_reads_who_it_is_the_list_and_what_waits() {
    let mut desk = Desk::connected();
    let effects = desk.press("R");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Sync { .. }))
    );
    assert!(reads(&effects).contains(&&Read::Requests));
}

#[test]
fn a_missing_key_asks_for_region_and_key() {
    let mut desk = Desk::connected();
    let failure = Failure {
        kind: FailureKind::NoKey,
        ..lost()
    };
    desk.tell(Msg::Connected(Connection {
        profile: "default".into(),
        url: "https://www.digicert.com/services/v2".into(),
        sandbox: false,
        key: Err(failure),
    }));
    assert!(matches!(desk.model.popups.last(), Some(Popup::Connect(_))));
    desk.tell(Msg::Paste("0123456789ABCDEF".into()));
    let effects = desk.press("enter");
    assert!(
        matches!(&effects[..], [Effect::Connect { url, key: Some(_), .. }] if url.contains("digicert.com"))
    );
    assert!(!format!("{:?} {effects:?}", desk.model).contains("0123456789ABCDEF"));
}

#[test]
fn typing_a_filter_never_triggers_a_command() {
    let mut desk = Desk::with_orders(20);
    desk.press("/");
    let effects = desk.press("q d r n 1 5");
    assert!(effects.is_empty());
    assert_eq!(desk.model.orders.filter.text(), "qdrn15");
    desk.press("esc");
    assert_eq!(desk.model.orders.view.len(), 20);
}

#[test]
fn a_paste_never_triggers_a_command() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.tell(Msg::Paste("q\nd\ny".into()));
    assert!(effects.is_empty());
    assert!(desk.model.form.is_none() && desk.model.popups.is_empty());
    assert!(
        desk.model.told.is_some(),
        "the operator is told where a paste goes"
    );
}

#[test]
fn opening_an_order_reads_it_with_its_certificates_and_then_its_requests() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("enter");
    let id = desk.model.current_order().unwrap();
    assert_eq!(
        reads(&effects),
        [&Read::Order(id), &Read::Duplicates(id), &Read::Reissues(id)]
    );
    let mut info = order(id.0, Certificate::empty(Role::Primary));
    info.requests.push(Request {
        id: RequestId(5),
        kind: RequestKind::Duplicate,
        status: RequestStatus::Pending,
        date: None,
        processed: None,
        requester: None,
        reviewer: None,
        processor: None,
        comments: Some("please".into()),
        processor_comment: None,
        order: Some(id),
        common_name: None,
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    });
    let more = desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    assert_eq!(reads(&more), [&Read::Request(RequestId(5))]);
    desk.press("o o");
    assert_eq!(desk.model.order_tab(), OrderTab::Requests);
    desk.press("esc");
    assert!(desk.model.order.is_none());
}

#[test]
fn a_failed_read_keeps_what_was_there() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let id = OrderId(1);
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    let effects = desk.press("R");
    desk.answer(&effects, &Read::Order(id), Err(lost()));
    let data = &desk.model.known[&id];
    assert!(data.order.value().is_some());
    assert_eq!(data.order.failure(), Some(&lost()));
}

#[test]
fn a_reply_that_a_newer_read_overtook_does_not_count() {
    let mut desk = Desk::with_orders(1);
    let first = desk.press("enter");
    let second = desk.press("R");
    let id = OrderId(1);
    let named = |name: &str| {
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = name.into();
        Ok(Data::Order(Box::new(order(1, certificate))))
    };
    desk.answer(&second, &Read::Order(id), named("new.example.net"));
    desk.answer(&first, &Read::Order(id), named("old.example.net"));
    let shown = desk.model.known[&id].order.value().unwrap();
    assert_eq!(shown.certificate.common_name, "new.example.net");
}

#[test]
fn a_page_of_an_earlier_run_does_not_count() {
    let mut desk = Desk::connected();
    let super::orders::SyncState::Running { run: old, .. } = desk.model.orders.sync else {
        panic!("the list is not being read");
    };
    desk.press("R");
    let rows = vec![summary(1, "a.example.net")];
    desk.tell(Msg::Sync {
        run: old,
        event: SyncEvent::Rows {
            rows,
            done: 1,
            total: 1,
        },
    });
    assert!(desk.model.orders.orders.is_empty());
}

#[test]
fn the_cursor_stays_on_its_order_when_the_list_changes() {
    let mut desk = Desk::with_orders(50);
    desk.press("j j j");
    let before = desk.model.current_order();
    desk.press("s s");
    assert_eq!(desk.model.current_order(), before);
    desk.press("R");
    desk.rows(
        (1..=60)
            .map(|n| summary(n, &format!("n{n}.example.net")))
            .collect(),
    );
    assert_eq!(desk.model.current_order(), before);
}

#[test]
fn a_key_that_cannot_be_used_here_says_why() {
    let mut desk = Desk::connected();
    for key in ["d", "r", "y", "w", "W"] {
        desk.model.told = None;
        assert!(desk.press(key).is_empty(), "{key}");
        assert!(desk.model.told.is_some(), "{key} says nothing");
    }
}

#[test]
fn a_write_that_is_accepted_with_a_request_waits_for_its_approval_and_then_for_the_certificate() {
    let (mut desk, op) = sent();
    let accepted = Accepted {
        order: Some(OrderId(1)),
        requests: vec![RequestId(9)],
        ..Accepted::default()
    };
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Accepted(accepted),
    });
    assert!(effects.contains(&Effect::DropDraft {
        key: "duplicate-1".into()
    }));
    assert_eq!(
        desk.model.watches[0].state,
        WatchState::Approval(RequestId(9))
    );
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    let rows = vec![issued(7, "another"), issued(8, CSR)];
    let more = desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(rows)),
    );
    assert_eq!(
        desk.model.watches[0].state,
        WatchState::Fetching(CertificateId(8)),
        "found by its CSR"
    );
    assert_eq!(reads(&more), [&Read::Chain(CertificateId(8))]);
}

#[test]
fn a_watch_asks_by_itself_ever_more_rarely() {
    let (mut desk, op) = sent();
    let accepted = Accepted {
        requests: vec![RequestId(9)],
        ..Accepted::default()
    };
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Accepted(accepted),
    });
    let empty = |desk: &mut Desk, effects: &[Effect]| {
        let info = order(1, Certificate::empty(Role::Primary));
        desk.answer(
            effects,
            &Read::Order(OrderId(1)),
            Ok(Data::Order(Box::new(info))),
        );
        desk.answer(
            effects,
            &Read::Duplicates(OrderId(1)),
            Ok(Data::Certificates(Vec::new())),
        );
        desk.answer(
            effects,
            &Read::Reissues(OrderId(1)),
            Ok(Data::Certificates(Vec::new())),
        );
    };
    empty(&mut desk, &effects);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let due = desk
            .model
            .next_deadline()
            .expect("a watch that is open looks again");
        pauses.push(due.duration_since(desk.now).as_secs());
        let effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
        assert!(reads(&effects).contains(&&Read::Order(OrderId(1))));
        empty(&mut desk, &effects);
    }
    assert!(
        pauses.windows(2).all(|pair| pair[0] <= pair[1]),
        "{pauses:?}"
    );
    assert!(pauses[7] > pauses[0]);
}

#[test]
fn a_lost_answer_is_looked_up_and_nothing_is_sent_again() {
    let (mut desk, op) = sent();
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Unknown(lost()),
    });
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Write { .. } | Effect::DropDraft { .. }))
    );
    assert!(matches!(desk.model.watches[0].state, WatchState::Lookup(_)));
    let mut all = effects;
    let mut newest = all.clone();
    for _ in 0..20 {
        let info = order(1, Certificate::empty(Role::Primary));
        let none = || Ok(Data::Certificates(Vec::new()));
        desk.answer(
            &newest,
            &Read::Order(OrderId(1)),
            Ok(Data::Order(Box::new(info))),
        );
        desk.answer(&newest, &Read::Duplicates(OrderId(1)), none());
        desk.answer(&newest, &Read::Reissues(OrderId(1)), none());
        newest = match desk.model.next_deadline() {
            Some(due) => desk.wait(due.duration_since(desk.now).as_secs() + 1),
            None => break,
        };
        all.extend(newest.clone());
    }
    assert!(
        matches!(desk.model.watches[0].state, WatchState::NotFound(_)),
        "{:?}",
        desk.model.watches[0].state
    );
    assert!(
        all.iter()
            .all(|effect| !matches!(effect, Effect::Write { .. }))
    );
}

#[test]
fn a_lost_answer_whose_certificate_is_there_is_found_by_its_csr() {
    let (mut desk, op) = sent();
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Unknown(lost()),
    });
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    assert_eq!(
        desk.model.watches[0].state,
        WatchState::Fetching(CertificateId(8))
    );
}

#[test]
fn a_certificate_that_carried_the_csr_before_is_not_what_came_of_it() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    super::watching::send(&mut desk.model, outgoing(), None, "duplicate".into());
    let op = desk.model.watches[0].op.clone();
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Unknown(lost()),
    });
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    assert!(matches!(desk.model.watches[0].state, WatchState::Lookup(_)));
    let rows = vec![issued(8, CSR), issued(9, CSR)];
    let effects = desk.press("R");
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(rows)),
    );
    assert_eq!(
        desk.model.watches[0].state,
        WatchState::Fetching(CertificateId(9))
    );
}

#[test]
fn a_refused_write_keeps_the_draft_and_says_what_the_account_said() {
    let (mut desk, op) = sent();
    desk.model.drafts.insert("duplicate-1".into(), "{}".into());
    let refused = Failure {
        what: "Refused: the CSR cannot be parsed.".into(),
        ..lost()
    };
    let effects = desk.tell(Msg::Written {
        op,
        outcome: WriteOutcome::Refused(refused),
    });
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::DropDraft { .. }))
    );
    assert!(desk.model.drafts.contains_key("duplicate-1"));
    assert!(
        desk.model
            .told
            .as_ref()
            .unwrap()
            .words
            .contains("CSR cannot be parsed")
    );
}

#[test]
fn leaving_with_something_unfinished_asks_and_a_second_ctrl_c_leaves() {
    let (mut desk, _) = sent();
    assert!(desk.press("ctrl-c").is_empty());
    assert!(matches!(desk.model.popups.last(), Some(Popup::Prompt(_))));
    assert_eq!(desk.press("ctrl-c"), [Effect::Quit(0)]);
    let mut idle = Desk::with_orders(1);
    assert_eq!(idle.press("q"), [Effect::Quit(0)]);
}

#[test]
fn approving_shows_what_is_sent_and_sends_it_once() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("2");
    assert_eq!(desk.model.screen, Screen::Requests);
    let request = Request {
        id: RequestId(4),
        kind: RequestKind::Reissue,
        status: RequestStatus::Pending,
        date: None,
        processed: None,
        requester: None,
        reviewer: None,
        processor: None,
        comments: None,
        processor_comment: None,
        order: Some(OrderId(1)),
        common_name: Some("n1.example.net".into()),
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    };
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(vec![request])));
    assert_eq!(desk.model.orders.waiting[&OrderId(1)], 1);
    assert!(
        desk.press("a").is_empty(),
        "nothing is sent before it is confirmed"
    );
    let effects = desk.press("o k enter");
    let Some(Effect::Write { outgoing, .. }) = effects.first() else {
        panic!("{effects:?}");
    };
    assert_eq!(outgoing.path, "/request/4/status");
    assert_eq!(
        outgoing.body,
        r#"{"status":"approved","processor_comment":"ok"}"#
    );
    assert!(
        desk.press("enter")
            .iter()
            .all(|effect| !matches!(effect, Effect::Write { .. }))
    );
}

#[test]
fn nothing_waits_when_nothing_happens() {
    let mut desk = Desk::with_orders(5);
    desk.press("j k G g");
    assert_eq!(desk.model.next_deadline(), None);
}
