//! The synchronisation against accounts that change, shrink, repeat themselves and ignore what they are asked.

mod changes;
mod full;
mod listing;
mod moving;
mod named;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Known, OrderPage, Source, SyncEvent, run};
use crate::certcentral::ApiError;
use crate::certcentral::endpoints::Unread;
use crate::domain::ids::OrderId;
use crate::domain::order::OrderSummary;
use crate::domain::packed::Rows;
use crate::domain::product::ProductRef;
use crate::domain::status::OrderStatus;
use crate::store::Cursor;

/// A call that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Page(u64),
    Named(Vec<u64>),
    Changed(u32),
    RenewalOf(u64),
}

/// What the account does before it answers the n-th call.
type Habit = Box<dyn FnMut(usize, &mut Vec<u64>) + Send>;

#[derive(Default)]
pub(super) struct Account {
    /// Order numbers, in the list's order.
    pub orders: Vec<u64>,
    /// Numbers with a change of status; `None` refuses the question.
    pub changed: Option<Vec<u64>>,
    /// Filters by number are ignored.
    pub ignores_filter: bool,
    /// A filter may name one order only; the first counts.
    pub one_at_a_time: bool,
    /// The first page comes whatever the offset.
    pub ignores_offset: bool,
    /// Rows at most in a page.
    pub largest: Option<u64>,
    /// The total is not told.
    pub silent: bool,
    /// Orders whose rows in the list cannot be read, and whether those say which order they are.
    pub unread: BTreeMap<u64, bool>,
    /// The same, also where they are asked for by number.
    pub never_read: bool,
    /// Milliseconds that the newest orders take; they cannot be asked for where there are none.
    pub newest_takes: Option<u64>,
    /// Orders that are the newest, and not in the list any more once its pages are read.
    pub gone_soon: Vec<u64>,
    /// Orders that were rejected.
    pub rejected: Vec<u64>,
    /// Which orders renew which.
    pub renewals: BTreeMap<u64, u64>,
    /// By how much the clock goes on with each call, in seconds.
    pub slow: i64,
    /// The n-th call fails.
    pub fails_at: Option<usize>,
    /// How many there are in all, as told; else as many as there are.
    pub counts: Option<u64>,
    /// Milliseconds that a page takes while so many are on their way.
    pub takes: Option<fn(usize) -> u64>,
    /// Pages on their way, and how many there ever were at once.
    pub under_way: usize,
    pub most_under_way: usize,
    /// Changes between the calls.
    pub habit: Option<Habit>,
    /// Seconds on the clock.
    pub clock: i64,
    pub asked: Vec<Asked>,
}

#[derive(Clone, Default)]
pub(super) struct Fake(Arc<Mutex<Account>>);

impl Fake {
    pub fn with(account: Account) -> Self {
        Self(Arc::new(Mutex::new(account)))
    }

    pub fn lock(&self) -> MutexGuard<'_, Account> {
        self.0.lock().unwrap()
    }

    fn enter(&self, asked: Asked) -> Result<MutexGuard<'_, Account>, ApiError> {
        let mut account = self.lock();
        let call = account.asked.len();
        account.asked.push(asked);
        account.clock += account.slow;
        if let Some(mut habit) = account.habit.take() {
            habit(call, &mut account.orders);
            account.habit = Some(habit);
        }
        if account.fails_at == Some(call) {
            return Err(lost());
        }
        Ok(account)
    }
}

impl Account {
    fn answer(&self, from: &[u64], offset: u64, limit: u64, listed: bool) -> OrderPage {
        let offset = if self.ignores_offset { 0 } else { offset };
        let limit = self.largest.map_or(limit, |largest| limit.min(largest));
        let page = from.iter().skip(offset as usize).take(limit as usize);
        let (mut rows, mut unread) = (Vec::new(), Vec::new());
        for (at, &id) in page.enumerate() {
            match self.unread.get(&id) {
                Some(named) if listed || self.never_read => unread.push(Unread {
                    at,
                    id: named.then_some(id),
                }),
                _ => rows.push(OrderSummary {
                    status: if self.rejected.contains(&id) {
                        OrderStatus::Rejected
                    } else {
                        OrderStatus::Issued
                    },
                    is_renewed: self.renewals.values().any(|old| *old == id),
                    ..order(id)
                }),
            }
        }
        OrderPage {
            rows: Rows::from_iter(rows),
            unread,
            total: (!self.silent).then_some(self.counts.unwrap_or(from.len() as u64)),
        }
    }
}

impl Source for Fake {
    async fn page(&self, offset: u64, limit: u64) -> Result<OrderPage, ApiError> {
        let takes = {
            let mut account = self.enter(Asked::Page(offset))?;
            account.under_way += 1;
            account.most_under_way = account.most_under_way.max(account.under_way);
            account.takes.map(|takes| takes(account.under_way))
        };
        if let Some(takes) = takes {
            tokio::time::sleep(Duration::from_millis(takes)).await;
        }
        let mut account = self.lock();
        account.under_way -= 1;
        Ok(account.answer(&account.orders, offset, limit, true))
    }

