//! Certificates on their way out: fetched, put in order, held against what was asked for, and only then offered.

mod gathered;

pub use gathered::Purpose;

use std::collections::HashMap;

use jiff::Timestamp;

use super::bulk;
use super::effect::{Effect, NewFile};
use super::engine::Engine;
use super::msg::FileProblem;
use super::remote::Remote;
use super::subject::{ChainUse, RowFiles, Subject};
use super::turn::Turn;
use crate::app::status::Tone;
use crate::domain::chain::{Chain, End, Expect};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::text::sanitise;
use crate::domain::write::WriteId;
use crate::keys::Action;
use gathered::{Came, Gathering};

/// What chains on their way are for.
#[derive(Debug, Default)]
pub struct Downloads {
    uses: HashMap<CertificateId, Vec<ChainUse>>,
    /// Those of several marked orders.
    gathering: Option<Gathering>,
}

/// Why the certificate of a row of a bulk run is not written.
pub type NotWritten = (WriteId, String);

impl Downloads {
    /// Fetches a chain for a use.
    pub(in crate::app) fn fetch(
        &mut self,
        purpose: ChainUse,
        engine: &mut Engine,
        turn: &mut Turn,
    ) {
        let id = purpose.certificate();
        self.uses.entry(id).or_default().push(purpose);
        turn.extend(engine.account.want_chain(id));
    }

    /// Nothing of it is wanted any more.
    pub(in crate::app) fn forget(&mut self) {
        self.uses.clear();
        self.gathering = None;
    }

    /// Fetches the certificates of several orders; of those that have none is said why.
    pub(in crate::app) fn gather(
        &mut self,
        purpose: Purpose,
        orders: Vec<(OrderId, Option<Subject>)>,
        engine: &mut Engine,
        turn: &mut Turn,
    ) {
        let all = orders.iter().map(|(order, _)| *order).collect();
        self.gathering = Some(Gathering::new(purpose, all));
        for (order, subject) in orders {
            match subject {
                Some(subject) => self.fetch(ChainUse::Marked(subject), engine, turn),
                None => self.came(order, Err("it has no issued certificate".into()), turn),
            }
        }
    }

    /// Something came of one of several orders.
    fn came(&mut self, order: OrderId, result: Result<Came, String>, turn: &mut Turn) {
        if let Some(gathering) = &mut self.gathering
            && gathering.put(order, result, turn)
        {
            self.gathering = None;
        }
    }

    /// The file of one of several orders was written, or not.
    pub(in crate::app) fn on_saved(
        &mut self,
        order: OrderId,
        path: String,
        caveat: Option<String>,
        result: Result<(), FileProblem>,
        turn: &mut Turn,
    ) {
        self.came(order, gathered::saved(path, caveat, result), turn);
    }

    /// The chain of one of several orders came.
    fn on_marked(&mut self, subject: &Subject, pem: &str, engine: &Engine, turn: &mut Turn) {
        let Some(purpose) = self.gathering.as_ref().map(|one| one.purpose.clone()) else {
            return;
        };
        let action = match &purpose {
            Purpose::Copy(action) => *action,
            Purpose::Write(_) => Action::CopyFullChain,
        };
        let order = subject.order;
        let Some(part) = checked(subject, pem, action, engine, turn) else {
            let why = turn.take_words();
            return self.came(order, Err(why), turn);
        };
        match purpose {
            Purpose::Copy(_) => {
                let PemPart { text, caveat, .. } = part;
                self.came(order, Ok(Came { text, caveat }), turn);
            }
            Purpose::Write(folder) => turn.push(Effect::WriteNew {
                of: NewFile::Order(order),
                files: vec![(in_folder(&folder, &subject.file_name()), part.text)],
                is_set: false,
                latest: None,
                key: None,
                caveat: part.caveat,
            }),
        }
    }

    /// A chain came, or did not: everything that waited for it goes on. The rows of a bulk run that it cannot be written
    /// for come back.
    pub(in crate::app) fn on_chain(
        &mut self,
        id: CertificateId,
        chain: &Remote<String>,
        engine: &Engine,
        turn: &mut Turn,
    ) -> Vec<NotWritten> {
        let mut not_written = Vec::new();
        for purpose in self.uses.remove(&id).unwrap_or_default() {
            match (chain.failure(), chain.value(), purpose) {
                (Some(failure), _, ChainUse::Marked(subject)) => {
                    self.came(subject.order, Err(failure.to_string()), turn);
                }
                (None, Some(pem), ChainUse::Marked(subject)) => {
                    self.on_marked(&subject, pem, engine, turn);
                }
                (Some(failure), _, ChainUse::Bulk { op, .. }) => {
                    not_written.push((op, failure.to_string()));
                }
                (Some(failure), ..) => turn.tell_failure(failure),
                (None, Some(pem), purpose) => not_written.extend(go_on(purpose, pem, engine, turn)),
                (None, None, _) => {}
            }
        }
        not_written
    }
}

