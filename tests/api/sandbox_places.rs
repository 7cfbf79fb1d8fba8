//! Products, organizations, containers, domains, users, the account.

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox_support::{Api, MAIN, ONE_STEP, ORGANIZATION, tls_order};

/// Whether the list has an item with this id.
fn has(list: &Value, id: &Value) -> bool {
    list.as_array()
        .is_some_and(|items| items.iter().any(|item| item["id"] == *id))
}

#[tokio::test]
async fn products() {
    let api = Api::empty().await;
    let list = api.get("product").await.expect(200);
    let products = list["products"].as_array().unwrap();
    assert!(products.len() > 30);
    let wildcard = products
        .iter()
        .find(|product| product["name_id"] == "ssl_wildcard")
        .unwrap();
    assert_eq!(
        (&wildcard["type"], &wildcard["validation_type"]),
        (&json!("ssl_certificate"), &json!("OV"))
    );
    assert_eq!(
        wildcard["signature_hash_types"]["default_hash_type_id"],
        "sha256"
    );
    assert_eq!(wildcard["allowed_order_validity_years"], json!([1, 2, 3]));
    assert!(
        wildcard["allowed_container_ids"]
            .as_array()
            .unwrap()
            .contains(&json!(ONE_STEP))
    );
    assert!(wildcard.get("server_platforms").is_none(), "only in info");
    let info = api
        .get(&format!("product/ssl_wildcard?container_id={MAIN}"))
        .await
        .expect(200);
    assert_eq!(info["duplicates_allowed"], true);
    assert!(
        info["server_platforms"]
            .as_array()
            .unwrap()
            .iter()
            .any(|platform| platform["id"] == 45)
    );
    assert_eq!(
        api.get("product/platform-certformat-mapping")
            .await
            .expect(200)["platform_certformat_mapping"]["29"],
        "pem_all"
    );
    assert!(api.get("product/pricing").await.expect(200)["products"].is_array());
}

#[tokio::test]
async fn organizations() {
    let api = Api::empty().await;
    let list = api
        .get("organization?filters[search]=Trading&include_validation=true")
        .await
        .expect(200);
    assert_eq!(list["organizations"][0]["id"], ORGANIZATION);
    assert_eq!(
        list["organizations"][0]["container_id_assignments"],
        json!([MAIN.to_string()])
    );
    assert_eq!(
        list["organizations"][0]["validations"][0]["status"],
        "active"
    );
    let pending = api
        .get("organization?filters[validation]=pending")
        .await
        .expect(200);
    assert_eq!(pending["organizations"][0]["id"], 2002);
    let new = json!({
        "name": "New Ltd", "address": "1 Way", "city": "Leeds", "state": "Yorkshire", "zip": "1", "country": "GB",
        "telephone": "1", "container": { "id": MAIN },
    });
    let id = api.post("organization", &new).await.expect(201)["id"].clone();
    let info = api.get(&format!("organization/{id}")).await.expect(200);
    assert_eq!(
        (&info["name"], &info["country"], &info["is_active"]),
        (&json!("New Ltd"), &json!("gb"), &json!(true))
    );
    api.post(
        &format!("organization/{id}/validation"),
        &json!({ "validations": [{ "type": "ov" }] }),
    )
    .await
    .expect(204);
    let validation = api
        .get(&format!("organization/{id}/validation"))
        .await
        .expect(200);
    assert_eq!(validation["validations"][0]["status"], "pending");
    assert!(
        validation["validations"][0]
            .get("validated_until")
            .is_none()
    );
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["organization"] = json!({ "id": id });
    let placed = api
        .post("order/certificate/ssl_plus", &body)
        .await
        .expect(201);
    assert_eq!(
        api.order(placed["id"].as_u64().unwrap()).await["status"],
        "pending"
    );
    api.put(&format!("organization/{id}/deactivate"), &json!({}))
        .await
        .expect(204);
    let inactive = api
        .get("organization?filters[status]=inactive")
        .await
        .expect(200);
    assert!(has(&inactive["organizations"], &id));
    api.put(&format!("organization/{id}/activate"), &json!({}))
        .await
        .expect(204);
    body["organization"] = new;
    let placed = api
        .post("order/certificate/ssl_plus", &body)
        .await
        .expect(201);
    assert!(
        placed["organization"]["id"].is_u64(),
        "a new organization came with the order"
    );
    assert_eq!(api.post("organization", &json!({})).await.codes().len(), 6);
}

