//! The commands that read, against one account: what they print, say and end with, as a shell sees it.

use std::process::Command;

use certdeck::cli::args::EXAMPLES;

use crate::desk::{DESK, Desk, NOBODY, words};
use crate::support::{Home, ran, write};
use crate::typed;

#[test]
fn orders_in_every_form() {
    let told = DESK.transcript(&[
        "certdeck orders id:10000000",
        "certdeck orders id:100000016 --json",
        "certdeck orders id:100000016 --csv",
        "certdeck orders id:10000001 --columns order,names --no-headers",
        "certdeck orders 'id:10000001 status:issued' -q",
        "certdeck orders id:10000001 --sort -common_name --columns common_name,order",
        "certdeck orders nosuchname",
        "certdeck orders nosuchname --quiet",
        "certdeck orders --cached id:100000016 -q",
    ]);
    let days = DESK.run("certdeck orders --cached id:100000016 --columns expires_in --no-headers");
    insta::assert_snapshot!(told.replace(days.out.trim(), "N"));
}

#[test]
fn what_cannot_be_asked_is_wrong_usage_and_asks_nothing() {
    let told = DESK.transcript_unasked(&[
        "certdeck orders statsu:issued",
        "certdeck orders status:",
        "certdeck orders is:marked",
        "certdeck orders due:reissue --cached",
        "certdeck orders --columns order,expire",
        "certdeck orders --sort -expire",
        "certdeck certs shop",
    ]);
    insta::assert_snapshot!(told);
    for line in [
        "certdeck orders --json --csv",
        "certdeck orders -q --json",
        "certdeck order",
    ] {
        assert_eq!(DESK.run(line).code, 2, "{line}");
    }
}

#[test]
fn terms_that_the_account_decides_are_asked_of_it() {
    let waiting = DESK.run("certdeck orders is:waiting -q");
    assert_eq!(waiting.code, 0, "{}", waiting.err);
    assert!(waiting.out.lines().count() > 3, "{}", waiting.out);
    let due = DESK.run("certdeck orders 'due:any blocked' -q");
    assert_eq!(due.code, 0, "{}", due.err);
    assert!(due.out.lines().count() > 3, "{}", due.out);
}

#[test]
fn one_order_and_its_certificates() {
    let told = DESK.transcript(&[
        "certdeck order 100000016",
        "certdeck order 100000016 --json --columns order,status,names",
        "certdeck certs 100000016 --columns role,common_name,expires,status",
        "certdeck order 1",
    ]);
    insta::assert_snapshot!(told);
}

/// Old data never looks like new: where the list cannot be brought up to date nothing is listed, and each cause has its code.
#[test]
fn an_account_that_cannot_be_read_lists_nothing() {
    assert_eq!(DESK.run("certdeck orders -q").code, 0);
    let with = |url: Option<&str>, key: Option<&str>, line: &str| {
        let mut command = DESK.command(&words(line));
        if let Some(url) = url {
            command.env("CERTDECK_URL", url);
        }
        match key {
            Some("") => command.env_remove("CERTDECK_API_KEY"),
            Some(key) => command.env("CERTDECK_API_KEY", key),
            None => &mut command,
        };
        ran(&mut command)
    };
    for (ran, code, word) in [
        (with(None, Some("WRONGKEY1"), "orders"), 8, "API key"),
        (with(None, Some(""), "orders"), 8, "no API key"),
        (
            with(None, Some("WRONGKEY1"), "order 100000016"),
            8,
            "API key",
        ),
        (with(Some(NOBODY), None, "orders"), 7, "127.0.0.1"),
        (
            with(Some(NOBODY), None, "orders --cached"),
            1,
            "without --cached",
        ),
    ] {
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{}", ran.err);
        assert!(ran.err.contains(word), "no `{word}` in {}", ran.err);
    }
    // Without a key what is stored of the only account of the URL is listed offline.
    let offline = with(None, Some(""), "orders --cached -q");
    assert_eq!(offline.code, 0, "{}", offline.err);
    assert_eq!(offline.out.lines().count(), 250);
}

#[test]
fn a_reader_that_has_enough_is_no_error_and_a_full_disk_is_one() {
    let program = env!("CARGO_BIN_EXE_certdeck");
    for (script, code, word) in [
        (
            "\"$0\" orders --csv | head -n 1; exit ${PIPESTATUS[0]}",
            0,
            "",
        ),
        (
            "\"$0\" orders --csv > /dev/full",
            1,
            "could not write the output",
        ),
    ] {
        let mut command = Command::new("bash");
        command.args(["-c", script, program]);
        let desk = DESK.command(&[]);
        let env = desk
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        let ran = ran(command.env_clear().envs(env));
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(word), "{}", ran.err);
        assert!(!word.is_empty() || ran.err.is_empty(), "{}", ran.err);
    }
}

#[test]
fn a_journal_of_nothing_is_empty_and_makes_no_file() {
    let home = Home::new();
    let journal = ran(home
        .command(&["journal", "--json"])
        .env("CERTDECK_URL", NOBODY));
    assert_eq!(journal.code, 0, "{}", journal.err);
    let json: serde_json::Value = serde_json::from_str(&journal.out).unwrap();
    assert_eq!(json["schema"], "certdeck.journal");
    assert_eq!(std::fs::read_dir(home.path("")).unwrap().count(), 0);
}

/// What help shows is what can be typed.
#[test]
fn each_example_works() {
    // Some change the settings of whoever types them.
    let own = Desk::start();
    let url = own.server.sandbox().url();
    let settings = format!("[profiles.acme]\nurl = \"{url}\"\n");
    write(&own.home.config(), &settings, 0o600);
    std::fs::write(own.home.path("key"), own.server.sandbox().key()).unwrap();
    for (command, examples) in EXAMPLES {
        assert!(examples.len() >= 2, "{command} has too few examples");
        for (line, about) in *examples {
            let ran = match *command {
                "demo" => {
                    typed::runs(&words(line), "Orders");
                    continue;
                }
                "sandbox" => {
                    typed::runs(&words(line), "listening on");
                    continue;
                }
                "profile" | "key" | "doctor" => {
                    let key = std::fs::File::open(own.home.path("key")).unwrap();
                    let mut command = own.home.command(&words(line));
                    ran(command.stdin(key).current_dir(own.home.path("")))
                }
                _ => DESK.run(line),
            };
            assert_eq!(ran.code, 0, "{line} ({about}): {}{}", ran.out, ran.err);
        }
        let help = DESK.run(&format!("certdeck {command} --help"));
        assert!(help.out.contains(examples[0].0), "{}", help.out);
    }
}
