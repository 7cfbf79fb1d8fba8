//! The CSR files of a bulk screen: files as named or as a pattern says, and of a folder what looks like a CSR.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::csr;
use crate::domain::failure::Failure;

/// What a folder's CSR files end in.
const ENDINGS: &[&str] = &["csr", "pem", "req", "p10", "der"];

/// Files that are taken from one folder. More is the wrong folder.
const MOST: usize = 1000;

/// Reads files and folders, in the order named; a folder's files by name. What cannot be read is told under its name.
pub(super) fn read(
    paths: &[PathBuf],
    read_file: impl Fn(&Path) -> Result<String, Failure>,
) -> Vec<(String, Result<String, Failure>)> {
    let mut files = Vec::new();
    for path in paths {
        let pattern = path.file_name().and_then(|name| name.to_str());
        let pattern = pattern.filter(|name| name.contains('*') && !path.exists());
        if !path.is_dir() && pattern.is_none() {
            files.push((name(path), read_file(path)));
            continue;
        }
        let found = match (pattern, path.parent()) {
            (Some(pattern), Some(parent)) => matching(parent, pattern),
            _ => of_folder(path),
        };
        match found {
            Ok(found) => files.extend(found.iter().map(|path| (name(path), read_file(path)))),
            Err(failure) => files.push((path.display().to_string(), Err(failure))),
        }
    }
    files
}

fn is_csr(path: &Path) -> bool {
    let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    select(
        folder,
        is_csr,
        "it contains no *.csr, *.pem, *.req, *.p10, or *.der",
    )
}

/// The files of a folder that a pattern means, as a shell would take its stars.
fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let fits = |path: &Path| {
        let name = path.file_name().and_then(std::ffi::OsStr::to_str);
        name.is_some_and(|name| is_like(name, pattern))
    };
    select(folder, fits, &format!("nothing in it matches {pattern}"))
}

/// Whether a name is what a pattern says, where `*` stands for anything; hidden files have to be named.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return name == pattern;
    };
    if head.is_empty() && name.starts_with('.') {
        return false;
    }
    let Some(mut left) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(tail)
}

fn select(
    folder: &Path,
    fits: impl Fn(&Path) -> bool,
    none: &str,
) -> Result<Vec<PathBuf>, Failure> {
    let told = |why: String| {
        let what = format!("Could not read {}: {why}.", folder.display());
        Failure::local(what, "")
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| told(error.to_string()))? {
        let path = entry.map_err(|error| told(error.to_string()))?.path();
        // What is named like one and is no file, such as a link to nothing, is told as what cannot be read.
        if fits(&path) && (path.is_file() || is_csr(&path)) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(told(none.into()));
    }
    if found.len() > MOST {
        return Err(told(format!("it contains more than {MOST} CSR files")));
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

/// Reads a file that should hold a CSR, in whatever form; a private key is refused and wiped. Blocks for the disk.
pub fn read_file(path: &Path) -> Result<String, Failure> {
    let told =
        |why: String| Failure::local(format!("Could not read {}: {why}.", path.display()), "");
    let bytes =
        crate::files::read(path, crate::files::LARGEST).map_err(|why| told(why.to_string()))?;
    let bytes = Zeroizing::new(bytes);
    csr::of_file(&bytes).map_err(|kind| {
        let what = format!(
            "{} is {kind}: certdeck did not keep it and never sends it.",
            path.display()
        );
        Failure::local(what, "Load its CSR instead")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_hidden_files_are_named() {
        for (name, pattern, fits) in [
            ("host1.csr", "*.csr", true),
            ("host1.csr", "host*", true),
            ("host1.csr", "h*t*.c*r", true),
            ("host1.csr", "*", true),
            ("host1.pem", "*.csr", false),
            ("host1.csr", "host1.csr*x", false),
            (".host.csr", "*.csr", false),
            (".host.csr", ".h*", true),
        ] {
            assert_eq!(is_like(name, pattern), fits, "{name} {pattern}");
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["b2.csr", "b1.csr", "a.csr"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let text = |path: &Path| Ok(path.display().to_string());
        let paths = [folder.path().join("b*.csr"), folder.path().join("z*")];
        let files = read(&paths, text);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..2], ["b1.csr", "b2.csr"]);
        let told = files[2].1.as_ref().unwrap_err();
        assert!(told.what.contains("nothing in it matches z*"));
    }

    #[test]
    fn a_folder_gives_its_csrs_by_name_and_a_missing_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.CSR", "a.pem", "c.req", "notes.txt"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone.csr")).unwrap();
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
        assert_eq!(
            names[..5],
            ["a.pem", "b.CSR", "c.req", "gone.csr", "no.csr"]
        );
        assert_eq!(files[0].1.as_deref(), Ok("a.pem"));
        assert!(files[3].1.is_err() && files[4].1.is_err());
        let told = files[5].1.as_ref().unwrap_err();
        assert!(told.what.contains("no *.csr"), "{}", told.what);
    }
}
