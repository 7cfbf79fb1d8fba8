//! What all duplicates of a list share: server platform, hash, issuing CA and end date. The CSRs bring the rest.

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;

use super::Bulk;
use crate::app::field::{FieldKind, TextField};
use crate::app::fields;
use crate::app::form::choice::ChoiceField;
use crate::domain::draft::{
    Checked, Context, Draft, FieldId, FormKind, Note, Problem, Tone, lists, options, validity,
};

/// A field of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
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

impl Part {
    /// All of them, in their order on the screen.
    pub const ALL: [Self; 5] = [
        Self::Paths,
        Self::Platform,
        Self::Hash,
        Self::Ica,
        Self::End,
    ];

    /// The next one, or the one before.
    pub(super) fn step(self, by: isize) -> Self {
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

    /// The form's field of the same meaning.
    fn field(self) -> Option<FieldId> {
        match self {
            Self::Paths => None,
            Self::Platform => Some(FieldId::Platform),
            Self::Hash => Some(FieldId::Hash),
            Self::Ica => Some(FieldId::Ica),
            Self::End => Some(FieldId::EndDate),
        }
    }
}

/// A choice, and whether somebody made it: one that nobody made follows what the account offers.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) choice: ChoiceField,
    pub(super) touched: bool,
}

impl Chosen {
    fn none() -> Self {
        Self {
            choice: ChoiceField::new(Vec::new(), ""),
            touched: false,
        }
    }

    fn refill(&mut self, field: FieldId, ctx: &Context<'_>) {
        let (options, first) = options::options(field, FormKind::Duplicate, ctx);
        let mut choice = ChoiceField::new(options, &first);
        if self.touched {
            choice.choose(&self.choice.chosen().id);
        }
        // What was typed to find an option goes on finding it.
        if choice.options() != self.choice.options() || choice.chosen() != self.choice.chosen() {
            self.choice = choice;
        }
    }

    /// Puts back what was kept.
    pub(super) fn restore(&mut self, id: &str) {
        self.choice.choose(id);
        self.touched = true;
    }
}

/// What all rows share.
#[derive(Debug)]
pub struct Shared {
    /// Which field has the focus.
    pub focus: Part,
    /// The last day, `yyyy-MM-dd`; empty for the end of the certificate that is copied.
    pub end: TextField,
    /// What will come of the last day.
    pub end_note: Option<Note>,
    pub(super) platform: Chosen,
    pub(super) hash: Chosen,
    pub(super) ica: Chosen,
    problems: Vec<Problem>,
    advice: Vec<Problem>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            focus: Part::Paths,
            end: TextField::new(FieldKind::Line),
            end_note: None,
            platform: Chosen::none(),
            hash: Chosen::none(),
            ica: Chosen::none(),
            problems: Vec::new(),
            advice: Vec::new(),
        }
    }

    /// The choice of a field; `None` for those that are typed.
    pub fn choice(&self, part: Part) -> Option<&ChoiceField> {
        match part {
            Part::Paths | Part::End => None,
            Part::Platform => Some(&self.platform.choice),
            Part::Hash => Some(&self.hash.choice),
            Part::Ica => Some(&self.ica.choice),
        }
    }

    /// What is wrong with what stands in a field.
    pub fn problem(&self, part: Part) -> Option<&str> {
        at(&self.problems, part)
    }

    /// What should be known of it all the same.
    pub fn advice(&self, part: Part) -> Option<&str> {
        at(&self.advice, part)
    }

    /// Offers what is known by now, and gives the draft that every CSR of the list is put into.
    pub(super) fn template(&mut self, ctx: &Context<'_>) -> Draft {
        self.platform.refill(FieldId::Platform, ctx);
        self.hash.refill(FieldId::Hash, ctx);
        self.ica.refill(FieldId::Ica, ctx);
        let common = ctx.order.certificate.common_name.clone();
        let chosen = |field: &Chosen| field.choice.chosen().id.clone();
        let draft = Draft {
            names: lists::without(&ctx.order_names(), std::slice::from_ref(&common)),
            texts: BTreeMap::from([
                (FieldId::CommonName, common),
                (FieldId::Platform, chosen(&self.platform)),
                (FieldId::Hash, chosen(&self.hash)),
                (FieldId::Ica, chosen(&self.ica)),
                (FieldId::EndDate, self.end.text()),
            ]),
            ..Draft::default()
        };
        self.end_note = Some(validity::note(
            validity::of_duplicate(&draft, ctx),
            ctx.order.product.family(),
        ));
        draft
    }

    /// Keeps what was said of the draft without a CSR, field by field.
    pub(super) fn told(&mut self, checked: &Checked) {
        let ours = |found: &&Problem| has(found.field);
        self.problems = checked.problems.iter().filter(ours).cloned().collect();
        self.advice = checked.advice.iter().filter(ours).cloned().collect();
    }

    /// A key for the field that has the focus; tells whether it changed.
    pub(super) fn key(&mut self, key: KeyEvent) -> bool {
        let chosen = match self.focus {
            Part::Paths => return false,
            Part::End => return self.end.key(key),
            Part::Platform => &mut self.platform,
            Part::Hash => &mut self.hash,
            Part::Ica => &mut self.ica,
        };
        let changed = chosen.choice.key(key);
        chosen.touched |= changed;
        changed
    }

    /// Whether the last day is cut, so that it ends before what was asked for.
    pub fn is_cut(&self) -> bool {
        self.end_note
            .as_ref()
            .is_some_and(|note| matches!(note.tone, Tone::Warn | Tone::Bad))
    }
}

/// Whether all rows share a field.
pub(super) fn has(field: FieldId) -> bool {
    Part::ALL.iter().any(|part| part.field() == Some(field))
}

fn at(list: &[Problem], part: Part) -> Option<&str> {
    let field = part.field()?;
    let found = list.iter().find(|problem| problem.field == field)?;
    Some(&found.text)
}

impl Bulk {
    /// To the next field, or the one before.
    pub(super) fn step(&mut self, by: isize) {
        self.go_to(self.shared.focus.step(by));
    }

    /// To a field.
    pub(super) fn go_to(&mut self, part: Part) {
        let shared = &mut self.shared;
        for chosen in [&mut shared.platform, &mut shared.hash, &mut shared.ica] {
            chosen.choice.rest();
        }
        shared.focus = part;
        shared.end.set_focus(part == Part::End);
        self.paths.set_focus(part == Part::Paths);
    }
}
