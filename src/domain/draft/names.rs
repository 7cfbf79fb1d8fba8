//! Lists of DNS names: reading them as typed, comparing them, and telling what is wrong with one.

use std::net::IpAddr;

/// Whether two names are the same name.
pub fn same(a: &str, b: &str) -> bool {
    let fold = |name: &str| name.trim_end_matches('.').to_lowercase();
    fold(a) == fold(b)
}

/// Whether the list has the name.
pub fn has(list: &[String], name: &str) -> bool {
    list.iter().any(|known| same(known, name))
}

/// The names of `list` that `other` does not have.
pub fn without(list: &[String], other: &[String]) -> Vec<String> {
    list.iter()
        .filter(|name| !has(other, name))
        .cloned()
        .collect()
}

/// The common name, then the others without it and without repetition. Blanks are left out.
pub fn with_common(common: &str, others: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(others.len() + 1);
    for name in std::iter::once(common).chain(others.iter().map(String::as_str)) {
        let name = name.trim();
        if !name.is_empty() && !has(&all, name) {
            all.push(name.to_string());
        }
    }
    all
}

/// Names as typed: separated by lines, spaces, commas or semicolons; each once.
pub fn parse_list(text: &str) -> Vec<String> {
    let parts: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .map(str::to_string)
        .collect();
    with_common("", &parts)
}

/// What is wrong with a name; `None` when it can be a name. Names in other scripts pass: the account decides.
pub fn problem(name: &str, single_label: bool) -> Option<String> {
    if name.parse::<IpAddr>().is_ok() {
        return None;
    }
    let bare = name.trim_end_matches('.');
    let wrong = |why: &str| Some(format!("{name}: {why}"));
    if bare.is_empty() {
        return wrong("not a name");
    }
    if bare.len() > 253 {
        return wrong("longer than 253 characters");
    }
    if name.contains("://") || name.contains('/') {
        return wrong("an address of a page; write only the host name");
    }
    if name.contains('@') {
        return wrong("an e-mail address; write a host name");
    }
    let labels: Vec<&str> = bare.split('.').collect();
    if labels.len() < 2 && !single_label {
        return wrong("a single word; write the full name, such as www.example.com");
    }
    for (place, label) in labels.iter().enumerate() {
        if *label == "*" && place == 0 && labels.len() > 2 {
            continue;
        }
        if label.is_empty() {
            return wrong("two dots in a row, or one at the start");
        }
        if label.contains('*') {
            return wrong("the star stands alone at the start, as in *.example.com");
        }
        if label.len() > 63 {
            return wrong("a part between dots is longer than 63 characters");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return wrong("a part between dots begins or ends with a hyphen");
        }
        if let Some(c) = label
            .chars()
            .find(|c| !(c.is_alphanumeric() || *c == '-' || *c == '_' || !c.is_ascii()))
        {
            return wrong(&format!("{c:?} cannot be in a name"));
        }
    }
    None
}

/// Whether `name` lies below the wildcard: `a.example.net` and `a.b.example.net` below `*.example.net`, the base
/// domain itself not.
pub fn below_wildcard(name: &str, wildcard: &str) -> bool {
    wildcard.strip_prefix("*.").is_some_and(|base| {
        name.to_lowercase()
            .ends_with(&format!(".{}", base.to_lowercase()))
    })
}

/// Several names for a sentence: all of up to four, else the first three and how many more.
pub fn words(list: &[String]) -> String {
    if list.len() <= 4 {
        list.join(", ")
    } else {
        format!("{} and {} more", list[..3].join(", "), list.len() - 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_however_they_are_separated() {
        assert_eq!(
            parse_list(" a.example.net,b.example.net;\n\nA.example.net\tc.example.net "),
            ["a.example.net", "b.example.net", "c.example.net"]
        );
    }

    #[test]
    fn a_name_that_cannot_be_one_is_told_why() {
        for (name, why) in [
            ("https://a.example.net", "only the host name"),
            ("a..example.net", "two dots"),
            ("w*.example.net", "star stands alone"),
            ("*.net", "star stands alone"),
            ("localhost", "single word"),
            ("me@example.net", "e-mail"),
            ("-a.example.net", "hyphen"),
            ("a b.example.net", "' '"),
        ] {
            assert!(
                problem(name, false).is_some_and(|text| text.contains(why)),
                "{name}: {:?}",
                problem(name, false)
            );
        }
        for name in [
            "a.example.net",
            "*.example.net",
            "bücher.example",
            "xn--bcher-kva.example",
            "_x.example.net",
            "192.0.2.1",
        ] {
            assert_eq!(problem(name, false), None, "{name}");
        }
        assert_eq!(problem("intranet", true), None);
    }

    #[test]
    fn only_what_is_below_a_wildcard_is_below_it() {
        assert!(below_wildcard("a.B.example.net", "*.example.net"));
        assert!(!below_wildcard("example.net", "*.example.net"));
        assert!(!below_wildcard("badexample.net", "*.example.net"));
        assert!(!below_wildcard("a.example.net", "www.example.net"));
    }
}
