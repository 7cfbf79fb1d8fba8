//! What the client makes of servers, proxies and lines that misbehave.

use std::time::Duration;

use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::transport::ExchangeLimits;
use certdeck::certcentral::{ApiError, Client, ClientOptions, Fate, Phase, US_URL};
use certdeck::domain::ids::{CertificateId, OrderId};
use secrecy::SecretString;

use crate::client_support::{
    KEY, Reply, Server, answer, client, duplicate, json, options, with_header,
};

const ORDER: OrderId = OrderId(123);
const HALF: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"id\"";

fn no_retry() -> ClientOptions {
    ClientOptions {
        retry: RetryPolicy::never(),
        ..options()
    }
}

fn try_client(url: &str, key: &SecretString) -> Result<Client, ApiError> {
    Client::with_options(url, key, ClientOptions::default())
}

async fn failure(reply: Reply) -> ApiError {
    let server = Server::start(vec![reply]).await;
    let client = client(&server.url(), no_retry());
    client.reads().order(ORDER).await.unwrap_err()
}

#[tokio::test]
async fn every_call_carries_the_key_and_says_what_it_takes() {
    let server = Server::start(vec![json(
        200,
        r#"{"id": 123, "status": "issued", "certificate": {}}"#,
    )])
    .await;
    server.client().reads().order(ORDER).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].method, "GET");
    assert_eq!(seen[0].target, "/services/v2/order/certificate/123");
    assert_eq!(seen[0].header("x-dc-devkey"), Some(KEY));
    assert_eq!(seen[0].header("accept"), Some("application/json"));
    let agent = concat!("certdeck/", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen[0].header("user-agent"), Some(agent));
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_address_does_no_harm() {
    let server = Server::start(vec![json(
        200,
        r#"{"id": 123, "status": "issued", "certificate": {}}"#,
    )])
    .await;
    let client = client(&format!("{}/", server.url()), options());
    client.reads().order(ORDER).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].target, "/services/v2/order/certificate/123");
}

#[tokio::test]
async fn the_key_is_in_no_debug_text() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let text = format!("{:?}", server.client());
    assert!(text.contains("127.0.0.1"), "{text}");
    assert!(!text.contains(KEY), "{text}");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let key = SecretString::from(KEY);
    for url in [
        "http://www.digicert.com/services/v2",
        "http://10.0.0.1/services/v2",
        "http://127.0.0.1.example.net/services/v2",
        "ftp://www.digicert.com/services/v2",
        "https://user:secret@www.digicert.com/services/v2",
        "https://www.digicert.com/services/v2?key=1",
        "www.digicert.com",
        "",
    ] {
        let error = try_client(url, &key).unwrap_err();
        assert!(matches!(error, ApiError::BadUrl { .. }), "{url}: {error}");
        assert!(!error.to_string().contains("secret"));
    }
    for url in [
        US_URL,
        "https://certcentral.digicert.eu/services/v2",
        "http://localhost:8080/services/v2",
        "http://127.0.0.1:1/services/v2",
        "http://[::1]:1/services/v2",
    ] {
        try_client(url, &key).unwrap();
    }
}

#[test]
fn a_key_that_cannot_be_one_is_refused_and_not_quoted() {
    for key in ["", "  ", "two words", "line\nbreak", "schlüssel"] {
        let error = try_client(US_URL, &SecretString::from(key));
        let text = error.unwrap_err().to_string();
        assert!(text.starts_with("the API key cannot be sent"), "{text}");
        assert!(key.trim().is_empty() || !text.contains(key), "{text}");
    }
    // A file's line end is no part of a key.
    try_client(US_URL, &SecretString::from("KEY\n")).unwrap();
}

