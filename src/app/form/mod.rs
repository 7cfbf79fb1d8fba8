//! Forms: what is typed for a duplicate or a reissue, from the first key to the request that is sent.
//!
//! ```text
//! Editing --Ctrl-S, no problem--> Review --Enter--> Send
//!    |  ^---------Esc---------------'
//!    +--Ctrl-G--> MakeKey --Enter--> Effect::MakeKey ... KeyMade fills the CSR field
//!    +--Ctrl-O--> LoadFile --Enter--> Effect::ReadFile ... FileRead fills it, or says why not and asks again
//!    `--Ctrl-D--> Discard?
//! ```

mod csr_field;
mod draft;
mod filled;
mod follow_order;
mod load_file;
mod make_key;
mod missing;
mod offered;
mod open;
mod ordering;
mod refusal;
mod reviewing;
pub mod spec;
mod steps;
#[cfg(test)]
mod tests;
mod update;
mod values;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::choice::ChoiceField;
use crate::app::effect::Effect;
use crate::app::field::TextField;
use crate::app::fields::{Field, FieldSet, Input};
use crate::app::key_guard::KeyGuard;
use crate::app::msg::{Completion, KeyMade};
use crate::app::remote::Opened;
use crate::domain::draft::csr_notes::{self, KnownCsrs, Reading};
use crate::domain::draft::offer::Offer;
use crate::domain::draft::{
    Checked, Context, FieldId, FormKind, Note, Problem, duplicate, lists, options, order, prefill,
    reissue, validity,
};
use crate::domain::failure::Failure;
use crate::domain::ids::RequestId;
use crate::domain::order::{Certificate, Order};
use crate::domain::product::Product;
use crate::domain::write::Outgoing;
use crate::keys::{Action, Chord, Place};
use crossterm::event::{KeyCode, KeyEvent};

pub use load_file::LoadFile;
pub use make_key::{MakeKey, MakeKeyField};
pub use missing::MissingOptions;
use refusal::Refusal;
pub use reviewing::Reviewing;
use spec::{FieldSpec, Filling, Need};
pub(in crate::app) use steps::Then;

/// What comes to a form.
pub enum FormInput {
    /// A key asked for this.
    Action(Action),
    /// A key for the field.
    Key(KeyEvent),
    Paste(String),
    /// A file was read, or not.
    FileRead {
        path: String,
        result: Result<String, Failure>,
    },
    /// It was looked how a path goes on.
    PathCompleted {
        typed: String,
        /// How it goes on.
        result: Result<Completion, Failure>,
    },
    Edited(Result<String, Failure>),
    /// A key and CSR were made, or not.
    KeyMade(Result<KeyMade, Failure>),
}

/// What a form wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum FormStep {
    Effect(Effect),
    /// Close the form; the draft is kept.
    Leave,
    /// Close the form and forget its draft.
    Discard,
    Send(Box<Outgoing>),
    /// Say this in the status line.
    Tell(String),
    /// Something was typed: keep the draft.
    Changed,
    /// Open a reissue of the order that is stored as a duplicate, in place of this form.
    AsReissue,
    /// Read again what the form offers.
    ReadAgain,
}

/// What lies over the fields.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Nothing: fields are filled in.
    Editing,
    /// What will be sent.
    Review(Box<Reviewing>),
    /// A key is to be made.
    MakeKey(Box<MakeKey>),
    /// The path of a file to load.
    LoadFile(Box<LoadFile>),
    /// Whether to throw the draft away.
    Discard,
}

/// An open form.
#[derive(Debug)]
pub struct Form {
    /// What it asks for.
    pub kind: FormKind,
    pub order: Order,
    /// What lies over the fields.
    pub layer: Layer,
    /// What to say at the top: the key that was written, the private key that was refused.
    pub notice: Option<Note>,
    /// What the CSR field's text is.
    pub reading: Reading,
    /// Since when what is read of the order is as current as this form.
    pub opened: Opened,
    /// That what is known of the order is old, while it is.
    pub age: Option<String>,
    /// Whether another certdeck has typed in the same form; the drafts of both are kept.
    pub typed_elsewhere: bool,
    /// What the order was read to be another in since this was opened.
    changes: Vec<String>,
    product: Option<Product>,
    whole: Option<Product>,
    siblings: Vec<Certificate>,
    known: KnownCsrs,
    offer: Offer,
    reference: String,
    specs: Vec<FieldSpec>,
    fields: FieldSet<FieldId>,
    checked: Checked,
    reviewed: bool,
    editing: Option<FieldId>,
    key_guard: KeyGuard,
    refusal: Option<Refusal>,
    /// Names whose validation the account shows as not current.
    unproven: Vec<String>,
    missing: Vec<MissingOptions>,
    approved: Option<RequestId>,
    waiting: BTreeMap<String, String>,
    wanted_focus: Option<String>,
    today: Date,
    seen: offered::Seen,
    /// When what is typed has to be kept.
    pub(in crate::app) draft_due: Option<Timestamp>,
    /// When the review opened that something is sent from.
    pub(in crate::app) reviewed_at: Option<Timestamp>,
}

