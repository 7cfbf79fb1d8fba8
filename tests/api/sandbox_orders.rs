//! Reading orders: the list with its filters, order info, status changes.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox_support::{Api, MAIN, ONE_STEP, ORGANIZATION, tls_order};

fn ids(list: &Value) -> Vec<u64> {
    list["orders"]
        .as_array()
        .map(|orders| {
            orders
                .iter()
                .map(|order| order["id"].as_u64().unwrap())
                .collect()
        })
        .unwrap_or_default()
}

#[tokio::test]
async fn an_empty_list_has_no_key() {
    let api = Api::empty().await;
    let list = api.get("order/certificate").await.expect(200);
    assert_eq!(
        list,
        json!({ "page": { "total": 0, "limit": 1000, "offset": 0 } })
    );
    assert_eq!(
        api.get("order/certificate/status-changes?minutes=5")
            .await
            .expect(200),
        json!({})
    );
}

#[tokio::test]
async fn a_row_has_the_fields_of_the_notes() {
    let api = Api::empty().await;
    let (id, certificate) = api
        .issued(&["shop.example.net", "www.shop.example.net"])
        .await;
    let list = api
        .get("order/certificate?sort=-date_created")
        .await
        .expect(200);
    let row = &list["orders"][0];
    assert_eq!(row["id"], id);
    assert_eq!(row["certificate"]["id"], certificate);
    assert_eq!(
        row["certificate"]["dns_names"],
        json!(["shop.example.net", "www.shop.example.net"])
    );
    assert_eq!(
        row["certificate"]["serial_number"].as_str().unwrap().len(),
        32
    );
    assert_eq!(row["certificate"]["days_remaining"], 198);
    assert_eq!(row["status"], "issued");
    assert_eq!(
        row["organization"],
        json!({ "id": ORGANIZATION, "name": "Example Trading GmbH" })
    );
    assert_eq!(
        row["container"],
        json!({ "id": MAIN, "name": "Main", "is_active": true })
    );
    assert_eq!(row["product"]["name_id"], "ssl_multi_domain");
    assert_eq!(row["product_name_id"], "ssl_multi_domain");
    assert_eq!(row["order_validity"], json!({ "years": 1 }));
    assert!(
        row["order_valid_till"].as_str().unwrap()
            > row["certificate"]["valid_till"].as_str().unwrap()
    );
    assert_eq!(
        (&row["has_duplicates"], &row["duplicates_count"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(row["price"], 349);
    assert!(
        row.get("is_multi_year_plan").is_none(),
        "omitted when it is none"
    );
    assert!(row["date_created"].as_str().unwrap().ends_with("+00:00"));
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let api = Api::empty().await;
    let (shop, certificate) = api.issued(&["shop.example.net", "pay.example.net"]).await;
    let (mail, _) = api.issued(&["mail.example.com"]).await;
    let waiting = api.place(ONE_STEP, &["new.example.org"]).await["id"]
        .as_u64()
        .unwrap();
    let serial = api.order(shop).await["certificate"]["serial_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let today = api.sandbox.now().to_string()[..10].to_owned();
    for (query, wanted) in [
        (format!("filters[id]={shop}"), vec![shop]),
        (
            format!("filters[id][0]={shop}&filters[id][1]={mail}"),
            vec![shop, mail],
        ),
        ("filters%5Bstatus%5D=issued".to_owned(), vec![shop, mail]),
        ("filters[status]=needs_approval".to_owned(), vec![waiting]),
        (
            "filters[status]=no_such_status".to_owned(),
            vec![shop, mail, waiting],
        ),
        (
            "filters[common_name]=shop.example.net".to_owned(),
            vec![shop],
        ),
        ("filters[common_name]=example".to_owned(), vec![]),
        (
            "filters[common_name]=%25example".to_owned(),
            vec![shop, mail, waiting],
        ),
        (
            "filters[domain_name]=pay.example.net".to_owned(),
            vec![shop],
        ),
        ("filters[search]=%25MAIL".to_owned(), vec![mail]),
        (
            format!("filters[serial_number]={}", serial.to_lowercase()),
            vec![shop],
        ),
        ("filters[serial_number]=nonsense".to_owned(), vec![]),
        (format!("filters[certificate_id]={certificate}"), vec![shop]),
        (format!("filters[container_id]={ONE_STEP}"), vec![waiting]),
        (format!("container_id={ONE_STEP}"), vec![waiting]),
        (
            format!("filters[date_created]={today}...{today}"),
            vec![shop, mail, waiting],
        ),
        (format!("filters[date_created]=%3C{today}"), vec![]),
        (format!("filters[valid_till]=>{today}"), vec![shop, mail]),
        (
            "filters[valid_till]=2020-01-01...2020-12-31".to_owned(),
            vec![],
        ),
        ("filters[product_name_id]=ssl_plus".to_owned(), vec![]),
        (
            "filters[is_renewed]=0".to_owned(),
            vec![shop, mail, waiting],
        ),
        ("filters[origin]=migrated".to_owned(), vec![]),
        ("filters[metadata_id]=11".to_owned(), vec![]),
        ("filters[user_id]=11".to_owned(), vec![shop, mail, waiting]),
        ("filters[user_id]=nobody".to_owned(), vec![]),
    ] {
        let list = api
            .get(&format!("order/certificate?{query}"))
            .await
            .expect(200);
        assert_eq!(ids(&list), wanted, "{query}");
        assert_eq!(list["page"]["total"], wanted.len(), "{query}");
    }
}

#[tokio::test]
async fn pages_and_sort_keys() {
    let api = Api::empty().await;
    let mut made = Vec::new();
    for name in ["b.example.net", "a.example.net", "c.example.net"] {
        made.push(api.issued(&[name]).await.0);
    }
    let get = async |query: &str| {
        ids(&api
            .get(&format!("order/certificate?{query}"))
            .await
            .expect(200))
    };
    assert_eq!(get("sort=common_name").await, [made[1], made[0], made[2]]);
    assert_eq!(get("sort=-common_name").await, [made[2], made[0], made[1]]);
    assert_eq!(get("sort=-order_id&limit=2").await, [made[2], made[1]]);
    assert_eq!(
        get("sort=%2Bstatus,-common_name&limit=1&offset=1").await,
        [made[0]]
    );
    assert_eq!(get("limit=0").await.len(), 3);
    let beyond = api
        .get("order/certificate?limit=5000&offset=7")
        .await
        .expect(200);
    assert_eq!(
        beyond,
        json!({ "page": { "total": 3, "limit": 1000, "offset": 7 } })
    );
}

#[tokio::test]
async fn the_list_is_csv_when_asked() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net", "www.example.net"]).await;
    let csv = api
        .send(
            api.call(Method::GET, "order/certificate")
                .header("Accept", "text/csv"),
        )
        .await;
    assert_eq!((csv.status, csv.content_type.as_str()), (200, "text/csv"));
    let text = csv.text();
    let mut lines = text.lines();
    assert!(lines.next().unwrap().starts_with("Order ID,Common Name"));
    assert!(lines.next().unwrap().starts_with(&format!(
        "{id},shop.example.net,shop.example.net www.example.net,issued"
    )));
    assert_eq!(lines.next(), None);
}

#[tokio::test]
async fn order_info_of_an_issued_order() {
    let api = Api::empty().await;
    let body = tls_order(MAIN, &["shop.example.net", "www.example.net"]);
    let id = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201)["id"]
        .as_u64()
        .unwrap();
    api.sandbox.advance(Duration::from_secs(5));
    let info = api.order(id).await;
    let certificate = &info["certificate"];
    assert_eq!(certificate["csr"], body["certificate"]["csr"]);
    assert_eq!(certificate["thumbprint"].as_str().unwrap().len(), 40);
    assert_eq!(certificate["key_size"], 256);
    // The intermediate for curves signs with its own hash, whatever is asked.
    assert_eq!(certificate["signature_hash"], "sha384");
    assert_eq!(certificate["cert_validity"], json!({ "years": 1 }));
    assert_eq!(certificate["ca_cert"]["id"].as_str().unwrap().len(), 16);
    assert_eq!(
        certificate["server_platform"],
        json!({
            "id": 45,
            "name": "nginx",
            "install_url": "http://www.digicert.com/ssl-certificate-installation-nginx.htm",
            "csr_url": "http://www.digicert.com/csr-creation-nginx.htm",
        })
    );
    assert_eq!(info["status"], "issued");
    assert_eq!(info["allow_duplicates"], true);
    assert_eq!(info["is_renewal"], false);
    assert_eq!(info["product"]["validation_type"], "ov");
    assert_eq!(info["organization"]["country"], "de");
    // One client models the address as an object and fails on a text.
    let organization = info["organization"].as_object().unwrap();
    let keys: Vec<&String> = organization.keys().collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "display_name",
            "is_active",
            "city",
            "state",
            "country"
        ]
    );
    assert_eq!(info["user"]["email"], "ada@example.net");
    assert_eq!(info["organization_contact"]["first_name"], "Ada");
    assert!(info.get("requests").is_none(), "no approval, no request");
    assert!(info.get("dcv_method").is_none(), "only while it is pending");

    for key in ["thumbprint", "serial_number"] {
        let text = certificate[key].as_str().unwrap();
        assert_eq!(
            api.get(&format!("order/certificate/{text}"))
                .await
                .expect(200)["id"],
            id
        );
        assert_eq!(
            api.get(&format!("order/certificate/{}", text.to_lowercase()))
                .await
                .expect(200)["id"],
            id
        );
    }
}

