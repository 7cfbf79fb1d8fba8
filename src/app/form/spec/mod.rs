//! The fields of a form as data: which a form of an order of a family has, in the order a person thinks, and what each
//! is called. Which of them are there at the moment, and which must be filled in, is decided in `domain::draft::field_rules`.

mod common;
mod families;
mod orders;

use std::borrow::Cow;

use crate::app::field::FieldKind;
use crate::domain::draft::offer::Definition;
use crate::domain::draft::{FieldId, FormKind, field_rules};
use crate::domain::order::Order;
use crate::domain::product::Family;
pub use field_rules::{Facts, Need};

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    Text(FieldKind),
    /// Chosen from a list.
    Choice,
    Flag,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct FieldSpec {
    pub id: FieldId,
    /// Its label; one that must be filled in has room for 13 letters and a star.
    pub label: Cow<'static, str>,
    /// How it is filled in.
    pub filling: Filling,
    /// One sentence, shown while it has the focus.
    pub help: Cow<'static, str>,
    /// Whether it must be filled in where the account decides it, and not the product.
    pub decided: Option<Need>,
}

impl FieldSpec {
    const fn line(id: FieldId, label: &'static str, help: &'static str) -> Self {
        Self {
            id,
            label: Cow::Borrowed(label),
            filling: Filling::Text(FieldKind::Line),
            help: Cow::Borrowed(help),
            decided: None,
        }
    }

    const fn pem(id: FieldId, label: &'static str, help: &'static str) -> Self {
        let mut spec = Self::line(id, label, help);
        spec.filling = Filling::Text(FieldKind::Pem);
        spec
    }

    const fn lines(id: FieldId, label: &'static str, help: &'static str) -> Self {
        Self {
            id,
            label: Cow::Borrowed(label),
            filling: Filling::Text(FieldKind::Lines),
            help: Cow::Borrowed(help),
            decided: None,
        }
    }

    const fn choice(id: FieldId, label: &'static str, help: &'static str) -> Self {
        Self {
            id,
            label: Cow::Borrowed(label),
            filling: Filling::Choice,
            help: Cow::Borrowed(help),
            decided: None,
        }
    }

    const fn flag(id: FieldId, label: &'static str, help: &'static str) -> Self {
        Self {
            id,
            label: Cow::Borrowed(label),
            filling: Filling::Flag,
            help: Cow::Borrowed(help),
            decided: None,
        }
    }

    /// Whether it is there, and whether it must be filled in.
    pub fn need(&self, kind: FormKind, facts: Facts<'_>) -> Option<Need> {
        self.decided
            .or_else(|| field_rules::need(self.id, kind, facts))
    }
}

/// The fields of a form, by runs that several forms have.
type Runs = &'static [&'static [FieldSpec]];

/// The fields of a form for an order; none for a product that nothing is known of. `definitions` are the custom fields of
/// an order that is placed.
pub fn fields(kind: FormKind, order: &Order, definitions: &[Definition]) -> Vec<FieldSpec> {
    let family = order.product.family();
    let fixed: Runs = match kind {
        FormKind::Renew | FormKind::NewOrder => return orders::fields(family, definitions),
        FormKind::Duplicate if family == Family::Other => &[],
        FormKind::Duplicate => &[common::DUPLICATE],
        FormKind::Reissue => match family {
            Family::PublicTls | Family::PrivateTls => &[common::REISSUE_TLS],
            Family::CodeSigning | Family::EvCodeSigning => families::CODE_SIGNING,
            Family::SecureEmail => families::SECURE_EMAIL,
            Family::Client => families::CLIENT,
            Family::DocumentSigning => families::DOCUMENT_SIGNING,
            Family::VerifiedMark => families::VERIFIED_MARK,
            Family::Other => &[],
        },
    };
    fixed.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_room_and_no_field_is_there_twice() {
        let families = [
            Family::PublicTls,
            Family::CodeSigning,
            Family::SecureEmail,
            Family::Client,
            Family::DocumentSigning,
            Family::VerifiedMark,
        ];
        let orders = families.map(|family| orders::fields(family, &[]));
        let changes = [
            common::DUPLICATE.to_vec(),
            common::REISSUE_TLS.to_vec(),
            families::CODE_SIGNING.concat(),
            families::SECURE_EMAIL.concat(),
            families::CLIENT.concat(),
            families::DOCUMENT_SIGNING.concat(),
            families::VERIFIED_MARK.concat(),
        ];
        for list in changes.into_iter().chain(orders) {
            for (place, spec) in list.iter().enumerate() {
                assert!(spec.label.chars().count() <= 16, "{}", spec.label);
                assert!(spec.help.chars().count() <= 78, "{}", spec.help);
                let again = list[place + 1..].iter().any(|other| other.id == spec.id);
                assert!(!again, "{:?}", spec.id);
            }
        }
    }
}
