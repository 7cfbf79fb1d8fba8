//! `certdeck profile`: the accounts in the settings' file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{AddProfile, Profile as Command};
use super::context::Context;
use super::error::CliError;
use super::print;
use crate::config::{self, NewProfile, Profile, ProfileName};
use crate::runtime::keystore;

/// Does what `certdeck profile …` says.
pub(super) fn run(context: &Context, command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Add(new) => add(context, new),
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
        &NewProfile {
            url: new.url(),
            name: new.name.clone(),
            key_command: new.key_command,
            // The file is looked for from the settings' folder later, and named from this one now.
            key_file: new.key_file.as_deref().map(absolute),
            ca_file: new.ca_file.as_deref().map(absolute),
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

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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
        for cleared in keystore::forget(&context.env, profile) {
            if cleared.outcome == Ok(true) {
                print::out(&format!("Its key is removed from {}.", cleared.source));
            }
        }
        if let Some(path) = profile.key_file.as_ref().filter(|path| path.exists()) {
            print::out(&format!("Its key file {} stays.", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
