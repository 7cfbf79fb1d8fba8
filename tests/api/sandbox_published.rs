//! What published clients send and read, each thing in every place where it can stand: last days, states of certificates, service
//! users, proofs, and the calls that few make.

use std::time::Duration;

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{
    Api, MAIN, ONE_STEP, ORGANIZATION, csr, duplicate, pem_blocks, tls_order,
};

const HOUR: Duration = Duration::from_hours(1);

fn skip() -> Value {
    json!({ "skip_approval": true })
}

/// The order's certificate as order info shows it.
async fn certificate(api: &Api, order: u64) -> Value {
    api.order(order).await["certificate"].clone()
}

/// An order of the product, until what is to be waited for is over.
async fn place(api: &Api, product: &str, body: &Value) -> u64 {
    let path = format!("order/certificate/{product}");
    let placed = api.post(&path, body).await.expect(201);
    placed["id"].as_u64().unwrap()
}

#[tokio::test]
async fn a_last_day_may_come_with_its_time_wherever_one_is_taken() {
    let api = Api::empty().await;
    let day = api.sandbox.now().to_zoned(TimeZone::UTC).date() + 60.days();
    let good = [
        day.to_string(),
        day.strftime("%d %b %Y").to_string().to_uppercase(),
        format!("{day}T13:22:11.1234567+01:00"),
        format!("{day}T23:59:59-11:00"),
        format!("{day}T00:00:00"),
        format!("{day}T00:00:00.000Z"),
    ];
    let bad = [
        day.strftime("%d/%m/%Y").to_string(),
        day.strftime("%m-%d-%Y").to_string(),
        day.strftime("%Y%m%d").to_string(),
        format!("{day} 13:22:11"),
        format!("{day}T"),
        format!("{day}T25:00:00Z"),
        format!("{day}Tnoon"),
        "next month".to_owned(),
    ];
    let mut plan = tls_order(MAIN, &["shop.example.net"]);
    plan["order_validity"] = json!({ "years": 2 });
    for (kind, pointer) in [
        ("", "/custom_expiration_date"),
        ("", "/order_validity/custom_expiration_date"),
        ("", "/certificate/cert_validity/custom_expiration_date"),
        (
            "reissue",
            "/certificate/cert_validity/custom_expiration_date",
        ),
        ("duplicate", "/custom_expiration_date"),
        (
            "duplicate",
            "/certificate/cert_validity/custom_expiration_date",
        ),
    ] {
        let body = |text: &str| {
            let mut body = if kind.is_empty() {
                tls_order(MAIN, &["shop.example.net"])
            } else {
                duplicate(&["shop.example.net"])
            };
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            let mut at = &mut body;
            for part in parent.split('/').filter(|part| !part.is_empty()) {
                at = &mut at[part];
            }
            if parent.ends_with("validity") {
                *at = json!({});
            }
            at[field] = json!(text);
            body
        };
        let order = place(&api, "ssl_multi_domain", &plan).await;
        api.sandbox.advance(Duration::from_secs(10));
        let path = match kind {
            "" => "order/certificate/ssl_multi_domain".to_owned(),
            kind => format!("order/certificate/{order}/{kind}"),
        };
        for text in &bad {
            let answer = api.post(&path, &body(text)).await;
            let field = pointer.trim_start_matches('/').replace('/', ".");
            answer.refused(400, &format!("invalid_value:{field}"));
        }
        for text in &good {
            let placed = api.post(&path, &body(text)).await.expect(201);
            api.sandbox.advance(Duration::from_secs(10));
            let shown = match kind {
                "duplicate" => {
                    let list = api.get(&path).await.expect(200);
                    list["certificates"].as_array().unwrap().last().unwrap()["valid_till"].clone()
                }
                _ => certificate(&api, placed["id"].as_u64().unwrap()).await["valid_till"].clone(),
            };
            assert_eq!(shown, json!(day.to_string()), "{kind}{pointer} {text}");
        }
    }
}

