//! How the journal reads: a row in words, and what happened to it step by step.

use jiff::Timestamp;

use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{InstallRecord, InstallState};
use crate::domain::write::{Answer, Found, Record, WriteId};

/// Lines of a command's output that are told with the row; `v` shows all that is kept.
const LINES: usize = 5;

/// One row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    pub op: WriteId,
    /// When it was sent, by the account's clock as far as that was known then; `None` where the journal cannot be read there.
    pub at: Option<Timestamp>,
    /// What, e.g. `duplicate of order 123`.
    pub what: String,
    pub order: Option<OrderId>,
    /// How it ended, in words; `None` while unknown.
    pub outcome: Option<String>,
    /// What came of it: the certificate.
    pub certificate: Option<CertificateId>,
    /// What of the certificate is not as asked, until somebody has set it aside.
    pub problems: Vec<String>,
    /// The order that the certificate is on: of a renewal not the old one.
    pub made_on: Option<OrderId>,
    /// Whether something is still waited for.
    pub waits: bool,
    /// Whether nobody knows if CertCentral has it.
    pub is_unknown: bool,
    /// Where it is a certificate for the command after issue: which, and whether it failed.
    pub install: Option<Installed>,
    /// What happened to it, step by step: a label and words.
    pub story: Vec<(&'static str, String)>,
}

/// A row about the command after issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub order: OrderId,
    pub certificate: CertificateId,
    /// Whether it failed, or nobody knows, and nobody has dismissed that.
    pub is_failure: bool,
    /// Whether it still waits to be run.
    pub is_waiting: bool,
    /// What the command printed.
    pub output: String,
}

fn found_words(found: &Found) -> String {
    match found {
        Found::Certificate(..) | Found::Request(_) => format!("resulted in {}", found_first(found)),
        found => found_first(found),
    }
}

/// The same where it stands first, in few columns.
fn found_first(found: &Found) -> String {
    match found {
        Found::Certificate(_, certificate) => format!("certificate {certificate}"),
        Found::Request(request) => format!("request {request}"),
        Found::Rejected(request) => format!("request {request} was rejected"),
        Found::Order(..) => "CertCentral shows it done".to_owned(),
        Found::Done => "CertCentral shows it done".to_owned(),
        Found::Overtaken => "something else came first: it was not done".to_owned(),
        Found::NoCertificate => "no certificate resulted".to_owned(),
        Found::NotArrived => "no trace of it found in CertCentral so far".to_owned(),
    }
}

/// A time of this machine as the account's clock told it then, as far as that was known when it was sent.
fn by_account(entry: &Record, at: Timestamp) -> Timestamp {
    entry.intent.before.clock.unwrap_or_default().to_account(at)
}

/// What happened to a write, step by step.
fn story(entry: &Record) -> Vec<(&'static str, String)> {
    let intent = &entry.intent;
    let mut story = vec![(
        "Request",
        format!("{} {} ({})", intent.method, intent.path, intent.profile),
    )];
    let at = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| {
            format!(" ({})", at.strftime("%Y-%m-%d %H:%M:%S UTC"))
        })
    };
    let ended = at(entry.finished.map(|at| by_account(entry, at)));
    match &entry.outcome {
        None if entry.is_running() => {}
        None => story.push((
            "Then",
            "certdeck exited before recording a response".to_owned(),
        )),
        Some(Answer::Accepted { status, .. } | Answer::Refused { status, .. }) => {
            story.push(("Response", format!("{status}{ended}")));
        }
        Some(Answer::NotSent { .. }) => {}
        Some(Answer::Unknown { why }) => {
            story.push(("Unclear", format!("{why}{ended}")));
        }
    }
    match &entry.resolved {
        Some(resolved) => story.push((
            "Looked up",
            format!("{}{}", found_words(&resolved.what), at(Some(resolved.at))),
        )),
        None if entry.is_unknown() && !entry.dismissed => story.push((
            "Looked up",
            "not yet, or not found so far; certdeck never resends on its own".to_owned(),
        )),
        None => {}
    }
    if let Some(Answer::Accepted { requests, .. }) = &entry.outcome {
        let numbers: Vec<String> = requests.iter().map(ToString::to_string).collect();
        if !numbers.is_empty() {
            story.push(("Request created", numbers.join(", ")));
        }
    }
    if !entry.unreadable.is_empty() {
        let columns = entry.unreadable.join(", ");
        story.push((
            "Not readable",
            format!("{columns}: check CertCentral before you send the same again"),
        ));
    }
    for problem in entry.findings.iter().flatten().filter(|_| entry.dismissed) {
        story.push(("Mismatch", problem.clone()));
    }
    story
}

