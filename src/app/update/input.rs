//! Keys and pastes: to a text field if one is typed in, else through the key table to an action.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::current;
use super::dispatch;
use super::lists::in_list;
use super::open;
use super::quit::quit;
use super::turns::with_form;
use crate::app::commands;
use crate::app::effect::Effect;
use crate::app::engine::Engine;
use crate::app::field::{MAX_BYTES, TextField};
use crate::app::form::{Form, FormInput, Then};
use crate::app::key_guard::{LEFT_OUT, Refused};
use crate::app::model::Model;
use crate::app::popups::{Popup, activity};
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::domain::text::{bytes, counted};
use crate::domain::write::Outgoing;
use crate::keys::{Action, Chord, Place};

/// A key was pressed.
pub(in crate::app) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let chord = Chord::of(key);
    let typing = model.is_typing();
    let in_form =
        model.popups.is_empty() && model.form.as_ref().is_some_and(|form| form.takes(key));
    let resolve = |places: &[Place]| model.keymap.resolve(places, chord);
    // Where a letter only finds a choice, the key for the help is still that.
    let helps = !model.writes_letters() && resolve(&[Place::Everywhere]) == Some(Action::Help);
    let action = if helps && typing {
        Some(Action::Help)
    } else if in_form {
        None
    } else {
        model.asked_by(chord)
    };
    let elsewhere = match action {
        None if on_screens(model) => resolve(Place::SCREENS),
        _ => None,
    };
    let leaving = std::mem::take(&mut model.leaving);
    if action == Some(Action::Interrupt) {
        return interrupt(model, leaving);
    }
    if matches!(action, Some(Action::Suspend | Action::Redraw)) {
        model.leaving = leaving;
    } else {
        model.status = None;
    }
    if action.is_some() {
        model.key_guard.stop();
    }
    if !matches!(action, Some(Action::PageDown | Action::PageUp)) {
        model.paged = 0;
    }
    if matches!(action, Some(Action::Back | Action::Quit)) {
        model.opening = None;
    }
    if let Some(action) = action {
        return dispatch::dispatch(model, action);
    }
    if let Some(action) = elsewhere {
        dispatch::tell_elsewhere(model, action);
        return Vec::new();
    }
    if model.popups.is_empty() && model.form.is_some() {
        return to_form(model, FormInput::Key(key));
    }
    if model.popups.is_empty() && model.bulk_screens.is_open() {
        return in_list(model, |open, engine, turn| open.typed(key, engine, turn));
    }
    typed(model, Typed::Key(key));
    Vec::new()
}

/// Whether a list or an order has the focus, and nothing is typed.
fn on_screens(model: &Model) -> bool {
    model.popups.is_empty()
        && model.form.is_none()
        && !model.bulk_screens.is_open()
        && !model.is_filtering()
}

/// Text was pasted: it goes into the field that is typed in, or nowhere.
pub(in crate::app) fn paste(model: &mut Model, mut text: String) -> Vec<Effect> {
    if model.popups.is_empty() && model.form.is_some() {
        model.status = None;
        return to_form(model, FormInput::Paste(text));
    }
    if model.popups.is_empty() && model.bulk_screens.is_open() {
        return in_list(model, |open, engine, turn| open.paste(text, engine, turn));
    }
    if refused(model, &mut text) {
        return Vec::new();
    }
    if model.is_typing() {
        typed(model, Typed::Paste(text));
    } else {
        model.set_status(
            Tone::Warn,
            "You can paste only into a text field, and keys as fast as a paste count as one: use / or a form (d, r).",
        );
    }
    Vec::new()
}

/// What to say of text that found no room in its field.
pub(in crate::app) fn cut(model: &mut Model) -> Option<String> {
    let popup = model.popups.last_mut().and_then(Popup::field_mut);
    let mut fields: Vec<&mut TextField> = popup.into_iter().collect();
    fields.extend([
        &mut model.orders.filter,
        &mut model.requests.filter,
        &mut model.domains.filter,
        &mut model.endpoints.filter,
    ]);
    if let Some(form) = &mut model.form {
        fields.extend(form.text_fields());
    }
    let list = model.bulk_screens.open_mut();
    fields.extend(list.into_iter().flat_map(|list| list.fields.texts_mut()));
    let cut: usize = fields.into_iter().map(TextField::take_cut).sum();
    (cut > 0).then(|| {
        format!(
            "A field holds at most {}: {} left out of this. Check that all that counts is there.",
            bytes(MAX_BYTES),
            counted(cut, "byte was", "bytes were")
        )
    })
}

/// A private key belongs into no field: it is wiped, with whatever of it is still to come.
fn refused(model: &mut Model, text: &mut String) -> bool {
    let refused = model.key_guard.pasted(text);
    if let Some(words) = refused.and_then(Refused::words) {
        model.set_status(Tone::Bad, words);
    }
    refused.is_some()
}

enum Typed {
    Key(KeyEvent),
    Paste(String),
}

