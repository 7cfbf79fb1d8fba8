//! Moves the watches: what was sent, what was answered, when to look what the account shows of it.

mod advance;
mod decisions;
mod ended_elsewhere;
mod issuer;
mod placed;
mod poll;
mod prune;
mod resending;
mod resuming;

pub(super) use placed::placed;
pub(super) use poll::{changes_came, due};
pub(super) use resending::{
    look_again, look_before, look_for, looked_for, lost_before, not_yet, notes_before,
    request_came, review_opened, shown_before,
};

use jiff::{SignedDuration, Timestamp};

use super::account::Account;
use super::bulk;
use super::effect::{Effect, Read};
use super::model::Model;
use super::msg::{Accepted, Ended, Unfinished};
use super::operations::batch::{self, End};
use super::operations::{is_found, outcome};
use super::picker::Picker;
use super::popup::Popup;
use super::unjournaled;
use super::verify::{before, compare, sent_drafts};
use super::watch::{self, Watch};
use super::writes::Writes;
use super::writes::names;
use crate::app::account::Own;
use crate::app::status::Tone;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::text::sanitise;
use crate::domain::write::{Before, Entry, Fact, Outgoing, Stage, WriteId, WriteKind};

/// Sends something, once, and watches what comes of it.
pub(super) fn send(
    model: &mut Model,
    outgoing: Outgoing,
    draft: Option<String>,
    name: String,
) -> Vec<Effect> {
    let op = model.writes.next_id();
    send_as(model, op, outgoing, draft, name)
}

/// The same, under a number that was taken before.
pub(super) fn send_as(
    model: &mut Model,
    op: WriteId,
    outgoing: Outgoing,
    draft: Option<String>,
    name: String,
) -> Vec<Effect> {
    let before = outgoing
        .order
        .and_then(|id| model.account.known.get(&id))
        .map(|data| before(data, &outgoing))
        .unwrap_or_default();
    let before = Before {
        first_step: model.account.waits_for_first_step(&outgoing),
        clock: model.account.clock,
        account: model.account.name().map(str::to_owned),
        name: subject(&model.account, &outgoing),
        age: age(&model.account, &outgoing, model.reviewed, model.now),
        ..before
    };
    let named = named(name, before.name.as_deref());
    let sent = Watch {
        kept: draft
            .as_ref()
            .and_then(|key| model.drafts.get(key))
            .cloned(),
        draft,
        mark: model.account.mark(),
        ..Watch::new(
            op.clone(),
            outgoing.clone(),
            named,
            before.clone(),
            model.now,
        )
    };
    model.writes.all.insert(0, sent);
    let listed = model.bulks.values().flat_map(bulk::Bulk::sent).cloned();
    prune::prune(&mut model.writes, &listed.collect());
    vec![Effect::Write {
        op,
        outgoing: Box::new(outgoing),
        before: Box::new(before),
        unjournaled: false,
        despite: false,
    }]
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
    let listed = || {
        let orders = &account.orders;
        Some(orders.title(orders.get(order?)?))
    };
    let certificate = || {
        let row = account
            .known
            .get(&order?)?
            .certificate(outgoing.certificate?)?;
        (!row.common_name.is_empty()).then(|| row.common_name.clone())
    };
    outgoing
        .common_name()
        .or_else(certificate)
        .or_else(|| known().map(|order| order.title().to_owned()))
        .or_else(listed)
        .filter(|name| !name.is_empty())
}

/// With the common name, unless that is said already.
fn named(what: String, name: Option<&str>) -> String {
    match name.filter(|name| !what.contains(name)) {
        Some(name) => format!("{what} · {}", sanitise(name)),
        None => what,
    }
}

/// Sends what the journal could not take, or has already: the operator has said yes to that.
pub(super) fn send_all_the_same(model: &mut Model, op: &WriteId, unjournaled: bool) -> Vec<Effect> {
    let Some(watch) = model.writes.get_mut(op) else {
        return Vec::new();
    };
    watch.stage.after(Fact::Begun);
    watch.sent = model.now;
    watch.journaled = !unjournaled;
    let (outgoing, before) = (watch.outgoing.clone(), watch.before.clone());
    bulk::sent_after_all(model, op, &outgoing);
    vec![Effect::Write {
        op: op.clone(),
        outgoing: outgoing.into(),
        before: before.into(),
        unjournaled,
        despite: true,
    }]
}

