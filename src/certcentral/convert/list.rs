//! A page of *list orders*: each row is packed as it is read, so that no page stands in memory as single texts.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::order::{count, status};
use super::{day, moment, serial, some_id};
use crate::certcentral::wire::common::PageInfo;
use crate::certcentral::wire::lenient::{Lenient, Object, absent_unless_list_or_object, read};
use crate::certcentral::wire::order::{OrderRow, RowNamed};
use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use crate::domain::packed::{ContainerView, OrganizationView, ProductView, Row, Rows};

/// *List orders*. The `orders` key is missing when nothing was found.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OrderList {
    #[serde(deserialize_with = "read")]
    pub orders: OrderRows,
    #[serde(deserialize_with = "read")]
    pub page: Option<PageInfo>,
}

/// The rows of a page.
#[derive(Debug, Default, PartialEq)]
pub struct OrderRows {
    /// Rows that could be read.
    pub rows: Rows,
    /// The places of those that could not, and their numbers, where that much can be told.
    pub unread: Vec<(usize, Option<u64>)>,
}

impl OrderRows {
    /// Rows that the server sent.
    pub fn len(&self) -> usize {
        self.rows.len() + self.unread.len()
    }

    /// Whether the server sent none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a row; `scratch` is room for what is put together of it.
    fn take(&mut self, row: &OrderRow<'_>, scratch: &mut String) {
        let id = some_id(row.id);
        match id.filter(|_| !row.unsure) {
            Some(id) => pack(OrderId(id), row, &mut self.rows, scratch),
            None => self.unread.push((self.len(), id)),
        }
    }
}

/// A page of *list orders* that is exactly that: rows and what page they are, nothing beside them, and no row that is none. It
/// needs no look before it is read, since nothing else is what it could be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainList {
    orders: PlainRows,
    #[serde(default, deserialize_with = "read")]
    page: Option<PageInfo>,
}

#[derive(Debug)]
struct PlainRows(OrderRows);

impl From<PlainList> for OrderList {
    fn from(list: PlainList) -> Self {
        Self {
            orders: list.orders.0,
            page: list.page,
        }
    }
}

/// Bytes of a row beyond which it is looked at more closely.
const LONG: usize = 512 * 1024;

/// Rows of a page, at most.
const PAGE: usize = 1000;

/// Rows of a page beyond which it is looked at more closely.
const MANY: usize = 2 * PAGE;

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = PlainRows;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of orders")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<PlainRows, A::Error> {
        let mut orders = OrderRows {
            rows: Rows::with_capacity(PAGE),
            unread: Vec::new(),
        };
        let mut scratch = String::new();
        let mut before = 0;
        loop {
            let take = Object::new(|row: OrderRow<'de>| orders.take(&row, &mut scratch));
            match seq.next_element_seed(take)? {
                Some(Some(())) => {}
                Some(None) => return Err(A::Error::custom("not an order")),
                None => break,
            }
            let bytes = orders.rows.bytes();
            if orders.len() > MANY || bytes - before > LONG {
                return Err(A::Error::custom("more than a page"));
            }
            before = bytes;
        }
        if orders.is_empty() {
            return Err(A::Error::custom("no orders"));
        }
        Ok(PlainRows(orders))
    }
}

impl<'de> Deserialize<'de> for PlainRows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PlainVisitor)
    }
}

/// Any value where the rows should be: one bare object is a list of one, everything else is empty.
struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = OrderRows;

    absent_unless_list_or_object!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OrderRows, A::Error> {
        let mut orders = OrderRows::default();
        let mut scratch = String::new();
        loop {
            let take = Object::new(|row: OrderRow<'de>| orders.take(&row, &mut scratch));
            if seq.next_element_seed(take)?.is_none() {
                return Ok(orders);
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OrderRows, A::Error> {
        let mut orders = OrderRows::default();
        let mut scratch = String::new();
        Object::new(|row: OrderRow<'de>| orders.take(&row, &mut scratch)).visit_map(map)?;
        Ok(orders)
    }
}

impl<'de> Lenient<'de> for OrderRows {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor)
    }
}

fn pack(id: OrderId, row: &OrderRow<'_>, rows: &mut Rows, scratch: &mut String) {
    let certificate = row.certificate.as_ref();
    let serial = certificate.and_then(|of| serial(of.serial_number.as_deref()?));
    scratch.clear();
    if let Some(named) = &row.organization {
        put_place(named, scratch);
    }
    let place = (!scratch.is_empty()).then_some(scratch.as_str());
    let product = row.product.as_ref();
    let name_id = product
        .and_then(|of| of.name_id.as_deref())
        .or(row.product_name_id.as_deref())
        .unwrap_or_default();
    let validation = product
        .and_then(|of| of.validation_type.as_deref())
        .map(lower_case);
    rows.push(&Row {
        id,
        certificate_id: certificate.and_then(|of| some_id(of.id).map(CertificateId)),
        status: status(row.status.as_deref()),
        common_name: certificate
            .and_then(|of| of.common_name.as_deref())
            .unwrap_or_default(),
        dns_names: certificate.map_or(&[][..], |of| &of.dns_names),
        serial: serial.as_deref(),
        valid_from: certificate.and_then(|of| day(of.valid_from.as_deref())),
        valid_till: certificate.and_then(|of| day(of.valid_till.as_deref())),
        order_valid_till: day(row.order_valid_till.as_deref()),
        created: moment(row.date_created.as_deref()),
        is_renewed: row.is_renewed.unwrap_or(false),
        product: ProductView {
            name_id,
            name: product.and_then(|of| of.name.as_deref()).unwrap_or(name_id),
            kind: product
                .and_then(|of| of.kind.as_deref())
                .unwrap_or_default(),
            validation: validation.as_deref(),
        },
        organization: row
            .organization
            .as_ref()
            .and_then(|of| organization(of, place)),
        container: row.container.as_ref().map(|of| ContainerView {
            id: some_id(of.id).map(ContainerId),
            name: of.name.as_deref().unwrap_or_default(),
        }),
        duplicates: count(row.duplicates_count, row.has_duplicates),
        reissues: count(row.reissues_count, row.has_reissues),
    });
}

fn organization<'a>(
    named: &'a RowNamed<'_>,
    place: Option<&'a str>,
) -> Option<OrganizationView<'a>> {
    let name = named.name.as_deref().or(named.display_name.as_deref());
    let id = some_id(named.id).map(OrganizationId);
    (id.is_some() || name.is_some()).then(|| OrganizationView {
        id,
        name: name.unwrap_or_default(),
        place,
    })
}

/// City, state and country, as far as they are told.
fn put_place(named: &RowNamed<'_>, place: &mut String) {
    let parts = [&named.city, &named.state, &named.country];
    for part in parts.into_iter().flatten() {
        if !place.is_empty() {
            place.push_str(", ");
        }
        place.push_str(part);
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    let is_lower = text.is_ascii() && !text.bytes().any(|letter| letter.is_ascii_uppercase());
    if is_lower {
        text.into()
    } else {
        text.to_lowercase().into()
    }
}
