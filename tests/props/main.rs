//! Properties: what holds for every input and every interleaving, not for chosen examples.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod replies;
mod store_kill;
mod store_orders;
mod sync_wire;
