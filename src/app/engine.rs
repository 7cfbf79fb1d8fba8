//! The desk without a screen: what is known of the account, what is typed, and what was sent. What a message means to
//! these is settled here, for whoever shows it and for whoever only waits for the end.
//!
//! ```text
//! bulk          lists of CSRs: checked, sent one by one         goes by all below
//!   writes      what was sent: answers, looks, checks           goes by
//!     account · drafts                                          what both of these know
//! ```

use jiff::Timestamp;
use jiff::civil::Date;

use super::account::Account;
use super::added::AddedEndpoints;
use super::bulk::{BulkLists, list_of};
use super::drafts::Drafts;
use super::effect::{Effect, ListId, NewFile, Read};
use super::installs::{Installs, Verified};
use super::msg::{Data, Ended, Msg, Unfinished};
use super::names::{self, NameRow};
use super::outside::Outside;
use super::remote::{Remote, Ticket};
use super::served::ServedLooks;
use super::subject::Subject;
use super::turn::{self, Turn, WriteEvent};
use super::writes::{Below, Send, Watch, Writes};
use crate::app::status::Tone;
use crate::domain::chain::{Chain, Expect};
use crate::domain::endpoint::Target;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::install::InstallRecord;
use crate::domain::names::same;
use crate::domain::order::Certificate;
use crate::domain::served::Standing;
use crate::domain::text::counted;
use crate::domain::write::{Stage, WriteId, WriteKind};

/// Requests of one order that are read one by one at first; older ones once somebody looks at them.
const REQUESTS_READ: usize = 20;

/// The desk without a screen.
#[derive(Debug)]
pub struct Engine {
    /// The time of the newest message, by this machine's clock: what deadlines are measured with.
    pub now: Timestamp,
    /// What is known of the account.
    pub account: Account,
    /// What is typed and was not sent.
    pub drafts: Drafts,
    /// What was sent, and what waits to be.
    pub writes: Writes,
    /// Lists of duplicates and reissues to be sent.
    pub bulk: BulkLists,
    /// What was seen outside the account.
    pub outside: Outside,
    /// Which certificates servers were seen to have.
    pub served: ServedLooks,
    /// Certificates for the command after issue.
    pub installs: Installs,
    /// Where else is looked.
    pub added: AddedEndpoints,
}

impl Engine {
    /// Nothing is known, and nothing was sent. `seed` makes the numbers of its writes unique across processes.
    pub fn new(seed: String, now: Timestamp) -> Self {
        Self {
            now,
            account: Account::default(),
            drafts: Drafts::default(),
            writes: Writes::new(seed),
            bulk: BulkLists::default(),
            outside: Outside::default(),
            served: ServedLooks::default(),
            installs: Installs::default(),
            added: AddedEndpoints::default(),
        }
    }

    /// The time by the account's clock, as far as it is known: what the account's own times are compared with.
    pub fn account_now(&self) -> Timestamp {
        self.account.by_account(self.now)
    }

    /// Today by the account's clock, UTC as its dates are.
    pub fn today(&self) -> Date {
        self.account.day(self.now)
    }

