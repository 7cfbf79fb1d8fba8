//! The exact text of a request's body: each field at its path, in the order of the documentation, only those that
//! apply, laid out to be read, because what the review shows is what is sent.

use std::borrow::Cow;

use serde_json::Value;

use super::common::{key_material, sent_names};
use super::field_rules::{self, has_names};
use super::order::BY_THUMBPRINT;
use super::{Context, Draft, FieldId, FormKind, ValidityForm, dcv_emails, emails, lists, mark};
use crate::domain::dates;

/// JSON being written.
#[derive(Debug, Default)]
pub(super) struct Body(Value);

impl Body {
    /// Puts a value at a path. Nothing is put there that is empty, nor a flag that is off: the API assumes that.
    pub(super) fn put(&mut self, path: &str, value: impl Into<Value>) {
        let value = value.into();
        let is_given = match &value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Bool(true) | Value::Number(_) | Value::Object(_) => true,
        };
        if is_given {
            *path.split('.').fold(&mut self.0, |at, part| &mut at[part]) = value;
        }
    }

    /// Puts what was given in these fields, as far as a request of the kind takes them.
    pub(super) fn put_fields(
        &mut self,
        fields: &[FieldId],
        draft: &Draft,
        ctx: &Context<'_>,
        kind: FormKind,
    ) {
        let facts = draft.facts(ctx);
        for field in fields {
            if field_rules::need(*field, kind, facts).is_some() {
                self.put(&path(*field, draft, ctx), value(*field, draft, ctx, kind));
            }
        }
    }

    /// The text.
    pub(super) fn text(self) -> String {
        format!("{:#}", self.0)
    }
}

impl From<Body> for Value {
    fn from(body: Body) -> Self {
        body.0
    }
}

/// Where a field is put. Accounts whose products have no lengths of orders are the older ones.
fn path(field: FieldId, draft: &Draft, ctx: &Context<'_>) -> Cow<'static, str> {
    let is_other = match field {
        FieldId::OrderLength | FieldId::OrderDays | FieldId::OrderUntil => ctx
            .product
            .is_some_and(|product| product.order_validity_years.is_empty()),
        FieldId::RenewedBy => draft.text(field) == BY_THUMBPRINT,
        _ => false,
    };
    let other = field.other_path().filter(|_| is_other);
    other.unwrap_or_else(|| field.path())
}

/// What is put there; null where nothing was given.
fn value(field: FieldId, draft: &Draft, ctx: &Context<'_>, kind: FormKind) -> Value {
    let text = draft.text(field);
    match field {
        FieldId::Csr => key_material(draft).into(),
        // Elsewhere it is the name of a person or an organisation, and sent as typed.
        FieldId::CommonName if has_names(ctx.order.product.family()) => {
            lists::sent(text, &ctx.order_names()).into()
        }
        FieldId::Names => sent_names(draft, ctx).into(),
        FieldId::DcvEmails => {
            let common = lists::sent(draft.text(FieldId::CommonName), &ctx.order_names());
            let names = lists::with_common(&common, &sent_names(draft, ctx));
            dcv_emails::entries(draft, &names)
        }
        FieldId::Emails | FieldId::MoreEmails | FieldId::AdditionalUsages => {
            emails::parse(text).into()
        }
        FieldId::Upn => draft.given(field).into_iter().collect(),
        FieldId::Units => {
            let units = text.lines().map(str::trim);
            units.filter(|unit| !unit.is_empty()).collect()
        }
        FieldId::Platform | FieldId::Organization | FieldId::Container => {
            draft.number(field).into()
        }
        // Of the three forms of a validity the later overrides the earlier at the API: one alone is sent.
        FieldId::Validity => (draft.validity() == ValidityForm::Year).then_some(1).into(),
        FieldId::Days | FieldId::OrderLength | FieldId::OrderDays => draft.number(field).into(),
        FieldId::Until | FieldId::EndDate | FieldId::OrderUntil => {
            let print = match field {
                FieldId::Until if kind == FormKind::Reissue => dates::print_reissue,
                _ => dates::print_iso,
            };
            dates::parse(text).ok().map(print).into()
        }
        FieldId::AutoRenew | FieldId::AutoReissue => draft.is_given(field).then_some(1).into(),
        FieldId::RsassaPss
        | FieldId::UseAuthKey
        | FieldId::IncludePseudonym
        | FieldId::IncludeEmail
        | FieldId::IncludeName
        | FieldId::SkipApproval
        | FieldId::StoreAsDuplicate
        | FieldId::Discount
        | FieldId::NoNotices
        | FieldId::NoIssuanceMail
        | FieldId::DisableCt
        | FieldId::MarkHosting => draft.is_given(field).into(),
        FieldId::RenewedBy if text == BY_THUMBPRINT => {
            ctx.order.certificate.thumbprint.as_deref().into()
        }
        FieldId::RenewedBy => ctx.order.id.0.into(),
        FieldId::MarkLogo if text.is_empty() => Value::Null,
        FieldId::MarkLogo => mark::sent(text).into(),
        // As serial numbers are written elsewhere: without what people put between the bytes.
        FieldId::ForeignSerial => text.replace([':', ' '], "").to_uppercase().into(),
        _ => text.into(),
    }
}
