//! The question that Ctrl-O asks: which file goes into the CSR field. It stays until the file is read, with what is wrong
//! about it and the path as it was typed.

use crossterm::event::KeyEvent;

use crate::app::effect::Effect;
use crate::app::field::TextField;
use crate::app::msg::Completion;
use crate::domain::draft::{FieldId, Note, Tone};
use crate::domain::failure::Failure;
use crate::keys::Action;

use super::{Form, FormStep, Layer, MakeKeyField};

/// A file that is to be loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadFile {
    pub path: TextField,
    /// What the path may go on with, when there are several ways.
    pub offers: Vec<String>,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Whether it is being read.
    pub busy: bool,
}

impl Form {
    pub(super) fn ask_for_file(&mut self) {
        self.layer = Layer::LoadFile(Box::new(LoadFile {
            path: TextField::focused(),
            offers: Vec::new(),
            error: None,
            busy: false,
        }));
    }

    pub(super) fn load_file_key(&mut self, key: KeyEvent) {
        if let Layer::LoadFile(load) = &mut self.layer
            && load.path.key(key)
        {
            load.path_changed();
        }
    }

    pub(super) fn load_file_action(&mut self, action: Action) -> Vec<FormStep> {
        let form = self.draft_key();
        let Layer::LoadFile(load) = &mut self.layer else {
            return Vec::new();
        };
        let path = load.path.text().trim().to_string();
        match action {
            Action::Back => {
                self.layer = Layer::Editing;
                self.refocus(self.focus());
                Vec::new()
            }
            // There is no other field.
            Action::Complete | Action::NextField => {
                let typed = load.path.text();
                vec![FormStep::Effect(Effect::CompletePath { typed })]
            }
            Action::Open if path.is_empty() => {
                load.error = Some("Enter the path of the file.".into());
                Vec::new()
            }
            Action::Open => {
                load.path_changed();
                load.busy = true;
                vec![FormStep::Effect(Effect::ReadFile { form, path })]
            }
            _ => super::update::only_yes_or_no(),
        }
    }

    /// What a path goes on with came; it counts for the path that is still there.
    pub(super) fn path_completed(
        &mut self,
        typed: &str,
        result: Result<Completion, Failure>,
    ) -> Vec<FormStep> {
        match &mut self.layer {
            Layer::LoadFile(load) if load.path.text() == typed => match result {
                Ok(completion) => {
                    load.path.set_text(&completion.text);
                    load.path_changed();
                    load.offers = completion.offers;
                }
                Err(failure) => load.error = Some(failure.to_string()),
            },
            Layer::MakeKey(make)
                if make.fields.value(MakeKeyField::Path) == typed && !make.busy =>
            {
                make.completed(typed, result);
            }
            _ => {}
        }
        Vec::new()
    }

    /// A file came: into this form only if it still waits for this file.
    pub(super) fn file_read(
        &mut self,
        path: &str,
        result: Result<String, Failure>,
    ) -> Vec<FormStep> {
        let Layer::LoadFile(load) = &mut self.layer else {
            return Vec::new();
        };
        if !load.busy || load.path.text().trim() != path {
            return Vec::new();
        }
        load.busy = false;
        let mut text = match result {
            Ok(text) => text,
            Err(failure) => {
                load.error = Some(failure.to_string());
                return Vec::new();
            }
        };
        self.layer = Layer::Editing;
        if let Some(steps) = self.refuse_key(&mut text) {
            self.refocus(self.focus());
            return steps;
        }
        self.fill_csr(&text);
        self.refocus(FieldId::Csr);
        let told = format!("Loaded {path} into the CSR field.");
        self.notice = Some(Note {
            tone: Tone::Plain,
            text: told.clone(),
        });
        vec![FormStep::Tell(told), FormStep::Changed]
    }
}

impl LoadFile {
    pub(super) fn path_changed(&mut self) {
        self.offers.clear();
        self.error = None;
        self.busy = false;
    }
}
