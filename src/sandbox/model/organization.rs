//! Organizations and what they are validated for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Contact;

/// What an organization or domain is validated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValidationType {
    Ov,
    Ev,
    Cs,
    EvCs,
    Ds,
    Smime,
}

impl ValidationType {
    /// Every type, in the API's order.
    pub const ALL: [Self; 6] = [
        Self::Ov,
        Self::Ev,
        Self::Cs,
        Self::EvCs,
        Self::Ds,
        Self::Smime,
    ];

    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ov => "ov",
            Self::Ev => "ev",
            Self::Cs => "cs",
            Self::EvCs => "ev_cs",
            Self::Ds => "ds",
            Self::Smime => "smime",
        }
    }

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ov => "OV",
            Self::Ev => "EV",
            Self::Cs => "CS",
            Self::EvCs => "EV CS",
            Self::Ds => "DS",
            Self::Smime => "S/MIME",
        }
    }

    /// The sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::Ov => "Normal Organization Validation",
            Self::Ev => "Extended Organization Validation (EV)",
            Self::Cs => "Code Signing Organization Validation",
            Self::EvCs => "Code Signing Organization Extended Validation (EV CS)",
            Self::Ds => "Document Signing Validation",
            Self::Smime => "S/MIME Organization Validation",
        }
    }

    /// The type with this word.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// Where a validation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValidationStatus {
    /// Asked for, not done.
    Pending,
    /// Done and in date.
    Active,
    /// Done, but too long ago.
    Expired,
}

/// One validation of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgValidation {
    pub kind: ValidationType,
    /// When it was asked for.
    pub date_created: Timestamp,
    /// Until when it may be used; `None` while it is pending.
    pub validated_until: Option<Timestamp>,
}

impl OrgValidation {
    /// Where it stands at `now`.
    pub fn status(&self, now: Timestamp) -> ValidationStatus {
        match self.validated_until {
            None => ValidationStatus::Pending,
            Some(until) if until < now => ValidationStatus::Expired,
            Some(_) => ValidationStatus::Active,
        }
    }
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    pub id: u64,
    /// Legal name, as it goes into certificates.
    pub name: String,
    /// Assumed name ("doing business as").
    pub assumed_name: Option<String>,
    pub address: String,
    /// Second line of the address.
    pub address2: Option<String>,
    pub zip: String,
    pub city: String,
    pub state: String,
    /// Two letters, lower case.
    pub country: String,
    pub telephone: String,
    /// Whether it may be used for orders.
    pub is_active: bool,
    /// The container it belongs to.
    pub container_id: u64,
    pub contact: Contact,
    /// What it is validated for.
    pub validations: Vec<OrgValidation>,
}

impl Organization {
    /// Name, with the assumed name in parentheses where there is one.
    pub fn display_name(&self) -> String {
        match &self.assumed_name {
            Some(assumed) => format!("{} ({assumed})", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether it is validated for `kind` at `now`.
    pub fn is_validated_for(&self, kind: ValidationType, now: Timestamp) -> bool {
        self.validations
            .iter()
            .any(|v| v.kind == kind && v.status(now) == ValidationStatus::Active)
    }
}
