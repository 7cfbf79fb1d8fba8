//! Connecting, and reading again what is looked at.

use super::accounts;
use super::turns::{read_names, run};
use crate::app::account::SyncState;
use crate::app::effect::{Effect, Read};
use crate::app::engine::Engine;
use crate::app::model::Model;
use crate::app::msg::Connection;
use crate::app::popups::{ConnectForm, Popup};
use crate::app::screen::Screen;
use crate::config::KeyPlace;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::OrderId;

/// The runtime connected, for the first time or to another account: everything of the old one goes.
pub(in crate::app) fn connected(model: &mut Model, connection: Connection) -> Vec<Effect> {
    let mut effects = match model.engine.account.name() {
        Some(old) if old != connection.account => accounts::leave(model),
        _ => Vec::new(),
    };
    let key = connection.key.clone();
    model.engine.account.connection = Some(connection);
    match key {
        Ok(_) => {
            model.typed_place = None;
            model
                .popups
                .retain(|popup| !matches!(popup, Popup::Connect(_)));
            effects.push(model.engine.account.read(Read::Session));
            effects.extend(refresh(model));
            // The list of another account, or of none, stands behind whatever is shown.
            if !matches!(model.engine.account.sync, SyncState::Running { .. }) {
                effects.push(model.engine.account.start_sync());
            }
            if !model.engine.account.requests.waiting.is_loading() {
                effects.push(model.engine.account.read(Read::Requests));
            }
            effects.extend(run(model, Engine::watch_again));
        }
        Err(failure) => effects.extend(ask_key(model, &failure)),
    }
    effects
}

/// What was typed to connect with was not taken: it stays, to be put right.
pub(in crate::app) fn not_connected(model: &mut Model, failure: &Failure) {
    let form = model.popups.iter_mut().find_map(|popup| match popup {
        Popup::Connect(form) => Some(form),
        _ => None,
    });
    if let Some(form) = form {
        form.refused(failure.to_string());
    } else {
        model.tell_failure(failure);
    }
}

/// It is known where a key can be kept here.
pub(in crate::app) fn key_places(
    model: &mut Model,
    places: Vec<KeyPlace>,
    kept: Option<&KeyPlace>,
) {
    for popup in &mut model.popups {
        if let Popup::Connect(form) = popup {
            form.found(places, kept);
            return;
        }
    }
}

/// Asks for region and key because the operator wants to.
pub(in crate::app) fn connect(model: &mut Model) -> Vec<Effect> {
    if let Some(Err(failure)) = model
        .engine
        .account
        .connection
        .as_ref()
        .map(|known| &known.key)
    {
        let failure = failure.clone();
        return ask_key(model, &failure);
    }
    let now = model.engine.account.connection.as_ref().map_or_else(String::new, |known| {
        format!(
            "Connected to {} as profile {}. What you enter here replaces it after CertCentral accepts it.",
            known.host(),
            known.profile
        )
    });
    let typed = model.typed_place.clone();
    ask(model, now, typed)
}

/// Asks for region and key, and says why.
pub(in crate::app) fn ask_key(model: &mut Model, failure: &Failure) -> Vec<Effect> {
    let asked = model
        .popups
        .iter()
        .any(|popup| matches!(popup, Popup::Connect(_)));
    if asked {
        not_connected(model, failure);
        return Vec::new();
    }
    // Nobody chose anything here: what is asked for belongs to the address that was tried.
    ask(model, failure.to_string(), None)
}

fn ask(model: &mut Model, why: String, typed: Option<(String, String)>) -> Vec<Effect> {
    let connection = model.engine.account.connection.as_ref();
    let form = Popup::Connect(Box::new(ConnectForm::ask(why, typed, connection)));
    // What is being read stays on top until it is read.
    let reading = |popup: &Popup| matches!(popup, Popup::Reader(_) | Popup::Help(_));
    let at = model.popups.iter().rposition(|popup| !reading(popup));
    model.popups.insert(at.map_or(0, |at| at + 1), form);
    vec![Effect::FindKeyPlaces]
}

/// The answer to "who am I". A key that the account does not know is asked for again.
pub(in crate::app) fn session(model: &mut Model, failure: Option<Failure>) -> Vec<Effect> {
    if let Some(failure) = failure
        && matches!(failure.kind, FailureKind::InvalidKey | FailureKind::NoKey)
    {
        return ask_key(model, &failure);
    }
    Vec::new()
}

/// Reads the screen's data again.
pub(in crate::app) fn refresh(model: &mut Model) -> Vec<Effect> {
    if let Some(Err(failure)) = model
        .engine
        .account
        .connection
        .as_ref()
        .map(|connection| &connection.key)
    {
        let failure = failure.clone();
        return ask_key(model, &failure);
    }
    if !model.engine.account.is_connected() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if model.engine.account.session.value().is_none() && !model.engine.account.session.is_loading()
    {
        effects.push(model.engine.account.read(Read::Session));
    }
    if let Some(id) = model.order.as_ref().map(|open| open.id) {
        effects.extend(model.engine.account.read_order(id, true));
        effects.extend(read_names(model, true));
        effects.extend(model.engine.account.read_organization(id, true));
        return effects;
    }
    match model.screen {
        Screen::Orders | Screen::Plan | Screen::Endpoints => {
            if model.screen == Screen::Plan || model.orders.asks_validations() {
                effects.extend(model.engine.account.read_validations());
            }
            effects.push(model.engine.account.start_sync());
            effects.push(model.engine.account.read(Read::Requests));
            // What is shown beside the list did not come the last time.
            let shown = model.current_order();
            let failed = |id: &OrderId| {
                let data = model.engine.account.known.get(id);
                data.is_some_and(|data| data.order.failure().is_some())
            };
            if let Some(id) = shown.filter(failed) {
                effects.extend(model.engine.account.read_order(id, true));
            }
        }
        Screen::Requests => {
            effects.push(model.engine.account.read(Read::Requests));
            effects.extend(model.engine.account.read_others());
        }
        Screen::Journal => effects.push(Effect::LoadJournal),
        Screen::Domains => {
            effects.extend(model.engine.account.read_validations());
            let under = model.domains.selected(&model.engine.account);
            let under = under.map(|domain| domain.id);
            effects.extend(model.engine.account.read_in_full(under));
        }
    }
    effects
}
