//! The desk ends, however it ends, and starts again on the same store: it knows what it knew.

use std::path::PathBuf;

use certdeck::app::form::Form;
use certdeck::app::journal::JournalRow;
use certdeck::app::popups::{Popup, PromptKind};
use certdeck::app::writes::Watch;
use certdeck::domain::draft::FieldId;
use certdeck::domain::operation::Operation;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::{Approval, Length};
use jiff::ToSpan as _;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::draw;
use crate::openssl::{Kind, request};
use crate::operations::choose;

struct Place {
    server: Server,
    order: Pick,
    csr: String,
    store: PathBuf,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new(approval: Approval) -> Self {
        let server = Server::start();
        let order = server.pick(approval);
        let folder = tempfile::tempdir().unwrap();
        Self {
            csr: request(Kind::Ec, &order.names).csr,
            store: folder.path().join("store.sqlite"),
            server,
            order,
            _folder: folder,
        }
    }

    fn desk(&self) -> Desk<'_> {
        Desk::on_disk(&self.server, &self.store)
    }

    fn faults(&self, spec: &str) {
        self.server.sandbox().set_faults(spec).unwrap();
    }

    /// Sends a duplicate, and takes no answer yet.
    fn duplicate(&self, desk: &mut Desk<'_>) {
        desk.open_order(self.order.id);
        desk.press("d");
        desk.settle();
        desk.paste(&self.csr);
        desk.press("ctrl-s enter");
    }
}

fn is_done(watch: &Watch) -> bool {
    matches!(watch.stage, Stage::Issued { .. })
}

fn words(row: &JournalRow) -> &str {
    row.outcome.as_deref().unwrap_or_default()
}

/// The colour in which some words stand on the screen, for the last time: a row under the cursor has its own.
fn colour(screen: &Buffer, words: &str) -> Option<Color> {
    let (width, height) = (screen.area.width, screen.area.height);
    (0..height).rev().find_map(|y| {
        let line: Vec<&str> = (0..width).map(|x| screen[(x, y)].symbol()).collect();
        let at = line.concat().find(words)?;
        let column = line.concat()[..at].chars().count();
        Some(screen[(u16::try_from(column).unwrap(), y)].fg)
    })
}

#[test]
fn what_the_account_said_of_a_draft_is_said_again() {
    let place = Place::new(Approval::Off);
    let mut desk = place.desk();
    place.faults("429@duplicate");
    place.duplicate(&mut desk);
    desk.until("the refusal", |watch| !watch.stage.is_open());
    drop(desk);

    place.faults("");
    let mut desk = place.desk();
    desk.open_order(place.order.id);
    desk.press("d");
    desk.settle();
    let refusal = desk.model.form.as_ref().unwrap().refusal().cloned();
    let refusal = refusal.expect("what the account said");
    assert!(refusal.text.contains("rate limit"), "{refusal:?}");
    // Sent again, it counts no longer, and neither does it after the next start.
    desk.press("ctrl-s enter");
    desk.until("the certificate", is_done);
    drop(desk);
    let desk = place.desk();
    assert!(
        desk.model.engine.drafts.refusals.is_empty() && desk.model.engine.drafts.texts.is_empty()
    );
}

#[test]
fn a_certificate_that_is_not_as_asked_stays_on_its_order_in_red_until_it_is_set_aside() {
    let place = Place::new(Approval::Off);
    place.faults("wrong-pem,lost@duplicate");
    let mut desk = place.desk();
    place.duplicate(&mut desk);
    desk.until("the certificate", is_done);
    let Stage::Issued { problems, .. } = &desk.model.engine.writes.all[0].stage else {
        panic!("just seen");
    };
    let problem: String = problems[0].chars().take(20).collect();
    drop(desk);

    place.faults("");
    for _ in 0..2 {
        let mut desk = place.desk();
        assert!(desk.model.engine.writes.all.is_empty(), "it was checked");
        desk.open_order(place.order.id);
        let screen = draw::cells(&desk.model);
        assert_eq!(colour(&screen, "does not match what"), Some(Color::Red));
        desk.home();
        desk.press("3");
        desk.settle();
        assert_eq!(
            colour(&draw::cells(&desk.model), &problem),
            Some(Color::Red)
        );
    }
    let mut desk = place.desk();
    desk.press("3");
    desk.settle();
    desk.press("x enter");
    desk.settle();
    drop(desk);
    let mut desk = place.desk();
    desk.open_order(place.order.id);
    assert_eq!(
        colour(&draw::cells(&desk.model), "does not match what"),
        None
    );
    let story = &desk.model.journal.rows[0].story;
    let told = story.iter().any(|(label, _)| *label == "Mismatch");
    assert!(told, "the journal keeps it: {story:?}");
}