/// Goes on with what an earlier session sent, and says of how much nobody knows the outcome.
pub(super) fn resume(model: &mut Model, unfinished: Vec<Unfinished>) -> Vec<Effect> {
    let mark = model.account.mark();
    let resumed = model
        .writes
        .resume(unfinished, mark, &model.drafts, model.now);
    if resumed.unknown > 0 {
        model.set_status(
            Tone::Warn,
            match resumed.unknown {
                1 => "1 change from an earlier session has no known outcome. Checking CertCentral; press W to see it.".to_owned(),
                many => format!("{many} changes from an earlier session have no known outcome. Checking CertCentral; \
                    press W to see them."),
            },
        );
    }
    drop_drafts(model, resumed.taken)
}

/// Opens the list of watches, the newest under the cursor.
pub(super) fn show(model: &mut Model) {
    if !model
        .popups
        .iter()
        .any(|popup| matches!(popup, Popup::Watches(_)))
    {
        let picker = Picker::on(&watch::ids(&model.writes.all), 0);
        model.popups.push(Popup::Watches(picker));
    }
}

/// A write ended.
pub(super) fn written(model: &mut Model, op: &WriteId, outcome: Ended) -> Vec<Effect> {
    let effects = ended(model, op, outcome);
    advance::mark_sent_again(&mut model.writes);
    effects
}

fn ended(model: &mut Model, op: &WriteId, outcome: Ended) -> Vec<Effect> {
    let now = model.now;
    let own = own_part(&model.account, &model.writes, op);
    let Some(watch) = model.writes.get_mut(op) else {
        return Vec::new();
    };
    let renewed = watch
        .outgoing
        .order
        .filter(|_| watch.outgoing.kind.makes_order());
    if let (Ended::Accepted(accepted), None) = (&outcome, watch.order) {
        watch.order = accepted.order;
    }
    let order = watch.order;
    let outgoing_kind = watch.outgoing.kind;
    let mut effects = vec![Effect::LoadJournal];
    match outcome {
        Ended::Accepted(accepted) => {
            let kind = watch.outgoing.kind;
            let done = sent_drafts(watch, &model.drafts);
            watch.draft = None;
            effects.extend(drop_drafts(model, done));
            let checked = accepted.checked.clone();
            let has_token = accepted.dcv_random_value.is_some();
            effects.extend(accepted_by_account(model, op, accepted));
            if let (true, true, Some(order)) = (has_token, kind.makes_certificate(), order) {
                // Where the random value belongs depends on the domains of the account.
                effects.extend(names::read(&mut model.account, &model.writes, order, true));
            }
            if batch::is_current(&model.writes, op) {
                effects.extend(decisions::last(&mut model.account, &model.writes, op));
            } else if kind.is_decision() {
                effects.extend(model.account.read_lists_of_requests());
            }
            if kind.makes_order() {
                effects.push(model.account.start_sync());
            }
            if let Some(renewed) = renewed {
                effects.extend(model.account.read_order(renewed, true));
            }
            if let Some(order) = order {
                effects.extend(model.account.read_order(order, true));
                effects.extend(checks_came(
                    &mut model.account,
                    &model.writes,
                    order,
                    kind,
                    checked,
                ));
            }
            effects.extend(batch::ended(model, op, End::Taken));
            effects.extend(bulk::ended(model, op, End::Taken));
        }
        Ended::Refused(failure) => {
            if let Some(done) = outcome::already_done(&watch.outgoing, &failure) {
                watch.stage.after(done);
                let words = watch.words();
                model.set_status(Tone::Info, sanitise(&words).into_owned());
            } else {
                let failure = outcome::refused(&watch.outgoing, own, failure);
                let overtaken = outcome::is_overtaken(&watch.outgoing, &failure);
                watch.stage.after(Fact::Ended(failure.clone()));
                if let Some(key) = watch.draft.clone() {
                    model.refusals.insert(key.clone(), failure.clone());
                    effects.push(Effect::KeepRefusal {
                        key,
                        refusal: Some(failure.clone()),
                    });
                }
                model.tell_failure(&failure);
                if overtaken && !batch::is_current(&model.writes, op) {
                    effects.extend(model.account.read_lists_of_requests());
                }
                if overtaken {
                    effects.extend(order.map(|order| model.account.read(Read::Order(order))));
                }
            }
            effects.extend(decisions::last(&mut model.account, &model.writes, op));
            effects.extend(batch::ended(model, op, End::Refused));
            effects.extend(bulk::ended(model, op, End::Refused));
        }
        Ended::NotSent(failure) => {
            let words = format!("Nothing was sent: {failure}");
            watch.stage.after(Fact::Ended(failure));
            model.set_status(Tone::Bad, words);
            effects.extend(decisions::stopped(&mut model.account, &model.writes, op));
            effects.extend(batch::ended(model, op, End::Stopped));
            effects.extend(bulk::ended(model, op, End::Stopped));
        }
        Ended::Twin { failure, taken } => {
            watch.stage.after(Fact::Ended(failure.clone()));
            let prompt = unjournaled::ask_twice(watch, &failure);
            let several = batch::is_current(&model.writes, op) || bulk::is_current(model, op);
            model.set_status(Tone::Warn, sanitise(&format!("Not sent: {failure}")));
            effects.extend(decisions::last(&mut model.account, &model.writes, op));
            effects.extend(batch::ended(model, op, End::Refused));
            effects.extend(bulk::twin(model, op, &failure));
            // Of several the others go on; this one can be sent by itself.
            if taken && !several {
                model.popups.push(prompt);
            }
        }
        Ended::NoJournal(failure) => {
            watch.stage.after(Fact::Ended(failure.clone()));
            let prompt = unjournaled::ask(watch, &failure);
            model.set_status(
                Tone::Bad,
                format!(
                    "Nothing was sent: the journal cannot store it. {}",
                    failure.what
                ),
            );
            // Of several in a row, or a list, each would have to be asked for; they stop here, and can be gone on with.
            effects.extend(decisions::stopped(&mut model.account, &model.writes, op));
            effects.extend(batch::ended(model, op, End::Stopped));
            effects.extend(bulk::ended(model, op, End::Stopped));
            model.popups.push(prompt);
        }
        Ended::Unknown(failure) => {
            let words = match failure.answer() {
                // What it was is told as the server told it.
                Some(_) => format!(
                    "{} That response does not say whether it was done. Checking CertCentral; nothing is sent again.",
                    failure.what
                ),
                None => "No response: the outcome is unknown. Checking CertCentral; nothing is sent again.".to_owned(),
            };
            watch.stage.after(Fact::Unanswered(failure));
            watch.hurry(now);
            if outgoing_kind.is_decision() {
                effects.push(model.account.read(Read::Requests));
            }
            model.set_status(Tone::Warn, sanitise(&words).into_owned());
            effects.extend(batch::ended(model, op, End::Stopped));
            effects.extend(bulk::ended(model, op, End::Stopped));
        }
    }
    effects
}

