//! A list as text that is kept, so that another start of the program comes back to it: the CSRs, what they share, and
//! under which number each was confirmed to be sent.
//!
//! The numbers are kept before the first request leaves. A number that the journal knows was sent, one that it does not
//! know was not: wherever the program ended, what was sent is known exactly.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{BulkField, BulkList, BulkLists, PriorCsr, Row, Standing};
use crate::app::drafts::Drafts;
use crate::app::effect::ListId;
use crate::app::turn::Turn;
use crate::domain::csr;
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::OrderId;
use crate::domain::secret;
use crate::domain::write::{Arrival, WriteId};

const KIND: &str = "bulk-";

/// What stands for the number of an order where a list is of several.
const REISSUES: &str = "reissues";

/// What is chosen for a whole list, by what it is kept as.
const CHOICES: [(&str, BulkField); 6] = [
    ("platform", BulkField::Platform),
    ("hash", BulkField::Hash),
    ("ica", BulkField::Ica),
    ("csr", BulkField::Source),
    ("key", BulkField::Key),
    ("latest", BulkField::Latest),
];

/// The key under which a list is kept.
pub(in crate::app) fn key(id: impl Into<ListId>) -> String {
    match id.into() {
        ListId::Duplicates(order) => format!("{KIND}{order}"),
        ListId::Reissues => format!("{KIND}{REISSUES}"),
    }
}

/// The list that is kept under a key.
pub(in crate::app) fn list_of(key: &str) -> Option<ListId> {
    match key.strip_prefix(KIND)? {
        REISSUES => Some(ListId::Reissues),
        order => Some(ListId::Duplicates(OrderId(order.parse().ok()?))),
    }
}

impl BulkLists {
    /// Keeps the lists that changed, before anything else of this turn is done.
    pub(in crate::app) fn keep(&mut self, drafts: &mut Drafts, turn: &mut Turn) {
        for list in self.all.values_mut().filter(|list| list.unkept) {
            list.unkept = false;
            let saved = drafts.save(key(list.id), list.json());
            if let Some(save) = saved {
                turn.effects.insert(0, save);
            }
        }
    }
}

impl BulkList {
    fn json(&self) -> String {
        let rows = self.rows.iter().map(|row| row.json(self.id));
        let rows: Vec<Value> = rows.collect();
        let mut kept = Map::new();
        kept.insert("rows".into(), rows.into());
        for (name, field) in CHOICES {
            let chosen = self.chosen(field);
            if let Some(id) = chosen.and_then(|chosen| chosen.picked.clone()) {
                kept.insert(name.into(), id.into());
            }
        }
        if !self.shared.end.is_empty() {
            kept.insert("end".into(), self.shared.end.clone().into());
        }
        if self.id == ListId::Reissues {
            kept.insert("write_to".into(), self.settings.pattern.clone().into());
            if let Some(account) = &self.account {
                kept.insert("account".into(), account.clone().into());
            }
        }
        Value::Object(kept).to_string()
    }

    /// Puts back what was kept. What cannot be read is left out: the rest is worth having.
    pub(super) fn restore(&mut self, json: &str) {
        let Ok(kept) = serde_json::from_str::<Value>(json) else {
            return;
        };
        self.rows = kept["rows"].as_array().map_or_else(Vec::new, |rows| {
            let rows = rows.iter();
            rows.filter_map(|row| restored(self.id, row)).collect()
        });
        for (name, field) in CHOICES {
            if let Some(chosen) = kept[name].as_str() {
                match (self.id, field.field()) {
                    (ListId::Duplicates(_), Some(field)) => self.shared.choose(field, chosen),
                    (ListId::Duplicates(_), None) => {}
                    (ListId::Reissues, _) => self.settings.choose(field, chosen),
                }
            }
        }
        if let Some(account) = kept["account"].as_str() {
            self.account = Some(account.to_owned());
        }
        if let Some(pattern) = kept["write_to"].as_str() {
            pattern.clone_into(&mut self.settings.pattern);
        }
        if let Some(end) = kept["end"].as_str() {
            end.clone_into(&mut self.shared.end);
        }
    }
}

impl Row {
    fn json(&self, list: ListId) -> Value {
        let mut kept = Map::new();
        kept.insert("name".into(), self.name.clone().into());
        if list == ListId::Reissues {
            kept.insert("order".into(), self.order.0.into());
        }
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
        if let Some(path) = &self.key_file {
            kept.insert("key_file".into(), path.clone().into());
        }
        if let Some(target) = &self.target {
            kept.insert("target".into(), target_json(target));
        }
        match &self.file {
            Some(Ok(path)) => kept.insert("file".into(), json!(path)),
            Some(Err(why)) => kept.insert("no_file".into(), json!(why)),
            None => None,
        };
        Value::Object(kept)
    }
}

fn target_json(target: &FileSet) -> Value {
    json!({
        "cert": target.certificate,
        "chain": target.chain,
        "fullchain": target.full_chain,
        "privkey": target.key,
        "latest": target.latest,
    })
}

fn target_of(kept: &Value) -> Option<FileSet> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let latest = &kept["latest"];
    Some(FileSet {
        certificate: text(&kept["cert"])?,
        chain: text(&kept["chain"])?,
        full_chain: text(&kept["fullchain"])?,
        key: text(&kept["privkey"])?,
        latest: text(&latest[0]).zip(text(&latest[1])),
    })
}

fn restored(list: ListId, kept: &Value) -> Option<Row> {
    let name = kept["name"].as_str()?;
    let order = match list {
        ListId::Duplicates(order) => order,
        ListId::Reissues => OrderId(kept["order"].as_u64()?),
    };
    let mut row = match (kept["csr"].as_str(), kept["unreadable"].as_str()) {
        (None, None) if list == ListId::Reissues => Row::new(order, name),
        (None, why) => Row::unreadable(order, name, why?),
        // A draft file is only a file: whatever wrote it, a private key does not come in through it.
        (Some(text), _) if secret::contains_private_key(text).is_some() => return None,
        (Some(text), _) => match csr::read(text) {
            Ok(csr) => Row::of(order, name, csr),
            Err(error) => Row::unreadable(order, name, &error.to_string()),
        },
    };
    row.number = kept["number"].as_str().map(|op| WriteId(op.to_owned()));
    row.dropped = kept["dropped"] == true;
    let text = |name: &str| kept[name].as_str().map(str::to_owned);
    row.key_file = text("key_file");
    row.target = target_of(&kept["target"]);
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
