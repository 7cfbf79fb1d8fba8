//! Which certificates were seen to be served for orders, as they were seen last.

use rusqlite::params;

use super::orders::{find_account, make_account, order_id};
use super::{Store, StoreError};
use crate::domain::endpoint::{Endpoint, Target};
use crate::domain::ids::OrderId;
use crate::domain::served::Seen;

/// What was seen at a target, for an order.
pub type KeptServed = (OrderId, Target, Seen);

impl Store {
    /// What was seen of all orders of an account. What cannot be read is as good as not seen.
    pub fn load_served(&self, account: &str) -> Result<Vec<KeptServed>, StoreError> {
        self.read(|conn| {
            let mut all = Vec::new();
            let Some(account) = find_account(conn, account)? else {
                return Ok(all);
            };
            // An older file that can only be read has no such table.
            let Ok(mut statement) = conn.prepare_cached(
                "SELECT order_id, endpoint, name, seen FROM served WHERE account = ?1",
            ) else {
                return Ok(all);
            };
            let mut rows = statement.query([account])?;
            while let Some(row) = rows.next()? {
                let (order, endpoint, name, seen): (i64, String, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                if let (Ok(endpoint), Ok(seen)) =
                    (Endpoint::parse(&endpoint), serde_json::from_str(&seen))
                {
                    all.push((order_id(order), Target { endpoint, name }, seen));
                }
            }
            Ok(all)
        })
    }

    /// Keeps what was seen, each in place of what was seen there before.
    pub fn keep_served(&mut self, account: &str, all: &[KeptServed]) -> Result<(), StoreError> {
        self.write_cache(|conn| {
            let account = make_account(conn, account)?;
            let mut statement = conn.prepare_cached(
                "INSERT OR REPLACE INTO served (account, order_id, endpoint, name, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for (order, target, seen) in all {
                let Ok(json) = serde_json::to_string(seen) else {
                    continue;
                };
                let endpoint = target.endpoint.to_string();
                statement.execute(params![
                    account,
                    order.0.cast_signed(),
                    endpoint,
                    target.name,
                    json
                ])?;
            }
            Ok(())
        })
    }
}
