//! Reads of products and of the limits set on them.

use super::{Query, encoded};
use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::product::{self as wire, ProductLimits, ProductList};
use crate::certcentral::{ApiError, Reads};
use crate::domain::draft::limits::Limit;
use crate::domain::ids::ContainerId;
use crate::domain::product::Product;

impl Reads {
    /// The products that the account may order, with their ICAs but without platforms.
    pub async fn products(&self) -> Result<Vec<Product>, ApiError> {
        let call = Call::get("/product", "the list of products");
        let list: ProductList = self.json(&call, Marks::Rows("products")).await?;
        Ok(list
            .products
            .into_iter()
            .filter_map(convert::product)
            .collect())
    }

    /// *Product info*: platforms, hashes, ICAs, whether duplicates are allowed. The container is needed where several
    /// have settings of their own.
    pub async fn product(
        &self,
        name_id: &str,
        container: Option<ContainerId>,
    ) -> Result<Product, ApiError> {
        let path = format!("/product/{}", encoded(name_id));
        let mut call = Call::get(path, format!("product {name_id}"));
        let mut query = Query::default();
        query.push_some("container_id", container);
        call.query = query.0;
        let product: wire::Product = self.json(&call, Marks::Thing(&["name_id"])).await?;
        super::same(Some(name_id), product.name_id.as_deref(), &call.what)?;
        convert::product(product)
            .ok_or_else(|| super::unexpected(&call.what, "it has no identifier"))
    }

    /// The limits of a container's products, all roles'; none where it has no limits of its own.
    pub async fn limits(&self, container: ContainerId) -> Result<Vec<Limit>, ApiError> {
        let limits = self.product_limits(container).await?;
        let rows = limits.product_limits.into_iter();
        Ok(rows.filter_map(convert::limit).collect())
    }

    /// What an administrator allows the users of a container to order.
    pub async fn product_limits(&self, container: ContainerId) -> Result<ProductLimits, ApiError> {
        let path = format!("/container/{container}/product-limits");
        let call = Call::get(path, format!("the product limits of division {container}"));
        let marks = Marks::ThingOrNone(&["is_limited", "product_limits", "limited_container_ids"]);
        self.json(&call, marks).await
    }
}
