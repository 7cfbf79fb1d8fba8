//! Proof of control over a name: how it can be given, and exactly what has to stand where for it.
//!
//! Sources: DCV methods of the API's glossary; the pages *DNS-based DCV methods* and *Use DNS CNAME to validate a
//! domain* of the CertCentral documentation.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::ids::{DomainId, OrganizationId};
use super::names;

/// A way to prove control over a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DcvMethod {
    /// A mail to an address of the domain, with a link.
    Email,
    DnsTxt,
    DnsCname,
    /// A file of a fixed name on the site; proves no wildcard.
    HttpToken,
    /// A file of its own name on the site; proves no wildcard.
    HttpTokenDynamic,
    /// A way that this program does not know.
    Other(Box<str>),
}

impl DcvMethod {
    /// What is offered, the one that changes of the rules touch least first.
    pub const OFFERED: &'static [Self] = &[
        Self::DnsTxt,
        Self::DnsCname,
        Self::HttpToken,
        Self::HttpTokenDynamic,
        Self::Email,
    ];

    /// Reads the API's spelling.
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "email" => Self::Email,
            "dns-txt-token" => Self::DnsTxt,
            "dns-cname-token" => Self::DnsCname,
            "http-token" => Self::HttpToken,
            "http-token-dynamic" => Self::HttpTokenDynamic,
            other => Self::Other(other.into()),
        }
    }

    /// The API's spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::DnsTxt => "dns-txt-token",
            Self::DnsCname => "dns-cname-token",
            Self::HttpToken => "http-token",
            Self::HttpTokenDynamic => "http-token-dynamic",
            Self::Other(text) => text,
        }
    }

    /// Words for a person.
    pub fn label(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::DnsTxt => "DNS TXT record",
            Self::DnsCname => "DNS CNAME record",
            Self::HttpToken => "file on the website",
            Self::HttpTokenDynamic => "file with its own name",
            Self::Other(text) => text,
        }
    }

    /// At most nine cells, for a table.
    pub fn short(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::DnsTxt => "DNS TXT",
            Self::DnsCname => "DNS CNAME",
            Self::HttpToken => "file",
            Self::HttpTokenDynamic => "own file",
            Self::Other(text) => text,
        }
    }

    /// Whether it proves names such as `*.example.net`, and with a domain the names below it. A file proves exactly the
    /// name that it stands on (*file-based domain control validation*).
    pub fn proves_below(&self) -> bool {
        !matches!(self, Self::HttpToken | Self::HttpTokenDynamic)
    }

    /// Whether a DV order takes it (*file-based domain control validation*).
    pub fn is_for_dv(&self) -> bool {
        !matches!(self, Self::HttpTokenDynamic)
    }
}

/// A domain of the account, with its proof of control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    pub id: DomainId,
    pub name: String,
    /// Whether it may be used.
    pub is_active: bool,
    /// How control is to be proved.
    pub method: Option<DcvMethod>,
    pub token: Option<String>,
    /// What has to be found, where told; for a CNAME the whole target.
    pub verification: Option<String>,
    /// Where a file has to stand, where told; the only place that names a file of its own name.
    pub file_url: Option<String>,
    /// State of the token as told, e.g. `pending`.
    pub token_status: Option<String>,
    /// Last moment of the token.
    pub token_until: Option<Timestamp>,
    /// When control was proved.
    pub proved: Option<Timestamp>,
    /// Until when that proof may be used again.
    pub proved_until: Option<Timestamp>,
    /// Whether the account waits for that proof, where told (`is_pending_validation`).
    pub is_pending: Option<bool>,
    /// Until when the proof serves OV certificates.
    pub ov_until: Option<Timestamp>,
    /// Until when it serves EV certificates.
    pub ev_until: Option<Timestamp>,
    /// Organisation it belongs to.
    pub organization: Option<String>,
    pub organization_id: Option<OrganizationId>,
    /// Validations: kind, state and last moment.
    pub validations: Vec<DomainValidation>,
    /// Addresses that mails for its proof go to, where told.
    pub mailed: Vec<String>,
}

/// A validation of a domain together with its organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainValidation {
    /// `ov`, `ev` …
    pub kind: String,
    /// `active`, `pending`, `expired`.
    pub status: String,
    pub until: Option<Timestamp>,
}

/// How the proof of control over a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Proved, until then where told.
    Valid(Option<Timestamp>),
    /// It was proved once; that no longer counts.
    Expired(Timestamp),
    Pending,
}

