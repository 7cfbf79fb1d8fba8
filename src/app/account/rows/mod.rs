//! The account's orders, packed: 100,000 of them take a few dozen megabytes. A row has a fixed size; what repeats
//! (products, organisations, containers, states) is kept once, and names stand in one text for all rows.
//!
//! A row keeps its place until rows are removed. What was packed from it (an order of all places) can be kept up to date
//! from [`Orders::changed`].

mod arena;
mod bits;
mod day;
mod once;
mod places;
mod serials;
mod standing;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;

use jiff::Timestamp;
use jiff::civil::Date;
use memchr::memmem::Finder;
use rustc_hash::FxBuildHasher;

use self::arena::Arena;
pub use self::bits::Bits;
pub(in crate::app) use self::day::Day;
use self::once::{NONE, Once};
use self::places::Places;
use self::serials::{Digits, Serials};
pub use self::standing::{Lookup, Obstacle, obstacles};
use crate::domain::coverage::{Coverage, coverage};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::names::{self, NamePart};
use crate::domain::order::{Container, OrderSummary, Organization};
use crate::domain::packed::{DnsNames as _, Row, Rows};
use crate::domain::product::ProductRef;
use crate::domain::status::OrderStatus;

/// The part of all rows up to which it takes less to look at each than to go through all.
const FEW: usize = 16;

/// Rows for which room is made before they come, at most.
const MOST_EXPECTED: usize = 1 << 22;

/// What of a row has a fixed size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub id: OrderId,
    certificate: u64,
    /// The second in which it was placed; the first of all where that is not told.
    pub(in crate::app) created: i64,
    /// Its text in the arena.
    names: u32,
    /// Where its digits stand, packed.
    serial: u32,
    /// Last day of the certificate.
    pub(in crate::app) valid_till: Day,
    from: Day,
    /// Last day of the order.
    pub(in crate::app) order_valid_till: Day,
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

impl Packed {
    /// Last day of the certificate.
    pub fn valid_till(&self) -> Option<Date> {
        self.valid_till.date()
    }

    /// First day of the certificate.
    pub fn from(&self) -> Option<Date> {
        self.from.date()
    }

    /// Last day of the order.
    pub fn order_valid_till(&self) -> Option<Date> {
        self.order_valid_till.date()
    }
}

/// One order of the list.
#[derive(Debug, Clone, Copy)]
pub struct OrderRow<'a> {
    orders: &'a Orders,
    packed: &'a Packed,
    place: u32,
}

impl Deref for OrderRow<'_> {
    type Target = Packed;

    fn deref(&self) -> &Packed {
        self.packed
    }
}

impl<'a> OrderRow<'a> {
    /// Where it stands among all rows.
    pub fn place(&self) -> u32 {
        self.place
    }

