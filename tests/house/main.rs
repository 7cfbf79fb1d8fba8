//! Holds the house up: which room may name which, what the pure rooms may not name, how long a file may be.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

mod counts;
mod docs;
mod features;
mod pages;
mod parts;
mod readme;
mod rules;
mod source;
mod words;

use std::path::{Path, PathBuf};

use source::Source;

/// Every Rust file under `folder`, by its path from the repository's root.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn imports_point_down_and_pure_rooms_stay_pure() {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for (path, text) in files("src") {
        let Some(module) = source::module_of(&path).filter(|module| !source::is_test(module))
        else {
            continue;
        };
        seen += 1;
        let Some(room) = rules::room_of(&module) else {
            complaints.push(format!("{}: is in no room", path.display()));
            continue;
        };
        for name in Source::new(&text).paths() {
            if !rules::may_open(&module, &name) {
                let path = path.display();
                complaints.push(format!(
                    "{path}: {}: read it through `files`",
                    name.join("::")
                ));
            }
            if let Err(why) = rules::may(room, &module, &name) {
                complaints.push(format!("{}: {}: {why}", path.display(), name.join("::")));
            }
        }
    }
    assert!(seen > 20, "only {seen} files were read");
    none(&complaints);
}

#[test]
fn parts_of_the_desk_stand_on_floors() {
    none(&parts::complaints(files("src/app")));
}

/// Parts own their state: only what routes, applies and settles changes the whole desk.
#[test]
fn the_whole_desk_changes_in_one_place() {
    let mut complaints = Vec::new();
    for (path, text) in files("src/app") {
        let is_test = source::module_of(&path).is_some_and(|module| source::is_test(&module));
        if is_test || path.starts_with("src/app/update") {
            continue;
        }
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code.filter(|line| line.contains("&mut Model")) {
            complaints.push(format!("{}: {}", path.display(), line.trim()));
        }
    }
    none(&complaints);
}

#[test]
fn a_file_is_one_idea_and_says_which() {
    let mut complaints = Vec::new();
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        let lines = text.lines().count();
        if lines > 600 {
            complaints.push(format!("{}: {lines} lines, 600 is a lot", path.display()));
        }
        if !text.starts_with("//!") {
            complaints.push(format!("{}: does not say its one idea", path.display()));
        }
    }
    none(&complaints);
}

#[test]
fn a_count_agrees_with_its_noun() {
    let mut complaints = Vec::new();
    for (path, text) in files("src") {
        // The sandbox speaks as CertCentral does; the lowest room has nothing to count with.
        let is_ours = !path.starts_with("src/sandbox") && !path.starts_with("src/files");
        let is_test = source::module_of(&path).is_some_and(|module| source::is_test(&module));
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        for (at, line) in code.lines().enumerate().filter(|_| is_ours && !is_test) {
            if let Some(what) = counts::by_hand(line) {
                complaints.push(format!("{}:{}: {what}", path.display(), at + 1));
            }
        }
    }
    none(&complaints);
}

/// One machine says where a write stands: nobody sets that by hand.
#[test]
fn a_write_is_moved_by_what_happens_to_it() {
    let mut complaints = Vec::new();
    for (path, text) in files("src/app") {
        let is_test = source::module_of(&path).is_some_and(|module| source::is_test(&module));
        // A bulk list and a form have stages of their own.
        let by_hand = |line: &&str| line.contains("watch") && line.contains(".stage = ");
        for line in text.lines().filter(by_hand).filter(|_| !is_test) {
            complaints.push(format!("{}: {}", path.display(), line.trim()));
        }
    }
    none(&complaints);
}

/// A field or variant whose name says it needs no sentence; a type or function that others use does.
#[test]
fn what_others_use_says_what_it_is() {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for (path, text) in files("src") {
        if source::module_of(&path).is_none_or(|module| source::is_test(&module)) {
            continue;
        }
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            if !docs::is_public_item(line) {
                continue;
            }
            seen += 1;
            if !docs::is_documented(&lines[..at]) {
                complaints.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    assert!(seen > 1_000, "only {seen} items were read");
    none(&complaints);
}

#[test]
fn nothing_is_left_for_later() {
    // In two pieces, so that this file does not complain of itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimplemented", "!("),
        concat!("#[ign", "ore"),
    ];
    let mut complaints = Vec::new();
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        for (number, line) in text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(**mark)) {
                complaints.push(format!("{}:{}: {mark}", path.display(), number + 1));
            }
        }
    }
    none(&complaints);
}
