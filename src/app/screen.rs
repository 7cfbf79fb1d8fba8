//! The screens.

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// The list of orders.
    #[default]
    Orders,
    /// Requests that wait for approval.
    Requests,
    /// Everything sent from here.
    Journal,
    /// What the certificates need, week by week.
    Plan,
    /// The account's domains and organizations.
    Domains,
    /// What servers serve.
    Endpoints,
}
