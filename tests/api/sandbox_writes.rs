//! Placing orders, duplicates, reissues, and what else changes an order.

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
            "required_param:organization"
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
async fn a_duplicate_is_issued_beside_the_primary() {
    let api = Api::empty().await;
    let (id, primary) = api.issued(&["shop.example.net", "www.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    assert_eq!(
        api.get(&path).await.expect(200),
        json!({}),
        "an empty list has no key"
    );
    let body = duplicate(&["www.example.net", "shop.example.net"]);
    let made = api.post(&path, &body).await.expect(201);
    assert_eq!(made["id"], id);
    let certificate = made["certificate_id"].as_u64().unwrap();
    api.sandbox.advance(Duration::from_secs(5));

    let list = api.get(&path).await.expect(200);
    let row = &list["certificates"][0];
    assert_eq!(row["id"], certificate);
    assert_eq!(
        row["status"], "approved",
        "issued duplicates show as approved"
    );
    assert_eq!(row["common_name"], "www.example.net");
    assert_eq!(row["csr"], body["certificate"]["csr"]);
    assert_eq!(row["sub_id"], "001");
    assert_eq!(row["archived"], "0");
    assert_eq!(row["firstname"], "Ada");
    assert_eq!(row["server_platform"]["id"], 2);
    assert_eq!(row["ca_cert_id"].as_str().unwrap().len(), 16);
    let info = api.order(id).await;
    assert_eq!(info["certificate"]["id"], primary, "the primary stays");
    assert_eq!(info["duplicates_count"], 1);
    assert_eq!(
        row["valid_till"], info["certificate"]["valid_till"],
        "the remaining time of the original"
    );
    // A duplicate is found by serial in the list, not by order info.
    let serial = row["serial_number"].as_str().unwrap();
    api.get(&format!("order/certificate/{serial}"))
        .await
        .refused(404, "not_found|order");
    let found = api
        .get(&format!(
            "order/certificate?filters[serial_number]={serial}"
        ))
        .await
        .expect(200);
    assert_eq!(found["orders"][0]["id"], id);

    let missing = api.post(&path, &json!({ "certificate": {} })).await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.codes().len(), 3);
}

