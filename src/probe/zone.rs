//! The servers that have the zone of a name themselves: what they say is no cache's.

use std::net::IpAddr;

use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::task::JoinSet;

use super::ask;
use super::resolver::Resolver;

/// Servers of one zone that are asked, at most; nearly all zones have fewer.
const MOST_AUTHORITIES: usize = 8;

/// How far upwards the zone is looked for: no name of a certificate lies deeper in practice, and all are asked for at once.
const MOST_LEVELS: usize = 12;

/// A server of the zone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) name: String,
    pub(super) address: Result<IpAddr, String>,
}

/// The servers of the nearest zone that encloses the name, by their names; none where there is no such zone below the
/// top-level domains.
///
/// # Errors
/// Words for a person where no answer says which they are.
pub(super) async fn authorities(
    resolver: &Resolver,
    name: &Name,
) -> Result<Vec<Authority>, String> {
    let mut servers = named(resolver, name).await?;
    servers.sort_by_key(ask::plain);
    servers.dedup();
    servers.truncate(MOST_AUTHORITIES);
    let mut tasks = JoinSet::new();
    for server in servers {
        let resolver = resolver.clone();
        tasks.spawn(async move {
            let found = resolver.addresses(&server).await;
            // One address each: the others of a name lead to the same zone.
            let first = found.and_then(|all| {
                let mut all = all.into_iter();
                all.next().ok_or_else(|| "has no address".to_owned())
            });
            Authority {
                name: ask::plain(&server),
                address: first,
            }
        });
    }
    let mut all = tasks.join_all().await;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

async fn named(resolver: &Resolver, name: &Name) -> Result<Vec<Name>, String> {
    let mut tasks = JoinSet::new();
    for level in levels(name) {
        let resolver = resolver.clone();
        tasks.spawn(async move {
            let told = resolver.exactly(&level, RecordType::NS).await;
            (level.num_labels(), told)
        });
    }
    let mut all = tasks.join_all().await;
    // The nearest first.
    all.sort_by_key(|(labels, _)| std::cmp::Reverse(*labels));
    let mut failed = None;
    for (_, told) in all {
        match told {
            Ok(told) => {
                let servers: Vec<Name> = told.records.iter().filter_map(server).collect();
                if !servers.is_empty() {
                    return Ok(servers);
                }
            }
            // A server that is odd about names inside of its zone; if it is a zone of its own, those above will say
            // that they do not have it.
            Err(untold) => failed = failed.or(Some(untold.words())),
        }
    }
    failed.map_or(Ok(Vec::new()), Err)
}

/// The name and those above it, without the top-level domain.
fn levels(name: &Name) -> Vec<Name> {
    let up = |name: &Name| Some(name.base_name()).filter(|above| above.num_labels() >= 2);
    std::iter::successors(Some(name.clone()), up)
        .take(MOST_LEVELS)
        .collect()
}

fn server(data: &RData) -> Option<Name> {
    match data {
        RData::NS(server) => Some(server.0.clone()),
        _ => None,
    }
}
