//! A desk without a terminal. Messages come from a script and from the account; time is the test's own, and jumps
//! to the next deadline once nothing is under way. Nothing sleeps.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use certdeck::app::effect::{Effect, Read};
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Msg, SyncEvent};
use certdeck::app::popups::Popup;
use certdeck::app::popups::operations::QuestionField;
use certdeck::app::remote::Ticket;
use certdeck::app::writes::Watch;
use certdeck::app::{start, update};
use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::config::Settings;
use certdeck::domain::clock::ClockOffset;
use certdeck::domain::dcv::DcvMethod;
use certdeck::domain::write::WriteId;
use certdeck::runtime::clipboard;
use certdeck::runtime::effects::{Event, Executor};
use certdeck::runtime::options::keymap;
use certdeck::runtime::storing::Storing;
use certdeck::runtime::{journal, listing};
use certdeck::sandbox::Sandbox;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::account::Server;
use crate::hands::{self, connection};

/// How long an answer may take. Only a test that fails waits so long.
const LIMIT: Duration = Duration::from_mins(1);

/// A client that keeps no rate windows and waits for nothing after a refusal: the account's clock is not its own.
pub fn unhurried() -> ClientOptions {
    ClientOptions {
        windows: Vec::new(),
        retry: RetryPolicy {
            base: Duration::from_millis(1),
            rate_limit_base: Duration::from_millis(1),
            ..RetryPolicy::default()
        },
        ..ClientOptions::default()
    }
}

static DESKS: AtomicU32 = AtomicU32::new(0);

/// What is under way, so that it is known when nothing is.
#[derive(Default)]
pub struct UnderWay {
    reads: HashMap<Read, Ticket>,
    sync: Option<Ticket>,
    writes: HashSet<WriteId>,
    journals: usize,
    files: usize,
}

impl UnderWay {
    /// Something of it begins.
    pub fn starts(&mut self, effect: &Effect) {
        match effect {
            // A newer read of the same thing ends an older one, which then has no answer.
            Effect::Read { ticket, read } => {
                self.reads.insert(read.clone(), *ticket);
            }
            Effect::Sync { run } => self.sync = Some(*run),
            Effect::Write { op, .. } => {
                self.writes.insert(op.clone());
            }
            Effect::LoadJournal | Effect::Journal { .. } => {
                self.journals += 1;
            }
            Effect::LoadPriorCsrs { .. }
            | Effect::ReadCsrs { .. }
            | Effect::WriteNew { .. }
            | Effect::MakeKey(_) => self.files += 1,
            _ => {}
        }
    }

    /// Something of it came.
    pub fn ends(&mut self, msg: &Msg) {
        match msg {
            Msg::Reply { ticket, read, .. } if self.reads.get(read) == Some(ticket) => {
                self.reads.remove(read);
            }
            Msg::Sync {
                run,
                event: SyncEvent::Finished { .. } | SyncEvent::Failed(_),
            } if self.sync == Some(*run) => self.sync = None,
            Msg::WriteEnded { op, .. } => {
                self.writes.remove(op);
            }
            Msg::PriorCsrs { .. }
            | Msg::CsrsRead { .. }
            | Msg::NewFileSaved { .. }
            | Msg::KeyMade { .. } => self.files -= 1,
            Msg::Journal(_) => self.journals -= 1,
            _ => {}
        }
    }

    /// Whether nothing is.
    pub fn is_nothing(&self) -> bool {
        self.reads.is_empty()
            && self.sync.is_none()
            && self.writes.is_empty()
            && self.journals == 0
            && self.files == 0
    }
}

/// What does what a desk asks for.
pub struct Wires {
    pub runtime: Runtime,
    pub executor: Executor,
    pub tx: UnboundedSender<Event>,
    pub events: UnboundedReceiver<Event>,
}

impl Wires {
    /// To an account, with a store; what that has is told before anything else.
    pub fn to(url: &str, key: &str, store: Option<PathBuf>, options: ClientOptions) -> Self {
        // One thread, so that its time can be moved on.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let inside = runtime.enter();
        let (tx, events) = unbounded_channel();
        let plan = clipboard::Plan {
            way: clipboard::Way::Osc52,
            why: "there is no desktop here".to_owned(),
            hint: None,
        };
        let told = tx.clone();
        let storing = Storing::open(store, move |error| {
            let _ = told.send(Event::Msg(Box::new(Msg::Notice(error.to_string()))));
        })
        .unwrap();
        journal::load_drafts(&storing, tx.clone());
        journal::load_unfinished(&storing, tx.clone());
        runtime.block_on(storing.ask(|_| ()));
        let settings = Settings::default();
        let mut executor = Executor::new(tx.clone(), storing, plan, settings, "flow".into());
        let client = Client::with_options(url, &SecretString::from(key.to_owned()), options);
        executor.connect(client.unwrap(), "flow".to_owned());
        drop(inside);
        Self {
            runtime,
            executor,
            tx,
            events,
        }
    }
}

