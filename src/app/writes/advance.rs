//! What the account shows of an order is held against what its watches wait for: each moves on, ends, or looks again
//! after a pause.

use std::collections::BTreeMap;

use super::ended_elsewhere::ending;
use super::poll::{self, Looked, QUICK};
use super::verify::{Decision, asked, compare, decision, found, looked_up, sent_drafts};
use super::{Below, Watch, Writes, issuer, names, outcome, resend};
use crate::app::account::OrderData;
use crate::app::effect::Effect;
use crate::app::status::Tone;
use crate::app::turn::WriteEvent;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{Entry, Fact, Found, Stage, WriteId};

/// What the watches of an order made of a look at it.
#[derive(Default)]
struct News {
    settled: Vec<(WriteId, Found)>,
    fetch: Vec<CertificateId>,
    check: Vec<(WriteId, String)>,
    ended: Vec<(WriteId, Tone, String)>,
    /// What was lost and arrived: its name, and the drafts that it was sent from.
    arrived: Vec<(String, Vec<String>)>,
    /// What was lost and is not there, as far as the look could tell.
    not_there: Vec<(WriteId, Option<Failure>)>,
    /// Nothing on the account would tell of them: unknown they stay, and nobody needs to look.
    aside: Vec<WriteId>,
}

impl News {
    fn settle(&mut self, watch: &Watch, what: Found) {
        self.settled.push((watch.op.clone(), what));
    }

    /// It is over, and whoever looks elsewhere is told.
    fn end(&mut self, watch: &mut Watch, tone: Tone, fact: Fact, what: Found) {
        self.settle(watch, what);
        self.ended(watch, tone, fact);
    }

    fn ended(&mut self, watch: &mut Watch, tone: Tone, fact: Fact) {
        watch.stage.after(fact);
        watch.due = None;
        let words = format!("{}: {}", watch.name, watch.words());
        self.ended.push((watch.op.clone(), tone, words));
    }
}

impl Writes {
    /// Order info came, or failed to: the watches of this order move on or wait.
    pub fn on_order(&mut self, id: OrderId, below: &mut Below<'_>) {
        let data = below.account.known.get(&id);
        let failure = data.and_then(|data| data.order.failure().cloned());
        for watch in &mut self.all {
            if watch.order == Some(id) {
                watch.trouble.clone_from(&failure);
            }
        }
        self.advance(id, below);
        let waits_for_proof = |watch: &Watch| {
            watch.order == Some(id) && watch.token.is_some() && watch.stage.is_open()
        };
        if self.all.iter().any(waits_for_proof) {
            // Where the random value belongs depends on the domains of the account.
            let reads = names::read(below.account, self, id, false);
            below.turn.extend(reads);
        }
    }

    /// Moves the watches of an order, of which something came.
    pub fn advance(&mut self, id: OrderId, below: &mut Below<'_>) {
        self.mark_sent_again();
        let Some(data) = below.account.known.get(&id) else {
            return;
        };
        let mut news = News::default();
        let late = late(&self.all, id, data);
        let of_order = |watch: &&mut Watch| watch.order == Some(id);
        for watch in self.all.iter_mut().filter(of_order) {
            if late.contains(&watch.op) {
                watch.stage.after(Fact::Arrived);
            }
            if !waits(watch) {
                continue;
            }
            look(watch, id, data, &below.drafts.texts, &mut news);
            if watch.is_lost() {
                match poll::looked(watch, data) {
                    Looked::NotYet => {}
                    Looked::Failed(failure) => {
                        news.not_there.push((watch.op.clone(), Some(failure)));
                    }
                    Looked::Whole => news.not_there.push((watch.op.clone(), None)),
                }
            }
            if waits(watch) && watch.due.is_none() && !data.is_loading() {
                watch.wait(below.now);
            }
        }
        self.tell(news, below);
    }

    /// Notes at what was given up whether it was sent again since.
    pub(in crate::app) fn mark_sent_again(&mut self) {
        let all = &self.all;
        let again: Vec<bool> = all.iter().map(|watch| is_sent_again(all, watch)).collect();
        for (watch, again) in self.all.iter_mut().zip(again) {
            watch.sent_again = again;
        }
    }

