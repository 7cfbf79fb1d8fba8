//! The places that keys belong to.

/// A place that keys belong to. Several hold at once, the innermost first: an order's own keys, those of every
/// list, those of everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere but where text is typed.
    Everywhere,
    /// Control keys that work everywhere, also in text.
    Always,
    /// Every list of a screen.
    Lists,
    /// Rows to move in, or a text: those of a list, of a popup, of a review. Its keys open nothing and send nothing.
    Rows,
    /// The list of orders.
    Orders,
    /// An order, and the order under the cursor in the list.
    Order,
    Detail,
    /// The names of an open order.
    Domains,
    /// The list of requests, and the requests of an open order.
    Requests,
    Journal,
    /// The weeks ahead.
    Plan,
    /// The account's domains and organizations.
    AccountDomains,
    /// Where certificates are served.
    Endpoints,
    Filter,
    Form,
    /// The review of a form.
    Review,
    /// CSRs for many duplicates.
    Bulk,
    /// What came of many duplicates.
    BulkRun,
    Copy,
    /// What can be copied of several marked orders.
    CopyMarked,
    /// What can be copied of the proof of control over a name.
    Record,
    /// The menu of small operations on an order.
    Operations,
    /// A newer order that could serve in place of a renewal.
    Newer,
    /// A question, a text prompt, a notice.
    Prompt,
    /// The path of a file or folder that is typed.
    Path,
    Palette,
    /// Text to read: help, a certificate's text.
    Reader,
    /// The watch after something was sent.
    Watch,
}

impl Place {
    /// Every place, in the order of the help.
    pub const ALL: &'static [Self] = &[
        Self::Everywhere,
        Self::Always,
        Self::Rows,
        Self::Lists,
        Self::Orders,
        Self::Order,
        Self::Detail,
        Self::Domains,
        Self::Requests,
        Self::Journal,
        Self::Plan,
        Self::AccountDomains,
        Self::Endpoints,
        Self::Filter,
        Self::Form,
        Self::Review,
        Self::Bulk,
        Self::BulkRun,
        Self::Copy,
        Self::CopyMarked,
        Self::Record,
        Self::Operations,
        Self::Watch,
        Self::Newer,
        Self::Prompt,
        Self::Path,
        Self::Palette,
        Self::Reader,
    ];

    /// The screens, an open order and what lies under the cursor: their keys are told of each other.
    pub const SCREENS: &'static [Self] = &[
        Self::Orders,
        Self::Order,
        Self::Detail,
        Self::Domains,
        Self::Requests,
        Self::Journal,
        Self::Plan,
        Self::AccountDomains,
        Self::Endpoints,
        Self::Lists,
        Self::Rows,
    ];

    /// What it is called in a sentence: "this is for …".
    pub fn called(self) -> &'static str {
        match self {
            Self::Everywhere | Self::Always => "every place",
            Self::Lists | Self::Rows => "a list",
            Self::Orders => "the list of orders",
            Self::Order => "an order",
            Self::Detail => "an open order",
            Self::Domains => "the Domains tab of an order",
            Self::Requests => "the list of requests",
            Self::Journal => "the journal",
            Self::Plan => "the plan",
            Self::AccountDomains => "the list of domains",
            Self::Endpoints => "the list of endpoints",
            Self::Filter => "the filter line",
            Self::Form => "a form",
            Self::Review => "the review",
            Self::Bulk => "a list of CSRs",
            Self::BulkRun => "a list of CSRs that is being sent",
            Self::Copy => "the copy menu",
            Self::CopyMarked => "the copy menu of marked orders",
            Self::Record => "the DCV record menu",
            Self::Operations => "the actions menu",
            Self::Newer => "the question before a renewal",
            Self::Prompt => "a prompt",
            Self::Path => "the path of a file",
            Self::Palette => "the command palette",
            Self::Reader => "the reader",
            Self::Watch => "the watch list",
        }
    }

    /// Heading in the help.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Always => "While typing too",
            Self::Lists => "All lists",
            Self::Rows => "Moving in lists",
            Self::Orders => "Orders",
            Self::Order => "One order",
            Self::Detail => "Order tabs",
            Self::Domains => "Domains tab",
            Self::Requests => "Requests",
            Self::Journal => "Journal",
            Self::Plan => "Plan",
            Self::AccountDomains => "Domains",
            Self::Endpoints => "Endpoints",
            Self::Filter => "Filter line",
            Self::Form => "Forms",
            Self::Review => "Review",
            Self::Bulk => "Bulk: prepare",
            Self::BulkRun => "Bulk: run",
            Self::Copy => "Copy menu",
            Self::CopyMarked => "Copy menu, marked",
            Self::Record => "DCV record menu",
            Self::Operations => "Actions menu",
            Self::Newer => "Renew or duplicate",
            Self::Prompt => "Prompts",
            Self::Path => "File paths",
            Self::Palette => "Command palette",
            Self::Reader => "Reader",
            Self::Watch => "Watch list",
        }
    }

    /// The table's name under `[keys]` in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Always => "always",
            Self::Lists => "lists",
            Self::Rows => "rows",
            Self::Orders => "orders",
            Self::Order => "order",
            Self::Detail => "detail",
            Self::Domains => "domains",
            Self::Requests => "requests",
            Self::Journal => "journal",
            Self::Plan => "plan",
            Self::AccountDomains => "account-domains",
            Self::Endpoints => "endpoints",
            Self::Filter => "filter",
            Self::Form => "form",
            Self::Review => "review",
            Self::Bulk => "bulk",
            Self::BulkRun => "bulk-run",
            Self::Copy => "copy",
            Self::CopyMarked => "copy-marked",
            Self::Record => "record",
            Self::Operations => "operations",
            Self::Newer => "newer-order",
            Self::Prompt => "prompt",
            Self::Path => "path",
            Self::Palette => "palette",
            Self::Reader => "reader",
            Self::Watch => "watch",
        }
    }

    /// The places that hold wherever this one does and whose keys it may give other commands: `duplicate` works in the
    /// list of orders, as it does in an order.
    pub fn around(self) -> &'static [Self] {
        match self {
            Self::Orders | Self::Requests => &[
                Self::Order,
                Self::Lists,
                Self::Rows,
                Self::Everywhere,
                Self::Always,
            ],
            Self::Domains => &[
                Self::Detail,
                Self::Requests,
                Self::Order,
                Self::Lists,
                Self::Rows,
                Self::Everywhere,
                Self::Always,
            ],
            Self::Detail => &[
                Self::Requests,
                Self::Order,
                Self::Lists,
                Self::Rows,
                Self::Everywhere,
                Self::Always,
            ],
            Self::Order | Self::Journal | Self::Plan | Self::AccountDomains | Self::Endpoints => {
                &[Self::Lists, Self::Rows, Self::Everywhere, Self::Always]
            }
            Self::Lists => &[Self::Rows, Self::Everywhere, Self::Always],
            Self::Path => &[Self::Prompt, Self::Bulk, Self::Rows, Self::Always],
            Self::Filter
            | Self::Review
            | Self::Bulk
            | Self::BulkRun
            | Self::Copy
            | Self::CopyMarked
            | Self::Record
            | Self::Operations
            | Self::Palette
            | Self::Reader
            | Self::Watch => &[Self::Rows, Self::Always],
            Self::Always => &[],
            Self::Everywhere | Self::Rows | Self::Form | Self::Newer | Self::Prompt => {
                &[Self::Always]
            }
        }
    }

    /// Whether it has rows to move in, or a text.
    pub fn has_rows(self) -> bool {
        self.around().contains(&Self::Rows)
    }
}
