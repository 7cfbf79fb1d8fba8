//! What may be typed. Nothing secret is an argument; the sandbox's key is made up and guards nothing.

mod fields;
mod get;
mod help;
mod key;
mod operate;
mod profile;
mod read;
#[cfg(feature = "sandbox")]
mod sandbox;
mod show;
mod write;

pub use fields::{Fields, option_of};
pub use get::{Get, GetPart, Which};
pub use help::EXAMPLES;
pub use key::{KeepArg, Key};
pub use operate::{
    Archive, AutoReissue, Cancel, Dcv, Decide, Domain, DomainMethod, Domains, Note, OnOff, Revoke,
};
pub use profile::{AddProfile, EditProfile, Profile, Removable};
pub use read::{
    Chain, Check, Csr, Journal, Listing, Metrics, OneOrder, Orders, Plan, Requests, Served, Shell,
};
#[cfg(feature = "sandbox")]
pub use sandbox::{Demo, Sandbox, Switch};
pub use show::Show;
pub use write::{Consent, Duplicate, Follow, NewKey, Order, Reissue, Renew, Request, Resume};

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use super::exit::Exit;
use crate::config::{self, ProfileName};

/// A terminal UI for DigiCert CertCentral: find an order, duplicate or reissue it with a pasted CSR, copy the PEM.
///
/// Without a command, certdeck opens on the default profile; the first start prompts for the region and API key.
#[derive(Debug, Parser)]
#[command(name = "certdeck", version, max_term_width = 100)]
pub struct Cli {
    /// Command to run (default: open the UI).
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The account to work on, as named by `certdeck profile add`
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        add = ArgValueCompleter::new(completions::profiles)
    )]
    pub profile: Option<ProfileName>,

    /// Settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Write a log to this file; it never contains a key
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CERTDECK_LOG",
        hide_env_values = true
    )]
    pub log: Option<PathBuf>,

    /// No progress on standard error
    #[arg(long, global = true)]
    pub quiet: bool,

    /// Start even if TERM reports an unsuitable terminal
    #[arg(long)]
    pub force_terminal: bool,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try certdeck on a sample account inside this process; touches none of your files
    #[cfg(feature = "sandbox")]
    Demo(Demo),
    /// Run a local CertCentral sandbox server with a real CA
    #[cfg(feature = "sandbox")]
    Sandbox(Sandbox),
    /// What is not in this build, with whatever was typed behind it
    #[cfg(not(feature = "sandbox"))]
    #[command(
        name = "demo",
        alias = "sandbox",
        hide = true,
        disable_help_flag = true
    )]
    NoSandbox {
        /// Its arguments; none of them is looked at
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        arguments: Vec<std::ffi::OsString>,
    },
    /// Manage account profiles
    #[command(subcommand)]
    Profile(Profile),
    /// Manage a profile's API key
    #[command(subcommand)]
    Key(Key),
    /// Check terminal, clipboard, key, settings, and API
    Doctor,
    /// List orders
    Orders(Orders),
    /// Show one order in full, or order a product
    Order(Box<Order>),
    /// List the certificates of an order
    Certs(OneOrder),
    /// List the requests that are waiting for approval
    Requests(Requests),
    /// List the domains, and until when each is validated
    Domains(Listing),
    /// Show what certificates need, week by week
    Plan(Plan),
    /// List what certdeck sent, and the outcome
    Journal(Journal),
    /// Show what a CSR contains, with every warning
    Csr(Csr),
    /// Check certificates in files, or those that a server sends
    Chain(Chain),
    /// Look which certificates servers send for the names of orders
    Served(Served),
    /// Download a certificate, verified
    Get(Get),
    /// Reissue an order, or with --due all that are due
    Reissue(Box<Reissue>),
    /// Duplicate an order's certificate
    Duplicate(Box<Duplicate>),
    /// Renew an order: a new order that succeeds it
    Renew(Box<Renew>),
    /// Approve requests
    Approve(Decide),
    /// Reject requests
    Reject(Decide),
    /// Add a note to an order
    Note(Note),
    /// Cancel a pending order, or the pending reissue of an issued one
    Cancel(Cancel),
    /// Revoke one certificate, or all certificates of an order
    Revoke(Revoke),
    /// Hide a duplicate or an earlier reissue from the lists
    Archive(Archive),
    /// Turn auto-reissue of a Multi-year Plan on or off
    AutoReissue(AutoReissue),
    /// Validate domains: check now, change the method, create a new random value, resend emails
    #[command(subcommand)]
    Domain(Domain),
    /// Validate the names of a pending order: check now, change the method, request the random value, resend emails
    #[command(subcommand)]
    Dcv(Dcv),
    /// Go on with what was sent and is unfinished; nothing is sent again
    Resume(Resume),
    /// Print metrics for Prometheus
    Metrics(Metrics),
    /// Check expiration for a monitoring system, as its plugins do
    Check(Check),
    /// Print the completions of a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write the pages of the manual
    Man {
        /// Folder to write to
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Command {
    /// Whether it has an account of its own, and needs none of the operator's.
    pub fn is_alone(&self) -> bool {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Demo(_) | Self::Sandbox(_) => true,
            _ => false,
        }
    }
}

