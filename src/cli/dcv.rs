//! `certdeck dcv`: what can be asked about the domain validation of one order's names, judged by the rules of the order's
//! Domains tab, shown, and sent once.

use std::collections::BTreeSet;
use std::process::ExitCode;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::operate;
use super::send::Standing;
use super::send::changes::Row;
use super::session::Session;
use crate::app::account::OrderData;
use crate::app::effect::Read;
use crate::app::names::NameRow;
use crate::app::writes::is_found;
use crate::domain::dcv::{DcvMethod, Placement, Proof};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::{Answers, Operation, methods, why_not};
use crate::domain::write::{Outgoing, WriteId, WriteKind};

/// Does what `certdeck dcv` says.
pub(super) fn run(context: &Context, command: &args::Dcv) -> Result<ExitCode, CliError> {
    let (one, operation, method) = match command {
        args::Dcv::Check(check) => (&check.one, Operation::CheckNames(check.name.clone()), None),
        args::Dcv::Method(change) => (&change.one, Operation::NamesMethod, Some(&change.method)),
        args::Dcv::RandomValue(one) => (one, Operation::NamesToken, None),
        args::Dcv::Emails(one) => (one, Operation::NamesEmails, None),
    };
    let answers = Answers {
        method: method.cloned(),
        ..Answers::default()
    };
    let how = (&one.show, one.consent, None);
    operate::on_order(context, how, one.order, &answers, |session, order| {
        let id = order.id;
        let known = session.script.engine.account.known.get(&id);
        let certificates = known.map_or(&[][..], OrderData::certificates);
        if let Operation::CheckNames(Some(name)) = &operation
            && order.product.family().is_tls()
        {
            let all = order.validated_names(certificates);
            // As the account spells it.
            let found = all.into_iter().find(|one| same(one, name));
            let none = || CliError::Usage(format!("order {id} has no name `{name}` to validate"));
            return Ok(Operation::CheckNames(Some(found.ok_or_else(none)?)));
        }
        // What cannot be asked at all says so first.
        if why_not(&operation, order, certificates).is_none() {
            offered(&methods(&operation, order, certificates), id, method)?;
        }
        Ok(operation.clone())
    })
}

fn offered(all: &[DcvMethod], order: OrderId, method: Option<&DcvMethod>) -> Result<(), CliError> {
    if method.is_none_or(|method| all.contains(method)) {
        return Ok(());
    }
    let known: Vec<&str> = all.iter().map(DcvMethod::as_str).collect();
    let known = match known.as_slice() {
        [] => "no method proves all of them".to_owned(),
        known => format!("use {}", known.join(", ")),
    };
    Err(CliError::Usage(format!(
        "the names of order {order} cannot be validated this way: {known}"
    )))
}

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
    let only = watch.and_then(|watch| checked_name(&watch.outgoing));
    let is_meant = |row: &NameRow| match &only {
        Some(only) => same(only, &row.name),
        None => names.iter().any(|name| same(name, &row.name)),
    };
    let is_proved = |row: &NameRow| {
        let checked = row.checked.as_deref().is_some_and(is_found);
        let domain = row.domain.as_ref();
        checked || domain.is_some_and(|domain| matches!(domain.proof(now), Proof::Valid(_)))
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

/// Whether a check ended because the random value was not found (documentation of *check DCV*, and of *check domain DCV*).
pub(super) fn lacks_record(failure: &Failure) -> bool {
    let is_it = |code: &String| {
        code.contains("file_random_value_not_found") || code.contains("invalid_dns")
    };
    failure.codes.iter().any(is_it)
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

/// The one name that a check was for.
fn checked_name(outgoing: &Outgoing) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&outgoing.body).ok()?;
    let name = body.get("dns_names_validations")?.get(0)?;
    name.as_str().map(str::to_owned)
}
