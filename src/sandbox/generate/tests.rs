//! What the made-up account promises to those who look at it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::fill;
use super::limits::most_days;
use crate::sandbox::ca::{Ca, Hash, IssueRequest, LeafKind, Profile, Subject};
use crate::sandbox::foundation;
use crate::sandbox::model::{
    Account, CertificateKind, CertificateState, Held, Order, OrderStatus, RequestKind,
    RequestStatus, Serial, ValidationStatus,
};
use crate::sandbox::tables::{Family, PRODUCTS, USUAL};

/// A fixed instant, some hours into its day.
fn now() -> Timestamp {
    "2026-11-20T21:00:00Z".parse().unwrap()
}

fn today() -> Date {
    now().to_zoned(TimeZone::UTC).date()
}

fn account_at(seed: u64, orders: usize, now: Timestamp) -> Account {
    let mut account = foundation::account(seed, "made-up", now);
    fill(&mut account, &Ca::new(seed, now), orders, now);
    account
}

fn account(orders: usize) -> Account {
    account_at(1, orders, now())
}

/// The table of divisions on the sandbox's page is made from there.
#[test]
fn the_foundation_names_every_container_and_profile() {
    let said = include_str!("../foundation.rs");
    let account = account(3);
    assert_eq!(account.containers.len(), 8);
    for container in &account.containers {
        let row = format!("| {} {} |", container.id, container.name);
        assert!(said.contains(&row), "{row}");
    }
    for profile in &account.profile_options {
        assert!(said.contains(&format!("`{profile}`")), "{profile}");
    }
}

fn shown(order: &Order) -> OrderStatus {
    let over = order.order_valid_till.is_some_and(|end| end < today());
    if over && order.status == OrderStatus::Issued {
        OrderStatus::Expired
    } else {
        order.status
    }
}

fn count<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    all.into_iter().fold(BTreeMap::new(), |mut map, item| {
        *map.entry(item).or_default() += 1;
        map
    })
}

#[test]
fn the_same_seed_makes_the_same_account() {
    let json = |account: &Account| serde_json::to_string(account).unwrap();
    assert_eq!(json(&account(300)), json(&account(300)));
    assert_ne!(json(&account(300)), json(&account_at(2, 300, now())));
}

#[test]
fn an_order_does_not_depend_on_how_many_follow() {
    let serials = |account: &Account| -> BTreeSet<String> {
        account
            .orders()
            .iter()
            .map(|o| o.certificates[0].serial.to_string())
            .collect()
    };
    let (few, many) = (account(250), account(900));
    assert!(serials(&few).is_subset(&serials(&many)));
}

#[test]
fn names_stay_when_days_go_by() {
    let names = |account: &Account| -> BTreeSet<Vec<String>> {
        account
            .orders()
            .iter()
            .map(|o| o.certificates[0].dns_names.clone())
            .collect()
    };
    let later = now() + (24 * 45).hours();
    let (before, after) = (names(&account(250)), names(&account_at(1, 250, later)));
    assert_eq!(before, after);
}

#[test]
fn two_hundred_and_fifty_orders_have_every_status_and_product() {
    let account = account(250);
    assert_eq!(account.orders().len(), 250);
    let statuses = count(account.orders().iter().map(|o| shown(o).id()));
    for status in OrderStatus::ALL {
        assert!(
            statuses.contains_key(status.id()),
            "{} is missing in {statuses:?}",
            status.id()
        );
    }
    let products = count(account.orders().iter().map(|o| o.product.name_id));
    for product in &PRODUCTS[..USUAL] {
        assert!(
            products.contains_key(product.name_id),
            "{} is missing",
            product.name_id
        );
    }
    let requests = count(
        account
            .requests()
            .iter()
            .map(|r| (r.kind.id(), r.status.id())),
    );
    for kind in RequestKind::ALL {
        for status in ["submitted", "pending", "approved", "rejected"] {
            assert!(
                requests.contains_key(&(kind.id(), status)),
                "{} {status}",
                kind.id()
            );
        }
    }
    let reviewed = account.requests().iter().filter(|r| {
        r.status == RequestStatus::Pending && r.reviewer.is_some() && r.processor.is_none()
    });
    assert!(
        reviewed.count() > 0,
        "two-step requests wait for their second step"
    );
}

#[test]
fn most_orders_of_a_big_account_are_issued() {
    let account = account(5000);
    let statuses = count(account.orders().iter().map(|o| shown(o).id()));
    let share = statuses["issued"] * 100 / 5000;
    assert!((60..=78).contains(&share), "{share}% in {statuses:?}");
    for status in OrderStatus::ALL {
        assert!(statuses[status.id()] >= 10, "{statuses:?}");
    }
}

