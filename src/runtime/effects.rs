//! Effects to tasks: each is started here and comes back as a message. Reads can be aborted by a newer one of the
//! same thing; writes never are, and report even when their form is long closed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::clipboard::{self, ClipboardError};
use super::complete;
use super::csr_files;
use super::draft::put_refusal;
use super::failure::failure;
use super::files::{self, IfThere, home};
use super::install::Installing;
use super::journal::{draft_key, intent, load_prior_csrs};
use super::keygen;
use super::listing::Run;
use super::lists::Lists;
use super::new_files;
use super::notifying;
use super::outside::Outside;
use super::reading;
use super::seen;
use super::storing::Storing;
use super::telling::{as_sent, entry_words, twin_of};
use crate::app::effect::{Effect, Read};
use crate::app::msg::{Connection, CopyReport, Ended, Msg};
use crate::app::remote::Ticket;
use crate::certcentral::endpoints::Answered;
use crate::certcentral::{Client, Fate};
use crate::config::{AfterIssue, Settings};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::secret;
use crate::domain::write::{Answer, Before, Intent, Outgoing, WriteId};
use crate::store::{Draft, Saved, Store, StoreError, Twin};

/// Rows of the journal that are shown.
const JOURNAL_ROWS: usize = 1000;

/// What the loop hears.
#[derive(Debug)]
pub enum Event {
    /// A message for the model.
    Msg(Box<Msg>),
    /// Bytes for the terminal, between two frames.
    Bytes(Vec<u8>),
    /// The client is there, or has changed.
    Client {
        client: Client,
        connection: Connection,
    },
    /// To be told, or dropped, when it is taken: then what came before it is taken too.
    Taken(oneshot::Sender<()>),
    Typed(super::input::Arrived),
    Signal(super::signals::SignalEvent),
    /// The terminal is gone.
    Gone,
}

/// Starts what the model wants done.
#[derive(Debug)]
pub struct Executor {
    tx: UnboundedSender<Event>,
    storing: Storing,
    client: Option<Client>,
    account: String,
    reads: HashMap<Read, AbortHandle>,
    lists: Lists,
    plan: clipboard::Plan,
    outside: Outside,
    installing: Installing,
    settings: Settings,
    profile: String,
    /// The last draft could not be stored.
    unkept: Arc<AtomicBool>,
}

impl Executor {
    /// An executor that answers into `tx`.
    pub fn new(
        tx: UnboundedSender<Event>,
        storing: Storing,
        plan: clipboard::Plan,
        settings: Settings,
        profile: String,
    ) -> Self {
        Self {
            installing: Installing::new(storing.clone(), tx.clone()),
            tx,
            storing,
            client: None,
            account: String::new(),
            reads: HashMap::new(),
            lists: Lists::default(),
            plan,
            outside: Outside::new(&settings),
            settings,
            profile,
            unkept: Arc::default(),
        }
    }

    /// The command that runs after a certificate was issued; what waits for it is told.
    pub fn install_with(&mut self, command: Option<AfterIssue>) {
        self.installing.command = command;
        self.installing.load();
    }

    /// Takes the client that calls go through from now on. Writes keep the one they started with.
    pub fn connect(&mut self, client: Client, account: String) {
        for (_, task) in self.reads.drain() {
            task.abort();
        }
        self.lists.end_run();
        let tx = self.tx.clone();
        client.on_clock(move |offset| say(&tx, Msg::Clock(offset)));
        self.client = Some(client);
        self.account = account;
    }

    /// The store.
    pub fn storing(&self) -> &Storing {
        &self.storing
    }

    /// Shows the list of orders as the last session saw it. A run over the account's list waits for that.
    pub fn load_cache(&mut self) {
        let (storing, account) = (self.storing.clone(), self.account.clone());
        self.lists.load(storing, account, self.tx.clone());
    }

