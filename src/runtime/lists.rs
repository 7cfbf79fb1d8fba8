//! What is under way for the list of orders: what the store has of it, and a run over the account's, one of each.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedSender, channel};
use tokio::task::AbortHandle;

use super::effects::Event;
use super::listing::{self, HandOver, Run};
use super::storing::Storing;
use crate::certcentral::Client;
use crate::sync;

/// The load from the store and the run over the account's list that were begun last.
#[derive(Debug, Default)]
pub(super) struct Lists {
    run: Option<(AbortHandle, Run)>,
    load: Option<AbortHandle>,
    /// Held while the list is read from the store.
    loading: Arc<Mutex<()>>,
}

impl Lists {
    /// Reads the list from the store. A run waits for that.
    pub(super) fn load(&mut self, storing: Storing, account: String, tx: UnboundedSender<Event>) {
        self.loading = Arc::default();
        let held = Arc::clone(&self.loading).try_lock_owned();
        let loading = listing::load_cache(storing, account, tx);
        let load = tokio::spawn(async move {
            loading.await;
            drop(held);
        });
        if let Some(older) = self.load.replace(load.abort_handle()) {
            older.abort();
        }
    }

    /// Begins a run; an earlier one ends.
    pub(super) fn start_run(&mut self, client: Client, run: Run) {
        let is_shown = self.run.is_some();
        self.end_run();
        let loading = Arc::clone(&self.loading);
        let kept = run.clone();
        let task = tokio::spawn(async move {
            // An order that is gone must not come back with a row that was read before.
            drop(loading.lock().await);
            let known = sync::Known {
                is_shown,
                ..run.known().await
            };
            let from = known.cursor;
            let (events, mut found) = channel(4);
            let reads = client.background_reads();
            let work = sync::run(reads, known, Timestamp::now, events);
            let listen = async {
                let mut hand_over = HandOver::default();
                while let Some(event) = found.recv().await {
                    run.found(event, from);
                    hand_over.sent(&run.tx).await;
                }
            };
            tokio::join!(work, listen);
        });
        self.run = Some((task.abort_handle(), kept));
    }

    /// Ends the run; what it found so far is stored.
    pub(super) fn end_run(&mut self) {
        if let Some((task, run)) = self.run.take() {
            let is_over = task.is_finished();
            task.abort();
            run.end(is_over);
        }
    }
}
