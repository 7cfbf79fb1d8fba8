//! Many orders are reissued at one sitting: a key each, one request each, and each certificate in files of its own, however
//! often answers are lost and the program ends.

use std::path::{Path, PathBuf};

use certdeck::app::bulk::{BulkList, Row, Standing};
use certdeck::app::bulk_screen::BulkView;
use certdeck::app::effect::ListId;
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;

use crate::account::{Server, is_good};
use crate::desk::Desk;
use crate::openssl::{key_of_certificate, key_of_private_key};

/// Deadlines that a test lets pass before it gives up.
const DEADLINES: usize = 60;

fn list<'a>(desk: &'a Desk<'_>) -> &'a BulkList {
    let list = desk.model.engine.bulk.get(ListId::Reissues);
    list.expect("a list of reissues")
}

/// Marks so many orders whose certificates can be reissued.
fn mark(desk: &mut Desk<'_>, count: usize) {
    desk.press("/");
    desk.type_text("due:reissue");
    desk.press("enter");
    for _ in 0..count {
        desk.press("space");
    }
}

/// Marks so many orders that are issued at once.
fn mark_ready(server: &Server, desk: &mut Desk<'_>, count: usize) {
    let now = server.sandbox().now();
    let ready: Vec<OrderId> = server.sandbox().with_account(|account| {
        let all = account.orders().iter();
        let ready = all.filter(|order| is_good(account, order, Approval::Off, now));
        ready.map(|order| OrderId(order.id)).collect()
    });
    assert!(ready.len() >= count, "{} are ready", ready.len());
    desk.model.orders.marks.extend(&ready[..count]);
}

/// Opens the list, with a pattern below a folder.
fn open(desk: &mut Desk<'_>, folder: &Path) {
    desk.press("r");
    desk.settle();
    desk.press("tab right tab home");
    desk.type_text(&format!("{}/", folder.display()));
    desk.settle();
}

/// Reviews, with all that has to be done before, and says yes.
fn send(desk: &mut Desk<'_>) {
    desk.press("ctrl-s");
    desk.settle();
    let open = desk.model.bulk_screens.open().expect("the list");
    assert!(
        matches!(open.view, BulkView::Review { .. }),
        "{:?}",
        desk.model.status
    );
    desk.press("enter");
}

fn to_the_end(desk: &mut Desk<'_>) {
    desk.settle();
    for _ in 0..DEADLINES {
        let watches = &desk.model.engine.writes.all;
        let waits = |stage: &Stage| stage.is_open() && !matches!(stage, Stage::AwaitsApproval(_));
        if !watches.iter().any(|watch| waits(&watch.stage)) {
            return;
        }
        desk.wait_for_the_deadline();
    }
    panic!("it does not end");
}

/// Approves what waits, and lets it be issued.
fn approve(desk: &mut Desk<'_>) {
    let waits = |stage: &Stage| matches!(stage, Stage::AwaitsApproval(_));
    if desk
        .model
        .engine
        .writes
        .all
        .iter()
        .any(|watch| waits(&watch.stage))
    {
        desk.press("a enter");
        desk.settle();
    }
    to_the_end(desk);
}

fn certificates(server: &Server, orders: &[OrderId]) -> Vec<usize> {
    let all = orders.iter();
    all.map(|order| server.certificates(order.0)).collect()
}

/// How many more certificates each order has.
fn more(server: &Server, orders: &[OrderId], before: &[usize]) -> Vec<usize> {
    let now = certificates(server, orders).into_iter();
    now.zip(before).map(|(now, then)| now - then).collect()
}

/// Every row has its files, and the key beside the certificate is the one that is in it.
fn written(desk: &Desk<'_>, folder: &Path) -> usize {
    let rows = &list(desk).rows;
    for row in rows {
        let path = match &row.file {
            Some(Ok(path)) => PathBuf::from(path),
            other => panic!("{}: {other:?}", row.name),
        };
        assert!(path.starts_with(folder), "{}", path.display());
        let read = |part: &str| {
            let file = path.with_file_name(format!("{part}.pem"));
            std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
        };
        assert_eq!(
            key_of_private_key(&read("privkey")),
            key_of_certificate(&read("cert"))
        );
        assert_eq!(
            read("fullchain"),
            format!("{}{}", read("cert"), read("chain"))
        );
    }
    rows.len()
}

#[test]
fn marked_orders_are_reissued_approved_and_written_together() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&server);
    mark(&mut desk, 6);
    open(&mut desk, folder.path());
    let orders = list(&desk).orders();
    let before = certificates(&server, &orders);
    let calls = server.sandbox().request_count();
    send(&mut desk);
    to_the_end(&mut desk);
    let calls = server.sandbox().request_count() - calls;
    approve(&mut desk);
    assert_eq!(server.sandbox().calls_of("reissue"), 6, "each once");
    assert_eq!(written(&desk, folder.path()), 6);
    assert_eq!(more(&server, &orders, &before), [1; 6]);
    // Beside its POST each is read once before the yes, and in full once it is issued.
    assert!(calls <= 6 + 6 * 4, "{calls} calls");
    // What is over leaves nothing behind.
    desk.press("esc");
    assert!(desk.model.engine.bulk.get(ListId::Reissues).is_none());
    assert!(desk.model.orders.marks.is_empty());
    assert!(desk.model.engine.drafts.texts.is_empty());
}

