//! The products that this account may order, and what each allows (glossary, "Product identifiers").

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sandbox::model::ValidationType;

/// What kind of certificate it is; decides which fields an order has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Publicly trusted TLS.
    PublicTls,
    /// TLS below a private root.
    PrivateTls,
    /// Code signing, EV or not.
    CodeSigning,
    /// Client certificates.
    Client,
    /// Secure Email (S/MIME).
    SecureEmail,
    /// Document signing.
    Document,
    /// Verified Mark.
    Vmc,
}

/// How the subject is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// Domain only.
    Dv,
    /// Organization.
    Ov,
    /// Extended.
    Ev,
    /// Code signing.
    Cs,
    /// EV code signing.
    EvCs,
    /// Document signing.
    Ds,
    /// Private TLS.
    Private,
    /// Secure Email.
    Smime,
    /// None of these.
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
    /// Any mix.
    Flex,
    /// No DNS names at all.
    None,
}

/// A product.
#[derive(Debug, PartialEq, Eq)]
pub struct Product {
    /// Identifier.
    pub name_id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Group.
    pub group: &'static str,
    /// `type`.
    pub kind: &'static str,
    /// Family.
    pub family: Family,
    /// Validation.
    pub validation: Validation,
    /// Names.
    pub names: Names,
    /// Whether duplicates exist for it.
    pub duplicates: bool,
    /// Whether orders must bring a CSR.
    pub csr_required: bool,
    /// Longest order, years.
    pub max_order_years: u32,
    /// Price of a year, in cents.
    pub year_cents: u64,
    /// Its successor.
    pub replacement: Option<&'static str>,
}

const fn tls(
    name_id: &'static str,
    name: &'static str,
    group: &'static str,
    validation: Validation,
    names: Names,
    year_cents: u64,
) -> Product {
    Product {
        name_id,
        name,
        group,
        kind: if matches!(validation, Validation::Dv) {
            "dv_ssl_certificate"
        } else {
            "ssl_certificate"
        },
        family: if matches!(validation, Validation::Private) {
            Family::PrivateTls
        } else {
            Family::PublicTls
        },
        validation,
        names,
        duplicates: true,
        csr_required: true,
        max_order_years: 3,
        year_cents,
        replacement: None,
    }
}

const fn other(
    name_id: &'static str,
    name: &'static str,
    kind: &'static str,
    family: Family,
    validation: Validation,
    year_cents: u64,
) -> Product {
    Product {
        name_id,
        name,
        group: kind,
        kind,
        family,
        validation,
        names: if matches!(family, Family::Vmc) {
            Names::Many
        } else {
            Names::None
        },
        duplicates: false,
        csr_required: false,
        max_order_years: 3,
        year_cents,
        replacement: None,
    }
}

const SSL: &str = "ssl_certificate";
const SECURE_SITE: &str = "securesite_ssl_certificate";

