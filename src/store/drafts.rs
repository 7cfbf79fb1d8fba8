//! Forms as typed: kept from the first keystroke until they are sent or thrown away.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::error::refuse_private_key;
use super::orders::order_id;
use super::{Store, StoreError};
use crate::domain::ids::OrderId;

/// Which form a draft belongs to: one of a kind for each order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftKey {
    /// `duplicate`, `reissue`, `new` …; the forms' own words.
    pub kind: String,
    /// The order, where the form has one.
    pub order: Option<OrderId>,
}

/// A form as typed. Its `Debug` tells the length of the text only.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The form.
    pub key: DraftKey,
    /// The fields, as the form writes them.
    pub json: String,
    /// What the account said when it was sent, as whoever writes the form keeps it.
    pub refusal: Option<String>,
    /// When it was typed in last.
    pub updated: Timestamp,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("key", &self.key)
            .field("json", &format_args!("{} bytes", self.json.len()))
            .field("refused", &self.refusal.is_some())
            .field("updated", &self.updated)
            .finish()
    }
}

impl Store {
    /// Stores a draft in place of an earlier one of the same form. What was said of the earlier one stays; that is
    /// for [`Store::set_refusal`].
    ///
    /// # Errors
    ///
    /// [`StoreError::PrivateKey`] when the text holds a private key; the earlier draft stays.
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        refuse_private_key("the draft", &draft.json)?;
        let seen = hash(&draft.json);
        let saved = self.write(|conn| {
            conn.prepare_cached(
                "INSERT INTO draft (kind, order_id, json, updated) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (kind, order_id) DO UPDATE SET json = excluded.json, updated = excluded.updated",
            )?
            .execute(params![
                draft.key.kind,
                stored_order(&draft.key),
                draft.json,
                draft.updated.to_string()
            ])?;
            Ok(())
        });
        if saved.is_ok() {
            self.seen.borrow_mut().insert(draft.key.clone(), seen);
        }
        saved
    }

    /// Stores what the account said of a draft when it was sent, or that it counts no longer. Tells whether there is
    /// such a draft.
    pub fn set_refusal(
        &mut self,
        key: &DraftKey,
        refusal: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.write(|conn| {
            let changed = conn
                .prepare_cached("UPDATE draft SET refusal = ?3 WHERE kind = ?1 AND order_id = ?2")?
                .execute(params![key.kind, stored_order(key), refusal])?;
            Ok(changed > 0)
        })
    }

    /// The draft of a form, if there is one.
    pub fn load_draft(&self, key: &DraftKey) -> Result<Option<Draft>, StoreError> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT kind, order_id, json, updated, refusal FROM draft WHERE kind = ?1 AND order_id = ?2",
                )?
                .query_row(params![key.kind, stored_order(key)], read_draft)
                .optional()?)
        })
    }

    /// All drafts, the one typed in last first.
    pub fn list_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.read(|conn| {
            let mut drafts = conn
                .prepare_cached("SELECT kind, order_id, json, updated, refusal FROM draft")?
                .query_map([], read_draft)?
                .collect::<Result<Vec<_>, _>>()?;
            let mut seen = self.seen.borrow_mut();
            seen.extend(
                drafts
                    .iter()
                    .map(|draft| (draft.key.clone(), hash(&draft.json))),
            );
            drafts.sort_by(|a, b| b.updated.cmp(&a.updated).then_with(|| a.key.cmp(&b.key)));
            Ok(drafts)
        })
    }

    /// Throws a draft away; tells whether that was done. What another process has typed since it was last seen from
    /// here stays: it was not meant.
    pub fn delete_draft(&mut self, key: &DraftKey) -> Result<bool, StoreError> {
        let seen = self.seen.get_mut().remove(key);
        self.write(|conn| {
            let there: Option<String> = conn
                .prepare_cached("SELECT json FROM draft WHERE kind = ?1 AND order_id = ?2")?
                .query_row(params![key.kind, stored_order(key)], |row| row.get(0))
                .optional()?;
            if let (Some(seen), Some(there)) = (seen, &there)
                && seen != hash(there)
            {
                return Ok(false);
            }
            let deleted = conn
                .prepare_cached("DELETE FROM draft WHERE kind = ?1 AND order_id = ?2")?
                .execute(params![key.kind, stored_order(key)])?;
            Ok(deleted > 0)
        })
    }
}

/// Tells two texts apart within one run of the program.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

// NULL is never equal to itself in a primary key, so "no order" needs a number, and no order has number 0.
fn stored_order(key: &DraftKey) -> i64 {
    key.order.map_or(0, |order| order.0.cast_signed())
}

fn read_draft(row: &Row<'_>) -> Result<Draft, rusqlite::Error> {
    let order: i64 = row.get(1)?;
    let updated: String = row.get(3)?;
    Ok(Draft {
        key: DraftKey {
            kind: row.get(0)?,
            order: (order != 0).then(|| order_id(order)),
        },
        json: row.get(2)?,
        refusal: row.get(4)?,
        // What was typed matters more than when.
        updated: updated.parse().unwrap_or(Timestamp::UNIX_EPOCH),
    })
}
