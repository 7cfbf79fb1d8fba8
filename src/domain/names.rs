//! DNS names as orders, CSRs and operators write them: one spelling to compare, one to show, and what a wildcard covers.
//!
//! Compared are A-labels in lower case without a final dot. An order's `dns_names` contain its common name or not,
//! depending on the endpoint, so sets of names are always compared with the common name in both.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::text;

/// Why a text is no DNS name that a certificate can carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("the name is empty")]
    Empty,
    #[error("{0} is a URL: enter only the host name, without https:// and path")]
    Url(String),
    #[error("{0} is an email address: TLS certificates contain host names")]
    Email(String),
    /// An IP address where only host names are.
    #[error("{0} is an IP address: only host names are allowed here")]
    IpAddress(String),
    /// An IP address in the brackets of a URL.
    #[error("{0} is an IP address in brackets: enter it without them")]
    Bracketed(String),
    /// An IP address that nobody can prove to be his.
    #[error("{0} is a private or reserved IP address: public certificates contain none")]
    NotPublic(String),
    #[error("the name {0} has no domain: enter it in full, such as {0}.example.net")]
    NotQualified(String),
    /// An asterisk where none may be.
    #[error("{0}: an asterisk is allowed only as the whole first label, as in *.example.net")]
    Asterisk(String),
    /// A wildcard over a whole top-level domain, or over all that a registry gives out.
    #[error("{0} would match every domain of a registry: add the domain, as in *.example.net")]
    TooWide(String),
    /// What a registry gives names below, and no domain.
    #[error("{0} is a registry's suffix: add the domain, as in example.{0}")]
    Registry(String),
    /// A name of a network of one's own, which nobody can prove to be his.
    #[error("{0} is an internal name: public certificates contain no names below {1}")]
    Internal(String, &'static str),
    /// Two dots in a row, or one at the start.
    #[error("{0} has an empty label: there are two dots in a row, or one at the start")]
    EmptyLabel(String),
    /// A label that is too long.
    #[error("{name}: the label {label} has {length} characters; 63 are allowed")]
    LongLabel {
        name: String,
        label: String,
        /// Its length as an A-label.
        length: usize,
    },
    /// The whole name is too long.
    #[error("{name} has {length} characters; 253 are allowed")]
    LongName {
        name: String,
        /// Its length as A-labels.
        length: usize,
    },
    /// A character that host names do not have.
    #[error("{name}: {found:?} is not allowed in a host name (use letters, digits, and hyphens)")]
    Character { name: String, found: char },
    /// A hyphen at the start or end of a label.
    #[error("{name}: the label {label} begins or ends with a hyphen")]
    Hyphen { name: String, label: String },
    /// Not a valid international name.
    #[error("{0} is not a valid international name: check its spelling")]
    International(String),
}

/// The spelling that is compared: trimmed, lower case, A-labels, no final dot. Never fails: what is no name stays as it
/// is, in lower case.
pub fn normalise(name: &str) -> String {
    let name = fold(name);
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.to_string();
    }
    if name.is_ascii() {
        return name;
    }
    let (star, rest) = split_star(&name);
    match idna::domain_to_ascii(rest) {
        Ok(ascii) => fold(&format!("{star}{ascii}")),
        Err(_) => name,
    }
}

/// Whether two spellings are of one name.
pub fn same(a: &str, b: &str) -> bool {
    a == b || normalise(a) == normalise(b)
}

/// Whether two addresses are of one mailbox, which does not tell upper from lower case: their domains are names.
pub fn same_address(a: &str, b: &str) -> bool {
    let plain = |address: &str| match address.rsplit_once('@') {
        Some((local, domain)) => (local.trim_start().to_lowercase(), normalise(domain)),
        None => (address.trim().to_lowercase(), String::new()),
    };
    plain(a) == plain(b)
}

/// The names, each once, in their order and spelling; blanks left out.
pub fn once<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::from([String::new()]);
    let names = names.into_iter();
    let new = names.filter(|name| seen.insert(normalise(name)));
    new.cloned().collect()
}