#[test]
fn names_and_end_that_differ_are_told() {
    let place = Place::new(Approval::OneStep);
    let id = place.order.id;
    let mut desk = place.desk();
    let day = |days: i64| desk.model.today().saturating_add(days.days());
    let (asked, sooner) = (day(20), day(10));
    let more = format!("extra.{}", place.order.common_name);
    desk.open_order(id);
    desk.press("d");
    desk.settle();
    desk.paste(&place.csr);
    while desk.model.form.as_ref().map(Form::focus) != Some(FieldId::EndDate) {
        desk.press("tab");
    }
    desk.type_text(&asked.to_string());
    desk.press("ctrl-s enter");
    desk.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    // The account issues something else than was asked for.
    let lost = place.server.sandbox().change_account(|account| {
        let order = account.order_mut(id).unwrap();
        let newest = order.certificates.last_mut().unwrap();
        newest.validity = Some(Length::Until(sooner));
        newest.dns_names.push(more.clone());
        newest.dns_names.swap_remove(1)
    });
    desk.press("a enter");
    desk.settle();
    let two = |desk: &Desk<'_>| desk.model.engine.writes.all.iter().any(is_done);
    while !two(&desk) {
        desk.wait_for_the_deadline();
    }
    let done = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .find(|watch| is_done(watch));
    let Some(Stage::Issued { problems, .. }) = done.map(|watch| &watch.stage) else {
        panic!("just seen");
    };
    let ends = format!("it expires {sooner}, not {asked} as requested");
    let more = format!("it also contains {more}, not requested");
    assert_eq!(problems, &[format!("it lacks {lost}"), more, ends]);
    desk.home();
    desk.open_order(id);
    for words in ["it lacks", "it expires"] {
        assert_eq!(
            colour(&draw::cells(&desk.model), words),
            Some(Color::Red),
            "{words}"
        );
    }
}

#[test]
fn a_certificate_that_was_found_and_not_checked_yet_is_checked_by_the_next_start() {
    let place = Place::new(Approval::Off);
    place.faults("hang@chain|download,lost@duplicate");
    let mut desk = place.desk();
    place.duplicate(&mut desk);
    desk.until_state("the certificate is found", |watch| {
        matches!(watch.stage, Stage::Verifying(_))
    });
    drop(desk);

    place.faults("");
    let mut desk = place.desk();
    desk.until("it to be checked", is_done);
    assert_eq!(place.server.sandbox().calls_of("duplicate"), 1);
    drop(desk);
    assert!(
        place.desk().model.engine.writes.all.is_empty(),
        "and once only"
    );
}

#[test]
fn a_certificate_that_was_there_before_is_not_taken_for_what_was_lost() {
    let place = Place::new(Approval::Off);
    let mut desk = place.desk();
    place.duplicate(&mut desk);
    desk.until("the first", is_done);
    desk.home();
    // The same CSR once more, which does not arrive.
    place.faults("hang@duplicate");
    place.duplicate(&mut desk);
    desk.settle();
    let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
        panic!("{:?}", desk.model.popups);
    };
    assert!(
        matches!(prompt.kind, PromptKind::Twice { .. }),
        "{prompt:?}"
    );
    desk.type_text(&place.order.id.to_string());
    desk.press("enter");
    not_taken_for_it(&place, desk, "duplicate", 2);
}

#[test]
fn a_note_that_was_there_before_is_not_taken_for_what_was_lost() {
    let place = Place::new(Approval::Off);
    let mut desk = place.desk();
    for faults in ["", "hang@note"] {
        place.faults(faults);
        desk.home();
        desk.open_order(place.order.id);
        choose(&mut desk, |operation| *operation == Operation::Note);
        desk.type_text("seen");
        desk.press("enter");
        if faults.is_empty() {
            desk.until("the first", |watch| !watch.stage.is_open());
            desk.settle();
        }
    }
    not_taken_for_it(&place, desk, "note", 2);
}

