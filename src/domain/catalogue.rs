//! The products that the documentation names (glossary, "Product identifiers", and the order page of each): a row each.
//! What rules, fields, and forms ask of a product they ask of its row; an account may list more, of which its type, its
//! validation type, and the spelling of its identifier tell what they can.

use super::product::Family;

/// How the subject of a TLS certificate is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// Domains alone: no organization stands in the certificate.
    Dv,
    Ov,
    Ev,
}

/// Which names an order may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// One, and `www.` of it.
    One,
    /// Several, no wildcards.
    Several,
    /// A wildcard.
    Wildcard,
    /// Any mix; of EV no wildcards.
    Flex,
    /// The documentation does not tell: the account decides.
    Untold,
    /// None at all.
    None,
}

/// What is known of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub name_id: &'static str,
    /// What its page calls it.
    pub name: &'static str,
    pub family: Family,
    /// `None` for products that are not TLS.
    pub validation: Option<Validation>,
    pub names: Names,
    /// Whether its pages describe an order that renews another.
    pub renews: bool,
}

const fn tls(
    name_id: &'static str,
    name: &'static str,
    validation: Validation,
    names: Names,
) -> Known {
    Known {
        name_id,
        name,
        family: Family::PublicTls,
        validation: Some(validation),
        names,
        renews: true,
    }
}

const fn private(name_id: &'static str, name: &'static str, names: Names) -> Known {
    Known {
        family: Family::PrivateTls,
        ..tls(name_id, name, Validation::Ov, names)
    }
}

const fn other(name_id: &'static str, name: &'static str, family: Family) -> Known {
    Known {
        name_id,
        name,
        family,
        validation: None,
        names: match family {
            Family::VerifiedMark => Names::Several,
            _ => Names::None,
        },
        renews: true,
    }
}

/// A product of which the pages describe an order, but none that renews another.
const fn ordered_alone(name_id: &'static str, name: &'static str, family: Family) -> Known {
    Known {
        renews: false,
        ..other(name_id, name, family)
    }
}

use Family::{
    Client, CodeSigning, DocumentSigning as Document, EvCodeSigning, SecureEmail,
    VerifiedMark as Mark,
};
use Names::{Flex, One, Several, Untold, Wildcard};
use Validation::{Dv, Ev, Ov};

