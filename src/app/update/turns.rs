//! What the parts of the desk bring, taken over: their effects and words, what happened to what was sent, what they ask
//! those above for, and an answer of the account for whoever shows it.

use super::actions::on_screen;
use super::connection;
use super::dispatch::dispatch;
use super::lists;
use super::open;
use super::quit::leave;
use super::records::records_came;
use crate::app::account::Account;
use crate::app::bulk_screen::BulkScreens;
use crate::app::cx::Cx;
use crate::app::download::Purpose;
use crate::app::effect::{Effect, Read};
use crate::app::engine::{Answered, Engine};
use crate::app::form::Form;
use crate::app::model::{Model, Opening};
use crate::app::msg::Data;
use crate::app::order::OrderTab;
use crate::app::order_actions::subject_of_order;
use crate::app::popups::operations::{asking, domains, meanwhile};
use crate::app::popups::{Popup, activity, unjournaled};
use crate::app::preview::PreviewTarget;
use crate::app::remote::Ticket;
use crate::app::requests::RequestsScreen;
use crate::app::status::{Status, Tone};
use crate::app::subject::ChainUse;
use crate::app::turn::{Open, Outcome, Turn, WriteEvent};
use crate::app::writes::names;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;

/// Lets the engine do something, and follows what it tells.
pub(in crate::app) fn with_engine<T>(
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
pub(in crate::app) fn with_form<T>(
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

/// The same for the lists of CSRs as they are shown.
pub(in crate::app) fn with_lists<T>(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    does: impl FnOnce(&mut BulkScreens, &mut Engine, &mut Turn) -> T,
) -> T {
    let mut turn = Turn::of(model.status.take());
    let answer = does(&mut model.bulk_screens, &mut model.engine, &mut turn);
    finish(model, turn, effects);
    answer
}

/// The same for what lies over the screens.
pub(in crate::app) fn with_popups(
    model: &mut Model,
    does: impl FnOnce(&mut Vec<Popup>, &mut Cx<'_>),
) -> Vec<Effect> {
    let box_lines = model.box_lines();
    let mut turn = Turn::of(model.status.take());
    let mut cx = Cx {
        engine: &mut model.engine,
        keys: &model.keymap,
        size: model.size,
        box_lines,
        turn: &mut turn,
    };
    does(&mut model.popups, &mut cx);
    let mut effects = Vec::new();
    finish(model, turn, &mut effects);
    effects
}

/// The same for the list of requests.
pub(in crate::app) fn with_requests(
    model: &mut Model,
    does: impl FnOnce(&mut RequestsScreen, &mut Account, &mut Turn),
) -> Vec<Effect> {
    let mut turn = Turn::of(model.status.take());
    does(&mut model.requests, &mut model.engine.account, &mut turn);
    let mut effects = Vec::new();
    finish(model, turn, &mut effects);
    effects
}

/// Fetches a certificate with its chain.
pub(in crate::app) fn fetch(model: &mut Model, purpose: ChainUse) -> Vec<Effect> {
    let mut turn = Turn::of(model.status.take());
    model.downloads.fetch(purpose, &mut model.engine, &mut turn);
    let mut effects = Vec::new();
    finish(model, turn, &mut effects);
    effects
}

/// Fetches the certificates of several orders.
fn gather(model: &mut Model, purpose: Purpose, orders: Vec<OrderId>) -> Vec<Effect> {
    let engine = &model.engine;
    let each = orders.into_iter();
    let orders = each
        .map(|order| (order, subject_of_order(engine, order)))
        .collect();
    let mut turn = Turn::of(model.status.take());
    let engine = &mut model.engine;
    model.downloads.gather(purpose, orders, engine, &mut turn);
    let mut effects = Vec::new();
    finish(model, turn, &mut effects);
    effects
}

/// Reads the domains of the open order when its names are what is looked at.
pub(in crate::app) fn read_names(model: &mut Model, anew: bool) -> Vec<Effect> {
    let open = model.order.as_ref();
    let Some(open) = open.filter(|open| open.tab == OrderTab::Domains) else {
        return Vec::new();
    };
    let engine = &mut model.engine;
    names::read(&mut engine.account, &engine.writes, open.id, anew)
}

/// Does what a part asks those above for.
fn apply(model: &mut Model, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Open(Open::Certificates(order, certificate)) => {
            let effects = open::open(model, order, OrderTab::Certificates);
            let data = model.engine.account.known.get(&order);
            if let (Some(open), Some(data)) = (&mut model.order, data) {
                let all = data.certificates();
                let mut ids = all.iter().map(|row| row.id);
                if let Some(at) = ids.position(|id| id.is_some() && id == certificate) {
                    open.cursor.set(at, all.len());
                }
            }
            effects
        }
        Outcome::Open(Open::Form(kind, order)) => open::open_form(model, kind, order),
        Outcome::Open(Open::Named(kind, order, names)) => {
            open::open_named(model, kind, order, &names)
        }
        Outcome::Open(Open::Bulk(id, beside)) => lists::open(model, id, beside),
        Outcome::Act { action, here: true } => dispatch(model, action),
        Outcome::Act { action, .. } => on_screen(model, action),
        Outcome::Fetch(purpose) => fetch(model, *purpose),
        Outcome::Gather(action, orders) => gather(model, Purpose::Copy(action), orders),
        Outcome::WriteMarked(orders, folder) => gather(model, Purpose::Write(folder), orders),
        Outcome::WriteAll(id, folder) => lists::write_all(model, id, Some(&folder)),
        Outcome::LeftConnecting(region, url) => {
            model.typed_place = Some((region, url));
            Vec::new()
        }
        Outcome::Quit => leave(model),
    }
}

/// Takes over what a turn of a part brought.
fn finish(model: &mut Model, mut turn: Turn, effects: &mut Vec<Effect>) {
    model.engine.settle(&mut turn);
    model.status = turn.status;
    if turn.changed {
        model.changed_at = Some(model.engine.now);
    }
    effects.extend(turn.effects);
    for event in turn.events {
        effects.extend(follow(model, event));
    }
    for outcome in turn.outcomes {
        effects.extend(apply(model, outcome));
    }
    effects.extend(lists::open_review(model));
}

/// The same, for what is done.
pub(in crate::app) fn run(
    model: &mut Model,
    does: impl FnOnce(&mut Engine, &mut Turn),
) -> Vec<Effect> {
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
        // What is marked is what is still to be done.
        WriteEvent::Taken(outgoing) => {
            if let Some(domain) = outgoing.domain() {
                model.domains.marks.remove(&domain);
            } else if let Some(order) = outgoing.order.filter(|_| outgoing.request.is_none())
                && !model.engine.writes.batch_waits_for(order)
            {
                model.orders.marks.remove(&order);
            }
            Vec::new()
        }
        WriteEvent::Arrived { name, drafts } => {
            let holds = |form: &mut Form| drafts.contains(&form.draft_key());
            // One that waits for its order would open without what was typed.
            let waits =
                |waited: &mut Opening| drafts.contains(&waited.kind.draft_key(waited.order));
            let what = if model.form.take_if(holds).is_some() {
                "Its form is closed."
            } else if model.opening.take_if(waits).is_some() {
                "Its form does not open."
            } else {
                return Vec::new();
            };
            let words = format!("{name} arrived after all. {what}");
            activity::show(&mut model.popups, &model.engine);
            run(model, |_, turn| turn.announce(Tone::Warn, &words))
        }
        WriteEvent::Looked {
            op,
            trouble,
            said_yes_to,
        } => with_popups(model, |popups, cx| {
            let (trouble, said_yes_to) = (trouble.as_ref(), said_yes_to.as_deref());
            activity::looked(popups, &op, trouble, said_yes_to, cx);
        }),
        WriteEvent::Twin { op, failure } => {
            let watch = model.engine.writes.get(&op);
            let prompt = watch.map(|watch| unjournaled::ask_twice(watch, &failure));
            model.popups.extend(prompt);
            Vec::new()
        }
        // The engine has settled these.
        WriteEvent::Resent { .. }
        | WriteEvent::SentAllTheSame { .. }
        | WriteEvent::Verified { .. } => Vec::new(),
        WriteEvent::NoJournal { op, failure } => {
            let watch = model.engine.writes.get(&op);
            let prompt = watch.map(|watch| unjournaled::ask(watch, &failure));
            model.popups.extend(prompt);
            Vec::new()
        }
    }
}

/// What was announced of something that was waited for: what else is said of the same answer does not hide it.
pub(in crate::app) fn announced(model: &Model, effects: &[Effect]) -> Option<Status> {
    let mut effects = effects.iter();
    let notifies = effects.any(|effect| matches!(effect, Effect::Notify { .. }));
    model.status.clone().filter(|_| notifies)
}

pub(in crate::app) fn reply(
    model: &mut Model,
    ticket: Ticket,
    read: &Read,
    result: Result<Data, Failure>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let (Read::Request(_), Ok(Data::Request(request))) = (read, &result) {
        effects.extend(with_popups(model, |popups, cx| {
            meanwhile::on_request(popups, request, cx);
        }));
    }
    let answered = with_engine(model, &mut effects, |engine, turn| {
        engine.reply(ticket, read, result, turn)
    });
    let announced = announced(model, &effects);
    if let Some(answered) = answered {
        effects.extend(show_answer(model, read, answered));
    }
    model.status = announced.or(model.status.take());
    effects
}

/// Something came of the account: whoever shows it hears of it.
fn show_answer(model: &mut Model, read: &Read, answered: Answered) -> Vec<Effect> {
    match read {
        Read::Session => {
            let failure = model.engine.account.session.failure().cloned();
            connection::session(model, failure)
        }
        Read::Order(id) => {
            if answered.row_changed {
                let today = model.today();
                model.orders.rebuild(&model.engine, today);
            }
            open::on_order(model, *id)
        }
        Read::Duplicates(id) | Read::Reissues(id) => {
            let mut effects = open::gave_to_open(model, *id);
            effects.extend(read_names(model, false));
            effects
        }
        Read::Requests => {
            model.requests.refresh(&model.engine.account.requests);
            let today = model.today();
            model.orders.others_changed(&model.engine, today);
            with_popups(model, |popups, cx| meanwhile::look(popups, cx))
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
                model.requests.refresh(&model.engine.account.requests);
            }
            if !answered.is_listed {
                return Vec::new();
            }
            with_popups(model, |popups, cx| {
                asking::retell(popups, cx.engine, cx.turn);
            })
        }
        Read::Listed(_) => {
            let today = model.today();
            model.orders.rebuild(&model.engine, today);
            Vec::new()
        }
        Read::AccountDomains | Read::Organizations => {
            let today = model.today();
            model.orders.others_changed(&model.engine, today);
            let account = &mut model.engine.account;
            match model.preview.on {
                // The list tells no random value: what is shown of the one under the cursor is brought up to date.
                Some(PreviewTarget::Domain(id)) if account.domains.is_to_read(id) => {
                    account.read_in_full([id])
                }
                _ => Vec::new(),
            }
        }
        Read::Domain(id) => {
            let today = model.today();
            model.orders.others_changed(&model.engine, today);
            let mut effects = with_popups(model, |popups, cx| {
                domains::on_domain(popups, *id, cx.engine, cx.turn);
            });
            effects.extend(records_came(model));
            effects
        }
        Read::Organization(_)
        | Read::Expiring
        | Read::Product(_)
        | Read::Limits(_)
        | Read::Changes(_)
        | Read::OrdersByReference(_)
        | Read::Domains(..)
        | Read::Offer => Vec::new(),
        Read::Chain(id) => {
            let Some(chain) = answered.chain else {
                return Vec::new();
            };
            let mut turn = Turn::of(model.status.take());
            let engine = &model.engine;
            let not_written = model.downloads.on_chain(*id, &chain, engine, &mut turn);
            for (op, why) in not_written {
                model.engine.bulk.not_written(&op, why, &mut turn);
            }
            let mut effects = Vec::new();
            finish(model, turn, &mut effects);
            effects
        }
    }
}
