//! Certificates that were handed to the command after issue, and which file the private key of a CSR made here is in.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::error::refuse_private_key;
use super::orders::order_id;
use super::owner::Claim;
use super::{Store, StoreError};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{Install, InstallEnd, InstallRecord, InstallState};

/// Columns of a record, in the order in which [`read`] takes them.
const COLUMNS: &str = "order_id, certificate_id, job, owner, ended, changed, dismissed";

impl Store {
    /// Keeps that a certificate is to be handed over, once: where that was kept before it stays as it is, unless it is asked
    /// for again and is not under way. Whether it waits now.
    ///
    /// # Errors
    /// [`StoreError::PrivateKey`] when a file would hold one, and the disk's own.
    pub fn plan_install(
        &mut self,
        install: &Install,
        again: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let job = serde_json::to_string(&install.job).unwrap_or_default();
        refuse_private_key("the certificate", &job)?;
        let Self {
            conn, path, claim, ..
        } = self;
        super::run(conn, |conn| {
            let key = params![
                install.order.0.cast_signed(),
                install.certificate.0.cast_signed()
            ];
            let there: Option<(Option<String>, Option<String>)> = conn
                .prepare_cached(
                    "SELECT owner, ended FROM install WHERE order_id = ?1 AND certificate_id = ?2",
                )?
                .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            match there {
                None => {
                    conn.prepare_cached(
                        "INSERT INTO install (order_id, certificate_id, job, changed) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![
                        install.order.0.cast_signed(),
                        install.certificate.0.cast_signed(),
                        job,
                        now.to_string()
                    ])?;
                    Ok(true)
                }
                Some((None, None)) if !again => Ok(true),
                Some((Some(owner), None)) if claim.lives(&owner) => Ok(false),
                Some(_) if !again => Ok(false),
                Some(_) => {
                    conn.prepare_cached(
                        "UPDATE install SET job = ?3, owner = NULL, ended = NULL, dismissed = 0, changed = ?4 \
                         WHERE order_id = ?1 AND certificate_id = ?2",
                    )?
                    .execute(params![
                        install.order.0.cast_signed(),
                        install.certificate.0.cast_signed(),
                        job,
                        now.to_string()
                    ])?;
                    Ok(true)
                }
            }
        })
        .map_err(|error| error.at(path))
    }

    /// Takes one that waits, for the command to run now: of several certdecks one gets it. With it comes the file of its
    /// private key, where that was made here.
    pub fn start_install(
        &mut self,
        order: OrderId,
        certificate: CertificateId,
        now: Timestamp,
    ) -> Result<Option<(Install, Option<String>)>, StoreError> {
        self.claim.take().map_err(|error| StoreError::ReadOnly {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        let owner = self.claim.token().to_owned();
        let started = self.write(|conn| {
            let taken = conn
                .prepare_cached(
                    "UPDATE install SET owner = ?3, changed = ?4 \
                     WHERE order_id = ?1 AND certificate_id = ?2 AND owner IS NULL AND ended IS NULL \
                     AND dismissed = 0",
                )?
                .execute(params![
                    order.0.cast_signed(),
                    certificate.0.cast_signed(),
                    owner,
                    now.to_string()
                ])?;
            if taken == 0 {
                return Ok(None);
            }
            let job: String = conn
                .prepare_cached(
                    "SELECT job FROM install WHERE order_id = ?1 AND certificate_id = ?2",
                )?
                .query_row(
                    params![order.0.cast_signed(), certificate.0.cast_signed()],
                    |row| row.get(0),
                )?;
            Ok(serde_json::from_str(&job).ok().map(|job| Install {
                order,
                certificate,
                job,
            }))
        })?;
        let Some(install) = started else {
            return Ok(None);
        };
        let key = self.key_file(&install.job.spki_der)?;
        Ok(Some((install, key)))
    }

    /// Keeps how a command ended.
    pub fn finish_install(
        &mut self,
        order: OrderId,
        certificate: CertificateId,
        end: &InstallEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_string(end).unwrap_or_default();
        refuse_private_key("the output", &json)?;
        self.write(|conn| {
            conn.prepare_cached(
                "UPDATE install SET ended = ?3, changed = ?4 WHERE order_id = ?1 AND certificate_id = ?2",
            )?
            .execute(params![
                order.0.cast_signed(),
                certificate.0.cast_signed(),
                json,
                now.to_string()
            ])?;
            Ok(())
        })
    }

    /// Sets a failure aside; one that waits is not run then.
    pub fn dismiss_install(
        &mut self,
        order: OrderId,
        certificate: CertificateId,
    ) -> Result<(), StoreError> {
        self.write(|conn| {
            conn.prepare_cached(
                "UPDATE install SET dismissed = 1 WHERE order_id = ?1 AND certificate_id = ?2",
            )?
            .execute(params![order.0.cast_signed(), certificate.0.cast_signed()])?;
            Ok(())
        })
    }

    /// What was handed over or is to be, the newest first. A row that cannot be read is left out.
    pub fn installs(&self, most: usize) -> Result<Vec<InstallRecord>, StoreError> {
        let claim = &self.claim;
        self.read(|conn| {
            // An older file that can only be read has no such table.
            let Ok(mut statement) = conn.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM install ORDER BY changed DESC LIMIT ?1"
            )) else {
                return Ok(Vec::new());
            };
            let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.extend(read(row, claim)?);
            }
            Ok(all)
        })
    }

    /// Keeps in which file the private key of a public key is.
    pub fn keep_key_file(
        &mut self,
        spki_der: &[u8],
        path: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|conn| {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO key_file (spki_sha256, path, made) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![fingerprint(spki_der), path, now.to_string()])?;
            Ok(())
        })
    }

    /// In which file the private key of a public key is, where it was made here.
    pub fn key_file(&self, spki_der: &[u8]) -> Result<Option<String>, StoreError> {
        self.read(|conn| {
            let Ok(mut statement) =
                conn.prepare_cached("SELECT path FROM key_file WHERE spki_sha256 = ?1")
            else {
                return Ok(None);
            };
            Ok(statement
                .query_row([fingerprint(spki_der)], |row| row.get(0))
                .optional()?)
        })
    }
}

pub(super) fn fingerprint(spki_der: &[u8]) -> Vec<u8> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, spki_der);
    digest.as_ref().to_vec()
}

fn read(row: &Row<'_>, claim: &Claim) -> Result<Option<InstallRecord>, rusqlite::Error> {
    let job: String = row.get(2)?;
    let owner: Option<String> = row.get(3)?;
    let ended: Option<String> = row.get(4)?;
    let changed: String = row.get(5)?;
    let (Ok(job), Ok(at)) = (serde_json::from_str(&job), changed.parse()) else {
        return Ok(None);
    };
    let state = match (owner, ended) {
        (_, Some(ended)) => match serde_json::from_str(&ended) {
            Ok(end) => InstallState::Ended(end),
            Err(_) => InstallState::Lost,
        },
        (None, None) => InstallState::Waiting,
        (Some(owner), None) if claim.lives(&owner) => InstallState::Running,
        (Some(_), None) => InstallState::Lost,
    };
    Ok(Some(InstallRecord {
        install: Install {
            order: order_id(row.get(0)?),
            certificate: CertificateId(row.get::<_, i64>(1)?.cast_unsigned()),
            job,
        },
        state,
        at,
        dismissed: row.get(6)?,
    }))
}
