//! Distinguished names and subject alternative names, read into text that is safe to show.

use std::net::IpAddr;

use x509_parser::asn1_rs::Oid;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::{asn1, text};

/// A distinguished name. Each part as a person reads it, made safe by [`text::sanitise`]; of parts that occur several
/// times the first counts, except for units; the rest of those, and parts of every other kind, are in `others`.
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
    /// What else there is, in its order: the part's short name or object identifier, and its value.
    pub others: Vec<(String, String)>,
}

/// Short names as `openssl` prints them.
const PARTS: [(&str, &str); 24] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.42", "GN"),
    ("2.5.4.43", "initials"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
];

impl Subject {
    pub(crate) fn of(name: &X509Name<'_>) -> Self {
        let mut subject = Self::default();
        for attribute in name.iter_attributes() {
            let oid = attribute.attr_type().to_id_string();
            let part = PARTS.iter().find(|(known, _)| *known == oid);
            let label = part.map_or(oid.as_str(), |(_, label)| label);
            let value = value(attribute);
            let place = match label {
                "CN" => &mut subject.common_name,
                "O" => &mut subject.organization,
                "L" => &mut subject.locality,
                "ST" => &mut subject.state,
                "C" => &mut subject.country,
                "emailAddress" => &mut subject.email,
                "OU" => {
                    subject.units.push(value);
                    continue;
                }
                _ => {
                    subject.others.push((label.to_owned(), value));
                    continue;
                }
            };
            match place {
                None => *place = Some(value),
                Some(_) => subject.others.push((label.to_owned(), value)),
            }
        }
        subject
    }

    /// Every common name, of which there is one at most in a well-made request.
    pub fn common_names(&self) -> impl Iterator<Item = &String> {
        let more = self.others.iter().filter(|(label, _)| label == "CN");
        self.common_name.iter().chain(more.map(|(_, value)| value))
    }

    /// One line: `CN=shop.example.net, O=Example, C=DE`; empty for an empty name.
    pub fn one_line(&self) -> String {
        let units = self.units.iter().map(|unit| ("OU", Some(unit)));
        let others = self
            .others
            .iter()
            .map(|(label, value)| (label.as_str(), Some(value)));
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
        ])
        .chain(others);
        parts
            .filter_map(|(key, value)| value.map(|value| format!("{key}={value}")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn value(attribute: &AttributeTypeAndValue<'_>) -> String {
    let any = attribute.attr_value();
    string(any.tag().0 as u8, any.data)
}

/// A DER string by its tag, safe to show.
fn string(tag: u8, bytes: &[u8]) -> String {
    let raw: String = match tag {
        // BMPString
        0x1e => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        // UniversalString
        0x1c => bytes
            .chunks_exact(4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
            .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        // What is no UTF-8 is Latin-1 in practice, whatever the standard says of T61String, and wherever it does not belong.
        _ => std::str::from_utf8(bytes).map_or_else(
            |_| bytes.iter().map(|byte| char::from(*byte)).collect(),
            str::to_owned,
        ),
    };
    text::sanitise(&raw).into_owned()
}

/// Subject alternative names by kind, in their order, safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AltNames {
    /// DNS names as they stand.
    pub dns: Vec<String>,
    pub ips: Vec<IpAddr>,
    pub emails: Vec<String>,
    pub uris: Vec<String>,
    /// Names of other kinds, in words: `UPN u@example.net`, `DirName CN=dn`.
    pub others: Vec<String>,
}

/// The object identifier of the names that Windows logs on with.
const UPN: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03];

impl AltNames {
    /// Every name that is no DNS name, once, in words for a person.
    pub fn other_than_dns(&self) -> Vec<String> {
        let ips = self.ips.iter().map(|ip| format!("IP {ip}"));
        let emails = self.emails.iter().map(|email| format!("email {email}"));
        let uris = self.uris.iter().map(|uri| format!("URI {uri}"));
        let others = self.others.iter().cloned();
        let mut seen = std::collections::HashSet::new();
        let all = ips.chain(emails).chain(uris).chain(others);
        all.filter(|name| seen.insert(name.clone())).collect()
    }

    /// Adds the names of an extension (a DER `GeneralNames`). What cannot be read is a name of another kind: nobody shall think that it was not there.
    pub(crate) fn add(&mut self, der: &[u8]) {
        let mut rest = asn1::read(der).map_or(der, |tlv| tlv.content);
        while !rest.is_empty() {
            let Ok(name) = asn1::read(rest) else {
                self.others.push("an unreadable name".into());
                return;
            };
            rest = name.rest;
            let text = || string(0x16, name.content);
            match (name.tag, name.content.len()) {
                (0x81, _) => self.emails.push(text()),
                (0x82, _) => self.dns.push(text()),
                (0x86, _) => self.uris.push(text()),
                (0x87, 4 | 16) => self.ips.extend(address(name.content)),
                (0x87, octets) => self.others.push(format!("an IP with {octets} octets")),
                (0xa0, _) => self.others.push(other_name(name.content)),
                (0xa4, _) => self.others.push(match X509Name::from_der(name.content) {
                    Ok((_, dn)) => format!("DirName {}", Subject::of(&dn).one_line()),
                    Err(_) => "an unreadable DirName".into(),
                }),
                (0xa3, _) => self.others.push("an X.400 address".into()),
                (0xa5, _) => self.others.push("an EDI party name".into()),
                (0x88, _) => self
                    .others
                    .push(format!("RID {}", identifier(name.content))),
                (tag, _) => self
                    .others
                    .push(format!("a name of unknown type ({tag:#04x})")),
            }
        }
    }
}

/// `otherName`: an identifier, and a value that mostly is a string.
fn other_name(content: &[u8]) -> String {
    let Ok(oid) = asn1::read(content) else {
        return "another kind of name".into();
    };
    let value = asn1::read(oid.rest).and_then(|outer| asn1::read(outer.content));
    let shown = value
        .ok()
        .filter(|value| matches!(value.tag, 0x0c | 0x13 | 0x14 | 0x16 | 0x1a | 0x1c | 0x1e))
        .map(|value| format!(" {}", string(value.tag, value.content)))
        .unwrap_or_default();
    if oid.content == UPN {
        format!("UPN{shown}")
    } else {
        format!("otherName {}{shown}", identifier(oid.content))
    }
}

/// An object identifier's content as people write it.
pub(super) fn identifier(content: &[u8]) -> String {
    Oid::new(content.into()).to_id_string()
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        _ => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
    }
}
