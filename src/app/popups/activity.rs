//! The list of what was sent: what came of each, the way to what it made, and sending again what did not arrive. A form
//! comes back with what was typed; anything else is shown and confirmed once more.

use super::operations::asking;
use super::{Popup, Prompt, PromptKind, prompts, tell_why_not};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::field::TextField;
use crate::app::names;
use crate::app::picker::Picker;
use crate::app::status::Tone;
use crate::app::subject::Subject;
use crate::app::turn::{Open, Outcome};
use crate::app::writes::{Watch, ids, resend};
use crate::domain::failure::Failure;
use crate::domain::order::{Certificate, Role};
use crate::domain::text::sanitise;
use crate::domain::write::{Stage, WriteId};
use crate::keys::Action;

/// Opens the list, the newest under the cursor.
pub(in crate::app) fn show(popups: &mut Vec<Popup>, engine: &Engine) {
    let is_open = |popup: &Popup| matches!(popup, Popup::Watches(_));
    if !popups.iter().any(is_open) {
        let picker = Picker::on(&ids(&engine.writes.all), 0);
        popups.push(Popup::Watches(picker));
    }
}

/// Keys in the list.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let ids = ids(&cx.engine.writes.all);
    let Some(Popup::Watches(picker)) = popups.last_mut() else {
        return;
    };
    if picker.go(action, &ids, ids.len()) {
        return;
    }
    if action == Action::Back {
        popups.pop();
        return;
    }
    let Some(op) = ids.get(picker.at(&ids)) else {
        if matches!(
            action,
            Action::CopyMenu | Action::WriteFile | Action::Approve
        ) {
            tell_why_not(popups, action, cx);
        }
        return;
    };
    let Some(watch) = cx.engine.writes.get(op) else {
        return;
    };
    match action {
        Action::Open => {
            // A new order that did not come to be has none to open.
            let Some(order) = watch.order else {
                return ask_again(popups, op, cx);
            };
            let made = match watch.stage {
                Stage::Issued { certificate, .. } => Some(certificate),
                _ => None,
            };
            popups.clear();
            let open = Open::Certificates(order, made);
            cx.turn.ask(Outcome::Open(open));
        }
        Action::SendAgain => ask_again(popups, op, cx),
        Action::CopyMenu => {
            let subject = subject(cx.engine, watch);
            let row = || names::answer_of(&cx.engine.account, &cx.engine.writes, op);
            if let Some(subject) = subject {
                popups.push(Popup::Copy(subject, Picker::default()));
            } else if let Some(row) = row() {
                popups.push(Popup::Record(Box::new(row), Picker::default()));
            } else {
                tell_why_not(popups, action, cx);
            }
        }
        Action::WriteFile => match subject(cx.engine, watch) {
            Some(subject) => popups.push(prompts::ask_path(subject)),
            None => tell_why_not(popups, action, cx),
        },
        Action::Approve => match watch.stage {
            Stage::AwaitsApproval(request) => {
                let requests = vec![(request, watch.order)];
                asking::decide(popups, true, requests, cx);
            }
            _ => tell_why_not(popups, action, cx),
        },
        _ => {}
    }
}

/// The certificate that came of a watch.
fn subject(engine: &Engine, watch: &Watch) -> Option<Subject> {
    let Stage::Issued { certificate, .. } = &watch.stage else {
        return None;
    };
    let order = watch.order?;
    let data = engine.account.known.get(&order);
    let row = data.and_then(|data| data.certificate(*certificate));
    let row = row.cloned().unwrap_or_else(|| {
        let mut row = Certificate::empty(Role::Primary);
        row.id = Some(*certificate);
        let expected = watch.outgoing.expected.as_ref();
        row.common_name = expected
            .and_then(|expected| expected.common_name.clone())
            .unwrap_or_default();
        row
    });
    engine.subject(order, &row)
}

