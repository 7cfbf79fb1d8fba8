//! Of each read only the newest answer counts, and none of the account that the desk was connected to before.

use rstest::rstest;

use super::*;
use crate::app::msg::Data;
use crate::domain::failure::Failure;
use crate::domain::request::Wanted;

/// An account with somebody who asks about a request: it has a slot though no list has it.
fn asked_about(account: &mut Account) {
    account.requests.asked_about.insert(RequestId(1));
}

fn ask(account: &mut Account, read: &Read) -> Ticket {
    match account.read(read.clone()) {
        Effect::Read { ticket, .. } => ticket,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::session(Read::Session)]
#[case::order(Read::Order(OrderId(1)))]
#[case::duplicates(Read::Duplicates(OrderId(1)))]
#[case::reissues(Read::Reissues(OrderId(1)))]
#[case::requests(Read::Requests)]
#[case::page(Read::RequestPage(Wanted::default(), 0))]
#[case::request(Read::Request(RequestId(1)))]
#[case::product(Read::Product("ssl".into()))]
#[case::domains(Read::Domains(OrderId(1), vec!["a.example".into()]))]
#[case::changes(Read::Changes(60))]
#[case::listed(Read::Listed(vec![OrderId(1)]))]
#[case::organization(Read::Organization(OrganizationId(1)))]
#[case::chain(Read::Chain(CertificateId(1)))]
#[case::reference(Read::OrdersByReference("ours".into()))]
#[case::offer(Read::Offer)]
#[case::limits(Read::Limits(ContainerId(1)))]
fn only_the_newest_answer_counts(#[case] read: Read) {
    let lost = || Err(Failure::local("lost", ""));
    let now = Timestamp::UNIX_EPOCH;
    let mut account = Account::default();
    asked_about(&mut account);
    let before = format!("{account:?}");
    assert!(!account.reply(Ticket(1), &read, lost(), now));
    assert_eq!(format!("{account:?}"), before, "nobody asked");

    let old = ask(&mut account, &read);
    let newest = ask(&mut account, &read);
    let before = format!("{account:?}");
    assert!(!account.reply(old, &read, lost(), now));
    let of_another = match read {
        Read::Chain(_) => Data::Requests(Vec::new()),
        _ => Data::Chain(String::new()),
    };
    assert!(!account.reply(newest, &read, Ok(of_another), now));
    assert_eq!(format!("{account:?}"), before, "stale, or no answer to it");
    assert!(account.reply(newest, &read, lost(), now));
    assert!(!account.reply(newest, &read, lost(), now), "it is answered");

    let late = ask(&mut account, &read);
    account.forget();
    asked_about(&mut account);
    let new = ask(&mut account, &read);
    for ticket in [old, newest, late] {
        assert!(!account.reply(ticket, &read, lost(), now), "{ticket:?}");
    }
    assert!(account.reply(new, &read, lost(), now));
}

#[test]
fn the_reissues_are_read_again_once_the_certificate_was_replaced() {
    use crate::domain::order::{Certificate, Role};
    let mut account = Account {
        connection: Some(Connection {
            profile: "test".into(),
            account: "test".into(),
            url: String::new(),
            sandbox: true,
            key: Ok("the test".into()),
        }),
        ..Account::default()
    };
    let id = OrderId(1);
    let comes = |account: &mut Account, read: Read, certificate: u64| {
        let mut primary = Certificate::empty(Role::Primary);
        primary.id = Some(CertificateId(certificate));
        let data = match read {
            Read::Order(_) => Data::Order(Box::new(crate::app::testing::order(1, primary))),
            _ => Data::Certificates(Vec::new()),
        };
        let ticket = ask(account, &read);
        assert!(account.reply(ticket, &read, Ok(data), Timestamp::UNIX_EPOCH));
    };
    let lists = [Read::Duplicates(id), Read::Reissues(id)];
    for read in [Read::Order(id)].into_iter().chain(lists) {
        comes(&mut account, read, 10);
    }
    let missing = |account: &mut Account| account.read_order(id, false).len();
    assert_eq!(missing(&mut account), 0);
    comes(&mut account, Read::Order(id), 10);
    assert_eq!(missing(&mut account), 0, "the same certificate");
    for _ in 0..2 {
        comes(&mut account, Read::Order(id), 11);
    }
    let reads = account.read_order(id, false);
    assert!(
        matches!(
            reads.as_slice(),
            [Effect::Read {
                read: Read::Reissues(_),
                ..
            }]
        ),
        "{reads:?}"
    );
    assert_eq!(missing(&mut account), 0, "it is on its way");
    comes(&mut account, Read::Reissues(id), 0);
    assert_eq!(missing(&mut account), 0);
}
