//! Lists of names as a form has them: in the order and spelling in which they stand, compared as names.

use super::super::names::{self, normalise};

pub use names::same;

/// The names of `list` that `other` does not have.
pub fn without(list: &[String], other: &[String]) -> Vec<String> {
    let other = names::set("", other);
    list.iter()
        .filter(|name| !other.contains(&normalise(name)))
        .cloned()
        .collect()
}

/// The common name, then the others without it and without repetition. Blanks are left out.
pub fn with_common(common: &str, others: &[String]) -> Vec<String> {
    let common = common.trim();
    let mut all = names::without_common_name(common, others);
    if !common.is_empty() {
        all.insert(0, common.to_owned());
    }
    all
}

/// Names as typed: separated by lines, spaces, commas or semicolons; each once.
pub fn parse(text: &str) -> Vec<String> {
    names::parse_list(text)
        .into_iter()
        .map(|entry| entry.typed)
        .collect()
}

/// Several names for a sentence, safe to show: all of up to four, else the first three and how many more.
pub fn words(list: &[String]) -> String {
    let shown: Vec<String> = list.iter().map(|name| names::display(name)).collect();
    some(&shown)
}

/// As [`words`], of texts that are safe to show already.
pub fn some(list: &[String]) -> String {
    if list.len() <= 4 {
        list.join(", ")
    } else {
        format!("{} and {} more", list[..3].join(", "), list.len() - 3)
    }
}

/// "it" or "them".
pub fn it(list: &[String]) -> &'static str {
    if list.len() == 1 { "it" } else { "them" }
}

/// "1 name", "2 names".
pub fn count(list: &[String]) -> String {
    match list.len() {
        1 => "1 name".into(),
        many => format!("{many} names"),
    }
}

/// The spelling that is sent: the order's own where the order has the name, else A-labels in lower case.
pub fn sent(name: &str, on_order: &[String]) -> String {
    on_order
        .iter()
        .find(|known| same(known, name))
        .cloned()
        .unwrap_or_else(|| normalise(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_common_name_comes_first_and_once() {
        assert_eq!(
            with_common("b.example.net", &list(&["a.example.net", "B.example.net."])),
            ["b.example.net", "a.example.net"]
        );
    }

    #[test]
    fn many_names_are_counted_not_listed() {
        let many = list(&["a.x", "b.x", "c.x", "d.x", "e.x"]);
        assert_eq!(words(&many), "a.x, b.x, c.x and 2 more");
        assert_eq!(words(&many[..4]), "a.x, b.x, c.x, d.x");
    }

    #[test]
    fn a_name_of_the_order_is_sent_as_the_order_spells_it() {
        let order = list(&["BÜCHER.example"]);
        assert_eq!(sent("xn--bcher-kva.example", &order), "BÜCHER.example");
        assert_eq!(sent("Käse.example", &order), "xn--kse-qla.example");
    }
}
