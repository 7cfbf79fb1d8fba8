//! Text exactly as it is, broken where a line ends: for what is shown as it will be sent.

use unicode_width::UnicodeWidthChar;

/// Breaks anywhere, keeping every character.
pub(in crate::ui) fn chunks(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let cells = c.width().unwrap_or(0);
        if used + cells > columns && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += cells;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_or_added() {
        let text = "  \"comments\": \"日本語 x\"";
        let lines = chunks(text, 7);
        assert_eq!(lines.concat(), text);
        assert_eq!(lines[0], "  \"comm");
    }
}
