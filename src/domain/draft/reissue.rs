//! A reissue of a TLS order: what may change, and the request (fields: the documentation page *Reissue certificate*).

use super::super::dates;
use super::super::names;
use super::super::product::Family;
use super::super::write::{Method, Outgoing, WriteKind};
use super::common::{expected, platform, sent_names};
use super::json::Object;
use super::{Context, Draft, FieldId, Problem, ValidityForm, common, lists, validity};

/// Everything that keeps the draft from being sent, in the order of the form.
pub fn problems(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(common::csr_problem(draft));
    problems.extend(common_name(draft, ctx));
    problems.extend(common::spelling_problems(draft, ctx));
    problems.extend(common::hash_problem(draft));
    problems.extend(end(draft, ctx));
    let wildcards = draft
        .all_names()
        .iter()
        .any(|name| names::is_wildcard(name));
    if draft.dcv_method == "http-token" && wildcards {
        problems.push(Problem::new(
            FieldId::Dcv,
            "A file on the web site cannot validate a wildcard; choose DNS or e-mail.",
        ));
    }
    problems
}

fn common_name(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let text = if draft.common_name.is_empty() {
        Some("Give the common name.".to_string())
    } else {
        common::spelling(&draft.common_name, ctx)
    };
    text.map(|text| Problem::new(FieldId::CommonName, text))
}

fn end(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let why = validity::reissue(draft, ctx).err()?;
    let field = match draft.validity {
        ValidityForm::Days => FieldId::Days,
        ValidityForm::Until => FieldId::Until,
        // Without a field for it the trouble is the order's, told where the form begins.
        ValidityForm::Longest | ValidityForm::Year if ctx.order.is_plan => FieldId::Validity,
        ValidityForm::Longest | ValidityForm::Year => FieldId::Csr,
    };
    Some(Problem::new(field, why))
}

/// Names of the order that the new certificate will not have.
pub fn dropped(draft: &Draft, ctx: &Context<'_>) -> Vec<String> {
    lists::without(&ctx.order_names(), &draft.all_names())
}

/// The request, or what keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Result<Outgoing, Vec<Problem>> {
    let problems = problems(draft, ctx);
    let csr = match &draft.csr {
        Some(csr) if problems.is_empty() => csr,
        _ => return Err(problems),
    };
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
    let asked = validity::asked_of_reissue(draft, ctx).ok().flatten();
    Ok(Outgoing {
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
        expected: Some(expected(draft, asked)),
    })
}

/// Only plan orders take it, and of its three forms the later overrides the earlier, so that one alone is sent.
fn cert_validity(draft: &Draft, ctx: &Context<'_>) -> Object {
    let mut validity = Object::default();
    if !ctx.order.is_plan {
        return validity;
    }
    match draft.validity {
        ValidityForm::Longest => {}
        ValidityForm::Year => validity.set("years", 1),
        ValidityForm::Days => {
            if let Ok(days) = validity::days(draft) {
                validity.set("days", days);
            }
        }
        ValidityForm::Until => {
            if let Ok(end) = dates::parse(&draft.until) {
                validity.set("custom_expiration_date", dates::print_reissue(end));
            }
        }
    }
    validity
}
