//! The one table of keys: dispatch, the footer, the help, the command palette and the README's section are made
//! from it.

/// A place that keys belong to. Several hold at once, the innermost first: an order's own keys, those of every
/// list, those of everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere but where text is typed.
    Everywhere,
    /// Control keys that work everywhere, also in text.
    Always,
    /// Every list.
    Lists,
    /// The list of orders.
    Orders,
    /// An order, and the order under the cursor in the list.
    Order,
    /// An open order.
    Detail,
    /// The list of requests, and the requests of an open order.
    Requests,
    /// The journal.
    Journal,
    /// The filter's text.
    Filter,
    /// A form.
    Form,
    /// The review of a form.
    Review,
    /// The copy menu.
    Copy,
    /// A question, a text prompt, a notice.
    Prompt,
    /// The command palette.
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
        Self::Lists,
        Self::Orders,
        Self::Order,
        Self::Detail,
        Self::Requests,
        Self::Journal,
        Self::Filter,
        Self::Form,
        Self::Review,
        Self::Copy,
        Self::Watch,
        Self::Prompt,
        Self::Palette,
        Self::Reader,
    ];

    /// Heading in the help, and the table's name under `[keys]` in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Always => "always",
            Self::Lists => "lists",
            Self::Orders => "orders",
            Self::Order => "order",
            Self::Detail => "detail",
            Self::Requests => "requests",
            Self::Journal => "journal",
            Self::Filter => "filter",
            Self::Form => "form",
            Self::Review => "review",
            Self::Copy => "copy",
            Self::Prompt => "prompt",
            Self::Palette => "palette",
            Self::Reader => "reader",
            Self::Watch => "watch",
        }
    }
}

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
    /// Duplicate the order.
    Duplicate = "duplicate";
    /// Reissue the order.
    Reissue = "reissue";
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
    /// Next field.
    NextField = "next-field";
    /// Previous field.
    PreviousField = "previous-field";
    /// Review what will be sent.
    Review = "review";
    /// Load a file into the field.
    LoadFile = "load-file";
    /// Edit the field in `$EDITOR`.
    Editor = "editor";
    /// Make a key and a CSR here.
    MakeKey = "make-key";
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
    /// Show the PEM alone on a plain screen, to select by mouse.
    Plain = "plain-screen";
    /// Throw the draft away.
    Discard = "discard";
    /// Show the watches.
    ShowWatches = "show-watches";
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where.
    pub place: Place,
    /// Keys by default, the first one shown in the footer.
    pub keys: &'static [&'static str],
    /// What.
    pub action: Action,
    /// One or two words for the footer.
    pub label: &'static str,
    /// A sentence for the help and the palette.
    pub help: &'static str,
    /// Whether the footer shows it.
    pub footer: bool,
}

const fn bind(
    place: Place,
    keys: &'static [&'static str],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        place,
        keys,
        action,
        label,
        help,
        footer: true,
    }
}

const fn quiet(
    place: Place,
    keys: &'static [&'static str],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        place,
        keys,
        action,
        label,
        help,
        footer: false,
    }
}

