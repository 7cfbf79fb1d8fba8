//! Whole processes beside the least that their work can cost: `compare` starts the program that `cargo bench` built, in a
//! terminal, on sandboxes near and far, and prints its table. Needs Linux, Python, curl, openssl and SQLite, and takes some minutes.

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    // Its name, or part of it, as the other benches take theirs.
    let mut names = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'));
    if names
        .next()
        .is_some_and(|name| !"processes".contains(name.as_str()))
    {
        return ExitCode::SUCCESS;
    }
    let folder = Path::new(env!("CARGO_BIN_EXE_certdeck")).parent();
    let compare = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/compare");
    let ended = Command::new(compare)
        .args(folder)
        .arg("--processes")
        .status();
    match ended {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("processes: {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("processes: compare does not start: {error}");
            ExitCode::FAILURE
        }
    }
}
