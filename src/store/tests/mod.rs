//! What the store promises, on real files.

mod cells;
mod disk;
mod drafts;
mod endpoints;
mod formats;
mod installs;
mod journal;
mod orders;
mod outputs;
mod served;
mod stages;
mod states;
mod twins;

use std::ops::ControlFlow;

use jiff::Timestamp;

use super::Store;
use crate::domain::ids::{CertificateId, ContainerId, OrganizationId};
use crate::domain::order::{Container, OrderSummary, Organization};
use crate::domain::testing::fixtures;

/// An order as a list brings it; every field filled.
pub(super) fn order(id: u64) -> OrderSummary {
    OrderSummary {
        certificate_id: Some(CertificateId(id + 1_000_000)),
        dns_names: vec![
            format!("host-{id}.example.net"),
            format!("www.host-{id}.example.net"),
        ],
        serial: Some(format!("{id:032X}")),
        valid_from: Some(jiff::civil::date(2026, 2, 1)),
        valid_till: Some(
            jiff::civil::date(2026, 3, 1).saturating_add(jiff::Span::new().days(id as i64 % 300)),
        ),
        order_valid_till: Some(jiff::civil::date(2027, 2, 1)),
        created: Some("2026-01-30T08:12:45Z".parse().unwrap()),
        is_renewed: id.is_multiple_of(2),
        organization: Some(Organization {
            id: Some(OrganizationId(445_566)),
            name: "Müller 株式会社".into(),
            place: Some("Köln, DE".into()),
        }),
        container: Some(Container {
            id: Some(ContainerId(77)),
            name: "Web shop".into(),
        }),
        duplicates: 2,
        ..fixtures::summary(id, &format!("host-{id}.example.net"))
    }
}

pub(super) fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(super) fn all(store: &Store, account: &str) -> Vec<OrderSummary> {
    let mut orders = Vec::new();
    store
        .load_all(account, |batch| {
            orders.extend(batch.iter().map(|row| row.summary()));
            ControlFlow::Continue(())
        })
        .unwrap();
    orders
}
