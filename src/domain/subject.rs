//! Distinguished names and subject alternative names, read into text that is safe to show.

use std::net::IpAddr;

use x509_parser::asn1_rs::Tag;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::{asn1, text};

/// A distinguished name. Each part as a person reads it, made safe by [`text::sanitise`]; of parts that occur several
/// times the first counts, except for units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// `CN`.
    pub common_name: Option<String>,
    /// `O`.
    pub organization: Option<String>,
    /// Every `OU`.
    pub units: Vec<String>,
    /// `L`.
    pub locality: Option<String>,
    /// `ST`.
    pub state: Option<String>,
    /// `C`, two letters.
    pub country: Option<String>,
    /// `emailAddress`.
    pub email: Option<String>,
}

impl Subject {
    pub(crate) fn of(name: &X509Name<'_>) -> Self {
        let all = |oid: &str| -> Vec<String> {
            name.iter_attributes()
                .filter(|attribute| attribute.attr_type().to_id_string() == oid)
                .map(value)
                .collect()
        };
        let first = |oid: &str| all(oid).into_iter().next();
        Self {
            common_name: first("2.5.4.3"),
            organization: first("2.5.4.10"),
            units: all("2.5.4.11"),
            locality: first("2.5.4.7"),
            state: first("2.5.4.8"),
            country: first("2.5.4.6"),
            email: first("1.2.840.113549.1.9.1"),
        }
    }

    /// One line: `CN=shop.example.net, O=Example, C=DE`; empty for an empty name.
    pub fn one_line(&self) -> String {
        let units = self.units.iter().map(|unit| ("OU", Some(unit)));
        let parts = [
            ("CN", self.common_name.as_ref()),
            ("O", self.organization.as_ref()),
        ]
        .into_iter()
        .chain(units)
        .chain([
            ("L", self.locality.as_ref()),
            ("ST", self.state.as_ref()),
            ("C", self.country.as_ref()),
            ("emailAddress", self.email.as_ref()),
        ]);
        parts
            .filter_map(|(key, value)| value.map(|value| format!("{key}={value}")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn value(attribute: &AttributeTypeAndValue<'_>) -> String {
    let any = attribute.attr_value();
    let bytes = any.data;
    let raw = match any.tag() {
        Tag::BmpString => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        Tag::UniversalString => bytes
            .chunks_exact(4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
            .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        // In practice Latin-1, whatever the standard says.
        Tag::T61String => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text::sanitise(&raw).into_owned()
}

/// Subject alternative names by kind, in their order, safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AltNames {
    /// DNS names as they stand.
    pub dns: Vec<String>,
    /// IP addresses.
    pub ips: Vec<IpAddr>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// URIs.
    pub uris: Vec<String>,
    /// How many names of other kinds there are.
    pub others: usize,
}

impl AltNames {
    /// Whether there is no name of any kind.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Reads the content of the extension (a DER `GeneralNames`); what cannot be read is counted in `others`.
    pub(crate) fn of(der: &[u8]) -> Self {
        let mut names = Self::default();
        let mut rest = asn1::read(der).map_or(&[][..], |tlv| tlv.content);
        while let Ok(name) = asn1::read(rest) {
            rest = name.rest;
            let text = || text::sanitise(&String::from_utf8_lossy(name.content)).into_owned();
            match (name.tag, name.content.len()) {
                (0x81, _) => names.emails.push(text()),
                (0x82, _) => names.dns.push(text()),
                (0x86, _) => names.uris.push(text()),
                (0x87, 4 | 16) => names.ips.extend(address(name.content)),
                _ => names.others += 1,
            }
        }
        names
    }
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        _ => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
    }
}
