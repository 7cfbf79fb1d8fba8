//! Sending again what did not arrive: offered only once the account was looked at, or said no in a way that another try
//! may mend. A form comes back with what was typed; anything else is shown and confirmed once more.

use std::collections::BTreeMap;

use super::account::Account;
use super::bulk;
use super::effect::Effect;
use super::field::TextField;
use super::model::Model;
use super::opening;
use super::popup::{Popup, Prompt, PromptKind};
use super::verify::{csr_of, form_of};
use super::watch::Watch;
use super::watching;
use super::writes::Writes;
use crate::app::status::Tone;
use crate::domain::csr::csr_key;
use crate::domain::failure::FailureKind;
use crate::domain::ids::OrderId;
use crate::domain::order::Role;
use crate::domain::request::Request;
use crate::domain::text::{counted, sanitise};
use crate::domain::write::{Outgoing, Stage, WriteId, WriteKind};

/// What is to be sent again, while it is looked for once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResendPending {
    pub op: WriteId,
    /// What the account showed when the operator said yes to it; `None` before that.
    pub said_yes_to: Option<String>,
}

/// Why something is not sent again; `None` where it may be.
pub fn why_not(writes: &Writes, op: &WriteId) -> Option<&'static str> {
    // The newest stands first.
    let at = writes.all.iter().position(|watch| watch.op == *op)?;
    let watch = &writes.all[at];
    if writes.all[..at]
        .iter()
        .any(|newer| is_same(&newer.outgoing, &watch.outgoing))
    {
        return Some("It was already sent again; see the entry above.");
    }
    match &watch.stage {
        Stage::NotFound(_) => None,
        Stage::Ended(failure) => match failure.kind {
            FailureKind::RateLimited
            | FailureKind::Network
            | FailureKind::Timeout
            | FailureKind::Local
            | FailureKind::NoKey => None,
            FailureKind::Other => Some("It was dismissed; check CertCentral first."),
            _ => Some("CertCentral refused it: the same would be refused again."),
        },
        Stage::LookingUp(_) => {
            Some("Whether CertCentral received it is not known yet; certdeck is checking.")
        }
        Stage::Sending => Some("It is under way."),
        _ => Some("CertCentral has it."),
    }
}

/// Whether both ask for the same: with the same CSR, else with the same words.
pub(super) fn is_same(one: &Outgoing, other: &Outgoing) -> bool {
    let to_the_same = one.kind == other.kind && one.order == other.order;
    match (&one.expected, &other.expected) {
        (Some(one), Some(other)) => to_the_same && one.spki_der == other.spki_der,
        _ => to_the_same && one.path == other.path && one.body == other.body,
    }
}

