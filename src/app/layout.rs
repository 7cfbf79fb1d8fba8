//! Where things are, from the terminal's size alone. The update needs the heights to move cursors by pages, the
//! view draws into the same areas.

use ratatui::layout::Rect;

/// Columns from which list and detail stand side by side.
pub const WIDE: u16 = 120;

/// Columns in which a serial number of 16 bytes stands on one line beside its label.
const WHOLE_SERIAL: u16 = 49;

/// Columns in which an open order has the room it needs: the number and the names of each certificate stand in its row.
const ENOUGH: u16 = 64;

/// Columns in which a list has all it has on a screen of its own. What has so many beside an open order has no more
/// beside any order, so nothing moves when one is opened.
const WHOLE_LIST: u16 = 80;

/// Lines that the block below a list has at least, where there is room for it: about a request of the account.
pub const BELOW_REQUESTS: u16 = 7;

/// About something that was sent.
pub const BELOW_JOURNAL: u16 = 6;

/// About a week of the plan, and what the limits mean.
pub const BELOW_PLAN: u16 = 10;

/// About a domain or an organization of the account.
pub const BELOW_DOMAINS: u16 = 10;

/// About an endpoint.
pub const BELOW_ENDPOINTS: u16 = 10;

/// About a certificate of an order.
pub const BELOW_CERTIFICATES: u16 = 10;

/// About a request of an order.
pub const BELOW_ORDER_REQUESTS: u16 = 8;

/// About a name of an order.
pub const BELOW_NAMES: u16 = 10;

/// Below this the screen only says what it is and what it needs.
pub const SMALLEST: (u16, u16) = (30, 6);

/// The areas of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// One line: program, account, connection.
    pub header: Rect,
    /// One line: tabs, filter, counts.
    pub bar: Rect,
    /// The list, or everything when one pane is shown.
    pub main: Rect,
    /// Columns of the list that an open order covers: what is left of it stays where it was.
    pub covered: u16,
    /// The detail beside the list, on wide screens.
    pub side: Option<Rect>,
    /// What just happened: one line, more where the words need them.
    pub status: Rect,
    pub footer: Rect,
}

impl Layout {
    /// The areas for a size in columns and rows, when the status takes so many lines; the list gives way, so that no row is ever covered. The side
    /// has at least the room an order needs when it is `open`, i.e. has the focus.
    pub fn with(width: u16, height: u16, lines: u16, open: bool) -> Self {
        let lines = lines.clamp(1, (height / 6).max(1));
        let line = |y: u16| Rect::new(0, y.min(height.saturating_sub(1)), width, 1.min(height));
        let body = Rect::new(0, 2.min(height), width, height.saturating_sub(3 + lines));
        let mut covered = 0;
        let (main, side) = if width >= WIDE {
            let least = if width >= WHOLE_LIST + ENOUGH {
                ENOUGH
            } else {
                WHOLE_SERIAL
            };
            let mut side = (width * 2 / 5).max(least);
            if open {
                covered = ENOUGH.saturating_sub(side);
                side += covered;
            }
            let left = width - side;
            (
                Rect {
                    width: left,
                    ..body
                },
                Some(Rect {
                    x: left,
                    width: width - left,
                    ..body
                }),
            )
        } else {
            (body, None)
        };
        Self {
            header: line(0),
            bar: line(1),
            main,
            covered,
            side,
            status: Rect {
                height: lines.min(height),
                ..line(height.saturating_sub(1 + lines))
            },
            footer: line(height.saturating_sub(1)),
        }
    }

    /// Columns that the words of the status have: a mark stands before them.
    pub fn status_columns(width: u16) -> usize {
        usize::from(width.saturating_sub(4))
    }

    /// Rows of a list with one heading line in an area.
    pub fn list_rows(area: Rect) -> usize {
        usize::from(area.height.saturating_sub(1))
    }

    /// The part of so many lines that a list of so many rows has, its heading included, where a block about the row
    /// under the cursor stands below it: `least` lines of that, and more where a short list leaves room. On a low
    /// screen the list has it all.
    pub fn above(lines: u16, rows: usize, least: u16) -> u16 {
        if least == 0 || lines < 10 {
            return lines;
        }
        let needed = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
        let below = (lines / 2).min(least).max(lines.saturating_sub(needed));
        lines - below
    }
}
