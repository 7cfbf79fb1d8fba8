//! The desk of these tests: a made-up account, answers to what it asked for, and what it is made to do without its screens.

use jiff::{SignedDuration, Timestamp};

use super::draw;
pub(super) use super::hands::Desk;
use super::hands::{connection, failure};
use crate::app::effect::{Effect, Read};
use crate::app::msg::{Connection, Data, Ended, Msg, Unfinished};
use crate::app::popups::Popup;
use crate::app::remote::Remote;
use crate::app::testing::{order, summary};
use crate::app::update::turns::run;
use crate::app::writes::Send;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, Order, Role};
use crate::domain::status::{RequestKind, RequestStatus};
use crate::domain::write::{Before, Outgoing, Stage, WriteId};

/// How the words of what was lost end as long as it is looked for, whatever kept its outcome from being known.
const LOOKED_FOR: &str = "; looking for it in CertCentral";

/// When the desk of these tests starts.
fn start() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// What is asked was read again, and has been looked at.
fn look(desk: &mut Desk) {
    if matches!(desk.model.popups.last(), Some(Popup::Asking(_))) {
        desk.nothing_changed();
        desk.model.changed_at = None;
    }
}

impl Desk {
    pub(super) fn connected() -> Self {
        let mut desk = Self::new((80, 24), start(), look);
        desk.tell(Msg::Connected(connection("demo account")));
        desk
    }

    /// Started, and not connected yet.
    pub(super) fn unconnected() -> Self {
        Self::new((80, 24), start(), look)
    }

    pub(super) fn with_orders(count: u64) -> Self {
        let mut desk = Self::connected();
        desk.rows(
            (1..=count)
                .map(|n| summary(n, &format!("n{n}.example.net")))
                .collect(),
        );
        desk.nothing_is_late();
        desk
    }

    /// The desk's key is one of another account now.
    pub(super) fn go_to(&mut self, account: &str) -> Vec<Effect> {
        let here = self.model.engine.account.connection.clone().unwrap();
        self.tell(Msg::Connected(Connection {
            account: account.into(),
            ..here
        }))
    }

    /// What is being read of orders comes, as it was.
    pub(super) fn nothing_changed(&mut self) {
        let mut replies = Vec::new();
        for (id, data) in &self.model.engine.account.known {
            if let Remote::Loading {
                ticket,
                prev: Some(order),
                ..
            } = &data.order
            {
                let data = Data::Order(Box::new(order.clone()));
                replies.push((*ticket, Read::Order(*id), data));
            }
            for (read, list) in [
                (Read::Duplicates(*id), &data.duplicates),
                (Read::Reissues(*id), &data.reissues),
            ] {
                if let Remote::Loading { ticket, prev, .. } = list {
                    let rows = prev.clone().unwrap_or_default();
                    replies.push((*ticket, read, Data::Certificates(rows)));
                }
            }
        }
        for (id, remote) in &self.model.engine.account.requests.details {
            if let Remote::Loading { ticket, .. } = remote {
                let listed = self.model.engine.account.requests.listed(*id);
                let of_orders = self.model.engine.account.known.values();
                let mut of_orders = of_orders.flat_map(crate::app::account::OrderData::requests);
                let request = listed.or_else(|| of_orders.find(|row| row.id == *id));
                let unknown = || {
                    super::requests_tests::request(
                        id.0,
                        RequestKind::Duplicate,
                        RequestStatus::Pending,
                    )
                };
                let data = Data::Request(Box::new(request.cloned().unwrap_or_else(unknown)));
                replies.push((*ticket, Read::Request(*id), data));
            }
        }
        let domains = &self.model.engine.account.domains;
        for (id, remote) in &domains.details {
            if let (Remote::Loading { ticket, .. }, Some(domain)) = (remote, domains.get(*id)) {
                let data = Data::Domain(Box::new(domain.clone()));
                replies.push((*ticket, Read::Domain(*id), data));
            }
        }
        for (ticket, read, data) in replies {
            self.tell(Msg::Reply {
                ticket,
                read,
                result: Ok(data),
            });
        }
    }

    /// What was asked for and is not answered by a test is not waited for either.
    pub(super) fn nothing_is_late(&mut self) {
        self.model.late = crate::app::late::Late::default();
    }

    /// The same desk, at an account that is no sandbox.
    pub(super) fn on_an_account(mut self) -> Self {
        let connection = self.model.engine.account.connection.as_mut();
        connection.unwrap().sandbox = false;
        self
    }

    /// Answers every read among the effects of this kind.
    pub(super) fn answer(
        &mut self,
        effects: &[Effect],
        wanted: &Read,
        result: impl Into<Result<Data, Failure>>,
    ) -> Vec<Effect> {
        let result = result.into();
        let mut more = Vec::new();
        for effect in effects {
            if let Effect::Read { ticket, read } = effect
                && read == wanted
            {
                more.extend(self.tell(Msg::Reply {
                    ticket: *ticket,
                    read: read.clone(),
                    result: result.clone(),
                }));
            }
        }
        more
    }

    /// Sends something, as the form does once the operator said yes.
    pub(super) fn send(
        &mut self,
        outgoing: Outgoing,
        draft: Option<String>,
        name: String,
    ) -> Vec<Effect> {
        let send = Send {
            draft,
            ..Send::new(outgoing, name)
        };
        self.send_reviewed(send)
    }

    pub(super) fn send_reviewed(&mut self, send: Send) -> Vec<Effect> {
        run(&mut self.model, |engine, turn| {
            engine.send(send, turn);
        })
    }

    pub(super) fn show_activity(&mut self) {
        crate::app::popups::activity::show(&mut self.model.popups, &self.model.engine);
    }

