//! What all calls share: the account behind one lock, the authority, the clock, counters.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use jiff::SignedDuration;

use super::call::Call;
use super::endpoint::{Endpoint, Verb};
use super::rate::RateLimiter;
use crate::sandbox::ca::Ca;
use crate::sandbox::clock::Clock;
use crate::sandbox::faults::FaultPlan;
use crate::sandbox::model::Account;
use crate::sandbox::rules::{Asked, Context, Refusal, allowed, issue};
use crate::sandbox::state_file::{StateFile, StateFileError};
use crate::sandbox::tables::Product;

/// The shared state of a running sandbox.
#[derive(Debug)]
pub struct Desk {
    account: RwLock<Account>,
    pub ca: Ca,
    pub clock: Clock,
    /// How long slow issuance takes.
    pub issue_delay: SignedDuration,
    pub faults: FaultPlan,
    /// Rate limits, if they are kept.
    pub rate: Option<RateLimiter>,
    /// Where the state is kept, if it is.
    state: Option<StateFile>,
    version: AtomicU64,
    calls: Vec<AtomicU64>,
    other_calls: AtomicU64,
    bodies: Mutex<VecDeque<(Endpoint, Bytes)>>,
    found: Mutex<Found>,
}

/// Bodies that are remembered.
const BODIES: usize = 64;

/// Lists that were filtered and sorted before, for the pages that follow the first.
#[derive(Debug, Default)]
struct Found {
    version: u64,
    lists: HashMap<String, Arc<Vec<u32>>>,
}

impl Desk {
    /// A desk over an account.
    pub fn new(
        account: Account,
        ca: Ca,
        issue_delay: SignedDuration,
        faults: FaultPlan,
        limits: bool,
        state: Option<StateFile>,
    ) -> Self {
        Self {
            account: RwLock::new(account),
            ca,
            clock: Clock::default(),
            issue_delay,
            faults,
            rate: limits.then(RateLimiter::default),
            state,
            version: AtomicU64::new(0),
            calls: Endpoint::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            other_calls: AtomicU64::new(0),
            bodies: Mutex::default(),
            found: Mutex::default(),
        }
    }

    /// The account, to read.
    pub fn read(&self) -> RwLockReadGuard<'_, Account> {
        self.account.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account, to change.
    pub fn write(&self) -> RwLockWriteGuard<'_, Account> {
        let account = self.account.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: a reader that still searches the old account must not file its list under the new version.
        self.version.fetch_add(1, Ordering::Release);
        account
    }

    /// Writes to the state file what changed; called before every answer.
    pub fn keep(&self) -> Result<(), StateFileError> {
        let version = || self.version.load(Ordering::Acquire);
        self.state
            .as_ref()
            .map_or(Ok(()), |file| file.keep(version, || self.read(), &self.ca))
    }

    /// Writes the state file whole, for the last time.
    pub fn finish(&self) -> Result<(), StateFileError> {
        self.state
            .as_ref()
            .map_or(Ok(()), |file| file.finish(&self.read(), &self.ca))
    }

    /// Brings forward what became ready; called before every answer.
    pub fn settle(&self) {
        let now = self.clock.now();
        if self.read().is_due(now) {
            issue::settle(&mut self.write(), now, self.issue_delay);
        }
    }

    /// What the rules need to know of a call.
    pub fn context(&self, call: &Call) -> Context<'_> {
        Context {
            ca: &self.ca,
            now: call.now,
            issue_delay: self.issue_delay,
            actor: call.actor,
        }
    }

    /// The indices that a search found, remembered until the account changes.
    pub fn remembered(
        &self,
        account: &Account,
        key: String,
        find: impl FnOnce(&Account) -> Vec<u32>,
    ) -> Arc<Vec<u32>> {
        let version = self.version.load(Ordering::Acquire);
        {
            let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            if found.version == version
                && let Some(list) = found.lists.get(&key)
            {
                return Arc::clone(list);
            }
        }
        let list = Arc::new(find(account));
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.version != version || found.lists.len() > 32 {
            *found = Found {
                version,
                lists: HashMap::new(),
            };
        }
        found.lists.insert(key, Arc::clone(&list));
        list
    }

    /// Fits what is asked for to the account. A chosen intermediate is forgotten where the account has no choice; and where the
    /// product's own identifier stands in its place, which one published provider sends. A profile has to exist.
    pub fn fit(&self, product: &Product, asked: &mut Asked) -> Result<(), Refusal> {
        let account = self.read();
        let is_product = asked.ca_cert_id.as_deref() == Some(product.name_id);
        if account.ignores_chosen_ca || is_product {
            asked.ca_cert_id = None;
        }
        allowed::profile(&account, asked)?;
        allowed::providers(&account, product, asked, self.clock.now())
    }

    /// Remembers what came with a call that changes something; the oldest is forgotten for it.
    pub fn remember(&self, endpoint: Endpoint, body: &Bytes) {
        if endpoint.route().0 == Verb::Get {
            return;
        }
        let mut bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        bodies.truncate(BODIES - 1);
        bodies.push_front((endpoint, body.clone()));
    }

    /// The body that came to an endpoint last.
    pub fn received(&self, endpoint: Endpoint) -> Option<Bytes> {
        let bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_it = bodies.iter().filter(|(at, _)| *at == endpoint);
        of_it.next().map(|(_, body)| body.clone())
    }

    /// Counts a call.
    pub fn count(&self, endpoint: Option<Endpoint>) {
        match endpoint.and_then(|endpoint| self.calls.get(endpoint.number())) {
            Some(counter) => counter.fetch_add(1, Ordering::Relaxed),
            None => self.other_calls.fetch_add(1, Ordering::Relaxed),
        };
    }

    /// Calls of an endpoint so far.
    pub fn calls_of(&self, endpoint: Endpoint) -> u64 {
        self.calls
            .get(endpoint.number())
            .map_or(0, |counter| counter.load(Ordering::Relaxed))
    }

    /// All calls so far, also of unknown routes.
    pub fn calls(&self) -> u64 {
        let known: u64 = self
            .calls
            .iter()
            .map(|counter| counter.load(Ordering::Relaxed))
            .sum();
        known + self.other_calls.load(Ordering::Relaxed)
    }
}
