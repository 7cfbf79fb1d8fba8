//! Whom the client trusts: the system's authorities, and those of the profile.

use std::sync::{Arc, Mutex};

use certdeck::certcentral::{ApiError, ClientOptions};
use certdeck::domain::write::{Method, WriteKind};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};

use crate::client_support::{client, options, write};

/// Who the account says we are.
const ME: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 51\r\n\
    Connection: close\r\n\r\n{\"id\":1,\"first_name\":\"Ada\",\"last_name\":\"Lovelace\"} ";

/// A server with a certificate of an authority that nobody knows: its address, the authority (DER), and how connections to
/// it began.
async fn private_server() -> (String, Vec<u8>, Arc<Mutex<Vec<HandshakeKind>>>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&issuer_key).unwrap().der().to_vec();
    let issuer = Issuer::new(params, issuer_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let handshakes = Arc::<Mutex<Vec<_>>>::default();
    let told = Arc::clone(&handshakes);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust us hangs up in the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let kind = stream.get_ref().1.handshake_kind().unwrap();
            told.lock().unwrap().push(kind);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(ME.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let url = format!("https://localhost:{port}/services/v2");
    (url, authority, handshakes)
}

#[tokio::test]
async fn an_authority_of_the_profile_is_trusted_and_an_unknown_one_is_not() {
    let (url, authority, _) = private_server().await;

    let refused = client(&url, options()).reads().me().await.unwrap_err();
    assert!(matches!(refused, ApiError::Tls { .. }), "{refused:?}");

    let trusting = ClientOptions {
        authorities: vec![authority],
        ..options()
    };
    let me = client(&url, trusting).reads().me().await.unwrap();
    assert_eq!(me.last_name.as_deref(), Some("Lovelace"));
}

#[tokio::test]
async fn a_write_has_a_connection_of_its_own_and_goes_on_with_the_session_of_the_reads() {
    let (url, authority, handshakes) = private_server().await;
    let trusting = ClientOptions {
        authorities: vec![authority],
        ..options()
    };
    let client = client(&url, trusting);
    client.reads().me().await.unwrap();
    let path = "/order/certificate/1/note";
    let note = write(WriteKind::Note, Method::Post, path, "{}");
    for is_opened_ahead in [false, true, false] {
        if is_opened_ahead {
            client.writes().open_ahead().await;
        }
        client.writes().answer(&note).await.unwrap();
    }
    let handshakes = handshakes.lock().unwrap();
    assert_eq!(
        handshakes[..],
        [
            HandshakeKind::Full,
            HandshakeKind::Resumed,
            HandshakeKind::Resumed,
            HandshakeKind::Resumed
        ]
    );
}
