//! Sending again: offered only where nothing of it can have arrived, or was looked for and not found.

use super::watching_tests::outgoing;
use super::*;
use crate::app::writes::Watch;
use crate::app::writes::resend::{is_same, why_not};
use crate::domain::ids::CertificateId;
use crate::domain::write::{Before, Expected, Outgoing, Stage, WriteId, WriteKind};

fn watch(op: &str, outgoing: Outgoing, state: Stage) -> Watch {
    let now = Timestamp::UNIX_EPOCH;
    let op = WriteId(op.into());
    let mut watch = Watch::new(op, outgoing, "it".into(), Before::default(), now);
    watch.stage = state;
    watch
}

fn ended(kind: FailureKind) -> Stage {
    Stage::Ended(Failure { kind, ..lost() })
}

#[test]
fn what_may_be_sent_again_is_what_did_not_arrive_and_the_others_say_why_not() {
    let (refused, has) = ("CertCentral refused it", "CertCentral has it");
    let done = Stage::Issued {
        certificate: CertificateId(1),
        checks: Vec::new(),
        problems: Vec::new(),
    };
    for (state, words) in [
        (Stage::Sending, "It is under way"),
        (Stage::LookingUp(lost()), "Whether CertCentral received it"),
        (Stage::NotFound(lost()), ""),
        (Stage::AwaitsApproval(RequestId(1)), has),
        (Stage::AwaitsCertificate(None), has),
        (Stage::Verifying(CertificateId(1)), has),
        (done, has),
        (Stage::Completed("done".into()), has),
        (ended(FailureKind::RateLimited), ""),
        (ended(FailureKind::Network), ""),
        (ended(FailureKind::Timeout), ""),
        (ended(FailureKind::Local), ""),
        (ended(FailureKind::NoKey), ""),
        (ended(FailureKind::Other), "It was dismissed"),
        (ended(FailureKind::Refused), refused),
        (ended(FailureKind::InvalidKey), refused),
        (ended(FailureKind::Permission), refused),
        (ended(FailureKind::NotFound), refused),
        (ended(FailureKind::Server), refused),
        (ended(FailureKind::Proxy), refused),
    ] {
        let mut desk = Desk::with_orders(1);
        desk.model.engine.writes.all = vec![watch("1", outgoing(), state.clone())];
        let why = |desk: &Desk| {
            why_not(&desk.model.engine.writes, &WriteId("1".into())).unwrap_or_default()
        };
        let told = why(&desk);
        assert_eq!(told.is_empty(), words.is_empty(), "{state:?}: {told}");
        assert!(told.starts_with(words), "{state:?}: {told}");
        // What is newer and the same stands in for it; what is older does not.
        let newer = watch("2", outgoing(), Stage::AwaitsCertificate(None));
        desk.model.engine.writes.all.insert(0, newer);
        let again = "It was already sent again";
        assert!(why(&desk).starts_with(again), "{state:?}");
        desk.model.engine.writes.all.swap(0, 1);
        assert!(!why(&desk).starts_with(again), "{state:?}");
    }
}

#[test]
fn writes_are_the_same_by_their_key_and_else_by_their_words() {
    let with_key = |key: u8| Outgoing {
        expected: Some(Expected {
            spki_der: vec![key],
            ..Expected::default()
        }),
        ..outgoing()
    };
    let without = Outgoing {
        expected: None,
        ..outgoing()
    };
    let other_words = |of: &Outgoing| Outgoing {
        body: "{ }".into(),
        ..of.clone()
    };
    let other_path = |of: &Outgoing| Outgoing {
        path: "/elsewhere".into(),
        ..of.clone()
    };
    let other_kind = |of: &Outgoing| Outgoing {
        kind: WriteKind::Reissue,
        ..of.clone()
    };
    let other_order = |of: &Outgoing| Outgoing {
        order: Some(OrderId(2)),
        ..of.clone()
    };
    let one = with_key(1);
    for (one, other, same) in [
        (&one, one.clone(), true),
        (&one, with_key(2), false),
        (&one, other_words(&one), true),
        (&one, other_path(&one), true),
        (&one, other_kind(&one), false),
        (&one, other_order(&one), false),
        (&without, without.clone(), true),
        (&without, one.clone(), true),
        (&without, other_words(&without), false),
        (&without, other_path(&without), false),
        (&without, other_kind(&without), false),
        (&without, other_order(&without), false),
        (&one, other_words(&without), false),
    ] {
        assert_eq!(is_same(one, &other), same, "{one:?} {other:?}");
        assert_eq!(is_same(&other, one), same, "{one:?} {other:?}");
    }
}
