//! Starting it: help, wrong arguments, no terminal, a wrong address, a wrong log.

use rstest::rstest;

use crate::support::{Home, ran, write};

#[test]
fn help_has_examples_the_settings_file_and_no_value_of_a_variable() {
    let home = Home::new();
    let help = ran(home
        .command(&["--help"])
        .env("CERTDECK_API_KEY", "SECRETVALUE")
        .env("CERTDECK_LOG", "LOGVALUE"));
    assert_eq!(help.code, 0);
    let settings = home.config().display().to_string();
    for word in ["Examples:", "certdeck demo", "CERTDECK_API_KEY", &settings] {
        assert!(help.out.contains(word), "no `{word}` in:\n{}", help.out);
    }
    for value in ["SECRETVALUE", "LOGVALUE"] {
        assert!(!help.out.contains(value), "{}", help.out);
    }
}

#[rstest]
#[case(&["--no-such-thing"])]
#[case(&["no-such-command"])]
#[case(&["profile", "add", "acme"])]
#[case(&["profile", "add", "acme", "--url", "http://example.net/services/v2"])]
#[case(&["--profile", "../acme"])]
#[case(&["key", "set", "THEKEY"])]
fn wrong_arguments_exit_with_2_and_make_nothing(#[case] arguments: &[&str]) {
    let home = Home::new();
    let ran = home.run(arguments);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("error:"), "{}", ran.err);
    assert!(!home.config().exists());
}

