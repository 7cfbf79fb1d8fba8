//! Whoever is in the way is named: the proxy and not the account, the certificate and not a type of a library.

use std::sync::Arc;

use certdeck::certcentral::proxy::{Named, ProxyEnv};
use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::{ApiError, Client, ClientOptions, Fate, ProxyTrouble};
use certdeck::domain::ids::OrderId;
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::client_support::{client, duplicate, options};

/// A host that only a proxy can reach: no name service knows it.
const HOST: &str = "api.certdeck.invalid";

fn through(variable: &'static str, value: &str) -> ProxyEnv {
    ProxyEnv {
        proxy: Some(Named {
            variable,
            value: value.to_owned(),
        }),
        ..ProxyEnv::default()
    }
}

fn going(proxy: ProxyEnv) -> ClientOptions {
    ClientOptions {
        retry: RetryPolicy::never(),
        proxy,
        ..options()
    }
}

fn to_host(proxy: ProxyEnv) -> Client {
    client(&format!("https://{HOST}/services/v2"), going(proxy))
}

/// A proxy that reads what is asked of it, answers this, and hangs up.
async fn proxy(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
                // Closed with something unread, the connection would be reset, and the answer with it.
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            });
        }
    });
    address.to_string()
}

/// A port that nobody listens on, and nobody gets while this process lives.
fn dead() -> String {
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    std::mem::forget(nobody);
    address
}

async fn refused(client: &Client) -> ApiError {
    let error = client
        .writes()
        .answer(&duplicate(OrderId(1), "{}"))
        .await
        .unwrap_err();
    assert_eq!(error.fate(), Fate::NotSent, "{error:?}");
    let read = client.reads().me().await.unwrap_err();
    assert_eq!(
        std::mem::discriminant(&read),
        std::mem::discriminant(&error),
        "{read:?}"
    );
    error
}

fn is_plain(error: &ApiError) {
    let text = format!("{error} {}", error.advice());
    for part in ["Other(", "Error(", "Error {", "os error", "{ ", "secret"] {
        assert!(!text.contains(part), "{text}");
    }
}

