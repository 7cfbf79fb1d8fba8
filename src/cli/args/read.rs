//! What may be typed behind the commands that read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::Show;
use crate::app::orders::filter::days;
use crate::cli::completions;
use crate::domain::endpoint::Endpoint;
use crate::domain::ids::OrderId;

/// Options of `orders`.
#[derive(Debug, Args)]
pub struct Orders {
    /// Filter in certdeck's own language, such as `status:issued expires<30d`; quote it for the shell, and put `--` before a leading `-`
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// List the orders as stored here; ask CertCentral nothing
    #[arg(long)]
    pub cached: bool,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// What is about one order.
#[derive(Debug, Args)]
pub struct OneOrder {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `journal`.
#[derive(Debug, Args)]
pub struct Journal {
    /// Only what has no final outcome yet
    #[arg(long)]
    pub unfinished: bool,
    /// Dismiss this row, such as a request that got no response: it stays in the journal, and the same can be sent again
    #[arg(long, value_name = "ENTRY", conflicts_with_all = ["unfinished", "order"])]
    pub dismiss: Vec<String>,
    /// Only what is about this order
    #[arg(long, value_name = "ORDER", value_parser = order)]
    pub order: Option<OrderId>,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `requests`.
#[derive(Debug, Args)]
pub struct Requests {
    /// Only those about this order
    #[arg(long, value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: Option<OrderId>,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// A list without options of its own.
#[derive(Debug, Args)]
pub struct Listing {
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// List what the limits of certificates' validity mean for the account instead
    #[arg(long)]
    pub limits: bool,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `csr`.
#[derive(Debug, Args)]
pub struct Csr {
    /// File with the CSR, PEM or DER; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Compare it with this order
    #[arg(long, value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: Option<OrderId>,
    /// It is for a duplicate, which stands beside the primary certificate
    #[arg(long, requires = "order")]
    pub duplicate: bool,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `chain`.
#[derive(Debug, Args)]
pub struct Chain {
    /// Files with certificates in PEM, together one chain
    #[arg(
        value_name = "FILE",
        required_unless_present = "host",
        conflicts_with = "host"
    )]
    pub files: Vec<PathBuf>,
    /// Server to connect to, such as `www.example.com:443` or `smtp://mx.example.com`
    #[arg(long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub host: Option<Endpoint>,
    /// Name to ask the server for; the host's own unless given
    #[arg(long, value_name = "NAME", requires = "host")]
    pub name: Option<String>,
    /// Private key to compare with the certificate; it is read and not kept
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `served`.
#[derive(Debug, Args)]
pub struct Served {
    /// Order number, or a filter as for `certdeck orders`
    #[arg(value_name = "QUERY", required = true, add = ArgValueCompleter::new(completions::orders))]
    pub query: Vec<String>,
    /// Take the orders as stored here
    #[arg(long)]
    pub cached: bool,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `metrics`.
#[derive(Debug, Args)]
pub struct Metrics {
    /// File to write, replaced in one step; standard output unless given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Take the orders as stored here
    #[arg(long)]
    pub cached: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Only the orders that this filter finds, as for `certdeck orders`
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Warn about what expires within so long
    #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = limit)]
    pub warn: i32,
    /// Call critical what expires within so long
    #[arg(long, value_name = "DAYS", default_value = "7d", value_parser = limit)]
    pub crit: i32,
    /// Take the orders as stored here
    #[arg(long)]
    pub cached: bool,
}

/// Days from today, as filters have them.
fn limit(text: &str) -> Result<i32, String> {
    days(text).and_then(|days| {
        if days < 0 {
            Err("needs days from today on".to_owned())
        } else {
            Ok(days)
        }
    })
}

/// A shell that can be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
}

impl Shell {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }
}

/// The number of an order, as people write it.
pub(super) fn order(text: &str) -> Result<OrderId, String> {
    let digits = text.trim().trim_start_matches('#');
    digits
        .parse()
        .map(OrderId)
        .map_err(|_| "an order number consists of digits; `certdeck orders` lists them".to_owned())
}
