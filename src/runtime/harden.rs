//! What keeps other programs of the same user, and crash dumps, from reading the API key in memory.

/// Makes the process not dumpable (which also closes `/proc/PID/environ` and `ptrace` to the same user)
/// and sets the size of core files to 0. A system that refuses is left as it is: the key is as safe there as
/// in any other program, and refusing to start would help nobody.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::debug!(%error, "core files are still possible");
        }
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::debug!(%error, "the process stays dumpable");
        }
    }
}
