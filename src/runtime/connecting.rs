//! Where the desk is connected: the demo's own sandbox, a profile and its key, or what the operator types in.

use std::fmt::Write as _;
use std::thread;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::effects::{Event, say};
use super::failure::failure;
use super::keystore::{self, ApiKey, Source};
use super::options::{DeskKey, DeskOptions};
use super::trust;
use crate::app::msg::{Connection, Msg};
use crate::certcentral::retry::RetryPolicy;
use crate::certcentral::{Client, ClientOptions, US_URL};
use crate::config::{BaseUrl, Config, Env, KeyPlace, Profile, ProfileName};
use crate::domain::failure::{Failure, FailureKind};

/// Starts connecting; the first frame is on the screen by now. The handle ends the demo's sandbox.
pub fn start(options: &mut DeskOptions, tx: &UnboundedSender<Event>) -> Option<AbortHandle> {
    #[cfg(feature = "sandbox")]
    if let Some(demo) = options.demo.clone() {
        return Some(super::demo::start(demo, tx.clone()));
    }
    let (name, url) = place(options);
    if options.lacks_address {
        // Whatever key there is belongs to another host than the one that would be asked.
        let why = without_key(Some(&name));
        unconnected(tx, name, url, why);
        return None;
    }
    let trusted = options.profile.clone();
    let key = std::mem::replace(&mut options.key, DeskKey::Sandbox);
    let tx = tx.clone();
    match key {
        DeskKey::Found(key) => connect(&tx, name, &url, trusted.as_ref(), &key),
        DeskKey::Search(search) => {
            let asked = tx.clone();
            let why = without_key(None);
            let started = thread::Builder::new()
                .name("key-search".into())
                .spawn(move || match search.after_first_paint() {
                    Ok(key) => connect(&asked, name, &url, trusted.as_ref(), &key),
                    Err(error) => {
                        tracing::info!(%error, "no key");
                        unconnected(&asked, name, url, why);
                    }
                });
            if let Err(error) = started {
                say(
                    &tx,
                    Msg::Notice(format!("Could not look for the API key: {error}")),
                );
            }
        }
        DeskKey::Sandbox => {}
    }
    None
}

/// Why there is no key: there is none yet, or nothing was asked for one, since the address of this profile cannot be used.
fn without_key(lacks_address: Option<&str>) -> Failure {
    let (what, advice) = match lacks_address {
        None => (
            "There is no API key yet.".to_owned(),
            "Paste it here, or set CERTDECK_API_KEY. Run `certdeck doctor` to see everywhere certdeck looked.",
        ),
        Some(name) => (
            format!("Profile `{name}` has no usable URL, so certdeck did not look for its key."),
            "Choose its region or type its URL here, then paste the key; or correct the settings and start again.",
        ),
    };
    Failure {
        kind: FailureKind::NoKey,
        what,
        advice: advice.to_owned(),
        status: None,
        codes: Vec::new(),
    }
}

fn place(options: &DeskOptions) -> (String, String) {
    match &options.profile {
        Some(profile) => (profile.name.to_string(), profile.url.as_str().to_owned()),
        None => (options.first_name.to_string(), US_URL.to_owned()),
    }
}

fn connect(
    tx: &UnboundedSender<Event>,
    profile: String,
    url: &str,
    trusted: Option<&Profile>,
    key: &ApiKey,
) {
    let client = trust::client_options(trusted)
        .map_err(|error| Failure::local(format!("{error}."), ""))
        .and_then(|options| {
            Client::with_options(url, &key.secret, options).map_err(|error| failure(&error))
        });
    match client {
        Ok(client) => {
            let connection = connection(profile, url, key);
            let _ = tx.send(Event::Client { client, connection });
        }
        Err(why) => unconnected(tx, profile, url.to_owned(), why),
    }
}

/// Where a client of this key is connected.
pub fn connection(profile: String, url: &str, key: &ApiKey) -> Connection {
    Connection {
        profile,
        account: account(url, &key.secret),
        url: url.to_owned(),
        sandbox: false,
        key: Ok(key.source.to_string()),
    }
}

/// The name of an account in the store: its address and a fingerprint of the key, so that a profile whose key now
/// belongs to another account does not show the old one's orders. 64 bits of a hash of a random key give nothing
/// of it away.
fn account(url: &str, key: &SecretString) -> String {
    let text = format!("certdeck account {}", key.expose_secret());
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_ref()[..8]);
    format!("{url}#{:016x}", u64::from_be_bytes(first))
}

pub(super) fn unconnected(tx: &UnboundedSender<Event>, profile: String, url: String, why: Failure) {
    say(
        tx,
        Msg::Connected(Connection {
            profile,
            account: String::new(),
            url,
            sandbox: false,
            key: Err(why),
        }),
    );
}

