//! What may be typed behind `key`.

use clap::{Subcommand, ValueEnum};

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
