//! A duplicate: the draft against the rules, and the request (fields: the documentation page *Duplicate certificate*).

use super::super::dates;
use super::super::rules::duplicate::{Ask, check_duplicate};
use super::super::rules::{self, reissue::Validity};
use super::super::validity::Foreseen;
use super::super::write::{Method, Outgoing, WriteKind};
use super::common::{checked, expected, platform, problem, sent_names};
use super::field_rules::has_names;
use super::json::Object;
use super::{Checked, Context, Draft, FieldId, lists};

/// Everything there is to say about the draft.
pub fn check(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let typed = draft.end_date.trim();
    let end = (!typed.is_empty()).then(|| dates::parse(typed));
    let ask = Ask {
        common_name: &draft.common_name,
        dns_names: &draft.names,
        csr: draft.csr.as_ref(),
        hash: &draft.hash,
        ca_cert_id: (!draft.ica.is_empty()).then_some(draft.ica.as_str()),
        platform: draft.platform,
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
    let csr = draft.csr.as_ref()?;
    if !check(draft, ctx).allowed() {
        return None;
    }
    let asked = dates::parse(&draft.end_date).ok();
    let mut certificate = Object::default();
    if has_names(ctx.order.product.family()) {
        let common_name = lists::sent(&draft.common_name, &ctx.order_names());
        certificate.set_text("common_name", &common_name);
        certificate.set_list("dns_names", &sent_names(draft, ctx));
    } else {
        // Not the name of a host: sent as the order has it.
        certificate.set_text("common_name", &draft.common_name);
    }
    certificate.set("csr", csr.one_line_pem());
    certificate.set_object("server_platform", platform(draft));
    certificate.set_text("signature_hash", &draft.hash);
    certificate.set_text("ca_cert_id", &draft.ica);
    let mut body = Object::default();
    body.set_object("certificate", certificate);
    if let Some(end) = asked {
        body.set("custom_expiration_date", dates::print_iso(end));
    }
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
