//! Where the files of a certificate go, and the command that runs for it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::args::Follow;
use crate::cli::error::CliError;
use crate::cli::send::changes::Row;
use crate::cli::session::Session;
use crate::config::AfterIssue;
use crate::domain::chain::{Chain, Expect};
use crate::domain::file_pattern::{FileSet, Named, Pattern};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{Install, InstallEnd, InstallExit, InstallRecord, InstallState};
use crate::runtime::files::home;
use crate::runtime::{install, new_files, options};

/// What is done with a certificate once it is verified.
pub(in crate::cli) struct After {
    pattern: Option<Pattern>,
    latest: bool,
    /// The command that was given for this run.
    own: Option<options::WithWindow>,
    /// That of the settings.
    settings: Option<options::WithWindow>,
}

/// What was done with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::cli) struct Written {
    /// The file of the full chain, or why there is none.
    pub(in crate::cli) full_chain: Option<Result<String, String>>,
    /// What became of the command, where there is one.
    pub(in crate::cli) ran: Option<Ran>,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) enum Ran {
    Ended(InstallExit),
    /// It runs later, or elsewhere.
    Waits(String),
    /// It does not run by itself, for this reason.
    Not(String),
}

impl Ran {
    /// In a few words.
    pub(in crate::cli) fn words(&self) -> String {
        match self {
            Self::Ended(exit) => exit.words(),
            Self::Waits(why) | Self::Not(why) => why.clone(),
        }
    }
}

impl Written {
    /// Whether anything of it failed.
    pub(in crate::cli) fn failed(&self) -> bool {
        let ran = match &self.ran {
            None | Some(Ran::Waits(_) | Ran::Ended(InstallExit::Code(0))) => false,
            Some(Ran::Ended(_) | Ran::Not(_)) => true,
        };
        ran || matches!(self.full_chain, Some(Err(_)))
    }

    /// Whether the command is still to run.
    pub(in crate::cli) fn waits(&self) -> bool {
        matches!(self.ran, Some(Ran::Waits(_)))
    }
}

impl After {
    /// What `--out` and `--exec` say, and the settings where they do not.
    pub(in crate::cli) fn new(asked: &Follow, session: &Session<'_>) -> Result<Self, CliError> {
        let pattern = asked.out.as_deref().map(|out| {
            if out.trim().is_empty() {
                return Err(CliError::Usage("--out is empty".to_owned()));
            }
            let out = home(out);
            let text = if out.contains('{') {
                out.clone()
            } else {
                format!(
                    "{}/{{name}}/{{date}}/{{part}}.pem",
                    out.trim_end_matches('/')
                )
            };
            Pattern::parse(&text, asked.latest)
                .map_err(|error| CliError::Usage(format!("--out: {error}")))
        });
        let own = asked.exec.clone().map(own_command);
        Ok(Self {
            pattern: pattern.transpose()?,
            latest: asked.latest,
            own,
            settings: session.after_issue(),
        })
    }

    /// Whether the files go where an order's number says.
    pub(in crate::cli) fn names_orders(&self) -> bool {
        self.pattern.as_ref().is_some_and(Pattern::names_orders)
    }

    /// Where the files of a certificate go; `again` where files of this day are there already.
    pub(in crate::cli) fn files(&self, name: &str, order: OrderId, again: bool) -> Option<FileSet> {
        let named = Named {
            name,
            order,
            at: TimeZone::UTC.to_datetime(Timestamp::now()),
            again,
        };
        Some(self.pattern.as_ref()?.files(named, self.latest))
    }

    /// The same where nothing is yet: of this day, or with the time.
    pub(in crate::cli) fn free_files(&self, name: &str, order: OrderId) -> Option<FileSet> {
        let files = self.files(name, order, false)?;
        if is_free(&files) {
            return Some(files);
        }
        self.files(name, order, true)
    }

    /// Runs the command of the settings for what waits for it, where its window is open. How many it failed for.
    pub(in crate::cli) fn run_waiting(&self, session: &Session<'_>) -> Result<usize, CliError> {
        let Some((command, window)) = self.settings.as_ref().filter(|_| self.own.is_none()) else {
            return Ok(0);
        };
        let local = TimeZone::system().to_datetime(Timestamp::now());
        if window.as_ref().is_some_and(|window| !window.is_open(local)) {
            return Ok(0);
        }
        let all = session.script.ask(|store| store.installs(usize::MAX));
        let mut failed = 0;
        for one in all.transpose()?.unwrap_or_default().into_iter().rev() {
            if one.state == InstallState::Waiting && !one.dismissed {
                let name = one.install.name();
                let ran = run(session, one.install, command, true);
                failed += usize::from(ran != Ran::Ended(InstallExit::Code(0)));
                crate::cli::print::err(&format!("{name}: {}", ran.words()));
            }
        }
        Ok(failed)
    }

