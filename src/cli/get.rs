//! `certdeck get`: a certificate, or what belongs to it, to standard output or a file; verified as on the screen.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::args::{self, GetPart, Which};
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::print;
use super::session::Session;
use crate::app::download::{self, Part};
use crate::app::effect::Read;
use crate::app::msg::Data;
use crate::app::subject::Subject;
use crate::certcentral::ApiError;
use crate::domain::bundle;
use crate::domain::chain::{Chain, Expect};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::Certificate;
use crate::domain::served::is_same_serial;
use crate::runtime::files::{self, IfThere};
use crate::runtime::reading;

/// Digits of a SHA-1 thumbprint.
const THUMBPRINT: usize = 40;

/// The most digits that are taken for an order number: serial numbers have more.
const ORDER: usize = 12;

/// What a certificate is named by.
enum Named {
    Order(OrderId),
    /// Upper-case hexadecimal digits.
    Serial(String),
    Thumbprint(String),
}

impl Named {
    fn read(text: &str) -> Result<Self, CliError> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' ' | '#' | '-'))
            .collect();
        let is_decimal = digits.bytes().all(|digit| digit.is_ascii_digit());
        if is_decimal
            && digits.len() <= ORDER
            && let Ok(number) = digits.parse()
        {
            return Ok(Self::Order(OrderId(number)));
        }
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(CliError::Usage(format!(
                "{text}: neither an order number nor hexadecimal digits of a serial number or a thumbprint"
            )));
        }
        let digits = digits.to_ascii_uppercase();
        Ok(if digits.len() == THUMBPRINT {
            Self::Thumbprint(digits)
        } else {
            Self::Serial(digits)
        })
    }

    /// Whether a certificate is the one that is named.
    fn is(&self, one: &Certificate) -> bool {
        match self {
            Self::Order(_) => false,
            Self::Serial(digits) => {
                let serial = one.serial.as_deref();
                serial.is_some_and(|serial| is_same_serial(serial, digits))
            }
            Self::Thumbprint(digits) => {
                let thumbprint = one.thumbprint.as_deref();
                thumbprint.is_some_and(|known| known.eq_ignore_ascii_case(digits))
            }
        }
    }
}

fn failed(what: impl Into<String>, advice: &str) -> CliError {
    CliError::Failure(Failure::local(what, advice))
}

/// The order that has the certificate that is named.
fn order(session: &Session<'_>, named: &Named) -> Result<OrderId, CliError> {
    let (digits, what) = match named {
        Named::Order(order) => return Ok(*order),
        Named::Serial(digits) => (digits, "serial number"),
        Named::Thumbprint(digits) => (digits, "thumbprint"),
    };
    let none = || {
        let advice = "Order info finds primary certificates by both; others are found by their serial number only.";
        failed(
            format!("No order has a certificate with the {what} {digits}."),
            advice,
        )
    };
    let reads = session.reads()?;
    match session.script.wait(reads.order_of(digits)) {
        Ok(order) => Ok(order),
        Err(ApiError::NotFound { .. }) if matches!(named, Named::Serial(_)) => {
            let found = session.script.wait(reads.orders_with_serial(digits))?;
            // A server that does not know the filter lists them all.
            match found.rows.ids().collect::<Vec<_>>().as_slice() {
                [order] => Ok(*order),
                _ => Err(none()),
            }
        }
        Err(ApiError::NotFound { .. }) => Err(none()),
        Err(error) => Err(error.into()),
    }
}

/// The certificate of an order that is wanted.
fn certificate<'a>(
    all: &'a [Certificate],
    named: &Named,
    which: Option<Which>,
) -> Option<&'a Certificate> {
    match (which, named) {
        (Some(Which::Latest), _) => all
            .iter()
            .filter(|one| one.was_issued() && one.id.is_some())
            .max_by_key(|one| (one.issued, one.valid_from, one.id)),
        (Some(Which::Certificate(id)), _) => all.iter().find(|one| one.id == Some(id)),
        (None, Named::Order(_)) => all.first(),
        (None, named) => all.iter().find(|one| named.is(one)),
    }
}

