//! The command after issue: certificates that wait for it, the one that it runs for, and what came of it. One at a time, each
//! once, by the certdeck that claims it in the store.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::effect::Effect;
use super::status::Tone;
use super::turn::Turn;
use crate::domain::chain::{Chain, Expect};
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{Install, InstallEnd, InstallExit, InstallRecord, InstallState};
use crate::domain::text::counted;
use crate::domain::window::Window;
use crate::domain::write::WriteId;

/// The command of this profile, as far as what happens goes by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallCommand {
    /// What it is called: its program, without the folder.
    pub name: String,
    /// When it may run; at any time where none is set.
    pub window: Option<Window>,
    /// The zone that the window is in: this machine's.
    pub zone: TimeZone,
    /// Where the files of certificates go that nobody wrote anywhere.
    pub folder: String,
}

/// A certificate that came of a write and was verified.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Verified<'a> {
    pub op: &'a WriteId,
    pub order: OrderId,
    pub certificate: CertificateId,
    /// As CertCentral sent it, with its chain.
    pub pem: &'a str,
    /// Where a list writes its files, if one does.
    pub files: Option<&'a FileSet>,
}

/// What is installed, and was.
#[derive(Debug, Default)]
pub struct Installs {
    /// The command; said by the runtime at the start.
    pub command: Option<InstallCommand>,
    /// As the store has them, the newest first.
    records: Vec<InstallRecord>,
    /// The one that the command runs for, started from here.
    running: Option<(OrderId, CertificateId)>,
    /// Those whose files are being written by a list.
    writing: BTreeSet<(WriteId, OrderId, CertificateId)>,
    /// Those that could not be claimed: they wait for the operator, or for the next start.
    left: Vec<(OrderId, CertificateId, Timestamp)>,
    /// When the window opens for what waits.
    pub(in crate::app) due: Option<Timestamp>,
}

impl Installs {
    /// Those of an order.
    pub fn of_order(&self, order: OrderId) -> impl Iterator<Item = &InstallRecord> {
        self.records
            .iter()
            .filter(move |record| record.install.order == order)
    }

    /// How many failed and were not dismissed.
    pub fn failures(&self) -> usize {
        self.records.iter().filter(|one| one.is_failure()).count()
    }

    /// How many the command runs for, here or elsewhere.
    pub fn under_way(&self) -> usize {
        let running = |one: &&InstallRecord| one.state == InstallState::Running;
        self.records.iter().filter(running).count()
    }

    /// What is said of those that wait, if any do.
    pub fn waiting_words(&self) -> Option<String> {
        let waits = self.records.iter().filter(|one| is_waiting(one)).count();
        let command = self.command.as_ref().filter(|_| waits > 0)?;
        let what = counted(waits, "certificate waits", "certificates wait");
        let name = &command.name;
        Some(match (&command.window, self.due) {
            (Some(window), Some(due)) => {
                let local = command.zone.to_datetime(due);
                let due = local.strftime("%Y-%m-%d %H:%M");
                format!("{what} for {name}: {window} local time, next {due}")
            }
            _ => format!("{what} for {name}"),
        })
    }

    /// A certificate was verified: it is handed over, once its files are written where a list writes them.
    pub(in crate::app) fn on_verified(
        &mut self,
        verified: &Verified<'_>,
        now: Timestamp,
        turn: &mut Turn,
    ) {
        let Ok(chain) = Chain::from_pem(verified.pem, Expect::default()) else {
            return;
        };
        let Some(install) = self.install(verified, &chain, now) else {
            return;
        };
        if verified.files.is_some() {
            let (order, certificate) = (install.order, install.certificate);
            self.writing
                .insert((verified.op.clone(), order, certificate));
        }
        let install = Box::new(install);
        let plan = Effect::PlanInstall {
            install,
            again: false,
        };
        // Before the journal has it that the certificate is verified: that is not said twice.
        turn.effects.insert(0, plan);
    }

    fn install(&self, verified: &Verified<'_>, chain: &Chain, now: Timestamp) -> Option<Install> {
        let Verified {
            order, certificate, ..
        } = *verified;
        let command = self.command.as_ref()?;
        match verified.files {
            Some(files) => Some(Install::new(order, certificate, chain, files)),
            None => Install::in_own_folder(order, certificate, chain, &command.folder, now),
        }
    }

