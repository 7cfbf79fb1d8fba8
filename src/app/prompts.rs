//! Questions: approve or reject with a comment, where to write, replace a file, leave, region and key.

use super::bulk;
use super::download;
use super::effect::Effect;
use super::field::TextField;
use super::fields;
use super::input;
use super::journal;
use super::model::{ChainUse, Model};
use super::popup::{ConnectForm, Popup, Prompt, PromptKind, REGIONS};
use super::replies::run;
use super::secret::Secret;
use crate::app::status::Tone;
use crate::domain::text::counted;
use crate::domain::write::WriteId;
use crate::keys::{Action, Place};

/// Keys in a question.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Popup::Connect(form)) = model.popups.last_mut() {
        match action {
            Action::NextField => return focus(form, 1),
            Action::PreviousField => return focus(form, -1),
            Action::Open => return connect(model),
            Action::Back => {
                let trying = form.trying;
                model.typed_place = Some((form.region, form.url.text()));
                model.popups.pop();
                if model
                    .engine
                    .account
                    .connection
                    .as_ref()
                    .is_none_or(|known| known.key.is_err())
                {
                    let key = model.keymap.key_of(&[Place::Everywhere], Action::Connect);
                    let key = key.map_or_else(
                        || ": connect".to_owned(),
                        |key| format!("{key}, or : connect,"),
                    );
                    model.set_status(
                        Tone::Info,
                        format!("Not connected; press {key} to try again."),
                    );
                }
                return Vec::from_iter(trying.then_some(Effect::StopConnecting));
            }
            _ => return Vec::new(),
        }
    }
    match action {
        Action::Back => {
            model.popups.pop();
            Vec::new()
        }
        Action::Open => answer(model),
        Action::Complete | Action::NextField if let Some(typed) = path_typed(model) => {
            vec![Effect::CompletePath { typed }]
        }
        _ => {
            model.set_status(Tone::Info, "There is nowhere else to go here.");
            Vec::new()
        }
    }
}

/// The path that is typed so far, where one is asked for.
fn path_typed(model: &Model) -> Option<String> {
    let Some(Popup::Prompt(prompt)) = model.popups.last() else {
        return None;
    };
    let field = prompt.field.as_ref().filter(|_| prompt.asks_path());
    field.map(TextField::text)
}

fn focus(form: &mut ConnectForm, by: isize) -> Vec<Effect> {
    let other = REGIONS
        .get(form.region)
        .is_none_or(|(_, url)| url.is_empty());
    let stops: &[usize] = if other { &[0, 1, 2, 3] } else { &[0, 2, 3] };
    form.focus = fields::after(stops, form.focus, by);
    form.url.set_focus(form.focus == 1);
    form.key.set_focus(form.focus == 2);
    Vec::new()
}

fn connect(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Connect(form)) = model.popups.last_mut() else {
        return Vec::new();
    };
    if form.trying {
        return Vec::new();
    }
    let url = form.base_url();
    let key = form.key.text().trim().to_string();
    let problem = if url.is_empty() {
        Some("Enter the URL, for example https://www.digicert.com/services/v2")
    } else if key.is_empty() {
        Some("Enter the API key. CertCentral shows it once, under Automation > API Keys.")
    } else if key.contains(char::is_whitespace) || !key.is_ascii() {
        Some("This is not an API key: it contains spaces or other characters that no key has.")
    } else {
        None
    };
    if let Some(problem) = problem {
        form.error = Some(problem.into());
        return Vec::new();
    }
    // The key stays in its field: a wrong region is put right without it.
    form.trying = true;
    form.error = None;
    vec![Effect::Connect {
        url,
        key: Secret::new(key),
        keep: form.place().cloned(),
    }]
}

