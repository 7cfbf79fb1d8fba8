//! The README says what is so: its tables are made from the source, and the files it names are there.
//!
//! `UPDATE_README=1 cargo test --test house readme` writes the tables anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use certdeck::keys::{Action, KeyMap, Place};
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
