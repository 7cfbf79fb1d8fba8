//! What the account shows of a write: by the CSR, by what was not there before, by a request; and what it does not show.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::app::remote::Ticket;
use crate::app::testing::{self, csr_der, order, post, with_csr};
use crate::domain::failure::Failure;
use crate::domain::order::CsrText;
use crate::domain::status::CertificateStatus;
use crate::domain::write::{Before, Fact, Found, WriteId};

const MINE: u8 = 1;
const OTHER: u8 = 2;

fn pem_of(csr: u8) -> String {
    pem::encode("CERTIFICATE REQUEST", &csr_der(csr))
}

fn sent_at() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// So many days before, or after, it was sent.
fn away(days: i64) -> Timestamp {
    sent_at() + SignedDuration::from_hours(24 * days)
}

fn row(id: u64, role: Role, csr: Option<u8>) -> Certificate {
    let mut row = Certificate::empty(role);
    row.id = Some(CertificateId(id));
    row.serial = Some(format!("{id:04X}"));
    row.status = Some(CertificateStatus::Issued);
    row.csr = csr.map(|csr| CsrText(pem_of(csr)));
    row
}

fn request(id: u64, kind: RequestKind, status: RequestStatus, csr: Option<u8>) -> Request {
    Request {
        date: Some(away(0)),
        csr: csr.map(|csr| CsrText(pem_of(csr))),
        ..testing::request(id, kind, status)
    }
}

fn ready<T>(value: T) -> Remote<T> {
    Remote::Ready {
        value,
        at: Timestamp::UNIX_EPOCH,
        asked: Ticket(1),
    }
}

/// An order with a certificate of its own, number 10.
fn data(
    reissues: Vec<Certificate>,
    duplicates: Vec<Certificate>,
    requests: Vec<Request>,
) -> OrderData {
    let mut info = order(1, row(10, Role::Primary, Some(10)));
    info.requests = requests;
    let mut data = OrderData::default();
    data.order = ready(info);
    data.reissues = ready(reissues);
    data.duplicates = ready(duplicates);
    data.merge();
    data
}

fn outgoing(kind: WriteKind, csr: Option<u8>) -> Outgoing {
    let bare = post(kind, 1, "", "{}");
    match csr {
        Some(csr) => with_csr(bare, &csr_der(csr)),
        None => bare,
    }
}

fn watch(outgoing: Outgoing, state: Stage, before: Before) -> Watch {
    let op = WriteId("1".into());
    let mut watch = Watch::new(op, outgoing, "it".into(), before, sent_at());
    watch.stage = state;
    watch
}

fn lost() -> Failure {
    Failure::local("The connection broke.", "")
}

fn certificates(ids: &[u64]) -> Vec<CertificateId> {
    ids.iter().copied().map(CertificateId).collect()
}

fn requests(ids: &[u64]) -> Vec<RequestId> {
    ids.iter().copied().map(RequestId).collect()
}

fn copy() -> Role {
    Role::Duplicate(None)
}

#[test]
fn what_carried_the_csr_before_is_written_down_and_without_one_what_a_reissue_might_replace() {
    use RequestStatus::{Approved, Pending};
    let data = data(
        vec![
            row(20, Role::Reissue, Some(MINE)),
            // It does not show what it was made from.
            row(21, Role::Reissue, None),
        ],
        vec![row(30, copy(), Some(MINE)), row(31, copy(), Some(OTHER))],
        vec![
            request(1, RequestKind::Reissue, Approved, Some(MINE)),
            request(2, RequestKind::Duplicate, Pending, Some(MINE)),
            request(3, RequestKind::Reissue, Pending, Some(OTHER)),
            // A request to revoke shows the certificate that it is about.
            request(4, RequestKind::Revoke, Pending, Some(MINE)),
            request(5, RequestKind::NewRequest, Approved, None),
        ],
    );
    for (kind, csr, mut had, mut asked) in [
        (
            WriteKind::Duplicate,
            Some(MINE),
            vec![20, 21, 30],
            vec![1, 2],
        ),
        (WriteKind::Reissue, Some(OTHER), vec![21, 31], vec![3]),
        (WriteKind::Reissue, Some(9), vec![21], vec![]),
        (WriteKind::Reissue, None, vec![10, 20, 21], vec![1, 3]),
    ] {
        let before = before(&data, &outgoing(kind, csr));
        let case = format!("{kind:?} {csr:?}: {before:?}");
        let mut held: Vec<u64> = before.certificates.iter().map(|id| id.0).collect();
        let mut made: Vec<u64> = before.requests.iter().map(|id| id.0).collect();
        for list in [&mut held, &mut made, &mut had, &mut asked] {
            list.sort_unstable();
        }
        assert_eq!((held, made), (had, asked), "{case}");
        assert!(before.known, "{case}");
    }
}

