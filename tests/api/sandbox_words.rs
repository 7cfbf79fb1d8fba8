//! What the product sheets say of single fields and families: types and words of mail, client and document signing products, lengths,
//! proofs by a file or by no token, the domains of addresses, and requests whose signature cannot be checked.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_mutations::{documented, person, try_all};
use super::sandbox_support::{Api, MAIN, ORGANIZATION, csr, tls_order};

const CLIENTS: [&str; 5] = [
    "client_premium",
    "client_email_security_plus",
    "client_digital_signature_plus",
    "client_authentication_plus",
    "class1_smime",
];
const DOCUMENTS: [&str; 4] = [
    "ds_individual",
    "ds_org_individual",
    "ds_org",
    "document_signing_org_2",
];

/// The least that an order of the product says.
fn order(product: &str) -> Value {
    let mut body = tls_order(MAIN, &["Ada Example"]);
    let certificate = body["certificate"].as_object_mut().unwrap();
    certificate.remove("dns_names");
    match product {
        "vmc_basic" | "mark_certificate" => {
            certificate.remove("common_name");
            certificate.insert("dns_names".into(), json!(["example.net"]));
        }
        "code_signing" | "code_signing_ev" => body["cs_provisioning_method"] = json!("email"),
        tls if tls.starts_with("ssl_") => {
            certificate.insert("common_name".into(), json!("shop.example.net"));
        }
        ds if ds.starts_with("ds_") => {
            certificate.insert(
                "usage_designation".into(),
                json!({ "primary_usage": "signing" }),
            );
            body["cs_provisioning_method"] = json!("ship_token");
        }
        _ => {
            certificate.insert("emails".into(), json!(["ada@example.net"]));
        }
    }
    body
}

/// Puts a value at a path, and whatever is missing on the way.
fn put(body: &mut Value, path: &str, value: Value) {
    let mut at = body;
    for name in path.split('.') {
        at = &mut at[name];
    }
    *at = value;
}

/// What only some products read, for any of them.
fn with_all(mut body: Value) -> Value {
    let individual = |more: &str| {
        let mut individual = person();
        individual["country"] = json!("us");
        individual["pseudonym"] = json!(more);
        individual
    };
    for (path, value) in [
        ("certificate.common_name_indicator", json!("pseudonym")),
        (
            "certificate.usage_designation.primary_usage",
            json!("signing"),
        ),
        (
            "certificate.usage_designation.additional_usages",
            json!(["non_repudiation"]),
        ),
        ("certificate.profile_type", json!("multipurpose")),
        (
            "certificate.user_principle_name",
            json!(["ada@corp.example.net"]),
        ),
        ("certificate.individual", individual("Ally")),
        ("individual", individual("Al")),
        (
            "subject",
            json!({ "serial_number": "17", "job_title": "Head", "pseudonym": "Ally", "name": "Ada",
            "phone": "1", "email": "ada@example.net", "include_pseudonym": true, "include_email": true,
            "include_given_name_surname": true }),
        ),
        ("use_org_as_common_name", json!(true)),
        ("csa_agreed_to", json!(true)),
        (
            "vmc",
            json!({ "logo": "H4sIAAAA", "enable_hosting": true, "mark_type_data": { "country_code": "us" } }),
        ),
        ("technical_contact", person()),
        (
            "dcv_emails",
            json!([{ "dns_name": "a.example.net", "email_domain": "example.net", "email": "admin@example.net" }]),
        ),
    ] {
        put(&mut body, path, value);
    }
    body
}

