//! A key from the operator's hands: typed without echo, or piped.

use std::io::{IsTerminal, Read, Write};

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{KeyStoreError, MAX_KEY, take_key};

/// Reads a key from standard input: without echo and after `prompt` if that is a terminal, to its end if not.
///
/// # Errors
/// [`KeyStoreError::NotAKey`], [`KeyStoreError::Cancelled`] (Ctrl-C, Ctrl-D, Esc), or why it cannot be read.
pub fn read_key(prompt: &str) -> Result<SecretString, KeyStoreError> {
    let stdin = std::io::stdin();
    let bytes = if stdin.is_terminal() {
        unseen(prompt)?
    } else {
        let mut bytes = Vec::with_capacity(MAX_KEY * 2);
        stdin.take(MAX_KEY as u64 * 2).read_to_end(&mut bytes)?;
        bytes
    };
    take_key(bytes).map_err(KeyStoreError::NotAKey)
}

/// Reads which of several is meant from the terminal, after `prompt`. Without echo: a key is pasted at whatever asks.
///
/// # Errors
/// [`KeyStoreError::Cancelled`] (Ctrl-C, Ctrl-D, Esc), or why it cannot be read.
pub fn read_choice(prompt: &str) -> Result<Zeroizing<String>, KeyStoreError> {
    let line = Zeroizing::new(unseen(prompt)?);
    Ok(Zeroizing::new(
        String::from_utf8_lossy(&line).trim().to_owned(),
    ))
}

/// A line of the terminal, which is not shown.
fn unseen(prompt: &str) -> Result<Vec<u8>, KeyStoreError> {
    let mut screen = std::io::stderr();
    let line = {
        // Before the prompt: what is typed at it must find the echo off.
        let _hidden = Hidden::new()?;
        write!(screen, "{prompt}")?;
        screen.flush()?;
        edit_line(std::io::stdin().lock().bytes())
    };
    writeln!(screen)?;
    line
}

/// The line a person types, as a terminal would give it; the terminal does not, since its signals would end the
/// program with the echo still off.
fn edit_line(input: impl Iterator<Item = std::io::Result<u8>>) -> Result<Vec<u8>, KeyStoreError> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_KEY * 2));
    for byte in input {
        match byte? {
            b'\r' | b'\n' => return Ok(line.to_vec()),
            0x03 | 0x04 | 0x1b => return Err(KeyStoreError::Cancelled),
            0x08 | 0x7f => {
                line.pop();
            }
            0x15 => line.clear(),
            byte if line.len() <= MAX_KEY => line.push(byte),
            _ => {}
        }
    }
    Err(KeyStoreError::Cancelled)
}

/// The terminal without echo, lines or signals, until dropped or until a signal ends the program.
#[cfg(unix)]
struct Hidden {
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Hidden {
    fn new() -> std::io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut hidden = before.clone();
        hidden
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        restore_on_signals(before.clone())?;
        tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
        Ok(Self { before })
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        restore(&self.before);
    }
}

#[cfg(unix)]
fn restore(before: &rustix::termios::Termios) {
    use rustix::termios::{OptionalActions, tcsetattr};
    // A terminal that is gone needs no restoring.
    let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, before);
}

/// Has a thread give the terminal back and end the program when it is asked to end: the default would leave the
/// operator's shell without echo.
#[cfg(unix)]
fn restore_on_signals(before: rustix::termios::Termios) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let (mut term, mut hang_up) = {
        let _inside = runtime.enter();
        (
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        )
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let number = runtime.block_on(async {
                tokio::select! {
                    _ = term.recv() => SignalKind::terminate(),
                    _ = hang_up.recv() => SignalKind::hangup(),
                }
            });
            restore(&before);
            std::process::exit(128 + number.as_raw_value());
        })?;
    Ok(())
}

#[cfg(not(unix))]
struct Hidden;

#[cfg(not(unix))]
impl Hidden {
    fn new() -> std::io::Result<Self> {
        Err(std::io::Error::other(
            "cannot hide typed input here; pipe the key in",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn typed(keys: &str) -> Result<Vec<u8>, KeyStoreError> {
        edit_line(keys.bytes().map(Ok))
    }

    #[rstest]
    #[case("ABC\r", "ABC")]
    #[case("ABX\u{7f}C\nrest", "ABC")]
    #[case("wrong\u{15}ABC\r", "ABC")]
    #[case("\u{8}\r", "")]
    fn a_line_is_edited(#[case] keys: &str, #[case] line: &str) {
        assert_eq!(typed(keys).unwrap(), line.as_bytes());
    }

    #[rstest]
    #[case("AB\u{3}")]
    #[case("\u{4}")]
    #[case("AB")]
    fn leaving_is_not_a_key(#[case] keys: &str) {
        assert!(matches!(typed(keys), Err(KeyStoreError::Cancelled)));
    }
}
