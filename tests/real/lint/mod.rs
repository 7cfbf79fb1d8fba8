//! Every product of the sandbox with every kind of key, hash and issuer: what it issues, before the linter of public certificates
//! and before openssl.

mod linter;
mod orders;

use std::collections::{BTreeMap, BTreeSet};

use linter::{Finding, Linter};
use orders::{Issued, Product, Shop};

use crate::openssl::openssl;

/// What the linter may say, and why that is no fault: the rule, what its message holds, the reason.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "cabf.internal_domain_name",
        ".sandbox.invalid",
        "the addresses of this authority are made up, and so that nobody ever asks them",
    ),
    (
        "pkix.invalid_domain_name_syntax",
        "\"*.",
        "what RFC 5280 alone knows, by which private certificates are held, has no wildcards",
    ),
    (
        "pkix.invalid_domain_name_syntax",
        "\"intranet\"",
        "names inside a network may have one label; private certificates carry them",
    ),
    (
        "pkix.unknown_subject_key_identifier_calculation_method",
        "",
        "RFC 5280 leaves free how it is counted",
    ),
    (
        "cabf.serverauth.subscriber.subject_key_identifier_extension_present",
        "",
        "not recommended, but CertCentral's have it, and clients compare it",
    ),
    (
        "cabf.serverauth.dv.common_name_attribute_present",
        "",
        "not recommended, but an order has a common name",
    ),
    (
        "cabf.serverauth.ov.common_name_attribute_present",
        "",
        "not recommended, but an order has a common name",
    ),
    (
        "cabf.ev_guidelines.common_name_attribute_present",
        "",
        "not recommended, but an order has a common name",
    ),
    (
        "cabf.serverauth.subscriber_rsa_digitalsignature_and_keyencipherment_present",
        "",
        "not recommended, but CertCentral's have both, for clients of old",
    ),
];

/// The linter's command line for a certificate of this product, by the rules that its product promises.
fn command(product: &str, type_: &str, validation: &str) -> Vec<&'static str> {
    let serverauth = |kind| vec!["lint_cabf_serverauth_cert", "--type", kind];
    let smime = |kind| vec!["lint_cabf_smime_cert", "--type", kind];
    match (type_, validation) {
        (_, "Private SSL") => vec!["lint_pkix_cert"],
        ("ssl_certificate" | "securesite_ssl_certificate", "EV") => {
            serverauth("EV-FINAL-CERTIFICATE")
        }
        ("ssl_certificate" | "securesite_ssl_certificate", _) => serverauth("OV-FINAL-CERTIFICATE"),
        ("dv_ssl_certificate", _) => serverauth("DV-FINAL-CERTIFICATE"),
        ("client_certificate", _) => match product {
            "client_authentication_plus" => vec!["lint_pkix_cert"],
            "class1_smime" => smime("MAILBOX-MULTIPURPOSE"),
            _ => smime("SPONSORED-MULTIPURPOSE"),
        },
        ("smime_certificate", _) => smime(match product {
            "secure_email_mailbox" => "MAILBOX-STRICT",
            "secure_email_organization" => "ORGANIZATION-STRICT",
            "secure_email_individual" => "INDIVIDUAL-STRICT",
            _ => "SPONSORED-STRICT",
        }),
        _ => vec!["lint_pkix_cert"],
    }
}