/// What the key's own user had to do with the request that a write decides.
fn own_part(account: &Account, writes: &Writes, op: &WriteId) -> Option<Own> {
    let watch = writes.get(op)?;
    let known = account.request(watch.outgoing.request?, watch.outgoing.order)?;
    account.own_part(known)
}

/// Something about the domain validation of an order's names was done: what was found is kept, and the rest read anew.
fn checks_came(
    account: &mut Account,
    writes: &Writes,
    order: OrderId,
    kind: WriteKind,
    checked: Vec<(String, String)>,
) -> Vec<Effect> {
    if !kind.is_about_domains() {
        return Vec::new();
    }
    let data = account.known.entry(order).or_default();
    if matches!(
        kind,
        WriteKind::NamesMethod | WriteKind::DomainMethod | WriteKind::DomainToken
    ) {
        // What an earlier value did not show says nothing of this one.
        data.checked.retain(|(_, status)| is_found(status));
    }
    for (name, status) in checked {
        data.checked.retain(|(have, _)| !same(have, &name));
        data.checked.push((name, status));
    }
    names::read(account, writes, order, true)
}

fn accepted_by_account(model: &mut Model, op: &WriteId, accepted: Accepted) -> Vec<Effect> {
    let now = model.now;
    let Some(watch) = model.writes.get_mut(op) else {
        return Vec::new();
    };
    let order = watch.order;
    watch.token.clone_from(&accepted.dcv_random_value);
    if let (Some(order), Some(certificate), Some(request)) =
        (order, accepted.certificate, accepted.requests.first())
    {
        let data = model.account.known.entry(order).or_default();
        data.answered(*request, certificate);
    }
    if let Some(fact) = outcome::accepted(&watch.outgoing, &accepted) {
        watch.stage.after(fact);
        let missing = |(_, status): &(String, String)| !is_found(status);
        let tone = if watch.stage.is_open() {
            watch.wait(now);
            Tone::Info
        } else if accepted.checked.iter().any(missing) {
            Tone::Warn
        } else {
            Tone::Good
        };
        let words = watch.words();
        model.set_status(tone, sanitise(&words).into_owned());
        return Vec::new();
    }
    match watch.outgoing.kind {
        WriteKind::Approve | WriteKind::Reject => {
            let verb = if watch.outgoing.kind == WriteKind::Approve {
                "approved"
            } else {
                "rejected"
            };
            let first = watch.before.first_step && watch.outgoing.kind == WriteKind::Approve;
            if let Some(request) = watch.outgoing.request {
                model.requests.marks.remove(&request);
            }
            let words = match watch.outgoing.request {
                Some(request) if first => outcome::first_step_words(request),
                Some(request) => format!("request {request} {verb}"),
                None => verb.to_string(),
            };
            watch.stage.after(Fact::Completed(words.clone()));
            for other in &mut model.writes.all {
                if other.order == order {
                    other.hurry(now);
                }
            }
            model.set_status(Tone::Good, words);
            return Vec::new();
        }
        _ => {}
    }
    watch.chain = accepted.chain.filter(|_| accepted.certificate.is_some());
    watch.stage.after(Fact::Accepted {
        request: accepted.requests.first().copied(),
        certificate: accepted.certificate,
    });
    watch.wait(now);
    if let Stage::AwaitsApproval(request) = watch.stage {
        let steps = if accepted.first_of_two {
            "the first of two approvals"
        } else {
            "approval"
        };
        let words = format!("Accepted. Request {request} is waiting for {steps}.");
        model.set_status(Tone::Good, words);
    }
    Vec::new()
}

