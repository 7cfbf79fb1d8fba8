//! Which process an operation of the journal belongs to, and whether that process still lives.
//!
//! A store that sends holds a lock on a file of its own beside the database. The system drops the lock with the
//! process, however it ends, so that nobody has to guess from process ids, which get used again.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::file::private_file;

/// This store's claim to its own operations.
#[derive(Debug)]
pub(super) struct Claim {
    /// Random, so that no two stores share it, not even in one process.
    token: String,
    /// The database; `None` in memory, where nobody else looks.
    database: Option<PathBuf>,
    /// Held while the store lives.
    lock: Option<File>,
}

impl Claim {
    pub(super) fn beside(database: &Path) -> Self {
        Self {
            token: fresh_token(),
            database: Some(database.to_owned()),
            lock: None,
        }
    }

    pub(super) fn in_memory() -> Self {
        Self {
            token: fresh_token(),
            database: None,
            lock: None,
        }
    }

    pub(super) fn is_lasting(&self) -> bool {
        self.database.is_some()
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Takes the lock, once. To be called before the first operation is stored under the token.
    pub(super) fn take(&mut self) -> io::Result<()> {
        let Some(database) = self.database.as_ref().filter(|_| self.lock.is_none()) else {
            return Ok(());
        };
        let lasting = lock_path(database, &self.token);
        // Locked under another name first: a file under the lasting name is always locked while its owner
        // lives, and may be swept away when it is not.
        let mut making = lasting.clone().into_os_string();
        making.push(".new");
        let file = private_file(Path::new(&making))?;
        file.lock()?;
        fs::rename(&making, &lasting)?;
        self.lock = Some(file);
        Ok(())
    }

    /// Whether the store with this token is still open somewhere.
    pub(super) fn lives(&self, token: &str) -> bool {
        if token == self.token {
            return true;
        }
        self.database
            .as_ref()
            .is_some_and(|database| is_locked(&lock_path(database, token)))
    }

    /// Removes what killed processes left behind.
    pub(super) fn sweep(&self) {
        let Some(database) = &self.database else {
            return;
        };
        let Some(name) = database.file_name().and_then(|name| name.to_str()) else {
            return;
        };
        let prefix = format!("{name}{INFIX}");
        let folder = database.parent().filter(|f| !f.as_os_str().is_empty());
        let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else {
            return;
        };
        for entry in entries.flatten() {
            let ours = entry.file_name().to_str().is_some_and(|name| {
                name.strip_prefix(&prefix)
                    .is_some_and(|token| !token.contains('.') && token != self.token)
            });
            if ours && !is_locked(&entry.path()) {
                // Left over or not, it says nothing any more; the next start tries again.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let (Some(database), Some(_)) = (&self.database, &self.lock) {
            // A file that stays is swept by the next start.
            let _ = fs::remove_file(lock_path(database, &self.token));
        }
    }
}

const INFIX: &str = "-live-";

fn lock_path(database: &Path, token: &str) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(INFIX);
    name.push(token);
    database.with_file_name(name)
}

// Shared, so that two who ask at once do not take each other for the owner. A file system that cannot tell
// counts as "lives": the wrong answer then hides a button instead of offering to send twice.
fn is_locked(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => true,
        },
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn fresh_token() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_owners_make_their_locks_under_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("acme.sqlite");
        // What any owner makes first is held by somebody who has stopped.
        let held: Vec<File> = ["acme.new", "acme.sqlite.new", "acme.sqlite-live-.new"]
            .map(|name| private_file(&folder.path().join(name)).unwrap())
            .into();
        for file in &held {
            file.lock().unwrap();
        }
        let mut claims = [Claim::beside(&database), Claim::beside(&database)];
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for claim in &mut claims {
                claim.take().unwrap();
            }
            tell.send(claims).unwrap();
        });
        let claims = told
            .recv_timeout(std::time::Duration::from_mins(1))
            .unwrap();
        assert!(claims[0].lives(claims[1].token()));
    }
}
