//! A list of many: what an answer costs does not grow with what is known already.

use super::*;
use crate::app::update_tests::requests_tests::request;
use crate::domain::status::CertificateStatus;

/// A run of so many, of which the order shows each once it is sent; and how many CSRs were read meanwhile.
fn run_of(count: u64) -> (Desk, usize) {
    let csrs = several(count.try_into().unwrap());
    let mut desk = Desk::with_bulk(&[csrs.concat()]);
    desk.press("ctrl-x");
    let mut effects = desk.send_all();
    csr::READ.set(0);
    let id = OrderId(1);
    let mut info = order(1, primary());
    let mut rows = Vec::new();
    let mut prior = Vec::new();
    for number in 1..count {
        let [op] = &writes(&effects)[..] else {
            panic!("one after the other: {effects:?}");
        };
        let watch = desk.model.engine.writes.get(op).unwrap();
        let asked: serde_json::Value = serde_json::from_str(&watch.outgoing.body).unwrap();
        let der = &watch.outgoing.expected.as_ref().unwrap().csr_der;
        let mut row = Certificate::empty(Role::Duplicate(None));
        row.id = Some(CertificateId(1000 + number));
        row.csr = Some(CsrText(
            asked["certificate"]["csr"].as_str().unwrap().into(),
        ));
        row.status = Some(CertificateStatus::Pending);
        rows.push(row);
        let kind = RequestKind::Duplicate;
        let mut asked = request(number, kind, RequestStatus::Pending);
        asked.order = Some(id);
        info.requests.push(asked);
        let sent = desk.list().rows.iter().find(|row| {
            let csr = row.csr.as_ref().unwrap();
            csr.der == *der
        });
        prior.push(PriorCsr {
            sha256: sent.unwrap().csr.as_ref().unwrap().sha256,
            op: op.clone(),
            words: "accepted".into(),
            certificate: None,
            arrival: Arrival::Arrived,
        });
        effects = desk.end(&op.clone(), taken(number));
        let order = Data::Order(Box::new(info.clone()));
        desk.answer(&effects, &Read::Order(id), Ok(order));
        let listed = Data::Certificates(rows.clone());
        desk.answer(&effects, &Read::Duplicates(id), Ok(listed));
        let none = Data::Certificates(Vec::new());
        desk.answer(&effects, &Read::Reissues(id), Ok(none));
        desk.tell(Msg::PriorCsrs {
            order: id,
            sent: Ok(prior.clone()),
        });
    }
    assert!(writes(&effects).is_empty(), "{effects:?}");
    (desk, csr::READ.get())
}

#[test]
fn however_many_are_sent_each_csr_that_the_order_shows_is_read_only_when_it_is_new() {
    for count in [6, 18] {
        let (desk, read) = run_of(count);
        assert_eq!(
            desk.list().counts(&desk.model.engine.writes.all).sent,
            usize::try_from(count).unwrap() - 1
        );
        assert!(
            desk.words()[0].contains("excluded by you"),
            "{:?}",
            desk.words()
        );
        // Once by the list, and once to tell what was there before the next.
        assert!(
            read <= 2 * usize::try_from(count).unwrap(),
            "{read} for {count}"
        );
    }
}
