//! kill -9 at each step of a write: whatever the moment, the next start knows what is on the account and what is not,
//! nothing is sent by itself, and what was typed is there as long as the account does not have it.
//!
//! ```text
//! typed --> in the journal --> at the account --> answered --> outcome in the journal
//!       x                  x                  x            x
//! ```

use std::path::Path;

use certdeck::domain::write::Found;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{
    Account, Approval, Order, OrderStatus, Request, RequestKind, RequestStatus,
};
use certdeck::store::Store;
use rstest::rstest;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::account::{Pick, Server, pick};
use crate::gate::Gate;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, Ended, Pty, Setup, key};
use crate::work::{after_a_paste, at, field, filter, form, leave, open, paste, review, type_text};

/// When it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Reviewed, not confirmed: the journal has nothing.
    Typed,
    /// In the journal; what is sent has not come as far as the account.
    Stored,
    /// The account has it, does the work, and its answer is on the way.
    Sent,
    /// The answer is here, and the outcome is not in the journal yet.
    Answered,
}

/// How many in the journal are on their way, or have to be looked up.
fn unsure(store: &Store) -> usize {
    let mut open = store.unsettled().unwrap();
    open.retain(|entry| entry.is_running() || entry.is_unknown());
    open.len()
}

/// The file of the store in a data folder.
pub fn file(folder: &Path) -> std::path::PathBuf {
    std::fs::read_dir(folder.join("certdeck"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "sqlite"))
        .expect("a store")
}

/// How often the account has done what the key asks for.
fn done(server: &Server, order: &Pick, letter: &str) -> usize {
    match letter {
        "n" => server.sandbox().with_account(|account| {
            let all = account.orders().iter();
            all.filter(|new| new.renewal_of == Some(order.id)).count()
        }),
        _ => server.certificates(order.id),
    }
}

fn start(setup: &Setup) -> Pty {
    let mut pty = setup.clone().start();
    pty.wait_for("Orders 1,000");
    pty
}

/// Sends what is on the screen to be confirmed, as far as this step, and kills the desk there.
fn kill(mut pty: Pty, step: Step, gate: &Gate, folder: &Path) {
    match step {
        Step::Typed => {}
        Step::Stored => gate.hold_requests(),
        Step::Sent | Step::Answered => gate.hold_answers(),
    }
    if step != Step::Typed {
        pty.send(ENTER);
        pty.wait_for("sending…");
        pty.wait_condition("it to be held", || gate.is_holding());
    }
    let mut other = None;
    if step == Step::Answered {
        // Whoever else writes the store keeps the outcome out of it.
        let lock = Connection::open(file(folder)).unwrap();
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        other = Some(lock);
        gate.open();
        pty.wait_condition("the answer to be taken", || gate.was_taken());
    }
    pty.signal(Signal::KILL);
    assert!(matches!(pty.wait_exit(), Ended::Killed(_)));
    gate.drop_held();
    drop(other);
}

/// The disk lags no more than a tenth of a second behind the hands.
#[test]
fn what_was_typed_a_tenth_of_a_second_ago_is_there_again() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let folder = tempfile::tempdir().unwrap();
    let setup = at(&server.sandbox().url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.path().to_str().unwrap());
    let mut pty = setup.clone().start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    type_text(&mut pty, "half a CSR of web");
    pty.wait_for("half a CSR of web");
    pty.wait_quiet(std::time::Duration::from_millis(100));
    pty.signal(Signal::KILL);
    assert!(matches!(pty.wait_exit(), Ended::Killed(_)));

    let mut pty = setup.start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    pty.send("d");
    pty.wait_for("half a CSR of web");
    leave(&mut pty);
}

