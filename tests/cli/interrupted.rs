//! The week's job that is interrupted or killed between its first request and its last: the report and the journal tell how far
//! it came, and the next run does the rest, once.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use certdeck::sandbox::model::Approval;

use crate::desk::Desk;
use crate::support::ran;

/// Orders that are due, and that nobody has to approve.
struct Due {
    desk: Desk,
    orders: BTreeSet<u64>,
}

impl Due {
    fn new(count: usize) -> Self {
        let desk = Desk::start();
        let mut orders = BTreeSet::new();
        for _ in 0..count {
            orders.insert(desk.server.pick_but(Approval::Off, &orders).id);
        }
        let today = desk
            .server
            .sandbox()
            .now()
            .to_zoned(jiff::tz::TimeZone::UTC);
        desk.server.sandbox().change_account(|account| {
            let after = |days: i64| today.date().checked_add(jiff::Span::new().days(days));
            // They alone, and soon.
            let soon = after(2).unwrap();
            let all: Vec<u64> = account.orders().iter().map(|order| order.id).collect();
            for id in all {
                account.order_mut(id).unwrap().is_renewed = !orders.contains(&id);
            }
            for id in &orders {
                let order = account.order_mut(*id).unwrap();
                order.order_valid_till = Some(after(300).unwrap());
                let primary = order.primary().id;
                let mut all = order.certificates.iter_mut();
                all.find(|one| one.id == primary).unwrap().valid_till = Some(soon);
            }
        });
        Self { desk, orders }
    }

    fn week(&self) -> Command {
        let mut command = self.desk.command(&["reissue", "--due", "--within", "400d"]);
        command
            .args(["--new-key", "p256", "--out", "certs", "--yes", "--json"])
            .arg("ends<3d");
        command
    }

    fn sent(&self) -> u64 {
        self.desk.server.sandbox().calls_of("reissue")
    }

    /// Started, and past its first request: each takes long here.
    fn under_way(&self) -> Child {
        let sandbox = self.desk.server.sandbox();
        sandbox.set_faults("latency=700ms@reissue").unwrap();
        let mut command = self.week();
        let running = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let running = running.spawn().unwrap();
        let start = std::time::Instant::now();
        while self.sent() == 0 {
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "nothing was sent"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        running
    }

    fn reissued(&self, id: u64) -> usize {
        self.desk.server.certificates(id)
    }
}

fn rows(output: &[u8]) -> Vec<Value> {
    let report: Value = serde_json::from_slice(output).unwrap();
    report["rows"].as_array().unwrap().clone()
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_child(child);
    kill_process(pid, signal).unwrap();
}

fn states(rows: &[Value]) -> Vec<&str> {
    let states = rows.iter().map(|row| row["state"].as_str().unwrap());
    states.collect()
}

#[rstest]
#[case::by_hand(Signal::INT)]
#[case::by_the_system(Signal::TERM)]
fn an_interrupt_ends_the_weeks_job_between_two_requests_and_says_what_is_open(
    #[case] asked: Signal,
) {
    let due = Due::new(4);
    let before: Vec<usize> = due.orders.iter().map(|id| due.reissued(*id)).collect();
    let running = due.under_way();
    signal(&running, asked);
    let output = running.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(5), "{told}");
    let first = rows(&output.stdout);
    let sent = usize::try_from(due.sent()).unwrap();
    assert!(sent < 4, "all were sent: {told}");
    let not_sent = states(&first).into_iter().filter(|one| *one == "not_sent");
    assert_eq!(not_sent.count(), 4 - sent, "{first:?}");
    assert!(
        first.iter().any(|row| row["detail"]
            .as_str()
            .is_some_and(|why| why.contains("interrupted"))),
        "{first:?}"
    );
    // What was sent has its answer: nothing is unknown.
    let left = due.desk.run("certdeck journal --unfinished --json");
    let unknown = |row: &Value| row["state"] == "unknown";
    assert!(
        !rows(left.out.as_bytes()).iter().any(unknown),
        "{}",
        left.out
    );

    due.desk.server.sandbox().set_faults("").unwrap();
    let again = ran(&mut due.week());
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    let after: Vec<usize> = due.orders.iter().map(|id| due.reissued(*id)).collect();
    let once: Vec<usize> = before.iter().map(|count| count + 1).collect();
    assert_eq!(after, once);
}

#[test]
fn a_killed_weeks_job_is_gone_on_with_and_no_order_is_reissued_twice() {
    let due = Due::new(3);
    let before: Vec<usize> = due.orders.iter().map(|id| due.reissued(*id)).collect();
    let mut running = due.under_way();
    signal(&running, Signal::KILL);
    running.wait().unwrap();

    due.desk.server.sandbox().set_faults("").unwrap();
    for _ in 0..2 {
        let again = ran(&mut due.week());
        let rows = rows(again.out.as_bytes());
        // Whether the one that was under way arrived is told, and it is not sent again by itself; the others are done.
        let left = states(&rows).into_iter().filter(|state| *state != "issued");
        let left: Vec<&str> = left.collect();
        assert!(
            left.iter()
                .all(|state| ["skipped", "not_found"].contains(state)),
            "{rows:?}"
        );
        assert!(left.len() <= 1, "{rows:?}");
        assert_eq!(
            again.code,
            if left.is_empty() { 0 } else { 5 },
            "{}{}",
            again.out,
            again.err
        );
    }
    // Somebody looks, and says that it is to be sent again.
    let open = due.desk.run("certdeck journal --unfinished --json");
    for row in rows(open.out.as_bytes()) {
        let entry = row["entry"].as_str().unwrap();
        let dismissed = due
            .desk
            .run(&format!("certdeck journal --dismiss {entry} --json"));
        assert_eq!(dismissed.code, 0, "{}", dismissed.err);
        assert_eq!(rows(dismissed.out.as_bytes()).len(), 1, "{}", dismissed.out);
    }
    let last = ran(&mut due.week());
    assert_eq!(last.code, 0, "{}{}", last.out, last.err);
    let after: Vec<usize> = due.orders.iter().map(|id| due.reissued(*id)).collect();
    let more: Vec<usize> = after
        .iter()
        .zip(&before)
        .map(|(now, then)| now - then)
        .collect();
    assert!(more.iter().all(|more| *more == 1), "{more:?}");
}
