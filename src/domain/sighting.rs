//! What a look at the outside found of a proof: what one server said at one moment, seen from here.
//!
//! It is never a verdict. DigiCert looks from several places at once, validates DNSSEC, and shares no cache with anybody
//! (Baseline Requirements 3.2.2.9; CPS 3.2.2.4): only *check now* tells what DigiCert sees.

use super::dcv::Placement;
use super::text::{counted, sanitise};

/// Values that are kept of one place; a busy name has dozens of TXT records.
const MOST_VALUES: usize = 8;

/// Characters that are kept of one value: a random value has 32, and a target some more.
const LONGEST: usize = 120;

/// The label below which DigiCert's CNAME records stand, and which the CPS allows for TXT records, too.
pub const PREFIX: &str = "_dnsauth.";

/// What one server said of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Where was looked. For a TXT record it may be the same name below [`PREFIX`], when it was found there.
    pub place: Placement,
    /// Who said it: `ns1.example.net (192.0.2.1)`, `resolver 192.0.2.53`, or the host of the URL.
    pub server: String,
    pub seen: Seen,
}

/// What was seen at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// What has to stand there.
    Found,
    /// Other values stand there, safe to show; the last entry may say how many more.
    Other(Vec<String>),
    /// A complete answer says that nothing of the kind is there.
    Nothing,
    /// No answer, or none that says anything, and why.
    Failed(String),
}

impl Seen {
    /// Values that came from outside: made safe, cut, and the first of them only.
    pub fn other<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut values: Vec<String> = values.into_iter().map(whole).collect();
        let more = values.len().saturating_sub(MOST_VALUES);
        values.truncate(MOST_VALUES);
        if more > 0 {
            values.push(format!("{} more", counted(more, "value", "values")));
        }
        Self::Other(values)
    }

    /// No answer; the reason may quote what came from outside.
    pub fn failed(why: &str) -> Self {
        Self::Failed(safe(why))
    }

    /// What was seen, for a person: it says no more than was seen.
    pub fn words(&self) -> String {
        match self {
            Self::Found => "found".to_owned(),
            Self::Other(values) if values.len() == 1 => format!("another value: {}", values[0]),
            Self::Other(values) => format!("other values: {}", values.join(", ")),
            Self::Nothing => "not found".to_owned(),
            Self::Failed(why) => format!("unknown: {why}"),
        }
    }
}

impl Sighting {
    /// One line: who said what, and where, if that is not the documented place.
    pub fn words(&self) -> String {
        let (server, seen) = (&self.server, self.seen.words());
        match &self.place {
            Placement::Record {
                kind: "TXT", name, ..
            } if name.starts_with(PREFIX) => {
                let documented = &name[PREFIX.len()..];
                format!("{server}: {seen} at {name}; the documented place is {documented}")
            }
            _ => format!("{server}: {seen}"),
        }
    }
}

/// A value with the blanks around it, which are all that sets some apart from the right one.
fn whole(value: &str) -> String {
    let inner = safe(value);
    if value.trim() == value {
        return inner;
    }
    let at = |is: bool| if is { " " } else { "" };
    let (before, after) = (
        at(value.trim_start() != value),
        at(value.trim_end() != value),
    );
    format!("\"{before}{inner}{after}\"")
}

/// A text from outside without blanks around it, safe to show and of limited length.
pub fn safe(text: &str) -> String {
    // Whatever comes, no more than this is looked at.
    let begun: String = text.trim().chars().take(LONGEST + 1).collect();
    let clean = sanitise(&begun);
    if clean.chars().count() <= LONGEST {
        return clean.into_owned();
    }
    let mut cut: String = clean.chars().take(LONGEST).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str) -> Placement {
        Placement::Record {
            kind: "TXT",
            name: name.into(),
            value: "abc".into(),
        }
    }

    fn sighting(name: &str, seen: Seen) -> Sighting {
        Sighting {
            place: record(name),
            server: "resolver 192.0.2.53".into(),
            seen,
        }
    }

    #[test]
    fn what_comes_from_outside_is_made_safe_and_cut() {
        let long = "x".repeat(70_000);
        let values = ["a\u{202e}b\u{1b}[2J", &long];
        let Seen::Other(kept) = Seen::other(values) else {
            panic!("{values:?}");
        };
        assert_eq!(kept[0], "a<U+202E>b<U+001B>[2J");
        assert_eq!(kept[1].chars().count(), LONGEST + 1);
        let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let Seen::Other(kept) = Seen::other(many.iter().map(String::as_str)) else {
            panic!("{many:?}");
        };
        assert_eq!(kept.len(), MOST_VALUES + 1);
        assert_eq!(kept[MOST_VALUES], "12 values more");
        assert_eq!(
            Seen::failed("\u{7}no").words(),
            "unknown: <U+0007>no",
            "a reason may quote the outside"
        );
    }

    #[test]
    fn words_say_what_was_seen_and_no_more() {
        assert_eq!(Seen::Found.words(), "found");
        assert_eq!(Seen::Nothing.words(), "not found");
        assert_eq!(Seen::other(["v=spf1"]).words(), "another value: v=spf1");
        assert_eq!(Seen::other([" abc "]).words(), "another value: \" abc \"");
        assert_eq!(Seen::other(["a", "b"]).words(), "other values: a, b");
        let found = sighting("_dnsauth.example.net", Seen::Found);
        assert_eq!(
            found.words(),
            "resolver 192.0.2.53: found at _dnsauth.example.net; the documented place is example.net"
        );
        let nothing = sighting("example.net", Seen::Nothing);
        assert_eq!(nothing.words(), "resolver 192.0.2.53: not found");
    }
}
