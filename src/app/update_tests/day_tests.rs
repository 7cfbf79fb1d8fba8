//! A day of use leaves what is kept, and what a step costs, as they were in the morning.

use super::watching_tests::{CSR, issued, outgoing};
use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::write::{Expected, Outgoing, WriteId, WriteKind};

/// Orders of the account.
const ORDERS: u64 = 500;

/// Actions of a person in a round: an order is opened, a duplicate sent, followed to its end, and a request decided.
const ACTIONS: usize = 5;

struct Day {
    desk: Desk,
    pem: String,
    /// Effects of the newest round.
    effects: usize,
}

impl Day {
    fn begins() -> Self {
        let mut desk = Desk::with_orders(ORDERS);
        desk.model.engine.account.session = crate::app::remote::Remote::Idle;
        Self {
            desk,
            pem: crate::domain::testing::self_signed("shop.example.net").0,
            effects: 0,
        }
    }

    /// Answers everything that is asked for, and what is asked for then.
    fn answer_all(&mut self, mut effects: Vec<Effect>, order_id: u64, rows: &[Certificate]) {
        while !effects.is_empty() {
            self.effects += effects.len();
            let mut more = Vec::new();
            for read in reads(&effects) {
                let data = match read {
                    Read::Order(id) => {
                        Data::Order(Box::new(order(id.0, Certificate::empty(Role::Primary))))
                    }
                    Read::Duplicates(id) if id.0 == order_id => Data::Certificates(rows.to_vec()),
                    Read::Duplicates(_) | Read::Reissues(_) => Data::Certificates(Vec::new()),
                    Read::Requests => Data::Requests(Vec::new()),
                    Read::Chain(_) => Data::Chain(self.pem.clone()),
                    Read::Changes(_) => Data::Changes(Vec::new()),
                    other => panic!("{other:?}"),
                };
                more.extend(self.desk.answer(&effects, read, Ok(data)));
            }
            effects = more;
        }
    }

    fn write(
        &mut self,
        outgoing: Outgoing,
        accepted: Accepted,
        order: u64,
        rows: &[Certificate],
    ) -> WriteId {
        let effects = self.desk.send(outgoing, None, "it".into());
        let op = self.desk.model.engine.writes.all[0].op.clone();
        let outcome = Ended::Accepted(accepted);
        let more = self.desk.tell(Msg::WriteEnded {
            op: op.clone(),
            outcome,
        });
        self.answer_all(effects.into_iter().chain(more).collect(), order, rows);
        op
    }

    fn round(&mut self, n: u64) {
        self.effects = 0;
        let opened = self.desk.press("j enter");
        self.answer_all(opened, 0, &[]);
        let left = self.desk.press("esc");
        self.answer_all(left, 0, &[]);
        self.sends(n);
    }

    fn sends(&mut self, n: u64) {
        let id = n % ORDERS + 1;
        // A key of its own for each.
        let der = n.to_be_bytes().to_vec();
        let csr = crate::domain::pem::encode("CERTIFICATE REQUEST", &der);
        let mut row = issued(1_000_000 + n, CSR);
        row.csr = Some(CsrText(csr));
        row.serial = None;
        row.issued = Some(self.desk.now);
        let sent = Outgoing {
            order: Some(OrderId(id)),
            path: format!("/order/certificate/{id}/duplicate"),
            expected: Some(Expected {
                csr_der: der,
                ..Expected::default()
            }),
            ..outgoing()
        };
        let accepted = Accepted {
            order: Some(OrderId(id)),
            certificate: Some(CertificateId(1_000_000 + n)),
            ..Accepted::default()
        };
        let op = self.write(sent, accepted, id, &[row]);
        let watch = self
            .desk
            .model
            .engine
            .writes
            .all
            .iter()
            .find(|watch| watch.op == op);
        let shown = watch.expect("it is watched").words();
        let issued = format!("certificate {} issued", 1_000_000 + n);
        assert!(shown.starts_with(&issued), "{shown}");
        let decision = Outgoing {
            kind: WriteKind::Approve,
            order: Some(OrderId(id)),
            request: Some(RequestId(n + 1)),
            path: format!("/request/{}/status", n + 1),
            expected: None,
            ..outgoing()
        };
        self.write(decision, Accepted::default(), 0, &[]);
    }

    /// Everything that the desk keeps, as text: whatever grows makes it longer.
    fn size(&self) -> usize {
        format!("{:?}", self.desk.model).len()
    }
}

