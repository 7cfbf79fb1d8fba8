//! New files of certificates: each is written whole or not at all, and none over what is there.

use std::io;
use std::path::{Path, PathBuf};

use super::files::{FileError, IfThere, explain, folder, home, make_folder, write_pem};
use super::keygen;
use crate::app::msg::FileProblem;
use crate::domain::chain::Chain;
use crate::domain::failure::Failure;
use crate::domain::file_pattern::FileSet;

/// Writes files that are not there yet, and tells of which to speak: the first, or the one that is there already. Those of a
/// set belong together, and a link may lead to the newest of several. Blocks for the disk.
pub(super) fn write(
    files: &[(PathBuf, String)],
    is_set: bool,
    latest: Option<&(PathBuf, PathBuf)>,
    key: Option<&(PathBuf, Vec<u8>)>,
) -> (String, Result<(), FileProblem>) {
    let result = if let Some((path, _)) = key.filter(|(path, public)| is_another(path, public)) {
        Err(FileError::AnotherKey { path: path.clone() })
    } else if is_set {
        write_set(files, latest)
    } else {
        write_all(files)
    };
    let told = match &result {
        Err(FileError::Exists { path }) => Some(path),
        _ => files.first().map(|(path, _)| path),
    };
    let path = told.map_or_else(String::new, |path| path.display().to_string());
    (path, written(result))
}

/// Writes the files of a certificate, and gives the path of its full chain. What is there and holds the same counts as written.
///
/// # Errors
/// Why they are not written, for a person.
pub fn write_certificate(chain: &Chain, files: &FileSet) -> Result<String, String> {
    let path = |text: &str| PathBuf::from(home(text));
    let all = files.texts(chain).into_iter();
    let all: Vec<(PathBuf, String)> = all.map(|(file, text)| (path(&file), text)).collect();
    let latest = files.latest.as_ref();
    let latest = latest.map(|(link, to)| (path(link), PathBuf::from(to)));
    let key = (path(&files.key), chain.leaf.spki_der.clone());
    let (told, result) = write(&all, true, latest.as_ref(), Some(&key));
    match result {
        Ok(()) => Ok(told),
        Err(FileProblem::Exists) => Err(format!("{told} already exists; it was not replaced")),
        Err(FileProblem::Failed(failure)) => Err(failure.to_string()),
    }
}

/// Whether a file holds a private key that is not that of a certificate. One that cannot be read here is taken at its word.
fn is_another(path: &Path, public: &[u8]) -> bool {
    keygen::public_key(path).is_ok_and(|there| there != public)
}

pub(super) fn written(result: Result<(), FileError>) -> Result<(), FileProblem> {
    result.map_err(|error| match error {
        FileError::Exists { .. } => FileProblem::Exists,
        other => FileProblem::Failed(Failure::local(other.to_string(), "")),
    })
}

/// Writes files that are not there yet, as [`write_pem`] does.
fn write_all(files: &[(PathBuf, String)]) -> Result<(), FileError> {
    for (path, text) in files {
        write_pem(path, text, IfThere::Keep)?;
    }
    Ok(())
}

/// Writes files that belong together into folders that are made for them, and then lets a link lead to the newest. A file
/// that is there is left alone; where it holds the same, it counts as written: an earlier try did it.
fn write_set(
    files: &[(PathBuf, String)],
    latest: Option<&(PathBuf, PathBuf)>,
) -> Result<(), FileError> {
    let holds = |path: &Path, text: &str| {
        let there = crate::files::read(path, text.len() as u64);
        there.is_ok_and(|there| there == text.as_bytes())
    };
    let missing: Vec<&(PathBuf, String)> = files
        .iter()
        .filter(|(path, text)| !holds(path, text))
        .collect();
    // None of them is written where one cannot be.
    if let Some((path, _)) = missing
        .iter()
        .find(|(path, _)| path.symlink_metadata().is_ok())
    {
        return Err(FileError::Exists { path: path.clone() });
    }
    for (path, text) in missing {
        make_folder(folder(path))?;
        match write_pem(path, text, IfThere::Keep) {
            // Another certdeck wrote the same at this moment.
            Err(FileError::Exists { .. }) if holds(path, text) => {}
            done => done?,
        }
    }
    latest.map_or(Ok(()), |(link, target)| lead(link, target))
}

