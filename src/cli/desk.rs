//! The commands that draw: the desk and the demo. They gather what is known and hand over to the runtime.

use std::process::ExitCode;

#[cfg(feature = "sandbox")]
use super::args::Demo;
use super::context::Context;
use super::error::CliError;
use crate::config::{self, ConfigError, Profile, ProfileName, Region};
use crate::runtime::keystore::KeySearch;
#[cfg(feature = "sandbox")]
use crate::runtime::options::DemoOptions;
use crate::runtime::options::{DeskKey, DeskOptions};
use crate::runtime::{checks, desk};

/// The desk on an account. Without one it asks for it, so that is no error here.
pub(super) fn desk(context: Context, force: bool) -> Result<ExitCode, CliError> {
    checks::terminal(force)?;
    // Where only its address is wrong, it is asked for, and put right under the same name.
    let (profile, first_name, lacks_address) = match context.profile() {
        Err(CliError::Config(ConfigError::Unusable { name, .. })) => (None, name, true),
        found => (found?, ProfileName::fallback(), false),
    };
    let mut search = KeySearch::new(context.env.clone(), profile.clone());
    // A key command may ask on the terminal, so it runs before the desk takes it.
    let key = match search.before_raw_mode() {
        Some(key) => DeskKey::Found(key),
        None => DeskKey::Search(search),
    };
    // A first start has its journal too, under the name that its profile will have.
    let first = || Profile::new(first_name.clone(), Region::Us.base_url());
    let cache_path = Some(config::store_path(&profile.clone().unwrap_or_else(first))?);
    Ok(desk::run(DeskOptions {
        profile,
        first_name,
        lacks_address,
        key,
        cache_path,
        config_path: Some(context.config.path),
        settings: context.config.settings,
        notices: context.config.notices,
        demo: None,
    }))
}

/// The desk against a sandbox in this process: no profile, no key, no file of the user's.
#[cfg(feature = "sandbox")]
pub(super) fn demo(context: Context, force: bool, demo: Demo) -> Result<ExitCode, CliError> {
    checks::terminal(force)?;
    Ok(desk::run(DeskOptions {
        profile: None,
        first_name: ProfileName::fallback(),
        lacks_address: false,
        key: DeskKey::Sandbox,
        cache_path: None,
        config_path: None,
        settings: context.config.settings,
        notices: context.config.notices,
        demo: Some(DemoOptions {
            orders: demo.orders,
            seed: demo.seed,
            faults: demo.faults,
        }),
    }))
}
