//! Keeps this program within the account's two rolling windows: 100 calls in 5 s and 1000 in 3 minutes, per key.
//!
//! A true rolling window, which a token bucket is not: a bucket of 100 lets 100 go at once and up to 100 more while
//! the first still count. A call counts from the moment it leaves until a window's length after it *ended*, because
//! the server counts it at some moment in between; so a slow line cannot squeeze two windows' calls into one.
//!
//! A part of each window is kept free of background work, so that a person never waits for a synchronisation.
//!
//! Source: "Rate limits" of the Services API documentation.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Who goes first when calls have to wait. Later variants go before earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Synchronisation that nobody waits for.
    Background,
    /// A read that somebody looks at.
    Interactive,
    Write,
}

/// At most `calls` in any stretch of `length`; `background` of them for background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub calls: usize,
    /// Calls in all beyond which background work waits.
    pub background: usize,
    /// Length of the window.
    pub length: Duration,
}

/// The documented windows.
pub const DOCUMENTED: [Window; 2] = [
    Window {
        calls: 100,
        background: 80,
        length: Duration::from_secs(5),
    },
    Window {
        calls: 1000,
        background: 850,
        length: Duration::from_mins(3),
    },
];

/// The gate that every call passes. One for each key; clones of a client share it.
#[derive(Debug)]
pub struct Limiter {
    windows: Vec<Window>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    in_flight: usize,
    /// When calls ended, oldest first; nothing older than the longest window.
    ended: VecDeque<Instant>,
    /// How many wait, by priority.
    waiting: [usize; 3],
    /// The server said to stay away until then.
    closed_until: Option<Instant>,
}

/// What stands between a call and its way.
enum Verdict {
    Go,
    At(Instant),
    /// Until a running call ends or a more important one has gone.
    OnChange,
}

impl Limiter {
    /// A limiter with the given windows; none at all lets everything pass.
    pub fn new(windows: impl Into<Vec<Window>>) -> Arc<Self> {
        Arc::new(Self {
            windows: windows.into(),
            state: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// Waits for the call's turn. The permit is kept until the answer is read; dropping it, also by cancelling the
    /// call, starts the time after which the call no longer counts.
    pub async fn acquire(self: &Arc<Self>, priority: Priority) -> Permit {
        let waiting = Waiting::new(self, priority);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Listens from here on, so that a change between the verdict and the wait is not missed.
            changed.as_mut().enable();
            let verdict = self.verdict(priority, Instant::now());
            match verdict {
                Verdict::Go => break,
                Verdict::OnChange => changed.await,
                Verdict::At(instant) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(instant) => {}
                        () = changed => {}
                    }
                }
            }
        }
        drop(waiting);
        Permit {
            limiter: Arc::clone(self),
        }
    }

    /// Lets nothing pass for that long: the server said 429, and until its windows clear it says so to everything.
    pub fn close_for(&self, wait: Duration) {
        let longest = self.windows.iter().map(|window| window.length).max();
        // No window is closed for longer than the longest takes to clear, and none for longer than an hour.
        let wait = wait.min(longest.unwrap_or_default().max(Duration::from_hours(1)));
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.closed_until = state.closed_until.max(Some(until));
    }

