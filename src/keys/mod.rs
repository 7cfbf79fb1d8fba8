//! One table of keys.