#[test]
fn some_are_to_be_reissued_and_some_renewed() {
    let account = account(250);
    let soon = |date: Option<Date>| {
        date.is_some_and(|d| (0..=30).contains(&i64::from((d - today()).get_days())))
    };
    let (mut reissue, mut renew, mut lapsed) = (0, 0, 0);
    for order in account
        .orders()
        .iter()
        .filter(|o| shown(o) == OrderStatus::Issued)
    {
        let (end, till) = (order.order_valid_till, order.primary().valid_till);
        reissue += usize::from(soon(till) && !soon(end));
        renew += usize::from(soon(till) && soon(end));
        lapsed += usize::from(till < Some(today()));
    }
    assert!(reissue >= 10, "{reissue}");
    assert!(renew >= 5, "{renew}");
    assert!(lapsed >= 1, "{lapsed}");
}

#[test]
fn renewed_orders_name_each_other() {
    let account = account(250);
    let mut longest = 0;
    for order in account.orders() {
        let mut chain = vec![order];
        while let Some(newer) = chain.last().unwrap().renewed_by {
            let newer = account.order(newer).unwrap();
            assert_eq!(newer.renewal_of, Some(chain.last().unwrap().id));
            assert!(chain.last().unwrap().is_renewed);
            assert!(newer.date_created > chain.last().unwrap().date_created);
            assert_eq!(newer.primary().dns_names, order.primary().dns_names);
            chain.push(newer);
        }
        longest = longest.max(chain.len());
    }
    assert_eq!(longest, 3);
}

#[test]
fn some_orders_have_a_dozen_certificates() {
    let account = account(250);
    let biggest = account
        .orders()
        .iter()
        .max_by_key(|o| o.certificates.len())
        .unwrap();
    assert!(
        (10..=14).contains(&biggest.certificates.len()),
        "{}",
        biggest.certificates.len()
    );
    let certificates = || account.orders().iter().flat_map(|o| &o.certificates);
    assert!(certificates().any(|c| c.archived));
    let copy =
        |c: &&crate::sandbox::model::Certificate| matches!(c.kind, CertificateKind::Duplicate(_));
    assert!(
        certificates()
            .filter(copy)
            .any(|c| matches!(c.state, CertificateState::Revoked(_)))
    );
    for order in account.orders() {
        let numbers: Vec<u32> = order
            .certificates
            .iter()
            .filter_map(|c| match c.kind {
                CertificateKind::Duplicate(number) => Some(number),
                CertificateKind::First | CertificateKind::Reissue => None,
            })
            .collect();
        let want: Vec<u32> = (1..=numbers.len() as u32).collect();
        assert_eq!(numbers, want, "sub_ids of order {}", order.id);
        assert!(
            !order.primary().archived,
            "the primary certificate is never archived"
        );
        assert!(order.is_primary_newest(), "order {}", order.id);
    }
}

trait PrimaryNewest {
    fn is_primary_newest(&self) -> bool;
}

impl PrimaryNewest for Order {
    /// Whether nothing issued but copies came after the primary certificate.
    fn is_primary_newest(&self) -> bool {
        self.certificates[self.primary + 1..]
            .iter()
            .all(|c| matches!(c.kind, CertificateKind::Duplicate(_)) || !c.state.was_issued())
    }
}

#[test]
fn dates_make_sense() {
    for order in account(2000).orders() {
        let id = order.id;
        assert!(order.date_created <= now(), "{id}");
        for c in &order.certificates {
            assert!(
                c.date_created <= now() && c.date_created >= order.date_created,
                "{id}"
            );
            assert!(
                c.date_issued
                    .is_none_or(|at| at <= now() && at >= c.date_created),
                "{id}"
            );
            assert_eq!(c.state.was_issued(), c.valid_till.is_some(), "{id}");
            let (Some(from), Some(till)) = (c.valid_from, c.valid_till) else {
                continue;
            };
            let days = i64::from((till - from).get_days()) + 1;
            let most = i64::from(most_days(order.product.family, from));
            assert!(
                (1..=most).contains(&days),
                "{id}: {days} of {most} days from {from}, {:?}",
                order
                    .certificates
                    .iter()
                    .map(|c| (c.valid_from, c.valid_till, c.kind))
                    .collect::<Vec<_>>()
            );
            assert!(
                Some(till) <= order.order_valid_till,
                "{id}: {from} to {till}, order from {} to {:?}, {}",
                order.date_created,
                order.order_valid_till,
                order.product.name_id,
            );
            assert!(from <= today(), "{id}");
        }
    }
}

