//! `certdeck key`: store, remove and try the API key of a profile.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::api;
use super::args::{KeepArg, Key};
use super::context::Context;
use super::error::CliError;
use super::print;
use crate::config::{KeyPlace, Profile};
use crate::runtime::keystore::{self, ApiKey, KeySearch, KeyStoreError, Source, Tried};

/// Does what `certdeck key …` says.
pub(super) fn run(context: &Context, command: Key) -> Result<ExitCode, CliError> {
    context.tell_notices();
    let profile = context.need_profile()?;
    match command {
        Key::Set { keep, untested } => set(context, &profile, keep, untested),
        Key::Clear => Ok(clear(context, &profile)),
        Key::Test => test(context, &profile),
    }
}

fn set(
    context: &Context,
    profile: &Profile,
    keep: Option<KeepArg>,
    untested: bool,
) -> Result<ExitCode, CliError> {
    if profile.url_overridden {
        return Err(KeyStoreError::Overridden(profile.url.to_string()).into());
    }
    // Asked before the key is typed: nobody types a key that has no place.
    let chosen = chosen(context, profile, keep)?;
    let secret = keystore::read_key(&format!(
        "API key of `{}` ({}), not shown: ",
        profile.name,
        profile.url.authority()
    ))?;
    if !untested {
        let key = ApiKey {
            secret: secret.clone(),
            source: Source::Typed,
        };
        let session = api::whose(profile, &key).inspect_err(|_| {
            print::err(
                "certdeck: the key was not stored: CertCentral must accept it first; --untested stores it without a \
                    check",
            );
        })?;
        print::out(&format!("{} accepts it:", profile.url.authority()));
        for line in api::words(&session) {
            print::out(&format!("  {line}"));
        }
    }
    let kept = match &chosen {
        Some(place) => {
            let path = &context.config.path;
            keystore::keep(
                &context.env,
                path,
                (&profile.name, &profile.url),
                place,
                &secret,
            )?
        }
        None => keystore::set(&context.env, profile, &secret)?,
    };
    for place in &kept.stored {
        print::out(&format!(
            "The key of `{}` is in {place}, {}.",
            profile.name,
            place.lasts()
        ));
    }
    for Tried { source, why } in &kept.refused {
        print::err(&format!("certdeck: it is not in {source}: {why}"));
    }
    for earlier in keystore::earlier(&context.env, profile) {
        print::err(&format!(
            "certdeck: {earlier} is checked first, and takes precedence if it has a key"
        ));
    }
    Ok(if kept.refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Where the operator wants the key: as the option says, or as answered where the profile's own place is the key store
/// and there is none here; `None` where the profile says.
fn chosen(
    context: &Context,
    profile: &Profile,
    keep: Option<KeepArg>,
) -> Result<Option<KeyPlace>, CliError> {
    let asks = keep.is_none()
        && profile.uses_key_store()
        && profile.key_file.is_none()
        && profile.key_cache.is_none()
        && std::io::stdin().is_terminal();
    if keep.is_none() && !asks {
        return Ok(None);
    }
    if let Some(keep) = keep {
        let all = keystore::place(&context.config.path, &profile.name);
        let Some(place) = all.into_iter().find(|place| keep.is(place)) else {
            return Ok(None);
        };
        return match keystore::probe(&context.env, &place) {
            Ok(()) => Ok(Some(place)),
            Err(why) => Err(CliError::NoSuchPlace {
                place: place.words(),
                why,
            }),
        };
    }
    let places = keystore::places(&context.env, &context.config.path, &profile.name);
    if places.is_empty() || places.contains(&KeyPlace::Store) {
        // Where there is no place at all, each says why.
        return Ok(None);
    }
    print::err("certdeck: no key store responds here. The key can be kept in:");
    for (at, place) in places.iter().enumerate() {
        print::err(&format!(
            "  {}  {}; {}",
            at + 1,
            place.words(),
            place.lasts()
        ));
    }
    loop {
        let answer = keystore::read_choice("Number, or nothing to cancel: ")?;
        if answer.is_empty() {
            return Err(KeyStoreError::Cancelled.into());
        }
        let at = answer.parse::<usize>().ok();
        let place = at
            .and_then(|at| at.checked_sub(1))
            .and_then(|at| places.get(at));
        if let Some(place) = place {
            // The number was not seen when it was typed.
            print::err(&format!("certdeck: {}", place.words()));
            return Ok(Some(place.clone()));
        }
        print::err(&format!("certdeck: a number from 1 to {}", places.len()));
    }
}

fn clear(context: &Context, profile: &Profile) -> ExitCode {
    let mut failed = false;
    let all = keystore::clear(&context.env, profile);
    if all.is_empty() {
        print::out(&format!(
            "Profile `{}` sets no place where certdeck stores a key.",
            profile.name
        ));
    }
    for keystore::Cleared { source, outcome } in all {
        match outcome {
            Ok(true) => print::out(&format!("Removed the key from {source}.")),
            Ok(false) => print::out(&format!("There is no key in {source}.")),
            Err(why) => {
                failed = true;
                print::err(&format!(
                    "certdeck: whether {source} contains a key is not known: {why}"
                ));
            }
        }
    }
    for earlier in keystore::earlier(&context.env, profile) {
        print::out(&format!("{earlier} stays, and is checked first."));
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn test(context: &Context, profile: &Profile) -> Result<ExitCode, CliError> {
    let key = KeySearch::new(context.env.clone(), Some(profile.clone())).find()?;
    print::out(&format!(
        "The key of `{}` comes from {}.",
        profile.name, key.source
    ));
    let session = api::whose(profile, &key)?;
    print::out(&format!("{} accepts it:", profile.url.authority()));
    for line in api::words(&session) {
        print::out(&format!("  {line}"));
    }
    Ok(ExitCode::SUCCESS)
}

impl KeepArg {
    fn is(self, place: &KeyPlace) -> bool {
        matches!(
            (self, place),
            (Self::Store, KeyPlace::Store)
                | (Self::File, KeyPlace::File(_))
                | (Self::Kernel, KeyPlace::Kernel)
        )
    }
}
