//! A yes that waits for what it rests on to be read once more.

use jiff::Timestamp;

use super::remote::Opened;
use crate::domain::ids::{DomainId, OrderId, RequestId};
use crate::domain::write::Outgoing;

/// A yes that waits for what it rests on to be read once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// What it was said to.
    pub(in crate::app) asked: Asked,
    /// What the operator had been told of the same that was sent before; `None` where it was not told yet.
    pub(in crate::app) told: Option<Vec<String>>,
    pub(in crate::app) at: Timestamp,
    /// Whether all was read since, and it counts now.
    pub(in crate::app) counts: bool,
}

/// What is asked on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Asked {
    pub(in crate::app) subject: Subject,
    /// Since when that is current.
    pub(in crate::app) opened: Opened,
    /// What a yes sends.
    pub(in crate::app) sends: Vec<Outgoing>,
}

/// What a yes is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Subject {
    /// Nothing that is there yet.
    NewOrder,
    Order(OrderId),
    /// Orders that the same is done to; of many the first ones are read.
    Orders(Vec<OrderId>),
    /// Requests that are decided together; of many the first ones are read.
    Requests(Vec<RequestId>),
    /// Domains that the same is asked of; of many the first ones are read.
    Domains(Vec<DomainId>),
}
