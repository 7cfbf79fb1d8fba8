//! E-mail addresses as a form has them: separated as names are, each once, each checked before the account sees it.

use super::super::names;
use super::super::text;

/// Characters of an address (RFC 5321, 4.5.3.1) and of the part before its @.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// No @, or nothing before or behind it.
    #[error("{0:?} is not an email address: it looks like name@example.com")]
    Shape(String),
    #[error("{0} is longer than an email address may be (254 characters, 64 before the @)")]
    Long(String),
    /// A character that the part before the @ may not have.
    #[error("{address} cannot have {found:?} before the @")]
    Character { address: String, found: char },
    /// The part behind the @ is no domain.
    #[error("the domain of {address}: {why}")]
    Domain {
        address: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Addresses as typed: separated by lines, spaces, commas or semicolons; each once.
pub fn parse(text: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    for entry in text.split(separator).filter(|entry| !entry.is_empty()) {
        if !list.iter().any(|known| same(known, entry)) {
            list.push(entry.to_owned());
        }
    }
    list
}

pub use names::same_address as same;

/// The addresses of `list` that `other` does not have.
pub fn without(list: &[String], other: &[String]) -> Vec<String> {
    list.iter()
        .filter(|address| !other.iter().any(|known| same(known, address)))
        .cloned()
        .collect()
}

/// Whether a text is an address that a certificate may hold.
pub fn check(address: &str) -> Result<(), EmailError> {
    let shown = || text::sanitise(address).into_owned();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Err(EmailError::Shape(shown()));
    };
    if local.is_empty() || domain.is_empty() {
        return Err(EmailError::Shape(shown()));
    }
    if address.chars().count() > LONGEST || local.chars().count() > LONGEST_LOCAL {
        return Err(EmailError::Long(shown()));
    }
    let odd = |c: char| {
        c.is_control() || c.is_whitespace() || "\"(),:;<>@[\\]".contains(c) || text::is_hidden(c)
    };
    if let Some(found) = local.chars().find(|c| odd(*c)) {
        return Err(EmailError::Character {
            address: shown(),
            found,
        });
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(EmailError::Character {
            address: shown(),
            found: '.',
        });
    }
    if domain.starts_with('*') {
        return Err(EmailError::Shape(shown()));
    }
    let checked = match names::check_public(domain) {
        Ok(address) if names::is_address(&address) => Err(names::NameError::IpAddress(address)),
        checked => checked,
    };
    match checked {
        Ok(_) => Ok(()),
        Err(why) => Err(EmailError::Domain {
            address: shown(),
            why: why.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("alice@example.com")]
    #[case("a.b+c_d@mail.example.co.uk")]
    #[case("büro@bücher.example")]
    fn addresses_pass(#[case] address: &str) {
        assert_eq!(check(address), Ok(()));
    }

    #[rstest]
    #[case("alice", "not an email address")]
    #[case("@example.com", "not an email address")]
    #[case("alice@", "not an email address")]
    #[case("a@b@example.com", "cannot have '@'")]
    #[case(".alice@example.com", "cannot have '.'")]
    #[case("alice@localhost", "the domain of")]
    #[case("alice@ex_ample.com", "the domain of")]
    #[case("alice@*.example.com", "not an email address")]
    fn others_do_not_and_say_why(#[case] address: &str, #[case] told: &str) {
        let error = check(address).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }

    #[test]
    fn the_longest_is_254_with_64_before_the_at() {
        let local = "a".repeat(64);
        assert_eq!(check(&format!("{local}@example.com")), Ok(()));
        let error = check(&format!("{local}a@example.com"));
        assert!(matches!(error, Err(EmailError::Long(_))));
    }

    #[test]
    fn a_list_has_each_once() {
        let list = parse("a@x.example; B@x.example\nA@X.example,");
        assert_eq!(list, ["a@x.example", "B@x.example"]);
    }
}