/// Kills the desk while the account has the request and does nothing with it: the next one finds nothing of it.
fn not_taken_for_it(place: &Place, mut desk: Desk<'_>, endpoint: &str, calls: u64) {
    desk.until_account("the request", |server| {
        server.sandbox().calls_of(endpoint) == calls
    });
    drop(desk);
    place.faults("");
    let mut desk = place.desk();
    desk.until("the truth", |watch| !watch.stage.is_open());
    let state = &desk.model.engine.writes.all[0].stage;
    assert!(matches!(state, Stage::NotFound(_)), "{state:?}");
    assert!(words(&desk.model.journal.rows[0]).contains("no trace of it"));
    assert_eq!(place.server.sandbox().calls_of(endpoint), calls);
}

#[test]
fn what_arrives_after_it_was_given_up_is_told_all_the_same() {
    let place = Place::new(Approval::Off);
    let id = place.order.id;
    // On its way it is held up for so long that it counts as lost.
    let mut desk = place.desk();
    place.faults("reset@duplicate");
    place.duplicate(&mut desk);
    desk.until("the truth", |watch| {
        matches!(watch.stage, Stage::NotFound(_))
    });
    place.faults("");
    let mut other = Desk::open(&place.server);
    place.duplicate(&mut other);
    other.until("the certificate", is_done);

    desk.home();
    desk.open_order(id);
    desk.until("the certificate", is_done);
    assert!(words(&desk.model.journal.rows[0]).starts_with("certificate "));
    assert!(
        desk.model.engine.drafts.texts.is_empty(),
        "and nothing is left to be sent"
    );
}

#[test]
fn what_is_sent_again_is_what_was_lost_and_not_what_was_typed_since() {
    let place = Place::new(Approval::Off);
    let mut desk = place.desk();
    place.faults("reset@duplicate");
    place.duplicate(&mut desk);
    desk.until("it is given up", |watch| {
        matches!(watch.stage, Stage::NotFound(_))
    });
    place.faults("");
    desk.home();
    let since = request(Kind::Ec, &place.order.names).csr;
    desk.open_order(place.order.id);
    desk.press("d");
    desk.settle();
    desk.paste(&since);
    desk.press("esc");
    desk.home();
    desk.press("W s");
    desk.settle();
    assert!(desk.model.form.is_none(), "the form holds another CSR");
    desk.press("enter");
    desk.until("it is there", is_done);
    let came = place.server.sandbox().received("duplicate").unwrap();
    let lost: String = place.csr.lines().collect();
    assert!(came.contains(&lost), "{came}");
    assert_eq!(
        desk.model.engine.drafts.texts.len(),
        1,
        "what was typed since is kept"
    );
}

#[test]
fn what_was_lost_is_not_taken_to_have_arrived_when_it_is_sent_again_after_a_restart() {
    let place = Place::new(Approval::Off);
    let mut desk = place.desk();
    place.faults("reset@duplicate");
    place.duplicate(&mut desk);
    desk.settle();
    drop(desk);
    place.faults("");

    let mut desk = place.desk();
    desk.until("it is given up", |watch| {
        matches!(watch.stage, Stage::NotFound(_))
    });
    desk.home();
    desk.open_order(place.order.id);
    desk.press("d");
    desk.settle();
    desk.press("ctrl-s enter");
    desk.until("it is there", is_done);
    desk.home();
    desk.open_order(place.order.id);
    desk.press("R");
    desk.settle();
    let [again, lost] = &desk.model.journal.rows[..] else {
        panic!("{:?}", desk.model.journal.rows);
    };
    assert!(words(again).ends_with("; accepted"), "{again:?}");
    assert!(words(lost).contains("no trace of it"), "{lost:?}");
}

