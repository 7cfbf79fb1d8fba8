//! The small changes of an order: cancelling, marking, domain validation, notes, fields.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::sandbox_support::{Api, MAIN, csr, tls_order};

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
    api.sandbox.advance(Duration::from_hours(130 * 24));
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
