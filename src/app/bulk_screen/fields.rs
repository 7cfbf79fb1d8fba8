//! The fields of the screen: which has the focus, and what is chosen in it.

use super::BulkScreen;
use crate::app::bulk::{BulkField, BulkList};
use crate::app::choice::ChoiceField;

impl BulkScreen {
    /// The choice of a field, as the list has it; `None` for those that are typed.
    pub fn choice(&self, list: &BulkList, part: BulkField) -> Option<ChoiceField> {
        let chosen = list.chosen(part)?;
        let mut choice = ChoiceField::new(chosen.offered.clone(), &chosen.first);
        if let Some(picked) = &chosen.picked {
            choice.choose(picked);
        }
        if part == self.fields.focus() {
            choice.go_on(&self.typed);
        }
        Some(choice)
    }

    /// To a field; what was typed to find a choice finds none there.
    pub(super) fn go_to(&mut self, field: BulkField) {
        self.typed.clear();
        self.fields.refocus(field);
    }

    /// To the next field, or the one before.
    pub(super) fn step(&mut self, list: &BulkList, by: isize) {
        self.typed.clear();
        self.fields.step(list.fields(), by);
    }
}
