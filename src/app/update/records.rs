//! What the keys of the domains do beyond asking: the records that have to stand somewhere, copied, written or looked for.

use crate::app::domains::{MOST_RECORDS, Purpose, Read, Records};
use crate::app::effect::Effect;
use crate::app::engine::Engine;
use crate::app::model::Model;
use crate::app::names::NameRow;
use crate::app::picker::Picker;
use crate::app::popups::{Popup, prompts};
use crate::app::screen::Screen;
use crate::app::served::MOST;
use crate::app::status::Tone;
use crate::domain::dcv::Placement;
use crate::domain::ids::OrderId;
use crate::domain::text::{counted, sanitise};

/// Copies, writes or looks for what has to stand where, of the domain under the cursor or of all marked ones. Of one whose
/// record is on the screen, the menu of its parts opens.
pub(super) fn want_records(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let account = &model.engine.account;
    let chosen = model.domains.chosen(account);
    if chosen.is_empty() {
        return Vec::new();
    }
    if chosen.len() > MOST_RECORDS {
        let words = format!(
            "At most {MOST_RECORDS} at once, and {} are marked: filter, or unmark some.",
            chosen.len()
        );
        model.set_status(Tone::Warn, words);
        return Vec::new();
    }
    let now = model.engine.now;
    model.domains.records = Some(Records::of(chosen, purpose, account, now));
    records_came(model)
}

/// Looks what stands at these places now.
pub(super) fn look_up(model: &mut Model, places: Vec<Placement>) -> Vec<Effect> {
    if places.is_empty() {
        let words = "Nothing to look up: no record or file is known to have to stand anywhere.";
        model.set_status(Tone::Warn, words);
        return Vec::new();
    }
    let count = counted(places.len(), "place", "places");
    model.set_status(Tone::Info, format!("Looking up {count}…"));
    model.engine.outside.look(places)
}

/// Looks which certificates are served for these orders.
pub(super) fn look_served(model: &mut Model, orders: &[OrderId]) -> Vec<Effect> {
    let Engine {
        served, account, ..
    } = &mut model.engine;
    let (count, effects) = served.look(orders, account);
    let (tone, words) = if count > MOST {
        let words = format!("At most {MOST} places at once, and these are {count}: mark fewer.");
        (Tone::Warn, words)
    } else if count > 0 {
        (Tone::Info, served.left())
    } else if let [order] = orders {
        let wildcards = served.places(*order, account).wildcards;
        let words = match wildcards.first() {
            Some(name) => {
                format!("{name} is no host: name endpoints for it under [served] in the settings.")
            }
            None => "This order has no name that is served.".to_owned(),
        };
        (Tone::Warn, words)
    } else {
        let words = "None of these orders has a name that is served.".to_owned();
        (Tone::Warn, words)
    };
    model.set_status(tone, words);
    effects
}

/// A look at the outside ended: how many are left is said, as long as nothing else is.
pub(super) fn looked(model: &mut Model) {
    let Some(told) = &model.status else {
        return;
    };
    let engine = &model.engine;
    let words = if told.words.starts_with("Looking up ") {
        engine.outside.summary().unwrap_or_else(|| {
            let left = counted(engine.outside.looking(), "place", "places");
            format!("Looking up {left}…")
        })
    } else if told.words.starts_with("Looking at ") {
        let summary = engine.served.summary(&engine.account);
        summary.unwrap_or_else(|| engine.served.left())
    } else {
        return;
    };
    model.set_status(Tone::Info, words);
}

/// A domain came, perhaps the last of those whose records are wanted.
pub(super) fn records_came(model: &mut Model) -> Vec<Effect> {
    let Some(records) = &mut model.domains.records else {
        return Vec::new();
    };
    let purpose = records.purpose;
    let now = model.engine.account.by_account(model.engine.now);
    match records.read(&mut model.engine.account, now) {
        Read::Waits(left, reads) => {
            let left = counted(left, "domain", "domains");
            model.set_status(Tone::Info, format!("Loading {left}…"));
            reads
        }
        Read::Failed(id, why) => {
            model.domains.records = None;
            let name = model.engine.account.domains.get(id);
            let name = name.map_or_else(|| format!("domain {id}"), |domain| domain.name.clone());
            let words = format!("{} could not be loaded: {why}", sanitise(&name));
            model.set_status(Tone::Bad, words);
            Vec::new()
        }
        Read::Done {
            text,
            what,
            is_none,
            places,
        } => {
            let records = model.domains.records.take();
            let only = records.as_ref().and_then(Records::only);
            model.status = None;
            // Who is elsewhere by now gets nothing put before them.
            let is_here = model.screen == Screen::Domains
                && model.order.is_none()
                && model.form.is_none()
                && model.popups.is_empty();
            if !is_here && purpose != Purpose::LookUp {
                let words = "The records are loaded: press the key again.";
                model.set_status(Tone::Info, words);
                return Vec::new();
            }
            match purpose {
                // Of one the parts are chosen.
                Purpose::Copy if let Some(domain) = only.filter(|one| one.token.is_some()) => {
                    let row = NameRow::of_domain(domain);
                    let record = Popup::Record(Box::new(row), Picker::default());
                    model.popups.push(record);
                    Vec::new()
                }
                Purpose::Copy | Purpose::Write if is_none => {
                    let words = "No DCV record is known to have to stand anywhere for this.";
                    model.set_status(Tone::Warn, words);
                    Vec::new()
                }
                Purpose::Copy => vec![Effect::Copy {
                    text,
                    what,
                    force: false,
                }],
                Purpose::LookUp => look_up(model, places),
                Purpose::Write => {
                    let prompt = prompts::ask_text_path(text, what, "dcv-records.zone");
                    model.popups.push(prompt);
                    Vec::new()
                }
            }
        }
    }
}
