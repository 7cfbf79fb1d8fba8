//! A row as bytes: a few flags, then the fields, each text with its length before it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{ContainerView, DnsNames, Names, OrganizationView, ProductView, Row};
use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
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

/// Packs everything but the order's number behind what `out` holds.
pub(super) fn pack<N: DnsNames>(row: &Row<'_, N>, out: &mut Vec<u8>) {
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
pub(super) fn read(id: OrderId, bytes: &[u8]) -> Result<Row<'_>, Unreadable> {
    let mut reader = Reader::of(bytes);
    if reader.byte()? != FORMAT {
        return Err(Unreadable);
    }
    let flags = reader.number()?;
    reader.check_text();
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
    if !reader.bytes.is_empty() {
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

fn read_status(text: &str, other: bool) -> OrderStatus {
    if other {
        OrderStatus::Other(text.into())
    } else {
        OrderStatus::parse(text)
    }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// Of it what was checked to be text, from its beginning on.
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, text: "" }
    }

    /// Checks at once as much as is text: texts stand side by side, and short lengths between them are text too.
    fn check_text(&mut self) {
        self.text = match std::str::from_utf8(self.bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = &self.bytes[..error.valid_up_to()];
                std::str::from_utf8(valid).unwrap_or_default()
            }
        };
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Unreadable)?;
        self.bytes = rest;
        self.text = self.text.get(count..).unwrap_or_default();
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.take(1)?[0])
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

    pub(super) fn str(&mut self) -> Result<&'a str, Unreadable> {
        let length = self.number()? as usize;
        let checked = self.text.get(..length);
        let bytes = self.take(length)?;
        match checked {
            Some(text) => Ok(text),
            None => std::str::from_utf8(bytes).map_err(|_| Unreadable),
        }
    }

    fn names(&mut self) -> Result<Names<'a>, Unreadable> {
        let count = self.number()? as usize;
        // A name takes at least its length byte: a count beyond that is damage, not a reason to look on.
        if count > self.bytes.len() {
            return Err(Unreadable);
        }
        let mut names = *self;
        for _ in 0..count {
            self.str()?;
        }
        let length = names.bytes.len() - self.bytes.len();
        names.bytes = &names.bytes[..length];
        names.text = names.text.get(..length).unwrap_or(names.text);
        Ok(Names { count, names })
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
