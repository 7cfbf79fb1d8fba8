//! Reissues of several orders: a row an order, with what its certificate becomes and where its CSR comes from.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::bulk::{BulkList, Changes, CsrSource, Row, Standing};
use crate::app::cursor::Cursor;
use crate::app::model::Model;
use crate::domain::draft::lists;
use crate::domain::text::counted;
use crate::keys::{Action, Place};
use crate::ui::form::tone_style;
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::facts::Facts;
use crate::ui::widgets::table::{Column, Focus, Table};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Order,
    Names,
    Expires,
    WillExpire,
    Csr,
    Others,
    State,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Order, "ORDER", 9, 2),
    Column::elastic(Col::Names, "NAMES", 14, 40, 0),
    Column::fixed(Col::Expires, "EXPIRES", 10, 4),
    Column::fixed(Col::WillExpire, "WILL EXPIRE", 11, 3),
    Column::elastic(Col::Csr, "CSR", 12, 30, 5),
    Column::elastic(Col::Others, "OTHERS", 10, 16, 7),
    Column::elastic(Col::State, "STATUS", 16, 120, 0).at_ease(36),
];

/// Lines that CSR files which fit no order take at most.
const LEFTOVERS: usize = 3;

/// Rows that take names away are named up to so many.
const DANGERS: usize = 3;

/// What is listed.
pub(super) fn heading(list: &BulkList, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let orders = counted(list.rows.len(), "order", "orders");
    let words = format!("Reissues of {orders}");
    put(buf, area, area.x, area.y, &words, theme.title);
}

/// How many rows can be sent, and what is to be done next.
pub(super) fn summary(model: &Model, list: &BulkList, theme: &Theme) -> (String, Style) {
    let key = |action| {
        let key = model.keymap.key_of(&[Place::Bulk], action);
        key.unwrap_or_default()
    };
    if list.rows.is_empty() {
        let words = "No orders here: mark some in the list of orders, then reissue.";
        return (words.to_owned(), theme.dim);
    }
    let counts = list.counts(&model.engine.writes.all);
    let keys = list.rows.iter();
    let keys = keys.filter(|row| matches!(row.standing, Standing::AwaitsKey(_)));
    let keys = match keys.count() {
        0 => String::new(),
        keys => format!(" ({} to generate)", counted(keys, "key", "keys")),
    };
    let sent = match counts.sent {
        0 => String::new(),
        sent => format!(", {sent} sent"),
    };
    let unchecked = |row: &&Row| row.standing == Standing::Unchecked;
    let unchecked = list.rows.iter().filter(unchecked).count();
    let loading = match unchecked {
        0 => String::new(),
        loading => format!(", {loading} loading"),
    };
    let words = format!(
        "{}: {} ready{keys}{sent}{loading}, {} excluded · {} to edit one · {} to review",
        counted(list.rows.len(), "order", "orders"),
        counts.rest,
        counts.out - unchecked,
        key(Action::Open),
        key(Action::Review)
    );
    (words, theme.text)
}

/// CSR files that no order could be told for. Tells the line below them.
pub(super) fn leftovers(
    list: &BulkList,
    theme: &Theme,
    mut y: u16,
    area: Rect,
    buf: &mut Buffer,
) -> u16 {
    if list.settings.source != CsrSource::Given {
        return y;
    }
    let all = &list.leftovers;
    for words in all.iter().take(LEFTOVERS) {
        put(
            buf,
            area,
            area.x,
            y,
            &format!("Not used: {words}"),
            theme.warn,
        );
        y += 1;
    }
    if let more @ 1.. = all.len().saturating_sub(LEFTOVERS) {
        put(
            buf,
            area,
            area.x,
            y,
            &format!("and {more} more"),
            theme.warn,
        );
        y += 1;
    }
    y
}

