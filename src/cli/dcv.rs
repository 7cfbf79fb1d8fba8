//! `certdeck dcv`: what can be asked about the domain validation of one order's names, judged by the rules of the order's
//! Domains tab, shown, and sent once.

use std::process::ExitCode;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::operate;
use super::send::Standing;
use super::send::changes::Row;
use super::session::Session;
use crate::app::effect::Read;
use crate::app::names::{self, NameRow};
use crate::app::writes::is_found;
use crate::domain::dcv::{DcvMethod, Placement, Proof};
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::{Answers, Operation, methods};
use crate::domain::order::Order;
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
        if let (Operation::CheckNames(Some(name)), id) = (&operation, order.id) {
            let all = of_order(session, id);
            // As the account spells it.
            let found = all.into_iter().find(|row| same(&row.name, name));
            let none = || CliError::Usage(format!("order {id} has no name `{name}`"));
            return Ok(Operation::CheckNames(Some(found.ok_or_else(none)?.name)));
        }
        offered(&operation, order, method)?;
        Ok(operation.clone())
    })
}

fn offered(
    operation: &Operation,
    order: &Order,
    method: Option<&DcvMethod>,
) -> Result<(), CliError> {
    let all = methods(operation, order);
    if method.is_none_or(|method| all.contains(method)) {
        return Ok(());
    }
    let known: Vec<&str> = all.iter().map(DcvMethod::as_str).collect();
    let known = known.join(", ");
    Err(CliError::Usage(format!(
        "the names of order {} cannot be validated this way: use {known}",
        order.id
    )))
}

fn of_order(session: &Session<'_>, order: OrderId) -> Vec<NameRow> {
    let engine = &session.script.engine;
    names::of_order(&engine.account, &engine.writes, order)
}

/// After something was asked of an order's names: what has to stand where for those that are not validated, a line each, and whether a
/// check found all that it was for.
pub(super) fn after(
    session: &mut Session<'_>,
    order: OrderId,
    (kind, op): (WriteKind, &WriteId),
    row: &mut Row,
) {
    if !matches!(
        kind,
        WriteKind::CheckNames | WriteKind::NamesMethod | WriteKind::NamesToken
    ) {
        return;
    }
    // Of an order that cannot be read again this goes by what was known.
    session.read([Read::Order(order)]);
    let engine = &session.script.engine;
    let now = engine.account_now();
    let watch = engine.writes.get(op);
    let only = watch.and_then(|watch| checked_name(&watch.outgoing));
    let value = watch.and_then(|watch| watch.token.as_ref());
    let is_meant = |name: &NameRow| {
        let is_only = only.as_ref().is_none_or(|only| same(only, &name.name));
        is_only && (value.is_none() || name.token.as_ref() == value)
    };
    let is_proved = |name: &NameRow| {
        let checked = name.checked.as_deref().is_some_and(is_found);
        let domain = name.domain.as_ref();
        checked || domain.is_some_and(|domain| matches!(domain.proof(now), Proof::Valid(_)))
    };
    let names = of_order(session, order).into_iter();
    let left: Vec<NameRow> = names
        .filter(|name| is_meant(name) && !is_proved(name))
        .collect();
    let known = engine.account.known.get(&order);
    let info = known.and_then(|data| data.order.value());
    let waits = info.is_some_and(|order| order.status.validates_names());
    if let Standing::Completed(words) = &row.standing
        && kind == WriteKind::CheckNames
        && waits
        && !left.is_empty()
    {
        row.standing = Standing::AwaitsValidation(words.clone());
    }
    let mut lines: Vec<String> = left
        .iter()
        .filter_map(|name| name.place.as_ref().map(Placement::line))
        .collect();
    lines.dedup();
    row.record = (!lines.is_empty()).then(|| lines.join("\n"));
}

/// The one name that a check was for.
fn checked_name(outgoing: &Outgoing) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&outgoing.body).ok()?;
    let name = body.get("dns_names_validations")?.get(0)?;
    name.as_str().map(str::to_owned)
}
