//! Rows of the list of orders, packed as text: what the account sends is packed once, and the store and the desk share it.
//!
//! A row is a few flags, then the fields, each text with its length before it. 100,000 of these are read while the operator
//! waits, so there is no JSON in here, and no name that repeats.

mod bytes;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

pub use bytes::Unreadable;
use bytes::{Reader, pack, read, read_earlier};

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
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    count: usize,
    /// Read once already.
    names: Reader<'a>,
}

impl DnsNames for Names<'_> {
    fn each(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut reader = self.names;
        (0..self.count).map(move |_| reader.str().unwrap_or_default())
    }
}

impl PartialEq for Names<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.each().eq(other.each())
    }
}

impl Eq for Names<'_> {}

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
    text: String,
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
            text: String::with_capacity(rows * USUAL),
            places: Vec::with_capacity(rows),
        }
    }

    /// Packs a row behind the others.
    pub fn push<N: DnsNames>(&mut self, row: &Row<'_, N>) {
        let start = self.text.len();
        pack(row, &mut self.text);
        self.place(row.id, start);
    }

    fn place(&mut self, id: OrderId, start: usize) {
        let end = self.text.len();
        self.places.push(Place { id, start, end });
    }

    /// Takes a row that was packed before; fails when the bytes are something else.
    pub fn push_packed(&mut self, id: OrderId, bytes: &[u8]) -> Result<(), Unreadable> {
        if let Ok(row) = read_earlier(id, bytes) {
            self.push(&row);
            return Ok(());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable)?;
        read(id, text)?;
        let start = self.text.len();
        self.text.push_str(text);
        self.place(id, start);
        Ok(())
    }

    /// Bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.text.len()
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
        self.texts().filter_map(|(id, text)| read(id, text).ok())
    }

    /// The rows as they are packed: number, and the bytes, which do not hold the number.
    pub fn packed(&self) -> impl Iterator<Item = (OrderId, &[u8])> {
        self.texts().map(|(id, text)| (id, text.as_bytes()))
    }

    fn texts(&self) -> impl Iterator<Item = (OrderId, &str)> {
        self.places.iter().filter_map(|place| {
            let text = self.text.get(place.start..place.end)?;
            Some((place.id, text))
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
