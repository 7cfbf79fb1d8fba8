//! Several desks on one account, two of them on one store: whatever gets lost, hangs or is killed in whatever order, in
//! the end everything that was wanted is on the account at most once, and each journal says of each request what became
//! of it.
//!
//! Each case has a seed of its own, and these follow one another. `DESKS_SEED=7 DESKS_CASES=3` runs those of 7, 8 and 9;
//! without it the first is drawn by lot, and a failure names the one that failed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use certdeck::app::effect::OpId;
use certdeck::app::msg::JournalRow;
use certdeck::app::operations::entries;
use certdeck::app::popup::Popup;
use certdeck::app::watch::WatchState;
use certdeck::domain::operation::Operation;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

use crate::account::{Pick, Server, is_good, pick};
use crate::desk::Desk;
use crate::openssl::{Kind, request};

/// Orders in the account, so that three are good to work on.
const ORDERS: usize = 24;

/// Cases in a run of all tests.
const CASES: u64 = 200;

/// Longer than a write waits for anything.
const PATIENCE: Duration = Duration::from_secs(101);

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Duplicate,
    Reissue,
    /// A duplicate that becomes a reissue which is stored as one.
    Beside,
    Note,
}

impl What {
    fn endpoint(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reissue | Self::Beside => "reissue",
            Self::Note => "note",
        }
    }
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    Vanishes,
    IsRefused,
}

/// A fault, what becomes of the request, and whether nobody answers until somebody gives up.
type Fault = (&'static str, Fate, bool);

const FAULTS: [Fault; 11] = [
    ("", Fate::Arrives, false),
    ("lost", Fate::Arrives, false),
    ("late500", Fate::Arrives, false),
    ("latehtml502", Fate::Arrives, false),
    ("cut", Fate::Arrives, false),
    ("slowbody=20m", Fate::Arrives, true),
    ("reset", Fate::Vanishes, false),
    ("500", Fate::Vanishes, false),
    ("html502", Fate::Vanishes, false),
    ("hang", Fate::Vanishes, true),
    ("429", Fate::IsRefused, false),
];

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody wants something.
    Send(usize, What, Fault),
    /// What did not arrive is sent again.
    Again(usize, Fault),
    /// A desk goes on until it waits for nothing.
    Finish(usize),
    /// A desk is killed, and started again.
    Kill(usize),
    /// A desk goes to another account for a while.
    Away(usize),
    /// The clock of a desk's machine is set, by so many seconds.
    Clock(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let desk = 0..3_usize;
    let fault = prop::sample::select(&FAULTS[..]);
    let what =
        prop::sample::select(&[What::Duplicate, What::Reissue, What::Beside, What::Note][..]);
    prop_oneof![
        4 => (desk.clone(), what, fault.clone()).prop_map(|(desk, what, fault)| Step::Send(desk, what, fault)),
        2 => (desk.clone(), fault).prop_map(|(desk, fault)| Step::Again(desk, fault)),
        1 => desk.clone().prop_map(Step::Finish),
        2 => desk.clone().prop_map(Step::Kill),
        1 => desk.clone().prop_map(Step::Away),
        1 => (desk, prop::sample::select(&[-86_400, -3600, -90, 1200, 34_560_000][..]))
            .prop_map(|(desk, by)| Step::Clock(desk, by)),
    ]
}

/// Something that somebody wanted.
struct Want {
    desk: usize,
    what: What,
    /// The CSR, or the note.
    text: String,
    /// Every request for it, and what becomes of that.
    sent: Vec<(OpId, Fate)>,
}

/// What all cases share: making keys is most of what a case would take by itself.
struct Made {
    /// Where an account is kept from which each case has its own; in memory where the system has a place there.
    folder: TempDir,
    orders: Vec<Pick>,
    /// CSRs for the names of each order. A case uses each once.
    csrs: Mutex<HashMap<(u64, usize), String>>,
    /// Another account, on which nobody wants anything.
    other: Server,
}

impl Made {
    fn new() -> Self {
        let folder = in_memory();
        let options = SandboxOptions {
            orders: ORDERS,
            state_file: Some(folder.path().join("account")),
            ..SandboxOptions::default()
        };
        let server = Server::with(options);
        let now = server.sandbox().now();
        let orders: Vec<Pick> = server.sandbox().with_account(|account| {
            let all = account.orders().iter();
            let good = all.filter(|order| is_good(account, order, Approval::Off, now));
            good.take(3).map(pick).collect()
        });
        assert_eq!(orders.len(), 3);
        // What is made when it is first read is made here.
        let mut desk = Desk::open(&server);
        for order in &orders {
            desk.open_order(order.id);
            desk.home();
        }
        drop(desk);
        server.stop();
        Self {
            folder,
            orders,
            csrs: Mutex::default(),
            other: Server::with(SandboxOptions {
                orders: 3,
                seed: 2,
                ..SandboxOptions::default()
            }),
        }
    }

    /// The account as it was at the beginning.
    fn account(&self, folder: &Path) -> Server {
        let kept = folder.join("account");
        std::fs::copy(self.folder.path().join("account"), &kept).unwrap();
        Server::with(SandboxOptions {
            state_file: Some(kept),
            ..SandboxOptions::default()
        })
    }

    /// A CSR that nobody else in this case has.
    fn csr(&self, order: &Pick, number: usize) -> String {
        let mut csrs = self.csrs.lock().unwrap();
        let csr = csrs.entry((order.id, number));
        csr.or_insert_with(|| request(Kind::Ec, &order.names).csr)
            .clone()
    }
}

/// A folder whose files need no disk, where the system has a place for such.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

struct Office<'a> {
    made: &'a Made,
    server: &'a Server,
    stores: Vec<PathBuf>,
    desks: Vec<Option<Desk<'a>>>,
    wants: Vec<Want>,
}