/// Lets a link lead to a folder, in one step; what is there and no link stays.
fn lead(link: &Path, target: &Path) -> Result<(), FileError> {
    let told = |error: io::Error| explain(link, &error);
    match link.symlink_metadata() {
        Ok(there) if !there.is_symlink() => {
            return Err(FileError::NotALink {
                path: link.to_owned(),
            });
        }
        Ok(_) if std::fs::read_link(link).is_ok_and(|now| now == target) => return Ok(()),
        _ => {}
    }
    let beside = tempfile::Builder::new()
        .prefix(".certdeck-")
        .tempdir_in(folder(link))
        .map_err(told)?;
    let new = beside.path().join("link");
    std::os::unix::fs::symlink(target, &new).map_err(told)?;
    std::fs::rename(&new, link).map_err(told)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::PublicKeyData as _;

    use super::*;

    fn set(folder: &Path) -> Vec<(PathBuf, String)> {
        ["fullchain", "cert", "chain"]
            .map(|name| (folder.join(name), format!("{name} of it")))
            .to_vec()
    }

    #[test]
    fn a_set_is_written_with_its_folders_and_a_link_to_the_newest() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("shop/latest");
        for day in ["2026-12-01", "2026-12-02"] {
            let folder = home.path().join("shop").join(day);
            let latest = (link.clone(), PathBuf::from(day));
            for _ in 0..2 {
                // A second time it is as good as written.
                let (path, result) = write(&set(&folder), true, Some(&latest), None);
                assert_eq!(result, Ok(()), "{day}");
                assert!(path.ends_with("fullchain"), "{path}");
            }
            let read = fs::read_to_string(link.join("chain")).unwrap();
            assert_eq!(read, "chain of it");
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(day));
        }
        assert_eq!(fs::read_dir(home.path().join("shop")).unwrap().count(), 3);
    }

    #[test]
    fn nothing_is_written_where_one_of_a_set_is_there() {
        let home = tempfile::tempdir().unwrap();
        let theirs = home.path().join("chain");
        fs::write(&theirs, "theirs").unwrap();
        let (path, result) = write(&set(home.path()), true, None, None);
        assert_eq!(result, Err(FileProblem::Exists));
        assert_eq!(path, theirs.display().to_string());
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_link_stays_where_a_link_would_stand() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("latest");
        fs::create_dir(&link).unwrap();
        let folder = home.path().join("2026-12-01");
        let latest = (link.clone(), PathBuf::from("2026-12-01"));
        let (_, result) = write(&set(&folder), true, Some(&latest), None);
        let Err(FileProblem::Failed(failure)) = result else {
            panic!("{result:?}");
        };
        assert!(failure.what.contains("is not a link"), "{failure}");
        assert!(link.is_dir() && !link.is_symlink());
        assert!(folder.join("cert").exists());
    }

    #[test]
    fn no_certificate_is_written_beside_the_key_of_another() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("privkey.pem");
        let (own, other) = (
            rcgen::KeyPair::generate().unwrap(),
            rcgen::KeyPair::generate().unwrap(),
        );
        let public = own.subject_public_key_info();
        for (there, is_written) in [
            (Some(other.serialize_pem()), false),
            (Some(own.serialize_pem()), true),
            (Some("a key that nobody can read here".to_owned()), true),
            (None, true),
        ] {
            let _ = fs::remove_file(&path);
            if let Some(text) = &there {
                fs::write(&path, text).unwrap();
            }
            let key = (path.clone(), public.clone());
            let (_, result) = write(&set(home.path()), true, None, Some(&key));
            assert_eq!(result.is_ok(), is_written, "{result:?}");
        }
    }
}
