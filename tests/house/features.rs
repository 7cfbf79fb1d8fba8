//! The gate checks the program with the features that tests add to its dependencies: nothing of the program may need one.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What tests add, and why the program would be built without it.
const ADDED: [(&str, &str); 4] = [
    // Traits of C's types, of which the program names none: from a terminal for tests.
    ("libc", "extra_traits"),
    // Tables of characters: of what the program uses, only the filter of the log reads expressions.
    ("regex-syntax", ""),
    ("regex-automata", ""),
    // Time that stands still, which no room outside tests names.
    ("tokio", "test-util"),
];

/// The features of each package, with these edges.
fn features(edges: &str) -> BTreeMap<String, BTreeSet<String>> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--no-dedupe",
            "--prefix",
            "none",
        ])
        .args(["--edges", edges, "--format", "{p}\t{f}"])
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(tree.stdout).unwrap().lines() {
        let (package, features) = line.split_once('\t').unwrap();
        let features = features.trim_end_matches(" (*)").split(',');
        let known = all.entry(package.replace(" (proc-macro)", "")).or_default();
        known.extend(features.map(str::to_owned));
    }
    all
}

#[test]
fn tests_add_no_feature_that_the_program_may_need() {
    let (program, tests) = (features("normal,build"), features("normal,build,dev"));
    assert!(program.len() > 100);
    let mut added = BTreeSet::new();
    for (package, has) in &program {
        for feature in tests.get(package).into_iter().flatten() {
            if !has.contains(feature) {
                added.insert((
                    package.split(' ').next().unwrap().to_owned(),
                    feature.clone(),
                ));
            }
        }
    }
    let is_listed = |(package, feature): &(String, String)| {
        let mut listed = ADDED.iter();
        listed.any(|(of, name)| of == package && (name.is_empty() || name == feature))
    };
    let unlisted: Vec<_> = added.iter().filter(|one| !is_listed(one)).collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    for (package, feature) in ADDED {
        let is_added = |(of, name): &(String, String)| {
            of == package && (feature.is_empty() || name == feature)
        };
        assert!(
            added.iter().any(is_added),
            "{package} {feature} is not added any more"
        );
    }
}
