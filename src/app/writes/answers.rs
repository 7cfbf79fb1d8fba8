//! What the account answered to what was sent.

use super::batch::End;
use super::verify::sent_drafts;
use super::{Below, Writes, names, outcome};
use crate::app::account::{Account, Own};
use crate::app::effect::{Effect, Read};
use crate::app::msg::{Accepted, Ended};
use crate::app::status::Tone;
use crate::app::turn::WriteEvent;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::text::sanitise;
use crate::domain::write::{Fact, Stage, WriteId, WriteKind};

impl Writes {
    /// A write ended, here or on another account. How it did, for what sends several in a row; nothing where it is not
    /// from here. Of one of a list (`listed`) the order is not read: whoever sends the list does that once it is through.
    pub fn on_ended(
        &mut self,
        op: &WriteId,
        ended: Ended,
        listed: bool,
        below: &mut Below<'_>,
    ) -> Option<End> {
        let mut elsewhere = self.elsewhere.iter_mut();
        if let Some(sent) = elsewhere.find(|sent| sent.watch.op == *op) {
            let words = format!(
                "A response arrived for {}, which was sent to another account: W shows it once that account is connected.",
                sent.watch.name
            );
            sent.answer = Some(ended);
            below.turn.set_status(Tone::Warn, words);
            return None;
        }
        self.ended(op, ended, listed, below)
    }

    fn ended(
        &mut self,
        op: &WriteId,
        ended: Ended,
        listed: bool,
        below: &mut Below<'_>,
    ) -> Option<End> {
        let now = below.now;
        let own = own_part(below.account, self, op);
        let watch = self.get_mut(op)?;
        let renewed = watch
            .outgoing
            .order
            .filter(|_| watch.outgoing.kind.makes_order());
        if let (Ended::Accepted(accepted), None) = (&ended, watch.order) {
            watch.order = accepted.order;
        }
        let order = watch.order;
        let kind = watch.outgoing.kind;
        // Whoever has it in a list, and what was sent about it for no order.
        let domain = watch.outgoing.domain();
        let domain =
            domain.filter(|id| order.is_none() || below.account.domains.get(*id).is_some());
        below.turn.push(Effect::LoadJournal);
        let end = match ended {
            Ended::Accepted(accepted) => {
                let done = sent_drafts(watch, &below.drafts.texts);
                watch.draft = None;
                below.drop_drafts(done);
                let checked = accepted.checked.clone();
                let has_token = accepted.dcv_random_value.is_some();
                self.accepted(op, accepted, below);
                if let (true, true, Some(order)) = (has_token, kind.makes_certificate(), order) {
                    // Where the random value belongs depends on the domains of the account.
                    let reads = names::read(below.account, self, order, true);
                    below.turn.extend(reads);
                }
                if self.is_in_batch(op) {
                    let taken = self.get(op).map(|watch| watch.outgoing.clone());
                    below.turn.events.extend(taken.map(WriteEvent::Taken));
                    self.last_decision(op, below);
                } else if kind.is_decision() {
                    below.turn.extend(below.account.read_lists_of_requests());
                }
                if kind.makes_order() {
                    below.turn.push(below.account.start_sync());
                }
                if let Some(renewed) = renewed {
                    below.turn.extend(below.account.read_order(renewed, true));
                }
                if let Some(domain) = domain {
                    below.turn.extend(below.account.read_in_full([domain]));
                }
                if let Some(order) = order {
                    if !listed {
                        below.turn.extend(below.account.read_order(order, true));
                    } else if let Some(watch) = self.get_mut(op) {
                        watch.wait_for_others(now);
                    }
                    self.on_checks(order, kind, checked, below);
                }
                End::Taken
            }
            Ended::Refused(failure) => {
                if let Some(done) = outcome::already_done(&watch.outgoing, &failure) {
                    watch.stage.after(done);
                    let words = watch.words();
                    below.turn.set_status(Tone::Info, sanitise(&words));
                } else {
                    let failure = outcome::refused(&watch.outgoing, own, failure);
                    let overtaken = outcome::is_overtaken(&watch.outgoing, &failure);
                    watch.stage.after(Fact::Ended(failure.clone()));
                    if let Some(key) = watch.draft.clone() {
                        below.turn.push(below.drafts.refuse(key, failure.clone()));
                    }
                    below.turn.tell_failure(&failure);
                    if overtaken && !self.is_in_batch(op) {
                        below.turn.extend(below.account.read_lists_of_requests());
                    }
                    if let Some(order) = order.filter(|_| overtaken) {
                        below.turn.push(below.account.read(Read::Order(order)));
                    }
                }
                self.last_decision(op, below);
                End::Refused
            }
            Ended::NotSent(failure) => {
                let words = format!("Nothing was sent: {failure}");
                watch.stage.after(Fact::Ended(failure));
                below.turn.set_status(Tone::Bad, words);
                self.stopped_decision(op, below);
                End::Stopped
            }
            Ended::Twin { failure, taken } => {
                watch.stage.after(Fact::Ended(failure.clone()));
                let words = sanitise(&format!("Not sent: {failure}")).into_owned();
                below.turn.set_status(Tone::Warn, words);
                self.last_decision(op, below);
                // Of several the others go on; this one can be sent by itself.
                let asks = taken && !self.is_in_batch(op);
                End::Twin { failure, asks }
            }
            Ended::NoJournal(failure) => {
                watch.stage.after(Fact::Ended(failure.clone()));
                let what = &failure.what;
                let words = format!("Nothing was sent: the journal cannot store it. {what}");
                below.turn.set_status(Tone::Bad, words);
                // Of several in a row, or a list, each would have to be asked for; they stop here, and can be gone on with.
                self.stopped_decision(op, below);
                let op = op.clone();
                below
                    .turn
                    .events
                    .push(WriteEvent::NoJournal { op, failure });
                End::Stopped
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
                if kind.is_decision() {
                    below.turn.push(below.account.read(Read::Requests));
                }
                below.turn.set_status(Tone::Warn, sanitise(&words));
                End::Stopped
            }
        };
        self.batch_goes_on(op, &end, below);
        Some(end)
    }