#[test]
fn two_desks_on_one_store_leave_each_other_in_peace() {
    let place = Place::new(Approval::Off);
    let id = place.order.id;
    let before = place.server.certificates(id);
    let mut one = place.desk();
    place.faults("hang@duplicate");
    place.duplicate(&mut one);
    one.until_account("the request", |server| {
        server.sandbox().calls_of("duplicate") == 1
    });

    let mut other = place.desk();
    assert!(
        other.model.engine.writes.all.is_empty(),
        "nothing is looked for"
    );
    other.press("3");
    other.settle();
    assert_eq!(words(&other.model.journal.rows[0]), "under way");
    other.press("x");
    assert!(other.model.popups.is_empty(), "and nothing is set aside");
    // Meanwhile the other sends something of its own.
    place.faults("");
    other.home();
    other.open_order(id);
    choose(&mut other, |operation| *operation == Operation::Note);
    other.type_text("seen");
    other.press("enter");
    other.until("the note", |watch| {
        matches!(watch.stage, Stage::Completed(_))
    });

    // The answer never comes; the one that sent it looks for it, and the other does not.
    one.outwait(std::time::Duration::from_secs(101));
    let third = place.desk();
    assert!(
        third.model.engine.writes.all.is_empty(),
        "it is looked for already"
    );
    one.until("the truth", |watch| {
        matches!(watch.stage, Stage::NotFound(_))
    });
    other.press("3");
    other.settle();
    let rows = &other.model.journal.rows;
    let told = |what: &str| rows.iter().any(|row| words(row).contains(what));
    assert!(told("no trace of it") && told("accepted"), "{rows:?}");
    assert_eq!(place.server.certificates(id), before);
    assert_eq!(place.server.sandbox().calls_of("duplicate"), 1);
}

fn revoke_all(desk: &mut Desk<'_>, order: u64) {
    desk.home();
    desk.open_order(order);
    choose(desk, |operation| *operation == Operation::RevokeOrder);
    for _ in 0..3 {
        desk.press("tab");
    }
    desk.type_text(&order.to_string());
    desk.press("enter");
}

fn is_approval(watch: &Watch) -> bool {
    matches!(watch.stage, Stage::AwaitsApproval(_))
}

#[test]
fn a_revocation_that_waits_for_approval_is_followed_by_the_next_start() {
    let place = Place::new(Approval::OneStep);
    let mut desk = place.desk();
    revoke_all(&mut desk, place.order.id);
    desk.until("a request", is_approval);
    drop(desk);
    let mut desk = place.desk();
    desk.until("the request", is_approval);
    desk.press("W a enter");
    desk.settle();
    for _ in 0..20 {
        if desk
            .model
            .engine
            .writes
            .all
            .iter()
            .all(|watch| !watch.stage.is_open())
        {
            break;
        }
        desk.wait_for_the_deadline();
    }
    let words = desk.model.engine.writes.all.iter().map(Watch::words);
    let told: Vec<String> = words.collect();
    assert!(
        told.iter().any(|words| words.contains("are revoked")),
        "{told:?}"
    );
    drop(desk);
    assert!(
        place.desk().model.engine.writes.all.is_empty(),
        "and once only"
    );
}

#[test]
fn a_revocation_that_was_asked_for_before_is_not_taken_for_what_was_lost() {
    let place = Place::new(Approval::OneStep);
    let mut desk = place.desk();
    revoke_all(&mut desk, place.order.id);
    desk.until("the first", is_approval);
    place.faults("hang@revoke-order");
    revoke_all(&mut desk, place.order.id);
    desk.until_account("the request", |server| {
        server.sandbox().calls_of("revoke-order") == 2
    });
    drop(desk);
    place.faults("");
    let mut desk = place.desk();
    for _ in 0..20 {
        let lost = |watch: &Watch| matches!(watch.stage, Stage::NotFound(_));
        if desk.model.engine.writes.all.iter().any(lost) {
            break;
        }
        desk.wait_for_the_deadline();
    }
    let states: Vec<_> = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .map(|watch| &watch.stage)
        .collect();
    let approvals = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .filter(|watch| is_approval(watch));
    assert_eq!(approvals.count(), 1, "the first alone: {states:?}");
    assert_eq!(states.len(), 2);
    let mut lost = states.iter();
    assert!(
        lost.any(|state| matches!(state, Stage::NotFound(_))),
        "{states:?}"
    );
}
