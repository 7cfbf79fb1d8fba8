//! What a hundred reissues cost from the yes until each certificate is verified and written, beside the least that can cost:
//! `curl`, which sends as many requests for other orders one after another and drops the certificates that the answers
//! bring. With the rate limits of the API, and without any. The account lives in the same process, so both pay for it.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that panics is a bench that fails"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod account;
#[path = "../support/hands.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod hands;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use account::{Pick, Server, is_good, pick};
use certdeck::app::bulk_screen::BulkView;
use certdeck::app::effect::ListId;
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::{start, update};
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::config::Settings;
use certdeck::domain::ids::OrderId;
use certdeck::keys::KeyMap;
use certdeck::runtime::clipboard;
use certdeck::runtime::effects::{Event, Executor};
use certdeck::runtime::storing::Storing;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;
use divan::Bencher;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const MANY: usize = 100;
/// Orders of which so many are good to work on.
const ORDERS: usize = 4_000;
/// How the account counts calls.
const LIMITED: &str = "limits";
const LIMITS: [&str; 2] = [LIMITED, "none"];
/// What it does not wait for any longer.
const PATIENCE: Duration = Duration::from_mins(5);

fn main() {
    divan::main();
}

/// An account without approval.
fn server(limits: &str) -> Server {
    let server = Server::with(SandboxOptions {
        orders: ORDERS,
        limits: limits == LIMITED,
        ..SandboxOptions::default()
    });
    server.sandbox().change_account(|account| {
        for container in &mut account.containers {
            container.approval = Approval::Off;
        }
    });
    server
}

fn orders(server: &Server) -> Vec<Pick> {
    let now = server.sandbox().now();
    let orders: Vec<Pick> = server.sandbox().with_account(|account| {
        let all = account.orders().iter();
        let good = all.filter(|order| is_good(account, order, Approval::Off, now));
        good.take(MANY).map(pick).collect()
    });
    assert_eq!(orders.len(), MANY, "so many can be reissued");
    orders
}

/// The desk in real time, in review of its list.
struct Desk {
    model: Model,
    executor: Executor,
    events: UnboundedReceiver<Event>,
    runtime: Runtime,
    folder: TempDir,
    server: Server,
}

impl Desk {
    fn in_review(limits: &str) -> Self {
        let server = server(limits);
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let inside = runtime.enter();
        let (tx, events) = unbounded_channel();
        let plan = clipboard::Plan {
            way: clipboard::Way::Osc52,
            why: String::new(),
            hint: None,
        };
        // On the disk, as users have it: what is sent is written there before.
        let path = folder.path().join("store.sqlite");
        let storing = Storing::open(Some(path), |error| panic!("{error}")).unwrap();
        let settings = Settings::default();
        let mut executor = Executor::new(tx, storing, plan, settings, "bench".into());
        let mut options = ClientOptions::default();
        if limits != LIMITED {
            options.windows.clear();
        }
        let key = server.sandbox().key().to_owned().into();
        let client = Client::with_options(&server.sandbox().url(), &key, options).unwrap();
        executor.connect(client, "bench".to_owned());
        drop(inside);
        let (size, keymap, now) = ((120, 40), KeyMap::default(), Timestamp::now());
        let mut desk = Self {
            model: Model::new(size, keymap, Look::default(), "bench".into(), now),
            executor,
            events,
            runtime,
            folder,
            server,
        };
        let effects = start(&mut desk.model);
        desk.run(effects);
        desk.tell(Msg::Connected(Connection {
            url: desk.server.sandbox().url(),
            ..hands::connection("bench")
        }));
        desk.until("the orders", |model| {
            model.engine.account.orders.len() >= ORDERS
        });
        let all = orders(&desk.server);
        let marks = all.iter().map(|order| OrderId(order.id));
        desk.model.orders.marks.extend(marks);
        desk.tell(hands::key("r"));
        for name in ["tab", "right", "tab", "home"] {
            desk.tell(hands::key(name));
        }
        let under = format!("{}/", desk.folder.path().display());
        for letter in hands::letters(&under) {
            desk.tell(letter);
        }
        desk.tell(hands::key("ctrl-s"));
        desk.until("the review", |model| {
            let open = model.bulk_screens.open();
            open.is_some_and(|open| matches!(open.view, BulkView::Review { .. }))
        });
        // What was read for the review counts no more, and who reads it takes a moment.
        let read = Instant::now();
        desk.wait(|_| read.elapsed() > Duration::from_secs(6));
        desk
    }

