//! Text to the operator's clipboard, and honest words on how far it got.
//!
//! [`plan`](plan::plan) chooses the way from where certdeck runs; [`copy`] takes it. What a terminal does with
//! OSC 52 cannot be known, so that way says "sent", never "copied". Certificates only: a private key never
//! goes to a clipboard, whatever it is asked as.

mod native;
mod osc52;
pub mod plan;
mod tmux;
mod tool;

use std::path::PathBuf;

use thiserror::Error;

pub use plan::{Plan, Tool, Way, plan};
pub use tmux::outlook;

use crate::domain::copyable::{self, Uncopyable};
use crate::domain::secret;
use crate::domain::text;

/// Above this many bytes a terminal that answers nothing may cut the text; mosh cuts at 12,284.
pub const WARN_ABOVE: usize = 12_000;
/// Above this many encoded bytes widespread terminals drop an OSC 52 sequence.
pub const MOST_ENCODED: usize = 74_994;

/// What became of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// One line for the operator.
    pub words: String,
    /// True if the text was read back and is the same.
    pub verified: bool,
    /// Bytes of the text.
    pub bytes: usize,
    /// What the operator should know besides.
    pub warnings: Vec<String>,
}

/// A copy that was made, or that is made by sending bytes to the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    pub report: CopyReport,
    /// Bytes that the loop sends between two frames, in one write, through the screen's own writer; anywhere
    /// else they could land inside a frame.
    pub terminal_bytes: Option<Vec<u8>>,
}

/// Why nothing was copied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClipboardError {
    /// The text holds a private key.
    #[error(
        "This text contains a private key, which certdeck never puts on a clipboard. Take it from its file."
    )]
    PrivateKey,
    /// The text could act where it is pasted.
    #[error("Nothing was copied: {0}.")]
    Acts(#[from] Uncopyable),
    /// The text is larger than terminals take.
    #[error(
        "{} more than most terminals accept ({MOST_ENCODED} encoded, this is {encoded}), so nothing was sent. Copy \
            only one certificate, write a file (w), or show only the PEM to select it with the mouse.",
        text::counted(*bytes, "byte is", "bytes are")
    )]
    TooLarge {
        /// Bytes of the text.
        bytes: usize,
        encoded: usize,
    },
    /// The settings say so.
    #[error(
        "The clipboard is turned off (clipboard = \"off\" in the settings). Write a file instead (w)."
    )]
    Off,
    /// A program could not be started.
    #[error("Could not start {}: {reason}. Write a file instead (w), or choose another method with `clipboard` in \
        the settings.", program.display())]
    NotStarted { program: PathBuf, reason: String },
    /// A program said no.
    #[error("{} did not accept the text: {reason}. Write a file instead (w), or choose another method with \
        `clipboard` in the settings.", program.display())]
    Failed {
        program: PathBuf,
        /// Its words, or its exit code.
        reason: String,
    },
    /// A program or a display server did not answer.
    #[error(
        "{what} did not respond within {seconds} s, so whether it accepted the text is unknown. Write a file instead \
            (w), or set clipboard = \"osc52\"."
    )]
    NoAnswer { what: String, seconds: u64 },
    /// What was read back is another text.
    #[error(
        "{what} contains different text: another program may have copied at the same moment. Copy again."
    )]
    Different { what: String },
    /// The display server's clipboard said no.
    #[error(
        "Could not use this machine's clipboard: {reason}. Write a file instead (w), or set clipboard = \"osc52\"."
    )]
    Native { reason: String },
}

