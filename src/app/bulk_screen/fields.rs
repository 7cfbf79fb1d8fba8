//! The fields of the screen: where the CSRs come from, and what all of them share.

use super::BulkScreen;
use crate::app::bulk::BulkList;
use crate::app::choice::ChoiceField;
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
    pub(super) fn step(&mut self, by: isize) {
        self.typed.clear();
        self.fields.step(&BulkField::ALL, by);
    }
}