fn go_on(purpose: ChainUse, pem: &str, engine: &Engine, turn: &mut Turn) -> Option<NotWritten> {
    let (ChainUse::Copy(subject, _)
    | ChainUse::Write(subject, _)
    | ChainUse::Plain(subject)
    | ChainUse::Install(subject)
    | ChainUse::Marked(subject)
    | ChainUse::Bulk { subject, .. }) = &purpose;
    let action = match &purpose {
        ChainUse::Copy(_, action) => *action,
        _ => Action::CopyFullChain,
    };
    let part = checked(subject, pem, action, engine, turn);
    match (purpose, part) {
        (ChainUse::Bulk { op, .. }, None) => return Some((op, turn.take_words())),
        (_, None) | (ChainUse::Marked(_), _) => {}
        (ChainUse::Bulk { op, to, .. }, Some(part)) => turn.push(to_files(op, to, part, pem)),
        (ChainUse::Copy(..), Some(part)) => turn.push(Effect::Copy {
            what: part.words(),
            text: part.text,
            force: false,
        }),
        (ChainUse::Plain(_), Some(part)) => {
            if part.caveat.is_some() {
                turn.set_status(Tone::Warn, format!("That was the {}.", part.words()));
            }
            turn.push(Effect::Plain { text: part.text });
        }
        (ChainUse::Install(subject), Some(_)) => {
            let Subject {
                order, certificate, ..
            } = subject;
            engine
                .installs
                .ask(order, certificate, pem, engine.now, turn);
        }
        (ChainUse::Write(_, path), Some(part)) => turn.push(Effect::WriteFile {
            path,
            what: part.words(),
            text: part.text,
            overwrite: false,
        }),
    }
    None
}

/// The files of a row of a list: one in a folder, or all that its pattern says.
fn to_files(op: WriteId, to: RowFiles, part: PemPart, pem: &str) -> Effect {
    let set = match to {
        RowFiles::One(path) => Err(path),
        RowFiles::Set(target) => match Chain::from_pem(pem, Expect::default()) {
            Ok(chain) => Ok((chain, target)),
            Err(_) => Err(target.full_chain),
        },
    };
    match set {
        Ok((chain, target)) => bulk::write_set(op, &chain, &target, part.caveat),
        Err(path) => Effect::WriteNew {
            of: NewFile::Row(op),
            files: vec![(path, part.text)],
            is_set: false,
            latest: None,
            key: None,
            caveat: part.caveat,
        },
    }
}

/// A file in a folder; a plain name goes into the download folder of the settings, if there is one.
pub(in crate::app) fn in_folder(folder: &str, name: &str) -> String {
    match folder.trim().trim_end_matches('/') {
        "" | "." => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// What of a certificate's chain is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Certificate,
    /// Its intermediates.
    Chain,
    /// Both.
    FullChain,
    Root,
}

impl Part {
    fn of(action: Action) -> Self {
        match action {
            Action::CopyCertificate => Self::Certificate,
            Action::CopyChain => Self::Chain,
            Action::CopyRoot => Self::Root,
            _ => Self::FullChain,
        }
    }
}

/// A part of what the account sent of a certificate, on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemPart {
    /// In PEM.
    pub text: String,
    /// What it is, e.g. `full chain of shop.example.net`.
    pub what: String,
    /// What a server or its clients would stumble over.
    pub caveat: Option<String>,
}

impl PemPart {
    fn words(&self) -> String {
        match &self.caveat {
            None => self.what.clone(),
            Some(caveat) => format!("{} ({caveat})", self.what),
        }
    }
}

/// The part that was asked for, if the certificate is the one that was asked for.
fn checked(
    subject: &Subject,
    pem: &str,
    action: Action,
    engine: &Engine,
    turn: &mut Turn,
) -> Option<PemPart> {
    match part(subject, pem, Part::of(action), engine.account_now()) {
        Ok(part) => Some(part),
        Err((tone, words)) => {
            turn.set_status(tone, words);
            None
        }
    }
}

/// A part of the chain that the account sent, if the certificate in it is the one that it was asked for; else why not, and how
/// bad that is. `now` is by the account's clock.
pub fn part(
    subject: &Subject,
    pem: &str,
    wanted: Part,
    now: Timestamp,
) -> Result<PemPart, (Tone, String)> {
    let expect = Expect {
        spki_der: subject.spki_der.as_deref(),
        serial: subject.serial.as_deref(),
    };
    let chain = match Chain::from_pem(pem, expect) {
        Ok(chain) => chain,
        Err(error) => {
            return Err((Tone::Bad, format!("Not offered: {error}")));
        }
    };
    let name = sanitise(&subject.name);
    // What is left out has its reason: its signature, or another way to a root.
    let left_out = chain.leftovers.first().map(|left| left.why.label());
    let nothing = |what: &str| match left_out {
        None => format!("CertCentral sent no {what} for {name}."),
        Some(why) => {
            format!(
                "CertCentral sent no {what} that belongs to {name}; certdeck leaves out what it sent: {why}."
            )
        }
    };
    let outdated = || chain.outdated(now);
    let is_alone = chain.intermediates.is_empty() && matches!(chain.end(), End::Missing(_));
    let part = match wanted {
        Part::Certificate => Ok((chain.certificate_pem(), "certificate", None)),
        Part::Chain if chain.intermediates.is_empty() => Err(nothing("intermediates")),
        Part::Chain => Ok((chain.chain_pem(), "chain", outdated())),
        Part::Root => chain
            .root_pem()
            .map(|pem| (pem, "root", None))
            .ok_or_else(|| nothing("root")),
        // Said to be the full chain, a server would be given what its clients cannot check.
        Part::FullChain if is_alone && !chain.leftovers.is_empty() => Err(format!(
            "None of the intermediates that CertCentral sent issued {name}; only the certificate can be copied."
        )),
        Part::FullChain if is_alone => Ok((
            chain.full_chain_pem(),
            "certificate",
            Some("without an intermediate".to_owned()),
        )),
        Part::FullChain => match chain.hole() {
            Some(missing) => Ok((
                chain.full_chain_pem(),
                "certificate and the matching intermediates",
                Some(format!("no full chain: {missing} was not sent")),
            )),
            None => Ok((chain.full_chain_pem(), "full chain", outdated())),
        },
    };
    match part {
        Ok((text, what, caveat)) => Ok(PemPart {
            text,
            what: format!("{what} of {name}"),
            caveat: caveat.map(|words| sanitise(&words).into_owned()),
        }),
        Err(words) => Err((Tone::Warn, words)),
    }
}