impl<'a> Office<'a> {
    fn new(made: &'a Made, server: &'a Server, folder: &Path) -> Self {
        let stores = ["shared", "shared", "own"]
            .map(|name| folder.join(name))
            .to_vec();
        let desks = stores
            .iter()
            .map(|store| Some(Desk::on_disk(server, store)))
            .collect();
        Self {
            made,
            server,
            stores,
            desks,
            wants: Vec::new(),
        }
    }

    fn desk(&mut self, at: usize) -> &mut Desk<'a> {
        self.desks[at].as_mut().unwrap()
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Send(at, what, fault) => {
                self.finish(at);
                let number = self.wants.len();
                let text = match what {
                    What::Note => format!("note {number}"),
                    _ => self.made.csr(&self.made.orders[at], number),
                };
                self.wants.push(Want {
                    desk: at,
                    what,
                    text,
                    sent: Vec::new(),
                });
                self.send(number, fault);
            }
            Step::Again(at, fault) => {
                self.finish(at);
                let missing = self.wants.iter().rposition(|want| want.desk == at);
                let missing = missing.filter(|number| {
                    let last = self.wants[*number].sent.last();
                    last.is_some_and(|(_, fate)| *fate != Fate::Arrives)
                });
                if let Some(number) = missing {
                    self.send(number, fault);
                }
            }
            Step::Finish(at) => self.finish(at),
            Step::Kill(at) => {
                self.desks[at] = None;
                self.desks[at] = Some(Desk::on_disk(self.server, &self.stores[at]));
            }
            Step::Away(at) => {
                let (home, other) = (self.server, &self.made.other);
                let desk = self.desk(at);
                desk.go_to(other.sandbox(), "other");
                // Whatever is asked to be done there is nothing of this account's.
                for key in ["W", "s", "enter", "esc", "R"] {
                    desk.key(key);
                    desk.settle_reads();
                }
                desk.go_to(home.sandbox(), "flow");
            }
            Step::Clock(at, by) => self.desk(at).step_clock(SignedDuration::from_secs(by)),
        }
    }

    fn send(&mut self, number: usize, (fault, fate, endless): Fault) {
        let want = &self.wants[number];
        let (at, what, text) = (want.desk, want.what, want.text.clone());
        let again = !want.sent.is_empty();
        let order = self.made.orders[at].id;
        let endpoint = what.endpoint();
        let sandbox = self.server.sandbox();
        let calls = sandbox.calls_of(endpoint);
        let spec = if fault.is_empty() {
            String::new()
        } else {
            format!("{fault}@{endpoint}")
        };
        sandbox.set_faults(&spec).unwrap();
        let desk = self.desk(at);
        desk.home();
        desk.open_order(order);
        if what == What::Note {
            ask_for_a_note(desk);
            desk.type_text(&text);
        } else {
            let from_duplicate = what == What::Duplicate || (what == What::Beside && !again);
            desk.key(if from_duplicate { "d" } else { "r" });
            desk.settle();
            if what == What::Beside && !again {
                desk.paste(&text);
                desk.key("ctrl-t");
                desk.settle();
            }
            let form = desk.model.form.as_ref().expect("a form");
            if again {
                assert!(form.is_dirty(), "what was typed is kept");
            } else {
                desk.paste(&text);
            }
            desk.key("ctrl-s");
        }
        desk.key("enter");
        assert!(desk.model.form.is_none(), "{:?}", desk.model.told);
        let op = desk.model.watches[0].op.clone();
        if endless {
            desk.until_account("the request", |server| {
                server.sandbox().calls_of(endpoint) > calls
            });
        } else {
            desk.settle();
        }
        self.wants[number].sent.push((op, fate));
        self.server.sandbox().set_faults("").unwrap();
    }

    fn finish(&mut self, at: usize) {
        let desk = self.desk(at);
        desk.outwait(PATIENCE);
        desk.settle();
        while desk.model.watches.iter().any(|watch| watch.state.is_open()) {
            desk.wait_for_the_deadline();
        }
        for watch in &desk.model.watches {
            if let WatchState::Done { problems, .. } = &watch.state {
                assert!(problems.is_empty(), "{problems:?}");
            }
        }
    }

    /// How often the account has what somebody wanted.
    fn effects(&self, want: &Want) -> usize {
        let order = self.made.orders[want.desk].id;
        let bare = |text: &str| -> String {
            let words =
                ["BEGIN", "END"].map(|word| format!("-----{word} CERTIFICATE REQUEST-----"));
            let text = text.replace(&words[0], "").replace(&words[1], "");
            text.split_whitespace().collect()
        };
        self.server.sandbox().with_account(|account| {
            let order = account.order(order).unwrap();
            match want.what {
                What::Note => order
                    .notes
                    .iter()
                    .filter(|note| note.text == want.text)
                    .count(),
                _ => order
                    .certificates
                    .iter()
                    .filter_map(|certificate| certificate.material.get())
                    .filter(|material| bare(&material.csr) == bare(&want.text))
                    .count(),
            }
        })
    }

    fn check(&mut self) {
        for what in [What::Duplicate, What::Reissue, What::Note] {
            let calls = self.made.other.sandbox().calls_of(what.endpoint());
            assert_eq!(calls, 0, "{what:?} went to the other account");
        }
        for at in 0..3 {
            self.finish(at);
            let desk = self.desk(at);
            desk.home();
            desk.key("3");
            desk.settle();
        }
        for want in &self.wants {
            let arrived = want
                .sent
                .iter()
                .filter(|(_, fate)| *fate == Fate::Arrives)
                .count();
            let effects = self.effects(want);
            assert!(effects <= 1, "{:?} is there {effects} times", want.what);
            assert_eq!(effects, arrived, "{:?}", want.what);
            let desk = self.desks[want.desk].as_ref().unwrap();
            if arrived > 0 && want.what != What::Note {
                let line = want.text.lines().nth(2).unwrap();
                let mut drafts = desk.model.drafts.values();
                let left = drafts.find(|draft| draft.contains(line));
                assert_eq!(left, None, "what was sent is begun no more");
            }
            for (op, fate) in &want.sent {
                let row = desk.model.journal.rows.iter().find(|row| row.op == *op);
                let row = row.expect("the journal has it");
                assert!(is_true(want.what, *fate, row), "{fate:?}: {row:?}");
            }
        }
    }
}

