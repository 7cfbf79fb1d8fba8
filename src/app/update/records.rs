//! What the keys of the domains do beyond asking: the records that have to stand somewhere, copied or written.

use crate::app::domains::{Purpose, Read, Records};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::names::NameRow;
use crate::app::picker::Picker;
use crate::app::popups::{Popup, prompts};
use crate::app::status::Tone;
use crate::domain::dcv::Placement;
use crate::domain::text::counted;

/// Copies or writes what has to stand where, of the domain under the cursor or of all marked ones. Of one that is known, the
/// menu of its parts opens.
pub(super) fn want_records(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let chosen = model.domains.chosen(&model.engine.account);
    if let (Purpose::Copy, [one], 0) = (purpose, chosen.as_slice(), model.domains.marked())
        && let Some(domain) = model.engine.account.domains.get(*one)
        && domain.token.is_some()
    {
        let row = NameRow::of_domain(domain);
        let record = Popup::Record(Box::new(row), Picker::default());
        model.popups.push(record);
        return Vec::new();
    }
    if chosen.is_empty() {
        return Vec::new();
    }
    let (records, mut effects) = Records::of(chosen, purpose, &mut model.engine.account);
    model.domains.records = Some(records);
    effects.extend(records_came(model));
    effects
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

/// A domain came, perhaps the last of those whose records are wanted.
pub(super) fn records_came(model: &mut Model) -> Vec<Effect> {
    let Some(records) = &model.domains.records else {
        return Vec::new();
    };
    let purpose = records.purpose;
    match records.read(&model.engine.account) {
        Read::Waits(left) => {
            let left = counted(left, "domain", "domains");
            model.set_status(Tone::Info, format!("Loading {left}…"));
            Vec::new()
        }
        Read::Failed(id, why) => {
            model.domains.records = None;
            let words = format!("Domain {id} could not be loaded: {why}");
            model.set_status(Tone::Bad, words);
            Vec::new()
        }
        Read::Done { text, what, places } => {
            model.domains.records = None;
            model.status = None;
            match purpose {
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
