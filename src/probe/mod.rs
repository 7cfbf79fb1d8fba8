//! The world outside the account: the DNS records, CAA records and files on sites that an issuance depends on, and the
//! certificates that servers show, as they are seen from here. The only room that speaks DNS and bare TLS; nothing it sends
//! carries the API key.
//!
//! ```text
//! Placement --records--> resolver, then each authoritative server --> [Sighting]     (records.rs, zone.rs)
//!           --file-----> GET, redirects looked at one by one -------> [Sighting]     (file.rs)
//! name ------caa-------> the nearest name upwards that has CAA -----> CaaSet          (caa.rs)
//! Target ----served----> a TLS handshake, whoever answers ----------> Served          (served.rs, starttls.rs)
//!                          |
//!                          +-- resolver.rs: one question, to those who resolve for us, behind aliases
//!                                |
//!                                +-- ask.rs: one question, to one server, once over UDP and TCP
//! ```
//!
//! A look asks anew and keeps nothing: no cache, no connection, no task outlives it. Names are absolute (no search domains,
//! no hosts file), except for the hosts whose certificates are looked at: those are found as this machine finds them. Each question, each look, and the number of servers are limited; no answer is told as such, never as
//! *nothing there*.

mod ask;
mod caa;
mod file;
mod records;
mod resolver;
mod served;
mod starttls;
#[cfg(test)]
mod testing;
mod zone;

use std::net::SocketAddr;
use std::time::Duration;

pub use resolver::address_words;

use resolver::Resolver;

use crate::domain::caa::CaaSet;
use crate::domain::dcv::Placement;
use crate::domain::endpoint::Target;
use crate::domain::served::{Missing, Served};
use crate::domain::sighting::{Seen, Sighting, safe};

/// Servers that resolve for us, at most: as many as the C library asks (`resolv.conf(5)`, `MAXNS`).
const MOST_SERVERS: usize = 3;

/// Whom to ask, and how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeOptions {
    /// Servers that resolve for us, asked in this order until one answers; empty: those of the system.
    pub dns_servers: Vec<SocketAddr>,
    /// The port of authoritative servers.
    pub dns_port: u16,
    /// The port that `http` stands for; files are asked for at no other.
    pub http_port: u16,
    /// The port that `https` stands for.
    pub https_port: u16,
    /// For one question to one server, or one request to a site.
    pub limit: Duration,
    /// For a whole look.
    pub whole: Duration,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self {
            dns_servers: Vec::new(),
            dns_port: 53,
            http_port: 80,
            https_port: 443,
            limit: Duration::from_secs(5),
            whole: Duration::from_secs(30),
        }
    }
}

/// Looks at the world outside. Making one asks nobody and cannot fail; each look reads the system's settings anew.
#[derive(Debug, Clone, Default)]
pub struct Probe {
    options: ProbeOptions,
}

impl Probe {
    /// A probe that has not asked anything yet.
    pub fn new(options: ProbeOptions) -> Self {
        Self { options }
    }

    /// The servers that would be asked first, without asking them.
    ///
    /// # Errors
    /// Words for a person where the system names none.
    pub fn servers(&self) -> Result<Vec<SocketAddr>, String> {
        Resolver::new(&self.options).map(|resolver| resolver.servers().to_vec())
    }

    /// What stands at the place, by each server that was asked: of a record the resolver first, then the authoritative
    /// servers by name; of a file the site alone. Never empty.
    pub async fn sightings(&self, place: &Placement) -> Vec<Sighting> {
        let resolver = match Resolver::new(&self.options) {
            Ok(resolver) => resolver,
            Err(why) => {
                return vec![Sighting {
                    place: place.clone(),
                    server: "resolver".to_owned(),
                    seen: Seen::failed(&why),
                }];
            }
        };
        match place {
            Placement::Record { kind, name, value } => {
                records::look(&self.options, resolver, place, (kind, name, value)).await
            }
            Placement::File { url, content } => {
                let look = file::look(&self.options, resolver, url, content);
                let (server, seen) = tokio::time::timeout(self.options.whole, look)
                    .await
                    .unwrap_or_else(|_| (safe(url), ask::too_late(self.options.whole)));
                vec![Sighting {
                    place: place.clone(),
                    server,
                    seen,
                }]
            }
        }
    }

    /// Which certificate a server shows, or why none. Whatever it is, it is taken; nothing is sent but the handshake, and what
    /// a protocol says before it.
    pub async fn served(&self, target: &Target) -> Served {
        served::look(&self.options, target).await
    }

    /// The certificates that a server sends, in DER, its own first.
    ///
    /// # Errors
    /// Why it sent none.
    pub async fn sent(&self, target: &Target) -> Result<Vec<Vec<u8>>, Missing> {
        served::sent_by(&self.options, target).await
    }

    /// The CAA records that decide for a name, which may begin with `*.`; `None` where a complete search found none, and
    /// for IP addresses and onion names, which have none.
    ///
    /// # Errors
    /// Words for a person where a question on the way got no answer: there may be records.
    pub async fn caa(&self, name: &str) -> Result<Option<CaaSet>, String> {
        let resolver = Resolver::new(&self.options)?;
        let whole = self.options.whole;
        match tokio::time::timeout(whole, caa::look(&resolver, name)).await {
            Ok(found) => found,
            Err(_) => Err(ask::no_response(whole)),
        }
    }
}

#[cfg(test)]
mod tests;
