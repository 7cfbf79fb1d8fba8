//! What was lost and not found is sent again only after one more look, whichever way it comes: by its key in the list of
//! what was sent, or from the form that still holds it.

use jiff::{SignedDuration, Timestamp};

use super::verify::{decided, decision_of, sent_drafts};
use super::{Below, ResendPending, Watch, Writes, outcome, resend};
use crate::app::account::Account;
use crate::app::drafts::Drafts;
use crate::app::effect::Effect;
use crate::app::remote::{Basis, Ticket};
use crate::app::status::Tone;
use crate::app::turn::WriteEvent;
use crate::domain::draft::{Note, Tone as NoteTone};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::RequestId;
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;
use crate::domain::text::sanitise;
use crate::domain::write::{Entry, Fact, Found, Outgoing, Stage, WriteId};

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

impl Writes {
    /// Looks once more for something that was given up, before it is offered to be sent again, and before it is sent.
    pub fn look_again(&mut self, op: &WriteId, said_yes_to: Option<String>, below: &mut Below<'_>) {
        if !below.account.is_connected() {
            let words = "There is no connection to check whether it arrived in the meantime; it is not sent again.";
            below.turn.set_status(Tone::Warn, words);
            return;
        }
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        watch.due = Some(below.now);
        watch.wanted = true;
        self.resend_pending = Some(ResendPending {
            op: op.clone(),
            said_yes_to,
        });
        let words = "Checking once more whether it arrived in the meantime …";
        below.turn.set_status(Tone::Info, words);
    }

    /// A form comes back with what was sent and not found: whether it arrived meanwhile is looked up while it is open.
    pub fn look_before_form(&mut self, draft: &str, drafts: &Drafts, now: Timestamp) {
        for watch in &mut self.all {
            let of_form = || {
                sent_drafts(watch, &drafts.texts)
                    .iter()
                    .any(|key| key == draft)
            };
            if watch.is_given_up() && of_form() {
                watch.want_look(now);
            }
        }
    }

    /// A review is open: where the same was sent before and not found, it is looked for before this may be sent.
    pub fn look_before_review(&mut self, outgoing: &Outgoing, now: Timestamp) {
        for watch in &mut self.all {
            if watch.is_given_up() && resend::is_same(&watch.outgoing, outgoing) {
                watch.want_look(now);
            }
        }
    }

    /// What is known of the same that was sent before and may have been lost, for a review.
    pub fn notes_on(&self, outgoing: &Outgoing, account: &Account) -> Vec<Note> {
        let twins = self.all.iter();
        twins
            .filter(|watch| watch.is_lost() && resend::is_same(&watch.outgoing, outgoing))
            .map(|watch| note(account, watch))
            .collect()
    }

