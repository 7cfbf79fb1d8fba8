//! Where the orders come from, as far as the synchronisation needs it.

use std::future::Future;

use crate::certcentral::endpoints::{OrderPage, OrderQuery, OrderSort};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::OrderId;

/// An account whose orders can be listed. Calls keep the rate limits by themselves.
pub trait Source: Clone + Send + Sync + 'static {
    /// A page of all orders, by ascending order number.
    fn page(
        &self,
        offset: u64,
        limit: u64,
    ) -> impl Future<Output = Result<OrderPage, ApiError>> + Send;

    /// The orders that were placed last.
    fn newest(&self, limit: u64) -> impl Future<Output = Result<OrderPage, ApiError>> + Send;

    /// The rows of these orders; a server may ignore that some are named and list all.
    fn named(&self, ids: Vec<OrderId>) -> impl Future<Output = Result<OrderPage, ApiError>> + Send;

    /// Orders whose status changed within the last seconds.
    fn changed(&self, seconds: u32) -> impl Future<Output = Result<Vec<OrderId>, ApiError>> + Send;

    /// The order that this one renews.
    fn renewal_of(
        &self,
        id: OrderId,
    ) -> impl Future<Output = Result<Option<OrderId>, ApiError>> + Send;
}

/// The account itself. [`Client::background_reads`](crate::certcentral::Client::background_reads) leave the calls
/// of a person their room in the rate windows.
impl Source for Reads {
    async fn page(&self, offset: u64, limit: u64) -> Result<OrderPage, ApiError> {
        let query = OrderQuery {
            limit,
            offset,
            ..OrderQuery::default()
        };
        self.list_orders(&query).await
    }

    async fn newest(&self, limit: u64) -> Result<OrderPage, ApiError> {
        let query = OrderQuery {
            sort: OrderSort::Newest,
            limit,
            ..OrderQuery::default()
        };
        self.list_orders(&query).await
    }

    async fn named(&self, ids: Vec<OrderId>) -> Result<OrderPage, ApiError> {
        let query = OrderQuery {
            ids,
            ..OrderQuery::default()
        };
        self.list_orders(&query).await
    }

    async fn changed(&self, seconds: u32) -> Result<Vec<OrderId>, ApiError> {
        let changes = self.status_changes(seconds).await?;
        Ok(changes.into_iter().map(|change| change.order).collect())
    }

    async fn renewal_of(&self, id: OrderId) -> Result<Option<OrderId>, ApiError> {
        self.order(id).await.map(|order| order.renewal_of)
    }
}
