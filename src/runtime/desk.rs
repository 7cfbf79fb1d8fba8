//! The loop: everything that happens comes through one channel, is drained, changes the model, and is drawn once.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

use super::clipboard;
use super::connecting;
use super::console::Console;
use super::editor;
use super::effects::{Event, Executor, say};
use super::ending;
use super::hangup;
use super::input::decode::Paste;
use super::input::gate::{Gate, Meant};
use super::journal;
use super::look;
use super::options::{self, DeskOptions};
use super::pace::Pace;
use super::panic;
use super::plain;
use super::signals::{self, HandOff, SignalEvent};
use super::storing::Storing;
use super::terminal;
use super::test_panic;
use crate::app::effect::Effect;
use crate::app::installs::InstallCommand;
use crate::app::model::Model;
use crate::app::msg::{Msg, SyncEvent};
use crate::app::stance::{question, stance};
use crate::app::{keep, start, update};
use crate::config::{AfterIssue, Env, Theme};
use crate::domain::failure::Failure;
use crate::store::{self, FIRST};
use crate::ui;

/// Runs the desk until the operator leaves it.
pub fn run(options: DeskOptions) -> ExitCode {
    panic::install();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // A thread that looked up a host's name ends soon, and does not wake later to find that it has nothing to do.
        .thread_keep_alive(Duration::from_millis(500))
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("certdeck: could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(desk(options));
    // A task that still waits (a key being made, a dead display server) does not hold the exit.
    terminal::exit_now(i32::from(code))
}

async fn desk(options: DeskOptions) -> u8 {
    let (tx, rx) = unbounded_channel();
    let console = match open(&tx) {
        Ok(console) => console,
        Err(error) => {
            eprintln!("certdeck: could not use the terminal: {error}");
            return 2;
        }
    };
    // What of the keys and the endpoints cannot be taken is among the notices.
    let (keymap, _) = options::keymap(&options.settings.keys);
    let area = console.area();
    let mut model = Model::new(
        (area.width, area.height),
        keymap,
        look::look(&Env::Process, options.settings.theme),
        op_seed(),
        Timestamp::now(),
    );
    model.engine.outside.checks = options.settings.dns_checks;
    let after_issue = after_issue(&options);
    let (endpoints, _) = options::served(&options.settings.served);
    model.engine.served.endpoints = endpoints;
    model.engine.installs.command = after_issue.as_ref().map(|(_, command)| command.clone());
    model.engine.added.auto = options::auto(&options.settings.served);
    let mut desk = Desk {
        console,
        gate: Gate::default(),
        pace: Pace::default(),
        executor: executor(&options, &tx),
        tx: tx.clone(),
        rx,
        options,
        connecting: None,
        looked: Instant::now(),
    };
    // The first frame is drawn before anything is asked of the disk or the network.
    if desk.draw(&model).is_err() {
        terminal::force_exit(hangup::EXIT);
    }
    if let Some(question) = look::question(&Env::Process, desk.options.settings.theme) {
        // A terminal that cannot be written to is told by the next frame.
        let _ = desk.console.send(question.as_bytes());
    }
    for effect in start(&mut model) {
        desk.executor.run(effect);
    }
    let notices = &desk.options.notices;
    if !notices.is_empty() {
        let mistakes = notices.iter().map(ToString::to_string).collect();
        say(&tx, Msg::Mistakes(mistakes));
    }
    journal::load_drafts(desk.executor.storing(), tx.clone());
    journal::load_unfinished(desk.executor.storing(), tx.clone());
    desk.executor
        .install_with(after_issue.map(|(command, _)| command));
    let sandbox = connecting::start(&mut desk.options, &tx);
    let code = desk.turn(&mut model).await;
    // Where the end has not begun yet, the operator wants it: from here on a signal hurries it.
    ending::begin(ending::LIMIT, i32::from(code));
    desk.type_rest(&mut model);
    desk.console.close();
    if i32::from(code) == hangup::EXIT {
        terminal::silence_stdio();
    }
    for effect in keep(&mut model) {
        desk.executor.run(effect);
    }
    // What was handed to the store before this is on the disk when it is closed.
    let kept = desk.executor.close();
    // A disk that hangs does not hold the exit for ever.
    if tokio::time::timeout(ending::left(), kept).await.is_err() {
        let words =
            b"certdeck: the store did not accept what you typed last in time; it may be lost.\n";
        let _ = terminal::write_all(rustix::stdio::stderr(), words);
    }
    if let Some(sandbox) = sandbox {
        sandbox.abort();
    }
    code
}

fn open(tx: &UnboundedSender<Event>) -> std::io::Result<Console<Event>> {
    signals::spawn(tx, Event::Signal)?;
    let console = Console::open(tx.clone(), Event::Typed)?;
    let gone = tx.clone();
    hangup::watch(move || {
        let _ = gone.send(Event::Gone);
    })?;
    Ok(console)
}

fn executor(options: &DeskOptions, tx: &UnboundedSender<Event>) -> Executor {
    let env = Env::Process;
    let plan = clipboard::plan(
        options.settings.clipboard,
        options.settings.copy_command.as_deref(),
        &env,
        &|program| clipboard::plan::on_path(&env, program),
    );
    let told = tx.clone();
    let storing = Storing::open(options.cache_path.clone(), move |error| {
        say(&told, Msg::NotKept(error.to_string()));
    })
    .unwrap_or_else(|error| {
        say(tx, Msg::NotKept(format!("Nothing can be stored: {error}")));
        Storing::nowhere()
    });
    if let Some(path) = options.cache_path.clone() {
        let told = tx.clone();
        let settings = options.config_path.clone();
        // In a thread: a disk may be slow. Without one nothing else works either.
        let _ = std::thread::Builder::new().spawn(move || {
            let of_settings = settings
                .iter()
                .flat_map(|path| store::settings_warnings(path));
            for warning in store::warnings(&path).into_iter().chain(of_settings) {
                say(&told, Msg::Notice(warning));
            }
        });
    }
    let profile = options
        .profile
        .as_ref()
        .map_or_else(|| "demo".to_owned(), |profile| profile.name.to_string());
    Executor::new(tx.clone(), storing, plan, options.settings.clone(), profile)
}

/// The command after issue, as it is run and as what happens goes by it. What is wrong with it is among the notices.
fn after_issue(options: &DeskOptions) -> Option<(AfterIssue, InstallCommand)> {
    let found = options::after_issue(&options.settings, options.profile.as_ref());
    let (command, window) = found.ok().flatten()?;
    let of_store = options.cache_path.as_deref().and_then(Path::parent);
    // Where nothing is kept, what is handed over is not either.
    let folder = of_store.map_or_else(std::env::temp_dir, Path::to_owned);
    let app = InstallCommand {
        name: command.name(),
        window,
        zone: TimeZone::system(),
        folder: folder.join("issued").display().to_string(),
    };
    Some((command, app))
}

/// A number that no other process has, for the names of writes.
fn op_seed() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// More than anything that was typed waits for what comes behind it.
const LATER: Duration = Duration::from_secs(1);

struct Desk {
    console: Console<Event>,
    gate: Gate,
    /// When frames are drawn.
    pace: Pace,
    executor: Executor,
    tx: UnboundedSender<Event>,
    rx: UnboundedReceiver<Event>,
    options: DeskOptions,
    /// What is being tried to connect with.
    connecting: Option<AbortHandle>,
    /// When the model was last told the time: its deadlines are so far from then, whatever the clock says.
    looked: Instant,
}

/// Has the runtime look at its timers anew. For those that were given up (of an answer that came in time) it would wake all
/// the same, unless a nearer one comes.
fn forget_timers() {
    tokio::spawn(tokio::time::sleep(Duration::from_millis(1)));
}

/// What an event asks of the loop beside changing the model.
enum Next {
    Go,
    Leave(u8),
}

impl Desk {
    /// Until the end: wait, drain, update, draw once. The deadlines are the model's, the keyboard's and that of a frame that
    /// waits, and the only timers.
    async fn turn(&mut self, model: &mut Model) -> u8 {
        // Whether anything that had a time of its own came to its end.
        let mut ended = false;
        loop {
            let due = self.deadline(model);
            if due.is_none() && std::mem::take(&mut ended) {
                forget_timers();
            }
            let first = tokio::select! {
                // What has happened comes before what was to happen.
                biased;
                event = self.rx.recv() => event,
                () = instant(self.gate.deadline()) => None,
                () = instant(due) => Some(Event::Msg(Box::new(Msg::Deadline))),
                () = instant(self.pace.deadline()) => None,
                () = tokio::task::yield_now(), if model.has_more() => {
                    Some(Event::Msg(Box::new(Msg::GoOn)))
                }
            };
            ended |= due.is_some();
            let mut pending = first;
            while let Some(event) = pending {
                ended |= matches!(event, Event::Msg(_) | Event::Client { .. });
                // A long list is seen growing, however fast its pieces come.
                let is_pause = matches!(event, Event::Taken(_));
                if let Next::Leave(code) = self.take(model, event).await {
                    return code;
                }
                pending = if is_pause {
                    None
                } else {
                    self.rx.try_recv().ok()
                };
            }
            if let Next::Leave(code) = self.typed(model).await {
                return code;
            }
            if let Some(moves) = ui::paging(model) {
                model.limit_paging(&moves);
            }
            if let Some(last) = ui::last_top(model) {
                model.limit_scroll(last);
            }
            if self.pace.is_due(Instant::now()) && self.draw(model).is_err() {
                return hangup::EXIT as u8;
            }
        }
    }

    /// When the model wants to be told the time, if it waits for anything.
    fn deadline(&self, model: &Model) -> Option<Instant> {
        let wait = model.next_deadline()?.duration_since(model.engine.now);
        Some(self.looked + Duration::try_from(wait).unwrap_or_default())
    }

    /// Lets the model take a message now.
    fn step(&mut self, model: &mut Model, msg: Msg) -> Vec<Effect> {
        self.looked = Instant::now();
        update(model, msg, Timestamp::now())
    }

    /// What was typed and waits to be told from a paste is typed all the same at the end; it commands nothing any more.
    fn type_rest(&mut self, model: &mut Model) {
        while let Ok(event) = self.rx.try_recv() {
            if let Event::Typed(arrived) = event {
                self.gate.arrive(arrived);
            }
        }
        let later = Instant::now() + LATER;
        while let Some(meant) = self.gate.next(later, |key| stance(model, key)) {
            let msg = match meant {
                Meant::Key(key) if stance(model, key).typing && !stance(model, key).decides => {
                    Msg::Key(key)
                }
                Meant::Paste(paste) => Msg::Paste(paste.text),
                Meant::Key(_) | Meant::TooSoon | Meant::Background(_) => continue,
            };
            // Nothing is done any more but what keeps it.
            let keeps = |effect: &Effect| matches!(effect, Effect::SaveDraft { .. });
            for effect in self.step(model, msg).into_iter().filter(keeps) {
                self.executor.run(effect);
            }
        }
    }

    /// Keeps what is typed, and waits until it is on the disk: somebody else gets the terminal, and perhaps the machine.
    async fn keep(&mut self, model: &mut Model) {
        for effect in keep(model) {
            self.executor.run(effect);
        }
        let kept = self.executor.storing().ask(|_| ());
        let _ = tokio::time::timeout(ending::LIMIT, kept).await;
    }

    fn draw(&mut self, model: &Model) -> std::io::Result<()> {
        let shown = self.console.draw(|area, buffer| {
            ui::view(model, area, buffer);
            test_panic::here(test_panic::Place::Draw);
            None
        })?;
        self.pace.drawn(shown, Instant::now());
        Ok(())
    }

    async fn take(&mut self, model: &mut Model, event: Event) -> Next {
        match event {
            Event::Msg(msg) => {
                let is_list = matches!(*msg, Msg::Cached { .. } | Msg::Sync { .. });
                if is_list {
                    self.pace.listed();
                }
                let is_whole = matches!(
                    &*msg,
                    Msg::Sync {
                        event: SyncEvent::Finished { .. },
                        ..
                    }
                );
                let next = self.update(model, *msg).await;
                if is_whole {
                    let of = model.engine.account.orders.len();
                    self.executor.keep_first(model.first_orders(FIRST), of);
                }
                next
            }
            Event::Bytes(bytes) => {
                // A terminal that cannot be written to is told by the next frame.
                let _ = self.console.send(&bytes);
                Next::Go
            }
            Event::Client { client, connection } => {
                self.executor.connect(client, connection.account.clone());
                // The first rows are on their way before the account is asked for them.
                if self.options.demo.is_none() {
                    self.executor.load_cache();
                }
                // In one go: what the model wants from here on is wanted of this account.
                self.update(model, Msg::Connected(connection)).await
            }
            Event::Taken(told) => {
                // Whoever waited for it may be gone.
                let _ = told.send(());
                Next::Go
            }
            Event::Typed(arrived) => {
                self.gate.arrive(arrived);
                self.typed(model).await
            }
            Event::Signal(SignalEvent::Terminate { code }) => Next::Leave(code as u8),
            Event::Signal(SignalEvent::Suspend) => self.suspend(model).await,
            Event::Signal(SignalEvent::Continue) => {
                if self.console.continued().await.unwrap_or(false) {
                    return self.resized(model).await;
                }
                Next::Go
            }
            Event::Signal(SignalEvent::Resize) => {
                self.console.resized();
                self.resized(model).await
            }
            Event::Gone => Next::Leave(hangup::EXIT as u8),
        }
    }

    /// Takes what is certain by now of what was typed, one thing after another: each may change what the next one means.
    async fn typed(&mut self, model: &mut Model) -> Next {
        loop {
            let look = |key| stance(model, key);
            let Some(meant) = self.gate.next(Instant::now(), look) else {
                return Next::Go;
            };
            if !matches!(meant, Meant::Background(_)) {
                self.pace.typed();
            }
            let msg = match meant {
                Meant::Key(key) => {
                    test_panic::key_pressed();
                    Msg::Key(key)
                }
                Meant::Paste(paste) => {
                    for words in told_of(&paste) {
                        say(&self.tx, Msg::OfPaste(words));
                    }
                    Msg::Paste(paste.text)
                }
                Meant::TooSoon => {
                    Msg::Notice("That key came too soon to count, or more keys followed at once. Press it again.".into())
                }
                Meant::Background(colour) if self.options.settings.theme == Theme::Auto => {
                    Msg::Ground(look::ground_of(colour))
                }
                Meant::Background(_) => continue,
            };
            if let Next::Leave(code) = self.update(model, msg).await {
                return Next::Leave(code);
            }
        }
    }

    async fn update(&mut self, model: &mut Model, msg: Msg) -> Next {
        test_panic::here(test_panic::Place::Update);
        let mut effects = self.step(model, msg);
        // What is to be kept before the terminal is another's, or the program ends, may stand behind that.
        effects.sort_by_key(|effect| {
            matches!(
                effect,
                Effect::Quit(_) | Effect::Suspend | Effect::Plain { .. } | Effect::Edit { .. }
            )
        });
        let mut queue = std::collections::VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Quit(code) => return Next::Leave(code),
                Effect::Redraw => self.console.invalidate(),
                Effect::Suspend => {
                    if let Next::Leave(code) = Box::pin(self.suspend(model)).await {
                        return Next::Leave(code);
                    }
                }
                Effect::Plain { text } => {
                    self.keep(model).await;
                    let shown = self.console.hand_off(plain::show(&text)).await;
                    if let Err(error) = shown.and_then(|shown| shown) {
                        let words = format!("Could not show the plain screen: {error}");
                        queue.extend(self.step(model, Msg::Notice(words)));
                    }
                }
                Effect::Edit { text, what } => {
                    self.keep(model).await;
                    let edited = self
                        .console
                        .hand_off(async {
                            let _its_signals = HandOff::begin();
                            editor::edit(&Env::Process, &text, &format!(".{what}")).await
                        })
                        .await;
                    let result = match edited {
                        Ok(Ok(text)) => Ok(text),
                        Ok(Err(error)) => Err(Failure::local(error.to_string(), "")),
                        Err(error) => Err(Failure::local(error.to_string(), "")),
                    };
                    queue.extend(self.step(model, Msg::Edited(result)));
                }
                Effect::Connect { url, key, keep } => {
                    self.stop_connecting();
                    let key = key.into_inner();
                    let trying = connecting::reconnect(&self.options, url, key, keep, &self.tx);
                    self.connecting = Some(trying);
                }
                Effect::StopConnecting => self.stop_connecting(),
                Effect::FindKeyPlaces => connecting::find_places(&self.options, &self.tx),
                other => self.executor.run(other),
            }
        }
        self.gate.asks(question(model), Instant::now());
        Next::Go
    }

    fn stop_connecting(&mut self) {
        if let Some(trying) = self.connecting.take() {
            trying.abort();
        }
    }

    async fn suspend(&mut self, model: &mut Model) -> Next {
        self.keep(model).await;
        match self.console.suspend().await {
            Ok(true) => self.resized(model).await,
            Ok(false) => {
                let words =
                    "There is no shell to go back to: certdeck is this terminal's first program.";
                say(&self.tx, Msg::Notice(words.into()));
                Next::Go
            }
            Err(_) => Next::Leave(hangup::EXIT as u8),
        }
    }

    /// The terminal came back and may have another size.
    async fn resized(&mut self, model: &mut Model) -> Next {
        let area = self.console.area();
        Box::pin(self.update(model, Msg::Resize(area.width, area.height))).await
    }
}

/// What the operator has to know of a paste.
fn told_of(paste: &Paste) -> Vec<String> {
    let mut words = Vec::new();
    if paste.cut {
        words.push("The paste was larger than 1 MiB; the rest was discarded.".to_owned());
    }
    if paste.unfinished {
        words.push(
            "The terminal did not mark the end of this paste. Check that all of it is there."
                .to_owned(),
        );
    }
    words
}

/// Sleeps until a time; for ever without one.
async fn instant(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
