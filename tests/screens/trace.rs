//! A trace of the desk: keys, pastes and answers in, and what each turn asks for and shows, as one text. It is drawn by
//! seeds and always the same.
//!
//! It holds what the desk does while its insides are changed: no name of theirs is in it. Keys and messages go in, effects
//! come out, and what is shown is read from the screen: the row under the list's cursor, the heading of the box on top, its
//! line that has the focus, and the line of status.
//!
//! To read it, and a difference in it:
//!
//! - A line is one turn, with the turns before it that asked for nothing and changed nothing of that:
//!   `what happened, what happened -> what is asked for; … | what is shown since`.
//! - What is asked for stands in its order, but for reads, which are a set at its end and have no tickets. So a read that is
//!   missing, or is asked for once more, shows as a difference, and the order in which reads are asked for does not.
//! - The first line that differs is the one to look at. What is not asked for is not answered either: what follows may
//!   differ for that alone, up to the end of that story (`# …`: what is done, in the words of `trace/stories.rs`), for each
//!   has a desk of its own. Behind them stand desks that live longer (`## Seed …`): there stories follow one another, and
//!   keys, answers out of their turn, failures and other things come between.
//! - A box that is never closed, a read that is asked for twice, or a write that is missing is a fault, however small the
//!   difference. Other words in what is shown are none, where words are what was changed.
//!
//! `INSTA_UPDATE=always cargo test --test screens trace` takes it as it is now.

mod answers;
mod csrs;
mod far;
mod stories;
mod words;

use std::collections::VecDeque;
use std::fmt::Write as _;

use certdeck::app::effect::Effect;
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Ended, Msg, SyncEvent};
use certdeck::app::remote::Ticket;
use certdeck::app::{start, update};
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::keys::KeyMap;
use certdeck::ui::theme::Theme;
use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use crate::account::{NOW, at};
use crate::draw;
use crate::hands;
use csrs::{CSRS, without_keys};
use far::{Far, Pace, failure};
use stories::STORIES;

/// The terminals, taken in turn.
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Desks at which some of the stories are told one after the other, and disturbed.
const SEEDS: u64 = 4;

/// Stories at each of these.
const TOLD: usize = 4;

/// Of a hundred words there, before how many something else happens.
const DISTURBED: usize = 20;

/// Keys that are pressed whatever is on the screen.
const KEYS: &str = "j k g G enter esc / s R 1 2 3 W F K o O y w d r n m a x space t v D N b tab shift-tab ctrl-s ctrl-t \
    ctrl-n ctrl-d ctrl-e ctrl-g ctrl-o ctrl-r ctrl-x c C e f i l p q ? : u left right up down pgdn pgup home end backspace é A";

/// What happens by itself, and may at any time.
const EVENTS: &[&str] = &[
    "rows", "held", "gone", "journal", "notice", "clock", "small", "large", "ground", "paste",
    "done", "beside", "drafts", "resume", "away", "home",
];

/// What an answer begins with, to be told from what is done.
const ANSWERS: &str = "~";

/// What becomes of what is sent.
const ENDS: &[&str] = &[
    "ok", "wait", "slow", "refused", "denied", "lost", "late", "unsent", "disk", "twin",
];

/// What the trace has to come by, or it holds less than it seems to.
const COVERED: &[&str] = &[
    "/duplicate {",
    "/reissue {",
    "/status {",
    "/note",
    "\"canceled\"",
    "/revoke",
    "/archive",
    "/check-dcv",
    "/dcv/validate-token",
    "/order/certificate/ssl",
    "\"store_reissue_as_duplicate\"",
    "without journal",
    "although sent",
    "renewal_of_order_id",
    "sync orders",
    "connect ",
    "find key places",
    "make key",
    "copy ",
    "write file",
    "write new file",
    "read file",
    "complete path",
    "read CSRs",
    "load CSRs sent",
    "edit ",
    "plain screen",
    "save draft",
    "drop draft",
    "keep refusal",
    "notify",
    "found certificate",
    "found request",
    "found nothing",
    "checked, problems []",
    "dismissed",
    "load journal",
    "load what was sent",
    "suspend",
    "redraw",
    "quit 0",
    "session",
    "duplicates ",
    "reissues ",
    "requests",
    "requests from 0",
    "product ",
    "domains ",
    "changes of",
    "organization ",
    "chain ",
    "orders by reference",
    "offer",
    "limits ",
];