impl Domain {
    /// How it stands in one word: valid, pending, expired, or inactive.
    pub fn status_word(&self, now: Timestamp) -> &'static str {
        if !self.is_active {
            return "inactive";
        }
        match self.proof(now) {
            Proof::Expired(_) => "expired",
            Proof::Pending => "pending",
            // A proof that is asked for anew does not end the old one.
            Proof::Valid(_) if self.is_pending == Some(true) => "pending",
            Proof::Valid(_) => "valid",
        }
    }

    /// A domain of which nothing else is known.
    pub fn new(id: DomainId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            is_active: true,
            method: None,
            token: None,
            verification: None,
            file_url: None,
            token_status: None,
            token_until: None,
            proved: None,
            proved_until: None,
            is_pending: None,
            ov_until: None,
            ev_until: None,
            organization: None,
            organization_id: None,
            validations: Vec::new(),
            mailed: Vec::new(),
        }
    }

    /// What has to stand where for its proof, as far as that is known.
    pub fn placement(&self) -> Option<Placement> {
        let (method, token) = (self.method.as_ref()?, self.token.as_ref()?);
        placement(method, &self.name, token, self.file_url.as_deref())
    }

    /// Whether this domain's proof serves a name: it is the name, or the name is below it.
    pub fn covers(&self, name: &str) -> bool {
        let (name, own) = (names::normalise(name), names::normalise(&self.name));
        let name = name.strip_prefix("*.").unwrap_or(&name);
        name == own
            || name
                .strip_suffix(&own)
                .is_some_and(|rest| rest.ends_with('.'))
    }

    /// What has to stand where for its proof, as a line of a zone file: a comment where that is no record.
    pub fn zone_line(&self, now: Timestamp) -> String {
        let name = &self.name;
        if let Some(until) = self.token_until.filter(|until| *until < now) {
            let day = until.to_zoned(TimeZone::UTC).date();
            return format!("; {name}: the random value expired {day}, create a new one");
        }
        match (self.placement(), &self.method) {
            (Some(place @ Placement::Record { .. }), _) => place.line(),
            (Some(Placement::File { url, content }), _) => {
                format!("; {name}: file {url} with {content}")
            }
            (None, Some(DcvMethod::Email)) => format!("; {name}: validated by email, no record"),
            (None, _) => format!("; {name}: no random value is reported"),
        }
    }

    /// Whether its proof waits for somebody to answer a mail.
    pub fn is_mailed(&self) -> bool {
        self.method == Some(DcvMethod::Email) && self.proved.is_none()
    }

    /// Whether its proof is valid.
    pub fn is_proved(&self, now: Timestamp) -> bool {
        matches!(self.proof(now), Proof::Valid(_))
    }

    /// How its proof stands.
    pub fn proof(&self, now: Timestamp) -> Proof {
        match (self.proved, self.proved_until) {
            (_, Some(until)) if until < now => Proof::Expired(until),
            (Some(_), until) => Proof::Valid(until),
            (None, _) => Proof::Pending,
        }
    }
}

/// The account's domain that serves a name: the one nearest to it, an active one before others.
pub fn serving<'a>(domains: &'a [Domain], name: &str) -> Option<&'a Domain> {
    domains
        .iter()
        .filter(|domain| domain.covers(name))
        .max_by_key(|domain| (domain.is_active, domain.name.len()))
}

/// What has to stand where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Placement {
    Record {
        /// `TXT` or `CNAME`.
        kind: &'static str,
        name: String,
        value: String,
    },
    /// A file on the site.
    File {
        url: String,
        /// All that is in it.
        content: String,
    },
}

impl Placement {
    /// What has to be found there.
    pub fn value(&self) -> &str {
        match self {
            Self::Record { value, .. } => value,
            Self::File { content, .. } => content,
        }
    }

    /// One line that says it all: a record as a zone file has it, or a file's address and content.
    pub fn line(&self) -> String {
        match self {
            Self::Record {
                kind: "TXT",
                name,
                value,
            } => format!("{name}. IN TXT \"{value}\""),
            Self::Record { kind, name, value } => format!("{name}. IN {kind} {value}."),
            Self::File { url, content } => format!("{url} {content}"),
        }
    }
}

/// A name as it stands in a URL.
fn host(name: &str) -> Cow<'_, str> {
    if name.contains(':') {
        format!("[{name}]").into()
    } else {
        name.into()
    }
}

