//! `certdeck key`: where the key is found, stored and removed, without its value showing up anywhere.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Home, Ran, ran, write};

const KEY: &str = "VERYSECRETAPIKEY0123456789";

fn set(home: &Home, key: &str) -> Ran {
    let mut running = home
        .command(&["key", "set"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    running
        .stdin
        .take()
        .unwrap()
        .write_all(key.as_bytes())
        .unwrap();
    let output = running.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn never_shown(ran: &Ran) {
    assert!(!ran.out.contains(KEY), "{}", ran.out);
    assert!(!ran.err.contains(KEY), "{}", ran.err);
}

/// A profile whose API nobody serves, so that what is said about the key stands alone.
fn home_with(source: &str) -> Home {
    let home = Home::new();
    let text = format!("[profiles.acme]\nurl = \"http://127.0.0.1:1/services/v2\"\n{source}\n");
    write(&home.config(), &text, 0o600);
    home
}

#[test]
fn the_environment_comes_first_and_each_source_is_named() {
    let home = home_with("key_command = [\"echo\", \"VERYSECRETAPIKEY0123456789\"]");
    let by_command = home.run(&["key", "test"]);
    assert!(
        by_command.out.contains("comes from the key_command `echo`"),
        "{}{}",
        by_command.out,
        by_command.err
    );
    never_shown(&by_command);
    let by_variable = ran(home.command(&["key", "test"]).env("CERTDECK_API_KEY", KEY));
    assert!(
        by_variable.out.contains("environment variable"),
        "{}",
        by_variable.out
    );
    never_shown(&by_variable);
}

#[test]
fn a_key_command_does_not_inherit_the_key() {
    let home = home_with("");
    let seen = home.path("seen");
    let script = format!(
        "[profiles.acme]\nurl = \"http://127.0.0.1:1/services/v2\"\nkey_command = [\"sh\", \"-c\", \"env > {}\"]\n",
        seen.display()
    );
    write(&home.config(), &script, 0o600);
    // Not a key, so the search goes on to the command.
    let ran = ran(home
        .command(&["key", "test"])
        .env("CERTDECK_API_KEY", "two words"));
    assert_eq!(ran.code, 1);
    let environment = std::fs::read_to_string(seen).unwrap();
    assert!(environment.contains("HOME="));
    assert!(!environment.contains("CERTDECK_API_KEY"), "{environment}");
}

#[test]
fn no_key_at_all_names_what_was_asked() {
    let ran = home_with("key_command = [\"false\"]").run(&["key", "test"]);
    assert_eq!(ran.code, 1);
    for word in [
        "CERTDECK_API_KEY: is not set",
        "`false`: ended with exit status: 1",
        "no session bus",
        "certdeck key set",
    ] {
        assert!(ran.err.contains(word), "no `{word}` in:\n{}", ran.err);
    }
}

#[test]
fn set_writes_the_named_file_private_and_clear_removes_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = home_with("key_file = \"keys/acme.key\"");
    let file = home.config().with_file_name("keys").join("acme.key");
    let stored = set(&home, &format!("{KEY}\n"));
    assert_eq!(stored.code, 0, "{}", stored.err);
    assert!(
        stored.out.contains(&file.display().to_string()),
        "{}",
        stored.out
    );
    never_shown(&stored);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(home.run(&["key", "test"]).out.contains("the key file"));

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let loose = home.run(&["key", "test"]);
    assert_eq!(loose.code, 1);
    assert!(loose.err.contains("chmod 600"), "{}", loose.err);

    home.ok(&["key", "clear"]);
    assert!(!file.exists());
}

#[test]
fn set_falls_back_to_no_plain_file_and_takes_no_nonsense() {
    let home = home_with("");
    let refused = set(&home, KEY);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("was not stored"), "{}", refused.err);
    assert!(refused.err.contains("key_command"), "{}", refused.err);
    never_shown(&refused);
    for nonsense in ["", "\n", "two words", "line\nline\n"] {
        let ran = set(&home, nonsense);
        assert_eq!(ran.code, 1, "{nonsense:?}");
        assert!(ran.err.contains("the key given"), "{}", ran.err);
    }
}

#[test]
fn without_a_profile_the_next_step_is_named() {
    let ran = Home::new().run(&["key", "set"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("certdeck profile add"), "{}", ran.err);
}
