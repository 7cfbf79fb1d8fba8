//! Limits, bounds and ends of certificates, day by day.

use jiff::civil::date;
use rstest::rstest;

use super::*;

const PUBLIC: Reason = Reason::Industry {
    of: Industry::PublicTls,
    days: 199,
};

fn bounds(today: Date) -> Bounds {
    Bounds {
        today,
        industry: Some(Industry::PublicTls),
        order_end: None,
        plan_end: None,
        original_end: None,
    }
}

#[rstest]
#[case(date(2019, 1, 1), 825)]
#[case(date(2026, 2, 23), 397)]
#[case(date(2026, 2, 24), 199)]
#[case(date(2027, 3, 14), 199)]
#[case(date(2027, 3, 31), 99)]
#[case(date(2029, 4, 1), 46)]
fn the_limit_is_that_of_the_day_of_issue(#[case] on: Date, #[case] days: u32) {
    assert_eq!(max_days(on), days);
}

#[test]
fn the_built_in_table_is_whole_and_marks_what_is_foreseen() {
    let foreseen: Vec<bool> = limits().iter().map(|limit| limit.foreseen).collect();
    assert_eq!(foreseen, [false, false, false, true, true]);
    assert!(limits().is_sorted_by_key(|limit| limit.from));
}

#[test]
fn an_asked_end_is_cut_to_the_earliest_bound_with_its_reason() {
    let today = date(2026, 3, 1);
    let asked = Some(date(2027, 3, 1));
    let told = |bounds| end(asked, bounds).unwrap().unwrap().to_string();
    assert_eq!(
        told(bounds(today)),
        "2027-03-01 will be shortened to 2026-09-15: public TLS certificates are limited to 199 days"
    );
    let order = Bounds {
        order_end: Some(date(2026, 6, 1)),
        ..bounds(today)
    };
    assert_eq!(
        told(order),
        "2027-03-01 will be shortened to 2026-06-01: the order expires then"
    );
    let plan = Bounds {
        plan_end: Some(date(2026, 5, 1)),
        ..order
    };
    assert_eq!(
        told(plan),
        "2027-03-01 will be shortened to 2026-05-01: the order's coverage ends then"
    );
    let private = Bounds {
        industry: None,
        ..bounds(today)
    };
    assert_eq!(told(private), "2027-03-01: as requested");
    let signing = Bounds {
        industry: Some(Industry::CodeSigning),
        ..bounds(today)
    };
    let late = end(Some(date(2028, 1, 1)), signing).unwrap().unwrap();
    assert_eq!(
        late.to_string(),
        "2028-01-01 will be shortened to 2027-06-02: code signing certificates are limited to 459 days"
    );
    let before = Bounds {
        today: date(2026, 2, 23),
        ..signing
    };
    assert_eq!(end(None, before), Ok(None), "nothing is known of then");
}

#[test]
fn without_a_date_the_earliest_bound_or_the_original_counts() {
    let today = date(2026, 3, 1);
    let reason = |bounds| end(None, bounds).unwrap().map(|end| (end.date, end.reason));
    assert_eq!(reason(bounds(today)), Some((date(2026, 9, 15), PUBLIC)));
    let duplicate = Bounds {
        original_end: Some(date(2026, 4, 1)),
        ..bounds(today)
    };
    assert_eq!(
        reason(duplicate),
        Some((date(2026, 4, 1), Reason::OriginalEnd))
    );
    let longer = Bounds {
        original_end: Some(date(2027, 1, 1)),
        ..bounds(today)
    };
    assert_eq!(reason(longer), Some((date(2026, 9, 15), PUBLIC)));
    assert_eq!(
        reason(Bounds {
            industry: None,
            ..bounds(today)
        }),
        None
    );
}

#[test]
fn ends_in_the_past_and_orders_that_are_over_are_errors() {
    let today = date(2026, 3, 1);
    assert!(matches!(
        end(Some(today), bounds(today)),
        Err(EndError::Past { .. })
    ));
    let over = Bounds {
        order_end: Some(date(2026, 2, 28)),
        ..bounds(today)
    };
    assert_eq!(end(None, over), Err(EndError::Over(date(2026, 2, 28))));
    let last_day = Bounds {
        order_end: Some(today),
        ..bounds(today)
    };
    assert!(end(None, last_day).is_ok());
}

