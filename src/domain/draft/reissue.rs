//! A reissue: what may change, and the request (fields: the documentation page *Reissue certificate*). Only what the
//! order's product takes is sent.

use super::super::rules;
use super::super::rules::reissue::check_reissue;
use super::super::validity::Foreseen;
use super::super::write::{Method, Outgoing, WriteKind};
use super::body::Body;
use super::common::{ask, checked, expected, problem};
use super::field_rules::{self, Need};
use super::{Checked, Context, Draft, FieldId, FormKind, entries, lists, validity};

/// The fields of the request, in the order of the page.
pub(super) const FIELDS: &[FieldId] = &[
    FieldId::Csr,
    FieldId::CommonName,
    FieldId::Names,
    FieldId::Emails,
    FieldId::Upn,
    FieldId::CnIndicator,
    FieldId::FirstName,
    FieldId::LastName,
    FieldId::Pseudonym,
    FieldId::PrimaryUsage,
    FieldId::AdditionalUsages,
    FieldId::RsassaPss,
    FieldId::Platform,
    FieldId::Validity,
    FieldId::Days,
    FieldId::Until,
    FieldId::Hash,
    FieldId::Ica,
    FieldId::Profile,
    FieldId::Dcv,
    FieldId::Comments,
    FieldId::SkipApproval,
    FieldId::DcvScope,
    FieldId::UseAuthKey,
    FieldId::Provisioning,
    FieldId::ShipName,
    FieldId::ShipAddress,
    FieldId::ShipAddress2,
    FieldId::ShipCity,
    FieldId::ShipState,
    FieldId::ShipZip,
    FieldId::ShipCountry,
    FieldId::ShipMethod,
    FieldId::SubjectSerial,
    FieldId::SubjectPseudonym,
    FieldId::JobTitle,
    FieldId::IncludePseudonym,
    FieldId::IncludeEmail,
    FieldId::IncludeName,
    FieldId::StoreAsDuplicate,
];

/// Everything there is to say about the draft while it is typed.
pub fn check(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let mut checked = judge(draft, ctx);
    let taken = field_rules::reissue(FieldId::Names, draft.facts(ctx)).is_some();
    let dropped = lists::without(&ctx.order_names(), &draft.all_names());
    if taken && !dropped.is_empty() {
        let text = format!(
            "no longer on the certificate: {}; the review says what that may do",
            lists::words(&dropped)
        );
        checked.advice.push(problem(FieldId::Names, &text));
    }
    checked.advice.extend(validity::beyond_offer(draft, ctx));
    checked
}

/// What the rules say.
pub(super) fn judge(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let asked = validity::asked(draft);
    let ask = ask(
        draft,
        asked.clone().ok().flatten(),
        entries::ruled(draft, ctx, FormKind::Reissue),
    );
    let ruling = check_reissue(ctx.order, ctx.product, &ask, ctx.today);
    let csr = field_rules::reissue(FieldId::Csr, draft.facts(ctx));
    let mut checked = checked(&ruling, draft, csr == Some(Need::Required));
    if let Err(error) = asked {
        checked
            .problems
            .push(problem(draft.validity_field(), &error));
    }
    entries::check(draft, ctx, FormKind::Reissue, &mut checked);
    checked
}

/// The request; `None` while something keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Option<Outgoing> {
    if !judge(draft, ctx).allowed() {
        return None;
    }
    let mut body = Body::default();
    body.put_fields(FIELDS, draft, ctx, FormKind::Reissue);
    let beside = draft.is_given(FieldId::StoreAsDuplicate)
        && field_rules::reissue(FieldId::StoreAsDuplicate, draft.facts(ctx)).is_some();
    let order = ctx.order.id;
    let asked = validity::asked(draft).ok().flatten();
    let foreseen = Foreseen {
        asked,
        bounds: rules::reissue::bounds(ctx.order, ctx.today),
        begins: false,
    };
    Some(Outgoing {
        kind: if beside {
            WriteKind::ReissueAsDuplicate
        } else {
            WriteKind::Reissue
        },
        method: Method::Post,
        path: format!("/order/certificate/{order}/reissue"),
        body: body.text(),
        order: Some(order),
        request: None,
        certificate: None,
        expected: expected(draft, ctx, foreseen),
    })
}
