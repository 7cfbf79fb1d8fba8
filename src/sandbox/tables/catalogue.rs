//! The products themselves (glossary, "Product identifiers"): a row each.

use super::products::{Family, Names, Product, Validation};

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
        // Since 24 Feb 2026 a year is the longest of those that fit into one certificate.
        max_order_years: if matches!(family, Family::CodeSigning) {
            1
        } else {
            3
        },
        year_cents,
        replacement: None,
    }
}

const SSL: &str = "ssl_certificate";
const SECURE_SITE: &str = "securesite_ssl_certificate";

/// How many of [`PRODUCTS`], from the first on, a generated account has orders of. All can be ordered.
pub const USUAL: usize = 37;

/// Every product of the account.
pub static PRODUCTS: [Product; 50] = [
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
    tls(
        "ssl_ev_geotrust_truebizid",
        "GeoTrust TrueBusiness ID EV",
        SSL,
        Validation::Ev,
        Names::Flex,
        29_900,
    ),
    tls(
        "ssl_thawte_webserver",
        "Thawte SSL Webserver OV",
        SSL,
        Validation::Ov,
        Names::Flex,
        19_900,
    ),
    tls(
        "ssl_ev_thawte_webserver",
        "Thawte SSL Webserver EV",
        SSL,
        Validation::Ev,
        Names::Flex,
        29_900,
    ),
    tls(
        "ssl_dv_geotrust_flex",
        "GeoTrust DV SSL",
        SSL,
        Validation::Dv,
        Names::Flex,
        14_900,
    ),
    tls(
        "ssl_dv_thawte",
        "Thawte SSL 123 DV",
        SSL,
        Validation::Dv,
        Names::One,
        14_900,
    ),
    tls(
        "private_ssl_flex",
        "Private SSL OV",
        "private_ssl_certificate",
        Validation::Private,
        Names::Flex,
        15_000,
    ),
    other(
        "class1_smime",
        "Class 1 S/MIME",
        "client_certificate",
        Family::Client,
        Validation::Client,
        2_500,
    ),
    other(
        "client_authentication_plus",
        "Authentication Plus",
        "client_certificate",
        Family::Client,
        Validation::Client,
        3_500,
    ),
    other(
        "ds_individual",
        "Document Signing for Individual",
        "document_signing_certificate",
        Family::Document,
        Validation::Client,
        30_000,
    ),
    other(
        "ds_org_individual",
        "Document Signing for Business - Employee",
        "document_signing_certificate",
        Family::Document,
        Validation::Ds,
        40_000,
    ),
    other(
        "ds_org",
        "Document Signing for Organization",
        "document_signing_certificate",
        Family::Document,
        Validation::Ds,
        54_000,
    ),
    other(
        "document_signing_org_2",
        "Document Signing - Organization (5000)",
        "document_signing_certificate",
        Family::Document,
        Validation::Ds,
        108_000,
    ),
    other(
        "mark_certificate",
        "Common Mark Certificate",
        "verified_mark_certificate",
        Family::Vmc,
        Validation::Ev,
        109_900,
    ),
];
