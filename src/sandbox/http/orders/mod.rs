//! The order endpoints.

pub mod asked;
pub mod changes;
pub mod copies;
pub mod dcv;
pub mod duplicate;
pub mod filter;
pub mod info;
pub mod list;
pub mod mail;
pub mod place;
pub mod reissue;
pub mod row;
pub mod settings;
pub mod types;
pub mod wishes;

use std::sync::RwLockReadGuard;

use super::call::Call;
use super::desk::Desk;
use super::error::ApiError;
use crate::sandbox::model::{Account, Order};
use crate::sandbox::rules::Refusal;
use crate::sandbox::tables::ProductRef;

/// The order that the path names, if the caller may see it.
pub fn visible<'a>(account: &'a Account, call: &Call) -> Result<&'a Order, ApiError> {
    account
        .order(call.id(0, "order")?)
        .filter(|order| call.actor.sees(order))
        .ok_or(ApiError::Refused(Refusal::NotFound("order")))
}

/// As [`visible_id`], with the product, which decides what else is read.
pub fn visible_product(desk: &Desk, call: &Call) -> Result<(u64, ProductRef), ApiError> {
    let account: RwLockReadGuard<'_, Account> = desk.read();
    visible(&account, call).map(|order| (order.id, order.product))
}

/// As [`visible`], for calls that then change it: only the id.
pub fn visible_id(desk: &Desk, call: &Call) -> Result<u64, ApiError> {
    let account: RwLockReadGuard<'_, Account> = desk.read();
    visible(&account, call).map(|order| order.id)
}
