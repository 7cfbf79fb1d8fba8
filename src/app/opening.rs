//! Connecting, and reading what the screens need when they need it.

use super::account::SyncState;
use super::accounts;
use super::bulk;
use super::current::Opening;
use super::effect::{Effect, Read};
use super::field::{FieldKind, TextField};
use super::form::Form;
use super::model::Model;
use super::msg::Connection;
use super::operations::{self, names};
use super::order::{OrderScreen, OrderTab};
use super::popup::{ConnectForm, Popup, REGIONS};
use super::preview::{Preview, PreviewTarget};
use super::remote::Opened;
use super::renewing;
use super::replies::{with_engine, with_form};
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::config::KeyPlace;
use crate::domain::draft::FormKind;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::OrderId;

/// The runtime connected, for the first time or to another account: everything of the old one goes.
pub(super) fn connected(model: &mut Model, connection: Connection) -> Vec<Effect> {
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
            // What an earlier session sent could not be looked for until now.
            let now = model.engine.now;
            for watch in &mut model.engine.writes.all {
                watch.hurry(now);
            }
            effects.extend(accounts::sort(model));
        }
        Err(failure) => effects.extend(ask_key(model, &failure)),
    }
    effects
}

/// What was typed to connect with was not taken: it stays, to be put right.
pub(super) fn not_connected(model: &mut Model, failure: &Failure) {
    let form = model.popups.iter_mut().find_map(|popup| match popup {
        Popup::Connect(form) => Some(form),
        _ => None,
    });
    if let Some(form) = form {
        form.trying = false;
        form.error = Some(failure.to_string());
    } else {
        model.tell_failure(failure);
    }
}

/// It is known where a key can be kept here.
pub(super) fn key_places(model: &mut Model, places: Vec<KeyPlace>, kept: Option<&KeyPlace>) {
    for popup in &mut model.popups {
        if let Popup::Connect(form) = popup {
            form.found(places, kept);
            return;
        }
    }
}

