//! What does not change while the server runs: products, server platforms, signature hashes.

mod catalogue;
mod hashes;
mod platforms;
mod products;

pub use catalogue::{PRODUCTS, USUAL};
pub use hashes::SignatureHash;
pub use platforms::{PLATFORMS, Platform};
pub use products::{Family, Names, Product, ProductRef, Validation};
