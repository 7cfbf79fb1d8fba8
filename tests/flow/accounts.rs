//! The desk goes to another account and comes back, while the clock of its machine is set: what it sent is found once it
//! is back, and nothing of it goes to the other account.
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::Approval;
use jiff::SignedDuration;
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};

#[rstest]
fn what_was_sent_is_found_after_another_account(
    #[values("", "lost@duplicate", "reset@duplicate")] faults: &str,
    #[values(-3600, 0, 1200)] clock: i64,
) {
    let (home, other) = (Server::start(), Server::start());
    let order = home.pick(Approval::Off);
    let mut desk = Desk::open(&home);
    desk.open_order(order.id);
    desk.press("d");
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.press("ctrl-s");
    home.sandbox().set_faults(faults).unwrap();
    desk.press("enter");
    assert_eq!(
        desk.model.engine.writes.all.len(),
        1,
        "{:?}",
        desk.model.status
    );
    desk.step_clock(SignedDuration::from_secs(clock));
    desk.go_to(other.sandbox(), "other");
    assert!(desk.model.engine.writes.all.is_empty());
    // Neither by itself nor when it is asked for.
    for key in ["W", "s", "enter", "esc", "R"] {
        desk.press(key);
        desk.settle();
    }
    assert_eq!(other.sandbox().calls_of("duplicate"), 0);
    home.sandbox().set_faults("").unwrap();
    desk.go_to(home.sandbox(), "flow");
    let arrives = !faults.starts_with("reset");
    desk.until("an end", |watch| match &watch.stage {
        Stage::Issued { .. } => arrives,
        Stage::NotFound(_) => !arrives,
        _ => false,
    });
    assert_eq!(home.sandbox().calls_of("duplicate"), 1);
}
