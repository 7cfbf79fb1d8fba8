//! What was sent and is being waited for. A watch asks by itself, ever more rarely, until there is an end.
//!
//! A look counts only when it looked: everything that could show the write was asked for after the look began, and came.
//! Reads are told apart by their tickets, which no clock can put out of order.

use jiff::{SignedDuration, Timestamp};

use crate::app::remote::Ticket;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::write::Before;
use crate::domain::write::{Outgoing, Stage, WriteId, WriteKind};

/// Seconds between looks; the last one repeats.
const PAUSES: &[i64] = &[1, 1, 2, 2, 3, 5, 8, 13, 21, 30, 60];

/// Seconds until what many answers brought in a row is looked for together, unless the row ends before.
const TOGETHER: i64 = 10;

/// Seconds between looks for what was not found; the last one repeats.
const LATE_PAUSES: &[i64] = &[120, 300, 600, 900];

/// How far the account's clock may be behind what is known of it.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// How far it may be off where what was there before tells what is old: a `Date` can come from something in between.
const WIDE_SKEW: SignedDuration = SignedDuration::from_hours(48);

/// Looks after a lost answer before it is said that nothing was found: they take some 14 seconds, the time in which
/// what a load balancer gave up is mostly done.
const LOOKUPS: usize = 6;

/// Something that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    pub op: WriteId,
    pub outgoing: Outgoing,
    pub order: Option<OrderId>,
    pub name: String,
    /// When it was sent.
    pub sent: Timestamp,
    pub stage: Stage,
    /// When to look again.
    pub due: Option<Timestamp>,
    /// How often it looked.
    pub looks: usize,
    /// What was asked for after this belongs to the newest look.
    pub mark: Ticket,
    /// When the last look ended in which everything was read, and nothing of it was found.
    pub looked: Option<Timestamp>,
    /// What was asked for after this belonged to that look.
    pub looked_from: Option<Ticket>,
    /// Whether it must not be sent again before one more look: the operator is about to.
    pub wanted: bool,
    /// Why the last look failed, while it goes on.
    pub trouble: Option<Failure>,
    /// The draft that goes once the account has taken it.
    pub draft: Option<String>,
    /// That draft as it was sent: one that was begun anew since stays.
    pub kept: Option<String>,
    /// Certificates and requests that carried this CSR (or, without one, all that a reissue might replace) before it was
    /// sent: they are not what came of it.
    pub before: Before,
    /// The random value for domain validation, if the answer brought one.
    pub token: Option<String>,
    /// Whether its request was approved: another one with the same CSR is not what it waits for.
    pub approved: bool,
    /// The certificates that the answer brought, until the account's row is there to hold them against.
    pub chain: Option<String>,
    /// Whether the journal has it.
    pub journaled: bool,
    /// The same was sent again since, and that may have arrived: what is found of it may be of either.
    pub sent_again: bool,
    /// When the last look that counted ended, by the account's clock, to be shown.
    pub read_at: Option<Timestamp>,
}

impl Watch {
    /// Something that is sent at this moment.
    pub fn new(
        op: WriteId,
        outgoing: Outgoing,
        name: String,
        before: Before,
        sent: Timestamp,
    ) -> Self {
        Self {
            op,
            // An order that is still to come has no number yet.
            order: outgoing.order.filter(|_| !outgoing.kind.makes_order()),
            outgoing,
            name,
            sent,
            stage: Stage::Sending,
            due: None,
            looks: 0,
            mark: Ticket::default(),
            looked: None,
            looked_from: None,
            wanted: false,
            trouble: None,
            draft: None,
            kept: None,
            before,
            token: None,
            approved: false,
            chain: None,
            journaled: true,
            sent_again: false,
            read_at: None,
        }
    }

    /// A time of this machine by the account's clock, as far as that was known when it was sent.
    pub fn by_account(&self, at: Timestamp) -> Timestamp {
        self.before.clock.unwrap_or_default().to_account(at)
    }

    /// Waits for the others that are sent in a row, where one look tells of all.
    pub(super) fn wait_for_others(&mut self, now: Timestamp) {
        if self.replaces() {
            self.due = now.checked_add(SignedDuration::from_secs(TOGETHER)).ok();
        }
    }

    /// Looks again after the next pause.
    pub fn wait(&mut self, now: Timestamp) {
        let pause = SignedDuration::from_secs(self.pause());
        self.due = now.checked_add(pause).ok();
    }