/// Copies `text` the way of `plan`. `force` passes over the size limit.
///
/// Ends within a few seconds, whatever the other programs do. Needs a tokio runtime.
pub async fn copy(plan: &Plan, text: &str, force: bool) -> Result<Copied, ClipboardError> {
    if secret::contains_private_key(text).is_some() {
        return Err(ClipboardError::PrivateKey);
    }
    copyable::any(text)?;
    let mut copied = match &plan.way {
        Way::Off => return Err(ClipboardError::Off),
        Way::Osc52 | Way::Screen => through_terminal(&plan.way, text, force)?,
        Way::Tmux => told(tmux::copy(text).await?),
        Way::Tool(tool) => told(tool::copy(*tool, text).await?),
        Way::Command(argv) => told(tool::command(argv, text).await?),
        Way::Native => told(native::copy(text).await?),
    };
    copied.report.warnings.extend(plan.hint.clone());
    Ok(copied)
}

fn told(report: CopyReport) -> Copied {
    Copied {
        report,
        terminal_bytes: None,
    }
}

/// The ways that end in the terminal and of which nobody can know more.
fn through_terminal(way: &Way, text: &str, force: bool) -> Result<Copied, ClipboardError> {
    let bytes = text.len();
    let encoded = osc52::encoded_len(bytes);
    if encoded > MOST_ENCODED && !force {
        return Err(ClipboardError::TooLarge { bytes, encoded });
    }
    let mut warnings = Vec::new();
    if bytes > WARN_ABOVE {
        warnings.push(format!(
            "Some terminals truncate above {} (mosh does). Check the end of what you paste.",
            text::bytes(WARN_ABOVE)
        ));
    }
    let terminal_bytes = match way {
        Way::Screen => osc52::for_screen(text),
        _ => osc52::plain(text),
    };
    Ok(Copied {
        report: CopyReport {
            words: format!("Sent {} to your terminal", text::bytes(bytes)),
            verified: false,
            bytes,
            warnings,
        },
        terminal_bytes: Some(terminal_bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(way: Way) -> Plan {
        Plan {
            way,
            why: String::new(),
            hint: None,
        }
    }

    #[tokio::test]
    async fn what_the_terminal_does_is_never_called_copied() {
        let copied = copy(&way(Way::Osc52), &"x".repeat(6214), false)
            .await
            .unwrap();
        assert_eq!(copied.report.words, "Sent 6,214 bytes to your terminal");
        assert!(!copied.report.verified);
        assert!(copied.report.warnings.is_empty());
        assert!(copied.terminal_bytes.unwrap().starts_with(b"\x1b]52;c;"));
    }

    #[tokio::test]
    async fn large_texts_are_warned_of_and_larger_ones_refused_unless_forced() {
        let at = |n| "x".repeat(n);
        let copied = copy(&way(Way::Osc52), &at(12_001), false).await.unwrap();
        assert_eq!(copied.report.warnings.len(), 1);
        assert!(copy(&way(Way::Osc52), &at(56_244), false).await.is_ok());
        assert_eq!(
            copy(&way(Way::Screen), &at(56_247), false).await,
            Err(ClipboardError::TooLarge {
                bytes: 56_247,
                encoded: 74_996
            })
        );
        assert!(copy(&way(Way::Osc52), &at(56_247), true).await.is_ok());
    }

    #[tokio::test]
    async fn a_private_key_is_refused_on_every_way() {
        let key = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";
        for any in [
            Way::Osc52,
            Way::Screen,
            Way::Tmux,
            Way::Native,
            Way::Command(vec!["cat".into()]),
        ] {
            assert_eq!(
                copy(&way(any), key, true).await,
                Err(ClipboardError::PrivateKey)
            );
        }
    }

    #[tokio::test]
    async fn what_could_act_where_it_is_pasted_is_refused_on_every_way() {
        for text in ["0A\u{1b}[201~rm", "two\nlines", "a\u{202e}b"] {
            for any in [Way::Osc52, Way::Screen, Way::Tmux, Way::Native, Way::Off] {
                let refused = copy(&way(any), text, true).await;
                assert!(matches!(refused, Err(ClipboardError::Acts(_))), "{text:?}");
            }
        }
    }

    #[tokio::test]
    async fn off_says_where_that_comes_from() {
        let error = copy(&way(Way::Off), "pem", false).await.unwrap_err();
        assert!(error.to_string().contains("clipboard = \"off\""));
    }
}
