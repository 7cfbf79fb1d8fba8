//! Keys in files: one the profile names, which nobody else may be able to read, and the service manager's credentials.

use std::fs::File;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::take_key;
use crate::files::{self, ReadError};

/// A little more than a key, so that a file that is none is seen to be too long.
const MAX_FILE: u64 = 65_536;

/// Reads the profile's key file, if nobody else can.
pub(super) fn read(path: &Path) -> Result<Option<SecretString>, String> {
    let file = open(path)?;
    // The opened file is asked, not the path: what is checked is what is read.
    is_private(path, &file)?;
    is_private_folder(path)?;
    take(&file).map(Some)
}

/// Reads a file of `$CREDENTIALS_DIRECTORY`; the service manager answers for who can read it.
pub(super) fn read_credential(path: &Path) -> Result<Option<SecretString>, String> {
    take(&open(path)?).map(Some)
}

/// Writes the key: 0600, in a folder that is 0700.
pub(super) fn write(path: &Path, secret: &SecretString) -> Result<(), String> {
    if path.parent().is_some_and(Path::exists) {
        is_private_folder(path)?;
    }
    let mut line = zeroize::Zeroizing::new(secret.expose_secret().to_owned());
    line.push('\n');
    files::write_private(path, line.as_bytes())
        .map_err(|error| format!("could not be written: {error}"))
}

/// Whether a key can be written there; writes nothing.
pub(super) fn could_write(path: &Path) -> Result<(), String> {
    if path.parent().is_some_and(Path::exists) {
        is_private_folder(path)?;
    }
    if path.exists() {
        files::look(path).map_err(words)?;
    }
    files::could_make(path, true).map_err(|why| format!("could not be written: {why}"))
}

/// Removes the file; gives whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool, String> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(format!("could not be removed: {error}")),
    }
}

fn open(path: &Path) -> Result<File, String> {
    files::open(path).map_err(words)
}

fn take(file: &File) -> Result<SecretString, String> {
    take_key(files::read_open(file, MAX_FILE).map_err(words)?)
}

fn words(error: ReadError) -> String {
    match error {
        ReadError::Io(error) => format!("could not be read: {error}"),
        told => told.to_string(),
    }
}

#[cfg(unix)]
fn is_private(path: &Path, file: &File) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let about = file
        .metadata()
        .map_err(|error| format!("could not be examined: {error}"))?;
    if about.mode() & 0o077 != 0 {
        return Err(format!(
            "other users can read it (mode {:03o}): run `chmod 600 {}`, and replace the key if others can log in here",
            about.mode() & 0o777,
            path.display()
        ));
    }
    is_ours(about.uid())
}

#[cfg(unix)]
fn is_private_folder(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let about = std::fs::metadata(folder)
        .map_err(|error| format!("its folder could not be examined: {error}"))?;
    if about.mode() & 0o077 != 0 {
        return Err(format!(
            "other users can enter its folder (mode {:03o}): run `chmod 700 {}`, or put it in a folder of its own",
            about.mode() & 0o777,
            folder.display()
        ));
    }
    is_ours(about.uid())
}

#[cfg(unix)]
fn is_ours(uid: u32) -> Result<(), String> {
    if uid == 0 || uid == rustix::process::geteuid().as_raw() {
        Ok(())
    } else {
        Err(format!("it or its folder belongs to another user ({uid})"))
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path, _: &File) -> Result<(), String> {
    Err(
        "key files are accepted only on Unix, where certdeck can check who can read them"
            .to_owned(),
    )
}

#[cfg(not(unix))]
fn is_private_folder(_: &Path) -> Result<(), String> {
    Err(
        "key files are accepted only on Unix, where certdeck can check who can read them"
            .to_owned(),
    )
}
