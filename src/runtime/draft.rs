//! What an account said of a draft, kept in the store as text.

use serde::{Deserialize, Serialize};

use crate::domain::failure::{Failure, FailureKind};

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
        assert_eq!(get_refusal("nonsense"), None);
    }
}
