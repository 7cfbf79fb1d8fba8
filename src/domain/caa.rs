//! Whether the CAA records of a name let DigiCert issue for it.
//!
//! Sources: RFC 8659 (sections 3 to 4.4), RFC 9495, and DigiCert's CPS, section 4.2.1, for the identifiers that DigiCert
//! takes as its own.

use super::sighting::safe;

/// What DigiCert takes as an authorization of itself, for each of its brands (CPS, section 4.2.1). For new records it
/// recommends the first.
pub const IDENTIFIERS: [&str; 19] = [
    "digicert.com",
    "www.digicert.com",
    "digicert.ne.jp",
    "cybertrust.ne.jp",
    "thawte.com",
    "geotrust.com",
    "rapidssl.com",
    "symantec.com",
    "amazon.com",
    "amazontrust.com",
    "awstrust.com",
    "amazonaws.com",
    "digitalcertvalidation.com",
    "volusion.digitalcertvalidation.com",
    "stratossl.digitalcertvalidation.com",
    "intermediatecertificate.digitalcertvalidation.com",
    "1and1.digitalcertvalidation.com",
    "quovadisglobal.com",
    "pkioverheid.nl",
];

/// Properties that a CA of TLS certificates has to know: RFC 8659, RFC 9495 (mail), the Baseline Requirements' contacts,
/// and the one for marks. A critical one that is none of these forbids.
const KNOWN: [&str; 7] = [
    "issue",
    "issuewild",
    "iodef",
    "issuemail",
    "issuevmc",
    "contactemail",
    "contactphone",
];

/// One CAA record, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaaRecord {
    /// Whether a CA that does not know the property must not issue.
    pub critical: bool,
    /// The property, such as `issue`, as it was spelled.
    pub tag: String,
    pub value: String,
}

impl CaaRecord {
    /// A record as it came from outside. What makes it safe to show makes no value an identifier that was none.
    pub fn new(critical: bool, tag: &str, value: &[u8]) -> Self {
        Self {
            critical,
            tag: safe(tag),
            value: safe(&String::from_utf8_lossy(value)),
        }
    }

    fn is(&self, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag)
    }

    /// The CA that an `issue` or `issuewild` names; `None` where it names nobody, or what is no name: such a value has to
    /// be taken as naming nobody (RFC 8659, 4.2). Parameters do not count here: they bind whom it names.
    fn issuer(&self) -> Option<&str> {
        let name = self.value.split(';').next().unwrap_or_default().trim();
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        name.split('.').all(is_label).then_some(name)
    }

    fn is_digicert(&self) -> bool {
        self.issuer().is_some_and(|issuer| {
            let mut all = IDENTIFIERS.iter();
            all.any(|own| own.eq_ignore_ascii_case(issuer))
        })
    }

    /// What it names, for a person: what is no name stands there as it is, so that a slip of the pen can be seen.
    fn named(&self) -> Option<String> {
        let name = self.value.split(';').next().unwrap_or_default().trim();
        (!name.is_empty()).then(|| name.to_owned())
    }
}

/// The records that decide for a name: those of the nearest name upwards that has any (RFC 8659, 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaaSet {
    /// Where they stand: the name, one above it, or the name that one of these is an alias of.
    pub at: String,
    pub records: Vec<CaaRecord>,
}

/// Whether DigiCert may issue, as far as CAA tells, seen from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaaVerdict {
    /// There are no CAA records: any CA may issue.
    Open,
    Allowed {
        /// Where the records stand.
        at: String,
    },
    Forbidden {
        /// Where the records stand.
        at: String,
        by: Forbids,
    },
    /// The records could not be read, and why: that may forbid, too.
    Unknown(String),
}

/// What forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbids {
    /// Only others are named.
    Others {
        named: Vec<String>,
        /// Whether records for wildcard names alone decided.
        is_wild: bool,
    },
    /// Nobody is named.
    Nobody {
        /// Whether records for wildcard names alone decided.
        is_wild: bool,
    },
    /// A property that is critical and not known.
    Critical(String),
}

impl CaaVerdict {
    /// What was looked up decides for `name`, which may begin with `*.`.
    pub fn of(name: &str, looked: &Result<Option<CaaSet>, String>) -> Self {
        match looked {
            Err(why) => Self::Unknown(safe(why)),
            Ok(None) => Self::Open,
            Ok(Some(set)) => set.decide(name.trim_start().starts_with("*.")),
        }
    }

    /// Whether it is known that DigiCert may not issue.
    pub fn forbids(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// For a person, with what to change where it forbids.
    pub fn words(&self) -> String {
        match self {
            Self::Open => "no CAA records: any CA may issue".to_owned(),
            Self::Allowed { at } => format!("CAA at {at} allows DigiCert"),
            Self::Forbidden { at, by } => {
                format!("CAA at {at} {}: DigiCert may not issue", by.words())
            }
            Self::Unknown(why) => format!("CAA unknown: {why}"),
        }
    }
}

impl Forbids {
    fn words(&self) -> String {
        let of = |is_wild: bool| if is_wild { " for wildcard names" } else { "" };
        match self {
            Self::Others { named, is_wild } => {
                format!("names {} only{}", list(named), of(*is_wild))
            }
            Self::Nobody { is_wild } => format!("authorizes no CA{}", of(*is_wild)),
            Self::Critical(tag) => format!("has the unknown critical property {tag}"),
        }
    }
}

/// `a`, `a and b`, `a, b, and 3 more`.
fn list(names: &[String]) -> String {
    const MOST: usize = 4;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        many if many.len() <= MOST => {
            let (last, first) = many.split_at(many.len() - 1);
            format!("{}, and {}", last.join(", "), first[0])
        }
        many => format!(
            "{}, and {} more",
            many[..MOST - 1].join(", "),
            many.len() + 1 - MOST
        ),
    }
}

impl CaaSet {
    fn decide(&self, is_wildcard: bool) -> CaaVerdict {
        let at = self.at.clone();
        let unknown =
            |record: &&CaaRecord| record.critical && !KNOWN.iter().any(|tag| record.is(tag));
        if let Some(record) = self.records.iter().find(unknown) {
            let by = Forbids::Critical(record.tag.clone());
            return CaaVerdict::Forbidden { at, by };
        }
        let of = |tag: &str| -> Vec<&CaaRecord> {
            let all = self.records.iter();
            all.filter(|record| record.is(tag)).collect()
        };
        let wild = if is_wildcard {
            of("issuewild")
        } else {
            Vec::new()
        };
        let is_wild = !wild.is_empty();
        let relevant = if is_wild { wild } else { of("issue") };
        if relevant.is_empty() || relevant.iter().any(|record| record.is_digicert()) {
            return CaaVerdict::Allowed { at };
        }
        let mut named: Vec<String> = relevant
            .iter()
            .filter_map(|record| record.named())
            .collect();
        named.sort();
        named.dedup();
        let by = if named.is_empty() {
            Forbids::Nobody { is_wild }
        } else {
            Forbids::Others { named, is_wild }
        };
        CaaVerdict::Forbidden { at, by }
    }
}

#[cfg(test)]
#[path = "caa_tests.rs"]
mod tests;
