//! What the operator's file gives, and what it says about the mistakes in it.

use super::*;
use crate::config::{DEFAULT_CONFIG, Env, ServedName};

fn read(text: &str) -> Config {
    parse(Path::new("/etc/certdeck/config.toml"), text)
}

fn notices(text: &str) -> Vec<String> {
    read(text).notices.iter().map(Notice::to_string).collect()
}

fn name(text: &str) -> ProfileName {
    ProfileName::parse(text).unwrap()
}

#[test]
fn everything_that_can_be_said_is_taken() {
    let config = read(
        r#"
profile = "acme"
clipboard = "command"
copy_command = ["wl-copy", "-n"]
theme = "light"
bell = true
notify = false
dns_servers = ["192.0.2.53", "[2001:db8::1]:5353"]
dns_checks = false
download_dir = "certs"
log = "/var/log/certdeck.log"

[csr]
country = "DE"
organization = "Beispiel GmbH"

[served]
"shop.example.net" = ["lb1.internal:443", "smtp://mx1"]
"*.example.net" = { at = [], auto = "duplicate-or-renew" }

[keys.orders]
"x" = "duplicate"

[after_issue]
command = ["/usr/local/bin/install-cert", "--all"]
window = "Sun 02:00-04:00"

[profiles.acme]
region = "eu"
key_command = ["pass", "show", "digicert"]
key_cache = "kernel"

[profiles.lab]
url = "http://127.0.0.1:8080/services/v2/"
key_file = "keys/lab.key"
key_store = true
ca_file = "/etc/ssl/lab.pem"
after_issue = { command = ["reload"], time_limit = 60 }
"#,
    );
    assert_eq!(config.notices, []);
    assert_eq!(config.default_profile, Some(name("acme")));
    assert_eq!(
        config.settings,
        Settings {
            clipboard: ClipboardChoice::Command,
            copy_command: Some(vec!["wl-copy".into(), "-n".into()]),
            theme: Theme::Light,
            bell: true,
            notify: false,
            dns_servers: vec![
                "192.0.2.53:53".parse().unwrap(),
                "[2001:db8::1]:5353".parse().unwrap(),
            ],
            dns_checks: false,
            download_dir: Some("/etc/certdeck/certs".into()),
            log: Some(LogFile {
                path: "/var/log/certdeck.log".into(),
                line: 11,
            }),
            csr: CsrSubject {
                country: Some("DE".into()),
                organization: Some("Beispiel GmbH".into()),
                ..CsrSubject::default()
            },
            served: vec![
                ServedName {
                    name: "shop.example.net".into(),
                    endpoints: vec!["lb1.internal:443".into(), "smtp://mx1".into()],
                    auto: false,
                    line: 18,
                },
                ServedName {
                    name: "*.example.net".into(),
                    endpoints: Vec::new(),
                    auto: true,
                    line: 19,
                },
            ],
            keys: vec![KeyBinding {
                place: "orders".into(),
                key: "x".into(),
                command: "duplicate".into(),
                line: 22,
            }],
            after_issue: Some(AfterIssue {
                command: vec!["/usr/local/bin/install-cert".into(), "--all".into()],
                window: Some("Sun 02:00-04:00".into()),
                time_limit: AfterIssue::TIME_LIMIT,
                line: 24,
            }),
        }
    );
    let acme = &config.profiles[&name("acme")];
    assert_eq!(acme.url, Region::Eu.base_url());
    assert_eq!(acme.key_cache, Some(KeyCache::Kernel));
    assert!(acme.uses_key_store());
    let lab = &config.profiles[&name("lab")];
    assert_eq!(lab.url.as_str(), "http://127.0.0.1:8080/services/v2");
    assert_eq!(
        lab.key_file.as_deref(),
        Some(Path::new("/etc/certdeck/keys/lab.key"))
    );
    assert!(lab.uses_key_store());
    let own = lab.after_issue.as_ref().unwrap();
    assert_eq!(own.command, ["reload"]);
    assert_eq!(own.time_limit, 60);
}

