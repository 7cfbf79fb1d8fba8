//! Files that a person or another program names: read and written so that nothing a path can lead to hangs the program,
//! eats its memory, or leaves half a file.
//!
//! A path may lead to a pipe without a writer, a device, a socket, a folder, or a file of the system without an end.
//! Only regular files are taken, up to a size that the caller names, and what was opened is asked, not the path.
//! Everything that is read because somebody named it is read through here; a test looks for the ways around it.

mod private;

pub use private::{Exclusive, Prepared, could_make, could_make_in, private_folder, write_private};

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The largest text that is taken: a CSR, certificates, settings; in bytes. A whole store of trusted certificates
/// has some 250,000.
pub const LARGEST: u64 = 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the file does not exist")]
    Missing,
    /// It is something else; the word for it.
    #[error("it is {0} and not a file")]
    NotAFile(&'static str),
    /// It has more bytes than are taken.
    #[error("it has more than {0} bytes")]
    TooLarge(u64),
    /// The system keeps the reader waiting, as some files under /proc do.
    #[error("it has nothing to read yet, as a pipe has, and certdeck does not wait for it")]
    Waits,
    #[error("{0}")]
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::WouldBlock => Self::Waits,
            _ => Self::Io(error),
        }
    }
}

/// Every byte of the file at `path`, if it is a regular file of at most `most` bytes. Never waits for a writer.
///
/// # Errors
/// [`ReadError`], without the path: the caller says what the file was for.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
    read_open(&open(path)?, most)
}

/// The text of the file at `path`; bytes that are no UTF-8 are replaced.
///
/// # Errors
/// As [`read`].
pub fn read_text(path: &Path, most: u64) -> Result<String, ReadError> {
    read(path, most).map(|bytes| match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Opens the file at `path` for reading, if it is a regular file.
///
/// # Errors
/// As [`read`].
pub fn open(path: &Path) -> Result<File, ReadError> {
    open_with(path, OpenOptions::new().read(true))
}

/// Opens the file at `path` as `options` say, if it is a regular file, or is made by them.
///
/// # Errors
/// As [`read`].
pub fn open_with(path: &Path, options: &mut OpenOptions) -> Result<File, ReadError> {
    // Asked before as well: to open a device may do something by itself, and a socket cannot be opened.
    if let Err(ReadError::NotAFile(word)) = look(path) {
        return Err(ReadError::NotAFile(word));
    }
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits() as i32);
    }
    let file = options.open(path)?;
    regular(file.metadata()?.file_type())?;
    Ok(file)
}

/// Whether there is a regular file at `path`, without opening it.
///
/// # Errors
/// As [`read`].
pub fn look(path: &Path) -> Result<(), ReadError> {
    regular(std::fs::metadata(path)?.file_type())
}

/// Every byte of a file that is open, at most `most`.
///
/// # Errors
/// As [`read`].
pub fn read_open(file: &File, most: u64) -> Result<Vec<u8>, ReadError> {
    let told = file.metadata()?.len();
    if told > most {
        return Err(ReadError::TooLarge(most));
    }
    // A buffer that is never moved leaves no copy behind, and files under /proc say that they are empty.
    let mut bytes = Vec::with_capacity(told.max(4096) as usize + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(ReadError::TooLarge(most));
    }
    Ok(bytes)
}

fn regular(kind: FileType) -> Result<(), ReadError> {
    if kind.is_file() {
        return Ok(());
    }
    Err(ReadError::NotAFile(word(kind)))
}

#[cfg(unix)]
fn word(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn word(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else {
        "something else"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// Whatever a path can lead to, made in `folder`.
    fn odd(folder: &Path, kind: &str) -> std::path::PathBuf {
        use rustix::fs::{CWD, Mode};
        let path = folder.join(kind);
        match kind {
            "pipe" => {
                rustix::fs::mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
            }
            "link-to-pipe" => {
                let pipe = odd(folder, "pipe");
                std::os::unix::fs::symlink(pipe, &path).unwrap();
            }
            "socket" => {
                std::os::unix::net::UnixListener::bind(&path).unwrap();
            }
            "folder" => std::fs::create_dir(&path).unwrap(),
            "large" => File::create(&path).unwrap().set_len(LARGEST + 1).unwrap(),
            "device" => return "/dev/zero".into(),
            "terminal" => return "/dev/ptmx".into(),
            "endless" => return "/proc/self/pagemap".into(),
            "missing" => {}
            other => panic!("what is {other}?"),
        }
        path
    }

    #[rstest]
    #[case("pipe", "a pipe")]
    #[case("link-to-pipe", "a pipe")]
    #[case("socket", "a socket")]
    #[case("folder", "a folder")]
    #[case("device", "a device")]
    #[case("terminal", "a device")]
    #[case("large", "more than 1048576 bytes")]
    #[case("endless", "os error")]
    #[case("missing", "does not exist")]
    fn nothing_but_a_file_of_some_size_is_read(#[case] kind: &str, #[case] words: &str) {
        let folder = tempfile::tempdir().unwrap();
        let why = read(&odd(folder.path(), kind), LARGEST).unwrap_err();
        assert!(why.to_string().contains(words), "{why}");
        if !matches!(kind, "missing" | "endless" | "large") {
            let mut append = OpenOptions::new();
            append.append(true).create(true);
            let path = folder.path().join("for-writing");
            std::fs::create_dir(&path).unwrap();
            let why = open_with(&odd(&path, kind), &mut append).unwrap_err();
            assert!(why.to_string().contains(words), "{why}");
        }
    }

    #[test]
    fn a_file_is_read_to_its_end_also_one_that_does_not_tell_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, "a\u{fffd}b").unwrap();
        assert_eq!(read_text(&path, 5).unwrap(), "a\u{fffd}b");
        assert!(matches!(read(&path, 4), Err(ReadError::TooLarge(4))));
        std::fs::write(&path, b"a\xffb").unwrap();
        assert_eq!(read_text(&path, 5).unwrap(), "a\u{fffd}b");
        assert!(
            !read(Path::new("/proc/self/status"), LARGEST)
                .unwrap()
                .is_empty()
        );
    }
}
