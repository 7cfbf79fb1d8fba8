//! What lies over the screens, row by row: as much of it as fits, around what has the focus, with marks where there is
//! more, and a window that can be moved over all of it.

use std::ops::{Range, RangeInclusive};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::field::{self, FieldRow};
use super::{frame, scroll};
use crate::app::field::TextField;
use crate::app::fields::Input;
use crate::ui::text::wrap;
use crate::ui::theme::Theme;

/// Rows in a box.
pub(crate) struct Sheet<'a> {
    title: String,
    columns: u16,
    area: Rect,
    rows: Vec<Line<'a>>,
    /// Text fields, each with its row and how far its row is written before it.
    fields: Vec<(usize, &'a TextField)>,
    /// The rows that have to be seen, the first of them above all.
    focus: Range<usize>,
}

impl<'a> Sheet<'a> {
    /// An empty one with so many columns at most.
    pub(crate) fn new(title: impl Into<String>, area: Rect, most: u16) -> Self {
        Self {
            title: title.into(),
            columns: frame::widest(area, most),
            area,
            rows: Vec::new(),
            fields: Vec::new(),
            focus: 0..0,
        }
    }

    /// Cells for text.
    pub(crate) fn room(&self) -> usize {
        usize::from(self.columns)
    }

    /// Rows so far.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Rows that are seen at once.
    pub(crate) fn height(&self) -> usize {
        usize::from(self.area.height.saturating_sub(2)).min(self.rows.len())
    }

    /// Words, on as many rows as they take.
    pub(crate) fn say(&mut self, words: &str, style: Style) {
        let rows = wrap(words, self.room()).into_iter();
        self.rows.extend(rows.map(|row| Line::styled(row, style)));
    }

    /// A row as it is.
    pub(crate) fn row(&mut self, row: impl Into<Line<'a>>) {
        self.rows.push(row.into());
    }

    /// An empty row.
    pub(crate) fn gap(&mut self) {
        self.rows.push(Line::default());
    }

    /// A field in its rows, which are seen where it has the focus.
    pub(crate) fn input(&mut self, row: &FieldRow<'_>, input: &'a Input, theme: &Theme) {
        let first = self.rows.len();
        if let Input::Text(text) = input {
            self.fields.push((first, text));
        }
        self.rows.extend(row.lines(input, self.columns, theme));
        if row.here {
            self.focus_from(first);
        }
    }

    /// What was wrong with the last try, seen with what has the focus.
    pub(crate) fn error(&mut self, error: Option<&str>, theme: &Theme) {
        let Some(error) = error else {
            return;
        };
        let first = if self.focus.is_empty() {
            self.rows.len()
        } else {
            self.focus.start
        };
        self.say(error, theme.bad);
        self.focus_from(first);
    }

    /// A row with a text field behind some words.
    pub(crate) fn field(&mut self, lead: impl Into<Line<'a>>, field: &'a TextField) {
        self.fields.push((self.rows.len(), field));
        self.rows.push(lead.into());
    }

    /// What was added since there were so many rows has to be seen.
    pub(crate) fn focus_from(&mut self, first: usize) {
        self.focus = first..self.rows.len();
    }

    /// The rows of one to choose; those of the chosen one have to be seen.
    pub(crate) fn choice(&mut self, chosen: bool, rows: impl IntoIterator<Item = Line<'a>>) {
        let first = self.rows.len();
        self.rows.extend(rows);
        if chosen {
            self.focus_from(first);
        }
    }

    /// Takes the empty rows out where not all rows fit.
    pub(crate) fn tighten(&mut self) {
        let is_air = |row: &Line<'_>| row.width() == 0;
        while self.rows.len() > usize::from(self.area.height.saturating_sub(2)) {
            let Some(at) = self.rows.iter().position(is_air) else {
                return;
            };
            self.rows.remove(at);
            let back = |row: &mut usize| *row -= usize::from(*row > at);
            self.fields.iter_mut().for_each(|(row, _)| back(row));
            back(&mut self.focus.start);
            back(&mut self.focus.end);
        }
    }

    /// The first row that is seen while nothing is scrolled.
    fn base(&self) -> usize {
        let top = self.focus.end.saturating_sub(self.height());
        top.min(self.focus.start)
    }

    /// How far the window can be moved from where the focus puts it.
    pub(crate) fn moves(&self) -> RangeInclusive<isize> {
        let (base, last) = (self.base(), self.rows.len() - self.height());
        -(base as isize)..=(last.saturating_sub(base) as isize)
    }

    /// Draws it, with the window moved by so many rows.
    pub(crate) fn draw(&self, moved: isize, theme: &Theme, buf: &mut Buffer) {
        let rows = self.rows.len().max(1) as u16;
        let place = frame::centred(self.area, self.columns, rows);
        let inner = frame::draw(&self.title, theme, place, buf);
        let moves = self.moves();
        let moved = moved.clamp(*moves.start(), *moves.end());
        let top = self.base().saturating_add_signed(moved);
        // The marks of more stand in the air before the frame.
        let marked = Rect {
            width: inner.width + 1,
            ..inner
        };
        scroll::show(&self.rows, top, theme, marked, buf);
        for (row, text) in &self.fields {
            let Some(y) = row
                .checked_sub(top)
                .filter(|y| *y < usize::from(inner.height))
            else {
                continue;
            };
            let lead = self.rows[*row].width() as u16;
            let line = Rect {
                x: inner.x + lead,
                y: inner.y + y as u16,
                width: inner.width.saturating_sub(lead),
                height: 1,
            };
            field::draw(text, line.intersection(inner), buf);
        }
    }
}
