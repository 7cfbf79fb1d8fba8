//! How much of an account expires soon, as the account itself counts it: one call each instead of whole lists.
//!
//! Sources: *expiring domains count*; *expiring orders and certificates* of the Services API.

/// What expires soon. A count is `None` where it was not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expiring {
    pub domains: DomainCounts,
    pub orders: OrderCounts,
}

/// Domains whose OV or EV validation ended, or ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DomainCounts {
    /// Already over.
    pub expired: Option<u64>,
    /// Within 30 days.
    pub within_30: Option<u64>,
    /// From 31 to 60 days.
    pub within_60: Option<u64>,
    /// From 61 to 90 days.
    pub within_90: Option<u64>,
}

/// Orders and certificates that expire soon.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderCounts {
    /// In the last seven days.
    pub lately: Option<u64>,
    /// Within 30 days.
    pub within_30: Option<u64>,
    /// From 30 to 60 days.
    pub within_60: Option<u64>,
    /// From 60 to 90 days.
    pub within_90: Option<u64>,
}
