//! One frame, one write: what changed on the screen, in a synchronized update, or nothing at all.
//!
//! ratatui's own terminal writes a frame in several pieces, writes 25 bytes when nothing changed, and
//! asks the terminal a question when it is cleared. Over SSH each of these is felt. A [`Screen`] keeps the
//! last frame, draws the next into memory, and hands the difference to its [`Sink`] in one piece.

mod changes;
mod encode;
mod scroll;
mod sgr;
mod sink;

use std::io;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use encode::Encoder;
pub use sink::{Sink, Tty};

/// Starts and ends a synchronized update; terminals that do not know the mode ignore it.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Cursor hidden, default attributes, then an empty screen: erasing paints with the current background.
const CLEAR: &[u8] = b"\x1b[?25l\x1b[m\x1b[2J";

/// The terminal's screen: what it shows, and the way to change it.
#[derive(Debug)]
pub struct Screen<S> {
    sink: S,
    shown: Buffer,
    next: Buffer,
    /// False when nothing is known of what the terminal shows.
    known: bool,
    /// Where the cursor is shown; `None` while it is hidden.
    cursor: Option<Position>,
    /// Reused, so that a frame allocates nothing.
    bytes: Vec<u8>,
}

impl<S: Sink> Screen<S> {
    /// A screen of the given columns and rows, of which nothing is known yet, with the cursor hidden.
    pub fn new(sink: S, (width, height): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self {
            sink,
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            known: false,
            cursor: None,
            bytes: Vec::with_capacity(16 * 1024),
        }
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        self.next.area
    }

    /// Takes a new size in columns and rows. Another size than before repaints everything.
    pub fn resize(&mut self, (width, height): (u16, u16)) {
        let area = Rect::new(0, 0, width, height);
        if area != self.next.area {
            self.next = Buffer::empty(area);
            self.shown = Buffer::empty(area);
            self.known = false;
        }
    }

    /// Forgets what the terminal shows: the next [`Screen::draw`] clears and repaints in one frame.
    /// Told so after a suspend, an editor, or Ctrl-L.
    pub fn invalidate(&mut self) {
        self.known = false;
    }

    /// Draws a frame. `view` fills an empty buffer and says where the cursor is to be shown, if anywhere.
    ///
    /// Writes once if anything differs from the last frame, else not at all, and says which. After an error nothing is
    /// known of the screen, and the next frame repaints.
    pub fn draw(
        &mut self,
        view: impl FnOnce(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<bool> {
        self.next.reset();
        let area = self.next.area;
        let cursor = view(area, &mut self.next).filter(|at| area.contains(*at));

        self.bytes.clear();
        self.bytes.extend_from_slice(BEGIN);
        let start = self.bytes.len();
        if !self.known {
            self.bytes.extend_from_slice(CLEAR);
            self.shown.reset();
            self.cursor = None;
        } else if let Some(scroll) = scroll::find(&self.shown, &self.next) {
            scroll.send(&mut self.bytes);
            scroll.apply(&mut self.shown);
        }
        let mut encoder = Encoder::new(&mut self.bytes);
        changes::each(&self.shown, &self.next, |run| encoder.run(&self.next, &run));
        encoder.finish();
        let drawn = self.bytes.len() > start;
        self.place_cursor(cursor, drawn);
        if self.bytes.len() == start {
            return Ok(false);
        }
        self.bytes.extend_from_slice(END);

        self.known = false;
        self.sink.send(&self.bytes)?;
        self.known = true;
        self.cursor = cursor;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(true)
    }

    /// Sends bytes that draw nothing (a clipboard sequence) between two frames, in one write.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.sink.send(bytes)
    }

    /// Ends a frame with the cursor where it belongs; `drawn` says that drawing has moved it.
    fn place_cursor(&mut self, cursor: Option<Position>, drawn: bool) {
        match cursor {
            None if self.cursor.is_some() => self.bytes.extend_from_slice(b"\x1b[?25l"),
            None => {}
            Some(at) => {
                if drawn || self.cursor != Some(at) {
                    encode::goto(&mut self.bytes, at.x, at.y);
                }
                if self.cursor.is_none() {
                    self.bytes.extend_from_slice(b"\x1b[?25h");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