/// The key to send it again, on a row of the list.
fn ask_again(popups: &mut Vec<Popup>, op: &WriteId, cx: &mut Cx<'_>) {
    let Some(watch) = cx.engine.writes.get(op) else {
        return;
    };
    if let Some(why) = resend::why_not(&cx.engine.writes, op) {
        // What the account refused is put right in its form, where that still holds it.
        if !resend::is_refused(watch) {
            cx.turn.set_status(Tone::Warn, why);
        } else if !in_its_form(popups, op, cx) {
            let why = "CertCentral refused it: the same would be refused again.";
            cx.turn.set_status(Tone::Warn, why);
        }
        return;
    }
    if watch.is_given_up() {
        let (writes, mut below) = cx.engine.writes(cx.turn);
        writes.look_again(op, None, &mut below);
    } else {
        offer(popups, op, cx);
    }
}

/// Opens the form that still holds it, if one does.
fn in_its_form(popups: &mut Vec<Popup>, op: &WriteId, cx: &mut Cx<'_>) -> bool {
    let engine = &*cx.engine;
    let watch = engine.writes.get(op);
    let form = watch.and_then(|watch| resend::form_that_holds(&engine.drafts, watch));
    let Some((kind, order)) = form else {
        return false;
    };
    popups.clear();
    cx.turn.ask(Outcome::Open(Open::Form(kind, order)));
    true
}

/// Offers to send it: in its form where what was typed is still there, else as it was.
fn offer(popups: &mut Vec<Popup>, op: &WriteId, cx: &mut Cx<'_>) {
    if in_its_form(popups, op, cx) {
        return;
    }
    let Some(watch) = cx.engine.writes.get(op) else {
        return;
    };
    let outgoing = &watch.outgoing;
    let mut body = vec![format!("{}: {}", watch.name, watch.words())];
    if watch.is_given_up() {
        let shown = resend::shown(&cx.engine.account, watch);
        body.push(sanitise(&shown).into_owned());
        body.push("If you send it again and the first arrives late, it will exist twice.".into());
    } else {
        body.push("Nothing of it was done.".into());
    }
    body.extend([format!("{} {}", outgoing.method.as_str(), outgoing.path)]);
    if !outgoing.body.is_empty() && outgoing.expected.is_none() {
        body.push(outgoing.body.clone());
    }
    let number = outgoing.order.filter(|_| outgoing.kind.can_break());
    let word = number.map(|order| order.to_string());
    body.push(match &word {
        Some(word) => format!("Type {word} and press Enter to send again, once · Esc cancel"),
        None => "Enter send again, once · Esc cancel".into(),
    });
    let field = word.is_some().then(TextField::focused);
    popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::SendAgain {
            op: watch.op.clone(),
            word,
        },
        title: "Send it again?".into(),
        body,
        field,
        error: None,
    })));
}

/// It was looked for once more, and is not there: whoever waits to send it again may, where everything was read.
pub(in crate::app) fn looked(
    popups: &mut Vec<Popup>,
    op: &WriteId,
    trouble: Option<&Failure>,
    said_yes_to: Option<&str>,
    cx: &mut Cx<'_>,
) {
    let Some(watch) = cx.engine.writes.get(op) else {
        return;
    };
    // What was asked for and left is dropped.
    if !matches!(popups.last(), Some(Popup::Watches(_))) {
        // Nothing opens over what was gone to meanwhile; what the look found is told all the same.
        let found = trouble.map_or_else(
            || watch.words(),
            |trouble| format!("it could not be checked: {trouble}"),
        );
        let words = format!("{}: {found}", watch.name);
        cx.turn.set_status(Tone::Warn, sanitise(&words));
        return;
    }
    if let Some(trouble) = trouble {
        let words = format!("It could not be checked, so it is not sent again: {trouble}");
        cx.turn.set_status(Tone::Bad, words);
        return;
    }
    // The look is over.
    cx.turn.status = None;
    match said_yes_to {
        None => offer(popups, op, cx),
        Some(then) if then == resend::there(&cx.engine.account, watch) => {
            let (writes, mut below) = cx.engine.writes(cx.turn);
            writes.resend_now(op, &mut below);
        }
        Some(_) => {
            offer(popups, op, cx);
            let words = "Not sent: what CertCentral shows has changed since you confirmed.";
            cx.turn.set_status(Tone::Warn, words);
        }
    }
}
