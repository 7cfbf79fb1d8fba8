//! `certdeck profile`: the accounts in the settings' file.

use std::path::PathBuf;
use std::process::ExitCode;

use super::args::{AddProfile, EditProfile, Profile as Command, Removable};
use super::context::Context;
use super::error::CliError;
use super::print;
use crate::config::{self, Change, Profile, ProfileChange, ProfileName};
use crate::runtime::keystore;

/// Does what `certdeck profile …` says.
pub(super) fn run(context: &Context, command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Add(new) => add(context, *new),
        Command::Edit(change) => edit(context, *change),
        Command::List => {
            context.tell_notices();
            list(context);
            Ok(ExitCode::SUCCESS)
        }
        Command::Remove { name } => remove(context, &name),
        Command::Use { name } => {
            config::use_profile(&context.config.path, &name)?;
            print::out(&format!("`{name}` is the default profile now."));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn add(context: &Context, new: AddProfile) -> Result<ExitCode, CliError> {
    let path = &context.config.path;
    let has_source = new.key_command.is_some() || new.key_file.is_some();
    let is_default = config::add_profile(
        path,
        &new.name,
        &ProfileChange {
            url: Some(new.url()),
            key_command: given(new.key_command),
            key_file: given(new.key_file.map(absolute)),
            ca_file: given(new.ca_file.map(absolute)),
            ..ProfileChange::default()
        },
    )?;
    let name = new.name;
    print::out(&format!(
        "Profile `{name}` added to {}{}.",
        path.display(),
        if is_default {
            "; it is the default"
        } else {
            ""
        }
    ));
    print::out(&if has_source {
        format!("Next: `certdeck key test --profile {name}`.")
    } else {
        format!("Next: `certdeck key set --profile {name}`, or just `certdeck --profile {name}`.")
    });
    Ok(ExitCode::SUCCESS)
}

fn edit(context: &Context, change: EditProfile) -> Result<ExitCode, CliError> {
    let path = &context.config.path;
    let mut new = ProfileChange {
        url: change.url(),
        key_command: given(change.key_command),
        key_file: given(change.key_file.map(absolute)),
        key_store: given(change.key_store),
        key_cache: Change::Keep,
        ca_file: given(change.ca_file.map(absolute)),
    };
    for setting in change.remove {
        match setting {
            Removable::KeyCommand => new.key_command = Change::Remove,
            Removable::KeyFile => new.key_file = Change::Remove,
            Removable::KeyStore => new.key_store = Change::Remove,
            Removable::KeyCache => new.key_cache = Change::Remove,
            Removable::CaFile => new.ca_file = Change::Remove,
        }
    }
    let name = change.name;
    let before = context.config.profiles.get(&name);
    config::edit_profile(path, &name, &new)?;
    print::out(&format!("Profile `{name}` changed in {}.", path.display()));
    if let Some(before) = before
        && new.url.as_ref().is_some_and(|url| *url != before.url)
    {
        // The key of one address is not sent to another.
        forget(context, before);
        print::out(&format!(
            "It has another address now. Next: `certdeck key set --profile {name}`."
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn given<T>(value: Option<T>) -> Change<T> {
    value.map_or(Change::Keep, Change::Set)
}

/// The file is looked for from the settings' folder later, and named from this one now.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

fn list(context: &Context) {
    let config = &context.config;
    if config.profiles.is_empty() {
        print::out("No profiles yet; `certdeck profile add NAME --region us` (or eu) makes one.");
    }
    for (name, profile) in &config.profiles {
        let mark = if config.default_profile.as_ref() == Some(name) {
            '*'
        } else {
            ' '
        };
        print::out(&format!("{mark} {name}  {}", address(profile)));
    }
}

/// The address, with its region's name where it has one.
pub(super) fn address(profile: &Profile) -> String {
    match profile.url.region() {
        Some(region) => format!("{} ({})", profile.url, region.word()),
        None => profile.url.to_string(),
    }
}

fn remove(context: &Context, name: &ProfileName) -> Result<ExitCode, CliError> {
    let profile = context.config.profiles.get(name);
    config::remove_profile(&context.config.path, name)?;
    print::out(&format!(
        "Profile `{name}` removed. Its orders, drafts and journal stay on this machine."
    ));
    if let Some(profile) = profile {
        forget(context, profile);
    }
    Ok(ExitCode::SUCCESS)
}

/// Removes the stored key of a profile, and says what stays.
fn forget(context: &Context, profile: &Profile) {
    for cleared in keystore::forget(&context.env, profile) {
        if cleared.outcome == Ok(true) {
            print::out(&format!("Its key is removed from {}.", cleared.source));
        }
    }
    if let Some(path) = profile.key_file.as_ref().filter(|path| path.exists()) {
        print::out(&format!("Its key file {} stays.", path.display()));
    }
}