#[test]
fn what_was_there_is_known_once_everything_was_read_that_could_show_it() {
    for (has_order, has_reissues, has_duplicates) in [
        (true, true, true),
        (true, true, false),
        (true, false, true),
        (true, false, false),
        (false, true, true),
        (false, false, false),
    ] {
        let mut data = data(Vec::new(), Vec::new(), Vec::new());
        if !has_order {
            data.order = Remote::Idle;
        }
        if !has_reissues {
            data.reissues = Remote::Idle;
        }
        if !has_duplicates {
            data.duplicates = Remote::Idle;
        }
        data.merge();
        let known = |kind, csr| before(&data, &outgoing(kind, csr)).known;
        let all = has_order && has_reissues && has_duplicates;
        for kind in [WriteKind::Duplicate, WriteKind::Reissue] {
            assert_eq!(
                known(kind, Some(MINE)),
                all,
                "{has_order} {has_reissues} {has_duplicates}"
            );
        }
        assert_eq!(known(WriteKind::Note, None), has_order);
        let of_reissue = before(&data, &outgoing(WriteKind::Reissue, None));
        let expected = if has_order && has_reissues {
            certificates(&[10])
        } else {
            Vec::new()
        };
        assert_eq!(of_reissue.certificates, expected);
    }
}

#[test]
fn without_a_key_the_only_certificate_that_was_not_there_is_what_came() {
    let waits = || Stage::AwaitsCertificate(None);
    let approval = || Stage::AwaitsApproval(RequestId(5));
    let lookup = || Stage::LookingUp(lost());
    let not_found = || Stage::NotFound(lost());
    let dated = |id: u64, created: Option<Timestamp>| Certificate {
        created,
        ..row(id, Role::Reissue, None)
    };
    let had = [10, 20];
    for (case, state, kind, had, reissues, found_is) in [
        (
            "the new one",
            waits(),
            WriteKind::Reissue,
            &had[..],
            vec![dated(21, Some(away(0)))],
            Some(21),
        ),
        (
            "approved",
            approval(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, Some(away(0)))],
            Some(21),
        ),
        (
            "an old date, accepted",
            waits(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, Some(away(-9)))],
            Some(21),
        ),
        (
            "lost",
            lookup(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, Some(away(0)))],
            Some(21),
        ),
        (
            "not found",
            not_found(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, None)],
            Some(21),
        ),
        (
            "lost, and older",
            lookup(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, Some(away(-9)))],
            None,
        ),
        (
            "two",
            waits(),
            WriteKind::Reissue,
            &had,
            vec![dated(21, None), dated(22, None)],
            None,
        ),
        ("none", waits(), WriteKind::Reissue, &had, vec![], None),
        (
            "nothing known of before",
            waits(),
            WriteKind::Reissue,
            &[],
            vec![dated(21, None)],
            None,
        ),
        (
            "over",
            Stage::Ended(lost()),
            WriteKind::Reissue,
            &had,
            vec![dated(21, None)],
            None,
        ),
        (
            "on its way",
            Stage::Sending,
            WriteKind::Reissue,
            &had,
            vec![dated(21, None)],
            None,
        ),
        (
            "no reissue",
            waits(),
            WriteKind::ReissueAsDuplicate,
            &had,
            vec![dated(21, None)],
            None,
        ),
    ] {
        let mut all = vec![row(20, Role::Reissue, None)];
        all.extend(reissues);
        // A duplicate takes nothing's place.
        let data = data(all, vec![row(30, copy(), None)], Vec::new());
        let before = Before {
            certificates: certificates(had),
            ..Before::default()
        };
        let watch = watch(outgoing(kind, None), state, before);
        let found = found(&data, &watch).map(|(id, issued)| (id.0, issued));
        assert_eq!(found, found_is.map(|id| (id, true)), "{case}");
    }
}

