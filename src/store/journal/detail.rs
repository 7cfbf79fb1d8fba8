//! Outcomes and resolutions as the two columns they are stored in: a word to search by, and JSON.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{Answer, Found};

/// Every field that an outcome or a resolution may have.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requests: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    random_value: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
}

/// The word that stands for an outcome that needs looking up; the schema's index knows it too.
pub(super) const UNKNOWN: &str = "unknown";
/// The word for an accepted one.
pub(super) const ACCEPTED: &str = "accepted";

pub(super) fn put_outcome(outcome: &Answer) -> (&'static str, String) {
    let (word, detail) = match outcome {
        Answer::Accepted {
            status,
            order,
            requests,
            certificate,
            random_value,
        } => (
            ACCEPTED,
            Detail {
                status: Some(*status),
                order: order.map(|id| id.0),
                requests: requests.iter().map(|id| id.0).collect(),
                certificate: certificate.map(|id| id.0),
                random_value: random_value.clone(),
                ..Detail::default()
            },
        ),
        Answer::Refused { status, errors } => (
            "refused",
            Detail {
                status: Some(*status),
                errors: errors.clone(),
                ..Detail::default()
            },
        ),
        Answer::NotSent { why } => ("not sent", because(why)),
        Answer::Unknown { why } => (UNKNOWN, because(why)),
    };
    (word, to_json(&detail))
}

/// A word or JSON that this version does not know reads as an unknown outcome: it is looked up, never trusted.
pub(super) fn get_outcome(word: &str, json: &str) -> Answer {
    let unreadable = || Answer::Unknown {
        why: "the journal's entry is not readable".into(),
    };
    let Ok(detail) = serde_json::from_str::<Detail>(json) else {
        return unreadable();
    };
    let why = detail.why.unwrap_or_default();
    match (word, detail.status) {
        (ACCEPTED, Some(status)) => Answer::Accepted {
            status,
            order: detail.order.map(OrderId),
            requests: detail.requests.into_iter().map(RequestId).collect(),
            certificate: detail.certificate.map(CertificateId),
            random_value: detail.random_value,
        },
        ("refused", Some(status)) => Answer::Refused {
            status,
            errors: detail.errors,
        },
        ("not sent", None) => Answer::NotSent { why },
        (UNKNOWN, None) => Answer::Unknown { why },
        _ => unreadable(),
    }
}

pub(super) fn put_resolution(resolution: &Found) -> String {
    let (what, detail) = match resolution {
        Found::Certificate(order, certificate) => (
            "certificate",
            Detail {
                order: Some(order.0),
                certificate: Some(certificate.0),
                ..Detail::default()
            },
        ),
        Found::Request(request) => ("request", about_request(*request)),
        Found::Rejected(request) => ("rejected", about_request(*request)),
        Found::Order(order) => (
            "order",
            Detail {
                order: Some(order.0),
                ..Detail::default()
            },
        ),
        Found::Done => ("done", Detail::default()),
        Found::Overtaken => ("overtaken", Detail::default()),
        Found::NoCertificate => ("no certificate", Detail::default()),
        Found::NotArrived => ("not arrived", Detail::default()),
    };
    to_json(&Detail {
        what: Some(what.into()),
        ..detail
    })
}

/// `None` when this version does not know it; the operation then counts as not looked up.
pub(super) fn get_resolution(json: &str) -> Option<Found> {
    let detail: Detail = serde_json::from_str(json).ok()?;
    let request = detail.requests.first().copied().map(RequestId);
    let order = detail.order.map(OrderId);
    Some(match detail.what?.as_str() {
        "certificate" => Found::Certificate(order?, CertificateId(detail.certificate?)),
        "request" => Found::Request(request?),
        "rejected" => Found::Rejected(request?),
        "order" => Found::Order(order?),
        "done" => Found::Done,
        "overtaken" => Found::Overtaken,
        "no certificate" => Found::NoCertificate,
        "not arrived" => Found::NotArrived,
        _ => return None,
    })
}

fn because(why: &str) -> Detail {
    Detail {
        why: Some(why.into()),
        ..Detail::default()
    }
}

fn about_request(request: RequestId) -> Detail {
    Detail {
        requests: vec![request.0],
        ..Detail::default()
    }
}

// Numbers and strings under string keys always serialize; an empty text would read back as "unreadable".
fn to_json(detail: &Detail) -> String {
    serde_json::to_string(detail).unwrap_or_default()
}
