//! What may be typed. Nothing secret is an argument; the sandbox's key is made up and guards nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::{self, BaseUrl, ProfileName, Region};
use crate::sandbox::faults::{FaultPlan, FaultSpecError};
use crate::sandbox::model::ProvisioningMethod;
use crate::sandbox::{FAULTS_HELP, MOST_ORDERS};

/// A terminal desk for DigiCert CertCentral: find an order, duplicate or reissue it with a pasted CSR, copy the PEM.
///
/// Without a command it opens the desk on the default profile; the first start asks for region and API key.
#[derive(Debug, Parser)]
#[command(name = "certdeck", version, max_term_width = 100)]
pub struct Cli {
    /// What to do, if not to open the desk.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The account to work on, as named by `certdeck profile add`
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<ProfileName>,

    /// The settings' file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Write a log to this file; it never holds a key
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CERTDECK_LOG",
        hide_env_values = true
    )]
    pub log: Option<PathBuf>,

    /// Draw although TERM says that the terminal cannot
    #[arg(long)]
    pub force_terminal: bool,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The desk against a made-up account inside this process; touches no file of yours
    Demo(Demo),
    /// A CertCentral of our own as a server, with a real CA, to try things on
    Sandbox(Sandbox),
    /// The accounts certdeck knows
    #[command(subcommand)]
    Profile(Profile),
    /// The API key of a profile
    #[command(subcommand)]
    Key(Key),
    /// Say what works here: terminal, clipboard, key, settings, API
    Doctor,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// How many orders the account has
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = orders)]
    pub orders: usize,
    /// What the account is made from; the same number makes the same orders
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Faults to live with; `certdeck sandbox --help` has the language
    #[arg(long, value_name = "SPEC", value_parser = faults)]
    pub faults: Option<String>,
}

/// Options of `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Standard output gets one line when it is ready: `listening on http://ADDR/services/v2`.

Faults:
{FAULTS_HELP}"))]
pub struct Sandbox {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How many orders the account has
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = orders)]
    pub orders: usize,
    /// What the account is made from; the same number makes the same orders
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The made-up API key that clients must send; one is made if not given
    #[arg(long, value_name = "KEY", value_parser = made_up_key)]
    pub key: Option<String>,
    /// Faults to make; the language is below
    #[arg(long, value_name = "SPEC", value_parser = faults)]
    pub faults: Option<String>,
    /// Keep the account in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Do not limit how often a client may ask
    #[arg(long)]
    pub no_limits: bool,
    /// Whether clients may choose the issuing CA; where they may not, their choice is ignored
    #[arg(long, value_enum, value_name = "on|off")]
    pub ica_selection: Option<Switch>,
    /// How code signing certificates may be delivered, by the account's preferences: `email`, `ship_token`, `client_app`. The
    /// first is the default, also for orders that have another one stored
    #[arg(long, value_name = "METHOD,…", value_delimiter = ',', value_parser = provisioning)]
    pub provisioning: Vec<ProvisioningMethod>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is on
    On,
    /// It is off
    Off,
}

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub enum Profile {
    /// Add an account; the first one becomes the default
    Add(Box<AddProfile>),
    /// Change an account: what is not named stays as it is
    Edit(Box<EditProfile>),
    /// List the accounts, the default one marked
    List,
    /// Remove an account, and the key stored for it
    Remove {
        /// Its name
        name: ProfileName,
    },
    /// Make an account the default
    Use {
        /// Its name
        name: ProfileName,
    },
}

/// Options of `profile add`.
#[derive(Debug, Args)]
pub struct AddProfile {
    /// Its name, as you will call it
    pub name: ProfileName,
    #[command(flatten)]
    address: Address,
    /// A file, 0600 in a folder that is 0700, that holds the key
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Certificates to trust besides the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// A command that prints the key, and its arguments; no shell. Must be last
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
    /// Its name
    pub name: ProfileName,
    /// Where the account lives; a European account's console says "CertCentral Europe"
    #[arg(long, value_enum, conflicts_with = "url")]
    region: Option<RegionArg>,
    /// The address of the API, in place of a region
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    url: Option<BaseUrl>,
    /// A file, 0600 in a folder that is 0700, that holds the key
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Whether the desktop's key store is asked for the key
    #[arg(long, value_name = "true|false")]
    pub key_store: Option<bool>,
    /// Certificates to trust besides the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// A setting to take out; may be given several times
    #[arg(long, value_name = "SETTING", value_enum)]
    pub remove: Vec<Removable>,
    /// A command that prints the key, and its arguments; no shell. Must be last
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
    /// The command that prints the key
    KeyCommand,
    /// The file that holds the key
    KeyFile,
    /// Whether the key store is asked
    KeyStore,
    /// The kernel's keyring
    KeyCache,
    /// Certificates to trust
    CaFile,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Address {
    /// Where the account lives; a European account's console says "CertCentral Europe"
    #[arg(long, value_enum)]
    region: Option<RegionArg>,
    /// The address of the API, in place of a region
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
    /// Store the key once CertCentral took it: typed unseen, or read from standard input
    Set {
        /// Where to keep it; the profile says so from then on
        #[arg(long, value_name = "WHERE", value_enum)]
        keep: Option<KeepArg>,
        /// Store it without asking CertCentral, which may be out of reach
        #[arg(long)]
        untested: bool,
    },
    /// Remove the stored key
    Clear,
    /// Find the key, say where, and ask the API whose it is
    Test,
}

/// How many orders the account has; each takes memory from the start.
fn orders(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= MOST_ORDERS => Ok(count),
        _ => Err(format!(
            "a number from 0 to {MOST_ORDERS}: all orders are kept in memory"
        )),
    }
}

