//! `certdeck chain`: certificates of files, or those that a server sends: whether they are in order and complete, and whether
//! a private key is that of the certificate.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use crate::domain::certificate::{self, CertFacts};
use crate::domain::chain::{Chain, Expect, arrange};
use crate::domain::endpoint::Target;
use crate::domain::failure::Failure;
use crate::domain::served::{ChainEnd, ChainSent};
use crate::files::{self, LARGEST};
use crate::probe::{Probe, ProbeOptions};
use crate::runtime::keygen;

/// A chain as it is printed.
#[derive(Debug)]
pub(in crate::cli) struct OneChain;

/// What there is to say of one.
pub(in crate::cli) struct Facts {
    chain: Chain,
    sent: ChainSent,
    now: Timestamp,
    /// Whether the private key is that of the certificate; `None` where none was given.
    is_key: Option<bool>,
}

impl Facts {
    fn is_complete(&self) -> bool {
        matches!(self.sent.end, ChainEnd::Below(_) | ChainEnd::Root)
    }

    /// Whether a server could be given it as it is.
    fn is_good(&self) -> bool {
        self.is_complete()
            && self.sent.is_in_order
            && self.chain.unreadable.is_empty()
            && self.chain.outdated(self.now).is_none()
            && self.is_key != Some(false)
    }
}

impl Listed for OneChain {
    type Row<'a> = Facts;
    const NAME: &'static str = "chain";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown(
            "certificate",
            Kind::Text,
            "what the certificate is called",
            |facts| Value::text(facts.chain.leaf.display_name()),
        ),
        Field::shown("names", Kind::List, "its DNS names", |facts| {
            Value::list(facts.chain.leaf.dns_names().iter().map(String::as_str))
        }),
        Field::shown(
            "serial",
            Kind::Text,
            "its serial number, in hexadecimal digits",
            |facts| Value::text(&*facts.chain.leaf.serial),
        ),
        Field::shown("thumbprint", Kind::Text, "its SHA-1 thumbprint", |facts| {
            Value::text(&*facts.chain.leaf.thumbprint)
        }),
        Field::more("sha256", Kind::Text, "SHA-256 of its DER", |facts| {
            Value::text(&*facts.chain.leaf.sha256)
        }),
        Field::shown("key", Kind::Text, "kind and size of its key", |facts| {
            Value::text(facts.chain.leaf.key.to_string())
        }),
        Field::shown("valid_from", Kind::Time, "its first moment", |facts| {
            Value::Time(facts.chain.leaf.not_before)
        }),
        Field::shown("expires", Kind::Time, "its last moment", |facts| {
            Value::Time(facts.chain.leaf.not_after)
        }),
        Field::shown(
            "issuers",
            Kind::List,
            "who issued it, upwards, as far as they are there",
            |facts| {
                let chain = &facts.chain;
                let above = chain.intermediates.iter().chain(&chain.root);
                Value::list(above.map(CertFacts::display_name))
            },
        ),
        Field::shown(
            "chain",
            Kind::Text,
            "how complete it is, and in which order, in words",
            |facts| Value::text(facts.sent.words()),
        ),
        Field::more(
            "is_complete",
            Kind::Flag,
            "whether no intermediate is missing",
            |facts| Value::Flag(facts.is_complete()),
        ),
        Field::more(
            "is_in_order",
            Kind::Flag,
            "whether each certificate is followed by that of its issuer",
            |facts| Value::Flag(facts.sent.is_in_order),
        ),
        Field::more(
            "extra",
            Kind::Number,
            "how many certificates do not belong to it, or came twice",
            |facts| Value::number(facts.sent.extra as u64),
        ),
        Field::shown(
            "leftovers",
            Kind::List,
            "what does not belong to it, and why",
            |facts| {
                let all = facts.chain.leftovers.iter();
                Value::list(all.map(|left| {
                    format!("{}: {}", left.certificate.display_name(), left.why.label())
                }))
            },
        ),
        Field::shown(
            "unreadable",
            Kind::List,
            "why certificates could not be read",
            |facts| Value::list(facts.chain.unreadable.iter().map(ToString::to_string)),
        ),
        Field::shown(
            "outdated",
            Kind::Text,
            "which intermediate is not valid now",
            |facts| Value::maybe(facts.chain.outdated(facts.now), Value::text),
        ),
        Field::shown(
            "is_key",
            Kind::Flag,
            "whether the private key given is the certificate's",
            |facts| Value::maybe(facts.is_key, Value::Flag),
        ),
    ];
}

fn failed(what: String) -> CliError {
    CliError::Failure(Failure::local(what, ""))
}

/// The certificates of files, in their order, and why others could not be read.
fn of_files(arguments: &args::Chain) -> Result<certificate::Certificates, CliError> {
    let mut all = certificate::Certificates {
        read: Vec::new(),
        unreadable: Vec::new(),
    };
    for path in &arguments.files {
        let told = |why: &dyn std::fmt::Display| {
            failed(format!("Could not read {}: {why}.", path.display()))
        };
        let text = files::read_text(path, LARGEST).map_err(|why| told(&why))?;
        let found = certificate::read_some(&text).map_err(|why| told(&why))?;
        all.read.extend(found.read);
        all.unreadable.extend(found.unreadable);
    }
    Ok(all)
}

/// Those that a server sends.
fn of_host(context: &Context, target: &Target) -> Result<certificate::Certificates, CliError> {
    let probe = Probe::new(ProbeOptions {
        dns_servers: context.config.settings.dns_servers.clone(),
        ..ProbeOptions::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    let sent = runtime.block_on(probe.sent(target)).map_err(|missing| {
        let words = missing.words();
        failed(format!("{}: no certificate: {words}.", target.words()))
    })?;
    let mut read = Vec::new();
    for der in &sent {
        let facts = CertFacts::from_der(der)
            .map_err(|why| failed(format!("{}: {why}.", target.words())))?;
        read.push(facts);
    }
    Ok(certificate::Certificates {
        read,
        unreadable: Vec::new(),
    })
}

/// Does what `certdeck chain` says. A chain that a server should not be given is a failure.
pub(super) fn run(context: &Context, arguments: &args::Chain) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let sheet = Sheet::<OneChain>::new(&arguments.show, screen, std::io::stdout())?;
    let mut sheet = sheet.of_one();
    let found = match &arguments.host {
        Some(endpoint) => {
            let name = arguments.name.as_deref().unwrap_or(&endpoint.host);
            of_host(context, &Target::at(endpoint.clone(), name))?
        }
        None => of_files(arguments)?,
    };
    // The key is compared and forgotten: nothing of it is printed or kept.
    let key = match &arguments.key {
        Some(path) => Some(keygen::public_key(path).map_err(CliError::Failure)?),
        None => None,
    };
    let expect = Expect {
        spki_der: None,
        serial: None,
    };
    let mut chain = arrange(found.read.clone(), expect).map_err(|why| {
        let words = why.to_string();
        failed(format!("{words}."))
    })?;
    chain.unreadable = found.unreadable;
    let facts = Facts {
        sent: ChainSent::of(&chain.leaf, &found.read),
        is_key: key.map(|key| key == chain.leaf.spki_der),
        chain,
        now: Timestamp::now(),
    };
    let is_good = facts.is_good();
    sheet.begin(Some(facts.now))?;
    sheet.row(&facts)?;
    sheet.end()?;
    if facts.is_key == Some(false) {
        print::err("certdeck: the private key is not that of the certificate");
    }
    Ok(if is_good { Exit::Done } else { Exit::Failed }.into())
}