#[tokio::test]
async fn a_web_page_is_told_as_such_whatever_its_status() {
    let page = "<!DOCTYPE html><html><head><title>\n Sign in to\n GuestNet </title></head></html>";
    for status in [200, 403, 404, 502] {
        let error = failure(answer(status, "text/html; charset=utf-8", page)).await;
        let expected = ApiError::ProxyHtml {
            what: "order 123".into(),
            status,
            title: Some("Sign in to GuestNet".into()),
        };
        assert_eq!(error, expected);
        assert!(error.to_string().contains("GuestNet"));
    }
    let error = failure(answer(200, "application/json", page)).await;
    assert!(matches!(error, ApiError::ProxyHtml { .. }), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_here() {
    let other = Server::start(vec![json(
        200,
        r#"{"id": 123, "status": "issued", "certificate": {}}"#,
    )])
    .await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/elsewhere?secret=1\r\n", other.url());
        let error = failure(with_header(status, "text/html", &location, "")).await;
        let expected = ApiError::Redirected {
            what: "order 123".into(),
            status,
            to: Some(format!("http://{}", other.address)),
        };
        assert_eq!(error, expected);
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn json_that_breaks_off_is_told_apart_from_json_that_is_wrong() {
    let error = failure(json(200, r#"{"id": 123, "status": "iss"#)).await;
    assert!(
        matches!(error, ApiError::Truncated { got: 26, .. }),
        "{error}"
    );
    let error = failure(json(200, r#"{"id": 123]"#)).await;
    assert!(matches!(error, ApiError::Unexpected { .. }), "{error}");
    let error = failure(Reply::Bytes(HALF.into())).await;
    assert!(
        matches!(error, ApiError::Truncated { got: 5, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_of_another_kind_is_not_an_order() {
    let error = failure(json(200, "{}")).await;
    assert!(matches!(error, ApiError::Unexpected { .. }), "{error}");
    assert!(error.to_string().contains("order 123"), "{error}");
}

#[tokio::test]
async fn a_broken_connection_leaves_the_fate_open() {
    let error = failure(Reply::Reset).await;
    assert!(matches!(error, ApiError::ConnectionLost { .. }), "{error}");
    assert_eq!(error.fate(), Fate::Unknown);
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    // Taken, so that nobody else gets it, and nobody listens on it.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let free = nobody.local_addr().unwrap();
    let client = client(&format!("http://{free}/services/v2"), no_retry());
    let error = client
        .writes()
        .answer(&duplicate(ORDER, "{}"))
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Connect { .. }), "{error:?}");
    assert_eq!(error.fate(), Fate::NotSent);
}

#[tokio::test]
async fn a_server_without_tls_is_not_trusted() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let url = format!("https://{}/services/v2", server.address);
    let writes = client(&url, no_retry()).writes();
    let error = writes.answer(&duplicate(ORDER, "{}")).await.unwrap_err();
    assert!(matches!(error, ApiError::Tls { .. }), "{error:?}");
    assert_eq!(error.fate(), Fate::NotSent);
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_costs_half_a_minute() {
    let error = failure(Reply::Stall(Vec::new())).await;
    let expected = ApiError::Timeout {
        what: "order 123".into(),
        phase: Phase::Headers,
        limit: Duration::from_secs(30),
    };
    assert_eq!(error, expected);
    assert_eq!(error.to_string(), "order 123: no response within 30 s");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_is_given_up() {
    let error = failure(Reply::Stall(HALF.into())).await;
    let still = matches!(
        error,
        ApiError::Timeout {
            phase: Phase::Body,
            ..
        }
    );
    assert!(still, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_has_an_end_all_the_same() {
    let error = failure(Reply::Trickle(HALF.into(), Duration::from_secs(20))).await;
    let expected = ApiError::Timeout {
        what: "order 123".into(),
        phase: Phase::Total,
        limit: Duration::from_mins(2),
    };
    assert_eq!(error, expected);
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_dropped() {
    let body = format!(
        r#"{{"id": 123, "status": "issued", "certificate": {{}}, "filler": "{}"}}"#,
        "x".repeat(5000)
    );
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
         {:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    for reply in [json(200, &body), Reply::Bytes(chunked.into_bytes())] {
        let server = Server::start(vec![reply]).await;
        let mut options = no_retry();
        options.read_limits = ExchangeLimits {
            body: 1000,
            ..ExchangeLimits::READ
        };
        let reads = client(&server.url(), options).reads();
        let error = reads.order(ORDER).await.unwrap_err();
        assert!(
            matches!(error, ApiError::TooLarge { limit: 1000, .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_file_comes_as_it_is() {
    let server = Server::start(vec![answer(200, "application/x-pem-file", "PEM\r\n")]).await;
    let reads = server.client().reads();
    let file = reads.pem(CertificateId(9)).await.unwrap();
    assert_eq!(file, "PEM\r\n");
    let target = "/services/v2/certificate/9/download/format/pem_all";
    assert_eq!(server.seen()[0].target, target);
}

#[tokio::test]
async fn an_empty_file_is_no_file() {
    let server = Server::start(vec![answer(200, "application/x-pem-file", "")]).await;
    let reads = server.client().reads();
    let file = reads.pem(CertificateId(9)).await;
    let error = file.unwrap_err();
    assert!(error.to_string().contains("empty"), "{error}");
}
