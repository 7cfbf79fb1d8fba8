//! When an order began, when each of its certificates ran, and when the order ends.
//!
//! The point is coverage: a certificate may end while its order still covers months (reissue it), or together with
//! its order (renew it). Both follow from the dated limits, as they do in life.

use super::calendar::Calendar;
use super::dice::Dice;
use super::limits::most_days;
use crate::sandbox::tables::Family;

/// Where today lies in the order's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    Running,
    /// The certificate ends in so many days (negative: ended), the order covers at least two months more.
    CertificateEnds(i64),
    /// Certificate and order end in so many days.
    BothEnd(i64),
    /// All over, so many days ago.
    Over(i64),
    /// Placed so many days ago, nothing issued.
    New(i64),
    /// Placed and issued so many days ago.
    Began(i64),
}

/// An order's days, as the calendar counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeline {
    /// The day it was placed.
    pub(super) start: i64,
    pub(super) years: u32,
    /// Its last day.
    pub(super) end: i64,
    /// First and last day of each primary certificate, oldest first.
    pub(super) certificates: Vec<(i64, i64)>,
}

/// Draws the days of an order.
///
/// `years` is drawn too when the caller does not say. Only a product whose certificates are shorter than orders can end
/// before its order; of the others both end.
pub(super) fn draw(
    window: Window,
    family: Family,
    years: Option<u32>,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Timeline {
    let drawn = *dice.weighted(&[(80, 1), (12, 2), (8, 3)]);
    let years = years.unwrap_or(drawn);
    let limit = |day: i64| i64::from(most_days(family, calendar.date(day)));
    match window {
        Window::New(ago) => {
            let end = calendar.years_after(-ago, years);
            Timeline {
                start: -ago,
                years,
                end,
                certificates: Vec::new(),
            }
        }
        Window::Running => {
            let start = -dice.between(1, i64::from(years) * 330);
            let end = calendar.years_after(start, years);
            Timeline {
                start,
                years,
                end,
                certificates: runs(start, end, 0, limit, dice),
            }
        }
        Window::Began(ago) => {
            let end = calendar.years_after(-ago, years);
            Timeline {
                start: -ago,
                years,
                end,
                certificates: runs(-ago, end, 0, limit, dice),
            }
        }
        Window::CertificateEnds(days) if limit(0) > 459 => {
            ending(days, years, calendar, limit, dice)
        }
        Window::BothEnd(days) => ending(days, years, calendar, limit, dice),
        Window::Over(ago) => ending(-ago, years, calendar, limit, dice),
        Window::CertificateEnds(days) => covered(days, calendar, limit, dice),
    }
}

/// An order whose last day, and whose certificate's, is `end`.
fn ending(
    end: i64,
    years: u32,
    calendar: &Calendar,
    limit: impl Fn(i64) -> i64,
    dice: &mut Dice,
) -> Timeline {
    let rough = end - i64::from(years) * 365;
    // A leap day lies in some years: look for the start that ends on the day.
    let start = (rough - 2..=rough + 2)
        .find(|s| calendar.years_after(*s, years) == end)
        .unwrap_or(rough);
    let mut certificates = runs(start, end, end.min(0), limit, dice);
    if let Some((from, till)) = certificates.last().copied().filter(|(_, till)| *till < end) {
        // Reissued early, so that certificate and order end together.
        certificates.push(((till - 25).min(-1).max(from + 1), end));
    }
    Timeline {
        start,
        years,
        end,
        certificates,
    }
}

/// An order that covers at least two months more than its certificate, which ends on day `till`.
fn covered(
    till: i64,
    calendar: &Calendar,
    limit: impl Fn(i64) -> i64,
    dice: &mut Dice,
) -> Timeline {
    // The limit of the first day decides how far back the first day is; the newest limit that agrees is taken.
    let from = [46, 99, 199, 397, 459, 825, 1095]
        .into_iter()
        .map(|days| (till - days + 1, days))
        .find(|(from, days)| limit(*from) == *days)
        .map_or(till - 44, |(from, _)| from);
    let earlier = dice.percent(40);
    let lead = dice.between(3, 25);
    let start = if earlier {
        from + lead + 1 - limit(from - 150)
    } else {
        from
    };
    let years = (1..=3)
        .find(|y| calendar.years_after(start, *y) >= till + 60)
        .unwrap_or(3);
    let end = calendar.years_after(start, years).max(till + 60);
    let mut certificates = vec![(from, till)];
    if start < from {
        certificates.insert(0, (start, (start + limit(start) - 1).min(end)));
    }
    Timeline {
        start,
        years,
        end,
        certificates,
    }
}

/// Certificates one after another, each reissued a little before its end, until one covers `until` or the order ends.
fn runs(
    start: i64,
    end: i64,
    until: i64,
    limit: impl Fn(i64) -> i64,
    dice: &mut Dice,
) -> Vec<(i64, i64)> {
    let mut all = Vec::with_capacity(2);
    let mut from = start;
    loop {
        let till = (from + limit(from) - 1).min(end);
        all.push((from, till));
        let next = till - dice.between(3, 25);
        if till >= end || next >= until || next <= from {
            return all;
        }
        from = next;
    }
}
