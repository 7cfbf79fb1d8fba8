//! Reads of domains and their validation.

use super::{Contained, Page, Query};
use crate::certcentral::transport::Call;
use crate::certcentral::wire::domains::{DcvMethod, DcvMethodList, Domain, DomainList};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::ContainerId;

/// Which page of which domains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DomainQuery {
    /// Only active or only inactive ones.
    pub active: Option<bool>,
    /// Name.
    pub search: Option<Contained>,
    /// Of a container.
    pub container: Option<ContainerId>,
    /// Whether the validations come along.
    pub include_validation: bool,
    /// Rows of the page; `None` for as many as the server gives.
    pub limit: Option<u64>,
    /// Index of the first row.
    pub offset: u64,
}

impl Reads {
    /// One page of *list domains*.
    pub async fn list_domains(&self, wanted: &DomainQuery) -> Result<Page<Domain>, ApiError> {
        let mut call = Call::get("/domain", "the list of domains");
        let mut query = Query::default();
        if let Some(active) = wanted.active {
            let status = if active { "active" } else { "inactive" };
            query.push("filters[status]", status);
        }
        let search = wanted.search.as_ref().map(Contained::value);
        query.push_some("filters[search]", search);
        query.push_some("container_id", wanted.container);
        if wanted.include_validation {
            query.push("include_validation", "true");
        }
        query.push_some("limit", wanted.limit);
        if wanted.offset > 0 {
            query.push("offset", &wanted.offset.to_string());
        }
        call.query = query.0;
        let list: DomainList = self.json(&call).await?;
        Ok(Page::new(
            list.domains,
            list.page,
            wanted.offset,
            |domain| domain.id.is_some().then_some(domain),
        ))
    }

    /// *Domain info* with its token and validations.
    pub async fn domain(&self, id: u64) -> Result<Domain, ApiError> {
        let mut call = Call::get(format!("/domain/{id}"), format!("domain {id}"));
        call.query
            .push_str("include_dcv=true&include_validation=true");
        self.json(&call).await
    }

    /// The ways to prove control of a domain that the account knows.
    pub async fn dcv_methods(&self) -> Result<Vec<DcvMethod>, ApiError> {
        let call = Call::get("/domain/dcv/method", "the list of DCV methods");
        let list: DcvMethodList = self.json(&call).await?;
        Ok(list.methods)
    }
}