#[tokio::test]
async fn a_field_of_another_type_is_refused_whatever_the_product_makes_of_it() {
    let api = Api::empty().await;
    for product in [
        "client_premium",
        "ds_org",
        "document_signing_org_2",
        "ssl_multi_domain",
        "vmc_basic",
    ] {
        let required: &[&str] = if product == "ds_org" {
            &[
                "certificate.usage_designation.primary_usage",
                "certificate.signature_hash",
                "cs_provisioning_method",
            ]
        } else {
            &[]
        };
        let path = format!("order/certificate/{product}");
        let body = with_all(order(product));
        try_all(&api, &documented(Method::POST, path, required, body)).await;
    }
    for product in ["client_premium", "ds_org"] {
        let path = format!("order/certificate/{product}");
        let placed = api.post(&path, &order(product)).await.expect(201);
        api.sandbox.advance(Duration::from_secs(40));
        let path = format!("order/certificate/{}/reissue", placed["id"]);
        let body = json!({ "certificate": with_all(order(product))["certificate"] });
        try_all(&api, &documented(Method::POST, path, &[], body)).await;
    }
}

#[tokio::test]
async fn each_family_takes_the_words_that_its_sheet_names() {
    const PRIMARY: &str = "certificate.usage_designation.primary_usage";
    const MORE: &str = "certificate.usage_designation.additional_usages";
    const HASH: &str = "certificate.signature_hash";
    const PROFILE: &str = "certificate.profile_type";
    const NAME: &str = "certificate.common_name_indicator";
    let words = |products: &[&'static str], path, words: &[(Value, bool)]| {
        let all = products.iter().flat_map(|product| {
            let one = |(word, taken): &(Value, bool)| (*product, path, word.clone(), *taken);
            words.iter().map(one).collect::<Vec<_>>()
        });
        all.collect::<Vec<_>>()
    };
    let yes = |word: &str| (json!(word), true);
    let no = |word: &str| (json!(word), false);
    let mut table = words(
        &CLIENTS,
        PRIMARY,
        &[
            yes("signing"),
            yes("dual_use"),
            yes("key_management"),
            no("nope"),
        ],
    );
    table.extend(words(
        &CLIENTS,
        PROFILE,
        &[yes("strict"), yes("multipurpose"), no("nope")],
    ));
    table.extend(words(
        &CLIENTS,
        MORE,
        &[(json!(["client_auth"]), true), (json!(["nope"]), false)],
    ));
    table.extend(words(
        &CLIENTS[..4],
        NAME,
        &[yes("pseudonym"), no("email_address"), no("nope")],
    ));
    table.extend(words(
        &CLIENTS[4..],
        NAME,
        &[yes("email_address"), no("nope")],
    ));
    table.extend(words(
        &DOCUMENTS,
        PRIMARY,
        &[yes("signing"), no("dual_use"), no("nope")],
    ));
    table.extend(words(
        &DOCUMENTS,
        HASH,
        &[yes("sha256"), no("sha384"), no("sha512"), no("sha1")],
    ));
    let api = Api::empty().await;
    for (product, path, word, taken) in table {
        let mut body = order(product);
        put(&mut body, path, word.clone());
        let to = format!("order/certificate/{product}");
        let refused = format!("invalid_value:{path}");
        let answer = api.post(&to, &body).await;
        if !taken {
            answer.refused(400, &refused);
            continue;
        }
        let placed = answer.expect(201);
        for _ in 0..2 {
            api.sandbox.advance(Duration::from_secs(40));
            api.get("ping").await.expect(200);
        }
        let to = format!("order/certificate/{}/reissue", placed["id"]);
        put(&mut body, path, json!("nope"));
        api.post(&to, &body).await.refused(400, &refused);
        put(&mut body, path, word);
        api.post(&to, &body).await.expect(201);
    }
    let product = api.get("product/ds_org").await.expect(200);
    let hashes = &product["signature_hash_types"]["allowed_hash_types"];
    assert_eq!(hashes, &json!([{ "id": "sha256", "name": "SHA-256" }]));
}

