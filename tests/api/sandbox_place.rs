//! Placing orders: the five answers, what is refused, families of products.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox_support::{
    AUTOMATIC, Api, MAIN, ONE_STEP, ORGANIZATION, TWO_STEP, csr, csr_and_key, duplicate,
    pem_blocks, tls_order,
};

#[tokio::test]
async fn placing_answers_in_five_ways() {
    let api = Api::empty().await;
    let one = api.place(ONE_STEP, &["a.example.net"]).await;
    assert_eq!(one["requests"][0]["status"], "pending");
    assert!(one.get("certificate_id").is_none());
    let two = api.place(TWO_STEP, &["a.example.net"]).await;
    assert_eq!(two["requests"][0]["status"], "submitted");
    let automatic = api.place(AUTOMATIC, &["a.example.net"]).await;
    assert_eq!(automatic["requests"][0]["status"], "approved");
    assert!(automatic["certificate_id"].is_u64());

    let mut body = tls_order(TWO_STEP, &["b.pending.example"]);
    body["skip_approval"] = json!(true);
    let skipped = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    assert!(
        skipped["certificate_id"].is_u64(),
        "a certificate id does not mean issued"
    );
    assert!(skipped.get("requests").is_none() && skipped.get("certificate_chain").is_none());

    // One order in three takes its time; of three in a row at least one is immediate.
    let mut immediate = Value::Null;
    for _ in 0..3 {
        immediate = api.place(MAIN, &["a.example.net"]).await;
        if immediate.get("certificate_chain").is_some() {
            break;
        }
    }
    let chain = immediate["certificate_chain"].as_array().unwrap();
    assert_eq!(chain[0]["subject_common_name"], "a.example.net");
    assert!(
        chain[0]["pem"]
            .as_str()
            .unwrap()
            .ends_with("-----END CERTIFICATE-----\r\n")
    );
    assert!(chain.len() >= 3);
}

#[tokio::test]
async fn missing_fields_are_named_all_at_once() {
    let api = Api::empty().await;
    let refused = api
        .post(
            "order/certificate/ssl_plus",
            &json!({ "certificate": { "csr": csr() } }),
        )
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.codes(),
        [
            "required_param:certificate.common_name",
            "required_param:certificate.signature_hash",
            "required_param:organization",
            "required_param:order_validity"
        ]
    );
    let mut body = tls_order(MAIN, &["a.example.net"]);
    body["certificate"]["csr"] = json!("not a CSR");
    api.post("order/certificate/ssl_plus", &body)
        .await
        .refused(400, "csr_invalid_cannot_parse");
    body = tls_order(MAIN, &["a.example.net"]);
    body["order_validity"] = json!({ "years": 4 });
    api.post("order/certificate/ssl_plus", &body)
        .await
        .refused(400, "invalid_value:order_validity.years");
    body["order_validity"] = Value::Null;
    body["validity_years"] = json!("6");
    api.post("order/certificate/ssl_plus", &body)
        .await
        .refused(400, "invalid_value:validity_years");
    api.post("order/certificate/ssl_never", &body)
        .await
        .refused(404, "not_found|product");
    let mut body = tls_order(MAIN, &["*.example.net"]);
    api.post("order/certificate/ssl_plus", &body)
        .await
        .refused(400, "invalid_value:certificate.common_name");
    body["organization"]["id"] = json!(99);
    api.post("order/certificate/ssl_wildcard", &body)
        .await
        .refused(404, "not_found|organization");
}

