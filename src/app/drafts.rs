//! What is typed and was not sent: the text of each form that was begun, by its key, and what the account said of it.

use std::collections::BTreeMap;

use super::effect::Effect;
use crate::domain::failure::Failure;

/// What is typed and was not sent.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Key → text, JSON.
    pub texts: BTreeMap<String, String>,
    /// What the account said of those that it refused.
    pub refusals: BTreeMap<String, Failure>,
    /// Whether there is no store that takes anything: what is typed ends with the program.
    pub keeps_nothing: bool,
    /// How often what is typed was another.
    pub(super) changes: u64,
}

impl Drafts {
    /// A draft that was kept comes, with what the account said of it.
    pub(in crate::app) fn loaded(&mut self, key: String, json: String, refusal: Option<Failure>) {
        if let Some(refusal) = refusal {
            self.refusals.insert(key.clone(), refusal);
        }
        self.changes += 1;
        self.texts.insert(key, json);
    }

    /// What was typed.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// What the account said of it.
    pub fn refusal(&self, key: &str) -> Option<&Failure> {
        self.refusals.get(key)
    }

    /// Keeps what is typed; nothing is to be done where it is kept so already.
    pub(in crate::app) fn save(&mut self, key: String, json: String) -> Option<Effect> {
        if self.texts.get(&key) == Some(&json) {
            return None;
        }
        self.changes += 1;
        self.texts.insert(key.clone(), json.clone());
        Some(Effect::SaveDraft { key, json })
    }

    /// It is sent, or thrown away.
    pub(in crate::app) fn drop(&mut self, key: String) -> Effect {
        self.changes += 1;
        self.texts.remove(&key);
        self.refusals.remove(&key);
        Effect::DropDraft { key }
    }

    /// The account refused it.
    pub(in crate::app) fn refuse(&mut self, key: String, refusal: Failure) -> Effect {
        self.refusals.insert(key.clone(), refusal.clone());
        let refusal = Some(refusal);
        Effect::KeepRefusal { key, refusal }
    }

    /// It is sent once more: what the account said of it counts no longer.
    pub(in crate::app) fn forget_refusal(&mut self, key: &str) -> Option<Effect> {
        self.refusals.remove(key)?;
        Some(Effect::KeepRefusal {
            key: key.to_owned(),
            refusal: None,
        })
    }

    /// Lets two of them change places.
    pub(in crate::app) fn swap(&mut self, one: String, other: String) -> Effect {
        self.changes += 1;
        let (first, second) = (self.texts.remove(&one), self.texts.remove(&other));
        self.texts.extend(first.map(|json| (other.clone(), json)));
        self.texts.extend(second.map(|json| (one.clone(), json)));
        Effect::SwapDrafts { one, other }
    }
}
