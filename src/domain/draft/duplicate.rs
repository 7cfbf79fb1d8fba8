//! A duplicate: everything equals the order except CSR, validity, platform and hash (rules and fields: the
//! documentation page *Duplicate certificate*).

use super::super::order::Order;
use super::super::write::{Expected, Method, Outgoing, WriteKind};
use super::json::Object;
use super::{Context, Draft, FieldId, Problem, csr_problem, date, names};

/// Everything that keeps the draft from being sent, in the order of the form.
pub fn problems(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(csr_problem(draft));
    problems.extend(common_name(draft, ctx));
    problems.extend(name_list(draft, ctx));
    if draft.hash.is_empty() {
        problems.push(Problem::new(FieldId::Hash, "Choose a signature hash."));
    }
    problems.extend(end_date(draft, ctx));
    problems
}

fn common_name(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let order = ctx.order;
    let own = &order.certificate.common_name;
    if names::same(&draft.common_name, own) {
        return None;
    }
    let promotes = order.product.is_multi_domain();
    if promotes && names::has(&ctx.order_names(), &draft.common_name) {
        return None;
    }
    let text = if promotes {
        "The common name of a duplicate is one of the order's names; choose one, or reissue.".into()
    } else {
        format!("The common name of this duplicate is the order's: {own}. A reissue can change it.")
    };
    Some(Problem::new(FieldId::CommonName, text))
}

/// Whether names may be added, and below which wildcard.
pub fn wildcard(order: &Order) -> Option<&str> {
    let common = order.certificate.common_name.as_str();
    common.starts_with("*.").then_some(common)
}

fn name_list(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    let problem = |text: String| Problem::new(FieldId::Names, text);
    let asked = draft.all_names();
    let own = ctx.order_names();
    let mut problems: Vec<Problem> = draft
        .names
        .iter()
        .filter(|name| !names::has(&own, name))
        .filter_map(|name| names::problem(name, false))
        .map(problem)
        .collect();
    let dropped = names::without(&own, &asked);
    if !dropped.is_empty() {
        problems.push(problem(format!(
            "A duplicate has every name of the order; missing: {}. Put {} back, or reissue to drop {}.",
            names::words(&dropped),
            it(&dropped),
            it(&dropped)
        )));
    }
    let added = names::without(&asked, &own);
    match wildcard(ctx.order) {
        _ if added.is_empty() => {}
        None => problems.push(problem(format!(
            "Not on the order: {}. Only duplicates of wildcard orders may add names; a reissue can.",
            names::words(&added)
        ))),
        Some(star) => {
            let outside: Vec<String> = added
                .into_iter()
                .filter(|name| !names::below_wildcard(name, star))
                .collect();
            if !outside.is_empty() {
                problems.push(problem(format!(
                    "Not below {star}: {}. A duplicate may only add subdomains of its wildcard.",
                    names::words(&outside)
                )));
            }
        }
    }
    problems
}

fn it(list: &[String]) -> &'static str {
    if list.len() == 1 { "it" } else { "them" }
}

fn end_date(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let text = draft.end_date.trim();
    if text.is_empty() {
        return None;
    }
    let problem = |text: String| Some(Problem::new(FieldId::EndDate, text));
    match date::parse(text) {
        Err(why) => problem(format!("{why}.")),
        Ok(end) if end <= ctx.today => problem(format!(
            "{} is not in the future; leave it empty for the longest that is possible.",
            date::iso(end)
        )),
        Ok(_) => None,
    }
}

/// The request, or what keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Result<Outgoing, Vec<Problem>> {
    let problems = problems(draft, ctx);
    let csr = match &draft.csr {
        Some(csr) if problems.is_empty() => csr,
        _ => return Err(problems),
    };
    let end = date::parse(&draft.end_date).ok();
    let mut certificate = Object::default();
    certificate.set_text("common_name", &draft.common_name);
    certificate.set_list("dns_names", &sent_names(draft, ctx.order));
    certificate.set("csr", csr.one_line_pem());
    certificate.set_object("server_platform", platform(draft));
    certificate.set_text("signature_hash", &draft.hash);
    certificate.set_text("ca_cert_id", &draft.ica);
    let mut body = Object::default();
    body.set_object("certificate", certificate);
    if let Some(end) = end {
        body.set("custom_expiration_date", date::iso(end));
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
        expected: Some(expected(draft, end)),
    })
}

/// The names that go into `dns_names`: without the common name, and for `ssl_ev_plus` without the bare domain, which
/// clients found refused there.
pub(super) fn sent_names(draft: &Draft, order: &Order) -> Vec<String> {
    let bare = draft
        .common_name
        .strip_prefix("www.")
        .filter(|_| order.product.name_id == "ssl_ev_plus");
    names::parse_list(&draft.names.join("\n"))
        .into_iter()
        .filter(|name| !names::same(name, &draft.common_name))
        .filter(|name| bare.is_none_or(|bare| !names::same(name, bare)))
        .collect()
}

pub(super) fn platform(draft: &Draft) -> Object {
    let mut platform = Object::default();
    if let Some(id) = draft.platform {
        platform.set("id", id);
    }
    platform
}

pub(super) fn expected(draft: &Draft, end: Option<jiff::civil::Date>) -> Expected {
    let csr = draft.csr.as_ref();
    Expected {
        csr_der: csr.map(|csr| csr.der.clone()).unwrap_or_default(),
        spki_der: csr.map(|csr| csr.spki_der.clone()).unwrap_or_default(),
        common_name: Some(draft.common_name.trim().to_string()),
        dns_names: draft.all_names(),
        valid_till: end,
    }
}
