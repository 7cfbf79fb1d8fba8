//! A server that takes its time: told once, and forgotten when it answers.

use super::*;

/// Lets the time pass until something is due.
fn wait(desk: &mut Desk) {
    desk.now = desk.model.next_deadline().expect("something is due");
    desk.tell(Msg::Deadline);
}

#[test]
fn an_answer_that_is_late_is_told_once_and_no_longer_when_it_comes() {
    let mut desk = Desk::connected();
    let asked = desk.now;
    wait(&mut desk);
    assert_eq!(desk.now.duration_since(asked).as_secs(), 8);
    assert!(
        desk.told()
            .starts_with("Still waiting for 127.0.0.1:4711 after 8 seconds")
    );
    assert_eq!(desk.model.next_deadline(), None, "told once");
    desk.rows(vec![summary(1, "shop.example.net")]);
    assert_eq!(desk.told(), "");
}

#[test]
fn something_else_that_was_told_since_stays() {
    let mut desk = Desk::connected();
    wait(&mut desk);
    desk.tell(Msg::Notice("The disk is full.".into()));
    desk.rows(vec![summary(1, "shop.example.net")]);
    assert_eq!(desk.told(), "The disk is full.");
}

#[test]
fn every_page_of_the_list_has_its_own_time() {
    let mut desk = Desk::connected();
    let asked = desk.now;
    desk.now = asked + SignedDuration::from_secs(7);
    let crate::app::account::SyncState::Running { run, .. } = desk.model.engine.account.sync else {
        panic!("the list is not being read");
    };
    desk.tell(Msg::Sync {
        run,
        event: SyncEvent::Rows {
            rows: Rows::from_iter([summary(1, "shop.example.net")]).into(),
            done: 1,
            total: 2,
        },
    });
    // Who we are has not come either.
    wait(&mut desk);
    assert_eq!(desk.now, asked + SignedDuration::from_secs(8));
    assert!(desk.told().contains("Still waiting for"));
    assert_eq!(desk.model.next_deadline(), None);
}
