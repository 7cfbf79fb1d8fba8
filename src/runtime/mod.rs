//! The only room with side effects on the terminal.

pub mod checks;
pub mod child;
pub mod clipboard;
pub mod connecting;
pub mod console;
pub mod desk;
pub mod editor;
pub mod effects;
pub mod failure;
pub mod files;
pub mod frame;
pub mod hangup;
pub mod harden;
pub mod input;
pub mod keeping;
pub mod keygen;
pub mod keystore;
pub mod options;
pub mod panic;
pub mod plain;
pub mod reading;
pub mod signals;
pub mod storing;
pub mod terminal;
pub mod trust;
