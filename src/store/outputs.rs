//! Where the files of certificates go that were asked for from a shell, until they are written there: whoever sees a certificate
//! issued, the command that asked for it, a later one, or a desk, they are written once.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::installs::fingerprint;
use super::{Store, StoreError};
use crate::domain::file_pattern::FileSet;

/// What a certificate was asked for by: one CSR can serve several orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputKey {
    /// SHA-256 of the CSR, as the journal has it.
    pub csr_sha256: [u8; 32],
    /// The path of the request.
    pub path: String,
}

/// The files of a certificate that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub key: OutputKey,
    /// Absolute paths.
    pub files: FileSet,
    /// The command that runs then, with its arguments; none where that of the settings does.
    pub exec: Option<Vec<String>>,
    /// Whether the week's job asked for it.
    pub is_due: bool,
    /// When it was kept.
    pub kept: Timestamp,
}

impl Store {
    /// Keeps where the files of a certificate with this public key go, before it is asked for; what is kept already stays.
    /// Whether it is kept by this.
    ///
    /// # Errors
    /// The disk's own.
    pub fn keep_output(&mut self, output: &Output, spki_der: &[u8]) -> Result<bool, StoreError> {
        // Of texts alone: that does not fail.
        let files = serde_json::to_string(&output.files).unwrap_or_default();
        let exec = output.exec.as_ref();
        let exec = exec.map(|exec| serde_json::to_string(exec).unwrap_or_default());
        self.write(|conn| {
            let kept = conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO output (csr_sha256, path, spki_sha256, files, exec, is_due, kept) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    output.key.csr_sha256,
                    output.key.path,
                    fingerprint(spki_der),
                    files,
                    exec,
                    output.is_due,
                    output.kept.to_string()
                ])?;
            Ok(kept > 0)
        })
    }

    /// All that is not written yet, the oldest first. A row that cannot be read is left out.
    ///
    /// # Errors
    /// The disk's own.
    pub fn outputs(&self) -> Result<Vec<Output>, StoreError> {
        self.read(|conn| {
            // An older file that can only be read has no such table.
            let Ok(mut statement) = conn.prepare_cached(
                "SELECT csr_sha256, path, files, exec, is_due, kept FROM output ORDER BY kept",
            ) else {
                return Ok(Vec::new());
            };
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (files, exec): (String, Option<String>) = (row.get(2)?, row.get(3)?);
                let kept: String = row.get(5)?;
                let exec = exec.map(|exec| serde_json::from_str(&exec)).transpose();
                if let (Ok(csr_sha256), Ok(files), Ok(exec), Ok(kept)) =
                    (row.get(0), serde_json::from_str(&files), exec, kept.parse())
                {
                    all.push(Output {
                        key: OutputKey {
                            csr_sha256,
                            path: row.get(1)?,
                        },
                        files,
                        exec,
                        is_due: row.get(4)?,
                        kept,
                    });
                }
            }
            Ok(all)
        })
    }

    /// Whether the files of a certificate with this public key are still to be written by a command.
    ///
    /// # Errors
    /// The disk's own.
    pub fn has_output(&self, spki_der: &[u8]) -> Result<bool, StoreError> {
        self.read(|conn| {
            let Ok(mut statement) =
                conn.prepare_cached("SELECT 1 FROM output WHERE spki_sha256 = ?1")
            else {
                return Ok(false);
            };
            let found = statement.query_row([fingerprint(spki_der)], |_| Ok(()));
            Ok(found.optional()?.is_some())
        })
    }

    /// The files are written, or there is nothing to write.
    ///
    /// # Errors
    /// The disk's own.
    pub fn forget_output(&mut self, key: &OutputKey) -> Result<(), StoreError> {
        self.write(|conn| {
            conn.prepare_cached("DELETE FROM output WHERE csr_sha256 = ?1 AND path = ?2")?
                .execute(params![key.csr_sha256, key.path])?;
            Ok(())
        })
    }
}
