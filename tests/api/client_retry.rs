//! Reads are tried again, with patience; writes leave exactly once.

use std::time::Duration;

use certdeck::certcentral::endpoints::Answered;
use certdeck::certcentral::{ApiError, Fate};
use certdeck::domain::ids::{OrderId, RequestId};
use certdeck::domain::write::{Method, WriteKind};
use tokio::time::Instant;

use crate::client_support::{Reply, Server, answer, duplicate, json, with_header, write};

const ORDER: OrderId = OrderId(123);
const LIMITED: &str = r#"{"errors":[{"code":"request_limit_exceeded",
    "message":"Service unavailable, please limit request volume"}]}"#;
const NOTHING: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

fn good() -> Reply {
    json(
        200,
        r#"{"id": 123, "status": "issued", "product": {"name_id": "x"}}"#,
    )
}

#[tokio::test(start_paused = true)]
async fn a_read_outlives_three_failures() {
    let page = answer(503, "text/html", "<html></html>");
    let server = Server::start(vec![Reply::Reset, json(500, "{}"), page, good()]).await;
    let order = server.client().reads().order(ORDER).await.unwrap();
    assert_eq!(order.id, ORDER);
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_read_gives_up_after_four_tries_and_says_the_last_failure() {
    let server = Server::start(vec![json(502, "{}")]).await;
    let error = server.client().reads().order(ORDER).await.unwrap_err();
    assert_eq!(error.status(), Some(502), "{error}");
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn json_that_breaks_off_is_asked_for_again() {
    let server = Server::start(vec![json(200, r#"{"id": 12"#), good()]).await;
    assert!(server.client().reads().order(ORDER).await.is_ok());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_asked_for_again() {
    for status in [400, 401, 403, 404, 406] {
        let server = Server::start(vec![json(status, "{}")]).await;
        server.client().reads().order(ORDER).await.unwrap_err();
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_server_says_how_long_to_wait() {
    let limited = with_header(429, "application/json", "retry-after: 17\r\n", LIMITED);
    let server = Server::start(vec![limited, good()]).await;
    let start = Instant::now();
    server.client().reads().order(ORDER).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 17);
}

#[tokio::test(start_paused = true)]
async fn a_wait_until_a_moment_is_counted_from_the_servers_clock() {
    let headers = "date: Sun, 06 Nov 1994 08:49:30 GMT\r\n\
                   retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let busy = with_header(503, "application/json", headers, "{}");
    let server = Server::start(vec![busy, good()]).await;
    let start = Instant::now();
    server.client().reads().order(ORDER).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn one_refusal_for_volume_holds_back_everything_else() {
    let limited = with_header(429, "application/json", "retry-after: 20\r\n", LIMITED);
    let created = json(201, r#"{"id": 123, "requests": [{"id": 7}]}"#);
    let server = Server::start(vec![limited, created]).await;
    let client = server.client();
    let start = Instant::now();
    let refused = client
        .writes()
        .answer(&duplicate(ORDER, "{}"))
        .await
        .unwrap_err();
    assert_eq!(refused.retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(start.elapsed().as_secs(), 0);
    client
        .writes()
        .answer(&duplicate(ORDER, "{}"))
        .await
        .unwrap();
    assert_eq!(start.elapsed().as_secs(), 20);
}

const CODED: &str = r#"{"errors":[{"code":"some_code","message":"Why."}]}"#;

#[tokio::test(start_paused = true)]
async fn a_write_leaves_once_whatever_happens() {
    let cases = [
        (Reply::Reset, Fate::Unknown),
        (Reply::Stall(Vec::new()), Fate::Unknown),
        (json(500, "{}"), Fate::Unknown),
        (json(502, "{}"), Fate::Unknown),
        (json(503, "{}"), Fate::Unknown),
        (json(201, r#"{"id": 12"#), Fate::Unknown),
        (answer(200, "text/html", "<html></html>"), Fate::Unknown),
        (json(429, LIMITED), Fate::Refused),
        (json(400, CODED), Fate::Refused),
        (json(403, CODED), Fate::Refused),
        (json(404, CODED), Fate::Refused),
        // Without a code of the API's own it is somebody's in between.
        (json(400, "{}"), Fate::Unknown),
        (json(403, r#"{"message":"Forbidden"}"#), Fate::Unknown),
        (answer(404, "text/plain", "not found"), Fate::Unknown),
        (answer(409, "text/plain", ""), Fate::Unknown),
        (answer(413, "text/plain", ""), Fate::Unknown),
        (answer(429, "text/plain", ""), Fate::Unknown),
    ];
    for (reply, fate) in cases {
        let server = Server::start(vec![reply.clone()]).await;
        let writes = server.client().writes();
        let error = writes.answer(&duplicate(ORDER, "{}")).await.unwrap_err();
        assert_eq!(error.fate(), fate, "{reply:?}: {error}");
        tokio::time::sleep(Duration::from_mins(10)).await;
        assert_eq!(server.seen().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn what_was_shown_is_what_is_sent() {
    let server = Server::start(vec![json(201, r#"{"id": 123, "requests": [{"id": 7}]}"#)]).await;
    let body = "{\n  \"certificate\": { \"common_name\": \"bücher.example.net\" }\n}";
    let writes = server.client().writes();
    let answered = writes.answer(&duplicate(ORDER, body)).await.unwrap();
    let Answered::Created(created) = answered else {
        panic!("{answered:?}");
    };
    assert_eq!(created.request(), Some(RequestId(7)));
    let seen = server.seen();
    assert_eq!(seen[0].method, "POST");
    let target = "/services/v2/order/certificate/123/duplicate";
    assert_eq!(seen[0].target, target);
    assert_eq!(seen[0].body, body);
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    let length = body.len().to_string();
    assert_eq!(seen[0].header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn an_answer_without_a_body_is_a_success() {
    let server = Server::start(vec![Reply::Bytes(NOTHING.to_vec()), json(200, "")]).await;
    let writes = server.client().writes();
    let body = r#"{"status":"approved"}"#;
    let approve = write(WriteKind::Approve, Method::Put, "/request/5/status", body);
    writes.answer(&approve).await.unwrap();
    writes.answer(&approve).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].method, "PUT");
    assert_eq!(seen[0].target, "/services/v2/request/5/status");
}

#[tokio::test]
async fn a_put_without_a_body_says_that_it_has_none() {
    let server = Server::start(vec![Reply::Bytes(NOTHING.to_vec())]).await;
    let writes = server.client().writes();
    let archive = write(
        WriteKind::Archive,
        Method::Put,
        "/certificate/9/archive",
        "",
    );
    writes.answer(&archive).await.unwrap();
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_and_first_call_within_five_seconds_waits() {
    let server = Server::start(vec![good()]).await;
    let client = server.client();
    let start = Instant::now();
    for _ in 0..100 {
        client.reads().order(ORDER).await.unwrap();
    }
    assert_eq!(start.elapsed().as_secs(), 0);
    client.reads().order(ORDER).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[test]
fn no_advice_is_empty_and_every_error_names_its_object() {
    let error = ApiError::RateLimited {
        what: "order 123".into(),
        errors: Vec::new(),
        retry_after: None,
    };
    assert!(error.to_string().starts_with("order 123: "));
    assert!(error.advice().ends_with('.'));
}
