//! What has come to its end stays there: revoked orders, renewals that came to nothing, days that have passed; and what is
//! no key and no name is told as such.

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ONE_STEP, ORGANIZATION, csr, duplicate, tls_order};

/// An issued order in the division where a request waits for one approval.
async fn issued_with_approval(api: &Api, names: &[&str]) -> u64 {
    let mut body = tls_order(ONE_STEP, names);
    body["skip_approval"] = json!(true);
    body["order_validity"] = json!({ "days": 60 });
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    api.sandbox.advance(std::time::Duration::from_secs(10));
    let order = placed["id"].as_u64().unwrap();
    assert_eq!(api.order(order).await["status"], "issued");
    order
}

fn request_of(answer: &Value) -> u64 {
    answer["requests"][0]["id"].as_u64().unwrap()
}

async fn decide(api: &Api, request: u64, status: &str) -> super::sandbox_support::Answer {
    api.put(
        &format!("request/{request}/status"),
        &json!({ "status": status }),
    )
    .await
}

#[tokio::test]
async fn a_revoked_order_is_not_brought_back_by_a_late_approval() {
    let api = Api::empty().await;
    let order = issued_with_approval(&api, &["shop.example.net"]).await;
    let asked = api
        .post(
            &format!("order/certificate/{order}/duplicate"),
            &duplicate(&["shop.example.net"]),
        )
        .await
        .expect(201);
    let request = request_of(&asked);
    api.put(
        &format!("order/certificate/{order}/revoke"),
        &json!({ "skip_approval": true }),
    )
    .await
    .expect(204);

    let info = api.order(order).await;
    assert_eq!(
        (&info["status"], &info["has_pending_request"]),
        (&json!("revoked"), &json!(false))
    );
    let seen = api.get(&format!("request/{request}")).await.expect(200);
    assert_eq!(seen["status"], "rejected");
    decide(&api, request, "approved")
        .await
        .refused(400, "request_already_processed");
    assert_eq!(api.order(order).await["status"], "revoked");
}

#[tokio::test]
async fn an_order_whose_renewal_was_rejected_can_be_renewed_again() {
    let api = Api::empty().await;
    let order = issued_with_approval(&api, &["shop.example.net"]).await;
    let mut body = tls_order(ONE_STEP, &["shop.example.net"]);
    body["renewal_of_order_id"] = json!(order);
    let path = "order/certificate/ssl_multi_domain";
    let renewal = api.post(path, &body).await.expect(201);
    assert_eq!(api.order(order).await["renewed_order_id"], renewal["id"]);
    api.post(path, &body)
        .await
        .refused(400, "order_renewed_already");

    decide(&api, request_of(&renewal), "rejected")
        .await
        .expect(204);
    let info = api.order(order).await;
    assert_eq!(info["is_renewed"], false);
    assert!(info.get("renewed_order_id").is_none(), "{info}");
    api.post(path, &body).await.expect(201);
}

#[tokio::test]
async fn a_canceled_renewal_frees_the_old_order_too() {
    let api = Api::empty().await;
    let (order, _) = api.ending(&["shop.example.net"]).await;
    // A name that nobody has proven keeps the renewal pending.
    let mut body = tls_order(MAIN, &["shop.example.net", "never.unproven.example"]);
    body["renewal_of_order_id"] = json!(order);
    let path = "order/certificate/ssl_multi_domain";
    let renewal = api.post(path, &body).await.expect(201);
    assert_eq!(api.order(order).await["is_renewed"], true);
    api.put(
        &format!("order/certificate/{}/status", renewal["id"]),
        &json!({ "status": "CANCELED", "note": "not needed" }),
    )
    .await
    .expect(204);
    assert_eq!(api.order(order).await["is_renewed"], false);
}

#[tokio::test]
async fn a_day_that_has_passed_is_refused_and_today_is_not() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{order}/duplicate");
    let today = api.sandbox.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut body = duplicate(&["shop.example.net"]);
    body["custom_expiration_date"] = json!(today.yesterday().unwrap().to_string());
    api.post(&path, &body)
        .await
        .refused(400, "invalid_value:custom_expiration_date");
    body["custom_expiration_date"] = json!(today.to_string());
    api.post(&path, &body).await.expect(201);

    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["certificate"]["cert_validity"] = json!({ "custom_expiration_date": "01 JAN 2020" });
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(
            400,
            "invalid_value:certificate.cert_validity.custom_expiration_date",
        );
}

#[tokio::test]
async fn the_common_name_of_a_duplicate_stands_on_the_order() {
    let api = Api::empty().await;
    let body = json!({
        "certificate": { "common_name": "*.example.net", "csr": csr(), "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
    });
    let placed = api
        .post("order/certificate/ssl_wildcard", &body)
        .await
        .expect(201);
    api.sandbox.advance(std::time::Duration::from_secs(10));
    let path = format!("order/certificate/{}/duplicate", placed["id"]);
    // Names below the wildcard may be added, but not take its place.
    api.post(&path, &duplicate(&["a.example.net"]))
        .await
        .refused(400, "duplicate_names_differ");
    api.post(&path, &duplicate(&["*.example.net", "a.example.net"]))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_is_no_csr_is_told_by_its_reason() {
    let api = Api::empty().await;
    let path = "order/certificate/ssl_multi_domain";
    let openssl = |arguments: &[&str]| {
        let made = std::process::Command::new("openssl")
            .args([
                "req",
                "-new",
                "-nodes",
                "-batch",
                "-subj",
                "/CN=a.example.net",
            ])
            .args(["-keyout", "/dev/null"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(made.status.success());
        String::from_utf8(made.stdout).unwrap()
    };
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    for (text, code) in [
        (json!([csr()]), "invalid_value:certificate.csr"),
        (
            json!(openssl(&["-newkey", "rsa:1024"])),
            "csr_invalid_key_size",
        ),
        (
            json!(openssl(&[
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-521"
            ])),
            "csr_invalid_cannot_parse",
        ),
    ] {
        body["certificate"]["csr"] = text;
        let answer = api.post(path, &body).await;
        assert!(!answer.text().contains("signature"), "{}", answer.text());
        answer.refused(400, code);
    }
    let mut body = tls_order(MAIN, &["10.0.0.1"]);
    body["skip_approval"] = json!(true);
    api.post(path, &body)
        .await
        .refused(400, "invalid_value:certificate.common_name");
}

#[tokio::test]
async fn status_changes_take_the_documented_time_with_its_plus_sign() {
    let api = Api::empty().await;
    api.issued(&["shop.example.net"]).await;
    let zone = jiff::tz::TimeZone::get("America/Denver").unwrap();
    let now = api.sandbox.now().to_zoned(zone);
    let from = now.date().yesterday().unwrap();
    let until = now.date().tomorrow().unwrap();
    for plus in ["+", "%2B", "%20"] {
        let path = format!(
            "order/certificate/status-changes?filters[status_last_updated]={from}{plus}08:00:00...{until}{plus}17:30:00"
        );
        let found = api.send(api.call(Method::GET, &path)).await.expect(200);
        assert_eq!(found["orders"].as_array().unwrap().len(), 1, "{plus}");
    }
}
