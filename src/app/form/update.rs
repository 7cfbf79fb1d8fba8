//! What each input does to a form.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use jiff::civil::Date;

use crate::app::effect::Effect;
use crate::app::field::{FieldKind, TextField};
use crate::app::fields::Input;
use crate::domain::csr::{self, Pasted};
use crate::domain::draft::FieldId;
use crate::domain::failure::Failure;
use crate::keys::{Action, place_of};

use super::make_key::NO_CSR;
use super::{Form, FormInput, FormStep, Layer};

impl Form {
    /// Takes an input; says what is to be done.
    pub fn update(&mut self, input: FormInput, today: Date) -> Vec<FormStep> {
        self.today = today;
        match input {
            FormInput::Action(action) => {
                self.key_guard.stop();
                match self.layer {
                    Layer::Editing => self.action(action),
                    Layer::Review(_) => self.review_action(action),
                    Layer::MakeKey(_) => self.make_key_action(action),
                    Layer::LoadFile(_) => self.load_file_action(action),
                    Layer::Discard => self.discard_action(action),
                }
            }
            FormInput::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
            FormInput::Key(key) if self.key_guard.consume(key.code) => Vec::new(),
            FormInput::Key(key) => {
                let steps = match &mut self.layer {
                    Layer::Editing => self.key(key),
                    Layer::Review(_) => self.review_key(key),
                    Layer::MakeKey(_) => self.make_key_key(key),
                    Layer::LoadFile(_) => {
                        self.load_file_key(key);
                        Vec::new()
                    }
                    Layer::Discard => Vec::new(),
                };
                self.refuse_key_in_layer().unwrap_or(steps)
            }
            FormInput::Paste(text) => self.paste(text),
            FormInput::FileRead { path, result } => self.file_read(&path, result),
            FormInput::PathCompleted { typed, result } => self.path_completed(&typed, result),
            FormInput::Edited(result) => self.edited(result),
            FormInput::KeyMade(result) => self.key_made(result),
        }
    }

    /// Why a key does nothing now; `None` when it does something. A review says by itself what is missing for it.
    pub fn why_not(&self, action: Action) -> Option<String> {
        let told = |words: &str| Some(words.to_owned());
        match (&self.layer, action) {
            (Layer::Editing, Action::Back | Action::Discard | Action::AsReissue | Action::Help) => {
                None
            }
            (Layer::Editing, _) if self.blocked().is_some() => self.blocked(),
            (Layer::Editing, Action::MakeKey | Action::LoadFile) if !self.has(FieldId::Csr) => {
                told(NO_CSR)
            }
            (Layer::Editing, Action::MakeKey) if self.named().is_none() => {
                told("Enter the common name first; the CSR is created for it.")
            }
            (Layer::Editing, Action::Editor) if !self.writes_letters() => {
                told("The editor works on text fields only. Move to one first.")
            }
            (Layer::Editing, Action::Review) => {
                self.checked.forbidden().map(|note| note.text.clone())
            }
            (Layer::MakeKey(make), Action::Open | Action::Complete) if make.busy => {
                told("The key is being generated.")
            }
            (Layer::Discard, Action::NextField | Action::PreviousField) => {
                told("There is nowhere else to go here.")
            }
            _ => None,
        }
    }

    fn action(&mut self, action: Action) -> Vec<FormStep> {
        // A review that is forbidden shows all that is wrong as well.
        if action != Action::Review
            && let Some(why) = self.why_not(action)
        {
            if action == Action::MakeKey && self.has(FieldId::CommonName) {
                self.refocus(FieldId::CommonName);
            }
            return vec![FormStep::Tell(why)];
        }
        match action {
            Action::Back => return vec![FormStep::Leave],
            Action::Discard if self.is_dirty() => self.layer = Layer::Discard,
            Action::Discard => return vec![FormStep::Discard],
            Action::AsReissue => return self.ask_as_reissue(),
            Action::NextField => self.step(1),
            Action::PreviousField => self.step(-1),
            Action::Review => return self.start_review(),
            Action::MakeKey => return self.ask_for_key(),
            Action::LoadFile => self.ask_for_file(),
            Action::TakeNames => return self.take_names(),
            Action::Editor => return self.edit(),
            Action::Refresh => return self.read_again(),
            // A key of a question that was answered already.
            Action::Open => return Vec::new(),
            other => return vec![FormStep::Tell(place_of(other))],
        }
        self.refocus(self.focus());
        Vec::new()
    }

    fn step(&mut self, by: isize) {
        let ids: Vec<FieldId> = self.shown().map(|(spec, _)| spec.id).collect();
        if ids.contains(&self.focus()) {
            self.wanted_focus = None;
            self.fields.step(&ids, by);
        }
    }

    fn key(&mut self, key: KeyEvent) -> Vec<FormStep> {
        if self.blocked().is_some() {
            return self.blocked_key(key);
        }
        let id = self.focus();
        let Some(field) = self.fields.get_mut(id) else {
            return Vec::new();
        };
        let text = field.input.text();
        if key.code == KeyCode::Enter && !text.is_some_and(|text| text.kind().is_multi_line()) {
            self.step(1);
        } else if field.input.key(key) {
            return self.changed(id);
        }
        Vec::new()
    }