/// The sum of what will be sent. Tells how many rows it took.
pub(super) fn reviewing(list: &BulkList, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let count = list.ready().count();
    let changes = list.ready().filter_map(|(row, _)| row.changes());
    let waiting = changes.filter(|changes| changes.awaits_approval).count();
    let dangers: Vec<String> = list
        .dangerous()
        .map(|(row, danger)| format!("Order {}: {danger}", row.order))
        .collect();
    let waiting = match waiting {
        0 => String::new(),
        1 => ", 1 probably waits for approval".to_owned(),
        many => format!(", {many} probably wait for approval"),
    };
    let dropping = match dangers.len() {
        0 => String::new(),
        1 => ", 1 takes something away".to_owned(),
        many => format!(", {many} take something away"),
    };
    let out = match list.rows.len() - count {
        0 => String::new(),
        1 => " 1 row is not sent now; it shows why.".to_owned(),
        many => format!(" {many} rows are not sent now; each shows why."),
    };
    let reissues = counted(count, "reissue", "reissues");
    let words = format!("{reissues}{waiting}{dropping}; sent one at a time.{out}");
    let mut lines: Vec<(String, Style)> = wrap(&words, usize::from(area.width))
        .into_iter()
        .map(|line| (line, theme.warn))
        .collect();
    for danger in dangers.iter().take(DANGERS) {
        let wrapped = wrap(danger, usize::from(area.width)).into_iter();
        lines.extend(wrapped.map(|line| (line, theme.bad)));
    }
    if let more @ 1.. = dangers.len().saturating_sub(DANGERS) {
        lines.push((format!("and {more} more"), theme.bad));
    }
    let mut y = area.y;
    for (line, style) in lines.iter().take(usize::from(area.height)) {
        put(buf, area, area.x, y, line, *style);
        y += 1;
    }
    y - area.y
}

/// The rows.
pub(super) fn table(
    model: &Model,
    list: &BulkList,
    cursor: Cursor,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let table = Table {
        columns: COLUMNS,
        len: list.rows.len(),
        lead: None,
        cursor,
        focus: Focus::Here,
        covered: 0,
    };
    table.render(
        theme,
        area,
        buf,
        |at| list.rows.get(at).map(|row| super::mark(model, row, theme)),
        |at, column, _| {
            let Some(row) = list.rows.get(at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            cell(model, row, column, theme)
        },
    );
}

fn cell<'a>(model: &Model, row: &'a Row, column: Col, theme: &Theme) -> (Cow<'a, str>, Style) {
    let changes = row.changes();
    let date = |date: Option<jiff::civil::Date>| {
        date.map_or(Cow::Borrowed(""), |date| Cow::Owned(date.to_string()))
    };
    match column {
        Col::Order => (Cow::Owned(row.order.to_string()), theme.dim),
        Col::Names => (names(row, changes), theme.text),
        Col::Expires => (date(changes.and_then(|one| one.expires)), theme.text),
        Col::WillExpire => (date(changes.and_then(|one| one.will_expire)), theme.text),
        Col::Csr => (row.says.as_str().into(), theme.dim),
        Col::Others => match changes {
            Some(changes) if changes.danger.is_some() => ("affected".into(), theme.bad),
            Some(_) => ("stay valid".into(), theme.dim),
            None => ("".into(), theme.dim),
        },
        Col::State => {
            let (tone, words) = row.words(&model.engine.writes.all);
            (words.into(), super::style(tone, theme))
        }
    }
}

fn names<'a>(row: &'a Row, changes: Option<&Changes>) -> Cow<'a, str> {
    match changes.map_or(0, |changes| changes.names.len().saturating_sub(1)) {
        0 => row.name.as_str().into(),
        more => format!("{} +{more}", row.name).into(),
    }
}

/// What is to be said of a row before its CSR.
pub(super) fn facts(row: &Row, facts: &mut Facts<'_>) {
    facts.fact("Order", &format!("{} {}", row.order, row.name));
    if let Some(changes) = row.changes() {
        facts.fact("Names", &lists::words(&changes.names));
        if let Some(expires) = changes.expires {
            facts.fact("Expires", &expires.to_string());
        }
        facts.fact("Will expire", &changes.end.text);
    }
    if let Some(path) = &row.key_file {
        facts.fact("Key", path);
    }
}

/// What the review of the single form says of a row.
pub(super) fn reviewed(row: &Row, theme: &Theme, columns: u16, lines: &mut Vec<Line<'static>>) {
    let sections = row.changes().map_or(&[][..], |changes| &changes.sections);
    for section in sections {
        lines.push(Line::styled(section.title, theme.accent));
        for note in &section.notes {
            let style = tone_style(note.tone, theme);
            let wrapped = wrap(&note.text, usize::from(columns.max(1))).into_iter();
            lines.extend(wrapped.map(|line| Line::styled(line, style)));
        }
    }
}
