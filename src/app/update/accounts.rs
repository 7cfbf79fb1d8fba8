//! Which account something belongs to. A desk can be connected to another account while it runs; from then on nothing of
//! the old one is shown, asked for or sent. What was sent there is not forgotten: it is watched again once the desk is
//! back, and its journal goes on.

use super::input;

use crate::app::advice::auto::AutoPlan;
use crate::app::bulk_screen::BulkScreens;
use crate::app::domains::DomainsScreen;
use crate::app::effect::Effect;
use crate::app::endpoints::EndpointsScreen;

use crate::app::late::Late;
use crate::app::model::Model;
use crate::app::msg::Msg;
use crate::app::orders::OrdersScreen;
use crate::app::plan::PlanScreen;
use crate::app::popups::{Popup, PromptKind};
use crate::app::preview::Preview;
use crate::app::requests::RequestsScreen;
use crate::app::status::Tone;
use crate::domain::text::counted;

/// Whether a message is of another account than the one that the desk is connected to.
pub(in crate::app) fn is_foreign(model: &Model, msg: &Msg) -> bool {
    match msg {
        Msg::Cached { account, .. }
        | Msg::ListOf { account, .. }
        | Msg::KeptEndpoints { account, .. }
        | Msg::KeptServed { account, .. } => model.engine.account.name() != Some(account),
        _ => false,
    }
}

/// The desk goes to another account: forgets everything that came from this one, and whatever was about to be sent to
/// it. What is typed is kept.
pub(in crate::app) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut told = vec!["Connected to another account.".to_owned()];
    let effects = input::keep_draft(model);
    if model.form.take().is_some_and(|form| form.is_dirty()) {
        told.push("The open form is closed; its draft is kept.".to_owned());
    }
    if let Some(batch) = model
        .engine
        .writes
        .batch
        .take()
        .filter(|batch| !batch.rest.is_empty())
    {
        let rest = counted(batch.rest.len(), "request was", "requests were");
        told.push(format!("{rest} not decided."));
    }
    let engine = &model.engine;
    let running = engine.bulk.running();
    let unsent: usize = running
        .map(|list| list.counts(&engine.writes.all).rest)
        .sum();
    if unsent > 0 {
        let unsent = counted(unsent, "request was", "requests were");
        told.push(format!("{unsent} not sent; the list is kept."));
    }
    model.engine.account.forget();
    model.engine.served.forget();
    model.engine.added.forget();
    model.downloads.forget();
    model.orders = OrdersScreen::default();
    model.requests = RequestsScreen::default();
    model.plan = PlanScreen::default();
    model.domains = DomainsScreen::default();
    model.endpoints = EndpointsScreen::default();
    model.auto = AutoPlan::default();
    model.requesting.clear();
    model.engine.writes.resend_pending = None;
    model.order = None;
    model.engine.bulk.forget_all();
    model.bulk_screens = BulkScreens::default();
    model.opening = None;
    model.yes = None;
    model.engine.drafts.refusals.clear();
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