    /// Writes the files of a verified certificate, and runs the command for it once, if there is one and its window is
    /// open: the one that was to run for it, else that of this run or of the settings.
    pub(in crate::cli) fn run(
        &self,
        session: &Session<'_>,
        (order, certificate): (OrderId, CertificateId),
        pem: &str,
        row: &Row,
    ) -> Written {
        let files = row.files.as_ref();
        let mut written = Written::default();
        let chain = match Chain::from_pem(pem, Expect::default()) {
            Ok(chain) => chain,
            Err(error) => {
                written.full_chain = Some(Err(error.to_string()));
                return written;
            }
        };
        if let Some(files) = files {
            let result = new_files::write_certificate(&chain, files);
            let failed = result.is_err();
            written.full_chain = Some(result);
            if failed {
                return written;
            }
        }
        let asked = row.exec.clone().map(own_command);
        let own = self.own.as_ref().filter(|_| !row.is_others);
        let Some((command, window)) = asked.as_ref().or(own).or(self.settings.as_ref()) else {
            return written;
        };
        let now = Timestamp::now();
        let own = || {
            let folder = session.issued_folder()?;
            Install::in_own_folder(order, certificate, &chain, &folder, now)
        };
        let install = match files {
            Some(files) => Some(Install::new(order, certificate, &chain, files)),
            None => own(),
        };
        let Some(mut install) = install else {
            return written;
        };
        install::make_absolute(&mut install, |path| std::path::PathBuf::from(path));
        let is_open = window
            .as_ref()
            .is_none_or(|window| window.is_open(TimeZone::system().to_datetime(now)));
        written.ran = Some(run(session, install, command, is_open));
        written
    }
}

/// The same files wherever they are named from.
pub(in crate::cli) fn absolute(files: &FileSet) -> FileSet {
    let absolute = |path: &String| {
        let there = std::path::absolute(path);
        there.map_or_else(|_| path.clone(), |path| path.display().to_string())
    };
    let latest = files.latest.as_ref();
    FileSet {
        certificate: absolute(&files.certificate),
        chain: absolute(&files.chain),
        full_chain: absolute(&files.full_chain),
        key: absolute(&files.key),
        latest: latest.map(|(link, to)| (absolute(link), to.clone())),
    }
}

/// A command that was given for a run, or for a certificate.
fn own_command(command: Vec<String>) -> options::WithWindow {
    let command = AfterIssue {
        command,
        window: None,
        time_limit: AfterIssue::TIME_LIMIT,
        line: 0,
    };
    (command, None)
}

/// Whether none of the files is there.
fn is_free(files: &FileSet) -> bool {
    let FileSet {
        certificate,
        chain,
        full_chain,
        key,
        latest: _,
    } = files;
    let all = [certificate, chain, full_chain, key];
    all.iter().all(|file| {
        std::path::Path::new(file.as_str())
            .symlink_metadata()
            .is_err()
    })
}

/// Runs the command for a certificate, unless it ran before or its window is closed: then it waits in the store.
fn run(session: &Session<'_>, install: Install, command: &AfterIssue, is_open: bool) -> Ran {
    let key = (install.order, install.certificate);
    let started = session.script.ask(move |store| {
        let waits = store.plan_install(&install, false, Timestamp::now())?;
        if !(waits && is_open) {
            return Ok(None);
        }
        store.start_install(key.0, key.1, Timestamp::now())
    });
    let (install, key_file) = match started {
        Some(Ok(Some(started))) => started,
        Some(Ok(None)) => return stands(session, key),
        Some(Err(error)) => return Ran::Not(format!("not run: {error}")),
        None => return Ran::Not("not run: nothing can be stored".to_owned()),
    };
    let end = install::run(command, &install, key_file.as_deref());
    let exit = end.exit.clone();
    finish(session, key, end);
    Ran::Ended(exit)
}

/// How it stands with a certificate that the command was not run for just now.
fn stands(session: &Session<'_>, key: (OrderId, CertificateId)) -> Ran {
    let all = session.script.ask(|store| store.installs(usize::MAX));
    let all = all.and_then(Result::ok).unwrap_or_default();
    let of_this = |one: &&InstallRecord| (one.install.order, one.install.certificate) == key;
    match all.iter().find(of_this) {
        Some(one) if one.dismissed => Ran::Not("not run: it was dismissed".to_owned()),
        Some(one) => match &one.state {
            InstallState::Waiting => Ran::Waits("the command waits for its window".to_owned()),
            InstallState::Running => Ran::Waits("the command is running".to_owned()),
            InstallState::Ended(end) => Ran::Ended(end.exit.clone()),
            InstallState::Lost => Ran::Not(one.words()),
        },
        None => Ran::Not("not run".to_owned()),
    }
}

/// Keeps how a command ended.
fn finish(session: &Session<'_>, (order, certificate): (OrderId, CertificateId), end: InstallEnd) {
    let kept = session
        .script
        .ask(move |store| store.finish_install(order, certificate, &end, Timestamp::now()));
    let why = match kept {
        Some(Ok(())) => return,
        Some(Err(error)) => error.to_string(),
        None => "nothing can be stored".to_owned(),
    };
    crate::cli::print::err(&format!(
        "certdeck: how the command ended is not stored: {why}"
    ));
}
