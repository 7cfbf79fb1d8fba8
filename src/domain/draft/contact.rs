//! The people of an order: who answers for the organisation, who gets the certificate, who verifies an EV order
//! (`organization.contacts` of the order pages; example on the page *Order Secure Site Pro SSL*).

/// What a person is to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Contact {
    /// Answers for the organisation.
    Organization,
    Technical,
    Verified,
}

/// A part of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactField {
    /// A user of the account, somebody else, or nobody.
    Who,
    FirstName,
    LastName,
    JobTitle,
    Telephone,
    Email,
}

/// The choice of [`ContactField::Who`] for somebody who is no user of the account.
pub const SOMEBODY: &str = "other";

/// The choice of [`ContactField::Who`] for whoever stands on the order that is renewed.
pub const AS_BEFORE: &str = "before";

/// The longest text of a contact (page *Update order contacts*).
pub const LONGEST: usize = 128;

impl Contact {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Organization, Self::Technical, Self::Verified];

    /// The API's `contact_type`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Organization => "organization_contact",
            Self::Technical => "technical_contact",
            Self::Verified => "verified_contact",
        }
    }
}

impl ContactField {
    /// What is typed of a person.
    pub const TYPED: [Self; 5] = [
        Self::FirstName,
        Self::LastName,
        Self::JobTitle,
        Self::Telephone,
        Self::Email,
    ];

    /// The API's name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Who => "user_id",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::JobTitle => "job_title",
            Self::Telephone => "telephone",
            Self::Email => "email",
        }
    }

    /// Whether a contact needs it. Which of them an order page requires could not be read; these are what *Update order
    /// contacts* requires, and without an address nobody can be reached.
    pub fn is_needed(self) -> bool {
        matches!(self, Self::FirstName | Self::LastName | Self::Email)
    }
}
