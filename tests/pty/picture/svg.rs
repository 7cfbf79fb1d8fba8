//! A terminal's screen as an SVG: cells as text, box lines as lines, so that any monospace font will do.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// A cell, in pixels: the width that 14 px of the usual monospace fonts have.
const WIDTH: f32 = 8.43;
const HEIGHT: f32 = 19.0;
/// Around the screen.
const EDGE: f32 = 14.0;
/// From a row's top to its base line.
const BASE: f32 = 14.0;

const BACKGROUND: &str = "#11161d";
const FOREGROUND: &str = "#d5dbe3";

/// The terminal's own sixteen colours.
const PALETTE: [&str; 16] = [
    "#11161d", "#e5645f", "#57b97b", "#d9a743", "#5a9bd8", "#b98be0", "#4fb6c2", "#d5dbe3",
    "#6b7683", "#f07f7a", "#78d098", "#eac06a", "#7db4ea", "#cda6ee", "#74ccd6", "#f4f7fa",
];

/// How a cell looks.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    ink: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let ink = colour(cell.fgcolor());
        let paper = colour(cell.bgcolor());
        let (ink, paper) = if cell.inverse() {
            let behind = paper.unwrap_or_else(|| BACKGROUND.to_owned());
            (
                Some(behind),
                Some(ink.unwrap_or_else(|| FOREGROUND.to_owned())),
            )
        } else {
            (ink, paper)
        };
        Self {
            ink: ink.unwrap_or_else(|| FOREGROUND.to_owned()),
            paper,
            bold: cell.bold(),
            dim: cell.dim(),
            italic: cell.italic(),
            underline: cell.underline(),
        }
    }

    /// The attributes of a text that looks so.
    fn attributes(&self) -> String {
        let mut out = String::new();
        if self.ink != FOREGROUND {
            let _ = write!(out, r#" fill="{}""#, self.ink);
        }
        for (set, attribute) in [
            (self.bold, r#" font-weight="bold""#),
            (self.dim, r#" opacity="0.65""#),
            (self.italic, r#" font-style="italic""#),
            (self.underline, r#" text-decoration="underline""#),
        ] {
            if set {
                out.push_str(attribute);
            }
        }
        out
    }
}

fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Idx(n @ 0..16) => Some(PALETTE[usize::from(n)].to_owned()),
        Color::Idx(n @ 16..232) => {
            let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let n = n - 16;
            Some(format!(
                "#{:02x}{:02x}{:02x}",
                step(n / 36),
                step(n / 6 % 6),
                step(n % 6)
            ))
        }
        Color::Idx(n) => Some(format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (n - 232))),
    }
}

/// Cells side by side that look the same and have one width.
#[derive(Debug)]
struct Run {
    look: Look,
    column: u16,
    /// Cells a character takes.
    each: u16,
    text: String,
}

impl Run {
    fn cells(&self) -> u16 {
        self.each * self.text.chars().count() as u16
    }
}

/// The screen as an SVG document.
pub fn of(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let width = f32::from(columns) * WIDTH + 2.0 * EDGE;
    let height = f32::from(rows) * HEIGHT + 2.0 * EDGE;
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="{FOREGROUND}">
<title>certdeck: the orders of an account, and one of them</title>
<rect width="100%" height="100%" rx="9" fill="{BACKGROUND}"/>
"#
    );
    for row in 0..rows {
        let runs = runs(screen, row, columns);
        for run in &runs {
            paper(&mut out, run, row);
        }
        for run in &runs {
            ink(&mut out, run, row);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn runs(screen: &Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen
            .cell(row, column)
            .filter(|cell| !cell.is_wide_continuation())
        else {
            continue;
        };
        let look = Look::of(cell);
        let each = if cell.is_wide() { 2 } else { 1 };
        let text = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        match runs.last_mut() {
            Some(run) if run.look == look && run.each == each => run.text.push_str(text),
            _ => runs.push(Run {
                look,
                column,
                each,
                text: text.to_owned(),
            }),
        }
    }
    runs
}

fn x(column: u16) -> f32 {
    EDGE + f32::from(column) * WIDTH
}

fn y(row: u16) -> f32 {
    EDGE + f32::from(row) * HEIGHT
}

fn paper(out: &mut String, run: &Run, row: u16) {
    if let Some(paper) = &run.look.paper {
        let _ = writeln!(
            out,
            r#"<rect x="{:.2}" y="{:.1}" width="{:.2}" height="{HEIGHT}" fill="{paper}"/>"#,
            x(run.column),
            y(row),
            f32::from(run.cells()) * WIDTH,
        );
    }
}

/// Words that two blanks or a line part stand alone: each begins at its own cell, whatever the font.
fn ink(out: &mut String, run: &Run, row: u16) {
    let letters: Vec<char> = run.text.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let column = run.column + at as u16 * run.each;
        if let Some(arms) = arms(letters[at]) {
            lines(out, &run.look, arms, column, row);
            at += 1;
            continue;
        }
        // Blanks at a word's beginning would be dropped by whoever draws it.
        if letters[at] == ' ' {
            at += 1;
            continue;
        }
        let end = (at..letters.len())
            .find(|i| arms_or_gap(&letters[*i..]))
            .unwrap_or(letters.len());
        let word: String = letters[at..end].iter().collect();
        let _ = writeln!(
            out,
            r#"<text x="{:.2}" y="{:.1}" textLength="{:.2}"{}>{}</text>"#,
            x(column),
            y(row) + BASE,
            f32::from((end - at) as u16 * run.each) * WIDTH,
            run.look.attributes(),
            escaped(&word),
        );
        at = end;
    }
}

/// Whether a word ends before these.
fn arms_or_gap(rest: &[char]) -> bool {
    arms(rest[0]).is_some() || (rest[0] == ' ' && rest.get(1).is_none_or(|next| *next == ' '))
}

/// Up, right, down, left: the arms of a box character.
fn arms(letter: char) -> Option<[bool; 4]> {
    let arms = match letter {
        '─' => "rl",
        '│' => "ud",
        '┌' | '╭' => "rd",
        '┐' | '╮' => "dl",
        '└' | '╰' => "ur",
        '┘' | '╯' => "ul",
        '├' => "urd",
        '┤' => "udl",
        '┬' => "rdl",
        '┴' => "url",
        '┼' => "urdl",
        _ => return None,
    };
    Some(['u', 'r', 'd', 'l'].map(|arm| arms.contains(arm)))
}

fn lines(out: &mut String, look: &Look, arms: [bool; 4], column: u16, row: u16) {
    let (middle, centre) = (x(column) + WIDTH / 2.0, y(row) + HEIGHT / 2.0);
    let mut path = String::new();
    for (arm, end) in arms.into_iter().zip([
        format!("V{:.1}", y(row)),
        format!("H{:.2}", x(column + 1)),
        format!("V{:.1}", y(row + 1)),
        format!("H{:.2}", x(column)),
    ]) {
        if arm {
            let _ = write!(path, "M{middle:.2} {centre:.1}{end}");
        }
    }
    let opacity = if look.dim { r#" opacity="0.65""# } else { "" };
    let _ = writeln!(out, r#"<path d="{path}" stroke="{}"{opacity}/>"#, look.ink);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The text of a document whose tags all close, a line an element; `None` for anything else.
pub fn text_of(document: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut rest = document;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let end = start + rest[start..].find('>')?;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            if open.pop() != Some(closed) {
                return None;
            }
            text.push('\n');
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next()?);
        }
        if !tag.matches('"').count().is_multiple_of(2)
            || (open.is_empty() && !rest.trim().is_empty())
        {
            return None;
        }
    }
    let bare = document.starts_with("<svg ") && open.is_empty() && !text.is_empty();
    bare.then(|| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    })
}

#[test]
fn a_document_that_does_not_close_is_none() {
    assert_eq!(
        text_of("<svg a=\"1\"><text>a &lt; b</text><rect/></svg>\n").as_deref(),
        Some("a < b\n\n")
    );
    for broken in [
        "",
        "<svg a=\"1\"><text>a</svg>",
        "<svg a=\"1\"><text>a</text>",
        "<svg a=\"1></svg>",
        "<svg a=\"1\"></svg><p>",
        "<p>a</p>",
    ] {
        assert_eq!(text_of(broken), None, "{broken}");
    }
}
