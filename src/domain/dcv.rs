//! Proof of control over a name: how it can be given, and exactly what has to stand where for it.
//!
//! Sources: DCV methods of the API's glossary; the pages *DNS-based DCV methods* and *Use DNS CNAME to validate a
//! domain* of the CertCentral documentation.

use jiff::Timestamp;

use super::ids::DomainId;

/// A way to prove control over a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DcvMethod {
    /// A mail to an address of the domain, with a link.
    Email,
    /// A TXT record.
    DnsTxt,
    /// A CNAME record.
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
    pub const OFFERED: &'static [Self] =
        &[Self::DnsTxt, Self::DnsCname, Self::HttpToken, Self::Email];

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
            Self::Email => "e-mail",
            Self::DnsTxt => "DNS TXT record",
            Self::DnsCname => "DNS CNAME record",
            Self::HttpToken | Self::HttpTokenDynamic => "file on the site",
            Self::Other(text) => text,
        }
    }

    /// Whether it proves names such as `*.example.net`.
    pub fn proves_wildcards(&self) -> bool {
        !matches!(self, Self::HttpToken | Self::HttpTokenDynamic)
    }
}

/// A domain of the account, with its proof of control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Number.
    pub id: DomainId,
    /// Name.
    pub name: String,
    /// Whether it may be used.
    pub is_active: bool,
    /// How control is to be proved.
    pub method: Option<DcvMethod>,
    /// The random value.
    pub token: Option<String>,
    /// What has to be found, where told; for a CNAME the whole target.
    pub verification: Option<String>,
    /// State of the token as told, e.g. `pending`.
    pub token_status: Option<String>,
    /// Last moment of the token.
    pub token_until: Option<Timestamp>,
    /// When control was proved.
    pub proved: Option<Timestamp>,
    /// Until when that proof may be used again.
    pub proved_until: Option<Timestamp>,
    /// Organisation it belongs to.
    pub organization: Option<String>,
    /// Validations: kind, state and last moment.
    pub validations: Vec<DomainValidation>,
}

/// A validation of a domain together with its organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainValidation {
    /// `ov`, `ev` …
    pub kind: String,
    /// `active`, `pending`, `expired`.
    pub status: String,
    /// Last moment.
    pub until: Option<Timestamp>,
}

/// How the proof of control over a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Proved, until then where told.
    Valid(Option<Timestamp>),
    /// It was proved once; that no longer counts.
    Expired(Timestamp),
    /// Not proved yet.
    Pending,
}

impl Domain {
    /// Whether this domain's proof serves a name: it is the name, or the name is below it.
    pub fn covers(&self, name: &str) -> bool {
        let name = name.strip_prefix("*.").unwrap_or(name).to_ascii_lowercase();
        let own = self.name.to_ascii_lowercase();
        name == own
            || name
                .strip_suffix(&own)
                .is_some_and(|rest| rest.ends_with('.'))
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// A DNS record.
    Record {
        /// `TXT` or `CNAME`.
        kind: &'static str,
        /// Its full name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A file on the site.
    File {
        /// Its address.
        url: String,
        /// All that is in it.
        content: String,
    },
}

/// Where a domain's random value belongs; `None` for mail, and for ways whose place the documentation does not name.
pub fn placement(
    method: &DcvMethod,
    domain: &str,
    token: &str,
    verification: Option<&str>,
) -> Option<Placement> {
    let domain = domain.strip_prefix("*.").unwrap_or(domain);
    match method {
        DcvMethod::DnsTxt => Some(Placement::Record {
            kind: "TXT",
            name: domain.to_owned(),
            value: verification.unwrap_or(token).to_owned(),
        }),
        DcvMethod::DnsCname => Some(Placement::Record {
            kind: "CNAME",
            name: format!("_dnsauth.{domain}"),
            value: match verification {
                Some(target) if target.contains('.') => target.to_owned(),
                _ => format!("{token}.dcv.digicert.com"),
            },
        }),
        DcvMethod::HttpToken => Some(Placement::File {
            url: format!("http://{domain}/.well-known/pki-validation/fileauth.txt"),
            content: verification.unwrap_or(token).to_owned(),
        }),
        DcvMethod::Email | DcvMethod::HttpTokenDynamic | DcvMethod::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(id: u64, name: &str, is_active: bool) -> Domain {
        Domain {
            id: DomainId(id),
            name: name.into(),
            is_active,
            method: None,
            token: None,
            verification: None,
            token_status: None,
            token_until: None,
            proved: None,
            proved_until: None,
            organization: None,
            validations: Vec::new(),
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

    #[test]
    fn methods_read_back() {
        for method in DcvMethod::OFFERED {
            assert_eq!(&DcvMethod::parse(method.as_str()), method);
        }
        assert_eq!(DcvMethod::parse("fax").as_str(), "fax");
    }
}
