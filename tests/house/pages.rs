//! What the pages name is there: files, tests, terms of the filter. And the README is short.

use std::path::Path;

use certdeck::app::orders::filter::Filter;

use crate::files;
use crate::readme::{UPDATE, page, pages};

/// Words that are read in five minutes.
const FIVE_MINUTES: usize = 5 * 250;

/// Files that a change touches, at most.
const MOST_FILES: usize = 4;

fn exists(path: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()
}

/// Where the links of a page lead, from the repository's root.
fn links(path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    page(path)
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.starts_with("http") && !target.starts_with('#'))
        .map(|target| Path::new(folder).join(target).display().to_string())
        .collect()
}

/// What stands between backticks, code blocks aside.
fn spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether a span names a file or a folder of the repository.
fn is_path(span: &str) -> bool {
    let starts = ["src/", "tests/", "assets/", ".ci/"];
    let is_one = !span.contains([' ', '*', '<']);
    let end = Path::new(span).extension().unwrap_or_default();
    let is_root = !span.contains('/') && (end == "toml" || end == "md");
    is_one && (starts.iter().any(|start| span.starts_with(start)) || is_root)
}

#[test]
fn links_lead_to_files_and_the_readme_to_every_page() {
    let mut named = 0;
    for path in pages() {
        for target in links(&path) {
            named += 1;
            assert!(exists(&target), "{path}: {target} is not there");
        }
    }
    assert!(named > 10, "only {named} files are named");
    let door = links("README.md");
    for path in pages().iter().filter(|path| *path != "README.md") {
        assert!(door.contains(path), "the README does not lead to {path}");
    }
    assert!(
        page("CONTRIBUTING.md").contains(UPDATE),
        "nobody says how the tables are made"
    );
}

#[test]
fn contributing_names_files_that_are_there() {
    let text = page("CONTRIBUTING.md");
    let named: Vec<&str> = spans(&text)
        .into_iter()
        .filter(|span| is_path(span))
        .collect();
    for path in &named {
        assert!(exists(path), "CONTRIBUTING.md: {path} is not there");
    }
    assert!(named.len() > 30, "only {} files are named", named.len());
}

#[test]
fn contributing_names_tests_and_benches_that_are_there() {
    let text = page("CONTRIBUTING.md");
    let after = |flag: &str| -> Vec<String> {
        text.split(&format!("{flag} "))
            .skip(1)
            .filter_map(|rest| rest.split([' ', '`', ';']).next())
            .map(str::to_owned)
            .collect()
    };
    let (tests, benches, modules) = (after("--test"), after("--bench"), after("--lib"));
    assert!(!tests.is_empty() && !benches.is_empty() && !modules.is_empty());
    for test in tests {
        assert!(exists(&format!("tests/{test}/main.rs")), "--test {test}");
    }
    for bench in benches {
        assert!(
            exists(&format!("tests/bench/{bench}.rs")),
            "--bench {bench}"
        );
    }
    for module in modules {
        let file = format!("{}.rs", module.replace("::", "/"));
        let is_there = files("src").iter().any(|(path, _)| path.ends_with(&file));
        assert!(is_there, "--lib {module}");
    }
}

#[test]
fn contributing_names_every_folder_of_tests() {
    let text = page("CONTRIBUTING.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.join("main.rs").exists() || name == "bench" {
            assert!(
                text.contains(&format!("| `tests/{name}` |")),
                "tests/{name}"
            );
        }
    }
}

#[test]
fn a_change_touches_four_files_at_most() {
    let text = page("CONTRIBUTING.md");
    let rows: Vec<&str> = text
        .split("| change | files | tests |")
        .nth(1)
        .unwrap()
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert!(rows.len() >= 5, "only {} changes are told", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let touched = spans(cells[2]).into_iter().filter(|span| is_path(span));
        let touched = touched.count();
        assert!(
            (1..=MOST_FILES).contains(&touched),
            "{touched} files: {row}"
        );
    }
}

#[test]
fn the_readme_is_read_in_five_minutes() {
    let text = page("README.md");
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric));
    let words = words.count();
    assert!(words <= FIVE_MINUTES, "{words} words");
}

/// Whether the filter knows a field: what it does not know, it names.
fn is_field(word: &str) -> bool {
    let read = Filter::parse(&format!("{word}:x"), &[]);
    !word.is_empty() && !read.is_err_and(|error| error.word.trim_end_matches(':') == word)
}

#[test]
fn the_page_of_the_filter_has_every_field_and_terms_that_are_understood() {
    let text = page("assets/filter.md");
    let table = text.split("| term | finds |").nth(1).unwrap();
    let terms: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| spans(line.split(" | ").next().unwrap()))
        .collect();
    for term in &terms {
        let read = Filter::parse(term, &[]);
        assert!(read.is_ok(), "{term}: {read:?}");
    }
    let unknown = Filter::parse("nosuchfield:x", &[]).unwrap_err();
    let fields: Vec<&str> = unknown
        .why
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| is_field(word))
        .collect();
    assert!(fields.len() > 10, "{}", unknown.why);
    for field in fields {
        let is_told = terms.iter().any(|term| {
            term.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with([':', '<', '>', '=']))
        });
        assert!(is_told, "{field} is not on the page");
    }
}

#[test]
fn the_toolchain_is_the_oldest_that_builds_it() {
    let read = |path: &str| -> toml::Table { page(path).parse().unwrap() };
    let oldest = read("Cargo.toml")["package"]["rust-version"].clone();
    let pinned = read("rust-toolchain.toml")["toolchain"]["channel"].clone();
    let (oldest, pinned) = (oldest.as_str().unwrap(), pinned.as_str().unwrap());
    assert!(
        pinned.starts_with(&format!("{oldest}.")),
        "{pinned} is not of {oldest}"
    );
    assert!(page("README.md").contains(&format!(") {oldest} or newer")));
}
