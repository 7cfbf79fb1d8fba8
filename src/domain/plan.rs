//! What the certificates of an account need, week by week, and how often their shrinking lives will call for it.
//!
//! A certificate that expires is counted once: it is *done* where another order renewed it, *waits* where a request or a
//! reissue of its order is under way, and else needs a *reissue* where its order covers more, or a *renewal*. That something
//! stands in the way of that is told beside it.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::status::OrderStatus;
use super::validity::{Limit, last_of, limit_on};

/// Reissues of one order that are foreseen: six years of the shortest certificates.
const MOST: usize = 60;

/// Weeks that are told one by one.
pub const WEEKS: usize = 26;

/// Days before its end at which a certificate is taken to be replaced.
pub const AHEAD: i32 = 7;

/// Days for which what expired is still asked about where its order covers no more.
pub const LATELY: i32 = 30;

/// What a certificate needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// Its order covers more.
    Reissue,
    /// Its order expires with it.
    Renew,
    /// A request or a reissue of its order is under way.
    Waiting,
    /// Another order renewed it.
    Done,
}

impl Need {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Reissue, Self::Renew, Self::Waiting, Self::Done];

    /// The word for it, as filters have it too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reissue => "reissue",
            Self::Renew => "renew",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }
}

/// What is known of an order whose certificate expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether its certificate is in use: see [`is_in_use`].
    pub in_use: bool,
    /// Whether a reissue of it is under way.
    pub reissue_pending: bool,
    /// Whether a request for what takes its place waits for a decision.
    pub has_requests: bool,
    /// Whether another order renewed it.
    pub is_renewed: bool,
    /// Whether it is a DV product: no reissue of it reuses a validation.
    pub is_dv: bool,
    /// Whether its order covers more than its certificate, and is not over today.
    pub covers_more: bool,
    /// Whether the validation of a name or of the organization is over by the time of the reissue.
    pub lacks_validation: bool,
    /// Whether a renewal of it can be sent from here: no page describes that of some products.
    pub renews_here: bool,
}

/// Whether the certificate of an order in this state is in use until its end.
pub fn is_in_use(status: &OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired
    )
}

impl Standing {
    /// What its certificate needs; `None` where it is no longer in use.
    pub fn need(&self) -> Option<Need> {
        if !self.in_use {
            return None;
        }
        Some(if self.is_renewed {
            Need::Done
        } else if self.reissue_pending || self.has_requests {
            Need::Waiting
        } else if self.covers_more {
            Need::Reissue
        } else {
            Need::Renew
        })
    }

    /// Whether something stands in the way of what it needs: a reissue that is under way, a validation that has to be done
    /// anew, or a renewal that cannot be sent from here.
    pub fn is_blocked(&self) -> bool {
        let no_renewal = !self.renews_here && self.need() == Some(Need::Renew);
        self.in_use
            && !self.is_renewed
            && (self.reissue_pending || self.is_dv || self.lacks_validation || no_renewal)
    }
}

/// Where in the weeks a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Before today.
    Overdue,
    /// In this many weeks; 0 is the one that today is in.
    Week(usize),
    /// Behind all weeks.
    Later,
}

/// Where a day stands on or before which so many of [`Weeks::firsts`] are; the rows of a plan stand in this order.
pub fn slot(begun: usize) -> Slot {
    match begun {
        0 => Slot::Overdue,
        begun if begun <= WEEKS => Slot::Week(begun - 1),
        _ => Slot::Later,
    }
}

/// The weeks from today on: from Monday to Sunday, but that the first begins today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weeks {
    /// The first day of each, and of what is behind them.
    firsts: [Date; WEEKS + 1],
}

impl Weeks {
    /// The weeks from this day on.
    pub fn from(today: Date) -> Self {
        let since_monday = i32::from(today.weekday().to_monday_zero_offset());
        let monday = |week: usize| today.saturating_add((7 * week as i32 - since_monday).days());
        Self {
            firsts: std::array::from_fn(|week| monday(week).max(today)),
        }
    }

    /// The first day of all.
    pub fn today(&self) -> Date {
        self.firsts[0]
    }

