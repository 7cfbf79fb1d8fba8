//! A text alone on the plain screen, to be selected with the mouse where no clipboard can be reached.
//!
//! Run inside [`Console::hand_off`](super::console::Console::hand_off). The text is printed on the ordinary
//! screen, not on the alternate one, so that what is longer than the window can be scrolled to.

use std::io;

use tokio::sync::mpsc::unbounded_channel;

use super::ending;
use super::input::Input;
use super::input::decode;
use super::terminal::{self, Raw};

/// Prints `text` and returns after a key. The terminal must have been given away.
///
/// Control characters other than line ends and tabs are left out: the text may come from afar.
pub async fn show(text: &str) -> io::Result<()> {
    terminal::write_all(rustix::stdio::stdout(), page(text).as_bytes())?;
    let _raw = Raw::enter()?;
    key().await
}

/// What is printed.
fn page(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect();
    format!(
        "\n{}\n\nPress any key to return to certdeck.\n",
        text.trim_end()
    )
}

/// Waits for a key, or for the end of the terminal or of the program.
async fn key() -> io::Result<()> {
    let (tx, mut rx) = unbounded_channel();
    let _input = Input::start(tx, |arrived| arrived)?;
    let is_key = |input: &decode::Input| matches!(input, decode::Input::Key(_));
    loop {
        tokio::select! {
            arrived = rx.recv() => match arrived {
                Some(arrived) if !arrived.inputs.iter().any(is_key) => {}
                _ => return Ok(()),
            },
            () = ending::wait() => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_text_and_how_to_go_on() {
        let page = page("-----BEGIN\r\n\x1b[2Jabc\r\n-----END\r\n");
        assert_eq!(
            page,
            "\n-----BEGIN\n[2Jabc\n-----END\n\nPress any key to return to certdeck.\n"
        );
    }
}
