//! What was lost: a look counts only when everything was read after it began, nothing less says that it did not arrive,
//! and nothing is sent again before one more, whatever it was.

use super::desk::unfinished;
use super::*;
use crate::app::msg::{Ended, Unfinished};
use crate::app::popups::PromptKind;
use crate::app::writes::Watch;
use crate::domain::clock::ClockOffset;
use crate::domain::dcv::DcvMethod;
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::{CertificateId, DomainId};
use crate::domain::operation::{Answers, Operation};
use crate::domain::order::{CsrText, Note, Order};
use crate::domain::write::{Entry, Found, Method, Outgoing, Stage, WriteId, WriteKind};

pub(super) const ID: OrderId = OrderId(1);
pub(super) const CSR: &str =
    "-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n";

fn primary() -> Certificate {
    let mut row = Certificate::empty(Role::Primary);
    row.id = Some(CertificateId(10));
    row.serial = Some("0A".into());
    row.common_name = "n1.example.net".into();
    row.csr = Some(CsrText(other_csr()));
    row
}

/// The CSR of another certificate.
fn other_csr() -> String {
    let der = crate::app::testing::csr_der(0);
    crate::domain::pem::encode("CERTIFICATE REQUEST", &der)
}

pub(super) fn info() -> Order {
    let mut info = order(1, primary());
    info.requests = vec![Request {
        kind: RequestKind::NewRequest,
        ..super::keyless_tests::asked(9, Timestamp::UNIX_EPOCH)
    }];
    info
}

/// Everything that is told by the state of an order.
pub(super) fn kinds() -> Vec<Outgoing> {
    let csr = |kind, path: &str| with_csr(post(kind, 1, path, "{}"), &[1, 2, 3]);
    let decision = |kind| Outgoing {
        order: Some(ID),
        request: Some(RequestId(9)),
        ..write(kind, Method::Put, "/request/9/status", "{}")
    };
    let answers = Answers {
        text: "why".into(),
        method: Some(DcvMethod::DnsTxt),
        ..Answers::default()
    };
    let operations = [
        Operation::CancelOrder,
        Operation::RevokeCertificate(CertificateId(10)),
        Operation::RevokeOrder,
        Operation::Archive(CertificateId(10)),
        Operation::Note,
        Operation::AutoReissue(true),
        Operation::NamesMethod,
        Operation::Domain(DomainOperation::Method, DomainId(5)),
        Operation::Domain(DomainOperation::Token, DomainId(5)),
    ];
    let mut all = vec![
        csr(WriteKind::Duplicate, "duplicate"),
        csr(WriteKind::Reissue, "reissue"),
        post(WriteKind::Reissue, 1, "reissue", "{}"),
        csr(WriteKind::ReissueAsDuplicate, "reissue"),
        decision(WriteKind::Approve),
        decision(WriteKind::Reject),
    ];
    let operations = operations.iter();
    all.extend(operations.map(|operation| operation.outgoing(ID, &answers)));
    all
}

/// A desk that knows the order.
pub(super) fn opened() -> Desk {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    shown(&mut desk, &effects, &[]);
    desk.press("esc");
    desk
}

/// Answers what was asked for of the order; what is named in `failing` fails.
pub(super) fn shown(desk: &mut Desk, effects: &[Effect], failing: &[Read]) -> Vec<Effect> {
    answered(desk, effects, failing, &info(), &[])
}

pub(super) fn answered(
    desk: &mut Desk,
    effects: &[Effect],
    failing: &[Read],
    info: &Order,
    duplicates: &[Certificate],
) -> Vec<Effect> {
    let mut all = Vec::new();
    let mut asked: Vec<Effect> = effects.to_vec();
    while !asked.is_empty() {
        let mut more = Vec::new();
        for read in reads(&asked) {
            let data = match read {
                _ if failing.contains(read) => Err(lost()),
                Read::Order(_) => Ok(Data::Order(Box::new(info.clone()))),
                Read::Duplicates(_) => Ok(Data::Certificates(duplicates.to_vec())),
                Read::Reissues(_) => Ok(Data::Certificates(Vec::new())),
                Read::Domains(..) => Ok(Data::Domains(Vec::new())),
                Read::Request(id) => {
                    let request = info.requests.iter().find(|row| row.id == *id);
                    Ok(Data::Request(Box::new(request.unwrap().clone())))
                }
                _ => continue,
            };
            more.extend(desk.answer(&asked, read, data));
        }
        all.extend(more.clone());
        asked = more;
    }
    all
}

