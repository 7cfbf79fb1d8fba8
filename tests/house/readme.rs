//! The README says what is so: its tables are made from the source, and the files it names are there.
//!
//! `UPDATE_README=1 cargo test --test house readme` writes the tables anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use certdeck::config::Config;
use certdeck::keys::{Action, Chord, KeyMap, Place};
use certdeck::runtime::options::keymap;
use certdeck::sandbox::{FAULTS_HELP, INVENTED};

const UPDATE: &str = "UPDATE_README=1 cargo test --test house readme";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every made section: its name, and what belongs there.
fn sections() -> Vec<(&'static str, String)> {
    vec![
        ("keys", keys()),
        ("actions", actions()),
        (
            "staff",
            doc("src/sandbox/foundation.rs", |line| {
                line.starts_with('|') || line.is_empty()
            }),
        ),
        ("faults", format!("```text\n{FAULTS_HELP}```\n")),
        ("differences", differences()),
        ("invented", invented()),
        ("rooms", rooms()),
    ]
}

/// Blanks and bars that a table's cell may hold.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A row a place, in the order of the table of keys.
fn keys() -> String {
    let mut out = String::from("| where | keys |\n| --- | --- |\n");
    let map = KeyMap::default();
    for place in Place::ALL {
        let keys: Vec<String> = map
            .rows(*place)
            .map(|(keys, binding)| {
                let keys: Vec<String> = keys
                    .split(' ')
                    .map(|key| format!("`{}`", cell(key)))
                    .collect();
                format!("{} {}", keys.join(" "), binding.label)
            })
            .collect();
        if !keys.is_empty() {
            let _ = writeln!(out, "| {} | {} |", place.name(), keys.join(" · "));
        }
    }
    out
}

fn actions() -> String {
    let names: Vec<String> = Action::ALL
        .iter()
        .map(|action| format!("`{}`", action.name()))
        .collect();
    format!("{}\n", names.join(" "))
}

/// The lines of a file's head that are taken.
fn doc(path: &str, taken: fn(&str) -> bool) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .filter(|line| taken(line))
        .collect();
    let mut lines = lines.join("\n");
    while lines.contains("\n\n\n") {
        lines = lines.replace("\n\n\n", "\n\n");
    }
    format!("{}\n", lines.trim())
}

/// What the sandbox says of itself, from its confessions on.
fn differences() -> String {
    let all = doc("src/sandbox/mod.rs", |_| true);
    let from = all.find("What it invents").unwrap();
    all[from..]
        .replace("[`INVENTED`]", "listed below")
        .replace("[`foundation`]", "the tables above")
}

fn invented() -> String {
    let mut out = String::from("| status | code | when |\n| --- | --- | --- |\n");
    for row in INVENTED {
        let _ = writeln!(
            out,
            "| {} | `{}` | {} |",
            row.status,
            cell(row.code),
            cell(row.when)
        );
    }
    out
}

/// The rooms as the library's door names them.
fn rooms() -> String {
    let table = doc("src/lib.rs", |line| line.starts_with('|'));
    table.replace("[`", "`").replace("`]", "`")
}

/// `readme` with `content` in the section `name`.
fn with(readme: &str, name: &str, content: &str) -> Option<String> {
    let (open, close) = (
        format!("<!-- made: {name} -->\n"),
        format!("<!-- /{name} -->"),
    );
    let start = readme.find(&open)? + open.len();
    let end = start + readme[start..].find(&close)?;
    Some(format!(
        "{}\n{content}\n{}",
        &readme[..start],
        &readme[end..]
    ))
}

#[test]
fn readme_is_in_step_with_the_source() {
    let path = root().join("README.md");
    let is = std::fs::read_to_string(&path).unwrap();
    let mut should = is.clone();
    for (name, content) in sections() {
        should = with(&should, name, &content)
            .unwrap_or_else(|| panic!("README.md has no section made of {name}"));
    }
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path, should).unwrap();
        return;
    }
    let differs = is
        .lines()
        .zip(should.lines())
        .find(|(is, should)| is != should);
    assert!(
        is == should,
        "README.md is not in step: {differs:?}\n`{UPDATE}` mends it"
    );
}

/// The settings that the README shows, `name = value`, each with the table that it named before.
fn settings_shown() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut table = String::new();
    let mut shown = Vec::new();
    let mut is_code = false;
    let prose: Vec<&str> = readme
        .lines()
        .filter(|line| {
            let is_fence = line.starts_with("```");
            is_code ^= is_fence;
            !is_fence && !is_code
        })
        .collect();
    for span in prose.join("\n").split('`').skip(1).step_by(2) {
        if span.starts_with('[') && span.ends_with(']') {
            span.clone_into(&mut table);
        } else if span.contains(" = ") {
            shown.push((table.clone(), span.to_owned()));
        }
    }
    shown
}

#[test]
fn each_setting_that_is_shown_is_taken_and_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Config::load(&path)
    };
    let shown = settings_shown();
    assert_eq!(
        shown.len(),
        2,
        "another one is shown: say here what is seen of it\n{shown:?}"
    );
    let before = KeyMap::default();
    let x = Chord::parse("x").unwrap();
    for (table, setting) in shown {
        let config = read(&format!("{table}\n{setting}\n"));
        assert_eq!(config.notices, [], "{table} {setting}");
        let (map, wrong) = keymap(&config.settings.keys);
        assert_eq!(wrong, [], "{table} {setting}");
        let does = |map: &KeyMap| map.resolve(&[Place::Orders, Place::Order], x);
        if setting.contains("none") {
            // Taken away where it was given.
            let given = read(&format!("{table}\n\"d\" = \"none\"\n"));
            let (map, _) = keymap(&given.settings.keys);
            let d = Chord::parse("d").unwrap();
            let does = |map: &KeyMap| map.resolve(&[Place::Orders, Place::Order], d);
            assert_eq!(does(&before), Some(Action::Duplicate));
            assert_eq!(does(&map), None);
        } else {
            assert_ne!(does(&before), Some(Action::Duplicate));
            assert_eq!(does(&map), Some(Action::Duplicate), "{setting}");
        }
    }
}

#[test]
fn readme_names_files_that_are_there() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut named = 0;
    for target in readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        if target.starts_with("http") || target.starts_with('#') {
            continue;
        }
        named += 1;
        assert!(
            Path::new(&root()).join(target).exists(),
            "{target} is not there"
        );
    }
    assert!(named > 3, "only {named} files are named");
    assert!(
        readme.contains(UPDATE),
        "the README says how its tables are made"
    );
}

#[test]
fn a_section_is_replaced_and_nothing_else() {
    let readme = "a\n<!-- made: x -->\nold\n<!-- /x -->\nb";
    assert_eq!(
        with(readme, "x", "new\n").as_deref(),
        Some("a\n<!-- made: x -->\n\nnew\n\n<!-- /x -->\nb")
    );
    assert_eq!(with(readme, "y", "new\n"), None);
}
