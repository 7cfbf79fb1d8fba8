//! Changes to the configuration file: comments and order stay, the file is replaced in one step and is 0600.

use std::io::Write;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::read::line_of;
use super::{BaseUrl, Config, ConfigError, DEFAULT_CONFIG, ProfileName};

/// What `profile add` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProfile {
    /// The name.
    pub name: ProfileName,
    /// The address; a region's is written as the region.
    pub url: BaseUrl,
    /// A command that prints the key.
    pub key_command: Option<Vec<String>>,
    /// A file that holds the key.
    pub key_file: Option<PathBuf>,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
}

/// Writes a profile into the file at `path`, which is made, commented, when there is none. The first
/// profile of a file becomes its default. Gives whether it is the default now.
///
/// # Errors
/// [`ConfigError::ProfileExists`], or why the file cannot be changed.
pub fn add_profile(path: &Path, new: &NewProfile) -> Result<bool, ConfigError> {
    let mut document = open(path)?;
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let profiles = profiles_of(&mut document, path)?;
    if profiles.contains_key(new.name.as_str()) {
        return Err(ConfigError::ProfileExists {
            name: new.name.clone(),
            file: path.to_owned(),
        });
    }
    let first = profiles.is_empty();
    let mut table = Table::new();
    match new.url.region() {
        Some(region) => table.insert("region", value(region.word())),
        None => table.insert("url", value(new.url.as_str())),
    };
    if let Some(command) = &new.key_command {
        table.insert("key_command", value(command.iter().collect::<Array>()));
    }
    for (key, file) in [("key_file", &new.key_file), ("ca_file", &new.ca_file)] {
        if let Some(file) = file {
            table.insert(key, value(file.to_string_lossy().into_owned()));
        }
    }
    // The table stands behind everything that is there: comments at the end of the file stay where they are, and a
    // setting among them that is uncommented later does not end up in the profile.
    table.set_position(Some(isize::MAX));
    if !trailing.trim().is_empty() {
        table
            .decor_mut()
            .set_prefix(format!("{}\n\n", trailing.trim_end()));
    }
    profiles.insert(new.name.as_str(), Item::Table(table));
    if !trailing.trim().is_empty() {
        document.set_trailing("");
    }
    let becomes_default = first && !document.contains_key("profile");
    if becomes_default {
        document.insert("profile", value(new.name.as_str()));
    }
    save(path, &document)?;
    Ok(becomes_default)
}

/// Takes a profile out of the file; if it was the default, there is none afterwards.
///
/// # Errors
/// [`ConfigError::NoSuchProfile`], or why the file cannot be changed.
pub fn remove_profile(path: &Path, name: &ProfileName) -> Result<(), ConfigError> {
    let mut document = open(path)?;
    if profiles_of(&mut document, path)?
        .remove(name.as_str())
        .is_none()
    {
        return Err(Config::load(path).no_such_profile(name));
    }
    if document.get("profile").and_then(Item::as_str) == Some(name.as_str()) {
        document.remove("profile");
    }
    save(path, &document)
}

/// Makes a profile the default.
///
/// # Errors
/// [`ConfigError::NoSuchProfile`], or why the file cannot be changed.
pub fn use_profile(path: &Path, name: &ProfileName) -> Result<(), ConfigError> {
    let mut document = open(path)?;
    if !profiles_of(&mut document, path)?.contains_key(name.as_str()) {
        return Err(Config::load(path).no_such_profile(name));
    }
    match document.get_mut("profile").and_then(Item::as_value_mut) {
        Some(old) => {
            // The comment beside the old name stays.
            let decor = old.decor().clone();
            *old = name.as_str().into();
            *old.decor_mut() = decor;
        }
        None => {
            document.insert("profile", value(name.as_str()));
        }
    }
    save(path, &document)
}

