//! Sends what was reviewed, through the engine and the journal, and follows it as far as was asked for.

pub(super) mod changes;
pub(super) mod files;

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::args::Consent;
use super::error::CliError;
use super::exit::Exit;
use super::print;
use super::session::Session;
use crate::app::writes::{Send, Watch};
use crate::domain::draft::review::Review;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, RequestId};
use crate::domain::text::sanitise;
use crate::domain::write::{Outgoing, Stage, WriteId};

/// How long what only has to be issued is waited for where its files are wanted.
const ISSUANCE: Duration = Duration::from_mins(2);

/// How long something whose answer was lost is looked for before it is reported.
const LOOKUP: Duration = Duration::from_secs(30);

/// Where something that was to be sent stands.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) enum Standing {
    /// It was only shown.
    Shown,
    /// It was left out, for this reason: nothing was sent.
    Skipped(String),
    /// It was not sent, for this reason, and can be.
    NotSent(String),
    /// It cannot be sent as it is.
    Blocked(String),
    /// The journal has the same.
    Already(String),
    AwaitsApproval(RequestId),
    AwaitsCertificate,
    /// Names were checked, and not all of them are validated; in words.
    AwaitsValidation(String),
    /// Issued, and held against what was asked for; what does not match.
    Issued(CertificateId, Vec<String>),
    /// Done, in words.
    Completed(String),
    /// The account refused it, or it was not sent.
    Ended(Failure),
    /// It may have arrived: the next run finds out.
    Unknown(String),
    /// Its answer was lost, and it was not found: only the operator may send it again.
    NotFound(String),
}

impl Standing {
    /// One word for scripts.
    pub(in crate::cli) fn word(&self) -> &'static str {
        match self {
            Self::Shown => "dry_run",
            Self::Skipped(_) => "skipped",
            Self::NotSent(_) => "not_sent",
            Self::Blocked(_) => "blocked",
            Self::Already(_) => "already",
            Self::AwaitsApproval(_) => "waiting_for_approval",
            Self::AwaitsCertificate => "waiting_for_certificate",
            Self::AwaitsValidation(_) => "waiting_for_validation",
            Self::Issued(_, problems) if !problems.is_empty() => "mismatch",
            Self::Issued(..) => "issued",
            Self::Completed(_) => "done",
            Self::Ended(_) => "failed",
            Self::Unknown(_) => "unknown",
            Self::NotFound(_) => "not_found",
        }
    }

    /// What there is to say of it.
    pub(in crate::cli) fn words(&self) -> String {
        match self {
            Self::Shown | Self::AwaitsCertificate => String::new(),
            Self::Skipped(why)
            | Self::NotSent(why)
            | Self::Blocked(why)
            | Self::Already(why)
            | Self::Unknown(why)
            | Self::NotFound(why) => why.clone(),
            Self::AwaitsApproval(request) => format!("request {request}"),
            Self::Issued(_, problems) => problems.join("; "),
            Self::AwaitsValidation(words) | Self::Completed(words) => words.clone(),
            Self::Ended(failure) => failure.to_string(),
        }
    }

    /// The exit code of a command that was for this alone.
    pub(in crate::cli) fn exit(&self) -> Exit {
        match self {
            Self::Shown | Self::Completed(_) => Exit::Done,
            Self::Issued(_, problems) if problems.is_empty() => Exit::Done,
            Self::Issued(..)
            | Self::NotSent(_)
            | Self::Blocked(_)
            | Self::Unknown(_)
            | Self::NotFound(_) => Exit::Failed,
            Self::Already(_) | Self::Skipped(_) => Exit::Already,
            Self::AwaitsApproval(_) | Self::AwaitsCertificate | Self::AwaitsValidation(_) => {
                Exit::Waits
            }
            Self::Ended(failure) => failure.into(),
        }
    }

    fn of(watch: &Watch) -> Self {
        match &watch.stage {
            Stage::AwaitsApproval(request) => Self::AwaitsApproval(*request),
            Stage::AwaitsCertificate(_) | Stage::Verifying(_) => Self::AwaitsCertificate,
            Stage::Issued {
                certificate,
                problems,
                ..
            } => Self::Issued(*certificate, problems.clone()),
            Stage::Completed(words) => Self::Completed(words.clone()),
            Stage::Ended(failure) if failure.kind == FailureKind::Twin => {
                Self::Already(failure.to_string())
            }
            Stage::Ended(failure) => Self::Ended(failure.clone()),
            Stage::Sending | Stage::LookingUp(_) => Self::Unknown(watch.words()),
            Stage::NotFound(_) => Self::NotFound(watch.words()),
        }
    }
}

/// Tells on standard error what would be sent, and where to.
pub(super) fn tell_outgoing(outgoing: &Outgoing) {
    print::err(&format!(
        "{}: {} {}",
        outgoing.named(),
        outgoing.method.as_str(),
        outgoing.path
    ));
    for line in outgoing.body.lines() {
        print::err(&format!("  {line}"));
    }
}