#[tokio::test]
async fn a_duplicate_may_not_change_names() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net", "www.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    for names in [
        &["shop.example.net", "www.example.net", "new.example.net"][..],
        &["new.example.net"],
    ] {
        api.post(&path, &duplicate(names))
            .await
            .refused(400, "duplicate_names_differ");
    }
    api.post(&path, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    let mut wild = tls_order(MAIN, &["*.example.net"]);
    wild["certificate"]["dns_names"] = json!([]);
    let placed = api
        .post("order/certificate/ssl_wildcard", &wild)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let path = format!("order/certificate/{}/duplicate", placed["id"]);
    api.post(
        &path,
        &duplicate(&["*.example.net", "a.example.net", "b.c.example.net"]),
    )
    .await
    .expect(201);
    api.post(&path, &duplicate(&["*.example.net", "a.example.com"]))
        .await
        .refused(400, "duplicate_names_differ");
    let mut far = duplicate(&["*.example.net"]);
    far["custom_expiration_date"] = json!("2099-01-01");
    let made = api.post(&path, &far).await.expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let list = api.get(&path).await.expect(200);
    let row = list["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == made["certificate_id"])
        .unwrap();
    assert_eq!(
        row["days_remaining"], 198,
        "too long is shortened, not refused"
    );
}

#[tokio::test]
async fn duplicates_are_refused_where_they_cannot_be() {
    let api = Api::empty().await;
    let waiting = api.place(ONE_STEP, &["a.example.net"]).await["id"]
        .as_u64()
        .unwrap();
    let body = duplicate(&["a.example.net"]);
    api.post(&format!("order/certificate/{waiting}/duplicate"), &body)
        .await
        .refused(400, "invalid_order_status");
    let (id, _) = api.issued(&["a.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    let mut bad = body.clone();
    bad["certificate"]["signature_hash"] = json!("md5");
    api.post(&path, &bad)
        .await
        .refused(400, "invalid_value:certificate.signature_hash");
    bad = body.clone();
    bad["certificate"]["ca_cert_id"] = json!("00");
    api.post(&path, &bad)
        .await
        .refused(400, "invalid_value:certificate.ca_cert_id");
    api.sandbox.change_account(|account| {
        account
            .domains
            .iter_mut()
            .for_each(|domain| domain.dcv.approved = None);
    });
    api.post(&path, &body)
        .await
        .refused(400, "validation_not_current");
}

#[tokio::test]
async fn a_reissue_replaces_the_primary_when_it_is_issued() {
    let api = Api::empty().await;
    let (id, old) = api.issued(&["shop.example.net", "www.example.net"]).await;
    api.sandbox
        .change_account(|account| account.order_mut(id).unwrap().is_slow = true);
    let path = format!("order/certificate/{id}/reissue");
    let body = duplicate(&["shop.example.net", "pay.example.net"]);
    let made = api.post(&path, &body).await.expect(201);
    let new = made["certificate_id"].as_u64().unwrap();
    assert!(made.get("certificate_chain").is_none());

    let info = api.order(id).await;
    assert_eq!(
        (&info["status"], &info["certificate"]["id"]),
        (&json!("reissue_pending"), &json!(old))
    );
    let row = api.get(&path).await.expect(200)["certificates"][0].clone();
    assert_eq!(
        (&row["id"], &row["status"]),
        (&json!(new), &json!("pending"))
    );
    assert!(row.get("thumbprint").is_none() && row.get("date_issued").is_none());
    api.post(&path, &body).await.refused(400, "reissue_pending");
    api.post(&format!("order/certificate/{id}/duplicate"), &body)
        .await
        .refused(400, "reissue_pending");
    api.put(&format!("certificate/{old}/revoke"), &json!({}))
        .await
        .refused(400, "reissue_pending");
    assert_eq!(
        api.get(&format!("certificate/{new}/chain")).await.status,
        404,
        "not issued yet"
    );

    api.sandbox.advance(Duration::from_secs(3));
    let info = api.order(id).await;
    assert_eq!(
        (&info["status"], &info["certificate"]["id"]),
        (&json!("issued"), &json!(new))
    );
    assert_eq!(
        info["certificate"]["dns_names"],
        json!(["shop.example.net", "pay.example.net"])
    );
    assert!(info["last_reissued_date"].is_string());
    let row = api.get(&path).await.expect(200)["certificates"][0].clone();
    assert_eq!(row["status"], "issued");
    assert_eq!(row["archived"], 0);
    assert_eq!(row["purchased_dns_names"], "2");
    assert_eq!(row["email"], "ada@example.net");
    for absent in [
        "server_platform",
        "signature_hash",
        "ca_cert_id",
        "valid_from",
    ] {
        assert!(row.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn a_reissue_can_be_cancelled_or_stored_as_a_duplicate() {
    let api = Api::empty().await;
    let (id, old) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{id}/reissue");
    let mut body = duplicate(&["shop.example.net", "new.pending.example"]);
    body["dcv_method"] = json!("dns-txt-token");
    let made = api.post(&path, &body).await.expect(201);
    assert!(
        made["dcv_random_value"].as_str().unwrap().len() > 16,
        "{made}"
    );
    let status = format!("order/certificate/{id}/status");
    api.put(&status, &json!({ "status": "canceled" }))
        .await
        .refused(400, "required_param:note");
    api.put(&status, &json!({ "status": "CANCELED", "note": "no" }))
        .await
        .expect(204);
    let info = api.order(id).await;
    assert_eq!(
        (&info["status"], &info["certificate"]["id"]),
        (&json!("issued"), &json!(old))
    );
    assert_eq!(
        api.get(&path).await.expect(200)["certificates"][0]["status"],
        "rejected"
    );

    let mut body = duplicate(&["shop.example.net"]);
    body["store_reissue_as_duplicate"] = json!(true);
    api.post(&path, &body).await.expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let info = api.order(id).await;
    assert_eq!(
        (&info["status"], &info["certificate"]["id"]),
        (&json!("issued"), &json!(old))
    );
    let list = api
        .get(&format!("order/certificate/{id}/duplicate"))
        .await
        .expect(200);
    assert_eq!(list["certificates"][0]["csr"], body["certificate"]["csr"]);
}

#[tokio::test]
async fn only_a_plan_may_choose_the_length_of_a_reissue() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let mut body = duplicate(&["shop.example.net"]);
    let soon = api
        .sandbox
        .now()
        .checked_add(jiff::SignedDuration::from_hours(24 * 40))
        .unwrap();
    let soon = soon.strftime("%d %b %Y").to_string().to_uppercase();
    body["certificate"]["cert_validity"] = json!({ "custom_expiration_date": soon });
    let days = async |id: u64| {
        api.post(&format!("order/certificate/{id}/reissue"), &body)
            .await
            .expect(201);
        api.sandbox.advance(Duration::from_secs(5));
        api.order(id).await["certificate"]["days_remaining"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(days(id).await, 198);
    let mut plan = tls_order(MAIN, &["shop.example.net"]);
    plan["order_validity"] = json!({ "years": 3 });
    let placed = api
        .post("order/certificate/ssl_basic", &plan)
        .await
        .expect(201)["id"]
        .as_u64()
        .unwrap();
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(api.order(placed).await["is_multi_year_plan"], "1");
    assert_eq!(days(placed).await, 40);
}

#[tokio::test]
async fn a_renewal_links_both_orders() {
    let api = Api::empty().await;
    let (old, _) = api.issued(&["shop.example.net"]).await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
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
async fn cancelling_and_marking() {
    let api = Api::empty().await;
    let pending = api.place(MAIN, &["shop.pending.example"]).await["id"]
        .as_u64()
        .unwrap();
    let path = format!("order/certificate/{pending}/status");
    api.put(&path, &json!({ "status": "deleted" }))
        .await
        .refused(400, "invalid_value:status");
    let gone = api
        .put(
            &path,
            &json!({ "status": "canceled", "note": "not needed", "send_emails": false }),
        )
        .await;
    assert_eq!((gone.status, gone.bytes.len()), (204, 0));
    assert_eq!(api.order(pending).await["status"], "canceled");
    let (id, _) = api.issued(&["a.example.net"]).await;
    let path = format!("order/certificate/{id}/status");
    api.put(&path, &json!({ "status": "canceled", "note": "x" }))
        .await
        .refused(400, "invalid_order_status");
    api.put(&path, &json!({ "status": "renewed" }))
        .await
        .refused(400, "invalid_order_status");
    api.sandbox
        .change_account(|account| account.order_mut(id).unwrap().is_migrated = true);
    api.sandbox.advance(Duration::from_secs(130 * 86_400));
    api.put(&path, &json!({ "status": "renewed" }))
        .await
        .expect(204);
    assert_eq!(api.order(id).await["is_renewed"], true);
    api.put(&path, &json!({ "status": "not_renewed" }))
        .await
        .expect(204);
    assert_eq!(api.order(id).await["is_renewed"], false);
}

#[tokio::test]
async fn dcv_of_an_order_takes_two_checks() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.pending.example", "a.example.net"]);
    body["dcv_method"] = json!("dns-txt-token");
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    assert!(placed["dcv_random_value"].is_string());
    assert_eq!(placed["domains"][0]["dns_name"], "shop.pending.example");
    assert_eq!(
        placed["domains"][0]["dcv_token"]["verification_value"],
        placed["dcv_random_value"]
    );
    let path = format!("order/certificate/{}/check-dcv", placed["id"]);
    let empty = api.send(api.call(Method::PUT, &path)).await.expect(200);
    assert_eq!(empty["order_status"], "pending");
    assert_eq!(empty["dcv_status"], "pending");
    assert_eq!(
        empty["dns_name_validations"],
        json!([{ "dns_name": "shop.pending.example", "status": "pending" }])
    );
    let found = api
        .put(
            &path,
            &json!({ "dns_names_validations": ["shop.pending.example"] }),
        )
        .await
        .expect(200);
    assert_eq!(found["dcv_status"], "valid");
    assert_eq!(found["certificate_id"], placed["certificate_id"]);
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        api.order(placed["id"].as_u64().unwrap()).await["status"],
        "issued"
    );

    let other = api.place(MAIN, &["b.pending.example"]).await["id"].clone();
    let method = format!("order/certificate/{other}/dcv-method");
    let token = api
        .put(&method, &json!({ "dcv_method": "http-token" }))
        .await
        .expect(200);
    assert!(token["dcv_random_value"].is_string() && token["expiration_date"].is_string());
    let check = format!("order/certificate/{other}/check-dcv");
    api.put(&check, &json!({}))
        .await
        .refused(400, "file_random_value_not_found");
    let email = api.put(&method, &json!({ "dcv_method": "email" })).await;
    assert_eq!(email.bytes.len(), 0);
    api.sandbox.advance(Duration::from_secs(40));
    api.order(other.as_u64().unwrap()).await;
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        api.order(other.as_u64().unwrap()).await["status"],
        "issued",
        "the link in the mail was clicked"
    );
}

#[tokio::test]
async fn the_small_changes_of_an_order() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["alternative_order_id"] = json!("mine-1");
    body["order_validity"] = json!({ "years": 2 });
    let placed = api
        .post("order/certificate/ssl_basic", &body)
        .await
        .expect(201);
    let id = placed["id"].as_u64().unwrap();
    let at = |what: &str| format!("order/certificate/{id}/{what}");
    assert!(
        api.post(&at("note"), &json!({ "text": "Renew with care" }))
            .await
            .expect(201)["id"]
            .is_u64()
    );
    assert_eq!(api.order(id).await["notes"][0]["text"], "Renew with care");
    api.post(
        &at("custom-field"),
        &json!({ "metadata_id": 11, "value": "Invoice 17" }),
    )
    .await
    .expect(204);
    api.post(
        &at("custom-field"),
        &json!({ "metadata_id": 12, "value": "x" }),
    )
    .await
    .refused(400, "invalid_custom_field_value");
    api.post(
        &at("custom-field"),
        &json!({ "metadata_id": 99, "value": "x" }),
    )
    .await
    .refused(404, "not_found|metadata");
    assert_eq!(
        api.order(id).await["custom_fields"][0]["value"],
        "Invoice 17"
    );
    api.send(api.call(Method::DELETE, &at("custom-field/11")))
        .await
        .expect(204);
    assert!(api.order(id).await.get("custom_fields").is_none());
    api.put(&at("auto-reissue"), &json!({ "auto_reissue": 1 }))
        .await
        .expect(204);
    assert_eq!(api.order(id).await["auto_reissue"], 1);
    let found = api.get("order/alternate/mine-1").await.expect(200);
    assert_eq!(
        found["orders"][0],
        json!({ "order_id": id, "certificate_id": placed["certificate_id"] })
    );
    api.post(&at("csr"), &json!({ "csr": csr() }))
        .await
        .refused(400, "csr_already_submitted");
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
    api.sandbox.advance(Duration::from_secs(5));
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
    assert_eq!(info["ship_info"]["zip"], "10115");

    let client = json!({
        "certificate": { "common_name": "Ada Example", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION },
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
