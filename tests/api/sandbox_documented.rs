//! What the documentation states since it was read in full: what a reissue revokes, what DV proves anew, which names a duplicate
//! has, and the shapes of answers.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, duplicate, tls_order};

const HOUR: Duration = Duration::from_hours(1);

/// A reissue or duplicate of an order, issued.
async fn copy(api: &Api, order: u64, kind: &str, names: &[&str]) -> Value {
    let path = format!("order/certificate/{order}/{kind}");
    let placed = api.post(&path, &duplicate(names)).await.expect(201);
    api.sandbox.advance(Duration::from_secs(10));
    api.get("ping").await.expect(200);
    placed
}

/// The states of all certificates of an order, by the account itself: `true` is revoked.
fn revoked(api: &Api, order: u64) -> Vec<bool> {
    use certdeck::sandbox::model::CertificateState::Revoked;
    api.sandbox.with_account(|account| {
        let order = account.order(order).unwrap();
        let all = order.certificates.iter();
        all.map(|one| matches!(one.state, Revoked(_))).collect()
    })
}

#[tokio::test]
async fn removing_a_name_revokes_all_older_certificates_within_72_hours() {
    let api = Api::empty().await;
    let both = ["shop.example.net", "www.example.net"];
    let (order, _) = api.issued(&both).await;
    copy(&api, order, "duplicate", &both).await;
    // Adding a name, and the same names, revoke nothing.
    copy(
        &api,
        order,
        "reissue",
        &["shop.example.net", "www.example.net", "new.example.net"],
    )
    .await;
    copy(
        &api,
        order,
        "reissue",
        &["www.example.net", "shop.example.net", "new.example.net"],
    )
    .await;
    api.sandbox.advance(100 * HOUR);
    api.get("ping").await.expect(200);
    assert_eq!(revoked(&api, order), [false; 4]);

    copy(
        &api,
        order,
        "reissue",
        &["shop.example.net", "changed.example.net"],
    )
    .await;
    api.sandbox.advance(71 * HOUR);
    api.get("ping").await.expect(200);
    assert_eq!(revoked(&api, order), [false; 5], "not at once");
    // A duplicate that comes after is one of the new certificate.
    copy(
        &api,
        order,
        "duplicate",
        &["shop.example.net", "changed.example.net"],
    )
    .await;
    api.sandbox.advance(HOUR);
    api.get("ping").await.expect(200);
    assert_eq!(revoked(&api, order), [true, true, true, true, false, false]);
    assert_eq!(api.order(order).await["status"], "issued");
}

#[tokio::test]
async fn a_reissue_that_is_stored_as_a_duplicate_revokes_nothing() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net", "www.example.net"]).await;
    let mut body = duplicate(&["shop.example.net"]);
    body["store_reissue_as_duplicate"] = json!(true);
    let path = format!("order/certificate/{order}/reissue");
    api.post(&path, &body).await.expect(201);
    api.sandbox.advance(100 * HOUR);
    api.get("ping").await.expect(200);
    assert_eq!(revoked(&api, order), [false, false]);
}

#[tokio::test]
async fn dv_never_reuses_a_validation() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body.as_object_mut().unwrap().remove("organization");
    body["dcv_method"] = json!("dns-txt-token");
    body["order_validity"] = json!({ "days": 60 });
    let place = async |body: &Value| {
        let placed = api
            .post("order/certificate/ssl_dv_geotrust", body)
            .await
            .expect(201);
        placed["id"].as_u64().unwrap()
    };
    // The name is validated in the account; that counts for OV alone.
    let order = place(&body).await;
    assert_eq!(api.order(order).await["status"], "pending");
    let prove = async |order: u64| {
        let path = format!("order/certificate/{order}/check-dcv");
        for status in ["pending", "valid"] {
            let answer = api.put(&path, &json!({})).await.expect(200);
            assert_eq!(answer["dcv_status"], status);
        }
        api.sandbox.advance(Duration::from_secs(10));
        api.get("ping").await.expect(200);
    };
    prove(order).await;
    assert_eq!(api.order(order).await["status"], "issued");
    // A duplicate is issued on what was proven; a reissue and another order are proven anew.
    let copied = copy(&api, order, "duplicate", &["shop.example.net"]).await;
    assert!(copied["certificate_id"].is_u64());
    let again = copy(&api, order, "reissue", &["shop.example.net"]).await;
    assert!(again["dcv_random_value"].is_string(), "{again}");
    assert_eq!(api.order(order).await["status"], "reissue_pending");
    prove(order).await;
    assert_eq!(api.order(order).await["status"], "issued");
    body["renewal_of_order_id"] = json!(order);
    let renewal = place(&body).await;
    assert_eq!(api.order(renewal).await["status"], "pending");
}

