//! The server itself: keys, headers, limits, faults, several clients at once, the state file.

use std::io::Read as _;
use std::time::Duration;

use certdeck::sandbox::{INVENTED, SandboxOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox_support::{Api, MAIN, answer, duplicate, tls_order};

#[tokio::test]
async fn keys_are_checked_first() {
    let api = Api::empty().await;
    let url = format!("{}/order/certificate", api.sandbox.url());
    api.send(api.http.get(&url))
        .await
        .refused(401, "access_denied|missing_key");
    let wrong = api
        .send(api.http.get(&url).header("X-DC-DEVKEY", "wrong"))
        .await;
    assert_eq!(wrong.status, 403, "not 401");
    assert_eq!(
        wrong.json(),
        json!({ "errors": [{
            "code": "access_denied|access_denied_invalid_key",
            "message": "Access denied due to access_denied_invalid_key.",
        }] })
    );
}

#[tokio::test]
async fn headers_and_paths_as_clients_send_them() {
    let api = Api::empty().await;
    for accept in [
        "",
        "*/*",
        "application/json",
        "application/json, text/plain, */*",
    ] {
        let request = api
            .call(Method::GET, "user/me")
            .header("Accept", accept)
            .header("Content-Type", "application/json");
        let answer = api.send(request).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (200, "application/json"),
            "{accept}"
        );
    }
    for accept in ["application/xml", "application/x-pem-file", "text/csv"] {
        let answer = api
            .send(api.call(Method::GET, "user/me").header("Accept", accept))
            .await;
        answer.refused(406, "not_acceptable");
    }
    for path in ["/user/me", "user//me", "user/me/"] {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
    let head = api
        .http
        .head(format!("{}/user/me", api.sandbox.url()))
        .header("x-dc-devkey", api.sandbox.key());
    let head = head.send().await.unwrap();
    assert_eq!(head.status().as_u16(), 200);
    assert_eq!(head.headers()["cache-control"], "private,no-cache");
    assert!(head.bytes().await.unwrap().is_empty());
    let large = api
        .call(Method::POST, "order/certificate/ssl_plus")
        .body(vec![b' '; 5 << 20]);
    api.send(large).await.refused(413, "request_too_large");
}

#[tokio::test]
async fn answers_are_packed_for_clients_that_take_them_so() {
    let api = Api::with(SandboxOptions {
        gzip: true,
        ..SandboxOptions::default()
    })
    .await;
    let plain = api.get("order/certificate").await.json();
    let as_it_is = reqwest::Client::builder().no_gzip().build().unwrap();
    for (accepted, is_packed) in [
        ("gzip", true),
        ("br, GZIP;q=0.8", true),
        ("deflate, *", true),
        ("gzip;q=0", false),
        ("identity", false),
        ("", false),
    ] {
        let request = as_it_is
            .get(format!("{}/order/certificate", api.sandbox.url()))
            .header("x-dc-devkey", api.sandbox.key())
            .header("Accept-Encoding", accepted);
        let response = request.send().await.unwrap();
        let coding = response.headers().get("content-encoding");
        assert_eq!(coding.is_some(), is_packed, "{accepted}");
        let mut body = response.bytes().await.unwrap().to_vec();
        if is_packed {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&body[..])
                .read_to_end(&mut unpacked)
                .unwrap();
            assert!(unpacked.len() > 5 * body.len(), "{accepted}");
            body = unpacked;
        }
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(value, plain, "{accepted}");
    }
    // A small one, and a file that is packed as it is, gain nothing.
    let small = api
        .call(Method::GET, "user/me")
        .header("Accept-Encoding", "gzip");
    let small = small.send().await.unwrap();
    assert!(!small.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn the_limits_are_kept_when_they_are_on() {
    let api = Api::with(SandboxOptions {
        orders: 0,
        limits: true,
        ..SandboxOptions::default()
    })
    .await;
    for _ in 0..100 {
        assert_eq!(api.get("ping").await.status, 200);
    }
    let refused = api.get("order/certificate").await;
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.json(),
        json!({ "errors": [{
            "code": "request_limit_exceeded",
            "message": "Service unavailable, please limit request volume",
        }] })
    );
    assert_eq!(
        api.get_as("-manager", "ping").await.status,
        200,
        "each key has its own windows"
    );
    api.sandbox.advance(Duration::from_secs(6));
    assert_eq!(api.get("ping").await.status, 200);
}

#[tokio::test]
async fn faults_before_the_work_leave_no_trace() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    let send = async || {
        api.call(Method::POST, &path)
            .json(&duplicate(&["shop.example.net"]))
            .send()
            .await
    };
    api.sandbox
        .set_faults("reset@duplicate#1,503@duplicate#2,html502@duplicate#3,429@duplicate#4")
        .unwrap();
    assert!(send().await.is_err(), "the connection is reset");
    let busy = answer(send().await.unwrap()).await;
    assert_eq!(
        (busy.status, busy.codes()),
        (503, vec!["internal_error".to_owned()])
    );
    let html = answer(send().await.unwrap()).await;
    assert_eq!(
        (html.status, html.content_type.as_str()),
        (502, "text/html")
    );
    assert_eq!(answer(send().await.unwrap()).await.status, 429);
    assert_eq!(
        api.get(&path).await.expect(200),
        json!({}),
        "nothing was made"
    );
    assert_eq!(answer(send().await.unwrap()).await.status, 201);
    assert_eq!(api.sandbox.calls_of("duplicate"), 5);
}

