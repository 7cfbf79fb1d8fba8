//! Which certificate a server sends: what was seen at one moment from here, how it stands to an order, and whether the chain
//! that came with it is complete and in order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::certificate::CertFacts;
use super::chain::{self, End, Expect};
use super::order::{Certificate, Role};
use super::sighting::safe;
use crate::domain::text::counted;

/// Names of a served certificate that are kept, at most: no product takes more.
pub const MOST_NAMES: usize = 1_000;

/// What a look at an endpoint found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Served {
    /// A certificate was sent.
    Certificate(ServedCertificate),
    /// None was.
    None(Missing),
}

/// Why no certificate was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// A complete answer of DNS says that there is no such host.
    NoSuchName,
    /// Nothing listens there.
    Refused,
    /// No answer within the limit.
    TimedOut,
    /// Something else, safe to show.
    Failed(String),
}

impl Missing {
    /// Another reason; it may quote what came from outside.
    pub fn failed(why: &str) -> Self {
        Self::Failed(safe(why))
    }

    /// For a person.
    pub fn words(&self) -> &str {
        match self {
            Self::NoSuchName => "no such name",
            Self::Refused => "connection refused",
            Self::TimedOut => "timeout",
            Self::Failed(why) => why,
        }
    }
}

/// As much of a served certificate as tells it from others. Texts are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedCertificate {
    /// Upper-case hex.
    pub serial: String,
    /// SHA-1, 40 upper-case hex digits.
    pub thumbprint: String,
    /// What it is called.
    pub name: String,
    /// The DNS names in it; none where they are more than [`MOST_NAMES`], or an earlier version of certdeck saw it.
    #[serde(default)]
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// Last moment of validity.
    pub expires: Timestamp,
    pub chain: ChainSent,
}

/// The chain that a server sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainSent {
    pub end: ChainEnd,
    /// Whether each certificate is followed by that of its issuer.
    pub is_in_order: bool,
    /// How many certificates do not belong to it, or came twice.
    pub extra: usize,
}

/// How far a chain goes that a server sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChainEnd {
    /// The certificate signed itself.
    SelfSigned,
    /// To an intermediate of this issuer, which clients have if it is a root that they trust.
    Below(String),
    /// To the root, which clients have and need not be sent.
    Root,
    /// This issuer was not sent, and is none that clients have.
    Incomplete(String),
    /// A signature could not be checked here, and why.
    Unchecked(String),
}

impl ChainSent {
    /// What can be said of certificates as they were sent, of which one is that which the others are there for.
    pub fn of(leaf: &CertFacts, sent: &[CertFacts]) -> Self {
        if leaf.is_self_signed() {
            return Self {
                end: ChainEnd::SelfSigned,
                is_in_order: true,
                extra: sent.len() - 1,
            };
        }
        let expect = Expect {
            spki_der: Some(&leaf.spki_der),
            serial: Some(&leaf.serial),
        };
        let chain = match chain::arrange(sent.to_vec(), expect) {
            Ok(chain) => chain,
            Err(error) => {
                return Self {
                    end: ChainEnd::Unchecked(safe(&error.to_string())),
                    is_in_order: true,
                    extra: 0,
                };
            }
        };
        let rest = chain.intermediates.iter().chain(&chain.root);
        let whole: Vec<&CertFacts> = std::iter::once(&chain.leaf).chain(rest).collect();
        // The place of each where it came first: in order these only grow.
        let places = whole
            .iter()
            .filter_map(|one| sent.iter().position(|facts| facts.der == one.der));
        let end = match chain.end() {
            End::Root(_) => ChainEnd::Root,
            End::Unchecked { name, why } => ChainEnd::Unchecked(safe(&format!("{name}: {why}"))),
            End::Missing(name) if chain.intermediates.is_empty() || chain.hole().is_some() => {
                ChainEnd::Incomplete(safe(&name))
            }
            End::Missing(name) => ChainEnd::Below(safe(&name)),
        };
        Self {
            end,
            is_in_order: places.is_sorted(),
            extra: sent.len() - whole.len(),
        }
    }

    /// Whether clients have to be expected to stumble over it.
    pub fn is_bad(&self) -> bool {
        !self.is_in_order || matches!(self.end, ChainEnd::SelfSigned | ChainEnd::Incomplete(_))
    }

    /// For a person, in a few words.
    pub fn words(&self) -> String {
        let end = match &self.end {
            ChainEnd::SelfSigned => "self-signed".to_owned(),
            ChainEnd::Below(root) => format!("chain complete below {root}"),
            ChainEnd::Root => "chain complete, with the root".to_owned(),
            ChainEnd::Incomplete(issuer) => format!("chain incomplete: {issuer} not sent"),
            ChainEnd::Unchecked(why) => format!("chain not checked: {why}"),
        };
        let order = (!self.is_in_order).then(|| "out of order".to_owned());
        let extra = (self.extra > 0)
            .then(|| counted(self.extra, "extra certificate", "extra certificates"));
        let all: Vec<String> = [Some(end), order, extra].into_iter().flatten().collect();
        all.join(", ")
    }
}

