//! Many CSRs against an account: one certificate each, never two, however often the run is stopped.

use std::path::Path;

use certdeck::app::bulk::{BulkList, Standing};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::Approval;
use tempfile::TempDir;

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::openssl::{Kind, Made, key_of_certificate, key_of_csr, request, split};

/// CSRs in a folder, beside something that is none.
fn folder(order: &Pick, count: usize) -> (TempDir, Vec<Made>) {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<Made> = (0..count)
        .map(|_| request(Kind::Ec, &order.names))
        .collect();
    for (at, made) in made.iter().enumerate() {
        std::fs::write(folder.path().join(format!("host{at}.csr")), &made.csr).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "none").unwrap();
    (folder, made)
}

fn open(desk: &mut Desk<'_>, folder: &Path) {
    desk.press("b");
    desk.settle();
    desk.type_text(folder.to_str().unwrap());
    desk.press("enter");
    desk.settle();
}

fn confirm(desk: &mut Desk<'_>, order: u64) {
    desk.settle();
    desk.press("ctrl-s");
    desk.type_text(&order.to_string());
    desk.press("enter");
}

fn to_the_end(desk: &mut Desk<'_>) {
    desk.settle();
    while desk
        .model
        .engine
        .writes
        .all
        .iter()
        .any(|watch| watch.stage.is_open())
    {
        desk.wait_for_the_deadline();
    }
}

fn list<'a>(desk: &'a Desk<'_>, order: u64) -> &'a BulkList {
    desk.model
        .engine
        .bulk
        .get(OrderId(order))
        .expect("its list")
}

fn sent(desk: &Desk<'_>, order: u64) -> usize {
    let rows = &list(desk, order).rows;
    rows.iter()
        .filter(|row| matches!(row.standing, Standing::Sent(_)))
        .count()
}

/// The keys of the certificates in the files of a folder, which are named after the order.
fn keys_written(folder: &Path, order: u64) -> Vec<String> {
    let mut keys: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "pem"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(name.contains(&format!("-{order}-")), "{name}");
            let pem = std::fs::read_to_string(&path).unwrap();
            key_of_certificate(&split(&pem)[0])
        })
        .collect();
    keys.sort();
    keys
}

fn keys_asked(made: &[Made]) -> Vec<String> {
    let mut keys: Vec<String> = made.iter().map(|made| key_of_csr(&made.csr)).collect();
    keys.sort();
    keys
}

#[test]
fn five_csrs_become_five_certificates_and_files_although_the_run_was_stopped() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let before = server.certificates(order.id);
    let (folder, made) = folder(&order, 5);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    open(&mut desk, folder.path());
    confirm(&mut desk, order.id);
    desk.press("esc");
    desk.settle();
    assert_eq!(sent(&desk, order.id), 1);
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);

    desk.press("esc b");
    confirm(&mut desk, order.id);
    to_the_end(&mut desk);
    assert_eq!(sent(&desk, order.id), 5);
    assert_eq!(server.sandbox().calls_of("duplicate"), 5, "each once");
    assert_eq!(server.certificates(order.id) - before, 5);
    assert!(desk.model.engine.writes.all.iter().all(
        |watch| matches!(&watch.stage, Stage::Issued { problems, .. } if problems.is_empty())
    ));

    desk.press("w backspace");
    desk.type_text(folder.path().to_str().unwrap());
    desk.press("enter");
    desk.settle();
    assert_eq!(keys_written(folder.path(), order.id), keys_asked(&made));

    // Another desk finds them all on the order.
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    open(&mut desk, folder.path());
    let rows = &list(&desk, order.id).rows;
    let known = rows
        .iter()
        .filter(|row| matches!(row.standing, Standing::Known(_)));
    assert_eq!(known.count(), 5);
    confirm(&mut desk, order.id);
    to_the_end(&mut desk);
    assert_eq!(server.sandbox().calls_of("duplicate"), 5, "none again");
}