#[tokio::test]
async fn bodies_are_read_as_clients_write_them() {
    let api = Api::empty().await;
    let one_line = csr().replace('\n', "");
    let escaped = csr().replace('\n', "\\n");
    for csr in [
        one_line,
        escaped,
        csr().replace('\n', "\r\n"),
        csr()
            .replace("BEGIN CERT", "BEGIN NEW CERT")
            .replace("END CERT", "END NEW CERT"),
    ] {
        let body = json!({
            "certificate": {
                "common_name": "Shop.Example.net",
                "dns_names": null,
                "csr": csr,
                "signature_hash": "SHA256",
                "server_platform": { "id": "2" },
                "something": "new",
            },
            "organization": { "id": ORGANIZATION.to_string() },
            "validity_years": "1",
            "container": null,
            "skip_approval": "true",
            "custom_fields": [{ "metadata_id": "11", "value": 17 }],
        });
        let id = api
            .post("order/certificate/ssl_plus", &body)
            .await
            .expect(201)["id"]
            .as_u64()
            .unwrap();
        let info = api.order(id).await;
        assert_eq!(
            info["certificate"]["dns_names"],
            json!(["shop.example.net"])
        );
        assert_eq!(info["certificate"]["server_platform"]["name"], "Apache");
        assert_eq!(info["custom_fields"][0]["value"], "17");
        assert_eq!(info["custom_fields"][0]["label"], "Invoice");
    }
    let garbage = api
        .call(Method::POST, "order/certificate/ssl_plus")
        .body("<xml/>");
    api.send(garbage).await.refused(400, "bad_request_format");
}

#[tokio::test]
async fn the_issued_certificate_is_what_was_asked_for() {
    let api = Api::empty().await;
    let (csr, key) = csr_and_key();
    let mut body = tls_order(MAIN, &["shop.example.net", "www.example.net"]);
    body["certificate"]["csr"] = json!(csr);
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    let path = format!(
        "certificate/{}/download/format/pem_all",
        placed["certificate_id"]
    );
    let blocks = pem_blocks(&api.get(&path).await.text());
    let (_, leaf) = x509_parser::parse_x509_certificate(&blocks[0]).unwrap();
    assert_eq!(leaf.public_key().raw, key);
    assert_eq!(
        leaf.raw_serial_as_string().replace(':', "").to_uppercase(),
        info["certificate"]["serial_number"]
    );
    let names: Vec<String> = leaf
        .subject_alternative_name()
        .unwrap()
        .unwrap()
        .value
        .general_names
        .iter()
        .map(|name| name.to_string().replace("DNSName(", "").replace(')', ""))
        .collect();
    assert_eq!(names, ["shop.example.net", "www.example.net"]);
    let last = jiff::Timestamp::from_second(leaf.validity().not_after.timestamp()).unwrap();
    assert_eq!(
        last.to_string()[..10],
        *info["certificate"]["valid_till"].as_str().unwrap()
    );
    assert!(last.to_string().ends_with("T23:59:59Z"));
}

