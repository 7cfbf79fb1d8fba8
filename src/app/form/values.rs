//! What the fields hold at the moment: as text, as facts that decide which fields there are, and as the draft that is
//! checked and sent.

use crate::domain::csr::KeyKind;
use crate::domain::draft::contact::{Contact, Part, SOMEBODY};
use crate::domain::draft::field_rules::OWN_PROFILE;
use crate::domain::draft::{Draft, FieldId, ValidityForm, lists, organization};

use super::spec::Facts;
use super::{Form, Input};

impl Form {
    pub(super) fn facts(&self) -> Facts<'_> {
        let chosen = |id: FieldId| match self.field(id).map(|field| &field.input) {
            Some(Input::Choice(choice)) => choice.chosen().id.as_str(),
            _ => "",
        };
        let bare = self.reading.key.as_ref().map(|key| &key.key);
        let key = self.reading.csr.as_ref().map(|csr| &csr.key).or(bare);
        Facts {
            order: &self.order,
            validity: ValidityForm::parse(chosen(FieldId::Validity)),
            provisioning: chosen(FieldId::Provisioning),
            ship_elsewhere: !chosen(FieldId::ShipTo).is_empty(),
            indicator: chosen(FieldId::CnIndicator),
            rsa: matches!(key, Some(KeyKind::Rsa { .. })),
            length: chosen(FieldId::OrderLength),
            discount: matches!(
                self.field(FieldId::Discount).map(|field| &field.input),
                Some(Input::Flag(true))
            ),
            own_profile: chosen(FieldId::Profile) == OWN_PROFILE,
            new_organization: chosen(FieldId::Organization) == organization::NEW,
            somebody: Contact::ALL.map(|who| chosen(FieldId::Contact(who, Part::Who)) == SOMEBODY),
        }
    }

    /// What is in a field, as text: a choice's id, `true` for a flag that is on; empty for a field that is not there.
    pub(super) fn value(&self, id: FieldId) -> String {
        match self.field(id).map(|field| &field.input) {
            Some(Input::Text(text)) => text.text(),
            Some(Input::Choice(choice)) => choice.chosen().id.clone(),
            Some(Input::Flag(true)) => "true".into(),
            Some(Input::Flag(false)) | None => String::new(),
        }
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
                self.value(id).trim().to_string()
            } else {
                String::new()
            }
        };
        let flag = |id: FieldId| !value(id).is_empty();
        let csr = there(FieldId::Csr);
        Draft {
            csr: self.reading.csr.clone().filter(|_| csr),
            public_key: self.reading.key.clone().filter(|_| csr),
            csr_problem: self.reading.problem.clone().filter(|_| csr),
            csr_warnings: self.reading.warnings().cloned().collect(),
            common_name: value(FieldId::CommonName),
            names: lists::parse(&value(FieldId::Names)),
            platform: value(FieldId::Platform).parse().ok(),
            hash: value(FieldId::Hash),
            ica: value(FieldId::Ica),
            end_date: value(FieldId::EndDate),
            validity: ValidityForm::parse(&value(FieldId::Validity)),
            days: value(FieldId::Days),
            until: value(FieldId::Until),
            profile: value(FieldId::Profile),
            dcv_method: value(FieldId::Dcv),
            dcv_scope: value(FieldId::DcvScope),
            comments: value(FieldId::Comments),
            skip_approval: flag(FieldId::SkipApproval),
            store_as_duplicate: flag(FieldId::StoreAsDuplicate),
            more: self
                .specs
                .iter()
                .map(|spec| (spec.id, value(spec.id)))
                .filter(|(id, text)| !id.is_common() && !text.is_empty())
                .collect(),
        }
    }
}