    /// How long what is typed is kept, for a sentence about that: nothing is beyond the end of a demo, or without a store.
    pub(in crate::app) fn kept_until(&self) -> &'static str {
        match &self.account.connection {
            Some(connection) if connection.sandbox => " until the demo ends",
            _ if self.drafts.keeps_nothing => " until certdeck exits",
            _ => "",
        }
    }

    /// The writes, and what they go by.
    pub(in crate::app) fn writes<'a>(
        &'a mut self,
        turn: &'a mut Turn,
    ) -> (&'a mut Writes, Below<'a>) {
        let (_, writes, below) = self.bulk(turn);
        (writes, below)
    }

    /// The lists of CSRs, and what they go by.
    pub(in crate::app) fn bulk<'a>(
        &'a mut self,
        turn: &'a mut Turn,
    ) -> (&'a mut BulkLists, &'a mut Writes, Below<'a>) {
        let below = Below {
            account: &mut self.account,
            drafts: &mut self.drafts,
            now: self.now,
            turn,
        };
        (&mut self.bulk, &mut self.writes, below)
    }

    /// What the parts leave to one another, once they are done: the rows of lists follow what was sent again, lists that
    /// changed are kept before anything leaves, and what is long over is forgotten.
    pub(in crate::app) fn settle(&mut self, turn: &mut Turn) {
        for event in std::mem::take(&mut turn.events) {
            match event {
                WriteEvent::Resent { before, now } => {
                    self.bulk.sent_again(&before, &now);
                    // A row whose write never left, or came too fast, is ready again.
                    if let Some(watch) = self.writes.get(&now) {
                        self.bulk.sent_after_all(&now, &watch.outgoing);
                    }
                }
                WriteEvent::SentAllTheSame { op, outgoing } => {
                    self.bulk.sent_after_all(&op, &outgoing);
                }
                WriteEvent::Verified {
                    op,
                    pem,
                    is_as_asked,
                } => {
                    self.bulk.on_verified(&op, &pem, is_as_asked, turn);
                    if is_as_asked {
                        self.issued(&op, &pem, turn);
                    }
                    turn.verified.push(turn::Verified {
                        op,
                        pem,
                        is_as_asked,
                    });
                }
                event => turn.events.push(event),
            }
        }
        let (bulk, writes, mut below) = self.bulk(turn);
        bulk.follow_drafts(writes, &mut below);
        if bulk.iter().all(|list| list.run.is_none()) {
            writes.look_for_all(below.now);
        }
        self.bulk.keep(&mut self.drafts, turn);
        let is_write = |effect: &Effect| matches!(effect, Effect::Write { .. });
        if turn.effects.iter().any(is_write) {
            self.writes.prune(&self.bulk.sent());
        }
    }

    /// A certificate is issued, and is what was asked for: it is installed where a command does that, and else looked for where
    /// it is to be served.
    fn issued(&mut self, op: &WriteId, pem: &str, turn: &mut Turn) {
        let Some(watch) = self.writes.get(op) else {
            return;
        };
        let (Some(order), Stage::Issued { certificate, .. }) = (watch.order, &watch.stage) else {
            return;
        };
        if self.installs.command.is_some() {
            let verified = Verified {
                op,
                order,
                certificate: *certificate,
                pem,
                files: self.bulk.files_of(op),
            };
            self.installs.on_verified(&verified, self.now, turn);
        } else if watch.outgoing.kind == WriteKind::Reissue
            && let Ok(chain) = Chain::from_pem(pem, Expect::default())
        {
            let name = watch.name.clone();
            self.look_again(order, &chain.leaf.serial, name);
        }
    }

    /// Looks again for a new certificate where it is to be served, if the desk looks by itself at all.
    fn look_again(&mut self, order: OrderId, serial: &str, name: String) {
        if self.outside.looks_by_itself(&self.account) {
            let (account, now) = (&self.account, self.now);
            self.served.look_again(order, serial, name, account, now);
        }
    }

    /// The names of an order, each with how the proof of control over it stands.
    pub fn names_of(&self, order: OrderId) -> Vec<NameRow> {
        names::of_order(&self.account, &self.writes, order)
    }

    /// What a copy or a file of a certificate is about.
    pub fn subject(&self, order: OrderId, certificate: &Certificate) -> Option<Subject> {
        let id = certificate.id?;
        let made = |watch: &&Watch| matches!(&watch.stage, Stage::Issued { certificate, .. } if *certificate == id);
        let watch = self.writes.all.iter().find(made);
        let name = if certificate.common_name.is_empty() {
            format!("certificate {id}")
        } else {
            certificate.common_name.clone()
        };
        let mut names = self.names_of(order).into_iter();
        let proof = names.find(|row| same(&row.name, &certificate.common_name));
        let expected = watch.and_then(|watch| watch.outgoing.expected.as_ref());
        Some(Subject {
            order,
            certificate: id,
            name,
            serial: certificate.serial.clone(),
            thumbprint: certificate.thumbprint.clone(),
            spki_der: expected.map(|expected| expected.spki_der.clone()),
            token: watch
                .and_then(|watch| watch.token.clone())
                .or_else(|| proof.as_ref()?.token.clone()),
            record: proof.and_then(|row| Some(row.place?.line())),
        })
    }

    /// Sends something, once, and watches what comes of it.
    pub fn send(&mut self, send: Send, turn: &mut Turn) -> WriteId {
        let outgoing = send.outgoing.clone();
        let (writes, mut below) = self.writes(turn);
        let op = writes.send(send, &mut below);
        self.bulk.sent_from_form(&op, &outgoing);
        self.settle(turn);
        op
    }

    /// A write ended: what sends several in a row goes on.
    pub(in crate::app) fn on_ended(&mut self, op: &WriteId, ended: Ended, turn: &mut Turn) {
        let (bulk, writes, mut below) = self.bulk(turn);
        if let Some(end) = writes.on_ended(op, ended, bulk.runs(op), &mut below) {
            bulk.on_ended(op, &end, writes, &mut below);
            writes.mark_sent_again();
        }
        self.settle(turn);
    }

    /// Goes on with what an earlier session sent, and with what was sent to the account that the desk is connected to.
    pub(in crate::app) fn resume(&mut self, unfinished: Vec<Unfinished>, turn: &mut Turn) {
        let (writes, mut below) = self.writes(turn);
        writes.resume(unfinished, &mut below);
        self.sort_by_account(turn);
    }

    /// Puts what was sent where it belongs, and goes on with what was answered meanwhile.
    pub(in crate::app) fn sort_by_account(&mut self, turn: &mut Turn) {
        let (bulk, writes, mut below) = self.bulk(turn);
        for (op, end) in writes.sort_by_account(&mut below) {
            bulk.on_ended(&op, &end, writes, &mut below);
        }
        writes.mark_sent_again();
        self.settle(turn);
    }

    /// There is somebody to ask: what was sent could not be looked for until now.
    pub(in crate::app) fn watch_again(&mut self, turn: &mut Turn) {
        for watch in &mut self.writes.all {
            watch.hurry(self.now);
        }
        // What was done before anybody knew the account is of this one.
        turn.extend(self.added.keep(Vec::new(), Vec::new(), &self.account));
        turn.extend(self.served.keep(&self.account));
        self.sort_by_account(turn);
    }

    /// Adds endpoints to those that are looked at.
    pub(in crate::app) fn add_endpoints(&mut self, targets: Vec<Target>, turn: &mut Turn) {
        let all = targets.len();
        let added = self.added.add(targets);
        let words = match all - added.len() {
            0 => format!("Added {}.", counted(added.len(), "endpoint", "endpoints")),
            there => format!(
                "Added {}; {there} already in the list.",
                counted(added.len(), "endpoint", "endpoints")
            ),
        };
        turn.set_status(Tone::Info, words);
        turn.extend(self.added.keep(added, Vec::new(), &self.account));
    }

    /// Removes endpoints that were added.
    pub(in crate::app) fn remove_endpoints(&mut self, ids: &[u32], turn: &mut Turn) {
        let removed = self.added.remove(ids);
        for target in &removed {
            self.served.leave(target);
        }
        let count = counted(removed.len(), "endpoint", "endpoints");
        turn.set_status(Tone::Info, format!("Removed {count}."));
        turn.extend(self.added.keep(Vec::new(), removed, &self.account));
    }

    /// Takes a message as far as it is the engine's own; what is for a screen comes back.
    pub fn take(&mut self, msg: Msg, turn: &mut Turn) -> Option<Msg> {
        match msg {
            Msg::WriteEnded { op, outcome } => self.on_ended(&op, outcome, turn),
            Msg::Resume(unfinished) => self.resume(unfinished, turn),
            Msg::Draft { key, json, refusal } => {
                let kept = list_of(&key);
                self.drafts.loaded(key, json, refusal);
                // What comes of its rows is written though nobody opened it.
                if kept == Some(ListId::Reissues) {
                    let (bulk, _, below) = self.bulk(turn);
                    bulk.restore_reissues(&below);
                }
            }
            Msg::KeyMade { form, result } => {
                let (bulk, writes, mut below) = self.bulk(turn);
                if !bulk.on_key(&form, &result, writes, &mut below) {
                    return Some(Msg::KeyMade { form, result });
                }
                self.settle(turn);
            }
            Msg::Seen { place, sightings } => self.outside.on_seen(place, sightings, self.now),
            Msg::Served { target, served } => {
                let account = &mut self.account;
                let effects = self.served.on_served(&target, &served, account, self.now);
                turn.extend(effects);
                // It may be the certificate of an order that has no such name.
                let last = self.served.last(&target, None);
                let of = last.filter(|(_, seen)| seen.standing == Standing::Other);
                let of =
                    of.and_then(|(_, seen)| self.account.order_with(seen.served.certificate()?));
                if let Some(order) = of {
                    self.served.is_of(order, &target, &self.account);
                    turn.extend(self.served.keep(&self.account));
                }
                self.served.tell_again(&self.account, turn);
            }
            Msg::KeptEndpoints { account, all } if self.account.name() == Some(&account) => {
                self.added.add(all);
            }
            Msg::Installs(records) => self.installs.on_records(records, self.now, turn),
            Msg::InstallEnded {
                order,
                certificate,
                end,
            } => {
                let install = (order, certificate);
                if self.installs.on_ended(install, end.as_ref(), turn) {
                    let of_this = |one: &&InstallRecord| one.install.certificate == certificate;
                    let one = self.installs.of_order(order).find(of_this);
                    if let Some(install) = one.map(|one| one.install.clone()) {
                        self.look_again(order, &install.job.serial, install.name());
                    }
                }
            }
            Msg::KeptServed { account, all } if self.account.name() == Some(&account) => {
                self.served.kept(all);
            }
            Msg::Caa { name, looked } => {
                // A review may say so now.
                turn.changed |= self.outside.on_caa(name, looked, self.now);
            }
            Msg::KeptAgain => self.drafts.keeps_nothing = false,
            Msg::CsrsRead { list, files } => {
                let (bulk, writes, mut below) = self.bulk(turn);
                bulk.on_csr_files(list, files, writes, &mut below);
            }
            Msg::PriorCsrs { order, sent } => {
                let (bulk, writes, mut below) = self.bulk(turn);
                bulk.on_prior_csrs(order, &sent, writes, &mut below);
            }
            Msg::NewFileSaved {
                of: NewFile::Row(op),
                path,
                caveat,
                result,
            } => {
                self.bulk
                    .on_file_saved(&op, path, caveat.as_deref(), result, turn);
                self.installs.on_files(&op, self.now, turn);
            }
            other => return Some(other),
        }
        None
    }

    /// One step of a desk that shows nothing: takes a message that came at a time, and does what that time has come for.
    /// What has no meaning without a screen is left alone.
    pub fn step(&mut self, msg: Msg, now: Timestamp, turn: &mut Turn) {
        self.now = now;
        self.account.heard(&msg, now);
        match self.take(msg, turn) {
            Some(Msg::Connected(connection)) => {
                self.account.connection = Some(connection);
                self.watch_again(turn);
            }
            Some(Msg::Clock(offset)) => self.account.clock = Some(offset),
            Some(Msg::Reply {
                ticket,
                read,
                result,
            }) => {
                self.reply(ticket, &read, result, turn);
            }
            Some(Msg::Cached { account, rows }) if self.account.name() == Some(&account) => {
                self.account.take(&rows);
            }
            Some(Msg::Sync { run, event }) if self.account.is_syncing(run) => {
                self.account.on_sync(run, event, now);
            }
            _ => {}
        }
        self.due(turn);
    }

    /// Reads an order anew, with its certificates.
    pub fn read_order(&mut self, order: OrderId, turn: &mut Turn) {
        turn.extend(self.account.read_order(order, true));
    }

    /// Reads something of the account, anew.
    pub fn read(&mut self, read: Read, turn: &mut Turn) {
        turn.push(self.account.read(read));
    }

    /// Looks which certificates are served for orders of the list. How many places that are; more than
    /// [`MOST`](super::served::MOST) are not looked at.
    pub fn look_served(&mut self, orders: &[OrderId], turn: &mut Turn) -> usize {
        let (places, effects) = self.served.look(orders, &self.account);
        turn.extend(effects);
        places
    }

    /// When something has to be done without a message, if ever.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let watches = self.writes.all.iter();
        let watches = watches.filter_map(|watch| watch.due);
        watches
            .chain(self.served.next_look())
            .chain(self.installs.due)
            .min()
    }

    /// Does what the time has come for.
    pub(in crate::app) fn due(&mut self, turn: &mut Turn) {
        let (writes, mut below) = self.writes(turn);
        writes.due(&mut below);
        let looks = self.served.look_due(&self.account, self.now);
        turn.extend(looks);
        if self.installs.due.is_some_and(|due| due <= self.now) {
            self.installs.go_on(self.now, turn);
        }
        self.settle(turn);
    }

    /// An answer of the account came: what is known of it, what was sent, and what is to be, go on. `None` where nobody
    /// waits for it any more.
    pub(in crate::app) fn reply(
        &mut self,
        ticket: Ticket,
        read: &Read,
        result: Result<Data, Failure>,
        turn: &mut Turn,
    ) -> Option<Answered> {
        let answered = self.answered(ticket, read, result, turn)?;
        let (bulk, writes, mut below) = self.bulk(turn);
        bulk.on_reply(read, &answered.orders, writes, &mut below);
        self.settle(turn);
        Some(answered)
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        read: &Read,
        result: Result<Data, Failure>,
        turn: &mut Turn,
    ) -> Option<Answered> {
        let mut answered = Answered::default();
        let now = self.now;
        if let Read::Request(id) = read {
            let (writes, mut below) = self.writes(turn);
            let told = match &result {
                Ok(Data::Request(request)) => Ok(&**request),
                Ok(_) => return None,
                Err(failure) => Err(failure),
            };
            writes.on_request(ticket, *id, told, &mut below);
            answered.is_listed = self.account.requests.awaits(*id, ticket);
            answered.orders = self.account.orders_of_request(*id);
            let account = &self.account;
            let awaits = |order: &OrderId| account.awaits_request(*order, *id, ticket);
            answered.orders.retain(awaits);
            self.account.reply(ticket, read, result, now);
            let (writes, mut below) = self.writes(turn);
            for order in &answered.orders {
                writes.advance(*order, &mut below);
            }
            return Some(answered);
        }
        if let Read::Domain(id) = read {
            let (writes, mut below) = self.writes(turn);
            let told = match &result {
                Ok(Data::Domain(domain)) => Ok(&**domain),
                Ok(_) => return None,
                Err(failure) => Err(failure),
            };
            writes.on_domain(ticket, *id, told, &mut below);
        }
        if !self.account.reply(ticket, read, result, now) {
            return None;
        }
        if let Read::Order(id) | Read::Duplicates(id) | Read::Reissues(id) = read {
            self.served.know(*id, &self.account);
            turn.extend(self.served.keep(&self.account));
        }
        let (writes, mut below) = self.writes(turn);
        match read {
            Read::Order(id) => {
                if below.account.order(*id).is_some() {
                    answered.row_changed = below.account.refresh_row(*id);
                    let reads = below.account.read_requests_of(*id, REQUESTS_READ);
                    below.turn.extend(reads);
                }
                writes.on_order(*id, &mut below);
            }
            Read::Duplicates(id) | Read::Reissues(id) | Read::Domains(id, _) => {
                writes.advance(*id, &mut below);
            }
            Read::Changes(_) => writes.on_changes(&mut below),
            Read::Requests => writes.on_requests(&mut below),
            Read::Listed(_) => {
                answered.orders = below.account.on_listed(now).into_iter().collect();
                writes.on_listed(&answered.orders, &mut below);
                for order in &answered.orders {
                    self.served.know(*order, &self.account);
                }
                turn.extend(self.served.keep(&self.account));
            }
            Read::OrdersByReference(reference) => writes.on_reference(reference, &mut below),
            Read::Chain(id) => {
                let chain = below.account.chains.remove(id);
                let came = chain.as_ref().and_then(|chain| match chain.failure() {
                    Some(failure) => Some(Err(failure)),
                    None => chain.value().map(|pem| Ok(pem.as_str())),
                });
                if let Some(came) = came {
                    writes.on_chain(*id, came, &mut below);
                }
                answered.chain = chain;
            }
            _ => {}
        }
        Some(answered)
    }
}

/// What an answer was to, for whoever shows it.
#[derive(Debug, Default)]
pub struct Answered {
    /// Whether the row of its order is another now.
    pub row_changed: bool,
    /// Whether the list of requests waited for it.
    pub is_listed: bool,
    /// The orders that waited for this request.
    pub orders: Vec<OrderId>,
    /// The chain that came, or why it did not.
    pub chain: Option<Remote<String>>,
}
