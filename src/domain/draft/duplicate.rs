//! A duplicate: the draft against the rules, and the request (fields: the documentation page *Duplicate certificate*).

use super::super::dates;
use super::super::rules::duplicate::{Ask, check_duplicate};
use super::super::rules::{self, reissue::Validity};
use super::super::validity::Foreseen;
use super::super::write::{Method, Outgoing, WriteKind};
use super::body::Body;
use super::common::{checked, expected, problem};
use super::{Checked, Context, Draft, FieldId, FormKind};

/// The fields of the request, in the order of the page.
pub(super) const FIELDS: &[FieldId] = &[
    FieldId::CommonName,
    FieldId::Names,
    FieldId::Csr,
    FieldId::Platform,
    FieldId::Hash,
    FieldId::Ica,
    FieldId::EndDate,
];

/// Everything there is to say about the draft.
pub fn check(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let end = draft.given(FieldId::EndDate).map(dates::parse);
    let ask = Ask {
        common_name: draft.text(FieldId::CommonName),
        dns_names: &draft.names,
        csr: draft.csr.as_ref(),
        hash: draft.text(FieldId::Hash),
        ca_cert_id: draft.given(FieldId::Ica),
        platform: draft.number(FieldId::Platform),
        end: end.clone().and_then(Result::ok),
    };
    let ruling = check_duplicate(ctx.order, ctx.product, &ask, ctx.today);
    let mut checked = checked(&ruling, draft, true);
    if let Some(Err(error)) = end {
        checked
            .problems
            .push(problem(FieldId::EndDate, &error.to_string()));
    }
    checked
}

/// The request; `None` while something keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Option<Outgoing> {
    if draft.csr.is_none() || !check(draft, ctx).allowed() {
        return None;
    }
    let asked = dates::parse(draft.text(FieldId::EndDate)).ok();
    let mut body = Body::default();
    body.put_fields(FIELDS, draft, ctx, FormKind::Duplicate);
    let foreseen = Foreseen {
        asked: asked.map(Validity::End),
        bounds: rules::duplicate::bounds(ctx.order, ctx.today),
        begins: false,
    };
    let order = ctx.order.id;
    Some(Outgoing {
        kind: WriteKind::Duplicate,
        method: Method::Post,
        path: format!("/order/certificate/{order}/duplicate"),
        body: body.text(),
        order: Some(order),
        request: None,
        certificate: None,
        expected: expected(draft, ctx, foreseen),
    })
}
