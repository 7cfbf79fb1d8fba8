//! A duplicate: everything equals the order except CSR, validity, platform and hash (rules and fields: the
//! documentation page *Duplicate certificate*).

use super::super::names;
use super::super::order::Order;
use super::super::write::{Method, Outgoing, WriteKind};
use super::common::{expected, platform, sent_names};
use super::json::Object;
use super::{Context, Draft, FieldId, Problem, common, lists, validity};
use crate::domain::dates;

/// Everything that keeps the draft from being sent, in the order of the form.
pub fn problems(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(common::csr_problem(draft));
    problems.extend(common_name(draft, ctx));
    problems.extend(name_list(draft, ctx));
    problems.extend(common::hash_problem(draft));
    if let Err(why) = validity::duplicate(draft, ctx) {
        problems.push(Problem::new(FieldId::EndDate, why));
    }
    problems
}

fn common_name(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let order = ctx.order;
    let own = &order.certificate.common_name;
    if lists::same(&draft.common_name, own) {
        return None;
    }
    let promotes = order.product.is_multi_domain();
    if promotes && lists::has(&ctx.order_names(), &draft.common_name) {
        return None;
    }
    let text = if promotes {
        "The common name of a duplicate is one of the order's names; choose one, or reissue.".into()
    } else {
        format!("The common name of this duplicate is the order's: {own}. A reissue can change it.")
    };
    Some(Problem::new(FieldId::CommonName, text))
}

/// The wildcard below which names may be added, if the order is for one.
fn wildcard(order: &Order) -> Option<&str> {
    let common = order.certificate.common_name.as_str();
    names::is_wildcard(common).then_some(common)
}

fn name_list(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    let problem = |text: String| Problem::new(FieldId::Names, text);
    let asked = draft.all_names();
    let own = ctx.order_names();
    let mut problems = common::spelling_problems(draft, ctx);
    let dropped = lists::without(&own, &asked);
    if !dropped.is_empty() {
        let it = lists::it(&dropped);
        problems.push(problem(format!(
            "A duplicate has every name of the order; missing: {}. Put {it} back, or reissue to drop {it}.",
            lists::words(&dropped),
        )));
    }
    let added = lists::without(&asked, &own);
    match wildcard(ctx.order) {
        _ if added.is_empty() => {}
        None => problems.push(problem(format!(
            "Not on the order: {}. Only duplicates of wildcard orders may add names; a reissue can.",
            lists::words(&added)
        ))),
        Some(star) => {
            let outside: Vec<String> = added
                .into_iter()
                .filter(|name| !names::is_subdomain_of_wildcard(star, name))
                .collect();
            if !outside.is_empty() {
                problems.push(problem(format!(
                    "Not below {star}: {}. A duplicate may only add subdomains of its wildcard.",
                    lists::words(&outside)
                )));
            }
        }
    }
    problems
}

/// The request, or what keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Result<Outgoing, Vec<Problem>> {
    let problems = problems(draft, ctx);
    let csr = match &draft.csr {
        Some(csr) if problems.is_empty() => csr,
        _ => return Err(problems),
    };
    let asked = dates::parse(&draft.end_date).ok();
    let mut certificate = Object::default();
    certificate.set_text("common_name", &draft.common_name);
    certificate.set_list("dns_names", &sent_names(draft, ctx));
    certificate.set("csr", csr.one_line_pem());
    certificate.set_object("server_platform", platform(draft));
    certificate.set_text("signature_hash", &draft.hash);
    certificate.set_text("ca_cert_id", &draft.ica);
    let mut body = Object::default();
    body.set_object("certificate", certificate);
    if let Some(end) = asked {
        body.set("custom_expiration_date", dates::print_iso(end));
    }
    let order = ctx.order.id;
    Ok(Outgoing {
        kind: WriteKind::Duplicate,
        method: Method::Post,
        path: format!("/order/certificate/{order}/duplicate"),
        body: body.text(),
        order: Some(order),
        request: None,
        certificate: None,
        expected: Some(expected(draft, asked)),
    })
}
