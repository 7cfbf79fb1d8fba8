//! A list that is seen through a window: only the rows that are seen are asked for, so that a frame costs the same at
//! a hundred rows and at a hundred thousand. Columns go away where there is no room, the least important first.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::cursor::Cursor;
use crate::ui::text::{put, put_right, width};
use crate::ui::theme::Theme;

/// Columns between two columns.
const GAP: u16 = 2;

/// From this rank on a column is a luxury.
const LUXURY: u8 = 7;

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<Id> {
    pub(crate) id: Id,
    pub(crate) title: &'static str,
    pub(crate) least: u16,
    /// Cells it can use.
    pub(crate) most: u16,
    /// Cells it has at ease: columns that are a luxury go before it gets less.
    pub(crate) ease: u16,
    /// Who goes first when there is no room: the highest number; 0 stays.
    pub(crate) rank: u8,
    /// Whether it takes what it can use before others take more than they have at ease.
    pub(crate) first: bool,
    /// Whether its values end at its right edge.
    pub(crate) right: bool,
}

impl<Id> Column<Id> {
    /// A column of one width.
    pub(crate) const fn fixed(id: Id, title: &'static str, cells: u16, rank: u8) -> Self {
        Self {
            id,
            title,
            least: cells,
            most: cells,
            ease: cells,
            rank,
            first: false,
            right: false,
        }
    }

    /// A column that takes more room where there is some.
    pub(crate) const fn elastic(
        id: Id,
        title: &'static str,
        least: u16,
        most: u16,
        rank: u8,
    ) -> Self {
        Self {
            id,
            title,
            least,
            most,
            ease: least,
            rank,
            first: false,
            right: false,
        }
    }

    /// The same, with more cells before luxuries are shown.
    pub(crate) const fn at_ease(mut self, cells: u16) -> Self {
        self.ease = cells;
        self
    }

    /// The same, wide before others.
    pub(crate) const fn first(mut self) -> Self {
        self.first = true;
        self
    }

    /// The same, with so many cells, as few and as many.
    pub(crate) const fn of_width(mut self, cells: u16) -> Self {
        (self.least, self.ease, self.most) = (cells, cells, cells);
        self
    }

    /// The same, with values at its right edge.
    pub(crate) const fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// A column in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<Id> {
    /// The column.
    pub(crate) column: Column<Id>,
    /// First cell.
    pub(crate) x: u16,
    pub(crate) width: u16,
}

/// Puts columns beside each other in `room` cells from `x` on.
pub(crate) fn place<Id: Copy>(columns: &[Column<Id>], x: u16, room: u16) -> Vec<Placed<Id>> {
    let mut kept: Vec<Column<Id>> = columns.to_vec();
    let gaps = |kept: &[Column<Id>]| GAP * (kept.len() as u16).saturating_sub(1);
    let need =
        |kept: &[Column<Id>]| kept.iter().map(|column| column.least).sum::<u16>() + gaps(kept);
    let ease =
        |kept: &[Column<Id>]| kept.iter().map(|column| column.ease).sum::<u16>() + gaps(kept);
    while let Some(last) = (0..kept.len())
        .filter(|at| kept[*at].rank > 0)
        .max_by_key(|at| kept[*at].rank)
    {
        let wanted = if kept[last].rank >= LUXURY {
            ease(&kept)
        } else {
            need(&kept)
        };
        if wanted <= room {
            break;
        }
        kept.remove(last);
    }
    let mut spare = room.saturating_sub(need(&kept));
    let mut widths: Vec<u16> = kept.iter().map(|column| column.least).collect();
    let wants: [fn(&Column<Id>) -> u16; 3] = [
        |column| column.ease,
        |column| {
            if column.first {
                column.most
            } else {
                column.ease
            }
        },
        |column| column.most,
    ];
    for want in wants {
        loop {
            let open: Vec<usize> = (0..kept.len())
                .filter(|at| widths[*at] < want(&kept[*at]))
                .collect();
            if open.is_empty() || spare == 0 {
                break;
            }
            for at in open.into_iter().take(usize::from(spare)) {
                widths[at] += 1;
                spare -= 1;
            }
        }
    }
    let end = x + room;
    let mut at = x;
    let mut placed = Vec::with_capacity(kept.len());
    for (column, wide) in kept.into_iter().zip(widths) {
        if at >= end {
            break;
        }
        let width = wide.min(end - at);
        placed.push(Placed {
            column,
            x: at,
            width,
        });
        at += width + GAP;
    }
    placed
}

/// Leaves what stands before a cell; a column that would have too little of itself goes.
fn cut<Id>(placed: &mut Vec<Placed<Id>>, end: u16) {
    for column in &mut *placed {
        column.width = column.width.min(end.saturating_sub(column.x));
    }
    placed.retain(|column| column.width >= column.column.least);
}

/// How the row under the cursor looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    /// It has the focus.
    Here,
    /// Another pane has it.
    Elsewhere,
    /// Another pane has it, and what that shows is not in sight here.
    Nowhere,
}

