//! The Services API, from both sides.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod client_ahead;
mod client_clock;
mod client_counts;
mod client_endpoints;
mod client_errors;
mod client_lenient;
mod client_marks;
mod client_odd;
mod client_proxy;
mod client_retry;
mod client_sandbox;
mod client_support;
mod client_transport;
mod client_trust;
mod client_wire_orders;
mod client_wire_rest;
mod client_writes;
#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod fixtures;
mod sandbox_account;
mod sandbox_catalogue;
mod sandbox_certificates;
mod sandbox_changes;
mod sandbox_clients;
mod sandbox_copies;
mod sandbox_documented;
mod sandbox_ends;
mod sandbox_forms;
mod sandbox_mail;
mod sandbox_mutations;
mod sandbox_orders;
mod sandbox_place;
mod sandbox_places;
mod sandbox_proofs;
mod sandbox_published;
mod sandbox_requests;
mod sandbox_server;
mod sandbox_state;
mod sandbox_support;
mod sandbox_types;
mod sandbox_types_rest;
mod sandbox_values;
mod sandbox_words;
