//! What the account shows of an order is held against what its watches wait for: each moves on, ends, or looks again
//! after a pause.

use std::collections::BTreeMap;

use super::ended_elsewhere::over;
use super::poll::{self, Looked, QUICK};
use super::{announce, check, resending};
use crate::app::account::OrderData;
use crate::app::download;
use crate::app::effect::Effect;
use crate::app::model::{ChainUse, Model};
use crate::app::operations::outcome;
use crate::app::resend;
use crate::app::status::Tone;
use crate::app::verify::{Decision, asked, decision, found, looked_up, sent_drafts};
use crate::app::watch::Watch;
use crate::app::writes::Writes;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{Entry, Fact, Found, Stage, WriteId};

/// What the watches of an order made of a look at it.
#[derive(Default)]
struct News {
    settled: Vec<(WriteId, Found)>,
    fetch: Vec<(CertificateId, WriteId)>,
    check: Vec<(WriteId, String)>,
    ended: Vec<(Tone, String)>,
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
        self.over(watch, tone, fact);
    }

    fn over(&mut self, watch: &mut Watch, tone: Tone, fact: Fact) {
        watch.stage.after(fact);
        watch.due = None;
        self.ended
            .push((tone, format!("{}: {}", watch.name, watch.words())));
    }
}

/// Moves the watches of an order.
pub(super) fn advance(model: &mut Model, id: OrderId) -> Vec<Effect> {
    let now = model.now;
    mark_sent_again(&mut model.writes);
    let Some(data) = model.account.known.get(&id) else {
        return Vec::new();
    };
    let mut news = News::default();
    let late = late(&model.writes.all, id, data);
    let of_order = |watch: &&mut Watch| watch.order == Some(id);
    for watch in model.writes.all.iter_mut().filter(of_order) {
        if late.contains(&watch.op) {
            watch.stage.after(Fact::Arrived);
        }
        if !waits(watch) {
            continue;
        }
        look(watch, id, data, &model.drafts, &mut news);
        if watch.is_lost() {
            match poll::looked(watch, data) {
                Looked::NotYet => {}
                Looked::Failed(failure) => news.not_there.push((watch.op.clone(), Some(failure))),
                Looked::Whole => news.not_there.push((watch.op.clone(), None)),
            }
        }
        if waits(watch) && watch.due.is_none() && !data.is_loading() {
            watch.wait(now);
        }
    }
    tell(model, news)
}

/// Notes at what was given up whether it was sent again since.
pub(super) fn mark_sent_again(writes: &mut Writes) {
    let all = &writes.all;
    let again: Vec<bool> = all.iter().map(|watch| is_sent_again(all, watch)).collect();
    for (watch, again) in writes.all.iter_mut().zip(again) {
        watch.sent_again = again;
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
        && let Some(ended) = over(watch, id, data, waited)
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
                news.over(watch, Tone::Info, fact);
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
                None => news.fetch.push((certificate, watch.op.clone())),
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

/// Keeps, fetches and tells what came of the look.
fn tell(model: &mut Model, news: News) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (name, drafts) in news.arrived {
        effects.extend(resending::arrived(model, &name, drafts));
    }
    let settled = news.settled.into_iter();
    effects.extend(settled.map(|(op, what)| Effect::Journal {
        op,
        entry: Entry::Found(what),
    }));
    let aside = news.aside.into_iter();
    effects.extend(aside.map(|op| Effect::Journal {
        op,
        entry: Entry::Dismissed,
    }));
    for (op, pem) in news.check {
        effects.extend(check(model, &op, &pem));
    }
    for (certificate, op) in news.fetch {
        effects.extend(download::fetch(model, certificate, ChainUse::Watch(op)));
    }
    for (tone, words) in news.ended {
        effects.push(announce(model, tone, &words));
    }
    for (op, trouble) in news.not_there {
        effects.extend(resending::not_there(model, &op, trouble.as_ref()));
    }
    resending::tell_review(model);
    effects
}
