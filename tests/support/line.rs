//! The line between a terminal and the program in it.

use portable_pty::MasterPty;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::ioctl_fionread;

/// The line's modes as something to compare.
pub fn modes(master: &dyn MasterPty) -> String {
    master
        .get_termios()
        .map_or(String::new(), |modes| format!("{modes:?}"))
}

/// Whether the program has still to read something that was typed.
pub fn is_unread(master: Option<&(dyn MasterPty + Send)>) -> bool {
    let name = master.and_then(MasterPty::tty_name);
    let line = name.and_then(|name| {
        open(
            name,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )
        .ok()
    });
    line.is_some_and(|line| ioctl_fionread(&line).is_ok_and(|unread| unread > 0))
}
