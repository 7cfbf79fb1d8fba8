//! Storing the key where the profile says or the operator chose, and removing it from there. Never a plain file the
//! operator did not choose.

use std::path::Path;

use secrecy::SecretString;

use super::{KeyStoreError, Source, Tried, file, store};
use crate::config::{self, BaseUrl, Config, Env, KeyCache, KeyPlace, Profile, ProfileName};

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

/// The place of a kind for the key of this profile.
pub fn place(settings: &Path, name: &ProfileName) -> [KeyPlace; 3] {
    let file = settings.with_file_name("keys").join(format!("{name}.key"));
    [KeyPlace::Store, KeyPlace::File(file), KeyPlace::Kernel]
}

/// Whether a key can be kept there, as far as can be found out without keeping one. Blocks for as long as the place takes
/// to answer.
///
/// # Errors
/// Why not.
pub fn probe(env: &Env, place: &KeyPlace) -> Result<(), String> {
    match place {
        KeyPlace::Store => store::get(env, NOBODY).map(drop),
        KeyPlace::File(path) => file::could_write(path),
        KeyPlace::Kernel => store::kernel_works(),
    }
}

/// The places where a key of this profile can be kept here; one that is there and does not work is none.
pub fn places(env: &Env, settings: &Path, name: &ProfileName) -> Vec<KeyPlace> {
    let all = place(settings, name).into_iter();
    all.filter(|place| probe(env, place).is_ok()).collect()
}

/// The place in which the settings say that the key of this profile is kept, of those that this program fills.
pub fn place_of(settings: &Path, name: &ProfileName) -> Option<KeyPlace> {
    let profile = Config::load(settings).profiles.remove(name)?;
    if profile.key_cache == Some(KeyCache::Kernel) {
        return Some(KeyPlace::Kernel);
    }
    match profile.key_file {
        Some(file) => Some(KeyPlace::File(file)),
        None => profile.uses_key_store().then_some(KeyPlace::Store),
    }
}

/// Keeps address and key of a profile together: both stand in `settings` and in `place` afterwards, or both are as they
/// were. What gave the key of another address of the profile is left behind, so that it is not sent to the new one; keys
/// that were stored elsewhere for the profile are removed.
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
    let mut change = place.change(known.as_ref());
    change.url = Some(url.clone());
    if let Some(old) = known.as_ref().filter(|old| old.url != *url) {
        change.leave_keys_of(old);
    }
    let before = known.unwrap_or_else(|| Profile::new(name.clone(), url.clone()));
    let after = before.clone().changed(&change);
    let pending = config::put_profile(settings, name, &change)?;
    let held = Held::of(env, &after);
    let done = set(env, &after, secret).and_then(|kept| {
        if !kept.stored.contains(&place.into()) {
            return Err(KeyStoreError::NotStored {
                tried: kept.refused,
            });
        }
        pending.write()?;
        Ok(kept)
    });
    if done.is_err() {
        held.put_back(env);
        return done;
    }
    for source in stores(&before) {
        if !stores(&after).contains(&source)
            && let Err(why) = remove(env, name, &source)
        {
            tracing::info!(%source, %why, "an earlier key may still be there; it is not asked for");
        }
    }
    done
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
    pub source: Source,
    /// Whether there was a key, or why it could not be removed.
    pub outcome: Result<bool, String>,
}

/// Removes the profile's key from every place that [`set`] may have put it.
pub fn clear(env: &Env, profile: &Profile) -> Vec<Cleared> {
    let mut cleared = forget(env, profile).cleared;
    if let Some(path) = &profile.key_file {
        cleared.push(Cleared {
            source: Source::File(path.clone()),
            outcome: file::remove(path),
        });
    }
    cleared
}

/// Keys that were removed, and what they were.
pub struct Forgotten {
    /// What became of each place's key.
    pub cleared: Vec<Cleared>,
    held: Held,
}

impl Forgotten {
    /// Puts them back where they were, for what they were removed for did not come to pass.
    pub fn put_back(self, env: &Env) {
        self.held.put_back(env);
    }

    /// A place that may still give a key, and why it could not be removed there.
    pub fn left(&self, env: &Env) -> Option<(&Source, &str)> {
        self.cleared.iter().find_map(|cleared| {
            let why = cleared.outcome.as_ref().err()?;
            let answers = cleared.source == Source::KeyStore && store::need_bus(env).is_ok();
            answers.then_some((&cleared.source, why.as_str()))
        })
    }
}

/// Removes the profile's key from the key store and the kernel. The key file stays: the operator named it, and
/// something else may rely on it.
pub fn forget(env: &Env, profile: &Profile) -> Forgotten {
    let sources = stores(profile);
    let held = Held {
        name: profile.name.clone(),
        keys: sources
            .iter()
            .filter_map(|source| held(env, &profile.name, source))
            .collect(),
    };
    let cleared = sources.into_iter().map(|source| Cleared {
        outcome: remove(env, &profile.name, &source),
        source,
    });
    Forgotten {
        cleared: cleared.collect(),
        held,
    }
}

/// The stores that are asked for the profile's key.
fn stores(profile: &Profile) -> Vec<Source> {
    let store = profile.uses_key_store().then_some(Source::KeyStore);
    let cached = profile.key_cache == Some(KeyCache::Kernel);
    let kernel = cached.then_some(Source::Kernel);
    store.into_iter().chain(kernel).collect()
}

