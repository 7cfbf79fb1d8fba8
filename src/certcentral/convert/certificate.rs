//! Rows of list duplicates and list reissues.

use std::borrow::Cow;

use super::order::platform;
use super::{day, full_name, hex, moment, serial, some_id};
use crate::certcentral::wire::certificate::{CertificateList, CertificateRow};
use crate::domain::ids::{CertificateId, UserId};
use crate::domain::order::{Certificate, Person, Role};
use crate::domain::status::CertificateStatus;

/// One row in the role of its list.
pub fn certificate_row(row: CertificateRow, role: Role) -> Certificate {
    let role = match role {
        Role::Duplicate(_) => Role::Duplicate(row.sub_id),
        role => role,
    };
    let requester = Person {
        id: some_id(row.user_id).map(UserId),
        name: full_name(row.firstname, row.lastname),
        email: row.email.unwrap_or_default(),
    };
    Certificate {
        id: some_id(row.id).map(CertificateId),
        status: row.status.as_deref().map(CertificateStatus::parse),
        common_name: row.common_name.unwrap_or_default(),
        dns_names: row.dns_names,
        emails: row.emails,
        serial: row
            .serial_number
            .as_deref()
            .and_then(serial)
            .map(Cow::into_owned),
        thumbprint: row.thumbprint.as_deref().map(|text| hex(text).into_owned()),
        created: moment(row.date_created.as_deref()),
        issued: moment(row.date_issued.as_deref()),
        valid_from: day(row.valid_from.as_deref()),
        valid_till: day(row.valid_till.as_deref()),
        csr: row.csr,
        key_size: row.key_size.and_then(|bits| bits.try_into().ok()),
        hash: row.signature_hash.map(|hash| hash.to_lowercase()),
        platform: row.server_platform.and_then(platform),
        ca_id: row.ca_cert_id,
        archived: row.archived.unwrap_or(false),
        requester: (requester != Person::default()).then_some(requester),
        ..Certificate::empty(role)
    }
}

/// All rows of a list, each certificate once: the account repeats some, by id or by serial number.
pub fn certificate_rows(list: CertificateList, role: &Role) -> Vec<Certificate> {
    let mut rows: Vec<Certificate> = Vec::with_capacity(list.certificates.len());
    for row in list.certificates {
        let row = certificate_row(row, role.clone());
        let known = rows.iter().any(|other| {
            (row.id.is_some() && row.id == other.id)
                || (row.serial.is_some() && row.serial == other.serial)
        });
        if !known {
            rows.push(row);
        }
    }
    rows
}