/// Every product of the account.
pub static PRODUCTS: [Product; 37] = [
    Product {
        replacement: Some("ssl_basic"),
        ..tls(
            "ssl_plus",
            "Standard SSL",
            SSL,
            Validation::Ov,
            Names::One,
            21_800,
        )
    },
    tls(
        "ssl_multi_domain",
        "Multi-Domain SSL",
        SSL,
        Validation::Ov,
        Names::Many,
        34_900,
    ),
    tls(
        "ssl_wildcard",
        "Wildcard SSL",
        SSL,
        Validation::Ov,
        Names::Wildcard,
        68_800,
    ),
    tls(
        "ssl_ev_plus",
        "EV SSL",
        SSL,
        Validation::Ev,
        Names::One,
        34_400,
    ),
    tls(
        "ssl_ev_multi_domain",
        "EV Multi-Domain",
        SSL,
        Validation::Ev,
        Names::Many,
        48_800,
    ),
    tls(
        "ssl_cloud_wildcard",
        "Cloud",
        SSL,
        Validation::Ov,
        Names::Flex,
        92_000,
    ),
    tls(
        "ssl_basic",
        "Basic OV",
        SSL,
        Validation::Ov,
        Names::Flex,
        26_800,
    ),
    tls(
        "ssl_ev_basic",
        "Basic EV",
        SSL,
        Validation::Ev,
        Names::Flex,
        38_800,
    ),
    Product {
        replacement: Some("ssl_securesite_flex"),
        ..tls(
            "ssl_securesite",
            "Secure Site SSL",
            SECURE_SITE,
            Validation::Ov,
            Names::One,
            39_900,
        )
    },
    tls(
        "ssl_securesite_multi_domain",
        "Secure Site Multi-Domain SSL",
        SECURE_SITE,
        Validation::Ov,
        Names::Many,
        99_500,
    ),
    tls(
        "ssl_securesite_wildcard",
        "Secure Site Wildcard SSL",
        SECURE_SITE,
        Validation::Ov,
        Names::Wildcard,
        199_900,
    ),
    tls(
        "ssl_ev_securesite",
        "Secure Site EV SSL",
        SECURE_SITE,
        Validation::Ev,
        Names::One,
        99_500,
    ),
    tls(
        "ssl_ev_securesite_multi_domain",
        "Secure Site EV Multi-Domain SSL",
        SECURE_SITE,
        Validation::Ev,
        Names::Many,
        149_500,
    ),
    tls(
        "ssl_securesite_flex",
        "Secure Site OV",
        SECURE_SITE,
        Validation::Ov,
        Names::Flex,
        39_900,
    ),
    tls(
        "ssl_ev_securesite_flex",
        "Secure Site EV",
        SECURE_SITE,
        Validation::Ev,
        Names::Flex,
        99_500,
    ),
    tls(
        "ssl_securesite_pro",
        "Secure Site Pro SSL",
        SECURE_SITE,
        Validation::Ov,
        Names::Flex,
        99_500,
    ),
    tls(
        "ssl_ev_securesite_pro",
        "Secure Site Pro EV SSL",
        SECURE_SITE,
        Validation::Ev,
        Names::Flex,
        149_900,
    ),
    tls(
        "ssl_geotrust_truebizid",
        "GeoTrust TrueBusiness ID OV",
        SSL,
        Validation::Ov,
        Names::Flex,
        19_900,
    ),
    tls(
        "ssl_dv_geotrust",
        "GeoTrust Standard DV SSL",
        SSL,
        Validation::Dv,
        Names::One,
        14_900,
    ),
    tls(
        "ssl_dv_rapidssl",
        "RapidSSL Standard DV SSL",
        SSL,
        Validation::Dv,
        Names::One,
        5_900,
    ),
    tls(
        "wildcard_dv_geotrust",
        "GeoTrust Wildcard DV SSL",
        SSL,
        Validation::Dv,
        Names::Wildcard,
        68_800,
    ),
    tls(
        "wildcard_dv_rapidssl",
        "RapidSSL Wildcard DV SSL",
        SSL,
        Validation::Dv,
        Names::Wildcard,
        24_900,
    ),
    tls(
        "cloud_dv_geotrust",
        "GeoTrust Cloud DV",
        SSL,
        Validation::Dv,
        Names::Flex,
        54_900,
    ),
    tls(
        "private_ssl_plus",
        "Private SSL",
        "private_ssl_certificate",
        Validation::Private,
        Names::One,
        10_000,
    ),
    tls(
        "private_ssl_multi_domain",
        "Private SSL Multi-Domain",
        "private_ssl_certificate",
        Validation::Private,
        Names::Many,
        15_000,
    ),
    tls(
        "private_ssl_wildcard",
        "Private SSL Wildcard",
        "private_ssl_certificate",
        Validation::Private,
        Names::Wildcard,
        30_000,
    ),
    other(
        "code_signing",
        "Code Signing",
        "code_signing_certificate",
        Family::CodeSigning,
        Validation::Cs,
        53_900,
    ),
    other(
        "code_signing_ev",
        "EV Code Signing",
        "code_signing_certificate",
        Family::CodeSigning,
        Validation::EvCs,
        69_900,
    ),
    other(
        "client_premium",
        "Premium",
        "client_certificate",
        Family::Client,
        Validation::Client,
        4_500,
    ),
    other(
        "client_email_security_plus",
        "Email Security Plus",
        "client_certificate",
        Family::Client,
        Validation::Client,
        3_500,
    ),
    other(
        "client_digital_signature_plus",
        "Digital Signature Plus",
        "client_certificate",
        Family::Client,
        Validation::Client,
        3_500,
    ),
    other(
        "secure_email_mailbox",
        "Secure Email for Individual (Mailbox)",
        "smime_certificate",
        Family::SecureEmail,
        Validation::Client,
        2_500,
    ),
    other(
        "secure_email_sponsor",
        "Secure Email for Business (Sponsor)",
        "smime_certificate",
        Family::SecureEmail,
        Validation::Smime,
        6_500,
    ),
    other(
        "secure_email_organization",
        "Secure Email for Organization",
        "smime_certificate",
        Family::SecureEmail,
        Validation::Smime,
        9_500,
    ),
    other(
        "secure_email_individual",
        "Secure Email for Individual",
        "smime_certificate",
        Family::SecureEmail,
        Validation::Client,
        4_500,
    ),
    other(
        "document_signing_org_1",
        "Document Signing - Organization (2000)",
        "document_signing_certificate",
        Family::Document,
        Validation::Ds,
        54_000,
    ),
    other(
        "vmc_basic",
        "Verified Mark Certificate",
        "verified_mark_certificate",
        Family::Vmc,
        Validation::Ev,
        149_900,
    ),
];

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
