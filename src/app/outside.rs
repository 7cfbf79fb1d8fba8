//! What was seen outside the account, from here: whether the records of domains stand where they have to, and what CAA says of
//! names. Looked up when asked for, and CAA by itself while a review is read; nothing waits for it.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::account::Account;
use super::effect::Effect;
use crate::domain::caa::{CaaSet, CaaVerdict};
use crate::domain::dcv::Placement;
use crate::domain::draft::{Note, Tone};
use crate::domain::names::check;
use crate::domain::sighting::{Seen, Sighting};
use crate::domain::text::counted;

/// Names of a review whose CAA is looked up, at most: one question or more each.
pub const MOST_NAMES: usize = 25;

/// For so long what CAA said is taken as what it says.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Looks that are remembered, at most.
const REMEMBERED: usize = 2_000;

/// What CAA said, as [`CaaVerdict::of`] takes it.
pub type Caa = Result<Option<CaaSet>, String>;

/// One look.
#[derive(Debug, Clone, PartialEq)]
pub struct Look<T> {
    /// Whether one is under way.
    pub looking: bool,
    /// What the last one found, and when.
    pub seen: Option<(Timestamp, T)>,
}

impl<T> Default for Look<T> {
    fn default() -> Self {
        Self {
            looking: false,
            seen: None,
        }
    }
}

/// What was seen outside the account.
#[derive(Debug, Default)]
pub struct Outside {
    /// Whether the settings let anything be looked up (`dns_checks`); said by the runtime at the start.
    pub checks: bool,
    /// By what has to stand where.
    places: HashMap<Placement, Look<Vec<Sighting>>>,
    /// Those that were asked for together.
    asked: Vec<Placement>,
    /// By name, as it stands in a certificate.
    caa: HashMap<String, Look<Caa>>,
}

/// Whether an account is a sandbox, whose names are made up: of those nobody is asked by itself.
fn is_made_up(account: &Account) -> bool {
    let Some(connection) = &account.connection else {
        return true;
    };
    let host = connection.host();
    let host = host.rsplit_once(':').map_or(host, |(host, port)| {
        if port.bytes().all(|digit| digit.is_ascii_digit()) {
            host
        } else {
            connection.host()
        }
    });
    let is_loopback = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    connection.sandbox || is_loopback
}

impl Outside {
    /// Whether anything outside the account is looked at that nobody asked for just now.
    pub(in crate::app) fn looks_by_itself(&self, account: &Account) -> bool {
        self.checks && !is_made_up(account)
    }

    /// Looks what stands at these places, unless that is under way.
    pub(in crate::app) fn look(
        &mut self,
        places: impl IntoIterator<Item = Placement>,
    ) -> Vec<Effect> {
        if self.places.len() > REMEMBERED {
            self.places.retain(|_, look| look.looking);
        }
        let mut effects = Vec::new();
        if self.looking() == 0 {
            self.asked.clear();
        }
        for place in places {
            self.asked.push(place.clone());
            let look = self.places.entry(place.clone()).or_default();
            if !std::mem::replace(&mut look.looking, true) {
                effects.push(Effect::LookAt(place));
            }
        }
        effects
    }

    /// A look at a place ended.
    pub(in crate::app) fn on_seen(
        &mut self,
        place: Placement,
        sightings: Vec<Sighting>,
        now: Timestamp,
    ) {
        self.places.insert(
            place,
            Look {
                looking: false,
                seen: Some((now, sightings)),
            },
        );
    }

    /// What is known of a place.
    pub fn at(&self, place: &Placement) -> Option<&Look<Vec<Sighting>>> {
        self.places.get(place)
    }

    /// What was seen of the places that were asked for together, in a few words: nothing while any is under way.
    pub(in crate::app) fn summary(&self) -> Option<String> {
        if self.looking() > 0 {
            return None;
        }
        let mut counts = [0_usize; 4];
        for place in &self.asked {
            let seen = self.places.get(place).and_then(|look| look.seen.as_ref());
            let any = |is: fn(&Seen) -> bool| {
                let mut sightings = seen.iter().flat_map(|(_, sightings)| sightings);
                sightings.any(|one| is(&one.seen))
            };
            let at = if any(|seen| *seen == Seen::Found) {
                0
            } else if any(|seen| matches!(seen, Seen::Other(_))) {
                1
            } else if any(|seen| *seen == Seen::Nothing) {
                2
            } else {
                3
            };
            counts[at] += 1;
        }
        let words = ["found", "with another value", "not found", "unknown"];
        let told = counts.iter().zip(words).filter(|(count, _)| **count > 0);
        let told: Vec<String> = told
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        Some(format!("Looked up from here: {}.", told.join(", ")))
    }

    /// Looks at how many places are under way.
    pub fn looking(&self) -> usize {
        let places = self.places.values();
        places.filter(|look| look.looking).count()
    }

    /// Looks up by itself what CAA says of the names of a certificate that may be asked for, where that was not done a moment
    /// ago.
    pub(in crate::app) fn look_at_caa(
        &mut self,
        names: &[String],
        account: &Account,
        now: Timestamp,
    ) -> Vec<Effect> {
        if !self.looks_by_itself(account) {
            return Vec::new();
        }
        if self.caa.len() > REMEMBERED {
            self.caa.retain(|_, look| look.looking);
        }
        let mut effects = Vec::new();
        for name in of_hosts(names).take(MOST_NAMES) {
            let look = self.caa.entry(name.clone()).or_default();
            let is_fresh = look
                .seen
                .as_ref()
                .is_some_and(|(at, _)| now.duration_since(*at).abs() < FRESH);
            if !is_fresh && !std::mem::replace(&mut look.looking, true) {
                effects.push(Effect::LookUpCaa(name.clone()));
            }
        }
        effects
    }