#[test]
fn many_reissues_take_little_more_than_their_own_calls() {
    const MANY: usize = 20;
    let server = Server::with(SandboxOptions {
        orders: 500,
        ..SandboxOptions::default()
    });
    server.sandbox().change_account(|account| {
        for container in &mut account.containers {
            container.approval = Approval::Off;
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&server);
    mark_ready(&server, &mut desk, MANY);
    open(&mut desk, folder.path());
    desk.press("ctrl-s");
    desk.settle();
    let before = server.sandbox().request_count();
    desk.press("enter");
    to_the_end(&mut desk);
    let calls = server.sandbox().request_count() - before;
    assert_eq!(
        server.sandbox().calls_of("reissue"),
        MANY as u64,
        "each once"
    );
    assert_eq!(written(&desk, folder.path()), MANY);
    assert!(calls * 10 <= MANY as u64 * 13, "{calls} calls for {MANY}");
}

/// While somebody has to approve many, one list tells of all of them; what was approved elsewhere is found and written.
#[test]
fn many_that_wait_for_approval_are_watched_by_one_list() {
    const MANY: usize = 20;
    let server = Server::with(SandboxOptions {
        orders: 500,
        ..SandboxOptions::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&server);
    mark_ready(&server, &mut desk, MANY);
    server.sandbox().change_account(|account| {
        for container in &mut account.containers {
            container.approval = Approval::OneStep;
        }
    });
    open(&mut desk, folder.path());
    send(&mut desk);
    to_the_end(&mut desk);
    let waits = |desk: &Desk<'_>| {
        let all = desk.model.engine.writes.all.iter();
        all.filter(|watch| matches!(watch.stage, Stage::AwaitsApproval(_)))
            .count()
    };
    assert_eq!(waits(&desk), MANY);
    let before = server.sandbox().request_count();
    let since = desk.model.engine.now;
    while desk.model.engine.now.duration_since(since).as_mins() < 10 {
        desk.wait_for_the_deadline();
    }
    let calls = server.sandbox().request_count() - before;
    assert!(calls <= 10 * MANY as u64, "{calls} calls in ten minutes");

    // One of them is approved in the console.
    let watch = &desk.model.engine.writes.all[0];
    let Stage::AwaitsApproval(request) = watch.stage else {
        panic!("{:?}", watch.stage);
    };
    let op = watch.op.clone();
    let sandbox = server.sandbox();
    let call = reqwest::Client::new()
        .put(format!("{}/request/{request}/status", sandbox.url()))
        .header("X-DC-DEVKEY", sandbox.key())
        .json(&serde_json::json!({"status": "approved"}));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(call.send()).unwrap().status(), 204);
    for _ in 0..DEADLINES {
        desk.wait_for_the_deadline();
        let watch = desk.model.engine.writes.get(&op).unwrap();
        if matches!(watch.stage, Stage::Issued { .. }) {
            break;
        }
    }
    let watch = desk.model.engine.writes.get(&op).unwrap();
    assert!(
        matches!(watch.stage, Stage::Issued { .. }),
        "{:?}",
        watch.stage
    );
    assert_eq!(waits(&desk), MANY - 1);
}

#[test]
fn a_lost_answer_ends_the_run_and_the_rest_goes_on_without_it() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&server);
    mark(&mut desk, 3);
    open(&mut desk, folder.path());
    server.sandbox().set_faults("lost@reissue").unwrap();
    send(&mut desk);
    desk.settle();
    assert_eq!(server.sandbox().calls_of("reissue"), 1);
    server.sandbox().set_faults("").unwrap();
    to_the_end(&mut desk);
    assert_eq!(server.sandbox().calls_of("reissue"), 1, "nothing by itself");
    send(&mut desk);
    to_the_end(&mut desk);
    approve(&mut desk);
    assert_eq!(server.sandbox().calls_of("reissue"), 3, "each once");
    assert_eq!(written(&desk, folder.path()), 3);
}

#[test]
fn a_list_outlives_the_program_wherever_it_ends() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let store = tempfile::tempdir().unwrap();
    let store = store.path().join("certdeck.db");

    // Killed when the keys are made and nothing is sent.
    let mut desk = Desk::on_disk(&server, &store);
    mark(&mut desk, 4);
    open(&mut desk, folder.path());
    let orders = list(&desk).orders();
    let before = certificates(&server, &orders);
    desk.press("ctrl-s");
    desk.settle();
    drop(desk);

    // Killed while one has arrived that nobody heard of.
    let mut desk = Desk::on_disk(&server, &store);
    again(&mut desk);
    let ready = list(&desk).ready().count();
    assert_eq!(ready, 4, "with the keys that were made");
    send(&mut desk);
    desk.until_account("the first", |server| {
        server.sandbox().calls_of("reissue") == 1
    });
    drop(desk);

    // Only the rest is sent.
    let mut desk = Desk::on_disk(&server, &store);
    again(&mut desk);
    to_the_end(&mut desk);
    let sent = |row: &&Row| matches!(row.standing, Standing::Sent(_));
    assert_eq!(list(&desk).rows.iter().filter(sent).count(), 1);
    send(&mut desk);
    to_the_end(&mut desk);
    approve(&mut desk);
    assert_eq!(server.sandbox().calls_of("reissue"), 4, "each once");
    assert_eq!(more(&server, &orders, &before), [1; 4]);
    assert_eq!(written(&desk, folder.path()), 4);
}

/// Opens the list that an earlier desk left: it is among the drafts.
fn again(desk: &mut Desk<'_>) {
    desk.press("F enter");
    desk.settle();
}
