//! What may be typed. Nothing secret is an argument; the sandbox's key is made up and guards nothing.

#[cfg(feature = "sandbox")]
mod sandbox;

#[cfg(feature = "sandbox")]
pub use sandbox::{Demo, Sandbox, Switch};

use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::{self, BaseUrl, ProfileName, Region};

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
    #[arg(long, global = true, value_name = "NAME")]
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

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub enum Profile {
    /// Add an account; the first one becomes the default
    Add(Box<AddProfile>),
    /// Change an account; settings not given stay unchanged
    Edit(Box<EditProfile>),
    /// List the accounts; the default is marked
    List,
    /// Remove an account, and the key stored for it
    Remove {
        /// Name of the profile
        name: ProfileName,
    },
    /// Make an account the default
    Use {
        /// Name of the profile
        name: ProfileName,
    },
}

/// Options of `profile add`.
#[derive(Debug, Args)]
pub struct AddProfile {
    /// Name of your choice
    pub name: ProfileName,
    #[command(flatten)]
    address: Address,
    /// File with the key; mode 0600, in a folder with mode 0700
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Certificates to trust in addition to the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Command that prints the key, with its arguments; no shell. Must be last
    #[arg(long, value_name = "COMMAND", num_args = 1.., allow_hyphen_values = true)]
    pub key_command: Option<Vec<String>>,
}

impl AddProfile {
    /// The address given: a region's, or a URL.
    pub fn url(&self) -> BaseUrl {
        let Address { url, region } = &self.address;
        let region = || region.map_or(Region::Us, Region::from).base_url();
        url.clone().unwrap_or_else(region)
    }
}

/// Options of `profile edit`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true).args([
    "region", "url", "key_file", "key_store", "ca_file", "remove", "key_command",
]))]
pub struct EditProfile {
    /// Name of the profile
    pub name: ProfileName,
    /// Region of the account; a European account's console shows "CertCentral Europe"
    #[arg(long, value_enum, conflicts_with = "url")]
    region: Option<RegionArg>,
    /// URL of the API, instead of a region
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    url: Option<BaseUrl>,
    /// File with the key; mode 0600, in a folder with mode 0700
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Whether to look for the key in the desktop's key store
    #[arg(long, value_name = "true|false")]
    pub key_store: Option<bool>,
    /// Certificates to trust in addition to the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Setting to remove; can be given several times
    #[arg(long, value_name = "SETTING", value_enum)]
    pub remove: Vec<Removable>,
    /// Command that prints the key, with its arguments; no shell. Must be last
    #[arg(long, value_name = "COMMAND", num_args = 1.., allow_hyphen_values = true)]
    pub key_command: Option<Vec<String>>,
}

impl EditProfile {
    /// The address given, if one is.
    pub fn url(&self) -> Option<BaseUrl> {
        let region = self.region.map(|region| Region::from(region).base_url());
        self.url.clone().or(region)
    }
}

/// A setting that a profile can be without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Removable {
    /// Command that prints the key
    KeyCommand,
    /// File with the key
    KeyFile,
    /// Whether to look in the key store
    KeyStore,
    /// The kernel's keyring
    KeyCache,
    /// Certificates to trust
    CaFile,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Address {
    /// Region of the account; a European account's console shows "CertCentral Europe"
    #[arg(long, value_enum)]
    region: Option<RegionArg>,
    /// URL of the API, instead of a region
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    url: Option<BaseUrl>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RegionArg {
    /// www.digicert.com
    Us,
    /// certcentral.digicert.eu
    Eu,
}

impl From<RegionArg> for Region {
    fn from(region: RegionArg) -> Self {
        match region {
            RegionArg::Us => Self::Us,
            RegionArg::Eu => Self::Eu,
        }
    }
}

/// What to do with the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Key {
    /// Store the key, from hidden input or standard input, after CertCentral accepts it
    Set {
        /// Where to keep it; the profile records the place, not the key
        #[arg(long, value_name = "WHERE", value_enum)]
        keep: Option<KeepArg>,
        /// Store it without a check, for example while CertCentral cannot be reached
        #[arg(long)]
        untested: bool,
    },
    /// Remove the stored key
    Clear,
    /// Find the key, show its source, and check it with the API
    Test,
}

/// Where a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepArg {
    /// The desktop's key store, until you remove it
    Store,
    /// A file only you can read, next to the settings, until you remove it
    File,
    /// The kernel's keyring, until reboot or three days without use; on some systems until you log out
    Kernel,
}

/// Reads the arguments; a wrong one ends the program with code 2 and clap's words.
pub fn parse() -> Cli {
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
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
fn command() -> clap::Command {
    let settings = config::config_path().map_or_else(
        |_| "$XDG_CONFIG_HOME/certdeck/config.toml".to_owned(),
        |path| path.display().to_string(),
    );
    Cli::command().after_help(format!(
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

Settings: {settings}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

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