#[test]
fn a_certificate_is_issued_when_something_is_told_of_it_that_only_an_issued_one_has() {
    use CertificateStatus::{Approved, Issued, Pending, Revoked};
    let bare = |status: Option<CertificateStatus>| Certificate {
        serial: None,
        status,
        ..row(20, copy(), Some(MINE))
    };
    let with_serial = |status| Certificate {
        serial: Some("0A".into()),
        ..bare(status)
    };
    for (row, issued) in [
        (bare(None), false),
        (bare(Some(Issued)), false),
        (bare(Some(Pending)), false),
        (with_serial(None), true),
        (with_serial(Some(Issued)), true),
        (with_serial(Some(Approved)), true),
        (with_serial(Some(Pending)), false),
        (with_serial(Some(Revoked)), false),
    ] {
        let case = format!("{:?} {:?}", row.serial, row.status);
        let data = data(Vec::new(), vec![row], Vec::new());
        let expected = Some((CertificateId(20), issued));
        let by_number = Stage::AwaitsCertificate(Some(CertificateId(20)));
        for state in [by_number, Stage::AwaitsCertificate(None)] {
            let sent = outgoing(WriteKind::Duplicate, Some(MINE));
            let found = found(&data, &watch(sent, state, Before::default()));
            assert_eq!(found, expected, "{case}");
        }
    }
    let gone = Stage::AwaitsCertificate(Some(CertificateId(99)));
    let data = data(Vec::new(), vec![bare(None)], Vec::new());
    let watch = watch(
        outgoing(WriteKind::Duplicate, Some(MINE)),
        gone,
        Before::default(),
    );
    assert_eq!(found(&data, &watch), None, "by its number alone");
}

#[test]
fn a_certificate_with_the_csr_that_was_there_or_is_older_did_not_come_of_it() {
    for (had, known, created, came) in [
        (&[][..], true, Some(away(0)), true),
        (&[20], true, Some(away(0)), false),
        (&[], true, Some(away(-9)), true),
        (&[], true, None, true),
        (&[], false, Some(away(-9)), false),
        (&[], false, Some(away(1)), true),
        (&[], false, None, true),
        (&[20], false, None, false),
    ] {
        let copied = Certificate {
            created,
            ..row(20, copy(), Some(MINE))
        };
        let data = data(
            Vec::new(),
            vec![row(19, copy(), Some(OTHER)), copied],
            Vec::new(),
        );
        let before = Before {
            certificates: certificates(had),
            known,
            ..Before::default()
        };
        let sent = outgoing(WriteKind::Duplicate, Some(MINE));
        let found = found(&data, &watch(sent, Stage::AwaitsCertificate(None), before));
        let expected = came.then_some((CertificateId(20), true));
        assert_eq!(found, expected, "{had:?} {known} {created:?}");
    }
}