    /// Keeps which orders the list begins with, and of how many, so that the next start shows them first.
    pub fn keep_first(&self, ids: Vec<OrderId>, of: usize) {
        let account = self.account.clone();
        if ids.is_empty() {
            return;
        }
        self.storing.go(move |store| {
            if store.is_lasting()
                && let Err(error) = store.keep_first(&account, &ids, of)
            {
                // They come with all the others.
                tracing::warn!(%error, "the first orders of the list are not kept");
            }
        });
    }

    /// Closes the store, once all is stored that is to be.
    pub fn close(&mut self) -> impl Future<Output = ()> + Send + use<> {
        self.lists.end_run();
        let storing = self.storing.clone();
        async move { storing.close().await }
    }

    /// Starts one effect. Those that need the terminal are the loop's own.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Read { ticket, read } => self.read(ticket, read),
            Effect::Sync { run } => {
                if let Some(client) = self.client.clone() {
                    let (storing, account) = (self.storing.clone(), self.account.clone());
                    let run = Run::new(storing, account, run, self.tx.clone());
                    self.lists.start_run(client, run);
                }
            }
            Effect::Write {
                op,
                outgoing,
                before,
                unjournaled,
                despite,
            } => self.write(op, *outgoing, &before, unjournaled, despite),
            Effect::LookAt(place) => self.outside.look_at(place, &self.tx),
            Effect::LookServed(target) => self.outside.look_served(target, &self.tx),
            Effect::KeepServed(all) => {
                seen::keep_served(&self.storing, self.account.clone(), all, self.tx.clone());
            }
            Effect::KeepEndpoints { added, removed } => {
                let (account, tx) = (self.account.clone(), self.tx.clone());
                seen::keep_endpoints(&self.storing, account, added, removed, tx);
            }
            Effect::ReadEndpoints { path } => {
                self.blocking(move || seen::read_list(&home(&path), path));
            }
            Effect::LookUpCaa(name) => self.outside.look_up_caa(name, &self.tx),
            Effect::OpenAhead => {
                if let Some(client) = self.client.clone() {
                    tokio::spawn(async move { client.writes().open_ahead().await });
                }
            }
            Effect::PlanInstall { install, again } => {
                self.installing
                    .plan(*install, again, |path| self.target(path));
            }
            Effect::RunInstall { order, certificate } => self.installing.run(order, certificate),
            Effect::DismissInstall { order, certificate } => {
                self.installing.dismiss(order, certificate);
            }
            Effect::MakeKey(mut spec) => {
                spec.path = self.target(&spec.path).display().to_string();
                keygen::start(spec, self.settings.csr.clone(), &self.storing, &self.tx);
            }
            Effect::Copy { text, what, force } => self.copy(text, what, force),
            Effect::WriteFile {
                path,
                text,
                what,
                overwrite,
            } => {
                let target = self.target(&path);
                self.blocking(move || {
                    let there = IfThere::of(overwrite);
                    let result = new_files::written(files::write_pem(&target, &text, there));
                    Msg::FileSaved {
                        path: target.display().to_string(),
                        text,
                        what,
                        result,
                    }
                });
            }
            Effect::ReadFile { form, path } => self.blocking(move || {
                let result = csr_files::read_file(Path::new(&home(&path)));
                Msg::FileRead { form, path, result }
            }),
            Effect::CompletePath { typed } => self.blocking(move || {
                let result = complete::complete(&typed, home);
                Msg::PathCompleted { typed, result }
            }),
            Effect::ReadCsrs { list, paths } => self.blocking(move || {
                let paths: Vec<PathBuf> = paths.iter().map(|path| home(path).into()).collect();
                Msg::CsrsRead {
                    list,
                    files: csr_files::read(&paths, csr_files::read_file),
                }
            }),
            Effect::LoadPriorCsrs { order } => {
                load_prior_csrs(&self.storing, order, self.tx.clone());
            }
            Effect::WriteNew {
                of,
                files,
                is_set,
                latest,
                key,
                caveat,
            } => {
                let files: Vec<(PathBuf, String)> = files
                    .into_iter()
                    .map(|(path, text)| (self.target(&path), text))
                    .collect();
                let latest = latest.map(|(link, to)| (self.target(&link), PathBuf::from(to)));
                let key = key.map(|(path, public)| (self.target(&path), public));
                self.blocking(move || {
                    let (path, result) =
                        new_files::write(&files, is_set, latest.as_ref(), key.as_ref());
                    Msg::NewFileSaved {
                        of,
                        path,
                        caveat,
                        result,
                    }
                });
            }
            Effect::SaveDraft { key, json } => self.save_draft(&key, json),
            Effect::DropDraft { key } => {
                let key = draft_key(&key);
                self.store(move |store| store.delete_draft(&key).map(|_| ()));
            }
            Effect::SwapDrafts { one, other } => {
                let (one, other) = (draft_key(&one), draft_key(&other));
                self.store(move |store| store.swap_drafts(&one, &other));
            }
            Effect::Journal { op, entry } => {
                let tx = self.tx.clone();
                self.storing.go(move |store| {
                    if let Err(error) = store.note(&op, &entry, Timestamp::now()) {
                        not_kept(&tx, entry_words(&entry), &error);
                    }
                });
                self.load_journal();
            }
            Effect::KeepRefusal { key, refusal } => {
                let key = draft_key(&key);
                let refusal = refusal.as_ref().map(put_refusal);
                let tx = self.tx.clone();
                self.storing.go(move |store| {
                    if let Err(error) = store.set_refusal(&key, refusal.as_deref()) {
                        not_kept(&tx, "What CertCentral reported", &error);
                    }
                });
            }
            Effect::LoadJournal => self.load_journal(),
            Effect::ShowSent { op, what } => {
                let tx = self.tx.clone();
                self.storing.go(move |store| {
                    let result = as_sent(store.entry(&op));
                    say(&tx, Msg::JournalRequest { what, result });
                });
            }
            Effect::Notify { text } => {
                let bytes = notifying::bytes(&self.settings, &self.plan.way, &text);
                if !bytes.is_empty() {
                    let _ = self.tx.send(Event::Bytes(bytes));
                }
            }
            Effect::Connect { .. }
            | Effect::StopConnecting
            | Effect::FindKeyPlaces
            | Effect::Edit { .. }
            | Effect::Plain { .. }
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Quit(_) => {}
        }
    }

    /// Changes something in the store; why it cannot is told.
    fn store(&self, work: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static) {
        let tx = self.tx.clone();
        self.storing.go(move |store| {
            if let Err(error) = work(store) {
                say(&tx, Msg::Notice(error.to_string()));
            }
        });
    }

    fn blocking(&self, work: impl FnOnce() -> Msg + Send + 'static) {
        let tx = self.tx.clone();
        tokio::task::spawn_blocking(move || say(&tx, work()));
    }

    fn read(&mut self, ticket: Ticket, read: Read) {
        let Some(client) = self.client.clone() else {
            return;
        };
        let tx = self.tx.clone();
        let wanted = read.clone();
        let task = tokio::spawn(async move {
            let result = reading::read(&client.reads(), &wanted).await;
            say(
                &tx,
                Msg::Reply {
                    ticket,
                    read: wanted,
                    result: result.map_err(|error| failure(&error)),
                },
            );
        });
        if let Some(older) = self.reads.insert(read, task.abort_handle()) {
            older.abort();
        }
        self.reads.retain(|_, task| !task.is_finished());
    }

    /// Intent to the journal, then the request, then its outcome to the journal, then to the model.
    fn write(
        &self,
        op: WriteId,
        outgoing: Outgoing,
        before: &Before,
        unjournaled: bool,
        despite: bool,
    ) {
        let tx = self.tx.clone();
        let Some(client) = self.client.clone() else {
            let why = Failure::local("Not connected.", "Set an API key first.");
            say(
                &tx,
                Msg::WriteEnded {
                    op,
                    outcome: Ended::NotSent(why),
                },
            );
            return;
        };
        // The last door, also where nothing is written down: a private key does not leave this machine.
        if let Some(kind) = secret::contains_private_key(&outgoing.body) {
            let why = format!("The request contains {kind}, so it was not sent.");
            let outcome = Ended::NotSent(Failure::local(why, "Remove it from the form."));
            say(&tx, Msg::WriteEnded { op, outcome });
            return;
        }
        let storing = self.storing.clone();
        let intent = intent(&op, &outgoing, before, &self.profile, despite);
        tokio::spawn(async move {
            let begun = storing.ask(move |store| begin(store, &intent, unjournaled));
            let begun = begun.await.unwrap_or_else(|| {
                if unjournaled {
                    return Ok(());
                }
                let what = "Could not open the journal".to_owned();
                Err(NotBegun::NoJournal(what))
            });
            let outcome = match begun {
                Ok(()) => send(&client, &storing, &op, &outgoing, &tx).await,
                // It says itself what can be done.
                Err(NotBegun::NoJournal(why)) => {
                    Ended::NoJournal(Failure::local(format!("{why}."), ""))
                }
                Err(NotBegun::Refused(why)) => Ended::NotSent(Failure::local(why, "")),
                Err(NotBegun::Twin(twin)) => twin_of(&twin),
            };
            say(&tx, Msg::WriteEnded { op, outcome });
        });
    }

    fn copy(&self, text: String, what: String, force: bool) {
        let tx = self.tx.clone();
        let plan = self.plan.clone();
        tokio::spawn(async move {
            let result = match clipboard::copy(&plan, &text, force).await {
                Ok(copied) => {
                    if let Some(bytes) = copied.terminal_bytes {
                        let _ = tx.send(Event::Bytes(bytes));
                    }
                    let warnings = copied.report.warnings;
                    Ok(CopyReport {
                        words: format!("{} ({what})", copied.report.words.trim_end_matches('.')),
                        verified: copied.report.verified,
                        hint: (!warnings.is_empty()).then(|| warnings.join(" ")),
                    })
                }
                Err(error @ ClipboardError::TooLarge { .. }) => {
                    let words = error.to_string();
                    say(&tx, Msg::CopyTooLarge { text, what, words });
                    return;
                }
                Err(error) => Err(Failure::local(error.to_string(), "")),
            };
            say(&tx, Msg::Copied(result));
        });
    }

    fn save_draft(&self, key: &str, json: String) {
        let draft = Draft {
            key: draft_key(key),
            json,
            refusal: None,
            updated: Timestamp::now(),
        };
        let (tx, form) = (self.tx.clone(), key.to_owned());
        let unkept = Arc::clone(&self.unkept);
        self.storing
            .go(move |store| match store.save_draft(&draft) {
                Ok(saved) => {
                    if unkept.swap(false, Ordering::Relaxed) {
                        say(&tx, Msg::KeptAgain);
                    }
                    match saved {
                        Saved::InPlace => {}
                        Saved::Beside => say(&tx, Msg::DraftBeside(form)),
                        Saved::BesideUnreadable => {
                            let words = "An earlier draft of this form cannot be read and stays as it is; what you \
                                type now is kept in a second one.";
                            say(&tx, Msg::Notice(words.into()));
                        }
                    }
                }
                Err(error) => {
                    unkept.store(true, Ordering::Relaxed);
                    say(&tx, Msg::NotKept(format!("The draft is not stored: {error}")));
                }
            });
    }

    fn load_journal(&self) {
        let tx = self.tx.clone();
        self.storing.go(move |store| {
            store.catch_up();
            let rows = store
                .list(JOURNAL_ROWS)
                .map_err(|error| Failure::local(error.to_string(), ""));
            say(&tx, Msg::Journal(rows));
        });
    }

    /// Where a file goes: a plain name into the download folder of the settings, if there is one, which is made.
    fn target(&self, path: &str) -> PathBuf {
        let path = PathBuf::from(home(path));
        match &self.settings.download_dir {
            Some(folder)
                if path
                    .parent()
                    .is_none_or(|parent| parent.as_os_str().is_empty()) =>
            {
                // Why it cannot be made is told by the file that cannot be written.
                let _ = std::fs::create_dir_all(folder);
                folder.join(path)
            }
            _ => path,
        }
    }
}