    /// What CAA says of a name came. Whether DigiCert may not issue for it.
    pub(in crate::app) fn on_caa(&mut self, name: String, looked: Caa, now: Timestamp) -> bool {
        let forbids = CaaVerdict::of(&name, &looked).forbids();
        self.caa.insert(
            name,
            Look {
                looking: false,
                seen: Some((now, looked)),
            },
        );
        forbids
    }

    /// What CAA says of the names of a certificate, for its review: each that forbids, what is not known, and of the others how
    /// many there are. Nothing where nothing was looked up.
    pub fn caa_notes(&self, names: &[String], now: Timestamp) -> Vec<Note> {
        let asked: Vec<(&String, &Look<Caa>)> = of_hosts(names)
            .filter_map(|name| Some((name, self.caa.get(name)?)))
            .collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let mut notes: Vec<Note> = Vec::new();
        let (mut fine, mut unknown, mut coming) = (0, Vec::new(), 0);
        for (name, look) in &asked {
            // What was said long ago is not said again while it is looked up.
            let is_fresh = |(at, _): &&(Timestamp, Caa)| now.duration_since(*at).abs() < FRESH;
            let seen = look.seen.as_ref();
            let Some((_, looked)) = seen.filter(|seen| !look.looking || is_fresh(seen)) else {
                coming += 1;
                continue;
            };
            let verdict = CaaVerdict::of(name, looked);
            if verdict.forbids() {
                let text = format!("{name}: {}, as seen from here.", verdict.words());
                // Names below one domain share its records.
                if !notes.iter().any(|note| note.text == text) {
                    notes.push(Note::new(Tone::Bad, text));
                }
            } else if let CaaVerdict::Unknown(why) = verdict {
                unknown.push((name, why));
            } else {
                fine += 1;
            }
        }
        if let Some((name, why)) = unknown.first() {
            let more = match unknown.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let text = format!("Not known for {name}{more}: {why}.");
            notes.push(Note::new(Tone::Warn, text));
        }
        if coming > 0 {
            let names = counted(coming, "name", "names");
            notes.push(Note::new(Tone::Plain, format!("Checking {names}…")));
        }
        if fine > 0 {
            let names = counted(fine, "name", "names");
            let text = format!("{names}: DigiCert may issue, as seen from here.");
            notes.push(Note::new(Tone::Good, text));
        }
        let left = of_hosts(names).count().saturating_sub(MOST_NAMES);
        if left > 0 {
            let names = counted(left, "name was", "names were");
            notes.push(Note::new(Tone::Plain, format!("{names} not checked.")));
        }
        notes
    }
}

/// The names that are hosts, each once.
fn of_hosts(names: &[String]) -> impl Iterator<Item = &String> {
    let first = |at: &usize| !names[..*at].contains(&names[*at]);
    let all = (0..names.len()).filter(first);
    all.map(|at| &names[at])
        .filter(|name| check(name).is_ok() && name.parse::<std::net::IpAddr>().is_err())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::msg::Connection;
    use crate::domain::caa::CaaRecord;

    fn account(url: &str, sandbox: bool) -> Account {
        let mut account = Account::default();
        account.connection = Some(Connection {
            profile: "p".into(),
            url: url.into(),
            account: "a".into(),
            sandbox,
            key: Ok("key".into()),
        });
        account
    }

    fn names() -> Vec<String> {
        ["example.net", "*.example.org", "Ada Example", "example.net"]
            .map(str::to_owned)
            .into()
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn caa_is_looked_up_for_real_accounts_only_where_the_settings_let_it() {
        let asked = |checks, url: &str, sandbox| {
            let mut outside = Outside {
                checks,
                ..Outside::default()
            };
            let effects = outside.look_at_caa(&names(), &account(url, sandbox), NOW);
            effects.len()
        };
        let real = "https://www.digicert.com/services/v2";
        assert_eq!(asked(true, real, false), 2, "each host once");
        assert_eq!(asked(false, real, false), 0);
        assert_eq!(asked(true, real, true), 0);
        for url in [
            "http://127.0.0.1:8080/services/v2",
            "http://localhost:1/services/v2",
            "http://[::1]:8080/services/v2",
        ] {
            assert_eq!(asked(true, url, false), 0, "{url}");
        }
    }

    #[test]
    fn a_review_says_what_forbids_what_is_unknown_and_how_many_are_fine() {
        let mut outside = Outside {
            checks: true,
            ..Outside::default()
        };
        let account = account("https://www.digicert.com/services/v2", false);
        outside.look_at_caa(&names(), &account, NOW);
        let texts = |outside: &Outside| {
            let notes = outside.caa_notes(&names(), NOW).into_iter();
            notes.map(|note| note.text).collect::<Vec<_>>()
        };
        assert_eq!(texts(&outside), ["Checking 2 names…"]);
        let set = CaaSet {
            at: "example.org".into(),
            records: vec![CaaRecord::new(false, "issue", b"letsencrypt.org")],
        };
        assert!(outside.on_caa("*.example.org".into(), Ok(Some(set)), NOW));
        assert!(!outside.on_caa("example.net".into(), Ok(None), NOW));
        assert_eq!(
            texts(&outside),
            [
                "*.example.org: CAA at example.org names letsencrypt.org only: DigiCert may not issue, as seen from \
                    here.",
                "1 name: DigiCert may issue, as seen from here.",
            ]
        );
        outside.on_caa("example.net".into(), Err("no response".into()), NOW);
        assert!(texts(&outside).contains(&"Not known for example.net: no response.".to_owned()));
        // What was asked a moment ago is not asked again.
        assert!(outside.look_at_caa(&names(), &account, NOW).is_empty());
    }
}