#[tokio::test]
async fn a_flexible_product_gives_duplicates_with_fewer_names() {
    let api = Api::empty().await;
    let names = ["a.example.net", "b.example.net", "c.example.net"];
    let mut body = tls_order(MAIN, &names);
    let issued = async |product: &str, body: &Value| {
        let placed = api
            .post(&format!("order/certificate/{product}"), body)
            .await
            .expect(201);
        api.sandbox.advance(Duration::from_secs(10));
        placed["id"].as_u64().unwrap()
    };
    let flex = issued("ssl_basic", &body).await;
    copy(&api, flex, "duplicate", &["c.example.net", "a.example.net"]).await;
    let list = api
        .get(&format!("order/certificate/{flex}/duplicate"))
        .await
        .expect(200);
    assert_eq!(
        list["certificates"][0]["dns_names"],
        json!(["c.example.net", "a.example.net"])
    );
    let path = format!("order/certificate/{flex}/duplicate");
    api.post(&path, &duplicate(&["a.example.net", "d.example.net"]))
        .await
        .refused(400, "duplicate_names_differ");
    body["certificate"]["csr"] = json!(csr());
    let other = issued("ssl_multi_domain", &body).await;
    api.post(
        &format!("order/certificate/{other}/duplicate"),
        &duplicate(&["a.example.net", "b.example.net"]),
    )
    .await
    .refused(400, "duplicate_names_differ");
}

#[tokio::test]
async fn a_product_without_duplicates_says_so_before_it_asks_for_fields() {
    let api = Api::empty().await;
    let body = json!({
        "certificate": { "csr": csr(), "emails": ["zoe@example.net"], "signature_hash": "sha256",
            "usage_designation": { "primary_usage": "signing" } },
        "order_validity": { "years": 1 },
    });
    let placed = api
        .post("order/certificate/secure_email_mailbox", &body)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(40));
    let path = format!("order/certificate/{}/duplicate", placed["id"]);
    api.post(&path, &json!({ "certificate": { "csr": csr() } }))
        .await
        .refused(400, "duplicates_not_allowed");
}

#[tokio::test]
async fn a_new_random_value_is_told_flat() {
    let api = Api::empty().await;
    let told = api
        .post("domain/4001/dcv/token", &json!({}))
        .await
        .expect(201);
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["token", "expiration_date"]);
    let told = api
        .post("domain/4005/dcv/token", &json!({}))
        .await
        .expect(201);
    assert!(
        told["http_token_url"]
            .as_str()
            .unwrap()
            .ends_with("/fileauth.txt")
    );
    let info = api.get("domain/4005?include_dcv=true").await.expect(200);
    assert_eq!(info["dcv_token"]["token"], told["token"]);
    assert_eq!(info["dcv_token"]["status"], "pending");
    // The method of one connector, and the addresses by name.
    let cname = api
        .send(api.call(Method::PUT, "domain/4005/dcv/cname"))
        .await
        .expect(200);
    assert!(
        cname["dcv_token"]["verification_value"]
            .as_str()
            .unwrap()
            .ends_with(".dcv.digicert.com")
    );
    let mails = api.get("domain/example.org/dcv/emails").await.expect(200);
    assert_eq!(mails["name_scope"], "example.org");
    api.put("domain/4003/dcv/emails", &json!({}))
        .await
        .expect(204);
}

#[tokio::test]
async fn the_report_of_what_expires_counts_in_spans_that_do_not_overlap() {
    let api = Api::empty().await;
    for days in [5, 45, 75, 120] {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["order_validity"] = json!({ "days": days });
        api.post("order/certificate/ssl_multi_domain", &body)
            .await
            .expect(201);
    }
    api.sandbox.advance(Duration::from_secs(10));
    let counts = async |path: &str, name: &str| {
        let report = api.get(path).await.expect(200);
        let rows = report["expiring_orders"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| {
                (
                    row["days_expiring"].as_i64().unwrap(),
                    row[name].as_u64().unwrap(),
                )
            })
            .collect::<Vec<_>>()
    };
    let wanted = [(90, 1), (60, 1), (30, 1), (-7, 0)];
    assert_eq!(counts("report/order/expiring", "order_count").await, wanted);
    assert_eq!(
        counts(&format!("report/order/{MAIN}/expiring"), "order_count").await,
        wanted
    );
    assert_eq!(
        counts("report/order/expiring?container_id=1002", "order_count").await,
        [(90, 0), (60, 0), (30, 0), (-7, 0)]
    );
    let both = counts("report/order/expiring?include_expiring_certs=true", "count").await;
    assert_eq!(both, [(90, 2), (60, 2), (30, 2), (-7, 0)]);
    let domains = api.get("domain/expiration-count").await.expect(200);
    let now = api.sandbox.now();
    let over = api.sandbox.with_account(|account| {
        let all = account.domains.iter();
        all.filter(|domain| domain.dcv.approved.is_some() && domain.dcv.expires < Some(now))
            .count()
    });
    assert_eq!(
        domains["number_of_expired_domains"],
        json!(over.to_string())
    );
    assert_eq!(domains["number_of_domains_affected_by_mozilla_policy"], "0");
}