fn trouble(error: &ApiError) -> ProxyTrouble {
    match error {
        ApiError::Proxy { trouble, .. } => *trouble,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_proxy_that_is_in_the_way_is_named_and_what_it_did() {
    let wants = b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
    let denies = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\ndenied";
    let away = b"HTTP/1.1 502 Bad Gateway\r\n\r\n";
    // SOCKS 5: no method is fine; a sign-in is wanted and these are not right; the host cannot be reached.
    let no_method = b"\x05\xff";
    let unreachable = b"\x05\x00\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00";
    let login = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n";
    let refuses = "could not be reached: Connection refused";
    let cases: Vec<(String, ProxyTrouble, &str)> = vec![
        (
            format!("http://user:secret@{}", dead()),
            ProxyTrouble::Away,
            refuses,
        ),
        (dead(), ProxyTrouble::Away, refuses),
        (
            "http://proxy.certdeck.invalid:3128".to_owned(),
            ProxyTrouble::Away,
            "could not be reached: ",
        ),
        (
            format!("http://user:secret@{}", proxy(wants).await),
            ProxyTrouble::SignIn,
            "(HTTP 407)",
        ),
        (
            format!("http://user:secret@{}", proxy(denies).await),
            ProxyTrouble::Refused,
            "(HTTP 403 Forbidden)",
        ),
        (
            format!("http://{}", proxy(away).await),
            ProxyTrouble::Refused,
            "(HTTP 502 Bad Gateway)",
        ),
        (
            format!("http://{}", proxy(login).await),
            ProxyTrouble::Refused,
            "(HTTP 302 Found)",
        ),
        (
            format!("http://{}", proxy(b"").await),
            ProxyTrouble::Refused,
            "closed the connection",
        ),
        (
            format!("http://{}", proxy(b"SSH-2.0-OpenSSH_9.6\r\n").await),
            ProxyTrouble::Setting,
            "responded \"SSH-2.0-OpenSSH_9.6\"",
        ),
        (format!("socks5h://{}", dead()), ProxyTrouble::Away, refuses),
        (
            "socks5h://proxy.certdeck.invalid".to_owned(),
            ProxyTrouble::Away,
            "could not be reached: ",
        ),
        (
            format!("socks5h://{}", proxy(no_method).await),
            ProxyTrouble::SignIn,
            "",
        ),
        (
            format!("socks5h://{}", proxy(unreachable).await),
            ProxyTrouble::Refused,
            "did not open a connection",
        ),
        (
            format!("socks5h://{}", proxy(b"HTTP/1.1 400 Bad\r\n\r\n").await),
            ProxyTrouble::Refused,
            "",
        ),
    ];
    for (value, expected, words) in cases {
        let error = refused(&to_host(through("HTTPS_PROXY", &value))).await;
        assert_eq!(trouble(&error), expected, "{value}: {error}");
        let text = error.to_string();
        let address = value.rsplit(['/', '@']).next().unwrap();
        assert!(text.contains(address), "{value}: {text}");
        assert!(text.contains("HTTPS_PROXY"), "{value}: {text}");
        assert!(text.contains(words), "{value}: {text}");
        is_plain(&error);
    }
}

#[tokio::test]
async fn a_proxy_whose_connection_breaks_off_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            let _ = stream.read(&mut asked).await;
            stream.set_zero_linger().unwrap();
        }
    });
    let error = refused(&to_host(through(
        "HTTPS_PROXY",
        &format!("http://{address}"),
    )))
    .await;
    let text = format!("{error} {}", error.advice());
    assert!(text.contains(&address.to_string()), "{text}");
    assert!(!text.contains("HTTPS_PROXY sets a proxy"), "{text}");
    is_plain(&error);
}

#[tokio::test]
async fn what_is_no_address_of_a_proxy_is_told_and_not_passed_over() {
    for value in [
        "http://",
        "://x",
        "ftp://proxy:21",
        "pac+http://wpad/",
        "proxy host:3128",
        "http://proxy:99999",
        "%%%",
    ] {
        let error = refused(&to_host(through("ALL_PROXY", value))).await;
        assert_eq!(trouble(&error), ProxyTrouble::Setting, "{value}: {error}");
        assert!(error.to_string().contains("ALL_PROXY"), "{error}");
        assert!(error.advice().contains("socks5h://"), "{}", error.advice());
        is_plain(&error);
    }
}

#[tokio::test]
async fn a_proxy_that_is_set_and_not_used_is_part_of_what_went_wrong() {
    let excepted = ProxyEnv {
        except: Some(Named {
            variable: "no_proxy",
            value: ".certdeck.invalid, 10.0.0.0/8".to_owned(),
        }),
        ..through("HTTPS_PROXY", &dead())
    };
    let plain_only = ProxyEnv {
        plain: Some(Named {
            variable: "http_proxy",
            value: "http://proxy:3128".to_owned(),
        }),
        ..ProxyEnv::default()
    };
    for (proxy, words) in [
        (
            excepted,
            format!("HTTPS_PROXY is not used, since no_proxy names {HOST}"),
        ),
        (
            plain_only,
            "http_proxy is set, but https uses HTTPS_PROXY".to_owned(),
        ),
    ] {
        let error = refused(&to_host(proxy)).await;
        let text = error.to_string();
        assert!(text.contains(&words), "{text}");
        assert!(text.contains(HOST), "{text}");
        is_plain(&error);
    }
}

#[tokio::test]
async fn this_machine_itself_is_reached_without_a_proxy() {
    // Nobody listens there, and the proxy's address is none: who goes by the proxy is told so.
    for host in [
        "http://127.0.0.1:1",
        "https://localhost:1",
        "http://[::1]:1",
    ] {
        let client = client(
            &format!("{host}/services/v2"),
            going(through("ALL_PROXY", "nonsense://")),
        );
        let error = client.reads().me().await.unwrap_err();
        assert!(
            matches!(error, ApiError::Connect { .. }),
            "{host}: {error:?}"
        );
    }
}

