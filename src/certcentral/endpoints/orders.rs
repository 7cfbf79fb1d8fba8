//! Reads of orders: the list, one in full, what changed lately, by own reference.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{OrderFilter, OrderSort, Page, Query, encoded};
use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::detail::OrderDetail;
use crate::certcentral::wire::order::{OrderList, StatusChangeList};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Order, OrderSummary};
use crate::domain::status::OrderStatus;

/// The largest page that the API gives.
pub const LARGEST_PAGE: u64 = 1000;

/// Which page of which orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderQuery {
    /// Conditions.
    pub filter: OrderFilter,
    /// Key and whether descending; the order of the list is not documented without.
    pub sort: Option<(OrderSort, bool)>,
    /// Rows of the page, at most 1000.
    pub limit: u64,
    /// Index of the first row.
    pub offset: u64,
}

/// What each order's info has, pending and rejected ones included (the documents' examples).
const WHOLE: Marks = Marks::Whole(&[&["id"], &["status"], &["certificate", "product"]]);

impl Default for OrderQuery {
    fn default() -> Self {
        Self {
            filter: OrderFilter::new(),
            sort: Some((OrderSort::Id, false)),
            limit: LARGEST_PAGE,
            offset: 0,
        }
    }
}

/// A stretch of time in which orders may have changed; at most 7 days long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWindow {
    /// The last so many minutes, at most 10,080.
    Minutes(u32),
    /// The last so many seconds, at most 604,800.
    Seconds(u32),
    /// From one day to another in US Mountain time; orders that changed again later are left out.
    Days(Date, Date),
}

/// An order that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The order.
    pub order: OrderId,
    /// One of its certificates; which one is not documented.
    pub certificate: Option<CertificateId>,
    /// Its state now.
    pub status: OrderStatus,
}

impl Reads {
    /// One page of *list orders*.
    pub async fn list_orders(&self, query: &OrderQuery) -> Result<Page<OrderSummary>, ApiError> {
        let mut call = Call::get("/order/certificate", "the list of orders");
        let mut text = Query::default();
        query.filter.write(&mut text);
        let sort = query.sort.map(|(key, descending)| key.value(descending));
        text.push_some("sort", sort);
        text.push("limit", &query.limit.clamp(1, LARGEST_PAGE).to_string());
        text.push("offset", &query.offset.to_string());
        call.query = text.0;
        let list: OrderList = self.json(&call, Marks::Page("orders")).await?;
        Page::new(&call.what, list.orders, list.page, query.offset, |row| {
            let (id, unsure) = (convert::some_id(row.id), row.unsure);
            convert::order_summary(row).filter(|_| !unsure).ok_or(id)
        })
    }

    /// *Order info*.
    pub async fn order(&self, id: OrderId) -> Result<Order, ApiError> {
        let detail = self.order_detail(&id.to_string(), false).await?;
        let what = format!("order {id}");
        super::same(Some(id.0), detail.id, &what)?;
        self::order(detail, &what)
    }

    /// *Order info* of the order whose primary certificate has this SHA-1 thumbprint. Duplicates are not found.
    pub async fn order_by_thumbprint(&self, thumbprint: &str) -> Result<Order, ApiError> {
        let thumbprint = convert::hex(thumbprint);
        let detail = self.order_detail(&thumbprint, false).await?;
        self::order(detail, &format!("order {thumbprint}"))
    }

    /// *Order info* of the order whose primary certificate has this serial number. Duplicates are not found: use
    /// [`OrderFilter::serial_number`] for any certificate.
    pub async fn order_by_serial(&self, serial: &str) -> Result<Order, ApiError> {
        let serial = convert::hex(serial);
        let detail = self.order_detail(&serial, false).await?;
        self::order(detail, &format!("order {serial}"))
    }

    /// CAA state by domain of a pending order; empty when there is none to tell.
    pub async fn order_caa(&self, id: OrderId) -> Result<BTreeMap<String, String>, ApiError> {
        let detail = self.order_detail(&id.to_string(), true).await?;
        Ok(detail.caa_status_message)
    }

    /// *Order info* with every field that was read, for what [`Order`] does not hold.
    pub async fn order_detail(
        &self,
        identifier: &str,
        include_caa_status: bool,
    ) -> Result<OrderDetail, ApiError> {
        let path = format!("/order/certificate/{}", encoded(identifier));
        let mut call = Call::get(path, format!("order {identifier}"));
        if include_caa_status {
            call.query.push_str("include_caa_status=true");
        }
        self.json(&call, WHOLE).await
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

    /// Orders whose status changed within the window.
    pub async fn status_changes(
        &self,
        window: StatusWindow,
    ) -> Result<Vec<StatusChange>, ApiError> {
        let mut call = Call::get(
            "/order/certificate/status-changes",
            "the list of status changes",
        );
        let mut query = Query::default();
        match window {
            StatusWindow::Minutes(minutes) => query.push("minutes", &minutes.to_string()),
            StatusWindow::Seconds(seconds) => query.push("seconds", &seconds.to_string()),
            StatusWindow::Days(from, to) => {
                query.push("filters[status_last_updated]", &format!("{from}...{to}"));
            }
        }
        call.query = query.0;
        let list = self.json(&call, Marks::RowsOrNone("orders")).await?;
        changes(list, &call.what)
    }
}

fn order(detail: OrderDetail, what: &str) -> Result<Order, ApiError> {
    convert::order(detail).ok_or_else(|| super::unexpected(what, "it has no order number"))
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
