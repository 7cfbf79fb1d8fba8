//! What the desk is started with: everything the command line, the environment and the settings decide.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::keystore::{ApiKey, KeySearch};
use crate::app::served::NamedEndpoints;
use crate::config::{AfterIssue, KeyBinding, Notice, Profile, ProfileName, ServedName, Settings};
use crate::domain::endpoint::Endpoint;
use crate::domain::names;
use crate::domain::window::Window;
use crate::keys::{KeyChange, KeyMap};

/// The keys with the operator's own laid over them; and why not, by the number of a binding that was not taken.
pub fn keymap(bindings: &[KeyBinding]) -> (KeyMap, Vec<(usize, String)>) {
    KeyMap::with(bindings.iter().map(|binding| KeyChange {
        place: &binding.place,
        key: &binding.key,
        action: &binding.command,
    }))
}

/// Where the certificates of names are served; and why not, by the number of an entry that something is wrong with.
pub fn served(names: &[ServedName]) -> (Vec<NamedEndpoints>, Vec<(usize, String)>) {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for (at, named) in names.iter().enumerate() {
        let mut endpoints = Vec::new();
        for endpoint in &named.endpoints {
            match Endpoint::parse(endpoint) {
                Ok(endpoint) => endpoints.push(endpoint),
                Err(why) => wrong.push((at, why)),
            }
        }
        match names::check(&named.name) {
            Ok(name) => all.push((name, endpoints)),
            Err(error) => wrong.push((at, error.to_string())),
        }
    }
    (all, wrong)
}

/// A command after issue, and when it may run.
pub type WithWindow = (AfterIssue, Option<Window>);

/// The command after issue of a profile, and when it may run; `None` where there is none.
///
/// # Errors
/// The line of the settings in which a window stands that is none, and why. Nothing is run then.
pub fn after_issue(
    settings: &Settings,
    profile: Option<&Profile>,
) -> Result<Option<WithWindow>, (usize, String)> {
    let own = profile.and_then(|profile| profile.after_issue.as_deref());
    let all = own.or(settings.after_issue.as_ref());
    let Some(all) = all.filter(|all| !all.command.is_empty()) else {
        return Ok(None);
    };
    let window = all.window.as_deref().map(Window::parse).transpose();
    let window =
        window.map_err(|error| (all.line, format!("the window: {error}; no command is run")))?;
    Ok(Some((all.clone(), window)))
}

/// The names whose endpoints are replaced by the rule when they are due, as they are compared.
pub fn auto(served: &[ServedName]) -> BTreeSet<String> {
    let auto = served.iter().filter(|named| named.auto);
    auto.filter_map(|named| names::check(&named.name).ok())
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_cannot_be_read_costs_itself_alone() {
        let named = |name: &str, endpoints: &[&str]| ServedName {
            name: name.into(),
            endpoints: endpoints.iter().map(|text| (*text).to_owned()).collect(),
            auto: name.starts_with('*'),
            line: 1,
        };
        let (all, wrong) = served(&[
            named("Shop.Example.net", &["lb1", "lb1:0", "smtp://mx1"]),
            named("not a name", &["lb2"]),
            named("*.example.net", &["10.0.0.5:8443"]),
        ]);
        let read: Vec<(String, Vec<String>)> = all
            .into_iter()
            .map(|(name, all)| (name, all.iter().map(Endpoint::to_string).collect()))
            .collect();
        let expected = [
            ("shop.example.net", vec!["lb1:443", "smtp://mx1"]),
            ("*.example.net", vec!["10.0.0.5:8443"]),
        ];
        let expected = expected.map(|(name, all)| {
            (
                name.to_owned(),
                all.into_iter().map(str::to_owned).collect(),
            )
        });
        assert_eq!(read, expected);
        let at: Vec<usize> = wrong.iter().map(|(at, _)| *at).collect();
        assert_eq!(at, [0, 1]);
        assert!(wrong[0].1.contains("lb1:0"), "{}", wrong[0].1);
    }
}
