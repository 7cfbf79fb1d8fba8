//! The desktop's key store and the kernel's keyring, each call in a thread of its own with a time limit.
//!
//! A locked collection with a display reachable waits for a person at that display for ever. The thread is left
//! behind then: a pool of the async runtime would be waited for at the end of the program, and the end would not come.

use std::sync::mpsc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

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
    within(LIMIT, move || read(&desktop::entry(&profile)?, words))
}

/// Stores the key for `profile`.
pub(super) fn set(env: &Env, profile: &str, secret: &SecretString) -> Result<(), String> {
    need_bus(env)?;
    let (profile, secret) = (profile.to_owned(), secret.clone());
    // One that takes it after the time was over has it for nobody: what was told stays true.
    within_or(
        LIMIT,
        move || put(desktop::entry(&profile)?, &secret, words),
        PutBack::put_back,
    )
    .map(drop)
}

/// Removes the key stored for `profile`; gives whether there was one.
pub(super) fn remove(env: &Env, profile: &str) -> Result<bool, String> {
    need_bus(env)?;
    let profile = profile.to_owned();
    within(LIMIT, move || delete(&desktop::entry(&profile)?, words))
}

/// The key cached in the kernel for `profile`.
pub(super) fn kernel_get(profile: &str) -> Result<Option<SecretString>, String> {
    let profile = profile.to_owned();
    within(LIMIT, move || read(&kernel::entry(&profile)?, kernel_words))
}

/// Caches the key in the kernel for `profile`: until reboot, at most 3 days. Where it could not be taken out again it is
/// not put in.
pub(super) fn kernel_set(profile: &str, secret: &SecretString) -> Result<(), String> {
    kernel_works()?;
    kernel_put(profile, secret)
}

fn kernel_put(profile: &str, secret: &SecretString) -> Result<(), String> {
    let (profile, secret) = (profile.to_owned(), secret.clone());
    within_or(
        LIMIT,
        move || put(kernel::entry(&profile)?, &secret, kernel_words),
        PutBack::put_back,
    )
    .map(drop)
}

/// Removes the key cached in the kernel for `profile`; gives whether there was one.
pub(super) fn kernel_remove(profile: &str) -> Result<bool, String> {
    let profile = profile.to_owned();
    within(LIMIT, move || {
        delete(&kernel::entry(&profile)?, kernel_words)
    })
}

/// Whether the kernel keeps a key here. One that is none is kept and removed again, each as a start of its own would: what
/// was kept for this start alone is gone then.
pub(super) fn kernel_works() -> Result<(), String> {
    // No profile is called so.
    let nobody = "-";
    kernel_put(nobody, &SecretString::from("-"))?;
    if kernel_remove(nobody)? {
        Ok(())
    } else {
        Err(no_keys(&"it returned none"))
    }
}

/// The words for an error of a store.
type Words = fn(keyring_core::Error) -> String;

fn read(entry: &keyring_core::Entry, words: Words) -> Result<Option<SecretString>, String> {
    match entry.get_secret() {
        Ok(bytes) => take_key(bytes)
            .map(Some)
            .map_err(|why| format!("what it returned {why}")),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(words(error)),
    }
}

fn delete(entry: &keyring_core::Entry, words: Words) -> Result<bool, String> {
    match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(error) => Err(words(error)),
    }
}

/// What an entry held before a key was put into it.
struct PutBack {
    entry: keyring_core::Entry,
    before: Option<Zeroizing<Vec<u8>>>,
}

impl PutBack {
    fn put_back(self) {
        let done = match &self.before {
            Some(bytes) => self.entry.set_secret(bytes),
            None => self.entry.delete_credential(),
        };
        // What could not be stored cannot be removed either, as a rule.
        if let Err(error) = done {
            tracing::debug!(why = words(error), "a store was not put back as it was");
        }
    }
}

/// Puts a key into an entry, or leaves it as it was: the kernel keeps what it then refuses to link.
fn put(entry: keyring_core::Entry, secret: &SecretString, words: Words) -> Result<PutBack, String> {
    let before = entry.get_secret().ok().map(Zeroizing::new);
    let was = PutBack { entry, before };
    match was.entry.set_password(secret.expose_secret()) {
        Ok(()) => Ok(was),
        Err(error) => {
            was.put_back();
            Err(words(error))
        }
    }
}

fn no_keys(reason: &dyn std::fmt::Display) -> String {
    format!("the kernel keeps no keys here ({reason}), as inside many containers")
}

/// An error of the kernel in words.
fn kernel_words(error: keyring_core::Error) -> String {
    use keyring_core::Error;
    match error {
        Error::NoStorageAccess(reason) | Error::PlatformFailure(reason) => no_keys(&reason),
        other => words(other),
    }
}

