//! Ctrl-Z, `fg`, and stops from outside, under a shell with job control.

use rustix::process::{Pid, Signal, kill_process};

use crate::support::pty::{ENTER, Ended, Pty, Setup, ctrl};
use crate::{demo, wait_for_the_desk};

/// A shell with job control; its prompt counts the commands, so that a new prompt is told from an old one.
struct Shell {
    pty: Pty,
    commands: usize,
}

impl Shell {
    fn start() -> Self {
        let mut shell = Self {
            pty: Setup::program("bash", &["--norc", "--noprofile", "-i"])
                .env("PS1", "prompt-\\#> ")
                .start(),
            commands: 0,
        };
        shell.wait_for_the_prompt();
        shell
    }

    /// The next prompt, in a terminal that shows what is typed.
    fn wait_for_the_prompt(&mut self) {
        self.commands += 1;
        let prompt = format!("prompt-{}>", self.commands);
        self.pty.wait("the shell's screen", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && screen.contents().contains(&prompt)
        });
    }

    fn run(&mut self, command: &str) {
        self.pty.send(command);
        // Seen as it is typed: the line's modes are the shell's own again.
        self.pty.wait_for(command);
        self.pty.send(ENTER);
    }

    fn desk(&mut self, command: &str) {
        self.run(command);
        wait_for_the_desk(&mut self.pty);
    }

    /// Leaves the desk, then the shell.
    fn leave(mut self) {
        self.pty.send("q");
        self.wait_for_the_prompt();
        self.pty.send("exit 0\r");
        assert_eq!(self.pty.wait_exit(), Ended::Code(0));
        self.pty.assert_restored();
    }
}

fn demo_command() -> String {
    format!("'{}' demo", env!("CARGO_BIN_EXE_certdeck"))
}

#[test]
fn ctrl_z_gives_the_shell_a_whole_terminal_and_fg_brings_the_desk_back() {
    let mut shell = Shell::start();
    shell.desk(&demo_command());
    for _ in 0..3 {
        shell.pty.send(&ctrl('z'));
        shell.wait_for_the_prompt();
        shell.desk("fg");
    }
    shell.leave();
}

#[test]
fn a_stop_from_outside_is_answered_the_same_way() {
    let mut shell = Shell::start();
    shell.desk(&demo_command());
    shell.pty.send(&ctrl('z'));
    shell.wait_for_the_prompt();
    shell.run("jobs -p > pid");
    shell.wait_for_the_prompt();
    shell.desk("fg");
    let pid = std::fs::read_to_string(shell.pty.home().join("pid")).unwrap();
    let desk = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();

    kill_process(desk, Signal::TSTP).unwrap();
    shell.wait_for_the_prompt();
    shell.desk("fg");

    // SIGSTOP cannot be answered, so the shell is left on the desk's screen, with the cursor hidden.
    kill_process(desk, Signal::STOP).unwrap();
    shell.pty.wait_for("prompt-5>");
    shell.commands = 5;
    shell.pty.send("fg\r");
    shell.pty.wait_gone("prompt-5>");
    wait_for_the_desk(&mut shell.pty);
    shell.leave();
}

#[test]
fn a_stopped_desk_can_be_ended_by_its_shell() {
    let mut shell = Shell::start();
    shell.desk(&demo_command());
    shell.pty.send(&ctrl('z'));
    shell.wait_for_the_prompt();
    // 147 is the stop: a shell that has not yet heard that its job goes on tells that.
    shell.run(
        "kill %1; while wait %1 2>/dev/null; code=$?; [ $code = 147 ]; do :; done; echo code-$code",
    );
    shell.pty.wait_for("\ncode-143");
    shell.wait_for_the_prompt();
    assert!(!shell.pty.screen().alternate_screen());
}

#[test]
fn without_a_shell_to_go_back_to_ctrl_z_does_not_stop() {
    let mut pty = demo();
    pty.send(&ctrl('z'));
    // It goes on: it can still be left.
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
}
