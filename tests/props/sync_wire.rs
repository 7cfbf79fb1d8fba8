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

/// 2,500 orders; answers list orders, the status change list and order info, and keeps what it was asked.
#[derive(Clone, Default)]
struct Account {
    asked: Arc<Mutex<Vec<String>>>,
    changed: &'static [u64],
}

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
    let mut asked = account.asked.lock().unwrap();
    asked.push(format!("{}?{query}", uri.path()));
    if uri.path().ends_with("/status-changes") {
        let orders = account.changed.iter().map(|id| json!({"order_id": id}));
        return Json(json!({"orders": orders.collect::<Vec<_>>()}));
    }
    if let Some(Ok(id)) = uri.path().rsplit('/').next().map(str::parse) {
        let mut info = row(id);
        info["renewal_of_order_id"] = json!(id - 2494);
        return Json(info);
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
        is_shown: false,
        orders: store.order_ids(ACCOUNT).unwrap(),
        cursor: store.cursor(ACCOUNT).unwrap(),
    };
    let from = known.cursor;
    let (events, mut heard) = mpsc::channel(2);
    let task = tokio::spawn(run(client.background_reads(), known, move || now, events));
    while let Some(event) = heard.recv().await {
        match event {
            // The pages bring these again.
            SyncEvent::Newest { .. } => {}
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
    let account = Account {
        changed: &[7, 9],
        ..Account::default()
    };
    let client = serve(account.clone()).await;
    let mut store = Store::in_memory().unwrap();
    let start = Timestamp::from_second(1_790_000_000).unwrap();
    let hour = Timestamp::from_second(1_790_003_600).unwrap();

    sync(&client, &mut store, start).await;
    let ids: Vec<_> = (1..=2500).map(OrderId).collect();
    assert_eq!(store.order_ids(ACCOUNT).unwrap(), ids);
    let mut asked = std::mem::take(&mut *account.asked.lock().unwrap());
    // They are on their way at once, so any may arrive first.
    asked.sort();
    let newest = "/order/certificate?sort=-date_created&limit=60&offset=0".to_owned();
    let page = |offset: u64| format!("/order/certificate?sort=order_id&limit=1000&offset={offset}");
    assert_eq!(asked, [newest, page(0), page(1998), page(999)]);

    sync(&client, &mut store, hour).await;
    let asked = account.asked.lock().unwrap().clone();
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
            names.extend(batch.iter().map(|order| order.common_name.to_owned()));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(names.len(), 2500);
    assert_eq!(names[6], "h7.example.net");
}

#[tokio::test]
async fn the_order_that_a_new_one_renews_is_asked_of_order_info_and_read_again() {
    let account = Account {
        changed: &[2501],
        ..Account::default()
    };
    let client = serve(account.clone()).await;
    let mut store = Store::in_memory().unwrap();
    let start = Timestamp::from_second(1_790_000_000).unwrap();
    sync(&client, &mut store, start).await;
    account.asked.lock().unwrap().clear();
    sync(&client, &mut store, start).await;
    let named =
        |id: u64| format!("/order/certificate?filters[id]={id}&sort=order_id&limit=1000&offset=0");
    let asked = account.asked.lock().unwrap().clone();
    let wanted = [
        "/order/certificate/status-changes?seconds=120".to_owned(),
        named(2501),
        "/order/certificate/2501?".to_owned(),
        named(7),
    ];
    assert_eq!(asked, wanted);
}
