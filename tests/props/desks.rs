//! Several desks on one account, two of them on one store: whatever gets lost, hangs, is read late or is killed in
//! whatever order, in the end everything that was wanted is on the account at most once, each journal says of each
//! request what became of it, nothing is said meanwhile that the account contradicts, and what was typed is there until
//! it is sent.
//!
//! Each case has a seed of its own, and these follow one another. `DESKS_SEED=7 DESKS_CASES=3` runs those of 7, 8 and 9;
//! without it the first is drawn by lot, and a failure names the one that failed. `DESKS_STEPS=20` makes the cases of up to
//! so many steps.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::made::{Made, in_memory};
use crate::office::Office;
use crate::wants::{FAULTS, Fault, TROUBLES, What};

/// Cases in a run of all tests.
const CASES: u64 = 200;

/// Steps of a case, at most.
const STEPS: u64 = 6;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody types something for one of the orders of a desk, and leaves it, or the desk is killed over it.
    Type(usize, usize, What, bool),
    /// Somebody sends something, typed just now or before, and waits for the answer or does not.
    Send(usize, usize, What, Fault, bool),
    /// What was sent last is sent again, so far as the desk lets it.
    Again(usize, Fault),
    /// What was typed last at a desk is sent from the one beside it too, where somebody says yes or no if that asks.
    Beside(usize, Fault, bool),
    /// The answers that a desk waits for come in this order, while something is wrong with what it reads; where there
    /// are none, time passes until something is due.
    Play(usize, &'static str, Vec<usize>),
    /// A desk goes on until it waits for nothing.
    Finish(usize),
    /// A desk is killed, and started again.
    Kill(usize),
    /// A desk goes to another account for a while.
    Away(usize),
    /// The clock of a desk's machine is set, by so many seconds.
    Clock(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let desk = || 0..3_usize;
    let order = || 0..2_usize;
    let fault = || prop::sample::select(&FAULTS[..]);
    let what = || prop::sample::select(&What::ALL[..]);
    let picks = prop::collection::vec(0..12_usize, 1..16);
    let trouble = prop::sample::select(&TROUBLES[..]);
    let clocks = [-86_400, -3600, -90, 1200, 34_560_000];
    prop_oneof![
        1 => (desk(), order(), what(), any::<bool>())
            .prop_map(|(desk, order, what, killed)| Step::Type(desk, order, what, killed)),
        4 => (desk(), order(), what(), fault(), any::<bool>())
            .prop_map(|(desk, order, what, fault, waits)| Step::Send(desk, order, what, fault, waits)),
        2 => (desk(), fault()).prop_map(|(desk, fault)| Step::Again(desk, fault)),
        1 => (desk(), fault(), any::<bool>())
            .prop_map(|(desk, fault, insists)| Step::Beside(desk, fault, insists)),
        3 => (desk(), trouble, picks).prop_map(|(desk, trouble, picks)| Step::Play(desk, trouble, picks)),
        1 => desk().prop_map(Step::Finish),
        2 => desk().prop_map(Step::Kill),
        1 => desk().prop_map(Step::Away),
        1 => (desk(), prop::sample::select(clocks.to_vec())).prop_map(|(desk, by)| Step::Clock(desk, by)),
    ]
}

fn take(office: &mut Office<'_>, step: Step) {
    match step {
        Step::Type(at, order, what, killed) => {
            office.begin(at, order, what);
            office.leave(at, killed);
        }
        Step::Send(at, order, what, fault, waits) => office.send(at, order, what, fault, waits),
        Step::Again(at, fault) => office.send_again(at, fault),
        Step::Beside(at, fault, insists) => office.send_beside(at, fault, insists),
        Step::Play(at, trouble, picks) => office.play(at, trouble, &picks),
        Step::Finish(at) => office.finish(at),
        Step::Kill(at) => office.kill(at),
        Step::Away(at) => office.away(at),
        Step::Clock(at, by) => office.step_clock(at, by),
    }
}

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

fn rng(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

#[test]
fn what_is_wanted_is_there_at_most_once_and_the_journals_are_true() {
    let made = Made::new();
    let first = number("DESKS_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    let end = first + number("DESKS_CASES").unwrap_or(CASES);
    let steps = number("DESKS_STEPS").unwrap_or(STEPS) as usize;
    let next = AtomicU64::new(first);
    let hands = std::thread::available_parallelism().map_or(1, |hands| hands.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    run(&made, seed, steps);
                }
            });
        }
    });
}

fn run(made: &Made, seed: u64, steps: usize) {
    let config = Config {
        cases: 1,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng(seed));
    let run = runner.run(&prop::collection::vec(step(), 2..=steps), |steps| {
        let folder = in_memory();
        let server = made.account(folder.path());
        let mut office = Office::new(made, &server, folder.path());
        for step in steps {
            take(&mut office, step);
        }
        office.check();
        Ok(())
    });
    if let Err(error) = run {
        panic!("DESKS_SEED={seed} DESKS_CASES=1 DESKS_STEPS={steps}: {error}");
    }
}

/// Whatever became of a request, and however far its desk followed it, the desk beside it that sends the same is told the
/// truth about the first.
#[test]
fn the_same_sent_from_the_desk_beside_it() {
    let made = Made::new();
    let between: [&[Step]; 3] = [&[], &[Step::Finish(0)], &[Step::Kill(0)]];
    let fates = ["", "lost", "reset", "hang", "429"];
    for fault in FAULTS.into_iter().filter(|fault| fates.contains(&fault.0)) {
        for between in between {
            let folder = in_memory();
            let server = made.account(folder.path());
            let mut office = Office::new(&made, &server, folder.path());
            let (what, insists) = (What::Duplicate, between.is_empty());
            take(&mut office, Step::Send(0, 0, what, fault, true));
            for step in between {
                take(&mut office, step.clone());
            }
            take(&mut office, Step::Beside(0, FAULTS[0], insists));
            office.check();
        }
    }
}
