//! A text in the operator's own editor, and back.
//!
//! Run inside [`Console::hand_off`](super::console::Console::hand_off), which gives the terminal away and takes
//! it back. The text travels in a file of mode 0600 that is gone afterwards, however the program ends.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use rustix::process::Signal;
use thiserror::Error;
use tokio::process::Command;

use super::child::{self, Working, child};
use super::ending;
use crate::config::Env;

/// Most bytes that are read back.
const LARGEST: u64 = 1024 * 1024;

/// How long an editor has to end by itself when the program ends.
const POLITE: Duration = Duration::from_millis(300);

/// Why the text did not come back.
#[derive(Debug, Error)]
pub enum EditorError {
    /// No editor is named.
    #[error("No editor is set. Set VISUAL or EDITOR, for example EDITOR=vi.")]
    None,
    /// The variable cannot be read as a command.
    #[error("`{0}` in VISUAL or EDITOR has an unclosed quote.")]
    Quote(String),
    /// It could not be started.
    #[error(
        "Could not start the editor `{program}`: {reason}. Set VISUAL or EDITOR to one that is installed."
    )]
    NotStarted { program: String, reason: String },
    /// It ended with a failure, which editors use to say that the change is not wanted.
    #[error("The editor `{program}` exited with {status}, so the text is unchanged.")]
    Failed {
        program: String,
        /// Exit code or signal.
        status: String,
    },
    /// The file between could not be written or read.
    #[error("Could not use the file for the editor: {0}. The text is unchanged.")]
    File(#[from] std::io::Error),
    /// What came back is no text.
    #[error("What the editor left is not UTF-8 text, or is over 1 MiB, so the text is unchanged.")]
    NotText,
}

/// Opens `text` in the editor that `env` names, in a file whose name ends in `suffix` (`.pem`), and returns
/// what it was saved as. The terminal must have been given away. If the program's end begins meanwhile, the editor is ended,
/// and what it had saved counts.
pub async fn edit(env: &Env, text: &str, suffix: &str) -> Result<String, EditorError> {
    edit_until(env, text, suffix, ending::wait()).await
}

async fn edit_until(
    env: &Env,
    text: &str,
    suffix: &str,
    end: impl Future<Output = ()>,
) -> Result<String, EditorError> {
    let command = env
        .text("VISUAL")
        .or_else(|| env.text("EDITOR"))
        .ok_or(EditorError::None)?;
    let words = split(&command).ok_or_else(|| EditorError::Quote(command.clone()))?;
    let (program, arguments) = words.split_first().ok_or(EditorError::None)?;

    let mut file = tempfile::Builder::new()
        .prefix("certdeck-")
        .suffix(suffix)
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let mut command = child(program);
    let working = Working::mark(&mut command, Some(file.path()));
    command.args(arguments).arg(file.path());
    let not_started = |error: std::io::Error| EditorError::NotStarted {
        program: program.clone(),
        reason: error.to_string(),
    };
    let mut running = Command::from(command).spawn().map_err(not_started)?;
    let status = tokio::select! {
        status = running.wait() => Some(status.map_err(not_started)?),
        () = end => None,
    };
    if status.is_none() {
        if let Some(pid) = running.id() {
            child::signal(pid, Signal::TERM);
        }
        let ended = tokio::time::timeout(POLITE, running.wait()).await;
        working.end();
        if ended.is_err() {
            // Ended now, so it is not waited for long.
            let _ = tokio::time::timeout(POLITE, running.wait()).await;
        }
    }
    if let Some(status) = status.filter(|status| !status.success()) {
        return Err(EditorError::Failed {
            program: program.clone(),
            status: status.to_string(),
        });
    }
    // By name: many editors write another file and rename it.
    let mut bytes = Vec::new();
    std::fs::File::open(file.path())?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(EditorError::NotText);
    }
    String::from_utf8(bytes).map_err(|_| EditorError::NotText)
}

/// Splits at blanks outside quotes, as shells do; `None` if a quote stays open. No shell runs, so nothing
/// in the variable is carried out.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(command: &str) -> Env {
        Env::fixed([("EDITOR", command)])
    }

    #[tokio::test]
    async fn what_was_saved_comes_back() {
        let env = editor("sh -c 'printf \"%s\" more >> \"$1\"' editor");
        assert_eq!(
            edit(&env, "text and ", ".pem").await.unwrap(),
            "text and more"
        );
    }

    #[tokio::test]
    async fn an_editor_that_replaces_the_file_is_read_too() {
        let env = editor("sh -c 'printf new > \"$1.x\"; mv \"$1.x\" \"$1\"' editor");
        assert_eq!(edit(&env, "old", ".pem").await.unwrap(), "new");
    }

    #[tokio::test]
    async fn the_file_is_for_its_owner_alone() {
        let env = editor(
            "sh -c 'stat -c %a \"$1\" > \"$1.m\"; cat \"$1.m\" > \"$1\"; rm \"$1.m\"' editor",
        );
        assert_eq!(edit(&env, "", ".pem").await.unwrap().trim(), "600");
    }

    /// One that ends when it is asked to, and one that does not; each has started another program.
    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn an_editor_is_ended_with_the_program_and_what_it_saved_counts() {
        for trap in ["", "trap '' TERM; "] {
            let folder = tempfile::tempdir().unwrap();
            let note = folder.path().join("note");
            let note = note.display();
            let env = editor(&format!(
                "sh -c \"{trap}printf saved > $1; sleep 600 & echo $! $$ $1 > {note}.x; mv {note}.x {note}; wait; wait\" editor"
            ));
            let saved = async {
                while !folder.path().join("note").exists() {
                    tokio::task::yield_now().await;
                }
            };
            let text = edit_until(&env, "as it was", ".pem", saved).await.unwrap();
            assert_eq!(text, "saved");
            let note = std::fs::read_to_string(folder.path().join("note")).unwrap();
            let (pids, file) = note.trim().rsplit_once(' ').unwrap();
            assert!(!std::path::Path::new(file).exists());
            for pid in pids.split(' ') {
                let about = format!("/proc/{pid}/stat");
                // An orphan is init's to reap.
                while std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z ")) {
                    std::thread::yield_now();
                }
            }
        }
    }

    #[tokio::test]
    async fn failures_are_told() {
        assert!(matches!(
            edit(&Env::fixed([]), "x", "").await,
            Err(EditorError::None)
        ));
        assert!(matches!(
            edit(&editor("false"), "x", "").await,
            Err(EditorError::Failed { .. })
        ));
        assert!(matches!(
            edit(&editor("certdeck-no-editor"), "x", "").await,
            Err(EditorError::NotStarted { .. })
        ));
        assert!(matches!(
            edit(&editor("vi 'x"), "x", "").await,
            Err(EditorError::Quote(_))
        ));
        let binary = editor("sh -c 'printf \"\\377\" > \"$1\"' editor");
        assert!(matches!(
            edit(&binary, "x", "").await,
            Err(EditorError::NotText)
        ));
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        assert_eq!(split("code --wait").unwrap(), ["code", "--wait"]);
        assert_eq!(
            split(" '/opt/my editor/e' -x\"a b\" '' ").unwrap(),
            ["/opt/my editor/e", "-xa b", ""]
        );
    }
}