#[tokio::test]
async fn a_renewal_links_both_orders() {
    let api = Api::empty().await;
    let (old, _) = api.ending(&["shop.example.net"]).await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["order_validity"] = json!({ "days": 60 });
    body["renewal_of_order_id"] = json!(old);
    let new = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201)["id"]
        .clone();
    let info = api.order(old).await;
    assert_eq!(
        (&info["is_renewed"], &info["renewed_order_id"]),
        (&json!(true), &new)
    );
    let info = api.order(new.as_u64().unwrap()).await;
    assert_eq!(
        (&info["is_renewal"], &info["renewal_of_order_id"]),
        (&json!(true), &json!(old))
    );
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "order_renewed_already");
    body["renewal_of_order_id"] = json!(5);
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "order_not_eligible_for_renewal");
    body["renewal_of_order_id"] = Value::Null;
    let thumbprint = api.order(new.as_u64().unwrap()).await["certificate"]["thumbprint"].clone();
    if thumbprint.is_string() {
        body["renewed_thumbprint"] = thumbprint;
        api.post("order/certificate/ssl_multi_domain", &body)
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn a_renewal_is_of_the_same_family_and_in_the_last_90_days() {
    let api = Api::empty().await;
    let renew = async |old: u64, product: &str| {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["renewal_of_order_id"] = json!(old);
        api.post(&format!("order/certificate/{product}"), &body)
            .await
    };
    let days = async |days: u64| {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["order_validity"] = json!({ "days": days });
        let placed = api.post("order/certificate/ssl_multi_domain", &body);
        let placed = placed.await.expect(201)["id"].as_u64().unwrap();
        api.sandbox.advance(Duration::from_secs(10));
        placed
    };
    let not = "order_not_eligible_for_renewal";
    renew(days(92).await, "ssl_multi_domain")
        .await
        .refused(400, not);
    for family in ["private_ssl_plus", "client_premium_sha2", "code_signing"] {
        let answer = renew(days(60).await, family).await;
        assert!(answer.status >= 400, "{family}: {}", answer.text());
    }
    renew(days(60).await, "private_ssl_plus")
        .await
        .refused(400, not);
    // Another product of the family, and a flexible one that follows it.
    for product in ["ssl_multi_domain", "ssl_plus", "ssl_basic"] {
        renew(days(88).await, product).await.expect(201);
    }
    let over = days(30).await;
    api.sandbox.advance(Duration::from_hours(960));
    renew(over, "ssl_multi_domain").await.refused(400, not);
}

#[tokio::test]
async fn code_signing_and_client_certificates() {
    let api = Api::empty().await;
    let rsa = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)
        .unwrap();
    let small = rcgen::CertificateParams::default()
        .serialize_request(&rsa)
        .unwrap()
        .pem()
        .unwrap();
    let mut body = json!({
        "certificate": { "csr": small, "signature_hash": "sha256", "server_platform": { "id": -1 } },
        "cs_provisioning_method": "email",
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
    });
    api.post("order/certificate/code_signing", &body)
        .await
        .refused(400, "csr_invalid_key_size");
    body["certificate"]["csr"] = json!(csr());
    let placed = api
        .post("order/certificate/code_signing", &body)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(40));
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(info["status"], "issued");
    assert!(info["certificate"].get("dns_names").is_none());
    assert_eq!(info["cs_provisioning_method"], "email");
    let again = json!({ "certificate": { "csr": csr(), "signature_hash": "sha256" }, "skip_approval": true });
    api.post(
        &format!("order/certificate/{}/reissue", placed["id"]),
        &again,
    )
    .await
    .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let path = format!("order/certificate/{}/duplicate", placed["id"]);
    api.post(&path, &duplicate(&["x.example.net"]))
        .await
        .refused(400, "duplicates_not_allowed");

    body["cs_provisioning_method"] = json!("ship_token");
    body["ship_info"] = json!({ "name": "Ada" });
    assert_eq!(
        api.post("order/certificate/code_signing", &body)
            .await
            .codes()
            .len(),
        6
    );
    body["ship_info"] = json!({
        "name": "Ada", "addr1": "1 Street", "city": "Berlin", "state": "Berlin", "zip": 10115, "country": "de", "method": "STANDARD",
    });
    let token = api
        .post("order/certificate/code_signing", &body)
        .await
        .expect(201);
    let info = api.order(token["id"].as_u64().unwrap()).await;
    assert_eq!(info["status"], "waiting_pickup");
    assert!(info["hardware_init_code"].is_string());
    assert_eq!(info["ship_info"]["zip"], 10115);

    let client = json!({
        "certificate": { "common_name": "Ada Example", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
    });
    let placed = api
        .post("order/certificate/client_premium", &client)
        .await
        .expect(201);
    let id = placed["id"].as_u64().unwrap();
    assert_eq!(api.order(id).await["status"], "waiting_pickup");
    let mails = api
        .get(&format!("order/certificate/{id}/email-validation"))
        .await
        .expect(200);
    assert_eq!(mails["emails"][0]["email"], "ada@example.net");
    api.post(
        &format!("order/certificate/{id}/csr"),
        &json!({ "csr": csr() }),
    )
    .await
    .expect(204);
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(api.order(id).await["status"], "issued");
}

#[tokio::test]
async fn private_names_and_dv_orders() {
    let api = Api::empty().await;
    let private = api
        .post(
            "order/certificate/private_ssl_plus",
            &tls_order(MAIN, &["intranet"]),
        )
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        api.order(private["id"].as_u64().unwrap()).await["status"],
        "issued"
    );
    let mut body = tls_order(MAIN, &["dv.example.net"]);
    body["organization"] = Value::Null;
    let dv = api
        .post("order/certificate/ssl_dv_geotrust", &body)
        .await
        .expect(201);
    let info = api.order(dv["id"].as_u64().unwrap()).await;
    assert!(info.get("organization").is_none());
    assert_eq!(info["product"]["type"], "dv_ssl_certificate");
}

