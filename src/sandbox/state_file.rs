//! `--state FILE`: the whole account and the authority's keys, so that a sandbox started again goes on where it stopped, also
//! where it was killed.
//!
//! ```text
//! FILE          all of it, as it was when it was last written whole; carries a number
//! FILE.journal  the same number, then a line of changes for each call that changed something
//! ```
//!
//! A line is handed to the system before the call is answered: what a client was told survives a kill -9 (not a power cut: the
//! disk is not waited for). FILE is written beside itself and renamed, with the next number; a journal with another number
//! belongs to an older FILE and is not read. Both hold private keys (of the sandbox's own authority) and the made-up API keys:
//! mode 0600.

use std::fs;
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::ca::{Ca, CaError, CaExport};
use super::model::{Account, Held, ReadChanges};

/// Raised whenever a stored field changes its meaning.
const FORMAT: u32 = 1;
/// How long another sandbox is given to let go of the file.
const PATIENCE: Duration = Duration::from_secs(1);
/// A longer journal is folded into FILE.
const LONGEST_JOURNAL: u64 = 64 << 20;

#[derive(Serialize)]
struct Out<'a> {
    format: u32,
    number: u64,
    authority: CaExport,
    account: &'a Account,
}

#[derive(Deserialize)]
struct In {
    format: u32,
    #[serde(default)]
    number: u64,
    authority: CaExport,
    account: Account,
}

/// The first line of a journal.
#[derive(Serialize, Deserialize)]
struct Head {
    number: u64,
}

/// What can go wrong with a state file.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    #[error("the state file {0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    #[error("the state file {0} cannot be written: {1}")]
    Write(PathBuf, io::Error),
    /// Not a state file.
    #[error("{0} is no state file of this sandbox ({1}); move it away to start afresh")]
    Format(PathBuf, String),
    /// The authority in it, or to be in it, is broken.
    #[error("the authority in {0} cannot be used: {1}")]
    Authority(PathBuf, CaError),
    /// Another sandbox writes it.
    #[error("another sandbox keeps its state in {0}; end it, or name another file")]
    Busy(PathBuf),
}

/// A state file that is kept.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    writer: Mutex<Writer>,
}

/// What is needed to go on writing.
#[derive(Debug)]
struct Writer {
    journal: fs::File,
    number: u64,
    /// Bytes of the journal that are whole lines.
    length: u64,
    /// What FILE and journal hold.
    held: Held,
    /// The version of the account that they hold.
    version: Option<u64>,
    /// Whether FILE must be written whole before anything is appended: there is none, or a line could not be written.
    is_due: bool,
}

impl StateFile {
    /// Opens a state file, and reads what it holds; `None` if there is none yet.
    pub fn open(path: PathBuf) -> Result<(Self, Option<(Account, Ca)>), StateFileError> {
        let beside = journal_of(&path);
        let journal =
            open_journal(&beside).map_err(|e| StateFileError::Write(beside.clone(), e))?;
        match lock(&journal) {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(StateFileError::Busy(path)),
            Err(fs::TryLockError::Error(e)) => return Err(StateFileError::Write(beside, e)),
        }
        let stored = read_whole(&path)?;
        let mut writer = Writer {
            journal,
            number: stored.as_ref().map_or(0, |stored| stored.number),
            length: 0,
            held: Held::default(),
            version: None,
            is_due: stored.is_none(),
        };
        let stored = match stored {
            None => None,
            Some(stored) => {
                let mut account = stored.account;
                writer.catch_up(&beside, &mut account)?;
                let ca = Ca::import(&stored.authority)
                    .map_err(|error| StateFileError::Authority(path.clone(), error))?;
                Some((account, ca))
            }
        };
        let writer = Mutex::new(writer);
        Ok((Self { path, writer }, stored))
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what changed in the account that `read` gives. `version` is a number that the account never had with other
    /// content, but for what readers add; it is asked for before `read`.
    pub fn keep<A: std::ops::Deref<Target = Account>>(
        &self,
        version: impl FnOnce() -> u64,
        read: impl FnOnce() -> A,
        ca: &Ca,
    ) -> Result<(), StateFileError> {
        // Held until the end: a call whose change another one writes along is not answered before that is done.
        let mut writer = self.writer();
        let version = version();
        let account = read();
        if writer.version == Some(version) && !account.is_touched() {
            return Ok(());
        }
        if writer.is_due || writer.length > LONGEST_JOURNAL {
            writer.write_whole(&self.path, &account, ca)?;
        } else {
            writer
                .append(&account)
                .map_err(|e| StateFileError::Write(journal_of(&self.path), e))?;
        }
        writer.version = Some(version);
        Ok(())
    }

    /// Writes the file whole and takes the journal away.
    pub fn finish(&self, account: &Account, ca: &Ca) -> Result<(), StateFileError> {
        self.writer().write_whole(&self.path, account, ca)?;
        let beside = journal_of(&self.path);
        fs::remove_file(&beside).map_err(|e| StateFileError::Write(beside, e))
    }
}

impl Writer {
    /// Reads the journal into the account, if it belongs to it; else it begins anew.
    fn catch_up(&mut self, beside: &Path, account: &mut Account) -> Result<(), StateFileError> {
        let mut text = Vec::new();
        self.journal
            .read_to_end(&mut text)
            .map_err(|e| StateFileError::Read(beside.to_owned(), e))?;
        let mut lines = text
            .split_inclusive(|byte| *byte == b'\n')
            // The last line of a sandbox that was killed while writing it was told to nobody.
            .filter(|line| line.ends_with(b"\n"));
        let head: Option<Head> = lines
            .next()
            .and_then(|line| serde_json::from_slice(line).ok());
        if let Some(first) = head.filter(|head| head.number == self.number) {
            self.length = head_line(first.number).len() as u64;
            for (at, line) in lines.enumerate() {
                let changes: ReadChanges = serde_json::from_slice(line).map_err(|error| {
                    let found = format!("line {}: {error}", at + 2);
                    StateFileError::Format(beside.to_owned(), found)
                })?;
                account.apply(changes);
                self.length += line.len() as u64;
            }
            self.journal.set_len(self.length)
        } else {
            self.begin()
        }
        .map_err(|e| StateFileError::Write(beside.to_owned(), e))?;
        account.rebuild_index();
        self.hold(account)
            .map_err(|e| StateFileError::Write(beside.to_owned(), e))
    }

