//! The review: what will be sent, read before Enter sends it. A dangerous one asks for the order number first.

use crossterm::event::KeyEvent;

use crate::app::field::{FieldKind, TextField};
use crate::domain::draft::review::{self, Review, Section};
use crate::domain::draft::{FormKind, Note, Tone, duplicate, order, order_review, reissue};
use crate::domain::write::Outgoing;
use crate::keys::{Action, place_of};

use super::{Form, FormStep, Layer};

/// The heading over what is known of the same that was sent before.
pub(super) const SENT_BEFORE: &str = "Sent before";

/// The heading over where servers have what a reissue takes down.
const SERVED: &str = "Served";

/// The heading over what CAA says.
const CAA: &str = "CAA";

/// A review on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewing {
    /// What to know, and what will be sent.
    pub review: Review,
    /// The order number, typed to confirm a dangerous one.
    pub confirm: TextField,
    /// First line that is shown.
    pub scroll: u16,
    /// What was wrong with the confirmation.
    pub error: Option<String>,
}

impl Reviewing {
    /// More lines than any width needs, so that scrolling has an end without knowing the width.
    fn most_lines(&self) -> u16 {
        let notes: usize = self
            .review
            .sections
            .iter()
            .map(|section| {
                section
                    .notes
                    .iter()
                    .map(|note| 1 + note.text.len() / 30)
                    .sum::<usize>()
                    + 2
            })
            .sum();
        let body = &self.review.outgoing.body;
        u16::try_from(notes + body.lines().count() + body.len() / 30).unwrap_or(u16::MAX)
    }
}

impl Reviewing {
    fn is_confirmed(&self, order: &str) -> bool {
        self.review.danger.is_none() || self.confirm.text().trim() == order
    }
}

impl Form {
    /// Ctrl-S: either every problem at its field, or the review.
    pub(super) fn start_review(&mut self) -> Vec<FormStep> {
        if let Some(why) = self.blocked() {
            return vec![FormStep::Tell(why)];
        }
        self.reviewed = true;
        let review = match self.review() {
            Ok(review) => review,
            Err(Some(why)) => return vec![FormStep::Tell(why)],
            Err(None) => return self.tell_problems(),
        };
        let mut confirm = TextField::new(FieldKind::Line);
        confirm.set_focus(review.danger.is_some());
        self.layer = Layer::Review(Box::new(Reviewing {
            review,
            confirm,
            scroll: 0,
            error: None,
        }));
        self.refocus(self.focus());
        Vec::new()
    }

    /// What would be sent, with everything to know before.
    ///
    /// # Errors
    /// Why nothing of the kind can be sent at all; `None` where what is wrong stands at its fields.
    pub fn review(&mut self) -> Result<Review, Option<String>> {
        if let Some(why) = self.unknown_product() {
            return Err(Some(why));
        }
        self.recheck();
        if let Some(note) = self.checked.forbidden() {
            return Err(Some(note.text.clone()));
        }
        let draft = self.draft();
        let ctx = self.context();
        let review = match self.kind {
            FormKind::Duplicate => duplicate::outgoing(&draft, &ctx)
                .map(|outgoing| review::duplicate(&draft, &ctx, outgoing)),
            FormKind::Reissue => reissue::outgoing(&draft, &ctx)
                .map(|outgoing| review::reissue(&draft, &ctx, outgoing)),
            FormKind::Renew | FormKind::NewOrder => {
                let renews = self.kind == FormKind::Renew;
                order::outgoing(&draft, &ctx, renews)
                    .map(|outgoing| order_review::review(&draft, &ctx, outgoing, renews))
            }
        };
        let mut review = review.ok_or(None)?;
        if let Some(note) = self.approval_note() {
            let mut sections = review.sections.iter_mut();
            if let Some(approval) = sections.find(|section| section.title == "Approval") {
                approval.notes.push(note);
            }
        }
        if let Some(note) = self.unproven_note() {
            let mut sections = review.sections.iter_mut();
            if let Some(approval) = sections.find(|section| section.title == "Approval") {
                approval.notes.insert(0, note);
            }
        }
        if let Some(note) = self.changed_since() {
            let (title, notes) = ("Changed", vec![note]);
            review.sections.insert(0, Section { title, notes });
        }
        Ok(review)
    }

