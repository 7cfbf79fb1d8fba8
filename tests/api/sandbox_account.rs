//! What the account decides and takes: values that are documented and no others, its preferences, its people and places.

use std::time::Duration;

use certdeck::sandbox::model::ProvisioningMethod::{ClientApp, Email, ShipToken};
use certdeck::sandbox::{Sandbox, SandboxOptions};
use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, tls_order};

/// What is made of a right order.
type Change = fn(&mut Value);

#[tokio::test]
async fn values_that_nobody_documents_are_refused() {
    let api = Api::empty().await;
    let placed = |change: Change| {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        change(&mut body);
        body
    };
    let cases: [(&str, Change); 16] = [
        ("invalid_value:locale", |b| b["locale"] = json!("tlh")),
        ("invalid_value:certificate.profile_option", |b| {
            b["certificate"]["profile_option"] = json!("made_up");
        }),
        ("invalid_value:additional_emails", |b| {
            b["additional_emails"] = json!(["nobody"]);
        }),
        ("invalid_value:auto_renew", |b| b["auto_renew"] = json!(2)),
        ("invalid_value:order_validity.years", |b| {
            b["order_validity"] = json!({ "years": 0 });
        }),
        ("invalid_value:validity_years", |b| {
            b["order_validity"] = Value::Null;
            b["validity_years"] = json!(0);
        }),
        ("required_param:order_validity", |b| {
            b["order_validity"] = Value::Null;
        }),
        ("required_param:order_validity", |b| {
            b["order_validity"] = json!({});
        }),
        ("required_param:certificate.server_platform.id", |b| {
            b["certificate"]["server_platform"] = json!({});
        }),
        ("invalid_value:custom_expiration_date", |b| {
            b["custom_expiration_date"] = json!("12/24/2026");
        }),
        ("invalid_value:certificate.cert_validity.days", |b| {
            b["certificate"]["cert_validity"] = json!({ "days": 0 });
        }),
        ("invalid_value:certificate.cert_validity.days", |b| {
            b["certificate"]["cert_validity"] = json!({ "days": 12.5 });
        }),
        ("invalid_value:certificate.cert_validity.days", |b| {
            b["order_validity"] = json!({ "years": 3 });
            b["certificate"]["cert_validity"] = json!({ "days": 398 });
        }),
        ("required_param:organization.city", |b| {
            b["organization"] = json!({ "name": "New Ltd", "address": "1 Street", "state": "London",
                "country": "gb", "telephone": "1" });
        }),
        ("required_param:organization.name", |b| {
            b["organization"] = json!({ "address": "1 Street", "city": "London", "state": "London",
                "country": "gb", "telephone": "1" });
        }),
        ("required_param:organization.id", |b| {
            b["organization"] = json!({});
        }),
    ];
    for (code, change) in cases {
        let answer = api
            .post("order/certificate/ssl_multi_domain", &placed(change))
            .await;
        assert_eq!(
            (answer.status, answer.codes()),
            (400, vec![code.to_owned()])
        );
    }
    assert_eq!(
        api.sandbox.with_account(|account| account.orders().len()),
        0
    );
    // The account's own profile is one that exists, and a length that is too long today is cut and not refused.
    let body = placed(|b| {
        b["certificate"]["profile_option"] = json!("our_profile");
        b["certificate"]["cert_validity"] = json!({ "days": 300 });
    });
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
}

