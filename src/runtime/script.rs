//! The engine and what does its effects, without a screen: for commands. Messages in, effects out, until nothing is under way.

use std::collections::HashMap;
use std::path::PathBuf;
use std::task::Poll;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::clipboard;
use super::effects::{Event, Executor};
use super::journal;
use super::options;
use super::storing::Storing;
use crate::app::effect::{Effect, Read};
use crate::app::engine::Engine;
use crate::app::msg::{Connection, Msg, SyncEvent};
use crate::app::remote::Ticket;
use crate::app::turn::{Turn, Verified};
use crate::certcentral::Client;
use crate::config::{Env, Settings};
use crate::domain::failure::Failure;
use crate::store::Store;

/// An engine, and what does its effects.
#[derive(Debug)]
pub struct Script {
    /// What is known, and what was sent.
    pub engine: Engine,
    executor: Executor,
    tx: UnboundedSender<Event>,
    events: UnboundedReceiver<Event>,
    /// Reads that have no answer yet; a newer one of the same thing ends an older one.
    reads: HashMap<Read, Ticket>,
    /// Looks at what is served that have not ended.
    looks: usize,
    /// What a person should know.
    notices: Vec<String>,
    /// Certificates that were held against what was asked for.
    verified: Vec<Verified>,
    /// That the operator, or the system, wants it to end (Ctrl-C, SIGTERM), where that is heard.
    interrupts: Vec<Signal>,
    is_interrupted: bool,
    runtime: Runtime,
}

impl Script {
    /// On a store; without a path on one that ends with the program.
    ///
    /// # Errors
    /// [`std::io::Error`] where the system gives no thread or no timer.
    pub fn open(
        path: Option<PathBuf>,
        settings: &Settings,
        profile: String,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (tx, events) = unbounded_channel();
        let told = tx.clone();
        let storing = Storing::open(path, move |error| {
            let _ = told.send(Event::Msg(Box::new(Msg::NotKept(error.to_string()))));
        })?;
        let env = Env::Process;
        // Nothing is copied without a screen.
        let plan = clipboard::plan(settings.clipboard, None, &env, &|_| false);
        let mut engine = Engine::new(format!("{:016x}", rand::random::<u64>()), Timestamp::now());
        engine.outside.checks = settings.dns_checks;
        (engine.served.endpoints, _) = options::served(&settings.served);
        engine.added.auto = options::auto(&settings.served);
        Ok(Self {
            engine,
            executor: Executor::new(tx.clone(), storing, plan, settings.clone(), profile),
            tx,
            events,
            reads: HashMap::new(),
            looks: 0,
            notices: Vec::new(),
            verified: Vec::new(),
            interrupts: Vec::new(),
            is_interrupted: false,
            runtime,
        })
    }

    /// Takes the client that all goes through from now on.
    pub fn connect(&mut self, client: Client, connection: Connection) {
        self.executor.connect(client, connection.account.clone());
        self.tell(Msg::Connected(connection));
    }

    /// Has the engine do something.
    pub fn does<T>(&mut self, does: impl FnOnce(&mut Engine, &mut Turn) -> T) -> T {
        let mut turn = Turn::default();
        let done = does(&mut self.engine, &mut turn);
        self.verified.append(&mut turn.verified);
        let _inside = self.runtime.enter();
        for effect in turn.effects {
            match &effect {
                Effect::Read { ticket, read } => {
                    self.reads.insert(read.clone(), *ticket);
                }
                Effect::LookServed(_) => self.looks += 1,
                _ => {}
            }
            self.executor.run(effect);
        }
        done
    }

    /// Tells the engine what happened.
    pub fn tell(&mut self, msg: Msg) {
        match &msg {
            Msg::Reply { ticket, read, .. } if self.reads.get(read) == Some(ticket) => {
                self.reads.remove(read);
            }
            Msg::Served { .. } => self.looks = self.looks.saturating_sub(1),
            Msg::Notice(words) | Msg::NotKept(words) => self.notices.push(words.clone()),
            _ => {}
        }
        let now = Timestamp::now();
        self.does(|engine, turn| engine.step(msg, now, turn));
    }

    /// Takes what comes until nothing is under way. `progress` hears how much is.
    pub fn settle(&mut self, mut progress: impl FnMut(usize)) {
        loop {
            let left = self.reads.len() + self.looks;
            if left == 0 {
                return;
            }
            progress(left);
            let Some(msg) = self.next() else { return };
            self.tell(msg);
        }
    }