/// Numbers that are the same wherever and whenever they are drawn (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// What the desk waits for.
enum Open {
    Effect(Effect),
    /// The end of a run that has brought its rows.
    Finish(Ticket),
}

struct Trace {
    model: Model,
    now: Timestamp,
    size: (u16, u16),
    far: Far,
    dice: Dice,
    open: VecDeque<Open>,
    drafts: words::Drafts,
    /// The draft that was saved last.
    saved: String,
    shown: [String; 4],
    /// What happened since the last line.
    happened: Vec<String>,
    /// Whether what is shown belongs to the last line.
    is_open: bool,
    text: String,
}

impl Trace {
    fn new(seed: u64, size: (u16, u16)) -> Self {
        let now = at(NOW);
        let model = Model::new(size, KeyMap::default(), Look::default(), "t".into(), now);
        let mut trace = Self {
            model,
            now,
            size,
            far: Far::new(),
            dice: Dice(seed),
            open: VecDeque::new(),
            drafts: words::Drafts::default(),
            saved: "duplicate-100000118".into(),
            shown: Default::default(),
            happened: Vec::new(),
            is_open: false,
            text: String::new(),
        };
        let effects = start(&mut trace.model);
        trace.take("start".into(), effects);
        trace.word("^home");
        trace.word("~");
        trace.close();
        trace
    }

    /// Something happens.
    fn turn(&mut self, what: impl Into<String>, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.take(what.into(), effects);
    }

    fn take(&mut self, what: String, effects: Vec<Effect>) {
        let said = words::effects(&effects, &mut self.drafts);
        let (mut reads, others): (Vec<Effect>, Vec<Effect>) = effects
            .into_iter()
            .partition(|effect| matches!(effect, Effect::Read { .. }));
        // Whoever answers does not know in which order they were asked for.
        reads.sort_by_key(|effect| match effect {
            Effect::Read { read, .. } => words::read(read),
            _ => String::new(),
        });
        for effect in others.into_iter().chain(reads) {
            if let Effect::SaveDraft { key, .. } = &effect {
                self.saved.clone_from(key);
            }
            self.open.push_back(Open::Effect(effect));
        }
        self.happens(what, said.is_empty());
        if !said.is_empty() {
            self.line(&format!(" -> {}", said.join("; ")));
        }
    }

    /// What is typed is one word, and so are answers of which nothing comes.
    fn happens(&mut self, what: String, is_quiet: bool) {
        let what = match what.strip_prefix(ANSWERS) {
            Some("") | None => what,
            Some(answer) if is_quiet && !answer.ends_with("fails") => "~".into(),
            Some(answer) => answer.to_owned(),
        };
        match self.happened.last_mut() {
            Some(last) if last.starts_with('\'') && what.starts_with('\'') => {
                last.push_str(&what[1..]);
            }
            Some(last) if what == "~" && last == "~" => {}
            _ => self.happened.push(what),
        }
    }

    fn line(&mut self, what: &str) {
        if self.happened.is_empty() && what.is_empty() {
            return;
        }
        if std::mem::take(&mut self.is_open) {
            self.text.push('\n');
        }
        let happened = std::mem::take(&mut self.happened).join(", ");
        let _ = write!(self.text, "{happened}{what}");
        self.is_open = true;
    }

    /// What is shown now and was not before.
    fn look(&mut self) -> String {
        let cells = draw::cells(&self.model);
        let text = draw::lines(&cells);
        let lines: Vec<&str> = text.lines().collect();
        let chosen = Theme::for_look(self.model.look).selected;
        let is_chosen = |at: &usize| {
            // The first column is a list's margin.
            let style = cells[(1, *at as u16)].style();
            style.bg == chosen.bg && style.add_modifier == chosen.add_modifier
        };
        let row = (0..lines.len()).find(is_chosen).map(|at| lines[at].trim());
        let row = row.map(|row| row.split("  ").next().unwrap_or(row).to_owned());
        let heading = |line: &&str| {
            let (_, rest) = line.rsplit_once("╭ ")?;
            Some(
                rest.split(" ─")
                    .next()?
                    .trim_end_matches(['╮', ' '])
                    .to_owned(),
            )
        };
        let focus = |line: &&str| {
            let (_, rest) = line.split_once("▸ ")?;
            let words: Vec<&str> = rest
                .split_whitespace()
                .filter(|word| *word != "│")
                .collect();
            Some(words::cut(&words.join(" ")))
        };
        let Rect { y, height, .. } = self.model.layout().status;
        let status = lines.iter().skip(y.into()).take(height.into());
        let status: Vec<&str> = status.map(|line| line.trim()).collect();
        let now = [
            row.unwrap_or_default(),
            lines.iter().rev().find_map(heading).unwrap_or_default(),
            lines.iter().rev().find_map(focus).unwrap_or_default(),
            without_keys(&status.join(" ")),
        ];
        let mut said = String::new();
        for ((name, before), now) in ["row", "box", "focus", "status"]
            .iter()
            .zip(&self.shown)
            .zip(&now)
        {
            if before != now {
                let _ = write!(
                    said,
                    " | {name}: {}",
                    if now.is_empty() { "none" } else { now }
                );
            }
        }
        self.shown = now;
        said
    }

