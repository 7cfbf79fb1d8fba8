//! Which way a certificate takes to the clipboard from here, and why.

use super::{Report, State};
use crate::config::{Env, Settings};
use crate::runtime::clipboard::plan::on_path;
use crate::runtime::clipboard::{self, Plan, Way};

/// Tells of the way chosen.
pub(super) fn report(report: &mut Report, settings: &Settings, env: &Env) {
    let plan = clipboard::plan(
        settings.clipboard,
        settings.copy_command.as_deref(),
        env,
        &|program| on_path(env, program),
    );
    for (state, text) in lines(&plan) {
        report.line(state, &text);
    }
    if let Way::Command(argv) = &plan.way
        && let Some(program) = argv.first()
        && !on_path(env, program)
    {
        report.line(
            State::Bad,
            &format!("the program `{program}` is not on the search path; correct copy_command"),
        );
    }
    if plan.way == Way::Tmux {
        let (state, text) = beyond_tmux(tmux());
        report.line(state, &text);
    }
}

/// What tmux says of what it does with its buffer; nothing where it could not be asked.
fn tmux() -> Option<Result<(), &'static str>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    Some(runtime.block_on(clipboard::outlook()))
}

fn beyond_tmux(outlook: Option<Result<(), &'static str>>) -> (State, String) {
    let text = match outlook {
        Some(Ok(())) => {
            "tmux passes it on to your terminal; whether your terminal accepts it cannot be known from here"
        }
        Some(Err(why)) => why,
        None => "tmux did not report what it does with it then",
    };
    (State::Note, text.to_owned())
}

fn lines(plan: &Plan) -> Vec<(State, String)> {
    let state = match plan.way {
        Way::Off => State::Note,
        _ => State::Ok,
    };
    let mut lines = vec![(state, format!("{}: {}", words(&plan.way), plan.why))];
    if let Some(hint) = &plan.hint {
        lines.push((State::Note, hint.clone()));
    }
    if matches!(plan.way, Way::Osc52 | Way::Screen) {
        lines.push((
            State::Note,
            "whether your terminal accepts it cannot be known from here; use `w` to write a file instead"
                .to_owned(),
        ));
    }
    lines
}

fn words(way: &Way) -> String {
    match way {
        Way::Tmux => "into tmux's buffer (load-buffer -w), read back".to_owned(),
        Way::Screen => "to your terminal through GNU screen (OSC 52 in pieces)".to_owned(),
        Way::Osc52 => "to your terminal (OSC 52)".to_owned(),
        Way::Tool(tool) => format!("by {}", tool.program()),
        Way::Native => "this machine's clipboard, while certdeck runs".to_owned(),
        Way::Command(argv) => format!(
            "by your own `{}`",
            argv.first().map_or("copy_command", String::as_str)
        ),
        Way::Off => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_cannot_be_verified_says_so() {
        let plan = |way| Plan {
            way,
            why: "because".to_owned(),
            hint: Some("a hint".to_owned()),
        };
        let told = |way| {
            lines(&plan(way))
                .into_iter()
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert!(told(Way::Osc52).contains("cannot be known"));
        assert_eq!(
            told(Way::Tmux),
            "into tmux's buffer (load-buffer -w), read back: because\na hint"
        );
        assert!(beyond_tmux(Some(Ok(()))).1.contains("cannot be known"));
        assert!(beyond_tmux(Some(Err("dropped"))).1.contains("dropped"));
        assert!(told(Way::Command(vec!["my-copy".into()])).contains("`my-copy`"));
    }
}
