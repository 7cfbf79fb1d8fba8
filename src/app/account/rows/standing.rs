//! How orders stand as their certificates expire, with what repeats looked up once, and days compared as numbers: of 100,000
//! rows all are asked.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Day, OrderRow, Orders};
use crate::domain::plan::{LATELY, Standing, is_in_use};
use crate::domain::product::{Family, ProductRef};
use crate::domain::status::OrderStatus;

/// What states and products mean, looked up once for all rows.
pub struct Lookup {
    in_use: Vec<bool>,
    pending: Vec<bool>,
    dv: Vec<bool>,
    public: Vec<bool>,
    /// Today, as rows hold days.
    today: u32,
    /// The first day on which what expired is still asked about.
    lately: u32,
}

fn of(values: &[bool], at: u16) -> bool {
    values.get(usize::from(at)).copied().unwrap_or(false)
}

impl Lookup {
    /// Of the states and products of these orders.
    pub fn of(orders: &Orders, today: Date) -> Self {
        let statuses = orders.status_values();
        let products = orders.product_values();
        let is_pending = |status: &OrderStatus| *status == OrderStatus::ReissuePending;
        let is_public = |family| family == Family::PublicTls;
        let number = |day| Day::from(Some(day)).number().unwrap_or_default();
        Self {
            in_use: statuses.iter().map(is_in_use).collect(),
            pending: statuses.iter().map(is_pending).collect(),
            dv: products.iter().map(ProductRef::is_dv).collect(),
            public: products
                .iter()
                .map(|product| is_public(product.family()))
                .collect(),
            today: number(today),
            lately: number(today.saturating_sub(LATELY.days())),
        }
    }

    /// How an order stands; `None` where its certificate has no last day.
    pub fn standing(&self, row: OrderRow<'_>, has_requests: bool) -> Option<Standing> {
        let ends = row.valid_till.number()?;
        let covers = row.order_valid_till.number();
        Some(Standing {
            in_use: of(&self.in_use, row.status),
            reissue_pending: of(&self.pending, row.status),
            has_requests,
            is_renewed: row.is_renewed,
            is_dv: of(&self.dv, row.product),
            covers_more: covers.is_some_and(|covers| covers > ends && covers >= self.today),
        })
    }

    /// Whether its certificate is over.
    pub fn is_over(&self, row: OrderRow<'_>) -> bool {
        row.valid_till
            .number()
            .is_some_and(|ends| ends < self.today)
    }

    /// Whether what expired is still to be asked about.
    pub fn is_open(&self, row: OrderRow<'_>) -> bool {
        let since = |day: Day, first: u32| day.number().is_some_and(|day| day >= first);
        since(row.valid_till, self.lately) || since(row.order_valid_till, self.today)
    }

    /// Whether it is of a product for public TLS.
    pub fn is_public(&self, row: OrderRow<'_>) -> bool {
        of(&self.public, row.product)
    }
}