/// Sends a message; a loop that has ended needs none.
pub(super) fn say(tx: &UnboundedSender<Event>, msg: Msg) {
    let _ = tx.send(Event::Msg(Box::new(msg)));
}

/// Why something is not in the journal.
enum NotBegun {
    /// There is no journal that outlives the program.
    NoJournal(String),
    /// The journal does not take this.
    Refused(String),
    /// It has the same.
    Twin(Twin),
}

/// Writes down what is about to be sent. A store that ends with the program where one should stay is no journal; for
/// the session it takes what is sent all the same.
fn begin(store: &mut Store, intent: &Intent, unjournaled: bool) -> Result<(), NotBegun> {
    let trouble = store.trouble().filter(|_| !unjournaled);
    if let Some(trouble) = trouble {
        return Err(NotBegun::NoJournal(trouble.to_string()));
    }
    match store.begin(intent) {
        Ok(()) => Ok(()),
        Err(StoreError::Twin(twin)) => Err(NotBegun::Twin(twin)),
        Err(error @ (StoreError::OpExists(_) | StoreError::PrivateKey { .. })) => {
            Err(NotBegun::Refused(error.to_string()))
        }
        Err(_) if unjournaled => Ok(()),
        Err(error) => Err(NotBegun::NoJournal(error.to_string())),
    }
}

