//! What is cut out of a text before it is written anywhere: known keys, the key's header, private keys.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret was.
pub(super) const CUT: &str = "[redacted]";

/// A text shorter than this is no key, and would be found in half the words of the log.
const SHORTEST: usize = 8;

static KNOWN: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Has `secret` cut out of everything logged from now on.
pub fn hide(secret: &SecretString) {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let text = secret.expose_secret();
    if text.len() >= SHORTEST && !known.iter().any(|other| other.expose_secret() == text) {
        known.push(secret.clone());
    }
}

/// `text` without the secrets in it.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut clean = Cow::Borrowed(text);
    for secret in KNOWN
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .map(SecretString::expose_secret)
    {
        if clean.contains(secret) {
            clean = Cow::Owned(clean.replace(secret, CUT));
        }
    }
    for cut in [header, private_key] {
        if let Some(cleaner) = cut(&clean) {
            clean = Cow::Owned(cleaner);
        }
    }
    clean
}

/// The value after each `x-dc-devkey`: the word that follows any quotes, colons and spaces.
fn header(text: &str) -> Option<String> {
    const NAME: &str = "x-dc-devkey";
    let lower = text.to_ascii_lowercase();
    let mut clean = String::new();
    let mut from = 0;
    while let Some(at) = lower[from..].find(NAME) {
        let name_end = from + at + NAME.len();
        let value = text[name_end..]
            .find(|c: char| c.is_alphanumeric())
            .map_or(text.len(), |skip| name_end + skip);
        let end = text[value..]
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '\\' | ')'))
            .map_or(text.len(), |length| value + length);
        clean.push_str(&text[from..value]);
        clean.push_str(CUT);
        from = end;
    }
    (from > 0).then(|| clean + &text[from..])
}

const BEGIN: &str = "-----BEGIN ";

/// Where the first private key begins.
fn private_begin(text: &str) -> Option<usize> {
    text.match_indices(BEGIN).map(|(at, _)| at).find(|&at| {
        let label = &text[at + BEGIN.len()..];
        label
            .find("-----")
            .is_some_and(|end| label[..end].ends_with("PRIVATE KEY"))
    })
}

/// Each private key in PEM, to the end of its last line, or of the text if that is missing.
fn private_key(text: &str) -> Option<String> {
    const MARK: &str = "PRIVATE KEY-----";
    let mut clean = String::new();
    let mut rest = text;
    while let Some(begin) = private_begin(rest) {
        clean.push_str(&rest[..begin]);
        clean.push_str(CUT);
        let body = &rest[begin + BEGIN.len()..];
        // The first mark ends the first line, the second the key.
        rest = body
            .match_indices(MARK)
            .nth(1)
            .map_or("", |(at, _)| &body[at + MARK.len()..]);
    }
    (!clean.is_empty()).then(|| clean + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("X-DC-DEVKEY: ABC123 accept", "X-DC-DEVKEY: [redacted] accept")]
    #[case(
        r#"{"x-dc-devkey": "ABC123", "accept": "*/*"}"#,
        r#"{"x-dc-devkey": "[redacted]", "accept": "*/*"}"#
    )]
    #[case(
        "x-dc-devkey: A\nx-dc-devkey: B",
        "x-dc-devkey: [redacted]\nx-dc-devkey: [redacted]"
    )]
    #[case("x-dc-devkey", "x-dc-devkey[redacted]")]
    #[case(
        "a -----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY----- b",
        "a [redacted] b"
    )]
    #[case("a -----BEGIN PRIVATE KEY-----\\nMHc", "a [redacted]")]
    #[case(
        "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nX\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n[redacted]\n"
    )]
    #[case("order 4711 – nothing to hide", "order 4711 – nothing to hide")]
    fn secrets_are_cut_and_nothing_else(#[case] text: &str, #[case] clean: &str) {
        assert_eq!(redact(text), clean);
    }

    #[test]
    fn a_known_key_is_cut_wherever_it_stands() {
        hide(&SecretString::from("KNOWNSECRET1"));
        hide(&SecretString::from("short"));
        assert_eq!(
            redact("(KNOWNSECRET1)KNOWNSECRET1 short"),
            "([redacted])[redacted] short"
        );
    }
}