/// Where a domain's random value belongs; `None` for mail, for a file whose name nobody told, and for ways whose place
/// the documentation does not name. `file_url` is where the account says that the file belongs. Its `verification_value`
/// counts for nothing here: the documents give the field two meanings, the target of a CNAME and its host.
pub fn placement(
    method: &DcvMethod,
    domain: &str,
    token: &str,
    file_url: Option<&str>,
) -> Option<Placement> {
    let domain = domain.strip_prefix("*.").unwrap_or(domain);
    if names::is_address(domain) && method.proves_below() {
        return None;
    }
    match method {
        DcvMethod::DnsTxt => Some(Placement::Record {
            kind: "TXT",
            name: domain.to_owned(),
            value: token.to_owned(),
        }),
        DcvMethod::DnsCname => Some(Placement::Record {
            kind: "CNAME",
            name: format!("_dnsauth.{domain}"),
            value: format!("{token}.dcv.digicert.com"),
        }),
        DcvMethod::HttpToken | DcvMethod::HttpTokenDynamic => {
            let known = (*method == DcvMethod::HttpToken).then(|| {
                format!(
                    "http://{}/.well-known/pki-validation/fileauth.txt",
                    host(domain)
                )
            });
            Some(Placement::File {
                url: file_url.map(str::to_owned).or(known)?,
                content: token.to_owned(),
            })
        }
        DcvMethod::Email | DcvMethod::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::SPELLINGS;

    #[test]
    fn a_domain_serves_its_names_in_every_spelling() {
        for own in SPELLINGS {
            let domain = domain(1, own, true);
            for name in SPELLINGS {
                for below in [
                    name.to_owned(),
                    format!("*.{}", name.trim()),
                    format!("a.{}", name.trim()),
                ] {
                    assert!(domain.covers(&below), "{own:?} {below:?}");
                }
                assert!(!domain.covers(&format!("not{}", name.trim())));
            }
        }
    }

    fn domain(id: u64, name: &str, is_active: bool) -> Domain {
        Domain {
            is_active,
            ..Domain::new(DomainId(id), name)
        }
    }

    #[test]
    fn the_nearest_active_domain_serves_a_name() {
        let all = [
            domain(1, "example.net", true),
            domain(2, "shop.example.net", true),
            domain(3, "www.shop.example.net", false),
            domain(4, "ample.net", true),
        ];
        let found = |name: &str| serving(&all, name).map(|domain| domain.id.0);
        assert_eq!(found("*.shop.example.net"), Some(2));
        assert_eq!(found("www.shop.example.net"), Some(2));
        assert_eq!(found("EXAMPLE.net"), Some(1));
        assert_eq!(found("example.org"), None);
    }

    #[test]
    fn a_random_value_has_its_exact_place() {
        let at = |method| placement(&method, "*.example.net", "abc", None);
        assert_eq!(
            at(DcvMethod::DnsTxt),
            Some(Placement::Record {
                kind: "TXT",
                name: "example.net".into(),
                value: "abc".into()
            })
        );
        assert_eq!(
            at(DcvMethod::DnsCname),
            Some(Placement::Record {
                kind: "CNAME",
                name: "_dnsauth.example.net".into(),
                value: "abc.dcv.digicert.com".into()
            })
        );
        assert_eq!(
            at(DcvMethod::HttpToken),
            Some(Placement::File {
                url: "http://example.net/.well-known/pki-validation/fileauth.txt".into(),
                content: "abc".into()
            })
        );
        assert_eq!(at(DcvMethod::Email), None);
        assert_eq!(
            at(DcvMethod::HttpTokenDynamic),
            None,
            "its name is not reported"
        );
        let url = "http://example.net/.well-known/pki-validation/x7.txt";
        let file = placement(
            &DcvMethod::HttpTokenDynamic,
            "example.net",
            "abc",
            Some(url),
        );
        assert_eq!(file.unwrap().line(), format!("{url} abc"));
    }

    #[test]
    fn a_record_can_be_pasted_into_a_zone() {
        let line = |method| {
            let place = placement(&method, "example.net", "abc", None);
            place.unwrap().line()
        };
        assert_eq!(line(DcvMethod::DnsTxt), "example.net. IN TXT \"abc\"");
        assert_eq!(
            line(DcvMethod::DnsCname),
            "_dnsauth.example.net. IN CNAME abc.dcv.digicert.com."
        );
    }

    #[test]
    fn a_proof_that_ended_is_no_proof() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let mut known = domain(1, "example.net", true);
        assert_eq!(known.proof(now), Proof::Pending);
        known.proved = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(known.proof(now), Proof::Valid(None));
        known.proved_until = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(known.proof(now), Proof::Expired(Timestamp::UNIX_EPOCH));
    }

    /// An address is proved by a file alone, and stands in brackets in a URL where it has colons.
    #[test]
    fn an_address_is_proved_by_a_file() {
        for (name, host) in [("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]")] {
            for method in [DcvMethod::DnsTxt, DcvMethod::DnsCname, DcvMethod::Email] {
                assert_eq!(placement(&method, name, "r4nd0m", None), None, "{name}");
            }
            let file = placement(&DcvMethod::HttpToken, name, "r4nd0m", None).unwrap();
            let line = format!("http://{host}/.well-known/pki-validation/fileauth.txt r4nd0m");
            assert_eq!(file.line(), line);
        }
    }

    #[test]
    fn methods_read_back() {
        for method in DcvMethod::OFFERED {
            assert_eq!(&DcvMethod::parse(method.as_str()), method);
        }
        assert_eq!(DcvMethod::parse("fax").as_str(), "fax");
    }
}
