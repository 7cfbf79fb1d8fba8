//! What duplicates and reissues of TLS orders have in common: fields, checks, and what is expected to come.

use jiff::civil::Date;

use super::super::csr::CsrError;
use super::super::names;
use super::super::product::Family;
use super::super::write::Expected;
use super::json::Object;
use super::{Context, Draft, FieldId, Problem, lists};

/// Why there is no CSR that will do.
pub(super) fn csr_problem(draft: &Draft) -> Option<Problem> {
    if draft.csr.is_some() {
        return None;
    }
    let text = draft
        .csr_problem
        .clone()
        .unwrap_or_else(|| CsrError::Empty.to_string());
    Some(Problem::new(FieldId::Csr, text))
}

pub(super) fn hash_problem(draft: &Draft) -> Option<Problem> {
    draft
        .hash
        .is_empty()
        .then(|| Problem::new(FieldId::Hash, "Choose a signature hash."))
}

/// What is wrong with a name; the names that are on the order already are as they are.
pub(super) fn spelling(name: &str, ctx: &Context<'_>) -> Option<String> {
    if lists::has(&ctx.order_names(), name) {
        return None;
    }
    let checked = if ctx.order.product.family() == Family::PublicTls {
        names::check_public(name)
    } else {
        names::check(name)
    };
    checked.err().map(|error| error.to_string())
}

pub(super) fn spelling_problems(draft: &Draft, ctx: &Context<'_>) -> Vec<Problem> {
    draft
        .names
        .iter()
        .filter_map(|name| spelling(name, ctx))
        .map(|text| Problem::new(FieldId::Names, text))
        .collect()
}

/// The names that go into `dns_names`: without the common name, and for `ssl_ev_plus` without the bare domain, which
/// clients found refused there.
pub(super) fn sent_names(draft: &Draft, ctx: &Context<'_>) -> Vec<String> {
    let bare = draft
        .common_name
        .strip_prefix("www.")
        .filter(|_| ctx.order.product.name_id == "ssl_ev_plus");
    let own = ctx.order_names();
    names::without_common_name(&draft.common_name, &draft.names)
        .into_iter()
        .filter(|name| bare.is_none_or(|bare| !lists::same(name, bare)))
        .map(|name| lists::sent(&name, &own))
        .collect()
}

pub(super) fn platform(draft: &Draft) -> Object {
    let mut platform = Object::default();
    if let Some(id) = draft.platform {
        platform.set("id", id);
    }
    platform
}

/// What the new certificate must be like.
pub(super) fn expected(draft: &Draft, end: Option<Date>) -> Expected {
    let csr = draft.csr.as_ref();
    Expected {
        csr_der: csr.map(|csr| csr.der.clone()).unwrap_or_default(),
        spki_der: csr.map(|csr| csr.spki_der.clone()).unwrap_or_default(),
        common_name: Some(draft.common_name.trim().to_string()),
        dns_names: draft.all_names(),
        valid_till: end,
    }
}
