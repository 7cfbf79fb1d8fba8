//! What was asked of the account and has had no answer for a while. A server that hangs is told long before the client
//! gives up on it, so that nobody stares at "reading…".

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::effect::{Effect, Read};
use super::engine::Engine;
use super::msg::{Msg, SyncEvent};
use super::turn::Turn;
use crate::app::status::{Status, Tone};

/// Seconds after which an answer is late.
const LATE: i64 = 8;

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Asked {
    Read(Read),
    Orders,
}

/// What has not been answered yet.
#[derive(Debug, Default)]
pub struct Late {
    /// When each was asked for; nothing once it was told that it is late.
    asked: HashMap<Asked, Option<Timestamp>>,
    /// What was told of it.
    told: Option<String>,
}

impl Late {
    /// When the next of them is late.
    pub fn due(&self) -> Option<Timestamp> {
        let asked = self.asked.values().flatten().min()?;
        asked.checked_add(SignedDuration::from_secs(LATE)).ok()
    }

    /// The clock was set back so far.
    pub(super) fn set_back(&mut self, by: SignedDuration) {
        for asked in self.asked.values_mut().flatten() {
            *asked = asked.checked_sub(by).unwrap_or(*asked);
        }
    }

    /// Notes what a message answers; what was told of that being late is taken back.
    pub(in crate::app) fn answered(
        &mut self,
        msg: &Msg,
        now: Timestamp,
        status: &mut Option<Status>,
    ) {
        let asked = match msg {
            Msg::Reply { read, .. } => Asked::Read(read.clone()),
            Msg::Sync { .. } => Asked::Orders,
            _ => return,
        };
        // Of the orders a page came, and the next is under way.
        if matches!(msg, Msg::Sync { event: SyncEvent::Rows { done, total, .. }, .. } if done < total)
        {
            self.asked.insert(asked, Some(now));
        } else {
            self.asked.remove(&asked);
        }
        if let Some(told) = self.told.take() {
            status.take_if(|status| status.words == told);
        }
    }

    /// Notes what is asked for.
    pub(in crate::app) fn asked(&mut self, effects: &[Effect], now: Timestamp) {
        for effect in effects {
            let asked = match effect {
                Effect::Read { read, .. } => Asked::Read(read.clone()),
                Effect::Sync { .. } => Asked::Orders,
                _ => continue,
            };
            self.asked.insert(asked, Some(now));
        }
    }

    /// Tells of what is late, once.
    pub(in crate::app) fn tell(&mut self, engine: &Engine, turn: &mut Turn) {
        if self.due().is_none_or(|due| due > engine.now) {
            return;
        }
        for asked in self.asked.values_mut() {
            *asked = None;
        }
        let connection = engine.account.connection.as_ref();
        let host = connection.map_or("CertCentral", |connection| connection.host());
        let words = format!(
            "Still waiting for {host} after {LATE} seconds. What is on screen stays. A busy server, the API's limit on \
             requests, a wrong URL, or a proxy in between may be the cause."
        );
        self.told = Some(words.clone());
        turn.set_status(Tone::Warn, words);
    }
}
