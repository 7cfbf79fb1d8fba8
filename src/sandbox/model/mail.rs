//! What a Secure Email certificate is asked to say and to be used for, besides its addresses.

use serde::{Deserialize, Serialize};

/// Where the common name comes from (`common_name_indicator`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameSource {
    Email,
    /// First and last name.
    GivenNameSurname,
    Pseudonym,
    Organization,
}

impl NameSource {
    /// Each of them.
    pub const ALL: [Self; 4] = [
        Self::Email,
        Self::GivenNameSurname,
        Self::Pseudonym,
        Self::Organization,
    ];

    /// The source with this word. The words are those that a published connector documents.
    pub fn parse(id: &str) -> Option<Self> {
        match id {
            "email_address" => Some(Self::Email),
            "given_name_surname" => Some(Self::GivenNameSurname),
            "pseudonym" => Some(Self::Pseudonym),
            "organization_name" => Some(Self::Organization),
            _ => None,
        }
    }
}

/// `primary_usage`: decides the key usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrimaryUsage {
    /// `signing`
    Signing,
    /// `key_management`: encryption alone.
    KeyManagement,
    /// `dual_use`
    DualUse,
}

impl PrimaryUsage {
    /// The usage with this word.
    pub fn parse(id: &str) -> Option<Self> {
        match id {
            "signing" => Some(Self::Signing),
            "key_management" => Some(Self::KeyManagement),
            "dual_use" => Some(Self::DualUse),
            _ => None,
        }
    }
}

/// The particulars of a Secure Email certificate (API notes, rows "Secure Email" of the reissue table).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDetails {
    /// `certificate.common_name_indicator`; sponsor and organization.
    pub name_source: Option<NameSource>,
    /// `certificate.individual.first_name`; this and the next two: sponsor.
    pub first_name: Option<String>,
    /// `certificate.individual.last_name`
    pub last_name: Option<String>,
    /// `certificate.individual.pseudonym`
    pub pseudonym: Option<String>,
    /// `certificate.usage_designation.primary_usage`
    pub primary_usage: PrimaryUsage,
    /// `certificate.usage_designation.additional_usages`, as sent.
    pub additional_usages: Vec<String>,
    /// `certificate.user_principle_name`; sponsor.
    pub user_principal_name: Option<String>,
    /// `certificate.profile_type`: `strict` or `multipurpose`.
    pub profile_type: Option<String>,
    /// `subject.serial_number`; this, the next two, and pseudonym and names: sponsor.
    pub serial_number: Option<String>,
    /// `subject.job_title`
    pub job_title: Option<String>,
    /// The pseudonym in the subject: `subject.pseudonym`, or the individual's with `subject.include_pseudonym`.
    pub subject_pseudonym: Option<String>,
    /// `subject.include_email`
    pub include_email: bool,
    /// `subject.include_given_name_surname`
    pub include_names: bool,
}

impl MailDetails {
    /// The common name. Without a source, and without what the source names, it is the first address.
    pub fn common_name(&self, emails: &[String], organization: Option<&str>) -> Option<String> {
        let named = match self.name_source {
            Some(NameSource::GivenNameSurname) => self
                .first_name
                .as_ref()
                .zip(self.last_name.as_ref())
                .map(|(first, last)| format!("{first} {last}")),
            Some(NameSource::Pseudonym) => self.pseudonym.clone(),
            Some(NameSource::Organization) => organization.map(str::to_owned),
            Some(NameSource::Email) | None => None,
        };
        named.or_else(|| emails.first().cloned())
    }
}