#[tokio::test]
async fn an_order_is_as_long_as_its_family_has_it() {
    let api = Api::empty().await;
    let day = |days: i64| {
        let day = api.sandbox.now() + jiff::SignedDuration::from_hours(24 * days);
        json!(day.to_string()[..10])
    };
    let certificate = "certificate.cert_validity";
    let mut table = Vec::new();
    for product in ["vmc_basic", "mark_certificate"] {
        table.extend([
            (product, "order_validity.years", json!(3), true),
            (product, "order_validity.days", json!(100), false),
            (product, "order_validity.days", json!(365), false),
            (
                product,
                "order_validity.custom_expiration_date",
                day(365),
                false,
            ),
            (product, "validity_days", json!(100), false),
            (product, "custom_expiration_date", day(100), false),
            (product, "certificate.cert_validity.days", json!(100), false),
            (
                product,
                "certificate.cert_validity.custom_expiration_date",
                day(100),
                false,
            ),
        ]);
    }
    for product in ["code_signing", "code_signing_ev"] {
        table.extend([
            (product, "order_validity.years", json!(1), true),
            (product, "order_validity.years", json!(2), false),
            (product, "order_validity.days", json!(459), true),
            (product, "order_validity.days", json!(460), false),
            (
                product,
                "order_validity.custom_expiration_date",
                day(458),
                true,
            ),
            (
                product,
                "order_validity.custom_expiration_date",
                day(461),
                false,
            ),
            (product, "validity_days", json!(460), false),
            (product, "validity_years", json!(3), false),
            (product, "certificate.cert_validity.days", json!(460), false),
            (product, "certificate.cert_validity.years", json!(2), false),
        ]);
    }
    for (product, path, value, taken) in table {
        let mut body = order(product);
        if !path.starts_with(certificate) || product.starts_with("code") {
            body.as_object_mut().unwrap().remove("order_validity");
        }
        put(&mut body, path, value.clone());
        let answer = api
            .post(&format!("order/certificate/{product}"), &body)
            .await;
        if taken {
            answer.expect(201);
        } else {
            answer.refused(400, &format!("invalid_value:{path}"));
        }
    }
    let product = api.get("product/code_signing").await.expect(200);
    assert_eq!(product["allowed_order_validity_years"], json!([1]));
}

#[tokio::test]
async fn a_domain_that_is_proven_by_mail_has_no_token_to_make_or_check() {
    let api = Api::empty().await;
    for domain in ["4003", "4005"] {
        for (method, has_token) in [
            ("dns-txt-token", true),
            ("email", false),
            ("http-token", true),
            ("dns-cname-token", true),
        ] {
            let path = |call: &str| format!("domain/{domain}/dcv/{call}");
            api.put(&path("method"), &json!({ "dcv_method": method }))
                .await
                .expect(200);
            let check = async || {
                api.send(api.call(Method::PUT, &path("validate-token")))
                    .await
            };
            let new = api.post(&path("token"), &json!({})).await;
            if has_token {
                new.expect(201);
                check().await;
                assert_eq!(check().await.expect(200)["status"], "active");
            } else {
                new.refused(400, "invalid_dcv_method");
                for _ in 0..2 {
                    check().await.refused(400, "invalid_dcv_method");
                }
            }
        }
    }
}

fn mail(product: &str, emails: &[&str]) -> Value {
    let is_client = product.starts_with("client");
    let indicator = ["email_address", "pseudonym"][usize::from(is_client)];
    json!({
        "certificate": {
            "csr": csr(), "emails": emails, "signature_hash": "sha256", "common_name_indicator": indicator,
            "individual": { "first_name": "Ada", "last_name": "Example" },
            "usage_designation": { "primary_usage": "signing" },
        },
        "organization": { "id": ORGANIZATION }, "order_validity": { "years": 1 },
        "dcv_method": "dns-txt-token", "alternative_order_id": product,
    })
}

