//! No journal, no sending; unless the operator says yes to that, knowing what it may cost.

use certdeck::app::popups::{Popup, Prompt};
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::Approval;

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::openssl::{Kind, request};

/// A desk whose journal cannot be opened: a folder stands where the file should be.
fn without_a_journal<'a>(server: &'a Server, folder: &tempfile::TempDir) -> Desk<'a> {
    let desk = Desk::on_disk(server, folder.path());
    let told = desk.model.status.as_ref().map(|told| told.words.as_str());
    let place = folder.path().display().to_string();
    assert!(told.is_some_and(|told| told.contains(&place)), "{told:?}");
    desk
}

fn send(desk: &mut Desk<'_>, order: &Pick, csr: Option<&str>) {
    desk.open_order(order.id);
    desk.press("d");
    desk.settle();
    if let Some(csr) = csr {
        desk.paste(csr);
    }
    desk.press("ctrl-s enter");
    desk.settle();
}

fn asked<'a>(desk: &'a Desk<'_>) -> Option<&'a Prompt> {
    match desk.model.popups.last() {
        Some(Popup::Prompt(prompt)) => Some(prompt),
        _ => None,
    }
}

#[test]
fn nothing_is_sent_before_the_order_number_is_typed_and_then_once() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let order = server.pick(Approval::Off);
    let before = server.certificates(order.id);
    let csr = request(Kind::Ec, &order.names).csr;
    let mut desk = without_a_journal(&server, &folder);
    send(&mut desk, &order, Some(&csr));

    let words = asked(&desk).expect("a question").body.join(" ");
    assert!(words.contains("twice"), "the risk is named: {words}");
    assert_eq!(server.sandbox().calls_of("duplicate"), 0);
    desk.press("esc");
    desk.home();
    assert!(matches!(
        desk.model.engine.writes.all[0].stage,
        Stage::Ended(_)
    ));
    assert_eq!(
        desk.model.engine.drafts.texts.len(),
        1,
        "what was typed is kept"
    );

    send(&mut desk, &order, None);
    desk.press("enter");
    assert!(
        asked(&desk)
            .and_then(|prompt| prompt.error.as_ref())
            .is_some()
    );
    desk.type_text("yes");
    desk.press("enter");
    assert!(asked(&desk).is_some(), "a wrong word asks again");
    assert_eq!(server.sandbox().calls_of("duplicate"), 0);
    for _ in 0..3 {
        desk.press("backspace");
    }
    desk.type_text(&order.id.to_string());
    desk.press("enter");
    desk.until("the certificate", |watch| {
        matches!(watch.stage, Stage::Issued { .. })
    });
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    assert_eq!(server.certificates(order.id), before + 1);
    assert!(desk.model.engine.drafts.texts.is_empty());
    assert!(!desk.model.engine.writes.all[0].journaled);
    // As long as this session lasts it is written down all the same.
    assert_eq!(desk.model.journal.rows.len(), 1);
}

#[test]
fn a_lost_answer_is_looked_up_without_a_journal_too() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let order = server.pick(Approval::Off);
    let csr = request(Kind::Ec, &order.names).csr;
    let mut desk = without_a_journal(&server, &folder);
    server.sandbox().set_faults("lost@duplicate").unwrap();
    send(&mut desk, &order, Some(&csr));
    desk.type_text(&order.id.to_string());
    desk.press("enter");
    desk.until("the certificate", |watch| {
        matches!(watch.stage, Stage::Issued { .. })
    });
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
}
