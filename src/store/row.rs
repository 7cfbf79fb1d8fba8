//! An order's row as bytes: a few flags, then the fields, each string with its length before it.
//!
//! 100,000 of these are read while the operator waits, so there is no JSON in here, and no name that repeats.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use crate::domain::order::{Container, OrderSummary, Organization};
use crate::domain::product::ProductRef;
use crate::domain::status::OrderStatus;

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

/// A day as the number yyyymmdd, which sorts as the days do.
pub(super) fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// Packs everything but the order's number into `out`, which is emptied first.
pub(super) fn pack(order: &OrderSummary, out: &mut Vec<u8>) {
    out.clear();
    out.push(FORMAT);
    put_number(out, flags(order));
    put_text(out, order.status.as_str());
    put_text(out, &order.common_name);
    put_number(out, order.dns_names.len() as u64);
    for name in &order.dns_names {
        put_text(out, name);
    }
    put_text(out, &order.product.name_id);
    put_text(out, &order.product.name);
    put_text(out, &order.product.kind);
    put_number(out, u64::from(order.duplicates));
    put_number(out, u64::from(order.reissues));
    if let Some(id) = order.certificate_id {
        put_number(out, id.0);
    }
    if let Some(serial) = &order.serial {
        put_text(out, serial);
    }
    let days = [order.valid_from, order.valid_till, order.order_valid_till];
    for date in days.into_iter().flatten() {
        put_date(out, date);
    }
    if let Some(created) = order.created {
        put_number(out, zigzag(created.as_second()));
        put_number(out, zigzag(i64::from(created.subsec_nanosecond())));
    }
    if let Some(organization) = &order.organization {
        put_text(out, &organization.name);
        if let Some(id) = organization.id {
            put_number(out, id.0);
        }
        if let Some(place) = &organization.place {
            put_text(out, place);
        }
    }
    if let Some(container) = &order.container {
        put_text(out, &container.name);
        if let Some(id) = container.id {
            put_number(out, id.0);
        }
    }
    if let Some(validation) = &order.product.validation {
        put_text(out, validation);
    }
}

fn flags(order: &OrderSummary) -> u64 {
    let organization = order.organization.as_ref();
    let container = order.container.as_ref();
    [
        (CERTIFICATE, order.certificate_id.is_some()),
        (SERIAL, order.serial.is_some()),
        (VALID_FROM, order.valid_from.is_some()),
        (VALID_TILL, order.valid_till.is_some()),
        (ORDER_VALID_TILL, order.order_valid_till.is_some()),
        (CREATED, order.created.is_some()),
        (RENEWED, order.is_renewed),
        (ORGANIZATION, organization.is_some()),
        (
            ORGANIZATION_ID,
            organization.is_some_and(|o| o.id.is_some()),
        ),
        (PLACE, organization.is_some_and(|o| o.place.is_some())),
        (CONTAINER, container.is_some()),
        (CONTAINER_ID, container.is_some_and(|c| c.id.is_some())),
        (VALIDATION, order.product.validation.is_some()),
        (OTHER_STATUS, matches!(order.status, OrderStatus::Other(_))),
    ]
    .into_iter()
    .filter_map(|(flag, set)| set.then_some(flag))
    .sum()
}

/// Reads what [`pack`] wrote; fails when it is something else.
pub(super) fn unpack(id: OrderId, bytes: &[u8]) -> Result<OrderSummary, Unreadable> {
    let mut reader = Reader(bytes);
    if reader.byte()? != FORMAT {
        return Err(Unreadable);
    }
    let flags = reader.number()?;
    let has = |flag: u64| flags & flag != 0;
    let status = read_status(reader.str()?, has(OTHER_STATUS));
    let common_name = reader.text()?;
    let count = reader.number()? as usize;
    // A name takes at least its length byte: a count beyond that is damage, not a reason to ask for memory.
    if count > reader.0.len() {
        return Err(Unreadable);
    }
    let dns_names = (0..count)
        .map(|_| reader.text())
        .collect::<Result<_, _>>()?;
    let mut product = ProductRef {
        name_id: reader.text()?,
        name: reader.text()?,
        kind: reader.text()?,
        validation: None,
    };
    let duplicates = reader.count()?;
    let reissues = reader.count()?;
    let certificate_id = reader
        .when(has(CERTIFICATE), Reader::number)?
        .map(CertificateId);
    let serial = reader.when(has(SERIAL), Reader::text)?;
    let valid_from = reader.when(has(VALID_FROM), Reader::date)?;
    let valid_till = reader.when(has(VALID_TILL), Reader::date)?;
    let order_valid_till = reader.when(has(ORDER_VALID_TILL), Reader::date)?;
    let created = reader.when(has(CREATED), Reader::timestamp)?;
    let organization = reader.when(has(ORGANIZATION), |reader| {
        Ok(Organization {
            name: reader.text()?,
            id: reader
                .when(has(ORGANIZATION_ID), Reader::number)?
                .map(OrganizationId),
            place: reader.when(has(PLACE), Reader::text)?,
        })
    })?;
    let container = reader.when(has(CONTAINER), |reader| {
        Ok(Container {
            name: reader.text()?,
            id: reader
                .when(has(CONTAINER_ID), Reader::number)?
                .map(ContainerId),
        })
    })?;
    product.validation = reader.when(has(VALIDATION), Reader::text)?;
    if !reader.0.is_empty() {
        return Err(Unreadable);
    }
    Ok(OrderSummary {
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

/// The bytes are not what [`pack`] writes: another version's, or damaged.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

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

    fn text(&mut self) -> Result<String, Unreadable> {
        self.str().map(str::to_owned)
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
mod tests {
    use super::*;
    use crate::store::tests::order;

    #[test]
    fn a_row_cut_short_or_changed_is_told_and_never_read_past_its_end() {
        let mut bytes = Vec::new();
        pack(&order(1), &mut bytes);
        for length in 0..bytes.len() {
            assert_eq!(unpack(OrderId(1), &bytes[..length]), Err(Unreadable));
        }
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 0xff;
            assert_ne!(unpack(OrderId(1), &changed), Ok(order(1)));
        }
        bytes.push(0);
        assert_eq!(
            unpack(OrderId(1), &bytes),
            Err(Unreadable),
            "more than a row"
        );
    }

    #[test]
    fn days_sort_as_their_numbers_do() {
        let before = jiff::civil::date(2026, 9, 30);
        let after = jiff::civil::date(2026, 10, 1);
        assert!(day_number(before) < day_number(after));
    }
}