#[test]
fn requests_belong_to_their_orders() {
    let account = account(1000);
    let mut last = Timestamp::MIN;
    for request in account.requests() {
        let order = account.order(request.order_id).unwrap();
        assert!(order.requests.contains(&request.id));
        assert!(request.date >= last, "ids follow time");
        last = request.date;
        assert!(
            request
                .date_processed
                .is_none_or(|at| at >= request.date && at <= now())
        );
        assert_eq!(request.status.is_open(), request.date_processed.is_none());
        match request.certificate_id {
            Some(id) => assert!(order.certificate(id).is_some()),
            None => assert_eq!(request.kind, RequestKind::Revoke),
        }
        assert!(account.user(request.requester).is_some());
    }
}

#[test]
fn every_name_is_reserved_for_examples() {
    let account = account(3000);
    let mut scripts = BTreeSet::new();
    for order in account.orders() {
        for name in order.certificates.iter().flat_map(|c| &c.dns_names) {
            if name.parse::<std::net::IpAddr>().is_ok() {
                continue;
            }
            let reserved = [
                "example",
                "test",
                "invalid",
                "example.com",
                "example.net",
                "example.org",
            ];
            assert!(
                reserved
                    .iter()
                    .any(|r| name.ends_with(&format!(".{r}")) || name == r),
                "{name}"
            );
            assert!(
                name.is_ascii() && name.split('.').all(|l| l.len() <= 63),
                "{name}"
            );
            scripts.extend(
                name.split('.')
                    .filter(|l| l.starts_with("xn--"))
                    .map(str::to_owned),
            );
        }
    }
    for label in [
        "xn--bcher-kva",
        "xn--r8jz45g",
        "xn--e1afmkfd",
        "xn--mgbcd4a2b0d2b",
    ] {
        assert!(scripts.contains(label), "{label} is missing in {scripts:?}");
    }
}

#[test]
fn there_is_something_that_every_client_stumbles_over() {
    let account = account(250);
    let orders = account.orders();
    let certificates = || orders.iter().flat_map(|o| &o.certificates);
    assert!(certificates().any(|c| c.dns_names.len() == 100));
    assert!(certificates().any(|c| c.common_name.as_ref().is_some_and(|n| n.len() > 64)));
    let mut texts: Vec<&str> = orders
        .iter()
        .flat_map(|o| &o.notes)
        .map(|n| n.text.as_str())
        .collect();
    texts.extend(
        account
            .requests()
            .iter()
            .filter_map(|r| r.comments.as_deref()),
    );
    for bad in [
        "\u{1b}[",
        "\u{1b}]52",
        "\u{202e}",
        "\u{0}",
        "\u{9b}",
        "\r\n",
        "👩‍👩‍👧‍👦",
    ] {
        assert!(texts.iter().any(|t| t.contains(bad)), "{bad:?}");
    }
    assert!(texts.iter().any(|t| t.len() > 4000));
    assert!(
        account
            .organizations
            .iter()
            .any(|o| o.name == "株式会社サンドボックス")
    );
    let used: BTreeSet<_> = orders.iter().filter_map(|o| o.organization_id).collect();
    let kabushiki = account
        .organizations
        .iter()
        .find(|o| o.name.contains("サンド"))
        .unwrap();
    assert!(used.contains(&kabushiki.id));
    assert!(used.len() >= 10, "{used:?}");
    assert!(orders.iter().any(|o| o.custom_fields.len() >= 5));
    assert!(orders.iter().any(|o| o.is_multi_year_plan));
    assert!(orders.iter().any(|o| o.is_migrated && o.is_renewed));
    assert!(orders.iter().any(|o| o.auto_reissue) && orders.iter().any(|o| o.lists_primary));
    assert!(orders.iter().any(|o| o.organization_id.is_none()));
    let waiting = orders.iter().filter(|o| !o.dcv.is_empty());
    assert!(waiting.filter(|o| o.status == OrderStatus::Pending).count() >= 3);
}

#[test]
fn domains_and_organizations_are_in_every_state() {
    let account = account(0);
    assert!(account.orders().is_empty());
    let domains = &account.domains;
    let within = |days: i64| {
        let until = now() + (24 * days).hours();
        move |d: &&crate::sandbox::model::Domain| {
            d.dcv.expires.is_some_and(|at| at > now() && at < until)
        }
    };
    assert!(domains.iter().any(|d| within(7)(&d)));
    assert!(domains.iter().filter(within(30)).count() >= 3);
    assert!(
        domains
            .iter()
            .any(|d| d.dcv.expires.is_some_and(|at| at < now()))
    );
    assert!(
        domains
            .iter()
            .any(|d| d.dcv.approved.is_none() && d.dcv.token.len() == 32)
    );
    assert!(domains.iter().any(|d| !d.is_active));
    let states = count(
        account
            .organizations
            .iter()
            .flat_map(|o| &o.validations)
            .map(|v| match v.status(now()) {
                ValidationStatus::Pending => "pending",
                ValidationStatus::Active => "active",
                ValidationStatus::Expired => "expired",
            }),
    );
    assert_eq!(states.len(), 3, "{states:?}");
    let ids: Vec<u64> = domains
        .iter()
        .map(|d| d.id)
        .chain(account.organizations.iter().map(|o| o.id))
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(
        ids.iter().all(|id| *id < account.ids.other),
        "new ids do not meet old ones"
    );
}

