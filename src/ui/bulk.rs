//! Many certificates to ask for, one a row: duplicates of one order, or reissues of several. What each row says and what is
//! wrong, what will be sent, how far it got and what came.

mod reissues;

use std::borrow::Cow;

use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::form::wrap::chunks;
use super::text::{fit, put, put_right, width, wrap};
use super::theme::Theme;
use super::widgets::facts::Facts;
use super::widgets::field::{self, FieldRow};
use super::widgets::table::{Column, Focus, Table};
use super::widgets::{listing, scroll};
use crate::app::bulk::{BulkField, BulkList, Row, Standing};
use crate::app::bulk_screen::{BulkScreen, BulkView};
use crate::app::effect::ListId;
use crate::app::field::TextField;
use crate::app::fields::Input;
use crate::app::model::Model;
use crate::app::status::Tone;
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::text::counted;
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Number,
    Name,
    Says,
    State,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Number, "", 3, 4).right(),
    Column::elastic(Col::Name, "CSR", 10, 32, 0),
    Column::elastic(Col::Says, "CONTENT", 16, 40, 3),
    Column::elastic(Col::State, "STATUS", 16, 120, 0).at_ease(36),
];

/// Cells that the order number which is typed keeps, with its cursor.
const TYPED: u16 = 10;

/// Cells of the progress bar.
const BAR: usize = 24;

/// Cells for a field's label and the mark of the focus.
const LABELS: u16 = 14;

/// Cells of a date.
const DATE: u16 = 12;

/// Rows from which on all fields have a line of their own.
const TALL: u16 = 16;

/// What is drawn: a list, as its screen shows it.
#[derive(Clone, Copy)]
struct View<'a> {
    list: &'a BulkList,
    screen: &'a BulkScreen,
}

