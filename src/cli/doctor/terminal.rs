//! What the terminal is, and what stands between it and us.

use std::io::IsTerminal;

use super::{Report, State};
use crate::app::look::{Colours, Ground, Look};
use crate::config::{Env, Theme};
use crate::domain::text::counted;
use crate::runtime::look::look;

/// Tells of the terminal; that there is none is no fault of a doctor's call.
pub(super) fn report(report: &mut Report, env: &Env, theme: Theme) {
    for (state, text) in lines(env, theme, std::io::stdout().is_terminal(), size()) {
        report.line(state, &text);
    }
}

/// The report's lines, from what was found.
fn lines(
    env: &Env,
    theme: Theme,
    is_terminal: bool,
    size: Option<(u16, u16)>,
) -> Vec<(State, String)> {
    let mut lines = Vec::new();
    let term = env.text("TERM");
    match (is_terminal, term.as_deref()) {
        (false, _) => lines.push((
            State::Note,
            "the output of this command is not a terminal; certdeck needs one".to_owned(),
        )),
        (true, None | Some("dumb")) => lines.push((
            State::Bad,
            "TERM is not set, or `dumb`: certdeck starts only with --force-terminal".to_owned(),
        )),
        (true, Some(term)) => lines.push((State::Ok, format!("TERM is {term}"))),
    }
    if let Some((columns, rows)) = size {
        lines.push(size_line(columns, rows));
    }
    lines.push((State::Note, colours(look(env, theme))));
    for (variables, what) in [
        (&["TMUX"][..], "inside tmux"),
        (&["STY"][..], "inside GNU screen"),
        (&["SSH_CONNECTION", "SSH_TTY"][..], "over SSH"),
    ] {
        if variables.iter().any(|name| env.get(name).is_some()) {
            lines.push((State::Note, what.to_owned()));
        }
    }
    lines
}

fn size_line(columns: u16, rows: u16) -> (State, String) {
    let size = format!(
        "{}, {}",
        counted(columns.into(), "column", "columns"),
        counted(rows.into(), "row", "rows")
    );
    if (columns, rows) == (0, 0) {
        (
            State::Note,
            "the terminal does not report its size; using COLUMNS and LINES, or 80x24".to_owned(),
        )
    } else if columns < 80 || rows < 24 {
        (
            State::Note,
            format!("{size}: less than 80x24, so certdeck shows less at once"),
        )
    } else if columns < 120 {
        (
            State::Ok,
            format!("{size}; from 120 columns on, certdeck shows list and details side by side"),
        )
    } else {
        (State::Ok, size)
    }
}

fn colours(look: Look) -> String {
    let colours = match look.colours {
        Colours::None => return "no colors: set by NO_COLOR or `theme`".to_owned(),
        Colours::Sixteen => "16 colors",
        Colours::Fixed => "256 colors",
        Colours::True => "true color",
    };
    let ground = match look.ground {
        Ground::Unknown => {
            "for any background until the terminal reports its own, which certdeck requests"
        }
        Ground::Dark => "for a dark background",
        Ground::Light => "for a light background",
    };
    format!("{colours}, {ground}")
}

/// Columns and rows of the terminal, by whichever of our streams is one.
#[cfg(unix)]
fn size() -> Option<(u16, u16)> {
    let ask = |answer: rustix::io::Result<rustix::termios::Winsize>| {
        answer.ok().map(|size| (size.ws_col, size.ws_row))
    };
    ask(rustix::termios::tcgetwinsize(std::io::stdout()))
        .or_else(|| ask(rustix::termios::tcgetwinsize(std::io::stderr())))
        .or_else(|| ask(rustix::termios::tcgetwinsize(std::io::stdin())))
}

#[cfg(not(unix))]
fn size() -> Option<(u16, u16)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(env: &Env, is_terminal: bool, size: Option<(u16, u16)>) -> String {
        lines(env, Theme::Auto, is_terminal, size)
            .into_iter()
            .map(|(state, text)| format!("{state:?} {text}"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_usual_place_is_told_as_it_is() {
        let env = Env::fixed([
            ("TERM", "tmux-256color"),
            ("COLORFGBG", "15;0"),
            ("TMUX", "/tmp/tmux,1,0"),
            ("SSH_TTY", "/dev/pts/1"),
        ]);
        assert_eq!(
            told(&env, true, Some((132, 50))),
            "Ok TERM is tmux-256color\nOk 132 columns, 50 rows\nNote 256 colors, for a dark background\nNote inside \
                tmux\nNote over SSH"
        );
    }

    #[test]
    fn a_dumb_terminal_is_bad_and_none_at_all_is_not() {
        assert!(told(&Env::fixed([("TERM", "dumb")]), true, None).starts_with("Bad TERM"));
        let none = told(&Env::fixed([("NO_COLOR", "1")]), false, None);
        assert!(!none.contains("Bad"), "{none}");
        assert!(none.contains("NO_COLOR"), "{none}");
        assert!(told(&Env::fixed([]), false, Some((0, 0))).contains("does not report its size"));
    }
}
