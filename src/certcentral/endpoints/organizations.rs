//! Reads of organizations and containers.

use super::{Contained, Page, Query};
use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::Named;
use crate::certcentral::wire::organization::{
    Container, ContainerList, OrderOrganizationList, Organization, OrganizationList, Validation,
};
use crate::certcentral::{ApiError, Reads, convert};
use crate::domain::ids::{ContainerId, OrganizationId};
use crate::domain::organization;

/// Which page of which organizations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationQuery {
    /// Only active or only inactive ones.
    pub active: Option<bool>,
    /// Number, or a part of the name.
    pub search: Option<Contained>,
    /// Of a container.
    pub container: Option<ContainerId>,
    /// Whether the validations come along.
    pub include_validation: bool,
    /// Index of the first row.
    pub offset: u64,
}

impl Reads {
    /// One page of *list organizations*.
    pub async fn list_organizations(
        &self,
        wanted: &OrganizationQuery,
    ) -> Result<Page<Organization>, ApiError> {
        let mut call = Call::get("/organization", "the list of organizations");
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
        if wanted.offset > 0 {
            query.push("offset", &wanted.offset.to_string());
        }
        call.query = query.0;
        let list: OrganizationList = self.json(&call).await?;
        Ok(Page::new(
            list.organizations,
            list.page,
            wanted.offset,
            |organization| organization.id.is_some().then_some(organization),
        ))
    }

    /// One organization with its contact.
    pub async fn organization(&self, id: OrganizationId) -> Result<Organization, ApiError> {
        let path = format!("/organization/{id}");
        self.json(&Call::get(path, format!("organization {id}")))
            .await
    }

    /// The validations of an organization and when they end.
    pub async fn organization_validations(
        &self,
        id: OrganizationId,
    ) -> Result<Vec<Validation>, ApiError> {
        let path = format!("/organization/{id}/validation");
        let call = Call::get(path, format!("the validations of organization {id}"));
        let organization: Organization = self.json(&call).await?;
        Ok(organization.validations)
    }

    /// What an organization is validated for.
    pub async fn validations_of(
        &self,
        id: OrganizationId,
    ) -> Result<Vec<organization::Validation>, ApiError> {
        let wire = self.organization_validations(id).await?;
        Ok(wire.into_iter().filter_map(convert::validation).collect())
    }

    /// The containers (divisions) of the account.
    pub async fn containers(&self) -> Result<Vec<Container>, ApiError> {
        let call = Call::get("/container", "the list of containers");
        let list: ContainerList = self.json(&call).await?;
        Ok(list.containers)
    }

    /// One container.
    pub async fn container(&self, id: ContainerId) -> Result<Container, ApiError> {
        let path = format!("/container/{id}");
        self.json(&Call::get(path, format!("container {id}"))).await
    }

    /// The organizations that may be ordered for in a container.
    pub async fn order_organizations(&self, id: ContainerId) -> Result<Vec<Named>, ApiError> {
        let path = format!("/container/{id}/order/organization");
        let call = Call::get(path, format!("the organizations of container {id}"));
        let list: OrderOrganizationList = self.json(&call).await?;
        Ok(list.organizations)
    }
}
