//! What the operator sees: the screens of made-up states as text, at 80x24, 120x40 and 40x10.

#[path = "../support/desk.rs"]
mod account;
mod boxes;
mod bulk;
mod connect;
mod desk;
mod draw;
mod footer;
mod forms;
mod keys;
mod looks;
mod numbers;
mod operations;
mod pasting;
mod reading;
mod trace;
