//! What may go to a clipboard. A paste types: what is copied must not act where it is pasted, whatever the account sent.
//!
//! A value of one line holds no line end, no control character, and nothing that a screen hides or turns around. Hex is hex.
//! A value that is anything else is not mended and copied but refused: it would no longer be what the account shows. Blanks
//! around it are no part of it.

use thiserror::Error;

use super::text::is_hidden;

/// Why a value is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Uncopyable {
    /// It holds a character that acts or hides.
    #[error("it contains U+{:04X}, which could act where it is pasted", u32::from(*.0))]
    Acts(char),
    /// It is called hex and is not.
    #[error("it is not hexadecimal")]
    NotHex,
}

/// A serial number or thumbprint: hex digits, perhaps in groups.
pub fn hex(value: &str) -> Result<String, Uncopyable> {
    let value = line(value)?;
    let is_hex = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | ' ' | '-');
    if value.chars().all(is_hex) {
        Ok(value)
    } else {
        Err(Uncopyable::NotHex)
    }
}

/// A value of one line.
pub fn line(value: &str) -> Result<String, Uncopyable> {
    let value = value.trim();
    match value.chars().find(|c| is_hidden(*c)) {
        Some(c) => Err(Uncopyable::Acts(c)),
        None => Ok(value.to_owned()),
    }
}

/// Whether a line is one of a zone file that does nothing else where it is pasted: a record whose owner is a whole name, or a
/// comment.
fn is_of_zone(line: &str) -> bool {
    let plain = |text: &str, more: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    // Some shells skip a semicolon that begins a line: what follows is no command, and nothing in it is expanded.
    if let Some(comment) = line.strip_prefix("; ") {
        let (first, rest) = comment.split_once(' ').unwrap_or((comment, ""));
        let is_label = first
            .strip_suffix(':')
            .is_some_and(|name| name.contains('.') && plain(name, "-._"));
        return is_label
            && rest
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " .,:/_-".contains(c));
    }
    let mut parts = line.split(' ');
    let (owner, class, kind, value) = (parts.next(), parts.next(), parts.next(), parts.next());
    let is_name = |text: &str| text.ends_with('.') && text.len() > 2 && plain(text, "-._");
    let value = value.unwrap_or_default();
    let is_value = match kind {
        Some("TXT") => value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .is_some_and(|text| plain(text, "-._=+/")),
        Some("CNAME") => is_name(value),
        _ => false,
    };
    owner.is_some_and(is_name) && class == Some("IN") && is_value && parts.next().is_none()
}

/// Stands where a line could act.
const LEFT_OUT: &str =
    "; certdeck.record: excluded, since it has characters that could act where it is pasted";

/// Lines of a zone file, each ended.
pub fn zone(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if is_of_zone(line) {
            text.push_str(line);
        } else {
            // Nothing is left out without a word.
            text.push_str(LEFT_OUT);
        }
        text.push('\n');
    }
    text
}

/// Whatever leaves for a clipboard: one line, PEM, or lines of a zone file.
pub fn any(text: &str) -> Result<(), Uncopyable> {
    let pem = text.starts_with("-----BEGIN ") && text.is_ascii();
    let zone = || text.lines().all(is_of_zone);
    let lines = pem || text.contains('\n') && zone();
    let acts = |c: &char| is_hidden(*c) && !(lines && *c == '\n');
    text.chars()
        .find(acts)
        .map_or(Ok(()), |c| Err(Uncopyable::Acts(c)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0A1B2C3D4E5F", Ok("0A1B2C3D4E5F"))]
    #[case(" 0a:1b:2c\n", Ok("0a:1b:2c"))]
    #[case("0a 1b", Ok("0a 1b"))]
    #[case("0A\u{1b}[201~\nrm -rf ~\n", Err(Uncopyable::Acts('\u{1b}')))]
    #[case("0A\nFF", Err(Uncopyable::Acts('\n')))]
    #[case("0A\rFF", Err(Uncopyable::Acts('\r')))]
    #[case("0A;reboot", Err(Uncopyable::NotHex))]
    #[case("٠١", Err(Uncopyable::NotHex))]
    #[case("0A\u{202e}", Err(Uncopyable::Acts('\u{202e}')))]
    fn hex_is_hex(#[case] value: &str, #[case] seen: Result<&str, Uncopyable>) {
        assert_eq!(hex(value), seen.map(str::to_owned));
    }

    #[rstest]
    #[case("_dnsauth.example.net. IN TXT \"x7k\"", None)]
    #[case("müller.example", None)]
    #[case(" padded \r\n", None)]
    #[case("a\u{9b}201~", Some('\u{9b}'))]
    #[case("a\tb", Some('\t'))]
    #[case("a\u{2028}b", Some('\u{2028}'))]
    #[case("a\u{200b}b", Some('\u{200b}'))]
    #[case("a\u{2800}b", Some('\u{2800}'))]
    #[case("a\u{7f}", Some('\u{7f}'))]
    fn a_line_is_a_line(#[case] value: &str, #[case] acts: Option<char>) {
        let seen = line(value);
        match acts {
            Some(c) => assert_eq!(seen, Err(Uncopyable::Acts(c))),
            None => assert_eq!(seen.as_deref(), Ok(value.trim())),
        }
    }

    #[rstest]
    #[case("example.net. IN TXT \"x7k\"", true)]
    #[case("_dnsauth.example.net. IN CNAME x7k.dcv.digicert.com.", true)]
    #[case("; www.example.net: by email", true)]
    #[case("reboot", false)]
    #[case("example.net. IN TXT \"$(reboot)\"", false)]
    #[case("example.net. IN TXT \"a\" ; reboot", false)]
    #[case("example.net. IN MX 10", false)]
    #[case("; a.b: \u{1b}b", false)]
    #[case("; echo ACTED", false)]
    #[case("; touch: x", false)]
    #[case("; a.b: $(reboot)", false)]
    #[case("; a.b: `reboot`", false)]
    #[case("; a.b: x | sh", false)]
    #[case("; a.b: x > y", false)]
    #[case(
        "; www.example.net: file http://www.example.net/.well-known/pki-validation/fileauth.txt with x7k",
        true
    )]
    #[case(". IN TXT \"a\"", false)]
    fn lines_of_a_zone_do_nothing_else(#[case] line: &str, #[case] is_one: bool) {
        assert_eq!(is_of_zone(line), is_one);
        let text = zone(&[line.to_owned(), "a.example. IN TXT \"b\"".to_owned()]);
        assert_eq!(any(&text), Ok(()), "{text:?}");
        let kept = text.starts_with(&format!("{line}\n"));
        assert_eq!(kept, is_one, "{text:?}");
    }

    #[test]
    fn of_several_lines_only_pem_and_zones_are_copied() {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        assert_eq!(any(pem), Ok(()));
        assert_eq!(any("one line"), Ok(()));
        for (text, acts) in [
            ("two\nlines".to_owned(), '\n'),
            (pem.replace('\n', "\r\n"), '\r'),
            (format!("{pem}\u{1b}[201~"), '\u{1b}'),
            (format!("{pem}\u{9b}"), '\n'),
        ] {
            assert_eq!(any(&text), Err(Uncopyable::Acts(acts)), "{text:?}");
        }
    }
}
