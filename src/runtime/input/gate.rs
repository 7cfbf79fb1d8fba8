//! What a hand meant: tells a paste without marks from typing, and an Enter that was meant from one that was not.
//!
//! Where the terminal does not mark pastes, a pasted line of a mail is a row of commands, and its line end confirms what
//! the first letter opened. What gives a paste away is speed. The line, over keys that make text (characters, Enter,
//! Tab, Ctrl-J):
//!
//! | where | so many | within | why no hand |
//! | --- | --- | --- | --- |
//! | commands | 2, unlike each other | [`CLOSE`] | a command is not typed as words are: it is looked at before the next |
//! | commands | 2 of one kind | one read | a key that is held down comes every 16 ms, and what it opens is seen first |
//! | anywhere | 3 | 16 ms | two keys may fall together, and fingers that roll are 10 to 30 ms apart |
//! | anywhere | 5, each unlike the one before | 60 ms | 15 ms from key to key, four times in a row |
//! | anywhere | 9, each unlike the one before | 300 ms | 320 words a minute; the fastest typists write 200 |
//!
//! One key over and over is a held-down key, and comes at 60 Hz at most. A script that sends commands leaves 20 ms from
//! one to the next: what it writes at once (`tmux send-keys y c`) is a paste.
//!
//! From the first key that was counted on, all that comes until [`QUIET`] passes without a key is one *burst*:
//!
//! - Where text is typed, keys that are only [`CLOSE`] are keys. So is any other burst without a line end before its end,
//!   shorter than [`LONG`] (a word and Enter sent by a script); every other is a paste.
//! - Where keys are commands, a burst is a paste, which commands nothing, but for what only moves at its beginning, or
//!   all of it (keys held down, also on a line that stalls): that leaves the meaning of what comes behind it.
//! - Keys of other kinds inside of a paste are dropped; Ctrl-C counts always.
//! - Text right behind a marked paste belongs to it: a paste that contains its own end mark would go on as commands.
//!
//! A letter that ends the program is held for [`LEAVE`], and counts only if no other comes by then: what goes on behind it
//! is text of a slow paste, and the rest of it would go to the shell.
//!
//! What makes text and what only moves pass at once. Every other command of a letter, and an Enter that decides, is held
//! for [`HOLD`], and for as long as it is held down: so a burst commands nothing from its first byte on, though a line may
//! bring it byte by byte.
//!
//! A question, a review and the palette are answered only after [`REST`] without a burst, an answer that came too
//! soon, or the question's own coming up; and by no Enter that comes [`CLOSE`] to other text. What feeds a clipboard to
//! the terminal key by key may be as slow as a hand (the console of a virtual machine: 20 to 50 ms): Enter answers a
//! question and a review only if a moment of [`REST`] without a key lies between what opened it and Enter, not within
//! [`AT_ONCE`] of text, and not behind [`STEADY`] keys that came faster than [`STEADY_PACE`] on the average.
//!
//! Time is passed in, so that the rules can be tested without waiting.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Arrived;
use super::decode::{Input, LARGEST_PASTE, Paste};
use crate::app::stance::{Question, Stance};

/// How close to each other two different keys of a hand that commands do not come: fingers that roll leave 12 to 30 ms,
/// and so does a script that sends key by key.
pub const CLOSE: Duration = Duration::from_millis(12);
/// Keys within a time that are no hand's, if they are not all the same.
const ANY: (usize, Duration) = (3, Duration::from_millis(16));
/// Keys within a time that are no hand's, each unlike the one before.
const CHANGES: [(usize, Duration); 2] = [
    (5, Duration::from_millis(60)),
    (9, Duration::from_millis(300)),
];
/// How long nothing comes once a burst is over; lines bring a paste in pieces.
pub const QUIET: Duration = Duration::from_millis(100);
/// How long a command is held: what comes [`CLOSE`] behind it is read by then.
pub const HOLD: Duration = Duration::from_millis(16);
/// How long nothing comes behind a letter that ends the program.
pub const LEAVE: Duration = Duration::from_millis(150);
/// How long what follows a marked paste belongs to it.
pub const AFTER_PASTE: Duration = Duration::from_millis(25);
/// How long a question is there, and nobody typed like a paste, before it takes Enter.
pub const REST: Duration = Duration::from_millis(300);
/// How close behind another key no Enter of a hand that decides comes.
pub const AT_ONCE: Duration = Duration::from_millis(45);
/// Keys without a rest that say how fast somebody types.
pub const STEADY: u32 = 5;
/// How fast no hand types for so long, from key to key on the average: 170 words a minute.
pub const STEADY_PACE: Duration = Duration::from_millis(70);
/// Keys in one burst that are a paste even without a line end.
pub const LONG: usize = 64;

