//! The watcher itself, against programs whose output is known: a test that trusts it must be able to fail.

use crate::support::pty::{ENTER, Ended, Setup, ctrl, key};

fn shell(script: &str) -> Setup {
    Setup::program("sh", &["-c", script])
}

#[test]
fn the_clipboard_is_what_was_sent_to_it() {
    let mut pty =
        shell(r"printf '\033]52;c;Y2VydA==\033\\'; printf '\033]52;c;c2Vjb25k\033\\'").start();
    assert_eq!(pty.wait_clipboard(), "cert");
    assert_eq!(pty.wait_clipboard(), "second");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}

#[test]
fn frames_and_bytes_are_counted_from_the_mark() {
    let mut pty = shell(r"read -r x; printf '\033[?2026hone\033[?2026l'; read -r x; printf '\033[?2026htwo\033[?2026l'").start();
    pty.send(ENTER);
    pty.wait_for("one");
    pty.mark();
    assert_eq!(pty.since_mark().frames, 0);
    pty.send(ENTER);
    pty.wait_frame();
    pty.wait_for("two");
    let came = pty.since_mark();
    assert_eq!(came.frames, 1);
    // The echoed line end, the text, the two marks.
    assert_eq!(came.bytes, 2 + 3 + 2 * 8);
}

#[test]
fn a_paste_has_brackets_only_where_they_were_asked_for() {
    for (mode, expected) in [("h", "^[[200~a^Mb^[[201~"), ("l", "a^Mb")] {
        let mut pty = shell(&format!(
            r"stty raw -echo; printf '\033[?2004{mode}ready'; cat -v"
        ))
        .start();
        pty.wait_for("ready");
        pty.paste("a\nb");
        pty.wait_for(expected);
        assert!(pty.text().contains(&format!("ready{expected}")));
    }
}

#[test]
fn keys_are_what_a_terminal_sends() {
    let mut pty = shell("stty raw -echo; printf ready; cat -v").start();
    pty.wait_for("ready");
    pty.send(key("down"));
    pty.wait_for("^[[B");
    pty.send(&ctrl('s'));
    pty.wait_for("^S");
    pty.wait_gone("^Q");
}

#[test]
fn a_terminal_left_in_raw_mode_is_noticed() {
    let mut pty = shell("stty raw -echo").start();
    pty.wait_exit();
    assert!(
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pty.assert_restored())).is_err()
    );
}

#[test]
fn an_exit_code_and_a_signal_are_told_apart() {
    assert_eq!(shell("exit 7").start().wait_exit(), Ended::Code(7));
    assert!(matches!(
        shell("kill -9 $$").start().wait_exit(),
        Ended::Killed(_)
    ));
}
