//! What the operator sees: the screens of made-up states as text, at 80x24, 120x40 and 40x10.

#[path = "../support/demo.rs"]
mod account;
mod boxes;
mod bulk;
mod bytes;
mod connect;
mod desk;
mod domains;
#[path = "../support/draw.rs"]
mod draw;
mod endpoints;
mod fields;
#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod fixtures;
mod footer;
mod forms;
#[path = "../support/hands.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod hands;
mod keys;
mod looks;
mod numbers;
mod operations;
mod pasting;
mod reading;
mod served;
mod trace;
