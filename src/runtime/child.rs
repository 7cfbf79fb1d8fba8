//! Every program started from here is started through [`child`], so that none inherits the API key.

use std::ffi::OsStr;
use std::process::Command;

use crate::config::KEY_VARIABLE;

/// A command without the API key in its environment. For tokio: `tokio::process::Command::from(child(…))`.
pub fn child(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(KEY_VARIABLE);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_taken_out_of_the_environment() {
        let command = child("env");
        let removed: Vec<_> = command.get_envs().collect();
        assert_eq!(removed, [(OsStr::new("CERTDECK_API_KEY"), None)]);
    }
}