#[test]
fn a_command_after_issue_that_cannot_be_read_whole_runs_nothing() {
    for (wrong, says) in [
        ("command = [\"./install\"]", "absolute path"),
        ("command = \"/bin/install\"", "list of strings"),
        ("window = \"Sun 02:00-04:00\"", "needs a command"),
        ("command = [\"/bin/install\"]\ntime_limit = 0", "seconds"),
        ("command = [\"/bin/install\"]\nwindow = 2", "quoted string"),
    ] {
        let config = read(&format!("[after_issue]\n{wrong}\n"));
        let command = config.settings.after_issue.map(|all| all.command);
        assert_eq!(command, Some(Vec::new()), "{wrong}");
        let said: Vec<String> = config.notices.iter().map(Notice::to_string).collect();
        assert!(
            said.iter().any(|one| one.contains(says)),
            "{wrong}: {said:?}"
        );
    }
}

#[test]
fn a_wrong_setting_keeps_its_default_and_names_its_line() {
    let text = "bell = \"loud\"\nclipboard = \"osc-52\"\ntheme = \"dark\"\ncolour = 1\n";
    let config = read(text);
    assert_eq!(
        config.settings,
        Settings {
            theme: Theme::Dark,
            ..Settings::default()
        }
    );
    let said: Vec<String> = config.notices.iter().map(Notice::to_string).collect();
    assert_eq!(
        said[..2],
        [
            "/etc/certdeck/config.toml:1: bell: must be true or false",
            "/etc/certdeck/config.toml:2: clipboard: must be \"auto\" or \"tmux\" or \"osc52\" or \"native\" or \"command\" or \"off\"",
        ]
    );
    assert!(
        said[2].starts_with("/etc/certdeck/config.toml:4: colour: unknown setting"),
        "{}",
        said[2]
    );
    assert_eq!(said.len(), 3);
}

#[test]
fn a_profile_without_a_usable_address_is_left_out_and_told() {
    let said = notices(
        "[profiles.a]\nregion = \"mars\"\n[profiles.b]\nurl = \"http://example.net/\"\n[profiles.c]\n[profiles.d]\nregion = \"us\"\nurl = \"https://x.example/\"\n[profiles.\"..\"]\nregion = \"us\"\n",
    );
    assert_eq!(said.len(), 5, "{said:#?}");
    for (notice, begin) in said.iter().zip([
        "/etc/certdeck/config.toml:2: profiles.a.region: must be \"us\" or \"eu\"",
        "/etc/certdeck/config.toml:4: profiles.b.url: plain http to example.net",
        "/etc/certdeck/config.toml:5: profiles.c: needs region",
        "/etc/certdeck/config.toml:8: profiles.d.url: a profile has a region or a url",
        "/etc/certdeck/config.toml:9: profiles...: a profile's name is",
    ]) {
        assert!(notice.starts_with(begin), "{notice}\nnot\n{begin}");
    }
}

#[test]
fn one_mistake_in_a_profile_costs_itself_and_hides_no_other() {
    let others = "key_store = 7\nkey_cache = \"k\"\nca_file = 5\n";
    for (address, first) in [
        (
            "region = \"eu\"\nurl = \"https://x.example/\"\n",
            Some("eu"),
        ),
        (
            "url = \"https://certcentral.digicert.eu/services/v2\"\nregion = \"us\"\n",
            Some("eu"),
        ),
        ("url = \"http://x.example/\"\nregion = \"eu\"\n", Some("eu")),
        ("region = \"mars\"\nurl = 5\n", None),
        ("region = eu\n", None),
        ("url = \"x\n", None),
    ] {
        for text in [format!("{address}{others}"), format!("{others}{address}")] {
            let text =
                format!("profile = \"a\"\n[profiles.a]\n{text}[profiles.b]\nregion = \"us\"\n");
            let config = read(&text);
            let said: Vec<String> = config.notices.iter().map(Notice::to_string).collect();
            let all = said.join("\n");
            for name in ["key_store", "key_cache", "ca_file"] {
                assert!(all.contains(&format!("profiles.a.{name}: ")), "{all}");
            }
            let wrong = if text.contains("mars") { 2 } else { 1 };
            assert_eq!(said.len(), 3 + wrong, "{all}");
            assert!(config.profiles.contains_key(&name("b")), "{all}");
            let found = config.profiles.get(&name("a"));
            let region = found.and_then(|found| found.url.region());
            assert_eq!(region.map(Region::word), first, "{all}");
            // A profile without an address is known by its name, and what to do is told.
            let asked = config.profile(None, &Env::fixed([]));
            if first.is_some() {
                assert_eq!(asked.unwrap().unwrap().name, name("a"));
                continue;
            }
            let told = asked.unwrap_err().to_string();
            assert!(told.contains("profile edit a --region us"), "{told}");
            assert!(config.unusable.contains(&name("a")));
        }
    }
}

