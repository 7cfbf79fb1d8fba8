//! The list of what was sent: what came of each, the way to what it made, and sending again what did not arrive. A form
//! comes back with what was typed; anything else is shown and confirmed once more.

use super::actions::tell_why_not;
use super::download;
use super::effect::Effect;
use super::field::TextField;
use super::model::Model;
use super::opening;
use super::operations;
use super::order::OrderTab;
use super::picker::Picker;
use super::popup::{Popup, Prompt, PromptKind, Subject};
use super::replies::run;
use super::writes::{ids, resend};
use crate::app::status::Tone;
use crate::domain::failure::Failure;
use crate::domain::ids::CertificateId;
use crate::domain::order::Certificate;
use crate::domain::text::sanitise;
use crate::domain::write::{Stage, WriteId};
use crate::keys::Action;

/// Opens the list, the newest under the cursor.
pub(super) fn show(model: &mut Model) {
    let is_open = |popup: &Popup| matches!(popup, Popup::Watches(_));
    if !model.popups.iter().any(is_open) {
        let picker = Picker::on(&ids(&model.engine.writes.all), 0);
        model.popups.push(Popup::Watches(picker));
    }
}

/// Keys in the list of what was sent.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let ids = ids(&model.engine.writes.all);
    let Some(Popup::Watches(picker)) = model.popups.last_mut() else {
        return Vec::new();
    };
    if picker.go(action, &ids, ids.len()) {
        return Vec::new();
    }
    let at = picker.at(&ids);
    match action {
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            let Some(watch) = model.engine.writes.all.get(at) else {
                return Vec::new();
            };
            // A new order that did not come to be has none to open.
            let Some(order) = watch.order else {
                return ask(model, at);
            };
            let made = match watch.stage {
                Stage::Issued { certificate, .. } => Some(certificate),
                _ => None,
            };
            model.popups.clear();
            let effects = opening::open(model, order, OrderTab::Certificates);
            go_to_certificate(model, made);
            return effects;
        }
        Action::SendAgain => return ask(model, at),
        Action::CopyMenu | Action::WriteFile => {
            return match watched_subject(model, at) {
                Some(subject) if action == Action::CopyMenu => {
                    model.popups.push(Popup::Copy(subject, Picker::default()));
                    Vec::new()
                }
                Some(subject) => {
                    download::ask_path(model, subject);
                    Vec::new()
                }
                None => {
                    match operations::names::answer_of(model, at) {
                        Some(row) if action == Action::CopyMenu => {
                            model
                                .popups
                                .push(Popup::Record(Box::new(row), Picker::default()));
                        }
                        _ => tell_why_not(model, action),
                    }
                    Vec::new()
                }
            };
        }
        Action::Approve => {
            let watch = model.engine.writes.all.get(at);
            let request = watch.and_then(|watch| match watch.stage {
                Stage::AwaitsApproval(request) => Some((request, watch.order)),
                _ => None,
            });
            match request {
                Some(request) => return operations::asking::decide(model, true, vec![request]),
                None => tell_why_not(model, action),
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Puts the cursor of the open order on a certificate, if it is known.
fn go_to_certificate(model: &mut Model, certificate: Option<CertificateId>) {
    let Some(open) = &mut model.order else { return };
    let data = model.engine.account.known.get(&open.id);
    let all = data.map_or(&[][..], crate::app::account::OrderData::certificates);
    if let Some(at) = all
        .iter()
        .position(|row| row.id.is_some() && row.id == certificate)
    {
        open.cursor.set(at, all.len());
    }
}

/// The certificate that came of a watch.
fn watched_subject(model: &Model, at: usize) -> Option<Subject> {
    let watch = model.engine.writes.all.get(at)?;
    let Stage::Issued { certificate, .. } = &watch.stage else {
        return None;
    };
    let order = watch.order?;
    let row = model
        .engine
        .account
        .known
        .get(&order)
        .and_then(|data| data.certificate(*certificate));
    let row = row.cloned().unwrap_or_else(|| {
        let mut row = Certificate::empty(crate::domain::order::Role::Primary);
        row.id = Some(*certificate);
        let expected = watch.outgoing.expected.as_ref();
        row.common_name = expected
            .and_then(|expected| expected.common_name.clone())
            .unwrap_or_default();
        row
    });
    download::subject(model, order, &row)
}

/// The key to send it again, on a row of the list.
fn ask(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.engine.writes.all.get(at) else {
        return Vec::new();
    };
    let op = watch.op.clone();
    if let Some(why) = resend::why_not(&model.engine.writes, &op) {
        if !resend::is_refused(watch) {
            model.set_status(Tone::Warn, why);
            return Vec::new();
        }
        // What the account refused is put right in its form, where that still holds it.
        return in_its_form(model, &op).unwrap_or_else(|| {
            let why = "CertCentral refused it: the same would be refused again.";
            model.set_status(Tone::Warn, why);
            Vec::new()
        });
    }
    if watch.is_given_up() {
        return run(model, |engine, turn| {
            let (writes, mut below) = engine.writes(turn);
            writes.look_again(&op, None, &mut below);
        });
    }
    offer(model, &op)
}

/// Opens the form that still holds it.
fn in_its_form(model: &mut Model, op: &WriteId) -> Option<Vec<Effect>> {
    let watch = model.engine.writes.get(op)?;
    let (kind, order) = resend::form_that_holds(&model.engine.drafts, watch)?;
    model.popups.clear();
    Some(opening::open_form(model, kind, order))
}

/// Offers to send it: in its form where what was typed is still there, else as it was.
fn offer(model: &mut Model, op: &WriteId) -> Vec<Effect> {
    if let Some(effects) = in_its_form(model, op) {
        return effects;
    }
    let Some(watch) = model.engine.writes.get(op) else {
        return Vec::new();
    };
    let outgoing = &watch.outgoing;
    let mut body = vec![format!("{}: {}", watch.name, watch.words())];
    if watch.is_given_up() {
        body.push(sanitise(&resend::shown(&model.engine.account, watch)).into_owned());
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
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::SendAgain {
            op: watch.op.clone(),
            word,
        },
        title: "Send it again?".into(),
        body,
        field,
        error: None,
    })));
    Vec::new()
}

