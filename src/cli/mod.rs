//! The command line: what may be typed ([`args`]), and what each command does, one file a command.
//!
//! ```text
//! args --clap--> Cli --+--> desk, demo        draw on the terminal: runtime::desk
//!                      +--> sandbox           serves until SIGINT or SIGTERM
//!                      +--> profile, key      change where an account and its key are
//!                      +--> doctor            says what works here
//!                      +--> journal           read, and print
//! ```
//!
//! What commands print goes through `output`, words for a person to standard error. Exit codes: [`exit::Exit`].

mod api;
pub mod args;
mod certs;
mod chain;
mod check;
mod completions;
mod context;
mod csr;
mod dcv;
mod desk;
mod doctor;
mod domain;
mod domains;
mod error;
pub mod exit;
mod get;
mod journal;
mod key;
mod metrics;
mod operate;
mod order;
mod orders;
mod output;
mod plan;
mod print;
mod profile;
mod request;
mod requests;
mod resume;
#[cfg(feature = "sandbox")]
mod sandbox;
mod send;
mod served;
mod session;
mod validation;

use std::process::ExitCode;

pub use completions::answer;

use args::{Cli, Command};
use context::Context;
use error::CliError;
use exit::Exit;

use crate::runtime::{checks, harden};

/// Does what the command line says.
pub fn run(cli: Cli) -> ExitCode {
    harden::harden();
    if let Err(error) = checks::open_files() {
        print::err(&error.to_string());
        return ExitCode::from(checks::EXIT);
    }
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) if error.is_unheard() => Exit::Done.into(),
        Err(error) => {
            print::err(&format!("certdeck: {error}"));
            error.code()
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    let context = Context::new(&cli)?;
    match cli.command {
        None => desk::desk(context, cli.force_terminal),
        #[cfg(feature = "sandbox")]
        Some(Command::Demo(demo)) => desk::demo(context, cli.force_terminal, demo),
        Some(Command::Profile(command)) => profile::run(&context, command),
        Some(Command::Key(command)) => key::run(&context, command),
        Some(Command::Orders(arguments)) => orders::run(&context, &arguments),
        Some(Command::Order(arguments)) => request::order(&context, &arguments),
        Some(Command::Renew(arguments)) => request::renew(&context, &arguments),
        Some(Command::Certs(arguments)) => certs::run(&context, &arguments),
        Some(Command::Requests(arguments)) => requests::run(&context, &arguments),
        Some(Command::Domains(arguments)) => domains::run(&context, &arguments),
        Some(Command::Plan(arguments)) => plan::run(&context, &arguments),
        Some(Command::Csr(arguments)) => csr::run(&context, &arguments),
        Some(Command::Chain(arguments)) => chain::run(&context, &arguments),
        Some(Command::Served(arguments)) => served::run(&context, &arguments),
        Some(Command::Get(arguments)) => get::run(&context, &arguments),
        Some(Command::Metrics(arguments)) => metrics::run(&context, &arguments),
        Some(Command::Reissue(arguments)) => request::reissue(&context, &arguments),
        Some(Command::Resume(arguments)) => resume::run(&context, &arguments),
        Some(Command::Duplicate(arguments)) => request::duplicate(&context, &arguments),
        Some(Command::Approve(arguments)) => operate::decide(&context, &arguments, true),
        Some(Command::Reject(arguments)) => operate::decide(&context, &arguments, false),
        Some(Command::Note(arguments)) => operate::note(&context, &arguments),
        Some(Command::Cancel(arguments)) => operate::cancel(&context, &arguments),
        Some(Command::Revoke(arguments)) => operate::revoke(&context, &arguments),
        Some(Command::Archive(arguments)) => operate::archive(&context, &arguments),
        Some(Command::AutoReissue(arguments)) => operate::auto_reissue(&context, &arguments),
        Some(Command::Domain(command)) => domain::run(&context, &command),
        Some(Command::Dcv(command)) => dcv::run(&context, &command),
        Some(Command::Check(arguments)) => Ok(check::run(&context, &arguments)),
        Some(Command::Completions { shell }) => completions::run(shell),
        Some(Command::Man { folder }) => completions::man(&context, &folder),
        Some(Command::Journal(arguments)) => journal::run(&context, &arguments),
        Some(Command::Doctor) => Ok(doctor::run(&context)),
        #[cfg(feature = "sandbox")]
        Some(Command::Sandbox(arguments)) => sandbox::run(arguments),
        #[cfg(not(feature = "sandbox"))]
        Some(Command::NoSandbox { .. }) => Err(CliError::NoSandbox),
    }
}
