//! Every write the desk has, against every way in which its answer can fail to come: the account has the effect once
//! or not at all, the journal says which, what was typed is kept as long as it may be needed, and what did not arrive
//! arrives once when it is sent again.

#[path = "killed.rs"]
mod ending;
mod table;

use std::time::Duration;

use certdeck::app::journal::JournalRow;
use certdeck::app::popups::{Popup, PromptKind};
use certdeck::app::writes::Watch;
use certdeck::domain::write::{Stage, WriteKind};
use certdeck::sandbox::SandboxOptions;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};
use table::{Target, effect, endpoint, send, target};

/// Longer than a write waits for anything.
const PATIENCE: Duration = Duration::from_secs(101);

/// What becomes of a write under a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is done, whether or not an answer came.
    Arrived,
    /// It is not done, and the answer does not say so.
    Vanished,
    /// It is not done, and the answer says so.
    Refused,
}

/// The faults, what becomes of the write, and whether the answer takes for ever.
const FAULTS: &[(&str, End, bool)] = &[
    ("lost", End::Arrived, false),
    ("cut", End::Arrived, false),
    ("truncate", End::Arrived, false),
    ("slowbody=20m", End::Arrived, true),
    ("late500", End::Arrived, false),
    ("latehtml502", End::Arrived, false),
    ("latency=50ms", End::Arrived, false),
    ("reset", End::Vanished, false),
    ("500", End::Vanished, false),
    ("html502", End::Vanished, false),
    ("html200", End::Vanished, false),
    ("hang", End::Vanished, true),
    ("429", End::Refused, false),
];

macro_rules! runs {
    ($($name:ident $kind:ident;)+) => {
        const RUN: &[WriteKind] = &[$(WriteKind::$kind),+];

        $(#[test]
        fn $name() {
            run(WriteKind::$kind);
        })+

        mod killed {
            $(#[test]
            fn $name() {
                super::ending::run(super::WriteKind::$kind);
            })+
        }
    };
}

runs! {
    duplicate Duplicate;
    reissue Reissue;
    reissue_as_duplicate ReissueAsDuplicate;
    approve Approve;
    reject Reject;
    cancel_order CancelOrder;
    cancel_reissue CancelReissue;
    revoke_certificate RevokeCertificate;
    revoke_order RevokeOrder;
    archive Archive;
    note Note;
    auto_reissue AutoReissue;
    check_names CheckNames;
    names_method NamesMethod;
    check_domain CheckDomain;
    domain_method DomainMethod;
    domain_token DomainToken;
    names_token NamesToken;
    names_emails NamesEmails;
    domain_emails DomainEmails;
    renew Renew;
    new_order NewOrder;
}

#[test]
fn no_write_is_left_out() {
    for kind in WriteKind::ALL {
        assert!(RUN.contains(kind), "{kind:?} runs against no fault");
    }
}

fn run(kind: WriteKind) {
    let mut server = server(kind);
    for (fault, end, endless) in FAULTS {
        let target = next(&mut server, kind);
        one(&server, kind, &target, fault, *end, *endless);
    }
}

/// Something else to write about; on a new account where there is nothing left.
fn next(server: &mut Server, kind: WriteKind) -> Target {
    target(server, kind).unwrap_or_else(|| {
        *server = self::server(kind);
        target(server, kind).expect("something to write about")
    })
}

fn server(kind: WriteKind) -> Server {
    Server::with(SandboxOptions {
        orders: if kind.makes_order() { 1000 } else { 250 },
        ..SandboxOptions::default()
    })
}

/// A desk that was opened and sent one while a fault holds.
fn sent_under<'a>(
    fault: &str,
    server: &Server,
    kind: WriteKind,
    target: &Target,
    open: impl FnOnce() -> Desk<'a>,
) -> Desk<'a> {
    let csr = is_form(kind).then(|| request(Kind::Ec, &target.order.names).csr);
    let sandbox = server.sandbox();
    // A random value follows from the second in which it is made.
    sandbox.advance(Duration::from_secs(5));
    let mut desk = open();
    let faults = format!("{fault}@{}", endpoint(kind));
    sandbox.set_faults(&faults).unwrap();
    send(&mut desk, kind, target, csr.as_deref());
    desk
}

