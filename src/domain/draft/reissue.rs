//! A reissue of a TLS order: what may change, and the request (fields: the documentation page *Reissue certificate*).

use super::super::dates;
use super::super::product::Family;
use super::super::rules::reissue::{Ask, Validity, check_reissue};
use super::super::write::{Method, Outgoing, WriteKind};
use super::common::{checked, expected, platform, problem, sent_names};
use super::json::Object;
use super::{Checked, Context, Draft, FieldId, ValidityForm, lists, validity};

/// Everything there is to say about the draft while it is typed.
pub fn check(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let mut checked = judge(draft, ctx);
    let dropped = lists::without(&ctx.order_names(), &draft.all_names());
    if !dropped.is_empty() {
        let text = format!(
            "no longer on the certificate: {}; the review says what that may do",
            lists::words(&dropped)
        );
        checked.advice.push(problem(FieldId::Names, &text));
    }
    checked
}

/// What the rules say.
pub(super) fn judge(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let asked = validity::asked(draft);
    let ask = Ask {
        common_name: &draft.common_name,
        dns_names: &draft.names,
        csr: draft.csr.as_ref(),
        hash: &draft.hash,
        ca_cert_id: (!draft.ica.is_empty()).then_some(draft.ica.as_str()),
        platform: draft.platform,
        validity: asked.clone().ok().flatten(),
        dcv_method: (!draft.dcv_method.is_empty()).then_some(draft.dcv_method.as_str()),
        comments: &draft.comments,
        skip_approval: draft.skip_approval,
        store_as_duplicate: draft.store_as_duplicate,
    };
    let ruling = check_reissue(ctx.order, ctx.product, &ask, ctx.today);
    let field = match draft.validity {
        ValidityForm::Days => FieldId::Days,
        ValidityForm::Until => FieldId::Until,
        ValidityForm::Longest | ValidityForm::Year => FieldId::Validity,
    };
    let mut checked = checked(&ruling, draft, field);
    if let Err(error) = asked {
        checked.problems.push(problem(field, &error));
    }
    checked
}

/// The request; `None` while something keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Option<Outgoing> {
    let csr = draft.csr.as_ref()?;
    if !judge(draft, ctx).allowed() {
        return None;
    }
    let public = ctx.order.product.family() == Family::PublicTls;
    let common_name = lists::sent(&draft.common_name, &ctx.order_names());
    let mut certificate = Object::default();
    certificate.set("csr", csr.one_line_pem());
    certificate.set_text("common_name", &common_name);
    certificate.set_list("dns_names", &sent_names(draft, ctx));
    certificate.set_object("server_platform", platform(draft));
    certificate.set_object("cert_validity", cert_validity(draft, ctx));
    certificate.set_text("signature_hash", &draft.hash);
    certificate.set_text("ca_cert_id", &draft.ica);
    if public {
        certificate.set_text("profile_option", &draft.profile);
    }
    let mut body = Object::default();
    body.set_object("certificate", certificate);
    if public {
        body.set_text("dcv_method", &draft.dcv_method);
    }
    body.set_text("comments", &draft.comments);
    body.set_flag("skip_approval", draft.skip_approval);
    if public {
        body.set_text("certificate_dcv_scope", &draft.dcv_scope);
        body.set_flag("store_reissue_as_duplicate", draft.store_as_duplicate);
    }
    let order = ctx.order.id;
    let asked = validity::asked(draft).ok().flatten();
    let end = asked.map(|asked| validity::last_day(asked, ctx.today));
    Some(Outgoing {
        kind: if public && draft.store_as_duplicate {
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
        expected: Some(expected(draft, end)),
    })
}

/// Only plan orders take it, and of its three forms the later overrides the earlier, so that one alone is sent.
fn cert_validity(draft: &Draft, ctx: &Context<'_>) -> Object {
    let mut object = Object::default();
    match validity::asked(draft) {
        Ok(Some(asked)) if ctx.order.is_plan => match asked {
            Validity::Years(years) => object.set("years", years),
            Validity::Days(days) => object.set("days", days),
            Validity::End(end) => object.set("custom_expiration_date", dates::print_reissue(end)),
        },
        _ => {}
    }
    object
}
