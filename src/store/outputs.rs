//! Where the files of certificates go that were asked for from a shell, until they are written there: whoever sees a certificate
//! issued, the command that asked for it, a later one, or a desk, they are written once.

use jiff::Timestamp;
use rusqlite::params;

use super::{Store, StoreError};
use crate::domain::file_pattern::FileSet;

/// The files of a certificate that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// SHA-256 of the CSR, as the journal has it.
    pub csr_sha256: [u8; 32],
    /// Absolute paths.
    pub files: FileSet,
    /// The command that runs then, with its arguments; none where that of the settings does.
    pub exec: Option<Vec<String>>,
    /// Whether the week's job asked for it.
    pub is_due: bool,
}

impl Store {
    /// Keeps where the files of a certificate go, before it is asked for.
    ///
    /// # Errors
    /// The disk's own.
    pub fn keep_output(&mut self, output: &Output, now: Timestamp) -> Result<(), StoreError> {
        let files = serde_json::to_string(&output.files).unwrap_or_default();
        let exec = output.exec.as_ref();
        let exec = exec.map(|exec| serde_json::to_string(exec).unwrap_or_default());
        self.write(|conn| {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO output (csr_sha256, files, exec, is_due, kept) \
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                output.csr_sha256,
                files,
                exec,
                output.is_due,
                now.to_string()
            ])?;
            Ok(())
        })
    }

    /// All that is not written yet, the oldest first. A row that cannot be read is left out.
    ///
    /// # Errors
    /// The disk's own.
    pub fn outputs(&self) -> Result<Vec<Output>, StoreError> {
        self.read(|conn| {
            // An older file that can only be read has no such table.
            let Ok(mut statement) = conn
                .prepare_cached("SELECT csr_sha256, files, exec, is_due FROM output ORDER BY kept")
            else {
                return Ok(Vec::new());
            };
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (files, exec): (String, Option<String>) = (row.get(1)?, row.get(2)?);
                let exec = exec.map(|exec| serde_json::from_str(&exec)).transpose();
                if let (Ok(csr_sha256), Ok(files), Ok(exec)) =
                    (row.get(0), serde_json::from_str(&files), exec)
                {
                    all.push(Output {
                        csr_sha256,
                        files,
                        exec,
                        is_due: row.get(3)?,
                    });
                }
            }
            Ok(all)
        })
    }

    /// The files are written, or there is nothing to write.
    ///
    /// # Errors
    /// The disk's own.
    pub fn forget_output(&mut self, csr_sha256: &[u8; 32]) -> Result<(), StoreError> {
        self.write(|conn| {
            conn.prepare_cached("DELETE FROM output WHERE csr_sha256 = ?1")?
                .execute([csr_sha256])?;
            Ok(())
        })
    }
}
