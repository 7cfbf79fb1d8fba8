//! What can be copied of several marked orders, one after the other.

use super::Popup;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::engine::Engine;
use crate::app::status::Tone;
use crate::app::turn::Outcome;
use crate::domain::copyable;
use crate::domain::ids::OrderId;
use crate::domain::text::counted;
use crate::keys::Action;

/// Certificates that are copied at once, at most: no clipboard takes more.
const MOST: usize = 50;

/// Keys in the menu.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, orders: &[OrderId], cx: &mut Cx<'_>) {
    let count = counted(orders.len(), "order", "orders");
    let (values, what): (Vec<String>, &str) = match action {
        Action::Back => {
            popups.pop();
            return;
        }
        Action::CopyNumbers => (orders.iter().map(ToString::to_string).collect(), "numbers"),
        Action::CopyNames => (names(cx.engine, orders), "names"),
        Action::CopyCertificate | Action::CopyFullChain => {
            popups.pop();
            if orders.len() > MOST {
                let words = format!(
                    "At most {MOST} certificates are copied at once, and {count} are marked: write them to files instead."
                );
                cx.turn.set_status(Tone::Warn, words);
                return;
            }
            cx.turn.ask(Outcome::Gather(action, orders.to_vec()));
            return;
        }
        _ => return super::tell_why_not(popups, action, cx),
    };
    popups.pop();
    let what = format!("{what} of {count}");
    // On one line: what is pasted into a shell by mistake then runs nothing by itself.
    match copyable::line(&values.join(" ")) {
        Ok(text) if text.is_empty() => {
            cx.turn
                .set_status(Tone::Warn, format!("There are no {what}."));
        }
        Ok(text) => cx.turn.push(Effect::Copy {
            text,
            what,
            force: false,
        }),
        Err(why) => {
            let words = format!("The {what} were not copied: {why}.");
            cx.turn.set_status(Tone::Bad, words);
        }
    }
}

/// All names of these orders, each once.
fn names(engine: &Engine, orders: &[OrderId]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for order in orders {
        if let Some(row) = engine.account.orders.get(*order) {
            for name in row.names_text().split('\n').filter(|name| !name.is_empty()) {
                names.push(name.to_owned());
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}