/// A key that a client can send in a header.
fn made_up_key(text: &str) -> Result<String, &'static str> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(
            "a key has at least one character, no blanks, and nothing but ASCII: clients send it in a header",
        )
    }
}

fn provisioning(text: &str) -> Result<ProvisioningMethod, &'static str> {
    ProvisioningMethod::parse(text)
        .filter(|method| *method != ProvisioningMethod::None)
        .ok_or("the methods are email, ship_token and client_app")
}

/// Where a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepArg {
    /// The desktop's key store, until you remove it
    Store,
    /// A file only you can read, beside the settings, until you remove it
    File,
    /// The kernel's keyring, until reboot or three days without use; on some systems until you log out
    Kernel,
}

/// A text in the fault language, checked.
fn faults(text: &str) -> Result<String, FaultSpecError> {
    FaultPlan::new(text, 0).map(|_| text.to_owned())
}

/// Reads the arguments; a wrong one ends the program with code 2 and clap's words.
pub fn parse() -> Cli {
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The command line as clap sees it, with what only the running program knows.
fn command() -> clap::Command {
    let settings = config::config_path().map_or_else(
        |_| "$XDG_CONFIG_HOME/certdeck/config.toml".to_owned(),
        |path| path.display().to_string(),
    );
    Cli::command().after_help(format!(
        "Examples:
  certdeck demo                                  try everything on a made-up account
  certdeck profile add acme --region eu          name your account
  certdeck key set                               store its API key, typed unseen, once CertCentral took it
  certdeck key set --keep file                   keep it in a file only you can read: there may be no key store
  pass show digicert | certdeck key set          or piped
  certdeck profile add lab --region us --key-command pass show lab
  certdeck --profile lab                         the desk on that account
  certdeck doctor                                what works here, and why not
  certdeck sandbox --orders 1000 --key made-up   a CertCentral to write scripts against

Environment:
  CERTDECK_API_KEY   the API key, before every other source
  CERTDECK_URL       the address of the API, in place of the profile's
  CERTDECK_LOG       the log's file, as --log

Settings: {settings}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        command()
            .try_get_matches_from(std::iter::once("certdeck").chain(words.iter().copied()))
            .map(|matches| Cli::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn defaults_are_the_documented_ones() {
        let Some(Command::Sandbox(sandbox)) = parse(&["sandbox"]).unwrap().command else {
            panic!("not the sandbox");
        };
        assert_eq!(sandbox.listen.to_string(), "127.0.0.1:0");
        assert_eq!((sandbox.orders, sandbox.seed), (250, 1));
        assert!(!sandbox.no_limits);
        assert!(sandbox.ica_selection.is_none() && sandbox.provisioning.is_empty());
        let cli = parse(&["key", "test", "--profile", "acme"]).unwrap();
        assert_eq!(cli.profile, Some(ProfileName::parse("acme").unwrap()));
    }

    #[test]
    fn a_sandbox_refuses_what_it_cannot_be() {
        for (argument, value, words) in [
            ("--key", "", "at least one character"),
            ("--key", "a b", "no blanks"),
            ("--key", "schlüssel", "ASCII"),
            ("--orders", "99999999", "from 0 to 1000000"),
            ("--orders", "-1", "from 0 to 1000000"),
            ("--orders", "many", "from 0 to 1000000"),
            ("--provisioning", "email,pigeon", "ship_token"),
            ("--ica-selection", "perhaps", "off"),
        ] {
            let argument = format!("{argument}={value}");
            let said = parse(&["sandbox", &argument]).unwrap_err().to_string();
            assert!(said.contains(words), "{argument}: {said}");
        }
        let argument = "--provisioning=ship_token,client_app";
        let cli = parse(&["sandbox", argument, "--ica-selection", "off"]).unwrap();
        let Some(Command::Sandbox(sandbox)) = cli.command else {
            panic!("not the sandbox");
        };
        assert_eq!(sandbox.ica_selection, Some(Switch::Off));
        let methods = [ProvisioningMethod::ShipToken, ProvisioningMethod::ClientApp];
        assert_eq!(sandbox.provisioning, methods);
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
