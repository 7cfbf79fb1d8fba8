//! `certdeck key set` at a terminal: the question where the key is to be kept, and the key that nobody sees.

use std::path::PathBuf;

use crate::support::pty::{ENTER, Ended, Pty, Setup, ctrl};

const KEY: &str = "TYPEDUNSEEN0123";

/// A file of settings in a folder of its own, and what stands in it.
struct Settings {
    folder: tempfile::TempDir,
}

const BEFORE: &str = "[profiles.acme]\nurl = \"http://127.0.0.1:1/services/v2\" # mine\n";

impl Settings {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), BEFORE).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    /// The program at its first question.
    fn asked(&self) -> Pty {
        let path = self.path().display().to_string();
        let mut pty = Setup::certdeck(&["--config", &path, "key", "set", "--untested"]).start();
        pty.wait_for("Number, or nothing to cancel:");
        pty
    }
}

fn typed(pty: &mut Pty, text: &str) {
    for key in text.chars() {
        pty.send(&key.to_string());
    }
    pty.send(ENTER);
}

#[test]
fn where_no_key_store_answers_the_places_are_offered_and_the_one_chosen_has_the_key() {
    let settings = Settings::new();
    let mut pty = settings.asked();
    assert!(
        pty.text().contains("1  a file only you can read"),
        "{}",
        pty.text()
    );
    assert!(pty.text().contains("until you remove it"), "{}", pty.text());
    // What is no number of a place asks again.
    typed(&mut pty, "9");
    pty.wait_for("a number from 1 to");
    typed(&mut pty, "1");
    pty.wait_for("not shown:");
    typed(&mut pty, KEY);
    pty.wait_for("The key of `acme` is in");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
    let seen = String::from_utf8_lossy(pty.written()).into_owned();
    assert!(!seen.contains(KEY) && !seen.contains("TYPED"), "{seen}");
    let file = settings.folder.path().join("keys/acme.key");
    assert_eq!(std::fs::read_to_string(file).unwrap().trim(), KEY);
    let text = settings.text();
    assert!(
        text.starts_with(BEFORE) && text.contains("key_file = "),
        "{text}"
    );
}

#[test]
fn who_leaves_a_question_changes_nothing() {
    for leave_at_key in [false, true] {
        let settings = Settings::new();
        let mut pty = settings.asked();
        if leave_at_key {
            typed(&mut pty, "1");
            pty.wait_for("not shown:");
            pty.send(&ctrl('c'));
        } else {
            pty.send(ENTER);
        }
        pty.wait_for("nothing was changed");
        assert_eq!(pty.wait_exit(), Ended::Code(1));
        pty.assert_restored();
        assert_eq!(settings.text(), BEFORE);
        assert!(!settings.folder.path().join("keys").exists());
    }
}

/// Nothing is asked for a key where the address of its profile cannot be read, and no other address is taken in its place
/// unsaid.
#[test]
fn a_profile_whose_address_is_wrong_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let wrong = "profile = \"acme\"\n[profiles.acme]\nurl = http://127.0.0.1:1/services/v2\nkey_command = [\"echo\", \"NOTASKED\"]\n";
    std::fs::write(&path, wrong).unwrap();
    let path = path.display().to_string();
    // A key that is there goes to no host that nobody named.
    let mut pty = Setup::certdeck(&["--config", &path])
        .env("CERTDECK_API_KEY", "SENTNOWHERE0123")
        .start();
    pty.wait_for("config.toml:3");
    pty.send("\u{1b}");
    pty.wait_for("Profile `acme` has no usable URL");
    assert!(
        !pty.text().contains("There is no API key yet"),
        "{}",
        pty.text()
    );
}
