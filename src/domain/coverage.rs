//! The question of the day: does the certificate end before its order does? Then a reissue is enough; else the
//! order has to be renewed.

use jiff::civil::Date;

use super::status::OrderStatus;

/// How many days before its end a certificate asks for attention.
pub const ATTENTION_DAYS: i32 = 30;

/// What the dates of an order call for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// Ends soon, and the order covers this many days more: reissue.
    Reissue {
        /// Days until the certificate ends.
        ends_in: i32,
        /// Days that the order covers beyond it.
        covers_more: i32,
    },
    /// Ends soon, and the order ends with it: renew.
    Renew {
        /// Days until the certificate ends.
        ends_in: i32,
    },
    /// Ends soon, and another order has renewed it already.
    Renewed {
        /// Days until the certificate ends.
        ends_in: i32,
    },
    /// Nothing to do yet.
    Fine {
        /// Days until the certificate ends.
        ends_in: i32,
        /// Days that the order covers beyond it.
        covers_more: i32,
    },
    /// The certificate is over; the order may still cover this many days from today.
    Over {
        /// Days since the certificate ended; 0 where only the account says that it did.
        since: i32,
        /// Days that the order still covers.
        covers: i32,
    },
    None,
}

/// Days from one date to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// What the dates of an order call for. `ends` and `covers` are last days, each to the end of the day UTC.
pub fn coverage(
    status: &OrderStatus,
    ends: Option<Date>,
    covers: Option<Date>,
    is_renewed: bool,
    today: Date,
) -> Coverage {
    let alive = matches!(
        status,
        OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired
    );
    let Some(ends) = ends.filter(|_| alive) else {
        return Coverage::None;
    };
    let ends_in = days_between(today, ends);
    let covers_more = covers.map_or(0, |covers| days_between(ends, covers)).max(0);
    if ends_in < 0 || *status == OrderStatus::Expired {
        return Coverage::Over {
            // An account may call over what ends later.
            since: (-ends_in).max(0),
            covers: covers
                .map_or(0, |covers| days_between(today, covers))
                .max(0),
        };
    }
    if ends_in > ATTENTION_DAYS {
        return Coverage::Fine {
            ends_in,
            covers_more,
        };
    }
    if is_renewed {
        Coverage::Renewed { ends_in }
    } else if covers_more > 0 {
        Coverage::Reissue {
            ends_in,
            covers_more,
        }
    } else {
        Coverage::Renew { ends_in }
    }
}

fn ends(days: i32) -> String {
    match days {
        0 => "expires today".into(),
        days => format!("expires in {days} d"),
    }
}

impl Coverage {
    /// Words for a person, as the *coverage* column shows them. A renewal is named only where one can be asked for.
    pub fn label(self, renewable: bool) -> String {
        match self {
            Self::Reissue {
                ends_in,
                covers_more,
            } => format!(
                "{}; order covered {covers_more} d longer: reissue",
                ends(ends_in)
            ),
            Self::Renew { ends_in } if renewable => {
                format!("{}; order expires too: renew", ends(ends_in))
            }
            Self::Renew { ends_in } => format!("{}; order expires too", ends(ends_in)),
            Self::Renewed { ends_in } => format!("{}; already renewed", ends(ends_in)),
            Self::Fine { covers_more: 0, .. } => "order expires with it".into(),
            Self::Fine { covers_more, .. } => format!("order covered {covers_more} d longer"),
            Self::Over { since, covers } => {
                let ended = match since {
                    0 => "expired according to CertCentral".to_owned(),
                    since => format!("expired {since} d ago"),
                };
                match covers {
                    0 => ended,
                    covers => format!("{ended}; {covers} d of coverage left: reissue"),
                }
            }
            Self::None => String::new(),
        }
    }

    /// The same in few columns.
    pub fn short(self, renewable: bool) -> String {
        match self {
            Self::Reissue { covers_more, .. } => format!("reissue +{covers_more} d"),
            Self::Renew { .. } if renewable => "renew".into(),
            Self::Renew { .. } => "expires too".into(),
            Self::Renewed { .. } => "renewed".into(),
            Self::Fine { covers_more: 0, .. } => String::new(),
            Self::Fine { covers_more, .. } => format!("+{covers_more} d"),
            Self::Over { covers: 0, .. } => "no coverage".into(),
            Self::Over { covers, .. } => format!("reissue {covers} d"),
            Self::None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(ends: Date, covers: Date, renewed: bool) -> Coverage {
        let today = date(2026, 11, 20);
        coverage(
            &OrderStatus::Issued,
            Some(ends),
            Some(covers),
            renewed,
            today,
        )
    }

    #[test]
    fn an_order_that_outlives_its_certificate_wants_a_reissue() {
        let found = at(date(2026, 12, 11), date(2027, 6, 29), false);
        assert_eq!(
            found.label(true),
            "expires in 21 d; order covered 200 d longer: reissue"
        );
    }

    #[test]
    fn an_order_that_ends_too_wants_a_renewal_unless_it_has_one() {
        let end = date(2026, 12, 11);
        assert_eq!(
            at(end, end, false).label(true),
            "expires in 21 d; order expires too: renew"
        );
        assert_eq!(
            at(end, end, false).label(false),
            "expires in 21 d; order expires too"
        );
        assert_eq!(at(end, end, true), Coverage::Renewed { ends_in: 21 });
    }

    #[test]
    fn no_number_of_days_is_below_none() {
        let today = date(2026, 11, 20);
        for days in [-400, -30, -1, 0, 1, 30, 400] {
            let ends = today.saturating_add(jiff::Span::new().days(days));
            for covers in [
                None,
                Some(ends),
                Some(date(2026, 11, 19)),
                Some(date(2028, 1, 1)),
            ] {
                for status in OrderStatus::KNOWN {
                    let found = coverage(status, Some(ends), covers, false, today);
                    for words in [found.label(true), found.label(false), found.short(true)] {
                        assert!(!words.contains('-'), "{status} {ends} {covers:?}: {words}");
                    }
                }
            }
        }
        // The account calls over what ends in 30 days.
        let ends = Some(date(2026, 12, 20));
        let found = coverage(&OrderStatus::Expired, ends, ends, false, today);
        assert_eq!(
            found.label(true),
            "expired according to CertCentral; 30 d of coverage left: reissue"
        );
    }

    #[test]
    fn the_last_day_still_counts() {
        let today = date(2026, 11, 20);
        assert_eq!(at(today, today, false), Coverage::Renew { ends_in: 0 });
    }
}
