//! `certdeck profile`: the accounts in the settings' file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{AddProfile, EditProfile, Profile as Command, Removable};
use super::context::Context;
use super::error::{CliError, OtherAddress};
use super::print;
use crate::config::{self, BaseUrl, Change, Pending, Profile, ProfileChange, ProfileName, Region};
use crate::runtime::keystore::{self, Forgotten};

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
            print::out(&format!("`{name}` is now the default profile."));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn add(context: &Context, new: AddProfile) -> Result<ExitCode, CliError> {
    let path = &context.config.path;
    let has_source = new.key_command.is_some() || new.key_file.is_some();
    let url = new.url();
    let pending = config::add_profile(
        path,
        &new.name,
        &ProfileChange {
            url: Some(url.clone()),
            key_command: given(new.key_command),
            key_file: given(new.key_file.map(absolute)),
            ca_file: given(new.ca_file.map(absolute)),
            ..ProfileChange::default()
        },
    )?;
    // A key that an earlier profile of this name left in the key store is of an address nobody knows any more.
    let name = new.name;
    let forgotten = keystore::forget(&context.env, &Profile::new(name.clone(), url));
    let is_default = write(context, pending, &forgotten_words(&forgotten), forgotten)?;
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

/// Writes what was changed of a profile, where that is anything.
fn say_changed(path: &Path, name: &ProfileName, pending: Pending<bool>) -> Result<(), CliError> {
    let path = path.display();
    print::out(&if pending.write()? {
        format!("Profile `{name}` changed in {path}.")
    } else {
        format!("Profile `{name}` already has these settings; {path} is unchanged.")
    });
    Ok(())
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
    let Some(url) = new.url.clone() else {
        say_changed(path, &name, config::edit_profile(path, &name, &new)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    // The key of one address is not sent to another; which one that was is not known where it was no address.
    let known = context.config.profiles.get(&name);
    let before = match known {
        Some(known) => known.clone(),
        None => Profile::new(name.clone(), url.clone()),
    };
    if before.url != url {
        stays_behind(&before, &new, &url)?;
    }
    let pending = config::edit_profile(path, &name, &new)?;
    if known.is_some_and(|known| known.url == url) {
        say_changed(path, &name, pending)?;
        return Ok(ExitCode::SUCCESS);
    }
    let forgotten = keystore::forget(&context.env, &before);
    let asks = before.clone().changed(&new).uses_key_store();
    if let Some((place, why)) = forgotten.left(&context.env).filter(|_| asks) {
        let (place, why) = (place.to_string(), why.to_owned());
        forgotten.put_back(&context.env);
        return Err(CliError::KeyStays {
            old: before.url.authority().to_owned(),
            place,
            why,
        });
    }
    let told = [
        vec![format!("Profile `{name}` changed in {}.", path.display())],
        forgotten_words(&forgotten),
        vec![format!(
            "{} Next: `certdeck key {} --profile {name}`.",
            if known.is_some() {
                "It now has another URL."
            } else {
                "It has a URL again."
            },
            if new.gives_key() { "test" } else { "set" }
        )],
    ];
    write(context, pending, &told.concat(), forgotten)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses to move a profile to another address with what gives the key of the one it has.
fn stays_behind(before: &Profile, new: &ProfileChange, url: &BaseUrl) -> Result<(), CliError> {
    let mut kept = Vec::new();
    if before.key_command.is_some() && new.key_command == Change::Keep {
        kept.push("key-command");
    }
    if before.key_file.is_some() && new.key_file == Change::Keep {
        kept.push("key-file");
    }
    if kept.is_empty() {
        return Ok(());
    }
    let all = |how: fn(&str) -> String| {
        let words: Vec<String> = kept.iter().map(|kept| how(kept)).collect();
        words.join(" and ")
    };
    let refused = OtherAddress {
        name: before.name.clone(),
        what: all(|kept| format!("a {}", kept.replace('-', "_"))),
        old: before.url.authority().to_owned(),
        new: url.authority().to_owned(),
        again: all(|kept| format!("--{kept}")),
        out: all(|kept| format!("--remove {kept}")),
    };
    Err(Box::new(refused).into())
}

/// Writes a change whose keys were removed before, and says so; or gives the keys back.
fn write<T>(
    context: &Context,
    pending: Pending<T>,
    told: &[String],
    forgotten: Forgotten,
) -> Result<T, CliError> {
    match pending.write() {
        Ok(done) => {
            for line in told {
                print::out(line);
            }
            Ok(done)
        }
        Err(error) => {
            forgotten.put_back(&context.env);
            Err(error.into())
        }
    }
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
    if config.profiles.is_empty() && config.unusable.is_empty() {
        print::out("No profiles yet; `certdeck profile add NAME --region us` (or eu) creates one.");
    }
    for name in &config.unusable {
        print::out(&format!(
            "  {name}  no usable URL; set one with `certdeck profile edit {name} --region us` (or eu)"
        ));
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
    let profile = context.config.profiles.get(name).cloned();
    let profile = profile.unwrap_or_else(|| Profile::new(name.clone(), Region::Us.base_url()));
    let pending = config::remove_profile(&context.config.path, name)?;
    let forgotten = keystore::forget(&context.env, &profile);
    let mut told = vec![format!(
        "Profile `{name}` removed. Its orders, drafts, and journal stay on this machine."
    )];
    told.extend(forgotten_words(&forgotten));
    if let Some(path) = profile.key_file.as_ref().filter(|path| path.exists()) {
        told.push(format!("Its key file {} stays.", path.display()));
    }
    if let Some((place, why)) = forgotten.left(&context.env) {
        told.push(format!(
            "Whether {place} contains a key of it is not known: {why}."
        ));
    }
    write(context, pending, &told, forgotten)?;
    Ok(ExitCode::SUCCESS)
}

/// The places from which a key was removed.
fn forgotten_words(forgotten: &Forgotten) -> Vec<String> {
    let removed = forgotten
        .cleared
        .iter()
        .filter(|cleared| cleared.outcome == Ok(true));
    removed
        .map(|cleared| format!("Removed its key from {}.", cleared.source))
        .collect()
}