    /// The first and the last day of a week.
    pub fn span(&self, week: usize) -> (Date, Date) {
        let first = self.firsts[week.min(WEEKS)];
        let next = self.firsts.get(week + 1);
        let last = next.map_or(first.saturating_add(6.days()), |next| {
            next.saturating_sub(1.day())
        });
        (first, last)
    }

    /// The first day behind all weeks.
    pub fn end(&self) -> Date {
        self.firsts[WEEKS]
    }

    /// The first day of each, and of what is behind them.
    pub fn firsts(&self) -> &[Date; WEEKS + 1] {
        &self.firsts
    }
}

/// Certificates of a week, or of what is overdue or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many expire.
    pub expire: u32,
    /// Of these, by [`Need::ALL`].
    pub needs: [u32; 4],
    /// Of these, those that something stands in the way of.
    pub blocked: u32,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, need: Need, is_blocked: bool) {
        self.expire += 1;
        self.needs[need as usize] += 1;
        self.blocked += u32::from(is_blocked);
    }

    /// Of these, those that need this.
    pub fn of(&self, need: Need) -> u32 {
        self.needs[need as usize]
    }
}

/// How long a proof of control over a domain may be used again, by the day on which that is done: CA/Browser Forum ballot
/// SC-081v3; now the CA keeps a day of 200 back.
const REUSE: [(Date, u32); 3] = [
    (jiff::civil::date(2026, 2, 24), 199),
    (jiff::civil::date(2027, 3, 15), 100),
    (jiff::civil::date(2029, 3, 15), 10),
];

/// What a limit means for an account.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Load {
    /// The first day of it; today for what is in force.
    pub from: Date,
    /// Days that a certificate may live.
    pub days: u32,
    /// Reissues and renewals a week.
    pub reissues: f64,
    /// Days for which a domain's validation may be used again.
    pub reuse: u32,
    /// Validations a week.
    pub validations: f64,
}

/// What the limits that are in force and those that are announced mean for so many public TLS certificates of so many domains,
/// each replaced [`AHEAD`] days before its end, and validated anew as often as that has to be.
pub fn loads(limits: &[Limit], certificates: u32, domains: u32, today: Date) -> Vec<Load> {
    let now = limit_on(today);
    let coming = limits.iter().filter(|limit| limit.from > today);
    let of = |limit: &Limit| {
        let from = limit.from.max(today);
        let mut reuse = REUSE.iter().rev();
        let reuse = reuse
            .find(|(since, _)| *since <= from)
            .unwrap_or(&REUSE[0])
            .1;
        let made_every = (f64::from(limit.days) - f64::from(AHEAD)).max(1.0);
        // A validation is not needed more often than a certificate is made with it; those of one domain expire on days of
        // their own.
        let used_every = made_every * f64::from(domains) / f64::from(certificates.max(1));
        Load {
            from,
            days: limit.days,
            reissues: f64::from(certificates) * 7.0 / made_every,
            reuse,
            validations: f64::from(domains) * 7.0 / used_every.max(f64::from(reuse)),
        }
    };
    std::iter::once(&now).chain(coming).map(of).collect()
}