/// What the loop does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// A key that a hand pressed.
    Key(KeyEvent),
    /// Text that came in as a whole, marked or not.
    Paste(Paste),
    /// A key that answers nothing, since it came too soon.
    TooSoon,
    /// The colour of the background.
    Background([u8; 3]),
}

/// What a key came with; each outdoes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum With {
    Hand,
    /// Another key, so close that it is a burst where keys are commands.
    Close,
    Burst,
    /// The paste before it.
    Paste,
}

/// Text keys that came without a rest between them.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: Instant,
    last: Instant,
    keys: u32,
}

impl Run {
    /// Whether an Enter at its end may be part of what opened the question, or of what no hand types.
    fn is_hasty(self, enter: Instant, opened: Option<Instant>) -> bool {
        let took = enter.saturating_duration_since(self.first);
        opened.is_some_and(|opened| self.first <= opened)
            || enter.saturating_duration_since(self.last) < AT_ONCE
            || self.keys >= STEADY && took < STEADY_PACE * self.keys
    }
}

#[derive(Debug)]
enum Item {
    Key {
        key: KeyEvent,
        at: Instant,
        with: With,
        before: Option<Run>,
    },
    Paste(Paste, Instant),
    Background([u8; 3]),
}

/// The state between two arrivals.
#[derive(Debug, Default)]
pub struct Gate {
    queue: VecDeque<Item>,
    /// The last text keys, and when those came that were unlike the one before.
    recent: VecDeque<(KeyEvent, Instant)>,
    changes: VecDeque<Instant>,
    /// What is going on, and until when it is not over.
    burst: Option<(With, Instant)>,
    /// More of a burst came than is kept.
    cut: bool,
    /// From when on a rest counts.
    quiet: Option<Instant>,
    question: Option<Question>,
    /// When the question came up, where a hasty Enter would decide something.
    opened: Option<Instant>,
    run: Option<Run>,
    /// What the next key waits for.
    wake: Option<Instant>,
}

impl Gate {
    /// Takes what was read.
    pub fn arrive(&mut self, arrived: Arrived) {
        let at = arrived.at;
        if self.burst.is_some_and(|(_, until)| at > until) {
            self.burst = None;
        }
        for input in arrived.inputs {
            match input {
                Input::Key(key) => self.key(key, at),
                Input::Paste(paste) => {
                    self.burst = Some((With::Paste, at + AFTER_PASTE));
                    self.queue.push_back(Item::Paste(paste, at));
                }
                // It is no part of what is typed.
                Input::Background(colour) => self.queue.push_front(Item::Background(colour)),
            }
        }
    }

    /// A question is up, another one, or none any more.
    pub fn asks(&mut self, question: Option<Question>, now: Instant) {
        if question.is_some() && question != self.question {
            self.rest_from(now);
            self.opened = Some(now);
        }
        self.question = question;
    }