/// NamePart of a name as somebody looks for it, in whichever spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePart {
    typed: String,
    /// The same in A-labels, where it is of another script.
    ascii: Option<String>,
    /// The same without its last dot, which nothing can follow.
    end: Option<String>,
}

impl NamePart {
    /// What is typed, in lower case.
    pub fn new(typed: &str) -> Self {
        let plain = normalise(typed);
        Self {
            typed: typed.to_owned(),
            end: (typed.ends_with('.') && !plain.is_empty()).then(|| plain.clone()),
            ascii: (!typed.is_ascii()).then_some(plain),
        }
    }

    /// Texts of which one stands in names that have it, which are [`normalise`]d, with a line end behind each.
    pub fn needles(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        let end = self.end.as_ref().map(|end| format!("{end}\n").into());
        let plain = [Some(&self.typed), self.ascii.as_ref()];
        plain
            .into_iter()
            .flatten()
            .map(|text| text.as_str().into())
            .chain(end)
    }

    /// Whether names that have none of its [`needles`](Self::needles) may have it still: those in A-labels.
    pub fn is_of_another_script(&self) -> bool {
        self.ascii.is_some()
    }

    /// Whether it is in one of the names, which are [`normalise`]d, one a line.
    pub fn is_in(&self, lines: &str) -> bool {
        let ends = |end: &String| lines.split('\n').any(|name| name.ends_with(end.as_str()));
        lines.contains(&self.typed)
            || self.end.as_ref().is_some_and(ends)
            || self.ascii.as_ref().is_some_and(|ascii| {
                lines.contains(ascii.as_str())
                    || lines.contains("xn--")
                        && lines
                            .split('\n')
                            .any(|name| unicode(name).contains(&self.typed))
            })
    }
}

/// A [`normalise`]d name in U-labels, where those are valid. Of an email address that is what stands behind the `@`.
fn unicode(plain: &str) -> String {
    let (star, rest) = split_star(plain);
    let domain = rest.rsplit_once('@').map_or(rest, |(_, domain)| domain);
    let before = &rest[..rest.len() - domain.len()];
    match idna::domain_to_unicode(domain) {
        (unicode, Ok(())) => format!("{star}{before}{unicode}"),
        _ => plain.to_owned(),
    }
}

/// Trimmed, lower case, dots of East Asian keyboards as dots, no final one.
fn fold(name: &str) -> String {
    // Nearly every name is ASCII, and is folded many times over.
    let dots = if name.is_ascii() {
        name.to_ascii_lowercase()
    } else {
        name.replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".")
            .to_lowercase()
    };
    let end = |c: char| c == '.' || c.is_whitespace();
    dots.trim_start().trim_end_matches(end).to_owned()
}

/// The name as people read it: U-labels where they are valid, made safe to show. `xn--bcher-kva.example` gives
/// `bücher.example`.
pub fn display(name: &str) -> String {
    let plain = normalise(name);
    let (_, rest) = split_star(&plain);
    if !rest
        .split(['.', '@'])
        .any(|label| label.starts_with("xn--"))
    {
        return text::sanitise(&plain).into_owned();
    }
    text::sanitise(&unicode(&plain)).into_owned()
}

/// As [`display`], with the A-labels behind it where they differ, because letters of other scripts can look alike:
/// `bücher.example (xn--bcher-kva.example)`.
pub fn display_with_ascii(name: &str) -> String {
    let plain = normalise(name);
    let readable = display(&plain);
    if readable == plain {
        readable
    } else {
        format!("{readable} ({})", text::sanitise(&plain))
    }
}

fn split_star(name: &str) -> (&str, &str) {
    name.strip_prefix("*.")
        .map_or(("", name), |rest| ("*.", rest))
}

/// Whether the name is an IP address. Certificates carry addresses among their names, and orders in `dns_names` as well.
pub fn is_address(name: &str) -> bool {
    fold(name).parse::<IpAddr>().is_ok()
}