#[rstest]
fn the_next_start_knows(
    #[values(("d", "duplicate"), ("r", "reissue"), ("n", "place"))] kind: (&str, &str),
    #[values(Step::Typed, Step::Stored, Step::Sent, Step::Answered)] step: Step,
) {
    let (letter, endpoint) = kind;
    let server = Server::with(SandboxOptions {
        orders: 1000,
        ..SandboxOptions::default()
    });
    let order = match letter {
        "n" => server.pick_to_renew(Approval::Off),
        _ => server.pick(Approval::Off),
    };
    let made = openssl::request(Kind::Ec, &order.names);
    let before = done(&server, &order, letter);
    let gate = Gate::before(&server.sandbox().url());
    let folder = tempfile::tempdir().unwrap();
    let setup = at(gate.url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.path().to_str().unwrap());

    let mut pty = start(&setup);
    open(&mut pty, &order);
    form(&mut pty, letter);
    paste(&mut pty, &made.csr);
    review(&mut pty);
    let store = Store::open(&file(folder.path())).unwrap();
    pty.wait_condition("the draft on the disk", || {
        store.list_drafts().unwrap().len() == 1
    });
    kill(pty, step, &gate, folder.path());

    let arrived = matches!(step, Step::Sent | Step::Answered);
    let unknown = usize::from(step != Step::Typed);
    assert_eq!(unsure(&store), unknown, "the journal");
    assert_eq!(store.list_drafts().unwrap().len(), 1, "the draft");
    assert_eq!(done(&server, &order, letter), before + usize::from(arrived));

    let mut pty = start(&setup);
    if arrived {
        pty.send("W");
        pty.wait_for("Watch list");
        pty.wait_for("issued and verified");
        pty.wait_condition("the draft to go", || {
            store.list_drafts().unwrap().is_empty()
        });
        pty.send(key("esc"));
        pty.wait_gone("Watch list");
        pty.send("3");
        pty.wait_for("resulted in");
    } else {
        if step == Step::Stored {
            pty.send("W");
            pty.wait_for("Watch list");
            pty.wait_for("in CertCentral so far");
            pty.send(key("esc"));
            pty.wait_gone("Watch list");
        }
        open(&mut pty, &order);
        pty.send(letter);
        pty.wait_for("END CERTIFICATE REQUEST");
    }
    assert_eq!(
        server.sandbox().calls_of(endpoint),
        u64::from(arrived),
        "never by itself"
    );
    assert_eq!(done(&server, &order, letter), before + usize::from(arrived));
    leave(&mut pty);
}

/// What is done with an order without a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Note,
    Approve,
    CancelOrder,
    Revoke,
    AutoReissue,
}

