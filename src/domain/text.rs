//! Remote text made safe to look at: what a terminal would obey or hide becomes visible as `<U+202E>`.
//!
//! Names, comments and messages come from other people. A bidirectional override turns `moc.elpmaxe` around, a
//! zero-width space makes two names look the same, and the tail of an escape sequence stays on the screen as litter.
//! These functions are for display only: copying and saving use the bytes as they came. Both are idempotent.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// Combining characters kept on one base character; scripts in use need fewer, a flood of them fills the line with one cell.
const MAX_COMBINING: usize = 8;

/// Whether a text has upper-case hexadecimal digits only, as serial numbers and thumbprints are kept; all are looked at, several at
/// once.
pub fn is_upper_hex(text: &str) -> bool {
    let is_digit = |byte: u8| (byte.wrapping_sub(b'0') < 10) | (byte.wrapping_sub(b'A') < 6);
    text.bytes().fold(true, |all, byte| all & is_digit(byte))
}

/// One line of display text: line breaks and tabs become one space each (`\r\n` counts once), anything that would be
/// obeyed or hidden by a terminal becomes `<U+XXXX>`. Borrows when there is nothing to change.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    clean(text, Layout::Line)
}

/// Several lines of display text: as [`sanitise`], but line breaks stay (`\r\n` becomes `\n`) and a tab becomes four spaces.
pub fn sanitise_multiline(text: &str) -> Cow<'_, str> {
    clean(text, Layout::Lines)
}

/// Whether the character is shown as its code point by [`sanitise`], whatever stands around it: controls, what Unicode
/// calls `Default_Ignorable_Code_Point` (16.0, `DerivedCoreProperties.txt`), other format controls that are not seen,
/// and letters that look like a blank.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}'                        // soft hyphen
        | '\u{34F}'                     // combining grapheme joiner
        | '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
        | '\u{110BD}' | '\u{110CD}'     // marks that are drawn around what follows them
        | '\u{61C}'                     // Arabic letter mark
        | '\u{115F}'..='\u{1160}'       // Hangul fillers
        | '\u{17B4}'..='\u{17B5}'       // Khmer inherent vowels
        | '\u{180B}'..='\u{180F}'       // Mongolian variation selectors and vowel separator
        | '\u{200B}'..='\u{200F}'       // zero width, directional marks
        | '\u{2028}'..='\u{202E}'       // line and paragraph separators, bidirectional embeddings and overrides
        | '\u{2060}'..='\u{206F}'       // word joiner, isolates, deprecated format characters
        | '\u{2800}'                    // Braille without a dot
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'       // variation selectors
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'       // not assigned, interlinear annotation
        | '\u{13430}'..='\u{13440}'     // Egyptian format controls
        | '\u{16FE4}'                   // Khitan filler
        | '\u{1BCA0}'..='\u{1BCA3}'     // shorthand format controls
        | '\u{1D159}'                   // musical null notehead
        | '\u{1D173}'..='\u{1D17A}'     // musical beams and slurs
        | '\u{E0000}'..='\u{E0FFF}'     // tags and variation selectors supplement
    ) || c.is_control()
}

/// A number and the word for one or for several: `1 file`, `2 files`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number of days: `1 day`, `199 days`.
pub fn days(number: usize) -> String {
    counted(number, "day", "days")
}

/// A number of bytes: `1 byte`, `6,214 bytes`.
pub fn bytes(number: usize) -> String {
    let word = if number == 1 { "byte" } else { "bytes" };
    format!("{} {word}", grouped(number))
}

/// A number with its thousands apart: 6,214.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Line,
    Lines,
}

fn clean(text: &str, layout: Layout) -> Cow<'_, str> {
    if !text.is_ascii() || text.bytes().any(|b| b.is_ascii_control()) {
        let cleaned = rewrite(text, layout);
        if cleaned != text {
            return Cow::Owned(cleaned);
        }
    }
    Cow::Borrowed(text)
}