#[test]
fn a_lost_write_arrived_when_its_request_is_there_that_was_not_there_before() {
    use RequestKind::{Duplicate, Reissue, Revoke};
    let pending = |id: u64, kind, days: Option<i64>, csr| Request {
        date: days.map(away),
        ..request(id, kind, RequestStatus::Pending, csr)
    };
    let looked = |kind, csr, certificates_had: &[u64], had: &[u64], all: Vec<Request>| {
        let before = Before {
            certificates: certificates(certificates_had),
            requests: requests(had),
            ..Before::default()
        };
        let watch = watch(outgoing(kind, csr), Stage::LookingUp(lost()), before);
        match looked_up(&data(Vec::new(), Vec::new(), all), &watch) {
            Some(Fact::Found(Found::Request(id))) => Some(id.0),
            None => None,
            other => panic!("{other:?}"),
        }
    };
    let by_csr = |had: &[u64], all| looked(WriteKind::Duplicate, Some(MINE), &[], had, all);
    let carrying = |id, csr| pending(id, Duplicate, Some(0), Some(csr));
    assert_eq!(by_csr(&[], vec![carrying(5, MINE)]), Some(5));
    assert_eq!(by_csr(&[], vec![carrying(5, OTHER)]), None);
    assert_eq!(by_csr(&[5], vec![carrying(5, MINE)]), None, "it was there");
    let both = vec![carrying(5, MINE), carrying(6, MINE)];
    assert_eq!(by_csr(&[5], both), Some(6));
    let revocation = pending(5, Revoke, Some(0), Some(MINE));
    assert_eq!(by_csr(&[], vec![revocation]), None, "it made nothing");

    let keyless = |had: &[u64], all| looked(WriteKind::Reissue, None, &[10], had, all);
    let reissue = |id, days| pending(id, Reissue, days, None);
    let two = || vec![reissue(4, Some(0)), reissue(5, Some(0))];
    assert_eq!(keyless(&[4], two()), Some(5), "the only new one");
    assert_eq!(keyless(&[], two()), None, "either may be it");
    assert_eq!(keyless(&[], vec![reissue(5, None)]), Some(5));
    assert_eq!(
        keyless(&[], vec![reissue(5, Some(-9))]),
        None,
        "it is older"
    );
    let duplicate = pending(5, Duplicate, Some(0), None);
    assert_eq!(keyless(&[], vec![duplicate]), None);
    let unknown = looked(
        WriteKind::Reissue,
        None,
        &[],
        &[],
        vec![reissue(5, Some(0))],
    );
    assert_eq!(unknown, None, "nobody knows what was there before");
}

#[test]
fn a_lost_decision_is_told_by_its_own_request() {
    use RequestStatus::{Approved, Other, Pending, Rejected, Submitted};
    let first = super::super::outcome::first_step_words(RequestId(5));
    let settled = |words: &str| Some((false, words.to_owned()));
    let ended = |words: &str| Some((true, words.to_owned()));
    for (kind, first_step, status, told) in [
        (
            WriteKind::Approve,
            false,
            Approved,
            settled("request 5 approved"),
        ),
        (
            WriteKind::Reject,
            false,
            Rejected,
            settled("request 5 rejected"),
        ),
        (
            WriteKind::Approve,
            false,
            Rejected,
            ended("request 5 was rejected instead: no"),
        ),
        (
            WriteKind::Reject,
            false,
            Approved,
            ended("request 5 was approved instead"),
        ),
        (WriteKind::Approve, false, Pending, None),
        (WriteKind::Approve, false, Submitted, None),
        (WriteKind::Approve, false, Other("odd".into()), None),
        (WriteKind::Approve, true, Pending, settled(&first)),
        (WriteKind::Approve, true, Submitted, None),
        (
            WriteKind::Approve,
            true,
            Approved,
            settled("request 5 approved"),
        ),
    ] {
        let case = format!("{kind:?} {first_step} {status:?}");
        let about = |id: u64, status| Request {
            processor_comment: Some("no".into()),
            ..request(id, RequestKind::Reissue, status, None)
        };
        // Others of the order say nothing of it.
        let others = [about(4, Pending), about(6, Approved), about(7, Rejected)];
        let all = others.into_iter().chain([about(5, status)]);
        let data = data(Vec::new(), Vec::new(), all.collect());
        let sent = Outgoing {
            request: Some(RequestId(5)),
            ..outgoing(kind, None)
        };
        let before = Before {
            first_step,
            ..Before::default()
        };
        let state = looked_up(&data, &watch(sent, Stage::LookingUp(lost()), before));
        let state = state.map(|state| match state {
            Fact::Completed(words) => (false, words),
            Fact::Ended(failure) => (true, failure.what),
            other => panic!("{case}: {other:?}"),
        });
        assert_eq!(state, told, "{case}");
    }
}