    /// The operator asks for a certificate to be handed over, perhaps once more.
    pub(in crate::app) fn ask(
        &self,
        order: OrderId,
        certificate: CertificateId,
        pem: &str,
        now: Timestamp,
        turn: &mut Turn,
    ) {
        let Some(command) = &self.command else {
            return;
        };
        let Ok(chain) = Chain::from_pem(pem, Expect::default()) else {
            return;
        };
        let own = || Install::in_own_folder(order, certificate, &chain, &command.folder, now);
        // Where its files are already, they stay.
        let before = self
            .of_order(order)
            .find(|one| one.install.certificate == certificate && !could_not_start(&one.state));
        let Some(install) = before.map(|one| one.install.clone()).or_else(own) else {
            return;
        };
        turn.push(Effect::PlanInstall {
            install: Box::new(install),
            again: true,
        });
    }

    /// The files of a row of a list are written, or cannot be: the command says so then.
    pub(in crate::app) fn on_files(&mut self, op: &WriteId, now: Timestamp, turn: &mut Turn) {
        let before = self.writing.len();
        self.writing.retain(|(of, ..)| of != op);
        if self.writing.len() != before {
            self.go_on(now, turn);
        }
    }

    /// The store told how all of them stand.
    pub(in crate::app) fn on_records(
        &mut self,
        records: Vec<InstallRecord>,
        now: Timestamp,
        turn: &mut Turn,
    ) {
        self.records = records;
        self.go_on(now, turn);
    }

    /// The command ended; `None` where another certdeck has it. What there is to be seen then is the caller's.
    pub(in crate::app) fn on_ended(
        &mut self,
        install: (OrderId, CertificateId),
        end: Option<&InstallEnd>,
        turn: &mut Turn,
    ) -> bool {
        self.running = None;
        let Some(end) = end else {
            let of_this = self.records.iter().filter(|one| key(one) == install);
            let left = of_this.map(|one| (install.0, install.1, one.at));
            self.left.extend(left);
            return false;
        };
        let name = self.records.iter().find(|one| key(one) == install);
        let name = name.map_or_else(String::new, |one| one.install.name());
        let command = self.command.as_ref().map_or("", |one| one.name.as_str());
        let is_done = end.exit == InstallExit::Code(0);
        let words = if is_done {
            format!("{name}: {command} is done.")
        } else {
            let why = end.exit.words();
            format!("{name}: {command} failed: {why}. The journal has its output.")
        };
        let tone = if is_done { Tone::Good } else { Tone::Bad };
        turn.announce(tone, &words);
        is_done
    }

    /// Starts the command for the next one that waits, as soon as it may.
    pub(in crate::app) fn go_on(&mut self, now: Timestamp, turn: &mut Turn) {
        self.due = None;
        let Some(command) = &self.command else {
            return;
        };
        let written = |one: &&InstallRecord| {
            let (order, certificate) = key(one);
            let mut writing = self.writing.iter();
            !writing.any(|(_, of, number)| (*of, *number) == (order, certificate))
                && !self.left.contains(&(order, certificate, one.at))
        };
        // The oldest first.
        let mut waiting = self.records.iter().rev().filter(|one| is_waiting(one));
        let Some(next) = waiting.find(written).map(key) else {
            return;
        };
        let opens = match &command.window {
            Some(window) => window.opens(now, &command.zone),
            None => Some(now),
        };
        if opens.is_none_or(|opens| opens > now) {
            self.due = opens;
            return;
        }
        if self.running.is_none() {
            self.running = Some(next);
            turn.push(Effect::RunInstall {
                order: next.0,
                certificate: next.1,
            });
        }
    }
}

fn key(record: &InstallRecord) -> (OrderId, CertificateId) {
    (record.install.order, record.install.certificate)
}

fn is_waiting(record: &InstallRecord) -> bool {
    record.state == InstallState::Waiting && !record.dismissed
}

/// Whether the command did not run: where the files go is to be said anew.
fn could_not_start(state: &InstallState) -> bool {
    let ended = match state {
        InstallState::Ended(end) => Some(&end.exit),
        _ => None,
    };
    matches!(ended, Some(InstallExit::NotStarted(_)))
}
