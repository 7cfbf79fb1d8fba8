//! The shortest sequence from one set of attributes to another.
//!
//! Colours of the 16 take two digits; the general form that crossterm writes for them takes six more bytes.
//! The underline's colour is left out: terminals that do not know it read its digits as other attributes.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The attributes a terminal draws the next character with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attributes {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Attributes {
    /// What a terminal draws with after a reset.
    pub(super) const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// Those that show in this cell: a blank has no foreground, unless a modifier makes it seen.
    pub(super) fn of(cell: &Cell) -> Self {
        const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
            .union(Modifier::UNDERLINED)
            .union(Modifier::CROSSED_OUT);
        let all = Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        };
        if cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANKS) {
            Self {
                fg: Color::Reset,
                modifier: Modifier::empty(),
                ..all
            }
        } else {
            all
        }
    }

    /// Whether a blank drawn with `self` looks as one drawn with `other`.
    pub(super) fn same_blank(self, other: Self) -> bool {
        let seen = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        self.bg == other.bg
            && (self == other
                || !(self.modifier.intersects(seen) || other.modifier.intersects(seen)))
    }
}

/// Adds the sequence that turns `from` into `to`; nothing if they are the same.
pub(super) fn change(bytes: &mut Vec<u8>, from: Attributes, to: Attributes) {
    if from == to {
        return;
    }
    if to == Attributes::PLAIN {
        bytes.extend_from_slice(b"\x1b[m");
        return;
    }
    let step = difference(from, to);
    let mut anew = String::from("0");
    let rest = difference(Attributes::PLAIN, to);
    if !rest.is_empty() {
        anew.push(';');
        anew.push_str(&rest);
    }
    let shorter = if step.len() <= anew.len() { step } else { anew };
    bytes.extend_from_slice(b"\x1b[");
    bytes.extend_from_slice(shorter.as_bytes());
    bytes.push(b'm');
}

/// The parameters that change what differs.
fn difference(from: Attributes, to: Attributes) -> String {
    let mut codes: Vec<String> = Vec::with_capacity(4);
    let removed = from.modifier - to.modifier;
    let mut added = to.modifier - from.modifier;
    // Bold and dim share the code that ends them.
    if removed.intersects(Modifier::BOLD | Modifier::DIM) {
        codes.push("22".into());
        added |= to.modifier & (Modifier::BOLD | Modifier::DIM);
    }
    let ends = [
        (Modifier::ITALIC, "23"),
        (Modifier::UNDERLINED, "24"),
        (Modifier::SLOW_BLINK, "25"),
        (Modifier::RAPID_BLINK, "25"),
        (Modifier::REVERSED, "27"),
        (Modifier::HIDDEN, "28"),
        (Modifier::CROSSED_OUT, "29"),
    ];
    let starts = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::SLOW_BLINK, "5"),
        (Modifier::RAPID_BLINK, "6"),
        (Modifier::REVERSED, "7"),
        (Modifier::HIDDEN, "8"),
        (Modifier::CROSSED_OUT, "9"),
    ];
    codes.extend(
        ends.iter()
            .filter(|(m, _)| removed.contains(*m))
            .map(|(_, c)| (*c).to_owned()),
    );
    codes.extend(
        starts
            .iter()
            .filter(|(m, _)| added.contains(*m))
            .map(|(_, c)| (*c).to_owned()),
    );
    if from.fg != to.fg {
        codes.push(colour(to.fg, 30));
    }
    if from.bg != to.bg {
        codes.push(colour(to.bg, 40));
    }
    codes.join(";")
}

/// A colour's parameters; `base` is 30 for the foreground, 40 for the background.
fn colour(colour: Color, base: u8) -> String {
    let dark = |n: u8| (base + n).to_string();
    let light = |n: u8| (base + 60 + n).to_string();
    match colour {
        Color::Reset => dark(9),
        Color::Black => dark(0),
        Color::Red => dark(1),
        Color::Green => dark(2),
        Color::Yellow => dark(3),
        Color::Blue => dark(4),
        Color::Magenta => dark(5),
        Color::Cyan => dark(6),
        Color::Gray => dark(7),
        Color::DarkGray => light(0),
        Color::LightRed => light(1),
        Color::LightGreen => light(2),
        Color::LightYellow => light(3),
        Color::LightBlue => light(4),
        Color::LightMagenta => light(5),
        Color::LightCyan => light(6),
        Color::White => light(7),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}