/// Whether an address is one of the internet's, and none of those that IANA keeps for other purposes.
fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => {
            let reserved = match ip.octets() {
                [0 | 224.., ..] | [192, 0, 0, _] | [192, 88, 99, _] => true,
                [100, second, ..] => second >> 6 == 1,
                [198, second, ..] => second >> 1 == 9,
                _ => false,
            };
            !reserved
                && !ip.is_private()
                && !ip.is_loopback()
                && !ip.is_link_local()
                && !ip.is_documentation()
        }
        IpAddr::V6(ip) => match ip.segments() {
            // Of all that is given out (2000::/3): protocols, examples, and what stands for addresses of the old kind.
            [0x2001, second, ..] => second >> 9 != 0 && second != 0xdb8,
            [0x3fff, second, ..] => second >> 12 != 0,
            [first, ..] => first >> 13 == 1 && first != 0x2002,
        },
    }
}

/// Checks a DNS name or an IP address and gives its [`normalise`]d spelling. Single labels pass (private certificates carry them).
pub fn check(name: &str) -> Result<String, NameError> {
    let shown = || text::sanitise(name.trim()).into_owned();
    let trimmed = name.trim();
    let lower = fold(name);
    if lower.is_empty() {
        return Err(NameError::Empty);
    }
    if trimmed.contains('/') {
        return Err(NameError::Url(shown()));
    }
    if trimmed.contains('@') {
        return Err(NameError::Email(shown()));
    }
    let address = trimmed.trim_start_matches('[').trim_end_matches(']');
    if is_address(address) {
        return if address == trimmed {
            Ok(normalise(address))
        } else {
            Err(NameError::Bracketed(shown()))
        };
    }
    let (star, rest) = split_star(&lower);
    if rest.contains('*') {
        return Err(NameError::Asterisk(shown()));
    }
    // The rules of host names before those of international names: their errors say more.
    if let Some(found) = rest.chars().find(|c| c.is_ascii() && !is_host(*c)) {
        return Err(NameError::Character {
            name: shown(),
            found,
        });
    }
    if rest.split('.').any(str::is_empty) {
        return Err(NameError::EmptyLabel(shown()));
    }
    let ascii = if rest.is_ascii() && !rest.split('.').any(|label| label.starts_with("xn--")) {
        rest.to_owned()
    } else {
        idna::domain_to_ascii(rest).map_err(|_| NameError::International(shown()))?
    };
    // Letters of full width turn into any ASCII character, or into none.
    if !ascii.chars().all(is_host) || ascii.split('.').any(str::is_empty) {
        return Err(NameError::International(shown()));
    }
    for label in ascii.split('.') {
        if label.len() > 63 {
            let label = label.to_owned();
            return Err(NameError::LongLabel {
                name: shown(),
                length: label.len(),
                label,
            });
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(NameError::Hyphen {
                name: shown(),
                label: label.to_owned(),
            });
        }
    }
    let whole = format!("{star}{ascii}");
    if whole.len() > 253 {
        return Err(NameError::LongName {
            name: shown(),
            length: whole.len(),
        });
    }
    Ok(whole)
}

/// Where names of networks of one's own end: what is reserved for them (RFC 6761, 6762, 8375; ICANN, 2024), and what ICANN does not
/// give out because too many use it so.
const INTERNAL: [&str; 9] = [
    "local",
    "localhost",
    "localdomain",
    "internal",
    "invalid",
    "lan",
    "corp",
    "home",
    "home.arpa",
];

/// As [`check`], for public certificates: at least two labels, no underscore, nothing internal, no address that is not public, and neither what a registry gives names
/// below nor a wildcard over it (TLS Baseline Requirements, 3.2.2.6).
pub fn check_public(name: &str) -> Result<String, NameError> {
    let checked = check(name)?;
    if let Ok(address) = checked.parse::<IpAddr>() {
        return if is_public_address(address) {
            Ok(checked)
        } else {
            Err(NameError::NotPublic(checked))
        };
    }
    let (star, rest) = split_star(&checked);
    if rest.contains('_') {
        return Err(NameError::Character {
            name: checked,
            found: '_',
        });
    }
    match rest.rsplit_once('.') {
        None if star.is_empty() => Err(NameError::NotQualified(checked)),
        None => Err(NameError::TooWide(checked)),
        Some((_, tld)) if tld.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(NameError::NotQualified(checked))
        }
        Some(_) => match internal(rest) {
            Some(end) => Err(NameError::Internal(checked, end)),
            None if !is_registry(rest) => Ok(checked),
            None if star.is_empty() => Err(NameError::Registry(checked)),
            None => Err(NameError::TooWide(checked)),
        },
    }
}

