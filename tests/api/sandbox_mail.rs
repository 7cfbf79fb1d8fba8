//! Secure Email: what an order and a reissue need, where the common name comes from, and what stands in the certificate.

use std::time::Duration;

use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, pem_blocks};

/// An order of `secure_email_sponsor` with all that may be said.
fn sponsor() -> Value {
    json!({
        "certificate": {
            "csr": csr(),
            "emails": ["zoe@example.net", "z@example.net"],
            "signature_hash": "sha256",
            "common_name_indicator": "given_name_surname",
            "individual": { "first_name": "Zoe", "last_name": "Example", "pseudonym": "Ally" },
            "usage_designation": { "primary_usage": "signing", "additional_usages": ["non_repudiation", "client_auth"] },
            "user_principle_name": ["zoe@corp.example.net"],
            "profile_type": "multipurpose",
        },
        "subject": {
            "serial_number": "EMP-0017", "job_title": "Head of PKI", "include_pseudonym": true,
            "include_email": true, "include_given_name_surname": true,
        },
        "organization": { "id": ORGANIZATION },
        "container": { "id": MAIN },
        "order_validity": { "years": 1 },
    })
}

async fn place(api: &Api, kind: &str, body: &Value) -> super::sandbox_support::Answer {
    api.post(&format!("order/certificate/secure_email_{kind}"), body)
        .await
}

/// The subject of an order's certificate, and all of it in hex for what a reader does not name.
async fn issued(api: &Api, order: u64) -> (String, Vec<u8>) {
    let text = api
        .get(&format!(
            "certificate/download/order/{order}/format/pem_all"
        ))
        .await
        .text();
    let der = pem_blocks(&text).remove(0);
    let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
    (leaf.subject().to_string(), der)
}

fn holds(der: &[u8], text: &str) -> bool {
    der.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn all_that_is_said_of_a_person_stands_in_the_certificate() {
    let api = Api::empty().await;
    let placed = place(&api, "sponsor", &sponsor()).await.expect(201);
    api.sandbox.advance(Duration::from_secs(40));
    let order = placed["id"].as_u64().unwrap();
    let info = api.order(order).await;
    assert_eq!(info["certificate"]["common_name"], "Zoe Example");
    let (subject, der) = issued(&api, order).await;
    assert!(subject.contains("CN=Zoe Example"), "{subject}");
    for part in [
        "EMP-0017",
        "Head of PKI",
        "zoe@corp.example.net",
        "z@example.net",
    ] {
        assert!(holds(&der, part), "{part}");
    }
    // A person or a pseudonym, never both: the one that the common name is made from.
    assert!(!holds(&der, "Ally"));
    let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
    let usage = leaf.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.non_repudiation());
    assert!(!usage.key_agreement() && !usage.key_encipherment());
    let extended = leaf.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.email_protection && extended.client_auth);

    // A reissue says it anew; what it does not say is gone.
    let again = json!({ "certificate": {
        "csr": csr(),
        "emails": ["zoe@example.net"],
        "signature_hash": "sha256",
        "common_name_indicator": "pseudonym",
        "individual": { "pseudonym": "Ally" },
        "usage_designation": { "primary_usage": "dual_use" },
    } });
    api.post(&format!("order/certificate/{order}/reissue"), &again)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(40));
    let (subject, der) = issued(&api, order).await;
    assert!(subject.contains("CN=Ally"), "{subject}");
    assert!(!holds(&der, "EMP-0017") && !holds(&der, "z@example.net"));
    let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
    let usage = leaf.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.key_agreement());
}

#[tokio::test]
async fn the_common_name_comes_from_where_the_indicator_says() {
    let api = Api::empty().await;
    for (kind, indicator, name) in [
        ("sponsor", "email_address", "zoe@example.net"),
        ("sponsor", "given_name_surname", "Zoe Example"),
        ("sponsor", "pseudonym", "Ally"),
        ("organization", "email_address", "zoe@example.net"),
        ("organization", "organization_name", "Example Trading GmbH"),
        ("mailbox", "ignored", "zoe@example.net"),
        ("individual", "ignored", "zoe@example.net"),
    ] {
        let mut body = sponsor();
        body["certificate"]["common_name_indicator"] = json!(indicator);
        let placed = place(&api, kind, &body).await.expect(201);
        let info = api.order(placed["id"].as_u64().unwrap()).await;
        assert_eq!(
            info["certificate"]["common_name"], name,
            "{kind} {indicator}"
        );
    }
}