const ME: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{\"id\":1}";

/// A server of the API with this certificate and key, on loopback; `None` speaks no TLS.
async fn serve(identity: Option<(CertificateDer<'static>, KeyPair)>) -> u16 {
    answer(identity, ME).await
}

/// The same, with another answer to whatever is asked.
async fn answer(identity: Option<(CertificateDer<'static>, KeyPair)>, answer: &'static str) -> u16 {
    let acceptor = identity.map(|(certificate, key)| {
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if let Some(acceptor) = &acceptor {
                // A client that does not trust us hangs up in the handshake.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            } else {
                let mut stream = stream;
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
            }
        }
    });
    port
}

/// A SOCKS 5 proxy as `ssh -D` is one; every name leads to a port of this machine. Tells what it was asked for.
async fn socks(port: u16) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let mut head = [0; 2];
                near.read_exact(&mut head).await.ok()?;
                let mut methods = vec![0; usize::from(head[1])];
                near.read_exact(&mut methods).await.ok()?;
                near.write_all(&[5, 0]).await.ok()?;
                let mut asked = [0; 4];
                near.read_exact(&mut asked).await.ok()?;
                let name = match asked[3] {
                    3 => {
                        let length = near.read_u8().await.ok()?;
                        let mut name = vec![0; usize::from(length)];
                        near.read_exact(&mut name).await.ok()?;
                        String::from_utf8(name).ok()?
                    }
                    1 => {
                        let mut address = [0; 4];
                        near.read_exact(&mut address).await.ok()?;
                        std::net::Ipv4Addr::from(address).to_string()
                    }
                    _ => return None,
                };
                near.read_u16().await.ok()?;
                tell.send(name).ok()?;
                near.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
                let mut far = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
                tokio::io::copy_bidirectional(&mut near, &mut far)
                    .await
                    .ok()?;
                Some(())
            });
        }
    });
    (address, told)
}

fn self_signed(
    names: &[&str],
    authority: bool,
    dates: Option<(i32, i32)>,
) -> (CertificateDer<'static>, KeyPair) {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    if authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    if let Some((from, to)) = dates {
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.der().clone(), key)
}

#[tokio::test]
async fn a_socks_proxy_leads_to_the_account_and_looks_the_name_up() {
    let (certificate, key) = self_signed(&[HOST], false, None);
    let trusted = certificate.to_vec();
    let (address, mut told) = socks(serve(Some((certificate, key))).await).await;
    let options = ClientOptions {
        authorities: vec![trusted],
        ..going(through("ALL_PROXY", &format!("socks5h://{address}")))
    };
    let client = client(&format!("https://{HOST}/services/v2"), options);
    assert_eq!(client.reads().me().await.unwrap().id, Some(1));
    assert_eq!(told.recv().await.as_deref(), Some(HOST));
}

#[tokio::test]
async fn a_proxy_that_is_asked_in_tls_is_told_by_what_it_said_as_well() {
    for (said, expected, words) in [
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            ProxyTrouble::Refused,
            "(HTTP 403 Forbidden)",
        ),
        (
            "HTTP/1.1 503 Try later\r\n\r\n",
            ProxyTrouble::Refused,
            "(HTTP 503 Try later)",
        ),
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            ProxyTrouble::SignIn,
            "(HTTP 407",
        ),
    ] {
        let (certificate, key) = self_signed(&["localhost"], false, None);
        let trusted = certificate.to_vec();
        let port = answer(Some((certificate, key)), said).await;
        let proxy = through(
            "HTTPS_PROXY",
            &format!("https://user:secret@localhost:{port}"),
        );
        let options = ClientOptions {
            authorities: vec![trusted],
            ..going(proxy)
        };
        let client = client(&format!("https://{HOST}/services/v2"), options);
        let error = refused(&client).await;
        assert_eq!(trouble(&error), expected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        is_plain(&error);
    }
    // One that is not trusted is asked for nothing.
    let (certificate, key) = self_signed(&["localhost"], false, None);
    let port = serve(Some((certificate, key))).await;
    let error = refused(&to_host(through(
        "HTTPS_PROXY",
        &format!("https://localhost:{port}"),
    )))
    .await;
    assert!(error.to_string().contains("not trusted here"), "{error}");
    is_plain(&error);
}