/// A value in a row.
pub(crate) type Value<'a> = (Cow<'a, str>, Style);

/// Which way the rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    /// The greatest first.
    Down,
}

impl Way {
    fn arrow(self) -> char {
        match self {
            Self::Up => '▲',
            Self::Down => '▼',
        }
    }
}

/// A list seen through a window.
pub(crate) struct Table<'a, Id> {
    /// Columns, the leftmost first.
    pub(crate) columns: &'a [Column<Id>],
    pub(crate) len: usize,
    /// The column that the rows are sorted by, and which way.
    pub(crate) lead: Option<(Id, Way)>,
    pub(crate) cursor: Cursor,
    /// Who has the focus.
    pub(crate) focus: Focus,
    /// Columns at its right that something else covers: what is left of it stands where it stands without.
    pub(crate) covered: u16,
}

impl<Id: Copy + PartialEq> Table<'_, Id> {
    /// Draws a line of headings and the rows that fit below it. `value` is asked for what is seen only; it is told
    /// the row, the column and the column's width. `mark` stands before a row.
    pub(crate) fn render<'v>(
        &self,
        theme: &Theme,
        area: Rect,
        buf: &mut Buffer,
        mark: impl Fn(usize) -> Option<(&'static str, Style)>,
        value: impl Fn(usize, Id, u16) -> Value<'v>,
    ) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        // Two cells for the mark and air, one for air at the right.
        let room = (area.width + self.covered).saturating_sub(3);
        let mut placed = place(self.columns, area.x + 2, room);
        if self.covered > 0 {
            cut(&mut placed, area.right().saturating_sub(1));
        }
        for column in &placed {
            let title = column.column.title;
            let lead = self.lead.filter(|(id, _)| *id == column.column.id);
            match lead {
                Some((_, way)) => {
                    let room = usize::from(column.width).saturating_sub(title.len());
                    let gap = if room > 1 { " " } else { "" };
                    let words = format!("{title}{gap}{}", way.arrow());
                    cell(buf, column, area.y, &words, theme.title);
                }
                None => cell(buf, column, area.y, title, theme.heading),
            }
        }
        let rows = usize::from(area.height - 1);
        let mut cursor = self.cursor;
        cursor.set(cursor.at, self.len);
        cursor.show(self.len, rows);
        for (line, at) in (cursor.top..self.len).take(rows).enumerate() {
            let y = area.y + 1 + line as u16;
            let over = match self.focus {
                Focus::Here => Some(theme.selected),
                Focus::Elsewhere => Some(theme.rested),
                Focus::Nowhere => None,
            };
            let over = over.filter(|_| at == cursor.at);
            if let Some(style) = over {
                if self.focus == Focus::Here {
                    buf.set_style(Rect::new(area.x, y, area.width, 1), style);
                }
                if self.focus == Focus::Elsewhere {
                    put(buf, area, area.x, y, "▸", style);
                }
            }
            if let Some((mark, style)) = mark(at) {
                put(buf, area, area.x, y, mark, over.unwrap_or(style));
            }
            for column in &placed {
                let (text, style) = value(at, column.column.id, column.width);
                cell(buf, column, y, &text, over.unwrap_or(style));
            }
        }
    }
}

fn cell<Id>(buf: &mut Buffer, column: &Placed<Id>, y: u16, text: &str, style: Style) {
    let area = Rect::new(column.x, y, column.width, 1);
    if column.column.right && width(text) < usize::from(column.width) {
        put_right(buf, area, y, text, style);
    } else {
        put(buf, area, column.x, y, text, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [Column<u8>; 3] {
        [
            Column::fixed(0, "A", 4, 0),
            Column::elastic(1, "B", 5, 40, 0),
            Column::fixed(2, "C", 6, 3),
        ]
    }

    #[test]
    fn what_matters_least_goes_first() {
        let all = place(&columns(), 0, 30);
        assert_eq!(all.len(), 3);
        assert_eq!(all[1].width, 16);
        let few = place(&columns(), 0, 15);
        assert_eq!(few.len(), 2);
        assert_eq!(few[1].width, 9);
    }

    #[test]
    fn what_is_covered_moves_nothing() {
        let all = place(&columns(), 0, 30);
        let mut left = all.clone();
        cut(&mut left, 20);
        let places =
            |placed: &[Placed<u8>]| placed.iter().map(|at| (at.x, at.width)).collect::<Vec<_>>();
        assert_eq!(places(&all), [(0, 4), (6, 16), (24, 6)]);
        assert_eq!(places(&left), [(0, 4), (6, 14)]);
        cut(&mut left, 10);
        assert_eq!(places(&left), [(0, 4)]);
    }

    #[test]
    fn no_room_is_no_reason_to_leave_the_area() {
        for room in 0..20 {
            for column in place(&columns(), 3, room) {
                assert!(column.x + column.width <= 3 + room);
            }
        }
    }
}
