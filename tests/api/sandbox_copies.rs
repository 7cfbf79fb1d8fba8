//! Duplicates and reissues: what they may change, what comes of them.

use std::time::Duration;

use serde_json::json;

use crate::sandbox_support::{Api, MAIN, ONE_STEP, duplicate, tls_order};

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
