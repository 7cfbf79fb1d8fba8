//! The products that this account may order, and what each allows (glossary, "Product identifiers").

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::catalogue::PRODUCTS;
use crate::sandbox::model::ValidationType;

/// What kind of certificate it is; decides which fields an order has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    PublicTls,
    /// TLS below a private root.
    PrivateTls,
    /// Code signing, EV or not.
    CodeSigning,
    Client,
    SecureEmail,
    Document,
    Vmc,
}

/// How the subject is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    Dv,
    Ov,
    Ev,
    Cs,
    EvCs,
    Ds,
    Private,
    Smime,
    Client,
}

impl Validation {
    /// `validation_type` of product list and info; absent for some.
    pub fn id(self) -> Option<&'static str> {
        Some(match self {
            Self::Dv => "DV",
            Self::Ov => "OV",
            Self::Ev => "EV",
            Self::Cs => "CS",
            Self::EvCs => "EV CS",
            Self::Ds => "DS",
            Self::Private => "Private SSL",
            Self::Smime | Self::Client => return None,
        })
    }

    /// `validation_name`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dv => "DV",
            Self::Ov => "OV",
            Self::Ev => "EV",
            Self::Cs => "CS",
            Self::EvCs => "EV CS",
            Self::Ds => "DS",
            Self::Private => "Private SSL",
            Self::Smime => "S/MIME",
            Self::Client => "Client",
        }
    }

    /// `validation_description`.
    pub fn description(self) -> &'static str {
        match self {
            Self::Dv => "Domain Validation",
            Self::Private => "Private SSL Validation",
            Self::Client => "Client Certificate Validation",
            Self::Ov => ValidationType::Ov.description(),
            Self::Ev => ValidationType::Ev.description(),
            Self::Cs => ValidationType::Cs.description(),
            Self::EvCs => ValidationType::EvCs.description(),
            Self::Ds => ValidationType::Ds.description(),
            Self::Smime => ValidationType::Smime.description(),
        }
    }

    /// What the organization must be validated for, if anything.
    pub fn organization(self) -> Option<ValidationType> {
        match self {
            Self::Ov => Some(ValidationType::Ov),
            Self::Ev => Some(ValidationType::Ev),
            Self::Cs => Some(ValidationType::Cs),
            Self::EvCs => Some(ValidationType::EvCs),
            Self::Ds => Some(ValidationType::Ds),
            Self::Smime => Some(ValidationType::Smime),
            Self::Private | Self::Dv | Self::Client => None,
        }
    }
}

/// Which names a certificate may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// One name; `www.` of it comes for free.
    One,
    /// Several names, no wildcards.
    Many,
    /// One wildcard, and names below it.
    Wildcard,
    Flex,
    /// No DNS names at all.
    None,
}

/// A product.
#[derive(Debug, PartialEq, Eq)]
pub struct Product {
    pub name_id: &'static str,
    pub name: &'static str,
    pub group: &'static str,
    /// `type`.
    pub kind: &'static str,
    pub family: Family,
    pub validation: Validation,
    pub names: Names,
    /// Whether duplicates exist for it.
    pub duplicates: bool,
    /// Whether orders must bring a CSR.
    pub csr_required: bool,
    pub max_order_years: u32,
    /// Price of a year, in cents.
    pub year_cents: u64,
    pub replacement: Option<&'static str>,
}

impl Product {
    /// The product with this identifier, or with the one that it had earlier (page "Order client certificate", older editions).
    pub fn by_name_id(name_id: &str) -> Option<ProductRef> {
        let name_id = match name_id {
            "client_premium_sha2" | "client_digital_signature_plus_sha2" => {
                name_id.trim_end_matches("_sha2")
            }
            current => current,
        };
        PRODUCTS
            .iter()
            .find(|product| product.name_id == name_id)
            .map(ProductRef)
    }

    /// The flexible products, whose duplicates may have fewer names (product guide, "Flex certificates").
    pub fn is_flex(&self) -> bool {
        self.name_id.ends_with("_flex") || self.name_id.ends_with("_basic")
    }

    /// Whether nobody and nothing is validated but the addresses themselves, by a mail to each.
    pub fn proves_addresses(&self) -> bool {
        matches!(self.name_id, "secure_email_mailbox" | "class1_smime")
    }

    /// Publicly trusted or private TLS.
    pub fn is_tls(&self) -> bool {
        matches!(self.family, Family::PublicTls | Family::PrivateTls)
    }
}

/// A product of the table; stored by its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductRef(pub &'static Product);

impl Deref for ProductRef {
    type Target = Product;

    fn deref(&self) -> &Product {
        self.0
    }
}

impl Serialize for ProductRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name_id)
    }
}

impl<'de> Deserialize<'de> for ProductRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name_id = String::deserialize(deserializer)?;
        Product::by_name_id(&name_id).ok_or_else(|| {
            serde::de::Error::custom(format_args!("no product is called {name_id:?}"))
        })
    }
}
