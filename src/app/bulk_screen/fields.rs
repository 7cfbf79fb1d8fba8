//! The fields of the screen: where the CSRs come from, and what all of them share.

use super::BulkScreen;
use crate::app::bulk::BulkList;
use crate::app::fields;
use crate::app::form::choice::ChoiceField;
use crate::domain::draft::FieldId;

/// A field of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkField {
    Paths,
    /// The server platform of all.
    Platform,
    /// The signature hash of all.
    Hash,
    /// The issuing CA of all.
    Ica,
    /// The last day of all.
    End,
}

impl BulkField {
    /// All of them, in their order on the screen.
    pub const ALL: [Self; 5] = [
        Self::Paths,
        Self::Platform,
        Self::Hash,
        Self::Ica,
        Self::End,
    ];

    /// The next one, or the one before.
    fn step(self, by: isize) -> Self {
        fields::after(&Self::ALL, self, by)
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Paths => "Files",
            Self::Platform => "Platform",
            Self::Hash => "Hash",
            Self::Ica => "Issuing CA",
            Self::End => "Expires on",
        }
    }

    /// The field of a draft of the same meaning; `None` for what is of no draft.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::Paths => None,
            Self::Platform => Some(FieldId::Platform),
            Self::Hash => Some(FieldId::Hash),
            Self::Ica => Some(FieldId::Ica),
            Self::End => Some(FieldId::EndDate),
        }
    }
}

impl BulkScreen {
    /// The choice of a field, as the list has it; `None` for those that are typed.
    pub fn choice(&self, list: &BulkList, part: BulkField) -> Option<ChoiceField> {
        let chosen = list.shared.chosen(part.field()?)?;
        let mut choice = ChoiceField::new(chosen.offered.clone(), &chosen.first);
        if let Some(picked) = &chosen.picked {
            choice.choose(picked);
        }
        if part == self.focus {
            choice.go_on(&self.typed);
        }
        Some(choice)
    }

    /// To the next field, or the one before.
    pub(super) fn step(&mut self, by: isize) {
        self.go_to(self.focus.step(by));
    }

    /// To a field.
    pub(super) fn go_to(&mut self, part: BulkField) {
        self.typed.clear();
        self.focus = part;
        self.end.set_focus(part == BulkField::End);
        self.paths.set_focus(part == BulkField::Paths);
    }
}
