//! Keys and pastes: to a text field if one is typed in, else through the key table to an action.

use crossterm::event::{KeyEvent, KeyEventKind};
use jiff::SignedDuration;

use super::activity;
use super::bulk;
use super::current;
use super::cursor::Move;
use super::dispatch;
use super::duplicate_by_names;
use super::effect::Effect;
use super::field::{MAX_BYTES, TextField};
use super::fields;
use super::form::{Form, FormInput, Then};
use super::key_guard::Refused;
use super::layout::Layout;
use super::model::Model;
use super::opening;
use super::operations;
use super::order::OrderTab;
use super::palette;
use super::popup::Popup;
use super::preview;
use super::prompts;
use super::replies::with_form;
use super::requests;
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::domain::text::{bytes, counted};
use crate::keys::{Action, Chord, Place};

/// How long after a letter of a filter of requests those are read that it looks through: the account is not asked for each
/// letter.
const TYPED: SignedDuration = SignedDuration::from_millis(250);

/// A key was pressed.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
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
    if model.popups.is_empty() && model.bulk.is_some() {
        bulk::typed(model, key);
    } else {
        typed(model, Typed::Key(key));
    }
    Vec::new()
}

/// Whether a list or an order has the focus, and nothing is typed.
fn on_screens(model: &Model) -> bool {
    model.popups.is_empty() && model.form.is_none() && model.bulk.is_none() && !model.is_filtering()
}

/// Text was pasted: it goes into the field that is typed in, or nowhere.
pub(super) fn paste(model: &mut Model, mut text: String) -> Vec<Effect> {
    if model.popups.is_empty() && model.form.is_some() {
        model.status = None;
        return to_form(model, FormInput::Paste(text));
    }
    if model.popups.is_empty() && model.bulk.is_some() {
        bulk::paste(model, text);
        return Vec::new();
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
pub(super) fn cut(model: &mut Model) -> Option<String> {
    let popup = model.popups.last_mut().and_then(Popup::field_mut);
    let mut fields: Vec<&mut TextField> = popup.into_iter().collect();
    fields.extend([&mut model.orders.filter, &mut model.requests.filter]);
    if let Some(form) = &mut model.form {
        fields.extend(form.text_fields());
    }
    fields.extend(model.bulks.values_mut().map(|bulk| &mut bulk.paths));
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
    let requests = model.is_filtering() && model.screen == Screen::Requests;
    if let Typed::Key(key) = &typed
        && model.key_guard.consume(key.code)
    {
        return;
    }
    let (changed, refused) = {
        let field = match model.popups.last_mut() {
            Some(Popup::Connect(form)) if !matches!(form.focus, 1 | 2) => {
                if let Typed::Key(key) = typed
                    && let Some(by) = fields::turns(key)
                {
                    form.choose(by);
                }
                return;
            }
            Some(Popup::Asking(asking)) if !asking.is_typing() => {
                if let Typed::Key(key) = typed {
                    operations::asking::choose(asking, key);
                }
                return;
            }
            Some(popup) => popup.field_mut(),
            None if requests => Some(&mut model.requests.filter),
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
    if changed && filtering && model.screen == Screen::Requests {
        model.requests.cursor = super::cursor::Cursor::default();
        model.requests.touched = false;
        // What is typed is looked for in all, whichever were shown before.
        model.requests.set = requests::Set::default();
        model.requests.refilter(&model.engine.account.requests);
        model.requests.due = model.engine.now.checked_add(TYPED).ok();
    } else if changed && filtering {
        model.orders.refilter(&model.engine.account, today);
    }
    if changed {
        palette::search(model);
        duplicate_by_names::search(model);
    }
}

/// Hands to the form what it asked for; one that was opened since gets nothing of it.
pub(super) fn reply_to_form(model: &mut Model, asked: &str, input: FormInput) -> Vec<Effect> {
    let open = model.form.as_ref().map(Form::draft_key);
    if open.is_some_and(|open| open == asked) {
        to_form(model, input)
    } else {
        late(model, &input)
    }
}

/// Hands something to the form and does what it wants.
pub(super) fn to_form(model: &mut Model, input: FormInput) -> Vec<Effect> {
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
            activity::show(model);
        }
        Some(Then::AsReissue) => {
            if let Some(form) = model.form.take() {
                effects.extend(opening::open_as_reissue(model, &form));
            }
        }
    }
    let in_review = model.form.as_ref().and_then(Form::reviewed_outgoing);
    if in_review.is_none() {
        model.changed_at = None;
    } else if !reviewing {
        with_form(model, &mut effects, |form, engine, _| {
            form.review_opened(engine)
        });
        effects.extend(current::review_opened(model));
    }
    effects
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
        form.review_opened(engine)
    });
    model.set_status(Tone::Warn, why);
    Some(effects)
}

/// Closes the form; what was typed is kept, and that is told.
pub(super) fn leave_form(model: &mut Model) -> Vec<Effect> {
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
pub(super) fn keep_draft(model: &mut Model) -> Vec<Effect> {
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
    prompts::quit(model)
}

/// Keeps the cursor of an order's tab inside its rows.
pub(super) fn settle_tab(model: &mut Model) {
    let (len, rows) = (tab_len(model), tab_rows(model));
    if let Some(open) = &mut model.order {
        open.cursor.set(open.cursor.at, len);
        open.cursor.show(len, rows);
    }
}

/// How many rows the tab of the open order has; text tabs scroll by their first line.
pub(super) fn tab_len(model: &Model) -> usize {
    let Some(open) = &model.order else { return 0 };
    let Some(data) = model.engine.account.known.get(&open.id) else {
        return 0;
    };
    match open.tab {
        OrderTab::Certificates => data.certificates().len(),
        OrderTab::Requests => data.requests().len(),
        OrderTab::Domains => {
            crate::app::writes::names::all_names(data, open.id, &model.engine.writes.all).len()
        }
        OrderTab::Overview | OrderTab::Activity => usize::from(u16::MAX),
    }
}

fn tab_rows(model: &Model) -> usize {
    let layout = model.layout();
    // The order's title and its tabs stand above.
    let lines = layout.side.unwrap_or(layout.main).height.saturating_sub(2);
    let below = model.order.as_ref().and_then(|open| open.tab.below());
    let lines = Layout::above(lines, tab_len(model), below.unwrap_or_default());
    usize::from(lines).saturating_sub(1)
}

/// How many rows of the screen's list are seen.
pub(super) fn list_rows(model: &Model) -> usize {
    usize::from(model.list_lines(model.layout().main.height)).saturating_sub(1)
}

/// Moves the cursor of whatever has the focus.
pub(super) fn go(model: &mut Model, go: Move) {
    let rows = list_rows(model);
    if model.order.is_some() {
        let (len, rows) = (tab_len(model), tab_rows(model));
        if let Some(open) = &mut model.order {
            open.cursor.go(go, len, rows);
        }
        return;
    }
    model.preview.moving = true;
    match model.screen {
        Screen::Orders => model.orders.touched = true,
        Screen::Requests => model.requests.touched = true,
        Screen::Journal => model.journal.touched = true,
    }
    let (len, cursor) = model.list();
    let before = cursor.top;
    cursor.go(go, len, rows);
    if matches!(go, Move::By(_)) {
        let by = cursor.top as isize - before as isize;
        preview::slide(model, by);
    }
}