#[tokio::test]
async fn a_business_has_the_domains_of_its_addresses_proven_first() {
    let api = Api::empty().await;
    let settle = async || {
        for _ in 0..2 {
            api.sandbox.advance(Duration::from_secs(40));
            api.get("ping").await.expect(200);
        }
    };
    for (product, emails, waits) in [
        ("secure_email_sponsor", &["a@example.net"][..], false),
        ("secure_email_sponsor", &["a@Staff.Example.NET"], false),
        ("secure_email_sponsor", &["a@one.example"], true),
        (
            "secure_email_sponsor",
            &["a@example.net", "a@two.example"],
            true,
        ),
        ("secure_email_organization", &["a@expired.example"], true),
        (
            "secure_email_organization",
            &["a@example.net", "b@example.com"],
            false,
        ),
        (
            "secure_email_organization",
            &["a@three.example", "b@three.example"],
            true,
        ),
        // Whoever reads the mail proves these.
        ("secure_email_mailbox", &["a@four.example"], false),
        ("client_premium", &["a@five.example"], false),
    ] {
        let path = format!("order/certificate/{product}");
        let placed = api.post(&path, &mail(product, emails)).await.expect(201);
        let id = placed["id"].as_u64().unwrap();
        settle().await;
        let status = api.order(id).await["status"].clone();
        assert_eq!(
            status,
            if waits { "pending" } else { "issued" },
            "{product} {emails:?}"
        );
        if !waits {
            continue;
        }
        assert!(placed["dcv_random_value"].is_string(), "{placed}");
        let own = emails.last().unwrap().split('@').next_back().unwrap();
        let check = format!("order/certificate/{id}/check-dcv");
        api.put(
            &check,
            &json!({ "dns_names_validations": ["foreign.example"] }),
        )
        .await
        .refused(400, "invalid_value:dns_names_validations");
        for proven in ["pending", "valid"] {
            let names = json!({ "dns_names_validations": [own] });
            assert_eq!(
                api.put(&check, &names).await.expect(200)["dcv_status"],
                proven
            );
        }
        settle().await;
        assert_eq!(
            api.order(id).await["status"],
            "issued",
            "{product} {emails:?}"
        );
    }
    // The domain of the account proves it as well, and by a mail; a reissue waits for what is new in it.
    let path = "order/certificate/secure_email_sponsor";
    let placed = api
        .post(path, &mail("", &["a@six.example"]))
        .await
        .expect(201);
    let id = placed["id"].as_u64().unwrap();
    let check = format!("domain/{}/dcv/validate-token", placed["domains"][0]["id"]);
    for _ in 0..2 {
        assert_eq!(api.order(id).await["status"], "pending");
        api.send(api.call(Method::PUT, &check)).await;
    }
    settle().await;
    assert_eq!(api.order(id).await["status"], "issued");
    let again = mail("", &["a@six.example", "a@seven.example"]);
    api.post(&format!("order/certificate/{id}/reissue"), &again)
        .await
        .expect(201);
    settle().await;
    assert_eq!(api.order(id).await["status"], "reissue_pending");
    for (domain, status) in [
        ("eight.example", "issued"),
        ("never.nine.example", "pending"),
    ] {
        let mut body = mail("", &[&format!("a@{domain}")]);
        body["dcv_method"] = json!("email");
        let placed = api.post(path, &body).await.expect(201);
        let id = placed["id"].as_u64().unwrap();
        assert_eq!(api.order(id).await["status"], "pending", "{domain}");
        settle().await;
        assert_eq!(api.order(id).await["status"], status, "{domain}");
    }
}

#[tokio::test]
async fn a_file_proves_no_order_of_wildcards() {
    const FILE: &str = "invalid_wildcard_dcv_method";
    const OTHER: &str = "invalid_value:dcv_method";
    let api = Api::empty().await;
    for (product, names, method, code) in [
        ("ssl_wildcard", &["*.brand.example"][..], "http-token", FILE),
        (
            "ssl_wildcard",
            &["*.brand.example"],
            "http-token-dynamic",
            FILE,
        ),
        (
            "ssl_basic",
            &["*.brand.example", "*.other.example"],
            "http-token",
            FILE,
        ),
        (
            "wildcard_dv_geotrust",
            &["*.brand.example"],
            "http-token",
            FILE,
        ),
        (
            "wildcard_dv_geotrust",
            &["*.brand.example"],
            "http-token-dynamic",
            OTHER,
        ),
        (
            "ssl_basic",
            &["*.brand.example", "brand.example"],
            "http-token",
            OTHER,
        ),
    ] {
        let mut body = tls_order(MAIN, names);
        if product.contains("_dv_") {
            body.as_object_mut().unwrap().remove("organization");
        }
        let path = format!("order/certificate/{product}");
        body["dcv_method"] = json!(method);
        api.post(&path, &body).await.refused(400, code);
        body["dcv_method"] = json!("dns-txt-token");
        let placed = api.post(&path, &body).await.expect(201);
        let change = format!("order/certificate/{}/dcv-method", placed["id"]);
        api.put(&change, &json!({ "dcv_method": method }))
            .await
            .refused(400, code);
    }
}

