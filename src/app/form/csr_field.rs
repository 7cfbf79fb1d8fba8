//! What gets into the fields of a form, and what does not: what the guard refuses is told with what to do instead.

use crate::app::fields::Input;
use crate::app::key_guard::Refused;
use crate::app::status;
use crate::app::turn::Turn;
use crate::domain::draft::{FieldId, FormKind, Note, Tone, lists};
use crate::domain::order::OrderSummary;
use crate::domain::text::sanitise;

use super::{Form, FormStep, Layer};

impl Form {
    /// Refuses text with a private key in it, and wipes it. `None` when there is none.
    pub(super) fn refuse_key(&mut self, text: &mut String) -> Option<Vec<FormStep>> {
        let refused = self.key_guard.pasted(text)?;
        Some(self.tell_refusal(refused))
    }

    /// After a typed key: what stands in the field may have become a private key.
    pub(super) fn refuse_typed_key(&mut self, id: FieldId) -> Option<Vec<FormStep>> {
        let field = self.fields.get_mut(id)?;
        let refused = self.key_guard.typed(field.input.text_mut()?)?;
        // The draft that was kept a moment ago may hold its beginning: it is written again, without.
        field.touched = true;
        self.recheck();
        let mut steps = self.tell_refusal(refused);
        steps.push(FormStep::Changed);
        Some(steps)
    }

    /// The same for what is typed into the question that lies over the fields.
    pub(super) fn refuse_key_in_layer(&mut self) -> Option<Vec<FormStep>> {
        let field = match &mut self.layer {
            Layer::LoadFile(load) => &mut load.path,
            Layer::MakeKey(make) => make.fields.text_mut()?,
            Layer::Review(reviewing) => &mut reviewing.confirm,
            Layer::Editing | Layer::Discard => return None,
        };
        let refused = self.key_guard.typed(field)?;
        Some(self.tell_refusal(refused))
    }

    fn tell_refusal(&mut self, refused: Refused) -> Vec<FormStep> {
        let Some(words) = refused.words() else {
            return Vec::new();
        };
        let text = format!("{words} Paste its CSR instead: openssl req -new -key FILE");
        self.notice = Some(Note {
            tone: Tone::Bad,
            text: text.clone(),
        });
        vec![FormStep::Tell(text)]
    }

    /// Asks for the names that stand in the CSR, in place of those that were typed: the account takes none from it.
    pub(super) fn take_names(&mut self) -> Vec<FormStep> {
        let tell = |words: &str| vec![FormStep::Tell(words.into())];
        if !self.has(FieldId::Names) {
            return tell("There are no names to request in this form.");
        }
        let Some(csr) = &self.reading.csr else {
            return tell("There is no CSR yet to take names from.");
        };
        let mut names = csr.dns_names();
        let own = csr.subject.common_name.clone().unwrap_or_default();
        let common = names.iter().find(|name| lists::same(name, &own));
        let Some(common) = common.or(names.first()).cloned() else {
            return tell("The CSR contains no names.");
        };
        names.retain(|name| !lists::same(name, &common));
        let count = names.len() + 1;
        self.set_names(common, &names);
        let words = match count {
            1 => "Using the CSR's name.".to_owned(),
            many => format!("Using the CSR's {many} names."),
        };
        vec![FormStep::Tell(words), FormStep::Changed]
    }

    /// Asks for these names in place of others.
    fn set_names(&mut self, common: String, names: &[String]) {
        for (id, text) in [
            (FieldId::CommonName, common),
            (FieldId::Names, names.join("\n")),
        ] {
            let Some(field) = self.fields.get_mut(id) else {
                continue;
            };
            match &mut field.input {
                Input::Text(input) => input.set_text(&text),
                // Of a duplicate only a name of its order can be the common name.
                Input::Choice(choice) if choice.options().iter().any(|one| one.id == text) => {
                    choice.choose(&text);
                }
                Input::Choice(_) | Input::Flag(_) => continue,
            }
            field.touched = true;
            if let Some(refusal) = &mut self.refusal {
                refusal.changed(id);
            }
        }
        self.recheck();
    }

    /// Asks for names that an endpoint needs: of a new order all of them, the first as the common name, else beside those
    /// of the order. A new one is of the product and the organization of the order that it is `like`. What was typed before
    /// stays as it was.
    pub fn ask_for(&mut self, names: &[String], like: Option<&OrderSummary>, turn: &mut Turn) {
        if self.is_dirty() {
            let words = format!(
                "You began this form before: this is what you typed. Needed is {}.",
                sanitise(&names.join(", "))
            );
            turn.set_status(status::Tone::Warn, words);
            return;
        }
        let own = lists::parse(self.fields.value(FieldId::Names).trim());
        match names.split_first() {
            Some((common, rest)) if self.kind == FormKind::NewOrder => {
                if let Some(like) = like {
                    self.choose_like(like);
                }
                self.set_names(common.clone(), rest);
            }
            _ => {
                let all: Vec<String> = own.into_iter().chain(names.iter().cloned()).collect();
                let common = self.fields.value(FieldId::CommonName);
                self.set_names(common, &all);
            }
        }
    }

    /// Chooses the product and the organization of an order; those that the account does not offer are said not to be.
    fn choose_like(&mut self, order: &OrderSummary) {
        if !order.product.family().is_tls() {
            return;
        }
        let organization = order.organization.as_ref().and_then(|known| known.id);
        let organization = organization.map(|id| id.to_string());
        for (id, chosen) in [
            (FieldId::Product, Some(order.product.name_id.clone())),
            (FieldId::Organization, organization),
        ] {
            if let (Some(chosen), Some(field)) = (chosen, self.fields.get_mut(id))
                && let Input::Choice(choice) = &mut field.input
            {
                choice.choose(&chosen);
                field.touched = true;
            }
        }
        self.product_chosen();
    }

    /// Puts a text into the CSR field in place of what was there.
    pub fn fill_csr(&mut self, text: &str) {
        self.fields.set_text(FieldId::Csr, text.trim_end());
        if let Some(field) = self.fields.get_mut(FieldId::Csr) {
            field.touched = true;
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.changed(FieldId::Csr);
        }
        self.recheck();
    }
}