    /// What comes next, if it is certain by `now`; `stance` says what the key would do.
    pub fn next(&mut self, now: Instant, stance: impl Fn(KeyEvent) -> Stance) -> Option<Meant> {
        self.wake = None;
        let &Item::Key {
            key,
            at,
            with,
            before,
        } = self.queue.front()?
        else {
            return match self.queue.pop_front()? {
                Item::Paste(paste, at) => {
                    self.rest_from(at);
                    Some(Meant::Paste(paste))
                }
                Item::Background(colour) => Some(Meant::Background(colour)),
                Item::Key { .. } => None,
            };
        };
        let here = stance(key);
        let close = with == With::Close;
        if here.leaves && with == With::Hand && as_text(&key).is_some() {
            let until = at + LEAVE;
            let goes_on = self.queue.iter().skip(1).any(|item| {
                matches!(item, Item::Key { key: next, at, .. } if *at < until && *next != key && as_text(next).is_some())
            });
            if goes_on {
                self.queue.pop_front();
                self.rest_from(at);
                return Some(Meant::TooSoon);
            }
            if now < until {
                self.wake = Some(until);
                return None;
            }
        }
        if with == With::Hand || close && (here.typing || here.moves) {
            let held = here.decides || is_command(key, here);
            let until = self.held_down(key, at) + HOLD;
            if held && !close && now < until {
                self.wake = Some(until);
                return None;
            }
            self.queue.pop_front();
            if close && !self.queue.front().is_some_and(is_of_a_burst) {
                // All of it were keys: what comes less close is none of it.
                self.burst = None;
            }
            let hasty =
                self.is_weighty() && before.is_some_and(|run| run.is_hasty(at, self.opened));
            let soon = close || hasty || self.quiet.is_some_and(|quiet| at < quiet + REST);
            if here.decides && soon {
                self.rest_from(at);
                return Some(Meant::TooSoon);
            }
            return Some(Meant::Key(key));
        }
        if let Some((_, until)) = self.burst
            && now <= until
            && self.queue.back().is_some_and(is_of_a_burst)
        {
            // The next moment at which it is over.
            self.wake = Some(until + Duration::from_millis(1));
            return None;
        }
        self.end_burst(key, &stance)
    }

    /// When [`Gate::next`] is to be asked again if nothing comes; `None` while nothing is pending.
    pub fn deadline(&self) -> Option<Instant> {
        self.wake
    }

    fn key(&mut self, key: KeyEvent, at: Instant) {
        let text = as_text(&key).is_some();
        let before = self.run.filter(|run| at < run.last + REST);
        if text {
            self.run = Some(Run {
                first: before.map_or(at, |run| run.first),
                last: at,
                keys: before.map_or(1, |run| run.keys + 1),
            });
            if let Some((with, within)) = self.count(key, at) {
                let going_on = self.burst.map_or(With::Hand, |(with, _)| with);
                self.burst = Some((with.max(going_on), at));
                self.join(with, within, at);
            }
            if let Some((with, until)) = &mut self.burst {
                let wait = match with {
                    With::Paste => AFTER_PASTE,
                    With::Hand | With::Close | With::Burst => QUIET,
                };
                *until = at + wait;
            }
        }
        let with = match self.burst {
            // A hand's own.
            Some((With::Close, _)) if !text => With::Hand,
            Some((with, _)) => with,
            None => With::Hand,
        };
        if with > With::Close && self.queue.len() > LARGEST_PASTE {
            self.cut = true;
            return;
        }
        self.queue.push_back(Item::Key {
            key,
            at,
            with,
            before,
        });
    }

    /// Those before it that wait still are of the burst too: that came within this time, and close to those.
    fn join(&mut self, burst: With, mut within: Duration, now: Instant) {
        for item in self.queue.iter_mut().rev() {
            let Item::Key { at, with, .. } = item else {
                break;
            };
            let before = now.saturating_duration_since(*at);
            if *with >= burst || before > within {
                break;
            }
            *with = burst;
            within = within.max(before + CLOSE);
        }
    }

