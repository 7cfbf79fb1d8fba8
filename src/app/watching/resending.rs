//! What was lost and not found is sent again only after one more look, whichever way it comes: by its key in the list of
//! what was sent, or from the form that still holds it.

use jiff::{SignedDuration, Timestamp};

use super::{announce, drop_drafts, show};
use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::form::Form;
use crate::app::model::Model;
use crate::app::operations::outcome;
use crate::app::popup::Popup;
use crate::app::remote::{Basis, Ticket};
use crate::app::resend::{self, ResendPending};
use crate::app::status::Tone;
use crate::app::verify::sent_drafts;
use crate::app::verify::{decided, decision_of};
use crate::app::watch::Watch;
use crate::app::writes::Writes;
use crate::domain::draft::{Note, Tone as NoteTone};
use crate::domain::failure::Failure;
use crate::domain::failure::FailureKind;
use crate::domain::ids::RequestId;
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;
use crate::domain::text::sanitise;
use crate::domain::write::{Entry, Fact, Found};
use crate::domain::write::{Outgoing, Stage, WriteId};

/// For so long what a look found counts as what is there now.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

impl Watch {
    /// It is about to be sent again: it is looked for before, unless that was done just now.
    fn want_look(&mut self, now: Timestamp) {
        if self.wanted && self.due.is_none() && self.trouble.is_none() {
            return; // It is being looked for.
        }
        if !self.was_looked_for_just_now(now) {
            self.due = Some(now);
            self.wanted = true;
        }
    }

    /// Whether what the last look found counts as what is there now.
    fn was_looked_for_just_now(&self, now: Timestamp) -> bool {
        let looked = self.looked.filter(|_| !self.wanted);
        looked.is_some_and(|at| now.duration_since(at).abs() < FRESH)
    }
}

/// Looks once more for something that was given up, before it is offered to be sent again, and before it is sent.
pub(in crate::app) fn look_again(model: &mut Model, at: usize, said_yes_to: Option<String>) {
    let now = model.now;
    if !model.account.is_connected() {
        model.set_status(
            Tone::Warn,
            "There is no connection to check whether it arrived in the meantime; it is not sent again.",
        );
        return;
    }
    let watch = &mut model.writes.all[at];
    watch.due = Some(now);
    watch.wanted = true;
    model.writes.resend_pending = Some(ResendPending {
        op: watch.op.clone(),
        said_yes_to,
    });
    model.set_status(
        Tone::Info,
        "Checking once more whether it arrived in the meantime …",
    );
}

/// A form comes back with what was sent and not found: whether it arrived meanwhile is looked up while it is open.
pub(in crate::app) fn look_before(model: &mut Model) {
    let Some(key) = model.form.as_ref().map(Form::draft_key) else {
        return;
    };
    let now = model.now;
    for watch in &mut model.writes.all {
        if watch.is_given_up() && sent_drafts(watch, &model.drafts).contains(&key) {
            watch.want_look(now);
        }
    }
}

/// A review is open: where the same was sent before and not found, it is looked for before this may be sent.
pub(in crate::app) fn review_opened(model: &mut Model) {
    let now = model.now;
    model.reviewed = Some(now);
    let Some(outgoing) = model.form.as_ref().and_then(Form::reviewed_outgoing) else {
        return;
    };
    for watch in &mut model.writes.all {
        if watch.is_given_up() && resend::is_same(&watch.outgoing, outgoing) {
            watch.want_look(now);
        }
    }
    tell_review(model);
}

/// Says in an open review what is known of the same that was sent before.
pub(super) fn tell_review(model: &mut Model) {
    let Some(outgoing) = model.form.as_ref().and_then(Form::reviewed_outgoing) else {
        return;
    };
    let twins = model.writes.all.iter();
    let notes: Vec<Note> = twins
        .filter(|watch| watch.is_lost() && resend::is_same(&watch.outgoing, outgoing))
        .map(|watch| note(&model.account, watch))
        .collect();
    if let Some(form) = &mut model.form {
        form.sent_before(notes);
    }
}

fn note(account: &Account, watch: &Watch) -> Note {
    let sent = watch.by_account(watch.sent);
    let sent = sent.strftime("%Y-%m-%d %H:%M:%S UTC");
    let (tone, known) = match (&watch.trouble, watch.wanted) {
        (Some(trouble), true) => (NoteTone::Bad, format!("It could not be checked: {trouble}")),
        (None, true) => (
            NoteTone::Warn,
            format!(
                "Checking whether it arrived. {}",
                resend::shown(account, watch)
            ),
        ),
        (_, false) => (
            NoteTone::Warn,
            format!(
                "{} If you send it again and the first arrives late, it will exist twice.",
                resend::shown(account, watch)
            ),
        ),
    };
    let name = &watch.name;
    let answer = match &watch.stage {
        Stage::LookingUp(failure) | Stage::NotFound(failure) => failure.answer(),
        _ => None,
    };
    let text = match answer {
        Some(answer) => format!(
            "The same ({name}) was sent at {sent}, and {answer} does not say whether it was done. {known}"
        ),
        None => format!("The same ({name}) was sent at {sent} and got no response. {known}"),
    };
    Note {
        tone,
        text: sanitise(&text).into_owned(),
    }
}