    /// Common name, or the empty text.
    pub fn common_name(&self) -> &'a str {
        self.names_text().split('\n').next().unwrap_or_default()
    }

    /// The common name as people read it: a host's in lower case, a person's as it is written.
    pub fn display_name(&self) -> &'a str {
        match self.orders.shown.get(&self.place) {
            Some(shown) => shown,
            None => self.common_name(),
        }
    }

    /// The names beside the common name.
    pub fn other_names(&self) -> impl Iterator<Item = &'a str> {
        self.names_text().split('\n').skip(1)
    }

    /// All names, one a line, the common name first; hosts as [`normalise`](crate::domain::names::normalise) gives them.
    pub fn names_text(&self) -> &'a str {
        self.orders.names.get(self.packed.names)
    }

    /// Serial number of the primary, upper-case hex, or the empty text.
    pub fn serial(&self) -> Cow<'a, str> {
        self.orders.serials.get(self.packed.serial)
    }

    /// The primary certificate.
    pub fn certificate(&self) -> Option<CertificateId> {
        (self.packed.certificate != 0).then_some(CertificateId(self.packed.certificate))
    }

    /// When it was placed.
    pub fn created(&self) -> Option<Timestamp> {
        (self.packed.created != i64::MIN)
            .then(|| Timestamp::from_second(self.packed.created).ok())
            .flatten()
    }

    /// State of the order.
    pub fn status(&self) -> &'a OrderStatus {
        let status = self.orders.statuses.get(self.packed.status);
        status.unwrap_or(&OrderStatus::Processing)
    }

    /// What was ordered, as much as the list tells of it.
    pub fn product(&self) -> Option<&'a ProductRef> {
        self.orders.products.get(self.packed.product)
    }

    /// Whom it was ordered for; none on DV.
    pub fn organization(&self) -> Option<&'a Organization> {
        self.orders.organizations.get(self.packed.organization)
    }

    /// The division that it belongs to.
    pub fn container(&self) -> Option<&'a Container> {
        self.orders.containers.get(self.packed.container)
    }

    /// What it is called: its common name, else the organisation, else its number.
    pub fn title(&self) -> String {
        let name = self.display_name();
        if !name.is_empty() {
            return name.to_string();
        }
        match self.organization() {
            Some(organization) => organization.name.clone(),
            None => format!("order {}", self.id),
        }
    }

    /// What its dates call for.
    pub fn coverage(&self, today: Date) -> Coverage {
        coverage(
            self.status(),
            self.valid_till(),
            self.order_valid_till(),
            self.is_renewed,
            today,
        )
    }

    /// The row as it came, but for names in lower case.
    pub fn summary(&self) -> OrderSummary {
        OrderSummary {
            id: self.id,
            certificate_id: self.certificate(),
            status: self.status().clone(),
            common_name: self.display_name().to_owned(),
            dns_names: self.names_text().split('\n').map(str::to_owned).collect(),
            serial: Some(self.serial().into_owned()).filter(|serial| !serial.is_empty()),
            valid_from: self.from(),
            valid_till: self.valid_till(),
            order_valid_till: self.order_valid_till(),
            created: self.created(),
            is_renewed: self.is_renewed,
            product: self.product().cloned().unwrap_or_default(),
            organization: self.organization().cloned(),
            container: self.container().cloned(),
            duplicates: u32::from(self.duplicates),
            reissues: u32::from(self.reissues),
        }
    }
}

/// The account's orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Orders {
    rows: Vec<Packed>,
    /// All names of each row, one a line, as they are compared.
    names: Arena,
    serials: Serials,
    /// The common name as it is shown, where it is not as it is compared: a person's, and a host's of another script.
    shown: HashMap<u32, Box<str>, FxBuildHasher>,
    /// The highest number that was seen.
    highest: u64,
    index: Places,
    statuses: Once<OrderStatus>,
    products: Once<ProductRef>,
    organizations: Once<Organization>,
    containers: Once<Container>,
    /// Places of rows that were replaced, in turn.
    changed: Vec<u32>,
    /// How often all of it was made anew.
    generation: u32,
    /// Names of a row on their way to the arena.
    scratch: String,
    /// How many rows are to come in all, as far as that is told.
    expected: usize,
}

impl Orders {
    /// Takes rows; those known already are replaced.
    pub fn upsert(&mut self, rows: &Rows) {
        for row in rows.iter() {
            self.take(&row);
        }
        if self.names.is_wasteful() || self.serials.is_wasteful() {
            self.pack_anew(|_| true);
        }
        self.make_room();
        if self.changed.len() > self.rows.len() / 4 + 64 {
            self.begin_anew();
        }
    }

    /// Says how many rows there will be. Room for them is made once, from what the first take: what grows by itself
    /// leaves holes behind it.
    pub fn expect(&mut self, rows: usize) {
        self.expected = rows;
    }

    fn make_room(&mut self) {
        let len = self.rows.len();
        if len == 0 || self.expected <= self.rows.capacity() {
            return;
        }
        // A count that is none is not believed; without the room all of it grows as it comes.
        let all = self.expected.min(MOST_EXPECTED);
        let more = all.saturating_sub(len);
        self.expected = 0;
        if self.rows.try_reserve_exact(more).is_ok() {
            self.names.make_room(len, all);
            self.serials.make_room(len, all);
            self.index.make_room(more, &self.rows);
        }
    }

