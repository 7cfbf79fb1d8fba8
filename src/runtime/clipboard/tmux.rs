//! tmux: into its buffer, read back, and asked whether it hands the text on to the terminal.
//!
//! By default tmux drops OSC 52 that a program sends (`set-clipboard external` means tmux itself alone), but
//! `load-buffer -w` is tmux itself.

use super::tool::read;
use super::{ClipboardError, CopyReport, grouped};

/// Stores `text` and says how far it got.
pub(super) async fn copy(text: &str) -> Result<CopyReport, ClipboardError> {
    let handed_on = store(text).await?;
    // The newest buffer is asked for, so another copy at the same moment is noticed.
    if read("tmux", &["save-buffer", "-"], None).await? != text.as_bytes() {
        return Err(ClipboardError::Different {
            what: "tmux's buffer".to_owned(),
        });
    }
    let obstacle = if handed_on {
        obstacle(
            ask(&["show-options", "-sv", "set-clipboard"])
                .await
                .as_deref(),
            ask(&["display-message", "-p", "#{client_termfeatures}"])
                .await
                .as_deref(),
        )
    } else {
        Some("This tmux is too old to hand it on to your terminal (3.2 is the first that does).")
    };
    let stored = format!("Stored in tmux's buffer ({} bytes)", grouped(text.len()));
    Ok(CopyReport {
        words: match obstacle {
            None => format!("{stored}, which tmux sent to your terminal"),
            Some(_) => format!("{stored}; paste it with prefix ]"),
        },
        verified: true,
        bytes: text.len(),
        warnings: obstacle.map(str::to_owned).into_iter().collect(),
    })
}

/// Fills a buffer; true if tmux was also told to hand it on.
async fn store(text: &str) -> Result<bool, ClipboardError> {
    match read("tmux", &["load-buffer", "-w", "-"], Some(text)).await {
        Ok(_) => Ok(true),
        Err(ClipboardError::Failed { reason, .. })
            if reason.contains("flag") || reason.contains("usage") =>
        {
            read("tmux", &["load-buffer", "-"], Some(text))
                .await
                .map(|_| false)
        }
        Err(error) => Err(error),
    }
}

/// tmux's answer, trimmed; `None` if it has none.
async fn ask(arguments: &[&str]) -> Option<String> {
    let answer = read("tmux", arguments, None).await.ok()?;
    Some(String::from_utf8_lossy(&answer).trim().to_owned())
}

/// Why the text stays in tmux's buffer; `None` if tmux says that it goes on.
fn obstacle(set_clipboard: Option<&str>, features: Option<&str>) -> Option<&'static str> {
    match (set_clipboard, features) {
        (Some("off"), _) => Some(
            "tmux does not hand it on to your terminal's clipboard: its set-clipboard is off (set -s set-clipboard external).",
        ),
        (_, Some(features))
            if !features
                .split(',')
                .any(|feature| feature.trim() == "clipboard") =>
        {
            Some(
                "tmux believes that your terminal has no clipboard (set -as terminal-features ',*:clipboard' if it has).",
            )
        }
        (None, _) | (_, None) => Some("tmux did not say whether it hands it on to your terminal."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tmux_answers_decides_what_is_told() {
        assert_eq!(
            obstacle(Some("external"), Some("256,clipboard,title")),
            None
        );
        assert_eq!(obstacle(Some("on"), Some("clipboard")), None);
        let told = |set, features| obstacle(set, features).unwrap_or_default();
        assert!(told(Some("off"), Some("clipboard")).contains("set-clipboard is off"));
        assert!(told(Some("external"), Some("256,title")).contains("no clipboard"));
        assert!(told(None, Some("clipboard")).contains("did not say"));
    }
}
