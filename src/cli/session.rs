//! An account without a screen: its client, its store, and the engine over both.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::error::CliError;
use super::print::{self, Progress};
use crate::app::account::rows::Orders;
use crate::app::effect::Read;
use crate::app::engine::Engine;
use crate::app::msg::{Connection, Msg};
use crate::app::remote::Remote;
use crate::certcentral::{Client, Reads};
use crate::config::{self, Profile};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::text::grouped;
use crate::runtime::connecting;
use crate::runtime::keystore::KeySearch;
use crate::runtime::options::{self, WithWindow};
use crate::runtime::script::Script;
use crate::runtime::trust;
use crate::store::{Cursor, StoreError};

/// Batches that the store reads at a time while those before are taken.
const TOGETHER: usize = 8;

/// An account to work on.
pub(super) struct Session<'c> {
    context: &'c Context,
    pub(super) script: Script,
    /// What reads it, where it is connected.
    client: Option<Client>,
    /// The account, as the store names it.
    account: String,
    progress: Progress,
}

impl<'c> Session<'c> {
    /// Connects to the account of the profile. Nothing is asked of it yet.
    pub(super) fn connect(context: &'c Context) -> Result<Self, CliError> {
        let profile = context.need_profile()?;
        let key = KeySearch::new(context.env.clone(), Some(profile.clone())).find()?;
        let url = profile.url.as_str();
        let options = trust::client_options(Some(&profile))?;
        let client = Client::with_options(url, &key.secret, options)?;
        let connection = connecting::connection(profile.name.to_string(), url, &key);
        let mut session = Self::on(context, &profile, connection.account.clone())?;
        session.client = Some(client.clone());
        session.script.connect(client, connection);
        Ok(session)
    }

    /// What is stored of the account of the profile: that of its key, or without one the only account of its URL. Nothing
    /// is asked of anybody.
    pub(super) fn stored(context: &'c Context) -> Result<Self, CliError> {
        let profile = context.need_profile()?;
        let name = profile.name.to_string();
        let url = profile.url.as_str().to_owned();
        let search = KeySearch::new(context.env.clone(), Some(profile.clone()));
        let found = search
            .find()
            .map(|key| connecting::connection(name.clone(), &url, &key).account);
        let mut session = Self::on(context, &profile, String::new())?;
        let account = match found {
            Ok(account) => account,
            Err(no_key) => {
                let begins = format!("{url}#");
                let all = session.script.ask(move |store| store.accounts(&begins));
                match all.transpose()?.unwrap_or_default().as_slice() {
                    [account] => account.clone(),
                    _ => return Err(no_key.into()),
                }
            }
        };
        session.account.clone_from(&account);
        let why = Failure::local("Only what is stored here is read.", "");
        session.script.tell(Msg::Connected(Connection {
            profile: name,
            account,
            url,
            sandbox: false,
            key: Err(why),
        }));
        Ok(session)
    }

    fn on(context: &'c Context, profile: &Profile, account: String) -> Result<Self, CliError> {
        context.tell_notices();
        let path = config::store_path(profile)?;
        let settings = &context.config.settings;
        let script = Script::open(Some(path), settings, profile.name.to_string())
            .map_err(CliError::Runtime)?;
        Ok(Self {
            context,
            script,
            client: None,
            account,
            progress: Progress::new(context),
        })
    }

    /// Brings what is stored of the orders up to date. Where that fails nothing is listed: it would look like what is so now.
    pub(super) fn sync(&mut self) -> Result<(), CliError> {
        let progress = &mut self.progress;
        let synced = self.script.sync(|done, total| {
            let (done, total) = (grouped(done as usize), grouped(total as usize));
            progress.say(&format!("Loading orders: {done} of {total}"));
        });
        self.progress.end();
        self.tell();
        synced.map_err(|failure| {
            let stored = self.as_of().ok().flatten();
            CliError::NotUpToDate { failure, stored }
        })
    }

    /// Up to when what is stored of the orders is in line with the account.
    pub(super) fn as_of(&self) -> Result<Option<Timestamp>, CliError> {
        let account = self.account.clone();
        let cursor = self.script.ask(move |store| store.cursor(&account));
        let Cursor {
            last_full,
            last_change,
        } = cursor.transpose()?.unwrap_or_default();
        Ok(last_change.max(last_full))
    }

    /// What was seen to be served, as far as it is kept.
    pub(super) fn load_served(&mut self) -> Result<(), CliError> {
        let account = self.account.clone();
        let all = self.script.ask(move |store| store.load_served(&account));
        if let Some(all) = all.transpose()? {
            let account = self.account.clone();
            self.script.tell(Msg::KeptServed { account, all });
        }
        Ok(())
    }

    /// The endpoints that were added, as far as they are kept.
    pub(super) fn load_endpoints(&mut self) -> Result<(), CliError> {
        let account = self.account.clone();
        let all = self.script.ask(move |store| store.load_endpoints(&account));
        if let Some(all) = all.transpose()? {
            let account = self.account.clone();
            self.script.tell(Msg::KeptEndpoints { account, all });
        }
        Ok(())
    }

