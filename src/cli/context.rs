//! What every command starts from: the environment, the settings, the profile asked for, and the log.

use std::path::Path;

use crate::config::{self, Config, Env, Notice, Profile, ProfileName};
use crate::domain::secret;
use crate::logging;
use crate::runtime::options;

use super::args::{Cli, Command, Profile as ProfileCommand};
use super::error::CliError;
use super::print;

/// The surroundings of a command.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) env: Env,
    /// The settings and profiles.
    pub(super) config: Config,
    /// The profile named on the command line.
    pub(super) wanted: Option<ProfileName>,
    /// Whether nothing is said that is no error.
    pub(super) is_quiet: bool,
}

impl Context {
    /// Reads the settings and starts the log. The demo and the sandbox read settings only from a file that is named:
    /// they are to be the same everywhere.
    pub(super) fn new(cli: &Cli) -> Result<Self, CliError> {
        let alone = cli.command.as_ref().is_some_and(Command::is_alone);
        if alone && cli.profile.is_some() {
            return Err(CliError::NoAccount);
        }
        let mut config = match &cli.config {
            Some(path) => {
                let makes_it =
                    matches!(cli.command, Some(Command::Profile(ProfileCommand::Add(_))));
                let mut config = Config::load(path);
                if !makes_it && !path.exists() {
                    config.notices.push(Notice {
                        file: path.clone(),
                        line: 1,
                        key: String::new(),
                        message: "the file does not exist; using defaults".into(),
                    });
                }
                config
            }
            None if alone => Config::default(),
            None => Config::load(&config::config_path()?),
        };
        let (_, wrong) = options::keymap(&config.settings.keys);
        config
            .notices
            .extend(wrong.into_iter().filter_map(|(at, message)| {
                let binding = config.settings.keys.get(at)?;
                Some(Notice {
                    file: config.path.clone(),
                    line: binding.line,
                    key: format!("keys.{}.{}", binding.place, binding.key),
                    message,
                })
            }));
        let (_, wrong) = options::served(&config.settings.served);
        config
            .notices
            .extend(wrong.into_iter().filter_map(|(at, message)| {
                let served = config.settings.served.get(at)?;
                Some(Notice {
                    file: config.path.clone(),
                    line: served.line,
                    key: format!("served.\"{}\"", served.name),
                    message,
                })
            }));
        let profiles = config.profiles.values().map(Some);
        let wrong: Vec<_> = profiles
            .chain([None])
            .filter_map(|profile| options::after_issue(&config.settings, profile).err())
            .collect();
        for (line, message) in wrong {
            let notice = Notice {
                file: config.path.clone(),
                line,
                key: "after_issue".to_owned(),
                message,
            };
            if !config.notices.contains(&notice) {
                config.notices.push(notice);
            }
        }
        // The doctor changes nothing.
        let changes = !matches!(cli.command, Some(Command::Doctor));
        let begin = |path: &Path| {
            if changes {
                logging::start(path, |text| secret::contains_private_key(text).is_some())
            } else {
                logging::check(path)
            }
        };
        if let Some(path) = &cli.log {
            begin(path)?;
        } else if let Some(log) = &config.settings.log
            && let Err(error) = begin(&log.path)
        {
            config.notices.push(Notice {
                file: config.path.clone(),
                line: log.line,
                key: "log".to_owned(),
                message: error.to_string(),
            });
        }
        config.notices.sort_by_key(|notice| notice.line);
        Ok(Self {
            env: Env::Process,
            config,
            wanted: cli.profile.clone(),
            is_quiet: cli.quiet,
        })
    }

    /// The account to work on, if one is set up.
    pub(super) fn profile(&self) -> Result<Option<Profile>, CliError> {
        Ok(self.config.profile(self.wanted.as_ref(), &self.env)?)
    }

    /// The account to work on.
    pub(super) fn need_profile(&self) -> Result<Profile, CliError> {
        self.profile()?.ok_or(CliError::NoProfile)
    }

    /// Tells what could not be taken as written, for commands without a screen.
    pub(super) fn tell_notices(&self) {
        for notice in &self.config.notices {
            print::err(&format!("certdeck: {notice}"));
        }
    }
}
