//! Which way to the clipboard, and why: decided from where certdeck runs, once, before anything is copied.
//!
//! | where certdeck runs | method | what to know |
//! | --- | --- | --- |
//! | in tmux | the buffer of tmux, read back | certdeck asks tmux whether it passes the text to your terminal, and says so; a tmux inside another needs `set -s set-clipboard on` in the outer one |
//! | in GNU screen | OSC 52 in pieces that screen passes on | whether the terminal accepts it cannot be known |
//! | over SSH | OSC 52 | the same; a tmux on your own machine needs `set -s set-clipboard on`; some terminals ask for permission, or have it turned off |
//! | over mosh | OSC 52 | mosh cuts above 12,284 bytes without a word; certdeck warns above 12,000 |
//! | on a desktop | `wl-copy`, `xclip`, or `xsel` where installed, else X11 directly | Wayland without `wl-copy` needs Xwayland, or falls back to OSC 52 |
//! | with `copy_command` | your own program | it reads the text from its standard input |

use crate::config::{ClipboardChoice, Env};

/// A program that sets the clipboard of this machine and goes on holding it after we end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    WlCopy,
    /// X11.
    Xclip,
    /// X11.
    Xsel,
}

impl Tool {
    /// The program's name.
    pub const fn program(self) -> &'static str {
        match self {
            Self::WlCopy => "wl-copy",
            Self::Xclip => "xclip",
            Self::Xsel => "xsel",
        }
    }
}

/// A way to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// `tmux load-buffer -w -`: tmux drops OSC 52 from programs by default.
    Tmux,
    /// OSC 52 in pieces that GNU screen hands on.
    Screen,
    /// OSC 52 straight to the terminal.
    Osc52,
    /// A program of this machine.
    Tool(Tool),
    /// This machine's clipboard, held by certdeck itself.
    Native,
    /// The operator's own program: argv, given the text on standard input.
    Command(Vec<String>),
    Off,
}

/// The way chosen, with the reason that `doctor` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub way: Way,
    pub why: String,
    /// What may still stand in the way, told with every copy.
    pub hint: Option<String>,
}

/// Chooses the way. `has` says whether a program is on the search path.
pub fn plan(
    choice: ClipboardChoice,
    copy_command: Option<&[String]>,
    env: &Env,
    has: &dyn Fn(&str) -> bool,
) -> Plan {
    let plan = way(choice, copy_command, env, has);
    Plan {
        hint: hint(&plan.way, env).map(str::to_owned),
        ..plan
    }
}

/// Who between here and the terminal is known to drop what goes this way.
fn hint(way: &Way, env: &Env) -> Option<&'static str> {
    let term = env.text("TERM").unwrap_or_default();
    let in_tmux = env.get("TMUX").is_some();
    match way {
        Way::Osc52 if in_tmux => Some("tmux drops this unless it has: set -s set-clipboard on"),
        Way::Osc52 if term.starts_with("tmux") => {
            Some("The tmux on your own machine drops this unless it has: set -s set-clipboard on")
        }
        Way::Screen if env.get("STY").is_none() => Some(
            "If this is tmux calling itself screen, tmux drops it; there, set -g default-terminal tmux-256color and \
                set -s set-clipboard on.",
        ),
        _ => None,
    }
}

fn way(
    choice: ClipboardChoice,
    copy_command: Option<&[String]>,
    env: &Env,
    has: &dyn Fn(&str) -> bool,
) -> Plan {
    let plan = |way, why: &str| Plan {
        way,
        why: why.to_owned(),
        hint: None,
    };
    match (choice, copy_command) {
        (ClipboardChoice::Off, _) => plan(Way::Off, "turned off in the settings"),
        (ClipboardChoice::Auto | ClipboardChoice::Command, Some(argv)) if !argv.is_empty() => plan(
            Way::Command(argv.to_vec()),
            "set by copy_command in the settings",
        ),
        (ClipboardChoice::Tmux, _) => plan(Way::Tmux, "set to tmux in the settings"),
        (ClipboardChoice::Osc52, _) if in_screen(env) => plan(
            Way::Screen,
            "set to osc52 in the settings, and GNU screen is in between",
        ),
        (ClipboardChoice::Osc52, _) => plan(Way::Osc52, "set to osc52 in the settings"),
        (ClipboardChoice::Native, _) => plan(
            local(env, has).unwrap_or(Way::Native),
            "set to native in the settings",
        ),
        (ClipboardChoice::Auto | ClipboardChoice::Command, _) => automatic(env, has),
    }
}

