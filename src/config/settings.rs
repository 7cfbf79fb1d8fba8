//! How the program behaves, whatever the account.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A key of the operator's own; the `keys` room reads the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBinding {
    /// The place: the table under `[keys]`.
    pub place: String,
    pub key: String,
    /// The command, or `none`.
    pub command: String,
    /// The line of the settings it stands in, counted from 1.
    pub line: usize,
}

/// Where the certificate of a name is served besides the name itself; the `domain` room reads the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedName {
    /// A name as it stands in certificates, `*.example.com` too.
    pub name: String,
    pub endpoints: Vec<String>,
    /// `auto = "duplicate-or-renew"`: what its endpoints get when they are due is decided by the rule.
    pub auto: bool,
    /// The line of the settings it stands in, counted from 1.
    pub line: usize,
}

/// The command that runs for each certificate that was issued and verified; the `domain` room reads the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterIssue {
    /// Program and arguments; no shell. None where they cannot be used as they are written: nothing is run then.
    pub command: Vec<String>,
    /// When it may run, by the local clock; at any time where none is set.
    pub window: Option<String>,
    /// Seconds after which it is ended.
    pub time_limit: u64,
    /// The line of the settings it stands in, counted from 1.
    pub line: usize,
}

impl AfterIssue {
    /// Seconds after which the command is ended where the settings name none.
    pub const TIME_LIMIT: u64 = 300;

    /// What it is called: its program, without the folder.
    pub fn name(&self) -> String {
        let program = self.command.first().map(PathBuf::from).unwrap_or_default();
        let name = program.file_name().unwrap_or(program.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

/// The log that the settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    pub path: PathBuf,
    /// The line of the settings that names it, counted from 1.
    pub line: usize,
}

/// Which way a certificate takes to the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClipboardChoice {
    /// The first way that applies here.
    #[default]
    Auto,
    /// `tmux load-buffer -w -`.
    Tmux,
    /// OSC 52, straight to the terminal.
    Osc52,
    /// The clipboard of this machine.
    Native,
    /// The program in `copy_command`.
    Command,
    /// None: only files are written.
    Off,
}

impl ClipboardChoice {
    /// Every choice, in the order the documentation names them.
    pub const ALL: [Self; 6] = [
        Self::Auto,
        Self::Tmux,
        Self::Osc52,
        Self::Native,
        Self::Command,
        Self::Off,
    ];

    /// The word in the configuration.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::Native => "native",
            Self::Command => "command",
            Self::Off => "off",
        }
    }
}

/// Which colours are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// What fits the terminal, as far as it tells when it is asked (OSC 11) or by `COLORFGBG`; else what can be read on
    /// any background.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// No colours, only bold, reverse and underline.
    Mono,
}

impl Theme {
    /// Every theme, in the order the documentation names them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Dark, Self::Light, Self::Mono];

    /// The word in the configuration.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }
}

/// The subject of a CSR that is made here, besides its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsrSubject {
    /// `C`: two letters.
    pub country: Option<String>,
    /// `ST`.
    pub state: Option<String>,
    /// `L`.
    pub locality: Option<String>,
    /// `O`.
    pub organization: Option<String>,
    /// `OU`.
    pub organizational_unit: Option<String>,
    /// `emailAddress`.
    pub email: Option<String>,
}

/// The settings, each with its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `clipboard`.
    pub clipboard: ClipboardChoice,
    /// `copy_command`: program and arguments, given the text on standard input.
    pub copy_command: Option<Vec<String>>,
    /// `theme`; [`Theme::Mono`] too when the file says `mono = true`.
    pub theme: Theme,
    /// `bell`: ring when what was sent has come to its end.
    pub bell: bool,
    /// `notify`: tell the desktop too, through the terminal (OSC 9); on unless the file says otherwise.
    pub notify: bool,
    /// `dns_servers`: whom DNS checks ask, at most three; empty: the system's.
    pub dns_servers: Vec<SocketAddr>,
    /// `dns_checks`: whether DNS checks start by themselves; on unless the file says otherwise.
    pub dns_checks: bool,
    /// `[served]`: where certificates are served.
    pub served: Vec<ServedName>,
    /// `[after_issue]`, for profiles that have none of their own.
    pub after_issue: Option<AfterIssue>,
    /// `download_dir`: where files go when no folder is given.
    pub download_dir: Option<PathBuf>,
    /// `log`: the log's file.
    pub log: Option<LogFile>,
    /// `[csr]`.
    pub csr: CsrSubject,
    /// `[keys.PLACE]`.
    pub keys: Vec<KeyBinding>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clipboard: ClipboardChoice::default(),
            copy_command: None,
            theme: Theme::default(),
            bell: false,
            notify: true,
            dns_servers: Vec::new(),
            dns_checks: true,
            served: Vec::new(),
            after_issue: None,
            download_dir: None,
            log: None,
            csr: CsrSubject::default(),
            keys: Vec::new(),
        }
    }
}
