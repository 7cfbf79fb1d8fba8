//! Text by the width that a terminal gives it: cut with `…`, wrapped at words, made safe on the way.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::text::sanitise;

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The beginning of a text that fits, safe to show, with `…` where something is cut off.
pub fn fit(text: &str, columns: usize) -> String {
    // What is far off the screen need not be looked at.
    let end = text
        .char_indices()
        .nth(columns.saturating_mul(2).saturating_add(256))
        .map_or(text.len(), |(at, _)| at);
    let text = sanitise(&text[..end]);
    if text.width() <= columns {
        return text.into_owned();
    }
    let mut out = head(&text, columns.saturating_sub(1)).0.to_string();
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The longest beginning of at most so many columns, and the rest. Never between a character and its marks.
fn head(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// The longest beginning of at most so many columns, and the rest, between any two characters; at least one.
fn letters(text: &str, columns: usize) -> (&str, &str) {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut end = text.chars().next().map_or(0, char::len_utf8);
    for next in ends.take_while(|end| text[..*end].width() <= columns) {
        end = end.max(next);
    }
    text.split_at(end)
}

/// Lines of at most so many columns, broken at spaces, inside a word only where it is longer than a line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let text = sanitise(text);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = word.width();
        let gap = usize::from(used > 0);
        if used + gap + wide <= columns {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            used += gap + wide;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        while rest.width() > columns {
            let (first, more) = match head(rest, columns) {
                // A cluster of letters can be wider than the line (Devanagari conjuncts are): it is taken apart.
                ("", _) => letters(rest, columns),
                fitting => fitting,
            };
            lines.push(first.to_string());
            rest = more;
        }
        line = rest.to_string();
        used = rest.width();
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Several lines, wrapped each; at most `most` of them, the last one cut with `…`.
pub fn wrap_at_most(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, columns);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last} …"), columns);
            if !last.ends_with('…') {
                last.push('…');
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_cut_off_leaves_a_mark() {
        assert_eq!(fit("shop.example.net", 20), "shop.example.net");
        assert_eq!(fit("shop.example.net", 8), "shop.ex…");
        assert_eq!(fit("株式会社例", 6), "株式…");
        assert_eq!(fit("x", 0), "");
    }

    #[test]
    fn long_words_are_broken_and_short_ones_are_not() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("0123456789", 4), ["0123", "4567", "89"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(
            wrap_at_most("one two three four", 7, 2),
            ["one two", "three …"]
        );
    }

    #[test]
    fn a_cluster_that_is_wider_than_the_line_ends_all_the_same() {
        let conjunct = "\u{915}\u{94d}\u{937}\u{94d}\u{92e}";
        let lines = wrap(&conjunct.repeat(3), 2);
        assert_eq!(lines.concat(), conjunct.repeat(3));
        assert!(lines.iter().all(|line| line.width() <= 2), "{lines:?}");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in any::<String>(), columns in 0usize..40) {
            prop_assert!(fit(&text, columns).width() <= columns);
            // The widest character takes three.
            let columns = columns.max(3);
            for line in wrap(&text, columns) {
                prop_assert!(line.width() <= columns);
            }
        }
    }
}
