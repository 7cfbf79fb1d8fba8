//! Where the CSR of a request comes from; a key that is made for it is on the disk before its CSR is sent.

use std::time::Duration;

use jiff::Timestamp;

use super::job::Job;
use crate::app::effect::KeyAlgorithm;
use crate::app::form::Form;
use crate::cli::args;
use crate::cli::csr as csr_command;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::domain::csr;
use crate::domain::draft::given::CSR_TO_COME;
use crate::domain::file_pattern::FileSet;
use crate::runtime::keygen;

/// Where the CSR comes from.
pub(super) enum Source {
    Text(String),
    NewKey(KeyAlgorithm),
    /// Nowhere: there are products that take none.
    None,
}

/// Where the CSR comes from, as it was said.
pub(super) fn source(request: &args::Request) -> Result<Source, CliError> {
    Ok(match (request.csr.as_deref(), request.new_key) {
        (Some(path), _) => Source::Text(csr_command::text(path)?),
        (None, Some(kind)) => Source::NewKey(kind.into()),
        (None, None) => Source::None,
    })
}

/// The body of a request that is only shown, without the CSR of a key that is not the one it is sent with.
pub(super) fn without_csr(body: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(mut body) => {
            body["certificate"]["csr"] = CSR_TO_COME.into();
            format!("{body:#}")
        }
        Err(_) => body.to_owned(),
    }
}

impl Job<'_> {
    /// Makes the key of a form, on the disk before its CSR is given out; the journal of keys has its path.
    pub(super) fn make_key(
        &self,
        session: &Session<'_>,
        form: &Form,
        kind: KeyAlgorithm,
    ) -> Result<(String, String, FileSet), String> {
        for again in [false, true, true, true] {
            let files = self.after.files(&form.title(), form.order.id, again);
            let files =
                files.ok_or("--new-key needs --out: the key is written before it is sent")?;
            let spec = form.key_spec(kind, files.key.clone(), true);
            let spec = spec.ok_or("nothing says whom the key is for")?;
            match keygen::make(&spec, &session.csr_subject()) {
                Ok(made) => {
                    let spki = csr::read(&made.csr.0)
                        .map_err(|error| error.to_string())?
                        .spki_der;
                    let path = made.path.clone();
                    let kept = session
                        .script
                        .ask(move |store| store.keep_key_file(&spki, &path, Timestamp::now()));
                    let why = match kept {
                        Some(Ok(())) => None,
                        Some(Err(error)) => Some(error.to_string()),
                        None => Some("nothing can be stored".to_owned()),
                    };
                    if let Some(why) = why {
                        return Err(format!("which file its key is in cannot be stored: {why}"));
                    }
                    return Ok((made.csr.0, made.path, files));
                }
                // An earlier key of this day stays where it is, and so does one of this second.
                Err(failure) if failure.what.contains("already exists") => {
                    if again {
                        std::thread::sleep(Duration::from_secs(1));
                    }
                }
                Err(failure) => return Err(failure.to_string()),
            }
        }
        Err("its key could not be written".to_owned())
    }
}
