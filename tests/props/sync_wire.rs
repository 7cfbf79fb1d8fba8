//! The synchronisation over HTTP: what it asks for, and that what it brings is what the store then holds.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use axum::extract::{RawQuery, State};
use axum::http::Uri;
use axum::{Json, Router};
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::domain::ids::OrderId;
use certdeck::store::{Cursor, Store};
use certdeck::sync::{Known, SyncEvent, run};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::mpsc;

const ACCOUNT: &str = "loopback/1";

/// 2,500 orders; answers list orders and the status change list, and keeps what it was asked.
#[derive(Clone, Default)]
struct Account(Arc<Mutex<Vec<String>>>);

fn row(id: u64) -> Value {
    json!({
        "id": id,
        "status": "issued",
        "certificate": {"common_name": format!("h{id}.example.net"), "valid_till": "2026-09-01"},
        "product": {"name_id": "ssl_plus", "name": "Standard SSL", "type": "ssl_certificate"}
    })
}

async fn answer(
    State(account): State<Account>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let query = percent_decode_str(&query.unwrap_or_default())
        .decode_utf8()
        .unwrap()
        .into_owned();
    account
        .0
        .lock()
        .unwrap()
        .push(format!("{}?{query}", uri.path()));
    if uri.path().ends_with("/status-changes") {
        return Json(json!({"orders": [{"order_id": 7, "status": "issued"}, {"order_id": 9}]}));
    }
    let number = |wanted: &str| -> Option<u64> {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == wanted)
            .and_then(|(_, value)| value.parse().ok())
    };
    let named: Vec<u64> = query
        .split('&')
        .filter(|pair| pair.starts_with("filters[id]"))
        .filter_map(|pair| pair.rsplit('=').next()?.parse().ok())
        .collect();
    let all: Vec<u64> = if named.is_empty() {
        (1..=2500).collect()
    } else {
        named
    };
    let (offset, limit) = (number("offset").unwrap(), number("limit").unwrap());
    let rows: Vec<_> = all
        .iter()
        .skip(offset as usize)
        .take(limit as usize)
        .map(|&id| row(id))
        .collect();
    Json(json!({"orders": rows, "page": {"total": all.len(), "limit": limit, "offset": offset}}))
}

async fn serve(account: Account) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer).with_state(account);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let key = "MADE-UP-KEY-FOR-TESTS".to_owned().into();
    Client::with_options(&base, &key, ClientOptions::default()).unwrap()
}

/// Runs as the program does: rows into the store as they come, the cursor last.
async fn sync(client: &Client, store: &mut Store, now: Timestamp) {
    let known = Known {
        orders: store.order_ids(ACCOUNT).unwrap(),
        cursor: store.cursor(ACCOUNT).unwrap(),
    };
    let from = known.cursor;
    let (events, mut heard) = mpsc::channel(2);
    let task = tokio::spawn(run(client.background_reads(), known, move || now, events));
    while let Some(event) = heard.recv().await {
        match event {
            SyncEvent::Started { .. } => {}
            SyncEvent::Page { rows, .. } => {
                store.upsert_orders(ACCOUNT, &rows).unwrap();
            }
            SyncEvent::Finished { removed, cursor } => {
                store.remove_orders(ACCOUNT, &removed).unwrap();
                store.move_cursor(ACCOUNT, from, cursor).unwrap();
            }
            SyncEvent::Failed(error) => panic!("{error}"),
        }
    }
    task.await.unwrap();
}

#[tokio::test]
async fn the_store_holds_the_account_after_a_run_and_a_second_one_asks_for_the_changes_alone() {
    let account = Account::default();
    let client = serve(account.clone()).await;
    let mut store = Store::in_memory().unwrap();
    let start = Timestamp::from_second(1_790_000_000).unwrap();
    let hour = Timestamp::from_second(1_790_003_600).unwrap();

    sync(&client, &mut store, start).await;
    let ids: Vec<_> = (1..=2500).map(OrderId).collect();
    assert_eq!(store.order_ids(ACCOUNT).unwrap(), ids);
    let mut asked = std::mem::take(&mut *account.0.lock().unwrap());
    // Two pages are on their way at once, so either may arrive first.
    asked.sort();
    let page = |offset: u64| format!("/order/certificate?sort=order_id&limit=1000&offset={offset}");
    assert_eq!(asked, [page(0), page(1998), page(999)]);

    sync(&client, &mut store, hour).await;
    let asked = account.0.lock().unwrap().clone();
    assert_eq!(
        asked,
        [
            "/order/certificate/status-changes?seconds=3720",
            "/order/certificate?filters[id][0]=7&filters[id][1]=9&sort=order_id&limit=1000&offset=0",
        ]
    );
    assert_eq!(
        store.cursor(ACCOUNT).unwrap(),
        Cursor {
            last_full: Some(start),
            last_change: Some(hour),
        }
    );
    let mut names = Vec::new();
    store
        .load_all(ACCOUNT, |batch| {
            names.extend(batch.into_iter().map(|order| order.common_name));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(names.len(), 2500);
    assert_eq!(names[6], "h7.example.net");
}
