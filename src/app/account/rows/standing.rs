//! How orders stand as their certificates expire, with what repeats looked up once.

use super::{OrderRow, Orders};
use crate::domain::plan::{Standing, is_in_use};
use crate::domain::product::{Family, ProductRef};
use crate::domain::status::OrderStatus;

/// What states and products mean, looked up once for all rows.
pub struct Lookup {
    in_use: Vec<bool>,
    pending: Vec<bool>,
    dv: Vec<bool>,
    public: Vec<bool>,
}

impl Lookup {
    /// Of the states and products of these orders.
    pub fn of(orders: &Orders) -> Self {
        let statuses = orders.status_values();
        let products = orders.product_values();
        let is_public = |family| family == Family::PublicTls;
        Self {
            in_use: statuses.iter().map(is_in_use).collect(),
            pending: statuses
                .iter()
                .map(|status| *status == OrderStatus::ReissuePending)
                .collect(),
            dv: products.iter().map(ProductRef::is_dv).collect(),
            public: products
                .iter()
                .map(|product| is_public(product.family()))
                .collect(),
        }
    }

    /// How an order stands; `None` where its certificate has no last day.
    pub fn standing(&self, row: OrderRow<'_>, has_requests: bool) -> Option<Standing> {
        let of = |values: &[bool], at: u16| values.get(usize::from(at)).copied().unwrap_or(false);
        Some(Standing {
            in_use: of(&self.in_use, row.status),
            reissue_pending: of(&self.pending, row.status),
            has_requests,
            is_renewed: row.is_renewed,
            is_dv: of(&self.dv, row.product),
            valid_till: row.valid_till()?,
            order_valid_till: row.order_valid_till(),
        })
    }

    /// Whether it is of a product for public TLS.
    pub fn is_public(&self, row: OrderRow<'_>) -> bool {
        let public = self.public.get(usize::from(row.product));
        public.copied().unwrap_or(false)
    }
}
