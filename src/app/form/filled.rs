//! A form without a screen: what fills it in is given at once, by field, and what would be sent is asked for.

use super::{Form, Problem};
use crate::app::effect::{KeyAlgorithm, KeySpec};
use crate::app::fields::Input;
use crate::domain::draft::{FieldId, FormKind};
use crate::domain::product::Choice;
use crate::domain::secret;

impl Form {
    /// Fills in a field: a choice by its id or its name, a flag with `true` or `false`. What is given for a field that the
    /// form does not have goes nowhere; [`Form::has`] tells.
    ///
    /// # Errors
    /// Why it does not fit, to stand behind the name of the field.
    pub fn fill(&mut self, id: FieldId, text: &str) -> Result<(), String> {
        if secret::contains_private_key(text).is_some() {
            return Err("a private key is not sent anywhere".to_owned());
        }
        let Some(field) = self.fields.get_mut(id) else {
            return Ok(());
        };
        match &mut field.input {
            Input::Text(input) => {
                let is_odd = |letter: &char| letter.is_control() && !"\t\r\n".contains(*letter);
                // A field leaves them out, which makes another text of it.
                if let Some(odd) = text.chars().find(is_odd) {
                    let code = u32::from(odd);
                    return Err(format!("it contains a control character (U+{code:04X})"));
                }
                input.set_text(text);
            }
            Input::Flag(flag) => {
                *flag = match text {
                    "true" | "1" => true,
                    "false" | "0" | "" => false,
                    _ => return Err(format!("`{text}` is neither true nor false")),
                }
            }
            Input::Choice(choice) => {
                let is = |known: &str| known.eq_ignore_ascii_case(text);
                let offered = choice.options();
                let found = offered.iter().find(|one| is(&one.id) || is(&one.name));
                let Some(id) = found.map(|one| one.id.clone()) else {
                    let offered: Vec<String> = offered.iter().map(offer).collect();
                    let offered = offered.join(", ");
                    return Err(format!("`{text}` is not offered; offered: {offered}"));
                };
                choice.choose(&id);
            }
        }
        self.changed(id);
        Ok(())
    }

    /// Empties fields: a choice where nothing can be chosen, and what is turned on.
    pub fn empty(&mut self, which: impl Fn(FieldId) -> bool) {
        for field in self.fields.all.iter_mut().filter(|field| which(field.id)) {
            match &mut field.input {
                Input::Text(input) => input.set_text(""),
                Input::Flag(flag) => *flag = false,
                Input::Choice(choice) if choice.options().iter().any(|one| one.id.is_empty()) => {
                    choice.choose("");
                }
                Input::Choice(_) => continue,
            }
            field.touched = true;
        }
        self.recheck();
    }

    /// The custom field of this number or label.
    ///
    /// # Errors
    /// That there is none, and which there are.
    pub fn custom_field(&self, name: &str) -> Result<FieldId, String> {
        let mut known = Vec::new();
        for spec in &self.specs {
            let FieldId::Custom(id) = spec.id else {
                continue;
            };
            if id.to_string() == name || spec.label.eq_ignore_ascii_case(name) {
                return Ok(spec.id);
            }
            known.push(format!("{id} ({})", spec.label));
        }
        let known = known.join(", ");
        Err(format!(
            "no custom field is called `{name}`; there are: {known}"
        ))
    }

    /// What it is about, in a name for people: the common name.
    pub fn title(&self) -> String {
        match self.kind {
            FormKind::NewOrder => self.fields.value(FieldId::CommonName).trim().to_owned(),
            _ => self.order.title().to_owned(),
        }
    }

    /// What is wrong at its fields.
    pub fn problems(&self) -> &[Problem] {
        &self.checked.problems
    }

    /// What a key that is made for it is to be, and its CSR to say; `None` as long as nothing says whom it is for.
    pub fn key_spec(
        &self,
        algorithm: KeyAlgorithm,
        path: String,
        makes_folders: bool,
    ) -> Option<KeySpec> {
        Some(KeySpec {
            form: self.draft_key(),
            algorithm,
            common_name: self.named()?,
            dns_names: self.draft().all_names(),
            organization: self.order.organization.as_ref().map(|o| o.name.clone()),
            path,
            makes_folders,
        })
    }
}

/// A choice, by whatever it can be given.
fn offer(choice: &Choice) -> String {
    let (id, name) = (&choice.id, &choice.name);
    if id.is_empty() || id == name {
        return name.clone();
    }
    format!("{id} ({name})")
}
