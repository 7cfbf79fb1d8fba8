//! `certdeck completions` and `certdeck man`: what a shell completes, and the pages of the manual. What is completed is asked of
//! this program with each key: order numbers and profiles are those that there are.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap_complete::CompleteEnv;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use super::args::{self, Shell};
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::print;
use crate::config::{self, Config, Env};
use crate::domain::catalogue;
use crate::domain::failure::Failure;
use crate::domain::product::ProductRef;
use crate::domain::rules::place::is_ordered_here;
use crate::domain::text::counted;
use crate::runtime::files::{self, IfThere};
use crate::store::Store;

/// The variable by which a shell asks.
const VARIABLE: &str = "CERTDECK_COMPLETE";

/// Candidates that a shell is given, at most: more than anybody reads.
const MOST: usize = 200;

/// Answers a shell that asks, and ends the program then.
pub fn answer() {
    CompleteEnv::with_factory(args::command)
        .var(VARIABLE)
        .complete();
}

/// Does what `certdeck completions` says.
pub(super) fn run(shell: Shell) -> Result<ExitCode, CliError> {
    let name = shell.name();
    let builtin = Shells::builtins();
    let completer = builtin.completer(name).ok_or(CliError::NoAnswer)?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "certdeck", "certdeck", "certdeck", &mut script)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done.into())
}

/// The profiles that begin so.
pub(super) fn profiles(typed: &OsStr) -> Vec<CompletionCandidate> {
    let config = config();
    let names = config.profiles.keys().map(ToString::to_string);
    let begins = typed.to_string_lossy().into_owned();
    let names = names.filter(|name| name.starts_with(&begins));
    names.map(CompletionCandidate::new).collect()
}

/// The stored order numbers of the default profile that begin so, the newest first. Nobody is asked for a key.
pub(super) fn orders(typed: &OsStr) -> Vec<CompletionCandidate> {
    let begins = typed.to_string_lossy().into_owned();
    let found = || {
        let profile = config().profile(None, &Env::Process).ok()??;
        let store = Store::open_to_read(&config::store_path(&profile).ok()?).ok()??;
        let accounts = store.accounts(&format!("{}#", profile.url)).ok()?;
        let mut all = Vec::new();
        for account in accounts {
            all.extend(store.order_ids(&account).ok()?);
        }
        Some(all)
    };
    let mut all = found().unwrap_or_default();
    all.sort_unstable_by(|one, other| other.cmp(one));
    let all = all.iter().map(ToString::to_string);
    let all = all.filter(|number| number.starts_with(&begins)).take(MOST);
    all.map(CompletionCandidate::new).collect()
}

/// The same, and the products that can be ordered.
pub(super) fn orders_and_products(typed: &OsStr) -> Vec<CompletionCandidate> {
    let begins = typed.to_string_lossy().into_owned();
    let known = catalogue::PRODUCTS.iter().map(ProductRef::from);
    let known = known.filter(|one| is_ordered_here(one) && one.name_id.starts_with(&begins));
    let named = known.map(|one| CompletionCandidate::new(one.name_id).help(Some(one.name.into())));
    orders(typed).into_iter().chain(named).collect()
}

fn config() -> Config {
    config::config_path().map_or_else(|_| Config::default(), |path| Config::load(&path))
}

/// Does what `certdeck man` says: a page a command.
pub(super) fn man(context: &Context, folder: &Path) -> Result<ExitCode, CliError> {
    let failed = |what: String| CliError::Failure(Failure::local(what, ""));
    if !folder.is_dir() {
        return Err(failed(format!("{} is not a folder.", folder.display())));
    }
    let mut command = args::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    page(&command, &mut pages)?;
    let count = pages.len();
    for (name, text) in pages {
        files::write_file(&folder.join(name), &text, IfThere::Replace)
            .map_err(|error| failed(error.to_string()))?;
    }
    let pages = counted(count, "page", "pages");
    print::hint(
        context,
        &format!("{pages} written to {}.", folder.display()),
    );
    Ok(Exit::Done.into())
}

/// The pages of a command and of all below it, each with the name of its file.
fn page(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), CliError> {
    let man = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    man.render(&mut text)?;
    pages.push((man.get_filename(), text));
    let below = command.get_subcommands();
    below
        .filter(|sub| !sub.is_hide_set())
        .try_for_each(|sub| page(sub, pages))
}
