//! `certdeck csr`: what a CSR says, with everything that the form would say beside it.

use std::io::Read as _;
use std::process::ExitCode;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::session::{Session, came};
use crate::domain::csr::{self, Csr};
use crate::domain::draft::csr_notes::{KnownCsrs, Reading, alone, reading};
use crate::domain::draft::{Tone, lists};
use crate::domain::failure::Failure;
use crate::domain::product::Family;
use crate::files::LARGEST;
use crate::runtime::csr_files;

/// A CSR as it is printed.
#[derive(Debug)]
pub(in crate::cli) struct OneCsr;

/// What there is to say of one.
pub(in crate::cli) struct Facts {
    csr: Option<Csr>,
    /// Kind and size of the key, also of a bare one.
    key: Option<String>,
    reading: Reading,
}

impl Facts {
    fn csr(&self, value: impl FnOnce(&Csr) -> Value<'_>) -> Value<'_> {
        Value::maybe(self.csr.as_ref(), value)
    }

    /// What is said in a tone, or in any other.
    fn notes(&self, warns: bool) -> Value<'_> {
        let notes = self.reading.notes.iter();
        let wanted = notes.filter(|note| matches!(note.tone, Tone::Warn | Tone::Bad) == warns);
        Value::list(wanted.map(|note| note.text.as_str()))
    }
}

impl Listed for OneCsr {
    type Row<'a> = Facts;
    const NAME: &'static str = "csr";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("subject", Kind::Text, "its subject, in one line", |facts| {
            facts.csr(|csr| Value::text(csr.subject.one_line()))
        }),
        Field::shown(
            "names",
            Kind::List,
            "its DNS names, the common name first",
            |facts| facts.csr(|csr| Value::list(csr.dns_names())),
        ),
        Field::shown(
            "other_names",
            Kind::List,
            "its other names, each with its kind",
            |facts| facts.csr(|csr| Value::list(csr.other_names())),
        ),
        Field::shown("key", Kind::Text, "kind and size of its key", |facts| {
            Value::maybe(facts.key.as_deref(), Value::text)
        }),
        Field::shown(
            "signature",
            Kind::Text,
            "its signature algorithm",
            |facts| facts.csr(|csr| Value::text(&*csr.signature)),
        ),
        Field::shown(
            "is_signature_valid",
            Kind::Flag,
            "whether its key made its signature",
            |facts| facts.csr(|csr| Value::Flag(csr.signature_valid())),
        ),
        Field::shown("sha256", Kind::Text, "SHA-256 of its DER", |facts| {
            facts.csr(|csr| Value::text(csr.fingerprint()))
        }),
        Field::shown(
            "warnings",
            Kind::List,
            "what to consider before it is sent",
            |facts| facts.notes(true),
        ),
        Field::more(
            "notes",
            Kind::List,
            "what else the form says of it",
            |facts| facts.notes(false),
        ),
        Field::shown(
            "problem",
            Kind::Text,
            "why it would be refused; none if it will do",
            |facts| Value::maybe(facts.reading.problem.as_deref(), Value::text),
        ),
    ];
}

/// The text of a CSR: of a file, or of standard input.
pub(super) fn text(path: &std::path::Path) -> Result<String, CliError> {
    if path != std::path::Path::new("-") {
        return csr_files::read_file(path).map_err(CliError::Failure);
    }
    let mut bytes = Zeroizing::new(Vec::new());
    std::io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let what = format!("Could not read standard input: {error}.");
            CliError::Failure(Failure::local(what, ""))
        })?;
    csr::of_file(&bytes).map_err(|kind| {
        let what =
            format!("Standard input is {kind}: certdeck did not keep it and never sends it.");
        CliError::Failure(Failure::local(what, "Give its CSR instead."))
    })
}

/// Does what `certdeck csr` says. A CSR that would be refused is a failure.
pub(super) fn run(context: &Context, arguments: &args::Csr) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let sheet = Sheet::<OneCsr>::new(&arguments.show, screen, std::io::stdout())?;
    let mut sheet = sheet.of_one();
    let text = text(&arguments.file)?;
    let csr = match csr::paste(&text) {
        Ok(csr::Pasted::Csr(csr)) => Some(*csr),
        Ok(csr::Pasted::PublicKey(_)) => None,
        Err(error) => {
            let path = arguments.file.display();
            let words = format!("{path}: {error}.");
            return Err(CliError::Failure(Failure::local(words, "")));
        }
    };
    let reading = match arguments.order {
        None => alone(&text, Family::PublicTls),
        Some(id) => {
            let mut session = Session::connect(context)?;
            session.read_order(id)?;
            let known = &session.script.engine.account.known;
            let data = known.get(&id).ok_or(CliError::NoAnswer)?;
            let order = came(&data.order)?;
            let own = &order.certificate;
            let names = lists::with_common(&own.common_name, &own.dns_names);
            let known = KnownCsrs::of(order, data.certificates());
            reading(&text, order, &names, &known, arguments.duplicate)
        }
    };
    let key = csr.as_ref().map(|csr| csr.key.to_string());
    let bare = reading.key.as_ref().map(|key| key.key.to_string());
    let is_refused = reading.problem.is_some();
    sheet.begin(Some(Timestamp::now()))?;
    sheet.row(&Facts {
        csr,
        key: key.or(bare),
        reading,
    })?;
    sheet.end()?;
    Ok(if is_refused { Exit::Failed } else { Exit::Done }.into())
}