    fn accepted(&mut self, op: &WriteId, accepted: Accepted, below: &mut Below<'_>) {
        let now = below.now;
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        let order = watch.order;
        watch.token.clone_from(&accepted.dcv_random_value);
        if let (Some(order), Some(certificate), Some(request)) =
            (order, accepted.certificate, accepted.requests.first())
        {
            let data = below.account.known.entry(order).or_default();
            data.answered(*request, certificate);
        }
        if let Some(fact) = outcome::accepted(&watch.outgoing, &accepted) {
            watch.stage.after(fact);
            let missing = |(_, status): &(String, String)| !outcome::is_found(status);
            let tone = if watch.stage.is_open() {
                watch.wait(now);
                Tone::Info
            } else if accepted.checked.iter().any(missing) {
                Tone::Warn
            } else {
                Tone::Good
            };
            let words = watch.words();
            below.turn.set_status(tone, sanitise(&words));
            return;
        }
        if watch.outgoing.kind.is_decision() {
            let approves = watch.outgoing.kind == WriteKind::Approve;
            let verb = if approves { "approved" } else { "rejected" };
            let first = watch.before.first_step && approves;
            let request = watch.outgoing.request;
            below.turn.events.extend(request.map(WriteEvent::Decided));
            let words = match request {
                Some(request) if first => outcome::first_step_words(request),
                Some(request) => format!("request {request} {verb}"),
                None => verb.to_string(),
            };
            watch.stage.after(Fact::Completed(words.clone()));
            for other in &mut self.all {
                if other.order == order {
                    other.hurry(now);
                }
            }
            below.turn.set_status(Tone::Good, words);
            return;
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
            below.turn.set_status(Tone::Good, words);
        }
    }

    /// Something about the domain validation of an order's names was done: what was found is kept, and the rest read anew.
    fn on_checks(
        &self,
        order: OrderId,
        kind: WriteKind,
        checked: Vec<(String, String)>,
        below: &mut Below<'_>,
    ) {
        if !kind.is_about_domains() {
            return;
        }
        let data = below.account.known.entry(order).or_default();
        if matches!(
            kind,
            WriteKind::NamesMethod | WriteKind::DomainMethod | WriteKind::DomainToken
        ) {
            // What an earlier value did not show says nothing of this one.
            data.checked.retain(|(_, status)| outcome::is_found(status));
        }
        for (name, status) in checked {
            data.checked.retain(|(have, _)| !same(have, &name));
            data.checked.push((name, status));
        }
        let reads = names::read(below.account, self, order, true);
        below.turn.extend(reads);
    }
}

/// What the key's own user had to do with the request that a write decides.
fn own_part(account: &Account, writes: &Writes, op: &WriteId) -> Option<Own> {
    let watch = writes.get(op)?;
    let known = account.request(watch.outgoing.request?, watch.outgoing.order)?;
    account.own_part(known)
}
