//! The journal of the made-up account.

use certdeck::domain::ids::{CertificateId, OrderId};
use certdeck::domain::write::{Answer, Intent, Record, WriteKind};

use super::{ORDER, at};
use crate::fixtures::{intent, record};

/// What was sent from here.
pub fn journal() -> Vec<Record> {
    let row = |op: &str, at_: &str, kind: WriteKind, order: OrderId, answer: Answer| Record {
        findings: Some(Vec::new()),
        ..record(
            Intent {
                kind: Ok(kind),
                order: Some(order),
                path: format!("/order/certificate/{order}/{}", kind.key()),
                at: at(at_),
                ..intent(op)
            },
            Some(answer),
        )
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
