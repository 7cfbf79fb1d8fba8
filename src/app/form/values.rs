//! What the fields hold at the moment: as text, as facts that decide which fields there are, and as the draft that is
//! checked and sent.

use crate::app::fields::Input;
use crate::domain::draft::{Draft, FieldId, lists};

use super::Form;
use super::spec::Facts;

impl Form {
    pub(super) fn facts(&self) -> Facts<'_> {
        let bare = self.reading.key.as_ref().map(|key| &key.key);
        let key = self.reading.csr.as_ref().map(|csr| &csr.key).or(bare);
        Facts::new(&self.order, self.product.as_ref(), key, |id| {
            match self.fields.get(id).map(|field| &field.input) {
                Some(Input::Choice(choice)) => choice.chosen().id.as_str(),
                Some(Input::Flag(true)) => "true",
                // Nothing that is typed decides which fields there are.
                Some(Input::Flag(false) | Input::Text(_)) | None => "",
            }
        })
    }

    /// What is asked for at the moment.
    pub(super) fn draft(&self) -> Draft {
        let facts = self.facts();
        let there = |id: FieldId| {
            self.specs
                .iter()
                .any(|spec| spec.id == id && spec.need(self.kind, facts).is_some())
        };
        let value = |id: FieldId| {
            if there(id) {
                self.fields.value(id).trim().to_string()
            } else {
                String::new()
            }
        };
        let csr = there(FieldId::Csr);
        Draft {
            csr: self.reading.csr.clone().filter(|_| csr),
            public_key: self.reading.key.clone().filter(|_| csr),
            csr_problem: self.reading.problem.clone().filter(|_| csr),
            csr_warnings: self.reading.warnings().cloned().collect(),
            names: lists::parse(&value(FieldId::Names)),
            texts: self
                .specs
                .iter()
                .filter(|spec| !matches!(spec.id, FieldId::Csr | FieldId::Names))
                .map(|spec| (spec.id, value(spec.id)))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        }
    }
}
