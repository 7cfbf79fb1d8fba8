//! Changes to the configuration file. Only the lines of what is changed are touched: comments, order and line ends of
//! everything else stay, byte for byte. The file is replaced in one step and is 0600; who changes it reads it anew under a
//! lock, so that several changes at once all stand in it afterwards.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use super::lenient::{self, What};
use super::read::LARGEST;
use super::{BaseUrl, Config, ConfigError, DEFAULT_CONFIG, KeyCache, ProfileName};
use crate::files::{self, Exclusive, Prepared, ReadError};

/// The table of profiles.
const PROFILES: &str = "profiles";

/// What a profile says of one of its settings: nothing new, that it is not given any more, or a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is taken out.
    Remove,
    Set(T),
}

/// What is written into a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// The address; a region's is written as the region.
    pub url: Option<BaseUrl>,
    /// A command that prints the key.
    pub key_command: Change<Vec<String>>,
    /// A file that holds the key.
    pub key_file: Change<PathBuf>,
    /// Whether the desktop's key store is asked.
    pub key_store: Change<bool>,
    /// A cache for the key.
    pub key_cache: Change<KeyCache>,
    /// Certificates to trust besides the system's.
    pub ca_file: Change<PathBuf>,
}

impl ProfileChange {
    /// The settings that change, and their values; `None` takes one out.
    fn settings(&self) -> Vec<(&'static str, Option<Value>)> {
        let mut settings = Vec::new();
        if let Some(url) = &self.url {
            let region = url.region().map(|region| region.word().into());
            settings.push(("url", region.is_none().then(|| url.as_str().into())));
            settings.push(("region", region));
        }
        let mut note = |name, change: Change<Value>| match change {
            Change::Keep => {}
            Change::Remove => settings.push((name, None)),
            Change::Set(value) => settings.push((name, Some(value))),
        };
        let path = |path: PathBuf| path.to_string_lossy().into_owned().into();
        note(
            "key_command",
            self.key_command
                .clone()
                .map(|argv| Value::Array(argv.into_iter().collect::<Array>())),
        );
        note("key_store", self.key_store.clone().map(Value::from));
        note(
            "key_cache",
            self.key_cache.clone().map(|cache| cache.word().into()),
        );
        note("key_file", self.key_file.clone().map(path));
        note("ca_file", self.ca_file.clone().map(path));
        settings
    }
}

impl<T> Change<T> {
    /// Applies it to what there is.
    pub fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Remove => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }

    fn map<U>(self, to: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Remove => Change::Remove,
            Self::Set(value) => Change::Set(to(value)),
        }
    }
}

/// A change of the file that is worked out and on the disk beside it. It counts once it is written; dropped, it leaves
/// nothing behind. Others who change the file wait until then, so that what has to go with it can be done first.
#[derive(Debug)]
#[must_use = "nothing is changed until it is written"]
pub struct Pending<T> {
    told: T,
    path: PathBuf,
    file: Prepared,
    _alone: Exclusive,
}

impl<T> Pending<T> {
    /// Puts the changed file in the place of the old one; gives what there is to tell of it.
    ///
    /// # Errors
    /// Why not; the old one is there still.
    pub fn write(self) -> Result<T, ConfigError> {
        self.file
            .put()
            .map_err(|error| failed(&self.path, "write", error))?;
        Ok(self.told)
    }
}

/// Puts a profile that is not there yet into the file at `path`, which is made, commented, when there is none. The
/// first profile of a file becomes its default. Gives whether it is the default then.
///
/// # Errors
/// [`ConfigError::ProfileExists`], or why the file cannot be changed.
pub fn add_profile(
    path: &Path,
    name: &ProfileName,
    new: &ProfileChange,
) -> Result<Pending<bool>, ConfigError> {
    change(path, |text| {
        if text.profiles().contains(name) {
            return Err(ConfigError::ProfileExists {
                name: name.clone(),
                file: path.to_owned(),
            });
        }
        text.put(name, new)
    })
}

/// Changes a profile of the file at `path`. Gives whether the file says something else then.
///
/// # Errors
/// [`ConfigError::NoSuchProfile`], or why the file cannot be changed.
pub fn edit_profile(
    path: &Path,
    name: &ProfileName,
    new: &ProfileChange,
) -> Result<Pending<bool>, ConfigError> {
    change(path, |text| {
        text.need(name)?;
        let before = text.text.clone();
        text.put(name, new)?;
        Ok(text.text != before)
    })
}

/// Puts a profile there, whether it is there or not; else as [`add_profile`].
///
/// # Errors
/// Why the file cannot be changed.
pub fn put_profile(
    path: &Path,
    name: &ProfileName,
    new: &ProfileChange,
) -> Result<Pending<bool>, ConfigError> {
    change(path, |text| text.put(name, new))
}

/// Takes a profile out of the file; if it was the default, there is none afterwards.
///
/// # Errors
/// [`ConfigError::NoSuchProfile`], or why the file cannot be changed.
pub fn remove_profile(path: &Path, name: &ProfileName) -> Result<Pending<()>, ConfigError> {
    change(path, |text| {
        text.need(name)?;
        text.remove(&[PROFILES, name.as_str()]);
        if text.names_default(name) {
            text.remove(&["profile"]);
        }
        Ok(())
    })
}

