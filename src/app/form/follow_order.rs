//! The order of an open form was read again: what nobody touched follows it, what somebody typed stays and is checked
//! against it, and what differs is told.

use super::{Form, Layer};
use crate::app::form::reviewing::SENT_BEFORE;
use crate::app::form::spec::Filling;
use crate::domain::changes::{changes, since_opened};
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::draft::review::Section;
use crate::domain::draft::{FieldId, Note, Tone};
use crate::domain::order::{Certificate, Order};

impl Form {
    /// The order and its certificates as they are now. Returns what is to be said where what is read here is another
    /// because of that.
    pub fn take_order(&mut self, order: &Order, certificates: &[Certificate]) -> Option<String> {
        let more = changes(&self.order, order);
        self.order = order.clone();
        self.siblings = certificates.to_vec();
        let before = std::mem::replace(&mut self.known, KnownCsrs::of(order, certificates));
        self.follow_order();
        self.recheck();
        let changed = !more.is_empty();
        self.changes.extend(more);
        if changed {
            self.notice = self.changed_since();
        }
        if let Some(words) = self.turned_up(&before) {
            self.layer = Layer::Editing;
            self.refocus(FieldId::Csr);
            self.notice = Some(Note {
                tone: Tone::Warn,
                text: words.clone(),
            });
            return Some(words);
        }
        let reviews_another = self.review_again();
        let told = self.changed_since().map(|note| note.text);
        (reviews_another || changed).then(|| {
            told.unwrap_or_else(|| "What would be sent has changed: review it again.".to_owned())
        })
    }

    /// That a certificate came of the CSR in a review that is open: sent from there it would be on the account twice.
    fn turned_up(&self, before: &KnownCsrs) -> Option<String> {
        let csr = self.reading.csr.as_ref()?;
        if !matches!(self.layer, Layer::Review(_)) || before.of_csr(csr).is_some() {
            return None;
        }
        let turned_up = self.known.of_csr(csr)?;
        Some(format!(
            "This CSR has been used on the order in the meantime, resulting in {turned_up}. The review is closed; \
                nothing was sent."
        ))
    }

    /// What is another since the form was opened.
    pub fn changed_since(&self) -> Option<Note> {
        since_opened(&self.changes).map(|text| Note {
            tone: Tone::Warn,
            text,
        })
    }

    /// The fields that nobody touched are filled in from the order as it is now.
    fn follow_order(&mut self) {
        for index in 0..self.specs.len() {
            let spec = &self.specs[index];
            if spec.filling != Filling::Choice && !self.fields.all[index].touched {
                self.fields.all[index] = self.fresh(spec);
            }
        }
        self.refill();
        self.names_follow();
        self.refocus(self.focus());
    }

    /// An open review shows what would be sent now. Returns whether that is another.
    fn review_again(&mut self) -> bool {
        if !matches!(self.layer, Layer::Review(_)) {
            return false;
        }
        let shown = std::mem::replace(&mut self.layer, Layer::Editing);
        self.start_review();
        let (Layer::Review(was), Layer::Review(now)) = (&shown, &mut self.layer) else {
            // It cannot be sent any more: why stands at the fields.
            return true;
        };
        let sections = |sections: &[Section]| -> Vec<Section> {
            let all = sections.iter().filter(|one| one.title != SENT_BEFORE);
            all.cloned().collect()
        };
        let same = was.review.outgoing == now.review.outgoing
            && sections(&was.review.sections) == sections(&now.review.sections);
        if same {
            self.layer = shown;
        }
        !same
    }
}