impl Served {
    /// What a server sent: certificates in DER, its own first.
    pub fn of<'a>(sent: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut read = Vec::new();
        for der in sent {
            match CertFacts::from_der(der) {
                Ok(facts) => read.push(facts),
                Err(why) if read.is_empty() => {
                    return Self::None(Missing::failed(&format!("unreadable certificate: {why}")));
                }
                // It is missing in the chain then.
                Err(_) => {}
            }
        }
        let Some(leaf) = read.first() else {
            return Self::None(Missing::failed("no certificate sent"));
        };
        let issuer = leaf.issuer.common_name.clone();
        Self::Certificate(ServedCertificate {
            serial: leaf.serial.clone(),
            thumbprint: leaf.thumbprint.clone(),
            name: safe(&leaf.display_name()),
            names: match leaf.dns_names() {
                names if names.len() <= MOST_NAMES => names.iter().map(|name| safe(name)).collect(),
                _ => Vec::new(),
            },
            issuer: safe(&issuer.unwrap_or_else(|| leaf.issuer.one_line())),
            expires: leaf.not_after,
            chain: ChainSent::of(leaf, &read),
        })
    }

    /// The certificate, if one was seen.
    pub fn certificate(&self) -> Option<&ServedCertificate> {
        match self {
            Self::Certificate(certificate) => Some(certificate),
            Self::None(_) => None,
        }
    }
}

/// How what is served stands to an order. The later ones count for more where several places of an order differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// The order's primary certificate.
    This,
    /// A duplicate of it.
    Duplicate,
    /// No certificate was seen.
    None,
    /// A certificate that the order does not have, as far as is known.
    Other,
    /// A certificate of the order that another has taken the place of.
    Earlier,
}

impl Standing {
    /// All of them, as filters have them.
    pub const ALL: [Self; 5] = [
        Self::This,
        Self::Earlier,
        Self::Duplicate,
        Self::Other,
        Self::None,
    ];

    /// One word, for a column and a filter.
    pub fn word(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::Earlier => "old",
            Self::Duplicate => "dup",
            Self::Other => "other",
            Self::None => "none",
        }
    }

    /// How a certificate stands to an order of which these certificates are known, and the primary's serial number. `before`
    /// is what the same certificate was to it the last time: not all that an order ever had is listed.
    pub fn of(
        served: &ServedCertificate,
        primary: &str,
        known: &[Certificate],
        before: Option<Self>,
    ) -> Self {
        if is_same_serial(&served.serial, primary) {
            return Self::This;
        }
        let own = known.iter().find(|one| {
            let serial = one.serial.as_deref();
            serial.is_some_and(|serial| is_same_serial(&served.serial, serial))
        });
        match (own.map(|one| &one.role), before) {
            (Some(Role::Duplicate(_)), _) | (None, Some(Self::Duplicate)) => Self::Duplicate,
            // What was the primary, and is so no more.
            (Some(_), _) | (None, Some(Self::This | Self::Earlier)) => Self::Earlier,
            (None, _) => Self::Other,
        }
    }

    /// For a person, with what tells one certificate from another. `expires` says when it does.
    pub fn words(self, served: &Served, expires: impl FnOnce(Timestamp) -> String) -> String {
        let certificate = match served {
            Served::Certificate(certificate) => certificate,
            Served::None(missing) => return format!("none: {}", missing.words()),
        };
        let which = match self {
            Self::This => return "this one".to_owned(),
            Self::Earlier => "an earlier one of this order",
            Self::Duplicate => "a duplicate",
            Self::Other | Self::None => "another certificate",
        };
        let expires = expires(certificate.expires);
        if self == Self::Other {
            let issuer = &certificate.issuer;
            return format!("{which} ({issuer}, {expires})");
        }
        format!("{which} ({expires})")
    }
}

/// What was seen at an endpoint, for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub at: Timestamp,
    pub served: Served,
    /// How that stood to the order then.
    pub standing: Standing,
}

impl Seen {
    /// How it stands to the order now, whose primary has this serial number: what is served may have been replaced since.
    pub fn now(&self, primary: &str) -> Standing {
        match &self.served {
            Served::Certificate(served) => Standing::of(served, primary, &[], Some(self.standing)),
            Served::None(_) => Standing::None,
        }
    }
}

/// Whether an issuer is called as DigiCert's are: by DigiCert's own name or one of its brands.
pub fn is_digicert(issuer: &str) -> bool {
    const BRANDS: [&str; 5] = [
        "digicert",
        "geotrust",
        "thawte",
        "rapidssl",
        "encryption everywhere",
    ];
    let issuer = issuer.to_ascii_lowercase();
    BRANDS.iter().any(|brand| issuer.contains(brand))
}

/// Whether two serial numbers are the same; leading zeros are forgiven, and none is the same as none.
pub fn is_same_serial(one: &str, other: &str) -> bool {
    let one = one.trim_start_matches('0');
    !one.is_empty() && one.eq_ignore_ascii_case(other.trim_start_matches('0'))
}

#[cfg(test)]
#[path = "served_tests.rs"]
mod tests;