/// Something is not on the disk, and the desk goes on.
pub(super) fn not_kept(tx: &UnboundedSender<Event>, what: &str, error: &StoreError) {
    tracing::warn!(%error, what, "not stored");
    // What was sent without a journal has no row in it, and was told to have none.
    if !matches!(error, StoreError::OpMissing(_)) {
        say(tx, Msg::Notice(format!("{what} is not stored: {error}")));
    }
}

async fn send(
    client: &Client,
    storing: &Storing,
    op: &WriteId,
    outgoing: &Outgoing,
    tx: &UnboundedSender<Event>,
) -> Ended {
    let answer = client.writes().answer(outgoing).await;
    let (outcome, kept) = match answer {
        Ok(answered) => {
            let status = match answered {
                Answered::Created(_) | Answered::Revocation(Some(_)) => 201,
                Answered::Done | Answered::Revocation(None) => 204,
                Answered::Checked(_) | Answered::Token(_) => 200,
            };
            let accepted = reading::accepted(answered);
            let kept = Answer::Accepted {
                status,
                order: accepted
                    .order
                    .or(outgoing.order.filter(|_| !outgoing.kind.makes_order())),
                requests: accepted.requests.clone(),
                certificate: accepted.certificate,
                random_value: accepted.dcv_random_value.clone(),
            };
            (Ended::Accepted(accepted), kept)
        }
        Err(error) => {
            let told = failure(&error);
            let why = told.what.clone();
            match error.fate() {
                Fate::Unknown => (Ended::Unknown(told), Answer::Unknown { why }),
                Fate::NotSent => (Ended::NotSent(told), Answer::NotSent { why }),
                Fate::Refused => {
                    let errors = error
                        .errors()
                        .iter()
                        .map(|item| format!("{}: {}", item.code, item.message))
                        .collect();
                    let status = error.status().unwrap_or_default();
                    (Ended::Refused(told), Answer::Refused { status, errors })
                }
            }
        }
    };
    let op = op.clone();
    // A journal that cannot take the outcome keeps the intent: the next start looks it up on the account.
    let finished = storing
        .ask(move |store| store.finish(&op, &kept, Timestamp::now()))
        .await;
    if let Some(Err(error)) = finished {
        not_kept(tx, "The response", &error);
    }
    outcome
}
