//! Storing the key where the profile says or the operator chose, and removing it from there. Never a plain file the
//! operator did not choose.

use std::path::Path;

use secrecy::SecretString;

use super::{KeyStoreError, Source, Tried, file, store};
use crate::config::{
    self, BaseUrl, Config, Env, KeyCache, KeyPlace, Profile, ProfileChange, ProfileName,
};

/// Where a key is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Every place that holds it.
    pub stored: Vec<Source>,
    /// Places of the profile that took it not, and why.
    pub refused: Vec<Tried>,
}

/// No profile is called so; what is looked for under it tells whether a store answers.
const NOBODY: &str = "-";

/// The places where a key of this profile can be kept here. Blocks for as long as the stores take to answer, which is
/// asked of them: a store that is there and does not work is none.
pub fn places(env: &Env, settings: &Path, name: &ProfileName) -> Vec<KeyPlace> {
    let mut places = Vec::new();
    if store::get(env, NOBODY).is_ok() {
        places.push(KeyPlace::Store);
    }
    places.push(KeyPlace::File(
        settings.with_file_name("keys").join(format!("{name}.key")),
    ));
    if store::kernel_get(NOBODY).is_ok() {
        places.push(KeyPlace::Kernel);
    }
    places
}

/// Keeps address and key of a profile together: both stand in `settings` and in `place` afterwards. A key that is stored
/// for another address of the profile is removed rather than sent to the new one.
///
/// # Errors
/// Why one of them could not be kept.
pub fn keep(
    env: &Env,
    settings: &Path,
    (name, url): (&ProfileName, &BaseUrl),
    place: &KeyPlace,
    secret: &SecretString,
) -> Result<Kept, KeyStoreError> {
    let known = Config::load(settings).profiles.remove(name);
    let change = ProfileChange {
        url: Some(url.clone()),
        ..place.change(known.as_ref())
    };
    config::put_profile(settings, name, &change)?;
    if let Some(old) = known.as_ref().filter(|old| old.url != *url) {
        forget(env, old);
    }
    let before = known.unwrap_or_else(|| Profile::new(name.clone(), url.clone()));
    set(env, &before.changed(&change), secret)
}

/// Stores `secret` for `profile`; gives every place that holds it now.
///
/// That is the key store, and the kernel's keyring if the profile asks for it; the key file if the profile names
/// one and uses no key store, or if the key store does not answer.
///
/// # Errors
/// [`KeyStoreError::NotStored`] with every place that refused, or why there is no place.
pub fn set(env: &Env, profile: &Profile, secret: &SecretString) -> Result<Kept, KeyStoreError> {
    if profile.url_overridden {
        return Err(KeyStoreError::Overridden(profile.url.to_string()));
    }
    let name = profile.name.as_str();
    let mut stored = Vec::new();
    let mut tried = Vec::new();
    let mut note = |source: Source, answer: Result<(), String>| match answer {
        Ok(()) => stored.push(source),
        Err(why) => tried.push(Tried { source, why }),
    };
    let mut lasting = false;
    if profile.uses_key_store() {
        let answer = store::set(env, name, secret);
        lasting = answer.is_ok();
        note(Source::KeyStore, answer);
    }
    if !lasting && let Some(path) = &profile.key_file {
        note(Source::File(path.clone()), file::write(path, secret));
    }
    if profile.key_cache == Some(KeyCache::Kernel) {
        note(Source::Kernel, store::kernel_set(name, secret));
    }
    if !stored.is_empty() {
        Ok(Kept {
            stored,
            refused: tried,
        })
    } else if tried.is_empty() {
        Err(KeyStoreError::NoPlace(name.to_owned()))
    } else {
        Err(KeyStoreError::NotStored { tried })
    }
}

/// What became of one place's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    /// The place.
    pub source: Source,
    /// Whether there was a key, or why it could not be removed.
    pub outcome: Result<bool, String>,
}

/// Removes the profile's key from every place that [`set`] may have put it.
pub fn clear(env: &Env, profile: &Profile) -> Vec<Cleared> {
    let mut cleared = forget(env, profile);
    if let Some(path) = &profile.key_file {
        cleared.push(Cleared {
            source: Source::File(path.clone()),
            outcome: file::remove(path),
        });
    }
    cleared
}