impl Work {
    fn endpoint(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Approve => "approve",
            Self::CancelOrder => "status",
            Self::Revoke => "revoke",
            Self::AutoReissue => "auto-reissue",
        }
    }

    /// An order to do it with, and the request that is about it.
    fn target(self, server: &Server) -> (Pick, u64) {
        let pending = |account: &Account, order: &Order| {
            let mut requests = order.requests.iter().filter_map(|id| account.request(*id));
            let wanted = |request: &&Request| {
                request.status == RequestStatus::Pending
                    && request.kind == RequestKind::Reissue
                    && !request.two_step
            };
            requests.find(wanted).map(|request| request.id)
        };
        let first = |wanted: &dyn Fn(&Account, &Order) -> Option<u64>| {
            server.sandbox().with_account(|account| {
                let mut orders = account.orders().iter();
                orders.find_map(|order| Some((pick(order), wanted(account, order)?)))
            })
        };
        let found = match self {
            Self::Note | Self::Revoke => Some((server.pick(Approval::Off), 0)),
            Self::Approve => first(&pending),
            Self::CancelOrder => {
                first(&|_, order| (order.status == OrderStatus::Pending).then_some(0))
            }
            Self::AutoReissue => first(&|_, order| {
                let off = order.is_multi_year_plan && !order.auto_reissue;
                (off && order.status == OrderStatus::Issued).then_some(0)
            }),
        };
        found.expect("something to work on")
    }

    /// Does everything but the last Enter.
    fn ask(self, pty: &mut Pty, order: &Pick, request: u64) {
        if self == Self::Approve {
            pty.send("2");
            pty.wait_for("TYPE");
            pty.send("/");
            pty.wait_for("Enter apply");
            type_text(pty, &request.to_string());
            pty.send(ENTER);
            pty.wait_for("a approve");
            pty.send("a");
            pty.wait_for(r#"{"status":"approved"}"#);
            return;
        }
        filter(pty, &order.id.to_string());
        pty.wait_for("Orders 1 of");
        pty.send(ENTER);
        pty.wait_for("Enter open");
        pty.send(ENTER);
        pty.wait_for("o next tab");
        pty.wait_for("Organization");
        pty.send("m");
        pty.wait_for("Add a note");
        // The lines change until the order was read.
        pty.wait_for(match self {
            Self::CancelOrder => "▸ Add a note",
            _ => "Revoke certificate",
        });
        after_a_paste(pty);
        let line = match self {
            Self::CancelOrder => "▸ Cancel the order",
            Self::Revoke => "▸ Revoke certificate",
            Self::AutoReissue => "▸ Turn on auto-reissue",
            Self::Note | Self::Approve => "▸ Add a note",
        };
        for _ in 0..10 {
            if pty.text().contains(line) {
                break;
            }
            pty.mark();
            pty.send("j");
            pty.wait_frame();
        }
        after_a_paste(pty);
        pty.send(ENTER);
        match self {
            Self::Note => {
                pty.wait_for("/note");
                type_text(pty, "seen");
            }
            Self::CancelOrder => {
                pty.wait_for(r#""status":"canceled""#);
                type_text(pty, "not needed");
            }
            Self::Revoke => {
                pty.wait_for("Order number");
                field(pty, "Order number");
                type_text(pty, &order.id.to_string());
            }
            Self::AutoReissue | Self::Approve => pty.wait_for("auto_reissue"),
        }
    }

    /// How often the account has done it.
    fn done(self, server: &Server, order: &Pick, request: u64) -> usize {
        server.sandbox().with_account(|account| {
            let order = account.order(order.id).unwrap();
            match self {
                Self::Note => order.notes.len(),
                Self::Approve => {
                    let request = account.request(request).unwrap();
                    usize::from(request.status == RequestStatus::Approved)
                }
                Self::CancelOrder => usize::from(order.status == OrderStatus::Canceled),
                // It asks for an approval first.
                Self::Revoke => order.requests.len(),
                Self::AutoReissue => usize::from(order.auto_reissue),
            }
        })
    }
}

#[rstest]
fn the_next_start_knows_of_what_no_form_sends(
    #[values(
        Work::Note,
        Work::Approve,
        Work::CancelOrder,
        Work::Revoke,
        Work::AutoReissue
    )]
    work: Work,
    #[values(Step::Typed, Step::Stored, Step::Sent, Step::Answered)] step: Step,
) {
    let server = Server::with(SandboxOptions {
        orders: 1000,
        ..SandboxOptions::default()
    });
    let (order, request) = work.target(&server);
    let before = work.done(&server, &order, request);
    let gate = Gate::before(&server.sandbox().url());
    let folder = tempfile::tempdir().unwrap();
    let setup = at(gate.url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.path().to_str().unwrap());

    let mut pty = start(&setup);
    work.ask(&mut pty, &order, request);
    kill(pty, step, &gate, folder.path());

    let arrived = matches!(step, Step::Sent | Step::Answered);
    let done = || work.done(&server, &order, request) - before;
    let calls = || server.sandbox().calls_of(work.endpoint());
    let store = Store::open(&file(folder.path())).unwrap();
    let unknown = usize::from(step != Step::Typed);
    assert_eq!(unsure(&store), unknown, "the journal");
    assert_eq!(done(), usize::from(arrived));

    let mut pty = start(&setup);
    if step != Step::Typed {
        let looked_up = || store.list(1).unwrap()[0].resolved.clone();
        pty.wait_condition("it to be looked up", || looked_up().is_some());
        let missing = looked_up().unwrap().what == Found::NotArrived;
        assert_eq!(missing, !arrived, "{:?}", looked_up());
    }
    assert_eq!(done(), usize::from(arrived));
    assert_eq!(calls(), u64::from(arrived), "never by itself");
    if step == Step::Stored {
        pty.send("W");
        pty.wait_for("s send again");
        pty.send("s");
        pty.wait_for("Send it again?");
        if pty.text().contains("and press Enter to send again") {
            let number = order.id.to_string();
            pty.mark();
            pty.send(&number);
            pty.wait_frame();
        }
        pty.send(ENTER);
        pty.wait_condition("it to arrive", || done() == 1);
        assert_eq!(calls(), 1);
    }
    leave(&mut pty);
}
