//! The binary as a shell sees it: arguments in; words, files and exit codes out.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod account;
mod auto;
mod certificates;
mod desk;
mod doctor;
mod due;
mod interrupted;
mod keys;
mod monitoring;
mod odd_answers;
mod ordering;
mod profiles;
mod reading;
mod sandbox;
mod start;
mod support;
mod typed;
mod validating;
mod writing;