#[tokio::test]
async fn order_info_shows_what_the_state_allows() {
    let api = Api::empty().await;
    let waiting = api.place(ONE_STEP, &["a.example.net"]).await["id"]
        .as_u64()
        .unwrap();
    let info = api.order(waiting).await;
    assert_eq!(info["status"], "needs_approval");
    for absent in [
        "id",
        "thumbprint",
        "serial_number",
        "valid_from",
        "valid_till",
        "date_issued",
    ] {
        assert!(info["certificate"].get(absent).is_none(), "{absent}");
    }
    assert_eq!(info["requests"][0]["type"], "new_request");
    assert_eq!(info["requests"][0]["status"], "pending");
    assert_eq!(info["has_pending_request"], true);

    let body = tls_order(MAIN, &["shop.pending.example"]);
    let pending = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    let id = pending["id"].as_u64().unwrap();
    let info = api
        .get(&format!("order/certificate/{id}?include_caa_status=true"))
        .await
        .expect(200);
    assert_eq!(info["status"], "pending");
    assert_eq!(info["certificate"]["id"], pending["certificate_id"]);
    assert!(info["certificate"].get("valid_till").is_none());
    assert_eq!(
        info["caa_status_message"]["shop.pending.example"],
        "CAA check is not called yet"
    );
    assert_eq!(info["dcv_method"], "email");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let api = Api::empty().await;
    for path in [
        "order/certificate/1",
        "order/certificate/abc",
        "order/certificate/1/duplicate",
        "order/certificate/1/reissue",
    ] {
        api.get(path).await.refused(404, "not_found|order");
    }
    api.get("order/alternate/mine")
        .await
        .refused(404, "not_found|order");
    api.get("product/none")
        .await
        .refused(404, "not_found|product");
    api.get("no/such/thing")
        .await
        .refused(404, "not_found|route");
    api.send(api.call(Method::DELETE, "order/certificate/1"))
        .await
        .refused(404, "not_found|order");
    api.send(api.call(Method::DELETE, "order/certificate/1/note"))
        .await
        .refused(404, "not_found|route");
}

