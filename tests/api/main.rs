//! The Services API, from both sides.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod client_retry;
mod client_support;
mod client_transport;