    /// Counts a text key; what it makes of those within some time before it, if that is more than a hand's.
    fn count(&mut self, key: KeyEvent, at: Instant) -> Option<(With, Duration)> {
        let close = self.recent.back().is_some_and(|(last, before)| {
            let apart = at.saturating_duration_since(*before);
            apart.is_zero() || *last != key && apart < CLOSE
        });
        if self.recent.back().is_none_or(|(last, _)| *last != key) {
            keep(&mut self.changes, at, CHANGES[CHANGES.len() - 1].0);
        }
        keep(&mut self.recent, (key, at), ANY.0);
        let since = |times: &VecDeque<Instant>, (many, within): (usize, Duration)| {
            let first = *times.get(times.len().checked_sub(many)?)?;
            Some(at.saturating_duration_since(first)).filter(|since| *since <= within)
        };
        let any = self.recent.iter().map(|(_, at)| *at).collect();
        let fast = since(&any, ANY)
            .or_else(|| CHANGES.iter().find_map(|line| since(&self.changes, *line)));
        fast.map(|within| (With::Burst, within))
            .or(close.then_some((With::Close, CLOSE)))
    }

    /// When the key at the front came last, if it is held down.
    fn held_down(&self, key: KeyEvent, mut last: Instant) -> Instant {
        for item in self.queue.iter().skip(1) {
            match item {
                Item::Key {
                    key: again,
                    at,
                    with: With::Hand,
                    ..
                } if *again == key && at.saturating_duration_since(last) < CLOSE => last = *at,
                _ => break,
            }
        }
        last
    }

    /// Decides what the keys of a burst are.
    fn end_burst(&mut self, first: KeyEvent, stance: &dyn Fn(KeyEvent) -> Stance) -> Option<Meant> {
        let count = self.queue.iter().take_while(|item| is_of_a_burst(item));
        let count = count.count();
        let mut keys = Vec::with_capacity(count);
        let mut pasted = false;
        let mut last = None;
        for item in self.queue.drain(..count) {
            if let Item::Key {
                key,
                at,
                with,
                before,
            } = item
            {
                keys.push((key, before));
                pasted |= with == With::Paste;
                last = Some(at);
            }
        }
        let last = last?;
        self.rest_from(last);
        let cut = std::mem::take(&mut self.cut);
        let hand = |key, before| Item::Key {
            key,
            at: last,
            with: With::Hand,
            before,
        };
        let first_types = stance(first).typing;
        let plain: Vec<KeyEvent> = keys.iter().map(|(key, _)| *key).collect();
        let are_keys = if first_types {
            !is_paste(&plain)
        } else {
            plain.iter().all(|key| stance(*key).moves)
        };
        if are_keys && !pasted {
            for (key, before) in keys.into_iter().rev() {
                self.queue.push_front(hand(key, before));
            }
            return self.next(last + QUIET, stance);
        }
        if plain.iter().any(is_ctrl_c) {
            let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            self.queue.push_front(hand(ctrl_c, None));
        }
        let text: String = plain.iter().filter_map(as_text).collect();
        let mut paste = Paste::of(&text);
        paste.cut |= cut;
        Some(Meant::Paste(paste))
    }

    /// Whether what is up decides something by itself: the palette runs a command, which asks where it has to.
    fn is_weighty(&self) -> bool {
        self.question.as_ref().is_some_and(Question::is_weighty)
    }

    fn rest_from(&mut self, at: Instant) {
        self.quiet = self.quiet.max(Some(at));
    }
}

fn is_of_a_burst(item: &Item) -> bool {
    matches!(
        item,
        Item::Key {
            with: With::Close | With::Burst | With::Paste,
            ..
        }
    )
}

/// Whether it is a command of a letter that does more than move.
fn is_command(key: KeyEvent, here: Stance) -> bool {
    !here.typing && !here.moves && as_text(&key).is_some()
}

/// Keeps the last so many.
fn keep<T>(all: &mut VecDeque<T>, one: T, most: usize) {
    all.push_back(one);
    if all.len() > most {
        all.pop_front();
    }
}

/// Whether a burst where text is typed is a paste: text goes on behind a line end or a key of another kind, or it is
/// long.
fn is_paste(keys: &[KeyEvent]) -> bool {
    let is_end = |key: &&KeyEvent| as_text(key).is_none_or(|c| c == '\n');
    let goes_on = keys
        .iter()
        .skip_while(|key| !is_end(key))
        .any(|key| !is_end(&key));
    goes_on || keys.len() >= LONG
}

fn is_ctrl_c(key: &KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
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

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
