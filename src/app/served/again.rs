//! After a new certificate was issued or installed: its places are looked at again until it is seen everywhere, and that is
//! told.

use jiff::{SignedDuration, Timestamp};

use super::{NAMED, ServedLooks};
use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::endpoint::Target;
use crate::domain::ids::OrderId;
use crate::domain::served::{Seen, Served, Standing, is_same_serial};
use crate::domain::text::counted;

/// Minutes after it was installed.
const LOOKS: [i64; 3] = [1, 5, 15];

/// A certificate that is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Again {
    order: OrderId,
    serial: String,
    /// What it is called.
    name: String,
    since: Timestamp,
    /// Looks that were begun.
    looks: usize,
    /// The next of them; `None` while one is under way.
    pub(super) due: Option<Timestamp>,
}

/// What was seen at a place, and how it stands to the order.
type Look<'a> = (&'a Target, Standing, &'a Seen);

impl Again {
    fn due(since: Timestamp, looks: usize) -> Option<Timestamp> {
        let minutes = LOOKS.get(looks)?;
        since.checked_add(SignedDuration::from_mins(*minutes)).ok()
    }
}

impl ServedLooks {
    /// Looks at the places of an order again, until its new certificate is seen there. Where it has none, nothing is looked at.
    pub(in crate::app) fn look_again(
        &mut self,
        order: OrderId,
        serial: &str,
        name: String,
        account: &Account,
        now: Timestamp,
    ) {
        if self.places(order, account).targets.is_empty() {
            return;
        }
        self.again.retain(|one| one.order != order);
        self.again.push(Again {
            order,
            serial: serial.to_owned(),
            name,
            since: now,
            looks: 0,
            due: Again::due(now, 0),
        });
    }

    /// When something is looked at again, if ever.
    pub(in crate::app) fn next_look(&self) -> Option<Timestamp> {
        self.again.iter().filter_map(|one| one.due).min()
    }

    /// The times at which something is looked at again.
    pub(in crate::app) fn dues(&mut self) -> impl Iterator<Item = &mut Option<Timestamp>> {
        self.again.iter_mut().map(|one| &mut one.due)
    }

    /// Looks again at what it is time for.
    pub(in crate::app) fn look_due(&mut self, account: &Account, now: Timestamp) -> Vec<Effect> {
        let is_due = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        let mut orders = Vec::new();
        for one in self.again.iter_mut().filter(|one| is_due(one.due)) {
            one.looks += 1;
            one.due = None;
            orders.push(one.order);
        }
        let mut effects = Vec::new();
        for order in orders {
            effects.extend(self.look(&[order], account).1);
        }
        effects
    }

    /// Tells of what was looked at again: that the new certificate is seen, or after the last look where it is not.
    pub(in crate::app) fn tell_again(&mut self, account: &Account, turn: &mut Turn) {
        for at in (0..self.again.len()).rev() {
            let one = &self.again[at];
            if one.due.is_some() || one.looks == 0 || self.is_looking(one.order) {
                continue;
            }
            let is_last = one.looks == LOOKS.len();
            let told = self.verdict(one, is_last, account);
            let one = &mut self.again[at];
            one.due = Again::due(one.since, one.looks);
            if told.is_some() || is_last {
                self.again.remove(at);
            }
            if let Some((tone, words)) = told {
                turn.announce(tone, &words);
            }
        }
    }

    /// What is to be told after a look; nothing while another may still find it.
    fn verdict(&self, one: &Again, is_last: bool, account: &Account) -> Option<(Tone, String)> {
        let targets = self.places(one.order, account).targets;
        let all = self.seen(one.order, account).into_iter();
        let all = all.filter(|(target, ..)| targets.contains(target));
        let is_new = |seen: &Seen| {
            let own = seen.served.certificate();
            own.is_some_and(|own| is_same_serial(&own.serial, &one.serial))
        };
        let (new, old): (Vec<Look<'_>>, Vec<Look<'_>>) = all.partition(|(.., seen)| is_new(seen));
        let name = &one.name;
        if old.is_empty() && !new.is_empty() {
            let places = counted(new.len(), "place", "places");
            let words =
                format!("{name}: the new certificate is served at {places}, seen from here.");
            return Some((Tone::Good, words));
        }
        let answers = |seen: &Seen| matches!(seen.served, Served::Certificate(_));
        let heard = !new.is_empty() || old.iter().any(|(.., seen)| answers(seen));
        if !is_last || !heard {
            return None;
        }
        let place = |(target, standing, _): &Look<'_>| {
            format!("{} ({})", target.words(), super::tally(*standing))
        };
        let named: Vec<String> = old.iter().take(NAMED).map(place).collect();
        let more = match old.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let words = format!(
            "{name}: after {} the new certificate is not served at {}{more}, seen from here.",
            counted(
                LOOKS[LOOKS.len() - 1].unsigned_abs() as usize,
                "minute",
                "minutes"
            ),
            named.join(", ")
        );
        Some((Tone::Warn, words))
    }
}