fn ask_for_a_note(desk: &mut Desk<'_>) {
    desk.key("m");
    desk.settle();
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let lines = entries(&desk.model, menu);
    let at = lines
        .iter()
        .position(|line| line.operation == Operation::Note);
    for _ in 0..at.expect("notes are offered") {
        desk.key("j");
    }
    desk.key("enter");
}

fn is_true(what: What, fate: Fate, row: &JournalRow) -> bool {
    let words = row.outcome.as_deref().unwrap_or_default();
    let absent = words.contains("nothing of it was found");
    match fate {
        Fate::IsRefused => words.starts_with("refused (429)"),
        Fate::Vanishes => absent,
        Fate::Arrives => {
            let told = words.starts_with("accepted") || words.starts_with("no clear answer; ");
            told && !absent && (what == What::Note || row.certificate.is_some())
        }
    }
}

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

fn rng(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

#[test]
fn what_is_wanted_is_there_at_most_once_and_the_journals_are_true() {
    let made = Made::new();
    let first = number("DESKS_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    let end = first + number("DESKS_CASES").unwrap_or(CASES);
    let next = AtomicU64::new(first);
    let hands = std::thread::available_parallelism().map_or(1, |hands| hands.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    run(&made, seed);
                }
            });
        }
    });
}

fn run(made: &Made, seed: u64) {
    let config = Config {
        cases: 1,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng(seed));
    let run = runner.run(&prop::collection::vec(step(), 2..7), |steps| {
        let folder = in_memory();
        let server = made.account(folder.path());
        let mut office = Office::new(made, &server, folder.path());
        for step in steps {
            office.take(step);
        }
        office.check();
        Ok(())
    });
    if let Err(error) = run {
        panic!("DESKS_SEED={seed} DESKS_CASES=1: {error}");
    }
}