#[tokio::test]
async fn containers() {
    let api = Api::empty().await;
    let list = api.get("container").await.expect(200);
    assert!(list.get("page").is_none());
    assert_eq!(list["containers"][0]["parent_id"], 0);
    assert_eq!(
        api.get(&format!("container/{ONE_STEP}/parent"))
            .await
            .expect(200)["id"],
        MAIN
    );
    let children = api
        .get(&format!("container/{MAIN}/children"))
        .await
        .expect(200);
    assert!(has(&children["containers"], &json!(ONE_STEP)));
    assert!(!has(&children["containers"], &json!(MAIN)));
    let limits = api
        .get(&format!("container/{ONE_STEP}/product-limits"))
        .await
        .expect(200);
    assert_eq!(limits["is_limited"], true);
    assert_eq!(
        limits["product_limits"][0]["allowed_lifetimes"],
        json!(["1"])
    );
    let parent = api
        .get(&format!("container/{MAIN}/product-limits"))
        .await
        .expect(200);
    assert_eq!(
        parent,
        json!({ "is_limited": false, "limited_container_ids": [ONE_STEP] })
    );
    let mut body = tls_order(ONE_STEP, &["a.example.net"]);
    body["certificate"]["signature_hash"] = json!("sha384");
    api.post("order/certificate/ssl_plus", &body)
        .await
        .refused(400, "invalid_value:certificate.signature_hash");
    let made = api
        .post(
            &format!("container/{MAIN}/children"),
            &json!({ "name": "New" }),
        )
        .await
        .expect(201);
    assert_eq!(
        api.get(&format!("container/{}", made["id"]))
            .await
            .expect(200)["name"],
        "New"
    );
    for path in ["template", "template/5", "role", "order/organization"] {
        api.get(&format!("container/{MAIN}/{path}"))
            .await
            .expect(200);
    }
    api.get("container/5")
        .await
        .refused(404, "not_found|container");
}

