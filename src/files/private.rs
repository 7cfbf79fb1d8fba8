//! Files for their owner alone, replaced in one step, and a lock for those who read, change and write.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Makes a folder and those above it where they are missing, for its owner alone (0700).
///
/// # Errors
/// Why it cannot be made.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces `path` in one step by a file of mode 0600; a folder made for it is 0700. A symbolic link stays one: the
/// file it points to is replaced, or made where it is missing.
///
/// # Errors
/// Why it cannot be written; what was there before is there still.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target(path)?;
    let folder = folder(&target);
    private_folder(folder)?;
    // tempfile makes its files 0600, and the rename keeps that.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Where a path leads, also where the last of its links points to nothing yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match std::fs::read_link(&path) {
            Ok(next) => path = folder(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("its symbolic links lead in a circle"))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The right to change a file, until dropped; others who ask for it wait. It is kept on the file's folder, since the
/// file itself is replaced.
#[derive(Debug)]
pub struct Exclusive {
    _folder: Option<File>,
}

impl Exclusive {
    /// Waits for it. Where the file system knows no locks there is none, and the last who writes wins.
    ///
    /// # Errors
    /// Why the folder cannot be made or opened.
    pub fn of(path: &Path) -> io::Result<Self> {
        let target = target(path)?;
        private_folder(folder(&target))?;
        let opened = File::open(folder(&target))?;
        let locked = opened.lock();
        if let Err(error) = &locked {
            tracing::debug!(%error, "no lock here");
        }
        Ok(Self {
            _folder: locked.is_ok().then_some(opened),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn links_stay_and_what_they_lead_to_is_replaced_or_made() {
        let place = tempfile::tempdir().unwrap();
        let (first, second) = (place.path().join("first"), place.path().join("second"));
        symlink("second", &first).unwrap();
        symlink(place.path().join("real/config.toml"), &second).unwrap();
        for text in ["one", "two"] {
            write_private(&first, text.as_bytes()).unwrap();
            let real = place.path().join("real/config.toml");
            assert_eq!(std::fs::read_to_string(&real).unwrap(), text);
            assert!(first.is_symlink() && second.is_symlink());
            let mode = std::fs::metadata(real).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let circle = place.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(write_private(&circle, b"x").is_err());
    }
}
