//! Domains and the control that was (or was not) proven over them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How control over a domain is proven (glossary, "DCV methods").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DcvMethod {
    /// A mail with a link.
    Email,
    DnsTxtToken,
    DnsCnameToken,
    /// A file on the site; not for wildcards.
    HttpToken,
    /// A file with a name of its own on the site; not for wildcards.
    HttpTokenDynamic,
}

impl DcvMethod {
    /// Every method, in the API's order.
    pub const ALL: [Self; 5] = [
        Self::Email,
        Self::DnsTxtToken,
        Self::DnsCnameToken,
        Self::HttpToken,
        Self::HttpTokenDynamic,
    ];

    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::DnsTxtToken => "dns-txt-token",
            Self::DnsCnameToken => "dns-cname-token",
            Self::HttpToken => "http-token",
            Self::HttpTokenDynamic => "http-token-dynamic",
        }
    }

    /// The method with this word.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.id() == id)
    }

    /// Whether it works with a random value (all but e-mail).
    pub fn uses_token(self) -> bool {
        !matches!(self, Self::Email)
    }

    /// Whether a file on the site proves it, which is not enough for wildcards.
    pub fn is_file(self) -> bool {
        matches!(self, Self::HttpToken | Self::HttpTokenDynamic)
    }
}

/// One proof of control, asked for or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dcv {
    pub method: DcvMethod,
    /// The random value; a token even for e-mail, where nobody is shown it.
    pub token: String,
    /// When the token was made; it lasts 30 days.
    pub token_date: Timestamp,
    /// How often somebody asked for a check since the token was made.
    pub checks: u32,
    /// When control was proven.
    pub approved: Option<Timestamp>,
    /// Until when the proof may be used again.
    pub expires: Option<Timestamp>,
}

impl Dcv {
    /// Whether the proof counts at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.approved.is_some() && self.expires.is_none_or(|until| until >= now)
    }
}

/// Whether only this account may have certificates for a domain, told by a CAA record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locking {
    /// Asked for; the record was not found yet.
    Pending,
    /// The record was found.
    Enabled,
    Disabled,
}

impl Locking {
    /// `domain_locking_status`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

/// A domain of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    pub id: u64,
    /// The name, lower case, without a leading `www.` or `*.`.
    pub name: String,
    /// Whether it may be used.
    pub is_active: bool,
    /// When it was added.
    pub date_created: Timestamp,
    /// The organization it belongs to; `None` for DV only.
    pub organization_id: Option<u64>,
    /// The container it belongs to.
    pub container_id: u64,
    /// The validation types it was submitted for (`ov`, `ev`…).
    pub validation_types: Vec<super::ValidationType>,
    /// The proof of control.
    pub dcv: Dcv,
    /// The lock; `None` where it was never asked for.
    #[serde(default)]
    pub locking: Option<Locking>,
}

impl Domain {
    /// Whether `name` is this domain or below it. A leading `*.` does not matter.
    pub fn covers(&self, name: &str) -> bool {
        let name = name.strip_prefix("*.").unwrap_or(name);
        name.eq_ignore_ascii_case(&self.name)
            || (name.len() > self.name.len()
                && name.as_bytes()[name.len() - self.name.len() - 1] == b'.'
                && name.as_bytes()[name.len() - self.name.len()..]
                    .eq_ignore_ascii_case(self.name.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_covers_itself_and_what_is_below() {
        let domain = Domain {
            id: 1,
            name: "example.net".into(),
            is_active: true,
            date_created: Timestamp::UNIX_EPOCH,
            organization_id: None,
            container_id: 1,
            validation_types: vec![],
            dcv: Dcv {
                method: DcvMethod::Email,
                token: String::new(),
                token_date: Timestamp::UNIX_EPOCH,
                checks: 0,
                approved: None,
                expires: None,
            },
            locking: None,
        };
        for name in [
            "example.net",
            "EXAMPLE.net",
            "a.example.net",
            "*.example.net",
            "a.b.example.net",
        ] {
            assert!(domain.covers(name), "{name}");
        }
        for name in ["badexample.net", "example.com", "net", "ünexample.net"] {
            assert!(!domain.covers(name), "{name}");
        }
    }
}
