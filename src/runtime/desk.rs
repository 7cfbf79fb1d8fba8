//! Runs the desk.

use std::process::ExitCode;

use super::options::DeskOptions;

/// Runs the desk until the operator leaves it.
pub fn run(options: DeskOptions) -> ExitCode {
    drop(options);
    ExitCode::SUCCESS
}
