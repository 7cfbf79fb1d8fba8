//! What is due for a reissue by itself, and what of the journal keeps it from being sent.

use std::collections::HashMap;

use crate::app::journal::JournalRow;
use crate::cli::args;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::orders::Wanted;
use crate::cli::session::Session;
use crate::domain::coverage::days_between;
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;
use crate::domain::write::WriteKind;

/// The orders that are to be reissued, in the order in which they are sent.
pub(super) fn wanted<'c>(
    context: &'c Context,
    arguments: &args::Reissue,
) -> Result<(Session<'c>, Vec<(OrderId, String)>), CliError> {
    if !arguments.due {
        let [word] = arguments.words.as_slice() else {
            let why = "name one order, or use --due for all that are due";
            return Err(CliError::Usage(why.to_owned()));
        };
        let order = word.trim_start_matches('#').parse().map(OrderId);
        let order = order.map_err(|_| {
            CliError::Usage(format!("`{word}` is no order number; --due takes a filter"))
        })?;
        return Ok((Session::connect(context)?, vec![(order, String::new())]));
    }
    let wanted = Wanted::open(context, &arguments.words, false)?;
    let mut due = Vec::new();
    let unreadable = wanted.each(|line| {
        let row = &line.row;
        let is_alive = matches!(
            row.status(),
            OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired
        );
        if let (true, Some(ends), Some(covers)) = (
            is_alive && !row.is_renewed,
            row.valid_till(),
            row.order_valid_till(),
        ) {
            let left = days_between(line.today, ends);
            // One that is over already is all the more due, as long as its order is covered.
            if covers > ends && covers >= line.today && left <= arguments.within {
                due.push((ends, row.id, row.display_name().to_owned()));
            }
        }
        Ok(())
    })?;
    if unreadable > 0 {
        let orders = counted(unreadable, "stored order", "stored orders");
        return Err(CliError::Usage(format!(
            "{orders} cannot be read, so what is due is not known; `certdeck orders` loads them again"
        )));
    }
    due.sort_unstable();
    let due = due.into_iter().map(|(_, order, name)| (order, name));
    Ok((wanted.session, due.collect()))
}

/// What of the journal keeps an order from being reissued by itself: unfinished, or unknown.
pub(super) fn unfinished(session: &Session<'_>) -> Result<HashMap<OrderId, String>, CliError> {
    let all = session.script.ask(|store| store.unsettled());
    let all = all.transpose()?.unwrap_or_default().into_iter();
    let counts = |kind: &Result<WriteKind, String>| {
        kind.as_ref()
            .map_or(true, |kind| kind.makes_certificate() && !kind.makes_order())
    };
    Ok(all
        .filter(|entry| counts(&entry.intent.kind) && !entry.dismissed)
        .filter_map(|entry| Some((entry.intent.order?, JournalRow::of(entry))))
        .map(|(order, row)| {
            let outcome = row
                .outcome
                .unwrap_or_else(|| "its outcome is unknown".to_owned());
            (
                order,
                format!(
                    "{} is unfinished: {outcome} (journal {})",
                    row.what, row.op.0
                ),
            )
        })
        .collect())
}
