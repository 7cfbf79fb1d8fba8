//! `--state FILE`: the whole account and the authority's keys, so that a sandbox started again goes on where it stopped.
//!
//! The file holds private keys (of the sandbox's own authority) and the made-up API keys: mode 0600. It is written beside
//! itself and renamed, so that a kill in between leaves the older state.

use std::fs;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::ca::{Ca, CaError, CaExport};
use super::model::Account;

/// Raised whenever a stored field changes its meaning.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Out<'a> {
    format: u32,
    authority: CaExport,
    account: &'a Account,
}

#[derive(Deserialize)]
struct In {
    format: u32,
    authority: CaExport,
    account: Account,
}

/// What can go wrong with a state file.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// Reading failed.
    #[error("the state file {0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    /// Writing failed.
    #[error("the state file {0} cannot be written: {1}")]
    Write(PathBuf, io::Error),
    /// Not a state file.
    #[error("{0} is no state file of this sandbox ({1}); move it away to start afresh")]
    Format(PathBuf, String),
    /// The authority in it is broken.
    #[error("the authority in {0} cannot be used: {1}")]
    Authority(PathBuf, CaError),
}

/// A state file. Clones share a lock: a write that a stopping sandbox finds under way is waited for, not mixed with.
#[derive(Debug, Clone)]
pub(super) struct StateFile {
    path: PathBuf,
    writing: Arc<Mutex<()>>,
}

impl StateFile {
    /// The file at this path, which may not exist yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            writing: Arc::default(),
        }
    }

    /// Reads a file; `None` if there is none yet.
    pub(super) fn load(path: &Path) -> Result<Option<(Account, Ca)>, StateFileError> {
        let file = match fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StateFileError::Read(path.to_owned(), error)),
        };
        let state: In = serde_json::from_reader(BufReader::new(file))
            .map_err(|error| StateFileError::Format(path.to_owned(), error.to_string()))?;
        if state.format != FORMAT {
            let found = format!("format {}, not {FORMAT}", state.format);
            return Err(StateFileError::Format(path.to_owned(), found));
        }
        let ca = Ca::import(&state.authority)
            .map_err(|error| StateFileError::Authority(path.to_owned(), error))?;
        let mut account = state.account;
        account.rebuild_index();
        Ok(Some((account, ca)))
    }

    /// Writes the file.
    pub(super) fn save(&self, account: &Account, ca: &Ca) -> Result<(), StateFileError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |error| StateFileError::Write(self.path.clone(), error);
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = self.path.with_file_name(name);
        let mut out = BufWriter::new(create(&part).map_err(failed)?);
        let state = Out {
            format: FORMAT,
            authority: ca.export(),
            account,
        };
        serde_json::to_writer(&mut out, &state).map_err(|error| failed(error.into()))?;
        out.flush().map_err(failed)?;
        out.get_ref().sync_all().map_err(failed)?;
        fs::rename(&part, &self.path).map_err(failed)
    }
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
