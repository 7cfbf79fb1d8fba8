//! Where the log goes, and what it never holds.
