//! What a row rests on is looked at once more before it leaves, where it is old: many rows with one question, and what is not
//! as it was by itself.

use super::*;
use crate::domain::order::{OrderSummary, Role};

impl Desk {
    /// The list has these orders so.
    pub(super) fn lists(&mut self, effects: &[Effect], orders: &[&Order]) -> Vec<Effect> {
        let rows: Vec<OrderSummary> = orders
            .iter()
            .map(|order| OrderSummary {
                certificate_id: order.certificate.id,
                status: order.status.clone(),
                dns_names: order.certificate.dns_names.clone(),
                serial: order.certificate.serial.clone(),
                valid_till: order.certificate.valid_till,
                order_valid_till: order.order_valid_till,
                ..summary(order.id.0, &order.certificate.common_name)
            })
            .collect();
        let mut more = Vec::new();
        for read in reads(effects) {
            if let Read::Listed(ids) = read {
                let asked = rows.iter().filter(|row| ids.contains(&row.id)).cloned();
                more.extend(self.answer(effects, read, Ok(Data::Listed(asked.collect()))));
            }
        }
        more
    }
}

#[test]
fn an_order_that_changed_since_the_review_stays_behind() {
    let mut desk = Desk::in_review(2);
    let effects = desk.press("enter");
    let (op, first) = sent_ops(&effects)[0].clone();
    // The answer takes its time.
    desk.wait(40);
    let effects = desk.ends(&op, accepted(first.0));
    let other = 3 - first.0;
    assert!(sent_ops(&effects).is_empty());
    let mut changed = info(other);
    changed.certificate.dns_names.push("new.example.net".into());
    let effects = desk.lists(&effects, &[&changed]);
    assert!(sent_ops(&effects).is_empty());
    assert!(reads(&effects).contains(&&Read::Order(OrderId(other))));
    let data = Data::Order(Box::new(changed));
    let effects = desk.answer(&effects, &Read::Order(OrderId(other)), Ok(data));
    assert!(sent_ops(&effects).is_empty());
    let told = desk.row_words(other);
    assert!(told.contains("changed since the review"), "{told}");
    assert!(desk.reissues().run.is_none());
}

#[test]
fn one_question_tells_of_all_that_wait_whether_they_are_as_they_were_reviewed() {
    let mut desk = Desk::in_review(4);
    let mut effects = desk.press("enter");
    let mut asked = 0;
    for left in (0..4).rev() {
        let (op, order) = sent_ops(&effects)[0].clone();
        // The first answer takes its time.
        desk.wait(if left == 3 { 40 } else { 1 });
        effects = desk.ends(&op, accepted(order.0));
        let infos: Vec<Order> = (1..=4).map(info).collect();
        let more = desk.lists(&effects, &infos.iter().collect::<Vec<_>>());
        let is_listed = |read: &&&Read| matches!(read, Read::Listed(_));
        asked += reads(&effects).iter().filter(is_listed).count();
        assert!(
            !reads(&more)
                .iter()
                .any(|read| matches!(read, Read::Order(_)))
        );
        effects.extend(more);
        assert_eq!(sent_ops(&effects).len(), usize::from(left > 0));
    }
    assert_eq!(asked, 1);
}

#[test]
fn one_that_the_list_does_not_show_is_read_in_full_before_it_is_sent() {
    for is_lost in [false, true] {
        let mut desk = Desk::in_review(2);
        let effects = desk.press("enter");
        let (op, first) = sent_ops(&effects)[0].clone();
        desk.wait(40);
        let effects = desk.ends(&op, accepted(first.0));
        let other = 3 - first.0;
        let effects = if is_lost {
            let read = Read::Listed(vec![OrderId(other)]);
            desk.answer(&effects, &read, Err(lost()))
        } else {
            desk.lists(&effects, &[])
        };
        assert!(sent_ops(&effects).is_empty());
        let data = Data::Order(Box::new(info(other)));
        let effects = desk.answer(&effects, &Read::Order(OrderId(other)), Ok(data));
        assert_eq!(sent_ops(&effects).len(), 1);
    }
}

