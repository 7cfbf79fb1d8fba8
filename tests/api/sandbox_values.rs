//! Values outside what the glossary allows are refused by the field's name, before anything is made.

use std::time::Duration;

use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, duplicate, tls_order};

fn code_signing() -> Value {
    json!({
        "certificate": { "csr": csr(), "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
        "cs_provisioning_method": "ship_token",
        "ship_info": {
            "name": "Ada Example", "addr1": "Musterstrasse 1", "city": "Berlin", "state": "Berlin",
            "zip": "10115", "country": "de", "method": "STANDARD",
        },
    })
}

#[tokio::test]
async fn code_signing_takes_one_hash_three_ways_and_two_kinds_of_post() {
    let api = Api::empty().await;
    let path = "order/certificate/code_signing";
    for (pointer, value, code) in [
        (
            "/certificate/signature_hash",
            "sha384",
            "invalid_value:certificate.signature_hash",
        ),
        (
            "/cs_provisioning_method",
            "none",
            "invalid_value:cs_provisioning_method",
        ),
        (
            "/ship_info/method",
            "DRONE",
            "invalid_value:ship_info.method",
        ),
    ] {
        let mut body = code_signing();
        *body.pointer_mut(pointer).unwrap() = json!(value);
        api.post(path, &body).await.refused(400, code);
    }
    let product = api.get("product/code_signing").await.expect(200);
    let hashes = &product["signature_hash_types"]["allowed_hash_types"];
    assert_eq!(hashes, &json!([{ "id": "sha256", "name": "SHA-256" }]));
    api.post(path, &code_signing()).await.expect(201);
    assert_eq!(
        api.sandbox.with_account(|account| account.orders().len()),
        1
    );
}

#[tokio::test]
async fn an_order_is_paid_in_a_way_that_exists() {
    let api = Api::empty().await;
    let path = "order/certificate/ssl_multi_domain";
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["payment_method"] = json!("gold");
    api.post(path, &body)
        .await
        .refused(400, "invalid_value:payment_method");
    // A client in a typed language sends the empty text for "not said".
    for (sent, shown) in [("", "balance"), ("card", "card")] {
        body["payment_method"] = json!(sent);
        let placed = api.post(path, &body).await.expect(201);
        let info = api.order(placed["id"].as_u64().unwrap()).await;
        assert_eq!(info["payment_method"], shown);
    }
}

#[tokio::test]
async fn a_certificate_is_not_asked_to_outlast_its_order() {
    let api = Api::empty().await;
    let path = "order/certificate/ssl_multi_domain";
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    for (order, certificate, fits) in [
        (json!({ "days": 60 }), json!({ "days": 90 }), false),
        (json!({ "years": 1 }), json!({ "years": 2 }), false),
        (json!({ "days": 365 }), json!({ "years": 1 }), true),
        // One client names the certificate's length alone.
        (Value::Null, json!({ "days": 396 }), true),
    ] {
        body["order_validity"] = order;
        body["certificate"]["cert_validity"] = certificate;
        let answer = api.post(path, &body).await;
        if fits {
            answer.expect(201);
        } else {
            answer.refused(400, "cert_validity_exceeds_order_validity");
        }
    }
}

#[tokio::test]
async fn a_plan_is_reissued_for_a_year_at_a_time_and_by_itself_or_not() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["order_validity"] = json!({ "years": 2 });
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(10));
    let order = format!("order/certificate/{}", placed["id"]);
    let mut wanted = duplicate(&["shop.example.net"]);
    wanted["certificate"]["cert_validity"] = json!({ "years": 2 });
    let reissue = format!("{order}/reissue");
    api.post(&reissue, &wanted)
        .await
        .refused(400, "invalid_value:certificate.cert_validity.years");
    wanted["certificate"]["cert_validity"] = json!({ "years": 1 });
    api.post(&reissue, &wanted).await.expect(201);

    let automatic = format!("{order}/auto-reissue");
    api.put(&automatic, &json!({ "auto_reissue": 7 }))
        .await
        .refused(400, "invalid_value:auto_reissue");
    api.put(&automatic, &json!({ "auto_reissue": 1 }))
        .await
        .expect(204);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(info["auto_reissue"], 1);
}
