//! What a key can ask for.

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// What a key asks for. The name is the one used in the config and the palette.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $variant,)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Name in the config and the palette.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The action of a name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

impl Action {
    /// Whether it only moves a cursor, or where one types: it opens nothing, asks, sends, writes and ends nothing.
    pub fn only_moves(self) -> bool {
        matches!(
            self,
            Self::Down
                | Self::Up
                | Self::Top
                | Self::Bottom
                | Self::PageDown
                | Self::PageUp
                | Self::NextColumn
                | Self::PreviousColumn
                | Self::NextTab
                | Self::PreviousTab
                | Self::NextField
                | Self::PreviousField
                | Self::Complete
        )
    }
}

actions! {
    /// Show the keys of this place.
    Help = "help";
    /// Open the command palette.
    Palette = "palette";
    /// Leave, close, cancel.
    Back = "back";
    /// Leave the program, asking when something is unfinished.
    Quit = "quit";
    /// Leave the program (Ctrl-C).
    Interrupt = "interrupt";
    /// Give the terminal back to the shell for a while.
    Suspend = "suspend";
    /// Draw everything anew.
    Redraw = "redraw";
    /// Go to the orders.
    ShowOrders = "show-orders";
    /// Go to the requests.
    ShowRequests = "show-requests";
    /// Go to the journal.
    ShowJournal = "show-journal";
    /// Go to the plan.
    ShowPlan = "show-plan";
    /// Go to the domains.
    ShowDomains = "show-domains";
    /// Go to the endpoints.
    ShowEndpoints = "show-endpoints";
    /// The next number of the row.
    NextColumn = "next-column";
    /// The number before it.
    PreviousColumn = "previous-column";
    /// One row down.
    Down = "down";
    /// One row up.
    Up = "up";
    /// To the first row.
    Top = "top";
    /// To the last row.
    Bottom = "bottom";
    /// One page down.
    PageDown = "page-down";
    /// One page up.
    PageUp = "page-up";
    /// Type a filter.
    Filter = "filter";
    /// Sort by the next column.
    Sort = "sort";
    /// Open, choose, confirm.
    Open = "open";
    /// Read again from the account.
    Refresh = "refresh";
    /// Mark the row.
    Mark = "mark";
    /// Mark all rows that are shown.
    MarkAll = "mark-all";
    /// Mark none.
    Unmark = "unmark";
    /// Duplicate the order.
    Duplicate = "duplicate";
    /// Reissue the order.
    Reissue = "reissue";
    /// Duplicate the order for many CSRs.
    Bulk = "bulk-duplicates";
    /// Renew the order.
    Renew = "renew";
    /// Place a new order.
    NewOrder = "new-order";
    /// Ask for the names of the CSR.
    TakeNames = "take-names";
    /// Find the order that can give a duplicate for some names.
    ForNames = "duplicate-for-names";
    /// Open the copy menu.
    CopyMenu = "copy-menu";
    /// Write the certificate to a file.
    WriteFile = "write-file";
    /// Next tab.
    NextTab = "next-tab";
    /// Previous tab.
    PreviousTab = "previous-tab";
    /// Approve the request.
    Approve = "approve";
    /// Reject the request.
    Reject = "reject";
    /// Go from the requests that wait to those that are decided, to all.
    WhichRequests = "which-requests";
    /// Send again what did not arrive.
    SendAgain = "send-again";
    /// Next field.
    NextField = "next-field";
    /// Previous field.
    PreviousField = "previous-field";
    /// Complete the path that is typed.
    Complete = "complete-path";
    /// Review what will be sent.
    Review = "review";
    /// Make the duplicate a reissue that is stored as one.
    AsReissue = "as-reissue";
    /// Load a file into the field.
    LoadFile = "load-file";
    /// Edit the field in `$EDITOR`.
    Editor = "editor";
    /// Make a key and a CSR here.
    MakeKey = "make-key";
    /// Copy the numbers of the marked orders.
    CopyNumbers = "copy-numbers";
    /// Copy the names of the marked orders.
    CopyNames = "copy-names";
    /// Copy the certificate.
    CopyCertificate = "copy-certificate";
    /// Copy the intermediates.
    CopyChain = "copy-chain";
    /// Copy certificate and intermediates.
    CopyFullChain = "copy-full-chain";
    /// Copy the root.
    CopyRoot = "copy-root";
    /// Copy the serial number.
    CopySerial = "copy-serial";
    /// Copy the thumbprint.
    CopyThumbprint = "copy-thumbprint";
    /// Copy the DCV token.
    CopyToken = "copy-dcv-token";
    /// Copy the name of the DNS record, or the address of the file.
    CopyRecordName = "copy-record-name";
    /// Copy the value of the DNS record, or the content of the file.
    CopyRecordValue = "copy-record-value";
    /// Copy the whole DNS record, or address and content of the file.
    CopyRecord = "copy-record";
    /// Show the PEM alone on a plain screen, to select by mouse.
    Plain = "plain-screen";
    /// Throw the draft away.
    Discard = "discard";
    /// Open the menu of small operations on the order.
    Operations = "operations";
    /// Show a request of the journal as it was sent.
    ShowSent = "show-sent";
    /// Set a write with an unknown outcome aside.
    Dismiss = "dismiss";
    /// Check the domain validation now.
    CheckNow = "check-now";
    /// Check the domain validation of one name now.
    CheckName = "check-name";
    /// Change the method of domain validation.
    DcvMethod = "dcv-method";
    /// Make a new random value.
    NewToken = "new-random-value";
    /// Send the validation mails again.
    ResendEmails = "resend-emails";
    /// Look what really stands where something has to stand.
    LookUp = "look-up";
    /// Look which certificate is served.
    LookServed = "look-served";
    /// Run the command after issue for a certificate.
    Install = "install";
    /// Request a certificate for endpoints.
    RequestCertificate = "request-certificate";
    /// Add endpoints that are typed.
    AddEndpoints = "add-endpoints";
    /// Add endpoints that a file lists.
    LoadEndpoints = "load-endpoints";
    /// Remove endpoints that were added.
    RemoveEndpoints = "remove-endpoints";
    /// Go from the domains to the organizations, and back.
    SwitchList = "domains-or-organizations";
    /// Show the watches.
    ShowWatches = "show-watches";
    /// Show the forms that were begun and not sent.
    ShowDrafts = "show-drafts";
    /// Ask for region and key.
    Connect = "connect";
}
