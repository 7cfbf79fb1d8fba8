//! A connection that is opened before the write: what it carries, and when it is not used.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use certdeck::certcentral::ApiError;
use certdeck::domain::write::{Method, Outgoing, WriteKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};

use crate::client_support::{client, options, write};

/// What a server does with a connection on which nothing came yet.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    Waits,
    Closes,
    Speaks,
}

/// What came on each connection, in the order in which they were opened.
type Heard = Arc<Mutex<Vec<String>>>;

/// A server that does this with its first connection, and answers what comes on the others.
async fn server(first: Does) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/services/v2", listener.local_addr().unwrap());
    let heard = Heard::default();
    let all = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut does = first;
        while let Ok((mut stream, _)) = listener.accept().await {
            let number = {
                let mut all = all.lock().unwrap();
                all.push(String::new());
                all.len() - 1
            };
            let (all, now) = (Arc::clone(&all), std::mem::replace(&mut does, Does::Waits));
            tokio::spawn(async move {
                let late = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
                match now {
                    Does::Waits => {}
                    Does::Closes => return,
                    Does::Speaks => stream.write_all(late.as_bytes()).await.unwrap(),
                }
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    let text = String::from_utf8_lossy(&bytes[..count]);
                    all.lock().unwrap()[number].push_str(&text);
                    let done = "HTTP/1.1 204 No Content\r\n\r\n";
                    let _ = stream.write_all(done.as_bytes()).await;
                }
            });
        }
    });
    (url, heard)
}

fn note() -> Outgoing {
    let path = "/order/certificate/1/note";
    write(WriteKind::Note, Method::Post, path, "{}")
}

/// Requests of each connection.
fn requests(heard: &Heard) -> Vec<usize> {
    let heard = heard.lock().unwrap();
    heard
        .iter()
        .map(|text| text.matches("POST ").count())
        .collect()
}

/// Waits until the server has so many connections, and what it says on them has come.
async fn until(heard: &Heard, connections: usize) {
    while heard.lock().unwrap().len() < connections {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[tokio::test]
async fn the_next_write_goes_out_on_it_and_the_one_after_it_does_not() {
    let (url, heard) = server(Does::Waits).await;
    let client = client(&url, options());
    client.writes().open_ahead().await;
    until(&heard, 1).await;
    assert_eq!(heard.lock().unwrap()[..], [""], "nothing is sent ahead");
    client.writes().answer(&note()).await.unwrap();
    assert_eq!(requests(&heard), [1]);
    client.writes().answer(&note()).await.unwrap();
    assert_eq!(requests(&heard), [1, 1]);
}

#[tokio::test]
async fn one_is_kept_however_often_it_is_opened_and_no_read_uses_it() {
    let (url, heard) = server(Does::Waits).await;
    let client = client(&url, options());
    for _ in 0..3 {
        client.writes().open_ahead().await;
    }
    until(&heard, 1).await;
    assert_eq!(heard.lock().unwrap().len(), 1);
    let _ = client.reads().me().await;
    let said = heard.lock().unwrap().clone();
    assert_eq!(said[0], "");
    assert!(said[1].starts_with("GET "), "{said:?}");
    client.writes().answer(&note()).await.unwrap();
    assert_eq!(requests(&heard)[0], 1);
}

#[tokio::test]
async fn what_the_server_closed_or_spoke_on_is_not_used() {
    for does in [Does::Closes, Does::Speaks] {
        let (url, heard) = server(does).await;
        let client = client(&url, options());
        client.writes().open_ahead().await;
        until(&heard, 1).await;
        client.writes().answer(&note()).await.unwrap();
        assert_eq!(requests(&heard), [0, 1], "{does:?}");
    }
}

#[tokio::test]
async fn where_none_can_be_opened_the_write_tells() {
    // Taken, so that nobody else gets it, and nobody listens on it.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let url = format!("http://{}/services/v2", nobody.local_addr().unwrap());
    let client = client(&url, options());
    client.writes().open_ahead().await;
    let error = client.writes().answer(&note()).await.unwrap_err();
    assert!(matches!(error, ApiError::Connect { .. }), "{error:?}");
}
