//! `certdeck key`: store, remove and try the API key of a profile.

use std::process::ExitCode;

use super::api;
use super::args::Key;
use super::context::Context;
use super::error::CliError;
use super::print;
use crate::config::Profile;
use crate::runtime::keystore::{self, KeySearch};

/// Does what `certdeck key …` says.
pub(super) fn run(context: &Context, command: Key) -> Result<ExitCode, CliError> {
    context.tell_notices();
    let profile = context.need_profile()?;
    match command {
        Key::Set => set(context, &profile),
        Key::Clear => Ok(clear(context, &profile)),
        Key::Test => test(context, &profile),
    }
}

fn set(context: &Context, profile: &Profile) -> Result<ExitCode, CliError> {
    let secret = keystore::read_key(&format!(
        "API key of `{}` ({}), not shown: ",
        profile.name,
        profile.url.authority()
    ))?;
    for place in keystore::set(&context.env, profile, &secret)? {
        print::out(&format!("The key of `{}` is in {place}.", profile.name));
    }
    if let Some(program) = profile.key_command.as_ref().and_then(|argv| argv.first()) {
        print::err(&format!(
            "certdeck: the profile's key_command `{program}` is asked first, and wins if it prints a key"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn clear(context: &Context, profile: &Profile) -> ExitCode {
    let mut failed = false;
    let all = keystore::clear(&context.env, profile);
    if all.is_empty() {
        print::out("The profile has no place where a key would be stored.");
    }
    for keystore::Cleared { source, outcome } in all {
        match outcome {
            Ok(true) => print::out(&format!("Removed from {source}.")),
            Ok(false) => print::out(&format!("There was none in {source}.")),
            Err(why) => {
                failed = true;
                print::err(&format!("certdeck: not removed from {source}: {why}"));
            }
        }
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
    print::out(&format!("{} takes it:", profile.url.authority()));
    for line in api::words(&session) {
        print::out(&format!("  {line}"));
    }
    Ok(ExitCode::SUCCESS)
}
