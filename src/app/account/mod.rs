//! What is known of the account: each read has its slot, and whoever shows it asks here.

mod order_data;

pub use order_data::OrderData;
