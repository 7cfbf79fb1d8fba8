//! Approval requests: of the list, in full, and inside an order.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};

use super::{moment, organization, person, product_ref, some_id};
use crate::certcentral::wire;
use crate::certcentral::wire::common::PageInfo;
use crate::certcentral::wire::lenient::{self, WireObject};
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use crate::domain::status::{RequestKind, RequestStatus};

/// *List requests*.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RequestList {
    /// The rows of the page.
    #[serde(deserialize_with = "lenient::read")]
    pub requests: Vec<RequestRow>,
    #[serde(deserialize_with = "lenient::read")]
    pub page: Option<PageInfo>,
}

/// A row of the list, made what it means as it is read: as it came it takes ten times the room, for the order that stands
/// in it. `None` when it has no number.
#[derive(Debug, Default)]
pub struct RequestRow(pub Option<Request>);

impl<'de> Deserialize<'de> for RequestRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(request(Deserialize::deserialize(deserializer)?)))
    }
}

impl WireObject<'_> for RequestRow {}

/// A request of the list or in full; `None` when it has no number.
pub fn request(wire: wire::request::RequestInfo) -> Option<Request> {
    let order = wire.order.unwrap_or_default();
    let certificate = order.certificate.unwrap_or_default();
    let has_product = order.product.is_some() || order.product_name_id.is_some();
    Some(Request {
        id: RequestId(some_id(wire.id)?),
        kind: RequestKind::parse(wire.kind.as_deref().unwrap_or_default()),
        status: RequestStatus::parse(wire.status.as_deref().unwrap_or_default()),
        date: moment(wire.date.as_deref()),
        processed: moment(wire.date_processed.as_deref()),
        requester: wire.requester.and_then(person).map(Arc::new),
        reviewer: wire.reviewer.and_then(person).map(Arc::new),
        processor: wire.processor.and_then(person).map(Arc::new),
        comments: wire.comments,
        processor_comment: wire.processor_comment,
        order: some_id(order.id).map(OrderId),
        common_name: certificate.common_name,
        dns_names: certificate.dns_names,
        csr: certificate.csr,
        organization: order.organization.and_then(organization).map(Arc::new),
        product: has_product.then(|| Arc::new(product_ref(order.product, order.product_name_id))),
    })
}

/// An entry of an order's own history.
pub(super) fn of_order(wire: wire::request::Request, order: OrderId) -> Option<Request> {
    let date = wire.date.as_deref().or(wire.date_created.as_deref());
    Some(Request {
        id: RequestId(some_id(wire.id)?),
        kind: RequestKind::parse(wire.kind.as_deref().unwrap_or_default()),
        status: RequestStatus::parse(wire.status.as_deref().unwrap_or_default()),
        date: moment(date),
        processed: moment(wire.date_processed.as_deref()),
        requester: wire.requester.and_then(person).map(Arc::new),
        reviewer: wire.reviewer.and_then(person).map(Arc::new),
        processor: wire.processor.and_then(person).map(Arc::new),
        comments: wire.comments,
        processor_comment: wire.processor_comment,
        order: Some(order),
        common_name: None,
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    })
}
