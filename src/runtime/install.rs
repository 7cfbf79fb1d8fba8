//! Runs the operator's command for a certificate: in a clean environment, with a time limit, its output in a file that has no
//! name. If certdeck ends before it, it goes on; who looks later finds that nobody knows what came of it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::mpsc::UnboundedSender;

use super::child::child;
use super::effects::{Event, not_kept, say};
use super::new_files;
use super::storing::Storing;
use crate::app::msg::{FileProblem, Msg};
use crate::config::AfterIssue;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{Install, InstallEnd, InstallExit};
use crate::domain::secret;
use crate::domain::text::sanitise;
use crate::store::{Store, StoreError};

/// Bytes of its output that are kept: the last ones.
const KEPT: u64 = 8 * 1024;

/// How long a command that is to end may take for it.
const GRACE: Duration = Duration::from_secs(5);

/// What of our own environment a command gets.
const PASSED: [&str; 8] = [
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR",
];

/// Where programs are looked for when our own environment does not say.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Hands certificates to the command, as the store knows them.
#[derive(Debug)]
pub(super) struct Installing {
    storing: Storing,
    tx: UnboundedSender<Event>,
    /// The command of this profile.
    pub(super) command: Option<AfterIssue>,
}

impl Installing {
    pub(super) fn new(storing: Storing, tx: UnboundedSender<Event>) -> Self {
        Self {
            storing,
            tx,
            command: None,
        }
    }

    /// Does something with the store, and tells how all of them stand then.
    fn change(&self, work: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static) {
        let tx = self.tx.clone();
        self.storing.go(move |store| {
            if let Err(error) = work(store) {
                not_kept(&tx, "What the command after issue is to do", &error);
            }
            tell(store, &tx);
        });
    }

    /// Tells how all of them stand.
    pub(super) fn load(&self) {
        self.change(|_| Ok(()));
    }

    /// Keeps that the command is to run for a certificate; its files stand where `target` puts them.
    pub(super) fn plan(&self, mut install: Install, again: bool, target: impl Fn(&str) -> PathBuf) {
        make_absolute(&mut install, target);
        self.change(move |store| {
            // A command that asked for it says where its files go, and what runs then.
            if !again && store.has_output(&install.job.spki_der)? {
                return Ok(());
            }
            let planned = store.plan_install(&install, again, Timestamp::now());
            planned.map(|_| ())
        });
    }

    pub(super) fn dismiss(&self, order: OrderId, certificate: CertificateId) {
        self.change(move |store| store.dismiss_install(order, certificate));
    }

    /// Runs the command for a certificate that waits, unless another certdeck does.
    pub(super) fn run(&self, order: OrderId, certificate: CertificateId) {
        let (tx, storing) = (self.tx.clone(), self.storing.clone());
        let Some(command) = self.command.clone() else {
            return;
        };
        tokio::spawn(async move {
            let started =
                storing.ask(move |store| store.start_install(order, certificate, Timestamp::now()));
            let started = match started.await {
                Some(Ok(started)) => started,
                Some(Err(error)) => {
                    not_kept(&tx, "That the command after issue runs", &error);
                    None
                }
                None => None,
            };
            let end = match started {
                Some((install, key)) => {
                    let told = tx.clone();
                    storing.go(move |store| tell(store, &told));
                    let ran = move || run(&command, &install, key.as_deref());
                    tokio::task::spawn_blocking(ran).await.ok()
                }
                None => None,
            };
            let kept = end.clone();
            let told = tx.clone();
            storing.go(move |store| {
                if let Some(end) = kept
                    && let Err(error) =
                        store.finish_install(order, certificate, &end, Timestamp::now())
                {
                    not_kept(&told, "How the command after issue ended", &error);
                }
                say(
                    &told,
                    Msg::InstallEnded {
                        order,
                        certificate,
                        end,
                    },
                );
                tell(store, &told);
            });
        });
    }
}

/// Puts the files of a certificate where `target` says, whatever folder the command is in.
pub fn make_absolute(install: &mut Install, target: impl Fn(&str) -> PathBuf) {
    let job = &mut install.job;
    let files = [&mut job.certificate, &mut job.full_chain];
    for file in files.into_iter().chain(&mut job.chain) {
        let path = target(&file.path);
        let path = std::path::absolute(&path).unwrap_or(path);
        file.path = path.display().to_string();
    }
}

/// Certificates that are told of.
const MOST: usize = 1000;

fn tell(store: &Store, tx: &UnboundedSender<Event>) {
    match store.installs(MOST) {
        Ok(all) => say(tx, Msg::Installs(all)),
        Err(error) => say(tx, Msg::Notice(error.to_string())),
    }
}

