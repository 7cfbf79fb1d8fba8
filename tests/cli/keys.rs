//! `certdeck key`: where the key is found, stored and removed, without its value showing up anywhere.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Home, Ran, Served, ran, write};

const KEY: &str = "VERYSECRETAPIKEY0123456789";

fn set(home: &Home, key: &str) -> Ran {
    set_with(home, &["--untested"], key)
}

fn set_with(home: &Home, options: &[&str], key: &str) -> Ran {
    let mut running = home
        .command(&[&["key", "set"], options].concat())
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
    assert_eq!(ran.code, 8);
    let environment = std::fs::read_to_string(seen).unwrap();
    assert!(environment.contains("HOME="));
    assert!(!environment.contains("CERTDECK_API_KEY"), "{environment}");
}

#[test]
fn no_key_at_all_names_what_was_asked() {
    let ran = home_with("key_command = [\"false\"]").run(&["key", "test"]);
    assert_eq!(ran.code, 8);
    for word in [
        "CERTDECK_API_KEY: is not set",
        "`false`: exited with exit status: 1",
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
    assert_eq!(loose.code, 8);
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
    for word in [
        "key_command",
        "--keep file",
        "until you remove it",
        "until reboot",
    ] {
        assert!(refused.err.contains(word), "{}", refused.err);
    }
    never_shown(&refused);
    // Where the operator says so it is kept, and found.
    let kept = set_with(&home, &["--untested", "--keep", "file"], KEY);
    assert_eq!(kept.code, 0, "{}", kept.err);
    assert!(kept.out.contains("until you remove it"), "{}", kept.out);
    never_shown(&kept);
    let tested = home.run(&["key", "test"]);
    assert!(tested.out.contains("keys/acme.key"), "{}", tested.out);
    let cleared = home.ok(&["key", "clear"]);
    assert!(
        cleared.contains("Removed the key from the key file"),
        "{cleared}"
    );
    let cleared = home.ok(&["key", "clear"]);
    assert!(
        cleared.contains("There is no key in the key file"),
        "{cleared}"
    );
    let store = set_with(&home, &["--untested", "--keep", "store"], KEY);
    assert_eq!(store.code, 1);
    assert!(store.err.contains("no session bus"), "{}", store.err);
    for nonsense in ["", "\n", "two words", "line\nline\n"] {
        let ran = set(&home, nonsense);
        assert_eq!(ran.code, 1, "{nonsense:?}");
        assert!(ran.err.contains("the key given"), "{}", ran.err);
    }
}

/// Each way to store a key: where it is refused, settings and places are as they were before.
#[test]
fn a_key_that_is_refused_leaves_nothing_behind() {
    let sources = [
        "",
        "key_file = \"keys/acme.key\"",
        "key_file = \"open/acme.key\"",
        "key_store = false",
        "key_cache = \"kernel\"",
    ];
    for source in sources {
        for keep in [
            &[][..],
            &["--keep", "store"],
            &["--keep", "file"],
            &["--keep", "kernel"],
        ] {
            let home = home_with(source);
            let folder = home.config().with_file_name("open");
            std::fs::create_dir(&folder).unwrap();
            let before = std::fs::read_to_string(home.config()).unwrap();
            let ran = set_with(&home, &[&["--untested"], keep].concat(), KEY);
            never_shown(&ran);
            let after = std::fs::read_to_string(home.config()).unwrap();
            let tested = home.run(&["key", "test"]);
            if ran.code == 0 {
                let place = ran.out.trim_end();
                assert!(tested.out.contains("comes from"), "{place}: {}", tested.err);
                home.run(&["key", "clear"]);
                continue;
            }
            // One that was chosen may have it although a cache of the profile has not.
            let stored = ran.out.contains("The key of");
            assert!(
                stored || after == before,
                "{source} {keep:?}: {}\n{after}",
                ran.err
            );
            // Nobody serves there, or there is no key to ask with.
            assert_eq!(tested.code, if stored { 7 } else { 8 }, "{}", tested.err);
            assert_eq!(
                stored,
                tested.out.contains("comes from"),
                "{source} {keep:?}: {}{}",
                ran.err,
                tested.out
            );
            // The advice names no place that was refused.
            if ran.err.contains("keyring: ") {
                assert!(!ran.err.contains("--keep kernel"), "{}", ran.err);
                assert!(!ran.err.contains("unlock"), "{}", ran.err);
            }
            home.run(&["key", "clear"]);
        }
    }
}

#[test]
fn without_a_profile_the_next_step_is_named() {
    let ran = Home::new().run(&["key", "set"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("certdeck profile add"), "{}", ran.err);
}

#[test]
fn a_key_is_stored_once_certcentral_took_it_and_a_good_one_stays_until_then() {
    let served = Served::start();
    let home = Home::new();
    let text = format!(
        "[profiles.acme]\nurl = \"{}\"\nkey_file = \"keys/acme.key\"\n",
        served.url
    );
    write(&home.config(), &text, 0o600);
    let file = home.config().with_file_name("keys").join("acme.key");
    let good = set_with(&home, &[], "made-up-key");
    assert_eq!(good.code, 0, "{}{}", good.out, good.err);
    assert!(good.out.contains("accepts it"), "{}", good.out);
    let refused = set_with(&home, &[], KEY);
    assert_eq!(refused.code, 8);
    assert!(refused.err.contains("was not stored"), "{}", refused.err);
    never_shown(&refused);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "made-up-key\n");
    // Nor is it stored where nobody answers, unless told.
    drop(served);
    let unreachable = set_with(&home, &[], KEY);
    assert_eq!(unreachable.code, 7);
    assert!(
        unreachable.err.contains("--untested"),
        "{}",
        unreachable.err
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "made-up-key\n");
}

#[test]
fn a_cache_that_takes_no_key_is_told_with_the_exit_code() {
    let home = home_with("key_file = \"keys/acme.key\"\nkey_cache = \"kernel\"");
    let stored = set(&home, KEY);
    // The kernel of this machine may give a keyring or not; either is told.
    let cached = stored.out.contains("the kernel's keyring");
    assert_ne!(
        cached,
        stored.err.contains("it is not in the kernel's keyring"),
        "{}",
        stored.err
    );
    assert_eq!(stored.code, i32::from(!cached), "{}", stored.err);
    home.run(&["key", "clear"]);
}

/// What a log and a folder for files can never be, however the path is wrong; the doctor makes nothing.
#[test]
fn the_doctor_tells_what_can_never_work() {
    let home = Home::new();
    let folder = home.config().parent().unwrap().to_owned();
    let good = "log = \"a/b/certdeck.log\"\ndownload_dir = \"a/down\"\n";
    write(&home.config(), good, 0o600);
    std::fs::write(folder.join("file"), "").unwrap();
    std::os::unix::fs::symlink("no/where", folder.join("link")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("pipe"), rustix::fs::Mode::RUSR).unwrap();
    let told = home.run(&["doctor"]).out;
    assert!(
        !told.contains("BAD  download_dir") && !told.contains(": log: "),
        "{told}"
    );
    for never in [
        "file/x",
        "file/x/y",
        "link/x",
        "pipe",
        "pipe/x",
        "/dev/null/x",
    ] {
        let text = format!("log = \"{never}\"\ndownload_dir = \"{never}\"\n");
        write(&home.config(), &text, 0o600);
        let told = home.run(&["doctor"]).out;
        assert!(told.contains("config.toml:1: log: "), "{never}: {told}");
        assert!(!told.contains("not created yet"), "{never}: {told}");
        assert!(told.contains("BAD  download_dir"), "{never}: {told}");
    }
    let text = "clipboard = \"command\"\ncopy_command = [\"no-such-program\"]\n";
    write(&home.config(), text, 0o600);
    let told = home.run(&["doctor"]).out;
    assert!(
        told.contains("BAD  the program `no-such-program`"),
        "{told}"
    );
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["config.toml", "file", "link", "pipe"]);
}

#[test]
fn the_doctor_fills_no_cache_and_starts_no_log() {
    let home = home_with("key_file = \"keys/acme.key\"\nkey_cache = \"kernel\"");
    write(
        &home.config().with_file_name("keys").join("acme.key"),
        "KEY\n",
        0o600,
    );
    let mut text = std::fs::read_to_string(home.config()).unwrap();
    text.insert_str(0, "log = \"logs/certdeck.log\"\ndownload_dir = \"down\"\n");
    write(&home.config(), &text, 0o600);
    let told = home.run(&["doctor"]);
    assert!(told.out.contains("not created yet"), "{}", told.out);
    assert!(told.out.contains("download_dir"), "{}", told.out);
    assert!(!home.config().with_file_name("logs").exists());
    assert!(!home.config().with_file_name("down").exists());
    // What works makes the folder of its log.
    home.run(&["profile", "list"]);
    assert!(
        home.config()
            .with_file_name("logs")
            .join("certdeck.log")
            .exists()
    );
}
