//! The search for the key, in two halves around the first frame.

use super::{ApiKey, KeyStoreError, Source, Tried, command, file, store, take_key};
use crate::config::{Env, KEY_VARIABLE, KeyCache, Profile};

/// A search under way: what is still to be asked, and what has said no.
#[derive(Debug)]
pub struct KeySearch {
    env: Env,
    profile: Option<Profile>,
    tried: Vec<Tried>,
    fills_cache: bool,
}

impl KeySearch {
    /// A search for `profile`'s key; without a profile only the environment is asked.
    pub fn new(env: Env, profile: Option<Profile>) -> Self {
        Self {
            env,
            profile,
            tried: Vec::new(),
            fills_cache: true,
        }
    }

    /// A search that leaves the kernel's keyring as it is, also where the profile wants the key cached there.
    pub fn changing_nothing(mut self) -> Self {
        self.fills_cache = false;
        self
    }

    /// Asks the sources that need the terminal as it is, or answer at once: the environment, the profile's
    /// command (which may ask for a passphrase, 30 s), the credentials folder.
    pub fn before_raw_mode(&mut self) -> Option<ApiKey> {
        self.environment()
            .or_else(|| self.command())
            .or_else(|| self.credentials())
    }

    /// Asks the sources that may take seconds: the kernel's keyring, the key store (3 s), the key file.
    ///
    /// # Errors
    /// [`KeyStoreError::NoKey`], with every source that was asked.
    pub fn after_first_paint(mut self) -> Result<ApiKey, KeyStoreError> {
        self.stores()
            .or_else(|| self.key_file())
            .ok_or_else(|| KeyStoreError::NoKey {
                whose: match &self.profile {
                    Some(profile) => format!("profile `{}` ({})", profile.name, profile.url),
                    None => "this start (no profile is configured)".to_owned(),
                },
                tried: self.tried,
            })
    }

    /// Both halves, for commands without a screen.
    ///
    /// # Errors
    /// As [`KeySearch::after_first_paint`].
    pub fn find(mut self) -> Result<ApiKey, KeyStoreError> {
        match self.before_raw_mode() {
            Some(key) => Ok(key),
            None => self.after_first_paint(),
        }
    }

    fn environment(&mut self) -> Option<ApiKey> {
        let given = self.env.get(KEY_VARIABLE);
        self.note(
            Source::Environment,
            match given {
                None => Err("is not set".to_owned()),
                Some(value) => take_key(value.into_encoded_bytes()).map(Some),
            },
        )
    }

    fn command(&mut self) -> Option<ApiKey> {
        let argv = self.profile.as_ref()?.key_command.clone()?;
        let program = argv.first()?.clone();
        let source = Source::Command(program);
        if self.is_elsewhere(&source) {
            return None;
        }
        let answer = command::run(&argv, command::LIMIT).and_then(|bytes| {
            take_key(bytes)
                .map(Some)
                .map_err(|why| format!("its output {why}"))
        });
        self.note(source, answer)
    }

    fn credentials(&mut self) -> Option<ApiKey> {
        let folder = self.env.get("CREDENTIALS_DIRECTORY")?;
        let folder = std::path::PathBuf::from(folder);
        let named = self
            .profile
            .as_ref()
            .map(|profile| format!("certdeck-{}", profile.name));
        for name in named.into_iter().chain(["certdeck".to_owned()]) {
            let path = folder.join(name);
            let answer = file::read_credential(&path);
            if let Some(key) = self.note(Source::Credentials(path), answer) {
                return Some(key);
            }
        }
        None
    }

    fn stores(&mut self) -> Option<ApiKey> {
        let profile = self.profile.clone()?;
        let name = profile.name.as_str();
        let cached = profile.key_cache == Some(KeyCache::Kernel);
        if cached && !self.is_elsewhere(&Source::Kernel) {
            let answer = store::kernel_get(name);
            if let Some(key) = self.note(Source::Kernel, answer) {
                return Some(key);
            }
        }
        if !profile.uses_key_store() || self.is_elsewhere(&Source::KeyStore) {
            return None;
        }
        let answer = store::get(&self.env, name);
        let key = self.note(Source::KeyStore, answer)?;
        if cached
            && self.fills_cache
            && let Err(why) = store::kernel_set(name, &key.secret)
        {
            tracing::info!(%why, "the key was not cached in the kernel's keyring");
        }
        Some(key)
    }

    fn key_file(&mut self) -> Option<ApiKey> {
        let path = self.profile.as_ref()?.key_file.clone()?;
        let source = Source::File(path.clone());
        if self.is_elsewhere(&source) {
            return None;
        }
        let answer = file::read(&path);
        self.note(source, answer)
    }

    /// A profile's own sources hold the key of the account at its own address. With `CERTDECK_URL` pointing
    /// elsewhere they are not asked, so that a key is never sent to a host it was not stored for.
    fn is_elsewhere(&mut self, source: &Source) -> bool {
        let Some(profile) = self.profile.as_ref().filter(|p| p.url_overridden) else {
            return false;
        };
        let why = format!(
            "not used: it belongs to the profile's own URL, and CERTDECK_URL points to {}; set CERTDECK_API_KEY too",
            profile.url.authority()
        );
        self.tried.push(Tried {
            source: source.clone(),
            why,
        });
        true
    }

    fn note(
        &mut self,
        source: Source,
        answer: Result<Option<secrecy::SecretString>, String>,
    ) -> Option<ApiKey> {
        let why = match answer {
            Ok(Some(secret)) => return Some(ApiKey { secret, source }),
            Ok(None) => "has none".to_owned(),
            Err(why) => why,
        };
        self.tried.push(Tried { source, why });
        None
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