/// What was sent, for people: the kind, what it was about, and its name.
fn what_it_was(entry: &Record) -> String {
    let intent = &entry.intent;
    let outgoing = intent.unread();
    let what = match (&outgoing, intent.order) {
        (Some(outgoing), _) => outgoing.named(),
        (None, _) if entry.unreadable.is_empty() => {
            let key = intent.kind.as_ref().err().map_or("", String::as_str);
            format!("unknown operation ({key})")
        }
        (None, Some(order)) => format!("unreadable row about order {order}"),
        (None, None) => format!("unreadable row: {} {}", intent.method, intent.path),
    };
    let name = intent.before.name.clone();
    let name = name.or_else(|| outgoing?.common_name());
    // The name tells more than the order's number, and stands where it is seen.
    let what = match name.filter(|name| !what.contains(name)) {
        Some(name) => format!("{what} · {name}"),
        None => what,
    };
    let order = intent
        .order
        .filter(|order| !what.contains(&order.to_string()));
    match order {
        Some(order) => format!("{what} (order {order})"),
        None => what,
    }
}

impl JournalRow {
    /// The order to look at: the one that came of it, else the one it is about.
    pub fn leads_to(&self) -> Option<OrderId> {
        self.made_on.or(self.order)
    }

    /// A certificate for the command after issue, in words.
    pub fn of_install(record: &InstallRecord, command: &str) -> Self {
        let InstallRecord {
            install, state, at, ..
        } = record;
        let (order, certificate) = (install.order, install.certificate);
        let is_lost = *state == InstallState::Lost;
        let output = match state {
            InstallState::Ended(end) => end.output.clone(),
            _ => String::new(),
        };
        let job = &install.job;
        let mut story = vec![("Full chain", job.full_chain.path.clone())];
        let mut lines = output.lines();
        let all = lines.clone().count();
        // The last ones tell why.
        story.extend(
            lines
                .by_ref()
                .skip(all.saturating_sub(LINES))
                .map(|line| ("Output", line.to_owned())),
        );
        Self {
            op: WriteId(format!("install-{order}-{certificate}")),
            at: Some(*at),
            what: format!("{command} of order {order} · {}", install.name()),
            order: Some(order),
            outcome: (!is_lost || record.dismissed).then(|| record.words()),
            certificate: Some(certificate),
            problems: Vec::new(),
            made_on: None,
            waits: *state == InstallState::Waiting && !record.dismissed,
            is_unknown: is_lost,
            install: Some(Installed {
                order,
                certificate,
                is_failure: record.is_failure(),
                is_waiting: *state == InstallState::Waiting,
                output,
            }),
            story,
        }
    }

    /// A write as the journal keeps it, in words.
    pub fn of(entry: Record) -> Self {
        let certificate = match (&entry.outcome, &entry.resolved) {
            (_, Some(resolved)) => match resolved.what {
                Found::Certificate(_, certificate) => Some(certificate),
                _ => None,
            },
            (Some(Answer::Accepted { certificate, .. }), None) => *certificate,
            _ => None,
        };
        let found = entry.resolved.as_ref().map(|resolved| &resolved.what);
        let outcome = match (&entry.outcome, found) {
            (None, _) if entry.is_running() => Some("under way".to_owned()),
            (None | Some(Answer::Unknown { .. }), None) if entry.dismissed => {
                Some("no clear response; dismissed".to_owned())
            }
            (None | Some(Answer::Unknown { .. }), Some(Found::NotArrived)) if entry.dismissed => {
                Some("no clear response, and not found so far; dismissed".to_owned())
            }
            (None | Some(Answer::Unknown { .. }), found) => {
                found.map(|found| format!("{}; no clear response", found_first(found)))
            }
            (Some(Answer::Accepted { .. }), Some(found)) => {
                Some(format!("{}; accepted", found_first(found)))
            }
            (
                Some(Answer::Accepted {
                    requests,
                    certificate,
                    ..
                }),
                None,
            ) => Some(match (certificate, requests.first()) {
                (Some(id), _) => format!("accepted: certificate {id}"),
                (None, Some(id)) => format!("accepted: request {id}"),
                (None, None) => "accepted".to_owned(),
            }),
            (Some(Answer::Refused { status, errors }), _) => Some(match errors.as_slice() {
                [] => format!("refused ({status})"),
                errors => format!("refused ({status}): {}", errors.join("; ")),
            }),
            (Some(Answer::NotSent { why }), _) => Some(format!("not sent: {why}")),
        };
        let what = what_it_was(&entry);
        let story = story(&entry);
        let made_on = entry.made_on();
        let waits = entry.is_awaited() && !entry.dismissed;
        let is_unknown = outcome.is_none() || entry.is_not_found();
        let seen = entry.dismissed;
        let at = by_account(&entry, entry.intent.at);
        let at = Some(at).filter(|_| !entry.unreadable.contains(&"started"));
        Self {
            install: None,
            story,
            made_on,
            waits,
            is_unknown,
            problems: entry.findings.filter(|_| !seen).unwrap_or_default(),
            op: entry.intent.op,
            at,
            what,
            order: entry.intent.order,
            outcome,
            certificate,
        }
    }
}