/// Writes the files that are not there yet, and runs the command. Blocks until it ended.
pub fn run(command: &AfterIssue, install: &Install, key: Option<&str>) -> InstallEnd {
    let not_started = |why: String| InstallEnd {
        exit: InstallExit::NotStarted(why),
        output: String::new(),
    };
    let key = key.map(Path::new);
    let files: Vec<(PathBuf, String)> = install
        .job
        .files()
        .into_iter()
        .map(|(path, text)| (PathBuf::from(path), text))
        .collect();
    let beside = key.map(|key| (key.to_owned(), install.job.spki_der.clone()));
    match new_files::write(&files, true, None, beside.as_ref()) {
        (_, Ok(())) => {}
        (path, Err(FileProblem::Exists)) => {
            return not_started(format!("{path} holds something else"));
        }
        (_, Err(FileProblem::Failed(failure))) => return not_started(failure.to_string()),
    }
    let missing = key.filter(|key| !key.exists());
    let mut end = match start(command, &environment(install, key)) {
        Ok(end) => end,
        Err(why) => return not_started(why),
    };
    if let Some(key) = missing {
        let gone = format!(
            "certdeck: the private key is no longer in {}; CERTDECK_KEY was not set\n",
            key.display()
        );
        end.output.insert_str(0, &gone);
    }
    end
}

/// What the command is told, and nothing else of ours: neither the API key nor what certdeck was started with.
fn environment(install: &Install, key: Option<&Path>) -> Vec<(&'static str, OsString)> {
    let job = &install.job;
    let mut all: Vec<(&'static str, OsString)> = PASSED
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
        .collect();
    if !all.iter().any(|(name, _)| *name == "PATH") {
        all.push(("PATH", PATH.into()));
    }
    all.extend([
        ("CERTDECK_ORDER", install.order.to_string().into()),
        ("CERTDECK_NAMES", job.names.join(" ").into()),
        ("CERTDECK_SERIAL", job.serial.clone().into()),
        ("CERTDECK_CERT", job.certificate.path.clone().into()),
        ("CERTDECK_FULLCHAIN", job.full_chain.path.clone().into()),
    ]);
    all.extend(
        job.chain
            .iter()
            .map(|chain| ("CERTDECK_CHAIN", chain.path.clone().into())),
    );
    let key = key.filter(|key| key.exists());
    all.extend(key.map(|key| ("CERTDECK_KEY", key.as_os_str().to_owned())));
    all
}

fn start(command: &AfterIssue, environment: &[(&str, OsString)]) -> Result<InstallEnd, String> {
    let (program, arguments) = command.command.split_first().ok_or("there is no command")?;
    let output =
        tempfile::tempfile().map_err(|error| format!("no file for its output: {error}"))?;
    let other = |file: &File| file.try_clone().map_err(|error| error.to_string());
    let mut running = child(program);
    let mut running = running
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(other(&output)?)
        .stderr(other(&output)?)
        // What it starts is ended with it, and no Ctrl-C of ours reaches it.
        .process_group(0)
        .spawn()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    let group = i32::try_from(running.id()).ok().and_then(Pid::from_raw);
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody listens any more when it had to be ended and did not.
        let _ = tell.send(running.wait());
    });
    let limit = Duration::from_secs(command.time_limit);
    let exit = match told.recv_timeout(limit) {
        Ok(Ok(status)) => exit(status),
        Ok(Err(error)) => return Err(format!("it could not be waited for: {error}")),
        Err(_) => {
            let signal = |signal| {
                // It may have ended just now.
                let _ = group.map(|group| kill_process_group(group, signal));
            };
            signal(Signal::TERM);
            let ended = told.recv_timeout(GRACE).is_ok();
            // What it started may not have listened.
            signal(Signal::KILL);
            if !ended {
                let _ = told.recv_timeout(GRACE);
            }
            InstallExit::TimedOut(command.time_limit)
        }
    };
    Ok(InstallEnd {
        exit,
        output: printed(output),
    })
}

fn exit(status: ExitStatus) -> InstallExit {
    match (status.code(), status.signal()) {
        (Some(code), _) => InstallExit::Code(code),
        (None, signal) => InstallExit::Signal(signal.unwrap_or_default()),
    }
}

