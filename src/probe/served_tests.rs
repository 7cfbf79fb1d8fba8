//! TLS servers of our own on loopback: right and wrong chains, those that refuse, are silent, or begin with another protocol.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rstest::rstest;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::domain::endpoint::{Endpoint, Target};
use crate::domain::served::{Missing, Served, ServedCertificate};
use crate::probe::testing::Zone;
use crate::probe::{Probe, ProbeOptions};

/// What a server has: its certificate, that of its CA and that of the root, and its key.
struct Own {
    leaf: CertificateDer<'static>,
    ca: CertificateDer<'static>,
    root: CertificateDer<'static>,
    key: Vec<u8>,
}

fn params(name: &str, is_ca: bool) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = if is_ca {
        IsCa::Ca(BasicConstraints::Unconstrained)
    } else {
        IsCa::ExplicitNoCa
    };
    params.use_authority_key_identifier_extension = true;
    params
}

fn own() -> Own {
    let keys: [KeyPair; 3] = std::array::from_fn(|_| KeyPair::generate().unwrap());
    let root = params("Root", true).self_signed(&keys[0]).unwrap();
    let issuer = Issuer::new(params("Root", true), &keys[0]);
    let ca = params("Issuing CA", true)
        .signed_by(&keys[1], &issuer)
        .unwrap();
    let issuer = Issuer::new(params("Issuing CA", true), &keys[1]);
    // Long expired: what is looked at is not checked.
    let mut leaf = params("shop.test", false);
    leaf.not_after = rcgen::date_time_ymd(2020, 1, 2);
    leaf.not_before = rcgen::date_time_ymd(2020, 1, 1);
    let leaf = leaf.signed_by(&keys[2], &issuer).unwrap();
    Own {
        leaf: leaf.der().clone(),
        ca: ca.der().clone(),
        root: root.der().clone(),
        key: keys[2].serialize_der(),
    }
}

impl Own {
    fn config(&self, chain: &[&CertificateDer<'static>]) -> ServerConfig {
        let chain = chain.iter().map(|one| (*one).clone()).collect();
        let key = PrivateKeyDer::try_from(self.key.clone()).unwrap();
        builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap()
    }
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
}

/// What a server had of one connection: the name that was asked for, and what was sent behind the handshake.
#[derive(Debug, Default, PartialEq)]
struct Had {
    name: Option<String>,
    bytes: Vec<u8>,
}

/// Says its lines before TLS, each after it read so many lines, and serves once. The port.
async fn serve(config: ServerConfig, before: Vec<(usize, Vec<u8>)>) -> (u16, JoinHandle<Had>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for (read, said) in before {
            let mut bytes = vec![0; read];
            if stream.read_exact(&mut bytes).await.is_err() {
                return Had::default();
            }
            stream.write_all(&said).await.unwrap();
        }
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let Ok(mut tls) = acceptor.accept(stream).await else {
            return Had::default();
        };
        let name = tls.get_ref().1.server_name().map(str::to_owned);
        let mut bytes = Vec::new();
        let _ = tls.read_to_end(&mut bytes).await;
        Had { name, bytes }
    });
    (port, task)
}

fn options() -> ProbeOptions {
    ProbeOptions {
        limit: Duration::from_millis(1_500),
        ..ProbeOptions::default()
    }
}

async fn look(endpoint: &str, name: &str) -> Served {
    let target = Target::at(Endpoint::parse(endpoint).unwrap(), name);
    Probe::new(options()).served(&target).await
}

fn certificate(served: Served) -> ServedCertificate {
    match served {
        Served::Certificate(certificate) => certificate,
        Served::None(missing) => panic!("{missing:?}"),
    }
}

#[tokio::test]
async fn a_certificate_is_seen_and_nothing_is_sent_but_the_name() {
    let own = own();
    let (port, had) = serve(own.config(&[&own.leaf, &own.ca]), vec![]).await;
    let seen = certificate(look(&format!("127.0.0.1:{port}"), "shop.test").await);
    assert_eq!((&*seen.name, &*seen.issuer), ("shop.test", "Issuing CA"));
    assert_eq!(seen.expires.to_string(), "2020-01-02T00:00:00Z");
    assert_eq!(seen.chain.words(), "chain complete below Root");
    let had = had.await.unwrap();
    assert_eq!(had.name.as_deref(), Some("shop.test"));
    assert!(had.bytes.is_empty());
}