/// An error of the store in words. Those that carry the stored bytes are not shown with them.
fn words(error: keyring_core::Error) -> String {
    use keyring_core::Error;
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            "what it contains is not a key that certdeck stored".to_owned()
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
    within_or(limit, work, drop)
}

/// The same, and `undo` for what was done after the time was over.
fn within_or<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
    undo: impl FnOnce(T) + Send + 'static,
) -> Result<T, String> {
    // Handed over, or not at all.
    let (tell, told) = mpsc::sync_channel(0);
    std::thread::Builder::new()
        .name("key store".to_owned())
        .spawn(move || {
            if let Err(mpsc::SendError(Ok(late))) = tell.send(work()) {
                undo(late);
            }
        })
        .map_err(|error| format!("could not start a thread for it: {error}"))?;
    match told.recv_timeout(limit) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!(
            "did not respond in {} s; it may be locked and ask for its password on another screen",
            limit.as_secs()
        )),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("failed without a message".to_owned()),
    }
}

/// Says at once when nothing can answer, as on most servers.
pub(super) fn need_bus(env: &Env) -> Result<(), String> {
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
    use linux_keyutils::{KeyRing, KeyRingIdentifier};

    /// The entry of a profile, for this thread. Whoever logged in without a session of its own (no pam_keyinit, `su`,
    /// many containers) gets the keyring of all sessions of the user, and may neither read nor remove what was put there:
    /// such a thread begins a session, through which the user's persistent keyring is reached.
    pub(super) fn entry(profile: &str) -> Result<Entry, String> {
        KeyRing::from_special_id(KeyRingIdentifier::Session, true)
            .map_err(|error| super::no_keys(&error))?;
        linux_keyutils_keyring_store::Store::new()
            .and_then(|store| store.build(super::SERVICE, profile, None))
            .map_err(super::words)
    }
}

#[cfg(not(target_os = "linux"))]
mod desktop {
    pub(super) fn entry(_: &str) -> Result<keyring_core::Entry, String> {
        Err("not used on this system; set a key_command in the profile".to_owned())
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
        assert!(answer.unwrap_err().starts_with("did not respond"));
    }

    #[test]
    fn what_is_done_too_late_is_undone() {
        let (go, gone) = mpsc::channel::<()>();
        let (undone, seen) = mpsc::channel();
        let answer = within_or(
            Duration::from_millis(20),
            move || {
                gone.recv().unwrap();
                Ok("stored")
            },
            move |late| undone.send(late).unwrap(),
        );
        assert!(answer.unwrap_err().starts_with("did not respond"));
        go.send(()).unwrap();
        assert_eq!(seen.recv().unwrap(), "stored");
        // In time it stays.
        let (undone, seen) = mpsc::channel();
        let answer = within_or(LIMIT, || Ok(()), move |()| undone.send(()).unwrap());
        assert_eq!(answer, Ok(()));
        assert!(seen.recv().is_err());
    }

    /// A store that takes a key and then says no, as a kernel whose keyring cannot be linked.
    #[derive(Debug, Default)]
    struct Refusing {
        held: std::sync::Mutex<Option<Vec<u8>>>,
    }

    impl keyring_core::api::CredentialApi for Refusing {
        fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
            *self.held.lock().unwrap() = Some(secret.to_vec());
            Err(keyring_core::Error::NoStorageAccess("AccessDenied".into()))
        }

        fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
            let held = self.held.lock().unwrap().clone();
            held.ok_or(keyring_core::Error::NoEntry)
        }

        fn delete_credential(&self) -> keyring_core::Result<()> {
            let held = self.held.lock().unwrap().take();
            held.map(drop).ok_or(keyring_core::Error::NoEntry)
        }

        fn get_credential(
            &self,
        ) -> keyring_core::Result<Option<std::sync::Arc<keyring_core::Credential>>> {
            Ok(None)
        }

        fn get_specifiers(&self) -> Option<(String, String)> {
            None
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    #[test]
    fn what_was_refused_is_not_held_and_what_was_held_still_is() {
        for before in [None, Some(b"GOODKEY".to_vec())] {
            let store = std::sync::Arc::new(Refusing::default());
            store.held.lock().unwrap().clone_from(&before);
            let entry = keyring_core::Entry::new_with_credential(store.clone());
            let why = put(entry, &SecretString::from("NEWKEY"), kernel_words).err();
            let why = why.unwrap();
            assert!(
                why.contains("AccessDenied") && !why.contains("unlock"),
                "{why}"
            );
            assert_eq!(*store.held.lock().unwrap(), before);
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_the_store_holds() {
        let error = keyring_core::Error::BadEncoding(b"VERYSECRET\xff".to_vec());
        assert!(!words(error).contains("VERYSECRET"));
    }
}