fn open(path: &Path) -> Result<DocumentMut, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => DEFAULT_CONFIG.to_owned(),
        Err(source) => {
            return Err(ConfigError::Io {
                what: "read",
                file: path.to_owned(),
                source,
            });
        }
    };
    text.parse::<DocumentMut>()
        .map_err(|error| ConfigError::NotToml {
            file: path.to_owned(),
            line: line_of(&text, error.span().map_or(0, |span| span.start)),
            message: error.message().replace('\n', ", "),
        })
}

fn profiles_of<'d>(
    document: &'d mut DocumentMut,
    path: &Path,
) -> Result<&'d mut Table, ConfigError> {
    let item = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    item.as_table_mut().ok_or_else(|| ConfigError::NotTable {
        file: path.to_owned(),
        key: "profiles".to_owned(),
    })
}

fn save(path: &Path, document: &DocumentMut) -> Result<(), ConfigError> {
    write_private(path, document.to_string().as_bytes()).map_err(|source| ConfigError::Io {
        what: "write",
        file: path.to_owned(),
        source,
    })
}

/// Replaces `path` in one step by a file of mode 0600; a folder made for it is 0700. A symbolic link stays
/// one: the file it points to is replaced.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // tempfile makes its files 0600, and the rename keeps that.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Region;

    fn new(name: &str) -> NewProfile {
        NewProfile {
            name: ProfileName::parse(name).unwrap(),
            url: Region::Us.base_url(),
            key_command: None,
            key_file: None,
            ca_file: None,
        }
    }

    #[test]
    fn the_first_profile_makes_a_commented_private_file_and_is_the_default() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certdeck/config.toml");
        assert!(add_profile(&path, &new("acme")).unwrap());
        let mut lab = new("lab");
        lab.url = BaseUrl::parse("http://127.0.0.1:1/services/v2").unwrap();
        lab.key_command = Some(vec!["echo".into(), "a b".into()]);
        assert!(!add_profile(&path, &lab).unwrap());

        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let text = std::fs::read_to_string(&path).unwrap();
        // A setting that is uncommented is a setting, and not one of a profile.
        let uncommented = text.replace("# bell = false", "bell = true");
        assert!(uncommented.parse::<DocumentMut>().unwrap()["bell"].is_value());
        let config = Config::load(&path);
        assert_eq!(config.notices, []);
        assert_eq!(config.default_profile, Some(new("acme").name));
        let stored = &config.profiles[&lab.name];
        assert_eq!(stored.url, lab.url);
        assert_eq!(stored.key_command, lab.key_command);
        assert!(matches!(
            add_profile(&path, &lab),
            Err(ConfigError::ProfileExists { .. })
        ));
    }

    #[test]
    fn comments_and_order_survive_every_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let before = "# mine\nprofile = \"b\" # the usual\nbell = true\n\n# the old account\n[profiles.b]\nregion = \"eu\" # Europe\n\n[profiles.a]\nregion = \"us\"\n";
        std::fs::write(&path, before).unwrap();
        use_profile(&path, &new("a").name).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, before.replace("\"b\" #", "\"a\" #"));
        add_profile(&path, &new("c")).unwrap();
        let added = std::fs::read_to_string(&path).unwrap();
        assert_eq!(added, format!("{text}\n[profiles.c]\nregion = \"us\"\n"));
        remove_profile(&path, &new("c").name).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        remove_profile(&path, &new("a").name).unwrap();
        let config = Config::load(&path);
        assert_eq!(config.default_profile, None);
        assert_eq!(config.notices, []);
        assert!(config.settings.bell);
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "a = 1\nb = \n").unwrap();
        let error = add_profile(&path, &new("a")).unwrap_err().to_string();
        assert!(error.contains("config.toml:2:"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a = 1\nb = \n");
        std::fs::write(&path, "profiles = 3\n").unwrap();
        assert!(add_profile(&path, &new("a")).is_err());
        assert!(remove_profile(&path, &new("a").name).is_err());
    }

    #[test]
    fn a_missing_profile_is_neither_used_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for result in [
            use_profile(&path, &new("x").name),
            remove_profile(&path, &new("x").name),
        ] {
            assert!(matches!(result, Err(ConfigError::NoSuchProfile { .. })));
        }
        assert!(!path.exists());
    }
}