#[tokio::test]
async fn an_address_is_asked_for_no_name() {
    let own = own();
    let (port, had) = serve(own.config(&[&own.leaf, &own.ca]), vec![]).await;
    certificate(look(&format!("127.0.0.1:{port}"), "127.0.0.1").await);
    assert_eq!(had.await.unwrap(), Had::default());
}

#[tokio::test]
async fn each_chain_is_said_to_be_what_it_is() {
    let own = own();
    let (leaf, ca, root) = (&own.leaf, &own.ca, &own.root);
    for (chain, words) in [
        (vec![leaf], "chain incomplete: Issuing CA not sent"),
        (vec![leaf, ca, root], "chain complete, with the root"),
        (
            vec![leaf, root, ca],
            "chain complete, with the root, out of order",
        ),
        (
            vec![leaf, root],
            "chain incomplete: Issuing CA not sent, 1 extra certificate",
        ),
    ] {
        let (port, _had) = serve(own.config(&chain), vec![]).await;
        let seen = certificate(look(&format!("127.0.0.1:{port}"), "shop.test").await);
        assert_eq!(seen.chain.words(), words);
    }
}

#[derive(Debug)]
struct WantsOne;

impl ClientCertVerifier for WantsOne {
    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: rustls::pki_types::UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Err(rustls::Error::General("none is good enough".into()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        vec![rustls::SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

#[rstest]
#[case(&rustls::version::TLS12)]
#[case(&rustls::version::TLS13)]
#[tokio::test]
async fn one_that_wants_a_certificate_of_ours_has_shown_its_own(
    #[case] version: &'static rustls::SupportedProtocolVersion,
) {
    let own = own();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(Arc::new(WantsOne))
        .with_single_cert(
            vec![own.leaf.clone(), own.ca.clone()],
            PrivateKeyDer::try_from(own.key.clone()).unwrap(),
        )
        .unwrap();
    let (port, _had) = serve(config, vec![]).await;
    let seen = certificate(look(&format!("127.0.0.1:{port}"), "shop.test").await);
    assert_eq!(seen.name, "shop.test");
}

#[tokio::test]
async fn where_nothing_is_served_it_is_said_why() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    assert_eq!(
        look(&format!("127.0.0.1:{port}"), "shop.test").await,
        Served::None(Missing::Refused)
    );
    // The listener's queue takes the connection; nobody ever answers.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = silent.local_addr().unwrap().port();
    assert_eq!(
        look(&format!("127.0.0.1:{port}"), "shop.test").await,
        Served::None(Missing::TimedOut)
    );
    assert_eq!(
        look(&format!("smtp://127.0.0.1:{port}"), "shop.test").await,
        Served::None(Missing::TimedOut)
    );
    let rude = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = rude.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            drop(rude.accept().await.unwrap());
        }
    });
    assert_eq!(
        look(&format!("127.0.0.1:{port}"), "shop.test").await,
        Served::None(Missing::Failed("connection closed by the server".into()))
    );
    let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let Served::None(Missing::Failed(why)) = look(&format!("127.0.0.1:{port}"), "shop.test").await
    else {
        panic!("no TLS is served here");
    };
    assert!(!why.is_empty());
}

