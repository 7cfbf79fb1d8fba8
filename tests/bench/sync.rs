//! What it costs to read 100,000 orders from a sandbox of its own process, with the rate windows off, into an empty store and
//! a desk, side by side with the least that can cost: `curl`, which fetches the same pages one after another and throws them
//! away. Both as they are, and packed by gzip.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that panics is a bench that fails"
)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::update;
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::domain::packed::Rows;
use certdeck::keys::KeyMap;
use certdeck::store::Store;
use certdeck::sync::{Known, SyncEvent, run};
use divan::Bencher;
use jiff::Timestamp;
use tokio::sync::mpsc;

const ORDERS: u64 = 100_000;
/// Rows of a page, of which the last is the first of the next one.
const PAGE: u64 = 1000;
/// Pages that the desk stores together.
const TOGETHER: usize = 8;
const KEY: &str = "MADE-UP-KEY-FOR-BENCHES";

fn main() {
    divan::main();
}

/// A sandbox in a process of its own, ended when dropped.
struct Sandbox(Child, String);

impl Sandbox {
    fn start(bodies: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_certdeck"))
            .args(["sandbox", "--no-limits", "--listen", "127.0.0.1:0"])
            .args(["--key", KEY])
            .args(["--orders", &ORDERS.to_string()])
            .args((bodies == PLAIN).then_some("--no-gzip"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// How bodies are sent.
const PLAIN: &str = "plain";
const BODIES: [&str; 2] = [PLAIN, "gzip"];

/// A desk that shows what the store holds.
fn desk() -> Model {
    let size = (120, 40);
    let keymap = KeyMap::default();
    let now = Timestamp::now();
    let mut model = Model::new(size, keymap, Look::default(), "bench".into(), now);
    model.engine.account.connection = Some(Connection {
        profile: "bench".into(),
        account: "bench".into(),
        url: "http://127.0.0.1:1/services/v2".into(),
        sandbox: false,
        key: Ok("the test".into()),
    });
    model
}

fn show(desk: &mut Model, rows: Arc<Rows>) {
    let account = "bench".into();
    update(desk, Msg::Cached { account, rows }, Timestamp::now());
}

/// The whole list into an empty store in memory, and a desk that shows it.
#[divan::bench(args = BODIES, sample_count = 5, sample_size = 1)]
fn full(bencher: Bencher, bodies: &str) {
    let sandbox = Sandbox::start(bodies);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let read = || {
        let options = ClientOptions {
            windows: Vec::new(),
            ..ClientOptions::default()
        };
        let client = Client::with_options(&sandbox.1, &KEY.to_owned().into(), options).unwrap();
        let mut store = Store::in_memory().unwrap();
        let mut desk = desk();
        let stored = runtime.block_on(async {
            let (events, mut heard) = mpsc::channel(2);
            let reads = client.background_reads();
            let task = tokio::spawn(run(reads, Known::default(), Timestamp::now, events));
            // As the desk has it: the store in a thread of its own.
            let (keep, kept) = std::sync::mpsc::channel::<Arc<Rows>>();
            let storing = std::thread::spawn(move || {
                let mut kept = kept.into_iter().peekable();
                while kept.peek().is_some() {
                    let pages: Vec<Arc<Rows>> = kept.by_ref().take(TOGETHER).collect();
                    let pages = pages.iter().map(AsRef::as_ref);
                    store.upsert_pages("bench", pages).unwrap();
                }
                store
            });
            while let Some(event) = heard.recv().await {
                match event {
                    SyncEvent::Newest { rows, .. } => show(&mut desk, rows),
                    SyncEvent::Page { rows, .. } => {
                        keep.send(Arc::clone(&rows)).unwrap();
                        show(&mut desk, rows);
                    }
                    SyncEvent::Failed(error) => panic!("{error}"),
                    SyncEvent::Finished { .. } => show(&mut desk, Arc::default()),
                }
            }
            task.await.unwrap();
            drop(keep);
            storing.join().unwrap()
        });
        (stored, desk)
    };
    // What comes is looked at once, and not measured.
    let (stored, desk) = read();
    assert_eq!(stored.order_ids("bench").unwrap().len() as u64, ORDERS);
    assert_eq!(desk.orders.view.len() as u64, ORDERS);
    bencher.bench_local(read);
}

/// The same pages by one `curl` over one connection.
#[divan::bench(args = BODIES, sample_count = 5, sample_size = 1)]
fn full_floor(bencher: Bencher, bodies: &str) {
    let sandbox = Sandbox::start(bodies);
    let mut config = format!("header = \"X-DC-DEVKEY: {KEY}\"\nsilent\nfail\ncompressed\n");
    for page in 0..=ORDERS / PAGE {
        let offset = page * (PAGE - 1);
        writeln!(
            config,
            "url = \"{}/order/certificate?sort=order_id&limit={PAGE}&offset={offset}\"\noutput = \"/dev/null\"",
            sandbox.1
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pages");
    std::fs::write(&file, config).unwrap();
    bencher.bench_local(|| {
        let status = Command::new("curl").arg("-K").arg(&file).status().unwrap();
        assert!(status.success());
    });
}