/// The desk. Dropped, it ends as if it were killed: what is under way stays so, and the store is free.
pub struct Desk<'a> {
    pub model: Model,
    /// What went to the clipboard; no terminal gets it.
    pub copied: Vec<String>,
    server: &'a Server,
    executor: Executor,
    tx: UnboundedSender<Event>,
    events: UnboundedReceiver<Event>,
    under_way: UnderWay,
    /// What of it did not come yet.
    coming: UnderWay,
    /// What came and was not taken yet.
    came: VecDeque<Event>,
    now: Timestamp,
    runtime: Runtime,
}

impl<'a> Desk<'a> {
    /// Connected, with the whole list read.
    pub fn open(server: &'a Server) -> Self {
        Self::with_key(server, server.sandbox().key())
    }

    /// The same, with another user's key.
    pub fn with_key(server: &'a Server, key: &str) -> Self {
        Self::with_options(server, key, unhurried())
    }

    /// The same, with other limits.
    pub fn with_options(server: &'a Server, key: &str, options: ClientOptions) -> Self {
        Self::start(server, &server.sandbox().url(), key, None, options)
    }

    /// Connected through something that may answer itself, with a store on the disk or none.
    pub fn through(server: &'a Server, url: &str, store: Option<PathBuf>) -> Self {
        Self::start(server, url, server.sandbox().key(), store, unhurried())
    }

    /// Takes the list of orders as an earlier session kept it.
    pub fn cached(&mut self) {
        let storing = self.executor.storing().clone();
        let loading = listing::load_cache(storing, "flow".to_owned(), self.tx.clone());
        let mut loading = self.runtime.spawn(loading);
        loop {
            let events = &mut self.events;
            let event = self.runtime.block_on(async {
                tokio::select! {
                    event = events.recv() => event,
                    _ = &mut loading => None,
                }
            });
            let Some(event) = event else { break };
            self.came(&event);
            self.take(event);
        }
        while let Ok(event) = self.events.try_recv() {
            self.came(&event);
            self.take(event);
        }
    }

    /// The same as the first, with a store on the disk, which may have been another desk's before.
    pub fn on_disk(server: &'a Server, store: &Path) -> Self {
        Self::start(
            server,
            &server.sandbox().url(),
            server.sandbox().key(),
            Some(store.to_owned()),
            unhurried(),
        )
    }

    fn start(
        server: &'a Server,
        url: &str,
        key: &str,
        store: Option<PathBuf>,
        options: ClientOptions,
    ) -> Self {
        let Wires {
            runtime,
            executor,
            tx,
            events,
        } = Wires::to(url, key, store, options);
        let now = Timestamp::now();
        let (keymap, notices) = keymap(&Settings::default().keys);
        assert!(notices.is_empty());
        // No two desks share the names of their writes.
        let seed = format!("flow{}", DESKS.fetch_add(1, Ordering::Relaxed));
        let mut desk = Self {
            model: Model::new((120, 40), keymap, Look::default(), seed, now),
            copied: Vec::new(),
            server,
            executor,
            tx,
            events,
            under_way: UnderWay::default(),
            coming: UnderWay::default(),
            came: VecDeque::new(),
            now,
            runtime,
        };
        let effects = start(&mut desk.model);
        desk.run(effects);
        desk.tell(Msg::Connected(Connection {
            url: url.to_owned(),
            ..connection("flow")
        }));
        desk.settle();
        desk
    }

