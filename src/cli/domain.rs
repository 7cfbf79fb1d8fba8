//! `certdeck domain`: what can be asked of the account's domains, judged by the rules of the Domains screen, shown, and sent once.

use std::process::ExitCode;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::operate::{self, Step, sent_before};
use super::send::Standing;
use super::send::changes::Row;
use super::session::{Session, came};
use crate::app::effect::Read;
use crate::app::popups::operations::domains::why_not;
use crate::domain::dcv::{DcvMethod, Domain};
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::DomainId;
use crate::domain::names;

/// Does what `certdeck domain` says.
pub(super) fn run(context: &Context, command: &args::Domain) -> Result<ExitCode, CliError> {
    match command {
        args::Domain::Check(all) => many(context, DomainOperation::Check, all),
        args::Domain::Token(all) => many(context, DomainOperation::Token, all),
        args::Domain::Emails(all) => many(context, DomainOperation::Emails, all),
        args::Domain::Method(one) => {
            let way = Some(&one.method);
            operate::run(context, (&one.show, one.consent, None), |session| {
                let domain = std::slice::from_ref(&one.domain);
                steps(session, DomainOperation::Method, way, domain)
            })
        }
    }
}

fn many(
    context: &Context,
    operation: DomainOperation,
    all: &args::Domains,
) -> Result<ExitCode, CliError> {
    operate::run(context, (&all.show, all.consent, None), |session| {
        steps(session, operation, None, &all.domains)
    })
}

/// The domain that is meant by its number, or by a name that no other has.
fn domain<'s>(session: &'s Session<'_>, word: &str) -> Result<&'s Domain, CliError> {
    let all = came(&session.script.engine.account.domains.list)?;
    let number = word.trim_start_matches('#').parse().ok().map(DomainId);
    let is = |one: &&Domain| number == Some(one.id) || names::same(&one.name, word);
    let found: Vec<&Domain> = all.iter().filter(is).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(CliError::Usage(format!(
            "the account has no domain `{word}`; `certdeck domains` lists them"
        ))),
        several => {
            let numbers: Vec<String> = several.iter().map(|one| one.id.to_string()).collect();
            let numbers = numbers.join(", ");
            Err(CliError::Usage(format!(
                "several domains are called {word}; name one by its number: {numbers}"
            )))
        }
    }
}

fn steps(
    session: &mut Session<'_>,
    operation: DomainOperation,
    way: Option<&DcvMethod>,
    words: &[String],
) -> Result<Vec<Step>, CliError> {
    session.read([Read::AccountDomains]);
    let mut all: Vec<DomainId> = Vec::new();
    for word in words {
        let id = domain(session, word)?.id;
        if !all.contains(&id) {
            all.push(id);
        }
    }
    // In full: the list does not say how each is validated now.
    session.read(all.iter().map(|id| Read::Domain(*id)));
    let steps = all.into_iter().map(|id| {
        let details = &session.script.engine.account.domains.details;
        let domain = came(details.get(&id).ok_or(CliError::NoAnswer)?)?;
        let mut row = Row::new(None, domain.name.clone());
        let now = domain.method.as_ref().map(DcvMethod::label);
        let now = now.map_or_else(String::new, |method| format!(", now by {method}"));
        let mut told = vec![format!("{}{now}.", domain.name)];
        told.extend(operation.consequence().map(str::to_owned));
        if operation == DomainOperation::Emails && !domain.mailed.is_empty() {
            told.push(format!("Recipients: {}.", domain.mailed.join(", ")));
        }
        let outgoing = operation.outgoing(id, None, way);
        row.action = Some(outgoing.kind);
        if way.is_some() && way == domain.method.as_ref() {
            let method = domain.method.as_ref().map_or("", DcvMethod::label);
            row.standing = Standing::Already(format!("it is validated by {method} already"));
            return Ok((row, None, told));
        }
        if let Some(why) = why_not(&session.script.engine, operation, id) {
            row.standing = Standing::Blocked(why);
            return Ok((row, None, told));
        }
        if let Some(before) = sent_before(session, &outgoing)? {
            row.standing = before;
            return Ok((row, None, told));
        }
        Ok((row, Some(outgoing), told))
    });
    steps.collect()
}
