//! A row as bytes: a few flags, then the fields, each text with its length before it. All of it is text: what is not is put down in
//! letters that are, so that no text of a row is looked at by itself.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{ContainerView, DnsNames, Names, OrganizationView, ProductView, Row};
use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use crate::domain::status::OrderStatus;

/// First byte of every row; a row with one that is not known is unreadable and is fetched again.
const FORMAT: u8 = 2;

/// The format before: seven bits of a number a byte, dates of four bytes, each text looked at by itself.
const FORMAT_1: u8 = 1;

/// Bits of a number that a byte holds, lowest first; the next one says whether more follow.
const BITS: u32 = 6;

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
pub(super) fn pack<N: DnsNames>(row: &Row<'_, N>, out: &mut String) {
    out.push(char::from(FORMAT));
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
pub(super) fn read(id: OrderId, text: &str) -> Result<Row<'_>, Unreadable> {
    if !text.as_bytes().starts_with(&[FORMAT]) {
        return Err(Unreadable);
    }
    read_row(
        id,
        Reader {
            bytes: text.as_bytes(),
            text: Some(text),
            at: 1,
            bits: BITS,
        },
    )
}

/// Reads what was packed before: [`FORMAT_1`].
pub(super) fn read_earlier(id: OrderId, bytes: &[u8]) -> Result<Row<'_>, Unreadable> {
    if !bytes.starts_with(&[FORMAT_1]) {
        return Err(Unreadable);
    }
    read_row(
        id,
        Reader {
            bytes,
            text: None,
            at: 1,
            bits: 7,
        },
    )
}

fn read_row(id: OrderId, mut reader: Reader<'_>) -> Result<Row<'_>, Unreadable> {
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
    if reader.at < reader.bytes.len() {
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

fn put_number(out: &mut String, mut value: u64) {
    let more = 1 << BITS;
    while value >= more {
        out.push(char::from((value % more + more) as u8));
        value >>= BITS;
    }
    out.push(char::from(value as u8));
}

fn put_text(out: &mut String, text: &str) {
    put_number(out, text.len() as u64);
    out.push_str(text);
}

fn put_date(out: &mut String, date: Date) {
    let year = zigzag(i64::from(date.year()));
    let (month, day) = (date.month() as u64, date.day() as u64);
    put_number(out, year << 9 | month << 5 | day);
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

/// A row that is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// All of it as text; none of [`FORMAT_1`].
    text: Option<&'a str>,
    /// Where what was not read begins.
    at: usize,
    /// Bits of a number that a byte holds.
    bits: u32,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Result<u64, Unreadable> {
        let more = 1 << self.bits;
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(self.bits as usize) {
            let byte = u64::from(*self.bytes.get(self.at).ok_or(Unreadable)?);
            self.at += 1;
            value |= (byte % more) << shift;
            if byte & more == 0 {
                return Ok(value);
            }
        }
        Err(Unreadable)
    }

    fn count(&mut self) -> Result<u32, Unreadable> {
        u32::try_from(self.number()?).map_err(|_| Unreadable)
    }

    /// The place of what comes next, of which the length stands before it.
    fn piece(&mut self) -> Result<Range<usize>, Unreadable> {
        let length = self.number()? as usize;
        let start = self.at;
        self.at = start.checked_add(length).ok_or(Unreadable)?;
        Ok(start..self.at)
    }

    pub(super) fn str(&mut self) -> Result<&'a str, Unreadable> {
        let piece = self.piece()?;
        if let Some(text) = self.text {
            return text.get(piece).ok_or(Unreadable);
        }
        let bytes = self.bytes.get(piece).ok_or(Unreadable)?;
        std::str::from_utf8(bytes).map_err(|_| Unreadable)
    }

    fn names(&mut self) -> Result<Names<'a>, Unreadable> {
        let count = self.number()? as usize;
        // A name takes at least its length byte: a count beyond that is damage, not a reason to look on.
        if count > self.bytes.len() {
            return Err(Unreadable);
        }
        let names = *self;
        for _ in 0..count {
            self.str()?;
        }
        Ok(Names { count, names })
    }

    fn date(&mut self) -> Result<Date, Unreadable> {
        let (year, month, day) = if self.bits == BITS {
            let number = self.number()?;
            let year = i16::try_from(unzigzag(number >> 9)).map_err(|_| Unreadable)?;
            (year, (number >> 5 & 15) as i8, (number & 31) as i8)
        } else {
            let end = self.at + 4;
            let Some(&[low, high, month, day]) = self.bytes.get(self.at..end) else {
                return Err(Unreadable);
            };
            self.at = end;
            let year = i16::from_le_bytes([low, high]);
            (year, month.cast_signed(), day.cast_signed())
        };
        Date::new(year, month, day).map_err(|_| Unreadable)
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
