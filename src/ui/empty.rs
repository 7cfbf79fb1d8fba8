//! What an empty list says: why it is empty, and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::{put, width, wrap};
use super::theme::Theme;

/// A title and what to do.
pub(super) fn draw(title: &str, advice: &[String], theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = Rect {
        x: area.x + 3,
        y: area.y + (area.height / 4).max(1).min(area.height),
        width: area.width.saturating_sub(6).min(76),
        ..area
    };
    let mut y = inner.y;
    for line in wrap(title, usize::from(inner.width)) {
        put(buf, inner, inner.x, y, &line, theme.title);
        y += 1;
    }
    if area.height > 8 {
        y += 1;
    }
    for words in advice {
        let lines = if words.starts_with(' ') {
            examples(words, usize::from(inner.width))
        } else {
            wrap(words, usize::from(inner.width))
        };
        for line in lines {
            if y >= area.bottom() {
                return;
            }
            put(buf, inner, inner.x, y, &line, theme.text);
            y += 1;
        }
    }
}

/// Examples, set in: they are parted by two blanks, and none is broken.
fn examples(words: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for example in words.trim().split("  ") {
        if let Some(line) = lines
            .last_mut()
            .filter(|line| line.is_empty() || width(line) + 2 + width(example) <= columns)
        {
            line.push_str("  ");
            line.push_str(example);
        } else {
            lines.push(format!("  {example}"));
        }
    }
    lines
}
