//! A list as text that is kept, so that another start of the program comes back to it: the CSRs, what they share, and
//! under which number each was confirmed to be sent.
//!
//! The numbers are kept before the first request leaves. A number that the journal knows was sent, one that it does not
//! know was not: wherever the program ended, what was sent is known exactly.

use serde_json::{Map, Value, json};

use super::{Bulk, Row, Standing};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::msg::PriorCsr;
use crate::app::status::Tone;
use crate::domain::csr;
use crate::domain::ids::OrderId;
use crate::domain::secret;
use crate::domain::write::{Arrival, WriteId};

const KIND: &str = "bulk-";

/// The key under which the list of an order is kept.
pub(in crate::app) fn key(order: OrderId) -> String {
    format!("{KIND}{order}")
}

/// Keeps the lists that changed, before anything else is done.
pub(in crate::app) fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    let changed = model.bulks.values_mut().filter(|bulk| bulk.unkept);
    let kept: Vec<(String, String)> = changed
        .map(|bulk| {
            bulk.unkept = false;
            (key(bulk.order), bulk.json())
        })
        .collect();
    for (key, json) in kept {
        model.engine.drafts.texts.insert(key.clone(), json.clone());
        effects.insert(0, Effect::SaveDraft { key, json });
    }
}

/// Forgets the list of an order.
pub(super) fn forget(model: &mut Model, order: OrderId) -> Option<Effect> {
    let key = key(order);
    model.engine.drafts.texts.remove(&key)?;
    Some(Effect::DropDraft { key })
}

/// A draft of an earlier session came: a list is pointed at, since nothing else shows that it is there.
pub(in crate::app) fn draft_came(model: &mut Model, key: &str) {
    if let Some(order) = key.strip_prefix(KIND)
        && model.status.is_none()
    {
        let words = format!(
            "The list of CSRs for duplicates of order {order} is kept; open the order and press {} to continue it.",
            model
                .keymap
                .key_of(&[crate::keys::Place::Order], crate::keys::Action::Bulk)
                .unwrap_or_else(|| "b".into())
        );
        model.set_status(Tone::Info, words);
    }
}

impl Bulk {
    fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        let mut kept = Map::new();
        kept.insert("rows".into(), rows.into());
        for (name, chosen) in [
            ("platform", &self.shared.platform),
            ("hash", &self.shared.hash),
            ("ica", &self.shared.ica),
        ] {
            if chosen.touched {
                kept.insert(name.into(), chosen.choice.chosen().id.clone().into());
            }
        }
        if !self.shared.end.is_empty() {
            kept.insert("end".into(), self.shared.end.text().into());
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
        for (name, chosen) in [
            ("platform", &mut self.shared.platform),
            ("hash", &mut self.shared.hash),
            ("ica", &mut self.shared.ica),
        ] {
            if let Some(id) = kept[name].as_str() {
                chosen.restore(id);
            }
        }
        if let Some(end) = kept["end"].as_str() {
            self.shared.end.set_text(end);
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
pub(super) fn sent(row: &Row, before: &[PriorCsr]) -> Option<PriorCsr> {
    let op = row.number.as_ref()?;
    let entry = before.iter().find(|entry| entry.op == *op)?;
    (entry.arrival != Arrival::NotSent).then(|| entry.clone())
}

impl Row {
    /// Whether an earlier session confirmed it, and it is not known yet whether that one sent it.
    pub(super) fn is_open_question(&self) -> bool {
        self.number.is_some() && !matches!(self.standing, Standing::Sent(_) | Standing::Queued(_))
    }
}