    fn take(&mut self, summary: &Row<'_>) {
        let id = summary.id;
        // Most come in ascending order.
        let known = Some(id).filter(|id| id.0 <= self.highest);
        let known = known.and_then(|id| self.index.get(id, &self.rows));
        let place = known.unwrap_or(self.rows.len() as u32);
        let shown = self.read_names(summary);
        // Where none is told it is the empty text.
        let mut serial = Cow::Borrowed(summary.serial.unwrap_or_default());
        if serial.bytes().any(|digit| digit.is_ascii_lowercase()) {
            serial.to_mut().make_ascii_uppercase();
        }
        let mut row = Packed {
            id,
            certificate: summary.certificate_id.map_or(0, |id| id.0),
            names: 0,
            serial: 0,
            created: summary.created.map_or(i64::MIN, Timestamp::as_second),
            valid_till: summary.valid_till.into(),
            from: summary.valid_from.into(),
            order_valid_till: summary.order_valid_till.into(),
            duplicates: u16::try_from(summary.duplicates).unwrap_or(u16::MAX),
            reissues: u16::try_from(summary.reissues).unwrap_or(u16::MAX),
            status: self
                .statuses
                .number(&summary.status, || summary.status.clone()),
            product: self
                .products
                .number(&summary.product, || summary.product.owned()),
            organization: summary.organization.map_or(NONE, |value| {
                self.organizations.number(&value, || value.owned())
            }),
            container: summary.container.map_or(NONE, |value| {
                self.containers.number(&value, || value.owned())
            }),
            is_renewed: summary.is_renewed,
        };
        let old = known.and_then(|place| self.rows.get(place as usize));
        row.names = match old.map(|old| old.names) {
            Some(old) if self.names.get(old) == self.scratch => old,
            old => {
                if let Some(old) = old {
                    self.names.remove(old);
                }
                self.names.push(place, &self.scratch)
            }
        };
        row.serial = match old.map(|old| old.serial) {
            Some(old) if self.serials.get(old) == serial => old,
            old => {
                if let Some(old) = old {
                    self.serials.remove(old);
                }
                self.serials.push(&serial)
            }
        };
        let shown_before = self.shown.get(&place);
        if old == Some(&row) && shown_before == shown.as_ref() {
            return;
        }
        match shown {
            Some(shown) => {
                self.shown.insert(place, shown);
            }
            None if shown_before.is_some() => {
                self.shown.remove(&place);
            }
            None => {}
        }
        if known.is_some() {
            self.rows[place as usize] = row;
            self.changed.push(place);
        } else {
            self.highest = self.highest.max(id.0);
            self.rows.push(row);
            self.index.insert(place, &self.rows);
        }
    }

    /// Puts the names of an order down as they are compared; gives its common name where it is shown otherwise.
    fn read_names(&mut self, summary: &Row<'_>) -> Option<Box<str>> {
        let names = &mut self.scratch;
        names.clear();
        let written = summary.common_name.trim();
        push_compared(names, written);
        let common = names.len();
        let shown = if written == names {
            (!written.is_ascii()).then(|| Box::from(written))
        } else if !is_host(written) {
            Some(Box::from(written))
        } else {
            (!written.is_ascii()).then(|| written.to_lowercase().into())
        };
        for name in summary.dns_names.each() {
            let before = names.len();
            names.push('\n');
            push_compared(names, name);
            let added = &names[before + 1..];
            if added.is_empty() || *added == names[..common] {
                names.truncate(before);
            }
        }
        shown
    }

    /// Forgets orders.
    pub fn remove(&mut self, gone: &[OrderId]) {
        let mut places = Bits::none(self.rows.len());
        for place in gone.iter().filter_map(|id| self.place(*id)) {
            places.set(place);
        }
        if places.count() > 0 {
            self.pack_anew(|place| !places.has(place));
            self.begin_anew();
        }
    }

    /// Packs the rows that stay without gaps.
    fn pack_anew(&mut self, stays: impl Fn(u32) -> bool) {
        let (names, serials) = (
            std::mem::take(&mut self.names),
            std::mem::take(&mut self.serials),
        );
        let mut shown = std::mem::take(&mut self.shown);
        let rows = std::mem::take(&mut self.rows);
        self.index.clear();
        for (was, mut row) in (0..).zip(rows) {
            if !stays(was) {
                continue;
            }
            let place = self.rows.len() as u32;
            row.names = self.names.push(place, names.get(row.names));
            row.serial = self.serials.push(&serials.get(row.serial));
            if let Some(shown) = shown.remove(&was) {
                self.shown.insert(place, shown);
            }
            self.rows.push(row);
            self.index.insert(place, &self.rows);
        }
    }

    fn begin_anew(&mut self) {
        self.generation += 1;
        self.changed.clear();
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

    /// All rows, in the order of their places.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = OrderRow<'_>> {
        self.rows
            .iter()
            .enumerate()
            .map(|(place, packed)| OrderRow {
                orders: self,
                packed,
                place: place as u32,
            })
    }