    fn run(&mut self, effects: Vec<certdeck::app::effect::Effect>) {
        let _inside = self.runtime.enter();
        for effect in effects {
            self.executor.run(effect);
        }
    }

    fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, Timestamp::now());
        self.run(effects);
    }

    /// Takes what comes, and does what is due, until it is so far.
    fn until(&mut self, what: &str, is_so: impl Fn(&Model) -> bool) {
        let began = Instant::now();
        self.wait(|model| {
            assert!(
                began.elapsed() < PATIENCE,
                "{what} did not come: {:?}",
                model.status
            );
            is_so(model)
        });
    }

    fn wait(&mut self, is_so: impl Fn(&Model) -> bool) {
        while !is_so(&self.model) {
            let now = Timestamp::now();
            let due = self.model.next_deadline();
            let left = due.map(|due| Duration::try_from(due.duration_since(now)));
            let left = left.map_or(Duration::from_secs(1), Result::unwrap_or_default);
            let wait = left.min(Duration::from_secs(1));
            let events = &mut self.events;
            let event = self
                .runtime
                .block_on(async { tokio::time::timeout(wait, events.recv()).await });
            match event {
                Ok(Some(Event::Msg(msg))) => self.tell(*msg),
                Ok(_) => {}
                Err(_) => self.tell(Msg::Deadline),
            }
        }
    }

    /// Says yes, and goes on until all is verified and written.
    fn send(&mut self) {
        self.tell(hands::key("enter"));
        self.until("the end", |model| {
            let list = model.engine.bulk.get(ListId::Reissues);
            list.is_some_and(|list| {
                let is_written = |row: &certdeck::app::bulk::Row| matches!(row.file, Some(Ok(_)));
                list.rows.len() == MANY && list.rows.iter().all(is_written)
            })
        });
        assert_eq!(self.server.sandbox().calls_of("reissue"), MANY as u64);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.runtime.block_on(self.executor.storing().close());
    }
}

/// From the yes until all certificates are verified and written.
#[divan::bench(args = LIMITS, sample_count = 3, sample_size = 1)]
fn reissues(bencher: Bencher, limits: &str) {
    bencher
        .with_inputs(|| Desk::in_review(limits))
        .bench_local_refs(Desk::send);
}

/// The same requests by one `curl`, over one connection.
#[divan::bench(args = LIMITS, sample_count = 3, sample_size = 1)]
fn reissues_floor(bencher: Bencher, limits: &str) {
    bencher
        .with_inputs(|| {
            let server = server(limits);
            let folder = tempfile::tempdir().unwrap();
            let config = calls(&server, folder.path());
            std::fs::write(folder.path().join("calls"), config).unwrap();
            (server, folder)
        })
        .bench_local_refs(|(server, folder)| {
            let file = folder.path().join("calls");
            let status = Command::new("curl").arg("-K").arg(file).status().unwrap();
            assert!(status.success());
            assert_eq!(server.sandbox().calls_of("reissue"), MANY as u64);
        });
}

/// What curl is to send, each with a key of its own.
fn calls(server: &Server, folder: &Path) -> String {
    let (url, key) = (server.sandbox().url(), server.sandbox().key());
    let mut config = String::new();
    for order in orders(server) {
        let pair = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(order.names.clone()).unwrap();
        let csr = params.serialize_request(&pair).unwrap().pem().unwrap();
        let body = serde_json::json!({ "certificate": {
            "common_name": order.common_name,
            "dns_names": order.names,
            "csr": csr,
            "signature_hash": "sha256",
        } });
        let file = folder.join(order.id.to_string());
        std::fs::write(&file, body.to_string()).unwrap();
        if !config.is_empty() {
            config.push_str("next\n");
        }
        writeln!(
            config,
            "url = \"{url}/order/certificate/{}/reissue\"\nheader = \"X-DC-DEVKEY: {key}\"\n\
             header = \"Content-Type: application/json\"\ndata = \"@{}\"\nsilent\nfail\noutput = \"/dev/null\"",
            order.id,
            file.display()
        )
        .unwrap();
    }
    config
}
