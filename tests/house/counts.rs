//! A count agrees with its noun: "1 day", "2 days". One mechanism makes both, `domain::text::counted`; a number that is written
//! before a noun for several by hand is one of a `match` in which the case of one stands beside it, and is called `many`.

/// Nouns that are counted.
const NOUNS: &[&str] = &[
    "bytes",
    "certificates",
    "characters left",
    "CSRs",
    "days",
    "domains",
    "drafts",
    "duplicates",
    "entries",
    "files",
    "hours",
    "minutes",
    "names were",
    "names are",
    "notes",
    "orders",
    "requests",
    "rows",
    "seconds",
    "weeks",
    "years",
];

/// What of a line of source counts by hand.
pub fn by_hand(line: &str) -> Option<String> {
    let code = line.trim_start();
    if code.starts_with("//") {
        return None;
    }
    if code.contains("(s) ") && code.contains('"') && code.contains("} ") {
        return Some("(s)".into());
    }
    code.match_indices("} ").find_map(|(at, _)| {
        let open = code[..at].rfind('{')?;
        let name = &code[open + 1..at];
        let is_value = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.()*".contains(c));
        let behind = &code[at + 2..];
        let noun = NOUNS.iter().find(|noun| {
            let rest = behind.strip_prefix(**noun);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        })?;
        // A kind of certificates is no count, and a constant is known not to be one.
        let is_fixed =
            matches!(name, "many" | "of") || name.chars().all(|c| c.is_ascii_uppercase());
        let is_fixed = is_fixed && !name.is_empty();
        (is_value && !is_fixed && code.contains('"')).then(|| format!("{{{name}}} {noun}"))
    })
}

#[test]
fn what_counts_by_hand_is_seen() {
    assert_eq!(
        by_hand(r#"format!("{n} days")"#).as_deref(),
        Some("{n} days")
    );
    assert_eq!(
        by_hand(r#""{} row(s) cannot be read""#).as_deref(),
        Some("(s)")
    );
    assert_eq!(by_hand(r#"many => format!("{many} orders wait")"#), None);
    assert_eq!(by_hand(r#"format!("{} daystar", x)"#), None);
    assert_eq!(by_hand("// {n} days"), None);
}