/// Draws the screen.
pub(super) fn draw(
    model: &Model,
    screen: &BulkScreen,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let Some(list) = model.engine.bulk.get(screen.id) else {
        return;
    };
    let bulk = View { list, screen };
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    match screen.id {
        ListId::Duplicates(order) => {
            let info = model.engine.account.order(order);
            heading(order, info, theme, inner, buf);
        }
        ListId::Reissues => reissues::heading(list, theme, inner, buf),
    }
    let mut rest = below(inner, 1);
    let rows = match &bulk.screen.view {
        BulkView::Collecting => collecting(model, bulk, theme, rest, buf),
        BulkView::Review { .. } if screen.id == ListId::Reissues => {
            reissues::reviewing(list, theme, rest, buf)
        }
        BulkView::Review { .. } => reviewing(bulk, theme, rest, buf),
        BulkView::Results => progress(model, bulk, theme, rest, buf),
    };
    rest = below(rest, rows);
    if let BulkView::Review { confirm, error, .. } = &bulk.screen.view {
        rest.height -= foot(model, bulk, confirm, error.as_deref(), theme, rest, buf);
    }
    table(
        model,
        bulk,
        theme,
        Rect {
            x: area.x,
            width: area.width,
            ..rest
        },
        buf,
    );
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

fn heading(order: OrderId, info: Option<&Order>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let name = info.map_or("loading the order…", |info| {
        info.certificate.common_name.as_str()
    });
    let words = format!("Bulk duplicates of order {order} · {name}");
    let end = put(buf, area, area.x, area.y, &words, theme.title);
    if let Some(info) = info {
        let product = super::product::name(&info.product);
        if usize::from(area.right().saturating_sub(end)) > width(&product) + 3 {
            put_right(buf, area, area.y, &product, theme.dim);
        }
    }
}

/// Where CSRs come from and what all of them share. Tells how many rows it took.
fn collecting(model: &Model, bulk: View<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let focus = bulk.screen.fields.focus();
    let all = area.height >= TALL;
    // Where there is no room for all of them, the one with the focus stands below the first.
    let fields = bulk.list.fields();
    let (first, next) = (fields[0], fields[1]);
    let second = if focus == first { next } else { focus };
    let parts = fields
        .iter()
        .copied()
        .filter(|part| all || *part == first || *part == second);
    let mut y = area.y;
    for part in parts {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let end = draw_field(bulk, part, theme, line, buf);
        y += 1;
        let Some((words, style)) = said(bulk, part, theme) else {
            continue;
        };
        // Beside the value where there is room, else below it.
        let room = usize::from(area.right().saturating_sub(end + 2));
        if !all || width(&words) <= room {
            put(buf, line, end + 2, line.y, &words, style);
            continue;
        }
        let columns = usize::from(area.width.saturating_sub(LABELS));
        for words in wrap(&words, columns) {
            put(buf, area, area.x + LABELS, y, &words, style);
            y += 1;
        }
    }
    let (words, style) = match bulk.list.id {
        ListId::Duplicates(_) => summary(model, bulk, theme),
        ListId::Reissues => reissues::summary(model, bulk.list, theme),
    };
    let lines = if all {
        wrap(&words, usize::from(area.width))
    } else {
        vec![words]
    };
    for words in lines {
        put(buf, area, area.x, y, &words, style);
        y += 1;
    }
    if all {
        y = reissues::leftovers(bulk.list, theme, y, area, buf);
    }
    y - area.y
}

/// A field in its line. Tells where what stands in it ends.
fn draw_field(bulk: View<'_>, part: BulkField, theme: &Theme, line: Rect, buf: &mut Buffer) -> u16 {
    let screen = bulk.screen;
    let row = FieldRow {
        label: part.label(),
        labels: LABELS,
        here: part == screen.fields.focus(),
        most: 1,
    };
    if let Some(choice) = screen.choice(bulk.list, part) {
        return row.draw(&Input::Choice(choice), theme, line, buf);
    }
    let Some(field) = screen.fields.get(part) else {
        return line.x;
    };
    let value = row.value(line);
    if part == BulkField::End {
        let width = line.width.min(LABELS + DATE);
        return row.draw(&field.input, theme, Rect { width, ..line }, buf) - 1;
    }
    let end = row.draw(&field.input, theme, line, buf);
    if !row.here && screen.fields.value(part).is_empty() {
        let words = "files or a folder, or paste CSRs";
        put(buf, value, value.x, value.y, words, theme.dim);
    }
    end
}

/// What is to be said of a field.
fn said(bulk: View<'_>, part: BulkField, theme: &Theme) -> Option<(String, Style)> {
    let shared = &bulk.list.shared;
    let field = part.field();
    if let Some(problem) = bulk.list.problem(part) {
        return Some((problem, theme.bad));
    }
    if let Some(advice) = field.and_then(|field| shared.advice(field)) {
        return Some((advice.to_owned(), theme.warn));
    }
    match part {
        BulkField::End => {
            let note = shared.end_note.as_ref()?;
            Some((note.text.clone(), super::form::tone_style(note.tone, theme)))
        }
        BulkField::Platform => Some(("for all CSRs; names as on the order".to_owned(), theme.dim)),
        BulkField::Source => Some(("an order with a CSR keeps it".to_owned(), theme.dim)),
        BulkField::Pattern => {
            let words = if bulk.list.typed(part).trim().is_empty() {
                "nothing is written by itself"
            } else {
                "{name} {order} {date} {time} {part}; keys 0600, never over a file"
            };
            Some((words.to_owned(), theme.dim))
        }
        BulkField::Paths
        | BulkField::Hash
        | BulkField::Ica
        | BulkField::Key
        | BulkField::Latest => None,
    }
}

fn summary(model: &Model, bulk: View<'_>, theme: &Theme) -> (String, Style) {
    if let Some(why) = &bulk.list.blocked {
        return (why.clone(), theme.bad);
    }
    if bulk.list.reading > 0 {
        return ("reading…".into(), theme.accent);
    }
    let key = |action| {
        let key = model.keymap.key_of(&[Place::Bulk], action);
        key.unwrap_or_default()
    };
    if bulk.list.rows.is_empty() {
        let words = format!(
            "Enter files (* works) or a folder (its *.csr, *.pem, *.req) and press {}, or paste CSRs.",
            key(Action::Open)
        );
        return (words, theme.dim);
    }
    let counts = bulk.list.counts(&model.engine.writes.all);
    let sent = match counts.sent {
        0 => String::new(),
        sent => format!(", {sent} sent"),
    };
    let words = format!(
        "{}: {} ready{sent}, {} excluded · {} to review",
        counted(bulk.list.rows.len(), "CSR", "CSRs"),
        counts.rest,
        counts.out,
        key(Action::Review)
    );
    (words, theme.text)
}

fn reviewing(bulk: View<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let count = bulk.list.ready().count();
    let Some((_, first)) = bulk.list.ready().next() else {
        return 0;
    };
    let words = format!(
        "{count} will be sent, one at a time: {} {}",
        first.method.as_str(),
        first.path
    );
    let mut y = area.y;
    for line in wrap(&words, usize::from(area.width)) {
        put(buf, area, area.x, y, &line, theme.warn);
        y += 1;
    }
    let roomy = area.height >= TALL;
    if let Some((words, style)) =
        said(bulk, BulkField::End, theme).filter(|_| roomy || bulk.list.shared.is_cut())
    {
        // Where there is little room, what to type to send it matters more.
        let lines = wrap(&words, usize::from(area.width));
        for line in lines.iter().take(if roomy { lines.len() } else { 1 }) {
            put(buf, area, area.x, y, line, style);
            y += 1;
        }
    }
    let out = bulk.list.rows.len() - count;
    if out > 0 {
        let words = match out {
            1 => "1 row is not sent now; it shows why.".to_owned(),
            many => format!("{many} rows are not sent now; each row shows why."),
        };
        put(buf, area, area.x, y, &words, theme.text);
        y += 1;
    }
    (y - area.y).min(area.height)
}

/// What has to be typed. Tells how many rows it took from the end.
fn foot(
    model: &Model,
    bulk: View<'_>,
    confirm: &TextField,
    error: Option<&str>,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> u16 {
    if area.is_empty() {
        return 0;
    }
    let key = model.keymap.key_of(&[Place::Review], Action::Open);
    let key = key.unwrap_or_else(|| "no key".into());
    let count = bulk.list.ready().count();
    let y = area.bottom() - 1;
    let Some(wanted) = bulk.list.confirmation() else {
        put(
            buf,
            area,
            area.x,
            y,
            &format!("Press {key} to send {count}."),
            theme.warn,
        );
        return error_above(error, theme, area, buf);
    };
    let ask = format!("Type {wanted} and press {key} to send {count}: ");
    // Where there is little room, what is typed matters more than the end of the question.
    let ask_area = Rect {
        width: area.width.saturating_sub(TYPED),
        ..area
    };
    let x = put(buf, ask_area, area.x, y, &ask, theme.bad);
    let line = Rect {
        x,
        y,
        width: area.right().saturating_sub(x),
        height: 1,
    };
    field::draw(confirm, line, buf);
    error_above(error, theme, area, buf)
}

/// Why nothing was sent, above the last line. Tells how many rows both take.
fn error_above(error: Option<&str>, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    match error {
        Some(error) if area.height > 3 => {
            put(buf, area, area.x, area.bottom() - 2, error, theme.warn);
            2
        }
        _ => 1,
    }
}

/// A time in words that need not be exact.
fn about(time: SignedDuration) -> String {
    match time.as_secs() {
        secs @ ..60 => format!("about {} s", secs.max(1)),
        secs => format!("about {} min", (secs + 30) / 60),
    }
}

/// How far the run got.
fn progress(model: &Model, bulk: View<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let counts = bulk.list.counts(&model.engine.writes.all);
    let total = counts.sent + counts.rest;
    let cells = (BAR * counts.answered)
        .checked_div(total)
        .unwrap_or_default();
    let bar = format!("{}{}", "█".repeat(cells), "░".repeat(BAR - cells));
    let narrow = usize::from(area.width) < BAR + 40;
    let mut x = area.x;
    if !narrow {
        x = put(buf, area, x, area.y, &bar, theme.accent) + 2;
    }
    let style = match &bulk.list.run {
        Some(_) => theme.accent,
        None if counts.rest > 0 => theme.warn,
        None => theme.text,
    };
    x = put(
        buf,
        area,
        x,
        area.y,
        &format!("{} of {total} sent", counts.answered),
        style,
    );
    let key = model.keymap.key_of(&[Place::BulkRun], Action::Back);
    let state = match &bulk.list.run {
        Some(run) if run.stopped => " · stopping: 1 is waiting for a response".into(),
        Some(run) => {
            let left = run.time_left(model.engine.now);
            let left = left.map_or_else(String::new, |left| format!(" · {} left", about(left)));
            format!(" · {} to stop{left}", key.unwrap_or_default())
        }
        None if counts.rest > 0 => format!(" · {} not sent", counts.rest),
        None => String::new(),
    };
    let out = match counts.out {
        0 => String::new(),
        out => format!(" · {out} excluded"),
    };
    let earlier = match counts.earlier {
        0 => String::new(),
        earlier => format!(" · {earlier} issued before"),
    };
    let otherwise = match counts.otherwise {
        0 => String::new(),
        otherwise => format!(", {otherwise} mismatched"),
    };
    let words = format!(
        " · {} issued and verified{otherwise}{earlier}{state}{out}",
        counts.done
    );
    put(buf, area, x, area.y, &words, theme.text);
    1
}

fn table(model: &Model, bulk: View<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.is_empty() || bulk.list.rows.is_empty() {
        return;
    }
    let least = match bulk.screen.view {
        BulkView::Review { .. } => 14,
        BulkView::Collecting | BulkView::Results => 7,
    };
    let (list, lower) = listing::split(area, bulk.list.rows.len(), least);
    if bulk.list.id == ListId::Reissues {
        reissues::table(model, bulk.list, bulk.screen.cursor, theme, list, buf);
        return lower_part(model, bulk, theme, lower, buf);
    }
    let table = Table {
        columns: COLUMNS,
        len: bulk.list.rows.len(),
        lead: None,
        cursor: bulk.screen.cursor,
        focus: Focus::Here,
        covered: 0,
    };
    table.render(
        theme,
        list,
        buf,
        |at| bulk.list.rows.get(at).map(|row| mark(model, row, theme)),
        |at, column, _| {
            let Some(row) = bulk.list.rows.get(at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            match column {
                Col::Number => (Cow::Owned((at + 1).to_string()), theme.dim),
                Col::Name => (row.name.as_str().into(), theme.text),
                Col::Says => (row.says.as_str().into(), theme.dim),
                Col::State => {
                    let (tone, words) = row.words(&model.engine.writes.all);
                    (words.into(), style(tone, theme))
                }
            }
        },
    );
    lower_part(model, bulk, theme, lower, buf);
}

/// What is to be said of the row under the cursor.
fn lower_part(model: &Model, bulk: View<'_>, theme: &Theme, lower: Option<Rect>, buf: &mut Buffer) {
    if let (Some(lower), Some(row)) = (lower, bulk.screen.selected(bulk.list)) {
        let inner = listing::lower(lower, theme, buf);
        let lines = details(model, bulk, row, theme, inner.width.saturating_sub(1));
        let top = match bulk.screen.view {
            BulkView::Review { scroll, .. } => scroll,
            BulkView::Collecting | BulkView::Results => 0,
        };
        scroll::show(&lines, top, theme, inner, buf);
    }
}

fn style(tone: Tone, theme: &Theme) -> Style {
    match tone {
        Tone::Info => theme.text,
        Tone::Good => theme.good,
        Tone::Warn => theme.warn,
        Tone::Bad => theme.bad,
    }
}

/// Colour is not the only thing that tells how a row stands.
fn mark(model: &Model, row: &Row, theme: &Theme) -> (&'static str, Style) {
    let (tone, _) = row.words(&model.engine.writes.all);
    let mark = match (&row.standing, tone) {
        (Standing::Unchecked | Standing::LeftOut, _) => "·",
        (Standing::AwaitsKey(_), _) => " ",
        (Standing::Ready(_) | Standing::Queued(_), _) if row.advice.is_empty() => " ",
        (Standing::Ready(_) | Standing::Queued(_), _) => "!",
        (Standing::Known(_), _) => "=",
        (_, Tone::Info) => "…",
        (_, Tone::Good) => "✓",
        (_, Tone::Warn) => "?",
        (_, Tone::Bad) => "✗",
    };
    (mark, style(tone, theme))
}

fn details(
    model: &Model,
    bulk: View<'_>,
    row: &Row,
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    if let (BulkView::Review { .. }, Standing::Ready(outgoing)) = (&bulk.screen.view, &row.standing)
    {
        let title = format!("API request for {}", row.name);
        let mut lines = vec![Line::styled(
            fit(&title, usize::from(columns)),
            theme.accent,
        )];
        for line in outgoing.body.lines() {
            let pieces = chunks(line, usize::from(columns.max(1)));
            lines.extend(
                pieces
                    .into_iter()
                    .map(|piece| Line::styled(piece, theme.text)),
            );
        }
        reissues::reviewed(row, theme, columns, &mut lines);
        return lines;
    }
    let mut facts = Facts::new(theme, columns);
    let (tone, words) = row.words(&model.engine.writes.all);
    match bulk.list.id {
        ListId::Duplicates(_) => facts.fact("CSR", &row.name),
        ListId::Reissues => reissues::facts(row, &mut facts),
    }
    if let Some(csr) = &row.csr {
        facts.fact("Subject", &csr.subject.one_line());
    }
    if !row.says.is_empty() {
        facts.fact("Content", &row.says);
    }
    facts.styled("Status", &words, style(tone, theme));
    for advice in &row.advice {
        facts.styled("Advice", advice, theme.warn);
    }
    match &row.file {
        Some(Ok(path)) => facts.styled("File", path, theme.good),
        Some(Err(why)) => facts.styled("File", why, theme.bad),
        None => {}
    }
    facts.done()
}
