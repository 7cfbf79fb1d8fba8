//! A desk without a screen: the engine, and the executor that does what it asks for. Messages in, effects out; time is the
//! test's own, and jumps to the next deadline once nothing is under way.

use std::path::Path;
use std::time::Duration;

use certdeck::app::engine::Engine;
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::turn::Turn;
use certdeck::app::writes::Watch;
use certdeck::domain::write::Stage;
use certdeck::runtime::effects::{Event, Executor};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::account::Server;
use crate::desk::{UnderWay, Wires, unhurried};
use crate::hands::connection;

/// How long an answer may take. Only a test that fails waits so long.
const LIMIT: Duration = Duration::from_mins(1);

/// The engine of a script. Dropped, it ends as if it were killed.
pub struct Script<'a> {
    pub engine: Engine,
    /// What it said, the newest last.
    pub said: Vec<String>,
    server: &'a Server,
    executor: Executor,
    events: UnboundedReceiver<Event>,
    under_way: UnderWay,
    now: Timestamp,
    runtime: Runtime,
}

impl<'a> Script<'a> {
    /// Connected, with what an earlier one left on this store.
    pub fn start(server: &'a Server, store: &Path, seed: &str) -> Self {
        let (url, key) = (server.sandbox().url(), server.sandbox().key());
        let wires = Wires::to(&url, key, Some(store.to_owned()), unhurried());
        let now = Timestamp::now();
        let mut script = Self {
            engine: Engine::new(seed.to_owned(), now),
            said: Vec::new(),
            server,
            executor: wires.executor,
            events: wires.events,
            under_way: UnderWay::default(),
            now,
            runtime: wires.runtime,
        };
        script.tell(Msg::Connected(Connection {
            url,
            ..connection("flow")
        }));
        // What the store has is told already.
        while let Ok(event) = script.events.try_recv() {
            script.take(event);
        }
        script
    }

    /// Has the engine do something.
    pub fn does(&mut self, does: impl FnOnce(&mut Engine, &mut Turn)) {
        let mut turn = Turn::default();
        does(&mut self.engine, &mut turn);
        self.said.extend(turn.status.map(|status| status.words));
        let _inside = self.runtime.enter();
        for effect in turn.effects {
            self.under_way.starts(&effect);
            self.executor.run(effect);
        }
    }

    fn tell(&mut self, msg: Msg) {
        let now = self.now;
        self.does(|engine, turn| engine.step(msg, now, turn));
    }

    fn take(&mut self, event: Event) {
        if let Event::Msg(msg) = event {
            self.under_way.ends(&msg);
            // The client measures with this machine's clock, and the time here is the test's own.
            if !matches!(*msg, Msg::Clock(_)) {
                self.tell(*msg);
            }
        }
    }

    fn next(&mut self) {
        let events = &mut self.events;
        let event = self
            .runtime
            .block_on(async { tokio::time::timeout(LIMIT, events.recv()).await });
        self.take(event.expect("in time").expect("the executor lives"));
    }

    /// Takes answers until nothing is under way.
    pub fn settle(&mut self) {
        while !self.under_way.is_nothing() {
            self.next();
        }
    }

    /// Takes answers until what was sent has one, or none comes.
    pub fn until_answered(&mut self) {
        while self.engine.writes.all[0].stage == Stage::Sending {
            self.next();
        }
    }

    /// Goes on, over as many deadlines as it takes, until the newest write is as wanted.
    pub fn until(&mut self, wanted: impl Fn(&Watch) -> bool) {
        for _ in 0..200 {
            self.settle();
            if self.engine.writes.all.first().is_some_and(&wanted) {
                return;
            }
            let due = self.engine.next_deadline().expect("something is due");
            let by = Duration::try_from(due.duration_since(self.now)).unwrap_or_default();
            self.server.sandbox().advance(by);
            self.now = self.now.max(due);
            self.tell(Msg::Deadline);
        }
        panic!("{:#?}: {:?}", self.engine.writes.all, self.said);
    }
}

impl Drop for Script<'_> {
    fn drop(&mut self) {
        self.runtime.block_on(self.executor.storing().close());
    }
}