/// Order info came, or failed to: watches of this order move on or wait.
pub(super) fn order_came(model: &mut Model, id: OrderId) -> Vec<Effect> {
    let failure = model
        .account
        .known
        .get(&id)
        .and_then(|data| data.order.failure().cloned());
    for watch in &mut model.writes.all {
        if watch.order == Some(id) {
            watch.trouble.clone_from(&failure);
        }
    }
    let mut effects = advance::advance(model, id);
    let waits_for_proof =
        |watch: &Watch| watch.order == Some(id) && watch.token.is_some() && watch.stage.is_open();
    if model.writes.all.iter().any(waits_for_proof) {
        // Where the random value belongs depends on the domains of the account.
        effects.extend(names::read(&mut model.account, &model.writes, id, false));
    }
    effects
}

/// A list of certificates came, or one request of the order.
pub(super) fn more_came(model: &mut Model, id: OrderId) -> Vec<Effect> {
    advance::advance(model, id)
}

/// The chain could not be fetched; it is tried again.
pub(super) fn chain_failed(writes: &mut Writes, op: &WriteId, failure: &Failure, now: Timestamp) {
    if let Some(watch) = writes.get_mut(op)
        && watch.stage.after(Fact::ChainFailed)
    {
        watch.trouble = Some(failure.clone());
        watch.looks += 1;
        watch.wait(now);
    }
}

/// Holds an issued certificate against what was asked for.
pub(super) fn check(model: &mut Model, op: &WriteId, text: &str) -> Vec<Effect> {
    let Some(at) = model.writes.all.iter().position(|watch| watch.op == *op) else {
        return Vec::new();
    };
    let watch = &model.writes.all[at];
    let Stage::Verifying(certificate) = watch.stage else {
        return Vec::new();
    };
    let serial = watch
        .order
        .and_then(|id| model.account.known.get(&id))
        .and_then(|data| data.certificate(certificate))
        .and_then(|row| row.serial.clone());
    let (mut checks, mut problems) = compare(text, serial.as_deref(), &watch.outgoing);
    match issuer::told(&model.account, watch, certificate, text) {
        Some(Ok(check)) => checks.push(check),
        Some(Err(problem)) => problems.push(problem),
        None => {}
    }
    let watch = &mut model.writes.all[at];
    watch.trouble = None;
    watch.due = None;
    watch.stage.after(Fact::Verified {
        checks,
        problems: problems.clone(),
    });
    let tone = if problems.is_empty() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let words = format!("{}: {}", watch.name, watch.words());
    vec![
        Effect::Journal {
            op: op.clone(),
            entry: Entry::Verified(problems),
        },
        announce(model, tone, &words),
    ]
}

/// What the account has is not to be sent again.
fn drop_drafts(model: &mut Model, keys: Vec<String>) -> Vec<Effect> {
    for key in &keys {
        model.drafts.remove(key);
        model.refusals.remove(key);
    }
    keys.into_iter()
        .map(|key| Effect::DropDraft { key })
        .collect()
}

/// Tells what came of something that was waited for, here and to whoever looks elsewhere.
fn announce(model: &mut Model, tone: Tone, words: &str) -> Effect {
    let text = sanitise(words).into_owned();
    model.set_status(tone, text.clone());
    Effect::Notify { text }
}
