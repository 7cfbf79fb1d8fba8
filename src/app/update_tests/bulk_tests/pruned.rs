//! A list of CSRs tells of its rows by what was sent: that stays for as long as the list does, however much is over.

use super::*;

fn refused(what: &str) -> Ended {
    Ended::Refused(Failure::of(FailureKind::Refused, what))
}

#[test]
fn however_much_is_over_each_row_of_a_list_tells_what_came_of_it() {
    let mut desk = Desk::with_bulk(&several(3));
    let mut effects = desk.send_all();
    let mut rows = Vec::new();
    for request in 1..=3 {
        let [op] = &writes(&effects)[..] else {
            panic!("one after the other: {effects:?}");
        };
        effects = desk.end(op, refused(&format!("no {request}")));
        rows.push(op.clone());
    }
    let before = desk.words();
    assert_eq!(before, ["no 1", "no 2", "no 3"]);
    let one = desk.model.engine.writes.all[0].clone();
    for n in 0..400 {
        let name = format!("note {n}");
        let outgoing = crate::domain::write::Outgoing {
            kind: crate::domain::write::WriteKind::Note,
            body: name.clone(),
            expected: None,
            ..one.outgoing.clone()
        };
        let [op] = &writes(&desk.send(outgoing, None, name))[..] else {
            panic!("note {n} is not sent");
        };
        desk.end(op, Ended::Accepted(Accepted::default()));
    }
    assert_eq!(desk.shown(0), "the note is on order 1");
    let left: Vec<&WriteId> = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .map(|watch| &watch.op)
        .collect();
    assert!(left.len() < 200, "{}", left.len());
    for op in &rows {
        assert!(left.contains(&op), "{op:?} is forgotten");
    }
    assert_eq!(desk.words(), before);
    // Without the list nobody asks for them.
    desk.model.engine.bulk.forget_all();
    for _ in 0..60 {
        let [op] = &writes(&desk.send(one.outgoing.clone(), None, "it".into()))[..] else {
            panic!("it is not sent");
        };
        desk.end(op, refused("no"));
    }
    assert!(
        !desk
            .model
            .engine
            .writes
            .all
            .iter()
            .any(|watch| rows.contains(&watch.op))
    );
}
