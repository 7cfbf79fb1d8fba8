//! The one table of keys: dispatch, the footer, the help, the command palette, and the page of keys are made
//! from it.

use super::action::Action;
use super::place::Place;

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
    pub footer: Footer,
}

/// Whether the footer shows a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Footer {
    /// It does, whatever else has to go: what the place is for, and the way out of it.
    Kept,
    /// It does, where there is room.
    Shown,
    /// It does where everything else has room.
    Spare,
    /// It does not: only the help and the palette do.
    Quiet,
}

macro_rules! table {
    ($($place:ident [$($key:literal),+] $action:ident $footer:ident $label:literal $help:literal;)+) => {
        /// The table: place, keys, action, whether the footer shows it, label and help.
        pub const TABLE: &[Binding] = &[$(Binding {
            place: Place::$place,
            keys: &[$($key),+],
            action: Action::$action,
            label: $label,
            help: $help,
            footer: footer(stringify!($footer)),
        }),+];
    };
}

/// Reads the table's word for it.
const fn footer(word: &str) -> Footer {
    match word.as_bytes() {
        b"kept" => Footer::Kept,
        b"shown" => Footer::Shown,
        b"spare" => Footer::Spare,
        _ => Footer::Quiet,
    }
}

table! {
    Everywhere ["?"] Help kept "help" "Show the keys that work here";
    Everywhere [":"] Palette shown "commands" "Find a command by name";
    Everywhere ["esc"] Back quiet "back" "Go back; clear the filter in a list";
    Everywhere ["q"] Quit shown "quit" "Close what is open; at the top level quit, with a question if something is unfinished";
    Everywhere ["1"] ShowOrders quiet "orders" "Go to the orders";
    Everywhere ["2"] ShowRequests quiet "requests" "Go to requests waiting for approval";
    Everywhere ["3"] ShowJournal quiet "journal" "Go to the journal: everything sent from certdeck";
    Everywhere ["4"] ShowPlan quiet "plan" "Go to the plan: what expires in the coming weeks, and what it needs";
    Everywhere ["5"] ShowDomains quiet "domains" "Go to the domains and organizations: until when each is validated";
    Everywhere ["6"] ShowEndpoints quiet "endpoints" "Go to the endpoints: what servers serve, and of which order that is";
    Everywhere ["W"] ShowWatches quiet "watch list" "Show the watch list: what was sent and is awaited";
    Everywhere ["F"] ShowDrafts quiet "drafts" "Show unsent drafts";
    Everywhere ["K"] Connect quiet "connect" "Connect: region, API key, and where the key is kept";
    Always ["f1"] Help kept "help" "Show the keys that work here, also while you type";
    Always ["ctrl-c"] Interrupt quiet "quit" "Quit, with a question if something is unfinished; a second time quits at once";
    Always ["ctrl-z"] Suspend quiet "suspend" "Give the terminal back to the shell; `fg` returns";
    Always ["ctrl-l"] Redraw quiet "redraw" "Redraw the screen";
    Rows ["j", "down", "ctrl-n"] Down quiet "down" "One row down";
    Rows ["k", "up", "ctrl-p"] Up quiet "up" "One row up";
    Rows ["pgdn", "ctrl-f"] PageDown quiet "page down" "One page down";
    Rows ["pgup", "ctrl-b"] PageUp quiet "page up" "One page up";
    Lists ["g", "home"] Top quiet "top" "To the first row";
    Lists ["G", "end"] Bottom quiet "bottom" "To the last row";
    Lists ["enter", "l", "right"] Open shown "open" "Open the row";
    Orders ["/"] Filter shown "filter" "Type a filter: words, status:issued expires<30d …";
    Orders ["s"] Sort shown "sort" "Sort by the next column";
    Lists ["R", "f5"] Refresh shown "refresh" "Reload from CertCentral";
    Orders ["D"] ForNames quiet "find by names" "Enter names; duplicate the newest order with exactly those names";
    Orders ["N"] NewOrder quiet "new order" "Place a new order: Secure Site products";
    Orders ["space"] Mark quiet "mark" "Mark the row";
    Orders ["*"] MarkAll quiet "mark all" "Mark all orders that the filter shows";
    Orders ["u"] Unmark quiet "unmark" "Unmark all orders";
    Order ["d"] Duplicate shown "duplicate" "Request a duplicate: the same names, another key";
    Order ["r"] Reissue shown "reissue" "Reissue: replace the certificate with a changed one";
    Order ["b"] Bulk quiet "bulk duplicates" "Duplicates for many CSRs: checked first, sent one at a time";
    Order ["n"] Renew quiet "renew" "Renew, or duplicate a newer order with the same names";
    Order ["y"] CopyMenu shown "copy" "Copy the certificate, its chain, serial number, or thumbprint";
    Order ["w"] WriteFile shown "write" "Write the certificate to a file";
    Order ["m"] Operations spare "actions" "Open the actions menu: note, cancel, archive, revoke, auto-reissue";
    Order ["v"] LookServed quiet "served" "Look which certificate is served now for its names, or for those of all marked orders";
    Order ["I"] Install quiet "install" "Run the command of [after_issue] for the certificate, also once more";
    Journal ["v"] ShowSent shown "show as sent" "Show the API request exactly as it was sent, or what a command printed";
    Journal ["x"] Dismiss shown "dismiss" "Dismiss an unknown outcome, something still awaited, a mismatch, or a command that failed";
    Plan ["tab", "l", "right"] NextColumn shown "next column" "The next number of the row: reissue, renew, waiting …";
    Plan ["v"] LookServed quiet "served" "Look which certificates are served now for the orders of this number";
    Plan ["shift-tab", "h", "left"] PreviousColumn quiet "previous column" "The previous number of the row";
    AccountDomains ["c"] CheckNow shown "check now" "Look for the random value of the domain, or of all marked ones, now";
    AccountDomains ["e"] DcvMethod shown "DCV method" "Change how the domain, or all marked ones, is validated";
    AccountDomains ["t"] NewToken spare "new value" "Create a new random value for the domain, or for all marked ones";
    AccountDomains ["E"] ResendEmails quiet "resend emails" "Resend the validation emails of the domain, or of all marked ones";
    AccountDomains ["v"] LookUp shown "look up" "Look up what stands there now (DNS or the website), seen from here: of the domain, or of all marked ones";
    AccountDomains ["y"] CopyMenu shown "copy" "Copy what has to stand where; of marked domains all of it as lines of a zone file";
    AccountDomains ["w"] WriteFile shown "write" "Write what has to stand where to a file";
    AccountDomains ["o", "tab"] SwitchList shown "organizations" "Switch between domains and organizations";
    AccountDomains ["/"] Filter shown "filter" "Type a filter: words, is:pending expires<30d method:txt org:…";
    AccountDomains ["s"] Sort spare "sort" "Sort by expiration, name, organization, or orders";
    AccountDomains ["space"] Mark quiet "mark" "Mark the domain";
    AccountDomains ["*"] MarkAll quiet "mark all" "Mark all domains that the filter shows";
    AccountDomains ["u"] Unmark quiet "unmark" "Unmark all domains";
    AccountDomains ["h", "left"] Back quiet "back" "Back to the orders";
    Endpoints ["v"] LookServed shown "look" "Look which certificate is served now: at the endpoint, or at all marked ones";
    Endpoints ["r"] RequestCertificate shown "request" "Request a certificate: a duplicate of the newest order with these names, else a reissue, a renewal, or a new order";
    Endpoints ["a"] AddEndpoints shown "add" "Add endpoints: host:port, or addresses as a range or a CIDR block";
    Endpoints ["A"] LoadEndpoints spare "add from file" "Add the endpoints that a file lists, one a line";
    Endpoints ["x"] RemoveEndpoints shown "remove" "Remove the endpoint, or all marked ones, that were added here";
    Endpoints ["/"] Filter shown "filter" "Type a filter: words, served:old expires<30d issuer:… is:added";
    Endpoints ["s"] Sort spare "sort" "Sort by attention, expiration, when seen, or endpoint";
    Endpoints ["space"] Mark quiet "mark" "Mark the endpoint";
    Endpoints ["*"] MarkAll quiet "mark all" "Mark all endpoints that the filter shows";
    Endpoints ["u"] Unmark quiet "unmark" "Unmark all endpoints";
    Endpoints ["h", "left"] Back quiet "back" "Back to the orders";
    Domains ["c"] CheckNow shown "check all" "Check DCV now: all names of a pending order, else the domain of this name";
    Domains ["C"] CheckName shown "check name" "Check only this name of a pending order, else its domain";
    Domains ["e"] DcvMethod shown "DCV method" "Change how the domain is validated";
    Domains ["v"] LookUp shown "look up" "Look up what stands there now (DNS or the website), seen from here";
    Domains ["y"] CopyMenu shown "copy" "Copy the random value of the name, or the record or file that it belongs in";
    Operations ["enter", "l"] Open kept "select" "Show what it does and what it sends";
    Operations ["esc", "q"] Back kept "close" "Close the menu";
    Detail ["o", "tab"] NextTab shown "next tab" "Next tab of the order";
    Detail ["O", "shift-tab"] PreviousTab quiet "previous tab" "Previous tab of the order";
    Detail ["h", "left"] Back quiet "back" "Back to the list";
    Requests ["a"] Approve shown "approve" "Approve the request, with a comment";
    Requests ["x"] Reject shown "reject" "Reject the request, with a comment";
    Requests ["space"] Mark shown "mark" "Mark the request; approve and reject apply to all marked requests";
    Requests ["*"] MarkAll quiet "mark all" "Mark all open requests that the filter shows";
    Requests ["u"] Unmark quiet "unmark" "Unmark all requests";
    Requests ["t"] WhichRequests shown "switch view" "Switch between open requests, decided requests, and all";
    Requests ["/"] Filter shown "filter" "Search all requests: words, type:reissue status:approved by:ada …";
    Filter ["enter"] Open kept "apply" "Apply the filter and go to the list";
    Filter ["esc"] Back kept "clear" "Clear the filter";
    Form ["tab", "down"] NextField shown "next field" "Next field";
    Form ["shift-tab", "up"] PreviousField quiet "previous field" "Previous field";
    Form ["ctrl-s"] Review kept "review" "Review what will be sent";
    Form ["ctrl-o"] LoadFile shown "load file" "Load a file into the CSR field";
    Form ["ctrl-e"] Editor shown "editor" "Edit the field in $EDITOR";
    Form ["ctrl-g"] MakeKey shown "generate key" "Generate a private key (in a file only you can read) and its CSR";
    Form ["ctrl-n"] TakeNames quiet "use CSR names" "Replace the typed names with those in the CSR";
    Form ["ctrl-t"] AsReissue quiet "send as reissue" "Make it a reissue stored as a duplicate, which can wait for approval and validation";
    Form ["ctrl-r", "f5"] Refresh quiet "reload" "Reload what CertCentral offers for this form, if it is missing";
    Form ["ctrl-d"] Discard quiet "discard draft" "Discard this draft and close";
    Form ["esc"] Back kept "close" "Close; the draft is kept";
    Review ["enter"] Open kept "send" "Send, once";
    Review ["esc"] Back kept "back" "Back to the form; nothing is sent";
    Review ["ctrl-t"] AsReissue quiet "send as reissue" "Make it a reissue stored as a duplicate, which can wait for approval and validation";
    Bulk ["enter"] Open shown "load files" "Load the files and folders you typed";
    Bulk ["ctrl-s"] Review kept "review" "Review what will be sent";
    Bulk ["tab"] NextField shown "next field" "Next field: files, platform, hash, issuing CA, expiration date; completes a path first";
    Bulk ["shift-tab"] PreviousField quiet "previous field" "Previous field";
    Bulk ["ctrl-x"] Mark shown "exclude" "Exclude the row, or include it again";
    Bulk ["ctrl-d"] Discard quiet "discard list" "Discard this list and close";
    Bulk ["esc"] Back kept "close" "Close; the list is kept";
    BulkRun ["enter"] Open quiet "edit row" "Open the form of a reissue that was not sent; it comes back here";
    BulkRun ["a"] Approve shown "approve" "Approve the requests of this list that are waiting";
    BulkRun ["esc"] Back kept "stop/close" "Stop: nothing more is sent; when nothing is under way, close";
    BulkRun ["ctrl-s"] Review kept "send remaining" "Review and send what was not sent";
    BulkRun ["w"] WriteFile shown "write all" "Write every certificate that is issued and verified to its own file";
    BulkRun ["ctrl-o"] LoadFile shown "add CSRs" "Add more CSRs";
    BulkRun ["ctrl-x"] Mark quiet "exclude" "Exclude the row, or include it again; also one that was refused or did not arrive";
    BulkRun ["ctrl-d"] Discard quiet "discard list" "Discard this list and close; the journal keeps what was sent";
    BulkRun ["g", "home"] Top quiet "top" "To the first row";
    BulkRun ["G", "end"] Bottom quiet "bottom" "To the last row";
    Copy ["c"] CopyCertificate shown "certificate" "Only the certificate";
    Copy ["i"] CopyChain shown "chain" "The chain: intermediates, without the certificate and the root";
    Copy ["f"] CopyFullChain shown "full chain" "The certificate and its intermediates, which most servers need";
    Copy ["r"] CopyRoot shown "root" "The root";
    Copy ["s"] CopySerial shown "serial" "The serial number";
    Copy ["t"] CopyThumbprint shown "thumbprint" "The SHA-1 thumbprint";
    Copy ["d"] CopyToken shown "random value" "The random value for domain validation";
    Copy ["l"] CopyRecord shown "DCV record" "The record or file that the random value belongs in, as one line";
    Copy ["p"] Plain shown "plain screen" "Show only the PEM, to select with the mouse";
    Copy ["enter"] Open spare "copy" "Copy what is under the cursor";
    Copy ["esc", "q"] Back kept "close" "Close the menu";
    CopyMarked ["n"] CopyNumbers shown "numbers" "The order numbers, on one line";
    CopyMarked ["m"] CopyNames shown "names" "All names of the orders, on one line";
    CopyMarked ["c"] CopyCertificate shown "certificates" "All certificates as one text";
    CopyMarked ["f"] CopyFullChain shown "full chains" "Each certificate with its intermediates, as one text";
    CopyMarked ["enter"] Open spare "copy" "Copy what is under the cursor";
    CopyMarked ["esc", "q"] Back kept "close" "Close the menu";
    Record ["d"] CopyToken shown "value" "Only the random value";
    Record ["n"] CopyRecordName shown "name" "The name of the record, or the URL of the file";
    Record ["v"] CopyRecordValue shown "content" "The value of the record, or the content of the file, where that is more than the random value";
    Record ["l"] CopyRecord shown "one line" "All of it in one line: the record as a zone file has it";
    Record ["enter"] Open spare "copy" "Copy what is under the cursor";
    Record ["esc", "q"] Back kept "close" "Close the menu";
    Watch ["y"] CopyMenu shown "copy" "Copy the new certificate";
    Watch ["w"] WriteFile shown "write" "Write the new certificate to a file";
    Watch ["a"] Approve shown "approve" "Approve the request that it is waiting for";
    Watch ["s"] SendAgain shown "send again" "Send again what did not arrive; only after CertCentral was checked";
    Watch ["enter", "l"] Open shown "open order" "Open the order";
    Watch ["esc", "q"] Back kept "close" "Close; certdeck keeps watching";
    Newer ["enter"] Open kept "duplicate" "Request a duplicate of the newer order";
    Newer ["n"] Renew shown "renew anyway" "Renew the order that is due anyway";
    Newer ["R", "f5"] Refresh shown "reload" "Reload the newer order";
    Newer ["pgdn", "down"] PageDown quiet "page down" "Scroll a page down";
    Newer ["pgup", "up"] PageUp quiet "page up" "Scroll a page up";
    Newer ["esc", "q"] Back kept "back" "Back; nothing is requested";
    Prompt ["enter"] Open kept "confirm" "Confirm";
    Prompt ["esc"] Back kept "cancel" "Cancel";
    Prompt ["tab", "down"] NextField shown "next" "Next field or choice";
    Prompt ["shift-tab", "up"] PreviousField quiet "previous" "Previous field or choice";
    Prompt ["pgdn"] PageDown quiet "page down" "Scroll a page down";
    Prompt ["pgup"] PageUp quiet "page up" "Scroll a page up";
    Path ["tab"] Complete shown "complete" "Complete the path; if it is complete, go to the next field";
    Palette ["enter"] Open kept "run" "Run the command";
    Palette ["esc"] Back kept "close" "Close the palette";
    Reader ["space"] PageDown quiet "page down" "Scroll a page down";
    Reader ["g", "home"] Top quiet "top" "To the top";
    Reader ["G", "end"] Bottom quiet "bottom" "To the bottom";
    Reader ["esc", "q", "?"] Back kept "close" "Close";
}

/// Where a command belongs, for somebody who asked for it elsewhere.
pub fn place_of(action: Action) -> String {
    let mut places: Vec<&str> = TABLE
        .iter()
        .filter(|binding| binding.action == action)
        .map(|binding| binding.place.called())
        .collect();
    places.dedup();
    let words = match places.as_slice() {
        [first, second, others @ ..] if others.len() > 1 => {
            format!("{first}, {second} and {} other places", others.len())
        }
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => places.concat(),
    };
    format!("This is for {words}.")
}
