//! kill -9 at each step of a write: whatever the moment, the next start knows what is on the account and what is not,
//! nothing is sent by itself, and what was typed is there as long as the account does not have it.
//!
//! ```text
//! typed --> in the journal --> at the account --> answered --> outcome in the journal
//!       x                  x                  x            x
//! ```

use std::path::Path;

use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;
use certdeck::store::Store;
use rstest::rstest;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::account::{Pick, Server};
use crate::gate::Gate;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, Ended, Pty, Setup, key};
use crate::work::{at, form, leave, open, paste, review};

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

/// The file of the store in a data folder.
fn file(folder: &Path) -> std::path::PathBuf {
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
        let lock = Connection::open(file(folder.path())).unwrap();
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        other = Some(lock);
        gate.open();
        pty.wait_condition("the answer to be taken", || gate.was_taken());
    }
    pty.signal(Signal::KILL);
    assert!(matches!(pty.wait_exit(), Ended::Killed(_)));
    gate.drop_held();
    drop(other);

    let arrived = matches!(step, Step::Sent | Step::Answered);
    let unknown = usize::from(step != Step::Typed);
    assert_eq!(store.open_ops().unwrap().len(), unknown, "the journal");
    assert_eq!(store.list_drafts().unwrap().len(), 1, "the draft");
    assert_eq!(done(&server, &order, letter), before + usize::from(arrived));

    let mut pty = start(&setup);
    if arrived {
        pty.send("W");
        pty.wait_for("Sent from here");
        pty.wait_for("issued and checked");
        pty.wait_condition("the draft to go", || {
            store.list_drafts().unwrap().is_empty()
        });
        pty.send(key("esc"));
        pty.wait_gone("Sent from here");
        pty.send("3");
        pty.wait_for("came of it");
    } else {
        if step == Step::Stored {
            pty.send("W");
            pty.wait_for("Sent from here");
            pty.wait_for("on the account so far");
            pty.send(key("esc"));
            pty.wait_gone("Sent from here");
        }
        open(&mut pty, &order);
        pty.send(letter);
        pty.wait_for("BEGIN CERTIFICATE REQUEST");
    }
    assert_eq!(
        server.sandbox().calls_of(endpoint),
        u64::from(arrived),
        "never by itself"
    );
    assert_eq!(done(&server, &order, letter), before + usize::from(arrived));
    leave(&mut pty);
}
