//! What ends an open question by itself: its requests are decided meanwhile, by another desk or from here, or its order does
//! not allow it any more. It closes, and says why; sent from there it would be about what is no more.

use super::asking::{MOST_READ, What, retell, title};
use super::refusal;
use crate::app::account::OrderData;
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::popups::{Popup, PromptKind};
use crate::app::status::Tone;
use crate::app::writes::resend;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use crate::domain::text::sanitise;
use crate::domain::write::{Stage, WriteKind};

/// The list of requests that wait came: what is asked about and is not among them is looked at by itself.
pub(in crate::app) fn look(popups: &[Popup], cx: &mut Cx<'_>) {
    let account = &mut cx.engine.account;
    let waiting = account.requests.waiting.value().into_iter().flatten();
    let waiting: Vec<RequestId> = waiting.map(|request| request.id).collect();
    let asked = popups.iter().filter_map(|popup| match popup {
        Popup::Asking(asking) => Some(asking.requests()),
        _ => None,
    });
    let gone = asked
        .flatten()
        .map(|(id, _)| *id)
        .filter(|id| !waiting.contains(id))
        .take(MOST_READ);
    cx.turn.extend(account.read_requests(gone));
}

/// A request came by itself: a question about it has no object any more where it is decided.
pub(in crate::app) fn on_request(popups: &mut Vec<Popup>, request: &Request, cx: &mut Cx<'_>) {
    if !request.status.is_open() {
        close(popups, &[end_of(request)], cx);
    }
}

/// What is known now may be the end of an open question: its requests are decided, or its order does not allow it any
/// more.
pub(in crate::app) fn settle(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    close_sent_again(popups, cx);
    let Some(asking) = popups.iter().rev().find_map(|popup| match popup {
        Popup::Asking(asking) => Some(asking),
        _ => None,
    }) else {
        return;
    };
    if let What::Operation(operation, order) = &asking.what {
        let Some(why) = refusal(cx.engine, operation, *order) else {
            return;
        };
        popups.retain(|popup| !matches!(popup, Popup::Asking(_)));
        let words = format!("{why} Nothing was sent.");
        cx.turn.set_status(Tone::Warn, words);
        return;
    }
    let ends: Vec<End> = asking
        .requests()
        .iter()
        .filter_map(|(id, order)| end_known(cx.engine, *id, *order))
        .collect();
    if !ends.is_empty() {
        close(popups, &ends, cx);
    }
}

/// What is asked to be sent again was found meanwhile.
fn close_sent_again(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let about = |popup: &Popup| match popup {
        Popup::Prompt(prompt) => match &prompt.kind {
            PromptKind::SendAgain { op, .. } => Some(op.clone()),
            _ => None,
        },
        _ => None,
    };
    let Some(op) = popups.iter().find_map(about) else {
        return;
    };
    if let Some(why) = resend::why_not(&cx.engine.writes, &op) {
        popups.retain(|popup| about(popup).is_none());
        let words = format!("Not sent again: {why}");
        cx.turn.set_status(Tone::Warn, words);
    }
}

/// How a request that is asked about ended meanwhile.
type End = (RequestId, String);

fn end_of(request: &Request) -> End {
    let by = request.processor.as_ref().map(|person| &person.name);
    let by = by.filter(|name| !name.is_empty());
    let by = by.map_or_else(String::new, |name| format!(" by {name}"));
    let status = request.status.label();
    (request.id, format!("was {status} in the meantime{by}"))
}

/// How it ended, as far as any list, its order or what this desk sent tells.
fn end_known(engine: &Engine, id: RequestId, order: Option<OrderId>) -> Option<End> {
    let of_order = order.and_then(|order| engine.account.known.get(&order));
    let of_order = of_order.into_iter().flat_map(OrderData::requests);
    let of_order = of_order.filter(|row| row.id == id);
    let mut rows = of_order.chain(engine.account.requests.listed(id));
    if let Some(row) = rows.find(|row| !row.status.is_open()) {
        return Some(end_of(row));
    }
    let own = engine.writes.all.iter().find(|watch| {
        let decides = matches!(watch.outgoing.kind, WriteKind::Approve | WriteKind::Reject);
        let whole = !watch.before.first_step || watch.outgoing.kind == WriteKind::Reject;
        decides
            && whole
            && watch.outgoing.request == Some(id)
            && matches!(watch.stage, Stage::Completed(_))
    })?;
    let status = match own.outgoing.kind {
        WriteKind::Approve => "approved",
        _ => "rejected",
    };
    Some((id, format!("was {status} in the meantime from here")))
}

/// Takes what is decided out of the questions that ask about it; one that asks about nothing else closes. That is told.
fn close(popups: &mut Vec<Popup>, ends: &[End], cx: &mut Cx<'_>) {
    let is_over = |id: RequestId| ends.iter().find(|(over, _)| *over == id);
    let (mut told, mut left) = (Vec::new(), 0);
    popups.retain_mut(|popup| {
        let Popup::Asking(asking) = popup else {
            return true;
        };
        let What::Decide { approve, requests } = &mut asking.what else {
            return true;
        };
        requests.retain(|(id, _)| match is_over(*id) {
            Some((id, how)) => {
                told.push(format!("Request {id} {how}"));
                false
            }
            None => true,
        });
        left = requests.len();
        asking.title = title(*approve, left);
        left > 0
    });
    if told.is_empty() {
        return;
    }
    // What else is decided meanwhile stands in lists that nobody read since.
    if cx.engine.account.is_connected() {
        cx.turn.extend(cx.engine.account.read_lists_of_requests());
    }
    retell(popups, cx.engine, cx.turn);
    let words = match left {
        0 => format!("{}. Nothing was sent from this question.", told.join(", ")),
        1 => format!("{}: the question is about the other one.", told.join(", ")),
        many => format!(
            "{}: the question is about the other {many}.",
            told.join(", ")
        ),
    };
    cx.turn.set_status(Tone::Warn, sanitise(&words));
}
