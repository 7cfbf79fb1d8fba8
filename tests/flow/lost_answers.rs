//! Every way in which an answer can fail to arrive: the work is done once or not at all, and what the desk says of
//! it is what the account holds.

use certdeck::app::watch::{Watch, WatchState};
use certdeck::sandbox::model::{Approval, RequestStatus};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, key_of_csr, request};

/// What the desk says in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Done, and checked.
    Done,
    /// Refused or never sent: nothing was done.
    NothingDone,
    /// No answer, and nothing on the account.
    NotFound,
}

fn told(watch: &Watch) -> Option<Told> {
    match &watch.state {
        WatchState::Done { problems, .. } => {
            assert!(problems.is_empty(), "{problems:?}");
            Some(Told::Done)
        }
        WatchState::Settled(_) => Some(Told::Done),
        WatchState::Ended(_) => Some(Told::NothingDone),
        WatchState::NotFound(_) => Some(Told::NotFound),
        _ => None,
    }
}

#[rstest]
#[case("", Told::Done)]
#[case("lost", Told::Done)]
#[case("truncate", Told::Done)]
#[case("cut", Told::Done)]
#[case("latency=300ms", Told::Done)]
#[case("reset", Told::NotFound)]
#[case("500", Told::NotFound)]
#[case("503", Told::NotFound)]
#[case("html502", Told::NotFound)]
#[case("html200", Told::NotFound)]
#[case("429", Told::NothingDone)]
fn a_certificate_is_asked_for_once_and_the_truth_is_told(
    #[case] fault: &str,
    #[case] expected: Told,
    #[values("duplicate", "reissue")] kind: &str,
) {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let before = server.certificates(order.id);
    if !fault.is_empty() {
        server
            .sandbox()
            .set_faults(&format!("{fault}@{kind}"))
            .unwrap();
    }
    let made = request(Kind::Ec, &order.names);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    desk.key(&kind[..1]);
    desk.settle();
    desk.paste(&made.csr);
    desk.key("ctrl-s");
    desk.key("enter");
    desk.until("an end", |watch| told(watch).is_some());

    assert_eq!(told(&desk.model.watches[0]), Some(expected));
    assert_eq!(server.sandbox().calls_of(kind), 1, "sent once");
    let more = server.certificates(order.id) - before;
    assert_eq!(more, usize::from(expected == Told::Done));
    if more == 1 {
        let spki = server.sandbox().with_account(|account| {
            let order = account.order(order.id).unwrap();
            let newest = order.certificates.last().unwrap();
            newest.material.get().unwrap().spki.clone()
        });
        let key = pem::encode_config(
            &pem::Pem::new("PUBLIC KEY", spki),
            pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
        );
        assert_eq!(key, key_of_csr(&made.csr));
    }
    let row = &desk.model.journal.rows[0];
    assert_eq!(row.certificate.is_some(), more == 1, "{row:?}");
    let outcome = row.outcome.as_deref().unwrap();
    assert_eq!(
        outcome.contains("nothing of it was found"),
        expected == Told::NotFound,
        "{row:?}"
    );
    // What was typed is gone once the account has it, and kept as long as it may be needed again.
    assert_eq!(desk.model.drafts.is_empty(), expected == Told::Done);
}

#[rstest]
#[case("", Told::Done)]
#[case("lost", Told::Done)]
#[case("truncate", Told::Done)]
#[case("reset", Told::NotFound)]
#[case("500", Told::NotFound)]
#[case("429", Told::NothingDone)]
fn an_approval_is_sent_once_and_the_truth_is_told(#[case] fault: &str, #[case] expected: Told) {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    desk.key("d");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.key("ctrl-s");
    desk.key("enter");
    desk.until("a request", |watch| {
        matches!(watch.state, WatchState::Approval(_))
    });
    if !fault.is_empty() {
        server
            .sandbox()
            .set_faults(&format!("{fault}@approve"))
            .unwrap();
    }
    desk.key("a");
    desk.key("enter");
    desk.until("an end", |watch| told(watch).is_some());

    assert_eq!(told(&desk.model.watches[0]), Some(expected));
    assert_eq!(server.sandbox().calls_of("approve"), 1, "sent once");
    let status = server.requests(order.id).pop().unwrap().status;
    assert_eq!(status == RequestStatus::Approved, expected == Told::Done);
}
