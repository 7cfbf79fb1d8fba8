//! What is changed in the settings' file, and what stays.

use super::*;
use crate::config::Region;
use rstest::rstest;

fn name(text: &str) -> ProfileName {
    ProfileName::parse(text).unwrap()
}

fn done<T: std::fmt::Debug>(pending: Result<Pending<T>, ConfigError>) -> T {
    pending.and_then(Pending::write).unwrap()
}

fn us() -> ProfileChange {
    ProfileChange {
        url: Some(Region::Us.base_url()),
        ..ProfileChange::default()
    }
}

#[test]
fn the_first_profile_makes_a_commented_private_file_and_is_the_default() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("certdeck/config.toml");
    assert!(done(add_profile(&path, &name("acme"), &us())));
    let url = BaseUrl::parse("http://127.0.0.1:1/services/v2").unwrap();
    let argv = vec!["echo".to_owned(), "a b".to_owned()];
    let lab = ProfileChange {
        url: Some(url.clone()),
        key_command: Change::Set(argv.clone()),
        ..ProfileChange::default()
    };
    assert!(!done(add_profile(&path, &name("lab"), &lab)));

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let text = std::fs::read_to_string(&path).unwrap();
    // A setting that is uncommented is a setting, and not one of a profile.
    let uncommented = text.replace("# bell = false", "bell = true");
    assert!(uncommented.parse::<DocumentMut>().unwrap()["bell"].is_value());
    let config = Config::load(&path);
    assert_eq!(config.notices, []);
    assert_eq!(config.default_profile, Some(name("acme")));
    let stored = &config.profiles[&name("lab")];
    assert_eq!(stored.url, url);
    assert_eq!(stored.key_command, Some(argv));
    assert!(matches!(
        add_profile(&path, &name("lab"), &lab),
        Err(ConfigError::ProfileExists { .. })
    ));
}

#[test]
fn comments_and_order_survive_every_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let before = "# mine\nprofile = \"b\" # the usual\nbell = true\n\n# the old account\n[profiles.b]\nregion = \"eu\" # Europe\n\n[profiles.a]\nregion = \"us\"\n";
    std::fs::write(&path, before).unwrap();
    use_profile(&path, &name("a")).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, before.replace("\"b\" #", "\"a\" #"));
    done(add_profile(&path, &name("c"), &us()));
    let added = std::fs::read_to_string(&path).unwrap();
    assert_eq!(added, format!("{text}\n[profiles.c]\nregion = \"us\"\n"));
    done(remove_profile(&path, &name("c")));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{text}\n"));
    done(remove_profile(&path, &name("a")));
    let config = Config::load(&path);
    assert_eq!(config.default_profile, None);
    assert_eq!(config.notices, []);
    assert!(config.settings.bell);
}

#[test]
fn a_broken_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "a = 1\nb = \n").unwrap();
    let error = add_profile(&path, &name("a"), &us())
        .unwrap_err()
        .to_string();
    assert!(error.contains("config.toml:2:"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a = 1\nb = \n");
    std::fs::write(&path, "profiles = 3\n").unwrap();
    assert!(add_profile(&path, &name("a"), &us()).is_err());
    assert!(remove_profile(&path, &name("a")).is_err());
}

#[test]
fn what_is_not_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    drop(add_profile(&path, &name("a"), &us()).unwrap());
    assert_eq!(fs_names(folder.path()), Vec::<String>::new());
    done(add_profile(&path, &name("a"), &us()));
    let before = std::fs::read(&path).unwrap();
    drop(remove_profile(&path, &name("a")).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(fs_names(folder.path()), ["config.toml"]);
}

fn fs_names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn what_is_not_closed_is_named_where_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "bell = true\nlog = \"\"\"dark\nnotify = true\n").unwrap();
    let error = add_profile(&path, &name("a"), &us())
        .unwrap_err()
        .to_string();
    assert!(error.contains("config.toml:2:"), "{error}");
}

#[test]
fn a_missing_profile_is_neither_used_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    for result in [
        use_profile(&path, &name("x")),
        remove_profile(&path, &name("x")).map(drop),
    ] {
        assert!(matches!(result, Err(ConfigError::NoSuchProfile { .. })));
    }
    assert!(!path.exists());
}

/// The text after a change.
fn after(before: &str, how: impl FnOnce(&Path) -> Result<(), ConfigError>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, before).unwrap();
    how(&path).unwrap();
    std::fs::read_to_string(&path).unwrap()
}