/// The reissues that an order's remaining time takes: the day of each, [`AHEAD`] days before the certificate before it ends, and
/// the last day of what is issued then.
pub fn reissues_left(valid_till: Date, order_valid_till: Date, today: Date) -> Vec<(Date, Date)> {
    let mut left = Vec::new();
    let mut ends = valid_till;
    while today <= order_valid_till && ends < order_valid_till && left.len() < MOST {
        let day = ends.saturating_sub(AHEAD.days()).max(today);
        ends = last_of(day, limit_on(day).days).min(order_valid_till);
        left.push((day, ends));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coverage::days_between;
    use crate::domain::validity::limits;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 29);

    fn standing() -> Standing {
        Standing {
            in_use: true,
            reissue_pending: false,
            has_requests: false,
            is_renewed: false,
            is_dv: false,
            covers_more: true,
            lacks_validation: false,
            renews_here: true,
        }
    }

    #[test]
    fn a_certificate_needs_one_thing_and_what_is_under_way_or_done_needs_no_more() {
        let with = |change: fn(&mut Standing)| {
            let mut changed = standing();
            change(&mut changed);
            (changed.need(), changed.is_blocked())
        };
        assert_eq!(with(|_| {}), (Some(Need::Reissue), false));
        let ends_too = with(|s| s.covers_more = false);
        assert_eq!(ends_too, (Some(Need::Renew), false));
        let elsewhere = with(|s| (s.covers_more, s.renews_here) = (false, false));
        assert_eq!(elsewhere, (Some(Need::Renew), true));
        assert_eq!(
            with(|s| s.renews_here = false),
            (Some(Need::Reissue), false)
        );
        assert_eq!(
            with(|s| s.has_requests = true),
            (Some(Need::Waiting), false)
        );
        assert_eq!(
            with(|s| s.reissue_pending = true),
            (Some(Need::Waiting), true)
        );
        assert_eq!(with(|s| s.is_dv = true), (Some(Need::Reissue), true));
        assert_eq!(with(|s| s.is_renewed = true), (Some(Need::Done), false));
        let renewed = with(|s| (s.is_renewed, s.reissue_pending, s.is_dv) = (true, true, true));
        assert_eq!(renewed, (Some(Need::Done), false));
        assert_eq!(with(|s| s.in_use = false), (None, false));
    }

    #[test]
    fn the_first_week_begins_today_and_the_others_on_monday() {
        // A Sunday.
        let weeks = Weeks::from(TODAY);
        assert_eq!(weeks.span(0), (TODAY, TODAY));
        assert_eq!(weeks.span(1), (date(2026, 11, 30), date(2026, 12, 6)));
        let slot_of = |day: Date| slot(weeks.firsts().partition_point(|first| *first <= day));
        assert_eq!(slot_of(date(2026, 11, 28)), Slot::Overdue);
        assert_eq!(slot_of(TODAY), Slot::Week(0));
        assert_eq!(slot_of(date(2026, 11, 30)), Slot::Week(1));
        assert_eq!(slot_of(weeks.end()), Slot::Later);
    }

    #[test]
    fn the_limits_that_come_call_for_more_each_time() {
        let loads = loads(limits(), 1920, 400, TODAY);
        let told: Vec<_> = loads.iter().map(|load| (load.days, load.reuse)).collect();
        assert_eq!(told, [(199, 199), (99, 100), (46, 10)]);
        assert!((loads[0].reissues - 70.0).abs() < 1e-9, "{loads:?}");
        assert!(
            loads
                .windows(2)
                .all(|pair| pair[0].reissues < pair[1].reissues)
        );
        assert!((loads[1].validations - 28.0).abs() < 1e-9, "{loads:?}");
    }

    proptest! {
        #[test]
        fn the_reissues_that_are_left_reach_the_end_of_the_order(more in 0..2000_i32, ends in -30..300_i32) {
            let valid_till = TODAY.saturating_add(ends.days());
            let order_end = valid_till.saturating_add(more.days());
            let left = reissues_left(valid_till, order_end, TODAY);
            let last = left.last().map_or(valid_till, |(_, last)| *last);
            prop_assert!(last == order_end || left.is_empty() && order_end < TODAY, "{left:?}");
            for (day, last) in &left {
                prop_assert!(*day >= TODAY && last >= day);
                prop_assert!(days_between(*day, *last) < limit_on(*day).days as i32);
            }
            prop_assert!(left.windows(2).all(|pair| pair[0].1 < pair[1].1));
        }

        #[test]
        fn each_day_is_in_the_week_whose_days_it_is_between(today in 0..4000_i32, later in -50..300_i32) {
            let today = date(2026, 1, 1).saturating_add(today.days());
            let day = today.saturating_add(later.days());
            let weeks = Weeks::from(today);
            match slot(weeks.firsts().partition_point(|first| *first <= day)) {
                Slot::Overdue => prop_assert!(day < today),
                Slot::Week(week) => {
                    let (first, last) = weeks.span(week);
                    prop_assert!(first <= day && day <= last);
                }
                Slot::Later => prop_assert!(day >= weeks.end()),
            }
        }
    }
}
