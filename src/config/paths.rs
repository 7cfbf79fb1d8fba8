//! Where the files are: the configuration, and each account's own store.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::{ConfigError, Profile};

/// The commented configuration that a first `profile add` writes.
pub const DEFAULT_CONFIG: &str = include_str!("../../assets/config.toml");

/// `$XDG_CONFIG_HOME/certdeck/config.toml`.
///
/// # Errors
/// [`ConfigError::NoHome`] when no home directory is known.
pub fn config_path() -> Result<PathBuf, ConfigError> {
    let dirs = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(dirs.config_dir().join("certdeck").join("config.toml"))
}

/// The store of this profile's orders, drafts and journal: `$XDG_DATA_HOME/certdeck/PROFILE.sqlite`.
///
/// An address from `CERTDECK_URL` gets a file of its own, so that the orders of two accounts are never mixed.
///
/// # Errors
/// [`ConfigError::NoHome`] when no home directory is known.
pub fn store_path(profile: &Profile) -> Result<PathBuf, ConfigError> {
    let dirs = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(dirs
        .data_dir()
        .join("certdeck")
        .join(store_file_name(profile)))
}

fn store_file_name(profile: &Profile) -> String {
    if !profile.url_overridden {
        return format!("{}.sqlite", profile.name);
    }
    let place: String = profile
        .url
        .as_str()
        .split_once("://")
        .map_or(profile.url.as_str(), |(_, rest)| rest)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("{}@{place}.sqlite", profile.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BaseUrl, ProfileName};

    #[test]
    fn another_address_is_another_store() {
        let mut profile = Profile::new(
            ProfileName::parse("acme").unwrap(),
            BaseUrl::parse("http://127.0.0.1:8080/services/v2").unwrap(),
        );
        assert_eq!(store_file_name(&profile), "acme.sqlite");
        profile.url_overridden = true;
        assert_eq!(
            store_file_name(&profile),
            "acme@127_0_0_1_8080_services_v2.sqlite"
        );
    }
}
