//! The only room with side effects on the terminal.
