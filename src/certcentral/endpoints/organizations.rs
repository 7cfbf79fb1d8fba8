//! Reads of organizations and containers.

use super::{ListQuery, Page};
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::Named;
use crate::certcentral::wire::organization::{
    Container, ContainerList, OrderOrganizationList, Organization, OrganizationList, Validation,
};
use crate::certcentral::{ApiError, Reads, convert};
use crate::domain::ids::{ContainerId, OrganizationId};
use crate::domain::organization;

impl Reads {
    /// One page of *list organizations*.
    pub async fn list_organizations(
        &self,
        wanted: &ListQuery,
    ) -> Result<Page<Organization>, ApiError> {
        let mut call = Call::get("/organization", "the list of organizations");
        call.query = wanted.text();
        let list: OrganizationList = self.json(&call, Marks::Page("organizations")).await?;
        Page::new(
            &call.what,
            list.organizations,
            list.page,
            wanted.offset,
            |row| row.id.is_some().then_some(row).ok_or(None),
        )
    }

    /// One organization with its contact.
    pub async fn organization(&self, id: OrganizationId) -> Result<Organization, ApiError> {
        let path = format!("/organization/{id}");
        let call = Call::get(path, format!("organization {id}"));
        let organization: Organization = self.json(&call, Marks::Thing(&["id"])).await?;
        super::same(Some(id.0), organization.id, &call.what)?;
        Ok(organization)
    }

    /// The validations of an organization and when they end.
    pub async fn organization_validations(
        &self,
        id: OrganizationId,
    ) -> Result<Vec<Validation>, ApiError> {
        let path = format!("/organization/{id}/validation");
        let call = Call::get(path, format!("the validations of organization {id}"));
        let organization: Organization = self.json(&call, Marks::RowsOrNone("validations")).await?;
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
        let list: ContainerList = self.json(&call, Marks::Rows("containers")).await?;
        Ok(list.containers)
    }

    /// One container.
    pub async fn container(&self, id: ContainerId) -> Result<Container, ApiError> {
        let path = format!("/container/{id}");
        let call = Call::get(path, format!("container {id}"));
        let container: Container = self.json(&call, Marks::Thing(&["id"])).await?;
        super::same(Some(id.0), container.id, &call.what)?;
        Ok(container)
    }

    /// The organizations that may be ordered for in a container.
    pub async fn order_organizations(&self, id: ContainerId) -> Result<Vec<Named>, ApiError> {
        let path = format!("/container/{id}/order/organization");
        let call = Call::get(path, format!("the organizations of container {id}"));
        let list: OrderOrganizationList =
            self.json(&call, Marks::RowsOrNone("organizations")).await?;
        Ok(list.organizations)
    }
}
