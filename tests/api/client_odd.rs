//! Answers that say nothing of what was asked for.

use certdeck::certcentral::ClientOptions;
use certdeck::certcentral::retry::RetryPolicy;

use crate::client_support::{Reply, answer, json, options};

/// A client that asks once, and at once.
pub fn once() -> ClientOptions {
    ClientOptions {
        retry: RetryPolicy::never(),
        windows: Vec::new(),
        ..options()
    }
}

/// What some of them say.
pub const SAYS: &str = "The backend is away";

/// Answers that say nothing of what was asked for, with status 200 where none is named.
pub fn odd() -> Vec<(&'static str, Reply)> {
    let ok = |body: &'static str| (body, json(200, body));
    let mut odd = vec![
        ok(""),
        ok("   \r\n"),
        ok("\u{feff}"),
        ok("null"),
        ok("[]"),
        ok("[null]"),
        ok("[{\"id\": 7}]"),
        ok("7"),
        ok("true"),
        ok("\"ok\""),
        ok("OK"),
        ok("{\"a\":"),
        ok("{} {}"),
        ok("<html><body>Welcome</body></html>"),
        ok("<?xml version=\"1.0\"?><orders/>"),
        ok(r#"{"data": {}}"#),
        ok(r#"{"status": "error"}"#),
        ok(r#"{"success": false}"#),
        ok(r#"{"orders": null}"#),
        ok(r#"{"certificates": null, "requests": null, "orders": "none"}"#),
        ok(r#"{"page": {}}"#),
        ok(r#"{"page": {"total": "many"}}"#),
        ok(r#"{"page": null}"#),
        ok(r#"{"errors": [null]}"#),
        ok(r#"{"errors": [{}]}"#),
        ok(r#"{"errors": []}"#),
        (
            "a page of a portal",
            answer(200, "text/html", "<title>Sign in</title>"),
        ),
        (
            "plain text",
            answer(200, "text/plain", "Service temporarily busy"),
        ),
    ];
    for body in [
        r#"{"errors": [{"code": "down", "message": "The backend is away."}]}"#,
        r#"{"errors": {"code": "down", "message": "The backend is away."}}"#,
        r#"{"errors": ["The backend is away."]}"#,
        r#"{"errors": "The backend is away."}"#,
        r#"{"errors": [[{"errors": [{"description": "The backend is away."}]}]]}"#,
        r#"{"error": {"message": "The backend is away."}}"#,
        r#"{"error": "The backend is away."}"#,
        r#"{"error": "down", "error_description": "The backend is away."}"#,
        r#"{"error": true, "message": "The backend is away."}"#,
        r#"{"message": "The backend is away."}"#,
        r#"{"status": "error", "message": "The backend is away."}"#,
        r#"[{"code": "down", "message": "The backend is away."}]"#,
        "\u{feff}{\"errors\": [{\"message\": \"The backend is away.\"}]}",
    ] {
        odd.push(ok(body));
    }
    odd
}
