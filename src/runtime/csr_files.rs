//! The CSR files of a bulk screen: files as named, and of a folder what looks like a CSR.

use std::path::{Path, PathBuf};

use crate::app::failure::Failure;

/// What a folder's CSR files end in.
const ENDINGS: &[&str] = &["csr", "pem", "req"];

/// Files that are taken from one folder. More is the wrong folder.
const MOST: usize = 1000;

/// Reads files and folders, in the order named; a folder's files by name. What cannot be read is told under its name.
pub(super) fn read(
    paths: &[PathBuf],
    read_file: impl Fn(&Path) -> Result<String, Failure>,
) -> Vec<(String, Result<String, Failure>)> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push((name(path), read_file(path)));
            continue;
        }
        match of_folder(path) {
            Ok(found) => files.extend(found.iter().map(|path| (name(path), read_file(path)))),
            Err(failure) => files.push((path.display().to_string(), Err(failure))),
        }
    }
    files
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let told = |why: String| {
        let what = format!("{} cannot be read: {why}.", folder.display());
        Failure::local(what, "")
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| told(error.to_string()))? {
        let path = entry.map_err(|error| told(error.to_string()))?.path();
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let fits = ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
        if fits && path.is_file() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(told("it holds no *.csr, *.pem or *.req".into()));
    }
    if found.len() > MOST {
        return Err(told(format!("it holds more than {MOST} CSR files")));
    }
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_csrs_by_name_and_a_missing_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.CSR", "a.pem", "c.req", "notes.txt"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let empty = folder.path().join("empty");
        std::fs::create_dir(&empty).unwrap();
        let text = |path: &Path| {
            std::fs::read_to_string(path).map_err(|error| Failure::local(error.to_string(), ""))
        };
        let paths = [
            folder.path().to_owned(),
            folder.path().join("no.csr"),
            empty,
        ];
        let files = read(&paths, text);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], ["a.pem", "b.CSR", "c.req", "no.csr"]);
        assert_eq!(files[0].1.as_deref(), Ok("a.pem"));
        assert!(files[3].1.is_err());
        let told = files[4].1.as_ref().unwrap_err();
        assert!(told.what.contains("no *.csr"), "{}", told.what);
    }
}
