//! Reads of orders: the list, one in full, what changed lately, by own reference.

use super::page::{self, Unread};
use super::{Query, encoded};
use crate::certcentral::convert::{self, OrderList, PlainList};
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::detail::OrderDetail;
use crate::certcentral::wire::order::StatusChangeList;
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::Order;
use crate::domain::packed::Rows;
use crate::domain::status::OrderStatus;

/// The largest page that the API gives.
pub const LARGEST_PAGE: u64 = 1000;

/// Orders that one call may name. 50 of 9 digits make a query of 1.3 kB, which every proxy lets through.
pub const MOST_NAMED: usize = 50;

/// The order of a list of orders. Known to work: `order_id`, `date_created`, `-date_created`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderSort {
    /// Lowest number first.
    #[default]
    Number,
    /// Placed last first.
    Newest,
}

impl OrderSort {
    fn key(self) -> &'static str {
        match self {
            Self::Number => "order_id",
            Self::Newest => "-date_created",
        }
    }
}

/// Which page of which orders: without a key the order of the list is not documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderQuery {
    /// These orders alone; all, where there is none. Several values of one filter are what clients use and no page
    /// documents: rows still have to be looked at.
    pub ids: Vec<OrderId>,
    /// What comes first.
    pub sort: OrderSort,
    /// Rows of the page, at most 1000.
    pub limit: u64,
    /// Index of the first row.
    pub offset: u64,
}

/// One page of the list of orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderPage {
    /// Rows that could be read.
    pub rows: Rows,
    /// Rows that could not.
    pub unread: Vec<Unread>,
    /// How many there are in all; absent when the server does not tell.
    pub total: Option<u64>,
}

impl OrderPage {
    /// Rows that the server sent.
    pub fn returned(&self) -> u64 {
        (self.rows.len() + self.unread.len()) as u64
    }
}

/// What each order's info has, pending and rejected ones included (the documents' examples).
const WHOLE: Marks = Marks::Whole(&[&["id"], &["status"], &["certificate", "product"]]);

impl Default for OrderQuery {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            sort: OrderSort::Number,
            limit: LARGEST_PAGE,
            offset: 0,
        }
    }
}

/// An order that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    pub order: OrderId,
    /// One of its certificates; which one is not documented.
    pub certificate: Option<CertificateId>,
    pub status: OrderStatus,
}

impl Reads {
    /// One page of *list orders*.
    pub async fn list_orders(&self, query: &OrderQuery) -> Result<OrderPage, ApiError> {
        let mut text = Query::default();
        text.push_any_of("id", &query.ids);
        text.push("sort", query.sort.key());
        text.push("limit", &query.limit.clamp(1, LARGEST_PAGE).to_string());
        text.push("offset", &query.offset.to_string());
        self.page(text, query.offset).await
    }

    async fn page(&self, query: Query, offset: u64) -> Result<OrderPage, ApiError> {
        let mut call = Call::get("/order/certificate", "the list of orders");
        call.query = query.0;
        let list: OrderList = self
            .plain::<PlainList, _>(&call, Marks::Page("orders"))
            .await?;
        let returned = list.orders.len() as u64;
        let total = page::checked(&call.what, returned, list.page, offset)?;
        let unread = list.orders.unread.into_iter();
        Ok(OrderPage {
            rows: list.orders.rows,
            unread: unread.map(|(at, id)| Unread { at, id }).collect(),
            total,
        })
    }

    /// *Order info*.
    pub async fn order(&self, id: OrderId) -> Result<Order, ApiError> {
        let call = Call::get(format!("/order/certificate/{id}"), format!("order {id}"));
        let detail: OrderDetail = self.json(&call, WHOLE).await?;
        super::same(Some(id.0), detail.id, &call.what)?;
        convert::order(detail)
            .ok_or_else(|| super::unexpected(&call.what, "it has no order number"))
    }

    /// The order whose primary certificate has this thumbprint or serial number, in upper-case hexadecimal digits (*order
    /// info*).
    pub async fn order_of(&self, digits: &str) -> Result<OrderId, ApiError> {
        let what = format!("the order of certificate {digits}");
        let call = Call::get(format!("/order/certificate/{}", encoded(digits)), what);
        let detail: OrderDetail = self.json(&call, WHOLE).await?;
        let order = convert::order(detail);
        let order = order.map(|order| order.id);
        order.ok_or_else(|| super::unexpected(&call.what, "it has no order number"))
    }

    /// The orders that have a certificate with this serial number, a duplicate or an earlier one as well. A server that does
    /// not know the filter lists any.
    pub async fn orders_with_serial(&self, serial: &str) -> Result<OrderPage, ApiError> {
        let mut text = Query::default();
        text.push("filters[serial_number]", serial);
        text.push("limit", "2");
        self.page(text, 0).await
    }

    /// Orders placed with this reference of our own (`alternative_order_id`); empty when none was.
    pub async fn orders_by_reference(
        &self,
        reference: &str,
    ) -> Result<Vec<StatusChange>, ApiError> {
        let path = format!("/order/alternate/{}", encoded(reference));
        let call = Call::get(path, format!("orders with the reference {reference}"));
        match self.json(&call, Marks::Rows("orders")).await {
            Ok(list) => changes(list, &call.what),
            // Only the API itself can say so: what stands between here and there has 404 for other things.
            Err(error @ ApiError::NotFound { .. })
                if error.has_code("not_found") && !error.has_code("not_found|route") =>
            {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Orders whose status changed in the last so many seconds, at most 604,800.
    pub async fn status_changes(&self, seconds: u32) -> Result<Vec<StatusChange>, ApiError> {
        let mut call = Call::get(
            "/order/certificate/status-changes",
            "the list of status changes",
        );
        let mut query = Query::default();
        query.push("seconds", &seconds.to_string());
        call.query = query.0;
        let list = self.json(&call, Marks::RowsOrNone("orders")).await?;
        changes(list, &call.what)
    }
}

/// A row without an order would be a change that nobody hears of.
fn changes(list: StatusChangeList, what: &str) -> Result<Vec<StatusChange>, ApiError> {
    let changes = list.orders.into_iter().map(|change| {
        let order = convert::some_id(change.order_id)
            .ok_or_else(|| super::unexpected(what, "a row names no order"))?;
        Ok(StatusChange {
            order: OrderId(order),
            certificate: convert::some_id(change.certificate_id).map(CertificateId),
            status: OrderStatus::parse(change.status.as_deref().unwrap_or_default()),
        })
    });
    changes.collect()
}
