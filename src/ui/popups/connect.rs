//! Region and key: why it is asked, the fields, what was wrong, and how long the key is kept.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::fields::Field;
use crate::app::popups::{ConnectField, ConnectForm};
use crate::config::KeyPlace;
use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{put, put_line, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::field::FieldRow;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 72;

/// Cells for a label and the mark of the focus.
const LABELS: u16 = 12;

/// A row of the box.
enum Row<'a> {
    Words(String, Style),
    Field(&'a Field<ConnectField>),
}

/// Draws it. Where not all of it fits, a line of words stays and the fields slide, so that the one that is typed in is
/// seen.
pub(super) fn draw(form: &ConnectForm, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let width = usize::from(columns);
    let told = match (&form.fields.error, form.trying) {
        (_, true) => Some("Connecting…"),
        (Some(error), false) => Some(error.as_str()),
        (None, false) => None,
    };
    let (lasts, all) = (lasts(form), &form.fields.all);
    let words = |text: &str, style: Style| -> Vec<Row<'_>> {
        let lines = wrap(text, width).into_iter();
        lines.map(|line| Row::Words(line, style)).collect()
    };
    let blank = || vec![Row::Words(String::new(), theme.text)];
    let errors = told.map_or_else(Vec::new, |told| {
        [blank(), words(told, theme.bad)]
            .into_iter()
            .flatten()
            .collect()
    });
    let hints = words(
        &format!(
            "Create the key in CertCentral under Automation > API Keys. certdeck never shows it. {lasts}"
        ),
        theme.dim,
    );
    // The least that is drawn whole: a line of why, the fields, what was wrong.
    let fixed = 1 + all.len() + errors.len();
    let rows = fixed + wrap(&form.why, width).len() + 1 + hints.len();
    let inner = frame::draw(
        "Connect to CertCentral",
        theme,
        frame::centred(area, columns, rows as u16),
        buf,
    );
    let room = usize::from(inner.height);
    let fields = all.iter().map(Row::Field);
    let mut shown: Vec<Row<'_>> = Vec::new();
    let mut above = false;
    let mut below = false;
    if room >= fixed {
        let most = room.saturating_sub(fixed).max(1);
        let why = wrap_at_most(&form.why, width, most).into_iter();
        shown.extend(why.map(|line| Row::Words(line, theme.text)));
        if room > fixed {
            shown.extend(blank());
        }
        shown.extend(fields);
        shown.extend(errors);
        shown.extend(blank());
        shown.extend(hints);
    } else {
        let lasts = form.place().map_or("until certdeck exits", KeyPlace::lasts);
        let short = format!("Kept {lasts}.");
        let (head, style) = match told {
            Some(told) => (told, theme.bad),
            None if form.fields.focus() == ConnectField::Keep => (short.as_str(), theme.dim),
            None => (form.why.as_str(), theme.text),
        };
        let head = wrap_at_most(head, width, 1).into_iter();
        shown.extend(
            head.map(|line| Row::Words(line, style))
                .take(room.saturating_sub(1)),
        );
        let window = room.saturating_sub(shown.len());
        let focus = all.iter().position(|field| field.id == form.fields.focus());
        let top = focus.map_or(0, |at| (at + 1).saturating_sub(window));
        above = top > 0;
        below = top + window < all.len();
        shown.extend(fields.skip(top).take(window));
    }
    let first = shown.iter().position(|row| matches!(row, Row::Field(_)));
    for (row, y) in shown.iter().take(room).zip(inner.y..) {
        match row {
            Row::Words(line, style) => {
                put(buf, inner, inner.x, y, line, *style);
            }
            Row::Field(field) => draw_field(
                field,
                form,
                theme,
                Rect {
                    y,
                    height: 1,
                    ..inner
                },
                buf,
            ),
        }
    }
    let edge = inner.right().saturating_sub(1);
    if let Some(first) = first.filter(|_| above) {
        put(buf, inner, edge, inner.y + first as u16, "↑", theme.accent);
    }
    if below {
        put(
            buf,
            inner,
            edge,
            inner.bottom().saturating_sub(1),
            "↓",
            theme.accent,
        );
    }
}

/// One field in its line.
fn draw_field(
    field: &Field<ConnectField>,
    form: &ConnectForm,
    theme: &Theme,
    line: Rect,
    buf: &mut Buffer,
) {
    let row = FieldRow {
        label: field.id.label(),
        labels: LABELS,
        here: field.id == form.fields.focus(),
        most: 1,
    };
    let region = form.fields.value(ConnectField::Region);
    if field.id == ConnectField::Url && !region.is_empty() {
        put_line(buf, line, line.y, &row.head(theme));
        let value = row.value(line);
        put(buf, value, value.x, value.y, &region, theme.dim);
    } else {
        row.draw(&field.input, theme, line, buf);
    }
}

/// How long the key is kept, and where.
fn lasts(form: &ConnectForm) -> String {
    match (&form.places, form.place()) {
        (None, _) => "Until one is found, the key is kept until certdeck exits.".into(),
        (Some(_), None) => {
            "URL and key are kept until certdeck exits; use ← and → to choose another place.".into()
        }
        (Some(_), Some(place)) => {
            let path = match place {
                KeyPlace::File(path) => format!("{}, ", path.display()),
                _ => String::new(),
            };
            format!(
                "Kept after CertCentral accepts it: {path}{}.",
                place.lasts()
            )
        }
    }
}