    /// Goes to the first field that is wrong and says how many are.
    fn tell_problems(&mut self) -> Vec<FormStep> {
        let problems = &self.checked.problems;
        let count = problems.len();
        let first = self
            .shown()
            .map(|(spec, _)| spec.id)
            .find(|id| problems.iter().any(|problem| problem.field == *id));
        if let Some(first) = first {
            self.refocus(first);
        }
        vec![FormStep::Tell(match count {
            1 => "Fix 1 problem first; it is shown at its field.".into(),
            many => format!("Fix {many} problems first; each is shown at its field."),
        })]
    }

    pub(super) fn review_action(&mut self, action: Action) -> Vec<FormStep> {
        if action == Action::AsReissue {
            return self.ask_as_reissue();
        }
        let order = self.order.id.to_string();
        let Layer::Review(reviewing) = &mut self.layer else {
            return Vec::new();
        };
        let most = reviewing.most_lines();
        let scroll = reviewing.scroll;
        match action {
            Action::Down => reviewing.scroll = (scroll + 1).min(most),
            Action::Up => reviewing.scroll = scroll.saturating_sub(1),
            Action::PageDown => reviewing.scroll = (scroll + 10).min(most),
            Action::PageUp => reviewing.scroll = scroll.saturating_sub(10),
            Action::Back => {
                self.layer = Layer::Editing;
                self.refocus(self.focus());
            }
            Action::Open => {
                if !reviewing.is_confirmed(&order) {
                    reviewing.error =
                        Some(format!("Type the order number, {order}, to send this."));
                    return Vec::new();
                }
                let outgoing = reviewing.review.outgoing.clone();
                self.layer = Layer::Editing;
                self.refocus(self.focus());
                return vec![FormStep::Send(Box::new(outgoing))];
            }
            other => return vec![FormStep::Tell(place_of(other))],
        }
        Vec::new()
    }

    /// Whether Enter in an open review sends: a dangerous one wants the order number first.
    pub fn is_confirmed(&self) -> bool {
        match &self.layer {
            Layer::Review(reviewing) => reviewing.is_confirmed(&self.order.id.to_string()),
            _ => false,
        }
    }

    /// What an open review would send.
    pub fn reviewed_outgoing(&self) -> Option<&Outgoing> {
        match &self.layer {
            Layer::Review(reviewing) => Some(&reviewing.review.outgoing),
            _ => None,
        }
    }

    /// Says first in an open review what is known of the same that was sent before.
    pub fn sent_before(&mut self, notes: Vec<Note>) {
        let Layer::Review(reviewing) = &mut self.layer else {
            return;
        };
        let sections = &mut reviewing.review.sections;
        sections.retain(|section| section.title != SENT_BEFORE);
        if !notes.is_empty() {
            let title = SENT_BEFORE;
            sections.insert(0, Section { title, notes });
        }
    }

    /// Says in an open review what CAA says of its names: first what forbids.
    pub(super) fn caa(&mut self, notes: Vec<Note>) {
        let Layer::Review(reviewing) = &mut self.layer else {
            return;
        };
        let sections = &mut reviewing.review.sections;
        sections.retain(|section| section.title != CAA);
        if notes.is_empty() {
            return;
        }
        let forbids = notes.iter().any(|note| note.tone == Tone::Bad);
        let at = if forbids { 0 } else { sections.len() };
        sections.insert(at, Section { title: CAA, notes });
    }

    /// Says in an open review of a reissue that takes the order's other certificates down where they are still served.
    pub(super) fn still_served(&mut self, served: Option<String>) {
        let kind = self.kind;
        let Layer::Review(reviewing) = &mut self.layer else {
            return;
        };
        let review = &mut reviewing.review;
        review.sections.retain(|section| section.title != SERVED);
        let is_dangerous = kind == FormKind::Reissue && review.danger.is_some();
        if let Some(words) = served.filter(|_| is_dangerous) {
            let notes = vec![Note::new(Tone::Warn, words)];
            let title = SERVED;
            review.sections.insert(0, Section { title, notes });
        }
    }

    pub(super) fn review_key(&mut self, key: KeyEvent) -> Vec<FormStep> {
        if let Layer::Review(reviewing) = &mut self.layer
            && reviewing.review.danger.is_some()
        {
            reviewing.confirm.key(key);
            reviewing.error = None;
        }
        Vec::new()
    }
}
