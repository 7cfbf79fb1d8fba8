//! The only room with side effects on the terminal.

pub mod checks;
pub mod child;
pub mod clipboard;
pub mod console;
pub mod desk;
pub mod editor;
pub mod files;
pub mod frame;
pub mod hangup;
pub mod harden;
pub mod input;
pub mod keystore;
pub mod options;
pub mod panic;
pub mod plain;
pub mod signals;
pub mod terminal;