#[tokio::test]
async fn status_changes_within_a_week() {
    let api = Api::empty().await;
    let (id, certificate) = api.issued(&["shop.example.net"]).await;
    let changes = api
        .get("order/certificate/status-changes?minutes=2&seconds=5")
        .await
        .expect(200);
    assert_eq!(
        changes,
        json!({ "orders": [{ "order_id": id, "certificate_id": certificate, "status": "issued" }] })
    );
    api.sandbox.advance(Duration::from_hours(1));
    assert_eq!(
        api.get("order/certificate/status-changes?minutes=2")
            .await
            .expect(200),
        json!({})
    );
    api.get("order/certificate/status-changes?minutes=10081")
        .await
        .refused(400, "time_frame_too_long");
    api.get("order/certificate/status-changes")
        .await
        .refused(400, "required_param:minutes");
    let day = |days: i64| {
        let hours = jiff::SignedDuration::from_hours(24 * days);
        api.sandbox.now().checked_add(hours).unwrap().to_string()[..10].to_owned()
    };
    let path = |from: i64, to: i64| {
        format!(
            "order/certificate/status-changes?filters[status_last_updated]={}...{}",
            day(from),
            day(to)
        )
    };
    assert_eq!(
        api.get(&path(-2, 1)).await.expect(200)["orders"][0]["order_id"],
        id
    );
    assert_eq!(api.get(&path(-6, -3)).await.expect(200), json!({}));
    api.get(&path(-30, 0))
        .await
        .refused(400, "time_frame_too_long");
    let timed = format!(
        "order/certificate/status-changes?filters[status_last_updated]={}+00:00:00...{}+00:00:00",
        day(-2),
        day(1)
    );
    assert_eq!(
        api.get(&timed).await.expect(200)["orders"][0]["order_id"],
        id
    );
}

