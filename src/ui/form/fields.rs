//! The fields: label, value, what is wrong with it; beside or below the CSR what it says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Widget as _};

use super::{fit, page, tone_mark, tone_style, wrapped};
use crate::app::field::{FieldKind, TextField};
use crate::app::fields::{Field, Input};
use crate::app::form::spec::FieldSpec;
use crate::app::form::{Form, Layer};
use crate::domain::draft::{FieldId, FormKind, Note, Tone, field_rules};
use crate::domain::text::bytes;
use crate::keys::{Action, KeyMap, Place};
use crate::ui::text::put_line;
use crate::ui::theme::Theme;
use crate::ui::widgets::field::FieldRow;

/// Columns from which the CSR and what it says stand side by side.
const SIDE_BY_SIDE: u16 = 100;

/// Columns from which the fields stand in two columns.
const TWO_COLUMNS: u16 = 150;

/// Columns between them.
const BETWEEN: u16 = 2;

/// Cells of the CSR's box: PEM lines have 64 characters, the cursor may stand behind the last.
const CSR_WIDTH: u16 = 68;

/// Cells of the widest label and its margin.
const LABEL: u16 = 20;

pub(super) fn render(form: &Form, theme: &Theme, keymap: &KeyMap, area: Rect, buf: &mut Buffer) {
    let mut rest = heading(form, theme, area, buf);
    if let Some(why) = form.blocked() {
        lines(
            &[Note {
                tone: Tone::Warn,
                text: why,
            }],
            theme,
            rest,
            buf,
        );
        return;
    }
    let mut notes: Vec<Note> = form.refusal().cloned().into_iter().collect();
    let again = keymap.key_of(&[Place::Form], Action::Refresh);
    notes.extend(form.missing_notes(again.as_deref()));
    notes.extend(form.order_notes().iter().cloned());
    notes.extend(form.notice.clone());
    let most = match rest.height {
        0..=5 => u16::from(!notes.is_empty()),
        6..=11 => 2,
        _ => 4,
    };
    let used = lines(
        &notes,
        theme,
        Rect {
            height: most.min(rest.height),
            ..rest
        },
        buf,
    );
    rest = below(rest, used);
    if rest.height > 3 {
        let help = Rect {
            y: rest.bottom() - 1,
            height: 1,
            ..rest
        };
        rest.height -= 1;
        help_line(form, theme, keymap, help, buf);
    }
    if rest.is_empty() {
        return;
    }
    for (fields, column) in columns(form, rest) {
        let view = View::new(form, theme, column);
        let blocks = view.lay_out(&fields);
        let total = blocks.last().map_or(0, |block| block.y + block.height);
        let mut whole = Buffer::empty(Rect::new(0, 0, column.width, total.max(1)));
        for block in &blocks {
            view.draw(block, &mut whole);
        }
        let focused = blocks.iter().find(|block| block.spec.id == form.focus());
        let top = focused.map_or(0, |block| {
            page::top_for(block.y, block.y + block.height, column.height)
        });
        page::show(&whole, top, theme, column, buf);
    }
}

/// The fields by the column they stand in: on a wide screen those of the second half stand beside those of the first,
/// with as much on either side as can be.
fn columns(form: &Form, area: Rect) -> Vec<(Vec<Shown<'_>>, Rect)> {
    let all: Vec<Shown<'_>> = form.shown().collect();
    if area.width < TWO_COLUMNS || all.len() < 2 {
        return vec![(all, area)];
    }
    let width = (area.width - BETWEEN) / 2;
    let left = Rect { width, ..area };
    let right = Rect {
        x: area.right() - width,
        ..left
    };
    // By what they hold, not by how tall they are just now: no field changes sides under the cursor.
    let heights: Vec<u16> = all
        .iter()
        .map(|(_, field)| match &field.input {
            Input::Text(text) if text.kind() == FieldKind::Pem => 12,
            Input::Text(text) if text.kind().is_multi_line() => 4,
            Input::Text(_) | Input::Choice(_) | Input::Flag(_) => 1,
        })
        .collect();
    let taller = |at: &usize| {
        let (above, below) = heights.split_at(*at);
        above.iter().sum::<u16>().max(below.iter().sum())
    };
    let split = (1..all.len()).min_by_key(taller).unwrap_or(all.len());
    let mut first = all;
    let second = first.split_off(split);
    vec![(first, left), (second, right)]
}

