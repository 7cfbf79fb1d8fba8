//! One question to those who resolve for us: the servers of the settings, or those of the system, in their order until one
//! answers.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::ProtocolConfig;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf;

use super::ask::{self, Answer, Role};
use super::{MOST_SERVERS, ProbeOptions};
use crate::domain::sighting::safe;

/// Questions behind one name that is an alias, at most.
const MOST_HOPS: usize = 8;

/// Those who resolve for us, as they were when a look began.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    servers: Arc<[SocketAddr]>,
    limit: Duration,
}

/// What was found, who said it, and where it stands.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) server: SocketAddr,
    /// The name, or the one it is an alias of.
    pub(super) at: Name,
    /// None: nothing of the kind is there.
    pub(super) records: Vec<RData>,
}

/// Nobody answered.
#[derive(Debug)]
pub(super) struct Untold {
    /// Who was asked.
    pub(super) servers: Vec<SocketAddr>,
    pub(super) why: String,
}

impl Resolver {
    /// Whom the options or the system name.
    ///
    /// # Errors
    /// Words for a person where the system names nobody.
    pub(super) fn new(options: &ProbeOptions) -> Result<Self, String> {
        let mut servers = options.dns_servers.clone();
        if servers.is_empty() {
            servers = of_system()?;
        }
        servers.truncate(MOST_SERVERS);
        Ok(Self {
            servers: servers.into(),
            limit: options.limit,
        })
    }

    pub(super) fn servers(&self) -> &[SocketAddr] {
        &self.servers
    }

    /// Records of this kind at the name, or where it is an alias, at what that leads to.
    pub(super) async fn follow(&self, name: &Name, kind: RecordType) -> Result<Told, Untold> {
        let (server, mut answer) = self.ask(name, kind).await?;
        let mut at = name.clone();
        for _ in 0..MOST_HOPS {
            let end = answer.end(&at).map_err(|why| Untold {
                servers: vec![server],
                why,
            })?;
            let records = answer.at(&end, kind);
            if !records.is_empty() || end == at || answer.is_final() {
                return Ok(Told {
                    server,
                    at: end,
                    records,
                });
            }
            // Not all who forward questions follow an alias to its end.
            at = end;
            let next = ask::ask(server, &at, kind, Role::Resolver, self.limit).await;
            answer = next.map_err(|why| Untold {
                servers: vec![server],
                why,
            })?;
        }
        Err(Untold {
            servers: vec![server],
            why: ask::endless(name),
        })
    }

    /// Records of this kind at the name itself.
    pub(super) async fn exactly(&self, name: &Name, kind: RecordType) -> Result<Told, Untold> {
        let (server, answer) = self.ask(name, kind).await?;
        Ok(Told {
            server,
            at: name.clone(),
            records: answer.at(name, kind),
        })
    }

    /// The addresses of a host: none where a complete answer says so.
    pub(super) async fn addresses(&self, host: &Name) -> Result<Vec<IpAddr>, String> {
        let (four, six) = tokio::join!(
            self.follow(host, RecordType::A),
            self.follow(host, RecordType::AAAA)
        );
        let mut found = Vec::new();
        let mut failed = None;
        for told in [four, six] {
            match told {
                Ok(told) => found.extend(told.records.iter().filter_map(address)),
                Err(untold) => failed = Some(untold.words()),
            }
        }
        match failed {
            Some(why) if found.is_empty() => Err(why),
            _ => Ok(found),
        }
    }

    async fn ask(&self, name: &Name, kind: RecordType) -> Result<(SocketAddr, Answer), Untold> {
        let mut failed = Vec::new();
        for server in &*self.servers {
            match ask::ask(*server, name, kind, Role::Resolver, self.limit).await {
                Ok(answer) => return Ok((*server, answer)),
                Err(why) => failed.push((*server, why)),
            }
        }
        let why = match &failed[..] {
            [(_, why)] => why.clone(),
            all => all
                .iter()
                .map(|(server, why)| format!("{}: {why}", address_words(server)))
                .collect::<Vec<_>>()
                .join("; "),
        };
        Err(Untold {
            servers: failed.into_iter().map(|(server, _)| server).collect(),
            why,
        })
    }
}

impl Untold {
    /// Why there is no answer, with who gave none.
    pub(super) fn words(&self) -> String {
        match &self.servers[..] {
            [_] => format!("{}: {}", label(&self.servers), self.why),
            _ => self.why.clone(),
        }
    }
}

/// Servers that resolve for us, for a person: `resolver 192.0.2.53`.
pub(super) fn label(servers: &[SocketAddr]) -> String {
    let all: Vec<String> = servers.iter().map(address_words).collect();
    let word = if all.len() == 1 {
        "resolver"
    } else {
        "resolvers"
    };
    format!("{word} {}", all.join(", "))
}

/// A DNS server's address for a person, with its port only where that is another than usual: `192.0.2.53`.
pub fn address_words(server: &SocketAddr) -> String {
    if server.port() == 53 {
        server.ip().to_string()
    } else {
        server.to_string()
    }
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(a) => Some(IpAddr::V4(a.0)),
        RData::AAAA(a) => Some(IpAddr::V6(a.0)),
        _ => None,
    }
}

/// The system's servers, as its settings are now.
fn of_system() -> Result<Vec<SocketAddr>, String> {
    const WAY_OUT: &str = "set dns_servers in the settings";
    let (config, _) = system_conf::read_system_conf().map_err(|error| {
        let why = safe(&error.to_string());
        format!("could not read this machine's DNS servers: {why}; {WAY_OUT}")
    })?;
    let mut servers = Vec::new();
    for server in config.name_servers() {
        let plain = server.connections.iter();
        let plain = plain.filter(|way| matches!(way.protocol, ProtocolConfig::Udp));
        for port in plain.map(|way| way.port) {
            let server = SocketAddr::new(server.ip, port);
            if !servers.contains(&server) {
                servers.push(server);
            }
        }
    }
    if servers.is_empty() {
        return Err(format!("this machine has no DNS servers; {WAY_OUT}"));
    }
    Ok(servers)
}
