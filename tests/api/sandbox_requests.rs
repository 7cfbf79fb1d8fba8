//! Approval: one step, two steps, by whom, and what a request shows.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::sandbox_support::{Api, MAIN, ONE_STEP, TWO_STEP, duplicate, tls_order};

#[tokio::test]
async fn one_step_from_request_to_certificate() {
    let api = Api::empty().await;
    let mut body = tls_order(ONE_STEP, &["shop.example.net"]);
    body["comments"] = json!("Please");
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    let request = placed["requests"][0]["id"].as_u64().unwrap();
    let list = api.get("request?filters[status]=pending").await.expect(200);
    assert_eq!(list["page"], json!({ "total": 1, "limit": 0, "offset": 0 }));
    let row = &list["requests"][0];
    assert_eq!(row["id"], request);
    assert_eq!(row["type"], "new_request");
    assert_eq!(row["requester"]["first_name"], "Ada");
    assert_eq!(
        row["order"]["certificate"]["common_name"],
        "shop.example.net"
    );
    assert_eq!(
        row["order"]["container"],
        json!({ "id": ONE_STEP, "name": "Web shop" })
    );
    assert_eq!(row["order"]["product"]["name_id"], "ssl_multi_domain");

    let path = format!("request/{request}");
    let info = api.get(&path).await.expect(200);
    assert_eq!(info["comments"], "Please");
    assert_eq!(info["order"]["status"], "needs_approval");
    assert_eq!(
        info["order"]["certificate"]["csr"],
        body["certificate"]["csr"]
    );
    assert_eq!(info["order"]["unsubmitted_domains"], json!([]));
    assert!(info.get("date_processed").is_none());

    let approve = api
        .put(
            &format!("{path}/status"),
            &json!({ "status": "approved", "processor_comment": "Fine" }),
        )
        .await;
    assert_eq!((approve.status, approve.bytes.len()), (204, 0));
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        api.order(placed["id"].as_u64().unwrap()).await["status"],
        "issued"
    );
    let info = api.get(&path).await.expect(200);
    assert_eq!(info["status"], "approved");
    assert_eq!(info["processor_comment"], "Fine");
    assert!(info["date_processed"].is_string());
    assert_eq!(
        info["order"]["status"], "needs_approval",
        "the order in a request is a snapshot"
    );
    api.put(&format!("{path}/status"), &json!({ "status": "rejected" }))
        .await
        .refused(400, "request_already_processed");
    assert_eq!(
        api.get("request?status=pending")
            .await
            .expect(200)
            .get("requests"),
        None
    );
}

#[tokio::test]
async fn two_steps_take_two_approvals() {
    let api = Api::empty().await;
    let placed = api.place(TWO_STEP, &["shop.example.net"]).await;
    let request = placed["requests"][0]["id"].as_u64().unwrap();
    let path = format!("request/{request}/status");
    let approve = json!({ "status": "approved" });
    api.send_as("-standard", Method::PUT, &path, &approve)
        .await
        .refused(403, "access_denied|invalid_approver");
    api.send_as("-manager", Method::PUT, &path, &approve)
        .await
        .expect(204);
    let info = api.get(&format!("request/{request}")).await.expect(200);
    assert_eq!(
        (&info["status"], &info["reviewer"]["first_name"]),
        (&json!("pending"), &json!("Grace"))
    );
    assert_eq!(
        api.order(placed["id"].as_u64().unwrap()).await["status"],
        "needs_approval"
    );
    // The reviewer is not the approver, unless an administrator is both.
    api.send_as("-manager", Method::PUT, &path, &approve)
        .await
        .refused(403, "access_denied|invalid_approver");
    api.put(&path, &approve).await.expect(204);
    api.sandbox.advance(Duration::from_secs(5));
    let order = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(
        (&order["status"], &order["approver"]["first_name"]),
        (&json!("issued"), &json!("Ada"))
    );
}

#[tokio::test]
async fn a_manager_does_not_approve_own_requests() {
    let api = Api::empty().await;
    let placed = api
        .send_as(
            "-manager",
            Method::POST,
            "order/certificate/ssl_multi_domain",
            &tls_order(ONE_STEP, &["a.example.net"]),
        )
        .await
        .expect(201);
    let path = format!("request/{}/status", placed["requests"][0]["id"]);
    let approve = json!({ "status": "approved" });
    api.send_as("-manager", Method::PUT, &path, &approve)
        .await
        .refused(403, "access_denied|invalid_approver");
    api.put(&path, &approve).await.expect(204);
}

