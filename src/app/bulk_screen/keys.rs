//! Keys and pastes on the screen of a list.

use crossterm::event::KeyEvent;

use super::paths::{last_word, words};
use super::{BulkField, BulkScreen, BulkScreens, BulkView};
use crate::app::account::OrderData;
use crate::app::bulk::{BulkList, Standing};
use crate::app::cursor::Move;
use crate::app::effect::Effect;
use crate::app::engine::Engine;
use crate::app::field::TextField;
use crate::app::key_guard::{LEFT_OUT, Refused};
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::csr;
use crate::keys::Action;

/// Rows a page has at least; the table shows more where there is room.
const PAGE: usize = 10;

/// Lines of a request that one key scrolls.
const LINES: usize = 8;

/// What a key asks for that is not done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// To send what was reviewed.
    Confirm,
    /// Into which folder so many certificates are to be written.
    Folder(usize),
    /// Something of another screen.
    Elsewhere(Action),
}

impl BulkScreens {
    /// A key asked for this.
    pub(in crate::app) fn act(
        &mut self,
        action: Action,
        engine: &mut Engine,
        turn: &mut Turn,
    ) -> Option<Asks> {
        if let Some(why) = self.why_not(action, engine) {
            turn.set_status(Tone::Warn, why);
            return None;
        }
        let screen = self.open.as_mut()?;
        // A line break may be one of a private key that comes as keys.
        if action != Action::Open {
            screen.key_guard.stop();
        }
        let order = screen.order;
        let list = engine.bulk.get(order)?;
        if screen.moves(action, list) {
            return None;
        }
        match action {
            Action::Back => return self.back(engine, turn),
            Action::Discard => {
                if list.is_running() {
                    turn.set_status(Tone::Warn, "Stop the run first.");
                    return None;
                }
                let (lists, _, mut below) = engine.bulk(turn);
                lists.discard(order, &mut below);
                self.forget(order);
                let words = "List discarded. What was sent is in the journal.";
                turn.set_status(Tone::Info, words);
            }
            Action::Open => match screen.view {
                // In another field Enter goes on, as it does in a form.
                BulkView::Collecting if !screen.is_naming() => screen.step(1),
                BulkView::Collecting => {
                    let paths = words(&screen.fields.value(BulkField::Paths));
                    screen.fields.set_text(BulkField::Paths, "");
                    let (lists, _, mut below) = engine.bulk(turn);
                    lists.read_files(order, paths, &mut below);
                }
                BulkView::Review { .. } => return Some(Asks::Confirm),
                BulkView::Results => {}
            },
            Action::Review => screen.review(engine, turn),
            Action::LoadFile => {
                screen.view = BulkView::Collecting;
                screen.go_to(BulkField::Paths);
            }
            Action::Mark => {
                let at = screen.cursor.at;
                let (lists, writes, mut below) = engine.bulk(turn);
                lists.mark(order, at, writes, &mut below);
            }
            Action::WriteFile => {
                let count = list.wanted(&engine.writes.all).len();
                return Some(Asks::Folder(count));
            }
            Action::NextField if screen.asks_path() => {
                let (_, typed) = last_word(&screen.fields.value(BulkField::Paths));
                turn.push(Effect::CompletePath { typed });
            }
            Action::NextField => screen.step(1),
            Action::PreviousField => screen.step(-1),
            other => return Some(Asks::Elsewhere(other)),
        }
        None
    }

    /// Why a key does nothing now; `None` when it does something. A review says by itself what is missing for it.
    pub(in crate::app) fn why_not(&self, action: Action, engine: &Engine) -> Option<String> {
        let screen = self.open()?;
        let list = engine.bulk.get(screen.order)?;
        let running = || list.is_running().then(|| "A run is under way.".to_owned());
        let results = matches!(screen.view, BulkView::Results);
        match action {
            Action::Open if results => Some("There is nothing to confirm here.".into()),
            Action::Open if screen.is_naming() && words(&screen.fields.value(BulkField::Paths)).is_empty() => Some(
                "Enter files or a folder first, or paste CSRs. A folder gives its *.csr, *.pem, and *.req."
                    .into(),
            ),
            Action::Mark if list.rows.is_empty() => Some("There is no CSR here yet.".into()),
            Action::Mark | Action::LoadFile => running(),
            Action::WriteFile => {
                let none = list.wanted(&engine.writes.all).is_empty();
                none.then(|| "No certificate here is issued and not yet written.".to_owned())
            }
            Action::Review if results => running().or_else(|| {
                let data = engine.account.known.get(&list.order);
                // What could not be read is read once more.
                let again = data.is_some_and(OrderData::has_failed);
                list.not_yet(data).filter(|_| !again)
            }),
            Action::Review => running(),
            _ => None,
        }
    }

