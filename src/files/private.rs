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
    Prepared::new(path, bytes)?.put()
}

/// A file that is on the disk and has not its name yet; dropped, it is gone.
#[derive(Debug)]
pub struct Prepared {
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Prepared {
    /// Writes what is to stand at `path`, as [`write_private`] does.
    ///
    /// # Errors
    /// Why it cannot be written; what was there before is there still.
    pub fn new(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let target = target(path)?;
        let folder = folder(&target);
        private_folder(folder)?;
        // tempfile makes its files 0600, and the rename keeps that.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(Self { file, target })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// Why not; what was there before is there still.
    pub fn put(self) -> io::Result<()> {
        self.file
            .persist(&self.target)
            .map_err(|error| error.error)?;
        Ok(())
    }
}

/// Whether a file can be made at `path`, with the folders that are missing on the way if `makes_folders`; makes nothing.
///
/// # Errors
/// Why not, in words that name what is in the way.
pub fn could_make(path: &Path, makes_folders: bool) -> Result<(), String> {
    let target = target(path).map_err(|error| error.to_string())?;
    // No folder is made for what a link leads to.
    could_make_in(folder(&target), makes_folders && target == path)
}

/// Whether files can be made in `folder`, which is made if `makes_folders`; makes nothing.
///
/// # Errors
/// As [`could_make`].
pub fn could_make_in(folder: &Path, makes_folders: bool) -> Result<(), String> {
    let whole = std::path::absolute(folder).map_err(|error| error.to_string())?;
    for on_the_way in whole.ancestors() {
        let name = on_the_way.display();
        match std::fs::metadata(on_the_way) {
            Ok(about) if !about.is_dir() => return Err(format!("{name} is not a folder")),
            Ok(_) => {
                return may_write(on_the_way)
                    .map_err(|why| format!("{name} could not be written: {why}"));
            }
            Err(_) if on_the_way.is_symlink() => {
                return Err(format!("{name} is a link that points to nothing"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !makes_folders {
                    return Err(format!("the folder {name} does not exist"));
                }
            }
            // A file stands where a folder above it should: that one is named.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(format!("{name} could not be entered: {error}")),
        }
    }
    Err("the folder does not exist".to_owned())
}

#[cfg(unix)]
fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD};
    let asked = Access::WRITE_OK | Access::EXEC_OK;
    Ok(rustix::fs::accessat(CWD, folder, asked, AtFlags::EACCESS)?)
}

#[cfg(not(unix))]
fn may_write(_: &Path) -> io::Result<()> {
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
    Err(io::Error::other("its symbolic links form a loop"))
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

    #[test]
    fn what_is_asked_makes_nothing_and_says_what_is_in_the_way() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::write(at("file"), "x").unwrap();
        symlink("nowhere/x", at("into-nothing")).unwrap();
        symlink("new", at("to-be-made")).unwrap();
        for (path, makes_folders, why) in [
            ("a.log", false, None),
            ("new/folders/a.log", true, None),
            ("new/folders/a.log", false, Some("does not exist")),
            ("file/a.log", true, Some("file is not a folder")),
            ("file/more/a.log", true, Some("file is not a folder")),
            ("into-nothing", true, Some("does not exist")),
            ("into-nothing/a.log", true, Some("points to nothing")),
            ("to-be-made", false, None),
        ] {
            let told = could_make(&at(path), makes_folders).err();
            match (&told, why) {
                (None, None) => {}
                (Some(told), Some(why)) => assert!(told.contains(why), "{path}: {told}"),
                _ => panic!("{path}: {told:?}"),
            }
        }
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 3);
        // Nobody makes files on a disk that is mounted to be read, whoever asks.
        let sealed = at("sealed");
        std::fs::create_dir(&sealed).unwrap();
        std::fs::set_permissions(&sealed, std::fs::Permissions::from_mode(0o500)).unwrap();
        let told = could_make(&sealed.join("a.log"), true);
        assert_eq!(
            told.is_ok(),
            std::fs::write(sealed.join("probe"), "").is_ok()
        );
    }
}
