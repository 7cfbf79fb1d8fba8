//! One question to one server: over UDP, and where that does not hold the answer, over TCP.
//!
//! `hickory-net` carries the messages; its pools and its resolver do not stand between: they keep connections, answer some
//! names by themselves, and do not say whether a server was authoritative.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::tcp::TcpClientStream;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::{DnsHandle as _, FirstAnswer as _};
use hickory_resolver::proto::op::{
    DnsRequest, DnsRequestOptions, DnsResponse, Query, ResponseCode,
};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

use crate::domain::names;
use crate::domain::sighting::{Seen, safe};

/// How often a question over UDP is repeated within its limit: a packet may be lost.
const REPEATS: u8 = 2;

/// Aliases in a row, at most.
const MOST_ALIASES: usize = 8;

/// As whom a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Resolves for us.
    Resolver,
    /// Has the zone itself: asked without recursion, and believed only where it says so.
    Authority,
}

/// A complete answer.
#[derive(Debug)]
pub(super) struct Answer {
    records: Vec<Record>,
    /// Whether it says by itself that there is no more than that.
    is_final: bool,
}

impl Answer {
    /// Where the aliases that begin at `name` end, as far as this answer has them.
    ///
    /// # Errors
    /// Words for a person where they lead on and on.
    pub(super) fn end(&self, name: &Name) -> Result<Name, String> {
        let mut end = name.clone();
        for _ in 0..MOST_ALIASES {
            let alias = self.records.iter().find_map(|record| match &record.data {
                RData::CNAME(target) if record.name == end => Some(target.0.clone()),
                _ => None,
            });
            match alias {
                Some(target) => end = target,
                None => return Ok(end),
            }
        }
        Err(endless(name))
    }

    /// Records of one kind that stand at `name` itself.
    pub(super) fn at(&self, name: &Name, kind: RecordType) -> Vec<RData> {
        let all = self.records.iter();
        all.filter(|record| record.record_type() == kind && record.name == *name)
            .map(|record| record.data.clone())
            .collect()
    }

    /// Whether it says by itself that there is no more than what it has.
    pub(super) fn is_final(&self) -> bool {
        self.is_final
    }
}

/// The name as DNS has it: A-labels, absolute.
pub(super) fn name(text: &str) -> Result<Name, String> {
    let plain = names::normalise(text);
    Name::from_ascii(format!("{plain}."))
        .ok()
        .filter(|name| !name.is_root() && !plain.is_empty())
        .ok_or_else(|| format!("{} is not a DNS name", safe(text)))
}

/// The name as certdeck compares it: lower case, without the final dot.
pub(super) fn plain(name: &Name) -> String {
    names::normalise(&name.to_ascii())
}

/// What is said of an alias that leads to no name of its own.
pub(super) fn endless(name: &Name) -> String {
    format!("{} is an alias without an end", safe(&plain(name)))
}

/// Asks, and takes what is an answer.
///
/// # Errors
/// Words for a person where there is none, or one that says nothing.
pub(super) async fn ask(
    server: SocketAddr,
    name: &Name,
    kind: RecordType,
    role: Role,
    limit: Duration,
) -> Result<Answer, String> {
    let query = Query::query(name.clone(), kind);
    let response = tokio::time::timeout(limit, exchange(server, &query, role, limit))
        .await
        .map_err(|_| no_response(limit))?
        .map_err(|error| words(&error, limit))?;
    read(response, &query, role)
}

async fn exchange(
    server: SocketAddr,
    query: &Query,
    role: Role,
    limit: Duration,
) -> Result<DnsResponse, NetError> {
    // With what it spawns it ends here: a question each, on a port of its own.
    let provider = TokioRuntimeProvider::new();
    let mut options = DnsRequestOptions::default();
    options.recursion_desired = role == Role::Resolver;
    options.retry_interval = limit / u32::from(REPEATS + 1);
    let request = DnsRequest::from_query(query.clone(), options);
    let udp = UdpClientStream::builder(server, provider.clone())
        .with_timeout(Some(limit))
        .with_max_retries(REPEATS)
        .with_retry_interval_floor(0)
        .with_os_port_selection(true)
        .exchange();
    let response = udp.send(request.clone()).first_answer().await?;
    if !response.truncation {
        return Ok(response);
    }
    let tcp = TcpClientStream::exchange(server, None, limit, None, provider).await?;
    let response = tcp.send(request).first_answer().await?;
    if response.truncation {
        return Err(NetError::Message("the response is cut off, over TCP too"));
    }
    Ok(response)
}

fn read(response: DnsResponse, query: &Query, role: Role) -> Result<Answer, String> {
    match response.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => {}
        ResponseCode::ServFail => {
            return Err("SERVFAIL: the server could not look it up".to_owned());
        }
        ResponseCode::Refused => {
            return Err("REFUSED: the server does not respond to us".to_owned());
        }
        other => return Err(format!("the server responded {other}")),
    }
    if response.queries.first() != Some(query) {
        return Err("the server responded to another question".to_owned());
    }
    let is_authority = response.authoritative;
    if role == Role::Authority && !is_authority {
        return Err("this server does not have the zone".to_owned());
    }
    let message = response.into_message();
    // One that neither has the zone nor looks names up for others points elsewhere, and knows nothing.
    if message.answers.is_empty() && !is_authority && !message.recursion_available {
        return Err("this server does not look names up for others".to_owned());
    }
    let mut authorities = message.authorities.iter();
    Ok(Answer {
        is_final: authorities.any(|record| record.record_type() == RecordType::SOA),
        records: message.answers,
    })
}

/// Nobody answered in time.
pub(super) fn no_response(limit: Duration) -> String {
    format!("no response within {} s", limit.as_secs_f32())
}

/// A whole look that took too long.
pub(super) fn too_late(whole: Duration) -> Seen {
    Seen::failed(&no_response(whole))
}

fn words(error: &NetError, limit: Duration) -> String {
    match error {
        NetError::Timeout => no_response(limit),
        NetError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => no_response(limit),
        NetError::Io(error) => format!("no response: {}", safe(&error.to_string())),
        NetError::Message(text) => (*text).to_owned(),
        other => format!("could not read the response: {}", safe(&other.to_string())),
    }
}
