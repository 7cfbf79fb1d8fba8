//! The request as the journal keeps it, and what stands in the way of a write.

use crate::app::msg::{Ended, SentText};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::write::{Entry, Record};
use crate::store::{self, Twin, TwinState};

/// What an entry of the journal says, as the beginning of a sentence about it.
pub(super) fn entry_words(entry: &Entry) -> &'static str {
    match entry {
        Entry::Found(_) => "The outcome",
        Entry::Verified(_) => "That the certificate was verified",
        Entry::Dismissed => "That it was dismissed",
    }
}

/// The same is in the journal, sent from here or by another certdeck.
pub(super) fn twin_of(twin: &Twin) -> Ended {
    let at = twin.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let (what, advice) = match twin.state {
        TwinState::Running => (
            format!("the same is being sent since {at}, by this or another certdeck."),
            "Wait for its response; the journal shows it.",
        ),
        TwinState::Unknown => (
            format!("the same was sent at {at}, and whether it arrived is not known yet."),
            "certdeck is checking; see the journal, where you can also dismiss it.",
        ),
        TwinState::NotFound => (
            format!(
                "the same was sent at {at} by another certdeck, got no clear response, and was not found so far: it may still arrive."
            ),
            "Check CertCentral first; certdeck looks for it again at its next start.",
        ),
        TwinState::Taken => (
            format!(
                "the same was sent at {at}, by this or another certdeck, and CertCentral accepted it."
            ),
            "The journal shows its outcome.",
        ),
    };
    Ended::Twin {
        failure: Failure {
            kind: FailureKind::Twin,
            ..Failure::local(what, advice)
        },
        taken: matches!(twin.state, TwinState::Taken | TwinState::NotFound),
    }
}

/// A request of the journal as it was sent: the line, and below it the body.
pub(super) fn as_sent(
    entry: Result<Option<Record>, store::StoreError>,
) -> Result<SentText, Failure> {
    match entry {
        Ok(Some(entry)) => {
            let intent = entry.intent;
            let body = if intent.body.is_empty() {
                "(no body)"
            } else {
                &intent.body
            };
            Ok(SentText(format!(
                "{} {}\n\n{body}",
                intent.method, intent.path
            )))
        }
        Ok(None) => Err(Failure::local(
            "The journal no longer contains this row.",
            "",
        )),
        Err(error) => Err(Failure::local(error.to_string(), "")),
    }
}
