//! From a key's action to who does it: what holds everywhere is done the same way whatever lies over the screens.

use super::actions::on_screen;
use super::current;
use super::input;
use super::lists;
use super::quit::quit;
use super::turns::with_popups;
use crate::app::bulk::BulkList;
use crate::app::commands;
use crate::app::effect::Effect;
use crate::app::form::FormInput;
use crate::app::model::Model;
use crate::app::popups::operations::asking;
use crate::app::popups::{self, Palette, Popup, Reader};
use crate::app::status::Tone;
use crate::keys::{Action, Place, place_of};

/// Does what a key asked for, whatever lies over the screens.
pub(in crate::app) fn dispatch(model: &mut Model, action: Action) -> Vec<Effect> {
    let over = !model.popups.is_empty() || model.form.is_some() || model.bulk_screens.is_open();
    let mut action = action;
    match action {
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Interrupt => return quit(model),
        Action::Help => {
            let (places, typing) = (model.places(), model.is_typing());
            let reader = Reader::of_keys(&model.keymap, &places, typing, model.size.0);
            model.popups.push(Popup::Help(reader));
            return Vec::new();
        }
        // One level back; from the lists that is out.
        Action::Quit if over || model.order.is_some() => action = Action::Back,
        Action::PageDown | Action::PageUp if is_box(model) => {
            let page = (isize::try_from(model.size.1).unwrap_or(isize::MAX) - PAGE).max(1);
            model.paged += if action == Action::PageDown {
                page
            } else {
                -page
            };
            return Vec::new();
        }
        Action::Palette if model.is_asked() => return answer_first(model),
        Action::Palette => {
            let below = model.places();
            let all = commands::commands(model, &below);
            let palette = Palette::of(below, all);
            model.popups.push(Popup::Palette(Box::new(palette)));
            return Vec::new();
        }
        Action::ShowOrders
        | Action::ShowRequests
        | Action::ShowJournal
        | Action::ShowPlan
        | Action::ShowDomains
        | Action::ShowEndpoints
        | Action::ShowWatches
        | Action::ShowDrafts
        | Action::Connect
            if over =>
        {
            return leave_for(model, action);
        }
        _ => {}
    }
    if model.popups.is_empty() && model.form.is_some() {
        return input::to_form(model, FormInput::Action(action));
    }
    if model.popups.is_empty() && model.bulk_screens.is_open() {
        return lists::act(model, action);
    }
    match model.popups.last_mut() {
        None => on_screen(model, action),
        Some(Popup::Asking(asking)) if action == Action::Open => {
            if !asking.is_answered() {
                return Vec::new();
            }
            if let Some((words, effects)) = current::not_yet(model) {
                if let Some(Popup::Asking(asking)) = model.popups.last_mut() {
                    asking.fields.error = Some(words);
                }
                return effects;
            }
            with_popups(model, asking::confirm)
        }
        Some(_) => with_popups(model, |popups, cx| popups::act(popups, action, cx)),
    }
}

/// Lines of the screen that no box has, and one that both of two pages show.
const PAGE: isize = 7;

/// Whether a box of rows is on top, which is scrolled by pages.
fn is_box(model: &Model) -> bool {
    match model.popups.last() {
        Some(popup) => !matches!(
            popup,
            Popup::Help(_)
                | Popup::Reader(_)
                | Popup::Palette(_)
                | Popup::Sources(_)
                | Popup::Connect(_)
        ),
        None => model
            .form
            .as_ref()
            .is_some_and(|form| form.place() == Place::Prompt),
    }
}

/// Leaves what lies over the screens, and goes on there; a question is answered first.
fn leave_for(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.is_asked() {
        return answer_first(model);
    }
    // Nothing is left for what has nothing to show.
    if let Some(why) = commands::why_not(model, action)
        && matches!(action, Action::ShowWatches | Action::ShowDrafts)
    {
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    let list = model.bulk_screens.open();
    let list = list.and_then(|open| model.engine.bulk.get(open.id));
    if list.is_some_and(BulkList::is_running) {
        let stop = key_of(model, Action::Back);
        model.set_status(
            Tone::Warn,
            format!("A run is under way; press {stop} to stop it first."),
        );
        return Vec::new();
    }
    let is_shown = match model.popups.last() {
        Some(Popup::Watches(_)) => action == Action::ShowWatches,
        Some(Popup::Drafts(_)) => action == Action::ShowDrafts,
        _ => false,
    };
    if is_shown {
        model.set_status(Tone::Info, "This is already open.");
        return Vec::new();
    }
    model.popups.clear();
    let mut effects = Vec::new();
    if model.form.is_some() {
        effects.extend(input::leave_form(model));
    }
    if model.bulk_screens.is_open() {
        effects.extend(lists::act(model, Action::Back));
        model.bulk_screens.leave();
    }
    effects.extend(on_screen(model, action));
    effects
}

fn answer_first(model: &mut Model) -> Vec<Effect> {
    let (yes, no) = (key_of(model, Action::Open), key_of(model, Action::Back));
    let words = format!("Answer this first: {yes} or {no}.");
    model.set_status(Tone::Warn, words);
    Vec::new()
}

pub(in crate::app) fn key_of(model: &Model, action: Action) -> String {
    let key = model.keymap.key_of(&model.places(), action);
    key.unwrap_or_else(|| "no key".into())
}

/// A key of another screen: says why it does nothing here.
pub(in crate::app) fn tell_elsewhere(model: &mut Model, action: Action) {
    let words = commands::why_not(model, action).unwrap_or_else(|| place_of(action));
    model.set_status(Tone::Warn, words);
}