    /// Seconds between the last look and the next.
    pub fn pause(&self) -> i64 {
        let late = self.looks.checked_sub(PAUSES.len());
        match late.filter(|_| self.is_given_up()) {
            Some(late) => LATE_PAUSES[late.min(LATE_PAUSES.len() - 1)],
            None => PAUSES[self.looks.min(PAUSES.len() - 1)],
        }
    }

    /// Looks at once: something happened that may have moved it.
    pub fn hurry(&mut self, now: Timestamp) {
        if self.looks_on() && self.stage != Stage::Sending {
            self.looks = 0;
            self.due = Some(now);
        }
    }

    /// Whether something that the account dates may have come of it: what is older did not.
    pub fn is_since(&self, at: Timestamp) -> bool {
        let sent = self.by_account(self.sent);
        let skew = if self.before.known { WIDE_SKEW } else { SKEW };
        sent.duration_since(at) <= skew
    }

    /// Whether it has looked long enough to say that nothing arrived, once a look found nothing.
    pub fn gave_up(&self) -> bool {
        self.looks >= LOOKUPS
    }

    /// Whether nothing of it was found.
    pub fn is_given_up(&self) -> bool {
        matches!(self.stage, Stage::NotFound(_))
    }

    /// Whether the answer brought a certificate that takes the primary's place: the list shows it for its order.
    pub(super) fn replaces(&self) -> bool {
        matches!(self.stage, Stage::AwaitsCertificate(Some(_)))
            && self.chain.is_some()
            && self.outgoing.kind == WriteKind::Reissue
    }

    /// Whether it is looked for: also where nothing of it was found so far, for what a proxy held back still arrives.
    pub fn looks_on(&self) -> bool {
        self.stage.is_open() || self.is_given_up()
    }

    /// Whether nobody knows yet if it arrived.
    pub fn is_lost(&self) -> bool {
        matches!(self.stage, Stage::LookingUp(_) | Stage::NotFound(_))
    }

    /// One line for a person.
    pub fn words(&self) -> String {
        match &self.stage {
            Stage::Sending => "sending…".into(),
            Stage::AwaitsApproval(request) => format!("waiting for approval of request {request}"),
            Stage::AwaitsCertificate(None) => "accepted; waiting for the certificate".into(),
            Stage::AwaitsCertificate(Some(id)) if self.chain.is_some() => {
                format!("certificate {id} is issued; verifying it")
            }
            Stage::AwaitsCertificate(Some(id)) => {
                format!("accepted; certificate {id} is not issued yet")
            }
            Stage::LookingUp(failure) => match failure.answer() {
                Some(answer) => format!(
                    "outcome unknown: {answer} does not say whether it was done; looking for it in CertCentral"
                ),
                None => "outcome unknown: response lost; looking for it in CertCentral".into(),
            },
            Stage::NotFound(failure) => {
                let read = self.read_at.map_or_else(String::new, |at| {
                    format!(" (checked {})", at.strftime("%Y-%m-%d %H:%M:%S UTC"))
                });
                let what = if self.sent_again {
                    "the same was sent again since: the result may be of either"
                } else if !self.outgoing.kind.makes_certificate() {
                    "CertCentral does not show it done so far"
                } else if self.outgoing.kind.makes_order() {
                    "no order with its reference in CertCentral so far"
                } else if self.outgoing.expected.is_none() {
                    "no new reissue that is clearly this one so far"
                } else {
                    "nothing with this CSR in CertCentral so far"
                };
                match failure.answer() {
                    Some(answer) => format!(
                        "outcome unknown: {answer} does not say whether it was done, and {what}{read}"
                    ),
                    None => format!("outcome unknown, and {what}{read}"),
                }
            }
            Stage::Verifying(id) => {
                format!("certificate {id} is issued; loading and verifying it")
            }
            Stage::Issued {
                certificate,
                problems,
                ..
            } if problems.is_empty() => format!("certificate {certificate} issued and verified"),
            Stage::Issued {
                certificate,
                problems,
                ..
            } => format!(
                "certificate {certificate} issued, but {}",
                problems.join("; ")
            ),
            Stage::Completed(words) => words.clone(),
            Stage::Ended(failure) => failure.what.clone(),
        }
    }
}

/// Which they are, in their order.
pub fn ids(watches: &[Watch]) -> Vec<WriteId> {
    watches.iter().map(|watch| watch.op.clone()).collect()
}
