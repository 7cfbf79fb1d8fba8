//! Orders, reissues and duplicates take no field in another JSON type than the documented one.

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_mutations::{documented, person, try_all};
use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, duplicate, tls_order};

fn secure_email() -> Value {
    json!({
        "csr": csr(), "emails": ["zoe@example.net", "z@example.net"], "signature_hash": "sha256",
        "common_name_indicator": "given_name_surname",
        "individual": { "first_name": "Zoe", "last_name": "Example", "pseudonym": "Ally" },
        "usage_designation": { "primary_usage": "signing", "additional_usages": ["non_repudiation"] },
        "user_principle_name": ["zoe@corp.example.net"], "profile_type": "multipurpose",
    })
}

fn subject() -> Value {
    json!({ "serial_number": "17", "job_title": "Head", "pseudonym": "Ally", "include_pseudonym": true,
        "include_email": true, "include_given_name_surname": true })
}

fn ship_info() -> Value {
    json!({ "name": "Ada Example", "addr1": "1 Street", "addr2": "Floor 2", "city": "Berlin", "state": "Berlin",
        "zip": "10115", "country": "de", "method": "STANDARD" })
}

const ORDERED: &[&str] = &[
    "certificate",
    "certificate.common_name",
    "certificate.csr",
    "certificate.signature_hash",
    "organization",
    "organization.id",
];