    /// One level back; a run that is under way is stopped first.
    fn back(&mut self, engine: &mut Engine, turn: &mut Turn) -> Option<Asks> {
        let screen = self.open.as_mut()?;
        let list = engine.bulk.get(screen.order)?;
        let sent = list.has_sent();
        let is_kept = !list.rows.is_empty();
        let goes_on = list.run.as_ref().is_some_and(|run| !run.stopped);
        match screen.view {
            BulkView::Review { .. } if sent => screen.view = BulkView::Results,
            BulkView::Review { .. } => screen.view = BulkView::Collecting,
            BulkView::Results if goes_on => engine.bulk.stop(screen.order, turn),
            BulkView::Collecting | BulkView::Results => {
                if sent {
                    screen.view = BulkView::Results;
                }
                self.leave();
                if is_kept && turn.status.is_none() {
                    let until = engine.kept_until();
                    let words = format!("List kept{until}. Press the same key to reopen it.");
                    turn.set_status(Tone::Info, words);
                }
            }
        }
        None
    }
}

impl BulkScreen {
    /// Goes through the rows, or through the request of one.
    fn moves(&mut self, action: Action, list: &BulkList) -> bool {
        // More lines than any width needs, so that scrolling has an end without knowing the width.
        let most = match self.selected(list).map(|row| &row.standing) {
            Some(Standing::Ready(outgoing)) => outgoing.body.len() / 30,
            _ => 0,
        };
        if let BulkView::Review { scroll, .. } = &mut self.view {
            match action {
                Action::PageDown => {
                    *scroll = (*scroll + LINES).min(most);
                    return true;
                }
                Action::PageUp => {
                    *scroll = scroll.saturating_sub(LINES);
                    return true;
                }
                _ => *scroll = 0,
            }
        }
        let go = Move::of(action);
        if let Some(go) = go {
            self.cursor.go(go, list.rows.len(), PAGE);
        }
        go.is_some()
    }

    fn review(&mut self, engine: &mut Engine, turn: &mut Turn) {
        let order = self.order;
        let (lists, writes, mut below) = engine.bulk(turn);
        lists.recheck(order, writes, &below);
        let Some(list) = lists.get(order) else {
            return;
        };
        let data = below.account.known.get(&order);
        if let Some(why) = list.not_yet(data) {
            let has_failed = data.is_some_and(OrderData::has_failed);
            below.turn.set_status(Tone::Warn, why);
            // What could not be read is read once more, for the next try.
            if has_failed {
                lists.read_order(order, &mut below);
            }
            return;
        }
        let mut rows = list.rows.iter();
        let first = rows.position(|row| matches!(row.standing, Standing::Ready(_)));
        let len = list.rows.len();
        self.cursor.set(first.unwrap_or_default(), len);
        self.cursor.show(len, PAGE);
        self.view = BulkView::Review {
            confirm: TextField::focused(),
            error: None,
            scroll: 0,
        };
    }

    /// Enter in the review: why not to send what is shown, and only that. `is_waiting` where a yes waits for what it
    /// rests on to be read.
    pub(in crate::app) fn why_not_send(
        &self,
        engine: &mut Engine,
        turn: &mut Turn,
        is_waiting: bool,
    ) -> Option<String> {
        let order = self.order;
        let requests = |list: &BulkList| -> Vec<String> {
            let ready = list.ready();
            ready.map(|(_, outgoing)| outgoing.body.clone()).collect()
        };
        let (lists, writes, below) = engine.bulk(turn);
        let shown = requests(lists.get(order)?);
        lists.recheck(order, writes, &below);
        let list = lists.get(order)?;
        let BulkView::Review { confirm, .. } = &self.view else {
            return None;
        };
        if confirm.text().trim() != order.to_string() {
            return Some(format!("Type the order number, {order}, to send these."));
        }
        if shown != requests(list) {
            let words = "The order changed in the meantime. Review again before you send.";
            return Some(words.to_owned());
        }
        let not_yet = list.not_yet(below.account.known.get(&order));
        not_yet.filter(|_| !is_waiting)
    }

