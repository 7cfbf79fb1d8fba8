//! Keys and pastes on the screen of a list.

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;

use super::paths::{last_word, words};
use super::{BulkScreen, BulkScreens, BulkView};
use crate::app::account::OrderData;
use crate::app::bulk::{BulkField, BulkList, Standing};
use crate::app::cursor::Move;
use crate::app::effect::{Effect, ListId};
use crate::app::engine::Engine;
use crate::app::field::{FieldKind, TextField};
use crate::app::key_guard::{LEFT_OUT, Refused};
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::csr;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::write::Stage;
use crate::keys::Action;

/// Rows a page has at least; the table shows more where there is room.
const PAGE: usize = 10;

/// Lines of a request that one key scrolls.
const LINES: usize = 8;

/// What is said while keys are on their way into their files.
const MAKING: &str = "Keys are being generated; wait until that is done.";

/// What a key asks for that is not done here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// To send what was reviewed.
    Confirm,
    /// Into which folder so many certificates are to be written; none is asked where the list says where.
    Folder(usize),
    /// The form of a row.
    Form(OrderId),
    /// To approve these requests.
    Approve(Vec<(RequestId, Option<OrderId>)>),
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
        let id = screen.id;
        let list = engine.bulk.get(id)?;
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
                if list.is_making_keys() {
                    turn.set_status(Tone::Warn, MAKING);
                    return None;
                }
                let (lists, _, mut below) = engine.bulk(turn);
                lists.discard(id, &mut below);
                self.forget(id);
                let words = match id {
                    ListId::Duplicates(_) => "List discarded. What was sent is in the journal.",
                    ListId::Reissues => {
                        "List discarded. Drafts and keys of its orders stay; what was sent is in the journal."
                    }
                };
                turn.set_status(Tone::Info, words);
            }
            Action::Open => match screen.view {
                BulkView::Collecting | BulkView::Results
                    if screen.edits_rows() && !screen.asks_path() =>
                {
                    let row = screen.selected(list)?;
                    return Some(Asks::Form(row.order));
                }
                // In another field Enter goes on, as it does in a form.
                BulkView::Collecting if !screen.is_naming() => screen.step(list, 1),
                BulkView::Collecting => {
                    let paths = words(&screen.fields.value(BulkField::Paths));
                    screen.fields.set_text(BulkField::Paths, "");
                    let (lists, _, mut below) = engine.bulk(turn);
                    lists.read_files(id, paths, &mut below);
                }
                BulkView::Review { .. } => return Some(Asks::Confirm),
                BulkView::Results => {}
            },
            Action::Review => {
                let (lists, writes, mut below) = engine.bulk(turn);
                lists.try_again(id, writes, &mut below);
                screen.wants_review = true;
                screen.review(engine, turn);
            }
            Action::Approve => return Some(Asks::Approve(waiting(list, engine))),
            Action::LoadFile => {
                screen.view = BulkView::Collecting;
                if list.fields().contains(&BulkField::Paths) {
                    screen.go_to(BulkField::Paths);
                }
            }
            Action::Mark => {
                let at = screen.cursor.at;
                let (lists, writes, mut below) = engine.bulk(turn);
                lists.mark(id, at, writes, &mut below);
            }
            Action::WriteFile => {
                let count = list.wanted(&engine.writes.all).len();
                return Some(Asks::Folder(count));
            }
            Action::NextField if screen.asks_path() => {
                let (_, typed) = last_word(&screen.fields.value(BulkField::Paths));
                turn.push(Effect::CompletePath { typed });
            }
            Action::NextField => screen.step(list, 1),
            Action::PreviousField => screen.step(list, -1),
            other => return Some(Asks::Elsewhere(other)),
        }
        None
    }

    /// Why a key does nothing now; `None` when it does something. A review says by itself what is missing for it.
    pub(in crate::app) fn why_not(&self, action: Action, engine: &Engine) -> Option<String> {
        let screen = self.open()?;
        let list = engine.bulk.get(screen.id)?;
        let reissues = screen.id == ListId::Reissues;
        let running = || list.is_running().then(|| "A run is under way.".to_owned());
        let results = matches!(screen.view, BulkView::Results);
        match action {
            Action::Open if screen.edits_rows() && !screen.asks_path() => {
                let row = screen.selected(list);
                match row.map(|row| &row.standing) {
                    None => Some("There is no order here.".into()),
                    Some(Standing::Sent(_)) if row.is_some_and(|row| row.may_be_sent_again(&engine.writes.all)) => {
                        Some("Include it again first: what was sent is not there.".into())
                    }
                    Some(Standing::Sent(_) | Standing::Queued(_)) => {
                        Some("It is sent; W shows what became of it.".into())
                    }
                    Some(_) if screen.wants_review => {
                        Some("The review opens by itself; then press Enter.".into())
                    }
                    Some(_) if list.is_making_keys() => Some(MAKING.into()),
                    Some(_) => running(),
                }
            }
            Action::Approve => {
                let nothing = waiting(list, engine).is_empty();
                nothing.then(|| "Nothing here is waiting for approval.".to_owned())
            }
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
                // What could not be read is read once more, and keys are made first.
                let again = has_failed(list, engine) || reissues;
                list.not_yet(&engine.account).filter(|_| !again)
            }),
            Action::Review => running(),
            _ => None,
        }
    }

    /// One level back; a run that is under way is stopped first.
    fn back(&mut self, engine: &mut Engine, turn: &mut Turn) -> Option<Asks> {
        let screen = self.open.as_mut()?;
        let list = engine.bulk.get(screen.id)?;
        let sent = list.has_sent();
        let is_kept = !list.rows.is_empty();
        let goes_on = list.run.as_ref().is_some_and(|run| !run.stopped);
        match screen.view {
            BulkView::Review { .. } if sent => screen.view = BulkView::Results,
            BulkView::Review { .. } => screen.view = BulkView::Collecting,
            BulkView::Results if goes_on => engine.bulk.stop(screen.id, turn),
            BulkView::Collecting | BulkView::Results if screen.wants_review => {
                screen.wants_review = false;
                engine.bulk.stop_keys(screen.id);
                turn.set_status(
                    Tone::Info,
                    "The review does not open; press the same key again for it.",
                );
            }
            BulkView::Collecting | BulkView::Results => {
                if sent {
                    screen.view = BulkView::Results;
                }
                let id = screen.id;
                self.leave();
                let (lists, writes, mut below) = engine.bulk(turn);
                if lists.clear_finished(id, writes, &mut below) {
                    self.forget(id);
                    return None;
                }
                if is_kept && turn.status.is_none() {
                    let until = engine.kept_until();
                    let again = match id {
                        ListId::Duplicates(_) => "Press the same key to reopen it.",
                        ListId::Reissues => "It is among the unsent drafts.",
                    };
                    turn.set_status(Tone::Info, format!("List kept{until}. {again}"));
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

    /// Opens the review, or says why not yet; it opens by itself once orders are read and keys are made.
    pub(in crate::app) fn review(&mut self, engine: &mut Engine, turn: &mut Turn) {
        let id = self.id;
        let failed = engine
            .bulk
            .get(id)
            .is_some_and(|list| has_failed(list, engine));
        let (lists, writes, mut below) = engine.bulk(turn);
        let Some(list) = lists.get(id) else {
            return;
        };
        if !list.is_preparing() && lists.prepare(id, writes, &mut below) {
            return;
        }
        let Some(list) = lists.get(id) else {
            return;
        };
        if let Some(why) = list.not_yet(below.account) {
            self.wants_review = id == ListId::Reissues && list.is_preparing();
            below.turn.set_status(Tone::Warn, why);
            // What could not be read is read once more, for the next try.
            if failed {
                lists.read_orders(id, &mut below);
            }
            return;
        }
        self.wants_review = false;
        // How far the keys were is of no interest any more.
        below
            .turn
            .status
            .take_if(|status| status.tone == Tone::Info);
        let mut rows = list.rows.iter();
        let first = rows.position(|row| matches!(row.standing, Standing::Ready(_)));
        let len = list.rows.len();
        self.cursor.set(first.unwrap_or_default(), len);
        self.cursor.show(len, PAGE);
        let asks = list.confirmation().is_some();
        let mut confirm = TextField::new(FieldKind::Line);
        confirm.set_focus(asks);
        self.view = BulkView::Review {
            confirm,
            shown: list.reviewed(),
            error: None,
            scroll: 0,
        };
    }

    /// Enter in the review: why not to send what is shown, and only that. `is_waiting` where a yes waits for what it
    /// rests on to be read.
    pub(in crate::app) fn why_not_send(
        &mut self,
        engine: &mut Engine,
        turn: &mut Turn,
        is_waiting: bool,
    ) -> Option<String> {
        let id = self.id;
        let (lists, writes, mut below) = engine.bulk(turn);
        lists.recheck(id, writes, &mut below);
        let list = lists.get(id)?;
        let BulkView::Review { confirm, shown, .. } = &mut self.view else {
            return None;
        };
        if let Some(wanted) = list.confirmation()
            && !is_typed(&confirm.text(), &wanted)
        {
            let numbers = if wanted.contains(' ') {
                "the order numbers"
            } else {
                "the order number"
            };
            return Some(format!("Type {numbers}, {wanted}, to send these."));
        }
        // What is read anew since the yes is shown before it is sent.
        let now = list.reviewed();
        if *shown != now {
            *shown = now;
            let words = "What will be sent changed in the meantime. Review it, then press Enter.";
            return Some(words.to_owned());
        }
        let not_yet = list.not_yet(below.account);
        not_yet.filter(|_| !is_waiting)
    }

    /// Sends what was reviewed.
    pub(in crate::app) fn start(&mut self, engine: &mut Engine, turn: &mut Turn) {
        self.view = BulkView::Results;
        let (lists, writes, mut below) = engine.bulk(turn);
        lists.start(self.id, writes, &mut below);
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
                    self.follow_typed(engine, turn);
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
        let (lists, writes, mut below) = engine.bulk(turn);
        let field = self.fields.focus();
        let list = lists.get(self.id);
        let Some(mut choice) = list.and_then(|list| self.choice(list, field)) else {
            return;
        };
        let changed = choice.key(key);
        choice.typed().clone_into(&mut self.typed);
        if changed {
            let id = &choice.chosen().id;
            lists.choose(self.id, field, id, writes, &mut below);
        }
    }

    /// After an edit: the list has what is kept of it as it is typed.
    fn follow_typed(&self, engine: &mut Engine, turn: &mut Turn) {
        let field = self.fields.focus();
        if field != BulkField::Paths {
            let (lists, writes, mut below) = engine.bulk(turn);
            let text = self.fields.value(field);
            lists.type_in(self.id, field, text, writes, &mut below);
        }
    }

    /// Text was pasted: CSRs become rows, anything else is a path.
    pub(in crate::app) fn paste(&mut self, mut text: String, engine: &mut Engine, turn: &mut Turn) {
        if let Some(refused) = self.key_guard.pasted(&mut text) {
            if matches!(self.view, BulkView::Collecting)
                && let Refused::Key(kind) = refused
            {
                let (lists, writes, mut below) = engine.bulk(turn);
                lists.refuse_pasted(self.id, kind, writes, &mut below);
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
                    lists.paste(self.id, self.cursor.at, text, writes, &mut below);
                } else {
                    let names = engine
                        .bulk
                        .get(self.id)
                        .is_some_and(|list| list.fields().contains(&BulkField::Paths));
                    if self.fields.text().is_none() && names {
                        self.go_to(BulkField::Paths);
                    }
                    if self
                        .fields
                        .text_mut()
                        .is_some_and(|field| field.paste(&text))
                    {
                        self.follow_typed(engine, turn);
                    }
                }
            }
        }
    }
}

/// Whether these numbers are typed, in any order.
fn is_typed(text: &str, wanted: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_digit());
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    words(text) == words(wanted)
}

/// Whether something of what a list stands on could not be read.
fn has_failed(list: &BulkList, engine: &Engine) -> bool {
    let known = &engine.account.known;
    let mut orders = list.orders().into_iter();
    list.lacks_journal() || orders.any(|order| known.get(&order).is_some_and(OrderData::has_failed))
}

/// The requests of a list that wait for approval.
fn waiting(list: &BulkList, engine: &Engine) -> Vec<(RequestId, Option<OrderId>)> {
    let watches = list
        .rows
        .iter()
        .filter_map(|row| row.watch(&engine.writes.all));
    watches
        .filter_map(|watch| match watch.stage {
            Stage::AwaitsApproval(request) => Some((request, watch.order)),
            _ => None,
        })
        .collect()
}
