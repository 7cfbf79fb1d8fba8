//! Tells a paste from typing where the terminal does not mark pastes.
//!
//! Without bracketed paste a pasted CSR is 1,400 keys, 22 of them Enter, and the first Enter would
//! submit the form. What gives a paste away is speed. The rules, over keys that make text (characters,
//! Enter, Tab, Ctrl-J):
//!
//! - Fewer than [`HOLD_AT`] at once are typing and pass at once: a lone key is never delayed.
//! - More are *held* until [`WINDOW`] passes without another one. Held keys that contain a line end with
//!   text behind it, or are [`LONG`] or more, are a paste; the rest are keys after all (`/acme` and
//!   Enter sent by a script, or typed on a line that stalled).
//! - One key over and over is a held-down key, never a paste.
//! - Text right behind a marked paste belongs to it, and other keys there are dropped: a paste that
//!   contains its own end mark would otherwise go on as commands.
//!
//! Time is passed in, so that the rules can be tested without waiting.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::TermEvent;

/// Longest gap inside a paste.
pub const WINDOW: Duration = Duration::from_millis(25);
/// Longest gap between keys that together may begin a burst; the fastest key repeat is at 16 ms.
const CLOSE: Duration = Duration::from_millis(5);
/// Keys at once that are taken for a possible paste.
pub const HOLD_AT: usize = 8;
/// Keys in one burst that are a paste even without a line end.
pub const LONG: usize = 64;
/// Most bytes of one paste; the rest is dropped and told.
pub const LARGEST_PASTE: usize = 1024 * 1024;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// A paste between brackets.
    Paste(String),
    /// A new size, already made usable.
    Resize(u16, u16),
}

/// The state between two reads.
#[derive(Debug, Default)]
pub struct Guard {
    /// Keys whose meaning is not known yet.
    held: Vec<KeyEvent>,
    /// True while what is held belongs to the paste before it.
    after_paste: bool,
    /// Text keys that came close together and have passed already.
    passed: Vec<KeyEvent>,
    /// When the last key or paste came.
    last: Option<Instant>,
}

impl Guard {
    /// Takes what was read at once, at `now`, and returns what is certain.
    pub fn feed(&mut self, batch: Vec<Input>, now: Instant) -> Vec<TermEvent> {
        let mut out = Vec::new();
        let mut resized = None;
        let gap = self.last.map(|last| now.saturating_duration_since(last));
        if gap.is_none_or(|gap| gap > WINDOW) {
            out.extend(self.flush());
        }
        if gap.is_none_or(|gap| gap > CLOSE) {
            self.passed.clear();
        }
        let mut batch = batch.into_iter().peekable();
        while let Some(input) = batch.next() {
            match input {
                Input::Resize(columns, rows) => resized = Some((columns, rows)),
                Input::Paste(text) => {
                    out.extend(self.flush());
                    out.push(paste(&text));
                    self.after_paste = true;
                    self.last = Some(now);
                }
                Input::Key(key) => {
                    self.last = Some(now);
                    if as_text(&key).is_none() {
                        if !self.after_paste {
                            out.extend(self.flush());
                            self.passed.clear();
                            out.push(TermEvent::Key(key));
                        }
                        continue;
                    }
                    let mut together = vec![key];
                    while let Some(Input::Key(next)) = batch
                        .next_if(|next| matches!(next, Input::Key(key) if as_text(key).is_some()))
                    {
                        together.push(next);
                    }
                    self.text_keys(together, &mut out);
                }
            }
        }
        // A storm of sizes is one size.
        out.extend(resized.map(|(columns, rows)| TermEvent::Resize(columns, rows)));
        out
    }

    /// When [`Guard::flush`] is to be called if nothing comes; `None` while nothing is pending.
    pub fn deadline(&self) -> Option<Instant> {
        if self.held.is_empty() && !self.after_paste {
            return None;
        }
        self.last.map(|last| last + WINDOW)
    }

    /// Ends the burst: decides what the held keys are.
    pub fn flush(&mut self) -> Vec<TermEvent> {
        let held = std::mem::take(&mut self.held);
        let after_paste = std::mem::take(&mut self.after_paste);
        self.passed.clear();
        if held.is_empty() {
            return Vec::new();
        }
        if after_paste || is_paste(&held) {
            let text: String = held.iter().filter_map(as_text).collect();
            vec![paste(&text)]
        } else {
            held.into_iter().map(TermEvent::Key).collect()
        }
    }

