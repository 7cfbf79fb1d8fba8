//! What duplicates and reissues have in common: from a ruling to problems at fields, and parts of the request.

use super::super::csr::{Csr, CsrError, PublicKey};
use super::super::names;
use super::super::rules::reissue::{Ask, Taken, Validity};
use super::super::rules::{Finding, Reason, Ruling, Weight};
use super::super::validity::Foreseen;
use super::super::write::Expected;
use super::{Checked, Context, Draft, FieldId, Note, Problem, Tone, field_rules, lists};

/// Sorts what the rules found to the form's fields. Without a CSR nothing can be sent where `csr_required`.
pub(super) fn checked(ruling: &Ruling, draft: &Draft, csr_required: bool) -> Checked {
    let mut checked = Checked::default();
    if draft.key().is_none() && (csr_required || draft.csr_problem.is_some()) {
        let text = draft
            .csr_problem
            .clone()
            .unwrap_or_else(|| CsrError::Empty.to_string());
        checked.problems.push(problem(FieldId::Csr, &text));
    }
    for finding in &ruling.findings {
        sort(finding, draft, &mut checked);
    }
    checked
}

fn sort(finding: &Finding, draft: &Draft, checked: &mut Checked) {
    let text = finding.reason.to_string();
    let blocks = finding.weight == Weight::Blocks;
    let field = match finding.field {
        None => {
            let tone = if blocks { Tone::Bad } else { Tone::Warn };
            checked.order.push(Note::new(tone, sentence(&text)));
            return;
        }
        // Without a CSR that will do, why it will not was said already; advice is said beside it in more detail.
        Some(FieldId::Csr) if draft.csr.is_none() || !blocks => return,
        // The end that will come of it is always told at the field; that it comes soon is not.
        Some(FieldId::Validity | FieldId::EndDate)
            if !blocks && !matches!(finding.reason, Reason::EndsSoon { .. }) =>
        {
            return;
        }
        Some(FieldId::Validity) => draft.validity_field(),
        Some(field) => field,
    };
    let list = if blocks {
        &mut checked.problems
    } else {
        &mut checked.advice
    };
    list.push(problem(field, &text));
}

pub(super) fn problem(field: FieldId, text: &str) -> Problem {
    Problem {
        field,
        text: sentence(text),
    }
}

/// A sentence that stands alone. A name at its beginning is not a word and stays as it is.
pub(super) fn sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars();
    if let Some(c) = chars.next() {
        if first.contains(['.', '"', '@']) {
            out.push(c);
        } else {
            out.extend(c.to_uppercase());
        }
    }
    out.push_str(chars.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

/// What a reissue or an order asks of the rules.
pub(super) fn ask(draft: &Draft, validity: Option<Validity>, taken: Taken) -> Ask<'_> {
    Ask {
        common_name: draft.text(FieldId::CommonName),
        dns_names: &draft.names,
        csr: draft.csr.as_ref(),
        hash: draft.text(FieldId::Hash),
        ca_cert_id: draft.given(FieldId::Ica),
        platform: draft.number(FieldId::Platform),
        validity,
        dcv_method: draft.given(FieldId::Dcv),
        comments: draft.text(FieldId::Comments),
        skip_approval: draft.is_given(FieldId::SkipApproval),
        store_as_duplicate: draft.is_given(FieldId::StoreAsDuplicate),
        taken,
    }
}

/// The names that go into `dns_names`: without the common name, and for `ssl_ev_plus` without the bare domain, which
/// clients found refused there.
pub(super) fn sent_names(draft: &Draft, ctx: &Context<'_>) -> Vec<String> {
    let common_name = draft.text(FieldId::CommonName);
    let bare = common_name
        .strip_prefix("www.")
        .filter(|_| ctx.order.product.name_id == "ssl_ev_plus");
    let own = ctx.order_names();
    names::without_common_name(common_name, &draft.names)
        .into_iter()
        .filter(|name| bare.is_none_or(|bare| !lists::same(name, bare)))
        .map(|name| lists::sent(&name, &own))
        .collect()
}

/// The CSR, or the public key in its place, as it is sent; empty when there is neither.
pub(super) fn key_material(draft: &Draft) -> String {
    let bare = || {
        let key = draft.public_key.as_ref();
        key.map_or_else(String::new, PublicKey::one_line_pem)
    };
    draft.csr.as_ref().map_or_else(bare, Csr::one_line_pem)
}

/// What the new certificate must be like; `None` when it is to have a key that is made elsewhere.
pub(super) fn expected(draft: &Draft, ctx: &Context<'_>, foreseen: Foreseen) -> Option<Expected> {
    let family = ctx.order.product.family();
    let bare = draft.public_key.as_ref().map(|key| &key.spki_der);
    let spki = draft.csr.as_ref().map(|csr| &csr.spki_der).or(bare)?;
    let common_name = draft.text(FieldId::CommonName);
    Some(Expected {
        csr_der: draft
            .csr
            .as_ref()
            .map_or_else(Vec::new, |csr| csr.der.clone()),
        spki_der: spki.clone(),
        common_name: (family.is_tls() && !common_name.is_empty()).then(|| common_name.to_owned()),
        dns_names: if field_rules::has_names(family) {
            draft.all_names()
        } else {
            Vec::new()
        },
        valid_till: foreseen.asked_on(ctx.today),
        foreseen: Some(foreseen),
    })
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_reason_becomes_a_sentence_and_a_name_stays_a_name() {
        assert_eq!(sentence("a CSR is required"), "A CSR is required.");
        assert_eq!(
            sentence("shop.example.net is not below *.example.org."),
            "shop.example.net is not below *.example.org."
        );
        assert_eq!(sentence(""), "");
    }
}
