//! Facts: a label and what is known, aligned, wrapped below itself.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::text::{fit, width, wrap};
use crate::ui::theme::Theme;

/// Cells for the labels.
const LABEL: usize = 14;

/// Lines of facts for a width.
pub(crate) struct Facts<'a> {
    theme: &'a Theme,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl<'a> Facts<'a> {
    /// No facts yet.
    pub(crate) fn new(theme: &'a Theme, columns: u16) -> Self {
        Self {
            theme,
            columns: usize::from(columns),
            lines: Vec::new(),
        }
    }

    /// A label and a value; nothing when the value is empty.
    pub(crate) fn fact(&mut self, label: &str, value: &str) {
        self.styled(label, value, self.theme.text);
    }

    /// A label and a value that may not be known.
    pub(crate) fn maybe(&mut self, label: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.fact(label, value.as_ref());
        }
    }

    /// A label and a value in a style.
    pub(crate) fn styled(&mut self, label: &str, value: &str, style: Style) {
        if value.is_empty() {
            return;
        }
        // A narrow pane has the value below its label.
        let narrow = self.columns < LABEL * 2;
        let indent = if narrow { 2 } else { LABEL };
        let mut values = wrap(value, self.columns.saturating_sub(indent)).into_iter();
        let label = fit(label, LABEL - 2);
        if narrow {
            self.lines.push(Line::styled(label, self.theme.dim));
        } else {
            let pad = " ".repeat(LABEL.saturating_sub(width(&label)));
            let first = values.next().unwrap_or_default();
            self.lines.push(Line::from(vec![
                Span::styled(label, self.theme.dim),
                Span::raw(pad),
                Span::styled(first, style),
            ]));
        }
        for value in values {
            self.lines.push(Line::from(vec![
                Span::raw(" ".repeat(indent)),
                Span::styled(value, style),
            ]));
        }
    }

    /// A heading, with air above it.
    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        self.lines
            .push(Line::styled(fit(text, self.columns), self.theme.title));
    }

    /// Words over the whole width.
    pub(crate) fn words(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.columns) {
            self.lines.push(Line::styled(line, style));
        }
    }

    /// Words below a heading.
    pub(crate) fn inset(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.columns.saturating_sub(2)) {
            self.lines
                .push(Line::from(vec![Span::raw("  "), Span::styled(line, style)]));
        }
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// An empty line, unless there is one.
    pub(crate) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// How wide a line may be.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// The lines.
    pub(crate) fn done(self) -> Vec<Line<'static>> {
        self.lines
    }
}
