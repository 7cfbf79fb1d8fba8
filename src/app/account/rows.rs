//! The account's orders, packed: 100,000 of them take a few dozen megabytes. What repeats (products,
//! organisations, containers, states) is kept once.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::coverage::{Coverage, coverage};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::names;
use crate::domain::order::{Container, OrderSummary, Organization};
use crate::domain::product::ProductRef;
use crate::domain::status::OrderStatus;

const NONE: u16 = u16::MAX;

/// One order, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub id: OrderId,
    certificate: u64,
    names: Box<str>,
    /// The common name as it is shown, where it is not as it is compared: a person's, and a host's of another script.
    shown: Option<Box<str>>,
    serial: Box<str>,
    created: i64,
    /// Last day of the certificate.
    pub valid_till: Option<Date>,
    /// First day of the certificate.
    pub from: Option<Date>,
    /// Last day of the order.
    pub order_valid_till: Option<Date>,
    /// Duplicates counted by the account.
    pub duplicates: u16,
    /// Reissues counted by the account.
    pub reissues: u16,
    pub(in crate::app) status: u16,
    pub(in crate::app) product: u16,
    pub(in crate::app) organization: u16,
    pub(in crate::app) container: u16,
    /// Whether another order renewed it.
    pub is_renewed: bool,
}

impl OrderRow {
    /// Common name, or the empty text.
    pub fn common_name(&self) -> &str {
        self.names.split('\n').next().unwrap_or_default()
    }

    /// The common name as people read it: a host's in lower case, a person's as it is written.
    pub fn display_name(&self) -> &str {
        self.shown.as_deref().unwrap_or_else(|| self.common_name())
    }

    /// The names beside the common name.
    pub fn other_names(&self) -> impl Iterator<Item = &str> {
        self.names.split('\n').skip(1)
    }

    /// All names, one a line, the common name first; hosts as [`normalise`](crate::domain::names::normalise) gives them.
    pub fn names_text(&self) -> &str {
        &self.names
    }

    /// Serial number of the primary, upper-case hex, or the empty text.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The primary certificate.
    pub fn certificate(&self) -> Option<CertificateId> {
        (self.certificate != 0).then_some(CertificateId(self.certificate))
    }

    /// When it was placed.
    pub fn created(&self) -> Option<Timestamp> {
        (self.created != i64::MIN)
            .then(|| Timestamp::from_second(self.created).ok())
            .flatten()
    }

    pub(in crate::app) fn created_second(&self) -> i64 {
        self.created
    }
}

/// A table that keeps each value once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Once<T: std::hash::Hash + Eq> {
    values: Vec<T>,
    index: HashMap<T, u16>,
}

impl<T: std::hash::Hash + Eq> Default for Once<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            index: HashMap::new(),
        }
    }
}

impl<T: std::hash::Hash + Eq + Clone> Once<T> {
    /// The number of a value. When the table is full (65,535 different ones) the value is not kept.
    fn number(&mut self, value: T) -> u16 {
        if let Some(number) = self.index.get(&value) {
            return *number;
        }
        let number = self.values.len() as u16;
        if number == NONE {
            return NONE;
        }
        self.values.push(value.clone());
        self.index.insert(value, number);
        number
    }

    fn get(&self, number: u16) -> Option<&T> {
        self.values.get(usize::from(number))
    }
}

/// The account's orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Orders {
    rows: Vec<OrderRow>,
    /// The highest number that was seen.
    highest: u64,
    index: HashMap<OrderId, u32>,
    statuses: Once<OrderStatus>,
    products: Once<ProductRef>,
    organizations: Once<Organization>,
    containers: Once<Container>,
}

impl Orders {
    /// Takes rows; those known already are replaced.
    pub fn upsert(&mut self, rows: Vec<OrderSummary>) {
        for summary in rows {
            let row = self.pack(summary);
            self.highest = self.highest.max(row.id.0);
            if let Some(at) = self.index.get(&row.id) {
                self.rows[*at as usize] = row;
            } else {
                self.index.insert(row.id, self.rows.len() as u32);
                self.rows.push(row);
            }
        }
    }

