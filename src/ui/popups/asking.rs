//! The question before something small is sent: what it does, what it needs to know, and below it the exact request.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::current;
use crate::app::field::TextField;
use crate::app::model::Model;
use crate::app::operations::{Asking, What};
use crate::ui::text::{put, width, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame};

/// Columns at most.
const MOST: u16 = 76;
/// Columns of the labels.
const LABEL: u16 = 17;

enum Line<'a> {
    Words(String, Style),
    Chosen(&'a str, &'a str, bool),
    Typed(&'a str, &'a TextField, bool),
}

/// Draws it, scrolled to what has the focus where it does not fit.
pub(super) fn draw(model: &Model, asking: &Asking, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let room = usize::from(columns);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let say = |lines: &mut Vec<Line<'_>>, text: &str, style: Style| {
        lines.extend(
            wrap(text, room)
                .into_iter()
                .map(|line| Line::Words(line, style)),
        );
    };
    for words in &asking.words {
        say(&mut lines, words, theme.text);
    }
    if !asking.parts.is_empty() {
        say(&mut lines, " ", theme.text);
    }
    let mut focus = lines.len();
    for (at, part) in asking.parts.iter().enumerate() {
        let here = at == asking.focus;
        if here {
            focus = lines.len();
        }
        if let Some(field) = part.answer.field() {
            lines.push(Line::Typed(part.label, field, here));
        } else if let Some(words) = part.answer.chosen() {
            lines.push(Line::Chosen(part.label, words, here));
        }
    }
    if let Some(error) = &asking.error {
        say(&mut lines, error, theme.bad);
    }
    say(&mut lines, " ", theme.text);
    let outgoing = asking.outgoing();
    if let Some(write) = outgoing.first() {
        let line = format!("{} {}", write.method.as_str(), write.path);
        say(&mut lines, &line, theme.accent);
        if write.body.is_empty() {
            say(&mut lines, "(no body)", theme.dim);
        } else {
            say(&mut lines, &write.body, theme.text);
        }
    }
    if let more @ 1.. = outgoing.len().saturating_sub(1) {
        let words = match more {
            1 => "Then the same for the other one.".to_owned(),
            more => format!("Then the same for the other {more}, one after the other."),
        };
        say(&mut lines, &words, theme.dim);
    }
    if asking.focus >= asking.parts.len() {
        focus = lines.len().saturating_sub(1);
    }
    let age = match &asking.what {
        What::Operation(_, order) => current::age(model, *order, asking.opened),
        What::Decide { .. } => None,
    };
    let title = age.map_or_else(
        || asking.title.clone(),
        |age| format!("{} · {age}", asking.title),
    );
    let inner = frame::draw(
        &title,
        theme,
        frame::centred(area, columns, lines.len() as u16),
        buf,
    );
    let height = usize::from(inner.height).max(1);
    let most = lines.len().saturating_sub(height);
    let top = (focus + 1).saturating_sub(height.div_ceil(2)).min(most);
    for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
        match line {
            Line::Words(text, style) => {
                put(buf, inner, inner.x, y, text, *style);
            }
            Line::Chosen(label, words, here) => {
                let x = start(inner, y, label, *here, theme, buf);
                put(buf, inner, x, y, words, theme.text);
                let x = x + width(words) as u16 + 2;
                if *here {
                    put(buf, inner, x, y, "← →", theme.key);
                }
            }
            Line::Typed(label, text, here) => {
                let x = start(inner, y, label, *here, theme, buf);
                let line = Rect {
                    x,
                    y,
                    width: inner.right().saturating_sub(x),
                    height: 1,
                };
                field::draw(text, line, buf);
            }
        }
    }
}

fn start(inner: Rect, y: u16, label: &str, here: bool, theme: &Theme, buf: &mut Buffer) -> u16 {
    let mark = if here { "▸ " } else { "  " };
    let x = put(buf, inner, inner.x, y, mark, theme.accent);
    let style = if here { theme.title } else { theme.dim };
    put(buf, inner, x, y, label, style);
    (inner.x + LABEL).min(inner.right())
}
