//! What every test's desk is made of: keys by their names, what is shown and said, and a desk that is told everything by
//! its test, at a time that stands still. What a desk is of beyond that (made-up orders, an account over the wire) stands
//! where it is used.

use certdeck::app::effect::{Effect, Read};
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Data, Msg, SyncEvent};
use certdeck::app::remote::Ticket;
use certdeck::app::status::Tone;
use certdeck::app::{start, update};
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::order::OrderSummary;
use certdeck::domain::packed::Rows;
use certdeck::domain::write::WriteId;
use certdeck::keys::{Chord, KeyMap};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;

/// What is shown of what was sent as long as its answer, which got lost, is looked for.
pub const LOOKING: &str = "outcome unknown: response lost; looking for it in CertCentral";

/// A key, by its name in the table of keys.
pub fn key(name: &str) -> Msg {
    let chord = Chord::parse(name).unwrap_or_else(|| panic!("no key is called {name}"));
    Msg::Key(KeyEvent::new(chord.code, chord.mods))
}

/// The keys of a text that is typed.
pub fn letters(text: &str) -> impl Iterator<Item = Msg> {
    text.chars().map(|letter| {
        let code = KeyCode::Char(letter);
        Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
    })
}

/// To an account of the demo, with its key.
pub fn connection(account: &str) -> Connection {
    Connection {
        account: account.into(),
        profile: "demo".into(),
        url: "http://127.0.0.1:4711/services/v2".into(),
        sandbox: true,
        key: Ok("the demo's own".into()),
    }
}

/// To nowhere yet: there is no key.
pub fn no_connection(profile: &str, why: Failure) -> Connection {
    Connection {
        account: String::new(),
        profile: profile.into(),
        url: "https://www.digicert.com/services/v2".into(),
        sandbox: false,
        key: Err(why),
    }
}

/// A failure of a kind, in few words.
pub fn failure(kind: FailureKind, what: &str) -> Failure {
    Failure {
        kind,
        ..Failure::local(what, "")
    }
}

/// What the line of status says, and how; nothing is "".
pub fn said(model: &Model) -> (Tone, &str) {
    let said = model.status.as_ref();
    said.map_or((Tone::Info, ""), |said| (said.tone, &said.words))
}

/// A desk without a terminal or an account: keys and answers in, effects out.
pub struct Desk {
    /// The state.
    pub model: Model,
    /// The time.
    pub now: Timestamp,
    reads: Vec<(Ticket, Read)>,
    run: Option<Ticket>,
    writes: Vec<WriteId>,
    look: fn(&mut Self),
}

impl Desk {
    /// Just started, with nothing known. Nobody says yes before what it is about was read again and looked at: that is
    /// what `look` does before Enter.
    pub fn new(size: (u16, u16), now: Timestamp, look: fn(&mut Self)) -> Self {
        let mut model = Model::new(size, KeyMap::default(), Look::default(), "test".into(), now);
        start(&mut model);
        Self {
            model,
            now,
            reads: Vec::new(),
            run: None,
            writes: Vec::new(),
            look,
        }
    }

    /// Hands over a message.
    pub fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        self.tell_at(msg, self.now)
    }

    /// Hands over a message at a time.
    pub fn tell_at(&mut self, msg: Msg, now: Timestamp) -> Vec<Effect> {
        let effects = update(&mut self.model, msg, now);
        for effect in &effects {
            match effect {
                Effect::Read { ticket, read } => self.reads.push((*ticket, read.clone())),
                Effect::Sync { run } => self.run = Some(*run),
                Effect::Write { op, .. } => self.writes.push(op.clone()),
                _ => {}
            }
        }
        effects
    }

    /// A key itself, whatever it says yes to.
    pub fn key(&mut self, name: &str) -> Vec<Effect> {
        self.tell(key(name))
    }

    /// Presses keys, one after the other, as somebody who looks first.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for name in keys.split(' ') {
            if name == "enter" {
                (self.look)(self);
            }
            effects.extend(self.key(name));
        }
        effects
    }

    /// Types a text.
    pub fn type_text(&mut self, text: &str) {
        for key in letters(text) {
            self.tell(key);
        }
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.tell(Msg::Paste(text.into()))
    }

    /// What the line of status says; nothing is "".
    pub fn told(&self) -> &str {
        said(&self.model).1
    }

    /// What the list of what was sent says of it, the newest first.
    pub fn shown(&self, at: usize) -> String {
        self.model.engine.writes.all[at].words()
    }

    /// The newest write.
    pub fn write(&self) -> WriteId {
        self.writes.last().expect("a write").clone()
    }

    /// What was asked for last of this kind comes; nothing, if it was not.
    pub fn comes(&mut self, wanted: &Read, result: Result<Data, Failure>) {
        let newest = self.reads.iter().rev().find(|(_, read)| read == wanted);
        let Some((ticket, read)) = newest.cloned() else {
            return;
        };
        self.tell(Msg::Reply {
            ticket,
            read,
            result,
        });
    }

    /// Progress of the newest run through the list of orders.
    pub fn sync(&mut self, event: SyncEvent) {
        let run = self.run.expect("a run");
        self.tell(Msg::Sync { run, event });
    }

    /// The list of orders that is read comes, all of it.
    pub fn rows(&mut self, rows: Vec<OrderSummary>) {
        let total = rows.len() as u64;
        self.sync(SyncEvent::Rows {
            rows: Rows::from_iter(rows).into(),
            done: total,
            total,
        });
        self.sync(SyncEvent::Finished { removed: vec![] });
    }
}