fn rewrite(text: &str, layout: Layout) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut combining = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\n' if layout == Layout::Lines => out.push('\n'),
            '\t' if layout == Layout::Lines => out.push_str("    "),
            '\n' | '\t' => out.push(' '),
            _ if is_hidden(c) => push_code(&mut out, c),
            _ if c.width() == Some(0) => {
                combining += 1;
                if combining > MAX_COMBINING {
                    push_code(&mut out, c);
                } else {
                    out.push(c);
                }
                continue;
            }
            _ => out.push(c),
        }
        combining = 0;
    }
    out
}

fn push_code(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}

/// A text of a page with the letters that HTML writes in other ways.
pub fn without_entities(text: &str) -> String {
    const ENTITIES: [(&str, &str); 9] = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        // What stands behind it is no entity any more.
        ("&amp;", "&"),
    ];
    let undo = |text: String, (entity, letter): &(&str, &str)| text.replace(entity, letter);
    ENTITIES.iter().fold(text.to_owned(), undo)
}

/// Whether two texts say the same, however their blanks were counted and their `<`, `>`, `&` and quotes written.
pub fn same_words(one: &str, other: &str) -> bool {
    fn plain(text: &str) -> String {
        without_entities(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
    one == other || plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        for text in [
            "shop.example.net",
            "Müller & Söhne",
            "株式会社例",
            "שלום",
            "Ελλάδα",
            "e\u{301}",
        ] {
            assert!(
                matches!(sanitise(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_a_terminal_obeys_or_hides_is_shown_as_its_code() {
        assert_eq!(sanitise("a\u{202E}b"), "a<U+202E>b");
        assert_eq!(sanitise("\u{1b}[31mred"), "<U+001B>[31mred");
        assert_eq!(sanitise("\u{9b}31m"), "<U+009B>31m");
        assert_eq!(sanitise("pay\u{200B}pal"), "pay<U+200B>pal");
        assert_eq!(sanitise("x\u{E0041}"), "x<U+E0041>");
        assert_eq!(sanitise("lone\rreturn"), "lone<U+000D>return");
    }

    #[test]
    fn whatever_unicode_calls_ignorable_is_shown() {
        let parsed = regex_syntax::parse(r"\p{Default_Ignorable_Code_Point}").unwrap();
        let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) =
            parsed.kind()
        else {
            panic!("{parsed:?}");
        };
        let mut count = 0;
        for c in class.iter().flat_map(|range| range.start()..=range.end()) {
            assert!(is_hidden(c), "U+{:04X}", u32::from(c));
            count += 1;
        }
        assert!(count > 4000);
        for blank in ['\u{2800}', '\u{3164}', '\u{FFA0}', '\u{2028}', '\u{1D159}'] {
            assert!(is_hidden(blank), "U+{:04X}", u32::from(blank));
        }
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(6214), "6,214");
        assert_eq!(grouped(1_048_576), "1,048,576");
    }

    #[test]
    fn line_breaks_and_tabs_follow_the_layout() {
        assert_eq!(sanitise("a\r\nb\tc"), "a b c");
        assert_eq!(sanitise_multiline("a\r\nb\tc"), "a\nb    c");
    }

    #[test]
    fn a_flood_of_combining_marks_becomes_visible() {
        let flood = format!("a{}", "\u{301}".repeat(9));
        assert_eq!(
            sanitise(&flood),
            format!("a{}<U+0301>", "\u{301}".repeat(8))
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(text in any::<String>(), marks in 0usize..12) {
            let text = format!("{text}{}{text}", "\u{301}".repeat(marks));
            for clean in [sanitise, sanitise_multiline] {
                let once = clean(&text).into_owned();
                prop_assert_eq!(clean(&once).into_owned(), once.clone());
                prop_assert!(!once.chars().any(|c| c != '\n' && is_hidden(c)));
            }
            prop_assert!(!sanitise(&text).contains('\n'));
        }
    }
}
