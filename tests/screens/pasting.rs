//! Text that comes without marks, in pieces and faster than hands type, wherever the operator is: it opens nothing, sends
//! nothing, answers nothing and ends nothing. A hand with the same keys does.

use std::time::{Duration, Instant};

use certdeck::app::effect::Effect;
use certdeck::app::msg::Msg;
use certdeck::app::stance::{question, stance};
use certdeck::keys::Place;
use certdeck::runtime::input::Arrived;
use certdeck::runtime::input::decode::{Decoder, Input};
use certdeck::runtime::input::gate::{Gate, Meant};
use rstest::rstest;

use crate::account::Desk;
use crate::keys::state;

/// Lines as they are pasted by mistake: an answer, a host name, a mail, a path, commands.
const LINES: &[&str] = &[
    "q\r",
    "a\r",
    "r\r",
    "d\r\r",
    "yes\n",
    "\rq\r",
    "quit.example.net",
    "www.example.net\r",
    "jq.example.net\r",
    "new-order.example.net\r",
    "approve it, please\r",
    "rejected by xena@example.net\r\ra\r",
    "m\r\r\r",
    "/srv/tls/web.pem\r",
    ":quit\r",
    "123456789\r",
];

/// A desk behind its keyboard, in a time of its own.
struct Keyboard {
    desk: Desk,
    decoder: Decoder,
    gate: Gate,
    now: Instant,
    effects: Vec<Effect>,
}

impl Keyboard {
    /// Long after the desk came to be what it is.
    fn of(desk: Desk) -> Self {
        let start = Instant::now();
        let mut gate = Gate::default();
        gate.asks(question(&desk.model), start);
        Self {
            desk,
            decoder: Decoder::default(),
            gate,
            now: start + Duration::from_secs(9),
            effects: Vec::new(),
        }
    }

    /// Bytes come in one read.
    fn read(&mut self, bytes: &[u8]) {
        let inputs = self.decoder.feed(bytes, self.now);
        self.arrive(inputs);
    }

    /// Nothing comes for a while.
    fn pause(&mut self, long: Duration) {
        let until = self.now + long;
        loop {
            let deadlines = self.gate.deadline().into_iter();
            let next = deadlines.chain(self.decoder.deadline()).min();
            let Some(next) = next.filter(|next| *next < until) else {
                break;
            };
            self.now = next;
            let inputs = self.decoder.expire(next);
            self.arrive(inputs);
        }
        self.now = until;
    }

    fn arrive(&mut self, inputs: Vec<Input>) {
        self.gate.arrive(Arrived {
            inputs,
            at: self.now,
        });
        while let Some(meant) = self
            .gate
            .next(self.now, |key| stance(&self.desk.model, key))
        {
            let msg = match meant {
                Meant::Key(key) => Msg::Key(key),
                Meant::Paste(paste) => Msg::Paste(paste.text),
                Meant::TooSoon | Meant::Background(_) => continue,
            };
            self.effects.extend(self.desk.tell(msg));
            self.gate.asks(question(&self.desk.model), self.now);
        }
    }

    /// A line in pieces, and a rest.
    fn paste(&mut self, line: &str, long: usize, apart: Duration) {
        for piece in line.as_bytes().chunks(long) {
            self.read(piece);
            self.pause(apart);
        }
        self.pause(Duration::from_secs(2));
    }

    /// Where the operator is, but for the tab of an order, to which moves lead.
    fn place(&self) -> (usize, Vec<Place>, String) {
        let mut places = self.desk.model.places();
        places.retain(|place| *place != Place::Domains);
        let asked = format!("{:?}", question(&self.desk.model));
        (self.desk.model.popups.len(), places, asked)
    }
}

/// Whether it is more than a look.
fn acts(effect: &Effect) -> bool {
    !matches!(
        effect,
        Effect::Read { .. } | Effect::SaveDraft { .. } | Effect::ReadCsrs { .. }
    )
}

