//! `certdeck dcv`: what can be asked about the domain validation of one order's names, judged by the rules of the order's
//! Domains tab, shown, and sent once.

use std::process::ExitCode;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::operate;
use crate::app::account::OrderData;
use crate::domain::dcv::DcvMethod;
use crate::domain::ids::OrderId;
use crate::domain::names::same;
use crate::domain::operation::{Answers, Operation, methods, why_not};

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
