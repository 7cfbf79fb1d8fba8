//! Sends something, once: with what was there before, so that what comes of it can be told from that.

use jiff::{SignedDuration, Timestamp};

use super::verify::before;
use super::watch::Watch;
use super::{Below, Writes, outcome};
use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::remote::Remote;
use crate::app::turn::WriteEvent;
use crate::domain::text::sanitise;
use crate::domain::write::{Before, Fact, Outgoing, WriteId};

/// What is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Send {
    pub outgoing: Outgoing,
    /// What it is called.
    pub name: String,
    /// The draft that it is sent from, by its key.
    pub draft: Option<String>,
    /// The number that was taken for it before.
    pub id: Option<WriteId>,
    /// When the review opened that it was said yes to.
    pub reviewed: Option<Timestamp>,
}

impl Send {
    /// Something that was neither typed in a form nor numbered before.
    pub fn new(outgoing: Outgoing, name: String) -> Self {
        Self {
            outgoing,
            name,
            draft: None,
            id: None,
            reviewed: None,
        }
    }
}

impl Writes {
    /// Sends something, once, and watches what comes of it. Its number comes back.
    pub fn send(&mut self, send: Send, below: &mut Below<'_>) -> WriteId {
        let op = send.id.unwrap_or_else(|| self.next_id());
        let outgoing = send.outgoing;
        let account = &*below.account;
        let known = outgoing.order.and_then(|id| account.known.get(&id));
        let before = Before {
            first_step: account.waits_for_first_step(&outgoing),
            clock: account.clock,
            account: account.name().map(str::to_owned),
            name: subject(account, &outgoing),
            age: age(account, &outgoing, send.reviewed, below.now),
            ..known
                .map(|data| before(data, &outgoing))
                .or_else(|| domain_before(account, &outgoing))
                .unwrap_or_default()
        };
        let name = named(send.name, before.name.as_deref());
        let draft = send.draft;
        let sent = Watch {
            kept: draft
                .as_ref()
                .and_then(|key| below.drafts.texts.get(key))
                .cloned(),
            draft,
            mark: account.mark(),
            ..Watch::new(
                op.clone(),
                outgoing.clone(),
                name,
                before.clone(),
                below.now,
            )
        };
        self.all.insert(0, sent);
        below.turn.push(Effect::Write {
            op: op.clone(),
            outgoing: Box::new(outgoing),
            before: Box::new(before),
            unjournaled: false,
            despite: false,
        });
        op
    }

    /// Sends what the journal could not take, or has already: the operator has said yes to that.
    pub fn send_all_the_same(&mut self, op: &WriteId, unjournaled: bool, below: &mut Below<'_>) {
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        watch.stage.after(Fact::Begun);
        watch.sent = below.now;
        watch.journaled = !unjournaled;
        let (outgoing, before) = (watch.outgoing.clone(), watch.before.clone());
        below.turn.push(Effect::Write {
            op: op.clone(),
            outgoing: outgoing.clone().into(),
            before: before.into(),
            unjournaled,
            despite: true,
        });
        let op = op.clone();
        let sent = WriteEvent::SentAllTheSame { op, outgoing };
        below.turn.events.push(sent);
    }
}

/// What a domain was before something is asked of it that is for no order.
fn domain_before(account: &Account, outgoing: &Outgoing) -> Option<Before> {
    let id = outgoing.domain()?;
    let domain = account.domains.get(id)?;
    let is_whole = account.domains.in_full(id).is_some() && !account.domains.is_to_read(id);
    Some(outcome::domain_before(domain, is_whole, outgoing))
}

/// How old what the desk knows of a thing is, by the oldest of what it goes by; a review that is open was read even
/// before.
fn age(
    account: &Account,
    outgoing: &Outgoing,
    reviewed: Option<Timestamp>,
    now: Timestamp,
) -> Option<SignedDuration> {
    if outgoing.kind.makes_order() {
        return None;
    }
    let data = outgoing.order.and_then(|order| account.known.get(&order));
    let read = match (data, outgoing.request) {
        (Some(data), None) if outgoing.kind.makes_certificate() => {
            let order = data.order.came_at()?;
            order
                .min(data.duplicates.came_at()?)
                .min(data.reissues.came_at()?)
        }
        (Some(data), None) => data.order.came_at()?,
        (None, None) => {
            let read = account.domains.details.get(&outgoing.domain()?);
            read.and_then(Remote::came_at)?
        }
        (data, _) => {
            let order = data.and_then(|data| data.order.came_at());
            order.max(account.requests.waiting.came_at())?
        }
    };
    let read = reviewed.map_or(read, |reviewed| read.min(reviewed));
    Some(now.duration_since(read))
}

/// The common name that a write is about: what it asks for, or what its order is called.
fn subject(account: &Account, outgoing: &Outgoing) -> Option<String> {
    let order = outgoing.order.filter(|_| !outgoing.kind.makes_order());
    let known = || account.known.get(&order?)?.order.value();
    let listed = || Some(account.orders.get(order?)?.title());
    let certificate = || {
        let row = account
            .known
            .get(&order?)?
            .certificate(outgoing.certificate?)?;
        (!row.common_name.is_empty()).then(|| row.common_name.clone())
    };
    let domain = || Some(account.domains.get(outgoing.domain()?)?.name.clone());
    outgoing
        .common_name()
        .or_else(certificate)
        .or_else(|| known().map(|order| order.title().to_owned()))
        .or_else(listed)
        .or_else(domain)
        .filter(|name| !name.is_empty())
}

/// With the common name, unless that is said already.
pub(super) fn named(what: String, name: Option<&str>) -> String {
    match name.filter(|name| !what.contains(name)) {
        Some(name) => format!("{what} · {}", sanitise(name)),
        None => what,
    }
}