/// Two reissues whose answers bring their certificates: nothing more is sent.
fn answered() -> (Desk, Vec<Effect>) {
    let mut desk = Desk::in_review(2);
    let mut effects = desk.press("enter");
    for _ in 0..2 {
        let (op, order) = sent_ops(&effects)[0].clone();
        effects = desk.ends(
            &op,
            Ended::Accepted(Accepted {
                order: Some(order),
                certificate: Some(CertificateId(order.0 + 900)),
                chain: Some("-----BEGIN CERTIFICATE-----".into()),
                ..Accepted::default()
            }),
        );
    }
    (desk, effects)
}

#[test]
fn certificates_that_the_answers_brought_are_looked_for_together_in_the_list() {
    let (mut desk, effects) = answered();
    assert!(reads(&effects).is_empty(), "{effects:?}");
    let effects = desk.wait(1);
    let both = Read::Listed(vec![OrderId(1), OrderId(2)]);
    assert_eq!(reads(&effects), [&both]);
    let now = |n: u64| {
        let mut order = info(n);
        order.certificate.id = Some(CertificateId(n + 900));
        order.certificate.serial = Some(format!("FF{n}"));
        order
    };
    let known = Read::Reissues(OrderId(1));
    let effect = desk.model.engine.account.read(known.clone());
    desk.answer(&[effect], &known, Ok(Data::Certificates(Vec::new())));
    // Of one the list is behind.
    desk.lists(&effects, &[&now(1), &info(2)]);
    let stage = |desk: &Desk, n: u64| {
        let mut all = desk.model.engine.writes.all.iter();
        let watch = all.find(|watch| watch.order == Some(OrderId(n)));
        watch.unwrap().stage.clone()
    };
    assert!(
        matches!(stage(&desk, 1), Stage::Issued { .. }),
        "{:?}",
        stage(&desk, 1)
    );
    assert!(matches!(stage(&desk, 2), Stage::AwaitsCertificate(Some(_))));
    // What is copied from now on is the new one, and the one before is known as such.
    let account = &mut desk.model.engine.account;
    let data = &account.known[&OrderId(1)];
    let ids: Vec<u64> = data
        .certificates()
        .iter()
        .filter_map(|row| Some(row.id?.0))
        .collect();
    assert_eq!(ids, [901, 10]);
    assert_eq!(account.orders.get(OrderId(1)).unwrap().serial(), "FF1");
    // The rest of it is read where somebody looks closer.
    let reads: Vec<Read> = account
        .read_order(OrderId(1), false)
        .into_iter()
        .map(|effect| match effect {
            Effect::Read { read, .. } => read,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(reads.contains(&Read::Order(OrderId(1))), "{reads:?}");
}

#[test]
fn a_list_that_shows_an_earlier_certificate_takes_nothing_back() {
    let mut desk = Desk::in_review(1);
    let id = OrderId(1);
    let mut newer = info(1);
    newer.certificate.id = Some(CertificateId(99));
    newer.certificate.serial = Some("FF".into());
    let mut earlier = info(1).certificate;
    earlier.role = Role::Reissue;
    for (read, data) in [
        (Read::Order(id), Data::Order(Box::new(newer))),
        (Read::Reissues(id), Data::Certificates(vec![earlier])),
    ] {
        let effect = desk.model.engine.account.read(read.clone());
        desk.answer(&[effect], &read, Ok(data));
    }
    let effect = desk.model.engine.account.read_listed([id]);
    desk.lists(&[effect], &[&info(1)]);
    let data = &desk.model.engine.account.known[&id];
    assert_eq!(
        data.order.value().unwrap().certificate.id,
        Some(CertificateId(99))
    );
}
