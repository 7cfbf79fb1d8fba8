//! One word for one thing: words that a reader of the field would have to read twice stand neither on a screen, nor in a help
//! text, nor on a page.

use std::process::Command;

use certdeck::keys::{Place, TABLE};

use crate::readme::{page, pages};

/// What is not said, and what is said in its place.
const GONE: &[(&str, &str)] = &[
    // American spelling.
    ("organisation", "organization"),
    ("organisations", "organizations"),
    ("e-mail", "email"),
    ("e-mails", "emails"),
    ("web site", "website"),
    ("cancelled", "canceled"),
    ("colour", "color"),
    ("colours", "colors"),
    ("licence", "license"),
    ("recognised", "recognized"),
    // Certificates and orders.
    ("ends in", "expires in"),
    ("ended on", "expired on"),
    ("certificate ends", "certificate expires"),
    ("order ends", "order expires"),
    ("order covers", "coverage"),
    ("current certificate", "primary certificate"),
    ("further certificate", "duplicate"),
    ("several certificates", "Multi-year Plan"),
    ("for ever", "permanent"),
    ("taken up", "reopened"),
    ("code EV", "EV code"),
    ("in work", "with CA"),
    // Requests.
    ("asked for", "requested"),
    ("asks for", "type"),
    ("those decided", "decided requests"),
    ("those that wait", "open requests"),
    ("wait for a decision", "waiting for a decision"),
    ("last step", "final step"),
    // What certdeck sends.
    ("what is sent", "API request"),
    ("one after the other", "one at a time"),
    ("came of", "outcome, resulted in"),
    ("waited for", "waiting for, awaited"),
    ("set aside", "dismiss"),
    ("not as asked", "mismatch"),
    ("as asked", "as requested"),
    ("issued and checked", "issued and verified"),
    ("sent from here", "sent from certdeck"),
    ("begun and not sent", "unsent drafts"),
    ("throw away", "discard"),
    ("throws it away", "discard"),
    ("left out", "excluded"),
    ("leave out", "exclude"),
    ("no answer", "no response"),
    ("clear answer", "clear response"),
    ("the answer", "the response"),
    ("put right", "fix"),
    // Domains.
    ("domain check", "DCV method, DCV check"),
    ("check scope", "DCV scope"),
    ("DCV token", "random value"),
    ("control proved", "validated"),
    ("last proved", "validated on"),
    ("good until", "valid until"),
    ("validation mails", "validation emails"),
    // Who does it.
    ("somebody", "someone, CertCentral"),
    ("nobody told", "not reported"),
    ("not told", "not reported"),
    ("the account tells", "CertCentral reports"),
    ("the account says", "CertCentral reports"),
    ("the account has it", "CertCentral has it"),
    ("on the account so far", "in CertCentral so far"),
    ("looking on the account", "checking CertCentral"),
    ("the account may refuse", "CertCentral may refuse"),
    ("the desk", "certdeck"),
    ("made-up account", "sample account"),
    // Loading.
    ("read again", "reload, refresh"),
    ("reads again", "refresh"),
    ("reading the order", "loading the order"),
    ("reading orders", "loading orders"),
    // Keys and keepers.
    ("authority", "CA"),
    ("authorities", "CAs"),
    ("typed unseen", "hidden input"),
    ("no such place", "unknown place"),
    ("make a private key", "generate a private key"),
    ("made with it", "its CSR"),
    // Plain style.
    ("all the same", "anyway"),
    ("meanwhile", "in the meantime"),
    ("mend", "fix"),
    ("unsteady", "unstable"),
    ("looks on", "keeps watching"),
    ("telephone", "phone"),
    ("departments", "org. units"),
];

/// Where a word of [`GONE`] may stand: part of the source's name, what stands around the word, why.
const MAY: &[(&str, &str, &str)] = &[("", "certdeck domain check", "a command")];

/// What stands in the table, once more with the words in a row: where it ends a line says nothing.
fn in_a_row(text: &str) -> String {
    let frame = |c: char| c.is_whitespace() || "│╭╮╰╯─▸┃".contains(c);
    let words = text.split(frame).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where `word` stands in `text`, as a word of its own, with what is around it.
fn found(text: &str, word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    text.match_indices(&word)
        .filter(|(at, _)| {
            !inside(text[..*at].chars().next_back())
                && !inside(text[at + word.len()..].chars().next())
        })
        .map(|(at, _)| {
            let from = text[..at]
                .char_indices()
                .nth_back(30)
                .map_or(0, |(at, _)| at);
            let after = text[at..].char_indices().nth(word.len() + 30);
            let to = after.map_or(text.len(), |(more, _)| at + more);
            text[from..to].to_owned()
        })
        .collect()
}

/// What `--help` says, of a command and of those below it.
fn helps(command: &[&str], all: &mut Vec<(String, String)>) {
    let output = Command::new(env!("CARGO_BIN_EXE_certdeck"))
        .args(command)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{command:?} --help fails");
    let text = String::from_utf8(output.stdout).unwrap();
    if let Some((_, commands)) = text.split_once("\nCommands:\n") {
        let names = commands
            .lines()
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help");
        for name in names {
            helps(&[command, &[name]].concat(), all);
        }
    }
    all.push((format!("certdeck {} --help", command.join(" ")), text));
}

/// All that somebody reads who uses certdeck, each by its name.
fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screens/snapshots");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        // After the head: which test it is of.
        let shown = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        // What `trace` tells of effects are the test's words.
        if name != "trace.snap" {
            all.push((name, shown.to_owned()));
        }
    }
    helps(&[], &mut all);
    for place in Place::ALL {
        all.push(("heading".into(), place.heading().into()));
    }
    for binding in TABLE {
        let name = format!("key of {}", binding.place.name());
        all.push((name.clone(), binding.label.into()));
        all.push((name, binding.help.into()));
    }
    for path in pages() {
        let text = page(&path);
        all.push((path, text));
    }
    all.push(("assets/config.toml".into(), page("assets/config.toml")));
    all
}

#[test]
fn one_word_stands_for_one_thing() {
    let texts = texts();
    assert!(texts.len() > 300, "only {} texts are read", texts.len());
    let mut used = vec![false; MAY.len()];
    let mut wrong = Vec::new();
    for (name, text) in &texts {
        let text = in_a_row(text);
        for (word, instead) in GONE {
            for around in found(&text, word) {
                let may = MAY.iter().position(|(source, words, _)| {
                    name.contains(source) && around.contains(&words.to_lowercase())
                });
                match may {
                    Some(at) => used[at] = true,
                    None => wrong.push(format!("{name}: …{around}…: `{word}` is `{instead}`")),
                }
            }
        }
    }
    for (at, (source, words, _)) in MAY.iter().enumerate() {
        if !used[at] {
            wrong.push(format!("no exception is needed in {source} for `{words}`"));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "{} words:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_word_is_found_where_it_stands_alone_and_over_the_end_of_a_line() {
    let text = in_a_row("│ This order\n│ Ends in 5 d; it depends in part │");
    assert_eq!(found(&text, "order ends").len(), 1);
    assert_eq!(found(&text, "ends in").len(), 1, "and not in `depends in`");
    assert!(found(&in_a_row("expires in 5 d"), "ends in").is_empty());
}
