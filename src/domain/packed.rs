//! Rows of the list of orders as bytes: what the account sends is packed once, and the store and the desk share it.
//!
//! A row is a few flags, then the fields, each text with its length before it. 100,000 of these are read while the operator
//! waits, so there is no JSON in here, and no name that repeats.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use super::order::{Container, OrderSummary, Organization};
use super::product::ProductRef;
use super::status::OrderStatus;

/// One row of the list of orders, its texts wherever they stand; see [`OrderSummary`] for what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a, N = Names<'a>> {
    pub id: OrderId,
    pub certificate_id: Option<CertificateId>,
    pub status: OrderStatus,
    pub common_name: &'a str,
    pub dns_names: N,
    pub serial: Option<&'a str>,
    pub valid_from: Option<Date>,
    pub valid_till: Option<Date>,
    pub order_valid_till: Option<Date>,
    pub created: Option<Timestamp>,
    pub is_renewed: bool,
    pub product: ProductView<'a>,
    pub organization: Option<OrganizationView<'a>>,
    pub container: Option<ContainerView<'a>>,
    pub duplicates: u32,
    pub reissues: u32,
}

/// A [`ProductRef`] whose texts stand elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ProductView<'a> {
    pub name_id: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub validation: Option<&'a str>,
}

/// An [`Organization`] whose texts stand elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganizationView<'a> {
    pub id: Option<OrganizationId>,
    pub name: &'a str,
    pub place: Option<&'a str>,
}

/// A [`Container`] whose texts stand elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContainerView<'a> {
    pub id: Option<ContainerId>,
    pub name: &'a str,
}

impl ProductView<'_> {
    /// With texts of its own.
    pub fn owned(&self) -> ProductRef {
        ProductRef {
            name_id: self.name_id.into(),
            name: self.name.into(),
            kind: self.kind.into(),
            validation: self.validation.map(str::to_owned),
        }
    }
}

impl OrganizationView<'_> {
    /// With texts of its own.
    pub fn owned(&self) -> Organization {
        Organization {
            id: self.id,
            name: self.name.into(),
            place: self.place.map(str::to_owned),
        }
    }
}

impl ContainerView<'_> {
    /// With texts of its own.
    pub fn owned(&self) -> Container {
        Container {
            id: self.id,
            name: self.name.into(),
        }
    }
}

impl<'a> From<&'a ProductRef> for ProductView<'a> {
    fn from(of: &'a ProductRef) -> Self {
        Self {
            name_id: &of.name_id,
            name: &of.name,
            kind: &of.kind,
            validation: of.validation.as_deref(),
        }
    }
}

impl<'a> From<&'a Organization> for OrganizationView<'a> {
    fn from(of: &'a Organization) -> Self {
        Self {
            id: of.id,
            name: &of.name,
            place: of.place.as_deref(),
        }
    }
}

impl<'a> From<&'a Container> for ContainerView<'a> {
    fn from(of: &'a Container) -> Self {
        Self {
            id: of.id,
            name: &of.name,
        }
    }
}

impl PartialEq<ProductRef> for ProductView<'_> {
    fn eq(&self, other: &ProductRef) -> bool {
        *self == ProductView::from(other)
    }
}

impl PartialEq<Organization> for OrganizationView<'_> {
    fn eq(&self, other: &Organization) -> bool {
        *self == OrganizationView::from(other)
    }
}

impl PartialEq<Container> for ContainerView<'_> {
    fn eq(&self, other: &Container) -> bool {
        *self == ContainerView::from(other)
    }
}

/// The DNS names of a row.
pub trait DnsNames {
    /// Each, in turn.
    fn each(&self) -> impl ExactSizeIterator<Item = &str>;
}

impl<T: AsRef<str>> DnsNames for &[T] {
    fn each(&self) -> impl ExactSizeIterator<Item = &str> {
        self.iter().map(AsRef::as_ref)
    }
}

/// The names of a packed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    count: usize,
    /// Read once already.
    bytes: &'a [u8],
}

