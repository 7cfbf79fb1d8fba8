//! The question that Ctrl-G asks: which kind of key, and which file gets the private half.

use crossterm::event::KeyEvent;

use crate::app::effect::{Effect, KeyAlgorithm};
use crate::app::field::{FieldKind, TextField};
use crate::app::fields::{FieldSet, Input};
use crate::app::msg::{Completion, KeyMade};
use crate::domain::draft::{FieldId, Note, Tone};
use crate::domain::failure::Failure;
use crate::domain::file_pattern::for_file_name;
use crate::keys::Action;

use super::{Form, FormStep, Layer};

/// What is asked of a key that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MakeKeyField {
    Algorithm,
    /// Where the private key goes.
    Path,
}

impl MakeKeyField {
    /// All of them, in their order in the question.
    pub const ALL: [Self; 2] = [Self::Algorithm, Self::Path];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Algorithm => "Key",
            Self::Path => "File",
        }
    }
}

/// A key that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct MakeKey {
    /// What is asked, and why it could not be made.
    pub fields: FieldSet<MakeKeyField>,
    /// Whether it is being made.
    pub busy: bool,
    /// What the path may go on with, when there are several ways.
    pub offers: Vec<String>,
    /// The names that the CSR will hold.
    pub names: Vec<String>,
    /// Whether a CSR stands in the form already and will be replaced.
    pub replaces: bool,
}

impl MakeKey {
    /// The kind of key that is chosen.
    pub fn chosen(&self) -> KeyAlgorithm {
        let name = self.fields.value(MakeKeyField::Algorithm);
        let mut all = KeyAlgorithm::ALL.iter().copied();
        all.find(|kind| kind.label() == name)
            .unwrap_or(KeyAlgorithm::P256)
    }

    /// Where the private key is to go.
    fn path(&self) -> String {
        self.fields.value(MakeKeyField::Path).trim().to_owned()
    }

    /// What the path goes on with came; from one that is complete the next field is gone to.
    pub(super) fn completed(&mut self, typed: &str, result: Result<Completion, Failure>) {
        match result {
            Ok(completion) if completion.leaves(typed) => {
                self.offers.clear();
                self.fields.refocus(MakeKeyField::Algorithm);
            }
            Ok(completion) => {
                self.fields.set_text(MakeKeyField::Path, &completion.text);
                self.fields.error = None;
                self.offers = completion.offers;
            }
            // Mostly there is nothing: the file is still to be made.
            Err(failure) => {
                self.fields.refocus(MakeKeyField::Algorithm);
                self.offers = vec![failure.to_string()];
            }
        }
    }

    fn step(&mut self, by: isize) {
        self.offers.clear();
        self.fields.step(&MakeKeyField::ALL, by);
    }
}

/// What is said where a CSR has no place.
pub(super) const NO_CSR: &str =
    "No CSR is sent with the selected provisioning: the key is generated on the token.";

/// `COMMONNAME-ORDER.key`, with nothing in it that a file name should not have.
fn default_path(common_name: &str, order: impl std::fmt::Display) -> String {
    let name = for_file_name(&common_name.replace('*', "wildcard"));
    format!("{name}-{order}.key")
}

impl Form {
    pub(super) fn ask_for_key(&mut self) -> Vec<FormStep> {
        let draft = self.draft();
        let Some(named) = self.named() else {
            return Vec::new();
        };
        let path = default_path(&named, self.order.id);
        let kinds = KeyAlgorithm::ALL.iter().map(|kind| kind.label());
        let kinds = Input::choice(kinds.map(|name| (name.clone(), name)), "");
        let path = Input::Text(TextField::with(FieldKind::Line, &path));
        let [kind, file] = MakeKeyField::ALL;
        self.layer = Layer::MakeKey(Box::new(MakeKey {
            fields: FieldSet::new([(kind, kinds), (file, path)], kind),
            busy: false,
            offers: Vec::new(),
            names: draft.all_names(),
            replaces: !self.fields.value(FieldId::Csr).trim().is_empty(),
        }));
        Vec::new()
    }

