//! What a form asks for, and what its kept draft says of that.

use serde_json::Value;

use super::FieldId;
use crate::domain::ids::OrderId;

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormKind {
    Duplicate,
    Reissue,
    /// An order that renews another.
    Renew,
    NewOrder,
}

impl FormKind {
    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Duplicate => "Duplicate",
            Self::Reissue => "Reissue",
            Self::Renew => "Renewal",
            Self::NewOrder => "New order",
        }
    }

    /// Whether an order comes of it.
    pub fn makes_order(self) -> bool {
        matches!(self, Self::Renew | Self::NewOrder)
    }

    /// The key under which the draft of such a form of an order is kept.
    pub fn draft_key(self, order: OrderId) -> String {
        let kind = match self {
            Self::Duplicate => "duplicate",
            Self::Reissue => "reissue",
            Self::Renew => "renewal",
            // It has no order yet, and there is one draft of it.
            Self::NewOrder => return "neworder".into(),
        };
        format!("{kind}-{order}")
    }
}

/// Whether a kept draft of a reissue is one that is stored as a duplicate.
pub fn is_as_reissue(json: &str) -> bool {
    let kept = serde_json::from_str::<Value>(json).unwrap_or_default();
    kept["fields"][&*FieldId::StoreAsDuplicate.key()] == "true"
}