impl DnsNames for Names<'_> {
    fn each(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut reader = Reader(self.bytes);
        (0..self.count).map(move |_| reader.str().unwrap_or_default())
    }
}

impl<'a> From<&'a OrderSummary> for Row<'a, &'a [String]> {
    fn from(of: &'a OrderSummary) -> Self {
        Self {
            id: of.id,
            certificate_id: of.certificate_id,
            status: of.status.clone(),
            common_name: &of.common_name,
            dns_names: &of.dns_names,
            serial: of.serial.as_deref(),
            valid_from: of.valid_from,
            valid_till: of.valid_till,
            order_valid_till: of.order_valid_till,
            created: of.created,
            is_renewed: of.is_renewed,
            product: ProductView::from(&of.product),
            organization: of.organization.as_ref().map(OrganizationView::from),
            container: of.container.as_ref().map(ContainerView::from),
            duplicates: of.duplicates,
            reissues: of.reissues,
        }
    }
}

impl<N: DnsNames> Row<'_, N> {
    /// With texts of its own.
    pub fn summary(&self) -> OrderSummary {
        OrderSummary {
            id: self.id,
            certificate_id: self.certificate_id,
            status: self.status.clone(),
            common_name: self.common_name.to_owned(),
            dns_names: self.dns_names.each().map(str::to_owned).collect(),
            serial: self.serial.map(str::to_owned),
            valid_from: self.valid_from,
            valid_till: self.valid_till,
            order_valid_till: self.order_valid_till,
            created: self.created,
            is_renewed: self.is_renewed,
            product: self.product.owned(),
            organization: self.organization.as_ref().map(OrganizationView::owned),
            container: self.container.as_ref().map(ContainerView::owned),
            duplicates: self.duplicates,
            reissues: self.reissues,
        }
    }
}

/// Packed rows, in their order.
#[derive(Clone, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place {
    id: OrderId,
    start: usize,
    end: usize,
}

impl Rows {
    /// Room for so many rows of a usual size.
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(rows * USUAL),
            places: Vec::with_capacity(rows),
        }
    }

    /// Packs a row behind the others.
    pub fn push<N: DnsNames>(&mut self, row: &Row<'_, N>) {
        let start = self.bytes.len();
        pack(row, &mut self.bytes);
        self.places.push(Place {
            id: row.id,
            start,
            end: self.bytes.len(),
        });
    }

    /// Takes a row that was packed before; fails when the bytes are something else.
    pub fn push_packed(&mut self, id: OrderId, bytes: &[u8]) -> Result<(), Unreadable> {
        read(id, bytes)?;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.places.push(Place {
            id,
            start,
            end: self.bytes.len(),
        });
        Ok(())
    }

    /// Bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The orders' numbers.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = OrderId> + ExactSizeIterator {
        self.places.iter().map(|place| place.id)
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.packed().map(|(row, _)| row)
    }

    /// The rows, each with its bytes, which do not hold its number.
    pub fn packed(&self) -> impl Iterator<Item = (Row<'_>, &[u8])> {
        self.places.iter().filter_map(|place| {
            let bytes = self.bytes.get(place.start..place.end)?;
            Some((read(place.id, bytes).ok()?, bytes))
        })
    }

    /// Leaves out the rows of other orders.
    pub fn retain(&mut self, mut stays: impl FnMut(OrderId) -> bool) {
        self.places.retain(|place| stays(place.id));
    }
}

impl<'a> FromIterator<&'a OrderSummary> for Rows {
    fn from_iter<T: IntoIterator<Item = &'a OrderSummary>>(rows: T) -> Self {
        let mut packed = Self::default();
        for row in rows {
            packed.push(&Row::from(row));
        }
        packed
    }
}

impl FromIterator<OrderSummary> for Rows {
    fn from_iter<T: IntoIterator<Item = OrderSummary>>(rows: T) -> Self {
        let mut packed = Self::default();
        for row in rows {
            packed.push(&Row::from(&row));
        }
        packed
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.ids().eq(other.ids()) && self.iter().eq(other.iter())
    }
}

impl Eq for Rows {}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|row| row.summary()))
            .finish()
    }
}

