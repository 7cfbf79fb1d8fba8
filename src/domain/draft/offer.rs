//! What an account has to order with: its products, organisations, containers and custom fields.

use super::super::product::{Choice, Product};
use super::limits::Limit;

/// What the account offers to whoever orders; empty lists where nothing was told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offer {
    /// Products that may be ordered (*Product list*).
    pub products: Vec<Product>,
    /// Active organisations: number and name.
    pub organizations: Vec<Choice>,
    /// Containers: number and name.
    pub containers: Vec<Choice>,
    /// Definitions of custom fields that are in use.
    pub fields: Vec<Definition>,
    /// Users who can be contacts of an order.
    pub users: Vec<User>,
    /// The limits of the container that is chosen, which hold for this key's user.
    pub limits: Vec<Limit>,
}

/// A user of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: u64,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
}

/// The definition of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Number, sent as `metadata_id`.
    pub id: u64,
    pub label: String,
    /// Whether every order must fill it in.
    pub required: bool,
    /// What its values are.
    pub kind: ValueKind,
}

/// What the values of a custom field are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueKind {
    /// Anything (`text`, or no type at all).
    Text,
    /// A whole number (`int`).
    Int,
    /// One e-mail address (`email_address`).
    Email,
    /// E-mail addresses, separated by commas (`email_list`).
    Emails,
    /// A type that is not known here; the account checks it.
    Other(String),
}

impl ValueKind {
    /// What is wanted, in words for a person.
    pub fn label(&self) -> &str {
        match self {
            Self::Text => "any text",
            Self::Int => "a whole number",
            Self::Email => "an email address",
            Self::Emails => "email addresses, separated by commas",
            Self::Other(name) => name,
        }
    }

    /// The kind of an API name.
    pub fn parse(name: Option<&str>) -> Self {
        match name {
            None | Some("text" | "") => Self::Text,
            Some("int") => Self::Int,
            Some("email_address") => Self::Email,
            Some("email_list") => Self::Emails,
            Some(other) => Self::Other(other.to_owned()),
        }
    }

    /// Why a value is none of this kind.
    pub fn wrong(&self, value: &str) -> Option<String> {
        match self {
            Self::Text | Self::Other(_) => None,
            Self::Int => value
                .parse::<i64>()
                .is_err()
                .then(|| "must be a whole number".to_owned()),
            Self::Email => super::emails::check(value)
                .err()
                .map(|error| error.to_string()),
            Self::Emails => super::emails::parse(value)
                .iter()
                .find_map(|one| super::emails::check(one).err())
                .map(|error| error.to_string()),
        }
    }
}