/// Why something must not be sent yet: the same was sent before, and what the account shows of it is not known, or not
/// told yet.
pub(in crate::app) fn not_yet(model: &Model, outgoing: &Outgoing) -> Option<String> {
    // A yes that is kept is settled where it is kept.
    if model.yes.is_some() {
        return None;
    }
    let twin = model.writes.all.iter().find(|watch| {
        let unknown = matches!(watch.stage, Stage::Sending | Stage::LookingUp(_));
        let unseen = watch.is_given_up() && (watch.wanted || watch.looked.is_none());
        (unknown || unseen) && resend::is_same(&watch.outgoing, outgoing)
    })?;
    let name = &twin.name;
    Some(match twin.trouble.as_ref().filter(|_| twin.wanted) {
        Some(trouble) => format!(
            "Not sent: the same was sent before ({name}), and whether it arrived could not be checked: {trouble}"
        ),
        None => format!(
            "Not sent: the same was sent before ({name}), and certdeck is checking whether it arrived. Press Enter \
                to send it once that is known."
        ),
    })
}

/// What was sent before, is the same as any of these, and was not found.
fn twins<'a>(writes: &'a Writes, sends: &'a [Outgoing]) -> impl Iterator<Item = &'a Watch> {
    let given_up = writes.all.iter().filter(|watch| watch.is_given_up());
    given_up.filter(|watch| {
        let mut sends = sends.iter();
        sends.any(|outgoing| resend::is_same(&watch.outgoing, outgoing))
    })
}

/// The numbers of what was sent before, is the same as any of these, and was not found.
pub(in crate::app) fn lost_before(writes: &Writes, sends: &[Outgoing]) -> Vec<WriteId> {
    twins(writes, sends).map(|watch| watch.op.clone()).collect()
}

/// What the account shows of it, without a time.
pub(in crate::app) fn shown_before(
    writes: &Writes,
    account: &Account,
    sends: &[Outgoing],
) -> Vec<String> {
    twins(writes, sends)
        .map(|watch| resend::there(account, watch))
        .collect()
}

/// What is known of it, for the operator.
pub(in crate::app) fn notes_before(
    writes: &Writes,
    account: &Account,
    sends: &[Outgoing],
) -> Vec<String> {
    twins(writes, sends)
        .map(|watch| note(account, watch).text)
        .collect()
}

/// Looks for these now.
pub(in crate::app) fn look_for(writes: &mut Writes, ops: &[WriteId], now: Timestamp) {
    let watches = writes.all.iter_mut();
    for watch in watches.filter(|watch| ops.contains(&watch.op)) {
        watch.due = Some(now);
        watch.wanted = true;
        watch.trouble = None;
    }
}

/// Whether what was sent before and not found was looked for by reads that began after this.
pub(in crate::app) fn looked_for(writes: &Writes, sends: &[Outgoing], since: Ticket) -> Basis {
    let mut all = Basis::Current;
    for watch in twins(writes, sends) {
        if watch.looked_from.is_some_and(|from| from >= since) {
            continue;
        }
        match &watch.trouble {
            Some(trouble) => all = Basis::Failed(trouble.clone()),
            None => return Basis::Reading,
        }
    }
    all
}

/// A look at a lost write ended, and it is not there: whoever waits to send it again may, where everything was read.
pub(super) fn looked(model: &mut Model, op: &WriteId, trouble: Option<&Failure>) -> Vec<Effect> {
    let asked = model.writes.resend_pending.take_if(|again| again.op == *op);
    tell_review(model);
    // What was asked for and left is dropped.
    let waits = matches!(model.popups.last(), Some(Popup::Watches(_)));
    let Some(asked) = asked else {
        return Vec::new();
    };
    if !waits {
        // Nothing opens over what was gone to meanwhile; what the look found is told all the same.
        let watch = model.writes.get(op);
        if let Some((name, words)) = watch.map(|watch| (watch.name.clone(), watch.words())) {
            let found = trouble.map_or(words, |trouble| {
                format!("it could not be checked: {trouble}")
            });
            let words = format!("{name}: {found}");
            model.set_status(Tone::Warn, sanitise(&words).into_owned());
        }
        return Vec::new();
    }
    if let Some(trouble) = trouble {
        let words = format!("It could not be checked, so it is not sent again: {trouble}");
        model.set_status(Tone::Bad, words);
        return Vec::new();
    }
    match model.writes.all.iter().position(|watch| watch.op == *op) {
        Some(at) => resend::looked(model, at, asked.said_yes_to.as_deref()),
        None => Vec::new(),
    }
}

