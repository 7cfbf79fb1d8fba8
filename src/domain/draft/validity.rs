//! The end that is asked for, and the end that will come of it. The account cuts what is too long without a word; the
//! form says so before.

use jiff::Span;
use jiff::civil::Date;

use super::super::dates;
use super::super::product::Family;
use super::super::validity::{self, Bounds, End};
use super::{Context, Draft, Note, Tone, ValidityForm};

/// What will come of the end date of a duplicate; `None` when nothing is known to bound it.
pub fn duplicate(draft: &Draft, ctx: &Context<'_>) -> Result<Option<End>, String> {
    let text = draft.end_date.trim();
    let asked = if text.is_empty() {
        None
    } else {
        Some(dates::parse(text).map_err(|error| error.to_string())?)
    };
    let bounds = Bounds {
        original_end: ctx.order.certificate.valid_till,
        ..bounds(ctx)
    };
    validity::end(asked, bounds).map_err(|error| error.to_string())
}

/// The end that a reissue asks for in its form of validity.
pub fn asked_of_reissue(draft: &Draft, ctx: &Context<'_>) -> Result<Option<Date>, String> {
    match draft.validity {
        ValidityForm::Longest => Ok(None),
        ValidityForm::Year => Ok(Some(ctx.today.saturating_add(Span::new().years(1)))),
        ValidityForm::Days => {
            let days = days(draft)?;
            Ok(Some(ctx.today.saturating_add(Span::new().days(days))))
        }
        ValidityForm::Until => dates::parse(&draft.until)
            .map(Some)
            .map_err(|error| error.to_string()),
    }
}

/// The number of days as typed; whole, from 1.
pub fn days(draft: &Draft) -> Result<i64, String> {
    let text = draft.days.trim();
    text.parse::<u16>()
        .ok()
        .filter(|days| *days > 0)
        .map(i64::from)
        .ok_or_else(|| format!("{text:?} is not a number of days: write 1 or more, such as 90"))
}

/// What will come of the validity of a reissue.
pub fn reissue(draft: &Draft, ctx: &Context<'_>) -> Result<Option<End>, String> {
    let asked = asked_of_reissue(draft, ctx)?;
    validity::end(asked, bounds(ctx)).map_err(|error| error.to_string())
}

fn bounds(ctx: &Context<'_>) -> Bounds {
    Bounds {
        today: ctx.today,
        public_tls: ctx.order.product.family() == Family::PublicTls,
        order_end: ctx.order.order_valid_till,
        plan_end: None,
        original_end: None,
    }
}

/// The end in words.
pub fn note(end: Result<Option<End>, String>) -> Note {
    match end {
        Err(why) => Note::new(Tone::Bad, why),
        Ok(None) => Note::new(Tone::Dim, "The account decides how long it lasts."),
        Ok(Some(end)) if end.cut_from.is_some() => Note::new(Tone::Warn, format!("{end}.")),
        Ok(Some(end)) => Note::new(Tone::Plain, format!("It ends on {end}.")),
    }
}