    /// Sends several, as a question about them does.
    pub(super) fn send_together(&mut self, sends: Vec<Outgoing>) -> Vec<Effect> {
        run(&mut self.model, |engine, turn| {
            let (writes, mut below) = engine.writes(turn);
            writes.send_all(sends, &mut below);
        })
    }

    /// Sends what the journal could not take, or has already.
    pub(super) fn send_all_the_same(&mut self, op: &WriteId, unjournaled: bool) -> Vec<Effect> {
        run(&mut self.model, |engine, turn| {
            let (writes, mut below) = engine.writes(turn);
            writes.send_all_the_same(op, unjournaled, &mut below);
        })
    }

    /// Finds what an earlier session left, the newest first, while nobody can be asked: nothing of it was looked for yet.
    pub(super) fn finds(&mut self, left: impl IntoIterator<Item = Unfinished>) {
        let mut left: Vec<Unfinished> = left.into_iter().collect();
        // The journal tells the oldest first.
        left.reverse();
        let here = self.model.engine.account.connection.take();
        self.tell(Msg::Resume(left));
        self.model.engine.account.connection = here;
    }

    /// How a write ended.
    pub(super) fn ends(&mut self, op: &WriteId, outcome: Ended) -> Vec<Effect> {
        let op = op.clone();
        self.tell(Msg::WriteEnded { op, outcome })
    }

    /// Looks for what was lost until it counts as not found: the account shows nothing of it. All that the looks brought.
    pub(super) fn looks_in_vain(&mut self, at: usize, effects: Vec<Effect>) -> Vec<Effect> {
        let mut all = Vec::new();
        let mut newest = effects;
        for _ in 0..20 {
            let more = self.nothing_there(&newest);
            all.extend(more);
            if !self.is_looked_for(at) {
                break;
            }
            newest = self.next_look();
        }
        assert!(self.is_not_found(at), "{}", self.shown(at));
        all
    }

    /// The account shows nothing of what these look for: what was known of orders is as it was.
    pub(super) fn nothing_there(&mut self, effects: &[Effect]) -> Vec<Effect> {
        let mut all = Vec::new();
        for read in reads(effects) {
            let known = |id| self.model.engine.account.known.get(id);
            let rows = |rows: Option<&Vec<Certificate>>| {
                Data::Certificates(rows.map_or_else(Vec::new, Clone::clone))
            };
            let data = match read {
                Read::Order(id) => {
                    let order = known(id).and_then(|data| data.order.value()).cloned();
                    Data::Order(Box::new(order.unwrap_or_else(|| nameless(*id))))
                }
                Read::Duplicates(id) => rows(known(id).and_then(|data| data.duplicates.value())),
                Read::Reissues(id) => rows(known(id).and_then(|data| data.reissues.value())),
                Read::OrdersByReference(_) => Data::Placed(Vec::new()),
                _ => continue,
            };
            all.extend(self.answer(effects, read, Ok(data)));
        }
        all
    }

    /// What the next look asks for, once it is due.
    pub(super) fn next_look(&mut self) -> Vec<Effect> {
        let due = self.model.next_deadline().expect("it looks again");
        self.wait(due.duration_since(self.now).as_secs() + 1)
    }

    /// Whether the desk says of it that nobody knows if it arrived, and that this is being found out.
    pub(super) fn is_looked_for(&self, at: usize) -> bool {
        self.shown(at).ends_with(LOOKED_FOR)
    }

    /// Whether the desk says of it that nobody knows if it arrived, and what is not there so far.
    pub(super) fn is_not_found(&self, at: usize) -> bool {
        let shown = self.shown(at);
        shown.starts_with("outcome unknown") && shown.contains(", and ")
    }

    /// What the list of what was sent says on the screen, the newest of it in full; its lines are put together.
    pub(super) fn watch_list(&mut self) -> String {
        self.show_activity();
        let drawn = draw::text(&self.model);
        self.model.popups.pop();
        let (_, below) = drawn.split_once("╭ Watch list ").expect("it is open");
        let (rows, _) = below.split_once('╰').expect("it ends");
        let words = rows.split_whitespace().filter(|word| *word != "│");
        words.collect::<Vec<_>>().join(" ")
    }

    /// Sets aside what nobody knows the outcome of.
    pub(super) fn set_aside(&mut self, op: WriteId) -> Vec<Effect> {
        run(&mut self.model, |engine, turn| {
            let (writes, mut below) = engine.writes(turn);
            writes.dismiss(op, &mut below);
        })
    }

    pub(super) fn wait(&mut self, seconds: i64) -> Vec<Effect> {
        self.now = self
            .now
            .checked_add(SignedDuration::from_secs(seconds))
            .unwrap();
        self.tell(Msg::Deadline)
    }
}

/// An order of which nobody knew more than its number.
fn nameless(id: OrderId) -> Order {
    let mut primary = Certificate::empty(Role::Primary);
    primary.id = Some(CertificateId(10));
    order(id.0, primary)
}

/// What an earlier session left of a write, at a stage as the journal tells it. A table over all stages takes those here as
/// well that no start finds, since they are under way or over.
pub(super) fn unfinished(op: &str, outgoing: Outgoing, stage: Stage) -> Unfinished {
    Unfinished {
        op: WriteId(op.into()),
        order: outgoing.order,
        outgoing,
        sent: start(),
        stage,
        before: Before::default(),
        token: None,
    }
}

pub(super) fn reads(effects: &[Effect]) -> Vec<&Read> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Read { read, .. } => Some(read),
            _ => None,
        })
        .collect()
}

pub(super) fn lost() -> Failure {
    failure(FailureKind::Network, "The connection broke.")
}

pub(super) fn no_key() -> Failure {
    failure(FailureKind::NoKey, "There is no API key.")
}