#[tokio::test]
async fn domains() {
    let api = Api::empty().await;
    let list = api
        .get("domain?filters[validation]=completed&include_validation=true")
        .await
        .expect(200);
    assert!(has(&list["domains"], &json!(4001)));
    assert!(!has(&list["domains"], &json!(4005)), "it is pending");
    assert_eq!(
        list["domains"][0]["organization"]["is_active"], "1",
        "a flag as text"
    );
    assert_eq!(
        list["domains"][0]["validations"][0]["dcv_status"],
        "complete"
    );
    let made = api
        .post("domain", &json!({ "name": "www.new.example", "organization": { "id": ORGANIZATION }, "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token" }))
        .await
        .expect(201);
    let id = &made["id"];
    let info = api
        .get(&format!(
            "domain/{id}?include_dcv=true&include_validation=true"
        ))
        .await
        .expect(200);
    assert_eq!(
        (&info["name"], &info["status"]),
        (&json!("new.example"), &json!("pending"))
    );
    assert_eq!(info["dcv_token"], made["dcv_token"]);
    assert!(info.get("dcv_expiration_datetime").is_none());
    let token = api
        .post(&format!("domain/{id}/dcv/token"), &json!({}))
        .await
        .expect(201);
    assert!(
        token["token"].is_string() && token.get("status").is_none(),
        "{token}"
    );
    let check = format!("domain/{id}/dcv/validate-token");
    api.send(api.call(Method::PUT, &check))
        .await
        .refused(400, "invalid_dns_txt");
    assert_eq!(
        api.send(api.call(Method::PUT, &check)).await.expect(200)["status"],
        "active"
    );
    let info = api
        .get(&format!(
            "domain/{id}?include_dcv=true&include_validation=true"
        ))
        .await
        .expect(200);
    assert!(info["dcv_expiration_datetime"].is_string());
    assert_eq!(info["validations"][0]["status"], "active");
    let changed = api
        .put(
            &format!("domain/{id}/dcv/method"),
            &json!({ "dcv_method": "dns-cname-token" }),
        )
        .await
        .expect(200);
    assert!(
        changed["dcv_token"]["verification_value"]
            .as_str()
            .unwrap()
            .contains(".dcv.")
    );
    api.post(
        &format!("domain/{id}/dcv/method"),
        &json!({ "method": "email" }),
    )
    .await
    .expect(200);
    assert_eq!(
        api.get(&format!("domain/{id}/dcv/emails"))
            .await
            .expect(200)["base_emails"][0],
        "admin@new.example"
    );
    for path in ["deactivate", "activate"] {
        api.put(&format!("domain/{id}/{path}"), &json!({}))
            .await
            .expect(204);
    }
    assert_eq!(
        api.get("domain/dcv/method").await.expect(200)["methods"][0]["name"],
        "email"
    );
    assert_eq!(
        api.get("domain/validation-type").await.expect(200)["validation_types"][0]["type"],
        "ov"
    );
    api.get(&format!("domain/{id}/validation"))
        .await
        .expect(200);
    let whole = json!({ "name": "another.example", "organization": { "id": ORGANIZATION }, "validations": [{ "type": "ov" }] });
    for (lacks, code) in [
        ("name", "required_param:name"),
        ("organization", "required_param:organization.id"),
        ("validations", "required_param:validations"),
    ] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(lacks);
        api.post("domain", &body).await.refused(400, code);
    }
    let mut none = whole.clone();
    none["validations"] = json!([]);
    api.post("domain", &none)
        .await
        .refused(400, "required_param:validations");
    // A file proves the very name that it is under.
    for method in ["http-token", "http-token-dynamic"] {
        let mut file = whole.clone();
        file["name"] = json!(format!("www.{method}.example"));
        file["dcv_method"] = json!(method);
        let made = api.post("domain", &file).await.expect(201);
        let info = api.get(&format!("domain/{}", made["id"])).await.expect(200);
        assert_eq!(info["name"], file["name"]);
    }
    api.post("domain", &json!({ "name": "no name" }))
        .await
        .refused(400, "invalid_value:name");
}

#[tokio::test]
async fn users_keys_and_roles() {
    let api = Api::empty().await;
    let me = api.get("user/me").await.expect(200);
    assert_eq!(
        me["access_roles"],
        json!([{ "id": 1, "name": "Administrator" }])
    );
    assert_eq!(me["container"]["id"], MAIN);
    assert_eq!(
        api.get_as("-manager", "user/me").await.expect(200)["access_roles"][0]["id"],
        4
    );
    let users = api.get("user").await.expect(200);
    assert_eq!(
        users["page"]["total"],
        users["users"].as_array().unwrap().len()
    );
    assert!(has(&users["users"], &json!(15)));
    assert_eq!(api.get("user/13").await.expect(200)["first_name"], "Linus");
    assert_eq!(
        api.get("key/api-roles").await.expect(200)["access_roles"][3],
        json!({ "id": 102, "name": "View Only" })
    );
    let keys = api.get("key").await.expect(200);
    assert!(
        !keys.to_string().contains(api.sandbox.key()),
        "a key is shown once, when it is made"
    );
    let service =
        json!({ "username": "robot", "is_api_only": true, "access_roles": [{ "id": 1 }] });
    let made = api.post("user", &service).await.expect(201);
    let url = format!("{}/user/me", api.sandbox.url());
    let answer = api
        .send(
            api.http
                .get(url)
                .header("X-DC-DEVKEY", made["api_key"].as_str().unwrap()),
        )
        .await;
    assert_eq!(answer.expect(200)["username"], "robot");
}

