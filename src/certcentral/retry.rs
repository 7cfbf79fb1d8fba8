//! When a failed read is tried again: a pure schedule, with the randomness handed in.
//!
//! Only [`super::Reads`] uses it. Writes are never tried again: `POST` is not idempotent here, and a second order costs
//! money.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::error::ApiError;

/// How often and how long a read is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first among them.
    pub attempts: u32,
    /// Wait before the second try after a broken connection or a 5xx; doubles each time.
    pub base: Duration,
    /// Wait before the second try after a 429: the shorter of the two documented windows is 5 s long.
    pub rate_limit_base: Duration,
    /// No wait is longer, since after the longer window of 3 minutes every limit is clear. A server that asks for more is
    /// not tried again.
    pub cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(500),
            rate_limit_base: Duration::from_secs(5),
            cap: Duration::from_mins(3),
        }
    }
}

/// Tries in all against a server that does not answer in time.
const HANGS: u32 = 2;

impl RetryPolicy {
    /// Never tries again.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait before the next try, after `tried` tries of which the last failed with `error`; `None` to give
    /// up. `random` is between 0 and 1 and spreads clients that failed together: between the half and the whole of
    /// the wait, or up to a tenth more than what the server asked for.
    pub fn wait(&self, tried: u32, error: &ApiError, random: f64) -> Option<Duration> {
        if tried >= self.attempts || !error.is_transient() {
            return None;
        }
        // Whoever waits has waited long by now; a server that hangs twice hangs.
        if matches!(error, ApiError::Timeout { .. }) && tried >= HANGS {
            return None;
        }
        let random = if random.is_finite() {
            random.clamp(0.0, 1.0)
        } else {
            1.0
        };
        if let Some(asked) = error.retry_after() {
            // Nobody sits before a screen for longer: then it is told what the server asks for, and why.
            if asked > self.cap {
                return None;
            }
            return Some(asked.mul_f64(1.0 + random / 10.0).min(self.cap));
        }
        let base = match error {
            ApiError::RateLimited { .. } => self.rate_limit_base,
            _ => self.base,
        };
        let doubled = base.saturating_mul(1 << tried.saturating_sub(1).min(16));
        Some(doubled.min(self.cap).mul_f64(0.5 + random / 2.0))
    }
}

/// Reads a `Retry-After` header: seconds, or an HTTP date compared with `now` (the answer's own `Date`, where it has
/// one, so that a wrong clock here does no harm). A moment that has passed is no wait.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let asked = match value.parse::<f64>() {
        Ok(seconds) if seconds.is_nan() => return None,
        Ok(seconds) => {
            Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())).ok()?
        }
        Err(_) => {
            let until = http_date(value)?;
            Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO)
        }
    };
    Some(asked.min(LONGEST))
}

