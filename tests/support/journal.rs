//! The journal of the made-up account.

use certdeck::domain::ids::{CertificateId, OrderId};
use certdeck::domain::write::{Answer, Before, Intent, Owner, Record, WriteId, WriteKind};

use super::{ORDER, at};

/// What was sent from here.
pub fn journal() -> Vec<Record> {
    let row = |op: &str, at_: &str, kind: WriteKind, order: OrderId, answer: Answer| Record {
        intent: Intent {
            op: WriteId(op.into()),
            kind: Ok(kind),
            order: Some(order),
            method: "POST".into(),
            path: format!("/order/certificate/{order}/{}", kind.key()),
            body: "{}".into(),
            csr_sha256: None,
            profile: "default".into(),
            before: Before::default(),
            foreseen: None,
            as_of: None,
            despite: false,
            at: at(at_),
        },
        owner: Owner::Gone,
        outcome: Some(answer),
        finished: None,
        resolved: None,
        findings: Some(Vec::new()),
        dismissed: false,
        unreadable: Vec::new(),
    };
    let refused = Answer::Refused {
        status: 400,
        errors: vec!["invalid_csr: the CSR's key is too small".into()],
    };
    let lost = Answer::Unknown {
        why: "no response within 60 s".into(),
    };
    let issued = Answer::Accepted {
        status: 201,
        order: Some(ORDER),
        requests: Vec::new(),
        certificate: Some(CertificateId(200_000_702)),
        random_value: None,
    };
    let other = OrderId(100_000_028);
    vec![
        row(
            "a-3",
            "2026-11-20T13:40:00Z",
            WriteKind::Reissue,
            other,
            refused,
        ),
        row(
            "a-2",
            "2026-11-20T13:31:00Z",
            WriteKind::Duplicate,
            ORDER,
            lost,
        ),
        row(
            "a-1",
            "2026-11-18T09:12:00Z",
            WriteKind::Duplicate,
            ORDER,
            issued,
        ),
    ]
}