/// What a client says of a server at `localhost` that it gave these certificates for.
async fn asked(
    identity: Option<(CertificateDer<'static>, KeyPair)>,
    trusted: Vec<Vec<u8>>,
) -> Result<Option<u64>, ApiError> {
    let port = serve(identity).await;
    let options = ClientOptions {
        authorities: trusted,
        ..going(ProxyEnv::default())
    };
    let client = client(&format!("https://localhost:{port}/services/v2"), options);
    client.reads().me().await.map(|me| me.id)
}

#[tokio::test]
async fn a_self_signed_server_is_trusted_when_its_own_certificate_is_given() {
    for authority in [true, false] {
        let (certificate, key) = self_signed(&["localhost"], authority, None);
        let trusted = vec![certificate.to_vec()];
        let me = asked(Some((certificate, key)), trusted).await;
        assert_eq!(me.unwrap(), Some(1), "authority: {authority}");

        // Given or not: never for another name, another time, or another certificate of the same name.
        let (certificate, key) = self_signed(&["other.example"], authority, None);
        let trusted = vec![certificate.to_vec()];
        let error = asked(Some((certificate, key)), trusted).await.unwrap_err();
        assert!(error.to_string().contains("other.example"), "{error}");
        is_plain(&error);

        for (dates, words) in [((2020, 2021), "expired"), ((2090, 2091), "valid")] {
            let (certificate, key) = self_signed(&["localhost"], authority, Some(dates));
            let trusted = vec![certificate.to_vec()];
            let error = asked(Some((certificate, key)), trusted).await.unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert!(error.to_string().contains("clock"), "{error}");
            is_plain(&error);
        }

        let (given, _) = self_signed(&["localhost"], authority, None);
        let other = self_signed(&["localhost"], authority, None);
        let error = asked(Some(other), vec![given.to_vec()]).await.unwrap_err();
        assert!(matches!(error, ApiError::Tls { .. }), "{error:?}");
        assert!(error.advice().contains("ca_file"), "{}", error.advice());
        is_plain(&error);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_server_is_told_in_words() {
    let (unknown, key) = self_signed(&["localhost"], true, None);
    let issuer_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let trusted = authority.self_signed(&issuer_key).unwrap().der().to_vec();
    let issuer = Issuer::new(authority, issuer_key);
    let issued = |change: &dyn Fn(&mut CertificateParams)| {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &issuer).unwrap();
        Some((leaf.der().clone(), key))
    };
    let cases = [
        (Some((unknown, key)), "not trusted here"),
        (None, "does not speak TLS"),
        (
            issued(&|params| {
                params.subject_alt_names =
                    vec![SanType::DnsName("www.example.net".try_into().unwrap())];
            }),
            "its certificate is for www.example.net, not for localhost",
        ),
        (
            issued(&|params| {
                params.not_before = rcgen::date_time_ymd(2020, 1, 1);
                params.not_after = rcgen::date_time_ymd(2021, 1, 1);
            }),
            "expired on 2021-01-01",
        ),
        (
            issued(&|params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }),
            "not a server certificate",
        ),
    ];
    for (identity, words) in cases {
        let error = asked(identity, vec![trusted.clone()]).await.unwrap_err();
        assert!(matches!(error, ApiError::Tls { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{words}: {error}");
        is_plain(&error);
    }
}
