//! What may be typed behind the commands that change something.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::read::order;
use super::{Fields, Show};
use crate::app::effect::KeyAlgorithm;
use crate::app::orders::filter::days;
use crate::cli::completions;
use crate::domain::ids::OrderId;

/// Whether something is sent, or only shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Sending")]
pub struct Consent {
    /// Print what would be sent, and send nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Send without a question; needed without a terminal
    #[arg(long)]
    pub yes: bool,
}

/// How long what was sent is waited for, and what is done with what comes of it.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Certificates")]
pub struct Follow {
    /// Wait until it is issued and verified, also for approvals; at most 30m, or as long as you say
    #[arg(
        long,
        value_name = "TIME",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "30m",
        value_parser = duration
    )]
    pub wait: Option<Duration>,
    /// Write certificate, chain, full chain, and new key: a folder, or a pattern such as certs/{name}/{date}/{part}.pem
    #[arg(long, value_name = "DIR|PATTERN")]
    pub out: Option<String>,
    /// Keep a link to the newest folder
    #[arg(long, requires = "out")]
    pub latest: bool,
    /// Command to run for each verified certificate, with its arguments; no shell. Must be last
    #[arg(long, value_name = "COMMAND", num_args = 1.., allow_hyphen_values = true, requires = "out")]
    pub exec: Option<Vec<String>>,
}

/// What every request for a certificate is made of, and how it is sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub struct Request {
    /// File with the CSR; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "new_key")]
    pub csr: Option<PathBuf>,
    /// Generate a private key and its CSR; the key is written before the request is sent
    #[arg(long, value_name = "KIND", value_enum, requires = "out")]
    pub new_key: Option<NewKey>,
    /// File with a draft, or with the JSON of a request as --dry-run prints it, to fill the form in with; `-` for standard
    /// input. Options win
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// What comes of it.
    #[command(flatten)]
    pub follow: Follow,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

impl Request {
    /// Whether anything of it was given but how it is printed.
    fn asks(&self) -> bool {
        self.csr.is_some()
            || self.new_key.is_some()
            || self.from.is_some()
            || self.consent != Consent::default()
            || self.follow != Follow::default()
    }
}

/// Options of `reissue`.
#[derive(Debug, Args)]
pub struct Reissue {
    /// The order number; with --due a filter, such as `product:wildcard`
    #[arg(value_name = "ORDER|QUERY", add = ArgValueCompleter::new(completions::orders))]
    pub words: Vec<String>,
    /// Reissue every order whose certificate expires soon, before its coverage ends
    #[arg(long, conflicts_with = "csr", requires = "new_key")]
    pub due: bool,
    /// With --due: what expires within this time
    #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = days)]
    pub within: i32,
    /// With --due: reissue at most so many, those that expire next
    #[arg(long, value_name = "N", requires = "due")]
    pub max: Option<usize>,
    /// With --due: also renew, which costs, for endpoints with `auto` in the settings
    #[arg(long, requires = "due")]
    pub allow_renewals: bool,
    /// Also send what takes other certificates of this order down; can be given several times
    #[arg(long, value_name = "ORDER", value_parser = order, help_heading = "Sending")]
    pub confirm: Vec<OrderId>,
    /// What is to be asked for.
    #[command(flatten)]
    pub fields: Fields<false>,
    /// The request.
    #[command(flatten)]
    pub request: Request,
}

/// Options of `duplicate`.
#[derive(Debug, Args)]
pub struct Duplicate {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// What is to be asked for.
    #[command(flatten)]
    pub fields: Fields<false>,
    /// The request.
    #[command(flatten)]
    pub request: Request,
}

/// Options of `order`.
#[derive(Debug, Args)]
pub struct Order {
    /// The number of the order to show, or the product to order, such as ssl_basic
    #[arg(value_name = "ORDER|PRODUCT", add = ArgValueCompleter::new(completions::orders_and_products))]
    pub word: String,
    /// What is to be asked for.
    #[command(flatten)]
    pub fields: Fields<true>,
    /// The request.
    #[command(flatten)]
    pub request: Request,
}

impl Order {
    /// The order to show; `None` where a product is named.
    ///
    /// # Errors
    /// An option that has nothing to do with showing one.
    pub fn shown(&self) -> Result<Option<OrderId>, String> {
        let Ok(order) = order(&self.word) else {
            return Ok(None);
        };
        if self.fields == Fields::default() && !self.request.asks() {
            return Ok(Some(order));
        }
        Err(format!(
            "order {order} can only be shown; name a product to order one, or see `certdeck renew`, `reissue`, and `duplicate`"
        ))
    }
}

/// Options of `renew`.
#[derive(Debug, Args)]
pub struct Renew {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// What is to be asked for.
    #[command(flatten)]
    pub fields: Fields<true>,
    /// The request.
    #[command(flatten)]
    pub request: Request,
}

/// Options of `resume`.
#[derive(Debug, Args)]
pub struct Resume {
    /// What comes of what was sent.
    #[command(flatten)]
    pub follow: Follow,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// The kind of a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKey {
    /// RSA, 2048 bits
    Rsa2048,
    /// RSA, 3072 bits
    Rsa3072,
    /// RSA, 4096 bits
    Rsa4096,
    /// ECDSA on P-256
    P256,
    /// ECDSA on P-384
    P384,
}

impl From<NewKey> for KeyAlgorithm {
    fn from(kind: NewKey) -> Self {
        match kind {
            NewKey::Rsa2048 => Self::Rsa(2048),
            NewKey::Rsa3072 => Self::Rsa(3072),
            NewKey::Rsa4096 => Self::Rsa(4096),
            NewKey::P256 => Self::P256,
            NewKey::P384 => Self::P384,
        }
    }
}

/// `90s`, `30m`, `2h`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write it as 90s, 30m, or 2h".to_owned();
    let at = text.len().checked_sub(1).ok_or_else(wrong)?;
    let (number, unit) = text.split_at_checked(at).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => number,
        "m" => number * 60,
        "h" => number * 3600,
        _ => return Err(wrong()),
    };
    let is_sane = (1..=7 * 24 * 3600).contains(&seconds);
    is_sane
        .then(|| Duration::from_secs(seconds))
        .ok_or_else(|| "at most 168h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("90s", Some(90))]
    #[case("30m", Some(1_800))]
    #[case("2h", Some(7_200))]
    #[case("0s", None)]
    #[case("", None)]
    #[case("m", None)]
    #[case("5 min", None)]
    #[case("5µ", None)]
    #[case("169h", None)]
    fn a_time_has_a_unit(#[case] text: &str, #[case] seconds: Option<u64>) {
        assert_eq!(duration(text).ok().map(|time| time.as_secs()), seconds);
    }
}
