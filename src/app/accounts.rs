//! Which account something belongs to. A desk can be connected to another account while it runs; from then on nothing of
//! the old one is shown, asked for or sent. What was sent there is not forgotten: it is watched again once the desk is
//! back, and its journal goes on.

use super::effect::Effect;
use super::input;
use super::late::Late;
use super::model::Model;
use super::msg::{Ended, Msg};
use super::orders::OrdersScreen;
use super::popup::{Popup, PromptKind};
use super::preview::Preview;
use super::requests::RequestsScreen;
use super::watch::Watch;
use super::watching;
use super::writes::Elsewhere;
use crate::app::status::Tone;
use crate::domain::text::counted;
use crate::domain::write::{Fact, WriteId};

/// Whether a message is of another account than the one that the desk is connected to.
pub(super) fn is_foreign(model: &Model, msg: &Msg) -> bool {
    match msg {
        Msg::Cached { account, .. } | Msg::ListOf { account, .. } => {
            model.account.name() != Some(account)
        }
        _ => false,
    }
}

/// The desk goes to another account: forgets everything that came from this one, and whatever was about to be sent to
/// it. What is typed is kept.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut told = vec!["Connected to another account.".to_owned()];
    let effects = input::keep_draft(model);
    if model.form.take().is_some_and(|form| form.is_dirty()) {
        told.push("The open form is closed; its draft is kept.".to_owned());
    }
    if let Some(batch) = model
        .writes
        .batch
        .take()
        .filter(|batch| !batch.rest.is_empty())
    {
        let rest = counted(batch.rest.len(), "request was", "requests were");
        told.push(format!("{rest} not decided."));
    }
    let running = model.bulks.values().filter(|bulk| bulk.is_running());
    let unsent: usize = running
        .map(|bulk| bulk.counts(&model.writes.all).rest)
        .sum();
    if unsent > 0 {
        let unsent = counted(unsent, "duplicate was", "duplicates were");
        told.push(format!("{unsent} not sent; the list is kept."));
    }
    model.account.forget();
    model.chain_uses.clear();
    model.orders = OrdersScreen::default();
    model.requests = RequestsScreen::default();
    model.writes.resend_pending = None;
    model.order = None;
    model.bulk = None;
    model.bulks.clear();
    model.opening = None;
    model.reviewed = None;
    model.yes = None;
    model.refusals.clear();
    model.preview = Preview::default();
    model.late = Late::default();
    model.popups.retain(is_of_no_account);
    model.set_status(Tone::Warn, told.join(" "));
    effects
}

/// What is read, typed to connect with, or about a text that is there already.
fn is_of_no_account(popup: &Popup) -> bool {
    match popup {
        Popup::Help(_) | Popup::Reader(_) | Popup::Connect(_) => true,
        Popup::Prompt(prompt) => matches!(
            prompt.kind,
            PromptKind::Quit | PromptKind::Overwrite { .. } | PromptKind::ForceCopy { .. }
        ),
        _ => false,
    }
}

/// Puts what was sent where it belongs: what another account got waits until the desk is back there.
pub(super) fn sort(model: &mut Model) -> Vec<Effect> {
    let Some(account) = model.account.name().map(str::to_owned) else {
        return Vec::new();
    };
    let now = model.now;
    // An older journal does not tell.
    let is_here = |watch: &Watch| {
        watch
            .before
            .account
            .as_ref()
            .is_none_or(|of| *of == account)
    };
    let (here, there): (Vec<Watch>, Vec<Watch>) = std::mem::take(&mut model.writes.all)
        .into_iter()
        .partition(is_here);
    let (back, mut stays): (Vec<Elsewhere>, Vec<Elsewhere>) =
        std::mem::take(&mut model.writes.elsewhere)
            .into_iter()
            .partition(|sent| is_here(&sent.watch));
    stays.extend(there.into_iter().map(|watch| Elsewhere {
        watch,
        answer: None,
    }));
    model.writes.elsewhere = stays;
    let mut answers = Vec::new();
    for Elsewhere { mut watch, answer } in back {
        // Nobody fetches its chain any more.
        watch.stage.after(Fact::ChainFailed);
        watch.hurry(now);
        answers.extend(answer.map(|answer| (watch.op.clone(), answer)));
        model.writes.all.push(watch);
    }
    // What was here all the time is of an older journal.
    model.writes.all.extend(here);
    answers
        .into_iter()
        .flat_map(|(op, answer)| watching::written(model, &op, answer))
        .collect()
}

/// A write ended, here or on another account.
pub(super) fn written(model: &mut Model, op: &WriteId, outcome: Ended) -> Vec<Effect> {
    let mut elsewhere = model.writes.elsewhere.iter_mut();
    let Some(sent) = elsewhere.find(|sent| sent.watch.op == *op) else {
        return watching::written(model, op, outcome);
    };
    let words = format!(
        "A response arrived for {}, which was sent to another account: W shows it once that account is connected.",
        sent.watch.name
    );
    sent.answer = Some(outcome);
    model.set_status(Tone::Warn, words);
    Vec::new()
}