    /// What the CSR is made out to. Where the form has no common name, the account takes only the key from it, and
    /// the name is for whoever finds the file.
    pub(super) fn named(&self) -> Option<String> {
        let draft = self.draft();
        if self.has(FieldId::CommonName) {
            return draft.given(FieldId::CommonName).map(str::to_owned);
        }
        let organization = self.order.organization.as_ref().map(|o| o.name.clone());
        draft
            .emails()
            .into_iter()
            .next()
            .or_else(|| Some(self.order.certificate.common_name.clone()))
            .filter(|name| !name.is_empty())
            .or(organization)
            .or_else(|| Some(self.order.product.name.clone()))
    }

    pub(super) fn make_key_action(&mut self, action: Action) -> Vec<FormStep> {
        let spec = match &self.layer {
            Layer::MakeKey(make) => self.key_spec(make.chosen(), make.path(), false),
            _ => None,
        };
        let Layer::MakeKey(make) = &mut self.layer else {
            return Vec::new();
        };
        match action {
            Action::Back => {
                self.layer = Layer::Editing;
                self.refocus(self.focus());
            }
            Action::NextField => make.step(1),
            Action::PreviousField => make.step(-1),
            Action::Complete if !make.busy => {
                let typed = make.fields.value(MakeKeyField::Path);
                return vec![FormStep::Effect(Effect::CompletePath { typed })];
            }
            Action::Open if make.busy => {
                return vec![FormStep::Tell("The key is being generated.".into())];
            }
            Action::Open => {
                if make.path().is_empty() {
                    make.offers.clear();
                    let why = "Enter the file for the private key.";
                    make.fields.refuse(MakeKeyField::Path, why.into());
                    return Vec::new();
                }
                let spec = spec.map(Effect::MakeKey).map(FormStep::Effect);
                make.busy = spec.is_some();
                make.fields.error = None;
                return spec.into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn make_key_key(&mut self, key: KeyEvent) -> Vec<FormStep> {
        if let Layer::MakeKey(make) = &mut self.layer
            && !make.busy
        {
            if let Some(path) = make.fields.text_mut() {
                path.key(key);
                make.offers.clear();
                make.fields.error = None;
            } else {
                make.fields.turn(key);
            }
        }
        Vec::new()
    }

    pub(super) fn key_made(&mut self, result: Result<KeyMade, Failure>) -> Vec<FormStep> {
        match result {
            Err(failure) => {
                if let Layer::MakeKey(make) = &mut self.layer {
                    make.busy = false;
                    make.fields.error = Some(failure.to_string());
                    return Vec::new();
                }
                vec![FormStep::Tell(failure.to_string())]
            }
            Ok(made) => {
                let asked = matches!(self.layer, Layer::MakeKey(_));
                if !asked && !self.fields.value(FieldId::Csr).trim().is_empty() {
                    let told = format!(
                        "Private key written to {}, mode 0600. Its CSR was not used: another one is in the form.",
                        made.path
                    );
                    self.notice = Some(Note {
                        tone: Tone::Warn,
                        text: told.clone(),
                    });
                    return vec![FormStep::Tell(told)];
                }
                let told = format!(
                    "Private key written to {} (mode 0600, readable only by you). Its CSR is in the form.",
                    made.path
                );
                self.layer = Layer::Editing;
                self.refocus(FieldId::Csr);
                self.fill_csr(&made.csr.0);
                self.notice = Some(Note {
                    tone: Tone::Good,
                    text: told.clone(),
                });
                vec![FormStep::Tell(told), FormStep::Changed]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_the_certificate() {
        assert_eq!(
            default_path("shop.example.net", 7),
            "shop.example.net-7.key"
        );
        assert_eq!(
            default_path("*.example.net", 7),
            "wildcard.example.net-7.key"
        );
        assert_eq!(default_path("../../etc/x", 7), "_.._etc_x-7.key");
    }
}