#[tokio::test]
async fn a_certificate_says_itself_what_became_of_it() {
    let api = Api::empty().await;
    let status = async |order| certificate(&api, order).await["status"].clone();
    // By its number, by its order, at once and by a request.
    let (by_number, id) = api.issued(&["a.example.net"]).await;
    assert_eq!(status(by_number).await, "issued");
    api.put(&format!("certificate/{id}/revoke"), &skip())
        .await
        .expect(204);
    let info = api.order(by_number).await;
    assert_eq!(
        (&info["certificate"]["status"], &info["status"]),
        (&json!("revoked"), &json!("issued"))
    );
    let (by_order, _) = api.issued(&["b.example.net"]).await;
    api.put(&format!("order/certificate/{by_order}/revoke"), &skip())
        .await
        .expect(204);
    assert_eq!(status(by_order).await, "revoked");
    for what in ["certificate", "order/certificate"] {
        let (order, id) = api.issued(&["c.example.net"]).await;
        let number = if what == "certificate" { id } else { order };
        let asked = api
            .put(&format!("{what}/{number}/revoke"), &json!({}))
            .await
            .expect(201);
        assert_eq!(status(order).await, "issued", "{what}");
        let path = format!("request/{}/status", asked["id"]);
        api.put(&path, &json!({ "status": "approved" }))
            .await
            .expect(204);
        assert_eq!(status(order).await, "revoked", "{what}");
    }
    // By a reissue that removes a name: what was issued before it, in the lists, and the new one not.
    let (order, _) = api.issued(&["d.example.net", "e.example.net"]).await;
    let copy = async |kind: &str, names: &[&str]| {
        let path = format!("order/certificate/{order}/{kind}");
        api.post(&path, &duplicate(names)).await.expect(201);
        api.sandbox.advance(Duration::from_secs(10));
    };
    copy("duplicate", &["d.example.net", "e.example.net"]).await;
    copy("reissue", &["d.example.net", "e.example.net"]).await;
    copy("reissue", &["d.example.net"]).await;
    api.sandbox.advance(73 * HOUR);
    assert_eq!(status(order).await, "issued");
    for (kind, wanted) in [
        ("duplicate", vec!["revoked"]),
        ("reissue", vec!["revoked", "issued"]),
    ] {
        let list = api
            .get(&format!("order/certificate/{order}/{kind}"))
            .await
            .expect(200);
        let rows = list["certificates"].as_array().unwrap();
        let found: Vec<&str> = rows
            .iter()
            .map(|row| row["status"].as_str().unwrap())
            .collect();
        assert_eq!(found, wanted, "{kind}");
    }
    // Before it is issued it says what its order says; on a plan it ends before its order does.
    let asked = api.place(ONE_STEP, &["f.example.net"]).await;
    let waits = asked["id"].as_u64().unwrap();
    assert_eq!(status(waits).await, "needs_approval");
    let path = format!("request/{}", asked["requests"][0]["id"]);
    let request = api.get(&path).await.expect(200);
    assert_eq!(request["order"]["certificate"]["status"], "needs_approval");
    let mut plan = tls_order(MAIN, &["g.example.net"]);
    plan["order_validity"] = json!({ "years": 3 });
    let plan = place(&api, "ssl_multi_domain", &plan).await;
    api.sandbox.advance(Duration::from_secs(10));
    assert_eq!(status(plan).await, "issued");
    api.sandbox.advance(250 * 24 * HOUR);
    let info = api.order(plan).await;
    assert_eq!(
        (&info["certificate"]["status"], &info["status"]),
        (&json!("expired"), &json!("issued"))
    );
}

