//! A list as text that is kept, so that another start of the program comes back to it: the CSRs, what they share, and
//! under which number each was confirmed to be sent.
//!
//! The numbers are kept before the first request leaves. A number that the journal knows was sent, one that it does not
//! know was not: wherever the program ended, what was sent is known exactly.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{BulkList, BulkLists, PriorCsr, Row, Standing};
use crate::app::drafts::Drafts;
use crate::app::turn::Turn;
use crate::domain::csr;
use crate::domain::draft::FieldId;
use crate::domain::ids::OrderId;
use crate::domain::secret;
use crate::domain::write::{Arrival, WriteId};

const KIND: &str = "bulk-";

/// What is chosen for a whole list, by what it is kept as.
const CHOICES: [(&str, FieldId); 3] = [
    ("platform", FieldId::Platform),
    ("hash", FieldId::Hash),
    ("ica", FieldId::Ica),
];

/// The key under which the list of an order is kept.
pub(in crate::app) fn key(order: OrderId) -> String {
    format!("{KIND}{order}")
}

/// The order whose list is kept under a key.
pub(in crate::app) fn order_of(key: &str) -> Option<&str> {
    key.strip_prefix(KIND)
}

impl BulkLists {
    /// Keeps the lists that changed, before anything else of this turn is done.
    pub(in crate::app) fn keep(&mut self, drafts: &mut Drafts, turn: &mut Turn) {
        for list in self.all.values_mut().filter(|list| list.unkept) {
            list.unkept = false;
            let saved = drafts.save(key(list.order), list.json());
            if let Some(save) = saved {
                turn.effects.insert(0, save);
            }
        }
    }
}

impl BulkList {
    fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        let mut kept = Map::new();
        kept.insert("rows".into(), rows.into());
        for (name, field) in CHOICES {
            let chosen = self.shared.chosen(field);
            if let Some(id) = chosen.and_then(|chosen| chosen.picked.clone()) {
                kept.insert(name.into(), id.into());
            }
        }
        if !self.shared.end.is_empty() {
            kept.insert("end".into(), self.shared.end.clone().into());
        }
        Value::Object(kept).to_string()
    }

    /// Puts back what was kept. What cannot be read is left out: the rest is worth having.
    pub(super) fn restore(&mut self, json: &str) {
        let Ok(kept) = serde_json::from_str::<Value>(json) else {
            return;
        };
        self.rows = kept["rows"]
            .as_array()
            .map_or_else(Vec::new, |rows| rows.iter().filter_map(restored).collect());
        for (name, field) in CHOICES {
            if let Some(id) = kept[name].as_str() {
                self.shared.choose(field, id);
            }
        }
        if let Some(end) = kept["end"].as_str() {
            end.clone_into(&mut self.shared.end);
        }
    }
}

impl Row {
    fn json(&self) -> Value {
        let mut kept = Map::new();
        kept.insert("name".into(), self.name.clone().into());
        if let Some(csr) = &self.csr {
            kept.insert("csr".into(), csr.one_line_pem().into());
        }
        if let Some(why) = &self.unreadable {
            kept.insert("unreadable".into(), why.clone().into());
        }
        if let Some(op) = &self.number {
            kept.insert("number".into(), op.0.clone().into());
        }
        if self.dropped {
            kept.insert("dropped".into(), true.into());
        }
        match &self.file {
            Some(Ok(path)) => kept.insert("file".into(), json!(path)),
            Some(Err(why)) => kept.insert("no_file".into(), json!(why)),
            None => None,
        };
        Value::Object(kept)
    }
}

fn restored(kept: &Value) -> Option<Row> {
    let name = kept["name"].as_str()?;
    let mut row = match (kept["csr"].as_str(), kept["unreadable"].as_str()) {
        (None, why) => Row::unreadable(name, why?),
        // A draft file is only a file: whatever wrote it, a private key does not come in through it.
        (Some(text), _) if secret::contains_private_key(text).is_some() => return None,
        (Some(text), _) => match csr::read(text) {
            Ok(csr) => Row::of(name, csr),
            Err(error) => Row::unreadable(name, &error.to_string()),
        },
    };
    row.number = kept["number"].as_str().map(|op| WriteId(op.to_owned()));
    row.dropped = kept["dropped"] == true;
    let text = |name: &str| kept[name].as_str().map(str::to_owned);
    row.file = text("file").map(Ok).or(text("no_file").map(Err));
    Some(row)
}

/// What became of a row that an earlier session confirmed, by the journal; `None` when nobody sent it.
pub(super) fn sent(row: &Row, prior: &HashMap<&WriteId, &PriorCsr>) -> Option<PriorCsr> {
    let entry = *prior.get(row.number.as_ref()?)?;
    (entry.arrival != Arrival::NotSent).then(|| entry.clone())
}

impl Row {
    /// Whether an earlier session confirmed it, and it is not known yet whether that one sent it.
    pub(super) fn is_open_question(&self) -> bool {
        self.number.is_some() && !matches!(self.standing, Standing::Sent(_) | Standing::Queued(_))
    }
}