/// Removes the profile's key from the key store and the kernel. The key file stays: the operator named it, and
/// something else may rely on it.
pub fn forget(env: &Env, profile: &Profile) -> Vec<Cleared> {
    let name = profile.name.as_str();
    let mut cleared = Vec::new();
    if profile.uses_key_store() {
        cleared.push(Cleared {
            source: Source::KeyStore,
            outcome: store::remove(env, name),
        });
    }
    if profile.key_cache == Some(KeyCache::Kernel) {
        cleared.push(Cleared {
            source: Source::Kernel,
            outcome: store::kernel_remove(name),
        });
    }
    cleared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ProfileName, Region};
    use crate::runtime::keystore::{KeySearch, take_key};
    use secrecy::ExposeSecret;

    fn profile() -> Profile {
        Profile::new(ProfileName::parse("acme").unwrap(), Region::Us.base_url())
    }

    fn secret() -> SecretString {
        take_key(b"STOREDKEY".to_vec()).unwrap()
    }

    #[test]
    fn a_named_file_is_written_private_found_again_and_removed() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let env = Env::fixed([]);
        let path = folder.path().join("keys/acme.key");
        let mut profile = profile();
        profile.key_file = Some(path.clone());
        assert_eq!(
            set(&env, &profile, &secret()).unwrap().stored,
            [Source::File(path.clone())]
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let key = KeySearch::new(env.clone(), Some(profile.clone()))
            .find()
            .unwrap();
        assert_eq!(key.secret.expose_secret(), "STOREDKEY");

        let file = Source::File(path.clone());
        let outcome = |outcome| {
            vec![Cleared {
                source: file.clone(),
                outcome,
            }]
        };
        assert_eq!(clear(&env, &profile), outcome(Ok(true)));
        assert_eq!(clear(&env, &profile), outcome(Ok(false)));
        assert!(!path.exists());
    }

    #[test]
    fn a_file_is_not_written_where_others_can_enter() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut profile = profile();
        profile.key_file = Some(folder.path().join("acme.key"));
        let error = set(&Env::fixed([]), &profile, &secret()).unwrap_err();
        assert!(error.to_string().contains("chmod 700"), "{error}");
        assert!(!folder.path().join("acme.key").exists());
    }

    #[test]
    fn without_a_bus_nothing_falls_back_to_a_plain_file() {
        let error = set(&Env::fixed([]), &profile(), &secret()).unwrap_err();
        assert!(error.to_string().contains("no session bus"), "{error}");
        let mut none = profile();
        none.key_store = Some(false);
        let error = set(&Env::fixed([]), &none, &secret()).unwrap_err();
        assert!(matches!(error, KeyStoreError::NoPlace(_)), "{error}");
    }

    #[test]
    fn address_and_key_are_kept_together_where_it_was_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::fixed([]);
        let settings = folder.path().join("certdeck/config.toml");
        let name = ProfileName::parse("acme").unwrap();
        let places = places(&env, &settings, &name);
        assert!(!places.contains(&KeyPlace::Store), "there is no bus");
        let place = &places[0];
        assert_eq!(
            *place,
            KeyPlace::File(folder.path().join("certdeck/keys/acme.key"))
        );
        for region in [Region::Us, Region::Eu] {
            let url = region.base_url();
            keep(&env, &settings, (&name, &url), place, &secret()).unwrap();
            let config = Config::load(&settings);
            assert_eq!(config.notices, []);
            let profile = config.profile(None, &env).unwrap().unwrap();
            assert_eq!(profile.url, url);
            let key = KeySearch::new(env.clone(), Some(profile)).find().unwrap();
            assert_eq!(key.secret.expose_secret(), "STOREDKEY");
        }
        // What cannot be kept changes nothing.
        std::fs::write(&settings, "broken =").unwrap();
        let url = Region::Us.base_url();
        assert!(keep(&env, &settings, (&name, &url), place, &secret()).is_err());
        assert_eq!(std::fs::read_to_string(&settings).unwrap(), "broken =");
    }

    #[test]
    fn each_place_is_found_first_whatever_the_profile_said_before() {
        let file = KeyPlace::File("/k".into());
        for known in [
            None,
            Some(profile()),
            Some(profile().changed(&file.change(None))),
            Some(profile().changed(&KeyPlace::Kernel.change(None))),
        ] {
            let after = |place: &KeyPlace| {
                let before = known.clone().unwrap_or_else(profile);
                before.changed(&place.change(known.as_ref()))
            };
            assert!(after(&KeyPlace::Store).uses_key_store());
            assert!(!after(&file).uses_key_store());
            assert_eq!(after(&file).key_file.as_deref(), Some(Path::new("/k")));
            let kernel = after(&KeyPlace::Kernel);
            assert_eq!(kernel.key_cache, Some(KeyCache::Kernel));
            assert!(!kernel.uses_key_store() && kernel.key_file.is_none());
        }
    }

    #[test]
    fn a_key_is_not_stored_for_an_address_from_the_environment() {
        let mut profile = profile();
        profile.url_overridden = true;
        let error = set(&Env::fixed([]), &profile, &secret()).unwrap_err();
        assert!(matches!(error, KeyStoreError::Overridden(_)), "{error}");
    }
}
