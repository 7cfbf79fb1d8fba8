//! What clients that others wrote send and rely on, where no page of the documentation is about it alone: raw characters in a
//! target, limits that bind copies, refusals that leave nothing behind.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::sandbox_support::{Api, MAIN, ONE_STEP, ORGANIZATION, csr, duplicate, tls_order};

/// Sends pieces on one connection, with a pause for the server to read between them, and gives back all that comes until the
/// server closes.
async fn raw(api: &Api, pieces: &[String]) -> String {
    let url = api.sandbox.url();
    let address: SocketAddr = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for piece in pieces {
        stream.write_all(piece.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_signs_of_a_filter_may_stand_in_the_target_as_they_are() {
    let api = Api::empty().await;
    api.issued(&["shop.example.net"]).await;
    let key = &api.key;
    let request = |filter: &str, end: &str| {
        format!(
            "GET /services/v2/order/certificate?filters[valid_till]={filter} HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\n{end}\r\n"
        )
    };
    // Go's client keeps the connection; the second request on it counts as much as the first.
    let answer = raw(
        &api,
        &[
            request(">2020-01-01", ""),
            request("<2020-01-01", "Connection: close\r\n"),
        ],
    )
    .await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    assert!(answer.contains(r#""page":{"total":1,"#), "{answer}");
    assert!(answer.contains(r#"{"page":{"total":0,"#), "{answer}");

    let whole = request(">2020-01-01", "Connection: close\r\n");
    let (first, rest) = whole.split_at(40);
    let answer = raw(&api, &[first.to_owned(), rest.to_owned()]).await;
    assert!(answer.contains(r#""page":{"total":1,"#), "{answer}");
    let body = "{\"text\":\"GET /a<b> HTTP/1.1\"}";
    let note = format!(
        "POST /services/v2/order/certificate/1/note HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = raw(&api, &[note]).await;
    assert!(answer.contains("not_found|order"), "{answer}");
}

#[tokio::test]
async fn a_body_may_begin_as_a_read_does() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let key = &api.key;
    // Each body is a segment of its own; the last one without a line end in it, which was waited for.
    for text in [
        "GET /",
        "HEAD /",
        "GET /a?<b> HTTP/1.1\r\n\r\n",
        "GET / is not a note",
    ] {
        let head = format!(
            "POST /services/v2/order/certificate/{order}/note HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        let answer = raw(&api, &[head, text.to_owned()]).await;
        assert!(answer.contains("bad_request_format"), "{text}: {answer}");
    }
    // What follows a body on the same connection is a request again.
    let body = "{\"text\":\"GET /\"}";
    let note = format!(
        "POST /services/v2/order/certificate/{order}/note HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let list = format!(
        "GET /services/v2/order/certificate?filters[valid_till]=>2020-01-01 HTTP/1.1\r\nHost: x\r\n\
         X-DC-DEVKEY: {key}\r\nConnection: close\r\n\r\n"
    );
    let answer = raw(&api, &[note, body.to_owned(), list]).await;
    assert!(answer.contains("HTTP/1.1 201 Created"), "{answer}");
    assert!(answer.contains(r#""page":{"total":1,"#), "{answer}");
}

#[tokio::test]
async fn two_reads_may_come_in_one_segment() {
    let api = Api::empty().await;
    let key = &api.key;
    let request = |end: &str| {
        format!(
            "GET /services/v2/order/certificate?filters[valid_till]=<2020-01-01 HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\n{end}\r\n"
        )
    };
    let both = format!("{}{}", request(""), request("Connection: close\r\n"));
    let answer = raw(&api, &[both]).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_not_waited_for() {
    let options = certdeck::sandbox::SandboxOptions {
        orders: 0,
        patience: std::time::Duration::from_millis(50),
        ..certdeck::sandbox::SandboxOptions::default()
    };
    let api = Api::with(options).await;
    let key = &api.key;
    let ping = format!("GET /services/v2/ping HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\n\r\n");
    let half = format!(
        "POST /services/v2/user HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {key}\r\nContent-Length: 50\r\n\r\n{{"
    );
    // Nothing at all; half of a head; nothing after an answer; half of a body. Each ends by the server's will.
    for (pieces, answered) in [
        (vec![], ""),
        (vec!["GET /services/v2/pi".to_owned()], ""),
        (vec!["POST /services".to_owned()], ""),
        (vec![ping], "HTTP/1.1 200 OK"),
        (vec![half], "HTTP/1.1 408 Request Timeout"),
    ] {
        let answer = raw(&api, &pieces).await;
        assert!(answer.starts_with(answered), "{pieces:?}: {answer}");
    }
}

/// Leaves one intermediate and SHA-256 for `ssl_multi_domain` in the main division; gives that intermediate and another one.
async fn limited(api: &Api) -> (String, String) {
    let product = api.get("product/ssl_multi_domain").await.expect(200);
    let id = |at: usize| {
        product["allowed_ca_certs"][at]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (left, other) = (id(1), id(0));
    api.sandbox.change_account(|account| {
        let template = account.container(ONE_STEP).unwrap().limits[0].clone();
        let main = account.containers.iter_mut().find(|c| c.id == MAIN);
        main.unwrap().limits = vec![certdeck::sandbox::model::ContainerLimit {
            product_name_id: "ssl_multi_domain".to_owned(),
            allowed_intermediates: Some(vec![left.clone()]),
            ..template
        }];
    });
    (left, other)
}

#[tokio::test]
async fn the_limits_of_a_container_bind_duplicates_and_reissues_too() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let (left, other) = limited(&api).await;
    for kind in ["duplicate", "reissue"] {
        let path = format!("order/certificate/{id}/{kind}");
        let mut body = duplicate(&["shop.example.net"]);
        body["certificate"]["ca_cert_id"] = json!(other);
        api.post(&path, &body)
            .await
            .refused(400, "invalid_value:certificate.ca_cert_id");
        body["certificate"]["ca_cert_id"] = json!(left);
        body["certificate"]["signature_hash"] = json!("sha512");
        api.post(&path, &body)
            .await
            .refused(400, "invalid_value:certificate.signature_hash");
    }
    // Without a choice the default is taken, unless it is not left.
    let path = format!("order/certificate/{id}/duplicate");
    api.post(&path, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    let list = api.get(&path).await.expect(200);
    assert_eq!(list["certificates"][0]["ca_cert_id"], left);
}

#[tokio::test]
async fn an_account_without_a_choice_of_intermediates_ignores_it_in_orders_too() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["certificate"]["ca_cert_id"] = json!("0123456789ABCDEF");
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "invalid_value:certificate.ca_cert_id");
    api.sandbox
        .change_account(|account| account.ignores_chosen_ca = true);
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
}

#[tokio::test]
async fn a_product_shows_what_the_container_leaves_of_it() {
    let api = Api::empty().await;
    let (left, _) = limited(&api).await;
    let ids = |product: &Value| {
        product["allowed_ca_certs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ica| ica["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let path = "product/ssl_multi_domain?container_id=";
    let here = api.get(&format!("{path}{MAIN}")).await.expect(200);
    assert_eq!(ids(&here), [left]);
    assert_eq!(
        here["signature_hash_types"]["allowed_hash_types"],
        json!([{ "id": "sha256", "name": "SHA-256" }])
    );
    assert_eq!(here["allowed_order_validity_years"], json!([1, 2]));
    let there = api.get(&format!("{path}{ONE_STEP}")).await.expect(200);
    assert!(ids(&there).len() > 1);
    assert_eq!(there["allowed_order_validity_years"], json!([1, 2, 3]));
    api.get(&format!("{path}9"))
        .await
        .refused(404, "not_found|container");
}

#[tokio::test]
async fn one_field_can_be_set_while_another_is_required_of_orders() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    api.post(
        "account/metadata",
        &json!({ "label": "Ticket", "is_required": true }),
    )
    .await
    .expect(201);
    api.post(
        &format!("order/certificate/{id}/custom-field"),
        &json!({ "metadata_id": 11, "value": "Invoice 17" }),
    )
    .await
    .expect(204);
    assert_eq!(
        api.order(id).await["custom_fields"][0]["value"],
        "Invoice 17"
    );
    api.post(
        "order/certificate/ssl_multi_domain",
        &tls_order(MAIN, &["new.example.net"]),
    )
    .await
    .refused(400, "required_param:custom_fields.Ticket");
}

#[tokio::test]
async fn an_order_that_is_refused_leaves_no_organization_behind() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["organization"] = json!({
        "name": "New Example Ltd", "address": "1 Sample Street", "city": "London", "state": "Greater London",
        "country": "gb", "telephone": "+44 20 55501000",
    });
    let mut bad = body.clone();
    bad["certificate"]["signature_hash"] = json!("md5");
    api.post("order/certificate/ssl_multi_domain", &bad)
        .await
        .refused(400, "invalid_value:certificate.signature_hash");
    let found = "organization?filters[search]=New%20Example";
    assert!(
        api.get(found)
            .await
            .expect(200)
            .get("organizations")
            .is_none()
    );
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    assert_eq!(
        api.get(found).await.expect(200)["organizations"][0]["id"],
        placed["organization"]["id"]
    );
}

#[tokio::test]
async fn the_csr_of_a_verified_mark_is_not_shown() {
    let api = Api::empty().await;
    let body = json!({
        "certificate": { "dns_names": ["example.net"], "csr": csr(), "signature_hash": "sha256" },
        "organization": { "id": ORGANIZATION },
        "container": { "id": MAIN },
        "order_validity": { "years": 1 },
    });
    let placed = api
        .post("order/certificate/vmc_basic", &body)
        .await
        .expect(201);
    let info = api.order(placed["id"].as_u64().unwrap()).await;
    assert_eq!(info["certificate"]["key_size"], 256);
    assert!(info["certificate"].get("csr").is_none(), "{info}");
}

#[tokio::test]
async fn a_renewal_names_the_thumbprint_of_the_primary_certificate() {
    let api = Api::empty().await;
    let (id, _) = api.ending(&["shop.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    api.post(&path, &duplicate(&["shop.example.net"]))
        .await
        .expect(201);
    api.sandbox.advance(std::time::Duration::from_secs(10));
    let copy = api.get(&path).await.expect(200)["certificates"][0]["thumbprint"].clone();
    let primary = api.order(id).await["certificate"]["thumbprint"].clone();
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["renewed_thumbprint"] = copy;
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "order_not_eligible_for_renewal");
    body["renewed_thumbprint"] = primary;
    let renewal = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    assert_eq!(
        api.order(renewal["id"].as_u64().unwrap()).await["renewal_of_order_id"],
        id
    );
}

#[tokio::test]
async fn a_domain_that_is_added_tells_where_its_proof_comes_from() {
    let api = Api::empty().await;
    let by_mail = api
        .post("domain", &json!({ "name": "new.example", "organization": { "id": ORGANIZATION }, "validations": [{ "type": "ov" }] }))
        .await
        .expect(201);
    let mails = by_mail["validation_emails"]["base_emails"]
        .as_array()
        .unwrap();
    assert!(mails.contains(&json!("admin@new.example")));
    assert!(by_mail.get("dcv_token").is_none());
    let id = &by_mail["id"];
    api.post(&format!("domain/{id}/dcv/token"), &json!({}))
        .await
        .refused(400, "invalid_dcv_method");
    let submitted = api
        .post(
            &format!("domain/{id}/validation"),
            &json!({ "validations": [{ "type": "ov" }], "dcv_method": "dns-txt-token" }),
        )
        .await
        .expect(201);
    let info = api
        .get(&format!("domain/{id}?include_dcv=true"))
        .await
        .expect(200);
    assert_eq!(info["dcv_method"], "dns-txt-token");
    assert_eq!(info["dcv_token"], submitted["dcv_token"]);
    assert_eq!(info["dcv_token"]["status"], "pending");
    let changed = api
        .put(
            &format!("domain/{id}/dcv/method"),
            &json!({ "dcv_method": "email" }),
        )
        .await
        .expect(200);
    assert_eq!(changed["validation_emails"], by_mail["validation_emails"]);
}

#[tokio::test]
async fn the_list_of_domains_writes_days_unless_it_is_asked_for_moments() {
    let api = Api::empty().await;
    let end = |list: &Value| {
        let domains = list["domains"].as_array().unwrap().clone();
        let domain = domains.iter().find(|d| d["name"] == "example.net");
        domain.unwrap()["dcv_expiration"]["ov"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let until = api.sandbox.with_account(|account| {
        let domain = account.domains.iter().find(|d| d.name == "example.net");
        domain.unwrap().dcv.expires.unwrap()
    });
    let moments = api
        .get("domain?include_dcv_expiration_time=true")
        .await
        .expect(200);
    let utc = until.to_zoned(jiff::tz::TimeZone::UTC);
    assert_eq!(
        end(&moments),
        utc.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
    );
    let days = api.get("domain").await.expect(200);
    let mountain = until.in_tz("America/Denver").unwrap();
    assert_eq!(end(&days), mountain.date().to_string());
}

#[tokio::test]
async fn a_csr_may_come_without_its_header() {
    let api = Api::empty().await;
    let pem = csr();
    let bare: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    for text in [
        bare.clone(),
        bare.trim_end_matches('=').to_owned(),
        bare.replace('+', "-").replace('/', "_"),
    ] {
        body["certificate"]["csr"] = json!(text);
        api.post("order/certificate/ssl_multi_domain", &body)
            .await
            .expect(201);
    }
    body["certificate"]["csr"] = json!(bare[..100]);
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "csr_invalid_cannot_parse");
}

#[tokio::test]
async fn a_serial_number_may_lack_its_leading_zeros() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let small = "0123456789abcdef0123456789abcdef".parse().unwrap();
    api.sandbox.change_account(|account| {
        account.order_mut(order).unwrap().certificates[0].serial = small;
        account.rebuild_index();
    });
    for text in [
        "0123456789ABCDEF0123456789ABCDEF",
        "123456789abcdef0123456789abcdef",
        "01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef",
    ] {
        let found = api.get(&format!("order/certificate/{text}")).await;
        assert_eq!(found.expect(200)["id"], order, "{text}");
    }
    api.put(
        "certificate/123456789abcdef0123456789abcdef/revoke",
        &json!({ "skip_approval": true }),
    )
    .await
    .expect(204);
}

#[tokio::test]
async fn a_scope_of_validation_that_does_not_exist_is_refused() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.example.net"]);
    body["certificate_dcv_scope"] = json!("subdomain");
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .refused(400, "invalid_value:certificate_dcv_scope");
    body["certificate_dcv_scope"] = json!("base_domain");
    api.post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
}

#[tokio::test]
async fn a_note_is_answered_whole_and_listed_with_the_newest_first() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{order}/note");
    assert_eq!(api.get(&path).await.expect(200), json!({}));
    let mut added = Vec::new();
    for text in ["First", "Second"] {
        let note = api.post(&path, &json!({ "text": text })).await.expect(201);
        assert_eq!(
            (&note["text"], &note["user"]["email"]),
            (&json!(text), &json!("ada@example.net"))
        );
        assert!(note["date_created"].as_str().unwrap().ends_with("+00:00"));
        added.insert(0, note);
    }
    let listed = api.get(&path).await.expect(200);
    assert_eq!(listed, json!({ "notes": added }));
    assert_eq!(api.order(order).await["notes"], json!(added));
}

#[tokio::test]
async fn a_check_of_a_name_that_is_not_on_the_order_finds_nothing_valid() {
    let api = Api::empty().await;
    let mut body = tls_order(MAIN, &["shop.somewhere.example"]);
    body["dcv_method"] = json!("dns-txt-token");
    let placed = api
        .post("order/certificate/ssl_multi_domain", &body)
        .await
        .expect(201);
    let path = format!("order/certificate/{}/check-dcv", placed["id"]);
    let names = |name: &str| json!({ "dns_names_validations": [name] });
    api.put(&path, &names("shop.elsewhere.example"))
        .await
        .refused(400, "invalid_value:dns_names_validations");
    let checked = api
        .put(&path, &names("shop.somewhere.example"))
        .await
        .expect(200);
    assert_eq!(checked["dcv_status"], "pending", "the first check counts");
}

#[tokio::test]
async fn an_order_whose_names_are_proven_has_no_random_value_to_tell() {
    let api = Api::empty().await;
    let place = async |name: &str| {
        let mut body = tls_order(MAIN, &[name]);
        body["dcv_method"] = json!("dns-txt-token");
        let path = "order/certificate/ssl_multi_domain";
        let placed = api.post(path, &body).await.expect(201);
        (
            format!("order/certificate/{}/dcv-random-value", placed["id"]),
            placed,
        )
    };
    let (path, open) = place("shop.somewhere.example").await;
    let told = api.put(&path, &Value::Null).await.expect(200);
    assert_eq!(told["dcv_random_value"], open["dcv_random_value"]);
    let (path, _) = place("shop.example.net").await;
    api.sandbox.advance(std::time::Duration::from_secs(10));
    api.put(&path, &Value::Null)
        .await
        .refused(400, "invalid_order_status");
}