    /// An empty journal for this number.
    fn begin(&mut self) -> io::Result<()> {
        let head = head_line(self.number);
        self.journal.set_len(0)?;
        self.journal.write_all(head.as_bytes())?;
        self.length = head.len() as u64;
        Ok(())
    }

    /// Notes that everything in the account is written, or is about to be.
    fn hold(&mut self, account: &Account) -> io::Result<()> {
        self.held = Held::default();
        account.changes(&mut self.held)?;
        Ok(())
    }

    fn append(&mut self, account: &Account) -> io::Result<()> {
        // What is asked for below is forgotten by the account: if it cannot be written, all must be.
        self.is_due = true;
        let mut line = serde_json::to_vec(&account.changes(&mut self.held)?)?;
        line.push(b'\n');
        if let Err(error) = self.journal.write_all(&line) {
            self.journal.set_len(self.length)?;
            return Err(error);
        }
        self.length += line.len() as u64;
        self.is_due = false;
        Ok(())
    }

    fn write_whole(
        &mut self,
        path: &Path,
        account: &Account,
        ca: &Ca,
    ) -> Result<(), StateFileError> {
        let failed = |error| StateFileError::Write(path.to_owned(), error);
        self.is_due = true;
        // Before it is written: what readers add meanwhile may be missing in FILE, and stays marked for the journal.
        self.hold(account).map_err(failed)?;
        let part = beside(path, ".part");
        let mut out = BufWriter::new(create(&part).map_err(failed)?);
        let state = Out {
            format: FORMAT,
            number: self.number + 1,
            authority: ca
                .export()
                .map_err(|error| StateFileError::Authority(path.to_owned(), error))?,
            account,
        };
        serde_json::to_writer(&mut out, &state).map_err(|error| failed(error.into()))?;
        out.flush().map_err(failed)?;
        out.get_ref().sync_all().map_err(failed)?;
        fs::rename(&part, path).map_err(failed)?;
        self.number += 1;
        self.begin().map_err(failed)?;
        self.is_due = false;
        Ok(())
    }
}

/// Locks the journal for as long as it is open. One that was just killed may need a moment to let go.
fn lock(journal: &fs::File) -> Result<(), fs::TryLockError> {
    let until = Instant::now() + PATIENCE;
    loop {
        match journal.try_lock() {
            Err(fs::TryLockError::WouldBlock) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            locked => return locked,
        }
    }
}

fn head_line(number: u64) -> String {
    format!("{{\"number\":{number}}}\n")
}

fn read_whole(path: &Path) -> Result<Option<In>, StateFileError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StateFileError::Read(path.to_owned(), error)),
    };
    let state: In = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| StateFileError::Format(path.to_owned(), error.to_string()))?;
    if state.format != FORMAT {
        let found = format!("format {}, not {FORMAT}", state.format);
        return Err(StateFileError::Format(path.to_owned(), found));
    }
    Ok(Some(state))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn journal_of(path: &Path) -> PathBuf {
    beside(path, ".journal")
}

fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create(path: &Path) -> io::Result<fs::File> {
    private().write(true).truncate(true).open(path)
}

/// Whatever is written to it comes after what it holds.
fn open_journal(path: &Path) -> io::Result<fs::File> {
    private().read(true).append(true).open(path)
}