#[test]
fn many_duplicates_take_little_more_than_their_own_calls() {
    const MANY: u64 = 40;
    // Of requests that wait for approval, the newest twenty are read in full.
    for (approval, most) in [
        (Approval::Off, 13 * MANY / 10),
        (Approval::OneStep, MANY + 24),
    ] {
        let server = Server::start();
        let order = server.pick(approval);
        let (folder, _) = folder(&order, MANY as usize);
        let mut desk = Desk::open(&server);
        desk.open_order(order.id);
        open(&mut desk, folder.path());
        desk.settle();
        let before = server.sandbox().request_count();
        confirm(&mut desk, order.id);
        desk.settle();
        if approval == Approval::Off {
            to_the_end(&mut desk);
        }
        let calls = server.sandbox().request_count() - before;
        assert_eq!(server.sandbox().calls_of("duplicate"), MANY);
        assert!(calls <= most, "{approval:?}: {calls} calls for {MANY}");
    }
}

#[test]
fn a_lost_answer_ends_the_run_and_the_rest_goes_on_without_it() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let before = server.requests(order.id).len();
    let (folder, _) = folder(&order, 3);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    open(&mut desk, folder.path());
    server.sandbox().set_faults("lost@duplicate").unwrap();
    confirm(&mut desk, order.id);
    desk.settle();
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    assert_eq!(sent(&desk, order.id), 1);
    desk.until("found", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    server.sandbox().set_faults("").unwrap();
    confirm(&mut desk, order.id);
    desk.settle();
    assert_eq!(sent(&desk, order.id), 3);
    assert_eq!(server.sandbox().calls_of("duplicate"), 3, "each once");
    assert_eq!(server.requests(order.id).len() - before, 3);
}

/// Opens the list that an earlier desk left, and tells how many rows were sent and how many are ready.
fn reopened(desk: &mut Desk<'_>, order: u64) -> (usize, usize) {
    desk.open_order(order);
    desk.press("b");
    desk.settle();
    let bulk = list(desk, order);
    assert_eq!(bulk.rows.len(), 5);
    (sent(desk, order), bulk.ready().count())
}

#[test]
fn a_list_outlives_the_program_and_each_csr_is_sent_once_however_it_ended() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let before = server.certificates(order.id);
    let (folder, made) = folder(&order, 5);
    let store = tempfile::tempdir().unwrap();
    let store = store.path().join("certdeck.db");

    // Stopped after the first, and left.
    let mut desk = Desk::on_disk(&server, &store);
    desk.open_order(order.id);
    open(&mut desk, folder.path());
    confirm(&mut desk, order.id);
    desk.press("esc");
    desk.settle();
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    drop(desk);

    // Killed while one has arrived that nobody heard of.
    let mut desk = Desk::on_disk(&server, &store);
    assert_eq!(reopened(&mut desk, order.id), (1, 4));
    confirm(&mut desk, order.id);
    desk.until_account("the second", |server| {
        server.certificates(order.id) == before + 2
    });
    drop(desk);
    assert_eq!(server.sandbox().calls_of("duplicate"), 2);

    // Only the rest is sent.
    let mut desk = Desk::on_disk(&server, &store);
    assert_eq!(reopened(&mut desk, order.id), (2, 3));
    confirm(&mut desk, order.id);
    to_the_end(&mut desk);
    assert_eq!(sent(&desk, order.id), 5);
    assert_eq!(server.sandbox().calls_of("duplicate"), 5, "each once");
    assert_eq!(server.certificates(order.id) - before, 5);
    drop(desk);

    // What came of all of them is written by one that sent none of them.
    let mut desk = Desk::on_disk(&server, &store);
    assert_eq!(reopened(&mut desk, order.id), (5, 0));
    desk.press("w backspace");
    desk.type_text(folder.path().to_str().unwrap());
    desk.press("enter");
    desk.settle();
    assert_eq!(keys_written(folder.path(), order.id), keys_asked(&made));
}