/// It was looked for once more, and is not there: whoever waits to send it again may, where everything was read.
pub(super) fn looked(
    model: &mut Model,
    op: &WriteId,
    trouble: Option<&Failure>,
    said_yes_to: Option<&str>,
) -> Vec<Effect> {
    let Some(watch) = model.engine.writes.get(op) else {
        return Vec::new();
    };
    // What was asked for and left is dropped.
    if !matches!(model.popups.last(), Some(Popup::Watches(_))) {
        // Nothing opens over what was gone to meanwhile; what the look found is told all the same.
        let found = trouble.map_or_else(
            || watch.words(),
            |trouble| format!("it could not be checked: {trouble}"),
        );
        let words = format!("{}: {found}", watch.name);
        model.set_status(Tone::Warn, sanitise(&words).into_owned());
        return Vec::new();
    }
    if let Some(trouble) = trouble {
        let words = format!("It could not be checked, so it is not sent again: {trouble}");
        model.set_status(Tone::Bad, words);
        return Vec::new();
    }
    match said_yes_to {
        None => offer(model, op),
        Some(then) if then == resend::there(&model.engine.account, watch) => {
            run(model, |engine, turn| {
                let (writes, mut below) = engine.writes(turn);
                writes.resend_now(op, &mut below);
            })
        }
        Some(_) => {
            let words = "Not sent: what CertCentral shows has changed since you confirmed.";
            let effects = offer(model, op);
            model.set_status(Tone::Warn, words);
            effects
        }
    }
}