#[tokio::test]
async fn keys_are_narrowed_by_their_role() {
    let api = Api::empty().await;
    let body = tls_order(MAIN, &["a.example.net"]);
    let path = "order/certificate/ssl_plus";
    api.send_as("-viewonly", Method::POST, path, &body)
        .await
        .refused(403, "access_denied|missing_permission");
    api.get_as("-viewonly", "order/certificate")
        .await
        .expect(200);
    api.send_as("-orders", Method::POST, path, &body)
        .await
        .expect(201);
    api.send_as(
        "-orders",
        Method::POST,
        "domain",
        &json!({ "name": "a.example" }),
    )
    .await
    .refused(403, "access_denied|missing_permission");
    api.get_as("-users", "order/certificate")
        .await
        .refused(403, "access_denied|missing_permission");
    api.get_as("-standard", "finance/balance")
        .await
        .refused(403, "access_denied|missing_permission");
    api.send_as("-standard", Method::POST, "user", &json!({}))
        .await
        .refused(403, "access_denied|missing_permission");
}

#[tokio::test]
async fn the_account_its_money_and_its_fields() {
    let api = Api::empty().await;
    let account = api.get("account").await.expect(200);
    assert_eq!(account["root_container_id"], MAIN);
    api.get("finance/balance")
        .await
        .refused(400, "required_param:container_id");
    let balance = api
        .get(&format!("finance/balance?container_id={MAIN}"))
        .await
        .expect(200);
    assert_eq!(balance["balance"], "25000.00", "money is text");
    let made = api
        .post(
            "account/metadata",
            &json!({ "label": "Ticket", "data_type": "int" }),
        )
        .await
        .expect(201);
    let path = format!("account/metadata/{}", made["id"]);
    api.put(
        &path,
        &json!({ "label": "Ticket number", "is_active": false }),
    )
    .await
    .expect(204);
    let fields = api.get("account/metadata").await.expect(200);
    let field = fields["metadata"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["id"] == made["id"])
        .unwrap()
        .clone();
    assert_eq!(
        (&field["label"], &field["is_active"]),
        (&json!("Ticket number"), &json!(false))
    );
    api.send(api.call(Method::DELETE, &path)).await.expect(204);
    api.post(
        "account/metadata/bulk",
        &json!({ "metadata": [{ "label": "A" }, { "label": "B" }] }),
    )
    .await
    .expect(201);
    api.sandbox.change_account(|account| account.fields.clear());
    assert_eq!(api.get("account/metadata").await.expect(200), json!({}));
    assert_eq!(
        api.get("ping").await.expect(200),
        json!({ "data": "Pong!" })
    );
}

#[tokio::test]
async fn reports() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let report = api
        .get(&format!("report/order/{MAIN}/expiring"))
        .await
        .expect(200);
    let rows = report["expiring_orders"].as_array().unwrap();
    assert_eq!(
        rows.iter()
            .map(|row| row["days_expiring"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        [90, 60, 30, -7]
    );
    assert!(rows.iter().all(|row| row["order_count"] == 0));
    let thumbprint = api.order(id).await["certificate"]["thumbprint"].clone();
    let query = json!({
        "query": "query($t:String!){order_details(thumbprint:$t, limit:1){id}}",
        "variables": { "t": thumbprint },
    });
    let found: Value = api.post("reports/query", &query).await.expect(200);
    assert_eq!(found["data"]["order_details"][0]["id"], id.to_string());
    assert_eq!(
        api.get("report/request").await.expect(200),
        json!({ "request": { "total": 0 } })
    );
}
