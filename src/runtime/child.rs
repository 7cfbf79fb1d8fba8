//! Every program started from here is started through [`child`], so that none inherits the API key.
//!
//! One that works for us while the operator waits (an editor, a `key_command`) may ask on the terminal, so it stays in our
//! process group. A mark in its environment finds it and what it started: when its time is over, and when ours is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::config::KEY_VARIABLE;

/// The variable that marks what was started here.
const MARK: &str = "CERTDECK_CHILD";

/// A command without the API key in its environment. For tokio: `tokio::process::Command::from(child(…))`.
pub fn child(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(KEY_VARIABLE);
    command
}

/// Programs that work for us, and the files between us and them: gone when we are.
static WORKING: Mutex<Vec<Left>> = Mutex::new(Vec::new());

#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    mark: String,
    file: Option<PathBuf>,
}

/// A program that works for us, until dropped: then its file is gone. If the process ends before, so do they.
#[derive(Debug)]
pub(super) struct Working(Left);

impl Working {
    /// Marks what `command` will start. The file between is removed with it.
    pub(super) fn mark(command: &mut Command, file: Option<&Path>) -> Self {
        let left = Left {
            mark: format!("{:016x}", rand::random::<u64>()),
            file: file.map(Path::to_owned),
        };
        command.env(MARK, &left.mark);
        let mut working = WORKING.lock().unwrap_or_else(PoisonError::into_inner);
        working.push(left.clone());
        Self(left)
    }

    /// Ends what bears the mark: the program, if it is there still, and what it started, unless that made itself a daemon,
    /// as `gpg-agent` does.
    pub(super) fn end(&self) {
        self.0.end_programs();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.remove_file();
        let mut working = WORKING.lock().unwrap_or_else(PoisonError::into_inner);
        working.retain(|left| *left != self.0);
    }
}

/// Ends all that works for us; what every way out does last.
pub(super) fn end_all() {
    // A thread that panicked while it held the list does not keep it.
    if let Ok(working) = WORKING.try_lock() {
        for left in &*working {
            left.end_programs();
            left.remove_file();
        }
    }
}

impl Left {
    fn remove_file(&self) {
        if let Some(file) = &self.file {
            // It may be gone already.
            let _ = std::fs::remove_file(file);
        }
    }

    /// Ends what bears the mark and is in this process group.
    #[cfg(target_os = "linux")]
    fn end_programs(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        // Again while there is something: it may have started more meanwhile.
        for _ in 0..10 {
            let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
            let found: Vec<Pid> = processes
                .filter(|entry| self.is_of(&entry.path()))
                .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
                .filter_map(Pid::from_raw)
                .collect();
            if found.is_empty() {
                return;
            }
            for pid in found {
                if let Err(error) = kill_process(pid, Signal::KILL) {
                    tracing::debug!(%error, "what a program started could not be ended");
                }
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn end_programs(&self) {}

    /// Whether the process of this folder of /proc is in our process group and bears the mark.
    #[cfg(target_os = "linux")]
    fn is_of(&self, process: &Path) -> bool {
        use crate::files;
        // Its name, which may hold anything, stands in brackets; behind it state, parent and group (proc_pid_stat(5)).
        let about = files::read_text(&process.join("stat"), files::LARGEST).unwrap_or_default();
        let group = about
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(2));
        if group != Some(&*rustix::process::getpgrp().as_raw_nonzero().to_string()) {
            return false;
        }
        let variable = format!("{MARK}={}", self.mark);
        // As large as Linux lets it be.
        let environment = files::read(&process.join("environ"), 8 * files::LARGEST);
        environment.is_ok_and(|environment| {
            let mut variables = environment.split(|byte| *byte == 0);
            variables.any(|given| given == variable.as_bytes())
        })
    }
}

/// Sends a signal to a program that was started here and has not been waited for: the number is still its own.
#[cfg(unix)]
pub(super) fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = i32::try_from(pid).ok();
    if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw)
        && let Err(error) = rustix::process::kill_process(pid, signal)
    {
        tracing::debug!(%error, "a program could not be ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_taken_out_of_the_environment() {
        let command = child("env");
        let removed: Vec<_> = command.get_envs().collect();
        assert_eq!(removed, [(OsStr::new("CERTDECK_API_KEY"), None)]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_works_for_us_is_gone_with_its_file_and_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let (note, file) = (folder.path().join("pids"), folder.path().join("file"));
        std::fs::write(&file, "text").unwrap();
        let script = format!(
            "sleep 600 & echo $! > {0}.x; mv {0}.x {0}; wait",
            note.display()
        );
        let mut command = child("sh");
        command.args(["-c", &script]);
        let working = Working::mark(&mut command, Some(&file));
        let mut running = command.spawn().unwrap();
        while !note.exists() {
            std::thread::yield_now();
        }
        working.end();
        drop(working);
        assert!(!file.exists());
        assert!(!running.wait().unwrap().success());
        let pid = std::fs::read_to_string(note).unwrap();
        let about = format!("/proc/{}/stat", pid.trim());
        // An orphan is init's to reap.
        while std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z ")) {
            std::thread::yield_now();
        }
        assert!(
            WORKING
                .lock()
                .unwrap()
                .iter()
                .all(|left| left.file.as_deref() != Some(&file))
        );
    }
}
