//! A desk that ends in the middle of a write, before the account has it or after: the next one on the same store looks it
//! up, its journal says what is so, and what did not arrive arrives once when it is sent again.

use std::path::Path;

use certdeck::domain::write::WriteKind;

use super::table::{Target, effect, endpoint};
use super::{End, arrives_at_last, expected, is_form, is_true, next, sent_under, told};
use crate::account::Server;
use crate::desk::Desk;

/// Where the request stands when the desk ends, as a fault.
const STEPS: &[(&str, End)] = &[("hang", End::Vanished), ("slowbody=20m", End::Arrived)];

pub(super) fn run(kind: WriteKind) {
    let mut server = super::server(kind);
    for (step, end) in STEPS {
        let target = next(&mut server, kind);
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.sqlite");
        one(&server, kind, &target, step, *end, &store);
    }
}

fn one(server: &Server, kind: WriteKind, target: &Target, step: &str, end: End, store: &Path) {
    let what = format!("{kind:?} with a desk that ends under {step}");
    let endpoint = endpoint(kind);
    let sandbox = server.sandbox();
    let calls = sandbox.calls_of(endpoint);
    let before = effect(server, kind, target);
    let open = || Desk::on_disk(server, store);
    let mut desk = sent_under(step, server, kind, target, open);
    let arrives = u64::from(end == End::Arrived);
    desk.until_account("the request", |server| {
        server.sandbox().calls_of(endpoint) > calls
            && effect(server, kind, target) - before == arrives
    });
    drop(desk);
    sandbox.set_faults("").unwrap();

    let mut desk = Desk::on_disk(server, store);
    if !desk.model.engine.writes.all.is_empty() {
        desk.until(&what, |watch| told(watch).is_some());
        let said = told(&desk.model.engine.writes.all[0]);
        assert_eq!(said, Some(expected(kind, end)), "{what}");
    }
    desk.press("3");
    desk.settle();
    let row = desk.model.journal.rows.first().expect("a row of it");
    assert!(is_true(kind, end, row), "{what}: {row:?}");
    assert_eq!(effect(server, kind, target) - before, arrives, "{what}");
    assert_eq!(sandbox.calls_of(endpoint), calls + 1, "{what}: sent once");
    let typed = is_form(kind) && end != End::Arrived;
    assert_eq!(
        desk.model.engine.drafts.texts.len(),
        usize::from(typed),
        "{what}: drafts"
    );
    if end == End::Arrived {
        return;
    }
    arrives_at_last(&mut desk, server, kind, target, end, &what);
    assert_eq!(effect(server, kind, target) - before, 1, "{what}: again");
    assert_eq!(sandbox.calls_of(endpoint), calls + 2, "{what}: again");
}
