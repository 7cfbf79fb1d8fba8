//! The few questions that commands without a screen ask the API.

use crate::certcentral::endpoints::{OrderQuery, RequestQuery};
use crate::certcentral::retry::RetryPolicy;
use crate::certcentral::{ApiError, Client, ClientOptions};
use crate::config::Profile;
use crate::domain::account::Session;
use crate::domain::clock::ClockOffset;
use crate::runtime::keystore::ApiKey;
use crate::runtime::trust;

use super::error::CliError;

/// What the API says of a key.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whose key it is.
    pub(super) session: Session,
    /// How the account's clock stands to this machine's, where it told.
    pub(super) clock: Option<ClockOffset>,
    /// How many orders it sees.
    pub(super) orders: Result<Option<u64>, ApiError>,
    /// How many requests it sees.
    pub(super) requests: Result<Option<u64>, ApiError>,
}

/// Whose key this is.
pub(super) fn whose(profile: &Profile, key: &ApiKey) -> Result<Session, CliError> {
    let reads = client(profile, key)?.reads();
    Ok(wait(reads.session())??)
}

/// Whose key this is, and what it may read.
pub(super) fn examine(profile: &Profile, key: &ApiKey) -> Result<Answer, CliError> {
    let client = client(profile, key)?;
    let reads = client.reads();
    wait(async {
        let session = reads.session().await?;
        let orders = OrderQuery {
            limit: 1,
            ..OrderQuery::default()
        };
        let requests = RequestQuery {
            limit: Some(1),
            ..RequestQuery::default()
        };
        Ok(Answer {
            session,
            orders: reads.list_orders(&orders).await.map(|page| page.total),
            requests: reads.list_requests(&requests).await.map(|page| page.total),
            clock: client.clock(),
        })
    })?
}

/// Nothing is tried again: the question is how it stands now.
fn client(profile: &Profile, key: &ApiKey) -> Result<Client, CliError> {
    let options = ClientOptions {
        retry: RetryPolicy::never(),
        ..trust::client_options(Some(profile))?
    };
    Ok(Client::with_options(
        profile.url.as_str(),
        &key.secret,
        options,
    )?)
}

/// Runs one conversation to its end.
fn wait<T>(conversation: impl Future<Output = T>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    Ok(runtime.block_on(conversation))
}

/// The person and the account, one line each.
pub(super) fn words(session: &Session) -> Vec<String> {
    let known = |text: &str| {
        if text.is_empty() {
            "unknown".to_owned()
        } else {
            text.to_owned()
        }
    };
    let account = match (&session.account, session.account_id) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (Some(name), None) => name.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => "unknown (the key may not read it)".to_owned(),
    };
    vec![
        format!("user: {}", known(&session.user)),
        format!("role: {}", known(&session.roles.join(", "))),
        format!("account: {account}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let nobody = words(&Session::default()).join("\n");
        assert_eq!(
            nobody,
            "user: unknown\nrole: unknown\naccount: unknown (the key may not read it)"
        );
        let somebody = Session {
            user: "Ada Example".into(),
            roles: vec!["Administrator".into(), "Manager".into()],
            account: Some("Example, Inc.".into()),
            account_id: Some(7),
            ..Session::default()
        };
        assert_eq!(
            words(&somebody).join("\n"),
            "user: Ada Example\nrole: Administrator, Manager\naccount: Example, Inc. (7)"
        );
    }
}