    /// Takes text keys that came together.
    fn text_keys(&mut self, together: Vec<KeyEvent>, out: &mut Vec<TermEvent>) {
        if self.after_paste || !self.held.is_empty() {
            // One byte a key at least: what is over the limit is not kept, only its first byte, which
            // makes `paste` tell of it.
            let room = (LARGEST_PASTE + 1).saturating_sub(self.held.len());
            self.held.extend(together.into_iter().take(room));
            return;
        }
        let near = self.passed.len() + together.len();
        let first = self.passed.first().or(together.first());
        let repeats = self
            .passed
            .iter()
            .chain(&together)
            .all(|key| Some(key) == first);
        if near >= HOLD_AT && !repeats {
            self.passed.clear();
            self.held = together;
        } else {
            if !repeats || near < HOLD_AT {
                self.passed.extend(together.iter().copied());
            }
            out.extend(together.into_iter().map(TermEvent::Key));
        }
    }
}

/// Whether a finished burst is a paste.
fn is_paste(held: &[KeyEvent]) -> bool {
    let line_end = held.iter().position(|key| as_text(key) == Some('\n'));
    let goes_on =
        line_end.is_some_and(|at| held[at..].iter().any(|key| as_text(key) != Some('\n')));
    goes_on || held.len() >= LONG
}

/// The character that a key puts into a text: Enter and Ctrl-J (a raw line feed) are line ends.
fn as_text(key: &KeyEvent) -> Option<char> {
    let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char(c) if plain => Some(c),
        KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Enter if plain => Some('\n'),
        KeyCode::Tab if plain => Some('\t'),
        _ => None,
    }
}

