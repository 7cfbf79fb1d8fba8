//! What a form has to offer comes from the account. While it is on its way, and when it did not come, the form says so:
//! an empty list would look like an account that has nothing.

use crate::domain::draft::{FieldId, FormKind, Note, Tone};
use crate::domain::failure::Failure;
use crate::domain::ids::RequestId;

use super::{Form, FormStep};

/// What is said while what is missing, or all of it, is read again.
pub(super) const RELOADING: [&str; 2] = [
    "Reloading what is missing …",
    "Reloading what CertCentral offers for this …",
];

/// Something that a form offers and does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingOptions {
    /// What, in words for a person, to begin a sentence with.
    pub what: String,
    /// Why it did not come; `None` while it is read.
    pub failure: Option<Failure>,
}

impl MissingOptions {
    /// What to say of it. `again` is the key that reads it again.
    fn note(&self, again: Option<&str>) -> Note {
        let Some(failure) = &self.failure else {
            return Note {
                tone: Tone::Dim,
                text: format!("{}: loading …", self.what),
            };
        };
        let mut text = format!("{}: not loaded. {}", self.what, failure.what);
        if let Some(key) = again {
            text = format!("{text} Press {key} to reload; what you typed stays.");
        }
        Note {
            tone: Tone::Bad,
            text,
        }
    }
}

impl Form {
    /// What is missing by now of what the form offers.
    pub fn set_missing(&mut self, missing: Vec<MissingOptions>) {
        self.missing = missing;
    }

    /// What to say of what is missing. `again` is the key that reads it again.
    pub fn missing_notes(&self, again: Option<&str>) -> Vec<Note> {
        self.missing
            .iter()
            .map(|missing| missing.note(again))
            .collect()
    }

    /// A request of this order is known that needed an approval, so that this one will probably need one as well.
    pub fn take_approval(&mut self, request: Option<RequestId>) {
        self.approved = request;
        self.recheck();
    }

    /// A duplicate is quick where nobody has to approve it: that somebody has to is said before anything is typed.
    pub(super) fn approval_ahead(&self) -> Option<Note> {
        self.approval_note()
            .filter(|_| self.kind == FormKind::Duplicate)
    }

    /// What the order's own requests say of an approval step, for the review.
    pub(super) fn approval_note(&self) -> Option<Note> {
        let request = self
            .approved
            .filter(|_| !self.draft().is_given(FieldId::SkipApproval))?;
        Some(Note {
            tone: Tone::Warn,
            text: format!(
                "Request {request} on this order needed approval; this one will probably wait for it too."
            ),
        })
    }

    /// Reads again what this form offers: what did not come, or all of it, for somebody may have changed it meanwhile.
    pub(super) fn read_again(&self) -> Vec<FormStep> {
        let lacking = self.missing.iter().any(|missing| missing.failure.is_some());
        let words = RELOADING[usize::from(!lacking)];
        vec![FormStep::ReadAgain, FormStep::Tell(words.into())]
    }
}