/// Makes a profile the default.
///
/// # Errors
/// [`ConfigError::NoSuchProfile`], or why the file cannot be changed.
pub fn use_profile(path: &Path, name: &ProfileName) -> Result<(), ConfigError> {
    let pending = change(path, |text| {
        text.need(name)?;
        text.set(&[], "profile", Some(name.as_str().into()));
        Ok(())
    });
    pending?.write()
}

fn failed(path: &Path, what: &'static str, source: std::io::Error) -> ConfigError {
    ConfigError::Io {
        what,
        file: path.to_owned(),
        source,
    }
}

/// Reads the file and changes it, if that works and the file then says what it should.
fn change<T>(
    path: &Path,
    how: impl FnOnce(&mut Text<'_>) -> Result<T, ConfigError>,
) -> Result<Pending<T>, ConfigError> {
    let failed = |what, source| failed(path, what, source);
    let alone = Exclusive::of(path).map_err(|error| failed("change", error))?;
    let text = match files::read(path, LARGEST) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => return Err(failed("read", std::io::Error::other("it is not UTF-8"))),
        },
        Err(ReadError::Missing) => DEFAULT_CONFIG.to_owned(),
        Err(ReadError::Io(source)) => return Err(failed("read", source)),
        Err(error) => return Err(failed("read", std::io::Error::other(error))),
    };
    let marked = text.strip_prefix('\u{feff}');
    let mut changed = Text {
        path,
        text: marked.unwrap_or(&text).to_owned(),
    };
    changed.check()?;
    let told = how(&mut changed)?;
    changed.check()?;
    let mark = if marked.is_some() { "\u{feff}" } else { "" };
    let bytes = format!("{mark}{}", changed.text);
    let file = Prepared::new(path, bytes.as_bytes()).map_err(|error| failed("write", error))?;
    Ok(Pending {
        told,
        path: path.to_owned(),
        file,
        _alone: alone,
    })
}

/// The file's text while it is changed.
struct Text<'a> {
    path: &'a Path,
    text: String,
}