/// A paste as an event: `\r\n` and `\r` are line ends, and no more than [`LARGEST_PASTE`] bytes.
fn paste(text: &str) -> TermEvent {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    let truncated = text.len() > LARGEST_PASTE;
    text.truncate(text.floor_char_boundary(LARGEST_PASTE));
    TermEvent::Paste { text, truncated }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> Input {
        Input::Key(match c {
            '\r' => KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE),
            '\n' => KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL),
            '\x1b' => KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE),
            '\x13' => KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL),
            c => KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE),
        })
    }

    fn keys(text: &str) -> Vec<Input> {
        text.chars().map(key).collect()
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    /// Feeds batches at the given milliseconds, calling `flush` where its deadline comes before the next.
    fn run(batches: &[(u64, Vec<Input>)]) -> Vec<TermEvent> {
        let start = Instant::now();
        let mut guard = Guard::default();
        let mut out = Vec::new();
        for (at, batch) in batches {
            let now = start + ms(*at);
            if guard.deadline().is_some_and(|deadline| deadline < now) {
                out.extend(guard.flush());
            }
            out.extend(guard.feed(batch.clone(), now));
        }
        out.extend(guard.flush());
        out
    }

    /// Events as a short text: keys as they are, pastes in brackets.
    fn told(events: &[TermEvent]) -> String {
        events
            .iter()
            .map(|event| match event {
                TermEvent::Key(key) => match key.code {
                    KeyCode::Enter => "⏎".to_owned(),
                    KeyCode::Esc => "⎋".to_owned(),
                    KeyCode::Char(c) if key.modifiers == KeyModifiers::CONTROL => format!("^{c}"),
                    KeyCode::Char(c) => c.to_string(),
                    other => format!("{other:?}"),
                },
                TermEvent::Paste { text, truncated } => {
                    format!("[{text}]{}", if *truncated { "!" } else { "" })
                }
                TermEvent::Resize(columns, rows) => format!("<{columns}x{rows}>"),
            })
            .collect()
    }

    #[test]
    fn a_lone_key_passes_at_once_and_leaves_nothing_to_wait_for() {
        let mut guard = Guard::default();
        let out = guard.feed(keys("j"), Instant::now());
        assert_eq!(told(&out), "j");
        assert_eq!(guard.deadline(), None);
    }

    #[test]
    fn a_csr_without_brackets_is_one_paste_whether_lines_end_in_cr_or_lf() {
        for end in ["\r", "\n", "\r\n"] {
            let csr = ["-----BEGIN CERTIFICATE REQUEST-----", "MIIC", "-----END"].join(end);
            let out = run(&[(0, keys(&csr))]);
            let TermEvent::Paste { text, .. } = &out[0] else {
                panic!("{out:?}")
            };
            assert_eq!(out.len(), 1);
            assert!(
                text.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"),
                "{text:?}"
            );
            assert!(text.trim_end().ends_with("-----END"));
        }
    }

    #[test]
    fn a_paste_that_comes_in_pieces_stays_one_paste() {
        let out = run(&[
            (0, keys("first line\rsec")),
            (20, keys("ond")),
            (44, keys(" line\r")),
            (60, keys("x")),
        ]);
        assert_eq!(told(&out), "[first line\nsecond line\nx]");
    }

    #[test]
    fn text_and_enter_sent_by_a_script_stay_keys() {
        assert_eq!(
            told(&run(&[(0, keys("/acme.example\r"))])),
            "/acme.example⏎"
        );
    }

    #[test]
    fn a_few_keys_that_a_stalled_line_delivers_together_stay_keys() {
        assert_eq!(told(&run(&[(0, keys("jj\ryc"))])), "jj⏎yc");
    }

    #[test]
    fn a_key_held_down_is_never_held_back() {
        let mut guard = Guard::default();
        let start = Instant::now();
        for at in 0..200 {
            let out = guard.feed(keys("jj"), start + ms(at * 4));
            assert_eq!(told(&out), "jj");
        }
        assert_eq!(told(&run(&[(0, keys(&"j".repeat(100)))])), "j".repeat(100));
    }

    #[test]
    fn a_long_line_at_once_is_a_paste() {
        let line = "abcdefgh".repeat(10);
        assert_eq!(told(&run(&[(0, keys(&line))])), format!("[{line}]"));
    }

    #[test]
    fn keys_one_by_one_at_the_speed_of_a_slow_line_become_a_burst() {
        let text = "-----BEGIN\rabc\rdef";
        let batches: Vec<_> = text
            .chars()
            .enumerate()
            .map(|(at, c)| (at as u64, vec![key(c)]))
            .collect();
        assert_eq!(told(&run(&batches)), "-----BE[GIN\nabc\ndef]");
    }

    #[test]
    fn enter_after_a_pause_is_enter() {
        let out = run(&[(0, keys("a paste\rof two lines")), (200, keys("\r"))]);
        assert_eq!(told(&out), "[a paste\nof two lines]⏎");
    }

    #[test]
    fn a_marked_paste_has_its_line_ends_put_right() {
        let out = run(&[(0, vec![Input::Paste("a\rb\r\nc\nd".into())])]);
        assert_eq!(told(&out), "[a\nb\nc\nd]");
    }

    #[test]
    fn what_follows_an_end_mark_inside_a_paste_is_not_obeyed() {
        let mut batch = vec![Input::Paste("csr".into())];
        batch.extend(keys("rest\x13\r\r"));
        let out = run(&[
            (0, batch),
            (10, keys("\x13")),
            (20, keys("q")),
            (300, keys("q")),
        ]);
        assert_eq!(told(&out), "[csr][rest\n\nq]q");
    }

    #[test]
    fn a_key_some_time_after_a_paste_is_a_key() {
        let out = run(&[(0, vec![Input::Paste("csr".into())]), (40, keys("\x13"))]);
        assert_eq!(told(&out), "[csr]^s");
    }

    #[test]
    fn a_mebibyte_is_taken_and_more_is_cut_and_told() {
        let fits = "x".repeat(LARGEST_PASTE);
        let out = run(&[(0, vec![Input::Paste(fits.clone())])]);
        assert_eq!(
            out,
            [TermEvent::Paste {
                text: fits.clone(),
                truncated: false
            }]
        );
        let out = run(&[(0, vec![Input::Paste(format!("{}é", &fits[1..]))])]);
        assert_eq!(
            out,
            [TermEvent::Paste {
                text: fits[1..].into(),
                truncated: true
            }]
        );
    }

    #[test]
    fn a_storm_of_sizes_is_the_last_size() {
        let out = run(&[(
            0,
            vec![
                Input::Resize(1, 1),
                Input::Resize(90, 30),
                Input::Resize(80, 24),
            ],
        )]);
        assert_eq!(told(&out), "<80x24>");
    }

    #[test]
    fn a_command_key_ends_a_burst_and_keeps_the_order() {
        let mut batch = keys("typed text");
        batch.extend(keys("\x1bj"));
        assert_eq!(told(&run(&[(0, batch)])), "typed text⎋j");
    }
}
