//! Products: which family an identifier belongs to, what its orders may do, and what the account offers for it.

use super::catalogue::{self, Known, Names, Validation};

/// How a product treats names, keys and fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    PublicTls,
    /// TLS from a private CA.
    PrivateTls,
    CodeSigning,
    EvCodeSigning,
    /// Secure Email (S/MIME): the `secure_email_*` products.
    SecureEmail,
    Client,
    DocumentSigning,
    VerifiedMark,
    Other,
}

impl Family {
    /// Whether the product secures DNS names.
    pub fn is_tls(self) -> bool {
        matches!(self, Self::PublicTls | Self::PrivateTls)
    }
}

/// What a list row or an order says of its product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ProductRef {
    /// Identifier, e.g. `ssl_securesite_multi_domain`.
    pub name_id: String,
    pub name: String,
    /// The API's `type`, e.g. `ssl_certificate`.
    pub kind: String,
    /// `ov`, `ev`, `dv`…, lower case; only order info tells.
    pub validation: Option<String>,
}

impl From<&Known> for ProductRef {
    fn from(known: &Known) -> Self {
        Self {
            name_id: known.name_id.to_owned(),
            name: known.name.to_owned(),
            kind: String::new(),
            validation: None,
        }
    }
}

impl ProductRef {
    /// A product of which nothing but its identifier was told.
    pub fn named(name_id: &str) -> Self {
        match catalogue::find(name_id) {
            Some(known) => Self::from(known),
            None => Self {
                name_id: name_id.to_owned(),
                name: name_id.to_owned(),
                ..Self::default()
            },
        }
    }

    /// What the documentation tells of it.
    fn known(&self) -> Option<&'static Known> {
        catalogue::find(&self.name_id)
    }

    /// The family, from the identifier and, where that is unknown, from the type.
    pub fn family(&self) -> Family {
        self.known()
            .map_or_else(|| self.spelled_family(), |known| known.family)
    }

    /// The family of what nobody documented.
    fn spelled_family(&self) -> Family {
        let id = self.name_id.as_str();
        if id.starts_with("code_signing_ev") {
            Family::EvCodeSigning
        } else if id.starts_with("code_signing") {
            Family::CodeSigning
        } else if id.starts_with("secure_email") {
            Family::SecureEmail
        } else if id.starts_with("private_ssl") {
            Family::PrivateTls
        } else if id.starts_with("vmc") || id.starts_with("cmc") {
            Family::VerifiedMark
        } else if id.starts_with("document_signing") {
            Family::DocumentSigning
        } else if id.starts_with("client_") {
            Family::Client
        } else {
            match self.kind.as_str() {
                "ssl_certificate" | "dv_ssl_certificate" | "grid_certificate" => Family::PublicTls,
                "private_ssl_certificate" => Family::PrivateTls,
                "code_signing_certificate" => Family::CodeSigning,
                "client_certificate" => Family::Client,
                "document_signing_certificate" => Family::DocumentSigning,
                _ if id.starts_with("ssl_") || id.starts_with("wildcard_") => Family::PublicTls,
                _ => Family::Other,
            }
        }
    }

    /// Which names its orders may have; where the documentation does not tell, the spelling of the identifier does.
    pub fn names(&self) -> Names {
        if let Some(known) = self.known() {
            known.names
        } else if self.name_id.contains("wildcard") {
            Names::Wildcard
        } else if self.name_id.ends_with("_flex") {
            Names::Flex
        } else if self.name_id.contains("multi_domain") {
            Names::Several
        } else {
            Names::Untold
        }
    }

    /// Whether it is a wildcard product. Flexible products can hold wildcards too.
    pub fn is_wildcard(&self) -> bool {
        self.names() == Names::Wildcard
    }

    /// Whether orders of it hold several names of which any may become the common name.
    pub fn is_multi_domain(&self) -> bool {
        matches!(self.names(), Names::Several | Names::Flex)
    }

    /// Whether its duplicates may have fewer names than the order: the products that the guide calls flex.
    pub fn may_drop_names(&self) -> bool {
        self.name_id.ends_with("_flex") || self.name_id.ends_with("_basic")
    }

    /// Whether a wildcard may be among its names. An EV product has none (EV Guidelines, 7.1.4.2), and neither have those for one plain
    /// name or several; what is not known here may.
    pub fn takes_wildcards(&self) -> bool {
        let plain = matches!(self.names(), Names::One | Names::Several);
        !(plain || self.is_ev() || self.family() == Family::VerifiedMark)
    }

    /// Whether it is an EV product: as the account says, else as documented, else as it is spelled.
    pub fn is_ev(&self) -> bool {
        match self.validated() {
            Some(validation) => validation == Validation::Ev,
            None => self.name_id.contains("_ev"),
        }
    }

    /// Whether it is a DV product.
    pub fn is_dv(&self) -> bool {
        match self.validated() {
            Some(validation) => validation == Validation::Dv,
            None => self.kind == "dv_ssl_certificate" || self.name_id.contains("_dv_"),
        }
    }

    /// How its subject is validated, where that is told or documented.
    fn validated(&self) -> Option<Validation> {
        match self.validation.as_deref() {
            Some("dv") => Some(Validation::Dv),
            Some("ov") => Some(Validation::Ov),
            Some("ev") => Some(Validation::Ev),
            _ => self.known()?.validation,
        }
    }

    /// Whether nothing but the domains of its certificates is validated, anew for each order.
    pub fn validates_domains_alone(&self) -> bool {
        self.is_dv() && self.family() == Family::PublicTls
    }

    /// Whether its orders name no organization (API notes, *Order or renew any other product*, 2).
    pub fn has_no_organization(&self) -> bool {
        // Addresses alone are proven, or a person alone is.
        let of_nobody = ["secure_email_mailbox", "class1_smime", "ds_individual"];
        self.validates_domains_alone() || of_nobody.contains(&self.name_id.as_str())
    }

    /// Whether an order of it that renews another is documented, or at least that of every TLS product.
    pub fn is_renewed_by_order(&self) -> bool {
        self.known()
            .map_or_else(|| self.family().is_tls(), |known| known.renews)
    }
}