/// Something was typed into a field that is not a form's.
fn typed(model: &mut Model, typed: Typed) {
    let today = model.today();
    let filtering = model.popups.is_empty();
    let filters = |screen| model.is_filtering() && model.screen == screen;
    let (requests, domains) = (filters(Screen::Requests), filters(Screen::Domains));
    let endpoints = filters(Screen::Endpoints);
    if let Typed::Key(key) = &typed
        && model.key_guard.consume(key.code)
    {
        model.set_status(Tone::Bad, LEFT_OUT);
        return;
    }
    let (changed, refused) = {
        let field = match model.popups.last_mut() {
            Some(popup) => {
                if let Typed::Key(key) = typed {
                    popup.turn(key);
                }
                popup.field_mut()
            }
            None if requests => Some(&mut model.requests.filter),
            None if domains => Some(&mut model.domains.filter),
            None if endpoints => Some(&mut model.endpoints.filter),
            None if model.orders.typing => Some(&mut model.orders.filter),
            None => None,
        };
        let Some(field) = field else { return };
        let changed = match typed {
            Typed::Key(key) => field.key(key),
            Typed::Paste(text) => field.paste(&text),
        };
        (changed, model.key_guard.typed(field))
    };
    if let Some(words) = refused.and_then(Refused::words) {
        model.set_status(Tone::Bad, words);
    }
    if !changed {
        return;
    }
    if filtering && model.screen == Screen::Requests {
        let now = model.engine.now;
        model.requests.typed(&model.engine.account.requests, now);
    } else if filtering && model.screen == Screen::Domains {
        let now = model.account_now();
        model.domains.refilter(&model.engine.account, today, now);
    } else if filtering && model.screen == Screen::Endpoints {
        model.endpoints.refilter(&model.engine, today);
    } else if filtering {
        model.orders.refilter(&model.engine, today);
    }
    search(model);
}

/// What is typed in a popup that finds something is looked up.
pub(super) fn search(model: &mut Model) {
    match model.popups.last() {
        Some(Popup::Palette(palette)) => {
            let all = commands::commands(model, &palette.below);
            if let Some(Popup::Palette(palette)) = model.popups.last_mut() {
                palette.search(all);
            }
        }
        Some(Popup::Sources(_)) => {
            if let Some(Popup::Sources(sources)) = model.popups.last_mut() {
                sources.search(&model.engine);
            }
        }
        _ => {}
    }
}

/// Hands to the form what it asked for; one that was opened since gets nothing of it.
pub(in crate::app) fn reply_to_form(
    model: &mut Model,
    asked: &str,
    input: FormInput,
) -> Vec<Effect> {
    let open = model.form.as_ref().map(Form::draft_key);
    if open.is_some_and(|open| open == asked) {
        to_form(model, input)
    } else {
        late(model, &input)
    }
}

/// Hands something to the form and does what it wants.
pub(in crate::app) fn to_form(model: &mut Model, input: FormInput) -> Vec<Effect> {
    if matches!(input, FormInput::Action(Action::Open))
        && let Some(effects) = not_yet(model)
    {
        return effects;
    }
    let Some(form) = &model.form else {
        return late(model, &input);
    };
    let reviewing = form.reviewed_outgoing().is_some();
    let mut effects = Vec::new();
    let then = with_form(model, &mut effects, |form, engine, turn| {
        form.on_input(input, engine, turn)
    });
    match then {
        None | Some(Then::Stay) => {}
        Some(Then::Close) => model.form = None,
        Some(Then::Sent) => {
            model.form = None;
            activity::show(&mut model.popups, &model.engine);
        }
        Some(Then::AsReissue) => {
            if let Some(form) = model.form.take() {
                effects.extend(open::open_as_reissue(model, &form));
            }
        }
    }
    let in_review = model.form.as_ref().and_then(Form::reviewed_outgoing);
    if in_review.is_none() {
        model.changed_at = None;
    } else if !reviewing {
        with_form(model, &mut effects, |form, engine, _| {
            form.review_opened(engine);
        });
        effects.extend(current::review_opened(model));
        let names = model.form.as_ref().and_then(Form::reviewed_outgoing);
        let names = names.map(Outgoing::names).unwrap_or_default();
        effects.extend(look_at_caa(model, &names));
    }
    effects
}

/// While a review is read, what CAA says of its names is looked up beside it.
pub(super) fn look_at_caa(model: &mut Model, names: &[String]) -> Vec<Effect> {
    let Engine {
        outside,
        account,
        now,
        ..
    } = &mut model.engine;
    outside.look_at_caa(names, account, *now)
}

/// A yes in a review that does not count yet: the review stays, and it is sent from there once what it rests on is known.
fn not_yet(model: &mut Model) -> Option<Vec<Effect>> {
    let form = model.form.as_ref().filter(|form| form.is_confirmed())?;
    let outgoing = form.reviewed_outgoing()?.clone();
    // A yes that is kept is settled where it is kept.
    let not_yet = match model.yes {
        Some(_) => None,
        None => model.engine.writes.why_not_yet(&outgoing),
    };
    let (why, effects) = match not_yet {
        Some(why) => (why, Vec::new()),
        None => current::not_yet(model)?,
    };
    let mut effects = effects;
    with_form(model, &mut effects, |form, engine, _| {
        form.review_opened(engine);
    });
    model.set_status(Tone::Warn, why);
    Some(effects)
}

/// Closes the form; what was typed is kept, and that is told.
pub(in crate::app) fn leave_form(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    with_form(model, &mut effects, Form::leave);
    model.form = None;
    effects
}

/// Something came for a form that is gone: a key file that was made must not go unmentioned.
fn late(model: &mut Model, input: &FormInput) -> Vec<Effect> {
    match input {
        FormInput::KeyMade(Ok(made)) => {
            let words = format!(
                "The private key was written to {} after its form was closed.",
                made.path
            );
            model.set_status(Tone::Warn, words);
        }
        FormInput::KeyMade(Err(failure)) | FormInput::Edited(Err(failure)) => {
            model.tell_failure(failure);
        }
        _ => {}
    }
    Vec::new()
}

/// Keeps what is typed in the open form.
pub(in crate::app) fn keep_draft(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    with_form(model, &mut effects, Form::keep);
    effects
}

/// Ctrl-C: asks when something is unfinished; a second time leaves at once.
fn interrupt(model: &mut Model, again: bool) -> Vec<Effect> {
    if again {
        let mut effects = keep_draft(model);
        effects.push(Effect::Quit(0));
        return effects;
    }
    model.leaving = true;
    quit(model)
}
