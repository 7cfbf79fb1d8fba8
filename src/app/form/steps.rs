//! What an input brings: what is typed is kept, what is confirmed is sent.

use jiff::SignedDuration;

use super::{Form, FormInput, FormStep};
use crate::app::engine::Engine;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::app::writes::Send;

/// How long after a key a draft is kept, also while typing goes on: no more than this is lost however the program ends.
const DRAFT_MS: i64 = 50;

/// What becomes of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and what was sent from it is shown.
    Sent,
    /// A reissue that is stored as a duplicate opens in its place.
    AsReissue,
}

impl Form {
    /// Takes an input, and does what comes of it.
    pub(in crate::app) fn on_input(
        &mut self,
        input: FormInput,
        engine: &mut Engine,
        turn: &mut Turn,
    ) -> Then {
        // What came in one piece is kept at once; letters are kept together, and however fast they come.
        let at_once = !matches!(input, FormInput::Key(_) | FormInput::Action(_));
        let mut then = Then::Stay;
        for step in self.update(input, engine.today()) {
            match step {
                FormStep::Effect(effect) => turn.push(effect),
                FormStep::Changed if at_once => self.keep(engine, turn),
                FormStep::Changed => {
                    let due = engine.now + SignedDuration::from_millis(DRAFT_MS);
                    self.draft_due.get_or_insert(due);
                }
                FormStep::Tell(words) => turn.set_status(Tone::Info, words),
                FormStep::Leave => {
                    self.leave(engine, turn);
                    then = Then::Close;
                }
                FormStep::Discard => {
                    turn.push(engine.drafts.drop(self.draft_key()));
                    then = Then::Close;
                }
                FormStep::ReadAgain => self.ask_anew(engine, turn),
                FormStep::AsReissue => {
                    self.keep(engine, turn);
                    then = Then::AsReissue;
                }
                FormStep::Send(outgoing) => {
                    self.keep(engine, turn);
                    let key = self.draft_key();
                    turn.extend(engine.drafts.forget_refusal(&key));
                    let send = Send {
                        draft: Some(key),
                        reviewed: self.reviewed_at,
                        ..Send::new((*outgoing).clone(), self.sent_as(&outgoing))
                    };
                    engine.send(send, turn);
                    then = Then::Sent;
                }
            }
        }
        if self.reviewed_outgoing().is_none() {
            self.reviewed_at = None;
        }
        then
    }

    /// A review opened, or a yes in it does not count yet: what was sent before and not found is looked for.
    pub(in crate::app) fn review_opened(&mut self, engine: &mut Engine) {
        self.reviewed_at = Some(engine.now);
        if let Some(outgoing) = self.reviewed_outgoing() {
            engine.writes.look_before_review(outgoing, engine.now);
        }
    }

    /// Keeps what is typed.
    pub(in crate::app) fn keep(&mut self, engine: &mut Engine, turn: &mut Turn) {
        self.draft_due = None;
        if self.is_dirty() {
            turn.extend(engine.drafts.save(self.draft_key(), self.draft_json()));
        }
    }

    /// Keeps what is typed as the form closes, and says so.
    pub(in crate::app) fn leave(&mut self, engine: &mut Engine, turn: &mut Turn) {
        self.keep(engine, turn);
        if self.is_dirty() && turn.status.is_none() {
            let until = engine.kept_until();
            let words = format!("Draft kept{until}. Press the same key to reopen it.");
            turn.set_status(Tone::Info, words);
        }
    }
}