fn lose(desk: &mut Desk, outgoing: Outgoing) -> (WriteId, Vec<Effect>) {
    let name = outgoing.named();
    desk.send(outgoing, None, name);
    let op = desk.model.engine.writes.all[0].op.clone();
    let outcome = Ended::Unknown(lost());
    let effects = desk.tell(Msg::WriteEnded {
        op: op.clone(),
        outcome,
    });
    (op, effects)
}

fn watch(desk: &Desk) -> &Watch {
    &desk.model.engine.writes.all[0]
}

/// Looks until it counts as not found, or so often.
fn look(desk: &mut Desk, effects: Vec<Effect>, times: usize, failing: &[Read]) -> Vec<Effect> {
    let mut all = Vec::new();
    let mut newest = effects;
    for turn in 1..=times {
        all.extend(shown(desk, &newest, failing));
        if !desk.is_looked_for(0) || turn == times {
            break;
        }
        let due = desk.model.next_deadline();
        let due = due.unwrap_or_else(|| panic!("it looks on: {:?}", watch(desk)));
        newest = desk.wait(due.duration_since(desk.now).as_secs() + 1);
    }
    all
}

pub(super) fn not_found(desk: &mut Desk, outgoing: Outgoing) -> WriteId {
    let (op, effects) = lose(desk, outgoing);
    look(desk, effects, 20, &[]);
    assert!(desk.is_not_found(0), "{}", desk.shown(0));
    op
}

fn not_arrived(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::Journal {
                entry: Entry::Found(Found::NotArrived),
                ..
            }
        )
    })
}

/// What came since and does not show what it is may be what was lost.
#[test]
fn what_cannot_be_told_is_not_taken_for_absent() {
    let row = |role: Role, id: Option<u64>, csr: Option<&str>| {
        let mut row = Certificate::empty(role);
        row.id = id.map(CertificateId);
        row.csr = csr.map(|csr| CsrText(csr.to_owned()));
        row
    };
    let armoured = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----";
    let other = other_csr();
    let bare: String = other
        .lines()
        .filter(|line| !line.contains("-----"))
        .collect();
    let makes = |outgoing: &Outgoing| outgoing.kind.makes_certificate();
    for outgoing in kinds().into_iter().filter(makes) {
        let role = match outgoing.kind {
            WriteKind::Reissue => Role::Reissue,
            _ => Role::Duplicate(None),
        };
        let keyless = outgoing.expected.is_none();
        let mut old = row(role.clone(), Some(20), None);
        old.created = Some(Timestamp::UNIX_EPOCH);
        for (new, untold) in [
            (row(role.clone(), None, None), true),
            (row(role.clone(), None, Some(CSR)), true),
            (row(role.clone(), Some(20), None), !keyless),
            (row(role.clone(), Some(20), Some("")), !keyless),
            (row(role.clone(), Some(20), Some("gone")), !keyless),
            (row(role.clone(), Some(20), Some(armoured)), !keyless),
            // Ours, it may be, and not to be compared.
            (row(role.clone(), Some(20), Some(&bare)), !keyless),
            // Another one, and one that was made long before.
            (row(role.clone(), Some(20), Some(&other)), false),
            (old, false),
        ] {
            // Without a key the only new one is the one that was lost.
            if keyless && !untold {
                continue;
            }
            let what = format!("{:?} {new:?}", outgoing.kind);
            let mut desk = opened();
            let (op, mut effects) = lose(&mut desk, outgoing.clone());
            let mut settled = false;
            for _ in 0..20 {
                let all = answered(
                    &mut desk,
                    &effects,
                    &[],
                    &info(),
                    std::slice::from_ref(&new),
                );
                settled |= not_arrived(&all);
                let due = desk.model.next_deadline().unwrap();
                effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
            }
            assert_eq!(settled, !untold, "{what}");
            let why = crate::app::writes::resend::why_not(&desk.model.engine.writes, &op);
            assert_eq!(why.is_some(), untold, "{what}");
            let trouble = watch(&desk).trouble.as_ref();
            let words = trouble.map_or("", |trouble| trouble.what.as_str());
            assert_eq!(words.contains("CSR"), untold, "{what}: {words}");
        }
    }
}

