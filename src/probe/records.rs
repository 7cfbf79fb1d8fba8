//! A TXT or CNAME record: by the resolver, which may know an old answer, and by each server that has the zone.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::task::JoinSet;

use super::ask::{self, Answer, Role};
use super::resolver::{Resolver, label};
use super::{ProbeOptions, zone};
use crate::domain::dcv::Placement;
use crate::domain::names;
use crate::domain::sighting::{PREFIX, Seen, Sighting};

/// A record that has to stand somewhere.
#[derive(Debug, Clone)]
struct Wanted {
    place: Placement,
    kind: RecordType,
    name: Name,
    value: String,
    /// The other place that the rules allow, where it may have been put instead.
    instead: Option<(Placement, Name)>,
}

/// Who is asked.
#[derive(Debug, Clone)]
enum Asked {
    Resolver(Resolver),
    Authority(SocketAddr, Duration),
}

/// What stands there, by each server: the resolver's answer first.
pub(super) async fn look(
    options: &ProbeOptions,
    resolver: Resolver,
    place: &Placement,
    record: (&str, &str, &str),
) -> Vec<Sighting> {
    let failed = |server: String, why: &str| Sighting {
        place: place.clone(),
        server,
        seen: Seen::failed(why),
    };
    let servers = label(resolver.servers());
    let wanted = match Wanted::new(place, record) {
        Ok(wanted) => wanted,
        Err(why) => return vec![failed(servers, &why)],
    };
    let by_resolver = async {
        let look = sighting(wanted.clone(), Asked::Resolver(resolver.clone()));
        let late = |_| failed(servers.clone(), &ask::no_response(options.whole));
        tokio::time::timeout(options.whole, look)
            .await
            .unwrap_or_else(late)
    };
    let by_others = async {
        let late = |_| {
            let whom = "authoritative servers".to_owned();
            vec![failed(whom, &ask::no_response(options.whole))]
        };
        tokio::time::timeout(options.whole, authorities(options, &resolver, &wanted))
            .await
            .unwrap_or_else(late)
    };
    let (first, others) = tokio::join!(by_resolver, by_others);
    std::iter::once(first).chain(others).collect()
}

async fn authorities(
    options: &ProbeOptions,
    resolver: &Resolver,
    wanted: &Wanted,
) -> Vec<Sighting> {
    let failed = |server: String, why: &str| Sighting {
        place: wanted.place.clone(),
        server,
        seen: Seen::failed(why),
    };
    let all = match zone::authorities(resolver, &wanted.name).await {
        Ok(all) => all,
        Err(why) => return vec![failed("authoritative servers".to_owned(), &why)],
    };
    let mut tasks = JoinSet::new();
    for (at, server) in all.into_iter().enumerate() {
        let (wanted, port, limit) = (wanted.clone(), options.dns_port, options.limit);
        tasks.spawn(async move {
            let seen = match server.address {
                Err(why) => Sighting {
                    place: wanted.place,
                    server: server.name,
                    seen: Seen::failed(&why),
                },
                Ok(address) => {
                    let asked = Asked::Authority(SocketAddr::new(address, port), limit);
                    let mut seen = sighting(wanted, asked).await;
                    seen.server = format!("{} ({address})", server.name);
                    seen
                }
            };
            (at, seen)
        });
    }
    let mut seen = tasks.join_all().await;
    seen.sort_by_key(|(at, _)| *at);
    seen.into_iter().map(|(_, seen)| seen).collect()
}

/// What one server says: of the documented place, and where that does not have it, of the other one.
async fn sighting(wanted: Wanted, asked: Asked) -> Sighting {
    let (server, seen) = asked.seen(&wanted, &wanted.name).await;
    if let Some((place, name)) = &wanted.instead
        && !matches!(seen, Seen::Found | Seen::Failed(_))
        && let (server, Seen::Found) = asked.seen(&wanted, name).await
    {
        return Sighting {
            place: place.clone(),
            server,
            seen: Seen::Found,
        };
    }
    Sighting {
        place: wanted.place,
        server,
        seen,
    }
}

impl Asked {
    async fn seen(&self, wanted: &Wanted, name: &Name) -> (String, Seen) {
        match self {
            Self::Resolver(resolver) => {
                let told = match wanted.kind {
                    // The alias itself is what has to be there.
                    RecordType::CNAME => resolver.exactly(name, wanted.kind).await,
                    kind => resolver.follow(name, kind).await,
                };
                match told {
                    Ok(told) => (label(&[told.server]), wanted.compare(&told.records)),
                    Err(untold) => (label(&untold.servers), Seen::failed(&untold.why)),
                }
            }
            Self::Authority(address, limit) => {
                let answer = ask::ask(*address, name, wanted.kind, Role::Authority, *limit).await;
                let seen = answer.and_then(|answer| wanted.of_authority(&answer, name));
                let seen = seen.unwrap_or_else(|why| Seen::failed(&why));
                (address.ip().to_string(), seen)
            }
        }
    }
}

impl Wanted {
    fn new(place: &Placement, (kind, name, value): (&str, &str, &str)) -> Result<Self, String> {
        let is_txt = kind.eq_ignore_ascii_case("TXT");
        let beside = format!("{PREFIX}{name}");
        let instead = is_txt.then(|| {
            let place = Placement::Record {
                kind: "TXT",
                name: beside.clone(),
                value: value.to_owned(),
            };
            Some((place, ask::name(&beside).ok()?))
        });
        Ok(Self {
            place: place.clone(),
            kind: if is_txt {
                RecordType::TXT
            } else {
                RecordType::CNAME
            },
            name: ask::name(name)?,
            value: value.to_owned(),
            instead: instead.flatten(),
        })
    }

    /// What a server that has the zone has at the name.
    fn of_authority(&self, answer: &Answer, name: &Name) -> Result<Seen, String> {
        let end = match self.kind {
            RecordType::CNAME => name.clone(),
            _ => answer.end(name)?,
        };
        let records = answer.at(&end, self.kind);
        if records.is_empty() && end != *name {
            // What the alias leads to is another zone's, of which this server knows nothing.
            return Ok(Seen::other([
                format!("an alias of {}", ask::plain(&end)).as_str()
            ]));
        }
        Ok(self.compare(&records))
    }

    /// Whether one of the records is the one; the strings of one TXT record are one value.
    fn compare(&self, records: &[RData]) -> Seen {
        let values: Vec<String> = records
            .iter()
            .filter_map(|data| match data {
                RData::TXT(text) => {
                    Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned())
                }
                RData::CNAME(target) => Some(ask::plain(&target.0)),
                _ => None,
            })
            .collect();
        let is_it = |value: &String| match self.kind {
            RecordType::TXT => *value == self.value,
            _ => names::same(value, &self.value),
        };
        if values.iter().any(is_it) {
            Seen::Found
        } else if values.is_empty() {
            Seen::Nothing
        } else {
            Seen::other(values.iter().map(String::as_str))
        }
    }
}
