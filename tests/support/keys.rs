//! Keys as a terminal sends them.

/// Enter, as a terminal sends it.
pub const ENTER: &str = "\r";

/// What a terminal sends for a named key.
pub fn key(name: &str) -> &'static str {
    match name {
        "esc" => "\x1b",
        "tab" => "\t",
        "shift-tab" => "\x1b[Z",
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "home" => "\x1b[H",
        "end" => "\x1b[F",
        "page up" => "\x1b[5~",
        "page down" => "\x1b[6~",
        "delete" => "\x1b[3~",
        "backspace" => "\x7f",
        other => panic!("no key is called {other}"),
    }
}

/// Ctrl with a letter: `ctrl('s')`.
pub fn ctrl(letter: char) -> String {
    char::from(letter as u8 & 0x1f).to_string()
}