#[tokio::test]
async fn rejecting_undoes() {
    let api = Api::empty().await;
    let placed = api.place(ONE_STEP, &["a.example.net"]).await;
    let path = format!("request/{}/status", placed["requests"][0]["id"]);
    api.put(&path, &json!({ "status": "odd" }))
        .await
        .refused(400, "invalid_value:status");
    api.put(&path, &json!({}))
        .await
        .refused(400, "required_param:status");
    api.put(
        &path,
        &json!({ "status": "rejected", "processor_comment": "No" }),
    )
    .await
    .expect(204);
    assert_eq!(
        api.order(placed["id"].as_u64().unwrap()).await["status"],
        "rejected"
    );
    api.put("request/1/status", &json!({ "status": "approved" }))
        .await
        .refused(404, "not_found|request");
}

#[tokio::test]
async fn duplicates_and_reissues_wait_in_such_a_container() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    api.sandbox
        .change_account(|account| account.order_mut(id).unwrap().container_id = ONE_STEP);
    let path = format!("order/certificate/{id}/duplicate");
    let body = duplicate(&["shop.example.net"]);
    let made = api.post(&path, &body).await.expect(201);
    let request = made["requests"][0]["id"].as_u64().unwrap();
    assert_eq!(
        made,
        json!({ "id": id, "requests": [{ "id": request }] }),
        "no status here, unlike an order's"
    );
    let row = api.get(&path).await.expect(200)["certificates"][0].clone();
    assert_eq!(row["status"], "pending");
    assert!(row.get("serial_number").is_none());
    assert_eq!(api.order(id).await["status"], "issued");
    let info = api.get(&format!("request/{request}")).await.expect(200);
    assert_eq!(
        info["order"]["certificate"]["csr"], body["certificate"]["csr"],
        "what was asked for"
    );
    assert_eq!(
        api.get("report/request").await.expect(200),
        json!({ "request": { "total": 1, "types": [{ "type": "duplicate", "request_count": 1 }] } })
    );
    api.put(
        &format!("request/{request}/status"),
        &json!({ "status": "approved" }),
    )
    .await
    .expect(204);
    api.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        api.get(&path).await.expect(200)["certificates"][0]["status"],
        "approved"
    );

    let path = format!("order/certificate/{id}/reissue");
    let made = api
        .post(&path, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    let request = made["requests"][0]["id"].as_u64().unwrap();
    assert!(made.get("certificate_id").is_none());
    let cancel = json!({ "status": "CANCELED", "note": "Changed my mind" });
    api.put(&format!("order/certificate/{id}/status"), &cancel)
        .await
        .expect(204);
    let info = api.get(&format!("request/{request}")).await.expect(200);
    assert_eq!(
        (&info["status"], &info["processor_comment"]),
        (&json!("rejected"), &json!("Changed my mind"))
    );
    assert_eq!(api.order(id).await["status"], "issued");
}

#[tokio::test]
async fn the_list_filters_sorts_and_is_csv_when_asked() {
    let api = Api::empty().await;
    let first = api.place(ONE_STEP, &["a.example.net"]).await["requests"][0]["id"].clone();
    let second = api.place(TWO_STEP, &["b.example.net"]).await["requests"][0]["id"].clone();
    let (_, certificate) = api.issued(&["c.example.net"]).await;
    let third = api
        .put(
            &format!("certificate/{certificate}/revoke"),
            &json!({ "comment": "Lost" }),
        )
        .await
        .expect(201)["id"]
        .clone();
    let ids = async |query: &str| {
        let list = api.get(&format!("request?{query}")).await.expect(200);
        let rows = list["requests"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        ids("filters[status]=submitted").await,
        std::slice::from_ref(&second)
    );
    assert_eq!(
        ids("filters[type]=revoke").await,
        std::slice::from_ref(&third)
    );
    assert_eq!(
        ids(&format!("filters[container_id]={ONE_STEP}")).await,
        std::slice::from_ref(&first)
    );
    assert_eq!(
        ids("filters[search]=%25example.net&sort=-id").await,
        [third, second, first]
    );
    assert_eq!(ids("filters[search]=example.net").await.len(), 0);
    let csv = api
        .send(
            api.call(Method::GET, "request")
                .header("Accept", "text/csv"),
        )
        .await;
    assert_eq!(csv.text().lines().count(), 4);
}

#[tokio::test]
async fn skip_approval_is_for_administrators() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["a.example.net"]);
    body["skip_approval"] = json!(true);
    let path = "order/certificate/ssl_multi_domain";
    let made = api
        .send_as("-standard", Method::POST, path, &body)
        .await
        .expect(201);
    assert_eq!(made["requests"][0]["status"], "pending");
    assert!(
        api.post(path, &body)
            .await
            .expect(201)
            .get("requests")
            .is_none()
    );
}