#[test]
fn any_number_of_orders_can_be_had() {
    for orders in [0, 1, 7, 60] {
        assert_eq!(account(orders).orders().len(), orders);
    }
}

#[test]
fn a_hundred_thousand_orders_are_made_without_a_key() {
    let account = account(100_000);
    assert_eq!(account.orders().len(), 100_000);
    assert!(account.orders().is_sorted_by_key(|o| o.id));
    let certificates = || account.orders().iter().flat_map(|o| &o.certificates);
    assert!(certificates().all(|c| c.signed.get().is_none() && c.material.get().is_none()));
    let serials: BTreeSet<_> = certificates().map(|c| c.serial).collect();
    assert_eq!(serials.len(), certificates().count());
    let middle = &account.orders()[50_000].certificates[0];
    assert_eq!(
        account.order_of_certificate(middle.id).unwrap().id,
        account.orders()[50_000].id
    );
}

#[test]
fn a_certificate_is_found_by_its_numbers_while_its_order_is_there() {
    let mut account = account(300);
    let gone = account.orders()[7].clone();
    account.remove_order(gone.id);
    for certificate in &gone.certificates {
        assert!(account.order_of_certificate(certificate.id).is_none());
        assert!(account.find_serial(certificate.serial).is_none());
    }
    let other = account.orders()[0].id;
    for number in 1..=250 {
        let mut more = gone.certificates[0].clone();
        more.id = account.next_certificate_id();
        more.serial = Serial::from_random([number; 16]);
        account.add_certificate(other, more);
    }
    account.add_order(gone);
    let places = |account: &Account| {
        for order in account.orders() {
            for certificate in &order.certificates {
                let found = account.find_serial(certificate.serial);
                let found = found.map(|(order, certificate)| (order.id, certificate));
                assert_eq!(found, Some((order.id, certificate.id)));
                let of = account.order_of_certificate(certificate.id);
                assert_eq!(of.map(|order| order.id), Some(order.id));
            }
        }
    };
    places(&account);
    account.rebuild_index();
    places(&account);
}

#[test]
fn changes_are_marked_for_those_who_have_a_copy() {
    let mut account = account(30);
    let order = account.orders()[0].id;
    let mut held = Held::default();
    account.order_mut(order);
    assert!(!account.is_touched(), "nobody has an older copy");
    let first = serde_json::to_value(account.changes(&mut held).unwrap()).unwrap();
    assert!(first.get("orders").is_none() && first.get("requests").is_none());
    account.order_mut(order);
    assert!(account.is_touched());
    let second = serde_json::to_value(account.changes(&mut held).unwrap()).unwrap();
    assert_eq!(second["orders"][0]["order"]["id"], order);
    assert_eq!(second["orders"].as_array().unwrap().len(), 1);
    assert!(!account.is_touched());
}

#[test]
fn every_issued_certificate_can_be_signed() {
    let ca = Ca::new(1, now());
    let account = account(250);
    let key = ca.made_up_csr(LeafKind::P256, 0, None, &[]).unwrap();
    for order in account.orders() {
        let organization = order
            .organization_id
            .map(|id| account.organization(id).unwrap());
        for c in order.certificates.iter().filter(|c| c.state.was_issued()) {
            let instant = |d: Option<Date>| d.unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp();
            let issued = ca.issue(&IssueRequest {
                ica_id: c.ca_cert_id.to_string(),
                serial: c.serial.bytes(),
                public_key: key.public_key.clone(),
                common_name: c.common_name.clone(),
                dns_names: c.dns_names.clone(),
                emails: c.emails.to_vec(),
                organization: organization.map(|o| Subject {
                    o: o.name.clone(),
                    ou: None,
                    l: Some(o.city.clone()),
                    st: Some(o.state.clone()),
                    c: Some(o.country.clone()),
                    registration: None,
                }),
                not_before: instant(c.valid_from),
                not_after: instant(c.valid_till) + 24.hours(),
                signature_hash: Hash::Sha256,
                profile: Profile::ServerAuth,
                policy: None,
                rsassa_pss: false,
                person: None,
            });
            assert_eq!(issued.unwrap().serial_hex, c.serial.to_string());
            let ica = ca.intermediate(&c.ca_cert_id).unwrap();
            assert_eq!(ica.is_private, order.product.family == Family::PrivateTls);
            let issuer = ca.certificate(&ica.id).unwrap();
            assert!(issuer.valid_from < instant(c.valid_from), "{}", order.id);
        }
    }
}
