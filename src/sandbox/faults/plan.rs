//! Which faults strike a call.

use std::sync::Mutex;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Quirks;
use super::spec::{Fault, FaultSpecError, Kind, When, parse};
use crate::sandbox::http::Endpoint;

/// What happens to one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strike {
    /// Wait so long before anything else.
    pub latency: Duration,
    /// Instead of the work: the first of these that struck.
    pub instead: Option<Kind>,
    /// After the work: lost, replaced by a failure, truncated, cut or slow.
    pub after: Option<Kind>,
    pub quirks: Quirks,
}

/// The faults of a running sandbox, with their counters.
#[derive(Debug)]
pub struct FaultPlan(Mutex<State>);

#[derive(Debug)]
struct State {
    faults: Vec<(Fault, u64)>,
    rng: ChaCha8Rng,
}

impl FaultPlan {
    /// Faults from a specification; the seed decides what probabilities come to.
    pub fn new(spec: &str, seed: u64) -> Result<Self, FaultSpecError> {
        Ok(Self(Mutex::new(State {
            faults: parse(spec)?.into_iter().map(|fault| (fault, 0)).collect(),
            rng: ChaCha8Rng::seed_from_u64(seed),
        })))
    }

    /// Replaces the faults; counters start again.
    pub fn replace(&self, spec: &str) -> Result<(), FaultSpecError> {
        let faults = parse(spec)?.into_iter().map(|fault| (fault, 0)).collect();
        if let Ok(mut state) = self.0.lock() {
            state.faults = faults;
        }
        Ok(())
    }

    /// Decides for one call, and counts it.
    pub fn strike(&self, endpoint: Endpoint) -> Strike {
        let mut strike = Strike::default();
        let Ok(mut state) = self.0.lock() else {
            return strike;
        };
        let State { faults, rng } = &mut *state;
        for (fault, count) in faults {
            if !fault.endpoints.is_empty() && !fault.endpoints.contains(&endpoint) {
                continue;
            }
            *count += 1;
            let hit = match fault.when {
                When::Always => true,
                When::Calls(from, to) => (from..=to).contains(count),
                When::Chance(p) => f64::from(rng.next_u32()) < p * f64::from(u32::MAX),
            };
            if hit {
                apply(&mut strike, fault.kind);
            }
        }
        strike
    }
}

fn apply(strike: &mut Strike, kind: Kind) {
    match kind {
        Kind::Latency(by) => strike.latency += by,
        Kind::Hang | Kind::Reset | Kind::TooMany | Kind::Fails(_) => {
            strike.instead.get_or_insert(kind);
        }
        Kind::Lost | Kind::FailsLate(_) | Kind::Truncate | Kind::Cut | Kind::SlowBody(_) => {
            strike.after.get_or_insert(kind);
        }
        Kind::StaleRequests => strike.quirks.stale_requests = true,
        Kind::WrongPem => strike.quirks.wrong_pem = true,
        Kind::FilterIgnored => strike.quirks.filter_ignored = true,
        Kind::EmptyOrganization => strike.quirks.empty_organization = true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_call_of_an_endpoint_is_struck_and_no_other() {
        let plan = FaultPlan::new("lost@duplicate#2,latency=1s@order", 1).unwrap();
        let struck: Vec<bool> = (0..4)
            .map(|_| plan.strike(Endpoint::Duplicate).after == Some(Kind::Lost))
            .collect();
        assert_eq!(struck, [false, true, false, false]);
        assert_eq!(plan.strike(Endpoint::Order).latency, Duration::from_secs(1));
        assert_eq!(plan.strike(Endpoint::Me), Strike::default());
    }

    #[test]
    fn probabilities_come_out_about_right_and_the_same_for_a_seed() {
        let count = |seed| {
            let plan = FaultPlan::new("429 p=0.25", seed).unwrap();
            (0..4000)
                .filter(|_| plan.strike(Endpoint::Me).instead.is_some())
                .count()
        };
        assert!((900..1100).contains(&count(7)));
        assert_eq!(count(7), count(7));
    }
}