#[tokio::test]
async fn an_order_expires_by_itself_and_issued_still_finds_it() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    api.sandbox.advance(Duration::from_hours(250 * 24));
    let info = api.order(id).await;
    assert_eq!(
        info["status"], "issued",
        "the certificate has ended, the order has not"
    );
    assert!(info["certificate"]["days_remaining"].as_i64().unwrap() < 0);
    api.sandbox.advance(Duration::from_hours(120 * 24));
    assert_eq!(api.order(id).await["status"], "expired");
    assert_eq!(
        ids(&api
            .get("order/certificate?filters[status]=issued")
            .await
            .expect(200)),
        [id]
    );
    assert_eq!(
        ids(&api
            .get("order/certificate?filters[status]=expired")
            .await
            .expect(200)),
        [id]
    );
}

#[tokio::test]
async fn limited_users_see_their_own() {
    let api = Api::empty().await;
    let (id, certificate) = api.issued(&["shop.example.net"]).await;
    assert_eq!(
        ids(&api
            .get_as("-limited", "order/certificate")
            .await
            .expect(200)),
        [] as [u64; 0]
    );
    api.get_as("-limited", &format!("order/certificate/{id}"))
        .await
        .refused(404, "not_found|order");
    api.get_as("-limited", &format!("certificate/{certificate}/chain"))
        .await
        .refused(404, "not_found|certificate");
    let own = api
        .send_as(
            "-limited",
            Method::POST,
            "order/certificate/ssl_multi_domain",
            &tls_order(MAIN, &["a.example.net"]),
        )
        .await
        .expect(201);
    assert_eq!(
        own["requests"][0]["status"], "pending",
        "others approve what a limited user orders"
    );
    let list = api
        .get_as("-limited", "order/certificate")
        .await
        .expect(200);
    assert_eq!(ids(&list), [own["id"].as_u64().unwrap()]);
    assert!(
        list["orders"][0].get("price").is_none(),
        "prices are not for everybody"
    );
}