/// The key for it, on the watch at this place of the list.
pub(super) fn ask(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.writes.all.get(at) else {
        return Vec::new();
    };
    if let Some(why) = why_not(&model.writes, &watch.op) {
        if is_refused(watch) {
            return correct(model, at);
        }
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    if watch.is_given_up() {
        watching::look_again(model, at, None);
        return Vec::new();
    }
    offer(model, at)
}

pub(super) fn is_refused(watch: &Watch) -> bool {
    matches!(&watch.stage, Stage::Ended(failure) if failure.status.is_some())
}

/// Whether a form still holds what was sent; what was begun since, with another CSR, is not that.
pub(super) fn is_in_a_form(drafts: &BTreeMap<String, String>, watch: &Watch) -> bool {
    let outgoing = &watch.outgoing;
    let order = outgoing.order.unwrap_or(OrderId(0));
    let kept = form_of(outgoing.kind).and_then(|kind| drafts.get(&kind.draft_key(order)));
    kept.is_some_and(|kept| csr_key(kept) == csr_of(outgoing))
}

/// Opens that form.
fn in_its_form(model: &mut Model, at: usize) -> Option<Vec<Effect>> {
    let watch = model.writes.all.get(at)?;
    let kind = form_of(watch.outgoing.kind).filter(|_| is_in_a_form(&model.drafts, watch))?;
    let order = watch.outgoing.order.unwrap_or(OrderId(0));
    model.popups.clear();
    Some(opening::open_form(model, kind, order))
}

/// What the account refused is put right in its form, where that still holds it.
pub(super) fn correct(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.writes.all.get(at) else {
        return Vec::new();
    };
    if is_refused(watch)
        && let Some(effects) = in_its_form(model, at)
    {
        return effects;
    }
    let why = "CertCentral refused it: the same would be refused again.";
    model.set_status(Tone::Warn, why);
    Vec::new()
}

/// What the account shows where something lost would be, by the newest look at it.
pub(super) fn shown(account: &Account, watch: &Watch) -> String {
    let read = watch.read_at.map_or_else(
        || "CertCentral was not checked yet.".to_owned(),
        |at| {
            let at = at.strftime("%H:%M:%S UTC");
            format!("CertCentral, checked at {at}: {}.", there(account, watch))
        },
    );
    let since = watch.trouble.as_ref();
    let since = since.map(|trouble| format!(" Not checked since: {trouble}"));
    read + &since.unwrap_or_default()
}

/// What the account shows there, without the time.
pub(super) fn there(account: &Account, watch: &Watch) -> String {
    let outgoing = &watch.outgoing;
    let known = watch
        .order
        .and_then(|id| Some((id, account.known.get(&id)?)));
    let order = known.and_then(|(id, data)| Some((id, data, data.order.value()?)));
    let Some((id, data, order)) = order else {
        return match (outgoing.reference(), outgoing.request) {
            (Some(reference), _) => format!("no order with the reference {reference}"),
            (None, Some(request)) => format!("no decision of request {request} is shown"),
            (None, None) => "nothing of it".into(),
        };
    };
    let status = order.status.label();
    let count = |duplicates: bool| {
        let all = data.certificates().iter();
        all.filter(|row| duplicates == matches!(row.role, Role::Duplicate(_)))
            .count()
    };
    let waiting: Vec<&Request> = data
        .requests()
        .iter()
        .filter(|request| request.status.is_open())
        .collect();
    let waiting = match waiting.as_slice() {
        [] => "no request is waiting".to_owned(),
        [one] => format!("request {} is waiting ({})", one.id, one.kind.label()),
        many => format!("{} are waiting", counted(many.len(), "request", "requests")),
    };
    let what = match outgoing.kind {
        WriteKind::Duplicate | WriteKind::Reissue | WriteKind::ReissueAsDuplicate => {
            let (duplicates, others) = (count(true), count(false));
            let with = if outgoing.expected.is_some() {
                ", none that came with this CSR since"
            } else {
                ""
            };
            let others = counted(others, "certificate", "certificates");
            let duplicates = counted(duplicates, "duplicate", "duplicates");
            format!("{others} and {duplicates}{with}")
        }
        WriteKind::Note => match order.notes.iter().max_by_key(|note| note.date) {
            Some(last) => {
                let notes = counted(order.notes.len(), "note", "notes");
                format!("{notes}, the last \"{}\"", last.text)
            }
            None => "no notes".into(),
        },
        WriteKind::AutoReissue => match order.auto_reissue {
            Some(on) => format!("auto-reissue is {}", if on { "on" } else { "off" }),
            None => "auto-reissue is not reported".into(),
        },
        WriteKind::NamesMethod | WriteKind::DomainMethod | WriteKind::DomainToken => {
            "the validation is as it was".into()
        }
        _ => {
            if let Some(row) = outgoing.certificate.and_then(|row| data.certificate(row)) {
                let status = row
                    .status
                    .as_ref()
                    .map_or("not reported", |status| status.label());
                let archived = if row.archived { ", archived" } else { "" };
                let id = row.id.map_or_else(String::new, |id| id.to_string());
                format!("certificate {id} is {status}{archived}")
            } else {
                let all = count(true) + count(false);
                format!("{} in total", counted(all, "certificate", "certificates"))
            }
        }
    };
    format!("order {id} is {status}; {what}; {waiting}")
}

/// Offers to send it: in its form where what was typed is still there, else as it was.
pub(super) fn offer(model: &mut Model, at: usize) -> Vec<Effect> {
    if let Some(effects) = in_its_form(model, at) {
        return effects;
    }
    let Some(watch) = model.writes.all.get(at) else {
        return Vec::new();
    };
    let outgoing = &watch.outgoing;
    let mut body = vec![format!("{}: {}", watch.name, watch.words())];
    if watch.is_given_up() {
        body.push(sanitise(&shown(&model.account, watch)).into_owned());
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

/// The operator said yes. What was looked for before may have arrived since, however short ago that was: it is looked for
/// once more, and sent only if the account shows what it showed then.
pub(super) fn send(model: &mut Model, op: &WriteId) -> Vec<Effect> {
    let Some(at) = model.writes.all.iter().position(|watch| watch.op == *op) else {
        return Vec::new();
    };
    if let Some(why) = why_not(&model.writes, op) {
        model.set_status(Tone::Warn, format!("Not sent again: {why}"));
        return Vec::new();
    }
    let watch = &model.writes.all[at];
    if watch.is_given_up() {
        let said_yes_to = Some(there(&model.account, watch));
        watching::look_again(model, at, said_yes_to);
        return Vec::new();
    }
    send_now(model, at)
}

/// It was looked for after the yes, and is not there.
pub(super) fn looked(model: &mut Model, at: usize, said_yes_to: Option<&str>) -> Vec<Effect> {
    match said_yes_to {
        None => offer(model, at),
        Some(then) if then == there(&model.account, &model.writes.all[at]) => send_now(model, at),
        Some(_) => {
            let words = "Not sent: what CertCentral shows has changed since you confirmed.";
            let effects = offer(model, at);
            model.set_status(Tone::Warn, words);
            effects
        }
    }
}

fn send_now(model: &mut Model, at: usize) -> Vec<Effect> {
    let watch = &model.writes.all[at];
    let op = watch.op.clone();
    let (outgoing, draft, name) = (
        watch.outgoing.clone(),
        watch.draft.clone(),
        watch.name.clone(),
    );
    let effects = watching::send(model, outgoing, draft, name);
    bulk::sent_again(model, &op);
    effects
}