fn one(server: &Server, kind: WriteKind, target: &Target, fault: &str, end: End, endless: bool) {
    let what = format!("{kind:?} under {fault}");
    let endpoint = endpoint(kind);
    let sandbox = server.sandbox();
    let calls = sandbox.calls_of(endpoint);
    let before = effect(server, kind, target);
    let mut desk = sent_under(fault, server, kind, target, || Desk::open(server));
    if endless {
        desk.until_account("the request", |server| {
            server.sandbox().calls_of(endpoint) > calls
        });
        desk.outwait(PATIENCE);
    }
    desk.until(&what, |watch| told(watch).is_some());

    assert_eq!(sandbox.calls_of(endpoint), calls + 1, "{what}: sent once");
    let done = effect(server, kind, target) - before;
    assert_eq!(done, u64::from(end == End::Arrived), "{what}");
    let row = row(&desk);
    assert_eq!(
        told(&desk.model.engine.writes.all[0]),
        Some(expected(kind, end)),
        "{what}: {row:?}"
    );
    assert!(is_true(kind, end, row), "{what}: {row:?}");
    let kept = desk.model.engine.drafts.texts.len();
    let typed = is_form(kind) && end != End::Arrived;
    assert_eq!(kept, usize::from(typed), "{what}: drafts");

    sandbox.set_faults("").unwrap();
    if end == End::Arrived {
        return;
    }
    arrives_at_last(&mut desk, server, kind, target, end, &what);
    assert_eq!(effect(server, kind, target) - before, 1, "{what}: again");
    assert_eq!(sandbox.calls_of(endpoint), calls + 2, "{what}: again");
    assert!(
        desk.model.engine.drafts.texts.is_empty(),
        "{what}: the draft goes"
    );
    let words = self::row(&desk).outcome.clone().unwrap();
    assert!(is_accepted(&words), "{what}: {words}");
    assert_eq!(desk.model.journal.rows.len(), 2, "{what}: both are kept");

    // What was sent again is not offered a second time.
    desk.home();
    desk.press("W j s");
    let list = matches!(desk.model.popups.last(), Some(Popup::Watches(_)));
    assert!(
        list && desk.model.form.is_none(),
        "{what}: {:?}",
        desk.model.status
    );
    assert_eq!(
        sandbox.calls_of(endpoint),
        calls + 2,
        "{what}: twice at most"
    );
}

/// What did not arrive is sent again, and done.
fn arrives_at_last(
    desk: &mut Desk<'_>,
    server: &Server,
    kind: WriteKind,
    target: &Target,
    end: End,
    what: &str,
) {
    desk.home();
    // A random value follows from the second in which it is made.
    server.sandbox().advance(Duration::from_secs(5));
    if kind.is_check() && end == End::Vanished {
        // Nobody knows whether it arrived, and it can simply be asked for anew.
        send(desk, kind, target, None);
    } else {
        send_again(desk, kind);
    }
    desk.until(what, |watch| told(watch).is_some());
    assert_eq!(
        told(&desk.model.engine.writes.all[0]),
        Some(Told::Done),
        "{what}"
    );
}

/// Sends again what the list of watches offers to: a form comes back filled in, the rest is confirmed.
fn send_again(desk: &mut Desk<'_>, kind: WriteKind) {
    desk.press("W s");
    desk.settle();
    if is_form(kind) {
        table::review(desk);
    } else {
        let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
            panic!("{:?} {:?}", desk.model.popups, desk.model.status);
        };
        let PromptKind::SendAgain { word, .. } = prompt.kind.clone() else {
            panic!("{prompt:?}");
        };
        let breaks = matches!(kind, WriteKind::RevokeCertificate | WriteKind::RevokeOrder);
        assert_eq!(
            word.is_some(),
            breaks,
            "what breaks things asks for its order's number"
        );
        if let Some(number) = word {
            desk.press("enter");
            let asks = matches!(desk.model.popups.last(), Some(Popup::Prompt(_)));
            assert!(asks, "Enter alone sends nothing");
            desk.type_text(&number);
        }
        desk.press("enter");
    }
}

/// What the desk says of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Done,
    NotFound,
    Ended,
}

fn told(watch: &Watch) -> Option<Told> {
    match &watch.stage {
        Stage::Issued { problems, .. } => {
            assert!(problems.is_empty(), "{problems:?}");
            Some(Told::Done)
        }
        Stage::Completed(_) => Some(Told::Done),
        // What is asked for is done when somebody approves it.
        Stage::AwaitsApproval(_) if watch.outgoing.kind == WriteKind::RevokeOrder => {
            Some(Told::Done)
        }
        Stage::NotFound(_) => Some(Told::NotFound),
        Stage::Ended(_) => Some(Told::Ended),
        _ => None,
    }
}

fn is_form(kind: WriteKind) -> bool {
    kind.makes_certificate()
}

fn expected(kind: WriteKind, end: End) -> Told {
    match end {
        End::Arrived => Told::Done,
        End::Vanished if kind.is_check() => Told::Done,
        End::Vanished => Told::NotFound,
        End::Refused => Told::Ended,
    }
}

/// Whether the journal says that the account took it: what came of it stands before that.
fn is_accepted(words: &str) -> bool {
    words.starts_with("accepted") || words.ends_with("; accepted")
}

/// Whether the journal's row says what the account holds.
fn is_true(kind: WriteKind, end: End, row: &JournalRow) -> bool {
    let words = row.outcome.as_deref().unwrap_or_default();
    let unanswered =
        words.ends_with("; no clear response") || words.starts_with("no clear response");
    let accepted = is_accepted(words);
    let absent = words.contains("no trace of it");
    let aside = words.contains("dismissed");
    match end {
        End::Refused => words.starts_with("refused (429)"),
        _ if unanswered && kind.is_check() => aside && !absent,
        End::Vanished => unanswered && absent,
        End::Arrived => {
            let found = kind.makes_certificate() == row.certificate.is_some();
            (accepted || unanswered) && found && !absent && !aside
        }
    }
}

/// The journal's row of the newest write.
fn row<'a>(desk: &'a Desk<'_>) -> &'a JournalRow {
    let op = &desk.model.engine.writes.all[0].op;
    let rows = &desk.model.journal.rows;
    rows.iter().find(|row| row.op == *op).expect("a row")
}
