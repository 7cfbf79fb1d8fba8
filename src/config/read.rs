//! TOML to [`Config`], one key at a time, so that each mistake gets a notice with its line and costs nothing else.

mod served;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, Key, TableLike, Value};

use super::lenient::{self, Clean, Mistake};
use super::{
    AfterIssue, BaseUrl, ClipboardChoice, Config, CsrSubject, KeyBinding, KeyCache, LogFile,
    Notice, Profile, ProfileName, Region, Settings, Theme, dns,
};
use crate::files::{self, ReadError};

/// The largest file of settings, in bytes.
pub(super) const LARGEST: u64 = 256 * 1024;

pub(super) fn load(path: &Path) -> Config {
    match files::read(path, LARGEST) {
        Ok(bytes) => {
            let (text, wide) = lenient::decode(&bytes);
            let mut config = parse(path, &text);
            if let Some(mistake) = wide {
                config.notices.insert(0, notice(path, mistake));
            }
            config
        }
        Err(ReadError::Missing) => empty(path),
        Err(error) => {
            let mut config = empty(path);
            let message = format!(
                "could not be read, so certdeck uses defaults: {error}; {}",
                way_out(&error)
            );
            config.notices.push(notice(
                path,
                Mistake {
                    line: 1,
                    key: String::new(),
                    message,
                },
            ));
            config
        }
    }
}

/// What to do about a file of settings that is none.
fn way_out(error: &ReadError) -> &'static str {
    match error {
        ReadError::Io(_) => {
            "make it readable for its owner, or specify another file with --config FILE"
        }
        _ => "move it away, or specify another file with --config FILE",
    }
}

fn empty(path: &Path) -> Config {
    Config {
        path: path.to_owned(),
        ..Config::default()
    }
}

fn notice(path: &Path, mistake: Mistake) -> Notice {
    Notice {
        file: path.to_owned(),
        line: mistake.line,
        key: mistake.key,
        message: mistake.message,
    }
}

pub(super) fn parse(path: &Path, text: &str) -> Config {
    let clean = lenient::clean(text);
    let mut config = empty(path);
    // What was taken is TOML, or it is empty.
    let document = Document::parse(clean.text.as_str());
    let mut reader = Reader {
        path,
        clean: &clean,
        home: etcetera::home_dir().ok(),
        notices: clean
            .mistakes
            .iter()
            .map(|m| notice(path, m.clone()))
            .collect(),
    };
    if let Ok(document) = document {
        reader.top(document.as_table(), &mut config);
    }
    config.notices = reader.notices;
    config.notices.sort_by_key(|notice| notice.line);
    config
}

struct Reader<'a> {
    path: &'a Path,
    clean: &'a Clean,
    home: Option<PathBuf>,
    notices: Vec<Notice>,
}

/// A key, its dotted name and its value, as one thing to complain about.
struct Entry<'a> {
    name: String,
    offset: usize,
    item: &'a Item,
}

impl<'a> Entry<'a> {
    fn new(prefix: &str, key: &Key, item: &'a Item) -> Self {
        Self {
            name: if prefix.is_empty() {
                key.get().to_owned()
            } else {
                format!("{prefix}.{}", key.get())
            },
            offset: key.span().or_else(|| item.span()).map_or(0, |s| s.start),
            item,
        }
    }
}

