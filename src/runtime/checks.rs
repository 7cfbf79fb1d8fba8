//! Whether this is a place to draw on, told in words before anything is drawn.

use std::io::IsTerminal as _;

use thiserror::Error;

/// The exit code of a program that was started in a way it cannot work.
pub const EXIT: u8 = 2;

/// Why the desk does not start here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoTerminal {
    /// Output goes to a pipe or a file.
    #[error(
        "certdeck draws on a terminal, and its output is not one. Start it without a pipe or a redirect; over SSH use `ssh -t`."
    )]
    OutputIsNotATerminal,
    /// `TERM` is unset or `dumb`.
    #[error(
        "TERM is {0}, so this terminal may not support a full screen. If it does, set TERM (for example \
            TERM=xterm-256color) or start with --force-terminal."
    )]
    Dumb(String),
    /// There is no terminal to read keys from.
    #[error(
        "certdeck found no terminal to read keys from: standard input is not one, and /dev/tty cannot be opened ({0})."
    )]
    NoKeyboard(String),
}

/// Files, sockets and pipes that certdeck may need at once.
const OPEN_FILES: u64 = 64;

/// The system lets this process open too few files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "certdeck needs up to {OPEN_FILES} open files, sockets, and pipes, but only {0} are allowed here. Allow more, \
        for example with `ulimit -n 256`."
)]
pub struct FewFiles(u64);

/// Makes room for enough open files, as far as the system's own limit lets us. Without them libraries would panic.
pub fn open_files() -> Result<(), FewFiles> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= OPEN_FILES);
    let raised = Rlimit {
        current: limit
            .maximum
            .map_or(Some(OPEN_FILES), |most| Some(most.min(OPEN_FILES))),
        maximum: limit.maximum,
    };
    if enough(limit.current)
        || (enough(limit.maximum) && setrlimit(Resource::Nofile, raised).is_ok())
    {
        return Ok(());
    }
    Err(FewFiles(limit.current.unwrap_or_default()))
}

/// Looks at this process: [`NoTerminal`] says why the desk cannot start. `force` passes over `TERM`.
pub fn terminal(force: bool) -> Result<(), NoTerminal> {
    let input = if std::io::stdin().is_terminal() {
        Ok(())
    } else {
        std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .map(drop)
            .map_err(|error| error.to_string())
    };
    judge(
        std::io::stdout().is_terminal(),
        input,
        std::env::var("TERM").ok().as_deref(),
        force,
    )
}

/// [`terminal`] without its surroundings.
fn judge(
    output_is_terminal: bool,
    input: Result<(), String>,
    term: Option<&str>,
    force: bool,
) -> Result<(), NoTerminal> {
    if !output_is_terminal {
        return Err(NoTerminal::OutputIsNotATerminal);
    }
    input.map_err(NoTerminal::NoKeyboard)?;
    match term {
        None | Some("") if !force => Err(NoTerminal::Dumb("not set".into())),
        Some("dumb") if !force => Err(NoTerminal::Dumb("dumb".into())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_it_does_not_start() {
        assert_eq!(
            judge(false, Ok(()), Some("xterm"), true),
            Err(NoTerminal::OutputIsNotATerminal)
        );
        assert_eq!(
            judge(true, Ok(()), None, false),
            Err(NoTerminal::Dumb("not set".into()))
        );
        assert_eq!(
            judge(true, Ok(()), Some("dumb"), false),
            Err(NoTerminal::Dumb("dumb".into()))
        );
        assert_eq!(judge(true, Ok(()), Some("dumb"), true), Ok(()));
        assert_eq!(judge(true, Ok(()), Some("xterm-256color"), false), Ok(()));
        assert!(matches!(
            judge(true, Err("No such device".into()), Some("xterm"), false),
            Err(NoTerminal::NoKeyboard(_))
        ));
    }
}
