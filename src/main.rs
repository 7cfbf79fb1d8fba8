//! Arguments to the mode to run to the exit code.

use std::process::ExitCode;

use certdeck::cli;

fn main() -> ExitCode {
    cli::answer();
    cli::run(cli::args::parse())
}