    /// Decides, and counts the call in when it may go.
    fn verdict(&self, priority: Priority, now: Instant) -> Verdict {
        let mut state = self.state();
        if let Some(until) = state.closed_until {
            if until > now {
                return Verdict::At(until);
            }
            state.closed_until = None;
        }
        if state.waiting[priority as usize + 1..].iter().sum::<usize>() > 0 {
            return Verdict::OnChange;
        }
        let longest = self.windows.iter().map(|window| window.length).max();
        let Some(longest) = longest else {
            state.in_flight += 1;
            return Verdict::Go;
        };
        while state.ended.front().is_some_and(|end| *end + longest <= now) {
            state.ended.pop_front();
        }
        let mut at = now;
        for window in &self.windows {
            let calls = match priority {
                Priority::Background => window.background,
                Priority::Interactive | Priority::Write => window.calls,
            };
            let counting = state.ended.len()
                - state
                    .ended
                    .partition_point(|end| *end + window.length <= now);
            let over = (state.in_flight + counting + 1).saturating_sub(calls);
            if over > counting {
                return Verdict::OnChange;
            }
            if over > 0 {
                // The call may go when the `over` oldest of those that count no longer do.
                let freeing = state.ended[state.ended.len() - counting + over - 1];
                at = at.max(freeing + window.length);
            }
        }
        if at > now {
            return Verdict::At(at);
        }
        state.in_flight += 1;
        Verdict::Go
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a caller among those who wait, for as long as it does.
struct Waiting<'a> {
    limiter: &'a Limiter,
    priority: Priority,
}

impl<'a> Waiting<'a> {
    fn new(limiter: &'a Limiter, priority: Priority) -> Self {
        limiter.state().waiting[priority as usize] += 1;
        Self { limiter, priority }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.limiter.state().waiting[self.priority as usize] -= 1;
        self.limiter.changed.notify_waiters();
    }
}

/// A call that is on its way.
#[derive(Debug)]
pub struct Permit {
    limiter: Arc<Limiter>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        state.in_flight -= 1;
        if !self.limiter.windows.is_empty() {
            state.ended.push_back(Instant::now());
        }
        drop(state);
        self.limiter.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Arc<Limiter> {
        Limiter::new([Window {
            calls: 4,
            background: 3,
            length: Duration::from_secs(5),
        }])
    }

    #[tokio::test(start_paused = true)]
    async fn no_stretch_of_the_window_holds_more_than_allowed() {
        let limiter = Limiter::new(DOCUMENTED);
        let mut ends = Vec::new();
        for n in 0..2500_u64 {
            let permit = limiter.acquire(Priority::Interactive).await;
            tokio::time::advance(Duration::from_millis(n % 7)).await;
            ends.push(Instant::now());
            drop(permit);
        }
        for window in DOCUMENTED {
            for pair in ends.windows(window.calls + 1) {
                assert!(pair[window.calls] - pair[0] >= window.length);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_window_opens_when_its_oldest_call_is_old_enough() {
        let limiter = small();
        let start = Instant::now();
        for _ in 0..4 {
            drop(limiter.acquire(Priority::Write).await);
        }
        drop(limiter.acquire(Priority::Write).await);
        assert_eq!(start.elapsed().as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_on_their_way_count_until_they_ended() {
        let limiter = small();
        let mut running = Vec::new();
        for _ in 0..4 {
            running.push(limiter.acquire(Priority::Interactive).await);
        }
        let next = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { drop(limiter.acquire(Priority::Interactive).await) }
        });
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert!(!next.is_finished());
        running.clear();
        let start = Instant::now();
        next.await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn background_work_leaves_room_for_a_person() {
        let limiter = small();
        let start = Instant::now();
        for _ in 0..3 {
            drop(limiter.acquire(Priority::Background).await);
        }
        let background = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { drop(limiter.acquire(Priority::Background).await) }
        });
        tokio::task::yield_now().await;
        drop(limiter.acquire(Priority::Interactive).await);
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(!background.is_finished());
        background.await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_more_important_goes_first() {
        let limiter = small();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut running = Vec::new();
        for _ in 0..4 {
            running.push(limiter.acquire(Priority::Interactive).await);
        }
        let mut tasks = Vec::new();
        for priority in [Priority::Background, Priority::Interactive, Priority::Write] {
            let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let permit = limiter.acquire(priority).await;
                order.lock().unwrap().push(priority);
                drop(permit);
            }));
            tokio::task::yield_now().await;
        }
        running.clear();
        for task in tasks {
            task.await.unwrap();
        }
        let order = order.lock().unwrap().clone();
        let expected = [Priority::Write, Priority::Interactive, Priority::Background];
        assert_eq!(order, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_keeps_everybody_back() {
        let limiter = Limiter::new([]);
        limiter.close_for(Duration::from_secs(9));
        let start = Instant::now();
        drop(limiter.acquire(Priority::Write).await);
        assert_eq!(start.elapsed().as_secs(), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_stands_in_nobodys_way() {
        let limiter = small();
        for _ in 0..4 {
            drop(limiter.acquire(Priority::Write).await);
        }
        let write = limiter.acquire(Priority::Write);
        let gone = tokio::time::timeout(Duration::from_secs(1), write).await;
        assert!(gone.is_err());
        let start = Instant::now();
        drop(limiter.acquire(Priority::Interactive).await);
        assert_eq!(start.elapsed().as_secs(), 4);
    }
}
