//! What the keys of the endpoints do.

use std::collections::BTreeSet;

use super::lists;
use super::turns::with_popups;
use crate::app::advice::{self, Asked};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::popups::{self, request};
use crate::app::remote::Remote;
use crate::app::screen::Screen;
use crate::app::served::MOST;
use crate::app::status::Tone;
use crate::domain::endpoint::Target;
use crate::domain::endpoint_list;
use crate::domain::endpoint_plan::Step;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::text::{counted, sanitise};

/// Looks which certificate is served at the endpoint under the cursor, or at all marked ones.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let chosen = model.endpoints.chosen().len();
    if chosen > MOST {
        let words = format!(
            "At most {MOST} endpoints at once, and {chosen} are marked: filter, or unmark some."
        );
        model.set_status(Tone::Warn, words);
        return Vec::new();
    }
    let places = model.endpoints.places(&model.engine);
    let (_, effects) = model.engine.served.look_at(places);
    let words = model.engine.served.left();
    model.set_status(Tone::Info, words);
    effects
}

/// Steps that a sentence names.
const NAMED: usize = 3;

/// Endpoints that certificates are requested for at once, at most: for each all orders are looked through.
const MOST_REQUESTED: usize = 100;

/// Requests a certificate for the endpoint under the cursor, or for all marked ones: several at once where one list takes them.
pub(super) fn request(model: &mut Model) -> Vec<Effect> {
    let mut asked = model.endpoints.asked(&model.engine);
    if asked.len() > MOST_REQUESTED {
        let words = format!("At most {MOST_REQUESTED} endpoints at once: unmark some.");
        model.set_status(Tone::Warn, words);
        return Vec::new();
    }
    if asked.len() == 1 {
        let asked = asked.swap_remove(0);
        return with_popups(model, |popups, cx| request::ask(popups, asked, cx));
    }
    // By which orders others were renewed stands in their info alone: it is read first.
    model.requesting = asked;
    for asked in &model.requesting {
        let order = advice::unread(&model.engine, asked);
        let data = order.and_then(|order| model.engine.account.known.get_mut(&order));
        // What could not be read the last time is tried again.
        if let Some(data) = data.filter(|data| data.order.failure().is_some()) {
            data.order = Remote::Idle;
        }
    }
    go_on(model)
}

/// Goes on with the request for several endpoints once it is known by which orders others were renewed.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    if model.requesting.is_empty() {
        return Vec::new();
    }
    let is_here = model.screen == Screen::Endpoints && model.order.is_none();
    if !is_here || !model.popups.is_empty() || model.form.is_some() || model.endpoints.typing {
        model.requesting.clear();
        return Vec::new();
    }
    let engine = &model.engine;
    let unread = model
        .requesting
        .iter()
        .filter_map(|one| advice::unread(engine, one));
    let unread: BTreeSet<OrderId> = unread.collect();
    if unread.is_empty() {
        let asked = std::mem::take(&mut model.requesting);
        return request_all(model, &asked);
    }
    let failed = unread.iter().find_map(|order| {
        let failure = engine.account.known.get(order)?.order.failure()?;
        Some(format!(
            "By which order {order} was renewed is not known: {failure}"
        ))
    });
    if let Some(words) = failed {
        model.requesting.clear();
        model.set_status(Tone::Bad, sanitise(&words));
        return Vec::new();
    }
    let orders = counted(unread.len(), "order was", "orders were");
    model.set_status(
        Tone::Info,
        format!("Loading by which others {orders} renewed…"),
    );
    advice::read_ways(&mut model.engine, model.requesting.iter())
}

/// One list for all of them, where they differ in the order alone.
fn request_all(model: &mut Model, asked: &[Asked]) -> Vec<Effect> {
    let steps: BTreeSet<Step> = asked
        .iter()
        .map(|one| advice::advise(&model.engine, one).decision.step)
        .collect();
    let reissues = steps.iter().map(|step| match step {
        Step::Reissue(order) => Some(*order),
        _ => None,
    });
    if let Some(orders) = reissues.collect::<Option<Vec<OrderId>>>() {
        return lists::open_reissues(model, &orders);
    }
    if let (Some(Step::Duplicate(order)), 1) = (steps.first(), steps.len()) {
        let count = counted(asked.len(), "CSR", "CSRs");
        let effects = lists::open(model, (*order).into(), None);
        let words =
            format!("All of these get a duplicate of order {order}: {count}, one for each.");
        model.set_status(Tone::Info, words);
        return effects;
    }
    let mut words: Vec<String> = steps.iter().take(NAMED).map(|step| step.words()).collect();
    if steps.len() > NAMED {
        words.push(format!("{} more", steps.len() - NAMED));
    }
    let words = format!(
        "One at a time: these differ ({}). A list takes several reissues, or several duplicates of one order.",
        words.join(", ")
    );
    model.set_status(Tone::Warn, words);
    Vec::new()
}

/// Asks before the endpoint under the cursor, or all marked ones, are removed, as far as they were added here.
pub(super) fn ask_remove(model: &mut Model) {
    let ids = model.endpoints.chosen_added();
    let all: Vec<Target> = ids
        .iter()
        .filter_map(|id| model.engine.added.get(*id).cloned())
        .collect();
    if all.is_empty() {
        let words = "Only endpoints that were added here are removed; those of orders and settings go with these.";
        model.set_status(Tone::Warn, words);
    } else {
        model.popups.push(popups::ask_remove(ids, &all));
    }
}

/// A file that lists endpoints was read.
pub(super) fn file_read(model: &mut Model, path: &str, result: Result<String, Failure>) {
    let listed = match result {
        Ok(text) => endpoint_list::parse(&text),
        Err(failure) => return model.tell_failure(&failure),
    };
    match listed {
        // Who does something else by now is not asked.
        Ok(_) if !model.popups.is_empty() || model.form.is_some() => {
            let words = format!("{} is read; add it again.", sanitise(path));
            model.set_status(Tone::Info, words);
        }
        Ok(all) => model.popups.push(popups::ask_add(all, Some(path))),
        Err(why) => {
            let words = format!("{}: {why}. Nothing was added.", sanitise(path));
            model.set_status(Tone::Bad, words);
        }
    }
}
