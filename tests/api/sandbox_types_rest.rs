//! The small changes of an order, places, people and queries take no field in another JSON type than the documented one.

use reqwest::Method;
use serde_json::json;

use super::sandbox_mutations::{documented, person, try_all};
use super::sandbox_support::{Api, MAIN, ONE_STEP, ORGANIZATION, csr, tls_order};

#[tokio::test]
async fn small_changes_take_no_other_types() {
    let api = Api::empty().await;
    let put = |path: String, required, body| documented(Method::PUT, path, required, body);
    let post = |path: String, required, body| documented(Method::POST, path, required, body);
    let (order, certificate) = api.issued(&["shop.example.net"]).await;
    let at = format!("order/certificate/{order}");
    try_all(
        &api,
        &post(
            format!("{at}/note"),
            &["text"],
            json!({ "text": "Mind the gap" }),
        ),
    )
    .await;
    try_all(
        &api,
        &post(
            format!("{at}/custom-field"),
            &["metadata_id"],
            json!({ "metadata_id": 11, "value": "17" }),
        ),
    )
    .await;
    let revocation = json!({ "comments": "Key lost", "revocation_reason": "keyCompromise", "skip_approval": false });
    try_all(
        &api,
        &put(
            format!("certificate/{certificate}/revoke"),
            &[],
            revocation.clone(),
        ),
    )
    .await;
    try_all(&api, &put(format!("{at}/revoke"), &[], revocation)).await;

    let mut plan = tls_order(MAIN, &["shop.example.net"]);
    plan["order_validity"] = json!({ "years": 2 });
    let plan = api
        .post("order/certificate/ssl_multi_domain", &plan)
        .await
        .expect(201);
    try_all(
        &api,
        &put(
            format!("order/certificate/{}/auto-reissue", plan["id"]),
            &["auto_reissue"],
            json!({ "auto_reissue": 1 }),
        ),
    )
    .await;

    let mut open = tls_order(MAIN, &["new.somewhere.example"]);
    open["dcv_method"] = json!("email");
    open["container"] = json!({ "id": ONE_STEP });
    let open = api
        .post("order/certificate/ssl_multi_domain", &open)
        .await
        .expect(201);
    let request = open["requests"][0]["id"].clone();
    try_all(
        &api,
        &put(
            format!("request/{request}/status"),
            &["status"],
            json!({ "status": "approved", "processor_comment": "Fine" }),
        ),
    )
    .await;
    let mut pending = tls_order(MAIN, &["never.somewhere.example"]);
    pending["dcv_method"] = json!("email");
    let pending = api
        .post("order/certificate/ssl_multi_domain", &pending)
        .await
        .expect(201);
    let at = format!("order/certificate/{}", pending["id"]);
    try_all(&api, &put(format!("{at}/resend-emails"), &[], json!({ "locale": "en", "domain_approval_emails": [
        { "domain": "never.somewhere.example", "email": "admin@somewhere.example", "email_domain": "somewhere.example" }] }))).await;
    try_all(
        &api,
        &put(
            format!("{at}/dcv-method"),
            &["dcv_method"],
            json!({ "dcv_method": "dns-txt-token" }),
        ),
    )
    .await;
    try_all(
        &api,
        &put(
            format!("{at}/check-dcv"),
            &[],
            json!({ "dns_names_validations": ["never.somewhere.example"] }),
        ),
    )
    .await;
    try_all(
        &api,
        &put(
            format!("{at}/status"),
            &["status", "note"],
            json!({ "status": "canceled", "note": "Not needed", "send_emails": false }),
        ),
    )
    .await;

    let client = json!({ "certificate": { "common_name": "Ada", "emails": ["ada@example.net"], "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 } });
    let client = api
        .post("order/certificate/client_premium", &client)
        .await
        .expect(201);
    try_all(
        &api,
        &post(
            format!("order/certificate/{}/csr", client["id"]),
            &["csr"],
            json!({ "csr": csr() }),
        ),
    )
    .await;
    let query = json!({ "query": "query($t:String!){order_details(thumbprint:$t){id}}", "variables": { "t": "AB" } });
    try_all(&api, &post("reports/query".into(), &["query"], query)).await;
}

#[tokio::test]
async fn places_and_people_take_no_other_types() {
    let api = Api::empty().await;
    let put = |path: &str, required, body| documented(Method::PUT, path, required, body);
    let post = |path: &str, required, body| documented(Method::POST, path, required, body);
    let organization = json!({ "name": "New Example Ltd", "assumed_name": "New", "address": "1 Street", "address2": "2",
        "zip": "1", "city": "London", "state": "London", "country": "gb", "telephone": "+44 20 5550",
        "organization_contact": person(), "validations": [{ "type": "ov" }], "container": { "id": MAIN } });
    let mail = json!({ "name_scope": "example.org", "locale": "en", "email_array": ["admin@example.org"] });
    let user = json!({ "username": "jill", "first_name": "Jill", "last_name": "Example", "email": "jill@example.net",
        "job_title": "Head", "telephone": "+1 801 555 0100", "access_roles": [{ "id": 5 }],
        "container": { "id": MAIN }, "container_id_assignments": [1001], "is_saml_sso_only": false });
    let mut edited = user.clone();
    for gone in ["username", "container"] {
        edited.as_object_mut().unwrap().remove(gone);
    }
    let field = json!({ "label": "Ticket", "is_required": false, "is_active": true, "data_type": "text",
        "description": "Of the request", "show_in_receipt": false });
    for request in [
        post("organization", &["name", "country"], organization),
        post(
            "organization/2002/validation",
            &["validations"],
            json!({ "validations": [{ "type": "ev" }] }),
        ),
        post(
            "container/1001/children",
            &["name"],
            json!({ "name": "Branch", "description": "Far away",
            "template_id": 5, "allowed_domain_names": ["example.net"] }),
        ),
        put(
            "container/1002",
            &[],
            json!({ "name": "Shops", "description": "All of them" }),
        ),
        post(
            "domain",
            &["name"],
            json!({ "name": "new.example", "organization": { "id": ORGANIZATION },
            "container": { "id": MAIN }, "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token",
            "locale": "en", "email_array": ["admin@new.example"], "keep_www": false }),
        ),
        post(
            "domain/4005/validation",
            &[],
            json!({ "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token",
            "email_array": ["admin@pending.example"] }),
        ),
        put(
            "domain/4005/dcv/method",
            &["dcv_method"],
            json!({ "dcv_method": "dns-txt-token", "send_dcv_email_flag": true }),
        ),
        post(
            "domain/4005/dcv/token",
            &[],
            json!({ "validations": [{ "type": "ov" }] }),
        ),
        put("domain/4003/dcv/emails", &[], mail),
        post("user", &["username", "email"], user),
        put("user/13", &["email"], edited),
        put(
            "user/13/role",
            &["access_roles"],
            json!({ "access_roles": [{ "id": 4 }] }),
        ),
        put("key/3005", &["name"], json!({ "name": "Of the shop" })),
        put(
            "key/3005/status",
            &["status"],
            json!({ "status": "revoked" }),
        ),
        post("account/metadata", &["label"], field.clone()),
        post(
            "account/metadata/bulk",
            &[],
            json!({ "metadata": [{ "label": "Cost" }] }),
        ),
        put("account/metadata/11", &[], field),
    ] {
        try_all(&api, &request).await;
    }
}

#[tokio::test]
async fn parameters_of_a_query_take_no_other_types() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let numbers = [
        "many",
        "-1",
        "1.5",
        "99999999999999999999",
        "%5B%5D",
        "true",
    ];
    let flags = ["2", "perhaps", "%5B%5D", "-1", "1.5"];
    let duplicates = format!("order/certificate/{order}/duplicate");
    let reissues = format!("order/certificate/{order}/reissue");
    let info = format!("order/certificate/{order}");
    let lists = [
        "order/certificate",
        "request",
        "organization",
        "domain",
        "user",
        "key",
    ];
    let mut table: Vec<(&str, &str, &[&str])> = lists
        .iter()
        .flat_map(|path| {
            [
                (*path, "limit", &numbers[..]),
                (*path, "offset", &numbers[..]),
            ]
        })
        .collect();
    table.extend([
        ("order/certificate/status-changes", "minutes", &numbers[..]),
        ("order/certificate/status-changes", "seconds", &numbers[..]),
        ("organization", "container_id", &numbers[..]),
        ("domain", "container_id", &numbers[..]),
        ("user", "container_id", &numbers[..]),
        ("product", "container_id", &numbers[..]),
        ("product/ssl_plus", "container_id", &numbers[..]),
        ("finance/balance", "container_id", &numbers[..]),
        ("report/request", "container_id", &numbers[..]),
        ("report/order/expiring", "container_id", &numbers[..]),
        (
            "report/order/expiring",
            "include_expiring_certs",
            &flags[..],
        ),
        ("organization", "include_validation", &flags[..]),
        ("organization/2001", "include_validation", &flags[..]),
        ("domain", "include_validation", &flags[..]),
        ("domain", "include_dcv_expiration_time", &flags[..]),
        ("domain/4001", "include_dcv", &flags[..]),
        ("domain/4001", "include_validation", &flags[..]),
        (
            "domain/4001/dcv/emails",
            "consider_dcv_email_preferences",
            &flags[..],
        ),
        (&duplicates, "show_archived", &flags[..]),
        (&reissues, "show_archived", &flags[..]),
        (&info, "include_caa_status", &flags[..]),
    ]);
    for (path, name, values) in table {
        for value in values {
            let answer = api.get(&format!("{path}?{name}={value}")).await;
            assert_eq!(answer.status, 400, "{path}?{name}={value}");
            assert_eq!(
                answer.codes(),
                [format!("invalid_value:{name}")],
                "{path}?{name}={value}"
            );
        }
    }
}
