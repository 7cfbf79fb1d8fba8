//! The binary as a shell sees it: arguments in; words, files and exit codes out.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

mod doctor;
mod keys;
mod odd_answers;
mod profiles;
mod sandbox;
mod start;
mod support;
mod typed;