/// Every product that the documentation names with its identifier. Which names `ssl_dv_*`, `wildcard_dv_*`, and
/// `cloud_dv_geotrust` take is read from what they are called; of GeoTrust and Thawte OV and EV nothing is told.
#[rustfmt::skip]
pub const PRODUCTS: &[Known] = &[
    tls("ssl_securesite", "Secure Site SSL", Ov, One),
    tls("ssl_securesite_multi_domain", "Secure Site Multi-Domain SSL", Ov, Several),
    tls("ssl_securesite_wildcard", "Secure Site Wildcard SSL", Ov, Wildcard),
    tls("ssl_ev_securesite", "Secure Site EV SSL", Ev, One),
    tls("ssl_ev_securesite_multi_domain", "Secure Site EV Multi-Domain SSL", Ev, Several),
    tls("ssl_securesite_flex", "Secure Site OV", Ov, Flex),
    tls("ssl_ev_securesite_flex", "Secure Site EV", Ev, Flex),
    tls("ssl_securesite_pro", "Secure Site Pro SSL", Ov, Flex),
    tls("ssl_ev_securesite_pro", "Secure Site Pro EV SSL", Ev, Flex),
    tls("ssl_basic", "Basic OV", Ov, Flex),
    tls("ssl_ev_basic", "Basic EV", Ev, Flex),
    tls("ssl_plus", "Standard SSL", Ov, One),
    tls("ssl_multi_domain", "Multi-Domain SSL", Ov, Several),
    tls("ssl_wildcard", "Wildcard SSL", Ov, Wildcard),
    tls("ssl_ev_plus", "EV SSL", Ev, One),
    tls("ssl_ev_multi_domain", "EV Multi-Domain", Ev, Several),
    tls("ssl_cloud_wildcard", "Cloud", Ov, Flex),
    tls("ssl_geotrust_truebizid", "GeoTrust TrueBusiness ID OV", Ov, Untold),
    tls("ssl_ev_geotrust_truebizid", "GeoTrust TrueBusiness ID EV", Ev, Untold),
    tls("ssl_thawte_webserver", "Thawte SSL Webserver OV", Ov, Untold),
    tls("ssl_ev_thawte_webserver", "Thawte SSL Webserver EV", Ev, Untold),
    tls("ssl_dv_geotrust", "GeoTrust Standard DV SSL", Dv, One),
    tls("wildcard_dv_geotrust", "GeoTrust Wildcard DV SSL", Dv, Wildcard),
    tls("cloud_dv_geotrust", "GeoTrust Cloud DV", Dv, Flex),
    tls("ssl_dv_geotrust_flex", "GeoTrust DV SSL", Dv, Flex),
    tls("ssl_dv_rapidssl", "RapidSSL Standard DV SSL", Dv, One),
    tls("wildcard_dv_rapidssl", "RapidSSL Wildcard DV SSL", Dv, Wildcard),
    tls("ssl_dv_thawte", "Thawte SSL 123 DV", Dv, One),
    private("private_ssl_flex", "Private SSL OV", Flex),
    private("private_ssl_plus", "Private SSL", One),
    private("private_ssl_multi_domain", "Private SSL Multi-Domain", Several),
    private("private_ssl_wildcard", "Private SSL Wildcard", Wildcard),
    other("code_signing", "Code Signing", CodeSigning),
    other("code_signing_ev", "EV Code Signing", EvCodeSigning),
    other("secure_email_mailbox", "Secure Email for Individual (Mailbox)", SecureEmail),
    other("secure_email_sponsor", "Secure Email for Business (Sponsor)", SecureEmail),
    other("secure_email_organization", "Secure Email for Organization", SecureEmail),
    other("client_premium", "Premium", Client),
    other("client_premium_sha2", "Premium", Client),
    other("client_digital_signature_plus", "Digital Signature Plus", Client),
    other("client_digital_signature_plus_sha2", "Digital Signature Plus", Client),
    other("client_email_security_plus", "Email Security Plus", Client),
    other("client_authentication_plus", "Authentication Plus", Client),
    other("class1_smime", "Class 1 S/MIME", Client),
    other("document_signing_org_1", "Document Signing - Organization (2000)", Document),
    other("document_signing_org_2", "Document Signing - Organization (5000)", Document),
    ordered_alone("ds_individual", "Document Signing for Individual", Document),
    ordered_alone("ds_org_individual", "Document Signing for Business - Employee", Document),
    ordered_alone("ds_org", "Document Signing for Organization", Document),
    other("vmc_basic", "Verified Mark Certificate", Mark),
    ordered_alone("mark_certificate", "Common Mark Certificate", Mark),
];

/// What is known of the product with this identifier.
pub fn find(name_id: &str) -> Option<&'static Known> {
    PRODUCTS.iter().find(|known| known.name_id == name_id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::product::ProductRef;

    #[test]
    fn each_product_has_one_row() {
        let ids: BTreeSet<_> = PRODUCTS.iter().map(|known| known.name_id).collect();
        assert_eq!(ids.len(), PRODUCTS.len());
    }

    /// What an account lists that nobody documented is judged by its type and its spelling.
    #[rstest::rstest]
    #[case(
        "ssl_dv_rapidssl_flex",
        "dv_ssl_certificate",
        "dv",
        Family::PublicTls,
        true,
        false
    )]
    #[case(
        "ssl_dv_ee",
        "dv_ssl_certificate",
        "dv",
        Family::PublicTls,
        true,
        false
    )]
    #[case(
        "ssl_geotrust_flex",
        "ssl_certificate",
        "ov",
        Family::PublicTls,
        false,
        false
    )]
    #[case("brand_new", "ssl_certificate", "ev", Family::PublicTls, false, true)]
    #[case(
        "private_ssl_new",
        "ssl_certificate",
        "private ssl",
        Family::PrivateTls,
        false,
        false
    )]
    #[case("brand_new", "brand_new", "", Family::Other, false, false)]
    fn a_product_that_is_not_documented_is_what_its_account_says(
        #[case] name_id: &str,
        #[case] kind: &str,
        #[case] validation: &str,
        #[case] family: Family,
        #[case] is_dv: bool,
        #[case] is_ev: bool,
    ) {
        let product = ProductRef {
            name_id: name_id.into(),
            name: String::new(),
            kind: kind.into(),
            validation: Some(validation.into()),
        };
        assert_eq!(product.family(), family);
        assert_eq!((product.is_dv(), product.is_ev()), (is_dv, is_ev));
    }
}
