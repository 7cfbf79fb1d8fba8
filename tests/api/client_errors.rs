//! What the server says when it refuses, in every shape that was met, and what the operator reads.

use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::{ApiError, ApiErrorItem, ClientOptions, Fate};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::{Method, WriteKind};

use crate::client_support::{Reply, Server, answer, client, json, options, write};

async fn refused(reply: Reply) -> ApiError {
    let server = Server::start(vec![reply]).await;
    let options = ClientOptions {
        retry: RetryPolicy::never(),
        ..options()
    };
    let writes = client(&server.url(), options).writes();
    let path = "/order/certificate/123/reissue";
    let mut reissue = write(WriteKind::Reissue, Method::Post, path, "{}");
    reissue.order = Some(OrderId(123));
    writes.answer(&reissue).await.unwrap_err()
}

fn item(code: &str, message: &str) -> ApiErrorItem {
    ApiErrorItem {
        code: code.into(),
        message: message.into(),
    }
}

#[tokio::test]
async fn every_error_is_kept_not_only_the_first() {
    let body = r#"{"errors": [
        {"code": "required_param:certificate.server_platform", "message": "certificate.server_platform is a required parameter."},
        {"code": "required_param:certificate.signature_hash", "message": "certificate.signature_hash is a required parameter."}]}"#;
    let error = refused(json(400, body)).await;
    assert_eq!(error.errors().len(), 2);
    assert_eq!(error.errors()[0].general(), "required_param");
    assert_eq!(
        error.errors()[1].code,
        "required_param:certificate.signature_hash"
    );
    assert!(error.has_code("required_param"));
    assert_eq!(error.fate(), Fate::Refused);
    let text = error.to_string();
    assert!(
        text.starts_with("reissue of order 123: refused (HTTP 400): "),
        "{text}"
    );
    assert!(text.contains("server_platform is a required"), "{text}");
    assert!(text.contains("signature_hash is a required"), "{text}");
}

#[tokio::test]
async fn errors_come_as_one_object_nested_or_with_another_word_for_the_message() {
    let cases = [
        (
            r#"{"errors": {"code": "a|b", "message": "One."}}"#,
            vec![item("a|b", "One.")],
        ),
        (
            r#"{"errors": [{"errors": [{"code": "a"}, {"message": "Two."}]}]}"#,
            vec![item("a", ""), item("", "Two.")],
        ),
        (
            r#"{"errors": [{"code": "a", "description": "Three."}]}"#,
            vec![item("a", "Three.")],
        ),
        (r#"{"errors": ["Four."]}"#, vec![item("", "Four.")]),
        (r#"{"errors": []}"#, vec![]),
        ("{}", vec![]),
        ("", vec![]),
        ("bad request", vec![item("", "bad request")]),
        (r#"{"message": "Five."}"#, vec![item("", "Five.")]),
        (
            r#"{"error": {"code": 12, "message": "Six."}}"#,
            vec![item("12", "Six.")],
        ),
        (
            r#"[{"code": "a", "message": "Seven."}]"#,
            vec![item("a", "Seven.")],
        ),
        (
            "<error><text>Eight.</text></error>",
            vec![item("", "Eight.")],
        ),
    ];
    for (body, expected) in cases {
        let error = refused(json(400, body)).await;
        assert_eq!(error.errors(), expected, "{body}");
        assert_eq!(error.status(), Some(400), "{body}");
    }
}

#[tokio::test]
async fn a_bad_key_is_a_403() {
    let body = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"Access denied due to access_denied_invalid_key."}]}"#;
    let error = refused(json(403, body)).await;
    assert!(matches!(error, ApiError::InvalidKey { status: 403, .. }));
    assert!(error.advice().contains("digicert.eu"));
    let error = refused(json(401, "")).await;
    assert!(matches!(error, ApiError::InvalidKey { status: 401, .. }));
}

#[tokio::test]
async fn a_small_role_is_told_apart_from_a_bad_key() {
    let body = r#"{"errors":[{"code":"access_denied|missing_permission","message":"No."}]}"#;
    let error = refused(json(403, body)).await;
    assert!(
        matches!(error, ApiError::MissingPermission { .. }),
        "{error}"
    );
    let body =
        r#"{"errors":[{"code":"access_denied|invalid_approver","message":"Not your own."}]}"#;
    let error = refused(json(403, body)).await;
    assert!(
        matches!(error, ApiError::Http { status: 403, .. }),
        "{error}"
    );
    assert!(error.has_code("access_denied|invalid_approver"));
    assert!(error.to_string().contains("Not your own"), "{error}");
}

#[tokio::test]
async fn not_found_may_be_not_yours() {
    let body =
        r#"{"errors":[{"code":"not_found|order","message":"The specified order was not found."}]}"#;
    let error = refused(json(404, body)).await;
    assert!(matches!(error, ApiError::NotFound { .. }), "{error}");
    assert!(error.advice().contains("another account"));
}

#[tokio::test]
async fn a_proxy_that_wants_a_sign_in_passed_nothing_on() {
    let error = refused(answer(407, "text/html", "<html></html>")).await;
    assert_eq!(error.fate(), Fate::NotSent);
}

#[tokio::test]
async fn a_refusal_that_is_a_web_page_may_still_have_been_done() {
    let error = refused(answer(
        403,
        "text/html",
        "<html><title>Blocked</title></html>",
    ))
    .await;
    assert_eq!(error.fate(), Fate::Unknown);
    assert!(error.to_string().contains("Blocked"), "{error}");
}