#[tokio::test]
async fn a_request_token_of_the_auth_key_proves_the_names_of_dv_orders_alone() {
    let api = Api::empty().await;
    for (product, name, use_auth_key, status) in [
        ("ssl_dv_geotrust", "dv.example.com", false, "pending"),
        ("ssl_dv_geotrust", "dv.example.com", true, "issued"),
        ("ssl_dv_geotrust", "dv.never.example.com", true, "pending"),
        ("ssl_plus", "ov.fresh-domain.org", true, "pending"),
    ] {
        let mut body = tls_order(MAIN, &[name]);
        body["dcv_method"] = "dns-txt-token".into();
        body["use_auth_key"] = use_auth_key.into();
        if product.contains("_dv_") {
            body["organization"] = Value::Null;
        }
        let path = format!("order/certificate/{product}");
        let placed = api.post(&path, &body).await.expect(201);
        api.sandbox.advance(Duration::from_secs(5));
        let order = placed["id"].as_u64().unwrap();
        let info = api.order(order).await;
        assert_eq!(info["status"], status, "{product} {name} {use_auth_key}");
    }
}

#[tokio::test]
async fn zeros_and_blanks_of_typed_clients_mean_none() {
    let api = Api::empty().await;
    let body = json!({
        "certificate": {
            "common_name": "shop.example.net", "dns_names": null, "organization_units": null, "csr": csr(),
            "server_platform": { "id": 0 }, "signature_hash": "sha256", "profile_option": "",
        },
        "renewed_thumbprint": "", "renewal_of_order_id": 0, "organization": { "id": ORGANIZATION },
        "validity_years": 1, "custom_expiration_date": "", "comments": "", "product": { "type_hint": "" },
    });
    let placed = api.post("order/certificate/ssl", &body).await.expect(201);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(
        info["product"]["name_id"], "ssl_plus",
        "the generic product is determined by the names"
    );
    assert_eq!(info["is_renewal"], false);
    assert_eq!(info["certificate"]["server_platform"]["name"], "OTHER");
    for (hint, names, wanted) in [
        ("ev", &["a.example.net"][..], "ssl_ev_plus"),
        (
            "private",
            &["a.example.net", "b.example.net"],
            "private_ssl_multi_domain",
        ),
        ("ov", &["*.example.net"], "ssl_wildcard"),
    ] {
        let mut body = tls_order(MAIN, names);
        body["product"] = json!({ "type_hint": hint });
        let placed = api.post("order/certificate/ssl", &body).await.expect(201);
        assert_eq!(
            api.order(placed["id"].as_u64().unwrap()).await["product"]["name_id"],
            wanted
        );
    }
    let mut body = tls_order(MAIN, &["*.example.net"]);
    body["product"] = json!({ "type_hint": "ev" });
    api.post("order/certificate/ssl", &body)
        .await
        .refused(400, "ambiguous_product");
}

#[tokio::test]
async fn contacts_come_with_an_order() {
    let api = Api::empty().await;
    let place = |contacts: Value| {
        let mut body = tls_order(MAIN, &["a.example.net"]);
        body["organization"]["contacts"] = contacts;
        body
    };
    let jill = json!({ "contact_type": "technical_contact", "first_name": "Jill",
        "last_name": "Valentine", "email": "jill@example.net" });
    let placed = api
        .post(
            "order/certificate/ssl_multi_domain",
            &place(json!([jill.clone()])),
        )
        .await
        .expect(201);
    let info = api
        .get(&format!("order/certificate/{}", placed["id"]))
        .await
        .expect(200);
    assert_eq!(info["technical_contact"]["email"], "jill@example.net");
    assert_ne!(info["organization_contact"]["email"], "jill@example.net");
    for (contacts, field) in [
        (json!([{ "contact_type": "friend" }]), "contact_type"),
        (json!([jill.clone(), jill.clone()]), "contact_type"),
        (
            json!([{ "contact_type": "technical_contact", "user_id": 1 }]),
            "user_id",
        ),
    ] {
        let code = format!("invalid_value:organization.contacts.{field}");
        api.post("order/certificate/ssl_multi_domain", &place(contacts))
            .await
            .refused(400, &code);
    }
}