fn answer(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Prompt(prompt)) = model.popups.pop() else {
        return Vec::new();
    };
    let mut prompt = *prompt;
    let text = prompt
        .field
        .as_ref()
        .map(TextField::text)
        .unwrap_or_default();
    if let Some((word, why)) = prompt.kind.asks()
        && text.trim() != word
    {
        prompt.error = Some(why);
        model.popups.push(Popup::Prompt(Box::new(prompt)));
        return Vec::new();
    }
    match prompt.kind {
        PromptKind::WriteTo(subject) => {
            let path = text.trim().to_string();
            if path.is_empty() {
                prompt.error = Some("Enter a file name.".into());
                prompt.kind = PromptKind::WriteTo(subject);
                model.popups.push(Popup::Prompt(Box::new(prompt)));
                return Vec::new();
            }
            model.set_status(
                Tone::Info,
                format!("Loading certificate {}…", subject.certificate),
            );
            let id = subject.certificate;
            let read = download::fetch(model, id, ChainUse::Write(subject, path));
            read.into_iter().collect()
        }
        PromptKind::BulkFolder(order) => bulk::write_all(model, order, &text),
        PromptKind::Overwrite { path, text, what } => vec![Effect::WriteFile {
            path,
            text,
            what,
            overwrite: true,
        }],
        PromptKind::ForceCopy { text, what } => vec![Effect::Copy {
            text,
            what,
            force: true,
        }],
        PromptKind::Dismiss(op) => journal::dismiss(model, op),
        PromptKind::SendAgain { op, .. } => run(model, |engine, turn| {
            let (writes, mut below) = engine.writes(turn);
            writes.resend(&op, &mut below);
        }),
        PromptKind::Unjournaled { op, .. } => send_all_the_same(model, &op, true),
        PromptKind::Twice { op, .. } => send_all_the_same(model, &op, false),
        PromptKind::Quit => leave(model),
    }
}

fn send_all_the_same(model: &mut Model, op: &WriteId, unjournaled: bool) -> Vec<Effect> {
    run(model, |engine, turn| {
        let (writes, mut below) = engine.writes(turn);
        writes.send_all_the_same(op, unjournaled, &mut below);
    })
}

/// Leaves, or asks first when something is unfinished.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let mut unfinished = Vec::new();
    // The demo keeps nothing, and its account ends with it.
    let forgets = model
        .engine
        .account
        .connection
        .as_ref()
        .is_some_and(|to| to.sandbox);
    if model.form.as_ref().is_some_and(super::form::Form::is_dirty) {
        unfinished.push(if forgets {
            "A form is open; the demo does not keep what you type.".to_string()
        } else if model.engine.drafts.keeps_nothing {
            "A form is open; what you type cannot be kept.".to_string()
        } else {
            "A form is open; its draft is kept.".to_string()
        });
    } else if model.engine.drafts.keeps_nothing && !forgets && !model.engine.drafts.texts.is_empty()
    {
        let forms = counted(
            model.engine.drafts.texts.len(),
            "unsent draft",
            "unsent drafts",
        );
        unfinished.push(format!("{forms} cannot be kept."));
    }
    let sending = model
        .engine
        .writes
        .all
        .iter()
        .filter(|watch| watch.stage == crate::domain::write::Stage::Sending)
        .count();
    if let Some(batch) = &model.engine.writes.batch {
        let left = counted(
            batch.rest.len(),
            "request is waiting",
            "requests are waiting",
        );
        unfinished.push(format!(
            "{left} for the previous decision and would not be decided."
        ));
    }
    for bulk in model.bulks.values().filter(|bulk| bulk.is_running()) {
        let left = bulk.counts(&model.engine.writes.all).rest;
        unfinished.push(format!(
            "A bulk run is under way; {left} of it would not be sent."
        ));
    }
    if sending > 0 {
        let under_way = counted(sending, "request is", "requests are");
        unfinished.push(format!("{under_way} under way without a response yet."));
    }
    let waiting = model
        .engine
        .writes
        .all
        .iter()
        .filter(|watch| watch.stage.is_open())
        .count()
        - sending;
    if waiting > 0 {
        let waits = counted(waiting, "change is", "changes are");
        unfinished.push(format!(
            "{waits} not finished yet; {}.",
            if forgets {
                "the demo's account ends with it"
            } else {
                "CertCentral continues without you"
            }
        ));
    }
    if unfinished.is_empty() {
        return leave(model);
    }
    if model
        .popups
        .iter()
        .any(|popup| matches!(popup, Popup::Prompt(prompt) if prompt.kind == PromptKind::Quit))
    {
        return Vec::new();
    }
    unfinished.push("Enter quit · Esc stay".into());
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::Quit,
        title: "Quit certdeck?".into(),
        body: unfinished,
        field: None,
        error: None,
    })));
    Vec::new()
}

fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = input::keep_draft(model);
    effects.push(Effect::Quit(0));
    effects
}
