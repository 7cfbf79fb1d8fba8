//! `certdeck doctor`: what works here and why not, as plain text, without changing anything. Works without a terminal.

mod clipboard;
mod dns;
mod terminal;

use std::process::ExitCode;

use super::api::{self, Answer};
use super::context::Context;
use super::print;
use super::profile::address;
use crate::certcentral::proxy::ProxyEnv;
use crate::config::{self, LogFile, Profile};
use crate::files;
use crate::runtime::keystore::{ApiKey, KeySearch};
use crate::store;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    /// Worth knowing; nothing fails for it.
    Note,
    /// It does not work, and the program exits with 1.
    Bad,
}

/// The report as it grows; the first bad line decides the exit code.
#[derive(Debug, Default)]
struct Report {
    bad: bool,
}

impl Report {
    fn head(title: &str) {
        print::out(title);
    }

    fn line(&mut self, state: State, text: &str) {
        let mark = match state {
            State::Ok => "ok  ",
            State::Note => "    ",
            State::Bad => "BAD ",
        };
        self.bad |= state == State::Bad;
        let mut lines = text.lines();
        print::out(&format!("  {mark} {}", lines.next().unwrap_or_default()));
        for more in lines {
            print::out(&format!("       {more}"));
        }
    }
}

/// Prints the report; the exit code says whether the desk would start and reach its account.
pub(super) fn run(context: &Context) -> ExitCode {
    let mut report = Report::default();
    print::out(&format!("certdeck {}", env!("CARGO_PKG_VERSION")));
    Report::head("Terminal");
    terminal::report(&mut report, &context.env, context.config.settings.theme);
    Report::head("Clipboard");
    clipboard::report(&mut report, &context.config.settings, &context.env);
    Report::head("Settings");
    settings(&mut report, context);
    Report::head("DNS");
    dns::report(&mut report, &context.config.settings);
    Report::head("Account");
    if let Some(profile) = account(&mut report, context)
        && let Some(key) = key(&mut report, context, &profile)
    {
        Report::head("API");
        api(&mut report, &profile, &key);
    }
    if report.bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn settings(report: &mut Report, context: &Context) {
    let config = &context.config;
    if config.path.exists() {
        // Each mistake has its own line below.
        let state = if config.notices.is_empty() {
            State::Ok
        } else {
            State::Note
        };
        report.line(state, &config.path.display().to_string());
    } else if config.notices.is_empty() {
        // That a file is missing which was named is a mistake, and has its line below.
        let text = format!("{} does not exist; using defaults", config.path.display());
        report.line(State::Note, &text);
    }
    for notice in &config.notices {
        report.line(State::Bad, &notice.to_string());
    }
    for warning in store::settings_warnings(&config.path) {
        report.line(State::Bad, &warning);
    }
    // One that can never be is among the mistakes.
    let usable = |log: &&LogFile| crate::logging::check(&log.path).is_ok();
    if let Some(log) = config.settings.log.as_ref().filter(usable) {
        let state = if log.path.exists() {
            ""
        } else {
            " (not created yet)"
        };
        report.line(State::Note, &format!("log: {}{state}", log.path.display()));
    }
    if let Some(folder) = &config.settings.download_dir {
        let (state, what) = match files::could_make_in(folder, true) {
            Ok(()) if folder.is_dir() => (State::Ok, "exists".to_owned()),
            Ok(()) => (
                State::Note,
                "does not exist; it is created when a file is written".to_owned(),
            ),
            Err(why) => (
                State::Bad,
                format!("accepts no files: {why}; choose another one"),
            ),
        };
        report.line(state, &format!("download_dir {} {what}", folder.display()));
    }
}

fn account(report: &mut Report, context: &Context) -> Option<Profile> {
    match context.need_profile() {
        Ok(profile) => {
            report.line(
                State::Ok,
                &format!("profile `{}`: {}", profile.name, address(&profile)),
            );
            for warning in config::store_path(&profile)
                .map(|path| store::warnings(&path))
                .unwrap_or_default()
            {
                report.line(State::Bad, &warning);
            }
            if profile.url_overridden {
                report.line(State::Note, "the URL is from CERTDECK_URL");
            }
            Some(profile)
        }
        Err(error) => {
            report.line(State::Bad, &error.to_string());
            None
        }
    }
}

fn key(report: &mut Report, context: &Context, profile: &Profile) -> Option<ApiKey> {
    let search = KeySearch::new(context.env.clone(), Some(profile.clone())).changing_nothing();
    match search.find() {
        Ok(key) => {
            report.line(State::Ok, &format!("the key comes from {}", key.source));
            Some(key)
        }
        Err(error) => {
            report.line(State::Bad, &error.to_string());
            None
        }
    }
}

fn api(report: &mut Report, profile: &Profile, key: &ApiKey) {
    // What `examine` fails with names the way too; this says it before something takes long.
    match ProxyEnv::of_process().told(profile.url.as_str()) {
        Ok(way) => report.line(State::Note, &way),
        Err(why) => {
            report.line(State::Bad, &why);
            return;
        }
    }
    let Answer {
        session,
        clock,
        orders,
        requests,
    } = match api::examine(profile, key) {
        Ok(answer) => answer,
        Err(error) => {
            report.line(State::Bad, &error.to_string());
            return;
        }
    };
    report.line(
        State::Ok,
        &format!("{} responds and accepts the key", profile.url.authority()),
    );
    for line in api::words(&session) {
        report.line(State::Ok, &line);
    }
    match clock {
        Some(offset) if offset.is_wrong() => report.line(
            State::Bad,
            &format!(
                "this machine's clock is {}, compared with CertCentral's; set it, for example with `timedatectl \
                    set-ntp true`",
                offset.words()
            ),
        ),
        Some(_) => report.line(State::Ok, "this machine's clock agrees with CertCentral's"),
        None => report.line(State::Note, "CertCentral's responses carry no date, so this machine's clock is not checked"),
    }
    for (what, answer) in [("orders", orders), ("requests", requests)] {
        match answer {
            Ok(Some(count)) => report.line(State::Ok, &format!("can read {what}: {count}")),
            Ok(None) => report.line(State::Ok, &format!("can read {what}")),
            Err(error) => report.line(State::Bad, &format!("{error}\n{}", error.advice())),
        }
    }
    report.line(
        State::Note,
        "the API does not report whether this key can also order or approve; it may be restricted to View Only",
    );
}