/// What monitoring systems call unknown.
const UNKNOWN: i32 = 3;

/// Reads the arguments; a wrong one ends the program with code 2 and clap's words.
pub fn parse() -> Cli {
    let read = command().try_get_matches();
    let read = read.and_then(|matches| Cli::from_arg_matches(&matches));
    read.unwrap_or_else(|error| {
        // A monitoring system would take 2 for a certificate that is about to expire.
        let is_check = std::env::args_os()
            .nth(1)
            .is_some_and(|word| word == "check");
        if is_check && error.use_stderr() {
            // Nobody is left to tell where it cannot be printed.
            let _ = error.print();
            std::process::exit(UNKNOWN);
        }
        error.exit()
    })
}

#[cfg(feature = "sandbox")]
const DEMO_EXAMPLE: &str =
    "  certdeck demo                                  try everything on a sample account\n";
#[cfg(not(feature = "sandbox"))]
const DEMO_EXAMPLE: &str = "";
#[cfg(feature = "sandbox")]
const SANDBOX_EXAMPLE: &str =
    "  certdeck sandbox --orders 1000 --key made-up   a CertCentral sandbox for your scripts\n";
#[cfg(not(feature = "sandbox"))]
const SANDBOX_EXAMPLE: &str = "";

/// The command line as clap sees it, with what only the running program knows.
pub fn command() -> clap::Command {
    let settings = config::config_path().map_or_else(
        |_| "$XDG_CONFIG_HOME/certdeck/config.toml".to_owned(),
        |path| path.display().to_string(),
    );
    let codes = Exit::table();
    let command = help::with_examples(Cli::command());
    command.after_help(format!(
        "Examples:
{DEMO_EXAMPLE}  certdeck profile add acme --region eu          name your account
  certdeck key set                               store its API key, after CertCentral accepts it
  certdeck key set --keep file                   keep it in a file only you can read
  pass show digicert | certdeck key set          or piped
  certdeck profile add lab --region us --key-command pass show lab
  certdeck --profile lab                         open that account
  certdeck doctor                                check what works here
{SANDBOX_EXAMPLE}
Environment:
  CERTDECK_API_KEY   the API key; overrides every other source
  CERTDECK_URL       the URL of the API; overrides the profile's
  CERTDECK_LOG       the log file, as --log
  CERTDECK_COMPLETE  set by the completions of a shell

Exit codes:
{codes}
Settings: {settings}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Region;

    pub(super) fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        command()
            .try_get_matches_from(std::iter::once("certdeck").chain(words.iter().copied()))
            .map(|matches| Cli::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
    }

    #[cfg(not(feature = "sandbox"))]
    #[test]
    fn what_is_not_in_this_build_is_known_by_name_and_in_no_help() {
        for words in [
            &["demo"][..],
            &["sandbox", "--listen", "127.0.0.1:0", "--help"],
        ] {
            let command = parse(words).unwrap().command;
            assert!(
                matches!(command, Some(Command::NoSandbox { .. })),
                "{words:?}"
            );
        }
        let help = command().render_long_help().to_string();
        assert!(
            !help.contains("sandbox") && !help.contains("demo"),
            "{help}"
        );
    }

    #[test]
    fn an_account_may_be_named_behind_the_command() {
        let cli = parse(&["key", "test", "--profile", "acme"]).unwrap();
        assert_eq!(cli.profile, Some(ProfileName::parse("acme").unwrap()));
    }

    #[test]
    fn a_profile_has_one_address_and_a_command_with_hyphens() {
        assert!(parse(&["profile", "add", "a"]).is_err());
        assert!(parse(&["profile", "edit", "a"]).is_err());
        assert!(
            parse(&[
                "profile",
                "add",
                "a",
                "--region",
                "us",
                "--url",
                "https://x/"
            ])
            .is_err()
        );
        assert!(parse(&["profile", "add", "a", "--url", "http://example.net/"]).is_err());
        let cli = parse(&[
            "profile",
            "add",
            "a",
            "--region",
            "eu",
            "--key-command",
            "gpg",
            "-d",
            "key.gpg",
        ]);
        let Some(Command::Profile(Profile::Add(add))) = cli.unwrap().command else {
            panic!("not profile add");
        };
        assert_eq!(add.url(), Region::Eu.base_url());
        assert_eq!(add.key_command.unwrap(), ["gpg", "-d", "key.gpg"]);
    }

    #[test]
    fn help_names_the_variables_and_never_their_values() {
        let help = command().render_long_help().to_string();
        for word in [
            "CERTDECK_API_KEY",
            "CERTDECK_URL",
            "Examples:",
            "config.toml",
        ] {
            assert!(help.contains(word), "{help}");
        }
    }
}
