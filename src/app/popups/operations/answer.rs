//! What a question needs to know before something is sent, and the answer so far.

use crate::app::field::{FieldKind, TextField};
use crate::app::fields;
use crate::domain::dcv::DcvMethod;
use crate::domain::ids::OrderId;
use crate::domain::operation::Reason;

/// Something that has to be known.
#[derive(Debug, PartialEq)]
pub struct QuestionField {
    /// What it is called.
    pub label: &'static str,
    /// The answer so far.
    pub answer: Answer,
}

/// An answer.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Text {
        field: TextField,
        /// What to say when it is empty and must not be.
        missing: Option<&'static str>,
    },
    /// Reason of a revocation.
    Reason(Reason),
    /// Whether the approval is skipped.
    SkipApproval(bool),
    /// Method of domain validation.
    Method {
        at: usize,
        /// What may be chosen.
        of: Vec<DcvMethod>,
    },
    /// The order's number, typed to confirm.
    Confirm { field: TextField, order: OrderId },
}

impl Answer {
    /// The text field, if it is typed.
    pub fn field(&self) -> Option<&TextField> {
        match self {
            Self::Text { field, .. } | Self::Confirm { field, .. } => Some(field),
            Self::Reason(_) | Self::SkipApproval(_) | Self::Method { .. } => None,
        }
    }

    pub(in crate::app) fn field_mut(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Text { field, .. } | Self::Confirm { field, .. } => Some(field),
            Self::Reason(_) | Self::SkipApproval(_) | Self::Method { .. } => None,
        }
    }

    /// What is chosen, in words; `None` when it is typed.
    pub fn chosen(&self) -> Option<&str> {
        match self {
            Self::Reason(reason) => Some(reason.label()),
            Self::SkipApproval(true) => Some("yes: no request is created (needs an administrator)"),
            Self::SkipApproval(false) => Some("no: an approver decides"),
            Self::Method { at, of } => of.get(*at).map(DcvMethod::label),
            Self::Text { .. } | Self::Confirm { .. } => None,
        }
    }

    pub(in crate::app) fn choose(&mut self, by: isize) {
        match self {
            Self::Reason(reason) => *reason = fields::after(Reason::ALL, *reason, by),
            Self::SkipApproval(skip) => *skip = !*skip,
            Self::Method { at, of } => *at = fields::further(*at, by, of.len()),
            Self::Text { .. } | Self::Confirm { .. } => {}
        }
    }
}

/// A part that is typed.
pub(in crate::app) fn text(label: &'static str, missing: Option<&'static str>) -> QuestionField {
    let field = TextField::new(FieldKind::Line);
    QuestionField {
        label,
        answer: Answer::Text { field, missing },
    }
}