/// Tells a review on standard error: what changes, what it does to other certificates.
pub(super) fn tell_review(review: &Review) {
    tell_outgoing(&review.outgoing);
    for section in &review.sections {
        print::err(&format!("  {}", section.title));
        for note in &section.notes {
            print::err(&format!("    {}", note.text));
        }
    }
    if let Some(danger) = &review.danger {
        print::err(&format!("  Dangerous: {danger}"));
    }
}

/// Whether there is somebody to ask.
pub(super) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// What is told where there is nobody.
pub(super) fn nobody_to_ask() -> CliError {
    let why = "there is no terminal to ask on: add --yes to send it, or --dry-run to see it";
    CliError::Usage(why.to_owned())
}

/// What is typed on the terminal as an answer.
pub(super) fn asked(question: &str) -> Result<String, CliError> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{} ", sanitise(question))?;
    stderr.flush()?;
    drop(stderr);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Asks on the terminal whether to send; without one `--yes` has to say it.
pub(super) fn confirmed(consent: Consent, what: &str) -> Result<bool, CliError> {
    if consent.yes {
        return Ok(true);
    }
    if !can_ask() {
        return Err(nobody_to_ask());
    }
    let answer = asked(&format!("{what} Send? [y/N]"))?;
    Ok(matches!(answer.as_str(), "y" | "Y" | "yes"))
}

/// Whether what was sent is likely to come to its end in moments, or is waited for in any case.
fn is_waited_for(watch: &Watch, any_case: bool) -> bool {
    match &watch.stage {
        Stage::Sending | Stage::LookingUp(_) | Stage::Verifying(_) => true,
        Stage::AwaitsCertificate(_) => {
            let since = Timestamp::now().duration_since(watch.sent);
            // With a random value somebody has to put it somewhere first.
            let soon = watch.token.is_none() && since.unsigned_abs() < ISSUANCE;
            any_case || watch.chain.is_some() || soon
        }
        Stage::AwaitsApproval(_) => any_case,
        _ => false,
    }
}

impl Session<'_> {
    /// Sends something, once, and waits for its answer; where that was lost it is looked for.
    pub(super) fn send(&mut self, send: Send) -> WriteId {
        let op = self.script.does(|engine, turn| engine.send(send, turn));
        let is_sending =
            |watch: Option<&Watch>| watch.is_some_and(|watch| watch.stage == Stage::Sending);
        while is_sending(self.script.engine.writes.get(&op)) {
            if !self.script.go_on(None) {
                break;
            }
        }
        let until = Instant::now() + LOOKUP;
        let is_lost = |watch: Option<&Watch>| {
            watch.is_some_and(|watch| matches!(watch.stage, Stage::LookingUp(_)))
        };
        while is_lost(self.script.engine.writes.get(&op)) && Instant::now() < until {
            if self.script.is_interrupted() || !self.script.go_on(Some(until)) {
                break;
            }
        }
        op
    }

    /// Whether what came of something keeps whatever comes behind it from being sent: the account was not reached, or refuses all.
    pub(super) fn stops(standing: &Standing) -> bool {
        match standing {
            Standing::Unknown(_) | Standing::NotFound(_) => true,
            Standing::Ended(failure) => {
                failure.refuses_all()
                    || matches!(
                        failure.kind,
                        FailureKind::Network
                            | FailureKind::Timeout
                            | FailureKind::Proxy
                            | FailureKind::RateLimited
                            | FailureKind::InvalidKey
                            | FailureKind::NoKey
                            | FailureKind::Local
                    )
            }
            _ => false,
        }
    }

    /// Where something stands that was sent.
    pub(super) fn standing(&self, op: &WriteId) -> Standing {
        match self.script.engine.writes.get(op) {
            Some(watch) => Standing::of(watch),
            None => Standing::Ended(Failure::of(FailureKind::Other, "it is not known here")),
        }
    }

    /// Waits until what was sent is at its end: with `wait` for so long and for all, else where there are files to write for what
    /// is issued in moments. What was verified is handed over meanwhile.
    pub(super) fn wait_for(
        &mut self,
        ops: &[WriteId],
        wait: Option<Duration>,
        writes: bool,
        mut hand_over: impl FnMut(&mut Self),
    ) {
        let limit = wait.or(writes.then_some(ISSUANCE)).unwrap_or_default();
        let until = Instant::now() + limit;
        loop {
            hand_over(self);
            let watches = ops
                .iter()
                .filter_map(|op| self.script.engine.writes.get(op));
            let open = watches.filter(|watch| is_waited_for(watch, wait.is_some()));
            let open = open.count();
            if open == 0 || self.script.is_interrupted() || Instant::now() >= until {
                break;
            }
            self.say(&format!("Waiting for {open} to be issued"));
            if !self.script.go_on(Some(until)) {
                break;
            }
        }
        self.end_progress();
    }
}