#[tokio::test]
async fn a_contact_or_the_owner_of_an_address_answers_before_issuance() {
    let api = Api::empty().await;
    let tls = || {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["skip_approval"] = json!(true);
        body
    };
    let code = || {
        let mut body = tls();
        body["certificate"] = json!({ "csr": csr(), "signature_hash": "sha256" });
        body["cs_provisioning_method"] = json!("email");
        body
    };
    let mail = || {
        let mut body = tls();
        body["certificate"] = json!({ "csr": csr(), "signature_hash": "sha256", "emails": ["joe@example.com"],
            "usage_designation": { "primary_usage": "signing" } });
        body
    };
    for (product, body, meanwhile) in [
        ("ssl_ev_basic", tls(), "pending"),
        ("ssl_ev_plus", tls(), "pending"),
        ("code_signing", code(), "pending"),
        ("code_signing_ev", code(), "pending"),
        ("secure_email_mailbox", mail(), "waiting_pickup"),
        ("class1_smime", mail(), "waiting_pickup"),
    ] {
        // Orders of every number: a third of them takes its time anyhow.
        for _ in 0..3 {
            let path = format!("order/certificate/{product}");
            let placed = api.post(&path, &body).await.expect(201);
            assert!(placed.get("certificate_chain").is_none(), "{product}");
            let order = placed["id"].as_u64().unwrap();
            api.sandbox.advance(Duration::from_secs(20));
            assert_eq!(api.order(order).await["status"], meanwhile, "{product}");
            let mails = format!("order/certificate/{order}/email-validation");
            if meanwhile == "waiting_pickup" {
                let mails = api.get(&mails).await.expect(200);
                assert_eq!(mails["emails"][0]["status"], "unvalidated");
            }
            api.sandbox.advance(Duration::from_secs(20));
            assert_eq!(api.order(order).await["status"], "issued", "{product}");
        }
    }
    let order = place(&api, "ssl_ev_plus", &tls()).await;
    assert_eq!(api.order(order).await["order_approval_complete"], false);
    api.sandbox.advance(Duration::from_secs(40));
    assert_eq!(api.order(order).await["order_approval_complete"], true);
    // Who has answered once is not asked again; who has not can be canceled.
    let again = duplicate(&["shop.example.net"]);
    api.post(&format!("order/certificate/{order}/duplicate"), &again)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(10));
    let list = api
        .get(&format!("order/certificate/{order}/duplicate"))
        .await
        .expect(200);
    assert_eq!(list["certificates"][0]["status"], "approved");
    let order = place(&api, "code_signing", &code()).await;
    api.put(
        &format!("order/certificate/{order}/status"),
        &json!({ "status": "canceled", "note": "x" }),
    )
    .await
    .expect(204);
    api.sandbox.advance(Duration::from_secs(40));
    assert_eq!(api.order(order).await["status"], "canceled");
}