/// Bytes of a usual row.
const USUAL: usize = 320;

/// First byte of every row; a row with another one is unreadable and is fetched again.
const FORMAT: u8 = 1;

const CERTIFICATE: u64 = 1;
const SERIAL: u64 = 1 << 1;
const VALID_FROM: u64 = 1 << 2;
const VALID_TILL: u64 = 1 << 3;
const ORDER_VALID_TILL: u64 = 1 << 4;
const CREATED: u64 = 1 << 5;
const RENEWED: u64 = 1 << 6;
const ORGANIZATION: u64 = 1 << 7;
const ORGANIZATION_ID: u64 = 1 << 8;
const PLACE: u64 = 1 << 9;
const CONTAINER: u64 = 1 << 10;
const CONTAINER_ID: u64 = 1 << 11;
const VALIDATION: u64 = 1 << 12;
const OTHER_STATUS: u64 = 1 << 13;

/// Packs everything but the order's number behind what `out` holds.
fn pack<N: DnsNames>(row: &Row<'_, N>, out: &mut Vec<u8>) {
    out.push(FORMAT);
    put_number(out, flags(row));
    put_text(out, row.status.as_str());
    put_text(out, row.common_name);
    let names = row.dns_names.each();
    put_number(out, names.len() as u64);
    for name in names {
        put_text(out, name);
    }
    put_text(out, row.product.name_id);
    put_text(out, row.product.name);
    put_text(out, row.product.kind);
    put_number(out, u64::from(row.duplicates));
    put_number(out, u64::from(row.reissues));
    if let Some(id) = row.certificate_id {
        put_number(out, id.0);
    }
    if let Some(serial) = row.serial {
        put_text(out, serial);
    }
    let days = [row.valid_from, row.valid_till, row.order_valid_till];
    for date in days.into_iter().flatten() {
        put_date(out, date);
    }
    if let Some(created) = row.created {
        put_number(out, zigzag(created.as_second()));
        put_number(out, zigzag(i64::from(created.subsec_nanosecond())));
    }
    if let Some(organization) = &row.organization {
        put_text(out, organization.name);
        if let Some(id) = organization.id {
            put_number(out, id.0);
        }
        if let Some(place) = organization.place {
            put_text(out, place);
        }
    }
    if let Some(container) = &row.container {
        put_text(out, container.name);
        if let Some(id) = container.id {
            put_number(out, id.0);
        }
    }
    if let Some(validation) = row.product.validation {
        put_text(out, validation);
    }
}

fn flags<N>(row: &Row<'_, N>) -> u64 {
    let organization = row.organization;
    let container = row.container;
    [
        (CERTIFICATE, row.certificate_id.is_some()),
        (SERIAL, row.serial.is_some()),
        (VALID_FROM, row.valid_from.is_some()),
        (VALID_TILL, row.valid_till.is_some()),
        (ORDER_VALID_TILL, row.order_valid_till.is_some()),
        (CREATED, row.created.is_some()),
        (RENEWED, row.is_renewed),
        (ORGANIZATION, organization.is_some()),
        (
            ORGANIZATION_ID,
            organization.is_some_and(|o| o.id.is_some()),
        ),
        (PLACE, organization.is_some_and(|o| o.place.is_some())),
        (CONTAINER, container.is_some()),
        (CONTAINER_ID, container.is_some_and(|c| c.id.is_some())),
        (VALIDATION, row.product.validation.is_some()),
        (OTHER_STATUS, matches!(row.status, OrderStatus::Other(_))),
    ]
    .into_iter()
    .filter_map(|(flag, set)| set.then_some(flag))
    .sum()
}

