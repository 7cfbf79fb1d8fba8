//! What may be typed behind the commands that change an order, or decide a request, in one step.

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::read::order;
use super::{Consent, Show};
use crate::cli::completions;
use crate::domain::dcv::DcvMethod;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::operation::Reason;

/// Options of `approve` and `reject`.
#[derive(Debug, Args)]
pub struct Decide {
    /// The request numbers, as `certdeck requests` lists them
    #[arg(value_name = "REQUEST", required = true, value_parser = request)]
    pub requests: Vec<RequestId>,
    /// Comment for the requester
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub comment: String,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `note`.
#[derive(Debug, Args)]
pub struct Note {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// The note; quote it for the shell
    #[arg(value_name = "TEXT")]
    pub text: String,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `cancel`.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// Why, in words; CertCentral requires it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The order number; without --cert every certificate of the order is revoked
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// Revoke only this certificate, as `certdeck certs ORDER` numbers it
    #[arg(long, value_name = "ID", value_parser = certificate)]
    pub cert: Option<CertificateId>,
    /// Why, as the CA publishes it (TLS only): unspecified, keyCompromise, affiliationChanged, superseded, or
    /// cessationOfOperation
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub reason: Option<Reason>,
    /// Comment for the approver
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub comment: String,
    /// Skip the approval step; needs an administrator
    #[arg(long)]
    pub skip_approval: bool,
    /// The order number once more: revocation is permanent
    #[arg(long, value_name = "ORDER", value_parser = order, help_heading = "Sending")]
    pub confirm: Option<OrderId>,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `archive`.
#[derive(Debug, Args)]
pub struct Archive {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// The certificate, as `certdeck certs ORDER` numbers it: a duplicate or an earlier reissue
    #[arg(long, value_name = "ID", value_parser = certificate)]
    pub cert: CertificateId,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `auto-reissue`.
#[derive(Debug, Args)]
pub struct AutoReissue {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// Whether CertCentral is to reissue by itself
    #[arg(value_name = "on|off", value_enum)]
    pub state: OnOff,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// What can be asked of domains.
#[derive(Debug, Subcommand)]
pub enum Domain {
    /// Check now whether the random value stands where it has to
    Check(Domains),
    /// Change the DCV method; prints what has to stand where
    Method(DomainMethod),
    /// Create a new random value; prints what has to stand where
    Token(Domains),
    /// Resend the validation emails
    Emails(Domains),
}

/// Domains to ask something of.
#[derive(Debug, Args)]
pub struct Domains {
    /// The domains, by name or number, as `certdeck domains` lists them
    #[arg(value_name = "DOMAIN", required = true)]
    pub domains: Vec<String>,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `domain method`.
#[derive(Debug, Args)]
pub struct DomainMethod {
    /// The domain, by name or number
    #[arg(value_name = "DOMAIN")]
    pub domain: String,
    /// How it is validated: email, dns-txt-token, dns-cname-token, or http-token
    #[arg(value_name = "METHOD", value_parser = method)]
    pub method: DcvMethod,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// What can be asked about the domain validation of a pending order's names.
#[derive(Debug, Subcommand)]
pub enum Dcv {
    /// Check now whether the random value stands where it has to
    Check(DcvCheck),
    /// Change the DCV method; prints what has to stand where
    Method(DcvMethodOf),
    /// Request the random value; prints what has to stand where
    RandomValue(DcvOrder),
    /// Resend the validation emails
    Emails(DcvOrder),
}

/// The order whose names are validated.
#[derive(Debug, Args)]
pub struct DcvOrder {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order, add = ArgValueCompleter::new(completions::orders))]
    pub order: OrderId,
    /// Whether it is sent.
    #[command(flatten)]
    pub consent: Consent,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `dcv check`.
#[derive(Debug, Args)]
pub struct DcvCheck {
    /// Which order.
    #[command(flatten)]
    pub one: DcvOrder,
    /// One of its names; without it all are checked
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Options of `dcv method`.
#[derive(Debug, Args)]
pub struct DcvMethodOf {
    /// Which order.
    #[command(flatten)]
    pub one: DcvOrder,
    /// How its names are validated: email, dns-txt-token, dns-cname-token, or http-token
    #[arg(value_name = "METHOD", value_parser = method)]
    pub method: DcvMethod,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    /// Turn it on
    On,
    /// Turn it off
    Off,
}

fn number(text: &str, what: &str) -> Result<u64, String> {
    let digits = text.trim().trim_start_matches('#');
    let wrong = |_| format!("a number is needed; {what} lists them");
    digits.parse().map_err(wrong)
}

fn request(text: &str) -> Result<RequestId, String> {
    number(text, "`certdeck requests`").map(RequestId)
}

fn certificate(text: &str) -> Result<CertificateId, String> {
    number(text, "`certdeck certs ORDER`").map(CertificateId)
}

fn method(text: &str) -> Result<DcvMethod, String> {
    let mut all = DcvMethod::OFFERED.iter();
    let found = all.find(|one| one.as_str().eq_ignore_ascii_case(text.trim()));
    found.cloned().ok_or_else(|| {
        let known: Vec<&str> = DcvMethod::OFFERED.iter().map(DcvMethod::as_str).collect();
        format!("use {}", known.join(", "))
    })
}

fn reason(text: &str) -> Result<Reason, String> {
    let mut all = Reason::ALL.iter();
    let found = all.find(|one| one.as_str().eq_ignore_ascii_case(text.trim()));
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = Reason::ALL.iter().map(|one| one.as_str()).collect();
        format!("use {}", known.join(", "))
    })
}