/// A product as the account may order it: product info.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Product {
    pub product: ProductRef,
    /// Group, e.g. `securesite_ssl_certificate`.
    pub group: String,
    /// Whether duplicates are supported; `None` when the account did not say.
    pub duplicates_allowed: Option<bool>,
    /// Whether extra names are allowed.
    pub additional_names: Option<bool>,
    /// Allowed signature hashes, lower case; empty when not told.
    pub hashes: Vec<Choice>,
    /// The default hash's id.
    pub default_hash: Option<String>,
    /// ICAs that may be chosen: `ca_cert_id`, name, chain.
    pub icas: Vec<Ica>,
    /// Server platforms of this product.
    pub platforms: Vec<Platform>,
    /// Lengths in years that a certificate may have.
    pub validity_years: Vec<u32>,
    /// Lengths in years that an order may have.
    pub order_validity_years: Vec<u32>,
    /// Whether a custom end date is allowed.
    pub custom_expiration: Option<bool>,
    /// Whether its orders may renew themselves.
    pub auto_renew: Option<bool>,
    /// Whether a CSR is required when ordering.
    pub csr_required: Option<bool>,
    /// Containers in which it may be ordered; empty when not told.
    pub containers: Vec<u64>,
}

/// One allowed value: what is sent, and what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choice {
    pub id: String,
    /// What a person reads.
    pub name: String,
}

/// An intermediate CA that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ica {
    /// `ca_cert_id`; a string, never a number.
    pub id: String,
    pub name: String,
    pub chain: String,
}

/// A server platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Platform {
    /// Number; -1 is OTHER.
    pub id: i64,
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(name_id: &str, kind: &str) -> Family {
        ProductRef {
            name_id: name_id.into(),
            kind: kind.into(),
            ..ProductRef::default()
        }
        .family()
    }

    #[test]
    fn wildcards_are_for_products_that_take_them() {
        let takes = |name_id: &str| {
            let product = ProductRef {
                name_id: name_id.into(),
                ..ProductRef::default()
            };
            product.takes_wildcards()
        };
        for name_id in [
            "ssl_wildcard",
            "ssl_securesite_wildcard",
            "ssl_cloud_wildcard",
            "wildcard_dv_rapidssl",
            "ssl_basic",
            "ssl_securesite_flex",
            "ssl_securesite_pro",
            "private_ssl_flex",
            "brand_new",
        ] {
            assert!(takes(name_id), "{name_id}");
        }
        for name_id in [
            "ssl_plus",
            "ssl_multi_domain",
            "ssl_securesite",
            "private_ssl_multi_domain",
            "ssl_ev_plus",
            "ssl_ev_basic",
            "ssl_ev_securesite_flex",
            "ssl_ev_securesite_pro",
            "ssl_ev_geotrust_truebizid",
            "vmc_basic",
        ] {
            assert!(!takes(name_id), "{name_id}");
        }
    }

    #[test]
    fn families_follow_the_identifier_before_the_type() {
        assert_eq!(
            family("private_ssl_plus", "ssl_certificate"),
            Family::PrivateTls
        );
        assert_eq!(
            family("code_signing_ev", "code_signing_certificate"),
            Family::EvCodeSigning
        );
        assert_eq!(
            family("secure_email_sponsor", "client_certificate"),
            Family::SecureEmail
        );
        assert_eq!(family("brand_new", "ssl_certificate"), Family::PublicTls);
        assert_eq!(family("brand_new", "brand_new"), Family::Other);
    }
}
