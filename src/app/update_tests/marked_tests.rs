//! What is done to several marked orders at once: copied, written, noted; and what is for one order at a time.

use super::*;
use crate::app::effect::NewFile;
use crate::app::msg::{Accepted, Ended, FileProblem};
use crate::domain::ids::CertificateId;
use crate::domain::order::{Certificate, Role};
use crate::domain::status::{CertificateStatus, OrderStatus};
use crate::domain::write::WriteKind;

/// A desk of four orders, of which the newest three are marked; the third has no certificate.
fn desk() -> Desk {
    let mut desk = Desk::connected();
    let row = |n: u64| {
        let mut row = summary(n, &format!("n{n}.example.net"));
        row.certificate_id = (n != 3).then_some(CertificateId(n * 10));
        row.serial = None;
        row
    };
    desk.rows((1..=4).map(row).collect());
    desk.nothing_is_late();
    desk.press("space space space");
    desk
}

fn marked(desk: &Desk) -> Vec<u64> {
    let marked = desk.model.orders.marked(&desk.model.engine.account);
    marked.iter().map(|id| id.0).collect()
}

fn copied(effects: &[Effect]) -> Option<(&str, &str)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Copy { text, what, .. } => Some((text.as_str(), what.as_str())),
        _ => None,
    })
}

/// A certificate by itself.
fn pem(name: &str) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.self_signed(&key).unwrap().pem()
}

#[test]
fn numbers_and_names_of_marked_orders_are_copied_on_one_line() {
    let mut desk = desk();
    assert_eq!(marked(&desk), [4, 3, 2]);
    desk.press("y");
    assert_eq!(
        copied(&desk.press("n")),
        Some(("4 3 2", "numbers of 3 orders"))
    );
    desk.press("y");
    let effects = desk.press("m");
    let (text, what) = copied(&effects).unwrap();
    assert_eq!(what, "names of 3 orders");
    assert!(
        text.starts_with("n4.example.net ") && !text.contains('\n'),
        "{text}"
    );
    // Those that the filter hides are not meant.
    desk.press("/");
    desk.type_text("n2");
    desk.press("enter y");
    assert_eq!(copied(&desk.press("n")), Some(("2", "numbers of 1 order")));
}

#[test]
fn certificates_are_copied_together_once_all_of_them_came() {
    let mut desk = desk();
    desk.press("y");
    let effects = desk.press("c");
    let (one, two) = (pem("n4.example.net"), pem("n2.example.net"));
    let chain = |id: u64| Read::Chain(CertificateId(id));
    assert!(copied(&effects).is_none());
    let more = desk.answer(&effects, &chain(20), Ok(Data::Chain(two.clone())));
    assert!(copied(&more).is_none());
    let more = desk.answer(&effects, &chain(40), Ok(Data::Chain(one.clone())));
    let (text, what) = copied(&more).expect("all came");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(text), [lines(&one), lines(&two)].concat());
    assert_eq!(
        what,
        "2 certificates (1 not: order 3: it has no issued certificate)"
    );
    assert_eq!(crate::domain::copyable::any(text), Ok(()));
}

#[test]
fn each_certificate_is_written_to_a_file_of_its_own_and_what_was_not_is_told() {
    let mut desk = desk();
    desk.press("w");
    let effects = desk.press("enter");
    let mut all = effects.clone();
    for id in [40, 20] {
        let chain = Data::Chain(pem(&format!("n{}.example.net", id / 10)));
        all.extend(desk.answer(&effects, &Read::Chain(CertificateId(id)), Ok(chain)));
    }
    let files: Vec<(NewFile, String, Option<String>)> = all
        .iter()
        .filter_map(|effect| match effect {
            Effect::WriteNew {
                of, files, caveat, ..
            } => Some((of.clone(), files[0].0.clone(), caveat.clone())),
            _ => None,
        })
        .collect();
    let paths: Vec<&str> = files.iter().map(|(_, path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        ["n4.example.net-4-40.pem", "n2.example.net-2-20.pem"]
    );
    for (at, (of, path, caveat)) in files.into_iter().enumerate() {
        let result = if at == 0 {
            Ok(())
        } else {
            Err(FileProblem::Exists)
        };
        desk.tell(Msg::NewFileSaved {
            of,
            path,
            caveat,
            result,
        });
    }
    let told = desk.told();
    assert!(
        told.starts_with("1 file written, 2 not, among them order 3:"),
        "{told}"
    );
}

#[test]
fn a_note_is_added_to_each_marked_order_in_turn() {
    let mut desk = desk();
    desk.press("m enter");
    desk.type_text("moved");
    desk.press("enter");
    let mut orders = Vec::new();
    for _ in 0..3 {
        let watch = &desk.model.engine.writes.all[0];
        assert_eq!(watch.outgoing.kind, WriteKind::Note);
        assert!(watch.outgoing.body.contains("moved"));
        orders.extend(watch.outgoing.order);
        let op = watch.op.clone();
        desk.ends(&op, Ended::Accepted(Accepted::default()));
    }
    orders.sort_unstable();
    assert_eq!(orders, [2, 3, 4].map(OrderId));
    assert_eq!(desk.model.engine.writes.all.len(), 3);
}

/// Answers what is read of an order: a primary, and duplicates with these numbers, statuses, and last days.
fn holds(
    desk: &mut Desk,
    effects: &[Effect],
    order: u64,
    duplicates: &[(u64, CertificateStatus, &str)],
) -> Vec<Effect> {
    let row = |(id, status, till): &(u64, CertificateStatus, &str)| {
        let mut row = Certificate::empty(Role::Duplicate(None));
        row.id = Some(CertificateId(*id));
        row.status = Some(status.clone());
        row.valid_till = till.parse().ok();
        row
    };
    let mut primary = Certificate::empty(Role::Primary);
    primary.id = Some(CertificateId(order * 10));
    // Over as well, and never archived.
    primary.valid_till = "2020-01-01".parse().ok();
    let mut info = crate::app::testing::order(order, primary);
    info.status = OrderStatus::Issued;
    let id = OrderId(order);
    let duplicates = duplicates.iter().map(row).collect();
    let mut more = Vec::new();
    for (read, data) in [
        (Read::Order(id), Data::Order(Box::new(info))),
        (Read::Duplicates(id), Data::Certificates(duplicates)),
        (Read::Reissues(id), Data::Certificates(Vec::new())),
    ] {
        more.extend(desk.answer(effects, &read, Ok(data)));
    }
    more
}

fn archive(desk: &mut Desk) -> Vec<Effect> {
    desk.press("m j j j");
    desk.key("enter")
}

fn asked(desk: &Desk) -> (String, String) {
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        return (String::new(), desk.told().to_owned());
    };
    (asking.title.clone(), asking.words.join("\n"))
}

