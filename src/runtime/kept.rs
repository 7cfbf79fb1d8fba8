//! What of the desk's own data is kept in the store as text: what an account said of a draft, and what was there before
//! something was sent.

use serde::{Deserialize, Serialize};

use crate::app::failure::{Failure, FailureKind};
use crate::app::watch::Before;
use crate::domain::ids::{CertificateId, RequestId};

/// A refusal. Of its kind nothing is kept: the words say it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptRefusal {
    what: String,
    advice: String,
    status: Option<u16>,
    codes: Vec<String>,
}

pub(super) fn put_refusal(failure: &Failure) -> String {
    json(&KeptRefusal {
        what: failure.what.clone(),
        advice: failure.advice.clone(),
        status: failure.status,
        codes: failure.codes.clone(),
    })
}

/// `None` when it cannot be read.
pub(super) fn get_refusal(text: &str) -> Option<Failure> {
    let kept: KeptRefusal = serde_json::from_str(text).ok()?;
    Some(Failure {
        kind: FailureKind::Refused,
        what: kept.what,
        advice: kept.advice,
        status: kept.status,
        codes: kept.codes,
    })
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptBefore {
    certificates: Vec<u64>,
    requests: Vec<u64>,
    notes: usize,
    first_step: bool,
    token: Option<String>,
    was_so: bool,
}

pub(super) fn put_before(before: &Before) -> String {
    json(&KeptBefore {
        certificates: before.certificates.iter().map(|id| id.0).collect(),
        requests: before.requests.iter().map(|id| id.0).collect(),
        notes: before.notes,
        first_step: before.first_step,
        token: before.token.clone(),
        was_so: before.was_so,
    })
}

/// Nothing where it cannot be read.
pub(super) fn get_before(text: Option<&str>) -> Before {
    let kept: KeptBefore = text
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    Before {
        certificates: kept.certificates.into_iter().map(CertificateId).collect(),
        requests: kept.requests.into_iter().map(RequestId).collect(),
        notes: kept.notes,
        first_step: kept.first_step,
        token: kept.token,
        was_so: kept.was_so,
    }
}

// Numbers and strings under string keys always serialize.
fn json(kept: &impl Serialize) -> String {
    serde_json::to_string(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_as_it_was() {
        let failure = Failure {
            kind: FailureKind::Refused,
            what: "The account refused it".into(),
            advice: "Change it.".into(),
            status: Some(400),
            codes: vec!["invalid_value:certificate.csr".into()],
        };
        assert_eq!(get_refusal(&put_refusal(&failure)), Some(failure));
        let before = Before {
            certificates: vec![CertificateId(7)],
            requests: vec![RequestId(8)],
            notes: 2,
            first_step: true,
            token: Some("value".into()),
            was_so: true,
        };
        assert_eq!(get_before(Some(&put_before(&before))), before);
        assert_eq!(get_before(None), Before::default());
        assert_eq!(get_refusal("nonsense"), None);
    }
}
