//! Sending again: offered only where nothing of it can have arrived, or was looked for and not found.

use super::desk::unfinished;
use super::watching_tests::outgoing;
use super::*;
use crate::app::msg::Unfinished;
use crate::app::writes::resend::{is_same, why_not};
use crate::domain::ids::CertificateId;
use crate::domain::write::{Expected, Outgoing, Stage, WriteId, WriteKind};

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
        let it = || unfinished("1", outgoing(), state.clone());
        let other = || unfinished("2", outgoing(), Stage::AwaitsCertificate(None));
        let why = |left: Vec<Unfinished>| {
            let mut desk = Desk::with_orders(1);
            desk.finds(left);
            why_not(&desk.model.engine.writes, &WriteId("1".into()))
        };
        let told = why(vec![it()]).unwrap_or("");
        assert_eq!(told.is_empty(), words.is_empty(), "{state:?}: {told}");
        assert!(told.starts_with(words), "{state:?}: {told}");
        // What is newer and the same stands in for it; what is older does not.
        let again = "It was already sent again";
        let says_again = |why: Option<&str>| why.is_some_and(|why| why.starts_with(again));
        assert!(says_again(why(vec![other(), it()])), "{state:?}");
        assert!(!says_again(why(vec![it(), other()])), "{state:?}");
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