/// The shapes in which TOML lets a profile stand, with and without `a`.
const SHAPES: [(&str, &str); 6] = [
    (
        "# mine\n\n# the old one\n[profiles.a]\n# in the States\nregion = \"us\" # beside it\n[profiles.b]\nregion = \"us\"\n# the end\n",
        "# mine\n\n# the old one\n# in the States\n[profiles.b]\nregion = \"us\"\n# the end\n",
    ),
    (
        "[profiles]\na = { region = \"us\" }\nb = { region = \"us\" } # b\n",
        "[profiles]\nb = { region = \"us\" } # b\n",
    ),
    (
        "profiles.a.region = \"us\"\nprofiles.b.region = \"us\"\n",
        "profiles.b.region = \"us\"\n",
    ),
    (
        "[profiles]\r\na.region = \"us\"\r\nb.region = \"us\"\r\n",
        "[profiles]\r\nb.region = \"us\"\r\n",
    ),
    (
        "profiles = { a = { region = \"us\" }, b = { region = \"us\" } }\n",
        "profiles = { b = { region = \"us\" } }\n",
    ),
    (
        "[profiles.\"a\"]\nregion = \"us\"\n[profiles.a.more]\nx = 1\n[profiles.\"a.b\"]\nregion = \"us\"\n[profiles.b]\nregion = \"us\"",
        "[profiles.\"a.b\"]\nregion = \"us\"\n[profiles.b]\nregion = \"us\"",
    ),
];

#[test]
fn a_profile_is_found_removed_and_changed_in_whatever_shape_it_stands() {
    for (before, without) in SHAPES {
        let left = after(before, |path| remove_profile(path, &name("a"))?.write());
        assert_eq!(left.replace("{  b", "{ b"), without);
        let mut change = us();
        change.url = Some(Region::Eu.base_url());
        change.key_file = Change::Set("/k".into());
        let edited = after(before, |path| {
            edit_profile(path, &name("a"), &change)?.write().map(drop)
        });
        let config = crate::config::read::parse(Path::new("c"), &edited);
        let a = &config.profiles[&name("a")];
        assert_eq!(a.url, Region::Eu.base_url(), "{edited}");
        assert_eq!(a.key_file.as_deref(), Some(Path::new("/k")), "{edited}");
        assert_eq!(config.profiles[&name("b")].key_file, None, "{edited}");
        for comment in before.split('#').skip(1).filter_map(|c| c.lines().next()) {
            assert!(edited.contains(comment), "{edited}");
        }
        let added = after(before, |path| {
            add_profile(path, &name("c"), &us())?.write().map(drop)
        });
        let config = crate::config::read::parse(Path::new("c"), &added);
        assert_eq!(
            config.notices.len(),
            usize::from(before.contains("more")),
            "{added}"
        );
        assert!(config.profiles.contains_key(&name("c")), "{added}");
    }
}

#[test]
fn a_region_replaces_an_address_and_back() {
    let start = "[profiles.a]\nregion = \"us\" # where\nkey_cache = \"kernel\"\n";
    let url = BaseUrl::parse("http://127.0.0.1:1/services/v2").unwrap();
    let elsewhere = ProfileChange {
        url: Some(url),
        key_cache: Change::Remove,
        key_store: Change::Set(false),
        ..ProfileChange::default()
    };
    let there = after(start, |path| {
        edit_profile(path, &name("a"), &elsewhere)?
            .write()
            .map(drop)
    });
    assert_eq!(
        there,
        "[profiles.a]\nurl = \"http://127.0.0.1:1/services/v2\"\nkey_store = false\n"
    );
    let back = after(&there, |path| {
        edit_profile(path, &name("a"), &us())?.write().map(drop)
    });
    assert_eq!(back, "[profiles.a]\nkey_store = false\nregion = \"us\"\n");
}

#[test]
fn changes_at_once_all_stand_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/config.toml");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let path = &path;
            scope.spawn(move || done(add_profile(path, &name(&format!("p{number}")), &us())));
        }
    });
    assert_eq!(Config::load(&path).profiles.len(), 8);
}

#[rstest]
#[case("/dev/null")]
#[case("/proc/self/pagemap")]
fn what_is_no_file_is_not_replaced(#[case] path: &str) {
    assert!(add_profile(Path::new(path), &name("a"), &us()).is_err());
}
