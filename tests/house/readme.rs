//! The README and the pages beside it say what is so: their tables are made from the source, and settings that they show are
//! taken.
//!
//! `UPDATE_README=1 cargo test --test house readme` writes the tables anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use certdeck::config::Config;
use certdeck::keys::{Action, Chord, KeyMap, Place};
use certdeck::runtime::clipboard::WARN_ABOVE;
use certdeck::runtime::options::keymap;
use certdeck::sandbox::{Endpoint, FAULTS_HELP, INVENTED, NeededBy, Verb};

/// What writes the tables anew.
pub const UPDATE: &str = "UPDATE_README=1 cargo test --test house readme";

/// The places whose keys the README shows: what a day needs.
const DAILY: &[Place] = &[
    Place::Everywhere,
    Place::Rows,
    Place::Lists,
    Place::Orders,
    Place::Order,
    Place::Form,
];

/// A page, and the sections of it that are made: the name of each, and what belongs there.
type Page = (&'static str, Vec<(&'static str, String)>);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a page.
pub fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Every page of the repository, by its path.
pub fn pages() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "assets/"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|end| end == "md") {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found.sort();
    found
}

/// Every made section.
fn sections() -> Vec<Page> {
    vec![
        ("README.md", vec![("daily", keys(DAILY))]),
        ("CONTRIBUTING.md", vec![("rooms", rooms())]),
        (
            "assets/keys.md",
            vec![("keys", keys(Place::ALL)), ("actions", actions())],
        ),
        (
            "assets/clipboard.md",
            vec![("clipboard", tables("src/runtime/clipboard/plan.rs"))],
        ),
        (
            "assets/sandbox.md",
            vec![
                ("staff", tables("src/sandbox/foundation.rs")),
                ("faults", format!("```text\n{FAULTS_HELP}```\n")),
                ("endpoints", endpoints()),
                ("differences", differences()),
                ("invented", invented()),
            ],
        ),
    ]
}

/// Blanks and bars that a table's cell may hold.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A row a place, its keys in the order of the table of keys.
fn keys(places: &[Place]) -> String {
    let mut out = String::from("| where | in the settings | keys |\n| --- | --- | --- |\n");
    let map = KeyMap::default();
    for place in places {
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
            let _ = writeln!(
                out,
                "| {} | `{}` | {} |",
                place.heading(),
                place.name(),
                keys.join(" · ")
            );
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

/// The tables of a file's head.
fn tables(path: &str) -> String {
    doc(path, |line| line.starts_with('|') || line.is_empty())
}

/// What the sandbox says of itself, from its confessions on.
fn differences() -> String {
    let all = doc("src/sandbox/mod.rs", |_| true);
    let from = all.find("What it invents").unwrap();
    all[from..]
        .replace("[`INVENTED`]", "listed below")
        .replace("[`foundation`]", "the tables above")
}

/// A row an endpoint, with who needs it.
fn endpoints() -> String {
    let mut out = String::from(
        "| name | method | path below `/services/v2` | needed by |\n| --- | --- | --- | --- |\n",
    );
    for endpoint in Endpoint::ALL {
        let (verb, path) = endpoint.route();
        let verb = match verb {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Delete => "DELETE",
        };
        let needed_by = match endpoint.needed_by() {
            NeededBy::Certdeck => "certdeck",
            NeededBy::Documents => "the documentation",
            NeededBy::Clients => "other clients",
        };
        let _ = writeln!(
            out,
            "| `{}` | {verb} | `{path}` | {needed_by} |",
            endpoint.name()
        );
    }
    out
}

/// What certdeck asks for has the paths that its source names; the rest is served for others.
#[test]
fn an_endpoint_says_who_needs_it() {
    let mut called = Vec::new();
    for folder in ["src/certcentral", "src/domain", "src/app"] {
        for (_, text) in crate::files(folder) {
            let code = text.split("\nmod tests {").next().unwrap_or_default();
            called.extend(code.split('"').map(path_of));
        }
    }
    let wrong: Vec<&str> = Endpoint::ALL
        .iter()
        .filter(|endpoint| {
            let is_called = called.iter().any(|path| path == endpoint.route().1);
            is_called != (endpoint.needed_by() == NeededBy::Certdeck)
        })
        .map(|endpoint| endpoint.name())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A text of the source as a path of the table: `{}` for what is put in, without the query.
fn path_of(text: &str) -> String {
    let mut path = String::new();
    let mut inside = false;
    for c in text.trim_start_matches('/').chars() {
        match c {
            '?' => break,
            '{' => {
                inside = true;
                path.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            c => path.push(c),
        }
    }
    path
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
    tables("src/lib.rs").replace("[`", "`").replace("`]", "`")
}

/// `page` with `content` in the section `name`.
fn with(page: &str, name: &str, content: &str) -> Option<String> {
    let (open, close) = (
        format!("<!-- made: {name} -->\n"),
        format!("<!-- /{name} -->"),
    );
    let start = page.find(&open)? + open.len();
    let end = start + page[start..].find(&close)?;
    Some(format!("{}\n{content}\n{}", &page[..start], &page[end..]))
}

#[test]
fn pages_are_in_step_with_the_source() {
    let update = std::env::var_os("UPDATE_README").is_some();
    for (path, sections) in sections() {
        let is = page(path);
        let made = is.matches("<!-- made: ").count();
        assert_eq!(made, sections.len(), "{path} has other sections");
        let mut should = is.clone();
        for (name, content) in sections {
            should = with(&should, name, &content)
                .unwrap_or_else(|| panic!("{path} has no section made of {name}"));
        }
        if update {
            std::fs::write(root().join(path), should).unwrap();
            continue;
        }
        let differs = is
            .lines()
            .zip(should.lines())
            .find(|(is, should)| is != should);
        assert!(
            is == should,
            "{path} is not in step: {differs:?}\n`{UPDATE}` mends it"
        );
    }
}

#[test]
fn the_clipboard_page_has_the_limit_of_the_source() {
    let page = page("assets/clipboard.md").replace(',', "");
    assert!(page.contains(&format!("certdeck warns above {WARN_ABOVE}")));
}

/// The settings that the pages show, `name = value`, each with the table that it named before.
fn settings_shown() -> Vec<(String, String)> {
    let mut shown = Vec::new();
    for page in pages().iter().map(|path| page(path)) {
        let mut table = String::new();
        let mut is_code = false;
        let prose: Vec<&str> = page
            .lines()
            .filter(|line| {
                let is_fence = line.starts_with("```");
                is_code ^= is_fence;
                !is_fence && !is_code
            })
            .collect();
        for span in prose.join(" ").split('`').skip(1).step_by(2) {
            if span.starts_with('[') && span.ends_with(']') {
                span.clone_into(&mut table);
            } else if span.contains(" = ") {
                shown.push((table.clone(), span.to_owned()));
            }
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
        3,
        "another one is shown: say here what is seen of it\n{shown:?}"
    );
    let before = KeyMap::default();
    let x = Chord::parse("x").unwrap();
    for (table, setting) in shown {
        let config = read(&format!("{table}\n{setting}\n"));
        assert_eq!(config.notices, [], "{table} {setting}");
        if setting == "dns_checks = false" {
            assert!(!config.settings.dns_checks);
            continue;
        }
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
fn a_section_is_replaced_and_nothing_else() {
    let readme = "a\n<!-- made: x -->\nold\n<!-- /x -->\nb";
    assert_eq!(
        with(readme, "x", "new\n").as_deref(),
        Some("a\n<!-- made: x -->\n\nnew\n\n<!-- /x -->\nb")
    );
    assert_eq!(with(readme, "y", "new\n"), None);
}