    /// Every order by ascending number, some at a time. How many there are besides that cannot be read.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(&Engine, &Orders) -> Result<(), CliError>,
    ) -> Result<usize, CliError> {
        let engine = &self.script.engine;
        if let Some(orders) = self.unkept() {
            take(engine, orders)?;
            return Ok(0);
        }
        let table = |rows: Rows| {
            let mut orders = Orders::default();
            orders.upsert(&rows);
            orders
        };
        self.batches(table, |orders| take(engine, &orders))
    }

    /// Takes all orders into the engine, for what looks at them together. How many there are besides that cannot be read.
    pub(super) fn load(&mut self) -> Result<usize, CliError> {
        if self.unkept().is_some() {
            return Ok(0);
        }
        let mut all = Vec::new();
        let unreadable = self.batches(Arc::new, |rows| {
            all.push(rows);
            Ok(())
        })?;
        for rows in all {
            let account = self.account.clone();
            self.script.tell(Msg::Cached { account, rows });
        }
        Ok(unreadable)
    }

    /// What reads the account.
    pub(super) fn reads(&self) -> Result<Reads, CliError> {
        let client = self.client.as_ref().ok_or(CliError::NoAnswer)?;
        Ok(client.reads())
    }

    /// The orders that came and that the store does not keep.
    fn unkept(&self) -> Option<&Orders> {
        let orders = &self.script.engine.account.orders;
        (!orders.is_empty()).then_some(orders)
    }

    /// Has all stored rows taken, some at a time, as what is made of them while those before are taken. How many there are
    /// besides that cannot be read.
    fn batches<T: Send + 'static>(
        &self,
        make: impl Fn(Rows) -> T + Copy + Send + 'static,
        mut take: impl FnMut(T) -> Result<(), CliError>,
    ) -> Result<usize, CliError> {
        let ask = |after| {
            let account = self.account.clone();
            self.script.ask_ahead(move |store| {
                let (mut made, mut unreadable, mut last) = (Vec::new(), 0, after);
                while made.len() < TOGETHER {
                    let read = store.load_after(&account, last)?;
                    made.push(make(read.rows));
                    unreadable += read.unreadable;
                    last = read.last;
                    if last.is_none() {
                        break;
                    }
                }
                Ok::<_, StoreError>((made, last, unreadable))
            })
        };
        let mut all_unreadable = 0;
        let mut next = Some(ask(None));
        while let Some(batches) = next.take().and_then(|batches| self.script.wait(batches)) {
            let (made, last, unreadable) = batches?;
            next = last.map(|last| ask(Some(last)));
            all_unreadable += unreadable;
            made.into_iter().try_for_each(&mut take)?;
        }
        Ok(all_unreadable)
    }

    /// Reads these things of the account, together.
    pub(super) fn read(&mut self, reads: impl IntoIterator<Item = Read>) {
        self.script.does(|engine, turn| {
            for read in reads {
                engine.read(read, turn);
            }
        });
        self.settle("Loading");
    }

    /// Reads an order, its certificates and its requests.
    pub(super) fn read_order(&mut self, order: OrderId) -> Result<(), CliError> {
        self.script
            .does(|engine, turn| engine.read_order(order, turn));
        self.settle("Loading the order");
        let known = self.script.engine.account.known.get(&order);
        let read = known.map(|data| (&data.order, &data.duplicates, &data.reissues));
        let Some((info, duplicates, reissues)) = read else {
            return Err(CliError::NoAnswer);
        };
        came(info)?;
        came(duplicates)?;
        came(reissues)?;
        Ok(())
    }

    /// Waits for all that is under way.
    pub(super) fn settle(&mut self, what: &str) {
        let progress = &mut self.progress;
        self.script
            .settle(|left| progress.say(&format!("{what}: {left} to go")));
        self.progress.end();
        self.tell();
    }

    /// Goes on with what earlier runs sent, and looks once how it stands.
    pub(super) fn take_up(&mut self) {
        self.script.take_up();
        self.settle("Checking what was sent before");
    }

    /// Says how far it is, where somebody reads it.
    pub(super) fn say(&mut self, words: &str) {
        self.progress.say(words);
    }

    /// Takes away how far it is.
    pub(super) fn end_progress(&mut self) {
        self.progress.end();
        self.tell();
    }

    /// The command after issue of the profile.
    pub(super) fn after_issue(&self) -> Option<WithWindow> {
        let settings = &self.context.config.settings;
        let profile = self.context.profile().ok().flatten();
        // What is wrong with it was told among the notices.
        options::after_issue(settings, profile.as_ref())
            .ok()
            .flatten()
    }

    /// The subject of CSRs that are made here, besides their names.
    pub(super) fn csr_subject(&self) -> config::CsrSubject {
        self.context.config.settings.csr.clone()
    }

    /// Where the files of certificates go that nobody wrote anywhere.
    pub(super) fn issued_folder(&self) -> Option<String> {
        let store = config::store_path(&self.context.profile().ok().flatten()?).ok()?;
        Some(store.parent()?.join("issued").display().to_string())
    }

    /// Says what a person should know.
    fn tell(&mut self) {
        for notice in self.script.notices() {
            print::err(&format!("certdeck: {notice}"));
        }
    }

    /// Says of when what is stored is, where it was not brought up to date.
    pub(super) fn tell_age(&self, as_of: Option<Timestamp>) -> Result<(), CliError> {
        let Some(at) = as_of else {
            return Err(CliError::NothingStored);
        };
        let at = at.strftime("%Y-%m-%d %H:%M UTC");
        print::hint(self.context, &format!("Orders as stored on {at}."));
        Ok(())
    }
}

/// What was read, or why it could not be.
pub(super) fn came<T>(read: &Remote<T>) -> Result<&T, CliError> {
    match read {
        Remote::Ready { value, .. } => Ok(value),
        Remote::Failed { error, .. } => Err(CliError::Failure(error.clone())),
        Remote::Idle | Remote::Loading { .. } => Err(CliError::NoAnswer),
    }
}