#[tokio::test]
async fn secure_email_has_the_uses_and_addresses_that_its_product_takes() {
    let api = Api::empty().await;
    let order = |kind: &str, certificate: Value| {
        let mut body = json!({
            "certificate": { "csr": csr(), "emails": ["zoe@example.net"], "signature_hash": "sha256",
                "common_name_indicator": "email_address", "individual": { "first_name": "Zoe", "last_name": "Example" },
                "usage_designation": { "primary_usage": "signing" } },
            "subject": { "include_email": true },
            "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
        });
        let more = certificate.as_object().unwrap().clone();
        body["certificate"].as_object_mut().unwrap().extend(more);
        (format!("order/certificate/secure_email_{kind}"), body)
    };
    let uses = |words: &[&str], profile: &str| json!({ "usage_designation": { "primary_usage": "signing", "additional_usages": words }, "profile_type": profile });
    let public = json!({ "emails": ["zoe@gmail.com"] });
    for (kind, certificate, refused) in [
        ("sponsor", public.clone(), Some("emails")),
        ("organization", public.clone(), Some("emails")),
        ("mailbox", public.clone(), None),
        (
            "sponsor",
            json!({ "emails": ["zoe@hotmail.co.uk"] }),
            Some("emails"),
        ),
        (
            "sponsor",
            json!({ "emails": ["zoe@Yahoo.com.br"] }),
            Some("emails"),
        ),
        ("sponsor", json!({ "emails": ["zoe"] }), Some("emails")),
        (
            "mailbox",
            json!({ "emails": ["zoe@example.net", 5] }),
            Some("emails"),
        ),
        (
            "sponsor",
            uses(&["fly"], "multipurpose"),
            Some("usage_designation.additional_usages"),
        ),
        (
            "sponsor",
            uses(&["client_auth"], "strict"),
            Some("usage_designation.additional_usages"),
        ),
        ("sponsor", uses(&["non_repudiation"], "strict"), None),
        ("sponsor", uses(&["client_auth"], "multipurpose"), None),
    ] {
        let (path, body) = order(kind, certificate);
        let answer = api.post(&path, &body).await;
        match refused {
            Some(field) => answer.refused(400, &format!("invalid_value:certificate.{field}")),
            None => drop(answer.expect(201)),
        }
    }
    // Validated for the organization, the provider's domain is like any other.
    let domain = json!({ "name": "gmail.com", "organization": { "id": ORGANIZATION }, "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token" });
    let domain = api.post("domain", &domain).await.expect(201);
    let check = format!("domain/{}/dcv/validate-token", domain["id"]);
    api.send(api.call(Method::PUT, &check))
        .await
        .refused(400, "invalid_dns_txt");
    api.send(api.call(Method::PUT, &check)).await.expect(200);
    let (path, body) = order("sponsor", public);
    api.post(&path, &body).await.expect(201);
    // The address stands in the subject of the products that say so, and not of a mailbox's.
    for (kind, shown) in [
        ("mailbox", false),
        ("sponsor", true),
        ("organization", true),
    ] {
        let (path, body) = order(kind, json!({}));
        let placed = api.post(&path, &body).await.expect(201);
        let id = placed["id"].as_u64().unwrap();
        let asked = api.sandbox.with_account(|account| {
            let mail = account.order(id).unwrap().primary().mail.clone();
            mail.unwrap().include_email
        });
        assert_eq!(asked, shown, "{kind}");
    }
}

fn signing(method: Option<&str>) -> Value {
    let mut body = json!({
        "certificate": { "csr": csr(), "signature_hash": "sha256", "server_platform": { "id": 52 } },
        "organization": { "id": ORGANIZATION }, "order_validity": { "days": 300 },
    });
    if let Some(method) = method {
        body["cs_provisioning_method"] = json!(method);
    }
    body
}

#[tokio::test]
async fn a_way_of_delivery_that_is_not_enabled_falls_back_to_the_accounts_default() {
    let options = SandboxOptions {
        orders: 0,
        provisioning: vec![ShipToken, ClientApp],
        ..SandboxOptions::default()
    };
    let api = Api::with(options).await;
    let path = "order/certificate/code_signing";
    api.post(path, &signing(Some("email")))
        .await
        .refused(400, "invalid_value:cs_provisioning_method");
    let placed = api.post(path, &signing(None)).await.expect(201);
    let order = placed["id"].as_u64().unwrap();
    assert_eq!(
        api.order(order).await["cs_provisioning_method"],
        "ship_token"
    );
    // As an order from before the preferences changed: issued to an own HSM.
    api.sandbox.change_account(|account| {
        account.provisioning = vec![Email];
    });
    let placed = api.post(path, &signing(None)).await.expect(201);
    let order = placed["id"].as_u64().unwrap();
    api.sandbox.advance(Duration::from_secs(40));
    assert_eq!(api.order(order).await["cs_provisioning_method"], "email");
    api.sandbox.change_account(|account| {
        account.provisioning = vec![ClientApp, ShipToken];
    });
    let again =
        json!({ "certificate": { "signature_hash": "sha256", "server_platform": { "id": 52 } } });
    api.post(&format!("order/certificate/{order}/reissue"), &again)
        .await
        .expect(201);
    assert_eq!(
        api.order(order).await["cs_provisioning_method"],
        "client_app"
    );
}

#[tokio::test]
async fn a_choice_of_the_issuer_counts_where_it_is_enabled_and_is_one() {
    let order = |ica: &str| {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["certificate"]["ca_cert_id"] = json!(ica);
        body
    };
    let path = "order/certificate/ssl_multi_domain";
    let api = Api::empty().await;
    api.post(path, &order("0123456789ABCDEF"))
        .await
        .refused(400, "invalid_value:certificate.ca_cert_id");
    // A published provider sends the product's identifier here.
    api.post(path, &order("ssl_multi_domain")).await.expect(201);
    let options = SandboxOptions {
        orders: 0,
        ica_selection: Some(false),
        ..SandboxOptions::default()
    };
    let api = Api::with(options).await;
    api.post(path, &order("0123456789ABCDEF")).await.expect(201);
}