    /// Says what is shown, where that changed without anything being asked for.
    fn settle(&mut self) {
        let shown = self.look();
        if shown.is_empty() {
            return;
        }
        // Of the last line, if nothing happened since.
        if self.happened.is_empty() && self.is_open {
            self.text.push_str(&shown);
        } else {
            self.line(&shown);
        }
    }

    fn key(&mut self, key: &str) {
        self.turn(key, hands::key(key));
    }

    /// A word of a story, and what is shown then.
    fn word(&mut self, word: &str) {
        self.does(word);
        self.settle();
    }

    fn does(&mut self, word: &str) {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        match first {
            "'" if !rest.is_empty() => self.type_text(&rest.replace('_', " ")),
            "<" if !rest.is_empty() => self.paste(rest),
            "~" => self.answer_all(rest.is_empty()),
            "+" => self.now += SignedDuration::from_secs(2),
            "@" => {
                if let Some(due) = self.model.next_deadline() {
                    self.now = self.now.max(due);
                    self.turn("@", Msg::Deadline);
                }
            }
            "!" if !rest.is_empty() => {
                self.end(rest);
            }
            "^" if !rest.is_empty() => self.event(rest),
            _ if word == "TYPE" => self.type_text(&wanted(&draw::text(&self.model))),
            _ => self.key(word),
        }
    }

    fn type_text(&mut self, text: &str) {
        for (letter, key) in text.chars().zip(hands::letters(text)) {
            self.turn(format!("'{letter}"), key);
        }
    }

    fn paste(&mut self, name: &str) {
        let csr = CSRS.iter().find(|(known, _)| *known == name);
        let text = match csr {
            Some((_, csr)) => (*csr).to_owned(),
            None if name == "key" => rcgen::KeyPair::generate().expect("a key").serialize_pem(),
            None => "some words\nand more".into(),
        };
        self.turn(format!("<{name}"), Msg::Paste(text));
    }

    /// What the desk waits for comes, until it waits for nothing but what became of what was sent.
    fn answer_all(&mut self, well: bool) {
        for _ in 0..60 {
            let ready = |open: &Open| !matches!(open, Open::Effect(Effect::Write { .. }));
            let Some(at) = self.open.iter().position(ready) else {
                return;
            };
            self.answer(at, well);
        }
    }

    /// Something that the desk waits for comes, or fails.
    fn answer(&mut self, at: usize, well: bool) {
        let effect = match self.open.remove(at) {
            Some(Open::Effect(effect)) => effect,
            Some(Open::Finish(run)) => {
                let event = SyncEvent::Finished {
                    removed: Vec::new(),
                };
                return self.turn("~orders end", Msg::Sync { run, event });
            }
            None => return,
        };
        if let Effect::Sync { run } = effect
            && well
        {
            self.open.push_back(Open::Finish(run));
        }
        let Some((what, msg)) = answers::reply(&self.far, effect, well) else {
            return;
        };
        let how = if well { "" } else { " fails" };
        self.turn(format!("{ANSWERS}{what}{how}"), msg);
    }