/// The first way that applies.
fn automatic(env: &Env, has: &dyn Fn(&str) -> bool) -> Plan {
    let set = |name: &str| env.get(name).is_some();
    let plan = |way, why: &str| Plan {
        way,
        why: why.to_owned(),
        hint: None,
    };
    if set("TMUX") {
        return plan(Way::Tmux, "TMUX is set");
    }
    if in_screen(env) {
        return plan(
            Way::Screen,
            "GNU screen is in between (STY, or TERM=screen)",
        );
    }
    if set("SSH_CONNECTION") || set("SSH_TTY") {
        return plan(Way::Osc52, "this is an SSH session");
    }
    match local(env, has) {
        Some(Way::Tool(tool)) => plan(
            Way::Tool(tool),
            &format!(
                "this is a local session, and {} is installed",
                tool.program()
            ),
        ),
        Some(way) => plan(way, "this is a local session"),
        None => plan(Way::Osc52, "nothing else is available"),
    }
}

/// Whether GNU screen is between us and the terminal.
pub(in crate::runtime) fn in_screen(env: &Env) -> bool {
    let term = env.text("TERM").unwrap_or_default();
    // tmux calls itself screen too where its own entry is missing, and is told by its variable.
    env.get("STY").is_some() || (term.starts_with("screen") && env.get("TMUX").is_none())
}

/// The ways to the clipboard of this machine; `None` without a display.
fn local(env: &Env, has: &dyn Fn(&str) -> bool) -> Option<Way> {
    if cfg!(any(target_os = "macos", windows)) {
        return Some(Way::Native);
    }
    let wayland = env.get("WAYLAND_DISPLAY").is_some();
    let x11 = env.get("DISPLAY").is_some();
    [
        (wayland, Tool::WlCopy),
        (x11, Tool::Xclip),
        (x11, Tool::Xsel),
    ]
    .into_iter()
    .find(|(display, tool)| *display && has(tool.program()))
    .map(|(_, tool)| Way::Tool(tool))
    // The library speaks X11 only.
    .or(x11.then_some(Way::Native))
}