    async fn newest(&self, limit: u64) -> Result<OrderPage, ApiError> {
        let takes = self.lock().newest_takes.ok_or_else(refused)?;
        tokio::time::sleep(Duration::from_millis(takes)).await;
        let account = self.lock();
        let newest = account.gone_soon.iter().chain(account.orders.iter().rev());
        let newest: Vec<u64> = newest.copied().collect();
        Ok(account.answer(&newest, 0, limit, true))
    }

    async fn named(&self, ids: Vec<OrderId>) -> Result<OrderPage, ApiError> {
        let mut ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
        let account = self.enter(Asked::Named(ids.clone()))?;
        if account.ignores_filter {
            return Ok(account.answer(&account.orders, 0, 1000, false));
        }
        if account.one_at_a_time {
            ids.truncate(1);
        }
        ids.retain(|id| account.orders.contains(id));
        Ok(account.answer(&ids, 0, 1000, false))
    }

    async fn changed(&self, seconds: u32) -> Result<Vec<OrderId>, ApiError> {
        let account = self.enter(Asked::Changed(seconds))?;
        match &account.changed {
            Some(changed) => Ok(changed.iter().copied().map(OrderId).collect()),
            None => Err(refused()),
        }
    }

    async fn renewal_of(&self, id: OrderId) -> Result<Option<OrderId>, ApiError> {
        let account = self.enter(Asked::RenewalOf(id.0))?;
        Ok(account.renewals.get(&id.0).copied().map(OrderId))
    }
}

pub(super) fn order(id: u64) -> OrderSummary {
    OrderSummary {
        id: OrderId(id),
        certificate_id: None,
        status: OrderStatus::Issued,
        common_name: String::new(),
        dns_names: Vec::new(),
        serial: None,
        valid_from: None,
        valid_till: None,
        order_valid_till: None,
        created: None,
        is_renewed: false,
        product: ProductRef::default(),
        organization: None,
        container: None,
        duplicates: 0,
        reissues: 0,
    }
}

fn lost() -> ApiError {
    ApiError::BadKey {
        reason: "stands for any failure".into(),
    }
}

fn refused() -> ApiError {
    ApiError::NotFound {
        what: "the list of status changes".into(),
        errors: Vec::new(),
    }
}

pub(super) fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

pub(super) fn days(days: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 - days * 86_400).unwrap()
}

pub(super) fn known(orders: impl IntoIterator<Item = u64>, full: Option<Timestamp>) -> Known {
    Known {
        is_shown: false,
        orders: orders.into_iter().map(OrderId).collect(),
        cursor: Cursor {
            last_full: full,
            last_change: full,
        },
    }
}

/// What a run told in the end.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub rows: BTreeMap<u64, OrderSummary>,
    /// `done` and `total` of each page.
    pub progress: Vec<(u64, u64)>,
    pub removed: Vec<u64>,
    pub cursor: Option<Cursor>,
    pub failed: bool,
    pub why: String,
}

impl Heard {
    pub fn ids(&self) -> Vec<u64> {
        self.rows.keys().copied().collect()
    }

    pub fn is_complete(&self) -> bool {
        self.cursor
            .is_some_and(|cursor| cursor.last_full == Some(now()))
    }
}

/// Runs to the end and collects what was told.
pub(super) async fn hear(fake: &Fake, known: Known) -> Heard {
    let (events, mut heard) = mpsc::channel(1);
    let clock = fake.clone();
    let clock = move || now() + jiff::SignedDuration::from_secs(clock.lock().clock);
    let run = tokio::spawn(run(fake.clone(), known, clock, events));
    let mut all = Heard::default();
    while let Some(event) = heard.recv().await {
        assert!(
            all.cursor.is_none() && !all.failed,
            "nothing comes after the end"
        );
        match event {
            SyncEvent::Newest { rows, total } => {
                assert!(all.rows.is_empty(), "they come before all others");
                all.progress.push((rows.len() as u64, total));
                all.rows
                    .extend(rows.iter().map(|row| (row.id.0, row.summary())));
            }
            SyncEvent::Page { rows, done, total } => {
                assert!(!rows.is_empty());
                assert!(done <= total, "{done} of {total}");
                all.progress.push((done, total));
                all.rows
                    .extend(rows.iter().map(|row| (row.id.0, row.summary())));
            }
            SyncEvent::Finished { removed, cursor } => {
                all.removed = removed.into_iter().map(|id| id.0).collect();
                all.cursor = Some(cursor);
            }
            SyncEvent::Failed(why) => {
                all.failed = true;
                all.why = why.to_string();
            }
        }
    }
    run.await.unwrap();
    all
}
