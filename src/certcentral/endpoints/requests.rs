//! Reads of approval requests.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use super::page::Pages;
use super::{Page, Query};
use crate::certcentral::convert::{self, RequestList};
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::request::RequestInfo;
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::RequestId;
use crate::domain::order::{Organization, Person};
use crate::domain::product::ProductRef;
use crate::domain::request::{Request, RequestPage, Wanted};
use crate::domain::status::{RequestKind, RequestStatus};

/// Which page of which requests; conditions have to hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestQuery {
    /// Any of these states; all, where there is none.
    pub status: Vec<RequestStatus>,
    /// What is asked for.
    pub kind: Option<RequestKind>,
    /// Anywhere in the common name of the order.
    pub search: Option<String>,
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
        query.push_any_of("status", &self.status);
        query.push_some("filters[type]", self.kind.as_ref());
        query.push_within("filters[search]", self.search.as_deref());
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

/// What requests have in common is kept once: thousands may wait, of a few people and products.
#[derive(Default)]
struct Sharing {
    people: HashSet<Arc<Person>>,
    organizations: HashSet<Arc<Organization>>,
    products: HashSet<Arc<ProductRef>>,
}

impl Sharing {
    fn of(&mut self, mut row: Request) -> Request {
        for person in [&mut row.requester, &mut row.reviewer, &mut row.processor] {
            share(&mut self.people, person);
        }
        share(&mut self.organizations, &mut row.organization);
        share(&mut self.products, &mut row.product);
        row
    }
}

/// The same value as before, where there was one.
fn share<T: Eq + Hash>(known: &mut HashSet<Arc<T>>, value: &mut Option<Arc<T>>) {
    let Some(new) = value.as_mut() else {
        return;
    };
    match known.get(new) {
        Some(old) => *new = Arc::clone(old),
        None => {
            known.insert(Arc::clone(new));
        }
    }
}

impl Reads {
    /// One page of *list requests*.
    pub async fn list_requests(&self, query: &RequestQuery) -> Result<Page<Request>, ApiError> {
        let mut call = Call::get("/request", "the list of requests");
        call.query = query.text();
        let list: RequestList = self.json(&call, Marks::Page("requests")).await?;
        Page::new(&call.what, list.requests, list.page, query.offset, |row| {
            row.0.ok_or(None)
        })
    }

    /// All requests that wait for a decision, in either step. The filter may be ignored by the server, so decided ones
    /// are left out here as well.
    pub async fn waiting_requests(&self) -> Result<Vec<Request>, ApiError> {
        let mut query = RequestQuery {
            status: vec![RequestStatus::Submitted, RequestStatus::Pending],
            limit: Some(super::orders::LARGEST_PAGE),
            newest_first: true,
            ..RequestQuery::default()
        };
        let mut waiting = Vec::new();
        let mut sharing = Sharing::default();
        let mut pages = Pages::default();
        loop {
            let page = self.list_requests(&query).await?;
            let (rows, next) = pages.take("the list of requests", page, |row| row.id.0)?;
            let open = rows.into_iter().filter(|row| row.status.is_open());
            waiting.extend(open.map(|row| sharing.of(row)));
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
            status: wanted.status.clone(),
            kind: wanted.kind.clone(),
            search: wanted.name.clone(),
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
}
