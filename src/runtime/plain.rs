//! A text alone on the plain screen, to be selected with the mouse where no clipboard can be reached.
//!
//! Run inside [`Console::hand_off`](super::console::Console::hand_off). The text is printed on the ordinary
//! screen, not on the alternate one, so that what is longer than the window can be scrolled to.

use std::io;

use crossterm::event::{Event, EventStream, KeyEventKind};
use futures::StreamExt as _;

use super::terminal;

/// Prints `text` and returns after a key. The terminal must have been given away.
///
/// Control characters other than line ends and tabs are left out: the text may come from afar.
pub async fn show(text: &str) -> io::Result<()> {
    terminal::write_all(rustix::stdio::stdout(), page(text).as_bytes())?;
    crossterm::terminal::enable_raw_mode()?;
    let waited = key().await;
    crossterm::terminal::disable_raw_mode()?;
    waited
}

/// What is printed.
fn page(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect();
    format!(
        "\n{}\n\nPress any key to go back to certdeck.\n",
        text.trim_end()
    )
}

/// Waits for a key.
async fn key() -> io::Result<()> {
    let mut events = EventStream::new();
    while let Some(event) = events.next().await {
        if matches!(event?, Event::Key(key) if key.kind == KeyEventKind::Press) {
            return Ok(());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_text_and_how_to_go_on() {
        let page = page("-----BEGIN\r\n\x1b[2Jabc\r\n-----END\r\n");
        assert_eq!(
            page,
            "\n-----BEGIN\n[2Jabc\n-----END\n\nPress any key to go back to certdeck.\n"
        );
    }
}