#[rstest]
#[case(&[])]
#[case(&["demo"])]
fn without_a_terminal_it_says_so_and_exits_with_2(#[case] arguments: &[&str]) {
    let home = Home::new();
    let ran = ran(home.command(arguments).env("TERM", "xterm"));
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("terminal"), "{}", ran.err);
    assert!(ran.err.contains("ssh -t"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn too_few_open_files_are_a_sentence_for_every_command() {
    let program = env!("CARGO_BIN_EXE_certdeck");
    for limit in [8, 9, 10, 11, 12, 13, 20, 40] {
        for command in ["demo", "doctor", "sandbox --listen 127.0.0.1:0", "key test"] {
            let script = format!("ulimit -n {limit}; exec '{program}' {command}");
            let home = Home::new();
            let mut shell = home.command(&[]);
            let mut under = std::process::Command::new("sh");
            under.args(["-c", &script]);
            under.envs(
                shell
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
            shell = under;
            let ran = ran(&mut shell);
            assert_eq!(ran.code, 2, "{limit} {command}: {}", ran.err);
            assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
            assert!(
                ran.err.contains(&format!("{limit} are allowed")),
                "{}",
                ran.err
            );
            assert!(ran.err.contains("ulimit -n"), "{}", ran.err);
        }
    }
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let home = Home::new();
    let ran = ran(home
        .command(&["key", "test"])
        .env("CERTDECK_URL", "http://example.net/services/v2")
        .env("CERTDECK_API_KEY", "SECRETVALUE"));
    assert_eq!(ran.code, 1);
    for word in ["CERTDECK_URL", "plain http to example.net", "https"] {
        assert!(ran.err.contains(word), "{}", ran.err);
    }
}

#[test]
fn a_log_that_cannot_be_written_is_an_error_and_a_terminal_is_no_log() {
    let home = Home::new();
    for log in ["/dev/null/x.log", "/dev/null", "/proc"] {
        let ran = home.run(&["--log", log, "profile", "list"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(log), "{}", ran.err);
    }
}

#[test]
fn a_wrong_setting_is_told_and_stops_nothing() {
    let home = Home::new();
    write(
        &home.config(),
        "theme = 7\n[profiles.acme]\nregion = \"us\"\n",
        0o600,
    );
    let ran = home.run(&["profile", "list"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("acme"), "{}", ran.out);
    assert!(
        ran.err.contains("config.toml:1: theme: must be"),
        "{}",
        ran.err
    );
}

#[test]
fn the_doctor_works_with_nothing_and_says_what_is_missing() {
    let home = Home::new();
    let ran = home.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for word in ["not a terminal", "does not exist", "certdeck profile add"] {
        assert!(ran.out.contains(word), "no `{word}` in:\n{}", ran.out);
    }
    assert_eq!(ran.err, "");
    assert_eq!(
        std::fs::read_dir(home.path("")).unwrap().count(),
        0,
        "the doctor made a file"
    );
}

/// What a path can lead to that is no file of settings.
#[rstest]
#[case("/dev/zero", "a device")]
#[case("/proc/self/pagemap", "os error")]
#[case("/", "a folder")]
#[case("pipe", "a pipe")]
#[case("missing", "does not exist")]
fn a_file_of_settings_that_is_none_is_told_and_waits_for_nobody(
    #[case] path: &str,
    #[case] word: &str,
) {
    let home = Home::new();
    let pipe = home.path("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let path = home.path("").join(path).display().to_string();
    let ran = home.run(&["--config", &path, "profile", "list"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains(word), "{}", ran.err);
    if path != format!("{}missing", home.path("").display()) {
        assert!(ran.err.contains("--config FILE"), "{}", ran.err);
    }
}

#[rstest]
#[case("key_file = \"/dev/zero\"", "a device", 8)]
#[case("key_file = \"pipe\"", "a pipe", 8)]
#[case("key_file = \"/\"", "a folder", 8)]
#[case("ca_file = \"pipe\"", "a pipe", 1)]
#[case("ca_file = \"/proc/self/pagemap\"", "os error", 1)]
#[case(
    "key_command = [\"sh\", \"-c\", \"sleep 600 & echo KEY\"]",
    "127.0.0.1",
    7
)]
fn files_of_a_profile_that_are_none_are_told_and_waited_for_by_nobody(
    #[case] setting: &str,
    #[case] word: &str,
    #[case] code: i32,
) {
    let home = Home::new();
    let text = format!("[profiles.a]\nurl = \"http://127.0.0.1:1/services/v2\"\n{setting}\n");
    write(&home.config(), &text, 0o600);
    let pipe = home.config().with_file_name("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let mut command = home.command(&["key", "test"]);
    if setting.starts_with("ca_file") {
        command.env("CERTDECK_API_KEY", "MADEUPKEY");
    }
    let ran = ran(&mut command);
    assert_eq!(ran.code, code, "{}", ran.out);
    assert!(ran.err.contains(word), "{}", ran.err);
}

#[test]
fn a_file_of_settings_that_is_missing_is_told_once() {
    let home = Home::new();
    for (arguments, code) in [(&["doctor"][..], 1), (&["profile", "list"], 0)] {
        let named = home.run(&[&["--config", "/nosuch"], arguments].concat());
        assert_eq!(named.code, code);
        let told = named.out + &named.err;
        assert_eq!(told.matches("/nosuch").count(), 1, "{told}");
        assert_eq!(told.matches("using defaults").count(), 1, "{told}");
    }
    // The usual place may be empty.
    let usual = home.run(&["doctor"]).out;
    assert_eq!(usual.matches("using defaults").count(), 1, "{usual}");
    assert!(!usual.contains("BAD  /"), "{usual}");
}

#[test]
fn each_mistake_is_told_by_the_doctor_with_its_line_and_costs_no_profile() {
    let home = Home::new();
    let text = "clipboard = osc52\ntheme = \"dark\nlog = \"/dev/null\"\n[keys.orders]\n\"x\" = \"fly\"\n[profiles.acme]\nregion = \"eu\"\n";
    write(&home.config(), text, 0o600);
    let ran = home.run(&["doctor"]);
    assert_eq!(ran.code, 1);
    for (line, word) in [
        (1, "clipboard: "),
        (2, "theme: "),
        (3, "log: "),
        (5, "keys.orders.x: "),
    ] {
        let told = format!("BAD  {}:{line}: {word}", home.config().display());
        assert!(ran.out.contains(&told), "no `{told}` in:\n{}", ran.out);
    }
    assert!(
        !ran.out
            .contains(&format!("ok   {}", home.config().display()))
    );
    assert!(ran.out.contains("profile `acme`"), "{}", ran.out);
}

/// A DNS server that nobody can reach is named all the same: the doctor asks it nothing.
#[test]
fn the_doctor_names_the_dns_servers_of_the_settings() {
    let home = Home::new();
    let text = "dns_servers = [\"192.0.2.53\", \"[2001:db8::1]:5353\"]\ndns_checks = false\n";
    write(&home.config(), text, 0o600);
    let told = home.run(&["doctor"]).out;
    let line = "ok   DNS checks ask 192.0.2.53, [2001:db8::1]:5353 (from dns_servers in the settings); off \
                (dns_checks is false)";
    assert!(told.contains(line), "{told}");
}

#[rstest]
#[case(&["--profile", "nosuch", "sandbox"])]
#[case(&["--profile", "nosuch", "demo"])]
fn a_profile_means_nothing_to_what_has_no_account_and_is_refused(#[case] arguments: &[&str]) {
    let ran = Home::new().run(arguments);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("--profile"), "{}", ran.err);
}
