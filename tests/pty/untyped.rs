//! Bytes that nobody typed: replies of terminals, pastes without marks, a paste whose end does not come. None of them
//! commands anything, and none makes the desk deaf.

use std::time::Duration;

use certdeck::sandbox::model::Approval;
use rstest::rstest;

use crate::account::Server;
use crate::demo;
use crate::support::pty::{ENTER, Ended, Pty, ctrl, key};
use crate::work::{after_a_paste, desk_on, form, leave, open};

/// Replies to what anybody may have asked, each with letters that are commands.
const REPLIES: &[&str] = &[
    "\x1b]10;rgb:f54f/f54f/f54f\x07",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b[?62;22;52c",
    "\x1b[>0;276;0c",
    "\x1bP>|tmux 3.3a\x1b\\",
    "\x1b[?2026;2$y",
    "\x1b]52;c;ZHJucXdERg==\x07",
    "\x1b[24;80R",
    "\x1b[8;40;120t",
    "\x1b[<0;10;20M",
    "\x1b[M dq",
    "\x1b[I\x1b[O",
    "\x1b[?1u",
    "\x1b_Gi=31;drnq\x1b\\",
    "\u{9d}10;drnq\u{9c}",
];

fn rest(pty: &mut Pty) {
    pty.wait_quiet(Duration::from_millis(250));
}

#[test]
fn replies_command_nothing_and_type_nothing_wherever_they_come_and_however_torn() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    // The last of what is read of the order under the cursor.
    pty.wait_for("Validated");
    rest(&mut pty);
    let places: [&dyn Fn(&mut Pty); 5] = [
        &|_| {},
        &|pty| open(pty, &order),
        &|pty| form(pty, "d"),
        &|pty| {
            pty.send(key("esc"));
            pty.wait_for("o next tab");
            pty.send("y");
            pty.wait_for("Copy from certificate");
        },
        &|pty| {
            pty.send(key("esc"));
            pty.wait_gone("Copy from certificate");
            pty.send(":");
            pty.wait_for("Enter run");
        },
    ];
    for go in places {
        go(&mut pty);
        rest(&mut pty);
        // What is still being read would not stand there again.
        pty.wait_gone("Loading the order…");
        let before = pty.text();
        for reply in REPLIES {
            pty.write(reply);
            for piece in reply.as_bytes().chunks(3) {
                pty.write_bytes(piece);
                pty.wait_quiet(Duration::from_millis(5));
            }
        }
        // Torn right behind what opens them.
        for reply in [
            "\x1b]52;c;ZHJucXdERg==\x07",
            "\x1b[>0;276;0c",
            "\x1b_Gi=31;drnq\x1b\\",
        ] {
            pty.write(&reply[..2]);
            pty.wait_quiet(Duration::from_millis(300));
            pty.write(&reply[2..]);
            pty.wait_quiet(Duration::from_millis(20));
        }
        rest(&mut pty);
        // What is read anew meanwhile comes back; what was typed or opened would not go.
        pty.wait_for(&before);
    }
    leave(&mut pty);
}

#[test]
fn a_paste_without_its_end_is_taken_after_a_rest_and_told_and_everything_works_again() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    pty.write("\x1b[200~-----BEGIN CERTIFICATE REQUEST-----\rMIICzDCCAbQCAQ\r");
    // What has nothing to do with the keyboard works meanwhile.
    pty.mark();
    pty.resize(118, 58);
    pty.wait_frame();
    pty.wait_for("did not mark the end of this paste");
    pty.wait_for("MIICzDCCAbQCAQ");
    pty.send(&ctrl('l'));
    pty.send(key("esc"));
    pty.wait_for("o next tab");
    leave(&mut pty);
}

#[test]
fn ctrl_c_leaves_also_in_a_paste_that_rests() {
    let mut pty = demo();
    pty.write("\x1b[200~some text");
    rest(&mut pty);
    pty.send(&ctrl('c'));
    assert!(matches!(pty.wait_exit(), Ended::Code(_)));
    pty.assert_restored();
}

/// Lines as they are pasted by mistake: of a mail, a host name, an answer.
#[rstest]
#[case("approve it, please\r")]
#[case("a\r\r")]
#[case("quit.example.net")]
#[case("xena@example.net wrote:\r\ra\r")]
fn a_paste_without_marks_decides_nothing(
    #[case] text: &str,
    #[values(usize::MAX, 7, 3)] long: usize,
) {
    let server = Server::start();
    let mut pty = desk_on(&server);
    pty.send("2");
    pty.wait_for("a approve");
    rest(&mut pty);
    let calls = server.sandbox().calls_of("approve");
    for piece in text.as_bytes().chunks(long) {
        pty.write_bytes(piece);
        pty.wait_quiet(Duration::from_millis(30));
    }
    pty.wait_for("paste only into a text field");
    rest(&mut pty);
    assert!(pty.text().contains("a approve"), "{}", pty.text());
    assert_eq!(server.sandbox().calls_of("approve"), calls);
    leave(&mut pty);
}

/// Two keys at once are no hand's, also where the second one would answer what the first one opens.
#[test]
fn two_keys_at_once_do_nothing_and_one_after_the_other_do() {
    let server = Server::start();
    let mut pty = desk_on(&server);
    for keys in ["q\r", "r\r", "yes\n", "dr"] {
        pty.mark();
        pty.write(keys);
        pty.wait_frame();
        pty.wait_for("paste only into a text field");
        rest(&mut pty);
        // What is told is gone with the next key.
        pty.send("j");
        pty.wait_gone("paste only into a text field");
    }
    pty.send("2");
    pty.wait_for("a approve");
    let calls = server.sandbox().calls_of("approve");
    pty.write("a\r");
    pty.wait_for("paste only into a text field");
    rest(&mut pty);
    assert!(!pty.text().contains("Enter confirm"), "{}", pty.text());
    assert_eq!(server.sandbox().calls_of("approve"), calls);
    pty.send("a");
    pty.wait_for("Enter confirm");
    pty.send(ENTER);
    pty.wait_gone("Enter confirm");
    leave(&mut pty);
}

/// What hands and scripts do goes on: keys held down, keys one by one, a word into a field.
#[test]
fn typing_is_typing() {
    let mut pty = demo();
    pty.wait_for("Thumbprint");
    for _ in 0..20 {
        pty.write("j");
        pty.wait_quiet(Duration::from_millis(16));
    }
    // Held down on a line that stalls, and let go.
    pty.write("kkkkk");
    pty.wait_quiet(Duration::from_millis(150));
    pty.send("/");
    pty.wait_for("Enter apply");
    for letter in ["a", "c", "m", "e"] {
        pty.write(letter);
        pty.wait_quiet(Duration::from_millis(40));
    }
    pty.wait_for("/ acme");
    pty.write(".example");
    pty.wait_for("/ acme.example");
    after_a_paste(&mut pty);
    pty.send(ENTER);
    pty.wait_gone("Enter apply");
    leave(&mut pty);
}