fn internal(name: &str) -> Option<&'static str> {
    INTERNAL.into_iter().find(|end| {
        name.strip_suffix(end)
            .is_some_and(|front| front.is_empty() || front.ends_with('.'))
    })
}

/// Whether names below this one are given out by a registry. What companies let others have names below (the list's private part) is
/// a domain of theirs all the same.
fn is_registry(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| {
        suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == name.as_bytes()
    })
}

/// The last labels of a name, so many.
pub fn tail(name: &str, labels: usize) -> &str {
    let mut dots = memchr::memrchr_iter(b'.', name.as_bytes());
    let before = labels.checked_sub(1).and_then(|more| dots.nth(more));
    before.and_then(|dot| name.get(dot + 1..)).unwrap_or(name)
}

/// The domain that somebody registered of which a name is, or below which it stands: what is validated once for all names below
/// it. None where a registry has the whole name, or no registry is known.
pub fn registered_domain(name: &str) -> Option<&str> {
    let name = name.strip_prefix("*.").unwrap_or(name);
    let domain = psl::domain(name.as_bytes())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')
}

/// Whether the name is a wildcard: `*.example.com`.
pub fn is_wildcard(name: &str) -> bool {
    name.trim().starts_with("*.")
}

/// Whether the name is a subdomain of the wildcard's base at any depth, as extra names on wildcard orders must be:
/// `a.b.example.com` and `*.b.example.com` of `*.example.com`; not `example.com` itself.
pub fn is_subdomain_of_wildcard(wildcard: &str, name: &str) -> bool {
    let (wildcard, name) = (normalise(wildcard), normalise(name));
    let Some(base) = wildcard.strip_prefix("*.").filter(|base| !base.is_empty()) else {
        return false;
    };
    let below = name
        .strip_suffix(base)
        .and_then(|rest| rest.strip_suffix('.'));
    below.is_some_and(|labels| !labels.is_empty() && name != wildcard)
}

/// All names, the common name among them, [`normalise`]d; blanks left out.
pub fn set<S: AsRef<str>>(common_name: &str, dns_names: &[S]) -> BTreeSet<String> {
    dns_names
        .iter()
        .map(AsRef::as_ref)
        .chain([common_name])
        .map(normalise)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The names without the common name, blanks and repetitions, in their order and spelling: what a request's `dns_names`
/// are.
pub fn without_common_name<S: AsRef<str>>(common_name: &str, dns_names: &[S]) -> Vec<String> {
    let mut seen = BTreeSet::from([normalise(common_name), String::new()]);
    dns_names
        .iter()
        .map(AsRef::as_ref)
        .filter(|name| seen.insert(normalise(name)))
        .map(|name| name.trim().to_owned())
        .collect()
}

/// What became of a set of names; each list sorted, [`normalise`]d.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameDiff {
    pub added: Vec<String>,
    /// Ones that are gone.
    pub dropped: Vec<String>,
    pub kept: Vec<String>,
}

impl NameDiff {
    /// From the names there were to the names there will be.
    pub fn between(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Self {
        Self {
            added: after.difference(before).cloned().collect(),
            dropped: before.difference(after).cloned().collect(),
            kept: before.intersection(after).cloned().collect(),
        }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty()
    }
}

/// One name of a text field: as typed, and what checking it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub typed: String,
    /// The normalised name, or what is wrong with it.
    pub name: Result<String, NameError>,
}

/// Reads the names of a text field, separated by spaces, commas, semicolons or line breaks; `DNS:` in front of a name (as
/// openssl prints it) and quotes are taken off. Repetitions count once.
pub fn parse_list(text: &str) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\u{feff}'))
        .map(|word| word.trim_matches(['"', '\'', '`']))
        .map(|word| match word.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("DNS:") => &word[4..],
            _ => word,
        })
        .filter(|word| !word.is_empty() && seen.insert(normalise(word)))
        .map(|word| Entry {
            typed: word.to_owned(),
            name: check(word),
        })
        .collect()
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
