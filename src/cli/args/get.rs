//! What may be typed behind `get`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use crate::cli::completions;
use crate::domain::ids::CertificateId;

/// Options of `get`.
#[derive(Debug, Args)]
pub struct Get {
    /// Order number, or the serial number or SHA-1 thumbprint of a certificate in hexadecimal digits
    #[arg(value_name = "ORDER|SERIAL|THUMBPRINT", add = ArgValueCompleter::new(completions::orders))]
    pub id: String,
    /// Which certificate of the order: its number, or `latest`; the primary unless given
    #[arg(long, value_name = "ID", value_parser = which)]
    pub cert: Option<Which>,
    /// What of it
    #[arg(long, value_enum, default_value_t = GetPart::Fullchain)]
    pub part: GetPart,
    /// File to write, never over one that is there; standard output unless given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// Which certificate of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one that was issued last.
    Latest,
    Certificate(CertificateId),
}

fn which(text: &str) -> Result<Which, String> {
    match text.trim() {
        "latest" => Ok(Which::Latest),
        digits => digits
            .parse()
            .map(|id| Which::Certificate(CertificateId(id)))
            .map_err(|_| "needs a certificate number, or latest".to_owned()),
    }
}

/// What of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GetPart {
    /// The certificate alone
    Cert,
    /// Its intermediates
    Chain,
    /// The certificate and its intermediates: what a server is given
    Fullchain,
    /// The root
    Root,
    /// All of them as PKCS #7, in PEM
    P7b,
    /// Each of them as a file in a ZIP file
    Zip,
}