/// A CSR made by `openssl req`, PEM.
fn request(folder: &std::path::Path, arguments: &[&str]) -> String {
    let made = std::process::Command::new("openssl")
        .current_dir(folder)
        .args([
            "req",
            "-new",
            "-nodes",
            "-keyout",
            "key.pem",
            "-subj",
            "/CN=shop.example.net",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    String::from_utf8(made.stdout).unwrap()
}

/// The same with another last byte.
fn changed(csr: &str) -> String {
    let mut parsed = pem::parse(csr).unwrap().into_contents();
    *parsed.last_mut().unwrap() ^= 1;
    pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", parsed))
}

#[tokio::test]
async fn a_signature_that_cannot_be_checked_is_not_called_wrong() {
    const RSA: [&str; 2] = ["-newkey", "rsa:2048"];
    const PSS: [&str; 4] = ["-newkey", "rsa:2048", "-sigopt", "rsa_padding_mode:pss"];
    const EC: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const WRONG: &str = "its signature does not match its key";
    let folder = tempfile::tempdir().unwrap();
    let made = |kind: &[&str], more: &[&str]| request(folder.path(), &[kind, more].concat());
    let digest = ["-sigopt", "rsa_pss_saltlen:digest"];
    let api = Api::empty().await;
    for (csr, told) in [
        (made(&RSA, &["-sha256"]), None),
        (changed(&made(&RSA, &["-sha256"])), Some(WRONG)),
        (made(&RSA, &["-sha3-256"]), None),
        (made(&RSA, &["-sha224"]), None),
        (made(&EC, &["-sha3-256"]), None),
        (made(&EC, &["-sha512"]), None),
        (changed(&made(&EC, &["-sha384"])), Some(WRONG)),
        (made(&PSS, &digest), None),
        (changed(&made(&PSS, &digest)), Some(WRONG)),
        (made(&PSS, &["-sigopt", "rsa_pss_saltlen:20"]), None),
        (made(&PSS, &["-sigopt", "rsa_mgf1_md:sha1"]), None),
        (
            made(
                &["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
                &[],
            ),
            Some("bound to RSASSA-PSS"),
        ),
        (made(&["-newkey", "ed25519"], &[]), Some("neither RSA nor")),
    ] {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["certificate"]["csr"] = json!(csr);
        let answer = api.post("order/certificate/ssl_multi_domain", &body).await;
        match told {
            None => drop(answer.expect(201)),
            Some(told) => {
                assert!(answer.text().contains(told), "{}", answer.text());
                answer.refused(400, "csr_invalid_cannot_parse");
            }
        }
    }
    let small = made(
        &["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:1024"],
        &[],
    );
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["certificate"]["csr"] = json!(small);
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "csr_invalid_key_size");
}

#[tokio::test]
async fn a_renewal_of_none_is_a_new_order() {
    let api = Api::empty().await;
    for none in [json!(""), json!(" "), json!(0), json!("0"), Value::Null] {
        let mut body = tls_order(MAIN, &["shop.example.net"]);
        body["renewal_of_order_id"] = none;
        let placed = api.post("order/certificate/ssl_multi_domain", &body);
        let id = placed.await.expect(201)["id"].as_u64().unwrap();
        assert_eq!(api.order(id).await["is_renewal"], false);
    }
}