/// One line that says what the form is; what remains below it.
pub(super) fn heading(form: &Form, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let text = form.heading();
    buf.set_string(area.x, area.y, fit(&text, area.width), theme.title);
    let product = &form.order.product.name;
    let used = unicode_width::UnicodeWidthStr::width(text.as_str()) as u16;
    let width = unicode_width::UnicodeWidthStr::width(product.as_str()) as u16;
    if used + width + 3 <= area.width {
        buf.set_string(area.right() - width, area.y, fit(product, width), theme.dim);
    }
    below(area, 1)
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

/// Writes notes one below the other; says how many rows they took.
fn lines(notes: &[Note], theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let mut y = 0;
    for note in notes {
        for (style, text) in note_lines(note, theme, area.width) {
            if y >= area.height {
                return y;
            }
            buf.set_string(area.x, area.y + y, text, style);
            y += 1;
        }
    }
    y
}

fn note_lines(note: &Note, theme: &Theme, width: u16) -> Vec<(Style, String)> {
    let style = tone_style(note.tone, theme);
    wrapped(&note.text, width.saturating_sub(2))
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            let mark = if place == 0 {
                tone_mark(note.tone)
            } else {
                "  "
            };
            (style, format!("{mark}{line}"))
        })
        .collect()
}

fn help_line(form: &Form, theme: &Theme, keymap: &KeyMap, area: Rect, buf: &mut Buffer) {
    let Some((spec, _)) = form.shown().find(|(spec, _)| spec.id == form.focus()) else {
        return;
    };
    let key = |action| keymap.key_of(&[Place::Form], action);
    let help = match (spec.id, key(Action::LoadFile), key(Action::MakeKey)) {
        (FieldId::Csr, Some(load), Some(make)) => {
            let bare = form.kind == FormKind::Reissue && field_rules::takes_public_key(&form.order);
            let what = if bare {
                "the CSR or public key"
            } else {
                "the CSR"
            };
            format!("Paste {what} · {load} load a file · {make} generate a key and CSR")
        }
        _ => spec.help.to_string(),
    };
    buf.set_string(area.x, area.y, fit(&help, area.width), theme.dim);
}

/// A field with the rows it takes on the page.
struct Laid<'a> {
    spec: &'a FieldSpec,
    field: &'a Field<FieldId>,
    y: u16,
    height: u16,
    /// Rows of the value itself.
    value: u16,
    /// What stands below (or beside) it.
    notes: Vec<Note>,
    beside: bool,
}

/// A field and what the table says of it.
type Shown<'a> = (&'a FieldSpec, &'a Field<FieldId>);

struct View<'a, 'b> {
    form: &'a Form,
    theme: &'b Theme,
    width: u16,
    tall: u16,
}

impl<'a, 'b> View<'a, 'b> {
    /// One cell stays free for the marks of more.
    fn new(form: &'a Form, theme: &'b Theme, area: Rect) -> Self {
        Self {
            form,
            theme,
            width: area.width.saturating_sub(1).max(1),
            tall: area.height,
        }
    }

