//! The list of orders between account, store and model: what a run finds is stored and shown, and what another certdeck
//! stored is shown too.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::effects::{Event, not_kept, say};
use super::failure::failure;
use super::storing::Storing;
use crate::app::msg::{Msg, SyncEvent};
use crate::app::remote::Ticket;
use crate::domain::packed::Rows;
use crate::domain::text::counted;
use crate::store::{self, Cursor, Store};
use crate::sync;

/// One run over the list of orders, on its way from the account to the store and to the model.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub storing: Storing,
    pub account: String,
    pub ticket: Ticket,
    pub tx: UnboundedSender<Event>,
    /// Whether the store did not take something of it, which is told once: a run of many pages fails as often.
    refused: Arc<AtomicBool>,
    waiting: Arc<Mutex<Waiting>>,
}

/// What was found and is to be stored.
#[derive(Debug, Default)]
struct Waiting {
    /// Pages that wait until there are enough.
    pages: Vec<Arc<Rows>>,
    /// What is stored only of a list that was not read to its end.
    newest: Option<Arc<Rows>>,
}

/// How many pages are stored together: a fraction of the time that a key may wait.
const TOGETHER: usize = 8;

impl Run {
    /// A run whose pages go to the store of `account`, and to the model under `ticket`.
    pub fn new(
        storing: Storing,
        account: String,
        ticket: Ticket,
        tx: UnboundedSender<Event>,
    ) -> Self {
        Self {
            storing,
            account,
            ticket,
            tx,
            refused: Arc::default(),
            waiting: Arc::default(),
        }
    }

    fn say(&self, event: SyncEvent) {
        let run = self.ticket;
        say(&self.tx, Msg::Sync { run, event });
    }

