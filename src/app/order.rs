//! An open order: its tabs, and where one looks.

use super::cursor::Cursor;
use super::layout;
use super::ring;
use crate::domain::ids::OrderId;

/// A tab of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OrderTab {
    #[default]
    Overview,
    Certificates,
    Requests,
    /// Names and their domain validation.
    Domains,
    /// Notes, and what was sent from here.
    Activity,
}

impl OrderTab {
    /// Every tab.
    pub const ALL: &'static [Self] = &[
        Self::Overview,
        Self::Certificates,
        Self::Requests,
        Self::Domains,
        Self::Activity,
    ];

    /// Heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Certificates => "Certificates",
            Self::Requests => "Requests",
            Self::Domains => "Domains",
            Self::Activity => "Activity",
        }
    }

    /// Lines below its list that are about the row under the cursor; `None` for text.
    pub fn below(self) -> Option<u16> {
        match self {
            Self::Certificates => Some(layout::BELOW_CERTIFICATES),
            Self::Requests => Some(layout::BELOW_ORDER_REQUESTS),
            Self::Domains => Some(layout::BELOW_NAMES),
            Self::Overview | Self::Activity => None,
        }
    }

    /// The tab that many further, going round.
    pub fn step(self, by: isize) -> Self {
        ring::after(Self::ALL, self, by)
    }
}

/// An open order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderScreen {
    pub id: OrderId,
    pub tab: OrderTab,
    /// Cursor in the tab's list, or its first line.
    pub cursor: Cursor,
}