    /// What became of what was sent first, if anything is under way.
    fn end(&mut self, how: &str) -> bool {
        let is_write = |open: &Open| matches!(open, Open::Effect(Effect::Write { .. }));
        let at = self.open.iter().position(is_write);
        let Some(Open::Effect(Effect::Write { op, outgoing, .. })) =
            at.and_then(|at| self.open.remove(at))
        else {
            return false;
        };
        let broke = || failure(FailureKind::Network, "The connection broke.", None);
        let outcome = match how {
            "ok" => Ended::Accepted(self.far.take(&outgoing, Pace::AtOnce)),
            "wait" => Ended::Accepted(self.far.take(&outgoing, Pace::Approval)),
            "slow" => Ended::Accepted(self.far.take(&outgoing, Pace::Slow)),
            "refused" => {
                Ended::Refused(failure(FailureKind::Refused, "It was refused.", Some(400)))
            }
            "denied" => {
                let what = "The key may not do this.";
                Ended::Refused(failure(FailureKind::Permission, what, Some(403)))
            }
            "lost" => Ended::Unknown(broke()),
            "late" => {
                self.far.take(&outgoing, Pace::AtOnce);
                let what = "The server is in trouble.";
                Ended::Unknown(failure(FailureKind::Server, what, Some(500)))
            }
            "unsent" => Ended::NotSent(broke()),
            "disk" => Ended::NoJournal(Failure::local("The disk is full.", "")),
            _ => Ended::Twin {
                failure: Failure::local("The same was sent.", ""),
                taken: true,
            },
        };
        self.turn(format!("{} {how}", op.0), Msg::WriteEnded { op, outcome });
        true
    }

    /// Something happens by itself.
    fn event(&mut self, name: &str) {
        if name == "issued" {
            self.far.catch_up();
            return;
        }
        let msg = match name {
            "large" => Msg::Resize(self.size.0, self.size.1),
            "beside" => Msg::DraftBeside(self.saved.clone()),
            _ => answers::event(name, self.now),
        };
        self.turn(format!("^{name}"), msg);
    }

    /// Something that nobody expects: a key, an answer out of its turn, an event.
    fn disturb(&mut self) {
        match self.dice.below(8) {
            0..=2 => {
                let keys: Vec<&str> = KEYS.split_whitespace().collect();
                let key = self.dice.one_of(&keys);
                self.word(key);
            }
            3 | 4 if !self.open.is_empty() => {
                let at = self.dice.below(self.open.len());
                let well = self.dice.below(3) > 0;
                if let Open::Effect(Effect::Write { .. }) = self.open[at] {
                    let how = self.dice.one_of(ENDS);
                    self.end(how);
                } else {
                    self.answer(at, well);
                }
                self.settle();
            }
            5 => self.word("@"),
            6 => {
                let event = self.dice.one_of(EVENTS);
                self.event(event);
                self.settle();
            }
            _ => {
                let csr = self.dice.one_of(&CSRS).0;
                self.word(&format!("<{csr}"));
            }
        }
    }

    fn story(&mut self, story: &str, disturbed: usize) {
        let _ = writeln!(self.text, "\n# {story}");
        for word in story.split_whitespace() {
            if self.dice.below(100) < disturbed {
                self.disturb();
            }
            self.word(word);
        }
        while self.end("ok") {}
        self.word("~");
        self.close();
    }

    /// Back to the list.
    fn go_home(&mut self) {
        for word in ["^large", "esc", "esc", "esc", "esc", "esc", "1", "g", "~"] {
            self.does(word);
        }
        self.settle();
        self.close();
    }

    fn close(&mut self) {
        self.line("");
        if std::mem::take(&mut self.is_open) {
            self.text.push('\n');
        }
    }
}

/// What the screen says to type.
fn wanted(screen: &str) -> String {
    let words: Vec<&str> = screen
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let told = words.windows(5).rev().find_map(|words| match words {
        ["Type", "the", "order", "number", number] => Some(*number),
        ["Type", word, "and", "press", "Enter"] | ["Type", word, "and", "Enter", _] => Some(*word),
        _ => None,
    });
    told.unwrap_or_default().to_owned()
}

fn trace() -> String {
    let mut text = String::new();
    for (story, size) in STORIES.iter().zip(SIZES.iter().cycle()) {
        let mut trace = Trace::new(0, *size);
        trace.text.clear();
        trace.story(story, 0);
        text.push_str(&trace.text);
    }
    for (seed, (width, height)) in (1..=SEEDS).zip(SIZES.into_iter().cycle()) {
        let mut trace = Trace::new(seed, (width, height));
        for _ in 0..TOLD {
            let story = trace.dice.one_of(STORIES);
            trace.story(story, DISTURBED);
            trace.go_home();
        }
        let _ = write!(text, "\n## Seed {seed}, {width}x{height}\n{}", trace.text);
    }
    text
}

#[test]
fn keys_and_answers_in_effects_out() {
    let text = trace();
    let missing: Vec<&&str> = COVERED
        .iter()
        .filter(|what| !text.contains(**what))
        .collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("trace", text);
    });
    assert!(missing.is_empty(), "the trace does not come by {missing:?}");
}