#[test]
fn what_expired_or_was_revoked_is_archived_on_each_marked_order_once_all_are_loaded() {
    use CertificateStatus::{Expired, Issued, Revoked};
    let mut desk = desk();
    let effects = archive(&mut desk);
    let (title, words) = asked(&desk);
    assert_eq!(title, "Archive old certificates: 3 orders");
    assert!(words.contains("4 n4.example.net: loading…"), "{words}");
    holds(
        &mut desk,
        &effects,
        4,
        &[(41, Issued, "2020-01-01"), (42, Issued, "2100-01-01")],
    );
    // Not all are loaded: nobody knows yet what a yes would send.
    desk.key("enter");
    assert!(desk.model.engine.writes.all.is_empty());
    holds(&mut desk, &effects, 3, &[(31, Issued, "2100-01-01")]);
    holds(
        &mut desk,
        &effects,
        2,
        &[(21, Revoked, "2100-01-01"), (22, Expired, "2100-01-01")],
    );
    let (title, words) = asked(&desk);
    assert_eq!(title, "Archive old certificates: 2 orders", "{words}");
    let lines = [
        "4 n4.example.net: 1 certificate",
        "2 n2.example.net: 2 certificates",
    ];
    assert!(words.starts_with(&lines.join("\n")), "{words}");
    assert!(words.contains("cannot be done there: 3."), "{words}");
    desk.nothing_is_late();
    desk.press("enter");
    let mut paths = Vec::new();
    for _ in 0..3 {
        let watch = &desk.model.engine.writes.all[0];
        assert_eq!(watch.outgoing.kind, WriteKind::Archive);
        paths.push(watch.outgoing.path.clone());
        let op = watch.op.clone();
        desk.ends(&op, Ended::Accepted(Accepted::default()));
        // An order stays marked until all of it is archived.
        let left = [vec![3, 2], vec![3, 2], vec![3]];
        assert_eq!(marked(&desk), left[paths.len() - 1]);
    }
    let archived = [41, 22, 21].map(|id| format!("/certificate/{id}/archive"));
    assert_eq!(paths, archived);
    assert_eq!(desk.model.engine.writes.all.len(), 3);
}

#[test]
fn a_question_about_orders_that_have_nothing_to_archive_or_cannot_be_loaded_closes() {
    let mut desk = desk();
    let effects = archive(&mut desk);
    for order in [4, 3] {
        holds(
            &mut desk,
            &effects,
            order,
            &[(order * 10 + 1, CertificateStatus::Issued, "2100-01-01")],
        );
    }
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(2)),
        Ok(Data::Certificates(Vec::new())),
    );
    desk.answer(
        &effects,
        &Read::Reissues(OrderId(2)),
        Ok(Data::Certificates(Vec::new())),
    );
    desk.answer(&effects, &Read::Order(OrderId(2)), Err(lost()));
    assert!(
        desk.model
            .popups
            .iter()
            .all(|popup| !matches!(popup, Popup::Asking(_)))
    );
    assert!(desk.told().contains("Nothing was sent."), "{}", desk.told());
}

#[test]
fn what_is_for_one_order_at_a_time_says_so() {
    let mut desk = desk();
    for key in ["d", "n", "b"] {
        desk.press(key);
        assert!(
            desk.model.form.is_none() && desk.model.popups.is_empty(),
            "{key}"
        );
        let told = desk.told();
        assert!(
            told.contains("one order at a time, and 3 orders are marked"),
            "{key}: {told}"
        );
    }
    desk.press("m");
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let entries = crate::app::popups::operations::entries(&desk.model.engine, menu);
    let able: Vec<String> = entries
        .iter()
        .filter(|entry| entry.why_not.is_none())
        .map(|entry| entry.choice.label())
        .collect();
    assert_eq!(
        able,
        [
            "Add a note",
            "Turn on auto-reissue",
            "Turn off auto-reissue",
            "Archive old certificates",
        ]
    );
}
