//! The loop's own parts (model, effects, client, store) against a real sandbox over HTTP, without a terminal:
//! keys in, and what the account holds in the end.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod account;
mod accounts;
mod approval;
mod beside;
#[path = "../support/between.rs"]
mod between;
mod bulk;
#[path = "../support/parameters.rs"]
mod change_rows;
#[expect(dead_code, reason = "the properties use the rest")]
mod desk;
mod domains;
#[path = "../support/draw.rs"]
mod draw;
mod duplicates;
mod engine;
mod faults;
#[path = "../support/hands.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod hands;
mod hanging;
mod hostile;
mod odd_answers;
#[path = "../support/openssl.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod openssl;
mod operations;
mod order_fields;
mod order_parameters;
#[path = "../support/order_parameters.rs"]
mod order_rows;
mod orders;
mod parameters;
mod products;
mod reissues;
mod restart;
mod script;
#[path = "../support/table.rs"]
mod table;
mod unjournaled;