    /// Keeps, fetches and tells what came of the look.
    fn tell(&mut self, news: News, below: &mut Below<'_>) {
        for (name, drafts) in news.arrived {
            below.arrived(name, drafts);
        }
        for (op, what) in news.settled {
            let entry = Entry::Found(what);
            below.turn.push(Effect::Journal { op, entry });
        }
        for op in news.aside {
            let entry = Entry::Dismissed;
            below.turn.push(Effect::Journal { op, entry });
        }
        for (op, pem) in news.check {
            self.check(&op, &pem, below);
        }
        for certificate in news.fetch {
            below.turn.extend(below.account.want_chain(certificate));
        }
        for (op, tone, words) in news.ended {
            self.announce(&op, tone, words, below);
        }
        for (op, trouble) in news.not_there {
            self.not_there(&op, trouble.as_ref(), below);
        }
    }

    /// The chain of a certificate came, or did not: what waits for it holds it against what was asked for, or tries again.
    pub fn on_chain(
        &mut self,
        certificate: CertificateId,
        chain: Result<&str, &Failure>,
        below: &mut Below<'_>,
    ) {
        let waits = |watch: &&Watch| watch.stage == Stage::Verifying(certificate);
        let waiting = self.all.iter().filter(waits);
        let waiting: Vec<WriteId> = waiting.map(|watch| watch.op.clone()).collect();
        for op in waiting {
            match chain {
                Ok(pem) => self.check(&op, pem, below),
                Err(failure) => self.chain_failed(&op, failure, below),
            }
        }
    }

    /// Tells what came of a write. Where others of its confirmation were not sent because of it, that goes on being said.
    pub(super) fn announce(
        &mut self,
        op: &WriteId,
        mut tone: Tone,
        mut words: String,
        below: &mut Below<'_>,
    ) {
        if let Some((_, left)) = self.batch_left.take_if(|(of, _)| of == op) {
            tone = Tone::Warn;
            let told = words.trim_end_matches('.');
            words = format!("{told}. Its response was lost, so {left}");
        }
        below.turn.announce(tone, &words);
    }

    /// The chain could not be fetched; it is tried again.
    fn chain_failed(&mut self, op: &WriteId, failure: &Failure, below: &Below<'_>) {
        if let Some(watch) = self.get_mut(op)
            && watch.stage.after(Fact::ChainFailed)
        {
            watch.trouble = Some(failure.clone());
            watch.looks += 1;
            watch.wait(below.now);
        }
    }

    /// Holds an issued certificate against what was asked for.
    fn check(&mut self, op: &WriteId, text: &str, below: &mut Below<'_>) {
        let Some(watch) = self.all.iter_mut().find(|watch| watch.op == *op) else {
            return;
        };
        let Stage::Verifying(certificate) = watch.stage else {
            return;
        };
        let serial = watch
            .order
            .and_then(|id| below.account.known.get(&id))
            .and_then(|data| data.certificate(certificate))
            .and_then(|row| row.serial.clone());
        let (mut checks, mut problems) = compare(text, serial.as_deref(), &watch.outgoing);
        match issuer::check(below.account, watch, certificate, text) {
            Some(Ok(check)) => checks.push(check),
            Some(Err(problem)) => problems.push(problem),
            None => {}
        }
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
        below.turn.events.push(WriteEvent::Verified {
            op: op.clone(),
            pem: text.to_owned(),
            is_as_asked: problems.is_empty(),
        });
        below.turn.push(Effect::Journal {
            op: op.clone(),
            entry: Entry::Verified(problems),
        });
        below.turn.announce(tone, &words);
    }
}

/// Whether the same as what was given up was sent another time, and that may have come to something.
fn is_sent_again(watches: &[Watch], watch: &Watch) -> bool {
    // What was refused, or never left, has come to nothing.
    let ended = |other: &Watch| matches!(&other.stage, Stage::Ended(failure) if failure.kind != FailureKind::Other);
    // The newest stands first: what was sent before this one and is at its end came of its own.
    let mut newer = true;
    watch.is_given_up()
        && watches.iter().any(|other| {
            newer &= other.op != watch.op;
            let may_be = if newer {
                !ended(other)
            } else {
                other.stage.is_open()
            };
            may_be && !other.is_given_up() && resend::is_same(&other.outgoing, &watch.outgoing)
        })
}

/// What was given up and has arrived after all. Where the same was sent again since, nobody can say which of the two it
/// came of, unless that one is not found either.
fn late(watches: &[Watch], id: OrderId, data: &OrderData) -> Vec<WriteId> {
    let mut late: Vec<&Watch> = Vec::new();
    for watch in watches.iter().filter(|watch| watch.order == Some(id)) {
        let same = |other: &&Watch| resend::is_same(&other.outgoing, &watch.outgoing);
        let arrived = || found(data, watch).is_some() || looked_up(data, watch).is_some();
        if watch.is_given_up() && !watch.sent_again && !late.iter().any(same) && arrived() {
            late.push(watch);
        }
    }
    late.into_iter().map(|watch| watch.op.clone()).collect()
}