fn remove(env: &Env, name: &ProfileName, source: &Source) -> Result<bool, String> {
    match source {
        Source::KeyStore => store::remove(env, name.as_str()),
        Source::Kernel => store::kernel_remove(name.as_str()),
        Source::File(path) => file::remove(path),
        _ => Ok(false),
    }
}

/// What a place holds; `None` where it does not tell.
fn held(env: &Env, name: &ProfileName, source: &Source) -> Option<(Source, Option<SecretString>)> {
    let key = match source {
        Source::KeyStore => store::get(env, name.as_str()),
        Source::Kernel => store::kernel_get(name.as_str()),
        Source::File(path) if !path.exists() => Ok(None),
        Source::File(path) => file::read(path),
        _ => return None,
    };
    Some((source.clone(), key.ok()?))
}

/// The keys of a profile where it keeps them, to be put back where a change comes to nothing half way.
struct Held {
    name: ProfileName,
    keys: Vec<(Source, Option<SecretString>)>,
}

impl Held {
    fn of(env: &Env, profile: &Profile) -> Self {
        let file = profile.key_file.clone().map(Source::File);
        let places = stores(profile).into_iter().chain(file);
        Self {
            name: profile.name.clone(),
            keys: places
                .filter_map(|source| held(env, &profile.name, &source))
                .collect(),
        }
    }

    fn put_back(self, env: &Env) {
        for (source, key) in self.keys {
            let name = self.name.as_str();
            let done = match (&source, &key) {
                (_, None) => remove(env, &self.name, &source).map(drop),
                (Source::KeyStore, Some(key)) => store::set(env, name, key),
                (Source::Kernel, Some(key)) => store::kernel_set(name, key),
                (Source::File(path), Some(key)) => file::write(path, key),
                _ => Ok(()),
            };
            if let Err(why) = done {
                tracing::warn!(%source, %why, "a key was not put back as it was");
            }
        }
    }
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
    fn a_place_that_takes_no_key_changes_neither_settings_nor_keys() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let env = Env::fixed([]);
        let settings = folder.path().join("config.toml");
        let name = ProfileName::parse("acme").unwrap();
        let before = "[profiles.acme]\nregion = \"us\" # mine\nkey_file = \"keys/acme.key\"\n";
        std::fs::write(&settings, before).unwrap();
        let own = KeyPlace::File(folder.path().join("keys/acme.key"));
        let known = Config::load(&settings).profiles.remove(&name).unwrap();
        set(&env, &known, &secret()).unwrap();
        // Others can enter the folder of this one.
        let open = folder.path().join("open");
        std::fs::create_dir(&open).unwrap();
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
        let open = KeyPlace::File(open.join("acme.key"));
        let new = take_key(b"ANOTHERKEY".to_vec()).unwrap();
        for region in [Region::Us, Region::Eu] {
            for place in [&KeyPlace::Store, &open] {
                let url = region.base_url();
                assert!(probe(&env, place).is_err());
                let told = keep(&env, &settings, (&name, &url), place, &new).unwrap_err();
                assert!(matches!(told, KeyStoreError::NotStored { .. }), "{told}");
                assert_eq!(std::fs::read_to_string(&settings).unwrap(), before);
                let key = KeySearch::new(env.clone(), Some(known.clone()))
                    .find()
                    .unwrap();
                assert_eq!(key.secret.expose_secret(), "STOREDKEY");
            }
        }
        assert!(probe(&env, &own).is_ok());
        assert_eq!(
            std::fs::read_dir(folder.path().join("open"))
                .unwrap()
                .count(),
            0
        );
    }

    #[test]
    fn settings_that_cannot_be_written_give_the_old_key_back() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::fixed([]);
        let file = folder.path().join("keys/acme.key");
        let mut profile = profile();
        profile.key_file = Some(file.clone());
        for before in [None, Some(secret())] {
            if let Some(key) = &before {
                set(&env, &profile, key).unwrap();
            }
            let held = Held::of(&env, &profile);
            set(&env, &profile, &take_key(b"ANOTHERKEY".to_vec()).unwrap()).unwrap();
            held.put_back(&env);
            let now = std::fs::read_to_string(&file).ok();
            assert_eq!(now.as_deref(), before.map(|_| "STOREDKEY\n"));
        }
    }

    #[test]
    fn what_gave_the_key_of_another_address_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::fixed([]);
        let settings = folder.path().join("config.toml");
        let name = ProfileName::parse("acme").unwrap();
        for (to, stays) in [(Region::Us, true), (Region::Eu, false)] {
            let before = "[profiles.acme]\nregion = \"us\"\nkey_command = [\"echo\", \"OLDKEY\"]\nkey_cache = \"kernel\"\n";
            std::fs::write(&settings, before).unwrap();
            let [_, file, _] = place(&settings, &name);
            keep(&env, &settings, (&name, &to.base_url()), &file, &secret()).unwrap();
            let after = Config::load(&settings).profiles.remove(&name).unwrap();
            assert_eq!(after.key_command.is_some(), stays);
            assert_eq!(after.key_cache.is_some(), stays);
            let found = KeySearch::new(env.clone(), Some(after)).find().unwrap();
            let key = found.secret.expose_secret();
            assert_eq!(key, if stays { "OLDKEY" } else { "STOREDKEY" });
        }
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