    /// Brings what is stored of the list of orders in line with the account. Nothing of it is taken into the engine, so that
    /// it costs as much memory at 100,000 orders as at 100, but where the store keeps nothing. `progress` hears how many rows came, and of how many.
    ///
    /// # Errors
    /// Why it stopped half way: what is stored is then no newer than before.
    pub fn sync(&mut self, mut progress: impl FnMut(u64, u64)) -> Result<(), Failure> {
        let keeps = self.ask(|store| store.is_lasting()).unwrap_or(false);
        let run = Ticket::default();
        let inside = self.runtime.enter();
        self.executor.run(Effect::Sync { run });
        drop(inside);
        let ended = loop {
            let event = match self.next() {
                Some(Msg::Sync { event, .. }) => event,
                Some(msg) => {
                    self.tell(msg);
                    continue;
                }
                None => {
                    break Err(Failure::local("The list of orders could not be read.", ""));
                }
            };
            match event {
                SyncEvent::Rows { rows, done, total } => {
                    progress(done, total);
                    if !keeps {
                        let account = self.engine.account.name().unwrap_or_default().to_owned();
                        self.tell(Msg::Cached { account, rows });
                    }
                }
                SyncEvent::Finished { .. } => break Ok(()),
                SyncEvent::Failed(failure) => break Err(failure),
                SyncEvent::Stored(_) | SyncEvent::Held(_) => {}
            }
        };
        // All of it is on the disk, or was told not to be, before anything is read from there.
        self.ask(|_| ());
        self.hear();
        ended
    }

    /// Takes up what earlier processes sent and saw no end of.
    pub fn take_up(&mut self) {
        journal::load_unfinished(self.executor.storing(), self.tx.clone());
        self.ask(|_| ());
        self.hear();
        self.tell(Msg::Deadline);
    }

    /// Ends between two steps when that is asked for (Ctrl-C, SIGTERM) from here on, and not in the middle of one.
    pub fn hear_interrupts(&mut self) {
        let _inside = self.runtime.enter();
        // Where that is not heard, they end the program at once, and the journal knows what was sent.
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        self.interrupts = kinds.into_iter().flat_map(signal).collect();
    }

    /// Whether the operator has asked for the end.
    pub fn is_interrupted(&mut self) -> bool {
        if !self.interrupts.is_empty() {
            // Long enough for the signal to be seen.
            let pause = Duration::from_millis(1);
            let heard = interrupted(&mut self.interrupts);
            let asked = self
                .runtime
                .block_on(async { tokio::time::timeout(pause, heard).await.is_ok() });
            self.is_interrupted |= asked;
        }
        self.is_interrupted
    }

    /// Takes the next thing that comes, or does what the time has come for, at the latest at `until`. Whether there is anything to
    /// wait for still.
    pub fn go_on(&mut self, until: Option<Instant>) -> bool {
        let now = Timestamp::now();
        let due = self.engine.next_deadline().map(|due| {
            let left = Duration::try_from(due.duration_since(now)).unwrap_or_default();
            Instant::now() + left
        });
        let wait = due.into_iter().chain(until).min();
        let (events, interrupt) = (&mut self.events, &mut self.interrupts);
        let event = self.runtime.block_on(async {
            tokio::select! {
                biased;
                event = events.recv() => Some(event),
                () = at(wait) => None,
                () = interrupted(interrupt) => {
                    self.is_interrupted = true;
                    None
                }
            }
        });
        match event {
            Some(Some(Event::Msg(msg))) => self.tell(*msg),
            Some(Some(_)) => {}
            Some(None) => return false,
            None => self.tell(Msg::Deadline),
        }
        true
    }

    /// Certificates that were held against what was asked for, each once.
    pub fn verified(&mut self) -> Vec<Verified> {
        std::mem::take(&mut self.verified)
    }

    /// Waits for the end of one conversation.
    pub fn wait<T>(&self, conversation: impl Future<Output = T>) -> T {
        self.runtime.block_on(conversation)
    }

    /// What the store says.
    pub fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> T + Send + 'static,
    ) -> Option<T> {
        self.wait(self.ask_ahead(work))
    }

    /// The same, which the store reads while something else is done.
    pub fn ask_ahead<T: Send + 'static, W: FnOnce(&mut Store) -> T + Send + 'static>(
        &self,
        work: W,
    ) -> impl Future<Output = Option<T>> + use<T, W> {
        self.executor.storing().ask(work)
    }

    /// What a person should know, each once.
    pub fn notices(&mut self) -> Vec<String> {
        self.hear();
        std::mem::take(&mut self.notices)
    }

    /// Takes what came by itself.
    fn hear(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            if let Event::Msg(msg) = event {
                self.tell(*msg);
            }
        }
    }

    fn next(&mut self) -> Option<Msg> {
        loop {
            if let Event::Msg(msg) = self.runtime.block_on(self.events.recv())? {
                return Some(*msg);
            }
        }
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}

async fn interrupted(interrupts: &mut [Signal]) {
    std::future::poll_fn(|cx| {
        let mut heard = interrupts.iter_mut();
        if heard.any(|signal| signal.poll_recv(cx).is_ready()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

impl Drop for Script {
    /// What was handed to the store is on the disk.
    fn drop(&mut self) {
        self.runtime.block_on(self.executor.close());
    }
}