impl Form {
    /// Opens a form of an order; `draft` is what was kept when it was left.
    pub fn open(
        kind: FormKind,
        order: &Order,
        product: Option<&Product>,
        siblings: &[Certificate],
        today: Date,
        draft: Option<&str>,
    ) -> Self {
        let mut form = Self {
            kind,
            order: order.clone(),
            layer: Layer::Editing,
            notice: None,
            reading: Reading::default(),
            opened: Opened::default(),
            age: None,
            typed_elsewhere: false,
            changes: Vec::new(),
            product: product.cloned(),
            whole: product.cloned(),
            siblings: siblings.to_vec(),
            known: KnownCsrs::of(order, siblings),
            offer: Offer::default(),
            reference: String::new(),
            specs: Vec::new(),
            fields: FieldSet::new([], FieldId::Csr),
            checked: Checked::default(),
            reviewed: false,
            editing: None,
            key_guard: KeyGuard::default(),
            refusal: None,
            unproven: Vec::new(),
            missing: Vec::new(),
            approved: None,
            waiting: BTreeMap::new(),
            wanted_focus: None,
            today,
            seen: offered::Seen::default(),
            draft_due: None,
            reviewed_at: None,
        };
        form.take_specs();
        if let Some(draft) = draft {
            form.restore(draft);
            form.product_chosen();
        }
        // What the CSR is decides which fields there are to go to.
        form.recheck();
        form.refocus(form.focus());
        form
    }

    /// The key under which its draft is kept.
    pub fn draft_key(&self) -> String {
        self.kind.draft_key(self.order.id)
    }

    /// The account's offer for the product came.
    pub fn take_product(&mut self, product: &Product) {
        self.whole = Some(product.clone());
        self.apply_limits();
        self.refill();
    }

    /// Offers what is known by now; what somebody chose stays.
    fn refill(&mut self) {
        for index in 0..self.specs.len() {
            let spec = &self.specs[index];
            if spec.filling != Filling::Choice {
                continue;
            }
            let fresh = self.fresh(spec);
            let old = std::mem::replace(&mut self.fields.all[index], fresh);
            if let (true, Input::Choice(before)) = (old.touched, &old.input) {
                let chosen = before.chosen().id.clone();
                let field = &mut self.fields.all[index];
                field.touched = true;
                if let Input::Choice(now) = &mut field.input {
                    now.choose(&chosen);
                    now.go_on(before.typed());
                }
            }
        }
        self.recheck();
    }

    /// The place whose keys hold.
    pub fn place(&self) -> Place {
        match self.layer {
            Layer::Editing => Place::Form,
            Layer::Review(_) => Place::Review,
            Layer::MakeKey(_) | Layer::LoadFile(_) | Layer::Discard => Place::Prompt,
        }
    }

    /// Whether the path of a file is typed.
    pub fn asks_path(&self) -> bool {
        match &self.layer {
            Layer::LoadFile(_) => true,
            Layer::MakeKey(make) => make.fields.text().is_some(),
            Layer::Editing | Layer::Review(_) | Layer::Discard => false,
        }
    }

    /// Whether a letter is written, and does not find a choice or turn a flag.
    pub fn writes_letters(&self) -> bool {
        match self.layer {
            Layer::Editing => self.fields.text().is_some(),
            _ => self.is_typing(),
        }
    }

    /// Whether text that is typed goes into a field (or finds a choice, or turns a flag).
    pub fn is_typing(&self) -> bool {
        match &self.layer {
            Layer::Editing => true,
            Layer::Review(reviewing) => reviewing.review.danger.is_some(),
            Layer::MakeKey(make) => make.fields.text().is_some(),
            Layer::LoadFile(_) => true,
            Layer::Discard => false,
        }
    }

    /// Whether the field takes this key before the key table does: text, and arrows that move inside several lines.
    pub fn takes(&self, key: KeyEvent) -> bool {
        if self.is_typing() && Chord::of(key).is_text() {
            return true;
        }
        let up = match key.code {
            KeyCode::Up => true,
            KeyCode::Down => false,
            _ => return false,
        };
        matches!(self.layer, Layer::Editing)
            && self.fields.text().is_some_and(|text| text.can_move(up))
    }

    /// Whether something was typed that would be missed.
    pub fn is_dirty(&self) -> bool {
        self.fields.all.iter().any(|field| field.touched)
    }

    /// What the form is, in one line.
    pub fn heading(&self) -> String {
        let (mut what, name) = if self.kind == FormKind::NewOrder {
            (self.kind.label().to_owned(), None)
        } else {
            let what = format!("{} of order {}", self.kind.label(), self.order.id);
            let name = Some(self.order.title()).filter(|name| !name.is_empty());
            (what, name)
        };
        let elsewhere = "another certdeck is editing this too";
        let elsewhere = self.typed_elsewhere.then_some(elsewhere);
        let parts = name.into_iter().chain(elsewhere);
        for part in parts.chain(self.age.as_deref()) {
            what.push_str(" · ");
            what.push_str(part);
        }
        what
    }

