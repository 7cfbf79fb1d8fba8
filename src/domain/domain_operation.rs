//! What can be asked of a domain of the account, whether or not an order waits for it.
//!
//! Sources: *check DCV*, *change DCV method*, *generate DCV random value* and *resend DCV emails* of the Services API's pages on
//! domains.

use serde_json::json;

use super::dcv::{DcvMethod, Domain};
use super::ids::{DomainId, OrderId};
use super::write::{Method, Outgoing, WriteKind};

/// Something that can be asked of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DomainOperation {
    /// Look for its random value now.
    Check,
    /// Validate it another way.
    Method,
    /// Make a new random value.
    Token,
    /// Send its validation mails again.
    Emails,
}

impl DomainOperation {
    /// What it does to one domain, for a menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Check => "Check the domain's random value now",
            Self::Method => "Change the domain's DCV method",
            Self::Token => "Create a new random value for the domain",
            Self::Emails => "Resend the domain's validation emails",
        }
    }

    /// What it does to several.
    pub fn label_of_many(self) -> &'static str {
        match self {
            Self::Check => "Check random values now",
            Self::Method => "Change the DCV method",
            Self::Token => "Create new random values",
            Self::Emails => "Resend validation emails",
        }
    }

    /// What the journal calls it.
    pub fn kind(self) -> WriteKind {
        match self {
            Self::Check => WriteKind::CheckDomain,
            Self::Method => WriteKind::DomainMethod,
            Self::Token => WriteKind::DomainToken,
            Self::Emails => WriteKind::DomainEmails,
        }
    }

    /// The request exactly as it will be sent. `way` is the method that is asked for, and `order` the one that it is done
    /// for, where it is for one.
    pub fn outgoing(
        self,
        id: DomainId,
        order: Option<OrderId>,
        way: Option<&DcvMethod>,
    ) -> Outgoing {
        let (method, path) = match self {
            Self::Check => (Method::Put, format!("/domain/{id}/dcv/validate-token")),
            Self::Method => (Method::Put, format!("/domain/{id}/dcv/method")),
            Self::Token => (Method::Post, format!("/domain/{id}/dcv/token")),
            Self::Emails => (Method::Put, format!("/domain/{id}/dcv/emails")),
        };
        let body = match self {
            Self::Method => json!({ "dcv_method": way.map(DcvMethod::as_str) }).to_string(),
            Self::Check | Self::Token | Self::Emails => String::new(),
        };
        Outgoing {
            kind: self.kind(),
            method,
            path,
            body,
            order,
            request: None,
            certificate: None,
            expected: None,
        }
    }

    /// Why it cannot be done to a domain; `None` where it can, or where the method is not told.
    pub fn why_not(self, domain: &Domain) -> Option<String> {
        if !domain.is_active {
            return Some("it is inactive in the account".into());
        }
        let method = domain.method.as_ref()?;
        let by_mail = *method == DcvMethod::Email;
        match self {
            Self::Check | Self::Token if by_mail => Some("it is validated by email".into()),
            Self::Emails if !by_mail => Some(format!(
                "it is validated by {}, not by email",
                method.label()
            )),
            _ => None,
        }
    }

    /// What it does that is easily overlooked.
    pub fn consequence(self) -> Option<&'static str> {
        match self {
            Self::Check => None,
            Self::Method => Some(
                "The current random value no longer counts; the new one is shown here. Changing to email sends validation emails at once.",
            ),
            Self::Token => Some("The current random value no longer counts."),
            Self::Emails => Some(
                "Emails go to the addresses in the account's settings; a recipient must follow the link in one.",
            ),
        }
    }
}