#[test]
fn a_setting_that_needs_another_names_its_own_line() {
    let said = notices("bell = true\n\nclipboard = \"command\"\n");
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("config.toml:3: clipboard: "),
        "{}",
        said[0]
    );
}

#[test]
fn dns_servers_are_all_taken_or_none() {
    for list in [
        "[\"192.0.2.53\", \"dns.example.net\"]",
        "[\"192.0.2.53\", 53]",
        "\"192.0.2.53\"",
        "[\"192.0.2.1\", \"192.0.2.2\", \"192.0.2.3\", \"192.0.2.4\"]",
    ] {
        let text = format!("bell = true\ndns_servers = {list}\n");
        assert_eq!(read(&text).settings.dns_servers, [], "{list}");
        assert_eq!(
            notices(&text),
            [
                "/etc/certdeck/config.toml:2: dns_servers: must be a list of at most three IP addresses, with a port if it \
                 is not 53: [\"192.0.2.53\", \"[2001:db8::1]:5353\"]"
            ],
            "{list}"
        );
    }
    assert_eq!(read("dns_servers = []\n").notices, []);
    let off = read("dns_checks = \"no\"\n");
    assert!(off.settings.dns_checks, "a mistake leaves the default");
    assert_eq!(off.notices.len(), 1);
}

#[test]
fn endpoints_are_lists_under_whole_names() {
    let text = "[served]\nshop.example.net = [\"lb1\"]\n\"a.example.net\" = \"lb1\"\n\"b.example.net\" = [1]\n\
        \"c.example.net\" = [\"lb1:8443\"]\n";
    let config = read(text);
    let names: Vec<&str> = config
        .settings
        .served
        .iter()
        .map(|one| &*one.name)
        .collect();
    assert_eq!(names, ["c.example.net"]);
    let said: Vec<String> = config.notices.iter().map(Notice::to_string).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].contains("put the whole name in quotes"),
        "{}",
        said[0]
    );
    assert!(
        said[1].contains("must be a list of endpoints"),
        "{}",
        said[1]
    );
    assert!(notices("served = 1\n")[0].contains("must be a table"));
    let said = notices(
        "[served]\n\"a.example\" = { at = \"lb1\" }\n\"b.example\" = { auto = true }\n\"c.example\" = { on = [] }\n",
    );
    for (said, words) in said
        .iter()
        .zip(["list of endpoints", "duplicate-or-renew", "unknown"])
    {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(said.len(), 3);
}

#[test]
fn a_key_in_the_file_is_not_taken_and_not_repeated() {
    let said = notices("[profiles.a]\nregion = \"us\"\napi_key = \"hunter2hunter2\"\n");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("certdeck key set"), "{}", said[0]);
    assert!(!said[0].contains("hunter2"), "{}", said[0]);
}

