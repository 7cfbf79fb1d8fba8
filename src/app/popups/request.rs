//! A certificate for an endpoint: what it gets by the rule, what else could be done, and what has to hold for it.

use super::Popup;
use crate::app::advice::{self, Advice, Asked, Basis};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::picker::Picker;
use crate::app::turn::{Open, Outcome};
use crate::domain::draft::FormKind;
use crate::domain::endpoint_plan::Step;
use crate::domain::ids::OrderId;
use crate::keys::Action;

/// An endpoint that a certificate is requested for, with what it gets: made when what that goes by changes, for all orders
/// are looked through, and not whenever it is drawn.
#[derive(Debug, PartialEq)]
pub struct Requested {
    pub asked: Asked,
    pub advice: Advice,
    made: Basis,
    pub picker: Picker<Step>,
}

impl Requested {
    fn of(asked: Asked, engine: &Engine) -> Self {
        Self {
            advice: advice::advise(engine, &asked),
            made: Basis::of(engine),
            picker: Picker::default(),
            asked,
        }
    }

    /// What can be done, in the order of the lines.
    pub fn steps(&self) -> Vec<Step> {
        self.advice.choices.iter().map(|(step, _)| *step).collect()
    }

    fn chosen(&self) -> Option<Step> {
        self.picker.chosen(&self.steps()).copied()
    }
}

/// Asks which certificate an endpoint gets.
pub(in crate::app) fn ask(popups: &mut Vec<Popup>, asked: Asked, cx: &mut Cx<'_>) {
    // What could not be read the last time is tried again.
    let failed = advice::unread(cx.engine, &asked).filter(|id| {
        let data = cx.engine.account.known.get(id);
        data.is_some_and(|data| data.order.failure().is_some())
    });
    if let Some(order) = failed {
        cx.turn.extend(cx.engine.account.read_info(order));
    }
    let requested = Requested::of(asked, cx.engine);
    popups.push(Popup::Request(Box::new(requested)));
    follow(popups, cx);
}

/// Keeps what it gets in step with what is known.
pub(in crate::app) fn refresh(popups: &mut [Popup], engine: &Engine) {
    for popup in popups {
        let Popup::Request(requested) = popup else {
            continue;
        };
        let now = Basis::of(engine);
        if requested.made != now {
            requested.made = now;
            requested.advice = advice::advise(engine, &requested.asked);
        }
    }
}

/// Reads what is not known yet of what is chosen.
pub(in crate::app) fn follow(popups: &mut [Popup], cx: &mut Cx<'_>) {
    refresh(popups, cx.engine);
    let top = popups.iter().rev().find_map(|popup| match popup {
        Popup::Request(requested) => Some(requested),
        _ => None,
    });
    if let Some((requested, chosen)) = top.and_then(|top| Some((top, top.chosen()?))) {
        let reads = advice::want(cx.engine, &requested.asked, chosen);
        cx.turn.extend(reads);
    }
}

/// Why a key does nothing while a certificate is requested.
pub(super) fn why_not(engine: &Engine, requested: &Requested) -> Option<String> {
    let advice = &requested.advice;
    let chosen = requested.chosen()?;
    if let Some(order) = advice.unread.filter(|_| chosen == advice.decision.step) {
        let data = engine.account.known.get(&order);
        let failure = data.and_then(|data| data.order.failure());
        return Some(match failure {
            Some(failure) => format!("By which order {order} was renewed is not known: {failure}"),
            None => format!("By which order {order} was renewed is still loading."),
        });
    }
    match chosen {
        Step::Wait(order) => Some(format!(
            "Order {order}: {}. Choose another line, or come back later.",
            advice.decision.why
        )),
        Step::Duplicate(order)
            if !advice.decision.extra.is_empty() && engine.account.order(order).is_none() =>
        {
            Some(format!("Order {order} is still loading."))
        }
        _ => None,
    }
}

/// Keys while a certificate is requested.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let Some(Popup::Request(requested)) = popups.last_mut() else {
        return;
    };
    let steps = requested.steps();
    if requested.picker.go(action, &steps, steps.len()) {
        return follow(popups, cx);
    }
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            if why_not(cx.engine, requested).is_some() {
                return super::tell_why_not(popups, action, cx);
            }
            let open = opens(requested);
            popups.pop();
            cx.turn.outcomes.extend(open.map(Outcome::Open));
        }
        _ => {}
    }
}

/// What the chosen line opens.
fn opens(requested: &Requested) -> Option<Open> {
    let (asked, advice) = (&requested.asked, &requested.advice);
    Some(match requested.chosen()? {
        Step::Duplicate(order) => {
            let is_decided = advice.decision.step == Step::Duplicate(order);
            let extra = advice.decision.extra.iter().filter(|_| is_decided);
            Open::Named(FormKind::Duplicate, order, extra.cloned().collect())
        }
        Step::Reissue(order) => Open::Form(FormKind::Reissue, order),
        Step::Renew(order) => Open::Form(FormKind::Renew, order),
        Step::NewOrder => {
            // Like the order of what is served, or of the name.
            let like = asked.of.or(asked.owner).unwrap_or(OrderId(0));
            Open::Named(FormKind::NewOrder, like, advice.names.clone())
        }
        Step::Wait(_) => return None,
    })
}
