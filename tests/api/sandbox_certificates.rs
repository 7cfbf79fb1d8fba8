//! Downloads, chains, revocation, archive, intermediates.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::sandbox_support::{AUTOMATIC, Api, ONE_STEP, csr, duplicate, pem_blocks, tls_order};

#[tokio::test]
async fn every_format_has_its_type_and_content() {
    let api = Api::empty().await;
    let (order, id) = api.issued(&["shop.example.net"]).await;
    for (format, content_type, count) in [
        ("pem_all", "application/x-pem-file", 4),
        ("pem_noroot", "application/x-pem-file", 3),
        ("pem_nointermediate", "application/x-pem-file", 1),
    ] {
        let file = api
            .get(&format!("certificate/{id}/download/format/{format}"))
            .await;
        assert_eq!(
            (file.status, file.content_type.as_str()),
            (200, content_type),
            "{format}"
        );
        assert_eq!(pem_blocks(&file.text()).len(), count, "{format}");
        let by_order = api
            .get(&format!(
                "certificate/download/order/{order}/format/{format}"
            ))
            .await;
        assert_eq!(by_order.bytes, file.bytes);
    }
    for format in ["cer", "p7b"] {
        let file = api
            .get(&format!("certificate/{id}/download/format/{format}"))
            .await;
        assert_eq!(file.content_type, "application/x-pkcs7-certificates");
        assert!(file.text().starts_with("-----BEGIN PKCS7-----"));
    }
    for format in ["default", "default_cer", "default_pem", "apache"] {
        let file = api
            .get(&format!("certificate/{id}/download/format/{format}"))
            .await;
        assert_eq!(file.content_type, "application/zip");
        assert!(file.bytes.starts_with(b"PK"));
    }
    api.get(&format!("certificate/{id}/download/format/odd"))
        .await
        .refused(404, "not_found|format");
    api.get("certificate/5/download/format/pem_all")
        .await
        .refused(404, "not_found|certificate");
    // The order was for nginx.
    let file = api
        .get(&format!("certificate/{id}/download/platform"))
        .await;
    assert_eq!(pem_blocks(&file.text()).len(), 3);
    for (platform, content_type) in [
        ("29", "application/x-pem-file"),
        ("apache", "application/zip"),
    ] {
        let file = api
            .get(&format!("certificate/{id}/download/platform/{platform}"))
            .await;
        assert_eq!(file.content_type, content_type);
    }
    let stale = api.call(
        Method::GET,
        &format!("certificate/{id}/download/format/pem_all"),
    );
    assert_eq!(
        api.send(stale.header("Accept", "application/x-pem-file"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_chain_begins_with_the_leaf() {
    let api = Api::empty().await;
    let (_, id) = api.issued(&["shop.example.net"]).await;
    let chain = api
        .get(&format!("certificate/{id}/chain"))
        .await
        .expect(200);
    let links = chain["intermediates"].as_array().unwrap();
    assert_eq!(links[0]["subject_common_name"], "shop.example.net");
    assert!(links.len() >= 3);
    for pair in links.windows(2) {
        let lower = pem_blocks(pair[0]["pem"].as_str().unwrap());
        let upper = pem_blocks(pair[1]["pem"].as_str().unwrap());
        let (_, lower) = x509_parser::parse_x509_certificate(&lower[0]).unwrap();
        let (_, upper) = x509_parser::parse_x509_certificate(&upper[0]).unwrap();
        assert!(lower.verify_signature(Some(upper.public_key())).is_ok());
    }
    let root = links.last().unwrap()["pem"].as_str().unwrap();
    assert!(api.sandbox.root_pem().unwrap().contains(root));
}

#[tokio::test]
async fn the_old_form_reaches_duplicates_by_their_number() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let made = api
        .post(
            &format!("order/certificate/{order}/duplicate"),
            &duplicate(&["shop.example.net"]),
        )
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let old = api
        .get(&format!(
            "certificate/download/order/{order}?subId=001&formatType=pem_all"
        ))
        .await;
    let new = api
        .get(&format!(
            "certificate/{}/download/format/pem_all",
            made["certificate_id"]
        ))
        .await;
    assert_eq!(old.bytes, new.bytes);
    let primary = api
        .get(&format!(
            "certificate/download/order/{order}/format/pem_all"
        ))
        .await;
    assert_ne!(primary.bytes, new.bytes);
}

#[tokio::test]
async fn revoking_one_certificate() {
    let api = Api::empty().await;
    let (order, id) = api.issued(&["shop.example.net"]).await;
    let asked = api
        .put(
            &format!("certificate/{id}/revoke"),
            &json!({ "comments": "Key lost", "revocation_reason": "keyCompromise" }),
        )
        .await
        .expect(201);
    assert_eq!(
        (&asked["type"], &asked["status"], &asked["comments"]),
        (&json!("revoke"), &json!("pending"), &json!("Key lost"))
    );
    assert_eq!(asked["requester"]["email"], "ada@example.net");
    api.put(
        &format!("request/{}/status", asked["id"]),
        &json!({ "status": "approved" }),
    )
    .await
    .expect(204);
    assert_eq!(
        api.order(order).await["status"],
        "issued",
        "the order stays active"
    );
    api.put(&format!("certificate/{id}/revoke"), &json!({}))
        .await
        .refused(400, "certificate_already_revoked");

    let (_, other) = api.issued(&["a.example.net"]).await;
    let serial = api
        .get(&format!(
            "order/certificate?filters[certificate_id]={other}"
        ))
        .await
        .expect(200);
    let serial = serial["orders"][0]["certificate"]["serial_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let bad = json!({ "revocation_reason": "because" });
    api.put(&format!("certificate/{serial}/revoke"), &bad)
        .await
        .refused(400, "invalid_value:revocation_reason");
    let done = api
        .put(
            &format!("certificate/{serial}/revoke"),
            &json!({ "skip_approval": true }),
        )
        .await;
    assert_eq!((done.status, done.bytes.len()), (204, 0));
}

#[tokio::test]
async fn revoking_an_order_takes_everything() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    api.post(
        &format!("order/certificate/{order}/duplicate"),
        &duplicate(&["shop.example.net"]),
    )
    .await
    .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    api.put(
        &format!("order/certificate/{order}/revoke"),
        &json!({ "skip_approval": true }),
    )
    .await
    .expect(204);
    assert_eq!(api.order(order).await["status"], "revoked");
    let list = api
        .get(&format!("order/certificate/{order}/duplicate"))
        .await
        .expect(200);
    assert_eq!(list["certificates"][0]["status"], "revoked");
    let again = api
        .put(
            &format!("order/certificate/{order}/revoke"),
            &json!({ "skip_approval": true }),
        )
        .await;
    again.refused(400, "order_already_revoked");
    let waiting = api.place(ONE_STEP, &["a.example.net"]).await["id"].clone();
    api.put(&format!("order/certificate/{waiting}/revoke"), &json!({}))
        .await
        .refused(400, "invalid_order_status");
    let (order, _) = api.issued(&["b.example.net"]).await;
    api.sandbox
        .change_account(|account| account.order_mut(order).unwrap().container_id = AUTOMATIC);
    let asked = api
        .put(&format!("order/certificate/{order}/revoke"), &json!({}))
        .await
        .expect(201);
    assert_eq!(asked["status"], "approved");
    assert_eq!(api.order(order).await["status"], "revoked");
}

#[tokio::test]
async fn archived_certificates_are_hidden() {
    let api = Api::empty().await;
    let (order, primary) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{order}/duplicate");
    let made = api
        .post(&path, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    api.send(api.call(
        Method::PUT,
        &format!("certificate/{}/archive", made["certificate_id"]),
    ))
    .await
    .expect(204);
    assert_eq!(api.get(&path).await.expect(200), json!({}));
    let all = api
        .get(&format!("{path}?show_archived=true"))
        .await
        .expect(200);
    assert_eq!(all["certificates"][0]["archived"], "1");
    let refused = api
        .send(api.call(Method::PUT, &format!("certificate/{primary}/archive")))
        .await;
    refused.refused(400, "cannot_archive_primary_certificate");
}

#[tokio::test]
async fn intermediates_and_the_choice_among_them() {
    let api = Api::empty().await;
    let list = api.get("certificate/intermediates").await.expect(200);
    let first = &list["intermediates"][0];
    assert_eq!(first["id"].as_str().unwrap().len(), 16);
    assert_eq!(first["valid_from"].as_str().unwrap().len(), 19);
    assert!(first["signature_hash"].as_str().unwrap().starts_with("SHA"));
    assert!(["0", "1"].contains(&first["is_private"].as_str().unwrap()));
    let product = api.get("product/ssl_multi_domain").await.expect(200);
    let allowed = product["allowed_ca_certs"].as_array().unwrap();
    assert!(allowed.len() >= 2);
    for ica in allowed {
        let mut body = tls_order(AUTOMATIC, &["shop.example.net"]);
        body["certificate"]["ca_cert_id"] = ica["id"].clone();
        body["certificate"]["csr"] = json!(csr());
        let placed = api
            .post("order/certificate/ssl_multi_domain", &body)
            .await
            .expect(201);
        api.sandbox.advance(Duration::from_secs(5));
        let info = api.order(placed["id"].as_u64().unwrap()).await;
        assert_eq!(
            info["certificate"]["ca_cert"],
            json!({ "id": ica["id"], "name": ica["name"] })
        );
    }
}

/// The certificate of an order, DER.
async fn leaf(api: &Api, order: &serde_json::Value) -> Vec<u8> {
    api.sandbox.advance(Duration::from_secs(40));
    let path = format!("certificate/download/order/{order}/format/pem_nointermediate");
    pem_blocks(&api.get(&path).await.text()).remove(0)
}

#[tokio::test]
async fn order_info_tells_the_hash_that_the_issuer_signed_with() {
    let api = Api::empty().await;
    let product = api.get("product/ssl_multi_domain").await.expect(200);
    for ica in product["allowed_ca_certs"].as_array().unwrap() {
        for hash in ["sha256", "sha384", "sha512"] {
            let mut body = tls_order(crate::sandbox_support::MAIN, &["shop.example.net"]);
            body["certificate"]["ca_cert_id"] = ica["id"].clone();
            body["certificate"]["signature_hash"] = json!(hash);
            let path = "order/certificate/ssl_multi_domain";
            let placed = api.post(path, &body).await.expect(201);
            let der = leaf(&api, &placed["id"]).await;
            let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
            let signed = match certificate
                .signature_algorithm
                .algorithm
                .to_id_string()
                .as_str()
            {
                "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => "sha256",
                "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => "sha384",
                "1.2.840.113549.1.1.13" => "sha512",
                other => panic!("{other}"),
            };
            let info = api.order(placed["id"].as_u64().unwrap()).await;
            assert_eq!(
                info["certificate"]["signature_hash"], signed,
                "{ica} {hash}"
            );
        }
    }
}

#[tokio::test]
async fn a_mark_stands_for_its_domains_and_its_organization() {
    let api = Api::empty().await;
    let order = |certificate: serde_json::Value| {
        let mut body = tls_order(crate::sandbox_support::MAIN, &["example.net"]);
        body["certificate"] = certificate;
        body["certificate"]["csr"] = json!(csr());
        body
    };
    let path = "order/certificate/vmc_basic";
    for (certificate, code) in [
        (
            json!({ "dns_names": [] }),
            "required_param:certificate.dns_names",
        ),
        (
            json!({ "dns_names": ["example.net"], "common_name": "foreign.example" }),
            "invalid_value:certificate.common_name",
        ),
        (
            json!({ "dns_names": ["*.example.net"] }),
            "invalid_value:certificate.dns_names",
        ),
    ] {
        api.post(path, &order(certificate)).await.refused(400, code);
    }
    let body =
        order(json!({ "dns_names": ["example.net"], "common_name": "Example Trading GmbH" }));
    let placed = api.post(path, &body).await.expect(201);
    // A reissue that names nothing keeps the names.
    let again = json!({ "certificate": { "csr": csr(), "signature_hash": "sha256" } });
    for reissued in [false, true] {
        if reissued {
            let path = format!("order/certificate/{}/reissue", placed["id"]);
            api.post(&path, &again).await.expect(201);
        }
        let der = leaf(&api, &placed["id"]).await;
        let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
        let names = certificate.subject_alternative_name().unwrap().unwrap();
        let names: Vec<String> = names
            .value
            .general_names
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["DNSName(example.net)"]);
        let subject = certificate.subject().to_string();
        assert!(subject.contains("CN=Example Trading GmbH"), "{subject}");
        let logo = certificate
            .extensions()
            .iter()
            .any(|extension| extension.oid.to_id_string() == "1.3.6.1.5.5.7.1.12");
        assert!(logo, "the logo");
    }
}

#[tokio::test]
async fn a_program_of_the_customer_needs_a_token() {
    let api = Api::empty().await;
    let mut body = tls_order(crate::sandbox_support::MAIN, &["example.net"]);
    body["cs_provisioning_method"] = json!("client_app");
    for (platform, code) in [
        (None, Some("required_param:certificate.server_platform.id")),
        (
            Some(-1),
            Some("invalid_value:certificate.server_platform.id"),
        ),
        (
            Some(45),
            Some("invalid_value:certificate.server_platform.id"),
        ),
        (
            Some(55),
            Some("invalid_value:certificate.server_platform.id"),
        ),
        (Some(58), None),
    ] {
        body["certificate"] = json!({ "signature_hash": "sha256" });
        if let Some(id) = platform {
            body["certificate"]["server_platform"] = json!({ "id": id });
        }
        let answer = api.post("order/certificate/code_signing", &body).await;
        match code {
            Some(code) => answer.refused(400, code),
            None => drop(answer.expect(201)),
        }
    }
}
