//! What the journal has of a write, read back, gives the stage that it had in memory, up to what is not stored: that its
//! request was approved, and that its certificate is listed.

use proptest::prelude::*;

use super::journal::{accepted, intent, lost};
use super::time;
use crate::domain::failure::Failure;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{Answer, Entry, Fact, Found, Intent, Stage, WriteKind};
use crate::store::Store;

const REQUEST: RequestId = RequestId(5);
const CERTIFICATE: CertificateId = CertificateId(9);
const ORDER: OrderId = OrderId(998_877);

/// How the journal is told of a fact.
#[derive(Debug, Clone)]
enum Kept {
    Answer(Answer),
    Entry(Entry),
    Nothing,
}

fn failure() -> Failure {
    Failure::local("why", "")
}

/// What can happen to a write of a kind, and what the journal is told of it.
fn facts(kind: WriteKind) -> Vec<(Fact, Kept)> {
    let found = |found: Found| (Fact::Found(found), Kept::Entry(Entry::Found(found)));
    let ended = |found: Found| (Fact::Ended(failure()), Kept::Entry(Entry::Found(found)));
    let done = || Fact::Completed("done".into());
    let named = |request: Option<RequestId>, certificate: Option<CertificateId>| {
        let answer = accepted(request.map(|id| id.0), certificate.map(|id| id.0));
        let fact = Fact::Accepted {
            request,
            certificate,
        };
        (fact, Kept::Answer(answer))
    };
    let refused = Answer::Refused {
        status: 400,
        errors: vec!["why".into()],
    };
    let mut facts = vec![
        (Fact::Unanswered(failure()), Kept::Answer(lost())),
        (Fact::Ended(failure()), Kept::Answer(refused)),
        (
            Fact::Ended(failure()),
            Kept::Answer(Answer::NotSent { why: "why".into() }),
        ),
        (Fact::Ended(failure()), Kept::Entry(Entry::Dismissed)),
        named(Some(REQUEST), None),
        found(Found::Request(REQUEST)),
        found(Found::NotArrived),
        ended(Found::Rejected(REQUEST)),
        ended(Found::Overtaken),
        (Fact::Arrived, Kept::Nothing),
        (Fact::Begun, Kept::Nothing),
    ];
    if kind.makes_certificate() {
        facts.extend([
            named(None, Some(CERTIFICATE)),
            named(Some(REQUEST), Some(CERTIFICATE)),
            named(None, None),
            found(Found::Certificate(ORDER, CERTIFICATE)),
            ended(Found::NoCertificate),
            (Fact::Approved, Kept::Nothing),
            (Fact::Listed(CERTIFICATE), Kept::Nothing),
            (Fact::ChainFailed, Kept::Nothing),
        ]);
        for problems in [Vec::new(), vec!["its key is another one".to_owned()]] {
            let fact = Fact::Verified {
                checks: Vec::new(),
                problems: problems.clone(),
            };
            facts.push((fact, Kept::Entry(Entry::Verified(problems))));
        }
    } else {
        facts.extend([
            (done(), Kept::Answer(accepted(None, None))),
            (done(), Kept::Entry(Entry::Found(Found::Order(ORDER)))),
            (done(), Kept::Entry(Entry::Found(Found::Done))),
        ]);
    }
    if kind.makes_order() {
        facts.push(found(Found::Order(ORDER)));
    }
    facts
}

/// Where it stands, without the words.
fn shape(stage: &Stage) -> String {
    match stage {
        Stage::LookingUp(_) => "looking up".into(),
        Stage::NotFound(_) => "not found".into(),
        Stage::Completed(_) => "completed".into(),
        Stage::Ended(_) => "ended".into(),
        // Whoever fetched it is gone.
        Stage::Verifying(certificate) => {
            format!("{:?}", Stage::AwaitsCertificate(Some(*certificate)))
        }
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_journal_gives_back_where_a_write_stood(
        kind in 0..WriteKind::ALL.len(),
        steps in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let kind = WriteKind::ALL[kind];
        let mut store = Store::in_memory().unwrap();
        let intent = Intent { kind: Ok(kind), ..intent(1) };
        store.begin(&intent).unwrap();
        let facts = facts(kind);
        let mut stage = Stage::Sending;
        let mut stored = stage.clone();
        let mut told = Vec::new();
        for step in steps {
            let (fact, kept) = step.get(&facts).clone();
            // An answer comes to what is sent, and nothing else does; nobody sends twice under one number.
            let answers = matches!(kept, Kept::Answer(_));
            if answers != (stage == Stage::Sending) || fact == Fact::Begun {
                continue;
            }
            let before = stage.clone();
            if !stage.after(fact.clone()) {
                prop_assert_eq!(&before, &stage);
                continue;
            }
            match &kept {
                Kept::Answer(answer) => store.finish(&intent.op, answer, time(2)).unwrap(),
                Kept::Entry(entry) => store.note(&intent.op, entry, time(3)).unwrap(),
                Kept::Nothing => {}
            }
            if !matches!(kept, Kept::Nothing) {
                stored = stage.clone();
            }
            told.push(fact);
        }
        let record = store.entry(&intent.op).unwrap().unwrap();
        prop_assert_eq!(shape(&Stage::of(&record)), shape(&stored), "{:?} {:?}", kind, told);
    }
}

/// What is at its end stays there, whatever is said of it later.
#[test]
fn an_end_is_an_end() {
    let certificate = CERTIFICATE;
    let ends = [
        Stage::Issued {
            certificate,
            checks: Vec::new(),
            problems: Vec::new(),
        },
        Stage::Completed("done".into()),
        Stage::Ended(failure()),
    ];
    for end in ends {
        for kind in [WriteKind::Duplicate, WriteKind::NewOrder, WriteKind::Note] {
            for (fact, _) in facts(kind)
                .into_iter()
                .filter(|(fact, _)| *fact != Fact::Begun)
            {
                let mut stage = end.clone();
                assert!(!stage.after(fact.clone()), "{end:?} {fact:?}");
                assert_eq!(stage, end);
            }
        }
    }
}