/// The end of what was printed, line by line safe to show.
fn printed(mut output: File) -> String {
    let length = output.metadata().map_or(0, |about| about.len());
    let from = length.saturating_sub(KEPT);
    let mut bytes = Vec::new();
    let read = output
        .seek(SeekFrom::Start(from))
        .and_then(|_| output.take(KEPT).read_to_end(&mut bytes));
    if let Err(error) = read {
        return format!("certdeck: what it printed could not be read: {error}\n");
    }
    let text = String::from_utf8_lossy(&bytes);
    if let Some(kind) = secret::contains_private_key(&text) {
        return format!("certdeck: what it printed contains {kind}, and is not kept\n");
    }
    // The first line is cut where there is more than is kept.
    let text = match text.split_once('\n') {
        Some((_, rest)) if from > 0 => rest,
        _ => &text,
    };
    text.lines()
        .map(|line| sanitise(line).into_owned() + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::install::{InstallJob, PemFile};

    fn install(folder: &Path) -> Install {
        let file = |part: &str| PemFile {
            path: folder.join(format!("{part}.pem")).display().to_string(),
            text: format!("{part}\n"),
        };
        Install {
            order: OrderId(7),
            certificate: CertificateId(8),
            job: InstallJob {
                names: vec!["shop.example.net".into(), "*.example.net".into()],
                serial: "0A".into(),
                certificate: file("cert"),
                chain: Some(file("chain")),
                full_chain: file("fullchain"),
                spki_der: vec![1],
            },
        }
    }

    fn shell(script: &str, time_limit: u64) -> AfterIssue {
        AfterIssue {
            command: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
            window: None,
            time_limit,
            line: 1,
        }
    }

    #[test]
    fn the_command_finds_the_files_and_nothing_else_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("privkey.pem");
        std::fs::write(&key, "a key that nobody can read here").unwrap();
        let script = "cat \"$CERTDECK_CERT\" \"$CERTDECK_CHAIN\" \"$CERTDECK_FULLCHAIN\"; test -r \"$CERTDECK_KEY\" && \
            echo \"$CERTDECK_ORDER:$CERTDECK_NAMES:$CERTDECK_SERIAL\"; env | cut -d= -f1 | grep -v ^CERTDECK | sort; \
            echo problem >&2; exit 3";
        let end = run(
            &shell(script, 60),
            &install(folder.path()),
            Some(key.to_str().unwrap()),
        );
        assert_eq!(end.exit, InstallExit::Code(3));
        let mut lines = end.output.lines();
        assert_eq!(
            lines.by_ref().take(4).collect::<Vec<_>>(),
            [
                "cert",
                "chain",
                "fullchain",
                "7:shop.example.net *.example.net:0A"
            ]
        );
        let rest: Vec<&str> = lines.collect();
        // A shell adds its own.
        let own = ["PWD", "OLDPWD", "SHLVL", "_", "problem"];
        let is_known = |name: &&&str| PASSED.contains(*name) || own.contains(*name);
        assert_eq!(rest.iter().filter(is_known).count(), rest.len(), "{rest:?}");
        assert!(rest.contains(&"problem"));
    }

    #[test]
    fn a_file_that_holds_something_else_keeps_the_command_from_running() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), "theirs").unwrap();
        let end = run(&shell("echo ran", 60), &install(folder.path()), None);
        let InstallExit::NotStarted(why) = &end.exit else {
            panic!("{end:?}");
        };
        assert!(why.contains("cert.pem"), "{why}");
        let program = AfterIssue {
            command: vec!["/nonexistent/install-cert".into()],
            ..shell("", 60)
        };
        let other = tempfile::tempdir().unwrap();
        let end = run(&program, &install(other.path()), None);
        assert!(matches!(end.exit, InstallExit::NotStarted(_)), "{end:?}");
    }

    #[test]
    fn one_that_does_not_end_is_ended_with_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let script = "trap '' TERM; sleep 600 & echo $!; trap 'exit 0' TERM; wait";
        let end = run(&shell(script, 1), &install(folder.path()), None);
        assert_eq!(end.exit, InstallExit::TimedOut(1));
    }

    #[test]
    fn what_is_printed_is_kept_to_its_end_and_cannot_act_on_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let script = "i=0; while [ $i -lt 2000 ]; do echo \"line $i\"; i=$((i+1)); done; printf '\\033]0;x\\007last'";
        let end = run(&shell(script, 60), &install(folder.path()), None);
        assert!(end.output.len() <= KEPT as usize + 64);
        assert!(end.output.ends_with("last\n"), "{}", end.output);
        assert!(!end.output.contains('\u{1b}'));
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let end = run(
            &AfterIssue {
                command: vec!["/bin/echo".into(), key],
                ..shell("", 60)
            },
            &install(folder.path()),
            None,
        );
        assert!(end.output.contains("is not kept"), "{}", end.output);
    }
}