/// Asks for region and key because the operator wants to.
pub(super) fn connect(model: &mut Model) -> Vec<Effect> {
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
pub(super) fn ask_key(model: &mut Model, failure: &Failure) -> Vec<Effect> {
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

fn ask(model: &mut Model, why: String, typed: Option<(usize, String)>) -> Vec<Effect> {
    let url = model
        .engine
        .account
        .connection
        .as_ref()
        .map(|connection| connection.url.clone())
        .unwrap_or_default();
    let region = REGIONS
        .iter()
        .position(|(_, known)| *known == url)
        .unwrap_or(if url.is_empty() { 0 } else { REGIONS.len() - 1 });
    // A region has its address; the field is for another one and starts empty.
    let own = REGIONS.iter().all(|(_, known)| *known != url);
    let known = (region, if own { url } else { String::new() });
    let (region, url) = typed.unwrap_or(known);
    let mut key = TextField::new(FieldKind::Masked);
    key.set_focus(true);
    let form = Popup::Connect(Box::new(ConnectForm {
        region,
        url: TextField::with(FieldKind::Line, &url),
        key,
        places: None,
        keep: 0,
        focus: 2,
        trying: false,
        why,
        error: None,
    }));
    // What is being read stays on top until it is read.
    let reading = |popup: &Popup| matches!(popup, Popup::Reader(_) | Popup::Help(_));
    let at = model.popups.iter().rposition(|popup| !reading(popup));
    model.popups.insert(at.map_or(0, |at| at + 1), form);
    vec![Effect::FindKeyPlaces]
}

/// The answer to "who am I". A key that the account does not know is asked for again.
pub(super) fn session(model: &mut Model, failure: Option<Failure>) -> Vec<Effect> {
    if let Some(failure) = failure
        && matches!(failure.kind, FailureKind::InvalidKey | FailureKind::NoKey)
    {
        return ask_key(model, &failure);
    }
    Vec::new()
}

/// Reads the screen's data again.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
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
        effects.extend(names::read_shown(model, true));
        effects.extend(model.engine.account.read_organization(id, true));
        return effects;
    }
    match model.screen {
        Screen::Orders => {
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
    }
    effects
}

/// Opens an order on a tab.
pub(super) fn open(model: &mut Model, id: OrderId, tab: OrderTab) -> Vec<Effect> {
    model.orders.touched = true;
    model.order = Some(OrderScreen {
        id,
        tab,
        cursor: super::cursor::Cursor::default(),
    });
    model.preview = Preview::at(PreviewTarget::Order(id));
    model.engine.account.read_order(id, true)
}

/// Order info came: its requests are read one by one, for only there stand requester and CSR; and a form that
/// waited for it opens.
pub(super) fn order_came(model: &mut Model, id: OrderId) -> Vec<Effect> {
    let Some(data) = model.engine.account.known.get(&id) else {
        return Vec::new();
    };
    let Some(order) = data.order.value() else {
        let failure = data.order.failure().cloned();
        let waited = model.opening.take_if(|waited| waited.order == id);
        if let (Some(_), Some(failure)) = (waited, failure) {
            model.tell_failure(&failure);
        }
        return Vec::new();
    };
    let product = order.product.name_id.clone();
    let mut effects = Vec::new();
    if model.order.as_ref().is_some_and(|open| open.id == id) {
        effects.extend(names::read_shown(model, false));
    }
    if model.preview.order() == Some(id) {
        effects.extend(model.engine.account.read_organization(id, false));
    }
    if model.bulk == Some(id) {
        effects.extend(bulk::product(model, product));
        effects.extend(model.engine.account.read_limits_of(id));
    }
    gave_to_open(model, id);
    if let Some(waited) = model.opening.take_if(|waited| waited.order == id)
        && is_free(model)
        && model.current_order() == waited.seen
    {
        model.status = None;
        effects.extend(match waited.kind {
            FormKind::Renew => renewing::begin(model, id),
            kind => open_as_read(model, kind, id, waited.opened),
        });
    }
    effects.extend(renewing::follow(model));
    effects
}

/// Opens a form; one whose order is not known yet opens when it comes. That of a new order is about none. What is known is
/// read again.
pub(super) fn open_form(model: &mut Model, kind: FormKind, id: OrderId) -> Vec<Effect> {
    if kind == FormKind::NewOrder {
        return open_new(model);
    }
    model.opening = None;
    let known = model.engine.account.known.get(&id).map(|data| &data.order);
    let (is_known, failure) = known.map_or((false, None), |order| {
        (order.value().is_some(), order.failure().cloned())
    });
    if let Some(failure) = failure.filter(|_| !is_known) {
        model.tell_failure(&failure);
        return Vec::new();
    }
    let seen = model.current_order();
    let (opened, mut effects) = model.engine.account.open_order(id);
    if is_known {
        effects.extend(open_as_read(model, kind, id, opened));
    } else {
        model.opening = Some(Opening {
            kind,
            order: id,
            opened,
            seen,
        });
        model.set_status(
            Tone::Info,
            format!("Loading order {id}; the form opens when it is loaded."),
        );
    }
    effects
}

/// Opens a form on what is known of its order.
fn open_as_read(model: &mut Model, kind: FormKind, id: OrderId, opened: Opened) -> Vec<Effect> {
    let mut effects = Vec::new();
    let form = with_engine(model, &mut effects, |engine, turn| {
        Form::of_order(kind, id, opened, engine, turn)
    });
    model.form = form.or(model.form.take());
    effects
}

/// Whether a form that was asked for earlier may open: nothing is typed or asked now.
fn is_free(model: &Model) -> bool {
    model.form.is_none() && model.bulk.is_none() && model.popups.is_empty()
}

/// Opens a reissue that is stored as a duplicate, in place of this duplicate.
pub(super) fn open_as_reissue(model: &mut Model, duplicate: &Form) -> Vec<Effect> {
    let mut effects = open_form(model, FormKind::Reissue, duplicate.order.id);
    with_form(model, &mut effects, |form, engine, turn| {
        form.go_on_from(duplicate, engine, turn);
    });
    effects
}

/// Opens the form of a new order.
pub(super) fn open_new(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let form = with_engine(model, &mut effects, Form::of_new_order);
    model.form = Some(form);
    effects
}

/// The order was read, or a list of its certificates: whatever is open of it holds what it has against that.
pub(super) fn gave_to_open(model: &mut Model, id: OrderId) {
    bulk::recheck(model, id);
    operations::order_came(model, id);
}
