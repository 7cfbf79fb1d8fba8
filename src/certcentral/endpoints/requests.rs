//! Reads of approval requests.

use super::page::Pages;
use super::{Contained, Page, Query};
use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::account::{RequestCounts, RequestReport};
use crate::certcentral::wire::request::{RequestInfo, RequestList};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{ContainerId, RequestId};
use crate::domain::request::{Request, RequestPage, Wanted};
use crate::domain::status::{RequestKind, RequestStatus};

/// Which requests to list; conditions have to hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestFilter {
    /// Any of these states.
    pub status: Vec<RequestStatus>,
    /// What is asked for.
    pub kind: Option<RequestKind>,
    /// Container.
    pub container: Option<ContainerId>,
    /// Common name of the order.
    pub search: Option<Contained>,
    /// Custom field: definition's number and value.
    pub custom_field: Option<(u64, String)>,
}

/// Which page of which requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestQuery {
    /// Conditions.
    pub filter: RequestFilter,
    /// Rows of the page; `None` for as many as the server gives.
    pub limit: Option<u64>,
    /// Index of the first row.
    pub offset: u64,
    /// Whether the newest come first; otherwise in an order that the documentation does not tell.
    pub newest_first: bool,
}

impl RequestQuery {
    fn text(&self) -> String {
        let mut query = Query::default();
        match self.filter.status.as_slice() {
            [one] => query.push("filters[status]", one.as_str()),
            several => {
                for (index, status) in several.iter().enumerate() {
                    query.push(&format!("filters[status][{index}]"), status.as_str());
                }
            }
        }
        query.push_some("filters[type]", self.filter.kind.as_ref());
        query.push_some("filters[container_id]", self.filter.container);
        query.push_some(
            "filters[search]",
            self.filter.search.as_ref().map(Contained::value),
        );
        if let Some((id, value)) = &self.filter.custom_field {
            query.push("filters[metadata_id]", &id.to_string());
            query.push("filters[metadata_value]", value);
        }
        if self.newest_first {
            query.push("sort", "-date");
        }
        query.push_some("limit", self.limit);
        if self.offset > 0 {
            query.push("offset", &self.offset.to_string());
        }
        query.0
    }
}

impl Reads {
    /// One page of *list requests*.
    pub async fn list_requests(&self, query: &RequestQuery) -> Result<Page<Request>, ApiError> {
        let mut call = Call::get("/request", "the list of requests");
        call.query = query.text();
        let list: RequestList = self.json(&call, Marks::Page("requests")).await?;
        Page::new(&call.what, list.requests, list.page, query.offset, |row| {
            convert::request(row).ok_or(None)
        })
    }

    /// All requests that wait for a decision, in either step. The filter may be ignored by the server, so decided ones
    /// are left out here as well.
    pub async fn waiting_requests(&self) -> Result<Vec<Request>, ApiError> {
        let mut query = RequestQuery {
            filter: RequestFilter {
                status: vec![RequestStatus::Submitted, RequestStatus::Pending],
                ..RequestFilter::default()
            },
            limit: Some(super::orders::LARGEST_PAGE),
            offset: 0,
            newest_first: true,
        };
        let mut waiting = Vec::new();
        let mut pages = Pages::default();
        loop {
            let page = self.list_requests(&query).await?;
            let (rows, next) = pages.take("the list of requests", page, |row| row.id.0)?;
            waiting.extend(rows.into_iter().filter(|row| row.status.is_open()));
            match next {
                Some(offset) => query.offset = offset,
                None => return Ok(waiting),
            }
        }
    }

    /// One page of the requests that are wanted, the newest first.
    pub async fn wanted_requests(
        &self,
        wanted: &Wanted,
        offset: u64,
    ) -> Result<RequestPage, ApiError> {
        let query = RequestQuery {
            filter: RequestFilter {
                status: wanted.status.clone(),
                kind: wanted.kind.clone(),
                search: wanted.name.clone().map(Contained::Within),
                ..RequestFilter::default()
            },
            limit: Some(super::orders::LARGEST_PAGE),
            offset,
            newest_first: true,
        };
        let page = self.list_requests(&query).await?;
        Ok(RequestPage {
            next: page.next_offset(),
            total: page.total,
            rows: page.rows,
        })
    }

    /// *Request info*. What it says of the order is as old as the request; see [`Reads::order`] for the order.
    pub async fn request(&self, id: RequestId) -> Result<Request, ApiError> {
        let call = Call::get(format!("/request/{id}"), format!("request {id}"));
        let info: RequestInfo = self
            .json(&call, Marks::Whole(&[&["id"], &["status"]]))
            .await?;
        super::same(Some(id.0), info.id, &call.what)?;
        convert::request(info)
            .ok_or_else(|| super::unexpected(&call.what, "it has no request number"))
    }

    /// How many requests wait for approval, by type.
    pub async fn request_counts(
        &self,
        container: Option<ContainerId>,
    ) -> Result<RequestCounts, ApiError> {
        let mut call = Call::get("/report/request", "the count of waiting requests");
        let mut query = Query::default();
        query.push_some("container_id", container);
        call.query = query.0;
        let report: RequestReport = self.json(&call, Marks::Thing(&["request"])).await?;
        Ok(report.request.unwrap_or_default())
    }
}