impl Text<'_> {
    fn check(&self) -> Result<(), ConfigError> {
        let Some(mistake) = lenient::first_mistake(&self.text) else {
            return Ok(());
        };
        Err(ConfigError::NotToml {
            file: self.path.to_owned(),
            line: mistake.line,
            message: mistake.message,
        })
    }

    fn config(&self) -> Config {
        super::read::parse(self.path, &self.text)
    }

    /// Every profile that the text names, usable or not.
    fn profiles(&self) -> Vec<ProfileName> {
        let Ok(document) = self.text.parse::<DocumentMut>() else {
            return Vec::new();
        };
        let profiles = document.get(PROFILES).and_then(Item::as_table_like);
        let names = profiles.into_iter().flat_map(TableLike::iter);
        names
            .filter_map(|(name, _)| ProfileName::parse(name).ok())
            .collect()
    }

    fn need(&self, name: &ProfileName) -> Result<(), ConfigError> {
        if self.profiles().contains(name) {
            return Ok(());
        }
        Err(self.config().no_such_profile(name))
    }

    fn names_default(&self, name: &ProfileName) -> bool {
        let document = self.text.parse::<DocumentMut>();
        document.is_ok_and(|document| {
            document.get("profile").and_then(Item::as_str) == Some(name.as_str())
        })
    }

    /// Writes what changes of a profile; gives whether it is the default now.
    fn put(&mut self, name: &ProfileName, new: &ProfileChange) -> Result<bool, ConfigError> {
        let is_table = |document: DocumentMut| {
            document
                .get(PROFILES)
                .is_none_or(|item| item.as_table_like().is_some())
        };
        if !self.text.parse().is_ok_and(is_table) {
            return Err(ConfigError::NotTable {
                file: self.path.to_owned(),
                key: PROFILES.to_owned(),
            });
        }
        let first = self.profiles().is_empty();
        for (setting, value) in new.settings() {
            self.set(&[PROFILES, name.as_str()], setting, value);
        }
        let named = self.text.parse::<DocumentMut>();
        let becomes_default = first && named.is_ok_and(|named| !named.contains_key("profile"));
        if becomes_default {
            self.set(&[], "profile", Some(name.as_str().into()));
        }
        Ok(becomes_default)
    }

    /// The pieces with their whole paths; that of a header is the table's.
    fn pieces(&self) -> Vec<Placed> {
        let mut table = Vec::new();
        let mut placed = Vec::new();
        for piece in lenient::pieces(&self.text) {
            let (path, is_header) = match piece.what {
                What::Header(path) => {
                    table.clone_from(&path);
                    (path, true)
                }
                What::Setting(path) => ([table.clone(), path].concat(), false),
                What::Other => continue,
            };
            placed.push(Placed {
                lines: piece.line - 1..piece.line - 1 + piece.count,
                below: table.len(),
                path,
                is_header,
            });
        }
        placed
    }

    /// Takes out a table or a setting, in whatever shape it stands there; comments stay.
    fn remove(&mut self, path: &[&str]) {
        for piece in self.pieces().into_iter().rev() {
            if piece.path.len() >= path.len() && piece.path[..path.len()] == *path {
                self.replace(&piece.lines, None);
            } else if !piece.is_header && path.starts_with(&as_str(&piece.path)) {
                // Inside of `{ … }`.
                self.within(&piece, &path[piece.path.len()..], None);
            }
        }
    }

    /// Sets or takes out one setting of a table.
    fn set(&mut self, table: &[&str], name: &str, value: Option<Value>) {
        let path = [table, &[name]].concat();
        let pieces = self.pieces();
        let Some(value) = value else {
            return self.remove(&path);
        };
        let holds = |piece: &&Placed| !piece.is_header && path.starts_with(&as_str(&piece.path));
        if let Some(piece) = pieces.iter().find(holds) {
            return self.within(piece, &path[piece.path.len()..], Some(value));
        }
        let own = |piece: &&Placed| {
            piece.path.len() >= table.len() && piece.path[..table.len()] == *table
        };
        let line = |below: usize| {
            let key: Vec<String> = path[below..].iter().map(|part| quoted(part)).collect();
            format!("{} = {}", key.join("."), value.to_string().trim())
        };
        // Under the table's header or beside its other settings; those of no table stand above all headers.
        let beside = pieces.iter().filter(own).rfind(|piece| {
            piece.below <= table.len()
                && (!table.is_empty() || piece.below == 0 && !piece.is_header)
        });
        if let Some(piece) = beside {
            return self.insert(piece.lines.end, &line(piece.below));
        }
        if table.is_empty() {
            // Where the file speaks of it.
            let end = pieces.iter().find(|piece| piece.is_header);
            let end = end.map_or(usize::MAX, |piece| piece.lines.start);
            let told = format!("# {name} =");
            let at = self
                .text
                .lines()
                .take(end)
                .position(|line| line.starts_with(&told));
            return self.insert(at.map_or(0, |at| at + 1), &line(0));
        }
        let header: Vec<String> = table.iter().map(|part| quoted(part)).collect();
        let blank = if self.text.trim_end().is_empty() {
            ""
        } else {
            "\n"
        };
        let end = self.line_end();
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if kept > 0 {
            self.text.push_str(end);
        }
        let new = format!("{blank}[{}]\n{}\n", header.join("."), line(table.len()));
        self.text.push_str(&new.replace('\n', end));
    }

    /// Sets or takes out what stands below a setting's own path, inside of its value.
    fn within(&mut self, piece: &Placed, inside: &[&str], value: Option<Value>) {
        let text = self.lines()[piece.lines.clone()].concat();
        let Ok(mut document) = text.parse::<DocumentMut>() else {
            return;
        };
        let mut item = document.as_item_mut();
        for part in &piece.path[piece.below..] {
            item = &mut item[part.as_str()];
        }
        let (tables, last) = match inside {
            [] => {
                if let (Some(old), Some(mut new)) = (item.as_value_mut(), value) {
                    // The comment beside the old value stays.
                    new.decor_mut().clone_from(old.decor());
                    *old = new;
                }
                return self.replace(&piece.lines, Some(&document.to_string()));
            }
            [tables @ .., last] => (tables, last),
        };
        for part in tables {
            let Some(table) = item.as_table_like_mut() else {
                return;
            };
            if table.get(part).is_none() {
                if value.is_none() {
                    return;
                }
                table.insert(
                    part,
                    Item::Value(Value::InlineTable(toml_edit::InlineTable::new())),
                );
            }
            item = match table.get_mut(part) {
                Some(item) => item,
                None => return,
            };
        }
        let Some(table) = item.as_table_like_mut() else {
            return;
        };
        match value {
            Some(value) => drop(table.insert(last, Item::Value(value))),
            None => drop(table.remove(last)),
        }
        self.replace(&piece.lines, Some(&document.to_string()));
    }

    fn lines(&self) -> Vec<&str> {
        self.text.split_inclusive('\n').collect()
    }

    /// How the file ends its lines.
    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    fn replace(&mut self, lines: &std::ops::Range<usize>, with: Option<&str>) {
        let all = self.lines();
        let text = [
            all[..lines.start].concat(),
            with.unwrap_or_default().to_owned(),
            all[lines.end.min(all.len())..].concat(),
        ];
        self.text = text.concat();
    }

    /// Puts a line before the line at `at`.
    fn insert(&mut self, at: usize, line: &str) {
        let end = self.line_end();
        let all = self.lines();
        let at = at.min(all.len());
        let mut text = all[..at].concat();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(end);
        }
        text.push_str(line);
        text.push_str(end);
        text.push_str(&all[at..].concat());
        self.text = text;
    }
}

/// A piece of the file where it stands.
struct Placed {
    /// Its lines, counted from 0.
    lines: std::ops::Range<usize>,
    /// How much of the path is the header's above it.
    below: usize,
    path: Vec<String>,
    is_header: bool,
}

fn as_str(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// A part of a path as TOML writes it.
fn quoted(part: &str) -> String {
    toml_edit::Key::new(part).to_string()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