    /// Why something must not be sent yet: the same was sent before, and what the account shows of it is not known, or
    /// not told yet.
    pub fn why_not_yet(&self, outgoing: &Outgoing) -> Option<String> {
        let twin = self.all.iter().find(|watch| {
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
    fn twins<'a>(&'a self, sends: &'a [Outgoing]) -> impl Iterator<Item = &'a Watch> {
        let given_up = self.all.iter().filter(|watch| watch.is_given_up());
        given_up.filter(|watch| {
            let mut sends = sends.iter();
            sends.any(|outgoing| resend::is_same(&watch.outgoing, outgoing))
        })
    }

    /// The numbers of what was sent before, is the same as any of these, and was not found.
    pub fn lost_before(&self, sends: &[Outgoing]) -> Vec<WriteId> {
        self.twins(sends).map(|watch| watch.op.clone()).collect()
    }

    /// What the account shows of it, without a time.
    pub fn shown_before(&self, account: &Account, sends: &[Outgoing]) -> Vec<String> {
        let twins = self.twins(sends);
        twins.map(|watch| resend::there(account, watch)).collect()
    }

    /// What is known of it, for the operator.
    pub fn notes_before(&self, account: &Account, sends: &[Outgoing]) -> Vec<String> {
        let twins = self.twins(sends);
        twins.map(|watch| note(account, watch).text).collect()
    }

    /// Looks for these now.
    pub fn look_for(&mut self, ops: &[WriteId], now: Timestamp) {
        let watches = self.all.iter_mut();
        for watch in watches.filter(|watch| ops.contains(&watch.op)) {
            watch.due = Some(now);
            watch.wanted = true;
            watch.trouble = None;
        }
    }

    /// Whether what was sent before and not found was looked for by reads that began after this.
    pub fn looked_for(&self, sends: &[Outgoing], since: Ticket) -> Basis {
        let mut all = Basis::Current;
        for watch in self.twins(sends) {
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

    /// A look at something lost ended, and nothing of it is there. After several it counts as not found, and is looked for
    /// ever more rarely. A look that failed says nothing. Whoever waits to send it again hears of it.
    pub(super) fn not_there(
        &mut self,
        op: &WriteId,
        trouble: Option<&Failure>,
        below: &mut Below<'_>,
    ) {
        let by_account = below.account.by_account(below.now);
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        watch.trouble = trouble.cloned();
        if watch.due.is_none() {
            watch.wait(below.now);
        }
        if trouble.is_none() {
            watch.looked = Some(below.now);
            watch.looked_from = Some(watch.mark);
            watch.read_at = Some(by_account);
            watch.wanted = false;
            if watch.gave_up() && watch.stage.after(Fact::Found(Found::NotArrived)) {
                let words = format!("{}: {}", watch.name, watch.words());
                below.turn.push(Effect::Journal {
                    op: op.clone(),
                    entry: Entry::Found(Found::NotArrived),
                });
                self.announce(op, Tone::Warn, words, below);
            }
        }
        if let Some(pending) = self.resend_pending.take_if(|pending| pending.op == *op) {
            below.turn.events.push(WriteEvent::Looked {
                op: pending.op,
                trouble: trouble.cloned(),
                said_yes_to: pending.said_yes_to,
            });
        }
    }

    /// A request was read: the lost decisions of one whose order nobody knows are told by it alone.
    pub fn on_request(
        &mut self,
        ticket: Ticket,
        id: RequestId,
        result: Result<&Request, &Failure>,
        below: &mut Below<'_>,
    ) {
        let waits = |watch: &&Watch| {
            watch.order.is_none() && watch.outgoing.request == Some(id) && watch.is_lost()
        };
        let waiting = self.all.iter().filter(waits);
        let ops: Vec<WriteId> = waiting.map(|watch| watch.op.clone()).collect();
        for op in ops {
            self.told_by_request(&op, ticket, id, result, below);
        }
    }

    fn told_by_request(
        &mut self,
        op: &WriteId,
        ticket: Ticket,
        id: RequestId,
        result: Result<&Request, &Failure>,
        below: &mut Below<'_>,
    ) {
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        // What was asked for before the look began shows what is there, not what is not.
        let is_of_look = ticket > watch.mark;
        let told = match result {
            Ok(request) => {
                if let Some(order) = request.order {
                    // From here on it is looked for as any other.
                    watch.order = Some(order);
                    watch.due = Some(below.now);
                    return;
                }
                let first = watch.before.first_step && request.status == RequestStatus::Pending;
                match decision_of(request) {
                    Some(decision) => Ok(decided(&watch.outgoing, id, &decision)),
                    None if first => Ok(Fact::Completed(outcome::first_step_words(id))),
                    None => Err(None),
                }
            }
            // The account says so itself, not a gateway: it shows nothing of it.
            Err(failure) if failure.kind == FailureKind::NotFound && failure.has_codes() => {
                Err(None)
            }
            Err(failure) => Err(Some(failure)),
        };
        let fact = match told {
            Ok(fact) => fact,
            Err(trouble) if is_of_look => return self.not_there(op, trouble, below),
            Err(_) => return,
        };
        let (tone, what) = match &fact {
            Fact::Ended(_) => (Tone::Warn, Found::Overtaken),
            _ => (Tone::Good, Found::Done),
        };
        watch.stage.after(fact);
        watch.due = None;
        watch.trouble = None;
        let words = format!("{}: {}", watch.name, watch.words());
        below.turn.push(Effect::Journal {
            op: op.clone(),
            entry: Entry::Found(what),
        });
        self.announce(op, tone, words, below);
    }
}

impl Below<'_> {
    /// It arrived after all: what was typed for it goes, wherever that still stands, since sent from there it would be on
    /// the account twice.
    pub(super) fn arrived(&mut self, name: String, drafts: Vec<String>) {
        // What was said of the lost answer is no longer so.
        let words = format!("{} arrived: CertCentral shows it.", sanitise(&name));
        self.turn.set_status(Tone::Info, words);
        let mut held = drafts.clone();
        held.retain(|key| self.drafts.texts.contains_key(key));
        self.turn
            .events
            .push(WriteEvent::Arrived { name, drafts: held });
        self.drop_drafts(drafts);
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
