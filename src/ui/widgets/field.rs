//! A field in its row: the mark of the focus, what it is called, and what is in it. A text area draws itself behind that, cursor
//! included.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget as _;

use crate::app::choice::ChoiceField;
use crate::app::field::TextField;
use crate::app::fields::Input;
use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{fit, put_line, width};
use crate::ui::theme::Theme;

/// A field as it is drawn.
pub(crate) struct FieldRow<'a> {
    pub(crate) label: &'a str,
    /// Cells for the mark and the label, as many as all fields around have.
    pub(crate) labels: u16,
    /// Whether it has the focus.
    pub(crate) here: bool,
    /// Rows for a choice at most.
    pub(crate) most: usize,
}

impl FieldRow<'_> {
    /// Its rows in so many cells; of a text that one in which the text area stands behind the label.
    pub(crate) fn lines(&self, input: &Input, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
        let room = cells.saturating_sub(self.labels);
        let values = match input {
            Input::Text(_) => Vec::new(),
            Input::Choice(choice) => choice_lines(choice, self.here, room, self.most, theme),
            Input::Flag(on) => {
                let words = if *on { "[x] yes" } else { "[ ] no" };
                vec![Line::styled(words, theme.text)]
            }
        };
        let mut lines = vec![self.head(theme)];
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                lines.push(Line::raw(" ".repeat(self.labels.into())));
            }
            lines[at].spans.extend(value.spans);
        }
        lines
    }

    /// The mark of the focus and the label.
    pub(crate) fn head(&self, theme: &Theme) -> Line<'static> {
        let (mark, style) = if self.here {
            ("▸ ", theme.accent)
        } else {
            ("  ", theme.dim)
        };
        let cells = usize::from(self.labels);
        let label = fit(self.label, cells.saturating_sub(4));
        let pad = " ".repeat(cells.saturating_sub(2 + width(&label)));
        Line::from(vec![
            Span::styled(mark, theme.accent),
            Span::styled(label, style),
            Span::raw(pad),
        ])
    }

    /// Draws it. Returns the column behind it.
    pub(crate) fn draw(&self, input: &Input, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
        let mut end = area.x;
        for (line, y) in self.lines(input, area.width, theme).iter().zip(area.y..) {
            end = put_line(buf, area, y, line);
        }
        match input {
            Input::Text(text) => {
                draw(text, self.value(area), buf);
                area.right()
            }
            Input::Choice(_) | Input::Flag(_) => end,
        }
    }

    /// Where its value stands.
    pub(crate) fn value(&self, area: Rect) -> Rect {
        let labels = self.labels.min(area.width);
        Rect {
            x: area.x + labels,
            width: area.width - labels,
            ..area
        }
    }
}

/// What is chosen; where the focus is all of it, however long, and behind it which of how many it is.
fn choice_lines(
    choice: &ChoiceField,
    here: bool,
    room: u16,
    most: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let room = usize::from(room);
    let name = &choice.chosen().name;
    let count = choice.options().len();
    if !here || count == 1 {
        return vec![Line::from(Span::styled(fit(name, room), theme.text))];
    }
    let place = format!("{} of {count}", choice.index() + 1);
    let least = width(&place) + 2;
    let tail = match choice.typed() {
        "" => place,
        typed => format!("{place}, found by {typed}"),
    };
    let whole = format!("‹ {name} ›");
    // A single line is cut where it ends, not at the last blank that stands in it.
    let names = match most {
        1 => vec![fit(&whole, room)],
        _ => wrap_at_most(&whole, room, most),
    };
    let fits = names.last().is_some_and(|name| width(name) + least <= room);
    let has_own = !fits && names.len() < most;
    let mut lines: Vec<Line<'static>> = names
        .into_iter()
        .map(|name| Line::from(Span::styled(name, theme.selected)))
        .collect();
    if has_own {
        lines.push(Line::from(Span::styled(fit(&tail, room), theme.dim)));
    } else if let Some(last) = lines.last_mut().filter(|_| fits) {
        let left = room.saturating_sub(last.width() + 2);
        last.push_span(Span::raw("  "));
        last.push_span(Span::styled(fit(&tail, left), theme.dim));
    }
    lines
}

/// Draws a field into one line.
pub(crate) fn draw(field: &TextField, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    field.widget().render(Rect { height: 1, ..area }, buf);
}