/// Finds out where a key of this profile can be kept here; the stores that are asked may take seconds.
pub fn find_places(options: &DeskOptions, tx: &UnboundedSender<Event>) {
    let overridden = options.profile.as_ref().is_some_and(|p| p.url_overridden);
    // An address of the environment is no profile's, and neither is its key.
    let path = options.config_path.clone().filter(|_| !overridden);
    let (name, tx) = (place(options).0, tx.clone());
    let told = tx.clone();
    let work = move || {
        let (places, kept) = match (path, ProfileName::parse(&name)) {
            (Some(path), Ok(name)) => (
                keystore::places(&Env::Process, &path, &name),
                keystore::place_of(&path, &name),
            ),
            _ => (Vec::new(), None),
        };
        say(&tx, Msg::KeyPlaces { places, kept });
    };
    let started = thread::Builder::new().name("key-places".into()).spawn(work);
    if started.is_err() {
        let (places, kept) = (Vec::new(), None);
        say(&told, Msg::KeyPlaces { places, kept });
    }
}

/// Tries what the operator typed. Once CertCentral took it the desk works with it, and keeps it where that was chosen:
/// address and key together, or neither.
pub fn reconnect(
    options: &DeskOptions,
    url: String,
    key: SecretString,
    keep: Option<KeyPlace>,
    tx: &UnboundedSender<Event>,
) -> AbortHandle {
    let (name, _) = place(options);
    let trusted = options.profile.clone();
    let path = options.config_path.clone();
    let tx = tx.clone();
    crate::logging::hide(&key);
    let task = tokio::spawn(async move {
        let url = match tried(&url, trusted.as_ref(), &key).await {
            Ok(url) => url,
            Err(why) => return say(&tx, Msg::NotConnected(why)),
        };
        let typed = ApiKey {
            secret: key.clone(),
            source: Source::Typed,
        };
        connect(&tx, name.clone(), url.as_str(), trusted.as_ref(), &typed);
        let (Some(place), Some(path)) = (keep, path) else {
            return;
        };
        let told = tx.clone();
        // In a thread, since a key store may block for seconds, and one that is not aborted: it ends what it began.
        let started = thread::Builder::new()
            .name("key-keep".into())
            .spawn(move || {
                let kept = keep_key(&path, &name, &url, &place, &key);
                say(&told, kept.map_or_else(Msg::Notice, Msg::Done));
            });
        if let Err(error) = started {
            say(&tx, Msg::Notice(format!("The key is not stored: {error}")));
        }
    });
    task.abort_handle()
}

/// Asks CertCentral whose key this is, once.
async fn tried(
    url: &str,
    trusted: Option<&Profile>,
    key: &SecretString,
) -> Result<BaseUrl, Failure> {
    let local = |why: String| Failure::local(why, "");
    let url = BaseUrl::parse(url).map_err(|error| local(error.to_string()))?;
    let options = ClientOptions {
        retry: RetryPolicy::never(),
        ..trust::client_options(trusted).map_err(|error| local(format!("{error}.")))?
    };
    let client = Client::with_options(url.as_str(), key, options);
    let client = client.map_err(|error| failure(&error))?;
    let asked = client.reads().session().await;
    asked.map(|_| url).map_err(|error| failure(&error))
}

/// Keeps address and key; says where they are, or why they are not.
fn keep_key(
    path: &std::path::Path,
    name: &str,
    url: &BaseUrl,
    place: &KeyPlace,
    key: &SecretString,
) -> Result<String, String> {
    let kept = ProfileName::parse(name)
        .map_err(|error| error.to_string())
        .and_then(|name| {
            let kept = keystore::keep(&Env::Process, path, (&name, url), place, key);
            kept.map_err(|error| error.to_string())
        });
    let why = match kept {
        Ok(kept) if kept.refused.is_empty() => {
            let mut told = format!("The key is in {}, {}.", place.words(), place.lasts());
            let name = ProfileName::parse(name).ok();
            let profile = name.and_then(|name| Config::load(path).profiles.remove(&name));
            for earlier in profile.map_or_else(Vec::new, |p| keystore::earlier(&Env::Process, &p)) {
                let _ = write!(told, " At the next start certdeck checks {earlier} first.");
            }
            return Ok(told);
        }
        Ok(kept) => kept.refused.into_iter().map(|tried| tried.why).collect(),
        Err(why) => vec![why],
    };
    Err(format!(
        "The key is kept until certdeck exits, and not stored in {}: {}",
        place.words(),
        why.join("; ")
    ))
}