#[tokio::test]
async fn what_was_asked_for_is_shown_again() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["certificate"]["organization_units"] = json!(["Accounting", "東京"]);
    body["custom_renewal_message"] = json!("Renew me");
    body["locale"] = json!("de");
    body["serial_number"] = json!("0A1B2C");
    body["apply_cr_discount"] = json!(true);
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(
        info["certificate"]["organization_units"],
        json!(["Accounting", "東京"])
    );
    assert_eq!(info["custom_renewal_message"], "Renew me");
    assert_eq!(info["locale"], "de");
    assert_eq!(info["serial_number"], "0A1B2C");
    let domains = &info["benefits"]["benefits_data"]["cr_benefit"]["availed_domains"];
    assert_eq!(*domains, json!(["shop.example.net"]));
    let plain = api.place(MAIN, &["shop.example.net"]).await;
    let info = api.order(plain["id"].as_u64().unwrap()).await;
    for name in [
        "custom_renewal_message",
        "locale",
        "serial_number",
        "benefits",
    ] {
        assert!(info.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn a_mark_waits_for_the_proof_of_its_domain() {
    let api = Api::empty().await;
    let order = |name: &str| {
        json!({
            "certificate": { "dns_names": [name], "csr": csr(), "signature_hash": "sha256" },
            "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
        })
    };
    let place = async |name: &str| {
        let placed = api
            .post("order/certificate/vmc_basic", &order(name))
            .await
            .expect(201);
        api.sandbox.advance(Duration::from_secs(40));
        api.order(placed["id"].as_u64().unwrap()).await["status"].clone()
    };
    assert_eq!(place("example.net").await, "issued");
    assert_eq!(place("brand.somewhere.example").await, "pending");
}

#[tokio::test]
async fn a_revoked_certificate_is_told_so_also_on_a_revoked_order() {
    let api = Api::empty().await;
    let (order, certificate) = api.issued(&["shop.example.net"]).await;
    let body = json!({ "skip_approval": true });
    api.put(&format!("order/certificate/{order}/revoke"), &body)
        .await
        .expect(204);
    api.put(&format!("certificate/{certificate}/revoke"), &body)
        .await
        .refused(400, "certificate_already_revoked");
    api.put(&format!("order/certificate/{order}/revoke"), &body)
        .await
        .refused(400, "order_already_revoked");
}

#[tokio::test]
async fn the_fields_of_a_family_take_its_own_words() {
    let api = Api::empty().await;
    let mut client = json!({
        "certificate": { "common_name": "Ada", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
    });
    for product in [
        "client_premium",
        "client_email_security_plus",
        "client_digital_signature_plus",
        "client_authentication_plus",
    ] {
        let path = format!("order/certificate/{product}");
        for (word, taken) in [
            (json!("given_name_surname"), true),
            (json!("pseudonym"), true),
            (json!("email_address"), false),
            (json!("organization_name"), false),
            (json!("nope"), false),
            (json!(5), false),
        ] {
            client["certificate"]["common_name_indicator"] = word;
            let answer = api.post(&path, &client).await;
            if taken {
                answer.expect(201);
            } else {
                answer.refused(400, "invalid_value:certificate.common_name_indicator");
            }
        }
    }
    let mut dv = tls_order(MAIN, &["shop.example.net"]);
    dv.as_object_mut().unwrap().remove("organization");
    for (method, taken) in [
        ("http-token", true),
        ("dns-cname-token", true),
        ("email", true),
        ("http-token-dynamic", false),
    ] {
        dv["dcv_method"] = json!(method);
        let answer = api.post("order/certificate/ssl_dv_geotrust", &dv).await;
        if taken {
            let order = answer.expect(201)["id"].clone();
            let path = format!("order/certificate/{order}/dcv-method");
            api.put(&path, &json!({ "dcv_method": "http-token-dynamic" }))
                .await
                .refused(400, "invalid_value:dcv_method");
        } else {
            answer.refused(400, "invalid_value:dcv_method");
        }
    }
}