#[test]
fn a_look_that_failed_in_any_part_says_nothing() {
    for outgoing in kinds() {
        let mut parts = vec![Read::Order(ID), Read::Duplicates(ID), Read::Reissues(ID)];
        if outgoing.kind.is_about_domains() {
            parts.push(Read::Domains(ID, vec!["n1.example.net".into()]));
        }
        for part in parts {
            let what = format!("{:?} without {part:?}", outgoing.kind);
            let mut desk = opened();
            let (_, effects) = lose(&mut desk, outgoing.clone());
            let all = look(&mut desk, effects, 30, std::slice::from_ref(&part));
            assert_eq!(desk.shown(0), hands::LOOKING, "{what}");
            assert!(!not_arrived(&all), "{what}");
            assert!(watch(&desk).trouble.is_some(), "{what}: it is told");
            // Once it can be read, that is enough.
            let due = desk.model.next_deadline().expect("it looks on");
            let effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
            let all = look(&mut desk, effects, 3, &[]);
            assert!(desk.is_not_found(0), "{what}: {}", desk.shown(0));
            assert!(not_arrived(&all), "{what}");
            assert!(
                watch(&desk).words().contains("(checked 2026-11-20"),
                "{what}"
            );
        }
    }
}

#[test]
fn what_was_asked_for_before_it_was_lost_says_nothing() {
    let mut desk = opened();
    let before = desk.press("enter R");
    let (_, effects) = lose(&mut desk, kinds().remove(0));
    assert!(!reads(&effects).is_empty(), "it is asked for anew");
    shown(&mut desk, &before, &[]);
    assert_eq!(watch(&desk).looked, None);
    shown(&mut desk, &effects, &[]);
    assert!(watch(&desk).looked.is_some());
}

#[test]
fn whatever_was_lost_is_looked_for_once_more_before_it_is_sent_again() {
    for outgoing in kinds() {
        let what = format!("{:?}", outgoing.kind);
        let again = |desk: &mut Desk| {
            desk.show_activity();
            let effects = desk.press("s");
            let asked = reads(&effects);
            for read in [Read::Order(ID), Read::Duplicates(ID), Read::Reissues(ID)] {
                assert!(asked.contains(&&read), "{what}: {asked:?}");
            }
            let list = matches!(desk.model.popups.last(), Some(Popup::Watches(_)));
            assert!(list, "{what}: not before the look");
            effects
        };
        let mut desk = opened();
        not_found(&mut desk, outgoing.clone());
        let effects = again(&mut desk);
        shown(&mut desk, &effects, &[]);
        let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
            panic!("{what}: {:?}", desk.model.status);
        };
        assert!(matches!(prompt.kind, PromptKind::SendAgain { .. }));
        let shown_now = prompt.body[1].as_str();
        let at = desk.now.strftime("%H:%M:%S UTC");
        let told = format!("CertCentral, checked at {at}: order 1 is issued; ");
        assert!(shown_now.starts_with(&told), "{what}: {shown_now}");

        let mut desk = opened();
        not_found(&mut desk, outgoing.clone());
        let effects = again(&mut desk);
        shown(&mut desk, &effects, &[Read::Order(ID)]);
        let list = matches!(desk.model.popups.last(), Some(Popup::Watches(_)));
        assert!(list, "{what}: not after a look that failed");
        let told = desk.told();
        assert!(told.contains("could not be checked"), "{what}: {told}");

        // Left meanwhile, nothing opens by itself.
        let mut desk = opened();
        not_found(&mut desk, outgoing);
        let effects = again(&mut desk);
        desk.press("esc");
        shown(&mut desk, &effects, &[]);
        assert!(desk.model.popups.is_empty(), "{what}");
        let words = format!("{}: {}", watch(&desk).name, watch(&desk).words());
        let told = desk.model.status.as_ref().unwrap();
        assert_eq!(
            told.words, words,
            "what the look found is told all the same"
        );
    }
}