/// No wait that a server asks for is taken to be longer, so that whatever is reckoned with it stays within time.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// Reads an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(value: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::error::Phase;
    use super::*;

    fn lost() -> ApiError {
        ApiError::ConnectionLost {
            what: "orders".into(),
            detail: "reset".into(),
        }
    }

    fn limited(retry_after: Option<Duration>) -> ApiError {
        ApiError::RateLimited {
            what: "orders".into(),
            errors: Vec::new(),
            retry_after,
        }
    }

    #[test]
    fn waits_double_and_end() {
        let policy = RetryPolicy::default();
        let waits: Vec<_> = (1..=4)
            .map(|tried| policy.wait(tried, &lost(), 1.0))
            .collect();
        let millis = |n| Some(Duration::from_millis(n));
        assert_eq!(waits, [millis(500), millis(1000), millis(2000), None]);
    }

    #[test]
    fn jitter_stays_between_half_and_whole() {
        let policy = RetryPolicy::default();
        let low = policy.wait(2, &lost(), 0.0);
        assert_eq!(low, Some(Duration::from_millis(500)));
        assert_eq!(policy.wait(2, &lost(), 1.0), low.map(|wait| wait * 2));
    }

    #[test]
    fn the_rate_limit_waits_for_its_window() {
        let policy = RetryPolicy::default();
        let wait = policy.wait(1, &limited(None), 1.0);
        assert_eq!(wait, Some(Duration::from_secs(5)));
    }

    #[test]
    fn what_the_server_asks_for_is_kept_but_not_without_end() {
        let policy = RetryPolicy::default();
        let wait = policy.wait(1, &limited(Some(Duration::from_secs(7))), 0.0);
        assert_eq!(wait, Some(Duration::from_secs(7)));
        let wait = policy.wait(1, &limited(Some(Duration::from_mins(3))), 1.0);
        assert_eq!(wait, Some(Duration::from_mins(3)));
        let wait = policy.wait(1, &limited(Some(Duration::from_hours(24))), 1.0);
        assert_eq!(wait, None);
    }

    proptest::proptest! {
        #[test]
        fn no_header_is_too_much(
            digits in "[0-9]{1,40}",
            value in "-?[0-9]{0,30}[.,]?[0-9]{0,20}([eE][+-]?[0-9]{1,6})?|[ -~]{0,40}|(inf|nan|-inf)",
            random in proptest::num::f64::ANY,
            seconds in proptest::num::i64::ANY,
            tried in 0u32..100,
        ) {
            let now = Timestamp::from_second(seconds % 253_402_207_200).unwrap();
            let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
            let policy = RetryPolicy { attempts: u32::MAX, ..RetryPolicy::default() };
            proptest::prop_assert!(retry_after(&digits, now).is_some());
            for value in [digits, value, date.unwrap_or_default()] {
                for at in [now, Timestamp::MIN, Timestamp::MAX] {
                    let asked = retry_after(&value, at);
                    proptest::prop_assert!(asked.is_none_or(|asked| asked <= LONGEST));
                    let wait = policy.wait(tried, &limited(asked), random);
                    let longer = asked.is_some_and(|asked| asked > policy.cap);
                    proptest::prop_assert_eq!(wait.is_none(), longer);
                    proptest::prop_assert!(wait.is_none_or(|wait| wait <= policy.cap));
                }
            }
            proptest::prop_assert_eq!(policy.wait(tried, &limited(Some(Duration::MAX)), random), None);
        }
    }

    fn hangs(phase: Phase) -> ApiError {
        ApiError::Timeout {
            what: "orders".into(),
            phase,
            limit: Duration::from_secs(30),
        }
    }

    #[test]
    fn a_server_that_hangs_twice_is_not_asked_a_third_time() {
        let policy = RetryPolicy::default();
        for phase in [Phase::Connect, Phase::Headers, Phase::Body, Phase::Total] {
            let waits = [1, 2, 3].map(|tried| policy.wait(tried, &hangs(phase), 1.0));
            assert_eq!(waits, [Some(policy.base), None, None], "{phase:?}");
        }
        let after_others = policy.wait(HANGS + 1, &lost(), 1.0);
        assert!(
            after_others.is_some(),
            "a connection that breaks hangs nobody"
        );
    }

    #[test]
    fn each_error_waits_in_its_own_measure_up_to_the_longest() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            ..RetryPolicy::default()
        };
        let (broken, limit) = (policy.base, policy.rate_limit_base);
        for tried in 1..40 {
            let doubled = 1_u32 << (tried - 1).min(20);
            for (error, base) in [(lost(), broken), (limited(None), limit)] {
                let whole = base.saturating_mul(doubled).min(policy.cap);
                let wait = |random| policy.wait(tried, &error, random);
                assert_eq!(wait(1.0), Some(whole), "{tried} {error:?}");
                assert_eq!(wait(0.0), Some(whole.mul_f64(0.5)), "{tried} {error:?}");
                for no_number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    assert_eq!(wait(no_number), Some(whole), "{tried} {error:?}");
                }
            }
        }
        let asked = Some(Duration::from_secs(100));
        for (random, seconds) in [(0.0, 100), (0.5, 105), (1.0, 110), (f64::NAN, 110)] {
            let wait = policy.wait(1, &limited(asked), random);
            assert_eq!(wait, Some(Duration::from_secs(seconds)), "{random}");
        }
    }

    #[test]
    fn who_never_tries_again_waits_for_nothing() {
        for error in [lost(), limited(None), limited(Some(Duration::ZERO))] {
            assert_eq!(RetryPolicy::never().wait(1, &error, 0.5), None);
        }
        let last = RetryPolicy::default().attempts;
        assert!(
            RetryPolicy::default()
                .wait(last - 1, &lost(), 0.5)
                .is_some()
        );
        assert_eq!(RetryPolicy::default().wait(last, &lost(), 0.5), None);
    }

    #[test]
    fn a_refusal_is_final() {
        let error = ApiError::NotFound {
            what: "order 1".into(),
            errors: Vec::new(),
        };
        assert_eq!(RetryPolicy::default().wait(1, &error, 0.5), None);
    }

    #[test]
    fn retry_after_takes_seconds_and_dates() {
        let now: Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
        assert_eq!(retry_after(" 12 ", now), Some(Duration::from_secs(12)));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(retry_after(date, now), Some(Duration::from_secs(7)));
        let later: Timestamp = "1994-11-06T09:00:00Z".parse().unwrap();
        assert_eq!(retry_after(date, later), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