#[rstest]
#[case::smtp("smtp", &[
    (0, "220-mx1 at your service\r\n220 go on\r\n"),
    ("EHLO [127.0.0.1]\r\n".len(), "250-mx1\r\n250-PIPELINING\r\n250 STARTTLS\r\n"),
    ("STARTTLS\r\n".len(), "220 ready\r\n"),
])]
#[case::imap("imap", &[
    (0, "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"),
    ("a STARTTLS\r\n".len(), "* BYE-less chatter\r\na OK begin now\r\n"),
])]
#[case::pop3("pop3", &[
    (0, "+OK ready\r\n"),
    ("STLS\r\n".len(), "+OK begin\r\n"),
])]
#[case::ldap("ldap", &[
    (31, "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
])]
#[tokio::test]
async fn a_protocol_that_begins_without_tls_is_asked_to_begin_it(
    #[case] scheme: &str,
    #[case] said: &[(usize, &str)],
) {
    let own = own();
    let before = said
        .iter()
        .map(|(read, said)| (*read, said.as_bytes().to_vec()));
    let (port, had) = serve(own.config(&[&own.leaf, &own.ca]), before.collect()).await;
    let seen = certificate(look(&format!("{scheme}://127.0.0.1:{port}"), "shop.test").await);
    assert_eq!(seen.name, "shop.test");
    assert_eq!(had.await.unwrap().name.as_deref(), Some("shop.test"));
}

#[rstest]
#[case::smtp("smtp", &[
    (0, "220 mx1\r\n"),
    ("EHLO [127.0.0.1]\r\n".len(), "250 mx1\r\n"),
    ("STARTTLS\r\n".len(), "502 no such command\r\n"),
], "no STARTTLS: the server responded 502 no such command")]
#[case::busy("smtp", &[(0, "554 go away\u{7}\r\n")], "no STARTTLS: the server responded 554 go away<U+0007>")]
#[case::imap("imap", &[
    (0, "* OK ready\r\n"),
    ("a STARTTLS\r\n".len(), "a NO not here\r\n"),
], "no STARTTLS: the server responded a NO not here")]
#[case::pop3("pop3", &[
    (0, "+OK ready\r\n"),
    ("STLS\r\n".len(), "-ERR what?\r\n"),
], "no STARTTLS: the server responded -ERR what?")]
#[case::ldap("ldap", &[
    (31, "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x35\x04\x00\x04\x00"),
], "no StartTLS: the server responded with LDAP result 53")]
#[case::other("ldap", &[
    (31, "HTTP/1.1 400 Bad Request\r\n"),
], "the server responded with something else than LDAP")]
#[tokio::test]
async fn one_that_does_not_begin_tls_is_quoted(
    #[case] scheme: &str,
    #[case] said: &[(usize, &str)],
    #[case] words: &str,
) {
    let own = own();
    let before = said
        .iter()
        .map(|(read, said)| (*read, said.as_bytes().to_vec()));
    let (port, _had) = serve(own.config(&[&own.leaf]), before.collect()).await;
    assert_eq!(
        look(&format!("{scheme}://127.0.0.1:{port}"), "shop.test").await,
        Served::None(Missing::Failed(words.into()))
    );
}

#[tokio::test]
async fn a_host_is_found_by_dns_or_said_not_to_exist() {
    let own = own();
    let dns = Zone::resolving().address("shop.test").serve().await;
    let probe = Probe::new(ProbeOptions {
        dns_servers: vec![dns.address],
        ..options()
    });
    let (port, had) = serve(own.config(&[&own.leaf, &own.ca]), vec![]).await;
    let target = |endpoint: &str, name: &str| Target::at(Endpoint::parse(endpoint).unwrap(), name);
    let seen = probe
        .served(&target(&format!("shop.test:{port}"), "shop.test"))
        .await;
    assert_eq!(certificate(seen).name, "shop.test");
    assert_eq!(had.await.unwrap().name.as_deref(), Some("shop.test"));
    let none = probe.served(&target("nowhere.test", "shop.test")).await;
    assert_eq!(none, Served::None(Missing::NoSuchName));
}

#[tokio::test]
async fn a_dns_server_that_is_silent_holds_nothing_up() {
    let silent = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let probe = Probe::new(ProbeOptions {
        dns_servers: vec![silent.local_addr().unwrap()],
        limit: Duration::from_millis(300),
        ..ProbeOptions::default()
    });
    let target = Target::of_name("shop.test").unwrap();
    let Served::None(Missing::Failed(why)) = probe.served(&target).await else {
        panic!("nobody answered");
    };
    assert!(why.starts_with("name not resolved: "), "{why}");
}