    /// After an edit of a field.
    pub(super) fn changed(&mut self, id: FieldId) -> Vec<FormStep> {
        if let Some(steps) = self.refuse_typed_key(id) {
            return steps;
        }
        if let Some(field) = self.fields.get_mut(id) {
            field.touched = true;
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.changed(id);
        }
        if id == FieldId::CommonName {
            self.names_follow();
        }
        if id == FieldId::Product {
            self.product_chosen();
        }
        if id == FieldId::Csr {
            self.notice = None;
        }
        self.recheck();
        vec![FormStep::Changed]
    }

    /// A duplicate's common name is taken out of the other names, and the one before put back, as long as nobody
    /// edited the list.
    pub(super) fn names_follow(&mut self) {
        let common = self.fields.get(FieldId::CommonName);
        let Some(Input::Choice(choice)) = common.map(|field| &field.input) else {
            return;
        };
        let names = self.other_names(&choice.chosen().id);
        let listed = self.fields.get(FieldId::Names);
        if listed.is_some_and(|field| !field.touched) {
            self.fields.set_text(FieldId::Names, &names);
        }
    }

    /// A paste reaches a text field or nothing. A CSR goes to its field from wherever the focus is.
    fn paste(&mut self, mut text: String) -> Vec<FormStep> {
        if let Some(steps) = self.refuse_key(&mut text) {
            return steps;
        }
        match &mut self.layer {
            Layer::Editing => {
                if let Some(why) = self.blocked() {
                    return vec![FormStep::Tell(why)];
                }
            }
            Layer::LoadFile(load) => {
                if load.path.paste(&text) {
                    load.path_changed();
                }
                return Vec::new();
            }
            Layer::MakeKey(make) => {
                if let Some(path) = make.fields.text_mut().filter(|_| !make.busy) {
                    path.paste(&text);
                }
                return Vec::new();
            }
            Layer::Review(_) | Layer::Discard => return Vec::new(),
        }
        let holds_csr = |text: &str| matches!(csr::paste(text), Ok(Pasted::Csr(_)));
        let armoured = text.contains("-----BEGIN");
        let is_csr = armoured || holds_csr(&text);
        if is_csr && !self.has(FieldId::Csr) {
            return vec![FormStep::Tell(NO_CSR.into())];
        }
        let id = if is_csr { FieldId::Csr } else { self.focus() };
        let Some(field) = self.fields.get_mut(id) else {
            return Vec::new();
        };
        let Some(input) = field.input.text_mut() else {
            return vec![FormStep::Tell(
                "Nothing was pasted: this field is selected, not typed.".into(),
            )];
        };
        // A whole CSR is meant instead of what is there, and a new one instead of a whole one; not behind it.
        let whole = |text: &str| text.contains("-----END") || holds_csr(text);
        let replaces = is_csr && !input.is_empty() && (whole(&text) || whole(&input.text()));
        let changed = if replaces {
            input.set_text(text.trim_end());
            true
        } else {
            input.paste(&text)
        };
        if !changed {
            return Vec::new();
        }
        if id != self.focus() {
            self.refocus(id);
        }
        let mut steps = self.changed(id);
        if replaces {
            steps.push(FormStep::Tell("The previous CSR is replaced.".into()));
        }
        steps
    }

    /// Every field that takes text, whatever lies over it.
    pub(in crate::app) fn text_fields(&mut self) -> Vec<&mut TextField> {
        let mut fields: Vec<&mut TextField> = self.fields.texts_mut().collect();
        match &mut self.layer {
            Layer::LoadFile(load) => fields.push(&mut load.path),
            Layer::MakeKey(make) => fields.extend(make.fields.texts_mut()),
            Layer::Editing | Layer::Review(_) | Layer::Discard => {}
        }
        fields
    }

    fn edit(&mut self) -> Vec<FormStep> {
        let Some(text) = self.fields.text() else {
            return Vec::new();
        };
        let what = if text.kind() == FieldKind::Pem {
            "csr"
        } else {
            "txt"
        };
        let text = text.text();
        self.editing = Some(self.focus());
        vec![FormStep::Effect(Effect::Edit {
            text,
            what: what.into(),
        })]
    }

    fn edited(&mut self, result: Result<String, Failure>) -> Vec<FormStep> {
        let Some(id) = self.editing.take() else {
            return Vec::new();
        };
        let mut text = match result {
            Ok(text) => text,
            Err(failure) => return vec![FormStep::Tell(failure.to_string())],
        };
        if let Some(steps) = self.refuse_key(&mut text) {
            return steps;
        }
        let field = self.fields.get_mut(id);
        let Some(field) = field.and_then(|field| field.input.text_mut()) else {
            return Vec::new();
        };
        let text = text.strip_suffix('\n').unwrap_or(&text);
        if field.text() == text {
            return Vec::new();
        }
        field.set_text(text);
        self.changed(id)
    }

    fn discard_action(&mut self, action: Action) -> Vec<FormStep> {
        match action {
            Action::Open => vec![FormStep::Discard],
            Action::Back => {
                self.layer = Layer::Editing;
                self.refocus(self.focus());
                Vec::new()
            }
            _ => only_yes_or_no(),
        }
    }
}

/// What is said to a key that a question has no use for.
pub(super) fn only_yes_or_no() -> Vec<FormStep> {
    vec![FormStep::Tell("There is nowhere else to go here.".into())]
}
