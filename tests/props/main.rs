//! Properties: what holds for every input and every interleaving, not for chosen examples.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod account;
#[path = "../flow/desk.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod desk;
mod desks;
#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod fixtures;
#[path = "../support/hands.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod hands;
mod made;
mod office;
#[path = "../support/openssl.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod openssl;
mod replies;
mod store_kill;
mod store_orders;
mod sync_wire;
mod wants;