#[test]
fn a_rejection_is_told_once_its_reason_was_read() {
    let rejected = |why: Option<&str>| Request {
        processor_comment: why.map(Into::into),
        ..request(5, RequestKind::Reissue, RequestStatus::Rejected, None)
    };
    let words = |data: &OrderData| match decision(data, RequestId(5)) {
        Some(Decision::Rejected(why)) => Some(why),
        Some(Decision::Approved) => Some("approved".into()),
        None => None,
    };
    for (why, told) in [(None, ""), (Some(""), ""), (Some("too late"), ": too late")] {
        let data = data(Vec::new(), Vec::new(), vec![rejected(why)]);
        assert_eq!(words(&data).as_deref(), Some(told), "{why:?}");
    }
    for status in [RequestStatus::Rejected, RequestStatus::Approved] {
        let is_rejected = status == RequestStatus::Rejected;
        let row = request(5, RequestKind::Reissue, status, None);
        let mut data = data(Vec::new(), Vec::new(), vec![row]);
        let loading = Remote::Loading {
            asked: Ticket::default(),
            ticket: Ticket(2),
            prev: None,
        };
        data.requests.insert(RequestId(4), loading.clone());
        assert!(words(&data).is_some(), "another one is on its way");
        data.requests.insert(RequestId(5), loading);
        assert_eq!(words(&data).is_none(), is_rejected);
    }
    assert!(decision(&data(Vec::new(), Vec::new(), Vec::new()), RequestId(5)).is_none());
}

#[test]
fn what_somebody_still_has_to_decide_is_the_order_s_own_or_carries_the_csr() {
    use RequestStatus::{Approved, Pending, Submitted};
    let all = vec![
        request(9, RequestKind::NewRequest, Approved, Some(MINE)),
        request(8, RequestKind::Reissue, Pending, Some(OTHER)),
        request(7, RequestKind::Duplicate, Submitted, Some(MINE)),
        request(6, RequestKind::Revoke, Pending, Some(MINE)),
    ];
    let data = data(Vec::new(), Vec::new(), all);
    for (kind, csr, had, approved, found) in [
        (WriteKind::Duplicate, Some(MINE), &[][..], false, Some(7)),
        (WriteKind::Duplicate, Some(MINE), &[7], false, None),
        (WriteKind::Duplicate, Some(MINE), &[], true, None),
        (WriteKind::Duplicate, Some(OTHER), &[], false, Some(8)),
        (WriteKind::Duplicate, Some(9), &[], false, None),
        (WriteKind::Reissue, None, &[], false, None),
        (WriteKind::NewOrder, Some(9), &[], false, Some(8)),
        (WriteKind::Renew, None, &[8], true, Some(8)),
    ] {
        let before = Before {
            requests: requests(had),
            ..Before::default()
        };
        let mut watch = watch(outgoing(kind, csr), Stage::AwaitsCertificate(None), before);
        watch.approved = approved;
        let asked = asked(&data, &watch).map(|id| id.0);
        assert_eq!(asked, found, "{kind:?} {csr:?} {had:?} {approved}");
    }
}

#[test]
fn a_bare_public_key_stands_where_the_csr_would() {
    let key = |csr: &[u8], spki: &[u8]| {
        let mut sent = outgoing(WriteKind::Duplicate, Some(MINE));
        sent.expected = Some(Expected {
            csr_der: csr.to_vec(),
            spki_der: spki.to_vec(),
            ..Expected::default()
        });
        csr_of(&sent)
    };
    assert_eq!(key(&csr_der(1), &[9]), csr_key(&pem_of(1)));
    assert_eq!(key(&[], &csr_der(1)), csr_key(&pem_of(1)));
    assert_eq!(csr_of(&outgoing(WriteKind::Duplicate, None)), None);
}
