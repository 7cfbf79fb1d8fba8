//! Control over names, proven on the order or on the account's domain: what is proven in one place counts in the other.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, tls_order};

const PATH: &str = "order/certificate/ssl_multi_domain";

fn with_token(names: &[&str]) -> Value {
    let mut body = tls_order(MAIN, names);
    body["dcv_method"] = json!("dns-txt-token");
    body
}

#[tokio::test]
async fn a_new_name_becomes_a_domain_whose_proof_lets_the_order_go_on() {
    let api = Api::empty().await;
    let placed = api
        .post(
            PATH,
            &with_token(&["shop.brand.example", "www.brand.example"]),
        )
        .await
        .expect(201);
    let order = placed["id"].as_u64().unwrap();
    let domains = placed["domains"].as_array().unwrap();
    assert_eq!(domains.len(), 2, "{placed}");
    for domain in domains {
        // Clients go from here to the domain itself.
        let path = format!("domain/{}", domain["id"].as_u64().unwrap());
        let info = api
            .get(&format!("{path}?include_dcv=true"))
            .await
            .expect(200);
        assert_eq!(
            (&info["dcv_token"]["token"], &info["organization"]["id"]),
            (&domain["dcv_token"]["token"], &json!(2001))
        );
        assert_eq!(api.order(order).await["status"], "pending");
        let check = format!("{path}/dcv/validate-token");
        api.send(api.call(Method::PUT, &check))
            .await
            .refused(400, "invalid_dns_txt");
        let proven = api.send(api.call(Method::PUT, &check)).await.expect(200);
        assert_eq!(proven["status"], "active");
    }
    api.sandbox.advance(Duration::from_secs(10));
    assert_eq!(api.order(order).await["status"], "issued");
}

#[tokio::test]
async fn a_name_proven_on_an_order_is_proven_for_the_next_one() {
    let api = Api::empty().await;
    let placed = api
        .post(PATH, &with_token(&["shop.brand.example"]))
        .await
        .expect(201);
    let check = format!("order/certificate/{}/check-dcv", placed["id"]);
    for status in ["pending", "valid"] {
        // One JavaScript client sends the word null for "no body".
        let request = api
            .call(Method::PUT, &check)
            .header("Content-Type", "application/json")
            .body("null");
        let answer = api.send(request).await.expect(200);
        assert_eq!(answer["dcv_status"], status);
    }
    let next = api
        .post(PATH, &with_token(&["shop.brand.example"]))
        .await
        .expect(201);
    assert!(next.get("dcv_random_value").is_none(), "{next}");
    api.sandbox.advance(Duration::from_secs(10));
    let order = next["id"].as_u64().unwrap();
    assert_eq!(api.order(order).await["status"], "issued");
}