/// Fails with every finding that is not [`KNOWN`], each once, with how often it was found and where first.
fn judge(found: Vec<(String, Finding)>) {
    let mut unknown: BTreeMap<Finding, (usize, String)> = BTreeMap::new();
    for (place, finding) in found {
        let known = KNOWN
            .iter()
            .any(|(code, part, _)| *code == finding.code && finding.message.contains(part));
        if !known {
            unknown.entry(finding).or_insert((0, place)).0 += 1;
        }
    }
    let told: Vec<String> = unknown
        .iter()
        .map(|(finding, (count, place))| {
            let Finding {
                severity,
                code,
                message,
            } = finding;
            format!("{severity} {code}: {message} ({count} times, first {place})")
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What openssl is asked to take the certificate for.
fn purposes(product: &Product) -> &'static [&'static str] {
    match product.kind.as_str() {
        _ if product.name_id.starts_with("client_digital_signature") => &["smimesign"],
        _ if product.name_id == "client_authentication_plus" => &["sslclient"],
        "smime_certificate" | "client_certificate" => &["smimesign", "smimeencrypt"],
        "code_signing_certificate"
        | "document_signing_certificate"
        | "verified_mark_certificate" => &["any"],
        _ => &["sslserver"],
    }
}

/// openssl has no objection at the account's time, which runs ahead: each link under the next, the extended key usages of the intermediates, the strict rules.
fn verify(issued: &Issued, purposes: &[&str], shop: &Shop) {
    let at = shop.now().as_second().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let pems = issued.pems();
    let (root, between) = pems[1..].split_last().unwrap();
    let (root, between) = (
        file("root.pem", root),
        file("between.pem", &between.concat()),
    );
    for purpose in purposes {
        let arguments = [
            "verify",
            "-x509_strict",
            "-attime",
            &at,
            "-purpose",
            purpose,
            "-CAfile",
            &root,
            "-untrusted",
            &between,
        ];
        let said = openssl(&arguments, &issued.links[0].1);
        assert!(said.trim_end().ends_with(": OK"), "{purpose}: {said}");
    }
}

#[tokio::test]
async fn every_product_with_every_key_hash_and_issuer_passes_the_linter() {
    let shop = Shop::open().await;
    let mut linter = Linter::start();
    let mut found = Vec::new();
    for product in shop.products().await {
        let command = command(&product.name_id, &product.kind, &product.validation);
        let every = shop.every_kind(&product).await;
        for issued in &every {
            let place = format!("{} {}", product.name_id, issued.made_with);
            let findings = linter.lint(&command, &[&issued.links[0].1]);
            found.extend(findings.into_iter().map(|finding| (place.clone(), finding)));
        }
        verify(&every[0], purposes(&product), &shop);
    }
    judge(found);
}

/// Orders that say more than they must: the product, what is said, and what the certificate is to be by that.
const SAID: &[(&str, &str, &[&str])] = &[
    (
        "secure_email_sponsor",
        r#"{ "certificate": { "common_name_indicator": "pseudonym", "individual": { "pseudonym": "Countess" } } }"#,
        &SPONSORED_STRICT,
    ),
    (
        "secure_email_sponsor",
        r#"{ "certificate": { "common_name_indicator": "given_name_surname", "profile_type": "strict",
               "usage_designation": { "primary_usage": "key_management" } },
             "subject": { "include_email": true, "job_title": "Analyst", "serial_number": "17" } }"#,
        &SPONSORED_STRICT,
    ),
    (
        "secure_email_sponsor",
        r#"{ "certificate": { "profile_type": "multipurpose", "user_principle_name": ["ada@corp.example.net"],
               "usage_designation": { "primary_usage": "signing", "additional_usages": ["client_auth", "non_repudiation"] } },
             "subject": { "include_given_name_surname": true } }"#,
        &["lint_cabf_smime_cert", "--type", "SPONSORED-MULTIPURPOSE"],
    ),
    (
        "secure_email_organization",
        r#"{ "certificate": { "common_name_indicator": "organization_name", "profile_type": "multipurpose" },
             "subject": { "include_email": true } }"#,
        &[
            "lint_cabf_smime_cert",
            "--type",
            "ORGANIZATION-MULTIPURPOSE",
        ],
    ),
    (
        "secure_email_mailbox",
        r#"{ "certificate": { "profile_type": "multipurpose" }, "subject": { "include_email": true } }"#,
        &["lint_cabf_smime_cert", "--type", "MAILBOX-MULTIPURPOSE"],
    ),
    (
        "ssl_securesite_flex",
        r#"{ "certificate": { "profile_option": "server_client_auth_eku", "is_rsassa_pss": true,
               "common_name": "an-extraordinarily-long-label-which-fills-the-whole-sixty-three.example.net",
               "dns_names": ["*.example.net", "xn--bcher-kva.example.net"] } }"#,
        &[
            "lint_cabf_serverauth_cert",
            "--type",
            "OV-FINAL-CERTIFICATE",
        ],
    ),
    (
        "ssl_dv_geotrust",
        r#"{ "certificate": { "common_name": "an-extraordinarily-long-label-which-fills-the-whole-sixty-three.example.net" } }"#,
        &[
            "lint_cabf_serverauth_cert",
            "--type",
            "DV-FINAL-CERTIFICATE",
        ],
    ),
    (
        "private_ssl_multi_domain",
        r#"{ "certificate": { "common_name": "intranet", "dns_names": ["10.0.0.7", "srv.corp", "2001:db8::7"] } }"#,
        &["lint_pkix_cert"],
    ),
];