/// What is written.
enum Written {
    Text(String),
    Bytes(Vec<u8>),
}

impl Written {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Does what `certdeck get` says.
pub(super) fn run(context: &Context, arguments: &args::Get) -> Result<ExitCode, CliError> {
    let named = Named::read(&arguments.id)?;
    let to_terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    if to_terminal && arguments.part == GetPart::Zip {
        let why = "a ZIP file is nothing for a terminal: give it a name with -o FILE";
        return Err(CliError::Usage(why.to_owned()));
    }
    let mut session = Session::connect(context)?;
    let id = order(&session, &named)?;
    session.read_order(id)?;
    let engine = &session.script.engine;
    let data = engine.account.known.get(&id).ok_or(CliError::NoAnswer)?;
    let one = certificate(data.certificates(), &named, arguments.cert);
    let subject = one.and_then(|one| engine.subject(id, one));
    let Some(subject) = subject else {
        return Err(failed(
            format!("Order {id} has no such certificate that is issued."),
            "`certdeck certs` lists those it has.",
        ));
    };
    let (reads, read) = (session.reads()?, Read::Chain(subject.certificate));
    let chain = session.script.wait(reading::read(&reads, &read))?;
    let Data::Chain(pem) = chain else {
        return Err(CliError::NoAnswer);
    };
    let (written, caveat) = part(&subject, &pem, arguments.part, &session)?;
    if let Some(caveat) = caveat {
        print::err(&format!("certdeck: check it: {caveat}"));
    }
    match arguments.output.as_deref() {
        Some(path) if path != std::path::Path::new("-") => {
            let there = IfThere::of(arguments.force);
            files::write_file(path, written.bytes(), there)
                .map_err(|error| failed(error.to_string(), "--force replaces a file."))?;
            print::hint(context, &format!("Written to {}.", path.display()));
        }
        _ => {
            let mut out = std::io::stdout().lock();
            out.write_all(written.bytes())?;
            out.flush()?;
        }
    }
    Ok(Exit::Done.into())
}

/// The part that is wanted, and what a server or its clients would stumble over.
fn part(
    subject: &Subject,
    pem: &str,
    wanted: GetPart,
    session: &Session<'_>,
) -> Result<(Written, Option<String>), CliError> {
    let now = session.script.engine.account_now();
    let of =
        |part: Part| download::part(subject, pem, part, now).map_err(|(_, why)| failed(why, ""));
    let one = |part: Part| of(part).map(|part| (Written::Text(part.text), part.caveat));
    let whole = match wanted {
        GetPart::Cert => return one(Part::Certificate),
        GetPart::Chain => return one(Part::Chain),
        GetPart::Fullchain => return one(Part::FullChain),
        GetPart::Root => return one(Part::Root),
        GetPart::P7b | GetPart::Zip => of(Part::FullChain)?,
    };
    let expect = Expect {
        spki_der: subject.spki_der.as_deref(),
        serial: subject.serial.as_deref(),
    };
    let chain = Chain::from_pem(pem, expect).map_err(|why| failed(format!("{why}."), ""))?;
    let written = if wanted == GetPart::P7b {
        let above = chain.intermediates.iter().chain(&chain.root);
        Written::Text(bundle::p7b(std::iter::once(&chain.leaf).chain(above)))
    } else {
        let mut all = vec![
            ("cert.pem".to_owned(), chain.certificate_pem()),
            ("fullchain.pem".to_owned(), whole.text),
        ];
        if !chain.intermediates.is_empty() {
            all.push(("chain.pem".to_owned(), chain.chain_pem()));
        }
        all.extend(chain.root_pem().map(|pem| ("root.pem".to_owned(), pem)));
        Written::Bytes(bundle::zip(&all))
    };
    Ok((written, whole.caveat))
}
