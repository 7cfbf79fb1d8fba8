//! What can go wrong with the store, in words that say what to do. No message holds stored text.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::journal::Twin;
use crate::domain::secret::{self, SecretKind};
use crate::domain::write::WriteId;

/// An error of the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file could not be made.
    #[error(
        "could not create the state file {path}: {reason}. Make its folder writable for you, or set XDG_DATA_HOME to \
            one that is"
    )]
    Folder { path: PathBuf, reason: String },
    /// Something else stands where the file, or one that SQLite keeps beside it, should.
    #[error(
        "{path} is {what} and not a file, so the state cannot be stored there. Move it away, and certdeck creates a \
            new one; or set XDG_DATA_HOME to another folder"
    )]
    NotAFile { path: PathBuf, what: &'static str },
    /// The file or its disk cannot be written.
    #[error(
        "could not write the state file {path}: {reason}. Check its owner, its mode (0600), and whether the disk is \
            mounted read-only"
    )]
    ReadOnly { path: PathBuf, reason: String },
    /// No space is left.
    #[error(
        "no space left for the state file {path}. Nothing of this step was stored; free some space and try again"
    )]
    Full { path: PathBuf },
    /// Another process held the file for too long.
    #[error(
        "the state file {path} is locked by another process. Try again; if it stays locked, look for a stopped \
            certdeck or a backup tool that reads it"
    )]
    Busy { path: PathBuf },
    /// The file system gives no locks, as NFS without its lock service.
    #[error(
        "could not lock the state file {path}: {reason}. Its file system supports no locks, as NFS without a lock \
            service; several certdecks would overwrite each other. Set XDG_DATA_HOME to a folder on a local disk, or \
            have the lock service started"
    )]
    NoLocks { path: PathBuf, reason: String },
    /// The file is no store of ours or it is broken.
    #[error(
        "the state file {path} is damaged or is not certdeck's: {reason}. Move it away (it contains the journal; \
            keep it) and start again"
    )]
    Damaged { path: PathBuf, reason: String },
    /// A later version made the file.
    #[error(
        "the state file {path} was created by a newer certdeck (format {found}, this one knows up to {known}). \
            Update certdeck, or use another profile"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The text holds a private key.
    #[error(
        "{what} contains {kind}, which is never stored. Remove it; a CSR is all that is needed"
    )]
    PrivateKey {
        /// What was to be stored.
        what: &'static str,
        /// What was recognised in it.
        kind: SecretKind,
    },
    /// An intent with this number is in the journal already, so the same thing would be sent twice.
    #[error(
        "the journal already contains operation {0}: it was started before and is not started again. Look it up in \
            the journal"
    )]
    OpExists(WriteId),
    /// The same is under way, or was taken, under another number.
    #[error("the journal already contains the same as operation {}", .0.op)]
    Twin(Twin),
    /// The journal has no such operation.
    #[error("the journal does not contain operation {0}. It may be in another profile's journal")]
    OpMissing(WriteId),
    /// The outcome was written before and is not replaced.
    #[error("the outcome of operation {0} is already in the journal and stays as it is")]
    OpDecided(WriteId),
    /// The operation is under way in a living process.
    #[error(
        "operation {op} is still under way in the certdeck with process id {pid}. Wait for it to end, or end that process first"
    )]
    OpRunning { op: WriteId, pid: u32 },
    /// Anything else SQLite says.
    #[error("the state file {path} failed: {reason}. Check the disk; the operation was not stored")]
    Sql { path: PathBuf, reason: String },
}

/// What SQLite says where a lock is not busy but impossible, or the memory that its readers and writers share is
/// (<https://sqlite.org/rescode.html>).
const NO_LOCKS: [i32; 9] = [
    rusqlite::ffi::SQLITE_PROTOCOL,
    rusqlite::ffi::SQLITE_NOLFS,
    rusqlite::ffi::SQLITE_IOERR_LOCK,
    rusqlite::ffi::SQLITE_IOERR_RDLOCK,
    rusqlite::ffi::SQLITE_IOERR_UNLOCK,
    rusqlite::ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
    rusqlite::ffi::SQLITE_IOERR_SHMLOCK,
    rusqlite::ffi::SQLITE_IOERR_SHMOPEN,
    rusqlite::ffi::SQLITE_IOERR_SHMMAP,
];

impl StoreError {
    /// Gives SQLite's error the path and the way out.
    pub(super) fn sql(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let reason = error.to_string();
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if extended.is_some_and(|code| NO_LOCKS.contains(&code)) {
            return Self::NoLocks { path, reason };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            // SQLite takes a system that has no locks left, or none at all, for a file that is locked.
            Some(ErrorCode::DatabaseBusy) if has_no_locks(&path) => Self::NoLocks { path, reason },
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
            Self::Folder { .. }
                | Self::NotAFile { .. }
                | Self::ReadOnly { .. }
                | Self::Full { .. }
                | Self::NoLocks { .. }
                | Self::Sql { .. }
        )
    }
}

/// Whether nothing can be locked in the folder of the file, as on NFS without its lock service.
fn has_no_locks(path: &Path) -> bool {
    use rustix::fs::{FlockOperation, fcntl_lock};
    let Some(Ok(probe)) = path.parent().map(tempfile::tempfile_in) else {
        return false;
    };
    matches!(
        fcntl_lock(&probe, FlockOperation::NonBlockingLockExclusive),
        Err(rustix::io::Errno::NOLCK | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP)
    )
}

/// Refuses text that holds a private key. Words about one, such as in a comment, are none.
pub(super) fn refuse_private_key(what: &'static str, text: &str) -> Result<(), StoreError> {
    match secret::contains_private_key(text) {
        Some(kind) => Err(StoreError::PrivateKey { what, kind }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_locks_is_told_as_such() {
        for code in NO_LOCKS {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            let told = StoreError::sql(Path::new("/nfs/acme.sqlite"), &error);
            assert!(
                matches!(told, StoreError::NoLocks { .. }),
                "{code}: {told:?}"
            );
            assert!(told.is_disk());
            let words = told.to_string();
            for part in ["/nfs/acme.sqlite", "NFS", "XDG_DATA_HOME"] {
                assert!(words.contains(part), "{words}");
            }
        }
        let busy = rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            None,
        );
        let told = StoreError::sql(Path::new("x"), &busy);
        assert!(matches!(told, StoreError::Busy { .. }));
    }
}
