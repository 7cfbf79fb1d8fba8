//! What the account said when this form was sent before: told at the top, and at the fields it means until they are
//! changed. And the way out where a duplicate cannot be had: a reissue that is stored as one.

use crate::app::fields::Input;
use crate::domain::draft::{FieldId, FormKind, Note, Problem, Tone, lists};
use crate::domain::failure::Failure;
use crate::domain::product::Family;
use crate::domain::rules::Reason;
use crate::domain::rules::reissue::may_reissue;
use crate::domain::rules::{Ruling, duplicate::may_duplicate};

use super::spec::FieldSpec;
use super::{Form, FormStep};

/// A refusal, sorted to the form's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    note: Note,
    at: Vec<Problem>,
}

impl Refusal {
    pub(super) fn at(&self) -> impl Iterator<Item = &Problem> {
        self.at.iter()
    }

    /// A field was changed: what was said of it counts no longer.
    pub(super) fn changed(&mut self, id: FieldId) {
        self.at.retain(|problem| problem.field != id);
    }
}

/// The places in a request that an error code names, and what it says of them.
fn places(code: &str) -> (Vec<&str>, String) {
    let (what, rest) = code.split_once([':', '|']).unwrap_or((code, ""));
    let places: Vec<&str> = if what.starts_with("csr") {
        vec!["csr"]
    } else if what.contains("names_differ") {
        vec!["dns_names"]
    } else {
        rest.split(',').filter(|place| !place.is_empty()).collect()
    };
    let says = match what {
        "required_param" => "CertCentral reports that this is required".to_owned(),
        "invalid_value" => "CertCentral does not accept this value".to_owned(),
        _ => format!("CertCentral refused this: {what}"),
    };
    (places, format!("{says}."))
}

/// Accounts name a custom field by its label.
fn is_custom(spec: &FieldSpec, place: &str) -> bool {
    matches!(spec.id, FieldId::Custom(_))
        && place.strip_prefix("custom_fields.") == Some(&*spec.label)
}

impl Form {
    /// What was in this form was sent before, and the account refused it.
    pub fn refused(&mut self, failure: &Failure) {
        let mut at = Vec::new();
        for code in &failure.codes {
            let (places, text) = places(code);
            for place in places {
                let field = self
                    .specs
                    .iter()
                    .find(|spec| spec.id.is_at(place) || is_custom(spec, place))
                    .map(|spec| spec.id);
                if let Some(field) = field {
                    let text = text.clone();
                    at.push(Problem { field, text });
                }
            }
        }
        let mut text = format!("Sent before, and refused: {failure}");
        if self.kind == FormKind::Duplicate
            && failure.calls_for_reissue()
            && self.may_be_as_reissue()
        {
            text.push_str(
                " Press Ctrl-T to make it a reissue stored as a duplicate, which renews expired validation.",
            );
        }
        let first = at.first().map(|problem| problem.field);
        self.refusal = Some(Refusal {
            note: Note {
                tone: Tone::Bad,
                text,
            },
            at,
        });
        if let Some(first) = first {
            self.refocus(first);
        }
    }

    /// What the account said when this was sent before.
    pub fn refusal(&self) -> Option<&Note> {
        self.refusal.as_ref().map(|refusal| &refusal.note)
    }

    /// Why there is no duplicate but a reissue stored as one; the key `r` goes on to it. `None` where a duplicate may be
    /// asked for, or where neither may.
    pub fn instead(&self) -> Option<String> {
        if self.kind != FormKind::Duplicate || !self.may_be_as_reissue() {
            return None;
        }
        let ruling = may_duplicate(&self.order, self.product.as_ref(), self.today);
        let why = forbidden(&ruling)?;
        Some(format!(
            "{why}. Press r for a reissue stored as a duplicate: it can wait for approval, and renews expired \
                validation."
        ))
    }

    /// How the validation of the order's names stands: the names for which it is not current.
    pub fn take_unproven(&mut self, unproven: Vec<String>) {
        self.unproven = unproven;
        self.recheck();
    }

    /// A duplicate cannot start validation: said before the account refuses it.
    pub(super) fn unproven_note(&self) -> Option<Note> {
        if self.kind != FormKind::Duplicate || self.unproven.is_empty() {
            return None;
        }
        let names = lists::words(&self.unproven);
        let way_out = if self.may_be_as_reissue() {
            "Make it a reissue stored as a duplicate, which renews the validation."
        } else {
            "Validate them first, on the order's Domains tab."
        };
        Some(Note {
            tone: Tone::Warn,
            text: format!(
                "Domain validation is not current for {names}, and a duplicate cannot start it: CertCentral will \
                    refuse. {way_out}"
            ),
        })
    }

    /// Goes on to the reissue that is stored as a duplicate, with what is typed here.
    pub(super) fn ask_as_reissue(&self) -> Vec<FormStep> {
        if self.kind == FormKind::Duplicate && self.may_be_as_reissue() {
            return vec![FormStep::AsReissue];
        }
        vec![FormStep::Tell(
            "Only a duplicate of a public TLS order can be sent as a reissue stored as a duplicate."
                .into(),
        )]
    }

    /// Takes over what was typed for a duplicate: everything that a reissue has as well.
    pub fn take_over(&mut self, duplicate: &str) {
        self.restore(duplicate);
        self.recheck();
        self.refocus(self.focus());
    }

    fn may_be_as_reissue(&self) -> bool {
        self.order.product.family() == Family::PublicTls
            && may_reissue(&self.order, self.today).allowed()
    }

    /// Presets a reissue to be stored as a duplicate.
    pub fn set_as_reissue(&mut self) {
        let Some(field) = self.fields.get_mut(FieldId::StoreAsDuplicate) else {
            return;
        };
        field.input = Input::Flag(true);
        field.touched = true;
        self.notice = Some(Note {
            tone: Tone::Plain,
            text: "This reissue is stored as a duplicate, and the primary certificate stays primary. It can wait for \
                approval and validation.".into(),
        });
        self.recheck();
    }

    /// A key in a form that cannot be filled in.
    pub(super) fn blocked_key(&self, key: crossterm::event::KeyEvent) -> Vec<FormStep> {
        let is_r = key.code == crossterm::event::KeyCode::Char('r');
        if is_r && self.instead().is_some() {
            vec![FormStep::AsReissue]
        } else {
            self.blocked().map(FormStep::Tell).into_iter().collect()
        }
    }
}

/// Why no duplicate is allowed, when that is for good and all that is wrong.
fn forbidden(ruling: &Ruling) -> Option<String> {
    let mut why = None;
    for finding in ruling.blocking() {
        match &finding.reason {
            Reason::OrderForbidsDuplicates => {
                why = Some("This order allows no duplicates".to_owned());
            }
            Reason::ProductForbidsDuplicates(name) => {
                why = Some(format!("{name} has no duplicates"));
            }
            _ => return None,
        }
    }
    why
}
