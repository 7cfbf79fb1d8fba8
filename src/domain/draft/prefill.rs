//! What a reissue or a duplicate asks for before anybody typed anything: the order as it is now. What was typed in its form,
//! and kept, stands in place of that.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::csr_notes::{self, KnownCsrs, Reading};
use super::field_rules::{self, Facts};
use super::options::options;
use super::{Context, Draft, FieldId, FormKind, duplicate, lists, reissue};

/// What a field that is typed begins with: as it is on the order; `None` where the order does not tell.
pub fn text(field: FieldId, ctx: &Context<'_>) -> Option<String> {
    let certificate = &ctx.order.certificate;
    Some(match field {
        FieldId::CommonName => certificate.common_name.clone(),
        FieldId::Emails => certificate.emails.join("\n"),
        FieldId::Names => {
            let is_tls = ctx.order.product.family().is_tls();
            let common = if is_tls { &certificate.common_name } else { "" };
            lists::without(&ctx.order_names(), &[common.to_owned()]).join("\n")
        }
        _ => return None,
    })
}

/// What a field begins with.
fn first(field: FieldId, kind: FormKind, ctx: &Context<'_>) -> String {
    text(field, ctx).unwrap_or_else(|| {
        let (offered, chosen) = options(field, kind, ctx);
        let is_offered = offered.iter().any(|option| option.id == chosen);
        let instead = offered.first().filter(|_| !is_offered);
        instead.map_or(chosen, |option| option.id.clone())
    })
}

/// The fields of a kept draft.
fn fields(kept: &str) -> Map<String, Value> {
    let kept = serde_json::from_str::<Value>(kept).unwrap_or_default();
    kept["fields"].as_object().cloned().unwrap_or_default()
}

/// The text of the CSR in a kept draft, if there is one.
pub fn csr(kept: &str) -> Option<String> {
    let fields = fields(kept);
    let text = fields.get(&*FieldId::Csr.key())?.as_str()?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// A draft with another CSR, all else as it was kept.
pub fn with_csr(kept: Option<&str>, csr: &str) -> String {
    let kept = kept.map(serde_json::from_str::<Value>);
    let mut draft = match kept {
        Some(Ok(draft @ Value::Object(_))) => draft,
        _ => Value::Object(Map::new()),
    };
    if !draft["fields"].is_object() {
        draft["fields"] = Value::Object(Map::new());
    }
    draft["fields"][&*FieldId::Csr.key()] = csr.into();
    draft.to_string()
}

/// What a reissue of an order, or a duplicate, asks for: what was kept of its form, and the order as it is for the rest. Without
/// a CSR in what was kept, `csr` is taken. What that CSR is comes along.
pub fn draft(
    kind: FormKind,
    ctx: &Context<'_>,
    kept: Option<&str>,
    csr: Option<&str>,
    known: &KnownCsrs,
) -> (Draft, Reading) {
    let typed = kept.map(fields).unwrap_or_default();
    // Where a token is shipped decides what is asked for, and is not sent itself.
    let fields = match kind {
        FormKind::Duplicate => duplicate::FIELDS,
        _ => reissue::FIELDS,
    };
    let fields = fields.iter().chain(&[FieldId::ShipTo]);
    let mut values: BTreeMap<FieldId, String> = fields
        .map(|field| {
            let typed = typed.get(&*field.key()).and_then(Value::as_str);
            let value = typed.map_or_else(|| first(*field, kind, ctx), str::to_owned);
            (*field, value.trim().to_owned())
        })
        .collect();
    let own = values.remove(&FieldId::Csr).unwrap_or_default();
    let text = if own.is_empty() {
        csr.unwrap_or_default()
    } else {
        &own
    };
    let value = |field: FieldId| values.get(&field).map_or("", String::as_str);
    let taken = |field: FieldId| {
        // No key decides which names are asked for.
        let facts = Facts::new(ctx.order, ctx.product, None, value);
        let is_there = field_rules::need(field, kind, facts).is_some();
        if is_there { value(field) } else { "" }
    };
    let names = lists::parse(taken(FieldId::Names));
    let asked = lists::with_common(taken(FieldId::CommonName), &names);
    let is_duplicate = kind == FormKind::Duplicate;
    let reading = csr_notes::reading(text, ctx.order, &asked, known, is_duplicate);
    let bare = reading.key.as_ref().map(|key| &key.key);
    let key = reading.csr.as_ref().map(|csr| &csr.key).or(bare);
    let facts = Facts::new(ctx.order, ctx.product, key, value);
    let is_there = |field: &FieldId| field_rules::need(*field, kind, facts).is_some();
    let has_csr = is_there(&FieldId::Csr);
    let texts = values
        .iter()
        .filter(|(field, text)| **field != FieldId::Names && !text.is_empty() && is_there(field));
    let draft = Draft {
        csr: reading.csr.clone().filter(|_| has_csr),
        public_key: reading.key.clone().filter(|_| has_csr),
        csr_problem: reading.problem.clone().filter(|_| has_csr),
        csr_warnings: reading.warnings().cloned().collect(),
        names,
        texts: texts.map(|(field, text)| (*field, text.clone())).collect(),
    };
    (draft, reading)
}
