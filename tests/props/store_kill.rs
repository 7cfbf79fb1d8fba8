//! A process is killed while it sends: the next one knows, and one that still lives is left in peace.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use certdeck::domain::write::{Owner, Record};
use certdeck::store::{Draft, DraftKey, Store};
use jiff::Timestamp;

use crate::fixtures::intent;

const PLACE: &str = "CERTDECK_TEST_STORE";
const BEGUN: &str = "intent stored";

/// What is on its way, or has to be looked up.
fn unsure(store: &Store) -> Vec<Record> {
    let mut open = store.unsettled().unwrap();
    open.retain(|entry| entry.is_running() || entry.is_unknown());
    open
}

fn draft() -> Draft {
    Draft {
        key: DraftKey {
            kind: "duplicate".into(),
            order: None,
        },
        json: "{}".into(),
        refusal: None,
        updated: Timestamp::UNIX_EPOCH,
    }
}

// The other process: started by the test below, and as a test of its own it has nothing to do.
#[test]
fn sender() {
    let Ok(path) = std::env::var(PLACE) else {
        return;
    };
    let mut store = Store::open(Path::new(&path)).unwrap();
    store.save_draft(&draft()).unwrap();
    store.begin(&intent("1")).unwrap();
    println!("\n{BEGUN}");
    // Until killed; an end of input means that the test itself has died.
    let _ = std::io::stdin().read_line(&mut String::new());
    std::process::exit(0);
}

fn start_sender(path: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["store_kill::sender", "--exact", "--nocapture"])
        .env(PLACE, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line == BEGUN),
        "the sender ended before its intent was stored"
    );
    child
}

#[test]
fn a_killed_sender_leaves_an_unknown_outcome_and_its_draft() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut child = start_sender(&path);
    let store = Store::open(&path).unwrap();

    let open = unsure(&store);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].owner, Owner::Other { pid: child.id() });
    assert!(!open[0].is_unknown(), "it may still be answered");

    child.kill().unwrap();
    child.wait().unwrap();
    let open = unsure(&store);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].intent, intent("1"));
    assert!(open[0].is_unknown());
    assert_eq!(store.list_drafts().unwrap(), [draft()]);
}
