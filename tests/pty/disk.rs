//! Disks that are full, fill up, or cannot be written: it is told, the desk goes on, and nothing is sent that is not
//! written down, unless the operator says so.

use std::path::Path;

use certdeck::sandbox::model::Approval;
use certdeck::store::Store;
use rustix::process::{Pid, Resource, Rlimit, getuid, prlimit};

use crate::account::Server;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, Setup, key};
use crate::work::{at, form, leave, open, paste, review};

/// From now on the process can write no file beyond its first 4 KiB, as on a disk without room; or again all of it.
fn disk_is_full(pid: Pid, full: bool) {
    let limit = Rlimit {
        current: full.then_some(4096),
        maximum: None,
    };
    prlimit(Some(pid), Resource::Fsize, limit).unwrap();
}

/// The desk, with a signal ignored that a disk never sends.
fn setup(server: &Server, folder: &Path) -> Setup {
    let ignoring = r#"trap '' XFSZ; exec "$0" "$@""#;
    let desk = at(&server.sandbox().url(), server.sandbox().key());
    desk.through("sh", &["-c", ignoring])
        .env("XDG_DATA_HOME", folder.to_str().unwrap())
}

#[test]
fn a_disk_that_fills_up_is_told_and_keeps_what_has_no_record_from_being_sent() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let before = server.certificates(order.id);
    let folder = tempfile::tempdir().unwrap();
    let mut pty = setup(&server, folder.path()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    disk_is_full(pty.pid(), true);
    paste(&mut pty, &made.csr);
    pty.wait_for("The draft is not stored");
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("Send without the journal?");
    pty.send(key("esc"));
    pty.wait_gone("Send without the journal?");
    assert_eq!(server.sandbox().calls_of("duplicate"), 0);

    // The form is as it was typed. There is room again, and it goes its usual way.
    disk_is_full(pty.pid(), false);
    pty.send(key("esc"));
    pty.wait_gone("Watch list");
    pty.send("d");
    pty.wait_for("BEGIN CERTIFICATE REQUEST");
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    assert_eq!(server.certificates(order.id), before + 1);
    leave(&mut pty);
}

#[test]
fn a_list_that_is_not_kept_is_told_once_and_shown_all_the_same() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut pty = setup(&server, folder.path()).start();
    pty.wait_for("Orders 250");
    disk_is_full(pty.pid(), true);
    pty.send("R");
    pty.wait_for("The list of orders is not stored");
    pty.send("j");
    pty.wait_gone("The list of orders is not stored");
    pty.wait_for("Orders 250");
    leave(&mut pty);
}

#[test]
fn an_end_leaves_one_file_with_everything_in_it() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let folder = tempfile::tempdir().unwrap();
    let mut pty = setup(&server, folder.path()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    leave(&mut pty);
    let entries = std::fs::read_dir(folder.path().join("certdeck")).unwrap();
    let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    let [file] = &files[..] else {
        panic!("{files:?}");
    };
    let alone = folder.path().join("alone.sqlite");
    std::fs::copy(file, &alone).unwrap();
    let store = Store::open(&alone).unwrap();
    let journal = store.list(10).unwrap();
    assert_eq!(journal.len(), 1);
    assert!(journal[0].findings.is_some(), "the last that happened");
    assert_eq!(store.list_drafts().unwrap(), []);
}

#[test]
fn after_an_explicit_yes_it_is_sent_on_a_full_disk() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let before = server.certificates(order.id);
    let folder = tempfile::tempdir().unwrap();
    let mut pty = setup(&server, folder.path()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    disk_is_full(pty.pid(), true);
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("Send without the journal?");
    pty.send(&order.id.to_string());
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    pty.wait_for("sent without the journal");
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    assert_eq!(server.certificates(order.id), before + 1);
    leave(&mut pty);
}

#[test]
fn what_cannot_be_written_is_shown_as_it_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut pty = setup(&server, folder.path()).start();
    pty.wait_for("Orders 250");
    leave(&mut pty);

    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let data = folder.path().join("certdeck");
    for entry in std::fs::read_dir(&data).unwrap() {
        mode(&entry.unwrap().path(), 0o444);
    }
    mode(&data, 0o555);
    mode(folder.path(), 0o755);
    let mut desk = setup(&server, folder.path());
    if getuid().is_root() {
        // Modes do not bind root.
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
        desk = desk.through("setpriv", &nobody).env("HOME", "/nonexistent");
    }
    // Nobody answers any more: what is shown is what was kept.
    server.stop();
    let mut pty = desk.start();
    pty.wait_for("Orders 250");
    pty.wait_for("could not write the state file");
    leave(&mut pty);
    mode(&data, 0o755);
}
