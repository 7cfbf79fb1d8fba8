//! Leaving the program: what is unfinished is told first.

use super::input;
use crate::app::effect::Effect;
use crate::app::form::Form;
use crate::app::model::Model;
use crate::app::popups::{Popup, Prompt, PromptKind};
use crate::domain::text::counted;
use crate::domain::write::Stage;

/// Leaves, or asks first when something is unfinished.
pub(in crate::app) fn quit(model: &mut Model) -> Vec<Effect> {
    let mut unfinished = Vec::new();
    // The demo keeps nothing, and its account ends with it.
    let forgets = model
        .engine
        .account
        .connection
        .as_ref()
        .is_some_and(|to| to.sandbox);
    if model.form.as_ref().is_some_and(Form::is_dirty) {
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
        .filter(|watch| watch.stage == Stage::Sending)
        .count();
    let batch = model.engine.writes.batch.as_ref();
    if let Some(batch) = batch.filter(|batch| !batch.rest.is_empty()) {
        let left = counted(batch.rest.len(), "change is waiting", "changes are waiting");
        unfinished.push(format!("{left} for the one before and would not be sent."));
    }
    for list in model.engine.bulk.running() {
        let left = list.counts(&model.engine.writes.all).rest;
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
    let installs = &model.engine.installs;
    if installs.under_way() > 0 {
        let name = installs
            .command
            .as_ref()
            .map_or("a command", |one| &one.name);
        unfinished.push(format!(
            "{name} is running; it goes on, and its end would not be known."
        ));
    }
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
    unfinished.extend(
        model
            .engine
            .installs
            .waiting_words()
            .map(|words| words + "."),
    );
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

pub(in crate::app) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = input::keep_draft(model);
    effects.push(Effect::Quit(0));
    effects
}
