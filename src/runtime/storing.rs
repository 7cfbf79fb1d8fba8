//! The store in a thread of its own: the loop and the tasks hand it work and never wait for the disk.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

use crate::store::{Store, StoreError};

enum Job {
    Work(Box<dyn FnOnce(&mut Store) + Send>),
    /// Close the store, and say that it is closed.
    End(oneshot::Sender<()>),
}

/// The way to the store.
#[derive(Debug, Clone)]
pub struct Storing {
    jobs: mpsc::Sender<Job>,
}

impl Storing {
    /// Opens the store in its thread. `told` hears why nothing that is written lasts: a file that can only be read
    /// serves then, or a store that ends with the program.
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
                Some(Err(trouble)) => Store::in_place_of(trouble),
                Some(Ok(store)) => Ok(store),
                None => Store::in_memory(),
            };
            let Ok(mut store) = store else { return };
            if let Some(trouble) = store.trouble() {
                told(trouble.clone());
            }
            while let Ok(job) = work.recv() {
                match job {
                    Job::Work(work) => work(&mut store),
                    Job::End(closed) => {
                        drop(store);
                        let _ = closed.send(());
                        return;
                    }
                }
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
        let _ = self.jobs.send(Job::Work(Box::new(work)));
    }

    /// Closes the store once all work is done that was handed over before; what comes later is dropped. The last one
    /// that closes it leaves one file behind and nothing beside it.
    pub async fn close(&self) {
        let (closed, waiting) = oneshot::channel();
        let _ = self.jobs.send(Job::End(closed));
        let _ = waiting.await;
    }

    /// Hands over work now, and waits for its answer; `None` when there is no store.
    pub fn ask<T: Send + 'static, W: FnOnce(&mut Store) -> T + Send + 'static>(
        &self,
        work: W,
    ) -> impl Future<Output = Option<T>> + Send + use<T, W> {
        let (answer, waiting) = oneshot::channel();
        self.go(move |store| {
            let _ = answer.send(work(store));
        });
        async move { waiting.await.ok() }
    }
}