    /// Forgets orders.
    pub fn remove(&mut self, gone: &[OrderId]) {
        if gone.is_empty() {
            return;
        }
        let gone: std::collections::HashSet<_> = gone.iter().collect();
        self.rows.retain(|row| !gone.contains(&row.id));
        self.index = (0..)
            .zip(&self.rows)
            .map(|(at, row)| (row.id, at))
            .collect();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Digits of the longest number.
    pub fn digits(&self) -> u16 {
        self.highest
            .checked_ilog10()
            .map_or(1, |tens| tens as u16 + 1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows, in the order in which they came.
    pub fn rows(&self) -> &[OrderRow] {
        &self.rows
    }

    /// A row by its place.
    pub fn at(&self, place: u32) -> Option<&OrderRow> {
        self.rows.get(place as usize)
    }

    /// A row by its number.
    pub fn get(&self, id: OrderId) -> Option<&OrderRow> {
        self.at(*self.index.get(&id)?)
    }

    /// State of a row.
    pub fn status(&self, row: &OrderRow) -> &OrderStatus {
        self.statuses
            .get(row.status)
            .unwrap_or(&OrderStatus::Processing)
    }

    /// Product of a row.
    pub fn product(&self, row: &OrderRow) -> Option<&ProductRef> {
        self.products.get(row.product)
    }

    /// Organisation of a row.
    pub fn organization(&self, row: &OrderRow) -> Option<&Organization> {
        self.organizations.get(row.organization)
    }

    /// Container of a row.
    pub fn container(&self, row: &OrderRow) -> Option<&Container> {
        self.containers.get(row.container)
    }

    pub(in crate::app) fn product_values(&self) -> &[ProductRef] {
        &self.products.values
    }

    pub(in crate::app) fn organization_values(&self) -> &[Organization] {
        &self.organizations.values
    }

    pub(in crate::app) fn container_values(&self) -> &[Container] {
        &self.containers.values
    }

    pub(in crate::app) fn status_values(&self) -> &[OrderStatus] {
        &self.statuses.values
    }

    /// What a row is called: its common name, else the organisation, else its number.
    pub fn title(&self, row: &OrderRow) -> String {
        let name = row.display_name();
        if !name.is_empty() {
            return name.to_string();
        }
        match self.organization(row) {
            Some(organization) => organization.name.clone(),
            None => format!("order {}", row.id),
        }
    }

    /// What the dates of a row call for.
    pub fn coverage(&self, row: &OrderRow, today: Date) -> Coverage {
        coverage(
            self.status(row),
            row.valid_till,
            row.order_valid_till,
            row.is_renewed,
            today,
        )
    }

    /// A row as it came, but for names in lower case.
    pub fn summary(&self, row: &OrderRow) -> OrderSummary {
        OrderSummary {
            id: row.id,
            certificate_id: row.certificate(),
            status: self.status(row).clone(),
            common_name: row.display_name().to_owned(),
            dns_names: row.names_text().split('\n').map(str::to_owned).collect(),
            serial: (!row.serial.is_empty()).then(|| row.serial.to_string()),
            valid_from: row.from,
            valid_till: row.valid_till,
            order_valid_till: row.order_valid_till,
            created: row.created(),
            is_renewed: row.is_renewed,
            product: self.product(row).cloned().unwrap_or_default(),
            organization: self.organization(row).cloned(),
            container: self.container(row).cloned(),
            duplicates: u32::from(row.duplicates),
            reissues: u32::from(row.reissues),
        }
    }

    fn pack(&mut self, summary: OrderSummary) -> OrderRow {
        let written = summary.common_name.trim();
        let mut names = compared(written);
        let is_person = written != names && !is_host(written);
        let shown = if is_person {
            Some(Box::from(written))
        } else {
            (!written.is_ascii()).then(|| written.to_lowercase().into())
        };
        let common = names.len();
        for name in &summary.dns_names {
            let name = compared(name);
            if !name.is_empty() && name != names[..common] {
                names.push('\n');
                names.push_str(&name);
            }
        }
        OrderRow {
            id: summary.id,
            certificate: summary.certificate_id.map_or(0, |id| id.0),
            names: names.into_boxed_str(),
            shown,
            serial: summary
                .serial
                .unwrap_or_default()
                .to_ascii_uppercase()
                .into_boxed_str(),
            created: summary.created.map_or(i64::MIN, Timestamp::as_second),
            valid_till: summary.valid_till,
            from: summary.valid_from,
            order_valid_till: summary.order_valid_till,
            duplicates: u16::try_from(summary.duplicates).unwrap_or(u16::MAX),
            reissues: u16::try_from(summary.reissues).unwrap_or(u16::MAX),
            status: self.statuses.number(summary.status),
            product: self.products.number(summary.product),
            organization: summary
                .organization
                .map_or(NONE, |value| self.organizations.number(value)),
            container: summary
                .container
                .map_or(NONE, |value| self.containers.number(value)),
            is_renewed: summary.is_renewed,
        }
    }
}

/// Persons' names have blanks, or no dot; that of other keyboards counts.
fn is_host(name: &str) -> bool {
    name.contains(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']) && !name.contains(' ')
}

fn compared(name: &str) -> String {
    let name = name.trim();
    if is_host(name) {
        names::normalise(name)
    } else {
        name.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::summary;

    #[test]
    fn a_person_is_called_as_it_is_written_and_found_in_any_letters() {
        let mut orders = Orders::default();
        orders.upsert(vec![
            summary(1, "Zoë Ñandú"),
            summary(2, "Shop.Example.NET"),
            summary(3, "Dr. Ada Example"),
        ]);
        let shown: Vec<&str> = orders.rows().iter().map(OrderRow::display_name).collect();
        assert_eq!(shown, ["Zoë Ñandú", "shop.example.net", "Dr. Ada Example"]);
        let row = orders.get(OrderId(1)).unwrap();
        assert_eq!(row.common_name(), "zoë ñandú");
        assert_eq!(orders.title(row), "Zoë Ñandú");
    }

    #[test]
    fn a_row_that_comes_again_replaces_the_old_one() {
        let mut orders = Orders::default();
        orders.upsert(vec![
            summary(1, "a.example.net"),
            summary(2, "b.example.net"),
        ]);
        orders.upsert(vec![summary(1, "c.example.net")]);
        assert_eq!(orders.len(), 2);
        let row = orders.get(OrderId(1)).unwrap();
        assert_eq!(row.common_name(), "c.example.net");
    }

    #[test]
    fn the_common_name_is_not_told_twice() {
        let mut orders = Orders::default();
        let mut row = summary(1, "A.example.net");
        row.dns_names = vec!["a.example.net".into(), " ".into(), "b.example.net".into()];
        orders.upsert(vec![row]);
        let row = orders.get(OrderId(1)).unwrap();
        assert_eq!(row.other_names().collect::<Vec<_>>(), ["b.example.net"]);
    }

    #[test]
    fn a_removed_row_is_gone_and_the_others_are_found() {
        let mut orders = Orders::default();
        orders.upsert((1..=5).map(|n| summary(n, "a.example.net")).collect());
        orders.remove(&[OrderId(2)]);
        assert!(orders.get(OrderId(2)).is_none());
        assert_eq!(orders.get(OrderId(5)).map(|row| row.id), Some(OrderId(5)));
    }
}
