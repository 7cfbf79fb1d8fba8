//! Reads of organizations and containers.

use super::page::Pages;
use super::{ListQuery, Page};
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::organization::{
    Container, ContainerList, Organization, OrganizationList, Validation,
};
use crate::certcentral::{ApiError, Reads, convert};
use crate::domain::ids::OrganizationId;
use crate::domain::organization;

impl Reads {
    /// One page of *list organizations*.
    pub async fn list_organizations(
        &self,
        wanted: &ListQuery,
    ) -> Result<Page<Organization>, ApiError> {
        let mut call = Call::get("/organization", "the list of organizations");
        let mut query = wanted.query();
        query.push("include_validation", "true");
        call.query = query.0;
        let list: OrganizationList = self.json(&call, Marks::Page("organizations")).await?;
        Page::new(
            &call.what,
            list.organizations,
            list.page,
            wanted.offset,
            |row| row.id.is_some().then_some(row).ok_or(None),
        )
    }

    /// The account's organizations with what each is validated for, inactive ones included.
    pub async fn organizations(&self) -> Result<Vec<organization::AccountOrganization>, ApiError> {
        let (mut found, mut pages) = (Vec::new(), Pages::default());
        let mut wanted = ListQuery::default();
        loop {
            let page = self.list_organizations(&wanted).await?;
            let id = |row: &Organization| row.id.unwrap_or_default();
            let (rows, next) = pages.take("the list of organizations", page, id)?;
            found.extend(rows.into_iter().filter_map(convert::account_organization));
            match next {
                Some(next) => wanted.offset = next,
                None => return Ok(found),
            }
        }
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
        let call = Call::get("/container", "the list of divisions");
        let list: ContainerList = self.json(&call, Marks::Rows("containers")).await?;
        Ok(list.containers)
    }
}
