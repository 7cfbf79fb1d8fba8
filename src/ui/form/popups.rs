//! The questions over a form: which key to make, which file to load, whether to throw the draft away.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget as _;

use super::{fit, wrapped};
use crate::app::field::TextField;
use crate::app::form::{Form, LoadFile, MakeKey};
use crate::domain::draft::lists;
use crate::keys::{Action, KeyMap, Place};
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// One row of a question.
enum Row<'a> {
    Text(Style, String),
    /// An explanation; gives way where there is too little room.
    Aside(String),
    Field(&'static str, bool, &'a TextField),
    Value(&'static str, bool, String),
}

pub(super) fn make_key(
    make: &MakeKey,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
    buf: &mut Buffer,
) {
    let inner = inner_width(area);
    let mut rows = vec![
        Row::Value(
            "Key",
            !make.path_focused,
            format!("‹ {} ›", make.chosen().label()),
        ),
        Row::Field("File", make.path_focused, &make.path),
    ];
    if make.replaces {
        text(
            &mut rows,
            theme.warn,
            "It replaces the CSR that is in the form.",
            inner,
        );
    }
    if let Some(error) = &make.error {
        text(&mut rows, theme.bad, error, inner);
    }
    rows.push(Row::Aside(format!("  Names {}", lists::words(&make.names))));
    rows.extend(
        wrapped(
            "The private key is written to this file, which must not exist yet, for your eyes alone (0600). The CSR goes into the form.",
            inner,
        )
        .into_iter()
        .map(Row::Aside),
    );
    if make.busy {
        text(&mut rows, theme.accent, "Making the key…", inner);
    } else {
        text(&mut rows, theme.key, &hint(keymap, "makes it"), inner);
    }
    show("Make a private key and a CSR", &rows, theme, area, buf);
}

pub(super) fn load_file(
    load: &LoadFile,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
    buf: &mut Buffer,
) {
    let inner = inner_width(area);
    let mut rows = vec![Row::Field("File", true, &load.path)];
    if let Some(error) = &load.error {
        text(&mut rows, theme.bad, error, inner);
    }
    if !load.offers.is_empty() {
        rows.extend(
            wrapped(&load.offers.join("  "), inner)
                .into_iter()
                .map(Row::Aside),
        );
    }
    if load.busy {
        text(&mut rows, theme.accent, "Reading the file…", inner);
    } else {
        let complete = keymap.key_of(&[Place::Prompt], Action::NextField);
        let complete = complete.map_or_else(String::new, |key| format!(" · {key} completes"));
        let words = format!("{}{complete}", hint(keymap, "loads it"));
        text(&mut rows, theme.key, &words, inner);
    }
    show("Load a CSR from a file", &rows, theme, area, buf);
}

pub(super) fn discard(form: &Form, theme: &Theme, keymap: &KeyMap, area: Rect, buf: &mut Buffer) {
    let mut rows = Vec::new();
    let words = format!(
        "What was typed into this {} of order {} will be gone.",
        form.kind.label().to_lowercase(),
        form.order.id
    );
    text(&mut rows, theme.warn, &words, inner_width(area));
    text(
        &mut rows,
        theme.key,
        &hint(keymap, "throws it away"),
        inner_width(area),
    );
    show("Throw this draft away?", &rows, theme, area, buf);
}

fn hint(keymap: &KeyMap, does: &str) -> String {
    let key = |action| {
        keymap
            .key_of(&[Place::Prompt], action)
            .unwrap_or_else(|| "no key".into())
    };
    format!("{} {does} · {} back", key(Action::Open), key(Action::Back))
}

fn inner_width(area: Rect) -> u16 {
    frame::widest(area, 72)
}

fn text(rows: &mut Vec<Row<'_>>, style: Style, words: &str, width: u16) {
    rows.extend(
        wrapped(words, width)
            .into_iter()
            .map(|line| Row::Text(style, line)),
    );
}

fn show(title: &str, rows: &[Row<'_>], theme: &Theme, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.height.saturating_sub(2));
    let tight = rows.len() > room;
    let rows: Vec<&Row<'_>> = rows
        .iter()
        .filter(|row| !tight || !matches!(row, Row::Aside(_)))
        .collect();
    let place = frame::centred(area, inner_width(area), rows.len() as u16);
    let inner = frame::draw(title, theme, place, buf);
    // The last row says what the keys do: when there is too little room, rows above it give way.
    let skip = rows.len().saturating_sub(usize::from(inner.height));
    let keep = rows.len() - 1;
    let seen = rows
        .iter()
        .enumerate()
        .filter(|(place, _)| *place == keep || *place + skip < keep);
    for (y, (_, row)) in seen.enumerate() {
        let y = inner.y + y as u16;
        if y < inner.bottom() {
            draw(row, theme, Rect::new(inner.x, y, inner.width, 1), buf);
        }
    }
}

fn draw(row: &Row<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    const LABEL: u16 = 9;
    let label = |name: &str, focused: bool, buf: &mut Buffer| {
        let style = if focused { theme.accent } else { theme.dim };
        let mark = if focused { "▸ " } else { "  " };
        let name = format!("{mark}{name}");
        buf.set_string(area.x, area.y, fit(&name, area.width.min(LABEL)), style);
        Rect {
            x: area.x + LABEL.min(area.width),
            width: area.width.saturating_sub(LABEL),
            ..area
        }
    };
    match row {
        Row::Aside(text) => {
            buf.set_string(area.x, area.y, fit(text, area.width), theme.dim);
        }
        Row::Text(style, text) => {
            buf.set_string(area.x, area.y, fit(text, area.width), *style);
        }
        Row::Field(name, focused, field) => {
            let value = label(name, *focused, buf).intersection(buf.area);
            if !value.is_empty() {
                field.widget().render(value, buf);
            }
        }
        Row::Value(name, focused, value) => {
            let at = label(name, *focused, buf);
            let style = if *focused { theme.selected } else { theme.text };
            buf.set_string(at.x, at.y, fit(value, at.width), style);
        }
    }
}
