//! What the desk is started with: everything the command line, the environment and the settings decide.

use std::path::PathBuf;

use super::keystore::{ApiKey, KeySearch};
use crate::config::{KeyBinding, Notice, Profile, ProfileName, Settings};
use crate::keys::{KeyChange, KeyMap};

/// The keys with the operator's own laid over them; and why not, by the number of a binding that was not taken.
pub fn keymap(bindings: &[KeyBinding]) -> (KeyMap, Vec<(usize, String)>) {
    KeyMap::with(bindings.iter().map(|binding| KeyChange {
        place: &binding.place,
        key: &binding.key,
        action: &binding.command,
    }))
}

/// The desk's options.
#[derive(Debug)]
pub struct DeskOptions {
    /// The account. `None` on a first start: the desk asks for region and key. For the demo always `None`.
    pub profile: Option<Profile>,
    /// The name of the profile that is made where there is none yet.
    pub first_name: ProfileName,
    /// Whether that profile is there, and only its address cannot be used.
    pub lacks_address: bool,
    /// The account's key, or where it may still be found.
    pub key: DeskKey,
    /// The store's file; `None` keeps everything in memory.
    pub cache_path: Option<PathBuf>,
    /// The configuration file, for a profile made on the first start; `None` in the demo, which touches no
    /// file of the user's.
    pub config_path: Option<PathBuf>,
    /// How the program behaves.
    pub settings: Settings,
    /// What could not be taken as written, to be told once the screen is there.
    pub notices: Vec<Notice>,
    /// Run against a sandbox inside this process.
    pub demo: Option<DemoOptions>,
}

/// The key as far as it is known before the first frame.
#[derive(Debug)]
pub enum DeskKey {
    /// Found in the environment, by a command, or in the credentials folder.
    Found(ApiKey),
    /// Not found yet: what is left may take seconds, so [`KeySearch::after_first_paint`] runs in a thread of its
    /// own once the first frame is drawn.
    Search(KeySearch),
    /// The sandbox's own, in the demo.
    Sandbox,
}

/// The sandbox of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOptions {
    /// How many orders the account has.
    pub orders: usize,
    /// What everything but the keys is made from.
    pub seed: u64,
    /// Faults, in the sandbox's own language.
    pub faults: Option<String>,
}
