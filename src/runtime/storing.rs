//! The store in a thread of its own: the loop and the tasks hand it work and never wait for the disk.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

use crate::store::{Store, StoreError};

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// The way to the store.
#[derive(Debug, Clone)]
pub struct Storing {
    jobs: mpsc::Sender<Job>,
}

impl Storing {
    /// Opens the store in its thread. `told` hears why it could not be opened where it should be; a store that
    /// ends with the program serves then.
    ///
    /// # Errors
    /// [`std::io::Error`] when no thread could be started.
    pub fn open(
        path: Option<PathBuf>,
        told: impl FnOnce(StoreError) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, work) = mpsc::channel::<Job>();
        thread::Builder::new().name("store".into()).spawn(move || {
            let store = match path.as_deref().map(Store::open) {
                Some(Err(error)) => {
                    told(error);
                    Store::in_memory()
                }
                Some(Ok(store)) => Ok(store),
                None => Store::in_memory(),
            };
            let Ok(mut store) = store else { return };
            while let Ok(job) = work.recv() {
                job(&mut store);
            }
        })?;
        Ok(Self { jobs })
    }

    /// A way to no store: work is dropped, questions have no answer.
    pub fn nowhere() -> Self {
        Self {
            jobs: mpsc::channel().0,
        }
    }

    /// Hands over work without waiting for it.
    pub fn go(&self, work: impl FnOnce(&mut Store) + Send + 'static) {
        // Without a store there is nothing to keep; those that need an answer use `ask`.
        let _ = self.jobs.send(Box::new(work));
    }

    /// Hands over work and waits for its answer; `None` when there is no store.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, waiting) = oneshot::channel();
        self.go(move |store| {
            let _ = answer.send(work(store));
        });
        waiting.await.ok()
    }
}