#[tokio::test]
async fn a_service_user_is_made_of_its_name_and_address_and_gets_its_keys() {
    let api = Api::empty().await;
    let user = json!({ "is_api_only": true, "email": "svc@polis.test", "api_name": "svc", "restricted_to_role_id": 100 });
    let made = api.post("user", &user).await.expect(201);
    let shown = api.get(&format!("user/{}", made["id"])).await.expect(200);
    assert_eq!(
        (&shown["email"], &shown["username"]),
        (&json!("svc@polis.test"), &json!("svc"))
    );
    let roles = async || {
        let keys = api.get("key").await.expect(200)["api_keys"].clone();
        let own = keys
            .as_array()
            .unwrap()
            .iter()
            .filter(|key| key["user"]["id"] == made["id"]);
        own.map(|key| (key["name"].clone(), key["restricted_role"]["id"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(roles().await, [(json!("svc"), json!(100))]);
    let path = format!("key/user/{}", made["id"]);
    let key = api
        .post(&path, &json!({ "name": "second" }))
        .await
        .expect(201);
    assert_eq!(roles().await[1], (json!("second"), Value::Null));
    for secret in [&made["api_key"], &key["api_key"]] {
        let call = api.http.get(format!("{}/user/me", api.sandbox.url()));
        let me = api
            .send(call.header("X-DC-DEVKEY", secret.as_str().unwrap()))
            .await;
        assert_eq!(me.expect(200)["id"], made["id"]);
    }
    for (field, value, code) in [
        ("api_name", json!("svc"), "invalid_value:api_name"),
        ("api_name", Value::Null, "required_param:api_name"),
        ("email", Value::Null, "required_param:email"),
        (
            "restricted_to_role_id",
            json!(7),
            "invalid_value:restricted_to_role_id",
        ),
    ] {
        let mut body = user.clone();
        body["api_name"] = json!("other");
        body[field] = value;
        api.post("user", &body).await.refused(400, code);
    }
    api.post("key/user/999", &json!({ "name": "x" }))
        .await
        .refused(404, "not_found|user");
    api.post(&path, &json!({}))
        .await
        .refused(400, "required_param:name");
    for (name, free) in [("svc", false), ("SVC", false), ("nobody-yet", true)] {
        let answer = api
            .get(&format!("user/availability/{name}"))
            .await
            .expect(200);
        assert_eq!(answer, json!({ "available": free }), "{name}");
    }
}

#[tokio::test]
async fn a_domain_is_added_once_tells_its_validations_unasked_and_can_be_locked() {
    let api = Api::empty().await;
    let body = |name: &str| json!({ "name": name, "organization": { "id": ORGANIZATION }, "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token" });
    for name in [
        "example.net",
        "EXAMPLE.net",
        "www.example.net",
        "*.example.net",
    ] {
        let again = api.post("domain", &body(name)).await;
        assert!(again.text().contains("already exists"), "{}", again.text());
        again.refused(400, "domain_already_exists");
    }
    let added = api
        .post("domain", &body("new-one.example"))
        .await
        .expect(201);
    api.post("domain", &body("new-one.example"))
        .await
        .refused(400, "domain_already_exists");
    for (query, there) in [
        ("", true),
        ("?include_dcv=true", true),
        ("?include_validation=true", true),
        ("?include_validation=false", false),
    ] {
        let info = api.get(&format!("domain/4001{query}")).await.expect(200);
        let list = api.get(&format!("domain{query}")).await.expect(200);
        for object in [&info, &list["domains"][0]] {
            assert_eq!(object["validations"].is_array(), there, "{query}");
        }
    }
    let path = format!("domain/{}", added["id"]);
    let lock = async || {
        let info = api.get(&path).await.expect(200);
        (
            info["domain_locking_status"].clone(),
            info["account_token"].is_string(),
        )
    };
    assert_eq!(lock().await, (Value::Null, false));
    for (call, status) in [
        ("caa", Value::Null),
        ("activate-domain-locking", json!("pending")),
        ("caa", json!("enabled")),
        ("activate-domain-locking", json!("enabled")),
        ("deactivate-domain-locking", json!("disabled")),
        ("caa", json!("disabled")),
    ] {
        api.put(&format!("{path}/{call}"), &json!({}))
            .await
            .expect(204);
        assert_eq!(lock().await.0, status, "{call}");
    }
    assert!(lock().await.1);
    api.put("domain/1/caa", &json!({}))
        .await
        .refused(404, "not_found|domain");
}

#[tokio::test]
async fn nothing_of_an_orders_validation_is_changed_once_it_is_over() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body.as_object_mut().unwrap().remove("organization");
    let order = place(&api, "ssl_dv_geotrust", &body).await;
    let calls = [
        ("resend-emails", json!({})),
        ("dcv-method", json!({ "dcv_method": "dns-txt-token" })),
        ("dcv-random-value", json!({})),
        ("dcv-method", json!({ "dcv_method": "email" })),
    ];
    let call = async |(path, body): &(&str, Value)| {
        api.put(&format!("order/certificate/{order}/{path}"), body)
            .await
    };
    for each in &calls {
        let status = call(each).await.status;
        assert!(matches!(status, 200 | 204), "{each:?}: {status}");
    }
    // First the mail is answered, then what waited for it is issued.
    for _ in 0..2 {
        api.sandbox.advance(Duration::from_secs(40));
        api.get("ping").await.expect(200);
    }
    assert_eq!(api.order(order).await["status"], "issued");
    for each in &calls {
        call(each).await.refused(400, "invalid_order_status");
    }
    assert_eq!(api.order(order).await["status"], "issued");
}

#[tokio::test]
async fn an_order_is_deleted_once_it_ended_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let options = || certdeck::sandbox::SandboxOptions {
        orders: 0,
        state_file: Some(folder.path().join("state")),
        ..certdeck::sandbox::SandboxOptions::default()
    };
    let api = Api::with(options()).await;
    let delete = async |order: u64, query: &str| {
        let path = format!("order/certificate/{order}{query}");
        api.send(api.call(Method::DELETE, &path)).await
    };
    let (order, _) = api.issued(&["a.example.net"]).await;
    delete(order, "").await.refused(400, "invalid_order_status");
    delete(order, "?revoke=true").await.expect(204);
    delete(order, "").await.refused(404, "not_found|order");
    let waits = api.place(ONE_STEP, &["b.example.net"]).await["id"]
        .as_u64()
        .unwrap();
    delete(waits, "?revoke=true")
        .await
        .refused(400, "invalid_order_status");
    let (revoked, _) = api.issued(&["c.example.net"]).await;
    api.put(&format!("order/certificate/{revoked}/revoke"), &skip())
        .await
        .expect(204);
    delete(revoked, "").await.expect(204);
    let list = api.get("order/certificate").await.expect(200);
    assert_eq!(list["page"]["total"], 1);
    api.sandbox.stop().await.unwrap();
    let again = Api::with(options()).await;
    assert_eq!(
        again
            .get(&format!("order/certificate/{waits}"))
            .await
            .status,
        200
    );
    assert_eq!(
        again
            .get(&format!("order/certificate/{revoked}"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn what_else_a_client_sends_or_reads() {
    let api = Api::empty().await;
    // How often a client certificate is renewed is a number there, and a flag of TLS.
    let mut client = json!({
        "certificate": { "common_name": "Ada", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
    });
    for (sent, shown) in [
        (json!(10), 10),
        (json!("30"), 30),
        (json!(1), 1),
        (json!(false), 0),
        (json!(true), 1),
    ] {
        client["auto_renew"] = sent;
        let order = place(&api, "client_premium", &client).await;
        assert_eq!(api.order(order).await["auto_renew"], shown);
    }
    for (product, mut body, value) in [
        ("client_premium", client.clone(), json!(-1)),
        ("client_premium", client.clone(), json!("often")),
        ("client_premium", client, json!(1000)),
        (
            "ssl_multi_domain",
            tls_order(MAIN, &["a.example.net"]),
            json!(10),
        ),
    ] {
        body["auto_renew"] = value;
        api.post(&format!("order/certificate/{product}"), &body)
            .await
            .refused(400, "invalid_value:auto_renew");
    }
    // A duplicate is archived and comes back; the primary one is never away.
    let (order, first) = api.issued(&["shop.example.net"]).await;
    let copies = format!("order/certificate/{order}/duplicate");
    let made = api
        .post(&copies, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    let count = async || {
        let list = api.get(&copies).await.expect(200);
        list["certificates"].as_array().map_or(0, Vec::len)
    };
    for (call, left) in [("archive", 0), ("unarchive", 1)] {
        let path = format!("certificate/{}/{call}", made["certificate_id"]);
        api.put(&path, &json!({})).await.expect(204);
        assert_eq!(count().await, left, "{call}");
    }
    api.put(&format!("certificate/{first}/unarchive"), &json!({}))
        .await
        .expect(204);
    // A reissue that is issued at once brings its chain, as an order and a duplicate do.
    let mut chains = 0;
    for _ in 0..3 {
        let (order, _) = api.issued(&["shop.example.net"]).await;
        let path = format!("order/certificate/{order}/reissue");
        let made = api
            .post(&path, &duplicate(&["shop.example.net"]))
            .await
            .expect(201);
        chains += usize::from(made["certificate_chain"].is_array());
    }
    assert!(chains > 0);
    let chain = api
        .get(&format!("certificate/{first}/chain"))
        .await
        .expect(200);
    let chain = chain["intermediates"].as_array().unwrap().len();
    for (format, blocks) in [("crt", 1), ("pem", chain), ("pem_all", chain)] {
        let path = format!("certificate/{first}/download/format/{format}");
        let text = api.get(&path).await.text();
        assert_eq!(pem_blocks(&text).len(), blocks, "{format}");
    }
    let zip = api
        .get(&format!("certificate/{first}/download/format/zip"))
        .await;
    assert_eq!((zip.status, &zip.bytes[..2]), (200, &b"PK"[..]));
    let template = api.get("container/1001/template/5").await.expect(200);
    assert!(template["date_created"].is_string() && template["access_roles"].is_array());
    let account = api.get("account").await.expect(200);
    assert!(account["rep_name"].is_string());
}
