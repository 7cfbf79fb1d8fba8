//! The order that a reissue names, or with `--due` all that are due.

use super::Target;
use crate::cli::args;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::orders::Wanted;
use crate::cli::session::Session;
use crate::domain::coverage::days_between;
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;

/// The orders that are to be reissued, in the order in which they are sent.
pub(super) fn wanted<'c>(
    context: &'c Context,
    arguments: &args::Reissue,
) -> Result<(Session<'c>, Vec<Target>), CliError> {
    if !arguments.due {
        let [word] = arguments.words.as_slice() else {
            let why = "name one order, or use --due for all that are due";
            return Err(CliError::Usage(why.to_owned()));
        };
        let order = word.trim_start_matches('#').parse().map(OrderId);
        let order = order.map_err(|_| {
            CliError::Usage(format!("`{word}` is no order number; --due takes a filter"))
        })?;
        return Ok((
            Session::connect(context)?,
            vec![(Some(order), String::new())],
        ));
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
    let due = due.into_iter().map(|(_, order, name)| (Some(order), name));
    Ok((wanted.session, due.collect()))
}
