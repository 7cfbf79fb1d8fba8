//! Forms as typed: kept from the first keystroke until they are sent or thrown away.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::refuse_private_key;
use super::orders::order_id;
use super::{Store, StoreError};
use crate::domain::ids::OrderId;
use crate::domain::text::bytes;

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
            .field("json", &bytes(self.json.len()))
            .field("refused", &self.refusal.is_some())
            .field("updated", &self.updated)
            .finish()
    }
}

/// Where a draft was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// In place of the earlier one of its form.
    InPlace,
    /// Beside it, for the first time: another process has typed in the same form, and what it typed stays.
    Beside,
    /// Beside it, for the first time: what stands there cannot be read, and stays.
    BesideUnreadable,
}

/// What stands between the kind of a form and the number of a draft that is kept beside another's.
const BESIDE: char = '~';

impl DraftKey {
    /// The form that a draft which is kept beside another's belongs to.
    pub fn form(&self) -> Self {
        let kind = self.kind.split(BESIDE).next().unwrap_or_default();
        Self {
            kind: kind.to_owned(),
            order: self.order,
        }
    }

    fn beside(&self, number: u32) -> Self {
        Self {
            kind: format!("{}{BESIDE}{number}", self.form().kind),
            order: self.order,
        }
    }
}

impl Store {
    /// Stores a draft in place of the earlier one of the same form, or beside it where another process has changed that
    /// one since it was last seen from here; from then on this store's goes there. What was said of the earlier one stays;
    /// that is for [`Store::set_refusal`].
    ///
    /// # Errors
    ///
    /// [`StoreError::PrivateKey`] when the text holds a private key; the earlier draft stays.
    pub fn save_draft(&mut self, draft: &Draft) -> Result<Saved, StoreError> {
        refuse_private_key("the draft", &draft.json)?;
        let key = self.place_of(&draft.key);
        let seen = self.seen.borrow().get(&key).copied();
        let now = hash(&draft.json);
        let (place, is_unreadable) = self.write(|conn| {
            let mut place = key.clone();
            let here = there(conn, &place)?;
            let is_others = |there: There| match there {
                There::Nothing => false,
                There::Text(there) => seen != Some(there) && there != now,
                There::Unreadable => true,
            };
            let is_unreadable = here == There::Unreadable;
            if is_others(here) {
                place = key.beside(2);
                let mut number = 3;
                while there(conn, &place)? != There::Nothing {
                    place = key.beside(number);
                    number += 1;
                }
            }
            conn.prepare_cached(
                "INSERT INTO draft (kind, order_id, json, updated) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (kind, order_id) DO UPDATE SET json = excluded.json, updated = excluded.updated",
            )?
            .execute(params![
                place.kind,
                stored_order(&place),
                draft.json,
                draft.updated.to_string()
            ])?;
            Ok((place, is_unreadable))
        })?;
        self.seen.get_mut().insert(place.clone(), now);
        if place == key {
            return Ok(Saved::InPlace);
        }
        self.beside.insert(draft.key.clone(), place);
        Ok(if is_unreadable {
            Saved::BesideUnreadable
        } else {
            Saved::Beside
        })
    }

    /// Where this store keeps the draft of a form.
    fn place_of(&self, key: &DraftKey) -> DraftKey {
        self.beside.get(key).unwrap_or(key).clone()
    }

    /// Lets two drafts change places, or the first take the place of the second where there is none.
    pub fn swap_drafts(&mut self, one: &DraftKey, other: &DraftKey) -> Result<(), StoreError> {
        let (one, other) = (self.place_of(one), self.place_of(other));
        self.write(|conn| {
            let mut rename = conn.prepare_cached(
                "UPDATE draft SET kind = ?3, order_id = ?4 WHERE kind = ?1 AND order_id = ?2",
            )?;
            let aside = other.beside(0);
            for (from, to) in [(&other, &aside), (&one, &other), (&aside, &one)] {
                rename.execute(params![
                    from.kind,
                    stored_order(from),
                    to.kind,
                    stored_order(to)
                ])?;
            }
            Ok(())
        })?;
        let seen = self.seen.get_mut();
        let (first, second) = (seen.remove(&one), seen.remove(&other));
        seen.extend(first.map(|hash| (other, hash)));
        seen.extend(second.map(|hash| (one, hash)));
        Ok(())
    }

