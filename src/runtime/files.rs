//! Certificates and keys to files: whole or not at all, and never over a file that is there unless told.
//!
//! The bytes go to a temporary file in the same folder, to disk, and then to their name in one step that
//! fails if the name is taken. So neither a full disk nor a crash leaves half a certificate, and two
//! programs cannot both believe that they made the file.

use std::fs::Permissions;
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What to do about a file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfThere {
    /// Leave it, and say [`FileError::Exists`].
    Keep,
    /// Replace it; the operator was asked.
    Replace,
}

impl IfThere {
    /// By whether the operator said that it may be replaced.
    pub fn of(replace: bool) -> Self {
        if replace { Self::Replace } else { Self::Keep }
    }
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum FileError {
    /// The name is taken.
    #[error("{} already exists, so nothing was written. Choose another name.", path.display())]
    Exists { path: PathBuf },
    /// The name is a folder's.
    #[error("{} is a folder. Enter the name of a file in it.", path.display())]
    IsAFolder { path: PathBuf },
    /// The name is a device's, a pipe's or a socket's, or that of a link to nothing.
    #[error("{} is not a file ({what}), so nothing was written. Choose another name.", path.display())]
    NotAFile { path: PathBuf, what: &'static str },
    /// A private key is there that does not belong to the certificate.
    #[error("{} holds another private key, so nothing was written beside it. Choose another place.", path.display())]
    AnotherKey { path: PathBuf },
    /// Something else than a link has the name of one.
    #[error("{} is not a link, so it was left as it is. The files themselves were written.", path.display())]
    NotALink { path: PathBuf },
    /// The folder is missing.
    #[error("The folder {} does not exist, so nothing was written. Create it, or choose another one.", folder.display())]
    NoFolder { folder: PathBuf },
    /// What should be a folder is a file.
    #[error("{} is not a folder, so nothing was written in it. Choose another place.", path.display())]
    NotAFolder { path: PathBuf },
    /// The folder belongs to somebody else.
    #[error("You cannot write in {} ({reason}). Choose a folder of your own.", folder.display())]
    Denied { folder: PathBuf, reason: String },
    #[error("The disk of {} is full, so nothing was written. Free some space, or choose another folder.", path.display())]
    Full { path: PathBuf },
    #[error("{} was not written: {reason}.", path.display())]
    Other { path: PathBuf, reason: String },
}

/// Writes a certificate or a chain, readable by all (0644). Blocks for the disk.
pub fn write_pem(path: &Path, text: &str, there: IfThere) -> Result<(), FileError> {
    write(path, text.as_bytes(), 0o644, there)
}

/// Writes a file of any content, readable by all (0644). Blocks for the disk.
pub fn write_file(path: &Path, bytes: &[u8], there: IfThere) -> Result<(), FileError> {
    write(path, bytes, 0o644, there)
}

/// Writes a private key, for its owner alone (0600) from its first moment on. Never replaces a file: an
/// overwritten key cannot be had back. Blocks for the disk.
pub fn write_key(path: &Path, text: &str) -> Result<(), FileError> {
    write(path, text.as_bytes(), 0o600, IfThere::Keep)
}

/// `~/x` → the home folder's `x`, as a shell would.
pub fn home(path: &str) -> String {
    match (path.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => path.to_owned(),
    }
}

/// Makes a folder with all that lead to it. Blocks for the disk.
pub fn make_folder(folder: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(folder).map_err(|error| explain(&folder.join("."), &error))
}

fn write(path: &Path, bytes: &[u8], mode: u32, there: IfThere) -> Result<(), FileError> {
    if path.is_dir() {
        return Err(FileError::IsAFolder {
            path: path.to_owned(),
        });
    }
    if let Some(what) = no_file(path) {
        return Err(FileError::NotAFile {
            path: path.to_owned(),
            what,
        });
    }
    // Told before the work, for the words; what counts is the check in the last step.
    if there == IfThere::Keep && path.symlink_metadata().is_ok() {
        return Err(FileError::Exists {
            path: path.to_owned(),
        });
    }
    // A link stays one: what it leads to is replaced.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let path = real.as_path();
    let told = |error: io::Error| explain(path, &error);
    let mut file = tempfile::Builder::new()
        .prefix(".certdeck-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder(path))
        .map_err(told)?;
    file.write_all(bytes).map_err(told)?;
    file.as_file()
        .set_permissions(Permissions::from_mode(mode))
        .map_err(told)?;
    file.as_file().sync_all().map_err(told)?;
    let kept = match there {
        IfThere::Keep => file.persist_noclobber(path),
        IfThere::Replace => file.persist(path),
    };
    kept.map_err(|error| told(error.error))?;
    // Without it the name may be gone after a power cut; a system that cannot is left at that.
    if let Ok(folder) = std::fs::File::open(folder(path)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// What stands there, where that is neither a file nor nothing.
fn no_file(path: &Path) -> Option<&'static str> {
    let link = path.symlink_metadata().ok()?;
    let Ok(found) = path.metadata() else {
        return link.is_symlink().then_some("a link to nothing");
    };
    let kind = found.file_type();
    if kind.is_file() {
        None
    } else if kind.is_fifo() {
        Some("a pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

/// The folder a path is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(super) fn explain(path: &Path, error: &io::Error) -> FileError {
    let folder = folder(path).to_owned();
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists { path },
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let file = path
                .ancestors()
                .find(|part| part.exists() && !part.is_dir());
            match file.map(Path::to_owned) {
                Some(path) => FileError::NotAFolder { path },
                None => FileError::NoFolder { folder },
            }
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileError::Denied {
            folder,
            reason: error.to_string(),
        },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::Full { path },
        _ => FileError::Other {
            path,
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out");
        fs::write(&file, "mine").unwrap();
        for below in ["a.pem", "deep/er/a.pem"] {
            let told = write_pem(&file.join(below), "cert\n", IfThere::Keep).unwrap_err();
            assert!(
                matches!(&told, FileError::NotAFolder { path } if *path == file),
                "{told}"
            );
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn certificates_are_readable_by_all_and_keys_by_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let (pem, key) = (folder.path().join("a.pem"), folder.path().join("a.key"));
        write_pem(&pem, "cert\n", IfThere::Keep).unwrap();
        write_key(&key, "key\n").unwrap();
        assert_eq!((mode(&pem), mode(&key)), (0o644, 0o600));
        assert_eq!(fs::read_to_string(&pem).unwrap(), "cert\n");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "a temporary file was left"
        );
    }

    #[test]
    fn a_file_that_is_there_is_kept_unless_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pem");
        fs::write(&path, "old").unwrap();
        assert!(matches!(
            write_pem(&path, "new", IfThere::Keep),
            Err(FileError::Exists { .. })
        ));
        assert!(matches!(
            write_key(&path, "new"),
            Err(FileError::Exists { .. })
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        write_pem(&path, "new", IfThere::Replace).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_to_nowhere_is_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pem");
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        assert!(matches!(
            write_pem(&path, "new", IfThere::Keep),
            Err(FileError::NotAFile { .. })
        ));
        assert!(!folder.path().join("nowhere").exists());
    }

    #[test]
    fn the_reason_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let missing = write_pem(&folder.path().join("no/a.pem"), "x", IfThere::Keep).unwrap_err();
        assert!(missing.to_string().contains("does not exist"), "{missing}");
        let is_folder = write_pem(folder.path(), "x", IfThere::Replace).unwrap_err();
        assert!(is_folder.to_string().contains("is a folder"), "{is_folder}");
    }

    #[test]
    fn nothing_but_a_file_is_written_over_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let listener = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/full", at("device")).unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        for name in ["socket", "device", "dangling", "pipe"] {
            for there in [IfThere::Keep, IfThere::Replace] {
                let error = write_pem(&at(name), "PEM", there).unwrap_err();
                assert!(matches!(error, FileError::NotAFile { .. }), "{error}");
            }
            assert!(!at(name).is_file(), "{name}");
        }
        drop(listener);
        fs::write(at("real.pem"), "old").unwrap();
        std::os::unix::fs::symlink(at("real.pem"), at("link.pem")).unwrap();
        let kept = write_pem(&at("link.pem"), "PEM", IfThere::Keep).unwrap_err();
        assert!(matches!(kept, FileError::Exists { .. }), "{kept}");
        write_pem(&at("link.pem"), "PEM", IfThere::Replace).unwrap();
        assert!(at("link.pem").symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read_to_string(at("real.pem")).unwrap(), "PEM");
    }
}
