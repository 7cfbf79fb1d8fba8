//! Opens orders, forms and lists of CSRs; what was asked for before its order was known opens when that comes.

use super::lists::to_lists;
use super::turns::{read_names, with_engine, with_form, with_popups};
use crate::app::cursor::Cursor;
use crate::app::effect::Effect;
use crate::app::form::Form;
use crate::app::model::{Model, Opening};
use crate::app::order::{OrderScreen, OrderTab};
use crate::app::popups::{operations, renewing, request};
use crate::app::preview::{Preview, PreviewTarget};
use crate::app::remote::Opened;
use crate::app::status::Tone;
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;

/// Opens an order on a tab.
pub(in crate::app) fn open(model: &mut Model, id: OrderId, tab: OrderTab) -> Vec<Effect> {
    model.orders.touched = true;
    model.order = Some(OrderScreen {
        id,
        tab,
        cursor: Cursor::default(),
    });
    model.preview = Preview::at(PreviewTarget::Order(id));
    model.engine.account.read_order(id, true)
}

/// Order info came: its requests are read one by one, for only there stand requester and CSR; and a form that
/// waited for it opens.
pub(in crate::app) fn on_order(model: &mut Model, id: OrderId) -> Vec<Effect> {
    let Some(data) = model.engine.account.known.get(&id) else {
        return Vec::new();
    };
    if data.order.value().is_none() {
        let failure = data.order.failure().cloned();
        let waited = model.opening.take_if(|waited| waited.order == id);
        if let (Some(_), Some(failure)) = (waited, failure) {
            model.tell_failure(&failure);
        }
        return gave_to_open(model, id);
    }
    let mut effects = Vec::new();
    if model.order.as_ref().is_some_and(|open| open.id == id) {
        effects.extend(read_names(model, false));
    }
    if model.preview.order() == Some(id) {
        effects.extend(model.engine.account.read_organization(id, false));
    }
    effects.extend(to_lists(model, |lists, _, below| lists.on_order(id, below)));
    effects.extend(gave_to_open(model, id));
    if let Some(waited) = model.opening.take_if(|waited| waited.order == id)
        && is_free(model)
        && model.current_order() == waited.seen
    {
        model.status = None;
        effects.extend(match waited.kind {
            FormKind::Renew => with_popups(model, |popups, cx| renewing::begin(popups, id, cx)),
            kind => open_as_read(model, kind, id, waited.opened),
        });
    }
    effects.extend(with_popups(model, |popups, cx| {
        renewing::follow(popups, cx);
        request::follow(popups, cx);
    }));
    effects
}

/// Opens a form; one whose order is not known yet opens when it comes. That of a new order is about none. What is known is
/// read again.
pub(in crate::app) fn open_form(model: &mut Model, kind: FormKind, id: OrderId) -> Vec<Effect> {
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

/// Opens a form that asks for these names; that of a new order for one like this order.
pub(in crate::app) fn open_named(
    model: &mut Model,
    kind: FormKind,
    id: OrderId,
    names: &[String],
) -> Vec<Effect> {
    let mut effects = open_form(model, kind, id);
    if !names.is_empty() && model.opening.is_none() {
        with_form(model, &mut effects, |form, engine, turn| {
            let like = engine.account.orders.get(id).map(|row| row.summary());
            form.ask_for(names, like.as_ref(), turn);
        });
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
    model.form.is_none() && !model.bulk_screens.is_open() && model.popups.is_empty()
}

/// Opens a reissue that is stored as a duplicate, in place of this duplicate.
pub(in crate::app) fn open_as_reissue(model: &mut Model, duplicate: &Form) -> Vec<Effect> {
    let mut effects = open_form(model, FormKind::Reissue, duplicate.order.id);
    with_form(model, &mut effects, |form, engine, turn| {
        form.go_on_from(duplicate, engine, turn);
    });
    effects
}

/// Opens the form of a new order.
pub(in crate::app) fn open_new(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let form = with_engine(model, &mut effects, Form::of_new_order);
    model.form = Some(form);
    effects
}

/// The order was read, or a list of its certificates: whatever is open of it holds what it has against that.
pub(in crate::app) fn gave_to_open(model: &mut Model, id: OrderId) -> Vec<Effect> {
    with_popups(model, |popups, cx| {
        operations::on_order(popups, id, cx.engine, cx.turn);
        operations::orders::on_order(popups, cx);
    })
}
