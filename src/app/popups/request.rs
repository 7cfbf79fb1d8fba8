//! A certificate for an endpoint: what it gets by the rule, what else could be done, and what has to hold for it.

use super::Popup;
use crate::app::advice::{self, Asked};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::picker::Picker;
use crate::app::turn::{Open, Outcome};
use crate::domain::draft::FormKind;
use crate::domain::endpoint_plan::Step;
use crate::keys::Action;

/// Asks which certificate an endpoint gets.
pub(in crate::app) fn ask(popups: &mut Vec<Popup>, asked: Asked, cx: &mut Cx<'_>) {
    popups.push(Popup::Request(Box::new(asked), Picker::default()));
    follow(popups, cx);
}

fn steps(engine: &Engine, asked: &Asked) -> Vec<Step> {
    let choices = advice::advise(engine, asked).choices;
    choices.into_iter().map(|(step, _)| step).collect()
}

/// Reads what is not known yet of what is chosen.
pub(in crate::app) fn follow(popups: &[Popup], cx: &mut Cx<'_>) {
    let top = popups.iter().rev().find_map(|popup| match popup {
        Popup::Request(asked, picker) => Some((asked, picker)),
        _ => None,
    });
    let Some((asked, picker)) = top else {
        return;
    };
    let steps = steps(cx.engine, asked);
    if let Some(chosen) = picker.chosen(&steps) {
        let reads = advice::want(cx.engine, asked, *chosen);
        cx.turn.extend(reads);
    }
}

/// Why a key does nothing while a certificate is requested.
pub(super) fn why_not(engine: &Engine, asked: &Asked, picker: &Picker<Step>) -> Option<String> {
    let advice = advice::advise(engine, asked);
    let steps: Vec<Step> = advice.choices.iter().map(|(step, _)| *step).collect();
    match picker.chosen(&steps)? {
        Step::Wait(order) => Some(format!(
            "Order {order}: {}. Choose another line, or come back later.",
            advice.decision.why
        )),
        Step::Duplicate(order)
            if !advice.decision.extra.is_empty() && engine.account.order(*order).is_none() =>
        {
            Some(format!("Order {order} is still loading."))
        }
        _ => None,
    }
}

/// Keys while a certificate is requested.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let Some(Popup::Request(asked, picker)) = popups.last_mut() else {
        return;
    };
    let steps = steps(cx.engine, asked);
    if picker.go(action, &steps, steps.len()) {
        return follow(popups, cx);
    }
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            if why_not(cx.engine, asked, picker).is_some() {
                return super::tell_why_not(popups, action, cx);
            }
            let advice = advice::advise(cx.engine, asked);
            let chosen = picker.chosen(&steps).copied();
            popups.pop();
            let open = match chosen {
                Some(Step::Duplicate(order)) => {
                    let is_decided = advice.decision.step == Step::Duplicate(order);
                    let extra = advice.decision.extra;
                    let extra = if is_decided { extra } else { Vec::new() };
                    Open::Named(FormKind::Duplicate, order, extra)
                }
                Some(Step::Reissue(order)) => Open::Form(FormKind::Reissue, order),
                Some(Step::Renew(order)) => Open::Form(FormKind::Renew, order),
                Some(Step::NewOrder) => {
                    let none = crate::domain::ids::OrderId(0);
                    Open::Named(FormKind::NewOrder, none, advice.names)
                }
                Some(Step::Wait(_)) | None => return,
            };
            cx.turn.ask(Outcome::Open(open));
        }
        _ => {}
    }
}