#[tokio::test]
async fn an_answer_can_get_lost_after_the_work() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    api.sandbox.set_faults("lost@duplicate#1").unwrap();
    let body = duplicate(&["shop.example.net"]);
    assert!(
        api.call(Method::POST, &path)
            .json(&body)
            .send()
            .await
            .is_err()
    );
    let rows = api.get(&path).await.expect(200)["certificates"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0]["csr"], body["certificate"]["csr"],
        "which is how a client finds it again"
    );
}

#[tokio::test]
async fn a_failure_can_be_answered_after_the_work() {
    let api = Api::empty().await;
    let (id, _) = api.issued(&["shop.example.net"]).await;
    let path = format!("order/certificate/{id}/duplicate");
    api.sandbox
        .set_faults("late500@duplicate#1,latehtml504@duplicate#2")
        .unwrap();
    let body = duplicate(&["shop.example.net"]);
    let send = async || {
        answer(
            api.call(Method::POST, &path)
                .json(&body)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let json = send().await;
    assert_eq!(
        (json.status, json.codes()),
        (500, vec!["internal_error".to_owned()])
    );
    let html = send().await;
    assert_eq!(
        (html.status, html.content_type.as_str()),
        (504, "text/html")
    );
    let rows = api.get(&path).await.expect(200)["certificates"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "both were made");
}

#[tokio::test]
async fn bodies_can_be_broken() {
    let api = Api::empty().await;
    api.sandbox
        .set_faults("truncate@me#1,cut@me#2,slowbody=50ms@me#3,latency=20ms@me")
        .unwrap();
    let half = api.get("user/me").await;
    assert_eq!(half.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&half.bytes).is_err());
    let cut = api.call(Method::GET, "user/me").send().await.unwrap();
    assert!(
        cut.bytes().await.is_err(),
        "the body ends before its length"
    );
    api.get("user/me").await.expect(200);
    assert!(api.sandbox.set_faults("flood").is_err());
}

#[tokio::test]
async fn a_hanging_call_does_not_stop_the_server_from_stopping() {
    let api = Api::empty().await;
    api.sandbox.set_faults("hang@me").unwrap();
    let hanging = api
        .call(Method::GET, "user/me")
        .timeout(Duration::from_millis(200))
        .send()
        .await;
    assert!(hanging.unwrap_err().is_timeout());
    let open = tokio::spawn(api.call(Method::GET, "user/me").send());
    api.get("ping").await.expect(200);
    api.sandbox.stop().await.unwrap();
    let _ = open.await.unwrap();
}

#[tokio::test]
async fn answers_can_be_wrong() {
    let api = Api::empty().await;
    let placed = api.place(1002, &["shop.example.net"]).await;
    let request = placed["requests"][0]["id"].clone();
    api.put(
        &format!("request/{request}/status"),
        &json!({ "status": "approved" }),
    )
    .await
    .expect(204);
    api.sandbox.advance(Duration::from_secs(5));
    let id = placed["id"].as_u64().unwrap();
    let mut body = duplicate(&["shop.example.net"]);
    body["skip_approval"] = json!(true);
    let made = api
        .post(&format!("order/certificate/{id}/duplicate"), &body)
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(5));
    let download = format!(
        "certificate/{}/download/format/pem_nointermediate",
        made["certificate_id"]
    );
    let right = api.get(&download).await;
    api.sandbox
        .set_faults("stale-requests,wrong-pem,filter-ignored")
        .unwrap();
    let stale = api.get(&format!("request/{request}")).await.expect(200);
    assert_eq!(stale["status"], "pending");
    let wrong = api.get(&download).await;
    assert_ne!(wrong.bytes, right.bytes);
    let primary = api
        .get(&format!(
            "certificate/download/order/{id}/format/pem_nointermediate"
        ))
        .await;
    assert_eq!(wrong.bytes, primary.bytes);
    let all = api
        .get("order/certificate?filters[status]=revoked")
        .await
        .expect(200);
    assert_eq!(all["page"]["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_at_once_get_ids_of_their_own() {
    let api = std::sync::Arc::new(Api::empty().await);
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..8 {
        let api = api.clone();
        tasks.spawn(async move {
            let mut ids = Vec::new();
            for n in 0..5 {
                let name = format!("c{client}n{n}.example.net");
                let placed = api.place(MAIN, &[&name]).await;
                let id = placed["id"].as_u64().unwrap();
                let list = api
                    .get(&format!("order/certificate?filters[common_name]={name}"))
                    .await
                    .expect(200);
                assert_eq!(list["orders"][0]["id"], id);
                assert_eq!(list["page"]["total"], 1);
                ids.push(id);
            }
            ids
        });
    }
    let mut ids: Vec<u64> = tasks.join_all().await.concat();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 40);
    assert_eq!(
        api.get("order/certificate").await.expect(200)["page"]["total"],
        40
    );
}

#[tokio::test]
async fn the_state_file_brings_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let options = SandboxOptions {
        orders: 20,
        state_file: Some(file.clone()),
        ..SandboxOptions::default()
    };
    let api = Api::with(options.clone()).await;
    let (id, certificate) = api.issued(&["shop.example.net"]).await;
    let waiting = api.place(1002, &["new.example.net"]).await["requests"][0]["id"].clone();
    let before = (
        api.order(id).await,
        api.sandbox.root_pem().unwrap(),
        api.key.clone(),
    );
    let total = api.get("order/certificate").await.expect(200)["page"]["total"].clone();
    let pem = api
        .get(&format!(
            "certificate/{certificate}/download/format/pem_all"
        ))
        .await
        .bytes;
    api.sandbox.stop().await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    let api = Api::with(SandboxOptions {
        orders: 0,
        seed: 9,
        ..options
    })
    .await;
    assert_eq!(
        (
            api.order(id).await,
            api.sandbox.root_pem().unwrap(),
            api.key.clone()
        ),
        before
    );
    assert_eq!(
        api.get("order/certificate").await.expect(200)["page"]["total"],
        total
    );
    assert_eq!(
        api.get(&format!(
            "certificate/{certificate}/download/format/pem_all"
        ))
        .await
        .bytes,
        pem
    );
    let thumbprint = before.0["certificate"]["thumbprint"].as_str().unwrap();
    assert_eq!(
        api.get(&format!("order/certificate/{thumbprint}"))
            .await
            .expect(200)["id"],
        id
    );
    api.put(
        &format!("request/{waiting}/status"),
        &json!({ "status": "approved" }),
    )
    .await
    .expect(204);
    let next = api
        .post(
            "order/certificate/ssl_multi_domain",
            &tls_order(MAIN, &["x.example.net"]),
        )
        .await
        .expect(201);
    assert!(next["id"].as_u64().unwrap() > id);
    api.sandbox.stop().await.unwrap();

    std::fs::write(&file, "{}").unwrap();
    let options = SandboxOptions {
        state_file: Some(file),
        ..SandboxOptions::default()
    };
    let error = certdeck::sandbox::Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("is no state file"), "{error}");
}