#[tokio::test]
async fn earlier_names_of_products_and_odd_shapes_of_answers() {
    let api = Api::empty().await;
    let client = json!({
        "certificate": { "common_name": "Ada", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "validity_years": 1,
    });
    let placed = api
        .post("order/certificate/client_premium_sha2", &client)
        .await
        .expect(201);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(info["product"]["name_id"], "client_premium");
    api.get("product/client_digital_signature_plus_sha2")
        .await
        .expect(200);

    let mut dv = tls_order(MAIN, &["dv.example.net"]);
    dv.as_object_mut().unwrap().remove("organization");
    let dv = api
        .post("order/certificate/ssl_dv_geotrust", &dv)
        .await
        .expect(201);
    let row = async |id: &Value| {
        let list = api
            .get(&format!("order/certificate?filters[id]={id}"))
            .await
            .expect(200);
        list["orders"][0].clone()
    };
    assert!(row(&dv["id"]).await.get("organization").is_none());
    api.sandbox.set_faults("empty-organization@orders").unwrap();
    assert_eq!(row(&dv["id"]).await["organization"], json!([]));
    assert!(row(&placed["id"]).await["organization"].is_object());
    assert_eq!(
        api.get("account").await.expect(200)["balance_negative_limit"],
        0
    );
}

#[tokio::test]
async fn users_keys_and_divisions_can_be_changed_and_users_and_domains_deleted() {
    let api = Api::empty().await;
    api.put(
        "user/13",
        &json!({ "email": "linus@example.org", "telephone": "1" }),
    )
    .await
    .expect(204);
    let user = api.get("user/13").await.expect(200);
    assert_eq!(
        (&user["email"], &user["first_name"]),
        (&json!("linus@example.org"), &json!("Linus"))
    );
    api.put("user/13", &json!({ "email": "linus@example.org" }))
        .await
        .expect(204);
    assert!(
        api.get("user/13")
            .await
            .expect(200)
            .get("telephone")
            .is_none(),
        "left out is erased"
    );
    api.put("user/13", &json!({}))
        .await
        .refused(400, "required_param:email");
    api.put("user/13/role", &json!({ "access_roles": [{ "id": 4 }] }))
        .await
        .expect(204);
    assert_eq!(
        api.get("user/13").await.expect(200)["access_roles"][0]["name"],
        "Manager"
    );
    api.put("user/13/role", &json!({ "access_roles": [{ "id": 77 }] }))
        .await
        .refused(400, "invalid_value:access_roles.id");
    api.post("user", &json!({ "username": "linus.beispiel", "first_name": "L", "last_name": "B", "email": "l@example.net" }))
        .await
        .refused(400, "invalid_value:username");
    // A key that is revoked opens nothing, and does again; a deleted user's ends for good.
    let me = async || api.get_as("-standard", "user/me").await.status;
    for (status, answered) in [("revoked", 403), ("active", 200)] {
        api.put("key/3005/status", &json!({ "status": status }))
            .await
            .expect(204);
        assert_eq!(me().await, answered);
    }
    api.put("key/3005", &json!({ "name": "Of the shop" }))
        .await
        .expect(204);
    assert_eq!(api.get("key/3005").await.expect(200)["name"], "Of the shop");
    api.send(api.call(Method::DELETE, "user/13"))
        .await
        .expect(204);
    assert_eq!(me().await, 403);
    api.get("user/13").await.refused(404, "not_found|user");
    api.send(api.call(Method::DELETE, "user/11"))
        .await
        .refused(403, "access_denied|missing_permission");

    api.put("container/1002", &json!({ "name": "Shops" }))
        .await
        .expect(204);
    let container = api.get("container/1002").await.expect(200);
    assert_eq!(
        (&container["name"], &container["description"]),
        (&json!("Shops"), &json!("Shops and landing pages"))
    );
    api.put("container/1002/deactivate", &Value::Null)
        .await
        .expect(204);
    assert_eq!(
        api.get("container/1002").await.expect(200)["is_active"],
        false
    );
    api.send(api.call(Method::DELETE, "domain/4002"))
        .await
        .expect(204);
    api.get("domain/4002")
        .await
        .refused(404, "not_found|domain");
}

#[tokio::test]
async fn a_deleted_domain_stays_deleted_in_a_state_file() {
    let folder = tempfile::tempdir().unwrap();
    let options = |name: &str| SandboxOptions {
        orders: 0,
        state_file: Some(folder.path().join(name)),
        ..SandboxOptions::default()
    };
    let api = Api::with(options("state.json")).await;
    api.send(api.call(Method::DELETE, "domain/4002"))
        .await
        .expect(204);
    api.sandbox
        .change_account(|account| account.provisioning = vec![ShipToken]);
    api.get("ping").await.expect(200);
    // What a killed sandbox leaves behind.
    for end in ["", ".journal"] {
        let file = |name: &str| folder.path().join(format!("{name}{end}"));
        std::fs::copy(file("state.json"), file("copy.json")).unwrap();
    }
    let address = "127.0.0.1:0".parse().unwrap();
    let again = Sandbox::start(address, options("copy.json")).await.unwrap();
    assert!(again.with_account(|account| account.domain(4002).is_none()));
    assert_eq!(
        again.with_account(|account| account.provisioning.clone()),
        [ShipToken]
    );
}