const SPONSORED_STRICT: [&str; 3] = ["lint_cabf_smime_cert", "--type", "SPONSORED-STRICT"];

#[tokio::test]
async fn what_an_order_says_besides_keeps_to_the_rules_and_so_does_every_organization() {
    let shop = Shop::open().await;
    let products = shop.products().await;
    let mut linter = Linter::start();
    let mut found = Vec::new();
    for (name_id, said, command) in SAID {
        let product = products.iter().find(|p| p.name_id == *name_id).unwrap();
        let said = serde_json::from_str(said).unwrap();
        for issued in shop.with(product, &said).await {
            verify(&issued, &["any"], &shop);
            let findings = linter.lint(command, &[&issued.links[0].1]);
            let place = format!("{name_id} {} {said}", issued.made_with);
            found.extend(findings.into_iter().map(|f| (place.clone(), f)));
        }
    }
    let product = products
        .iter()
        .find(|p| p.name_id == "ssl_ev_basic")
        .unwrap();
    for organization in shop.organizations() {
        let said = serde_json::json!({ "organization": { "id": organization } });
        let issued = shop.with(product, &said).await.remove(0);
        let command = [
            "lint_cabf_serverauth_cert",
            "--type",
            "EV-FINAL-CERTIFICATE",
        ];
        let findings = linter.lint(&command, &[&issued.links[0].1]);
        found.extend(
            findings
                .into_iter()
                .map(|f| (format!("organization {organization}"), f)),
        );
    }
    judge(found);
}

/// The linter's command line for an authority by its common name.
fn authority(name: &str) -> Vec<&'static str> {
    let serverauth = |kind| vec!["lint_cabf_serverauth_cert", "--type", kind];
    match name {
        _ if name.contains("Private") => vec!["lint_pkix_cert"],
        _ if name.contains("TLS") || name.contains("EV") => {
            serverauth("INTERNAL-UNCONSTRAINED-TLS-CA")
        }
        "Sandbox Global Root G2" => serverauth("ROOT-CA"),
        "Sandbox Global Root G3" => serverauth("INTERNAL-CROSS-CA"),
        _ => serverauth("NON-TLS-CA"),
    }
}

#[tokio::test]
async fn every_authority_passes_the_linter_and_so_does_every_link_of_every_chain() {
    let shop = Shop::open().await;
    let mut linter = Linter::start();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for product in shop.products().await {
        for issued in shop.by_every_issuer(&product).await {
            verify(&issued, purposes(&product), &shop);
            for pair in issued.links.windows(2) {
                let [(below, lower), (above, upper)] = pair else {
                    unreachable!("windows of two")
                };
                let place = format!("{below} under {above}");
                // What is below the first intermediate was linted with the product.
                if seen.insert(place.clone()) {
                    let command = ["lint_pkix_signer_signee_cert_chain"];
                    let findings = linter.lint(&command, &[upper, lower]);
                    found.extend(findings.into_iter().map(|f| (place.clone(), f)));
                    let findings = linter.lint(&authority(above), &[upper]);
                    found.extend(findings.into_iter().map(|f| (above.clone(), f)));
                }
            }
        }
    }
    judge(found);
}
