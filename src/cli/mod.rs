//! The command line: what may be typed, and what each command does.