#[test]
fn ten_thousand_actions_leave_what_is_kept_and_what_a_step_costs_as_they_were() {
    let mut day = Day::begins();
    let rounds = 10_000 / ACTIONS as u64;
    let mut marks = Vec::new();
    for n in 0..rounds {
        day.round(n);
        if n == rounds / 4 || n == rounds - 1 {
            marks.push((
                day.size(),
                day.effects,
                day.desk.model.engine.writes.all.len(),
            ));
        }
    }
    let [(morning, step, _), (evening, last, watches)] = marks[..] else {
        panic!("{marks:?}");
    };
    assert!(evening <= morning + morning / 20, "{marks:?}");
    assert_eq!(step, last, "{marks:?}");
    assert!(watches <= 320, "{marks:?}");
    assert!(day.desk.model.engine.account.known.len() <= 210);
}

#[test]
fn what_waits_stays_however_much_is_over_and_the_cursor_stays_on_it() {
    let mut day = Day::begins();
    let effects = day.desk.send(outgoing(), None, "waits".into());
    assert!(!effects.is_empty());
    let op = day.desk.model.engine.writes.all[0].op.clone();
    day.desk.press("W");
    for n in 0..400 {
        day.sends(n);
    }
    let Some(Popup::Watches(picker)) = day.desk.model.popups.last() else {
        panic!("the watches are closed");
    };
    let ids = crate::app::writes::ids(&day.desk.model.engine.writes.all);
    assert_eq!(picker.chosen(&ids), Some(&op));
    assert!(
        day.desk
            .model
            .engine
            .account
            .known
            .contains_key(&OrderId(1)),
        "its order is kept"
    );
}

#[test]
fn what_is_over_pins_no_order() {
    let mut day = Day::begins();
    day.sends(0);
    assert!(
        day.desk
            .model
            .engine
            .account
            .known
            .contains_key(&OrderId(1))
    );
    for id in 2..=300 {
        let effects = day.desk.model.engine.account.read_order(OrderId(id), false);
        day.answer_all(effects, 0, &[]);
    }
    assert!(
        !day.desk
            .model
            .engine
            .account
            .known
            .contains_key(&OrderId(1))
    );
    assert!(!day.desk.model.engine.writes.all.is_empty());
}

#[test]
fn what_was_sent_again_stays_as_long_as_the_first_is_lost() {
    let mut day = Day::begins();
    day.desk.send(outgoing(), None, "lost".into());
    let lost_op = day.desk.model.engine.writes.all[0].op.clone();
    let outcome = Ended::Unknown(lost());
    day.desk.tell(Msg::WriteEnded {
        op: lost_op,
        outcome,
    });
    // The same once more, which came; and of another order.
    day.sends(0);
    let again = day.desk.model.engine.writes.all[1].op.clone();
    day.sends(1);
    let other = day.desk.model.engine.writes.all[1].op.clone();
    for n in 2..300 {
        day.sends(n);
    }
    let is_there = |op: &WriteId| {
        day.desk
            .model
            .engine
            .writes
            .all
            .iter()
            .any(|watch| watch.op == *op)
    };
    assert!(is_there(&again));
    assert!(!is_there(&other));
}

#[test]
fn of_several_decisions_the_list_of_requests_is_read_once() {
    for stops in [None, Some(3)] {
        let mut desk = Desk::with_orders(1);
        let decide = |n: u64| Outgoing {
            kind: WriteKind::Approve,
            order: None,
            request: Some(RequestId(n)),
            path: format!("/request/{n}/status"),
            expected: None,
            ..outgoing()
        };
        let all: Vec<Outgoing> = (1..=20).map(decide).collect();
        let mut effects = desk.send_together(all);
        let (mut sent, mut read) = (0, 0);
        while let Some(Effect::Write { op, .. }) = effects
            .iter()
            .find(|effect| matches!(effect, Effect::Write { .. }))
        {
            sent += 1;
            let op = op.clone();
            let outcome = match sent {
                5 => Ended::Refused(lost()),
                _ if Some(sent) == stops => Ended::NotSent(lost()),
                _ => Ended::Accepted(Accepted::default()),
            };
            effects = desk.tell(Msg::WriteEnded { op, outcome });
            read += reads(&effects)
                .into_iter()
                .filter(|read| **read == Read::Requests)
                .count();
        }
        assert_eq!((sent, read), (stops.unwrap_or(20), 1), "{stops:?}");
    }
}
