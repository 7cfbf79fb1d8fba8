//! A desk and two runs of the week's job, all at once on one store: there is no lock between them but the journal.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

use certdeck::sandbox::model::Approval;

use crate::account::Server;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, Pty};
use crate::work::{desk_on, form, leave, open, paste, review};

/// The week's job in a shell beside the desk.
fn week(server: &Server, desk: &Pty, folder: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certdeck"));
    command
        .args(["reissue", "--due", "--within", "20d", "--new-key", "p256"])
        .args(["--out", folder, "--yes", "--json", "--quiet"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", desk.home())
        .env("CERTDECK_URL", server.sandbox().url())
        .env("CERTDECK_API_KEY", server.sandbox().key())
        .current_dir(desk.home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn a_desk_and_two_runs_of_the_weeks_job_reissue_each_order_once() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    // What the desk is about to reissue is due as well.
    let today = server.sandbox().now().to_zoned(jiff::tz::TimeZone::UTC);
    server.sandbox().change_account(|account| {
        let order = account.order_mut(order.id).unwrap();
        let after = |days: i64| today.date().checked_add(jiff::Span::new().days(days));
        order.order_valid_till = Some(after(300).unwrap());
        let (primary, end) = (order.primary().id, after(10).unwrap());
        let mut all = order.certificates.iter_mut();
        all.find(|one| one.id == primary).unwrap().valid_till = Some(end);
    });
    let before: BTreeMap<u64, usize> = server.sandbox().with_account(|account| {
        let all = account.orders().iter();
        all.map(|order| (order.id, order.certificates.len()))
            .collect()
    });
    let mut desk = desk_on(&server);
    open(&mut desk, &order);
    form(&mut desk, "r");
    paste(&mut desk, &made.csr);
    review(&mut desk);

    let runs = ["first", "second"].map(|folder| week(&server, &desk, folder));
    desk.send(ENTER);
    let mut issued: BTreeMap<u64, usize> = BTreeMap::new();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        // Some wait for an approval, some are done by the other.
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{told}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = report["rows"].as_array().unwrap();
        assert!(rows.len() > 5, "{report}");
        for row in rows {
            let of = row["order"].as_u64().unwrap();
            let new = match row["state"].as_str().unwrap() {
                "issued" => 1,
                "already" | "skipped" | "waiting_for_approval" | "waiting_for_certificate" => 0,
                _ => panic!("{row}"),
            };
            *issued.entry(of).or_default() += new;
        }
    }
    for id in issued.keys() {
        let now = server.certificates(*id);
        assert!(now <= before[id] + 1, "order {id} was reissued twice");
    }
    assert_eq!(server.certificates(order.id), before[&order.id] + 1);
    // The desk is as it was, and goes on.
    desk.wait_for("Order");
    leave(&mut desk);
}