/// Whether `program` is an executable file on the search path of `env`.
pub fn on_path(env: &Env, program: &str) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let runs = |path: &std::path::Path| {
        std::fs::metadata(path)
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        return runs(program.as_ref());
    }
    env.get("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| runs(&folder.join(program))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const ALL: [&str; 3] = ["wl-copy", "xclip", "xsel"];

    #[rstest]
    #[case::tmux_before_ssh(&[("TMUX", "/tmp/t,1,0"), ("SSH_TTY", "/dev/pts/1")], &ALL, Way::Tmux)]
    #[case::tmux_calls_itself_screen(&[("TMUX", "/tmp/t,1,0"), ("TERM", "screen-256color")], &ALL, Way::Tmux)]
    #[case::screen(&[("STY", "1.x"), ("SSH_TTY", "/dev/pts/1")], &ALL, Way::Screen)]
    #[case::screen_by_name(&[("TERM", "screen.xterm-256color"), ("SSH_TTY", "/dev/pts/1")], &[], Way::Screen)]
    #[case::ssh(&[("SSH_CONNECTION", "1 2 3 4")], &[], Way::Osc52)]
    #[case::ssh_with_a_forwarded_display(&[("SSH_TTY", "/dev/pts/1"), ("DISPLAY", "localhost:10")], &ALL, Way::Osc52)]
    #[case::wayland(&[("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")], &ALL, Way::Tool(Tool::WlCopy))]
    #[case::wayland_without_its_tool(&[("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")], &["xsel"], Way::Tool(Tool::Xsel))]
    #[case::x11(&[("DISPLAY", ":0")], &["xsel", "xclip"], Way::Tool(Tool::Xclip))]
    #[case::x11_without_tools(&[("DISPLAY", ":0")], &[], Way::Native)]
    #[case::wayland_alone_without_tools(&[("WAYLAND_DISPLAY", "wayland-0")], &[], Way::Osc52)]
    #[case::console(&[("TERM", "linux")], &ALL, Way::Osc52)]
    #[case::switched_off_by_an_empty_variable(&[("TMUX", ""), ("SSH_TTY", "/dev/pts/1")], &[], Way::Osc52)]
    fn the_first_way_that_applies(
        #[case] variables: &[(&str, &str)],
        #[case] programs: &[&str],
        #[case] expected: Way,
    ) {
        let env = Env::Fixed(
            variables
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).into()))
                .collect(),
        );
        let chosen = plan(ClipboardChoice::Auto, None, &env, &|p| {
            programs.contains(&p)
        });
        assert_eq!(chosen.way, expected, "{}", chosen.why);
        assert!(!chosen.why.is_empty());
    }

    #[rstest]
    #[case(ClipboardChoice::Tmux, Way::Tmux)]
    #[case(ClipboardChoice::Osc52, Way::Osc52)]
    #[case(ClipboardChoice::Native, Way::Tool(Tool::Xclip))]
    #[case(ClipboardChoice::Off, Way::Off)]
    fn the_settings_come_first(#[case] choice: ClipboardChoice, #[case] expected: Way) {
        let env = Env::fixed([("DISPLAY", ":0")]);
        assert_eq!(plan(choice, None, &env, &|p| p == "xclip").way, expected);
    }

    #[test]
    fn a_command_of_the_operators_own_replaces_the_automatic_choice_but_not_a_named_one() {
        let argv = ["clip".to_owned(), "-i".to_owned()];
        let env = Env::fixed([("TMUX", "x")]);
        let with = |choice| plan(choice, Some(&argv), &env, &|_| true).way;
        assert_eq!(with(ClipboardChoice::Auto), Way::Command(argv.to_vec()));
        assert_eq!(with(ClipboardChoice::Command), Way::Command(argv.to_vec()));
        assert_eq!(with(ClipboardChoice::Off), Way::Off);
    }

    #[test]
    fn osc52_is_never_sent_plain_into_screen() {
        let env = Env::fixed([("STY", "1.x")]);
        assert_eq!(
            plan(ClipboardChoice::Osc52, None, &env, &|_| false).way,
            Way::Screen
        );
    }

    #[test]
    fn a_tmux_at_home_is_told_of() {
        let env = Env::fixed([("SSH_TTY", "/dev/pts/1"), ("TERM", "tmux-256color")]);
        let chosen = plan(ClipboardChoice::Auto, None, &env, &|_| false);
        assert_eq!(chosen.way, Way::Osc52);
        assert!(chosen.hint.unwrap().contains("set -s set-clipboard on"));
    }

    #[test]
    fn whoever_drops_it_on_the_way_is_named() {
        let hint = |choice, variables: &[(&str, &str)]| {
            let variables = variables.iter();
            let env = Env::Fixed(
                variables
                    .map(|(k, v)| ((*k).to_owned(), (*v).into()))
                    .collect(),
            );
            plan(choice, None, &env, &|_| false)
                .hint
                .unwrap_or_default()
        };
        let ssh = ("SSH_TTY", "/dev/pts/1");
        let auto = ClipboardChoice::Auto;
        let by_name = hint(auto, &[ssh, ("TERM", "screen-256color")]);
        assert!(by_name.contains("tmux calling itself screen"), "{by_name}");
        let chosen = hint(ClipboardChoice::Osc52, &[("TMUX", "/tmp/t,1,0")]);
        assert!(chosen.contains("tmux drops this"), "{chosen}");
        assert_eq!(hint(auto, &[ssh, ("STY", "1.x"), ("TERM", "screen")]), "");
        assert_eq!(hint(auto, &[ssh, ("TERM", "xterm-256color")]), "");
    }
}
