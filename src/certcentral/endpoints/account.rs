//! Reads about the key's user and account.

use super::{Page, Query};
use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::account::{Account, Metadata, MetadataList, User, UserList};
use crate::certcentral::{ApiError, Reads};
use crate::domain::account::Session;

impl Reads {
    /// `/user/me`: the cheapest test of a key. Does not tell whether the key is narrowed to viewing.
    pub async fn me(&self) -> Result<User, ApiError> {
        self.json(
            &Call::get("/user/me", "the key's user"),
            Marks::Thing(&["id", "username"]),
        )
        .await
    }

    /// The account's users, of a large one the first page: the most that one answer holds.
    pub async fn users(&self) -> Result<Vec<User>, ApiError> {
        let mut call = Call::get("/user", "the list of users");
        let mut query = Query::default();
        query.push("limit", "1000");
        call.query = query.0;
        let list: UserList = self.json(&call, Marks::Page("users")).await?;
        let page = Page::new(&call.what, list.users, list.page, 0, Ok)?;
        Ok(page.rows)
    }

    /// `/account`.
    pub async fn account(&self) -> Result<Account, ApiError> {
        self.json(&Call::get("/account", "the account"), Marks::Thing(&["id"]))
            .await
    }

    /// User and account together. A key that may not read the account still has a user.
    pub async fn session(&self) -> Result<Session, ApiError> {
        let user = self.me().await?;
        let account = match self.account().await {
            Ok(account) => Some(account),
            Err(ApiError::MissingPermission { .. } | ApiError::NotFound { .. }) => None,
            Err(ApiError::Http { status: 403, .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(convert::session(user, account))
    }

    /// The custom fields that the account defines.
    pub async fn custom_field_definitions(&self) -> Result<Vec<Metadata>, ApiError> {
        let call = Call::get("/account/metadata", "the custom field definitions");
        let list: MetadataList = self.json(&call, Marks::RowsOrNone("metadata")).await?;
        Ok(list.metadata)
    }
}
