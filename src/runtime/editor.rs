//! A text in the operator's own editor, and back.
//!
//! Run inside [`Console::hand_off`](super::console::Console::hand_off), which gives the terminal away and takes
//! it back. The text travels in a file of mode 0600 that is gone afterwards.

use std::io::{Read as _, Write as _};

use thiserror::Error;
use tokio::process::Command;

use super::child::child;
use crate::config::Env;

/// Most bytes that are read back.
const LARGEST: u64 = 1024 * 1024;

/// Why the text did not come back.
#[derive(Debug, Error)]
pub enum EditorError {
    /// No editor is named.
    #[error("No editor is named: set VISUAL or EDITOR, for example EDITOR=vi.")]
    None,
    /// The variable cannot be read as a command.
    #[error("`{0}` in VISUAL or EDITOR has a quote that is not closed.")]
    Quote(String),
    /// It could not be started.
    #[error(
        "The editor `{program}` could not be started: {reason}. Set VISUAL or EDITOR to one that is installed."
    )]
    NotStarted {
        /// What was started.
        program: String,
        /// The system's words.
        reason: String,
    },
    /// It ended with a failure, which editors use to say that the change is not wanted.
    #[error("The editor `{program}` ended with {status}, so the text is left as it was.")]
    Failed {
        /// What was run.
        program: String,
        /// Exit code or signal.
        status: String,
    },
    /// The file between could not be written or read.
    #[error("The file for the editor could not be used: {0}. The text is left as it was.")]
    File(#[from] std::io::Error),
    /// What came back is no text.
    #[error(
        "What the editor left is not UTF-8 text, or is over 1 MiB, so the text is left as it was."
    )]
    NotText,
}

/// Opens `text` in the editor that `env` names, in a file whose name ends in `suffix` (`.pem`), and returns
/// what it was saved as. The terminal must have been given away.
pub async fn edit(env: &Env, text: &str, suffix: &str) -> Result<String, EditorError> {
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
    let status = Command::from(child(program))
        .args(arguments)
        .arg(file.path())
        .status()
        .await
        .map_err(|error| EditorError::NotStarted {
            program: program.clone(),
            reason: error.to_string(),
        })?;
    if !status.success() {
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
