//! What may be typed behind `demo` and `sandbox`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::sandbox::faults::{FaultPlan, FaultSpecError};
use crate::sandbox::model::ProvisioningMethod;
use crate::sandbox::{FAULTS_HELP, MOST_ORDERS};

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Number of orders in the account
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = orders)]
    pub orders: usize,
    /// Random seed; the same seed creates the same orders
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Faults to inject; see `certdeck sandbox --help` for the language
    #[arg(long, value_name = "SPEC", value_parser = faults)]
    pub faults: Option<String>,
}

/// Options of `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = format!("\
When ready, it prints one line to standard output: `listening on http://ADDR/services/v2`.

Faults:
{FAULTS_HELP}"))]
pub struct Sandbox {
    /// Address and port; port 0 selects a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Number of orders in the account
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = orders)]
    pub orders: usize,
    /// Random seed; the same seed creates the same orders
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// API key that clients must send; generated if not given
    #[arg(long, value_name = "KEY", value_parser = made_up_key)]
    pub key: Option<String>,
    /// Faults to inject; see below for the language
    #[arg(long, value_name = "SPEC", value_parser = faults)]
    pub faults: Option<String>,
    /// Keep the account in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Turn off rate limits
    #[arg(long)]
    pub no_limits: bool,
    /// Do not compress responses, whatever clients accept
    #[arg(long)]
    pub no_gzip: bool,
    /// Whether clients can choose the issuing CA; if not, their choice is ignored
    #[arg(long, value_enum, value_name = "on|off")]
    pub ica_selection: Option<Switch>,
    /// Delivery methods for code signing certificates in the account's preferences: `email`, `ship_token`, `client_app`. The
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
            "a key has at least one character, no spaces, and only ASCII: clients send it in a header",
        )
    }
}

fn provisioning(text: &str) -> Result<ProvisioningMethod, &'static str> {
    ProvisioningMethod::parse(text)
        .filter(|method| *method != ProvisioningMethod::None)
        .ok_or("the methods are email, ship_token, and client_app")
}

/// A text in the fault language, checked.
fn faults(text: &str) -> Result<String, FaultSpecError> {
    FaultPlan::new(text, 0).map(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Command;
    use crate::cli::args::tests::parse;

    #[test]
    fn defaults_are_the_documented_ones() {
        let Some(Command::Sandbox(sandbox)) = parse(&["sandbox"]).unwrap().command else {
            panic!("not the sandbox");
        };
        assert_eq!(sandbox.listen.to_string(), "127.0.0.1:0");
        assert_eq!((sandbox.orders, sandbox.seed), (250, 1));
        assert!(!sandbox.no_limits && !sandbox.no_gzip);
        assert!(sandbox.ica_selection.is_none() && sandbox.provisioning.is_empty());
    }

    #[test]
    fn a_sandbox_refuses_what_it_cannot_be() {
        for (argument, value, words) in [
            ("--key", "", "at least one character"),
            ("--key", "a b", "no spaces"),
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
}
