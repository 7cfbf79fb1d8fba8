//! What does not change while the server runs: products, server platforms, signature hashes.

mod hashes;
mod platforms;
mod products;

pub use hashes::SignatureHash;
pub use platforms::{PLATFORMS, Platform};
pub use products::{Family, Names, PRODUCTS, Product, ProductRef, Validation};