    fn refused(&self, error: &store::StoreError) {
        let what = "The list of orders";
        if self.refused.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, what, "not stored");
        } else {
            not_kept(&self.tx, what, error);
        }
    }

    /// What the store knows as the run begins. What another certdeck stored meanwhile goes to the model before.
    pub async fn known(&self) -> sync::Known {
        let run = self.clone();
        let known = self.storing.ask(move |store| match run.catch_up(store) {
            Ok(known) => known,
            Err(error) => {
                // Read in full then, and for nobody's cursor: which orders are gone cannot be told without it.
                run.refused(&error);
                sync::Known::default()
            }
        });
        known.await.unwrap_or_default()
    }

    fn catch_up(&self, store: &mut Store) -> Result<sync::Known, store::StoreError> {
        let account = &self.account;
        let mut cursor = store.cursor(account)?;
        if store.is_behind(account, cursor) {
            let sink = |rows| {
                self.say(SyncEvent::Stored(Arc::new(rows)));
                ControlFlow::Continue(())
            };
            let loaded = store.load_all(account, sink)?;
            if loaded.unreadable > 0 {
                cursor = read_again(store, account, cursor, loaded.unreadable, &self.tx);
            } else {
                self.say(SyncEvent::Held(loaded.rows));
            }
        }
        let orders = store.order_ids(account)?;
        Ok(sync::Known {
            orders,
            cursor,
            is_shown: false,
        })
    }

    /// Takes what the run found: rows and cursor to the store, and the news to the model. The cursor moves only when
    /// the store took every row, and from `from`.
    pub fn found(&self, event: sync::SyncEvent, from: store::Cursor) {
        match event {
            sync::SyncEvent::Newest { rows, total } => {
                self.waiting().newest = Some(Arc::clone(&rows));
                let done = rows.len() as u64;
                self.say(SyncEvent::Rows { rows, done, total });
            }
            sync::SyncEvent::Page { rows, done, total } => {
                self.store(Some(Arc::clone(&rows)));
                self.say(SyncEvent::Rows { rows, done, total });
            }
            sync::SyncEvent::Finished { removed, cursor } => {
                self.waiting().newest = None;
                self.store(None);
                let run = self.clone();
                let gone = removed.clone();
                self.storing.go(move |store| {
                    if !store.is_lasting() {
                        return;
                    }
                    let kept = store.remove_orders(&run.account, &gone).and_then(|_| {
                        if run.refused.load(Ordering::Relaxed) {
                            return Ok(false);
                        }
                        store.move_cursor(&run.account, from, cursor)
                    });
                    if let Err(error) = kept {
                        run.refused(&error);
                    }
                    store.shrink();
                });
                self.say(SyncEvent::Finished { removed });
            }
            sync::SyncEvent::Failed(error) => {
                self.store(None);
                self.say(SyncEvent::Failed(failure(&error)));
            }
        }
    }

    /// Stores what waits for more pages, of a run that goes no further. Where it `is_over` by itself, all that it found out
    /// of what other desks stored was taken; else the next run has to find that out again.
    pub fn end(&self, is_over: bool) {
        self.store(None);
        if !is_over {
            let account = self.account.clone();
            self.storing
                .go(move |store| store.follow(&account, Cursor::default()));
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a page with those before it once there are enough; without one, those that wait, and the newest.
    fn store(&self, page: Option<Arc<Rows>>) {
        let is_end = page.is_none();
        let mut waiting = self.waiting();
        waiting.pages.extend(page);
        let newest = waiting.newest.take_if(|_| is_end);
        if waiting.pages.len() < TOGETHER && !is_end {
            return;
        }
        let pages = std::mem::take(&mut waiting.pages);
        drop(waiting);
        if pages.is_empty() && newest.is_none() {
            return;
        }
        let run = self.clone();
        self.storing.go(move |store| {
            if !store.is_lasting() {
                return;
            }
            let all = pages.iter().map(AsRef::as_ref);
            match store.upsert_pages(&run.account, all) {
                Ok(_) => {}
                // Each of them would wait as long again.
                Err(error @ store::StoreError::Busy { .. }) => return run.refused(&error),
                // What one of them is refused for keeps no other out.
                Err(_) => {
                    for page in pages {
                        if let Err(error) = store.upsert_orders(&run.account, &page) {
                            run.refused(&error);
                        }
                    }
                }
            }
            // Those of them that a page brought since are older than it.
            if let Some(newest) = newest
                && let Err(error) = store.add_orders(&run.account, &newest)
            {
                run.refused(&error);
            }
        });
    }
}

/// Sees to it that stored rows which cannot be read come again: only a full reading brings them back. Returns the mark
/// that holds from now on.
fn read_again(
    store: &mut Store,
    account: &str,
    cursor: store::Cursor,
    unreadable: usize,
    tx: &UnboundedSender<Event>,
) -> store::Cursor {
    let orders = counted(unreadable, "stored order", "stored orders");
    let words = format!("{orders} cannot be read: loading the whole list again.");
    say(tx, Msg::Notice(words));
    let none = store::Cursor::default();
    if let Err(error) = store.move_cursor(account, cursor, none) {
        say(tx, Msg::Notice(error.to_string()));
    }
    none
}

/// Lets no more than two pieces of a long list wait for the loop.
#[derive(Debug, Default)]
pub struct HandOver(Option<oneshot::Receiver<()>>);

impl HandOver {
    /// Waits until all is taken that was sent before the last piece.
    pub async fn sent(&mut self, tx: &UnboundedSender<Event>) {
        let (told, taken) = oneshot::channel();
        let _ = tx.send(Event::Taken(told));
        if let Some(earlier) = self.0.replace(taken) {
            // A loop that has ended takes nothing any more, and waits for nothing.
            let _ = earlier.await;
        }
    }
}

/// What the last session saw: the first screenful, then the rest, between which the store does what else it is asked for.
pub async fn load_cache(storing: Storing, account: String, tx: UnboundedSender<Event>) {
    let of = account.clone();
    let first = storing.ask(move |store| {
        let cursor = store.cursor(&of).unwrap_or_default();
        // What another certdeck stores from here on is told by its mark.
        store.follow(&of, cursor);
        // Where they cannot be read, the whole list says so.
        (cursor, store.load_first(&of).unwrap_or_default())
    });
    let Some((cursor, first)) = first.await else {
        return;
    };
    if let Some(at) = cursor.last_change.max(cursor.last_full) {
        let (account, orders) = (account.clone(), first.of);
        say(
            &tx,
            Msg::ListOf {
                account,
                at,
                orders,
            },
        );
    }
    let came = |rows| {
        let (account, rows) = (account.clone(), Arc::new(rows));
        say(&tx, Msg::Cached { account, rows });
    };
    if !first.rows.is_empty() {
        came(first.rows);
    }
    let mut hand_over = HandOver::default();
    let mut unreadable = 0;
    let mut after = None;
    loop {
        let of = account.clone();
        let batch = match storing.ask(move |store| store.load_after(&of, after)).await {
            Some(Ok(batch)) => batch,
            Some(Err(error)) => {
                let of = account.clone();
                storing.go(move |store| store.follow(&of, Cursor::default()));
                say(&tx, Msg::Notice(error.to_string()));
                return;
            }
            None => return,
        };
        unreadable += batch.unreadable;
        if !batch.rows.is_empty() {
            came(batch.rows);
            hand_over.sent(&tx).await;
        }
        after = batch.last;
        if after.is_none() {
            break;
        }
    }
    came(Rows::default());
    let of = account.clone();
    if let Some(Ok(all)) = storing.ask(move |store| store.load_endpoints(&of)).await
        && !all.is_empty()
    {
        let account = account.clone();
        say(&tx, Msg::KeptEndpoints { account, all });
    }
    let of = account.clone();
    // What cannot be read is looked at again when somebody asks.
    if let Some(Ok(all)) = storing.ask(move |store| store.load_served(&of)).await
        && !all.is_empty()
    {
        let account = account.clone();
        say(&tx, Msg::KeptServed { account, all });
    }
    storing.go(move |store| {
        if unreadable > 0 {
            read_again(store, &account, cursor, unreadable, &tx);
        }
        store.shrink();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OrderId;
    use jiff::Timestamp;

    fn row(id: u64) -> crate::domain::order::OrderSummary {
        crate::app::testing::summary(id, "a.example.net")
    }

    fn mark(second: i64) -> store::Cursor {
        store::Cursor {
            last_full: Some(Timestamp::UNIX_EPOCH),
            last_change: Timestamp::from_second(second).ok(),
        }
    }

    /// A desk on a store: its runs, and what they say.
    struct Beside {
        storing: Storing,
        tx: UnboundedSender<Event>,
        events: tokio::sync::mpsc::UnboundedReceiver<Event>,
    }

    impl Beside {
        fn on(path: &std::path::Path) -> Self {
            let storing = Storing::open(Some(path.to_owned()), |error| panic!("{error}")).unwrap();
            let (tx, events) = tokio::sync::mpsc::unbounded_channel();
            Self {
                storing,
                tx,
                events,
            }
        }

        fn run(&self) -> Run {
            let (storing, tx) = (self.storing.clone(), self.tx.clone());
            Run::new(storing, "a".into(), Ticket(1), tx)
        }

        /// A run that finds rows, one a page, and misses others.
        async fn finds(&mut self, found: &[u64], removed: &[u64], to: store::Cursor) {
            let run = self.run();
            let from = run.known().await.cursor;
            for &id in found {
                let (rows, done, total) = (Rows::from_iter([row(id)]).into(), 1, 1);
                run.found(sync::SyncEvent::Page { rows, done, total }, from);
            }
            let removed = removed.iter().copied().map(OrderId).collect();
            let cursor = to;
            run.found(sync::SyncEvent::Finished { removed, cursor }, from);
            self.heard().await;
        }

        async fn heard(&mut self) -> Vec<Msg> {
            self.storing.ask(|_| ()).await.unwrap();
            let mut heard = Vec::new();
            while let Ok(event) = self.events.try_recv() {
                let Event::Msg(msg) = event else { continue };
                heard.push(*msg);
            }
            heard
        }

        async fn cursor(&self) -> store::Cursor {
            let asked = self.storing.ask(|store| store.cursor("a").unwrap());
            asked.await.unwrap()
        }
    }

    #[tokio::test]
    async fn what_one_desk_fetched_the_other_shows_when_it_reads_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let (mut mine, mut other) = (Beside::on(&path), Beside::on(&path));
        mine.finds(&[1, 2], &[], mark(1)).await;
        other.finds(&[3], &[2], mark(2)).await;
        let known = mine.run().known().await;
        assert_eq!(known.cursor, mark(2));
        assert_eq!(known.orders, [OrderId(1), OrderId(3)]);
        let heard = mine.heard().await;
        let run = Ticket(1);
        let stored = |event| Msg::Sync { run, event };
        assert_eq!(
            heard,
            [
                stored(SyncEvent::Stored(Rows::from_iter([row(1), row(3)]).into())),
                stored(SyncEvent::Held(vec![OrderId(1), OrderId(3)])),
            ]
        );
        // Nobody fetched anything since: nothing is read from the store again.
        mine.run().known().await;
        assert_eq!(mine.heard().await, []);
    }

    #[tokio::test]
    async fn the_mark_moves_when_every_row_of_the_run_is_stored_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let mut desk = Beside::on(&path);
        desk.finds(&[1], &[], mark(1)).await;
        let beside = rusqlite::Connection::open(&path).unwrap();
        let refuse = "CREATE TRIGGER full BEFORE INSERT ON orders WHEN new.id = 3 \
                      BEGIN SELECT RAISE(ABORT, 'no room'); END";
        beside.execute(refuse, []).unwrap();
        desk.finds(&[2, 3, 4], &[1], mark(2)).await;
        assert_eq!(desk.cursor().await, mark(1));
        beside.execute("DROP TRIGGER full", []).unwrap();
        desk.finds(&[3], &[], mark(3)).await;
        assert_eq!(desk.cursor().await, mark(3));
        let known = desk.run().known().await;
        assert_eq!(known.orders, [2, 3, 4].map(OrderId));
    }

    #[tokio::test]
    async fn a_store_that_cannot_say_what_it_knows_gets_no_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let mut desk = Beside::on(&path);
        desk.finds(&[1], &[], mark(1)).await;
        let beside = rusqlite::Connection::open(&path).unwrap();
        beside
            .execute("ALTER TABLE orders RENAME TO away", [])
            .unwrap();
        let run = desk.run();
        let known = run.known().await;
        assert_eq!(known, sync::Known::default());
        assert!(matches!(desk.heard().await[..], [Msg::Notice(_)]));
        beside
            .execute("ALTER TABLE away RENAME TO orders", [])
            .unwrap();
        let (removed, cursor) = (Vec::new(), mark(2));
        run.found(sync::SyncEvent::Finished { removed, cursor }, known.cursor);
        assert_eq!(desk.cursor().await, mark(1));
    }

    #[tokio::test]
    async fn what_a_run_found_before_it_was_ended_is_stored_and_known_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = Beside::on(&folder.path().join("p.sqlite3"));
        let run = desk.run();
        let from = run.known().await.cursor;
        let (rows, done, total) = (Rows::from_iter([row(1)]).into(), 1, 9);
        run.found(sync::SyncEvent::Page { rows, done, total }, from);
        run.end(false);
        assert_eq!(desk.run().known().await.orders, [OrderId(1)]);
        desk.heard().await;
    }

    #[tokio::test]
    async fn the_newest_are_stored_of_a_list_that_was_not_read_to_its_end_alone() {
        let is_over = sync::SyncEvent::Finished {
            removed: Vec::new(),
            cursor: mark(1),
        };
        let reason = String::new();
        let fails = sync::SyncEvent::Failed(crate::certcentral::ApiError::BadUrl { reason });
        for (end, expected) in [(Some(is_over), 2), (Some(fails), 3), (None, 3)] {
            let folder = tempfile::tempdir().unwrap();
            let mut desk = Beside::on(&folder.path().join("p.sqlite3"));
            let run = desk.run();
            let from = run.known().await.cursor;
            let mut earlier = row(2);
            earlier.duplicates = 7;
            let (rows, total) = (Rows::from_iter([row(3), earlier]).into(), 9);
            run.found(sync::SyncEvent::Newest { rows, total }, from);
            let (rows, done, total) = (Rows::from_iter([row(1), row(2)]).into(), 2, 9);
            run.found(sync::SyncEvent::Page { rows, done, total }, from);
            match end {
                Some(end) => run.found(end, from),
                None => run.end(false),
            }
            let heard = desk.heard().await;
            let shown = heard.iter().filter(|msg| {
                matches!(
                    msg,
                    Msg::Sync {
                        event: SyncEvent::Rows { .. },
                        ..
                    }
                )
            });
            assert_eq!(shown.count(), 2);
            let stored = desk
                .storing
                .ask(|store| store.load_after("a", None).unwrap().rows);
            let stored: Vec<_> = stored
                .await
                .unwrap()
                .iter()
                .map(|row| row.summary())
                .collect();
            assert_eq!(stored, [row(1), row(2), row(3)][..expected]);
        }
    }

    #[tokio::test]
    async fn what_another_desk_stored_is_found_again_by_the_run_after_one_that_was_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let (mut mine, mut other) = (Beside::on(&path), Beside::on(&path));
        mine.finds(&[1], &[], mark(1)).await;
        other.finds(&[2], &[], mark(2)).await;
        let ended = mine.run();
        ended.known().await;
        ended.end(false);
        mine.heard().await;
        mine.run().known().await;
        let heard = mine.heard().await;
        let is_held = |msg: &Msg| {
            let Msg::Sync { event, .. } = msg else {
                return false;
            };
            *event == SyncEvent::Held(vec![OrderId(1), OrderId(2)])
        };
        assert!(heard.iter().any(is_held), "{heard:?}");
    }

    #[tokio::test]
    async fn stored_rows_that_cannot_be_read_lead_to_the_whole_list_at_the_start_and_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let (mut desk, mut other) = (Beside::on(&path), Beside::on(&path));
        other.finds(&[1, 2], &[], mark(1)).await;
        let beside = rusqlite::Connection::open(&path).unwrap();
        let spoil = "UPDATE orders SET row = x'ff' || row WHERE id = 2";
        beside.execute(spoil, []).unwrap();
        load_cache(desk.storing.clone(), "a".into(), desk.tx.clone()).await;
        assert_eq!(desk.run().known().await.cursor, store::Cursor::default());
        let heard = desk.heard().await;
        let told =
            |msg: &Msg| matches!(msg, Msg::Notice(words) if words.contains("1 stored order"));
        assert!(heard.iter().any(told), "{heard:?}");
        desk.finds(&[1, 2], &[], mark(2)).await;
        assert_eq!(desk.cursor().await, mark(2));
        // While the desk runs, by another one.
        beside.execute(spoil, []).unwrap();
        other.finds(&[1], &[], mark(3)).await;
        desk.heard().await;
        assert_eq!(desk.run().known().await.cursor, store::Cursor::default());
        let heard = desk.heard().await;
        let held = |msg: &Msg| {
            matches!(
                msg,
                Msg::Sync {
                    event: SyncEvent::Held(_),
                    ..
                }
            )
        };
        assert!(!heard.iter().any(held), "what cannot be read is not gone");
    }
}