#[tokio::test]
async fn what_is_missing_or_too_long_is_named() {
    let api = Api::empty().await;
    let without = |path: &str| {
        let mut body = sponsor();
        let (parent, last) = path.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().remove(last);
        body
    };
    let with = |path: &str, value: Value| {
        let mut body = sponsor();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    for (kind, body, code) in [
        (
            "mailbox",
            without("/certificate/usage_designation"),
            "required_param:certificate.usage_designation.primary_usage",
        ),
        (
            "organization",
            without("/certificate/common_name_indicator"),
            "required_param:certificate.common_name_indicator",
        ),
        (
            "sponsor",
            without("/certificate/individual/last_name"),
            "required_param:certificate.individual.last_name",
        ),
        (
            "sponsor",
            with("/certificate/common_name_indicator", json!("nickname")),
            "invalid_value:certificate.common_name_indicator",
        ),
        (
            "sponsor",
            with(
                "/certificate/common_name_indicator",
                json!("organization_name"),
            ),
            "invalid_value:certificate.common_name_indicator",
        ),
        (
            "organization",
            with(
                "/certificate/common_name_indicator",
                json!("given_name_surname"),
            ),
            "invalid_value:certificate.common_name_indicator",
        ),
        (
            "sponsor",
            with("/certificate/usage_designation/primary_usage", json!("all")),
            "invalid_value:certificate.usage_designation.primary_usage",
        ),
        (
            "sponsor",
            with("/certificate/user_principle_name", json!(["a", "b"])),
            "invalid_value:certificate.user_principle_name",
        ),
        (
            "sponsor",
            with("/subject/serial_number", json!("1".repeat(101))),
            "invalid_value:subject.serial_number",
        ),
        (
            "sponsor",
            with("/subject/job_title", json!("x".repeat(129))),
            "invalid_value:subject.job_title",
        ),
        (
            "sponsor",
            with("/certificate/profile_type", json!("legacy")),
            "invalid_value:certificate.profile_type",
        ),
    ] {
        place(&api, kind, &body).await.refused(400, code);
    }
    // The same is ignored where the documentation says so.
    place(
        &api,
        "mailbox",
        &with("/subject/serial_number", json!("1".repeat(101))),
    )
    .await
    .expect(201);

    let placed = place(&api, "sponsor", &sponsor()).await.expect(201);
    api.sandbox.advance(Duration::from_secs(40));
    let path = format!("order/certificate/{}/reissue", placed["id"]);
    let mut again = sponsor();
    again["certificate"]["individual"] = json!({});
    again["certificate"]["common_name_indicator"] = json!("pseudonym");
    api.post(&path, &again)
        .await
        .refused(400, "required_param:certificate.individual.pseudonym");
    // The reissue page, unlike the order page, wants nobody named behind an address.
    again["certificate"]["common_name_indicator"] = json!("email_address");
    api.post(&path, &again).await.expect(201);
}

#[tokio::test]
async fn each_kind_names_whom_it_was_validated_for_and_its_policy() {
    let api = Api::empty().await;
    for (kind, profile, policy, said, unsaid) in [
        (
            "mailbox",
            "strict",
            "2.23.140.1.5.1.3",
            vec![],
            vec!["O=", "SN="],
        ),
        (
            "mailbox",
            "multipurpose",
            "2.23.140.1.5.1.2",
            vec![],
            vec!["O="],
        ),
        (
            "organization",
            "strict",
            "2.23.140.1.5.2.3",
            vec!["O=", "NTRDE"],
            vec!["Lovelace"],
        ),
        (
            "sponsor",
            "strict",
            "2.23.140.1.5.3.3",
            vec!["O=", "NTRDE", "Lovelace"],
            vec![],
        ),
        (
            "sponsor",
            "multipurpose",
            "2.23.140.1.5.3.2",
            vec!["O=", "Lovelace"],
            vec![],
        ),
        (
            "individual",
            "strict",
            "2.23.140.1.5.4.3",
            vec!["Lovelace"],
            vec!["O=", "NTRDE"],
        ),
    ] {
        let body = json!({
            "certificate": {
                "csr": csr(),
                "emails": ["ada@example.net"],
                "signature_hash": "sha256",
                "common_name_indicator": "email_address",
                "individual": { "first_name": "Ada", "last_name": "Lovelace" },
                "usage_designation": { "primary_usage": "signing" },
                "profile_type": profile,
            },
            "organization": { "id": ORGANIZATION },
            "container": { "id": MAIN },
            "order_validity": { "years": 1 },
        });
        let placed = place(&api, kind, &body).await.expect(201);
        api.sandbox.advance(Duration::from_secs(40));
        let (subject, der) = issued(&api, placed["id"].as_u64().unwrap()).await;
        let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
        let policies =
            leaf.extensions()
                .iter()
                .find_map(|extension| match extension.parsed_extension() {
                    x509_parser::extensions::ParsedExtension::CertificatePolicies(found) => {
                        Some(found)
                    }
                    _ => None,
                });
        let named: Vec<String> = policies
            .unwrap()
            .iter()
            .map(|policy| policy.policy_id.to_id_string())
            .collect();
        assert_eq!(named, [policy], "{kind}");
        let has = |part: &str| subject.contains(part) || holds(&der, part);
        assert!(said.iter().all(|part| has(part)), "{kind}: {subject}");
        for part in unsaid {
            let found = if part.ends_with('=') {
                subject.contains(part)
            } else {
                has(part)
            };
            assert!(!found, "{kind} has {part}: {subject}");
        }
    }
}