    fn lay_out(&self, fields: &[Shown<'a>]) -> Vec<Laid<'a>> {
        let mut y = 0;
        fields
            .iter()
            .map(|(spec, field)| {
                let laid = self.lay_out_field(spec, field, y);
                y += laid.height;
                laid
            })
            .collect()
    }

    fn focused(&self, id: FieldId) -> bool {
        self.form.focus() == id
    }

    fn lay_out_field(&self, spec: &'a FieldSpec, field: &'a Field<FieldId>, y: u16) -> Laid<'a> {
        let notes = self.notes(spec.id);
        let pem = self.is_boxed(field);
        let beside = pem && self.width >= SIDE_BY_SIDE;
        let value = match &field.input {
            Input::Text(_) if pem => match self.tall {
                _ if !self.focused(spec.id) => 3,
                0..=7 => 3,
                8..=13 => 5,
                14..=25 => 8,
                _ => 12,
            },
            Input::Text(text) if text.kind() == FieldKind::Pem => u16::from(!text.is_empty()),
            Input::Text(text) if text.kind().is_multi_line() => {
                let most = if self.focused(spec.id) {
                    (self.tall / 3).max(6)
                } else {
                    3
                };
                line_count(text).clamp(1, most)
            }
            Input::Text(_) => 1,
            input => {
                let row = self.row(spec, self.focused(spec.id));
                row.lines(input, self.width, self.theme).len() as u16
            }
        };
        let value = value.min(self.tall.max(1));
        let room = if beside {
            self.width - CSR_WIDTH
        } else {
            self.width.saturating_sub(self.indent(pem))
        };
        let below: u16 = notes
            .iter()
            .map(|note| note_lines(note, self.theme, room).len() as u16)
            .sum();
        let height = if beside {
            value.max(below)
        } else {
            value + below
        };
        Laid {
            spec,
            field,
            y,
            height,
            value,
            notes,
            beside,
        }
    }

    /// What is to be said at a field: problems, what the CSR says, what the end will be.
    fn notes(&self, id: FieldId) -> Vec<Note> {
        let mut notes: Vec<Note> = if id == FieldId::Csr {
            self.form.reading.notes.clone()
        } else {
            Vec::new()
        };
        for problem in self.form.problems_at(id) {
            if !notes.iter().any(|note| note.text == problem.text) {
                notes.push(Note {
                    tone: Tone::Bad,
                    text: problem.text.clone(),
                });
            }
        }
        notes.extend(self.form.advice_at(id).map(|advice| Note {
            tone: Tone::Warn,
            text: advice.text.clone(),
        }));
        if matches!(
            id,
            FieldId::OrderLength | FieldId::OrderDays | FieldId::OrderUntil
        ) && self.form.ends_at() == id
        {
            notes.extend(self.form.length_notes());
        }
        let wrong = notes.iter().any(|note| note.tone == Tone::Bad);
        if id == FieldId::Product && self.focused(id) {
            notes.extend(self.form.products_left_out());
        }
        let end = match id {
            FieldId::EndDate => true,
            FieldId::Validity => !self
                .form
                .shown()
                .any(|(spec, _)| matches!(spec.id, FieldId::Days | FieldId::Until)),
            FieldId::Days | FieldId::Until => true,
            _ => false,
        };
        if end {
            let note = self.form.end_note();
            let said = notes.iter().any(|known| known.text == note.text);
            // Before anything is typed nothing is wrong with it.
            let empty = self.form.shown().any(|(spec, field)| {
                spec.id == id && matches!(&field.input, Input::Text(text) if text.is_empty())
            });
            if !(said || (wrong || empty) && note.tone == Tone::Bad) {
                notes.push(note);
            }
        }
        notes
    }

    /// Whether the field is drawn as a box: the CSR while it is empty or edited. Filled in it is one line.
    fn is_boxed(&self, field: &Field<FieldId>) -> bool {
        match &field.input {
            Input::Text(text) if text.kind() == FieldKind::Pem => {
                text.is_empty() || self.focused(field.id)
            }
            _ => false,
        }
    }

    fn star(&self, spec: &FieldSpec) -> &'static str {
        if self.form.is_required(spec) {
            " *"
        } else {
            ""
        }
    }