/// Whether it waits for something that a look at the order can show.
fn waits(watch: &Watch) -> bool {
    watch.looks_on() && !matches!(watch.stage, Stage::Sending | Stage::Verifying(_))
}

fn look(
    watch: &mut Watch,
    id: OrderId,
    data: &OrderData,
    drafts: &BTreeMap<String, String>,
    news: &mut News,
) {
    if watch.is_given_up() {
        return;
    }
    if let Stage::AwaitsApproval(request) = watch.stage
        && !approval(watch, id, request, data, news)
    {
        return;
    }
    // A certificate can be listed before its request has been read: whoever looks wants to know what it waits for.
    if matches!(watch.stage, Stage::AwaitsCertificate(_))
        && let Some(request) = asked(data, watch)
    {
        let found = Found::Request(request);
        watch.stage.after(Fact::Found(found));
        news.settle(watch, found);
    }
    let found = found(data, watch);
    let waited = found.filter(|(_, issued)| !issued).map(|(row, _)| row);
    if !matches!(found, Some((_, true)))
        && let Some(ended) = ending(watch, id, data, waited)
    {
        news.end(watch, Tone::Bad, ended, Found::NoCertificate);
        return;
    }
    if matches!(watch.stage, Stage::LookingUp(_)) {
        let shown = looked_up(data, watch);
        // The account has it after all: what was typed is not to be sent again.
        if found.is_some() || shown.is_some() {
            let sent = sent_drafts(watch, drafts);
            news.arrived.push((watch.name.clone(), sent));
            watch.draft = None;
            watch.wanted = false;
        }
        if let Some(Fact::Found(request)) = shown {
            news.end(watch, Tone::Info, Fact::Found(request), request);
            watch.looks = 0;
        } else if let Some(fact) = shown {
            if watch.outgoing.kind.is_check() {
                news.aside.push(watch.op.clone());
                news.ended(watch, Tone::Info, fact);
            } else if matches!(fact, Fact::Ended(_)) {
                news.end(watch, Tone::Warn, fact, Found::Overtaken);
            } else {
                news.end(watch, Tone::Good, fact, Found::Order(id));
            }
            return;
        }
    }
    // A row that stays away does not keep from its check what the answer brought.
    let found = match (found, &watch.stage) {
        (Some((_, false)) | None, Stage::AwaitsCertificate(Some(certificate)))
            if watch.chain.is_some() && watch.looks > QUICK =>
        {
            Some((*certificate, true))
        }
        (found, _) => found,
    };
    match (found, &watch.stage) {
        (Some((certificate, true)), _) => {
            let found = Found::Certificate(id, certificate);
            watch.stage.after(Fact::Found(found));
            watch.due = None;
            news.settle(watch, found);
            match watch.chain.take() {
                Some(pem) => news.check.push((watch.op.clone(), pem)),
                None => news.fetch.push(certificate),
            }
        }
        // Listed, but somebody has to approve it first: the request is what there is to act on.
        (_, Stage::AwaitsApproval(_)) => {}
        (Some((certificate, false)), _) => {
            watch.stage.after(Fact::Listed(certificate));
        }
        (None, _) => {}
    }
}

/// Follows the decision of the request that a watch waits for; `false` when that is the end of it.
fn approval(
    watch: &mut Watch,
    id: OrderId,
    request: RequestId,
    data: &OrderData,
    news: &mut News,
) -> bool {
    match decision(data, request) {
        Some(Decision::Approved) if !watch.outgoing.kind.makes_certificate() => {
            let words = outcome::approved(&watch.outgoing);
            let done = Fact::Completed(format!("request {request} approved: {words}"));
            news.end(watch, Tone::Good, done, Found::Order(id));
            false
        }
        Some(Decision::Approved) => {
            watch.approved = true;
            watch.stage.after(Fact::Approved);
            watch.looks = 0;
            true
        }
        Some(Decision::Rejected(why)) => {
            let ended = Fact::Ended(Failure::of(
                FailureKind::Refused,
                format!("request {request} was rejected{why}"),
            ));
            news.end(watch, Tone::Bad, ended, Found::Rejected(request));
            false
        }
        None => true,
    }
}
