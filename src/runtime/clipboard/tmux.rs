//! tmux: into its buffer, read back, and asked what it does with the text then.
//!
//! By default tmux drops OSC 52 that a program sends (`set-clipboard external` means tmux itself alone), but
//! `load-buffer -w` is tmux itself. What is verified is the buffer, and what tmux says of itself; what the terminal does
//! with what tmux sends, nobody knows. A terminal that is another tmux drops it, for the same reason.

use super::tool::read;
use super::{ClipboardError, CopyReport};
use crate::domain::text::bytes;

/// Stores `text` and says how far it got.
pub(super) async fn copy(text: &str) -> Result<CopyReport, ClipboardError> {
    // `-w` does not heed the option: whoever set it off is not sent the text all the same.
    let is_off = set_clipboard().await.as_deref() == Some("off");
    let handed_on = store(text, !is_off).await?;
    // The newest buffer is asked for, so another copy at the same moment is noticed.
    if read("tmux", &["save-buffer", "-"], None).await? != text.as_bytes() {
        return Err(ClipboardError::Different {
            what: "tmux's buffer".to_owned(),
        });
    }
    let goes_on = if handed_on || is_off {
        outlook().await
    } else {
        Err("This tmux is too old to pass it on to your terminal (needs 3.2 or newer).")
    };
    let stored = format!("Stored in tmux's buffer ({})", bytes(text.len()));
    let (words, warning) = match goes_on {
        Ok(()) => (
            format!("{stored} and sent to your terminal by tmux"),
            "Whether your terminal accepted it cannot be known; prefix ] pastes it in tmux.",
        ),
        Err(why) => (format!("{stored}; paste it with prefix ]"), why),
    };
    Ok(CopyReport {
        words,
        verified: true,
        bytes: text.len(),
        warnings: vec![warning.to_owned()],
    })
}

/// Whether this tmux sends what is stored in its buffer on to the terminal, or why the text stays there.
pub async fn outlook() -> Result<(), &'static str> {
    let set_clipboard = set_clipboard().await;
    let client = ask(&[
        "display-message",
        "-p",
        "#{client_termname} #{client_termfeatures}",
    ])
    .await;
    match obstacle(set_clipboard.as_deref(), client.as_deref()) {
        None => Ok(()),
        Some(why) => Err(why),
    }
}

async fn set_clipboard() -> Option<String> {
    ask(&["show-options", "-sv", "set-clipboard"]).await
}

/// Fills a buffer; true if tmux was also told to hand it on, where that is wanted.
async fn store(text: &str, hand_on: bool) -> Result<bool, ClipboardError> {
    if !hand_on {
        let filled = read("tmux", &["load-buffer", "-"], Some(text)).await;
        return filled.map(|_| false);
    }
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

/// Why the text stays in tmux's buffer; `None` if tmux says that it goes on, and to a terminal. `client` is the name of
/// the terminal that tmux is shown in, and what tmux takes it to be able to.
fn obstacle(set_clipboard: Option<&str>, client: Option<&str>) -> Option<&'static str> {
    let (Some(set_clipboard), Some(client)) = (set_clipboard, client) else {
        return Some("tmux did not report whether it passes it on to your terminal.");
    };
    let (name, features) = client.split_once(' ').unwrap_or((client, ""));
    let mut features = features.split(',');
    if set_clipboard == "off" {
        Some(
            "tmux does not pass it on to your terminal's clipboard: its set-clipboard is off (set -s set-clipboard \
                external).",
        )
    } else if name.is_empty() {
        Some("No terminal is attached to this tmux to pass it on to.")
    } else if name.starts_with("tmux") {
        Some(
            "This tmux is shown in another tmux, which passes it on to your terminal only with: set -s set-clipboard on",
        )
    } else if name.starts_with("screen") {
        Some(
            "This tmux is shown in another tmux or in GNU screen. tmux passes it on to your terminal only with: set -s set-clipboard on. screen does not.",
        )
    } else if !features.any(|feature| feature.trim() == "clipboard") {
        Some(
            "tmux believes that your terminal has no clipboard (if it has one: set -as terminal-features \
                ',*:clipboard').",
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tmux_answers_decides_what_is_told() {
        let xterm = Some("xterm-256color 256,clipboard,title");
        assert_eq!(obstacle(Some("external"), xterm), None);
        assert_eq!(obstacle(Some("on"), xterm), None);
        for (set_clipboard, client, told) in [
            (Some("off"), xterm, "set-clipboard is off"),
            (Some("external"), Some("xterm 256,title"), "no clipboard"),
            (Some("external"), Some("xterm"), "no clipboard"),
            (Some("external"), Some(""), "No terminal is attached"),
            (None, xterm, "did not report"),
            (Some("on"), None, "did not report"),
            (
                Some("external"),
                Some("tmux-256color clipboard"),
                "in another tmux",
            ),
            (
                Some("on"),
                Some("screen-256color clipboard"),
                "tmux or in GNU screen",
            ),
            (
                Some("on"),
                Some("screen.xterm-256color clipboard"),
                "tmux or in GNU screen",
            ),
        ] {
            let found = obstacle(set_clipboard, client).unwrap_or_default();
            assert!(found.contains(told), "{client:?}: {found}");
        }
    }
}
