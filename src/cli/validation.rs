//! What has to stand where for the names of an order, and whether what was asked of them found it.

use std::collections::BTreeSet;

use super::send::Standing;
use super::send::changes::Row;
use super::session::Session;
use crate::app::effect::Read;
use crate::app::names::NameRow;
use crate::app::writes::{is_found, lacks_record};
use crate::domain::dcv::{DcvMethod, Placement};
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::write::{WriteId, WriteKind};

/// After something was asked of an order's names: what has to stand where for those that are not validated, and whether a check
/// found all that it was for.
pub(super) fn after(
    session: &mut Session<'_>,
    order: OrderId,
    (kind, op): (WriteKind, &WriteId),
    row: &mut Row,
) {
    let is_check = kind == WriteKind::CheckNames;
    if !is_check && !matches!(kind, WriteKind::NamesMethod | WriteKind::NamesToken) {
        return;
    }
    let words = match &row.standing {
        Standing::Completed(words) => words.clone(),
        Standing::Ended(failure) if is_check && lacks_record(failure) => failure.to_string(),
        _ => return,
    };
    let names = validated(session, order);
    // Of an order that cannot be read again this goes by what was known.
    session.read([Read::Order(order), Read::Domains(order, names)]);
    let names = validated(session, order);
    let engine = &session.script.engine;
    let now = engine.account_now();
    let watch = engine.writes.get(op);
    let only = watch.and_then(|watch| watch.outgoing.checked_name());
    let is_meant = |row: &NameRow| match &only {
        Some(only) => same(only, &row.name),
        None => names.iter().any(|name| same(name, &row.name)),
    };
    let is_proved = |row: &NameRow| {
        let checked = row.checked.as_deref().is_some_and(is_found);
        let domain = row.domain.as_ref();
        checked || domain.is_some_and(|domain| domain.is_proved(now))
    };
    let value = watch.and_then(|watch| watch.token.clone());
    let rows = engine.names_of(order).into_iter();
    let left: Vec<NameRow> = rows
        .filter(|row| is_meant(row) && !is_proved(row))
        .collect();
    // Without a value, what stands there is another's, or of another method.
    row.record = value.and_then(|value| lines_of(&left, &value));
    let Some(data) = engine.account.known.get(&order) else {
        return;
    };
    let info = data.order.value();
    let waits = info.is_some_and(|order| order.status.validates_names());
    let is_told = !data.checked.is_empty();
    if is_check && waits && (!left.is_empty() || !is_told) {
        let method = info.and_then(|order| order.dcv_method.as_deref());
        let method = method.map(DcvMethod::parse);
        row.standing = Standing::AwaitsValidation(with_advice(words, order, method.as_ref()));
    }
}

/// Words of an order whose names are not validated, and what helps where they are validated so.
pub(super) fn with_advice(words: String, order: OrderId, method: Option<&DcvMethod>) -> String {
    match method {
        Some(DcvMethod::Email) => words,
        _ => format!("{words}; `certdeck dcv random-value {order}` prints what has to stand where"),
    }
}

/// The names of an order that are validated while it is pending.
fn validated(session: &Session<'_>, order: OrderId) -> Vec<String> {
    let known = session.script.engine.account.known.get(&order);
    let info = known.and_then(|data| Some((data.order.value()?, data.certificates())));
    info.map_or_else(Vec::new, |(order, certificates)| {
        order.validated_names(certificates)
    })
}

/// Where a random value has to stand for names, a line each; `None` where that is not known.
fn lines_of(rows: &[NameRow], value: &str) -> Option<String> {
    let of_value = rows
        .iter()
        .filter(|row| row.token.as_deref() == Some(value));
    let places = of_value.filter_map(|row| row.place.as_ref());
    let lines: BTreeSet<String> = places.map(Placement::line).collect();
    (!lines.is_empty()).then(|| Vec::from_iter(lines).join("\n"))
}

/// The same, or the value alone.
pub(super) fn records(rows: &[NameRow], value: &str) -> String {
    lines_of(rows, value).unwrap_or_else(|| format!("the random value is {value}"))
}
