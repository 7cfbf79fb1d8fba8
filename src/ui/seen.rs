//! What was seen of a place outside the account, in lines for the block below a list and in one word for a column.

use ratatui::style::Style;

use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use crate::app::outside::Outside;
use crate::domain::dcv::Placement;
use crate::domain::sighting::{Seen, Sighting};

/// What each server said of a place, and when that was looked up.
pub(super) fn lines(outside: &Outside, place: &Placement, theme: &Theme, facts: &mut Facts<'_>) {
    let Some(look) = outside.at(place) else {
        return;
    };
    if let Some((at, sightings)) = &look.seen {
        for one in sightings {
            facts.styled("Seen", &one.words(), style(&one.seen, theme));
        }
        let words = format!("{}, from here", when::moment(*at));
        facts.fact("Looked up", &words);
    }
    if look.looking {
        facts.styled("Seen", "looking up…", theme.dim);
    }
}

/// The same in one word: what the most telling of the servers said.
pub(super) fn word(
    outside: &Outside,
    place: Option<&Placement>,
    theme: &Theme,
) -> (&'static str, Style) {
    let Some(look) = place.and_then(|place| outside.at(place)) else {
        return ("", theme.dim);
    };
    let Some((_, sightings)) = &look.seen else {
        return ("…", theme.dim);
    };
    let any = |is: fn(&Seen) -> bool| sightings.iter().any(|one: &Sighting| is(&one.seen));
    if sightings.iter().all(|one| one.seen == Seen::Found) {
        ("found", theme.good)
    } else if any(|seen| *seen == Seen::Found) {
        ("partly", theme.warn)
    } else if any(|seen| matches!(seen, Seen::Other(_))) {
        ("other", theme.warn)
    } else if any(|seen| *seen == Seen::Nothing) {
        ("none", theme.warn)
    } else {
        ("unknown", theme.dim)
    }
}

fn style(seen: &Seen, theme: &Theme) -> Style {
    match seen {
        Seen::Found => theme.good,
        Seen::Other(_) | Seen::Nothing => theme.warn,
        Seen::Failed(_) => theme.dim,
    }
}
