//! `certdeck profile`: a round trip through the settings' file.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Home, write};

#[test]
fn add_list_use_remove() {
    let home = Home::new();
    assert!(home.ok(&["profile", "list"]).contains("No profiles yet"));
    let said = home.ok(&["profile", "add", "acme", "--region", "eu"]);
    assert!(said.contains("it is the default"), "{said}");
    home.ok(&[
        "profile",
        "add",
        "lab",
        "--url",
        "http://127.0.0.1:9/services/v2",
    ]);
    assert_eq!(
        home.ok(&["profile", "list"]),
        "* acme  https://certcentral.digicert.eu/services/v2 (eu)\n  lab  http://127.0.0.1:9/services/v2\n"
    );
    let mode = std::fs::metadata(home.config())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    home.ok(&["profile", "use", "lab"]);
    assert!(home.ok(&["profile", "list"]).contains("* lab"));
    home.ok(&["profile", "remove", "lab"]);
    let list = home.ok(&["profile", "list"]);
    assert!(!list.contains("lab"), "{list}");
    let text = std::fs::read_to_string(home.config()).unwrap();
    assert!(text.contains("# theme ="), "the comments are gone:\n{text}");
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let home = Home::new();
    home.ok(&["profile", "add", "acme", "--region", "us"]);
    for arguments in [
        &["profile", "use", "acne"][..],
        &["profile", "remove", "acne"],
        &["key", "test", "--profile", "acne"],
    ] {
        let ran = home.run(arguments);
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert!(ran.err.contains("`acne`"), "{}", ran.err);
        assert!(ran.err.contains("known: acme"), "{}", ran.err);
    }
    let again = home.run(&["profile", "add", "acme", "--region", "us"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("already"), "{}", again.err);
}

#[test]
fn another_file_can_be_named_and_is_made() {
    let home = Home::new();
    let file = home.path("elsewhere.toml");
    let file = file.to_str().unwrap();
    home.ok(&["--config", file, "profile", "add", "acme", "--region", "us"]);
    assert!(!home.config().exists());
    assert!(
        home.ok(&["profile", "list", "--config", file])
            .contains("* acme")
    );
    let missing = home.run(&["--config", "/no/such.toml", "profile", "list"]);
    assert!(missing.err.contains("/no/such.toml"), "{}", missing.err);
}

#[test]
fn a_broken_file_is_named_with_its_line_and_kept() {
    let home = Home::new();
    let broken = "bell = true\n[profiles\n";
    write(&home.config(), broken, 0o600);
    let ran = home.run(&["profile", "add", "acme", "--region", "us"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("config.toml:2:"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(home.config()).unwrap(), broken);
}

#[test]
fn a_profile_is_edited_in_place_and_its_comments_stay() {
    let home = Home::new();
    let before = "# mine\n[profiles.acme]\nregion = \"us\" # where\nkey_cache = \"kernel\"\n";
    write(&home.config(), before, 0o600);
    home.ok(&[
        "profile",
        "edit",
        "acme",
        "--region",
        "eu",
        "--key-store",
        "false",
        "--remove",
        "key-cache",
    ]);
    assert_eq!(
        std::fs::read_to_string(home.config()).unwrap(),
        "# mine\n[profiles.acme]\nregion = \"eu\" # where\nkey_store = false\n"
    );
    // What it says already is not told as a change.
    let same = home.ok(&["profile", "edit", "acme", "--key-store", "false"]);
    assert!(same.contains("already has these settings"), "{}", same);
    let usage = home.run(&[
        "profile",
        "edit",
        "acme",
        "--region",
        "us",
        "--url",
        "https://x/",
    ]);
    assert_eq!(usage.code, 2);
    let missing = home.run(&["profile", "edit", "acne", "--region", "us"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("known: acme"), "{}", missing.err);
}

#[test]
fn what_gives_the_key_of_one_address_is_not_taken_to_another() {
    for (source, option) in [
        (
            "key_command = [\"echo\", \"KEY\"]",
            &["--key-command", "echo", "KEY"][..],
        ),
        (
            "key_file = \"keys/acme.key\"",
            &["--key-file", "keys/acme.key"],
        ),
    ] {
        let home = Home::new();
        let before = format!("[profiles.acme]\nregion = \"us\"\n{source}\n");
        write(&home.config(), &before, 0o600);
        let name = source.split(' ').next().unwrap();
        let flag = name.replace('_', "-");
        let edit = |more: &[&str]| {
            home.run(&[&["profile", "edit", "acme", "--region", "eu"], more].concat())
        };
        let refused = edit(&[]);
        assert_eq!(refused.code, 1);
        for part in [
            name,
            "www.digicert.com",
            "certcentral.digicert.eu",
            &format!("Repeat --{flag}"),
            &format!("--remove {flag}"),
        ] {
            assert!(refused.err.contains(part), "no `{part}`: {}", refused.err);
        }
        assert_eq!(std::fs::read_to_string(home.config()).unwrap(), before);
        // To the same address nothing is asked.
        let same = home.run(&["profile", "edit", "acme", "--region", "us"]);
        assert_eq!(same.code, 0, "{}", same.err);
        assert!(
            same.out.contains("already has these settings"),
            "{}",
            same.out
        );
        assert_eq!(edit(option).code, 0);
        let text = std::fs::read_to_string(home.config()).unwrap();
        assert!(text.contains(name) && text.contains("\"eu\""), "{text}");
        write(&home.config(), &before, 0o600);
        assert_eq!(edit(&["--remove", &flag]).code, 0);
        let text = std::fs::read_to_string(home.config()).unwrap();
        assert!(!text.contains(name) && text.contains("\"eu\""), "{text}");
    }
}

#[test]
fn a_profile_without_a_usable_address_is_told_by_name_and_put_right() {
    let home = Home::new();
    write(
        &home.config(),
        "[profiles.acme]\nregion = \"mars\"\n",
        0o600,
    );
    for arguments in [&["key", "test"][..], &["key", "test", "--profile", "acme"]] {
        let ran = home.run(arguments);
        assert_eq!(ran.code, 1);
        assert!(
            ran.err.contains("profile edit acme --region us"),
            "{}",
            ran.err
        );
    }
    assert!(
        home.ok(&["profile", "list"])
            .contains("acme  no usable URL")
    );
    home.ok(&["profile", "edit", "acme", "--region", "eu"]);
    assert!(home.ok(&["profile", "list"]).contains("(eu)"));
}

#[test]
fn profiles_added_at_once_are_all_there_also_behind_a_link() {
    let home = Home::new();
    let real = home.path("dotfiles/certdeck.toml");
    write(&real, "# mine\n", 0o600);
    std::fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&real, home.config()).unwrap();
    let mut adding: Vec<_> = (0..8)
        .map(|number| {
            let name = format!("p{number}");
            home.command(&["profile", "add", &name, "--region", "us"])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for running in &mut adding {
        assert!(running.wait().unwrap().success());
    }
    assert_eq!(home.ok(&["profile", "list"]).lines().count(), 8);
    assert!(home.config().is_symlink());
    assert!(std::fs::read_to_string(real).unwrap().contains("# mine\n"));
}
