//! SQLite: the orders as last seen, drafts of forms, and the journal of everything that was ever sent.
//!
//! One file for each profile, shared by every certdeck that runs on it: SQLite locks between processes, and
//! what one of them has committed the others see. All calls are synchronous; a [`Store`] is `Send` and belongs
//! in a thread of its own.
//!
//! | part | what is kept | how safely |
//! | --- | --- | --- |
//! | orders ([`Loaded`], [`Cursor`]) | rows of the list, by account | can be read again from the account |
//! | endpoints that were added | where else is looked | is typed again |
//! | what is served ([`KeptServed`]) | what servers were last seen to have, by order | can be looked at again |
//! | certificates handed over ([`InstallRecord`](crate::domain::install::InstallRecord)) | what the command after issue ran for, and key files | synced before the call returns, so before it runs |
//! | drafts ([`Draft`]) | forms as typed | synced to the disk before the call returns |
//! | journal ([`Intent`](crate::domain::write::Intent), [`Record`](crate::domain::write::Record)) | what was sent and what came of it | synced before the call returns, so before a byte leaves |
//!
//! No private key is ever stored: text that holds one is refused with [`StoreError::PrivateKey`].

mod drafts;
mod endpoints;
mod error;
mod file;
mod installs;
mod journal;
mod orders;
mod outputs;
mod owner;
mod read_only;
mod schema;
mod served;
#[cfg(test)]
mod tests;

pub use drafts::{Draft, DraftKey, Saved};
pub use error::StoreError;
pub use file::{settings_warnings, warnings};
pub use journal::{Twin, TwinState};
pub use orders::{Cursor, FIRST, Loaded};
pub use outputs::{Output, OutputKey};
pub use served::KeptServed;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, MAIN_DB, OpenFlags, Transaction, TransactionBehavior};

use self::owner::Claim;
use crate::domain::write::{Answer, WriteId};

/// The connection to a profile's file.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    claim: Claim,
    trouble: Option<StoreError>,
    /// Drafts as they were last seen from here, each as a hash of its text.
    seen: RefCell<HashMap<DraftKey, u64>>,
    /// How far the orders that were handed over from here are in line with their account.
    followed: RefCell<HashMap<String, Cursor>>,
    /// Forms that another process types in too, and where what is typed here is kept.
    beside: HashMap<DraftKey, DraftKey>,
    /// What others began and was handed over from here to be gone on with.
    taken_up: RefCell<HashSet<WriteId>>,
    /// Outcomes that the disk did not take.
    late: Vec<(WriteId, Answer, Timestamp)>,
}

impl Store {
    /// Opens the file, making it (mode 0600) and its folder (mode 0700) where they are missing, and brings its
    /// tables up to date. A file that is there and cannot be written is opened to be read: [`Store::trouble`] says why.
    ///
    /// # Errors
    ///
    /// [`StoreError::Folder`], [`StoreError::ReadOnly`] and [`StoreError::Full`] when the place cannot be
    /// written and nothing is there to be read, [`StoreError::Newer`] when a later certdeck made the file,
    /// [`StoreError::Damaged`] when it is not a store at all.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        match Self::open_to_write(path) {
            Err(trouble) if trouble.is_disk() => match read_only::open(path) {
                Some(conn) => Ok(Self {
                    trouble: Some(trouble),
                    ..Self::of(conn, path.to_owned(), Claim::beside(path))
                }),
                None => Err(trouble),
            },
            done => done,
        }
    }

    /// Opens the file to be read, as it is: nothing is made and nothing changed. `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when what is there is no store, or one that this version does not know.
    pub fn open_to_read(path: &Path) -> Result<Option<Self>, StoreError> {
        if !path.exists() {
            return Ok(None);
        }
        match read_only::open(path) {
            Some(conn) => Ok(Some(Self::of(conn, path.to_owned(), Claim::beside(path)))),
            // It says best why not.
            None => Self::open(path).map(Some),
        }
    }

    fn open_to_write(path: &Path) -> Result<Self, StoreError> {
        file::prepare(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)
            .map_err(|error| StoreError::sql(path, &error))?;
        // SQLite opens what it may not write all the same.
        if conn.is_readonly(MAIN_DB).unwrap_or(false) {
            return Err(StoreError::ReadOnly {
                path: path.to_owned(),
                reason: "it is write-protected".into(),
            });
        }
        Self::ready(conn, path.to_owned(), Claim::beside(path))
    }

    /// A store that ends with the program, for the demo.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let conn = Connection::open_in_memory().map_err(|error| StoreError::sql(&path, &error))?;
        Self::ready(conn, path, Claim::in_memory())
    }

    /// The same in place of a store that could not be opened.
    pub fn in_place_of(trouble: StoreError) -> Result<Self, StoreError> {
        Ok(Self {
            trouble: Some(trouble),
            ..Self::in_memory()?
        })
    }

    fn ready(mut conn: Connection, path: PathBuf, claim: Claim) -> Result<Self, StoreError> {
        schema::prepare(&mut conn, &path)?;
        Ok(Self::of(conn, path, claim))
    }

    fn of(conn: Connection, path: PathBuf, claim: Claim) -> Self {
        Self {
            conn,
            path,
            claim,
            trouble: None,
            seen: RefCell::default(),
            followed: RefCell::default(),
            beside: HashMap::new(),
            taken_up: RefCell::default(),
            late: Vec::new(),
        }
    }

    /// Why nothing that is written here outlives the program, where it should; `None` where it does, and in a demo.
    pub fn trouble(&self) -> Option<&StoreError> {
        self.trouble.as_ref()
    }

    /// Where the store is; `:memory:` for one that ends with the program.
    #[cfg(test)]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether what is written here outlives the program.
    pub fn is_lasting(&self) -> bool {
        self.claim.is_lasting() && self.trouble.is_none()
    }

    /// One transaction, synced to the disk before it returns.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, WorkError>,
    ) -> Result<T, StoreError> {
        run(&mut self.conn, work).map_err(|error| error.at(&self.path))
    }

    /// One transaction that a power cut may undo (never tear). For what can be read again from the account,
    /// where a sync for each page would cost more than the page.
    fn write_cache<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, WorkError>,
    ) -> Result<T, StoreError> {
        let relaxed = self.conn.pragma_update(None, "synchronous", "NORMAL");
        let done = relaxed
            .map_err(WorkError::from)
            .and_then(|()| run(&mut self.conn, work));
        let strict = self.conn.pragma_update(None, "synchronous", "FULL");
        let done = done.map_err(|error| error.at(&self.path))?;
        strict.map_err(|error| StoreError::sql(&self.path, &error))?;
        Ok(done)
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, WorkError>,
    ) -> Result<T, StoreError> {
        work(&self.conn).map_err(|error| error.at(&self.path))
    }
}

/// What goes wrong within a transaction: SQLite's words, which still need the path, or our own.
enum WorkError {
    Sql(rusqlite::Error),
    Store(StoreError),
}

impl WorkError {
    fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Sql(error) => StoreError::sql(path, &error),
            Self::Store(error) => error,
        }
    }
}

impl From<rusqlite::Error> for WorkError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for WorkError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

// IMMEDIATE takes the write lock at once, where the busy timeout holds; a reader that turns writer half way
// fails without waiting.
fn run<T>(
    conn: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, WorkError>,
) -> Result<T, WorkError> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
