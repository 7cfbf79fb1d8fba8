//! What may be typed behind `profile`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::config::{BaseUrl, ProfileName, Region};

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
