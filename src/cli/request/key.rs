//! Where the CSR of a request comes from; a key that is made for it is on the disk before its CSR is sent.

use jiff::Timestamp;

use super::job::Job;
use crate::app::effect::{KeyAlgorithm, KeySpec};
use crate::cli::args;
use crate::cli::csr as csr_command;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::domain::csr;
use crate::domain::draft::FieldId;
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::Order;
use crate::runtime::keygen;

/// Where the CSR comes from.
pub(super) enum Source {
    Text(String),
    NewKey(KeyAlgorithm),
}

/// Where the CSR comes from, as it was said.
pub(super) fn source(request: &args::Request) -> Result<Source, CliError> {
    match (request.csr.as_deref(), request.new_key) {
        (Some(path), None) => Ok(Source::Text(csr_command::text(path)?)),
        (None, Some(kind)) => Ok(Source::NewKey(kind.into())),
        _ => {
            let why = "say where the CSR comes from: --csr FILE, or --new-key KIND with --out DIR";
            Err(CliError::Usage(why.to_owned()))
        }
    }
}

/// The body of a request that is only shown, without the CSR of a key that is not the one it is sent with.
pub(super) fn without_csr(body: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(mut body) => {
            body["certificate"]["csr"] = "(of the key that is generated when it is sent)".into();
            format!("{body:#}")
        }
        Err(_) => body.to_owned(),
    }
}

impl Job<'_> {
    /// What the key of an order is to be, and the names of its CSR.
    pub(super) fn key_spec(&self, order: &Order, algorithm: KeyAlgorithm, path: String) -> KeySpec {
        let given = self.asked.request.fields.given();
        let given = |wanted: FieldId| {
            let mut all = given.iter();
            all.find(|(field, _)| *field == wanted)
                .map(|(_, text)| text.clone())
        };
        let certificate = &order.certificate;
        let own = std::iter::once(&certificate.common_name).chain(&certificate.dns_names);
        let names = match given(FieldId::Names) {
            Some(names) => names.lines().map(str::to_owned).collect(),
            None => names::once(own),
        };
        let title = order.title().to_owned();
        KeySpec {
            form: String::new(),
            algorithm,
            common_name: given(FieldId::CommonName).unwrap_or(title),
            dns_names: names,
            organization: order.organization.as_ref().map(|one| one.name.clone()),
            path,
            makes_folders: true,
        }
    }

    /// Makes the key of an order, on the disk before its CSR is given out; the journal of keys has its path.
    pub(super) fn make_key(
        &self,
        session: &Session<'_>,
        id: OrderId,
        name: &str,
        kind: KeyAlgorithm,
    ) -> Result<(String, String, FileSet), String> {
        let engine = &session.script.engine;
        let order = engine.account.order(id).ok_or("it is not known any more")?;
        let subject = session.csr_subject();
        for again in [false, true] {
            let files = self.after.files(name, id, again);
            let files =
                files.ok_or("--new-key needs --out: the key is written before it is sent")?;
            let spec = self.key_spec(order, kind, files.key.clone());
            match keygen::make(&spec, &subject) {
                Ok(made) => {
                    let spki = csr::read(&made.csr.0)
                        .map_err(|error| error.to_string())?
                        .spki_der;
                    let path = made.path.clone();
                    let kept = session
                        .script
                        .ask(move |store| store.keep_key_file(&spki, &path, Timestamp::now()));
                    if let Some(Err(error)) = kept {
                        return Err(format!(
                            "which file its key is in cannot be stored: {error}"
                        ));
                    }
                    return Ok((made.csr.0, made.path, files));
                }
                // An earlier key of this day stays where it is.
                Err(failure) if !again && failure.what.contains("already exists") => {}
                Err(failure) => return Err(failure.to_string()),
            }
        }
        Err("its key could not be written".to_owned())
    }
}