/// A look at something lost ended, and nothing of it is there. After several it counts as not found, and is looked for
/// ever more rarely. A look that failed says nothing.
pub(super) fn not_there(model: &mut Model, op: &WriteId, trouble: Option<&Failure>) -> Vec<Effect> {
    let now = model.now;
    let by_account = model.account.by_account(now);
    let Some(watch) = model.writes.get_mut(op) else {
        return Vec::new();
    };
    watch.trouble = trouble.cloned();
    if watch.due.is_none() {
        watch.wait(now);
    }
    let mut effects = Vec::new();
    if trouble.is_none() {
        watch.looked = Some(now);
        watch.looked_from = Some(watch.mark);
        watch.read_at = Some(by_account);
        watch.wanted = false;
        if watch.gave_up() && watch.stage.after(Fact::Found(Found::NotArrived)) {
            let words = format!("{}: {}", watch.name, watch.words());
            effects.push(Effect::Journal {
                op: op.clone(),
                entry: Entry::Found(Found::NotArrived),
            });
            effects.push(announce(model, Tone::Warn, &words));
        }
    }
    effects.extend(looked(model, op, trouble));
    effects
}

/// A request was read: the lost decisions of one whose order nobody knows are told by it alone.
pub(in crate::app) fn request_came(
    model: &mut Model,
    ticket: Ticket,
    id: RequestId,
    result: &Result<Request, Failure>,
) -> Vec<Effect> {
    let waits = |watch: &&Watch| {
        watch.order.is_none() && watch.outgoing.request == Some(id) && watch.is_lost()
    };
    let waiting = model.writes.all.iter().filter(waits);
    let ops: Vec<WriteId> = waiting.map(|watch| watch.op.clone()).collect();
    ops.iter()
        .flat_map(|op| told_by_request(model, op, ticket, id, result))
        .collect()
}

fn told_by_request(
    model: &mut Model,
    op: &WriteId,
    ticket: Ticket,
    id: RequestId,
    result: &Result<Request, Failure>,
) -> Vec<Effect> {
    let now = model.now;
    let Some(watch) = model.writes.get_mut(op) else {
        return Vec::new();
    };
    // What was asked for before the look began shows what is there, not what is not.
    let is_of_look = ticket > watch.mark;
    let nothing = |model: &mut Model, trouble: Option<&Failure>| {
        if is_of_look {
            not_there(model, op, trouble)
        } else {
            Vec::new()
        }
    };
    let request = match result {
        Ok(request) => request,
        // The account says so itself, not a gateway: it shows nothing of it.
        Err(failure) if failure.kind == FailureKind::NotFound && failure.has_codes() => {
            return nothing(model, None);
        }
        Err(failure) => return nothing(model, Some(failure)),
    };
    if let Some(order) = request.order {
        // From here on it is looked for as any other.
        watch.order = Some(order);
        watch.due = Some(now);
        return Vec::new();
    }
    let first = watch.before.first_step && request.status == RequestStatus::Pending;
    let fact = match decision_of(request) {
        Some(decision) => decided(&watch.outgoing, id, &decision),
        None if first => Fact::Completed(outcome::first_step_words(id)),
        None => return nothing(model, None),
    };
    let (tone, what) = match &fact {
        Fact::Ended(_) => (Tone::Warn, Found::Overtaken),
        _ => (Tone::Good, Found::Done),
    };
    watch.stage.after(fact);
    watch.due = None;
    watch.trouble = None;
    let words = format!("{}: {}", watch.name, watch.words());
    vec![
        Effect::Journal {
            op: op.clone(),
            entry: Entry::Found(what),
        },
        announce(model, tone, &words),
    ]
}

/// It arrived after all: what was typed for it goes, and a form that still holds it closes, since sent from there it
/// would be on the account twice.
pub(super) fn arrived(model: &mut Model, name: &str, drafts: Vec<String>) -> Vec<Effect> {
    let open = model.form.as_ref().map(Form::draft_key);
    let holds = open.is_some_and(|key| drafts.contains(&key) && model.drafts.contains_key(&key));
    let mut effects = Vec::new();
    if holds {
        model.form = None;
        let words = format!("{name} arrived after all. Its form is closed.");
        effects.push(announce(model, Tone::Warn, &words));
        show(model);
    } else {
        // What was said of the lost answer is no longer so.
        let words = format!("{} arrived: CertCentral shows it.", sanitise(name));
        model.set_status(Tone::Info, words);
    }
    effects.extend(drop_drafts(model, drafts));
    effects
}