/// Pieces of so many bytes, so many milliseconds apart: all faster than hands.
const PACES: [(usize, u64); 7] = [(99, 0), (1, 1), (1, 5), (1, 11), (2, 20), (3, 30), (7, 30)];

/// Pastes each line at each pace into a state of this name; `same` says what has to be as before.
fn paste_all<T: PartialEq + std::fmt::Debug>(name: &str, same: impl Fn(&Keyboard) -> T) {
    for line in LINES {
        for (long, apart) in PACES {
            let mut keyboard = Keyboard::of(state(name));
            let before = same(&keyboard);
            keyboard.paste(line, long, Duration::from_millis(apart));
            let how = format!("{line:?}, {long} every {apart} ms");
            assert_eq!(same(&keyboard), before, "{how}");
            let acted: Vec<&Effect> = keyboard.effects.iter().filter(|it| acts(it)).collect();
            assert!(acted.is_empty(), "{how}: {acted:?}");
        }
    }
}

#[rstest]
fn nothing_of_it_is_a_command(
    #[values(
        "orders",
        "orders, revoked",
        "orders, waiting",
        "requests",
        "no requests",
        "journal",
        "no journal",
        "overview",
        "certificates",
        "order's requests",
        "domains",
        "activity",
        "form, a choice",
        "bulk, a choice",
        "copy",
        "menu",
        "help",
        "drafts",
        "sent"
    )]
    name: &str,
) {
    paste_all(name, Keyboard::place);
}

#[rstest]
fn nothing_of_it_is_an_answer(
    #[values(
        "form, load",
        "form, make a key",
        "form, discard",
        "asking",
        "approving",
        "where to write",
        "palette",
        "palette over a menu",
        "names"
    )]
    name: &str,
) {
    paste_all(name, Keyboard::place);
}

/// As slow as a hand it may move, open and type; it sends nothing to the account, and asks nothing twice.
#[rstest]
fn however_slowly_it_comes_nothing_is_sent(
    #[values(
        "orders, waiting",
        "requests",
        "order's requests",
        "domains",
        "approving",
        "asking",
        "menu",
        "sent"
    )]
    name: &str,
    #[values(20, 45, 65, 120)] apart: u64,
) {
    for line in LINES {
        let mut keyboard = Keyboard::of(state(name));
        keyboard.paste(line, 1, Duration::from_millis(apart));
        let sent = |it: &&Effect| matches!(it, Effect::Write { .. });
        let sent: Vec<&Effect> = keyboard.effects.iter().filter(sent).collect();
        assert!(sent.is_empty(), "{line:?}: {sent:?}");
    }
}

/// Text goes into a field, and from there nowhere else.
#[rstest]
fn nothing_of_it_leads_from_a_field_to_a_command(
    #[values("orders, filter", "requests, filter", "form", "bulk")] name: &str,
) {
    paste_all(name, |keyboard| {
        (
            keyboard.desk.model.popups.len(),
            question(&keyboard.desk.model),
        )
    });
}

/// A hand, or a script that waits, does with the same keys what they say; the slowest wait is for a question.
#[rstest]
#[case("orders", "q", "", true)]
#[case("orders", "2a", "Approve", false)]
#[case("overview", "d", "CSR", false)]
#[case("overview", "m", "Cancel", false)]
fn hands_are_obeyed(
    #[case] name: &str,
    #[case] keys: &str,
    #[case] shown: &str,
    #[case] quits: bool,
) {
    let mut keyboard = Keyboard::of(state(name));
    let before = keyboard.place();
    keyboard.paste(keys, 1, Duration::from_millis(20));
    assert!(quits || keyboard.place() != before);
    let text = crate::draw::text(&keyboard.desk.model);
    assert!(text.contains(shown), "{text}");
    let quit = |effect: &Effect| matches!(effect, Effect::Quit(_));
    assert_eq!(keyboard.effects.iter().any(quit), quits);
}
