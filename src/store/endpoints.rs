//! The endpoints that were added by hand or from a file.

use rusqlite::params;

use super::orders::{find_account, make_account};
use super::{Store, StoreError};
use crate::domain::endpoint::{Endpoint, NO_ORDER, Target};

impl Store {
    /// The endpoints that were added for an account. What cannot be read is left out.
    pub fn load_endpoints(&self, account: &str) -> Result<Vec<Target>, StoreError> {
        self.read(|conn| {
            let mut all = Vec::new();
            let Some(account) = find_account(conn, account)? else {
                return Ok(all);
            };
            // An older file that can only be read has no such table.
            let Ok(mut statement) = conn.prepare_cached(
                "SELECT endpoint, name FROM endpoint WHERE account = ?1 ORDER BY endpoint, name",
            ) else {
                return Ok(all);
            };
            let mut rows = statement.query([account])?;
            while let Some(row) = rows.next()? {
                let (endpoint, name): (String, String) = (row.get(0)?, row.get(1)?);
                if let Ok(endpoint) = Endpoint::parse(&endpoint) {
                    all.push(Target { endpoint, name });
                }
            }
            Ok(all)
        })
    }

    /// Keeps endpoints that were added.
    pub fn add_endpoints(&mut self, account: &str, all: &[Target]) -> Result<(), StoreError> {
        self.write_cache(|conn| {
            let account = make_account(conn, account)?;
            let mut statement = conn.prepare_cached(
                "INSERT OR IGNORE INTO endpoint (account, endpoint, name) VALUES (?1, ?2, ?3)",
            )?;
            for target in all {
                let endpoint = target.endpoint.to_string();
                statement.execute(params![account, endpoint, target.name])?;
            }
            Ok(())
        })
    }

    /// Forgets endpoints that were added, and what was seen there for no order.
    pub fn remove_endpoints(&mut self, account: &str, all: &[Target]) -> Result<(), StoreError> {
        self.write_cache(|conn| {
            let Some(account) = find_account(conn, account)? else {
                return Ok(());
            };
            let mut statement = conn.prepare_cached(
                "DELETE FROM endpoint WHERE account = ?1 AND endpoint = ?2 AND name = ?3",
            )?;
            let mut served = conn.prepare_cached(
                "DELETE FROM served WHERE account = ?1 AND order_id = ?2 AND endpoint = ?3 AND name = ?4",
            )?;
            for target in all {
                let endpoint = target.endpoint.to_string();
                statement.execute(params![account, endpoint, target.name])?;
                let none = NO_ORDER.0.cast_signed();
                served.execute(params![account, none, endpoint, target.name])?;
            }
            Ok(())
        })
    }
}
