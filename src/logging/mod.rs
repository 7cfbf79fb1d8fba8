//! Where the log goes, and what it never holds.
//!
//! There is no log unless `--log`, `CERTDECK_LOG` or the settings name a file. It never goes to a terminal, which the
//! desk draws on. Each line passes [`redact`](fn@redact) on its way: keys that are known, the header that carries one, and private
//! keys are cut out, whoever logged them; and then a [`Guard`], which knows keys in other dresses.

mod redact;

pub use redact::{hide, redact};

use std::borrow::Cow;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::files::{self, ReadError};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Why there is no log although one was asked for.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be opened.
    #[error("could not open the log {}: {source}; choose another file with --log FILE", file.display())]
    Open {
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The path is a terminal or another device.
    #[error("the log {} is not a file; the log does not go to a terminal, choose a file with --log FILE", .0.display())]
    NotAFile(PathBuf),
}

/// Says whether a text holds what no log may hold. The rooms above know how a private key looks.
pub type Guard = fn(&str) -> bool;

/// Starts the log into `path`: appended to, made with mode 0600, its folder with 0700. Only this program's own events are taken, since
/// those of the libraries may hold whole requests; of an event in which the guard finds something its first words alone.
///
/// # Errors
/// [`LogError`] when the file cannot be used.
pub fn start(path: &Path, guard: Guard) -> Result<(), LogError> {
    let file = open(path)?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Redacting {
            file: Mutex::new(file),
            guard,
        });
    let own = Targets::new().with_target("certdeck", LevelFilter::DEBUG);
    let subscriber = tracing_subscriber::registry().with(own).with(lines);
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("a log was already running, and stays");
    }
    Ok(())
}

/// Whether a log could be started into `path`; nothing is made.
///
/// # Errors
/// As [`start`].
pub fn check(path: &Path) -> Result<(), LogError> {
    match files::open_with(path, File::options().append(true)) {
        Err(ReadError::Missing) => files::could_make(path, true)
            .map_err(|why| failed(path, ReadError::Io(std::io::Error::other(why)))),
        other => other.map(drop).map_err(|why| failed(path, why)),
    }
}

fn failed(path: &Path, why: ReadError) -> LogError {
    match why {
        ReadError::Io(source) => LogError::Open {
            file: path.to_owned(),
            source,
        },
        _ => LogError::NotAFile(path.to_owned()),
    }
}

fn open(path: &Path) -> Result<File, LogError> {
    let failed = |why| failed(path, why);
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        files::private_folder(folder).map_err(|error| failed(ReadError::Io(error)))?;
    }
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = files::open_with(path, &mut options).map_err(failed)?;
    #[cfg(unix)]
    if !path.is_symlink() {
        // Where a link leads to is somebody's choice, and so is who may read it.
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(|error| failed(ReadError::Io(error)))?;
    }
    Ok(file)
}

/// A file whose every line is redacted; the formatter hands over one whole event at a time.
struct Redacting {
    file: Mutex<File>,
    guard: Guard,
}

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { to: self }
    }
}

struct Line<'a> {
    to: &'a Redacting,
}

impl Write for Line<'_> {
    fn write(&mut self, event: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let mut clean = redact(&text);
        if (self.to.guard)(&clean) {
            clean = Cow::Owned(headed(&clean));
        }
        self.to
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(clean.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// When, how grave and where: what stands before the first colon and blank, and is nobody's text.
fn headed(event: &str) -> String {
    let head = event.split_once(": ").map_or("", |(head, _)| head);
    format!("{head}: {}\n", redact::CUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn events_reach_the_file_without_the_secrets_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certdeck.log");
        std::fs::write(&path, "before\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        hide(&secrecy::SecretString::from("LOGGEDSECRETKEY"));
        start(&path, |text| text.contains("DRESSED")).unwrap();
        tracing::info!(
            order = 4711,
            key = "LOGGEDSECRETKEY",
            "asked for LOGGEDSECRETKEY"
        );
        tracing::warn!("headers: X-DC-DEVKEY: ANOTHERKEY, accept: */*");
        tracing::info!("\u{1b}[31mred");
        tracing::info!(order = 4712, "a DRESSED key: 0a0b");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("before\n"), "{text}");
        assert!(text.contains("4711"), "{text}");
        assert!(text.contains("accept"), "{text}");
        let cut = text.lines().find(|line| line.ends_with(": [redacted]"));
        assert!(
            cut.is_some_and(|line| line.contains("INFO certdeck")),
            "{text}"
        );
        for secret in [
            "LOGGEDSECRETKEY",
            "ANOTHERKEY",
            "\u{1b}",
            "DRESSED",
            "0a0b",
            "4712",
        ] {
            assert!(!text.contains(secret), "{text}");
        }
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_device_is_no_log() {
        for path in ["/dev/tty", "/dev/null", "/tmp"] {
            for answer in [open(Path::new(path)).map(drop), check(Path::new(path))] {
                assert!(matches!(answer, Err(LogError::NotAFile(_))), "{answer:?}");
            }
        }
    }

    #[test]
    fn a_missing_folder_is_made_by_a_log_and_not_by_a_check() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("state/certdeck/certdeck.log");
        check(&path).unwrap();
        assert!(!place.path().join("state").exists());
        // What will never be a log is told before it is tried.
        std::fs::write(place.path().join("file"), "").unwrap();
        std::os::unix::fs::symlink("no/where", place.path().join("link")).unwrap();
        for never in ["file/certdeck.log", "file/more/certdeck.log", "link"] {
            let never = place.path().join(never);
            assert!(check(&never).is_err(), "{}", never.display());
            assert!(open(&never).is_err(), "{}", never.display());
        }
        drop(open(&path).unwrap());
        let folder = std::fs::metadata(path.parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    }
}
