//! The file and its folder: made before SQLite sees them, so that no other user ever can.

use std::fs;
use std::io;
use std::path::Path;

use super::StoreError;

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
        private_folder(folder).map_err(failed)?;
    }
    if path.is_file() {
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

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(unix)]
fn keep_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
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