/// The question stood open for a while: what arrived meanwhile is not sent twice by a late yes.
#[test]
fn a_late_yes_to_sending_again_is_held_against_one_more_look() {
    let is_sent = |effects: &[Effect]| {
        let mut writes = effects.iter();
        writes.any(|effect| matches!(effect, Effect::Write { .. }))
    };
    for outgoing in kinds() {
        let what = format!("{:?}", outgoing.kind);
        let word = outgoing.order.filter(|_| outgoing.kind.can_break());
        let yes = || {
            let mut desk = opened();
            not_found(&mut desk, outgoing.clone());
            desk.show_activity();
            let effects = desk.press("s");
            shown(&mut desk, &effects, &[]);
            desk.wait(60);
            if let Some(order) = word {
                desk.press(&order.to_string());
            }
            let looks = desk.press("enter");
            assert!(!is_sent(&looks), "{what}: before the look");
            assert!(reads(&looks).contains(&&Read::Order(ID)), "{what}");
            (desk, looks)
        };
        let (mut desk, looks) = yes();
        assert!(is_sent(&shown(&mut desk, &looks, &[])), "{what}");

        let (mut desk, looks) = yes();
        let all = shown(&mut desk, &looks, &[Read::Order(ID)]);
        assert!(!is_sent(&all), "{what}: the look failed");

        // Something else happened there: the yes was to another picture.
        let (mut desk, looks) = yes();
        let mut changed = info();
        changed.status = crate::domain::status::OrderStatus::Other("frozen".into());
        let all = answered(&mut desk, &looks, &[], &changed, &[]);
        assert!(!is_sent(&all), "{what}: the account changed");
        let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
            panic!("{what}: {:?}", desk.model.status);
        };
        assert!(prompt.body[1].contains("frozen"), "{what}: {prompt:?}");
    }
}

#[test]
fn what_an_earlier_session_lost_is_looked_for_whichever_comes_first() {
    for outgoing in kinds() {
        for came in [Stage::LookingUp(lost()), Stage::NotFound(lost())] {
            for journal_first in [true, false] {
                let what = format!("{:?} {came:?} {journal_first}", outgoing.kind);
                let mut desk = Desk::with_orders(1);
                let connection = desk.model.engine.account.connection.clone().unwrap();
                let left = Unfinished {
                    order: Some(ID),
                    ..unfinished("earlier-1", outgoing.clone(), came.clone())
                };
                let resume = Msg::Resume(vec![left]);
                let connected = Msg::Connected(connection);
                let effects = if journal_first {
                    desk.model.engine.account.connection = None;
                    assert!(reads(&desk.tell(resume)).is_empty(), "{what}");
                    desk.tell(connected)
                } else {
                    desk.tell(connected);
                    desk.tell(resume)
                };
                let asked = reads(&effects);
                assert!(asked.contains(&&Read::Order(ID)), "{what}: {asked:?}");
                look(&mut desk, effects, 20, &[]);
                assert!(desk.is_not_found(0), "{what}: {}", desk.shown(0));
                assert!(desk.model.next_deadline().is_some(), "{what}: it looks on");
            }
        }
    }
}