    /// What of all rows has a fixed size, by place.
    pub(in crate::app) fn packed(&self) -> &[Packed] {
        &self.rows
    }

    /// A row by its place.
    pub fn at(&self, place: u32) -> Option<OrderRow<'_>> {
        let packed = self.rows.get(place as usize)?;
        Some(OrderRow {
            orders: self,
            packed,
            place,
        })
    }

    /// A row by its number.
    pub fn get(&self, id: OrderId) -> Option<OrderRow<'_>> {
        self.at(self.place(id)?)
    }

    /// Where the row of this number stands.
    pub fn place(&self, id: OrderId) -> Option<u32> {
        self.index.get(id, &self.rows)
    }

    /// The rows among these one of whose names has a part. What is found beside them does not count.
    pub fn named(&self, part: &NamePart, among: &Bits) -> Bits {
        let mut found = Bits::none(self.rows.len());
        for needle in part.needles() {
            found.or(&self.with_name_text(&needle, among));
        }
        if part.is_of_another_script() {
            let mut encoded = self.with_name_text("xn--", among);
            encoded.and(among);
            for row in encoded.places().filter_map(|place| self.at(place)) {
                if part.is_in(row.names_text()) {
                    found.set(row.place);
                }
            }
        }
        found
    }

    /// The rows among these in whose names a text stands. What is found beside them does not count.
    pub fn with_name_text(&self, text: &str, among: &Bits) -> Bits {
        let mut found = Bits::none(self.rows.len());
        if among.count() > self.rows.len() / FEW {
            self.names.find(text, &mut found);
            return found;
        }
        // Few rows are looked at one by one, many by going through the texts of all.
        let needle = Finder::new(text);
        for place in among.places() {
            let row = self.rows.get(place as usize);
            if row.is_some_and(|row| self.names.has(row.names, &needle)) {
                found.set(place);
            }
        }
        found
    }

    /// The rows among these in whose serial number these upper-case digits stand. What is found beside them does not count.
    pub fn with_serial_digits(&self, digits: &str, among: &Bits) -> Bits {
        let digits = Digits::new(digits, &self.serials);
        let mut found = Bits::none(self.rows.len());
        for place in among.places() {
            let row = self.rows.get(place as usize);
            if row.is_some_and(|row| digits.are_in(&self.serials, row.serial)) {
                found.set(place);
            }
        }
        found
    }

    /// Of which making the rows are, and how many changes there were since: what was made of them then holds with
    /// [`changed`](Self::changed).
    pub fn revision(&self) -> (u32, usize) {
        (self.generation, self.changed.len())
    }

    /// Places of the rows that were replaced after a revision; `None` where all of it was made anew since.
    pub fn changed(&self, since: (u32, usize)) -> Option<&[u32]> {
        (since.0 == self.generation)
            .then(|| self.changed.get(since.1..))
            .flatten()
    }

    pub(in crate::app) fn product_values(&self) -> &[ProductRef] {
        self.products.values()
    }

    pub(in crate::app) fn organization_values(&self) -> &[Organization] {
        self.organizations.values()
    }

    pub(in crate::app) fn container_values(&self) -> &[Container] {
        self.containers.values()
    }

    pub(in crate::app) fn status_values(&self) -> &[OrderStatus] {
        self.statuses.values()
    }
}

/// Persons' names have blanks, or no dot; that of other keyboards counts.
fn is_host(name: &str) -> bool {
    name.contains(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']) && !name.contains(' ')
}

/// Puts a name behind the others as it is compared.
fn push_compared(names: &mut String, name: &str) {
    let name = name.trim();
    if is_plain(name) {
        names.push_str(name);
    } else if is_host(name) {
        names.push_str(&names::normalise(name));
    } else {
        names.push_str(&name.to_lowercase());
    }
}

/// Whether it is already as it is compared, as nearly every name is.
fn is_plain(name: &str) -> bool {
    // Without a branch, so that several bytes are looked at at once.
    let is_plain = |byte: u8| {
        let letter = byte.wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        let mark = matches!(byte, b'-' | b'.' | b'*' | b'_');
        letter | digit | mark
    };
    name.bytes().fold(true, |all, byte| all & is_plain(byte)) && !name.ends_with('.')
}

#[cfg(test)]
mod tests;