impl Reader<'_> {
    fn notice(&mut self, line: usize, key: String, message: String) {
        self.notices.push(Notice {
            file: self.path.to_owned(),
            line,
            key,
            message,
        });
    }

    fn line(&self, entry: &Entry<'_>) -> usize {
        self.clean.line_of(entry.offset)
    }

    fn wrong(&mut self, entry: &Entry<'_>, message: impl Into<String>) {
        let line = self.line(entry);
        self.notice(line, entry.name.clone(), message.into());
    }

    fn unknown(&mut self, entry: &Entry<'_>, known: &[&str]) {
        self.wrong(
            entry,
            format!("unknown setting; known settings: {}", known.join(", ")),
        );
    }

    fn top(&mut self, table: &dyn TableLike, config: &mut Config) {
        let mut default = None;
        let mut mono = false;
        let mut clipboard = None;
        let settings = &mut config.settings;
        for (key, item) in entries(table) {
            let entry = Entry::new("", key, item);
            match key.get() {
                "profile" => default = self.profile_name(&entry).map(|name| (name, entry)),
                "profiles" => self.profiles(&entry, &mut config.profiles, &mut config.unusable),
                "clipboard" => {
                    let ways = ClipboardChoice::ALL.map(|way| (way.word(), way));
                    self.choice(&entry, &ways, &mut settings.clipboard);
                    clipboard = Some(entry);
                }
                "copy_command" => settings.copy_command = self.argv(&entry),
                "theme" => {
                    self.choice(
                        &entry,
                        &Theme::ALL.map(|t| (t.word(), t)),
                        &mut settings.theme,
                    );
                }
                "mono" => mono = self.flag(&entry).unwrap_or_default(),
                "bell" => settings.bell = self.flag(&entry).unwrap_or_default(),
                "notify" => settings.notify = self.flag(&entry).unwrap_or(true),
                "dns_servers" => {
                    settings.dns_servers = self.dns_servers(&entry).unwrap_or_default();
                }
                "dns_checks" => settings.dns_checks = self.flag(&entry).unwrap_or(true),
                "download_dir" => settings.download_dir = self.file(&entry),
                "log" => {
                    settings.log = self.file(&entry).map(|path| LogFile {
                        path,
                        line: self.line(&entry),
                    });
                }
                "csr" => settings.csr = self.csr(&entry),
                "after_issue" => settings.after_issue = self.after_issue(&entry),
                "served" => settings.served = self.served(&entry),
                "keys" => self.keys(&entry, settings),
                _ => self.unknown(
                    &entry,
                    &[
                        "profile",
                        "profiles",
                        "clipboard",
                        "copy_command",
                        "theme",
                        "mono",
                        "bell",
                        "notify",
                        "dns_servers",
                        "dns_checks",
                        "download_dir",
                        "log",
                        "csr",
                        "after_issue",
                        "served",
                        "keys",
                    ],
                ),
            }
        }
        if mono {
            settings.theme = Theme::Mono;
        }
        if let Some(entry) = clipboard
            && settings.clipboard == ClipboardChoice::Command
            && settings.copy_command.is_none()
        {
            settings.clipboard = ClipboardChoice::Auto;
            self.wrong(
                &entry,
                "is \"command\" without a `copy_command`; using auto",
            );
        }
        if let Some((name, entry)) = default {
            // One without a usable address is told where it stands.
            if config.profiles.contains_key(&name) || config.unusable.contains(&name) {
                config.default_profile = Some(name);
            } else {
                self.wrong(&entry, format!("there is no profile `{name}`"));
            }
        }
    }

    fn profiles(
        &mut self,
        entry: &Entry<'_>,
        usable: &mut BTreeMap<ProfileName, Profile>,
        unusable: &mut BTreeSet<ProfileName>,
    ) {
        let Some(table) = self.table(entry) else {
            return;
        };
        for (key, item) in entries(table) {
            let entry = Entry::new(&entry.name, key, item);
            match ProfileName::parse(key.get()) {
                Ok(name) => match self.profile(name.clone(), &entry) {
                    Some(profile) => drop(usable.insert(name, profile)),
                    None => drop(unusable.insert(name)),
                },
                Err(error) => self.wrong(&entry, format!("{error}; profile ignored")),
            }
        }
    }

    fn profile(&mut self, name: ProfileName, entry: &Entry<'_>) -> Option<Profile> {
        let table = self.table(entry)?;
        let mut url = None;
        let mut given = None;
        // An address that is there and wrong has its own notice.
        let wrong = |name: &str| {
            let name = format!("{}.{name}", entry.name);
            self.clean.mistakes.iter().any(|told| told.key == name)
        };
        let named = ["region", "url"]
            .iter()
            .any(|name| table.contains_key(name) || wrong(name));
        let mut profile = Profile::new(name, Region::Us.base_url());
        for (key, item) in entries(table) {
            let entry = Entry::new(&entry.name, key, item);
            match key.get() {
                "region" | "url" if url.is_some() => {
                    let first = given.unwrap_or_default();
                    let told = format!("a profile has a region or a url, not both; line {first} counts");
                    self.wrong(&entry, told);
                }
                "region" => {
                    let regions = Region::ALL.map(|r| (r.word(), Some(r.base_url())));
                    self.choice(&entry, &regions, &mut url);
                    given = Some(self.line(&entry));
                }
                "url" => match self.text(&entry).map(|text| BaseUrl::parse(&text)) {
                    Some(Ok(parsed)) => {
                        url = Some(parsed);
                        given = Some(self.line(&entry));
                    }
                    Some(Err(error)) => self.wrong(&entry, error.to_string()),
                    None => {}
                },
                "key_command" => profile.key_command = self.argv(&entry),
                "key_file" => profile.key_file = self.file(&entry),
                "key_store" => profile.key_store = self.flag(&entry),
                "key_cache" => self.choice(
                    &entry,
                    &[(KeyCache::Kernel.word(), Some(KeyCache::Kernel))],
                    &mut profile.key_cache,
                ),
                "ca_file" => profile.ca_file = self.file(&entry),
                "after_issue" => profile.after_issue = self.after_issue(&entry).map(Box::new),
                "key" | "api_key" => self.wrong(
                    &entry,
                    "the API key itself does not belong in this file: remove it, create a new one in CertCentral, \
                     and store that with `certdeck key set`",
                ),
                _ => self.unknown(
                    &entry,
                    &[
                        "region",
                        "url",
                        "key_command",
                        "key_file",
                        "key_store",
                        "key_cache",
                        "ca_file",
                        "after_issue",
                    ],
                ),
            }
        }
        let Some(url) = url else {
            if !named {
                self.wrong(
                    entry,
                    "needs region = \"us\" or \"eu\", or a url; profile ignored",
                );
            }
            return None;
        };
        profile.url = url;
        Some(profile)
    }

    fn csr(&mut self, entry: &Entry<'_>) -> CsrSubject {
        let mut subject = CsrSubject::default();
        let Some(table) = self.table(entry) else {
            return subject;
        };
        for (key, item) in entries(table) {
            let entry = Entry::new(&entry.name, key, item);
            match key.get() {
                "country" => match self.text(&entry) {
                    Some(code) if is_country(&code) => subject.country = Some(code),
                    Some(_) => self.wrong(&entry, "must be two letters, such as \"US\""),
                    None => {}
                },
                "state" => subject.state = self.text(&entry),
                "locality" => subject.locality = self.text(&entry),
                "organization" => subject.organization = self.text(&entry),
                "organizational_unit" => subject.organizational_unit = self.text(&entry),
                "email" => subject.email = self.text(&entry),
                _ => self.unknown(
                    &entry,
                    &[
                        "country",
                        "state",
                        "locality",
                        "organization",
                        "organizational_unit",
                        "email",
                    ],
                ),
            }
        }
        subject
    }

    /// Where anything of it cannot be read, nothing of it runs: half of it would install who knows what.
    fn after_issue(&mut self, entry: &Entry<'_>) -> Option<AfterIssue> {
        let table = self.table(entry)?;
        let mut command = None;
        let mut window = None;
        let mut time_limit = Some(AfterIssue::TIME_LIMIT);
        let mut is_wrong = false;
        for (key, item) in entries(table) {
            let entry = Entry::new(&entry.name, key, item);
            match key.get() {
                "command" => {
                    command = self.argv(&entry).filter(|words| {
                        let program = &words[0];
                        let is_clear = program.starts_with('/') || !program.contains('/');
                        if !is_clear {
                            let words = "the program must be an absolute path, or a name that is found on PATH";
                            self.wrong(&entry, words);
                        }
                        is_clear
                    });
                }
                "window" => {
                    window = self.text(&entry);
                    is_wrong |= window.is_none();
                }
                "time_limit" => {
                    let seconds = item
                        .as_integer()
                        .and_then(|limit| u64::try_from(limit).ok());
                    time_limit = seconds.filter(|limit| (1..=86_400).contains(limit));
                    if time_limit.is_none() {
                        self.wrong(&entry, "must be a number of seconds, from 1 to 86400");
                    }
                }
                _ => self.unknown(&entry, &["command", "window", "time_limit"]),
            }
        }
        if command.is_none() && !table.contains_key("command") {
            self.wrong(entry, "needs a command: [\"/usr/local/bin/install-cert\"]");
        }
        Some(AfterIssue {
            command: command
                .filter(|_| !is_wrong && time_limit.is_some())
                .unwrap_or_default(),
            window,
            time_limit: time_limit.unwrap_or(AfterIssue::TIME_LIMIT),
            line: self.line(entry),
        })
    }

    fn keys(&mut self, entry: &Entry<'_>, settings: &mut Settings) {
        let Some(places) = self.table(entry) else {
            return;
        };
        for (place, item) in entries(places) {
            let entry = Entry::new(&entry.name, place, item);
            let Some(table) = self.table(&entry) else {
                continue;
            };
            for (key, item) in entries(table) {
                let entry = Entry::new(&entry.name, key, item);
                if let Some(command) = self.text(&entry) {
                    settings.keys.push(KeyBinding {
                        place: place.get().to_owned(),
                        key: key.get().to_owned(),
                        command,
                        line: self.line(&entry),
                    });
                }
            }
        }
    }

    fn table<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t dyn TableLike> {
        let table = entry.item.as_table_like();
        if table.is_none() {
            self.wrong(entry, format!("must be a table: [{}]", entry.name));
        }
        table
    }

    fn text(&mut self, entry: &Entry<'_>) -> Option<String> {
        let text = entry.item.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(entry, "must be a quoted string");
        }
        text
    }

    fn flag(&mut self, entry: &Entry<'_>) -> Option<bool> {
        let flag = entry.item.as_bool();
        if flag.is_none() {
            self.wrong(entry, "must be true or false");
        }
        flag
    }

    fn argv(&mut self, entry: &Entry<'_>) -> Option<Vec<String>> {
        let words = strings(entry.item)
            .filter(|words| words.first().is_some_and(|program| !program.is_empty()));
        if words.is_none() {
            self.wrong(
                entry,
                "must be a list of strings, program first: [\"pass\", \"show\", \"digicert\"] (no shell is run)",
            );
        }
        words
    }

    /// Addresses, all of them or none: half a list would ask whom nobody meant.
    fn dns_servers(&mut self, entry: &Entry<'_>) -> Option<Vec<SocketAddr>> {
        let servers: Option<Vec<SocketAddr>> = entry.item.as_array().and_then(|array| {
            array
                .iter()
                .map(|one| one.as_str().and_then(dns::server))
                .collect()
        });
        let servers = servers.filter(|all| all.len() <= dns::MOST);
        if servers.is_none() {
            self.wrong(
                entry,
                "must be a list of at most three IP addresses, with a port if it is not 53: [\"192.0.2.53\", \
                 \"[2001:db8::1]:5353\"]",
            );
        }
        servers
    }

    /// A path: `~/` is the home directory, a relative one starts at the configuration's folder.
    fn file(&mut self, entry: &Entry<'_>) -> Option<PathBuf> {
        let text = self.text(entry).filter(|text| {
            let given = !text.is_empty();
            if !given {
                self.wrong(entry, "must be a path");
            }
            given
        })?;
        if let Some(rest) = text.strip_prefix("~/") {
            let Some(home) = &self.home else {
                self.wrong(
                    entry,
                    "no home directory is known, so `~/` cannot be resolved",
                );
                return None;
            };
            return Some(home.join(rest));
        }
        Some(match self.path.parent() {
            Some(folder) => folder.join(text),
            None => PathBuf::from(text),
        })
    }

    fn profile_name(&mut self, entry: &Entry<'_>) -> Option<ProfileName> {
        match ProfileName::parse(&self.text(entry)?) {
            Ok(name) => Some(name),
            Err(error) => {
                self.wrong(entry, error.to_string());
                None
            }
        }
    }

    /// Puts the value of the word into `place`, or leaves the default there and says what is allowed.
    fn choice<T: Clone>(&mut self, entry: &Entry<'_>, allowed: &[(&str, T)], place: &mut T) {
        let word = entry.item.as_str();
        if let Some((_, value)) = allowed.iter().find(|(name, _)| Some(*name) == word) {
            *place = value.clone();
        } else {
            let words: Vec<String> = allowed.iter().map(|(w, _)| format!("\"{w}\"")).collect();
            self.wrong(entry, format!("must be {}", words.join(" or ")));
        }
    }
}

fn entries(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    table
        .iter()
        .filter_map(|(name, _)| table.get_key_value(name))
}

/// A list of strings, and of nothing else.
fn strings(item: &Item) -> Option<Vec<String>> {
    let array = item.as_array()?;
    let words = array
        .iter()
        .map(|word: &Value| word.as_str().map(str::to_owned));
    words.collect()
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