/// The table.
pub const TABLE: &[Binding] = &[
    bind(
        Place::Everywhere,
        &["?"],
        Action::Help,
        "help",
        "Show the keys of this place",
    ),
    bind(
        Place::Everywhere,
        &[":"],
        Action::Palette,
        "commands",
        "Find a command by its name",
    ),
    quiet(
        Place::Everywhere,
        &["esc"],
        Action::Back,
        "back",
        "Go back; clear the filter in a list",
    ),
    bind(
        Place::Everywhere,
        &["q"],
        Action::Quit,
        "quit",
        "Quit; asks when something is unfinished",
    ),
    quiet(
        Place::Everywhere,
        &["1"],
        Action::ShowOrders,
        "orders",
        "Go to the orders",
    ),
    quiet(
        Place::Everywhere,
        &["2"],
        Action::ShowRequests,
        "requests",
        "Go to the requests that wait for approval",
    ),
    quiet(
        Place::Everywhere,
        &["3"],
        Action::ShowJournal,
        "journal",
        "Go to the journal: everything sent from here",
    ),
    quiet(
        Place::Everywhere,
        &["W"],
        Action::ShowWatches,
        "watch",
        "Show what was sent and is being waited for",
    ),
    quiet(
        Place::Always,
        &["ctrl-c"],
        Action::Interrupt,
        "quit",
        "Quit; asks when something is unfinished, a second time quits at once",
    ),
    quiet(
        Place::Always,
        &["ctrl-z"],
        Action::Suspend,
        "suspend",
        "Give the terminal back to the shell; `fg` returns",
    ),
    quiet(
        Place::Always,
        &["ctrl-l"],
        Action::Redraw,
        "redraw",
        "Draw the screen anew",
    ),
    quiet(
        Place::Lists,
        &["j", "down"],
        Action::Down,
        "down",
        "One row down",
    ),
    quiet(Place::Lists, &["k", "up"], Action::Up, "up", "One row up"),
    quiet(
        Place::Lists,
        &["g", "home"],
        Action::Top,
        "first",
        "To the first row",
    ),
    quiet(
        Place::Lists,
        &["G", "end"],
        Action::Bottom,
        "last",
        "To the last row",
    ),
    quiet(
        Place::Lists,
        &["pgdn", "ctrl-f"],
        Action::PageDown,
        "page down",
        "One page down",
    ),
    quiet(
        Place::Lists,
        &["pgup", "ctrl-b"],
        Action::PageUp,
        "page up",
        "One page up",
    ),
    bind(
        Place::Lists,
        &["enter", "l", "right"],
        Action::Open,
        "open",
        "Open the row",
    ),
    bind(
        Place::Orders,
        &["/"],
        Action::Filter,
        "filter",
        "Type a filter: words, and terms such as status:issued ends<30d",
    ),
    bind(
        Place::Orders,
        &["s"],
        Action::Sort,
        "sort",
        "Sort by the next column",
    ),
    bind(
        Place::Lists,
        &["R", "f5"],
        Action::Refresh,
        "refresh",
        "Read again from the account",
    ),
    quiet(
        Place::Orders,
        &["space"],
        Action::Mark,
        "mark",
        "Mark the row",
    ),
    bind(
        Place::Order,
        &["d"],
        Action::Duplicate,
        "duplicate",
        "Request a duplicate: the same names, another key",
    ),
    bind(
        Place::Order,
        &["r"],
        Action::Reissue,
        "reissue",
        "Reissue: replace the certificate by one that differs",
    ),
    bind(
        Place::Order,
        &["y"],
        Action::CopyMenu,
        "copy",
        "Copy the certificate, its chain, serial or thumbprint",
    ),
    bind(
        Place::Order,
        &["w"],
        Action::WriteFile,
        "write",
        "Write the certificate to a file",
    ),
    bind(
        Place::Detail,
        &["o", "tab"],
        Action::NextTab,
        "next tab",
        "Next tab of the order",
    ),
    quiet(
        Place::Detail,
        &["O", "shift-tab"],
        Action::PreviousTab,
        "previous tab",
        "Previous tab of the order",
    ),
    quiet(
        Place::Detail,
        &["h", "left"],
        Action::Back,
        "back",
        "Back to the list",
    ),
    bind(
        Place::Requests,
        &["a"],
        Action::Approve,
        "approve",
        "Approve the request, with a comment",
    ),
    bind(
        Place::Requests,
        &["x"],
        Action::Reject,
        "reject",
        "Reject the request, with a comment",
    ),
    bind(
        Place::Filter,
        &["enter"],
        Action::Open,
        "keep",
        "Keep the filter and go to the list",
    ),
    bind(
        Place::Filter,
        &["esc"],
        Action::Back,
        "clear",
        "Clear the filter",
    ),
    quiet(
        Place::Filter,
        &["down"],
        Action::Down,
        "down",
        "One row down",
    ),
    quiet(Place::Filter, &["up"], Action::Up, "up", "One row up"),
    bind(
        Place::Form,
        &["tab", "down"],
        Action::NextField,
        "next field",
        "Next field",
    ),
    quiet(
        Place::Form,
        &["shift-tab", "up"],
        Action::PreviousField,
        "previous field",
        "Previous field",
    ),
    bind(
        Place::Form,
        &["ctrl-s"],
        Action::Review,
        "review",
        "Review what will be sent",
    ),
    bind(
        Place::Form,
        &["ctrl-o"],
        Action::LoadFile,
        "load file",
        "Load a file into the CSR field",
    ),
    bind(
        Place::Form,
        &["ctrl-e"],
        Action::Editor,
        "editor",
        "Edit the field in $EDITOR",
    ),
    bind(
        Place::Form,
        &["ctrl-g"],
        Action::MakeKey,
        "make key",
        "Make a private key (a file only you can read) and a CSR here",
    ),
    quiet(
        Place::Form,
        &["ctrl-d"],
        Action::Discard,
        "discard",
        "Throw this draft away and leave",
    ),
    bind(
        Place::Form,
        &["esc"],
        Action::Back,
        "leave",
        "Leave; the draft is kept",
    ),
    bind(
        Place::Review,
        &["enter"],
        Action::Open,
        "send",
        "Send it, once",
    ),
    bind(
        Place::Review,
        &["esc"],
        Action::Back,
        "back",
        "Back to the form; nothing is sent",
    ),
    quiet(
        Place::Review,
        &["down", "j"],
        Action::Down,
        "down",
        "Scroll down",
    ),
    quiet(Place::Review, &["up", "k"], Action::Up, "up", "Scroll up"),
    quiet(
        Place::Review,
        &["pgdn"],
        Action::PageDown,
        "page down",
        "Scroll a page down",
    ),
    quiet(
        Place::Review,
        &["pgup"],
        Action::PageUp,
        "page up",
        "Scroll a page up",
    ),
    bind(
        Place::Copy,
        &["c"],
        Action::CopyCertificate,
        "certificate",
        "The certificate alone",
    ),
    bind(
        Place::Copy,
        &["i"],
        Action::CopyChain,
        "chain",
        "The chain: intermediates, without the certificate and the root",
    ),
    bind(
        Place::Copy,
        &["f"],
        Action::CopyFullChain,
        "full chain",
        "The certificate and its intermediates, what most servers want",
    ),
    bind(Place::Copy, &["r"], Action::CopyRoot, "root", "The root"),
    bind(
        Place::Copy,
        &["s"],
        Action::CopySerial,
        "serial",
        "The serial number",
    ),
    bind(
        Place::Copy,
        &["t"],
        Action::CopyThumbprint,
        "thumbprint",
        "The SHA-1 thumbprint",
    ),
    bind(
        Place::Copy,
        &["d"],
        Action::CopyToken,
        "DCV token",
        "The random value for domain validation",
    ),
    bind(
        Place::Copy,
        &["p"],
        Action::Plain,
        "plain screen",
        "The PEM alone on a plain screen, to select by mouse",
    ),
    bind(
        Place::Copy,
        &["esc", "q"],
        Action::Back,
        "close",
        "Close the menu",
    ),
    bind(
        Place::Watch,
        &["y"],
        Action::CopyMenu,
        "copy",
        "Copy the new certificate",
    ),
    bind(
        Place::Watch,
        &["w"],
        Action::WriteFile,
        "write",
        "Write the new certificate to a file",
    ),
    bind(
        Place::Watch,
        &["a"],
        Action::Approve,
        "approve",
        "Approve the request that it waits for",
    ),
    bind(
        Place::Watch,
        &["enter", "l"],
        Action::Open,
        "open order",
        "Open the order",
    ),
    quiet(
        Place::Watch,
        &["j", "down"],
        Action::Down,
        "down",
        "One row down",
    ),
    quiet(Place::Watch, &["k", "up"], Action::Up, "up", "One row up"),
    bind(
        Place::Watch,
        &["esc", "q"],
        Action::Back,
        "close",
        "Close; the watch goes on",
    ),
    bind(Place::Prompt, &["enter"], Action::Open, "yes", "Confirm"),
    bind(Place::Prompt, &["esc"], Action::Back, "no", "Cancel"),
    quiet(
        Place::Prompt,
        &["tab", "down"],
        Action::NextField,
        "next",
        "Next field or choice",
    ),
    quiet(
        Place::Prompt,
        &["shift-tab", "up"],
        Action::PreviousField,
        "previous",
        "Previous field or choice",
    ),
    bind(
        Place::Palette,
        &["enter"],
        Action::Open,
        "run",
        "Run the command",
    ),
    quiet(
        Place::Palette,
        &["down", "ctrl-n"],
        Action::Down,
        "down",
        "Next command",
    ),
    quiet(
        Place::Palette,
        &["up", "ctrl-p"],
        Action::Up,
        "up",
        "Previous command",
    ),
    bind(
        Place::Palette,
        &["esc"],
        Action::Back,
        "close",
        "Close the palette",
    ),
    quiet(
        Place::Reader,
        &["j", "down"],
        Action::Down,
        "down",
        "Scroll down",
    ),
    quiet(Place::Reader, &["k", "up"], Action::Up, "up", "Scroll up"),
    quiet(
        Place::Reader,
        &["pgdn", "space"],
        Action::PageDown,
        "page down",
        "Scroll a page down",
    ),
    quiet(
        Place::Reader,
        &["pgup"],
        Action::PageUp,
        "page up",
        "Scroll a page up",
    ),
    quiet(
        Place::Reader,
        &["g", "home"],
        Action::Top,
        "first",
        "To the beginning",
    ),
    quiet(
        Place::Reader,
        &["G", "end"],
        Action::Bottom,
        "last",
        "To the end",
    ),
    bind(
        Place::Reader,
        &["esc", "q", "?"],
        Action::Back,
        "close",
        "Close",
    ),
];
