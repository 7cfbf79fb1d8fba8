//! What can go wrong with the store, in words that say what to do. No message holds stored text.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::journal::OpId;
use crate::domain::secret;

/// An error of the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file could not be made.
    #[error(
        "cannot make the state file {path}: {reason}. Make its folder writable for you, or set XDG_STATE_HOME to one that is"
    )]
    Folder {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The file or its disk cannot be written.
    #[error(
        "the state file {path} cannot be written: {reason}. Check its owner, its mode (0600) and whether the disk is mounted read-only"
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
    /// No space is left.
    #[error(
        "no space left for the state file {path}. Nothing of this step was stored; free some space and try again"
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another process held the file for too long.
    #[error(
        "the state file {path} is held by another process. Try again; if it stays, look for a stopped certdeck or a backup tool that reads it"
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file is no store of ours or it is broken.
    #[error(
        "the state file {path} is damaged or is not certdeck's: {reason}. Move it away (it holds the journal; keep it) and start again"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A later version made the file.
    #[error(
        "the state file {path} was made by a newer certdeck (format {found}, this one knows up to {known}). Update certdeck, or use another profile"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The text holds a private key.
    #[error(
        "{what} holds a private key, which is never stored. Remove the key; a CSR is all that is needed"
    )]
    PrivateKey {
        /// What was to be stored.
        what: &'static str,
    },
    /// An intent with this number is in the journal already, so the same thing would be sent twice.
    #[error(
        "the journal already has operation {0}: it was started before and is not started again. Look it up in the journal"
    )]
    OpExists(OpId),
    /// The journal has no such operation.
    #[error("the journal has no operation {0}. It may be in another profile's journal")]
    OpMissing(OpId),
    /// The outcome was written before and is not replaced.
    #[error("the outcome of operation {0} is in the journal already and stays as it is")]
    OpDecided(OpId),
    /// The operation is under way in a living process.
    #[error(
        "operation {op} is still under way in the certdeck with process id {pid}. Wait for it to end, or end that process first"
    )]
    OpRunning {
        /// The operation.
        op: OpId,
        /// Who runs it.
        pid: u32,
    },
    /// Anything else SQLite says.
    #[error("the state file {path} failed: {reason}. Check the disk; the operation was not stored")]
    Sql {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
}

impl StoreError {
    /// Gives SQLite's error the path and the way out.
    pub(super) fn sql(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, reason }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, reason }
            }
            _ => Self::Sql { path, reason },
        }
    }

    /// Whether the disk is at fault, so that the desk can go on without a store and say so.
    pub fn is_disk(&self) -> bool {
        matches!(
            self,
            Self::Folder { .. } | Self::ReadOnly { .. } | Self::Full { .. } | Self::Sql { .. }
        )
    }
}

/// Refuses text that holds a private key. Words about one, such as in a comment, are none.
pub(super) fn refuse_private_key(what: &'static str, text: &str) -> Result<(), StoreError> {
    match secret::contains_private_key(text) {
        Some(_) => Err(StoreError::PrivateKey { what }),
        None => Ok(()),
    }
}
