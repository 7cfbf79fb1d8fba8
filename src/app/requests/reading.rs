//! Reading requests: those in other states page by page, as the filter asks for them, and one in full when the cursor
//! rests on it.

use crate::app::account::is_unread;
use crate::app::effect::{Effect, Read};
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::operations::asking;
use crate::app::order::OrderTab;
use crate::app::remote::Remote;
use crate::app::screen::Screen;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Wanted;

/// Requests of an order that are read above the cursor, and as many below it.
const AROUND: usize = 20;

/// Reads the first page of what the filter asks for, unless that is what there is already, or all of it is among what
/// there is.
pub(super) fn want(model: &mut Model) -> Vec<Effect> {
    let wanted = model.requests.in_force.wanted();
    let others = &model.engine.account.requests.others;
    let is_whole = others.next.is_none() && matches!(others.page, Remote::Ready { .. });
    let holds = is_whole && is_within(wanted.as_ref(), others.wanted.as_ref());
    if wanted == others.wanted || (wanted.is_some() && holds) {
        return Vec::new();
    }
    want_these(model, wanted)
}

/// Reads what the filter that is being typed looks through, unless that is being read or there already. A name is looked
/// for in what comes: asking the account anew for each letter of it would be a call a letter.
pub(in crate::app) fn want_typed(model: &mut Model) -> Vec<Effect> {
    let now = model.engine.now;
    if model.requests.due.take_if(|due| *due <= now).is_none() {
        return Vec::new();
    }
    let wanted = model.requests.in_force.wanted();
    let wanted = wanted.map(|wanted| Wanted {
        name: None,
        ..wanted
    });
    if wanted.is_none()
        || is_within(
            wanted.as_ref(),
            model.engine.account.requests.others.wanted.as_ref(),
        )
    {
        return Vec::new();
    }
    want_these(model, wanted)
}

/// Whether all that is wanted is among what was wanted before.
fn is_within(wanted: Option<&Wanted>, before: Option<&Wanted>) -> bool {
    let (Some(wanted), Some(before)) = (wanted, before) else {
        return false;
    };
    let all = before.status.is_empty();
    let some =
        !wanted.status.is_empty() && wanted.status.iter().all(|one| before.status.contains(one));
    (all || some)
        && (before.kind.is_none() || before.kind == wanted.kind)
        && (before.name.is_none() || before.name == wanted.name)
}

fn want_these(model: &mut Model, wanted: Option<Wanted>) -> Vec<Effect> {
    model.engine.account.requests.want(wanted);
    model.requests.refresh(&model.engine.account.requests);
    model.engine.account.read_others().into_iter().collect()
}

/// A request came in full.
pub(in crate::app) fn request_came(model: &mut Model) {
    model.requests.refresh(&model.engine.account.requests);
    asking::retell(model);
}

/// Reads on where the cursor comes to what is not read yet.
pub(in crate::app) fn keep_reading(model: &mut Model) -> Vec<Effect> {
    match &model.order {
        Some(open) if open.tab == OrderTab::Requests => {
            let (id, at) = (open.id, open.cursor.at);
            requests_of(model, id, at)
        }
        Some(_) => Vec::new(),
        None => next_page(model).into_iter().collect(),
    }
}

/// Of an order with a long history only the newest requests are read at once: here those around the cursor.
fn requests_of(model: &mut Model, id: OrderId, at: usize) -> Vec<Effect> {
    if !model.engine.account.is_connected() {
        return Vec::new();
    }
    let Some(data) = model.engine.account.known.get(&id) else {
        return Vec::new();
    };
    let above = at.saturating_sub(AROUND);
    let near = data.requests().iter().skip(above).take(2 * AROUND);
    let unread = near.filter(|request| !data.requests.contains_key(&request.id));
    let unread: Vec<RequestId> = unread.map(|request| request.id).collect();
    unread
        .into_iter()
        .map(|id| model.engine.account.read(Read::Request(id)))
        .collect()
}

/// Reads the next page once the cursor comes near the end of what is shown, or the filter lets too few through. After
/// a failure nothing is read until it is asked for.
fn next_page(model: &mut Model) -> Option<Effect> {
    let screen = &model.requests;
    let others = &model.engine.account.requests.others;
    let looked_at = model.screen == Screen::Requests;
    let rests = matches!(others.page, Remote::Ready { .. });
    let near = screen.cursor.at + Layout::list_rows(model.layout().main);
    if !looked_at || !rests || near < screen.view.len() {
        return None;
    }
    let read = Read::RequestPage(others.wanted.clone()?, others.next?);
    Some(model.engine.account.read(read))
}

/// Reads requests of the list in full that are not known so, or changed since.
pub(in crate::app) fn look_closer(
    model: &mut Model,
    wanted: impl IntoIterator<Item = RequestId>,
) -> Vec<Effect> {
    if !model.engine.account.is_connected() {
        return Vec::new();
    }
    let mut unread = Vec::new();
    for id in wanted {
        let screen = &model.engine.account.requests;
        let Some(row) = screen.listed(id) else {
            continue;
        };
        if !is_unread(screen.details.get(&id), &row.status) {
            continue;
        }
        // Its order has it already, or it is on its way for that.
        let of_order = row
            .order
            .and_then(|order| model.engine.account.known.get(&order));
        let of_order = of_order.and_then(|data| data.requests.get(&id));
        match of_order.filter(|full| !is_unread(Some(full), &row.status)) {
            Some(full) => {
                let full = full.clone();
                model.engine.account.requests.details.insert(id, full);
                model.engine.account.requests.merge();
                model.requests.refresh(&model.engine.account.requests);
            }
            None => unread.push(id),
        }
    }
    let unread = unread.into_iter();
    unread
        .map(|id| model.engine.account.read(Read::Request(id)))
        .collect()
}