    /// A message from the script.
    pub fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.run(effects);
    }

    /// Presses keys, one after the other, by their names in the table of keys.
    pub fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            if name == "enter" {
                self.look();
            }
            self.tell(hands::key(name));
        }
    }

    /// Nobody says yes before what it is about was read again and looked at.
    fn look(&mut self) {
        let asked = matches!(self.model.popups.last(), Some(Popup::Asking(_)));
        let form = self.model.form.as_ref();
        if asked || form.is_some_and(|form| form.reviewed_outgoing().is_some()) {
            self.settle_reads();
        }
        if self.model.changed_at.is_some() {
            self.now += SignedDuration::from_secs(1);
        }
    }

    /// Types a text.
    pub fn type_text(&mut self, text: &str) {
        for key in hands::letters(text) {
            self.tell(key);
        }
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) {
        self.tell(Msg::Paste(text.to_owned()));
    }

    /// Takes answers until nothing is under way.
    pub fn settle(&mut self) {
        while !self.under_way.is_nothing() {
            self.next();
        }
    }

    /// The same, but for what was sent, which may hang.
    pub fn settle_reads(&mut self) {
        while !self.under_way.reads.is_empty() || self.under_way.sync.is_some() {
            self.next();
        }
    }

    /// The same, and no more than so many answers come.
    pub fn settle_within(&mut self, answers: usize, what: &str) {
        for _ in 0..answers {
            if self.under_way.is_nothing() {
                return;
            }
            self.next();
        }
        panic!("{what}: {:?} are still asked for", self.under_way.reads);
    }

    /// Lets the time pass until something is due, and takes the answers, which are no more than so many.
    pub fn wait_for_the_deadline_within(&mut self, answers: usize, what: &str) {
        let due = self.model.next_deadline().expect("something is due");
        self.now = self.now.max(due);
        self.tell(Msg::Deadline);
        self.settle_within(answers, what);
    }

    /// Goes on, over as many deadlines as it takes, until the newest watch is as wanted.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&Watch) -> bool) {
        for _ in 0..200 {
            self.settle();
            if self.model.engine.writes.all.first().is_some_and(&wanted) {
                return;
            }
            if self.model.next_deadline().is_none() {
                break;
            }
            self.wait_for_the_deadline();
        }
        panic!(
            "{what}: the watches are {:#?}",
            self.model.engine.writes.all
        );
    }

    /// Takes answers one by one until the newest watch is as wanted.
    pub fn until_state(&mut self, what: &str, wanted: impl Fn(&Watch) -> bool) {
        while !self.model.engine.writes.all.first().is_some_and(&wanted) {
            assert!(!self.under_way.is_nothing(), "{what}: nothing is under way");
            self.next();
        }
    }

    /// Lets the time pass until something is due, and takes the answers.
    pub fn wait_for_the_deadline(&mut self) {
        assert!(self.pass_the_deadline(), "something is due");
        self.settle();
    }

    /// Lets the time pass until something is due, and takes nothing. Says whether there was something.
    pub fn pass_the_deadline(&mut self) -> bool {
        let Some(due) = self.model.next_deadline() else {
            return false;
        };
        // The account lives in the same time.
        let by = Duration::try_from(due.duration_since(self.now)).unwrap_or_default();
        self.server.sandbox().advance(by);
        self.now = self.now.max(due);
        self.tell(Msg::Deadline);
        true
    }

    /// Whether a question for a method stands at this one.
    pub fn asks(&self, method: &DcvMethod) -> bool {
        let Some(Popup::Asking(asking)) = self.model.popups.last() else {
            panic!("nothing is asked");
        };
        asking.fields.value(QuestionField::Method) == method.as_str()
    }

    /// Nobody touches it for a second.
    pub fn rest(&mut self) {
        self.now += SignedDuration::from_secs(1);
        self.tell(Msg::Deadline);
    }

    /// Opens an order by its number, through the filter.
    pub fn open_order(&mut self, id: u64) {
        self.press("/");
        self.type_text(&id.to_string());
        self.press("enter enter");
        self.settle();
        assert_eq!(self.model.order.as_ref().map(|open| open.id.0), Some(id));
    }

    /// Lets what is under way go on, without taking an answer, until the account is as wanted.
    pub fn until_account(&mut self, what: &str, wanted: impl Fn(&Server) -> bool) {
        let server = self.server;
        let arrived = async {
            while !wanted(server) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        self.runtime
            .block_on(async { tokio::time::timeout(LIMIT, arrived).await })
            .expect(what);
    }

    /// Lets the time of what is sent pass, as often as it takes until nobody waits for an answer any more. The account's
    /// own time stands still meanwhile.
    pub fn outwait(&mut self, time: Duration) {
        while !self.under_way.writes.is_empty() {
            if let Some(event) = self.came.pop_front() {
                self.take(event);
                continue;
            }
            let events = &mut self.events;
            let event = self.runtime.block_on(async {
                tokio::time::pause();
                tokio::time::advance(time).await;
                tokio::time::resume();
                // Not a wait for time, but for what the network has brought by now.
                tokio::time::timeout(Duration::from_millis(5), events.recv()).await
            });
            if let Ok(event) = event {
                let event = event.expect("the executor lives");
                self.came(&event);
                self.take(event);
            }
        }
    }

    /// Somebody sets the clock of the desk's machine; the next answer tells how the account's stands to it.
    pub fn step_clock(&mut self, by: SignedDuration) {
        self.now += by;
        let offset = self.offset();
        self.tell(Msg::Clock(offset));
    }

    /// The desk goes to another account, or comes back: calls that are under way are given up, writes are not.
    pub fn go_to(&mut self, sandbox: &Sandbox, account: &str) {
        let inside = self.runtime.enter();
        let (url, key) = (sandbox.url(), SecretString::from(sandbox.key().to_owned()));
        let client = Client::with_options(&url, &key, unhurried()).unwrap();
        self.executor.connect(client, account.to_owned());
        drop(inside);
        for all in [&mut self.under_way, &mut self.coming] {
            all.reads.clear();
            all.sync = None;
        }
        self.tell(Msg::Connected(Connection {
            url,
            ..connection(account)
        }));
        self.settle_reads();
    }

    /// Back to the list of orders, whatever is open.
    pub fn home(&mut self) {
        for _ in 0..10 {
            self.press("esc");
        }
        self.press("1");
        assert!(self.model.popups.is_empty() && self.model.order.is_none());
    }

    fn run(&mut self, effects: Vec<Effect>) {
        let _inside = self.runtime.enter();
        for effect in effects {
            if let Effect::Copy { text, .. } = effect {
                self.copied.push(text);
                continue;
            }
            self.under_way.starts(&effect);
            self.coming.starts(&effect);
            self.executor.run(effect);
        }
    }

    fn next(&mut self) {
        let event = self.came.pop_front();
        let event = event.unwrap_or_else(|| self.receive());
        self.take(event);
    }

    fn receive(&mut self) -> Event {
        let events = &mut self.events;
        let event = self
            .runtime
            .block_on(async { tokio::time::timeout(LIMIT, events.recv()).await });
        let event = event
            .expect("an answer in time")
            .expect("the executor lives");
        self.came(&event);
        event
    }

    fn came(&mut self, event: &Event) {
        if let Event::Msg(msg) = event {
            self.coming.ends(msg);
        }
    }

    /// Lets everything that is under way come, but for what was sent where that hangs, and takes nothing of it yet.
    pub fn gather(&mut self, hangs: bool) {
        if hangs {
            self.coming.writes.clear();
        }
        while !self.coming.is_nothing() {
            let event = self.receive();
            if !matches!(event, Event::Taken(_)) {
                self.came.push_back(event);
            }
        }
    }

    /// Takes one of the answers that came, whichever. What was read may overtake everything else; the rest comes in its
    /// order, as the store and the loop have it. Says whether there was one.
    pub fn take_any(&mut self, which: usize) -> bool {
        let is_read =
            |event: &Event| matches!(event, Event::Msg(msg) if matches!(**msg, Msg::Reply { .. }));
        let first = self.came.iter().position(|event| !is_read(event));
        let mut may: Vec<usize> = (0..self.came.len()).collect();
        may.retain(|at| Some(*at) == first || is_read(&self.came[*at]));
        let at = may.get(which % may.len().max(1));
        let event = at.and_then(|at| self.came.remove(*at));
        let Some(event) = event else {
            return false;
        };
        self.take(event);
        true
    }

    fn take(&mut self, event: Event) {
        if let Event::Msg(mut msg) = event {
            self.under_way.ends(&msg);
            // The client measures with this machine's clock, and the desk's time is the test's own.
            if let Msg::Clock(offset) = &mut *msg {
                *offset = self.offset();
            }
            // So does the journal, which an earlier desk wrote by a clock of its own.
            if let Msg::Resume(unfinished) = &mut *msg {
                for write in unfinished {
                    let clock = write.before.clock.unwrap_or_default();
                    write.sent -= jiff::SignedDuration::from_secs(clock.seconds);
                }
            }
            self.tell(*msg);
        }
    }

    fn offset(&self) -> ClockOffset {
        let account = self.server.sandbox().now();
        ClockOffset {
            seconds: account.duration_since(self.now).as_secs(),
        }
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        self.runtime.block_on(self.executor.storing().close());
    }
}