/// The lines of the default file behind this mark, as if they were uncommented.
fn uncommented(mark: &str) -> String {
    let lines = DEFAULT_CONFIG
        .lines()
        .filter_map(|line| line.strip_prefix(mark));
    let settings = lines.filter(|line| {
        let name = line.split(" = ").next().unwrap_or_default();
        line.starts_with('[') || (line.contains(" = ") && !name.contains(' '))
    });
    settings.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_commented_out_is_the_default() {
    assert_eq!(
        read(DEFAULT_CONFIG),
        empty(Path::new("/etc/certdeck/config.toml"))
    );
    let defaults = uncommented("# ");
    assert_eq!(
        read(&defaults),
        empty(Path::new("/etc/certdeck/config.toml")),
        "{defaults}"
    );
    // All of them: each setting that certdeck knows is there, as a default or as an example.
    let all = format!("{defaults}\n{}", uncommented("#     "));
    let said =
        notices("unknown = 1\n[csr]\nunknown = 1\n[profiles.acme]\nregion = \"us\"\nunknown = 1\n");
    assert_eq!(said.len(), 3, "{said:#?}");
    for said in said {
        let known = said.split("known settings: ").nth(1).unwrap();
        for name in known.split(", ") {
            let there = all.contains(&format!("{name} = ")) || all.contains(&format!("[{name}"));
            assert!(there || name == "url", "{name} is not in the file");
        }
    }
}

#[test]
fn each_example_is_taken_and_changes_what_it_says() {
    let examples = uncommented("#     ");
    let config = read(&examples);
    assert_eq!(config.notices, [], "{examples}");
    assert_eq!(config.default_profile, Some(name("acme")));
    let count = examples.lines().filter(|line| line.contains(" = ")).count();
    assert_eq!(
        count, 24,
        "an example was added: say here what it changes\n{examples}"
    );
    // One taken away, and something is as if it were not set.
    for line in examples.lines().filter(|line| line.contains(" = ")) {
        let less = examples.replace(&format!("{line}\n"), "\n");
        let less = less.strip_suffix(line).unwrap_or(&less);
        let without = read(less);
        assert_ne!(
            (
                &without.settings,
                &without.profiles,
                &without.default_profile
            ),
            (&config.settings, &config.profiles, &config.default_profile),
            "{line} changes nothing"
        );
    }
    let after_issue = config.settings.after_issue.as_ref().unwrap();
    assert_eq!(after_issue.name(), "install-cert");
    assert_eq!(after_issue.time_limit, 60);
    let [name, wildcard, auto] = &config.settings.served[..] else {
        panic!("{:?}", config.settings.served);
    };
    assert_eq!((&*name.name, name.endpoints.len()), ("www.example.com", 3));
    assert_eq!(wildcard.endpoints, ["[2001:db8::1]:443"]);
    assert!(auto.auto && !name.auto && auto.endpoints == ["lb2.internal:443"]);
    let [binding] = &config.settings.keys[..] else {
        panic!("{:?}", config.settings.keys);
    };
    assert_eq!(
        (&*binding.place, &*binding.key, &*binding.command),
        ("orders", "x", "duplicate")
    );
}

#[test]
fn a_profile_is_found_by_name_by_default_or_because_it_is_the_only_one() {
    let env = Env::fixed([]);
    let two = read("[profiles.a]\nregion = \"us\"\n[profiles.b]\nregion = \"eu\"\n");
    assert_eq!(two.profile(None, &env).unwrap(), None);
    let b = two.profile(Some(&name("b")), &env).unwrap().unwrap();
    assert_eq!(b.url, Region::Eu.base_url());
    let error = two.profile(Some(&name("c")), &env).unwrap_err().to_string();
    assert!(error.contains("known: a, b"), "{error}");

    let one = read("[profiles.a]\nregion = \"us\"\n");
    assert_eq!(one.profile(None, &env).unwrap().unwrap().name, name("a"));
    assert_eq!(read("").profile(None, &env).unwrap(), None);
}

#[test]
fn the_url_of_the_environment_wins_and_is_checked() {
    let config = read("[profiles.a]\nregion = \"us\"\n");
    let env = Env::fixed([("CERTDECK_URL", "http://127.0.0.1:9/services/v2")]);
    let a = config.profile(None, &env).unwrap().unwrap();
    assert_eq!(
        (a.name, a.url.as_str(), a.url_overridden),
        (name("a"), "http://127.0.0.1:9/services/v2", true)
    );
    let alone = read("").profile(None, &env).unwrap().unwrap();
    assert_eq!(alone.name, ProfileName::fallback());

    let env = Env::fixed([("CERTDECK_URL", "http://example.net/")]);
    let error = config.profile(None, &env).unwrap_err().to_string();
    assert!(error.contains("CERTDECK_URL"), "{error}");
}
