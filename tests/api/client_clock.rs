//! The account's clock, taken from the dates of its answers.

use std::sync::{Arc, Mutex};

use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::domain::write::{Method, WriteKind};
use jiff::{SignedDuration, Timestamp};

use crate::client_support::{Reply, Server, client, options, with_header, write};

const USER: &str = r#"{"id": 1, "username": "ada"}"#;

/// Answers in the order of the script, and never asks twice.
async fn asked(script: Vec<Reply>) -> (Server, Client) {
    let server = Server::start(script).await;
    let options = ClientOptions {
        retry: RetryPolicy::never(),
        ..options()
    };
    let client = client(&server.url(), options);
    (server, client)
}

/// An answer that is dated so many seconds from now, with more header lines.
fn dated(status: u16, content_type: &str, seconds: i64, more: &str, body: &str) -> Reply {
    let at = Timestamp::now() + SignedDuration::from_secs(seconds);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap();
    with_header(
        status,
        content_type,
        &format!("date: {date}\r\n{more}"),
        body,
    )
}

fn off_by(client: &Client) -> Option<i64> {
    client.clock().map(|offset| offset.seconds)
}

#[tokio::test]
async fn every_answer_of_the_account_tells_its_clock_and_a_steady_one_tells_once() {
    let json = "application/json";
    let refused = r#"{"errors": [{"code": "no", "message": "No."}]}"#;
    let (_server, client) = asked(vec![
        dated(200, json, -1200, "", USER),
        dated(400, json, -1200, "", refused),
        dated(204, json, -1200, "", ""),
        dated(200, json, 0, "", USER),
    ])
    .await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    client.on_clock(move |offset| heard.lock().unwrap().push(offset.seconds));
    assert_eq!(off_by(&client), None);

    client.reads().me().await.unwrap();
    let first = off_by(&client).unwrap();
    assert!((-1202..=-1198).contains(&first), "{first}");
    // A refusal and a write without a body are dated as well, and the clock is no news.
    client.reads().me().await.unwrap_err();
    let note = write(
        WriteKind::Note,
        Method::Post,
        "/order/certificate/1/note",
        "{}",
    );
    client.writes().answer(&note).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [first]);
    // It is seen at once when the clock was set.
    client.reads().me().await.unwrap();
    let told = told.lock().unwrap();
    // The answers were dated when the test began.
    assert!(matches!(told[..], [_, -2..=0]), "{told:?}");
}

#[tokio::test]
async fn what_is_not_the_accounts_own_word_tells_nothing() {
    let page = "<html><title>Sign in</title></html>";
    for reply in [
        with_header(200, "application/json", "", USER),
        with_header(200, "application/json", "date: yesterday\r\n", USER),
        dated(200, "application/json", -1200, "age: 1200\r\n", USER),
        dated(200, "text/html", -1200, "", page),
        dated(502, "text/html", -1200, "", page),
        dated(
            302,
            "text/plain",
            -1200,
            "location: https://portal.example/\r\n",
            "",
        ),
    ] {
        let (_server, client) = asked(vec![reply.clone()]).await;
        let _ = client.reads().me().await;
        assert_eq!(off_by(&client), None, "{reply:?}");
    }
}
