//! What a question needs to know before something small is sent.

use crate::app::field::{FieldKind, TextField};
use crate::app::fields::Input;
use crate::domain::dcv::DcvMethod;
use crate::domain::operation::Reason;

/// The choice of [`QuestionField::SkipApproval`] that does.
pub(super) const SKIP: &str = "true";

/// Something that has to be known, or the request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionField {
    /// Why it is canceled, in words.
    Reason,
    /// The note on an order.
    Note,
    /// What those who decide, or those who asked, are told.
    Comment,
    /// Why it is revoked.
    Revocation,
    /// Whether the approval is skipped.
    SkipApproval,
    /// Method of domain validation.
    Method,
    /// The order's number, typed to confirm.
    OrderNumber,
    /// What is sent, behind all that is asked: there it is read.
    Request,
}

impl QuestionField {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Reason | Self::Revocation => "Reason",
            Self::Note => "Note",
            Self::Comment => "Comment",
            Self::SkipApproval => "Skip approval",
            Self::Method => "Method",
            Self::OrderNumber => "Order number",
            Self::Request => "Request",
        }
    }
}

/// Nothing typed yet.
pub(super) fn typed() -> Input {
    Input::Text(TextField::new(FieldKind::Line))
}

/// Why something is revoked: no reason yet.
pub(super) fn revocations() -> Input {
    let reasons = Reason::ALL.iter();
    let named = reasons.map(|reason| (reason.as_str().into(), reason.label().into()));
    Input::choice(named, Reason::default().as_str())
}

/// Whether the approval is skipped: not yet.
pub(super) fn approvals() -> Input {
    let skip = "yes: no request is created (needs an administrator)";
    let named = [("", "no: an approver decides"), (SKIP, skip)];
    Input::choice(named.map(|(id, name)| (id.into(), name.into())), "")
}

/// Ways to prove control over a name; another than the one in use at first.
pub(super) fn methods(of: &[DcvMethod], in_use: Option<&DcvMethod>) -> Input {
    let named = of
        .iter()
        .map(|way| (way.as_str().into(), way.label().into()));
    let first = of.iter().find(|way| Some(*way) != in_use);
    Input::choice(named, first.map_or("", DcvMethod::as_str))
}
