//! What a row of the list of orders costs on its way from the account to the screen, counted in allocations.

use std::sync::Arc;

use allocation_counter::measure;
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::update;
use certdeck::certcentral::endpoints::{OrderPage, OrderQuery};
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::keys::KeyMap;
use certdeck::sandbox::{Sandbox, SandboxOptions};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

const PAGE: u64 = 1000;

struct Account {
    client: Client,
    /// Everything of the client is done by the thread that waits for it, where it is counted.
    runtime: Runtime,
    _server: (Sandbox, Runtime),
}

impl Account {
    fn start() -> Self {
        let elsewhere = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = elsewhere.block_on(async {
            let options = SandboxOptions {
                orders: 3 * PAGE as usize,
                gzip: false,
                ..SandboxOptions::default()
            };
            Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
                .await
                .unwrap()
        });
        let options = ClientOptions {
            windows: Vec::new(),
            ..ClientOptions::default()
        };
        let key = SecretString::from(sandbox.key());
        Self {
            client: Client::with_options(&sandbox.url(), &key, options).unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            _server: (sandbox, elsewhere),
        }
    }

    fn page(&self, offset: u64) -> OrderPage {
        let query = OrderQuery {
            limit: PAGE,
            offset,
            ..OrderQuery::default()
        };
        self.runtime
            .block_on(self.client.reads().list_orders(&query))
            .unwrap()
    }
}

#[test]
fn a_row_is_read_with_one_or_two_allocations_and_shown_with_hardly_any() {
    let account = Account::start();
    let mut desk = Model::new(
        (120, 40),
        KeyMap::default(),
        Look::default(),
        "test".into(),
        Timestamp::now(),
    );
    desk.engine.account.connection = Some(Connection {
        profile: "test".into(),
        account: "test".into(),
        url: "http://127.0.0.1:1/services/v2".into(),
        sandbox: false,
        key: Ok("the test".into()),
    });
    // The first page brings what is made once: a connection, products, organizations.
    for (page, is_counted) in [(0, false), (1, true), (2, true)] {
        let mut rows = None;
        let read = measure(|| rows = Some(account.page(page * PAGE)));
        let rows = Arc::new(rows.unwrap().rows);
        assert_eq!(rows.len() as u64, PAGE);
        let account = "test".into();
        let shown = measure(|| {
            drop(update(
                &mut desk,
                Msg::Cached { account, rows },
                Timestamp::now(),
            ));
        });
        if is_counted {
            assert!(read.count_total <= 2 * PAGE, "{read:?}");
            assert!(shown.count_total <= PAGE / 4, "{shown:?}");
        }
    }
}