#[test]
fn a_decision_whose_order_nobody_knows_is_told_by_its_request() {
    for (status, ended) in [
        (RequestStatus::Approved, true),
        (RequestStatus::Rejected, true),
        (RequestStatus::Pending, false),
    ] {
        let mut desk = Desk::with_orders(1);
        let outgoing = Outgoing {
            order: None,
            ..kinds().remove(4)
        };
        let (op, mut effects) = lose(&mut desk, outgoing);
        let request = Request {
            status: status.clone(),
            order: None,
            ..super::keyless_tests::asked(9, desk.now)
        };
        let mut all = Vec::new();
        for _ in 0..20 {
            let data = Data::Request(Box::new(request.clone()));
            all.extend(desk.answer(&effects, &Read::Request(RequestId(9)), Ok(data)));
            if !desk.is_looked_for(0) {
                break;
            }
            let due = desk.model.next_deadline().expect("it looks on");
            effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
        }
        let what = match (&status, ended) {
            (_, false) => Found::NotArrived,
            (RequestStatus::Approved, _) => Found::Done,
            _ => Found::Overtaken,
        };
        assert!(
            all.contains(&Effect::Journal {
                op,
                entry: Entry::Found(what)
            }),
            "{status:?}: {all:?}"
        );
    }
}

#[test]
fn a_wrong_clock_hides_nothing_that_arrived() {
    for (offset, dated) in [
        (-1200, "2026-11-20T11:40:02Z"),
        (1200, "2026-11-20T12:20:02Z"),
    ] {
        for clock in [Some(ClockOffset { seconds: offset }), None] {
            for outgoing in kinds() {
                let mut info = info();
                let at: Timestamp = dated.parse().unwrap();
                match outgoing.kind {
                    WriteKind::Note => info.notes.push(Note {
                        id: None,
                        text: "why".into(),
                        date: Some(at),
                        author: None,
                    }),
                    WriteKind::RevokeCertificate | WriteKind::RevokeOrder => {
                        info.requests.push(Request {
                            kind: RequestKind::Revoke,
                            ..super::keyless_tests::asked(21, at)
                        });
                    }
                    WriteKind::Reissue if outgoing.expected.is_none() => {
                        info.requests.push(super::keyless_tests::asked(21, at));
                    }
                    _ => continue,
                }
                let mut desk = opened();
                desk.model.engine.account.clock = clock;
                let (_, effects) = lose(&mut desk, outgoing.clone());
                answered(&mut desk, &effects, &[], &info, &[]);
                let what = format!("{:?}, {clock:?}: {}", outgoing.kind, desk.shown(0));
                assert!(!desk.shown(0).starts_with("outcome unknown"), "{what}");
            }
        }
    }
}

#[test]
fn the_same_that_another_desk_sent_is_sent_only_when_it_is_said_so() {
    for taken in [false, true] {
        let mut desk = opened();
        desk.send(kinds().remove(0), None, "it".into());
        let op = watch(&desk).op.clone();
        let failure = Failure::local("the same was sent", "");
        let outcome = Ended::Twin { failure, taken };
        let effects = desk.tell(Msg::WriteEnded { op, outcome });
        let writes = |effects: &[Effect]| {
            let mut all = effects.iter();
            all.any(|effect| matches!(effect, Effect::Write { despite: true, .. }))
        };
        assert!(!writes(&effects));
        assert_eq!(desk.model.popups.is_empty(), !taken);
        if taken {
            assert!(!writes(&desk.press("enter")), "not by habit");
            assert!(writes(&desk.press("1 enter")));
        }
    }
}

#[test]
fn a_decision_is_not_sent_twice() {
    let mut desk = opened();
    let decide = || vec![kinds().remove(4)];
    let count = |effects: &[Effect]| {
        let writes = effects.iter();
        writes
            .filter(|effect| matches!(effect, Effect::Write { .. }))
            .count()
    };
    assert_eq!(count(&desk.send_together(decide())), 1);
    assert_eq!(count(&desk.send_together(decide())), 0, "under way");
    let op = watch(&desk).op.clone();
    let outcome = Ended::Unknown(lost());
    desk.tell(Msg::WriteEnded { op, outcome });
    assert_eq!(count(&desk.send_together(decide())), 0, "unknown");
    let rejected = vec![kinds().remove(5)];
    assert_eq!(count(&desk.send_together(rejected)), 0, "nor the opposite");
}
