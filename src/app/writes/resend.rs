//! Sending again what did not arrive: only once the account was looked at, or said no in a way that another try may mend.

use super::verify::{csr_of, form_of};
use super::{Below, Send, Watch, Writes};
use crate::app::account::Account;
use crate::app::drafts::Drafts;
use crate::app::status::Tone;
use crate::app::turn::WriteEvent;
use crate::domain::csr::csr_key;
use crate::domain::draft::FormKind;
use crate::domain::failure::FailureKind;
use crate::domain::ids::OrderId;
use crate::domain::order::Role;
use crate::domain::request::Request;
use crate::domain::text::counted;
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
            | FailureKind::Twin
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
pub fn is_same(one: &Outgoing, other: &Outgoing) -> bool {
    let to_the_same = one.kind == other.kind && one.order == other.order;
    match (&one.expected, &other.expected) {
        (Some(one), Some(other)) => to_the_same && one.spki_der == other.spki_der,
        _ => to_the_same && one.path == other.path && one.body == other.body,
    }
}

/// Whether the account refused it.
pub fn is_refused(watch: &Watch) -> bool {
    matches!(&watch.stage, Stage::Ended(failure) if failure.status.is_some())
}

/// The form that still holds what was sent, by its kind and its order; what was begun since, with another CSR, is not that.
pub fn form_that_holds(drafts: &Drafts, watch: &Watch) -> Option<(FormKind, OrderId)> {
    let outgoing = &watch.outgoing;
    let kind = form_of(outgoing.kind)?;
    let order = outgoing.order.unwrap_or(OrderId(0));
    let kept = drafts.get(&kind.draft_key(order))?;
    (csr_key(kept) == csr_of(outgoing)).then_some((kind, order))
}

/// What the account shows where something lost would be, by the newest look at it.
pub fn shown(account: &Account, watch: &Watch) -> String {
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
pub fn there(account: &Account, watch: &Watch) -> String {
    let outgoing = &watch.outgoing;
    let known = watch
        .order
        .and_then(|id| Some((id, account.known.get(&id)?)));
    let order = known.and_then(|(id, data)| Some((id, data, data.order.value()?)));
    let Some((id, data, order)) = order else {
        return match (outgoing.reference(), outgoing.request) {
            (Some(reference), _) => format!("no order with the reference {reference}"),
            (None, Some(request)) => format!("no decision of request {request} is shown"),
            (None, None) => match outgoing.domain() {
                Some(_) => "the validation of the domain is as it was".into(),
                None => "nothing of it".into(),
            },
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

impl Writes {
    /// The operator said yes to sending it again. What was looked for before may have arrived since, however short ago that
    /// was: it is looked for once more, and sent only if the account shows what it showed then.
    pub fn resend(&mut self, op: &WriteId, below: &mut Below<'_>) {
        if let Some(why) = why_not(self, op) {
            let words = format!("Not sent again: {why}");
            below.turn.set_status(Tone::Warn, words);
            return;
        }
        match self.get(op).filter(|watch| watch.is_given_up()) {
            Some(watch) => {
                let said_yes_to = Some(there(below.account, watch));
                self.look_again(op, said_yes_to, below);
            }
            None => self.resend_now(op, below),
        }
    }

    /// Sends it again: it was looked for after the yes, or was never taken.
    pub fn resend_now(&mut self, op: &WriteId, below: &mut Below<'_>) {
        let Some(watch) = self.get(op) else {
            return;
        };
        let send = Send {
            draft: watch.draft.clone(),
            ..Send::new(watch.outgoing.clone(), watch.name.clone())
        };
        let (before, now) = (op.clone(), self.send(send, below));
        let resent = WriteEvent::Resent { before, now };
        below.turn.events.push(resent);
    }
}
