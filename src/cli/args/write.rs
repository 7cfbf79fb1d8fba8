//! What may be typed behind the commands that change something.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::Show;
use super::read::order;
use crate::app::effect::KeyAlgorithm;
use crate::app::orders::filter::days;
use crate::cli::completions;
use crate::domain::draft::FieldId;
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
pub struct Request {
    /// File with the CSR; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "new_key")]
    pub csr: Option<PathBuf>,
    /// Generate a private key and its CSR; the key is written before the request is sent
    #[arg(long, value_name = "KIND", value_enum, requires = "out")]
    pub new_key: Option<NewKey>,
    /// What is to be asked for.
    #[command(flatten)]
    pub fields: Fields,
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

/// Options of `reissue`.
#[derive(Debug, Args)]
pub struct Reissue {
    /// The order number; with --due a filter, such as `product:wildcard`
    #[arg(value_name = "ORDER|QUERY", add = ArgValueCompleter::new(completions::orders))]
    pub words: Vec<String>,
    /// Reissue every order whose certificate expires soon, before its coverage ends
    #[arg(long, conflicts_with = "csr")]
    pub due: bool,
    /// With --due: what expires within this time
    #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = days)]
    pub within: i32,
    /// With --due: reissue at most so many, those that expire next
    #[arg(long, value_name = "N")]
    pub max: Option<usize>,
    /// Also send what takes other certificates of this order down; can be given several times
    #[arg(long, value_name = "ORDER", value_parser = order, help_heading = "Sending")]
    pub confirm: Vec<OrderId>,
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

/// Fields of the form, where they are to be other than on the order.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Fields")]
pub struct Fields {
    /// Common name
    #[arg(long, value_name = "NAME")]
    pub common_name: Option<String>,
    /// A name besides the common name, in place of those of the order; can be given several times
    #[arg(long, value_name = "NAME")]
    pub dns_name: Vec<String>,
    /// Signature hash, such as sha256
    #[arg(long, value_name = "HASH")]
    pub signature_hash: Option<String>,
    /// Server platform, by its number or name
    #[arg(long, value_name = "PLATFORM")]
    pub server_platform: Option<String>,
    /// Issuing CA, by its number or name
    #[arg(long, value_name = "CA")]
    pub ca: Option<String>,
    /// Days that the certificate is valid
    #[arg(long, value_name = "DAYS")]
    pub valid_days: Option<u32>,
    /// Comment for the approver
    #[arg(long, value_name = "TEXT")]
    pub comments: Option<String>,
    /// Skip the approval step
    #[arg(long)]
    pub skip_approval: bool,
    /// Any other field of the form, by its path in the API's request, such as certificate.profile_option=…
    #[arg(long, value_name = "PATH=VALUE", value_parser = field)]
    pub set: Vec<(FieldId, String)>,
}

impl Fields {
    /// All that was given, by field.
    pub fn given(&self) -> Vec<(FieldId, String)> {
        let one = |field: FieldId, text: &Option<String>| Some((field, text.clone()?));
        let days = self.valid_days.map(|days| days.to_string());
        let names = (!self.dns_name.is_empty()).then(|| self.dns_name.join("\n"));
        let form = days.as_ref().map(|_| "days".to_owned());
        let skips = self.skip_approval.then(|| "true".to_owned());
        let named = [
            one(FieldId::CommonName, &self.common_name),
            one(FieldId::Names, &names),
            one(FieldId::Hash, &self.signature_hash),
            one(FieldId::Platform, &self.server_platform),
            one(FieldId::Ica, &self.ca),
            one(FieldId::Validity, &form),
            one(FieldId::Days, &days),
            one(FieldId::Comments, &self.comments),
            one(FieldId::SkipApproval, &skips),
        ];
        named
            .into_iter()
            .flatten()
            .chain(self.set.clone())
            .collect()
    }
}

/// `certificate.profile_option=…`, or the last part of the path where no other field ends so.
fn field(text: &str) -> Result<(FieldId, String), String> {
    let (path, value) = text.split_once('=').ok_or("write it as PATH=VALUE")?;
    let path = path.trim();
    let whole = FieldId::all().find(|field| *field.path() == *path);
    let ends = |field: &FieldId| field.path().rsplit('.').next() == Some(path);
    let short: Vec<FieldId> = FieldId::all().filter(ends).collect();
    let is_one = short.iter().all(|field| field.path() == short[0].path());
    let found = whole.or_else(|| short.first().copied().filter(|_| is_one));
    let field = found.ok_or_else(|| format!("no field has the path `{path}`"))?;
    Ok((field, value.trim().to_owned()))
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

    #[rstest]
    #[case("certificate.profile_option=data", Some((FieldId::Profile, "data")))]
    #[case("profile_option = data", Some((FieldId::Profile, "data")))]
    #[case("comments=a=b", Some((FieldId::Comments, "a=b")))]
    // Two end so.
    #[case("custom_expiration_date=2027-01-01", Some((FieldId::EndDate, "2027-01-01")))]
    #[case("id=1", None)]
    #[case("colour=red", None)]
    #[case("comments", None)]
    fn a_field_is_named_by_its_path(#[case] text: &str, #[case] read: Option<(FieldId, &str)>) {
        let read = read.map(|(field, text)| (field, text.to_owned()));
        assert_eq!(field(text).ok(), read, "{text}");
    }
}
