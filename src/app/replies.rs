//! What the engine tells, to whoever shows it: an answer that came, and what happened to what was sent.

use super::activity;
use super::bulk;
use super::download;
use super::effect::{Effect, Read};
use super::engine::{Answered, Engine};
use super::form::Form;
use super::model::Model;
use super::msg::{Data, Ended};
use super::opening;
use super::operations::{meanwhile, names};
use super::remote::Ticket;
use super::requests;
use super::turn::{Turn, WriteEvent};
use super::unjournaled;
use super::writes::End;
use crate::app::status::Tone;
use crate::domain::failure::Failure;
use crate::domain::write::WriteId;

/// Lets the engine do something, and follows what it tells.
pub(super) fn with_engine<T>(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    does: impl FnOnce(&mut Engine, &mut Turn) -> T,
) -> T {
    let mut turn = Turn::of(model.status.take());
    let answer = does(&mut model.engine, &mut turn);
    finish(model, turn, effects);
    answer
}

/// The same for the form that is open.
pub(super) fn with_form<T>(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    does: impl FnOnce(&mut Form, &mut Engine, &mut Turn) -> T,
) -> Option<T> {
    let form = model.form.as_mut()?;
    let mut turn = Turn::of(model.status.take());
    let answer = does(form, &mut model.engine, &mut turn);
    finish(model, turn, effects);
    Some(answer)
}

/// Takes over what a turn of a part brought.
fn finish(model: &mut Model, turn: Turn, effects: &mut Vec<Effect>) {
    model.status = turn.status;
    if turn.changed {
        model.changed_at = Some(model.engine.now);
    }
    let is_write = |effect: &Effect| matches!(effect, Effect::Write { .. });
    if turn.effects.iter().any(is_write) {
        let listed = model.bulks.values().flat_map(bulk::Bulk::sent).cloned();
        model.engine.writes.prune(&listed.collect());
    }
    effects.extend(turn.effects);
    for event in turn.events {
        effects.extend(follow(model, event));
    }
}

/// The same, for what is done.
pub(super) fn run(model: &mut Model, does: impl FnOnce(&mut Engine, &mut Turn)) -> Vec<Effect> {
    let mut effects = Vec::new();
    with_engine(model, &mut effects, does);
    effects
}

/// Something happened to what was sent.
fn follow(model: &mut Model, event: WriteEvent) -> Vec<Effect> {
    match event {
        WriteEvent::Decided(request) => {
            model.requests.marks.remove(&request);
            Vec::new()
        }
        WriteEvent::Arrived { name, drafts } => {
            let holds = |form: &mut Form| drafts.contains(&form.draft_key());
            if model.form.take_if(holds).is_none() {
                return Vec::new();
            }
            let words = format!("{name} arrived after all. Its form is closed.");
            activity::show(model);
            run(model, |_, turn| turn.announce(Tone::Warn, &words))
        }
        WriteEvent::Looked {
            op,
            trouble,
            said_yes_to,
        } => activity::looked(model, &op, trouble.as_ref(), said_yes_to.as_deref()),
        WriteEvent::Resent { before, now } => {
            bulk::sent_again(model, &before, &now);
            Vec::new()
        }
        WriteEvent::SentAllTheSame { op, outgoing } => {
            bulk::sent_after_all(model, &op, &outgoing);
            Vec::new()
        }
        WriteEvent::NoJournal { op, failure } => {
            let watch = model.engine.writes.get(&op);
            let prompt = watch.map(|watch| unjournaled::ask(watch, &failure));
            model.popups.extend(prompt);
            Vec::new()
        }
    }
}

/// A write ended: what sends several in a row goes on.
pub(super) fn write_ended(model: &mut Model, op: &WriteId, ended: Ended) -> Vec<Effect> {
    let mut effects = Vec::new();
    let end = with_engine(model, &mut effects, |engine, turn| {
        engine.on_ended(op, ended, turn)
    });
    all_ended(model, end.map(|end| (op.clone(), end)), &mut effects);
    effects
}

/// The same for several that were answered meanwhile.
pub(super) fn all_ended(
    model: &mut Model,
    ended: impl IntoIterator<Item = (WriteId, End)>,
    effects: &mut Vec<Effect>,
) {
    for (op, end) in ended {
        let in_run = bulk::is_current(model, &op);
        effects.extend(bulk::ended(model, &op, &end));
        // Of several the others go on; one by itself can be sent all the same.
        if let (
            End::Twin {
                failure,
                asks: true,
            },
            false,
        ) = (&end, in_run)
        {
            let watch = model.engine.writes.get(&op);
            let prompt = watch.map(|watch| unjournaled::ask_twice(watch, failure));
            model.popups.extend(prompt);
        }
    }
}

pub(super) fn reply(
    model: &mut Model,
    ticket: Ticket,
    read: &Read,
    result: Result<Data, Failure>,
) -> Vec<Effect> {
    if let (Read::Request(_), Ok(Data::Request(request))) = (read, &result) {
        meanwhile::request_came(model, request);
    }
    let mut effects = Vec::new();
    let answered = with_engine(model, &mut effects, |engine, turn| {
        engine.reply(ticket, read, result, turn)
    });
    if let Some(answered) = answered {
        effects.extend(show_answer(model, read, answered));
    }
    effects
}

/// Something came of the account: whoever shows it hears of it.
fn show_answer(model: &mut Model, read: &Read, answered: Answered) -> Vec<Effect> {
    match read {
        Read::Session => {
            let failure = model.engine.account.session.failure().cloned();
            opening::session(model, failure)
        }
        Read::Order(id) => {
            if answered.row_changed {
                let today = model.today();
                model.orders.rebuild(&model.engine.account, today);
            }
            opening::order_came(model, *id)
        }
        Read::Duplicates(id) | Read::Reissues(id) => {
            opening::gave_to_open(model, *id);
            names::read_shown(model, false)
        }
        Read::Requests => {
            model.requests.refresh(&model.engine.account.requests);
            meanwhile::look(model)
        }
        Read::RequestPage(..) => {
            model.requests.refresh(&model.engine.account.requests);
            let page = &model.engine.account.requests.others.page;
            if let Some(failure) = page.failure().cloned() {
                model.tell_failure(&failure);
            }
            Vec::new()
        }
        Read::Request(_) => {
            if answered.is_listed {
                requests::request_came(model);
            }
            for order in answered.orders {
                bulk::recheck(model, order);
            }
            Vec::new()
        }
        Read::Product(_) | Read::Limits(_) => {
            if let Some(order) = model.bulk {
                bulk::recheck(model, order);
            }
            Vec::new()
        }
        Read::Organization(_)
        | Read::Changes(_)
        | Read::OrdersByReference(_)
        | Read::Domains(..)
        | Read::Offer => Vec::new(),
        Read::Chain(id) => answered
            .chain
            .map_or_else(Vec::new, |chain| download::came(model, *id, &chain)),
    }
}
