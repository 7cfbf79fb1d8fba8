//! Which certificate is served at an endpoint: a TLS connection up to the end of its handshake, by which a server shows its
//! certificate, and not a byte of anything else. Whatever it shows is taken: this looks, and trusts nobody.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use hickory_resolver::Hosts;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::ProbeOptions;
use super::ask;
use super::resolver::Resolver;
use super::starttls;
use crate::domain::endpoint::{Endpoint, Target};
use crate::domain::served::{Missing, Served};
use crate::domain::sighting::safe;

/// Addresses of a host that are tried one after the other, at most.
const MOST_ADDRESSES: usize = 4;

/// What is served at a target.
pub(super) async fn look(options: &ProbeOptions, target: &Target) -> Served {
    match seen(options, target).await {
        Ok(served) => served,
        Err(missing) => Served::None(missing),
    }
}

async fn seen(options: &ProbeOptions, target: &Target) -> Result<Served, Missing> {
    let sent = sent_by(options, target).await?;
    Ok(Served::of(sent.iter().map(AsRef::as_ref)))
}

/// The certificates that a server sends, in DER, its own first.
pub(super) async fn sent_by(
    options: &ProbeOptions,
    target: &Target,
) -> Result<Vec<Vec<u8>>, Missing> {
    let addresses = tokio::time::timeout(options.limit, addresses(options, &target.endpoint));
    let addresses = addresses.await.map_err(|_| {
        let why = ask::no_response(options.limit);
        Missing::failed(&format!("name not resolved: {why}"))
    })??;
    let sent = tokio::time::timeout(options.limit, sent(options, target, &addresses));
    let sent = sent.await.map_err(|_| Missing::TimedOut)??;
    Ok(sent.iter().map(|one| one.to_vec()).collect())
}

/// The addresses of a host: of this machine's own list of them, else by DNS. One without dots is looked for in the domains
/// that this machine searches.
async fn addresses(
    options: &ProbeOptions,
    endpoint: &Endpoint,
) -> Result<Vec<SocketAddr>, Missing> {
    let at = |address: &IpAddr| SocketAddr::new(*address, endpoint.port);
    if let Some(address) = endpoint.address() {
        return Ok(vec![at(&address)]);
    }
    let unresolved = |why: String| Missing::failed(&format!("name not resolved: {why}"));
    let name = ask::name(&endpoint.host).map_err(unresolved)?;
    let mut found = listed(&name);
    if found.is_empty() {
        let resolver = Resolver::new(options).map_err(unresolved)?;
        for name in candidates(&name) {
            found = resolver.addresses(&name).await.map_err(unresolved)?;
            if !found.is_empty() {
                break;
            }
        }
    }
    if found.is_empty() {
        return Err(Missing::NoSuchName);
    }
    Ok(found.iter().take(MOST_ADDRESSES).map(at).collect())
}

/// What the machine's own list of hosts says.
fn listed(name: &Name) -> Vec<IpAddr> {
    // A list that cannot be read is as good as none.
    let hosts = Hosts::from_system().unwrap_or_default();
    let kinds = [RecordType::A, RecordType::AAAA].into_iter();
    let answers = kinds.filter_map(|kind| {
        let found = hosts.lookup_static_host(&Query::query(name.clone(), kind))?;
        Some(found.answers().to_vec())
    });
    let all = answers.flatten().filter_map(|record| match record.data {
        RData::A(a) => Some(IpAddr::V4(a.0)),
        RData::AAAA(a) => Some(IpAddr::V6(a.0)),
        _ => None,
    });
    all.collect()
}

/// The names that a host may be meant by.
fn candidates(name: &Name) -> Vec<Name> {
    let mut names = Vec::new();
    if name.num_labels() == 1
        && let Ok((config, _)) = system_conf::read_system_conf()
    {
        let search = config.domain().into_iter().chain(config.search());
        let within = search.filter_map(|domain| {
            let mut short = name.clone();
            short.set_fqdn(false);
            short.append_domain(domain).ok()
        });
        names.extend(within);
    }
    names.push(name.clone());
    names
}

/// The certificates that a server sends, its own first.
async fn sent(
    options: &ProbeOptions,
    target: &Target,
    addresses: &[SocketAddr],
) -> Result<Vec<CertificateDer<'static>>, Missing> {
    // One that does not answer leaves time for the others.
    let limit = options.limit / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut first = None;
    for address in addresses {
        let connected = match tokio::time::timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return shown(target, stream).await,
            Ok(Err(error)) => missing(&error),
            Err(_) => Missing::TimedOut,
        };
        first.get_or_insert(connected);
    }
    Err(first.unwrap_or(Missing::NoSuchName))
}

async fn shown(
    target: &Target,
    mut stream: TcpStream,
) -> Result<Vec<CertificateDer<'static>>, Missing> {
    starttls::begin(target.endpoint.protocol, &mut stream)
        .await
        .map_err(|error| missing(&error))?;
    let name = ServerName::try_from(target.name.clone())
        .map_err(|_| Missing::failed(&format!("{} cannot be asked for", target.name)))?;
    let seen = Arc::new(Witness::default());
    let connector =
        TlsConnector::from(Arc::new(config(&seen).map_err(|why| {
            Missing::failed(&format!("no TLS here: {}", safe(&why.to_string())))
        })?));
    let ended = match connector.connect(name, stream).await {
        // A word of farewell is all that is said; whoever does not hear it has shown what was asked for.
        Ok(mut stream) => stream.shutdown().await,
        Err(error) => Err(error),
    };
    let sent = std::mem::take(&mut *seen.lock());
    match ended {
        // One that wants a certificate of ours has sent its own before.
        _ if !sent.is_empty() => Ok(sent),
        Ok(()) => Ok(sent),
        Err(error) => Err(missing(&error)),
    }
}

/// Why a connection did not come to be, or to its handshake's end.
fn missing(error: &Error) -> Missing {
    match error.kind() {
        ErrorKind::ConnectionRefused => Missing::Refused,
        ErrorKind::TimedOut => Missing::TimedOut,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => {
            Missing::Failed("connection closed by the server".to_owned())
        }
        _ => Missing::failed(&error.to_string()),
    }
}

/// Nothing is kept from one look for the next: a session that is taken up again shows no certificate.
fn config(seen: &Arc<Witness>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = Arc::clone(seen) as Arc<dyn ServerCertVerifier>;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Takes whatever certificate a server sends, and remembers it.
#[derive(Debug, Default)]
struct Witness(Mutex<Vec<CertificateDer<'static>>>);

impl Witness {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<CertificateDer<'static>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        *self.lock() = all.map(|one| one.clone().into_owned()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
#[path = "served_tests.rs"]
mod tests;
