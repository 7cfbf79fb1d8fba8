//! The desktop's key store and the kernel's keyring, each call in a thread of its own with a time limit.
//!
//! A locked collection with a display reachable waits for a person at that display for ever. The thread is left
//! behind then: a pool of the async runtime would be waited for at the end of the program, and the end would not come.

use std::sync::mpsc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::take_key;
use crate::config::Env;

/// How long a key store may take.
const LIMIT: Duration = Duration::from_secs(3);

/// The name all keys are stored under; the profile's name is the user.
#[cfg(target_os = "linux")]
const SERVICE: &str = "certdeck";

/// The key stored for `profile`, `None` when there is none.
pub(super) fn get(env: &Env, profile: &str) -> Result<Option<SecretString>, String> {
    need_bus(env)?;
    let profile = profile.to_owned();
    within(LIMIT, move || read(&desktop::entry(&profile)?))
}

/// Stores the key for `profile`.
pub(super) fn set(env: &Env, profile: &str, secret: &SecretString) -> Result<(), String> {
    need_bus(env)?;
    let (profile, secret) = (profile.to_owned(), secret.clone());
    within(LIMIT, move || {
        desktop::entry(&profile)?
            .set_password(secret.expose_secret())
            .map_err(words)
    })
}

/// Removes the key stored for `profile`; gives whether there was one.
pub(super) fn remove(env: &Env, profile: &str) -> Result<bool, String> {
    need_bus(env)?;
    let profile = profile.to_owned();
    within(LIMIT, move || delete(&desktop::entry(&profile)?))
}

/// The key cached in the kernel for `profile`.
pub(super) fn kernel_get(profile: &str) -> Result<Option<SecretString>, String> {
    let profile = profile.to_owned();
    within(LIMIT, move || read(&kernel::entry(&profile)?))
}

/// Caches the key in the kernel for `profile`: until reboot, at most 3 days.
pub(super) fn kernel_set(profile: &str, secret: &SecretString) -> Result<(), String> {
    let (profile, secret) = (profile.to_owned(), secret.clone());
    within(LIMIT, move || {
        kernel::entry(&profile)?
            .set_password(secret.expose_secret())
            .map_err(words)
    })
}

/// Removes the key cached in the kernel for `profile`; gives whether there was one.
pub(super) fn kernel_remove(profile: &str) -> Result<bool, String> {
    let profile = profile.to_owned();
    within(LIMIT, move || delete(&kernel::entry(&profile)?))
}

fn read(entry: &keyring_core::Entry) -> Result<Option<SecretString>, String> {
    match entry.get_secret() {
        Ok(bytes) => take_key(bytes)
            .map(Some)
            .map_err(|why| format!("what it holds {why}")),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(words(error)),
    }
}

fn delete(entry: &keyring_core::Entry) -> Result<bool, String> {
    match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(error) => Err(words(error)),
    }
}

/// An error of the store in words. Those that carry the stored bytes are not shown with them.
fn words(error: keyring_core::Error) -> String {
    use keyring_core::Error;
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            "what it holds is not a key that certdeck stored".to_owned()
        }
        Error::NoStorageAccess(reason) => format!(
            "is locked or has no collection ({reason}); unlock it, or use a key_command or key_file"
        ),
        other => other.to_string(),
    }
}

/// Runs `work` in a thread of its own and waits `limit` for it.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (tell, told) = mpsc::channel();
    std::thread::Builder::new()
        .name("key store".to_owned())
        .spawn(move || {
            // Nobody listens any more when the time was over.
            let _ = tell.send(work());
        })
        .map_err(|error| format!("no thread could be started for it: {error}"))?;
    match told.recv_timeout(limit) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!(
            "did not answer in {} s; it may be locked and ask for its password on another screen",
            limit.as_secs()
        )),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("failed without a word".to_owned()),
    }
}

/// Says at once when nothing can answer, as on most servers.
fn need_bus(env: &Env) -> Result<(), String> {
    let socket = env
        .get("XDG_RUNTIME_DIR")
        .map(|folder| std::path::PathBuf::from(folder).join("bus"));
    if env.get("DBUS_SESSION_BUS_ADDRESS").is_some() || socket.is_some_and(|path| path.exists()) {
        Ok(())
    } else {
        Err("no session bus here (DBUS_SESSION_BUS_ADDRESS is not set)".to_owned())
    }
}

#[cfg(target_os = "linux")]
mod desktop {
    use std::collections::HashMap;

    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;

    pub(super) fn entry(profile: &str) -> Result<Entry, String> {
        let store = dbus_secret_service_keyring_store::Store::new().map_err(super::words)?;
        let label = format!("certdeck: API key of {profile}");
        let modifiers = HashMap::from([("label", label.as_str())]);
        store
            .build(super::SERVICE, profile, Some(&modifiers))
            .map_err(super::words)
    }
}

#[cfg(target_os = "linux")]
mod kernel {
    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;

    pub(super) fn entry(profile: &str) -> Result<Entry, String> {
        linux_keyutils_keyring_store::Store::new()
            .and_then(|store| store.build(super::SERVICE, profile, None))
            .map_err(super::words)
    }
}

#[cfg(not(target_os = "linux"))]
mod desktop {
    pub(super) fn entry(_: &str) -> Result<keyring_core::Entry, String> {
        Err("not used on this system; name a key_command in the profile".to_owned())
    }
}

#[cfg(not(target_os = "linux"))]
use desktop as kernel;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_hangs_is_left_behind() {
        let (_keep, never) = mpsc::channel::<()>();
        let answer: Result<(), String> = within(Duration::from_millis(20), move || {
            let _ = never.recv();
            Ok(())
        });
        assert!(answer.unwrap_err().starts_with("did not answer"));
    }

    #[test]
    fn an_error_does_not_repeat_what_the_store_holds() {
        let error = keyring_core::Error::BadEncoding(b"VERYSECRET\xff".to_vec());
        assert!(!words(error).contains("VERYSECRET"));
    }
}
