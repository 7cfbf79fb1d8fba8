//! The file and its folder: made before SQLite sees them, so that no other user ever can.

use std::fs;
use std::io;
use std::path::Path;

use super::StoreError;
use crate::files::{self, ReadError};

/// Makes folder (0700) and file (0600) where they are missing, and takes from a file that exists what other
/// users may do with it. A folder that exists stays as it is: it may be one that others have to use.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full {
            path: path.to_owned(),
        },
        _ => StoreError::Folder {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    };
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    if let Some(folder) = folder {
        files::private_folder(folder).map_err(failed)?;
    }
    if path.exists() {
        // A pipe would be waited for, and a device has no end. Not opened: to close it would give up the locks that this
        // process has on it.
        beside(path)?;
        files::look(path).map_err(|error| match error {
            ReadError::NotAFile(what) => StoreError::NotAFile {
                path: path.to_owned(),
                what,
            },
            _ => StoreError::ReadOnly {
                path: path.to_owned(),
                reason: error.to_string(),
            },
        })?;
        return keep_private(path).map_err(|error| StoreError::ReadOnly {
            path: path.to_owned(),
            reason: error.to_string(),
        });
    }
    private_file(path).map_err(failed)?;
    if let Some(folder) = folder {
        sync_folder(folder).map_err(failed)?;
    }
    Ok(())
}

/// What SQLite keeps beside the file has to be a file too: it follows no link there, and says only that it cannot open
/// the database.
fn beside(path: &Path) -> Result<(), StoreError> {
    // It is beside the file that a link leads to.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    for end in ["-journal", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(end);
        let path = std::path::PathBuf::from(name);
        let what = match fs::symlink_metadata(&path) {
            Ok(about) if about.is_symlink() => "a symbolic link",
            Ok(_) => match files::look(&path) {
                Err(ReadError::NotAFile(what)) => what,
                _ => continue,
            },
            Err(_) => continue,
        };
        return Err(StoreError::NotAFile { path, what });
    }
    Ok(())
}

/// Opens or makes a file that only its owner may read and write.
pub(super) fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// What of the file and its folder lets others in, and is the operator's to change: an open folder may be one that others
/// have to use, and where a link leads to is somebody's choice.
#[cfg(unix)]
pub fn warnings(path: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).map(|about| about.permissions().mode() & 0o777);
    let mut told = Vec::new();
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty())
        && let Ok(mode) = mode(folder)
        && mode & 0o022 != 0
    {
        told.push(format!(
            "Other users can replace what certdeck stores: they can write in {} (mode {mode:03o}). Run `chmod 700 \
                {0}`, or set XDG_DATA_HOME to a folder of your own.",
            folder.display()
        ));
    }
    told.extend(open_above(path.parent().unwrap_or(path)).map(|above| {
        format!(
            "Other users can replace what certdeck stores: everyone can write in {0}. Run `chmod o-w {0}`.",
            above.display()
        )
    }));
    if path.is_symlink()
        && let Ok(mode) = mode(path)
        && mode & 0o077 != 0
    {
        told.push(format!(
            "{} is a link, and other users can read its target (mode {mode:03o}). Run `chmod 600 {0}`, or remove the \
                link.",
            path.display()
        ));
    }
    told
}

/// The nearest folder above this one in which everybody may replace what is there; where each may only his own (`/tmp`), none
/// is.
#[cfg(unix)]
fn open_above(folder: &Path) -> Option<&Path> {
    use std::os::unix::fs::PermissionsExt;
    folder.ancestors().skip(1).find(|above| {
        let mode = fs::metadata(above).map(|about| about.permissions().mode());
        mode.is_ok_and(|mode| mode & 0o1002 == 0o002)
    })
}

/// Why others could have a word in a file of settings: what stands there is run.
#[cfg(unix)]
pub fn settings_warnings(path: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| {
        let about = fs::metadata(path).ok()?;
        Some(about.permissions().mode() & 0o7777)
    };
    let folder = path.parent().unwrap_or(path);
    let open = [path, folder].into_iter().find(|path| {
        let open = |mode: u32| mode & 0o002 != 0 && mode & 0o1000 == 0;
        mode(path).is_some_and(open)
    });
    let open = open.or_else(|| open_above(folder).filter(|_| path.exists()));
    let open = open.map(|open| {
        format!(
            "Other users can change these settings, and certdeck runs a key_command in them: everyone can write to \
                {0}. Run `chmod o-w {0}`.",
            open.display()
        )
    });
    open.into_iter().collect()
}

/// Where files have no modes, nothing is known of them.
#[cfg(not(unix))]
pub fn settings_warnings(_: &Path) -> Vec<String> {
    Vec::new()
}

/// Where files have no modes, nothing is known of them.
#[cfg(not(unix))]
pub fn warnings(_: &Path) -> Vec<String> {
    Vec::new()
}

#[cfg(unix)]
fn keep_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if path.is_symlink() {
        // Told by `warnings`.
        return Ok(());
    }
    let mut permissions = fs::metadata(path)?.permissions();
    let others = permissions.mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

// The name of a new file is part of the folder, and lost in a power cut unless the folder is synced too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