    /// Why the form cannot be filled in or sent at all; `None` when it can.
    pub fn blocked(&self) -> Option<String> {
        self.unknown_product().or_else(|| self.instead())
    }

    /// That the product is none that certdeck knows, where it is none.
    fn unknown_product(&self) -> Option<String> {
        self.specs.is_empty().then(|| {
            format!(
                "certdeck does not know the product {}: use the console for this order.",
                self.order.product.name_id
            )
        })
    }

    /// The fields that are there, each with what the table says of it.
    pub fn shown(&self) -> impl Iterator<Item = (&FieldSpec, &Field<FieldId>)> {
        let facts = self.facts();
        self.specs
            .iter()
            .zip(&self.fields.all)
            .filter(move |(spec, _)| spec.need(self.kind, facts).is_some())
    }

    /// Whether a field is there.
    pub fn has(&self, id: FieldId) -> bool {
        self.shown().any(|(spec, _)| spec.id == id)
    }

    /// Whether a field must be filled in.
    pub fn is_required(&self, spec: &FieldSpec) -> bool {
        spec.need(self.kind, self.facts()) == Some(Need::Required)
    }

    /// The field that has the focus.
    pub fn focus(&self) -> FieldId {
        self.fields.focus()
    }

    /// Problems to show at a field: all of them after a review was tried, before that those of what was touched.
    pub fn problems_at(&self, id: FieldId) -> impl Iterator<Item = &Problem> {
        let touched = self
            .fields
            .get(id)
            .is_some_and(|field| field.touched && id != FieldId::Csr);
        let show = self.reviewed || touched;
        self.checked
            .problems
            .iter()
            .filter(move |problem| show && problem.field == id)
            .chain(
                self.refusal
                    .iter()
                    .flat_map(Refusal::at)
                    .filter(move |problem| problem.field == id),
            )
    }

    /// What should be known at a field, without keeping anything from being sent.
    pub fn advice_at(&self, id: FieldId) -> impl Iterator<Item = &Problem> {
        self.checked
            .advice
            .iter()
            .filter(move |advice| advice.field == id)
    }

    /// What is to be said of the order itself.
    pub fn order_notes(&self) -> &[Note] {
        &self.checked.order
    }

    /// What the end date or validity that is typed will come to, to be said at its field.
    pub fn end_note(&self) -> Note {
        let draft = self.draft();
        let end = match self.kind {
            FormKind::Duplicate => validity::of_duplicate(&draft, &self.context()),
            FormKind::Reissue => validity::of_reissue(&draft, &self.context()),
            FormKind::Renew | FormKind::NewOrder => return self.first_end(),
        };
        validity::note(end, self.order.product.family())
    }

    fn fresh(&self, spec: &FieldSpec) -> Field<FieldId> {
        let input = match spec.filling {
            Filling::Text(kind) => {
                let text = prefill::text(spec.id, &self.context());
                let text = text.unwrap_or_else(|| self.ordered_before(spec.id));
                Input::Text(TextField::with(kind, &text))
            }
            Filling::Choice => {
                let (options, chosen) = options::options(spec.id, self.kind, &self.context());
                Input::Choice(ChoiceField::new(options, &chosen))
            }
            Filling::Flag => Input::Flag(self.turned_on_before(spec.id)),
        };
        Field::new(spec.id, input)
    }

    /// The order's names without this one, one a line.
    fn other_names(&self, common: &str) -> String {
        lists::without(&self.context().order_names(), &[common.to_string()]).join("\n")
    }

    fn context(&self) -> Context<'_> {
        Context {
            order: &self.order,
            product: self.product.as_ref(),
            siblings: &self.siblings,
            offer: &self.offer,
            reference: &self.reference,
            today: self.today,
        }
    }

    /// Reads the CSR again and checks everything.
    fn recheck(&mut self) {
        let asked = self.draft().all_names();
        let text = self.fields.value(FieldId::Csr);
        self.reading = csr_notes::reading(
            &text,
            &self.order,
            &asked,
            &self.known,
            self.kind == FormKind::Duplicate,
        );
        if self.specs.is_empty() {
            return;
        }
        let draft = self.draft();
        self.checked = match self.kind {
            FormKind::Duplicate => duplicate::check(&draft, &self.context()),
            FormKind::Reissue => reissue::check(&draft, &self.context()),
            FormKind::Renew => order::check(&draft, &self.context(), true),
            FormKind::NewOrder => order::check(&draft, &self.context(), false),
        };
        self.checked.order.extend(self.unproven_note());
        self.checked.order.extend(self.approval_ahead());
    }

    fn refocus(&mut self, id: FieldId) {
        let there = self.shown().any(|(spec, _)| spec.id == id);
        let first = self.shown().next().map(|(spec, _)| spec.id);
        let Some(id) = Some(id).filter(|_| there).or(first) else {
            return;
        };
        self.fields.refocus(id);
        self.show_cursor_on_top();
    }

    /// What is typed goes into what lies over the fields, where something does.
    fn show_cursor_on_top(&mut self) {
        if !matches!(self.layer, Layer::Editing)
            && let Some(text) = self.fields.text_mut()
        {
            text.set_focus(false);
        }
    }
}