#[test]
fn invented_codes_are_listed_once_each() {
    let mut codes: Vec<&str> = INVENTED.iter().map(|invented| invented.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), INVENTED.len());
    assert!(
        INVENTED
            .iter()
            .all(|invented| (400..600).contains(&invented.status))
    );
}

#[tokio::test]
async fn every_order_of_a_made_up_account_can_be_read_to_the_end() {
    let api = Api::with(SandboxOptions::default()).await;
    let list = api.get("order/certificate").await.expect(200);
    let orders = list["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 250);
    for row in orders {
        let id = &row["id"];
        let info = api
            .get(&format!("order/certificate/{id}"))
            .await
            .expect(200);
        assert_eq!(info["status"], row["status"]);
        assert_eq!(
            info["certificate"].get("serial_number"),
            row["certificate"].get("serial_number")
        );
        let mut certificates = vec![info["certificate"].clone()];
        for kind in ["duplicate", "reissue"] {
            let list = api
                .get(&format!("order/certificate/{id}/{kind}"))
                .await
                .expect(200);
            certificates.extend(list["certificates"].as_array().cloned().unwrap_or_default());
        }
        for certificate in certificates {
            let Some(serial) = certificate["serial_number"].as_str() else {
                continue;
            };
            let path = format!(
                "certificate/{}/download/format/pem_nointermediate",
                certificate["id"]
            );
            let file = api.get(&path).await;
            assert_eq!(file.status, 200, "{}", file.text());
            let block = crate::sandbox_support::pem_blocks(&file.text()).remove(0);
            let (_, leaf) = x509_parser::parse_x509_certificate(&block).unwrap();
            assert_eq!(
                leaf.raw_serial_as_string().replace(':', "").to_uppercase(),
                serial
            );
            let found = api
                .get(&format!(
                    "order/certificate?filters[serial_number]={serial}"
                ))
                .await
                .expect(200);
            assert_eq!(found["orders"][0]["id"], *id);
        }
    }
    let requests = api.get("request").await.expect(200);
    for request in requests["requests"].as_array().unwrap() {
        api.get(&format!("request/{}", request["id"]))
            .await
            .expect(200);
    }
    for name in [
        "organization?include_validation=true",
        "domain?include_validation=true",
        "container",
        "product",
        "user",
        "key",
    ] {
        api.get(name).await.expect(200);
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_account() {
    let one = Api::with(SandboxOptions {
        orders: 40,
        seed: 7,
        ..SandboxOptions::default()
    })
    .await;
    let two = Api::with(SandboxOptions {
        orders: 40,
        seed: 7,
        ..SandboxOptions::default()
    })
    .await;
    let other = Api::with(SandboxOptions {
        orders: 40,
        seed: 8,
        ..SandboxOptions::default()
    })
    .await;
    // Times of day differ by the moment of the start; what was ordered does not.
    let look = async |api: &Api| {
        let list = api.get("order/certificate").await.expect(200);
        let orders = list["orders"].as_array().unwrap().clone();
        orders
            .into_iter()
            .map(|order| {
                (
                    order["id"].clone(),
                    order["certificate"]["common_name"].clone(),
                    order["certificate"]["serial_number"].clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(look(&one).await, look(&two).await);
    assert_ne!(look(&one).await, look(&other).await);
    assert_eq!(one.key, two.key);
}