/// Reads what [`pack`] wrote; fails when it is something else.
fn read(id: OrderId, bytes: &[u8]) -> Result<Row<'_>, Unreadable> {
    let mut reader = Reader(bytes);
    if reader.byte()? != FORMAT {
        return Err(Unreadable);
    }
    let flags = reader.number()?;
    let has = |flag: u64| flags & flag != 0;
    let status = read_status(reader.str()?, has(OTHER_STATUS));
    let common_name = reader.str()?;
    let dns_names = reader.names()?;
    let mut product = ProductView {
        name_id: reader.str()?,
        name: reader.str()?,
        kind: reader.str()?,
        validation: None,
    };
    let duplicates = reader.count()?;
    let reissues = reader.count()?;
    let certificate_id = reader
        .when(has(CERTIFICATE), Reader::number)?
        .map(CertificateId);
    let serial = reader.when(has(SERIAL), Reader::str)?;
    let valid_from = reader.when(has(VALID_FROM), Reader::date)?;
    let valid_till = reader.when(has(VALID_TILL), Reader::date)?;
    let order_valid_till = reader.when(has(ORDER_VALID_TILL), Reader::date)?;
    let created = reader.when(has(CREATED), Reader::timestamp)?;
    let organization = reader.when(has(ORGANIZATION), |reader| {
        Ok(OrganizationView {
            name: reader.str()?,
            id: reader
                .when(has(ORGANIZATION_ID), Reader::number)?
                .map(OrganizationId),
            place: reader.when(has(PLACE), Reader::str)?,
        })
    })?;
    let container = reader.when(has(CONTAINER), |reader| {
        Ok(ContainerView {
            name: reader.str()?,
            id: reader
                .when(has(CONTAINER_ID), Reader::number)?
                .map(ContainerId),
        })
    })?;
    product.validation = reader.when(has(VALIDATION), Reader::str)?;
    if !reader.0.is_empty() {
        return Err(Unreadable);
    }
    Ok(Row {
        id,
        certificate_id,
        status,
        common_name,
        dns_names,
        serial,
        valid_from,
        valid_till,
        order_valid_till,
        created,
        is_renewed: has(RENEWED),
        product,
        organization,
        container,
        duplicates,
        reissues,
    })
}

// Compared with the known spellings first: `parse` folds case into a new string, once for each row.
fn read_status(text: &str, other: bool) -> OrderStatus {
    if other {
        return OrderStatus::Other(text.into());
    }
    OrderStatus::KNOWN
        .iter()
        .find(|known| known.as_str() == text)
        .cloned()
        .unwrap_or_else(|| OrderStatus::parse(text))
}

fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_date(out: &mut Vec<u8>, date: Date) {
    out.extend_from_slice(&date.year().to_le_bytes());
    out.extend_from_slice(&[date.month().cast_unsigned(), date.day().cast_unsigned()]);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// The bytes are no packed row: another version's, or damaged.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable;

/// What is left of a row.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        let (&first, rest) = self.0.split_first().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(first)
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Unreadable)
    }

    fn count(&mut self) -> Result<u32, Unreadable> {
        u32::try_from(self.number()?).map_err(|_| Unreadable)
    }

    fn str(&mut self) -> Result<&'a str, Unreadable> {
        let length = self.number()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| Unreadable)
    }

    fn names(&mut self) -> Result<Names<'a>, Unreadable> {
        let count = self.number()? as usize;
        // A name takes at least its length byte: a count beyond that is damage, not a reason to look on.
        if count > self.0.len() {
            return Err(Unreadable);
        }
        let all = self.0;
        for _ in 0..count {
            self.str()?;
        }
        let bytes = &all[..all.len() - self.0.len()];
        Ok(Names { count, bytes })
    }

    fn date(&mut self) -> Result<Date, Unreadable> {
        let &[low, high, month, day] = self.take(4)? else {
            return Err(Unreadable);
        };
        let year = i16::from_le_bytes([low, high]);
        Date::new(year, month.cast_signed(), day.cast_signed()).map_err(|_| Unreadable)
    }

    fn timestamp(&mut self) -> Result<Timestamp, Unreadable> {
        let second = unzigzag(self.number()?);
        let nanosecond = i32::try_from(unzigzag(self.number()?)).map_err(|_| Unreadable)?;
        Timestamp::new(second, nanosecond).map_err(|_| Unreadable)
    }

    fn when<T>(
        &mut self,
        present: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        present.then(|| read(self)).transpose()
    }
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