#[test]
fn each_step_begins_with_its_day_and_not_before() {
    let eve = |day: Date| day.yesterday().unwrap();
    let mut before = limits()[0];
    for limit in limits() {
        assert_eq!(limit_on(limit.from), *limit);
        assert_eq!(limit_on(eve(limit.from)), before);
        before = *limit;
    }
    let signing = |on| Industry::CodeSigning.days(on);
    assert_eq!(signing(date(2026, 2, 24)), Some(459));
    assert_eq!(signing(date(2026, 2, 23)), None);
}

#[test]
fn a_length_counts_its_first_day() {
    let first = date(2026, 3, 1);
    for (days, last) in [
        (0, first),
        (1, first),
        (2, date(2026, 3, 2)),
        (199, date(2026, 9, 15)),
        (
            u32::MAX,
            first.saturating_add(jiff::Span::new().days(36_500)),
        ),
    ] {
        assert_eq!(last_of(first, days), last, "{days}");
    }
}

const SENT: Date = date(2026, 3, 1);
const LATER: Date = date(2026, 3, 5);

fn foreseen(asked: Option<Validity>, bounds: Bounds, begins: bool) -> Foreseen {
    Foreseen {
        asked,
        bounds,
        begins,
    }
}

#[test]
fn the_end_that_is_foreseen_moves_with_the_day_of_issue_where_it_is_counted_from_it() {
    let public = bounds(SENT);
    let none = Bounds {
        industry: None,
        ..public
    };
    let order = Bounds {
        order_end: Some(date(2026, 6, 1)),
        ..public
    };
    let plan = Bounds {
        plan_end: Some(date(2026, 6, 1)),
        ..public
    };
    let copied = Bounds {
        original_end: Some(date(2026, 6, 1)),
        ..public
    };
    let fixed = date(2026, 6, 1);
    let until = Some(Validity::End(date(2026, 4, 1)));
    let of_days = Some(Validity::Days(10));
    // What is asked and bounds it, whether the order begins with it, its end when issued at once and four days later,
    // and by how many days the CA may count otherwise.
    for (asked, bounds, begins, at_once, later, off) in [
        (None, public, false, date(2026, 9, 15), date(2026, 9, 19), 1),
        (None, order, false, fixed, fixed, 0),
        (None, order, true, fixed, date(2026, 6, 5), 1),
        (None, plan, false, fixed, fixed, 0),
        (None, plan, true, fixed, fixed, 0),
        (None, copied, false, fixed, fixed, 0),
        (until, order, false, date(2026, 4, 1), date(2026, 4, 1), 0),
        (
            of_days,
            public,
            false,
            date(2026, 3, 10),
            date(2026, 3, 14),
            1,
        ),
        (
            of_days,
            none,
            false,
            date(2026, 3, 10),
            date(2026, 3, 14),
            1,
        ),
        (
            Some(Validity::Years(1)),
            none,
            false,
            date(2027, 3, 1),
            date(2027, 3, 5),
            1,
        ),
    ] {
        let foreseen = foreseen(asked, bounds, begins);
        for (day, end) in [(SENT, at_once), (LATER, later)] {
            let case = format!("{foreseen:?} {day}");
            assert_eq!(
                foreseen.end_on(day).map(|end| end.date),
                Some(end),
                "{case}"
            );
            for away in -3..=3_i32 {
                let ends = end.saturating_add(jiff::Span::new().days(away));
                assert_eq!(
                    foreseen.allows(day, ends),
                    away.abs() <= off,
                    "{case} {ends}"
                );
            }
        }
    }
    assert_eq!(foreseen(None, none, false).end_on(SENT), None);
    assert!(!foreseen(None, none, false).allows(SENT, LATER));
    assert_eq!(
        foreseen(until, public, false).asked_on(SENT),
        Some(date(2026, 4, 1))
    );
    assert_eq!(foreseen(None, public, false).asked_on(SENT), None);
}