/// Everything that an OV order may hold.
fn whole_order(renewed: u64) -> Value {
    let mut body = tls_order(MAIN, &["shop.example.net", "www.example.net"]);
    let certificate = body["certificate"].as_object_mut().unwrap();
    certificate.insert("organization_units".into(), json!(["Accounting"]));
    certificate.insert("profile_option".into(), json!("server_auth_only_eku"));
    certificate.insert("is_rsassa_pss".into(), json!(false));
    certificate.insert(
        "cert_validity".into(),
        json!({ "years": 1, "days": 90, "custom_expiration_date": "2026-12-24" }),
    );
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 60);
    certificate["cert_validity"]["custom_expiration_date"] = json!(until.to_string()[..10]);
    let more = json!({
        "renewal_of_order_id": renewed,
        "order_validity": { "years": 1, "days": 300 },
        "validity_years": 1, "validity_days": 300,
        "comments": "For the approver", "skip_approval": true,
        "apply_cr_discount": true, "serial_number": "0A1B2C", "auto_renew": 1, "auto_reissue": 0,
        "custom_renewal_message": "Renew me", "disable_renewal_notifications": true,
        "disable_issuance_email": true, "disable_ct": false, "additional_emails": ["noc@example.net"],
        "locale": "en", "payment_method": "balance", "dcv_method": "dns-txt-token",
        "certificate_dcv_scope": "base_domain", "use_auth_key": false,
        "dcv_emails": [{ "dns_name": "shop.example.net", "email_domain": "example.net", "email": "admin@example.net" }],
        "technical_contact": person(), "organization_contact": person(),
        "custom_fields": [{ "metadata_id": 11, "value": "Invoice 17" }],
        "alternative_order_id": "own-17", "product": { "type_hint": "ov" },
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let mut contact = person();
    contact["contact_type"] = json!("technical_contact");
    body["organization"]["contacts"] = json!([contact]);
    body
}

#[tokio::test]
async fn orders_take_no_other_types() {
    let api = Api::empty().await;
    let (renewed, _) = api.ending(&["shop.example.net"]).await;
    let post = |product: &str, required, body| {
        documented(
            Method::POST,
            format!("order/certificate/{product}"),
            required,
            body,
        )
    };
    try_all(
        &api,
        &post("ssl_multi_domain", ORDERED, whole_order(renewed)),
    )
    .await;

    let mut new = tls_order(MAIN, &["shop.example.net"]);
    new["organization"] = json!({
        "name": "New Example Ltd", "assumed_name": "New", "address": "1 Sample Street", "address2": "Floor 2",
        "zip": "EC1A", "city": "London", "state": "Greater London", "country": "gb", "telephone": "+44 20 5550",
        "organization_contact": person(), "validations": [{ "type": "ov" }], "container": { "id": MAIN },
    });
    let parts: &[&str] = &[
        "organization.name",
        "organization.address",
        "organization.city",
        "organization.state",
        "organization.country",
        "organization.telephone",
    ];
    try_all(&api, &post("ssl_multi_domain", parts, new)).await;

    let mut dv = tls_order(MAIN, &["dv.example.net"]);
    dv.as_object_mut().unwrap().remove("organization");
    dv["use_auth_key"] = json!(false);
    try_all(&api, &post("ssl_dv_geotrust", &["order_validity"], dv)).await;

    try_all(
        &api,
        &post(
            "code_signing",
            &["certificate", "order_validity"],
            json!({
                "certificate": { "signature_hash": "sha256", "server_platform": { "id": -1 } },
                "organization": { "id": ORGANIZATION }, "order_validity": { "days": 459 },
                "cs_provisioning_method": "ship_token", "ship_info": ship_info(),
            }),
        ),
    )
    .await;
    try_all(
        &api,
        &post(
            "code_signing",
            &["certificate.csr"],
            json!({
                "certificate": { "csr": csr(), "signature_hash": "sha256" },
                "organization": { "id": ORGANIZATION }, "order_validity": { "days": 300 },
                "cs_provisioning_method": "email",
            }),
        ),
    )
    .await;
    try_all(&api, &post("secure_email_sponsor", &["certificate.emails", "certificate.usage_designation.primary_usage",
        "certificate.common_name_indicator", "order_validity"], json!({
        "certificate": secure_email(), "subject": subject(), "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
    }))).await;
    try_all(&api, &post("client_premium", &["certificate.emails"], json!({
        "certificate": { "common_name": "Ada Example", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
    }))).await;
    try_all(&api, &post("document_signing_org_1", &["organization"], json!({
        "certificate": { "signature_hash": "sha256", "server_platform": { "id": -1 } },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
        "use_org_as_common_name": true, "csa_agreed_to": true,
        "subject": { "name": "Ada", "job_title": "Head", "phone": "+1 801 555 0100", "email": "ada@example.net" },
    }))).await;
    try_all(&api, &post("vmc_basic", &["certificate.dns_names", "organization"], json!({
        "certificate": { "dns_names": ["example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
        "vmc": { "logo": "H4sIAAAA", "enable_hosting": true,
            "mark_type_data": { "country_code": "us", "registration_number": "1", "state_province": "Utah", "locality": "Lehi" } },
    }))).await;
}

#[tokio::test]
async fn copies_take_no_other_types() {
    let api = Api::empty().await;
    let mut plan = tls_order(MAIN, &["shop.example.net"]);
    plan["order_validity"] = json!({ "years": 2 });
    let placed = api
        .post("order/certificate/ssl_multi_domain", &plan)
        .await
        .expect(201);
    api.sandbox.advance(std::time::Duration::from_mins(1));
    api.get("ping").await.expect(200);
    let order = placed["id"].as_u64().unwrap();
    let post = |path: String, required, body| documented(Method::POST, path, required, body);

    let mut copy = duplicate(&["shop.example.net"]);
    copy["custom_expiration_date"] = copy_end();
    copy["skip_approval"] = json!(true);
    copy["certificate"]["is_rsassa_pss"] = json!(false);
    try_all(
        &api,
        &post(
            format!("order/certificate/{order}/duplicate"),
            &[
                "certificate",
                "certificate.common_name",
                "certificate.csr",
                "certificate.signature_hash",
            ],
            copy,
        ),
    )
    .await;

    let mut reissue = duplicate(&["shop.example.net", "www.example.net"]);
    let certificate = &mut reissue["certificate"];
    certificate["cert_validity"] = json!({ "years": 1, "days": 90, "custom_expiration_date": "x" });
    certificate["cert_validity"]["custom_expiration_date"] = copy_end();
    certificate["profile_option"] = json!("server_auth_only_eku");
    certificate["is_rsassa_pss"] = json!(false);
    reissue["dcv_method"] = json!("dns-txt-token");
    reissue["comments"] = json!("Key rotation");
    reissue["skip_approval"] = json!(true);
    reissue["certificate_dcv_scope"] = json!("fqdn");
    reissue["use_auth_key"] = json!(false);
    reissue["store_reissue_as_duplicate"] = json!(false);
    try_all(
        &api,
        &post(
            format!("order/certificate/{order}/reissue"),
            &[
                "certificate",
                "certificate.common_name",
                "certificate.csr",
                "certificate.signature_hash",
            ],
            reissue,
        ),
    )
    .await;

    let place = async |product: &str, body: Value| {
        let placed = api
            .post(&format!("order/certificate/{product}"), &body)
            .await
            .expect(201);
        api.sandbox.advance(std::time::Duration::from_mins(1));
        api.get("ping").await.expect(200);
        format!("order/certificate/{}/reissue", placed["id"])
    };
    let path = place("secure_email_sponsor", json!({
        "certificate": secure_email(), "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
    })).await;
    try_all(
        &api,
        &post(
            path,
            &["certificate.emails", "certificate.signature_hash"],
            json!({
                "certificate": secure_email(), "subject": subject(),
            }),
        ),
    )
    .await;
    let path = place("code_signing", json!({
        "certificate": { "csr": csr(), "signature_hash": "sha256" }, "organization": { "id": ORGANIZATION },
        "order_validity": { "days": 300 }, "cs_provisioning_method": "email",
    })).await;
    try_all(&api, &post(path, &["certificate.signature_hash"], json!({
        "certificate": { "signature_hash": "sha256" }, "cs_provisioning_method": "ship_token", "ship_info": ship_info(),
    }))).await;
}

/// A last day in the form of the page "Reissue certificate".
fn copy_end() -> Value {
    let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 60);
    let day = day
        .to_zoned(jiff::tz::TimeZone::UTC)
        .strftime("%d %b %Y")
        .to_string();
    json!(day.to_uppercase())
}

/// The one that cost money: what is no number names no order, and the order that is placed is none that was asked for.
#[tokio::test]
async fn a_renewal_of_nothing_is_no_new_order() {
    let api = Api::empty().await;
    for value in [
        json!("x"),
        json!([]),
        json!({}),
        json!(true),
        json!(1.5),
        json!(-7),
    ] {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["renewal_of_order_id"] = value;
        api.post("order/certificate/ssl_multi_domain", &body)
            .await
            .refused(400, "invalid_value:renewal_of_order_id");
    }
    assert_eq!(
        api.sandbox.with_account(|account| account.orders().len()),
        0
    );
    let (old, _) = api.ending(&["shop.example.net"]).await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["renewal_of_order_id"] = json!(old.to_string());
    body["container"] = json!({ "id": MAIN.to_string() });
    body["organization"]["id"] = json!(ORGANIZATION.to_string());
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(info["renewal_of_order_id"], old, "a number may be text");
}