    /// Sends what was reviewed.
    pub(in crate::app) fn start(&mut self, engine: &mut Engine, turn: &mut Turn) {
        self.view = BulkView::Results;
        let (lists, writes, mut below) = engine.bulk(turn);
        lists.start(self.order, writes, &mut below);
    }

    /// A key for the field that has the focus.
    pub(in crate::app) fn typed(&mut self, key: KeyEvent, engine: &mut Engine, turn: &mut Turn) {
        if self.key_guard.consume(key.code) {
            turn.set_status(Tone::Bad, LEFT_OUT);
            return;
        }
        let refused = match &mut self.view {
            BulkView::Review { confirm, error, .. } => {
                confirm.key(key);
                *error = None;
                self.key_guard.typed(confirm)
            }
            BulkView::Collecting => {
                let Some(field) = self.fields.text_mut() else {
                    self.choose(key, engine, turn);
                    return;
                };
                let changed = field.key(key);
                let refused = self.key_guard.typed(field);
                if changed {
                    self.follow_end(engine, turn);
                }
                refused
            }
            BulkView::Results => None,
        };
        if let Some(words) = refused.and_then(Refused::words) {
            turn.set_status(Tone::Bad, words);
        }
    }

    /// A key for the choice that has the focus.
    fn choose(&mut self, key: KeyEvent, engine: &mut Engine, turn: &mut Turn) {
        let (lists, writes, below) = engine.bulk(turn);
        let list = lists.get(self.order);
        let choice = list.and_then(|list| self.choice(list, self.fields.focus()));
        let (Some(mut choice), Some(field)) = (choice, self.fields.focus().field()) else {
            return;
        };
        let changed = choice.key(key);
        choice.typed().clone_into(&mut self.typed);
        if changed {
            let id = &choice.chosen().id;
            lists.choose(self.order, field, id, writes, &below);
        }
    }

    /// After an edit: the list has the last day as it is typed.
    fn follow_end(&self, engine: &mut Engine, turn: &mut Turn) {
        if self.fields.focus() == BulkField::End {
            let (lists, writes, below) = engine.bulk(turn);
            let end = self.fields.value(BulkField::End);
            lists.set_end(self.order, end, writes, &below);
        }
    }

    /// Text was pasted: CSRs become rows, anything else is a path.
    pub(in crate::app) fn paste(&mut self, mut text: String, engine: &mut Engine, turn: &mut Turn) {
        if let Some(refused) = self.key_guard.pasted(&mut text) {
            if matches!(self.view, BulkView::Collecting)
                && let Refused::Key(kind) = refused
            {
                let (lists, writes, below) = engine.bulk(turn);
                lists.refuse_pasted(self.order, kind, writes, &below);
            }
            // Of the rest of a key it stands there already.
            if let Some(words) = refused.words() {
                turn.set_status(Tone::Bad, words);
            }
            return;
        }
        turn.status = None;
        match &mut self.view {
            BulkView::Review { confirm, .. } => {
                confirm.paste(&text);
            }
            BulkView::Results => turn.set_status(
                Tone::Warn,
                "You can paste only into a text field, and keys as fast as a paste count as one.",
            ),
            BulkView::Collecting => {
                let holds_csr = text.contains("-----BEGIN") || csr::read_all(&text).is_ok();
                if holds_csr {
                    self.key_guard.stop();
                    let (lists, writes, mut below) = engine.bulk(turn);
                    lists.paste(self.order, text, writes, &mut below);
                } else {
                    if self.fields.text().is_none() {
                        self.go_to(BulkField::Paths);
                    }
                    if self
                        .fields
                        .text_mut()
                        .is_some_and(|field| field.paste(&text))
                    {
                        self.follow_end(engine, turn);
                    }
                }
            }
        }
    }
}