    fn row(&self, spec: &'a FieldSpec, here: bool) -> FieldRow<'a> {
        FieldRow {
            label: &spec.label,
            labels: self.indent(false),
            here,
            most: usize::MAX,
        }
    }

    fn indent(&self, pem: bool) -> u16 {
        if pem {
            2.min(self.width)
        } else {
            LABEL.min(self.width / 3)
        }
    }

    fn draw(&self, laid: &Laid<'_>, buf: &mut Buffer) {
        let pem = self.is_boxed(laid.field);
        let area = Rect::new(0, laid.y, self.width, laid.value);
        if pem {
            let width = if laid.beside { CSR_WIDTH } else { self.width };
            self.draw_csr(laid, Rect { width, ..area }, buf);
        } else {
            self.draw_line(laid, area, buf);
        }
        let notes = if laid.beside {
            let x = CSR_WIDTH + 1;
            Rect::new(x, laid.y, self.width.saturating_sub(x), laid.height)
        } else {
            let x = self.indent(pem);
            Rect::new(
                x,
                laid.y + laid.value,
                self.width - x,
                laid.height - laid.value,
            )
        };
        lines(&laid.notes, self.theme, notes, buf);
    }

    fn draw_csr(&self, laid: &Laid<'_>, area: Rect, buf: &mut Buffer) {
        let Input::Text(text) = &laid.field.input else {
            return;
        };
        let focused = self.focused(laid.spec.id);
        let border = if focused {
            self.theme.accent
        } else {
            self.theme.border
        };
        let star = self.star(laid.spec);
        let title = if text.is_empty() {
            format!(" {}{star} ", laid.spec.label)
        } else {
            format!(" {}{star} {} ", laid.spec.label, bytes(text.len()))
        };
        let block = Block::bordered().border_style(border).title(title);
        let inner = block.inner(area);
        block.render(area, buf);
        if text.is_empty() && !inner.is_empty() {
            let hint = fit("Paste it here", inner.width.saturating_sub(1));
            buf.set_string(inner.x + 1, inner.y, hint, self.theme.dim);
            if !focused {
                return;
            }
            draw_text(
                text,
                Rect {
                    width: 1,
                    height: 1,
                    ..inner
                },
                buf,
            );
            return;
        }
        draw_text(text, inner, buf);
    }

    fn draw_line(&self, laid: &Laid<'_>, area: Rect, buf: &mut Buffer) {
        let focused = self.focused(laid.spec.id) && matches!(self.form.layer, Layer::Editing);
        let theme = self.theme;
        let row = self.row(laid.spec, focused);
        let label = format!("{}{}", laid.spec.label, self.star(laid.spec));
        let row = FieldRow {
            label: &label,
            ..row
        };
        for (line, y) in row
            .lines(&laid.field.input, area.width, theme)
            .iter()
            .zip(area.y..)
        {
            put_line(buf, area, y, line);
        }
        let Input::Text(text) = &laid.field.input else {
            return;
        };
        let value = row.value(area);
        let many = text.kind().is_multi_line();
        if text.is_empty() && !focused {
            buf.set_string(value.x, value.y, fit("–", value.width), theme.dim);
        } else if text.kind() == FieldKind::Pem {
            let size = bytes(text.len());
            buf.set_string(value.x, value.y, fit(&size, value.width), theme.text);
        } else if many && !focused {
            self.draw_beginning(text, value, buf);
        } else {
            let count = line_count(text);
            if many && count > value.height && value.height > 1 {
                let all = fit(&format!("{count} in total"), row.labels.saturating_sub(4));
                buf.set_string(area.x + 2, area.y + 1, all, theme.dim);
            }
            draw_text(text, value, buf);
        }
    }

    /// Several lines without the focus: the first ones, and how many more there are.
    fn draw_beginning(&self, text: &TextField, area: Rect, buf: &mut Buffer) {
        let lines = text.widget().lines();
        let rows = usize::from(area.height);
        let hidden = lines.len().saturating_sub(rows);
        for (y, line) in lines.iter().take(rows).enumerate() {
            let last = y + 1 == rows && hidden > 0;
            let shown = if last {
                format!("and {} more", hidden + 1)
            } else {
                line.clone()
            };
            let style = if last {
                self.theme.dim
            } else {
                self.theme.text
            };
            buf.set_string(area.x, area.y + y as u16, fit(&shown, area.width), style);
        }
    }
}

fn line_count(text: &TextField) -> u16 {
    text.widget().lines().len() as u16
}

fn draw_text(text: &TextField, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if !area.is_empty() {
        text.widget().render(area, buf);
    }
}