    /// Stores what the account said of a draft when it was sent, or that it counts no longer. Tells whether there is
    /// such a draft.
    pub fn set_refusal(
        &mut self,
        key: &DraftKey,
        refusal: Option<&str>,
    ) -> Result<bool, StoreError> {
        let key = &self.place_of(key);
        self.write(|conn| {
            let changed = conn
                .prepare_cached("UPDATE draft SET refusal = ?3 WHERE kind = ?1 AND order_id = ?2")?
                .execute(params![key.kind, stored_order(key), refusal])?;
            Ok(changed > 0)
        })
    }

    /// The draft of a form, if there is one that can be read.
    #[cfg(test)]
    pub fn load_draft(&self, key: &DraftKey) -> Result<Option<Draft>, StoreError> {
        let key = &self.place_of(key);
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT kind, order_id, json, updated, refusal FROM draft WHERE kind = ?1 AND order_id = ?2",
                )?
                .query_row(params![key.kind, stored_order(key)], |row| {
                    Ok(read_draft(row))
                })
                .optional()?
                .flatten())
        })
    }

    /// All drafts that can be read, the one typed in last first.
    pub fn list_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.read(|conn| {
            let rows = conn
                .prepare_cached("SELECT kind, order_id, json, updated, refusal FROM draft")?
                .query_map([], |row| Ok(read_draft(row)))?
                .collect::<Result<Vec<_>, _>>()?;
            let mut drafts: Vec<Draft> = rows.into_iter().flatten().collect();
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

    /// How many drafts cannot be read. They stay.
    pub fn unreadable_drafts(&self) -> Result<usize, StoreError> {
        self.read(|conn| {
            let rows = conn
                .prepare_cached("SELECT kind, order_id, json, updated, refusal FROM draft")?
                .query_map([], |row| Ok(read_draft(row).is_none()))?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(rows.into_iter().filter(|unreadable| *unreadable).count())
        })
    }

    /// Throws a draft away; tells whether that was done. What another process has typed since it was last seen from
    /// here stays: it was not meant.
    pub fn delete_draft(&mut self, key: &DraftKey) -> Result<bool, StoreError> {
        let key = &self.place_of(key);
        let seen = self.seen.get_mut().remove(key);
        self.write(|conn| {
            if let (Some(seen), There::Text(there)) = (seen, there(conn, key)?)
                && seen != there
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

/// What stands in the place of a draft.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    Nothing,
    /// Text, as its hash.
    Text(u64),
    Unreadable,
}

fn there(conn: &Connection, key: &DraftKey) -> Result<There, rusqlite::Error> {
    let found = conn
        .prepare_cached("SELECT json FROM draft WHERE kind = ?1 AND order_id = ?2")?
        .query_row(params![key.kind, stored_order(key)], |row| {
            let text = row.get_ref(0)?.as_str().ok();
            let text = text.filter(|text| is_form(text)).map(hash);
            Ok(text.map_or(There::Unreadable, There::Text))
        })
        .optional()?;
    Ok(found.unwrap_or(There::Nothing))
}

/// Whether it is a form as it was written: what is cut off, or of another kind, cannot be put back into one.
fn is_form(json: &str) -> bool {
    json.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok()
}

/// `None` where what was typed, or for what, cannot be read.
fn read_draft(row: &Row<'_>) -> Option<Draft> {
    let text = |column| row.get_ref(column).ok()?.as_str().ok().map(str::to_owned);
    let order: i64 = row.get(1).ok()?;
    Some(Draft {
        key: DraftKey {
            kind: text(0)?,
            order: (order != 0).then(|| order_id(order)),
        },
        json: text(2).filter(|json| is_form(json))?,
        refusal: text(4),
        // What was typed matters more than when.
        updated: text(3)
            .and_then(|text| text.parse().ok())
            .unwrap_or_default(),
    })
}
