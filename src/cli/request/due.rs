//! The order that a reissue names, or with `--due` all that are due.

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::orders::Wanted;
use crate::cli::send::changes::Target;
use crate::cli::session::Session;
use std::collections::HashSet;

use jiff::civil::Date;

use crate::domain::coverage::days_between;
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;

/// What counts as due.
#[derive(Debug)]
pub(super) struct Due {
    /// In so many days, or less.
    pub(super) within: i32,
    /// Whether endpoints may cost a renewal.
    pub(super) renewals: bool,
    /// The orders that the filter shows; none where there is no filter.
    pub(super) matching: Option<HashSet<OrderId>>,
}

impl Due {
    /// Whether a certificate is due: it ends soon, and the order covers more. One that is over already is all the more due, as
    /// long as its order is covered.
    fn is(
        &self,
        (status, is_renewed): (&OrderStatus, bool),
        (ends, covers): (Option<Date>, Option<Date>),
        today: Date,
    ) -> bool {
        let is_alive = matches!(
            status,
            OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired
        );
        is_alive
            && !is_renewed
            && ends.zip(covers).is_some_and(|(ends, covers)| {
                let left = days_between(today, ends);
                covers > ends && covers >= today && left <= self.within
            })
    }
}

/// The orders that are to be reissued, in the order in which they are sent.
pub(super) fn wanted<'c>(
    context: &'c Context,
    words: &[String],
    due: Option<&mut Due>,
) -> Result<(Session<'c>, Vec<Target>), CliError> {
    let Some(due) = due else {
        let [word] = words else {
            let why = "name one order, or use --due for all that are due";
            return Err(CliError::Usage(why.to_owned()));
        };
        let order = word.trim_start_matches('#').parse().map(OrderId);
        let order = order.map_err(|_| {
            CliError::Usage(format!("`{word}` is no order number; --due takes a filter"))
        })?;
        return Ok((
            Session::connect(context)?,
            vec![Target::new(FormKind::Reissue, Some(order), String::new())],
        ));
    };
    let wanted = Wanted::open(context, words, false)?;
    let mut all = Vec::new();
    let mut matching = (!words.is_empty()).then(HashSet::new);
    let unreadable = wanted.each(|line| {
        let row = &line.row;
        if let Some(matching) = &mut matching {
            matching.insert(row.id);
        }
        let ends = (row.valid_till(), row.order_valid_till());
        if due.is((row.status(), row.is_renewed), ends, line.today) {
            all.push((ends.0, row.id, row.display_name().to_owned()));
        }
        Ok(())
    })?;
    if unreadable > 0 {
        let orders = counted(unreadable, "stored order", "stored orders");
        return Err(CliError::Usage(format!(
            "{orders} cannot be read, so what is due is not known; `certdeck orders` loads them again"
        )));
    }
    due.matching = matching;
    all.sort_unstable();
    let all = all.into_iter();
    let all = all.map(|(ends, order, name)| Target {
        ends,
        ..Target::new(FormKind::Reissue, Some(order), name)
    });
    Ok((wanted.session, all.collect()))
}
