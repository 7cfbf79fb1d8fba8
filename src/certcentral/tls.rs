//! Whom to trust besides the system's authorities, and what went wrong with a certificate, in words.

use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The settings of a connection that trusts these certificates (DER) besides the system's: as authorities, and each as
/// the certificate of a server that presents it itself.
pub(super) fn config(authorities: &[Vec<u8>]) -> Result<ClientConfig, String> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let own: Vec<_> = authorities
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let inner = Verifier::new_with_extra_roots(own.clone(), Arc::clone(&provider))
        .map_err(|error| words(&error))?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| words(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OwnToo { inner, own }))
        .with_no_client_auth())
}

/// The same settings for these protocols. All that come of one share its sessions: who spoke to the server before is known to
/// it, which saves a handshake its signatures.
pub(super) fn speaking(config: &ClientConfig, protocols: &[&str]) -> ClientConfig {
    let mut config = config.clone();
    let names = protocols.iter().map(|name| name.as_bytes().to_vec());
    config.alpn_protocols = names.collect();
    config
}

/// Asks the system, and where that refuses a certificate only for being an authority's, takes it if it is one of the
/// profile's own: an appliance with a self-signed certificate has no other. Name and dates have to be right all the same.
#[derive(Debug)]
struct OwnToo {
    inner: Verifier,
    own: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for OwnToo {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refused = match self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            Err(error) if self.own.iter().any(|own| own == end_entity) => error,
            decided => return decided,
        };
        if !matches!(
            refused,
            Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::UnknownIssuer)
        ) {
            return Err(refused);
        }
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        let bad = |error| Error::InvalidCertificate(error);
        let (_, parsed) = X509Certificate::from_der(end_entity)
            .map_err(|_| bad(CertificateError::BadEncoding))?;
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if seconds < parsed.validity().not_before.timestamp() {
            return Err(bad(CertificateError::NotValidYet));
        }
        if seconds > parsed.validity().not_after.timestamp() {
            return Err(bad(CertificateError::Expired));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.inner.root_hint_subjects()
    }
}

/// What the TLS library means, for people: its own words hold names of its types.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::AlertReceived(alert) => {
            format!(
                "the server ended the handshake ({})",
                spaced(&format!("{alert:?}"))
            )
        }
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => {
            "the server does not speak TLS".to_owned()
        }
        Error::PeerIncompatible(_) => {
            "the server and certdeck have no TLS version or cipher in common".to_owned()
        }
        Error::NoCertificatesPresented => "the server presented no certificate".to_owned(),
        Error::DecryptError | Error::PeerMisbehaved(_) => {
            "the server violated the rules of TLS".to_owned()
        }
        Error::General(words) => words.clone(),
        _ => "the TLS handshake failed".to_owned(),
    }
}

fn certificate(error: &CertificateError) -> String {
    let until = |time: &UnixTime| match i64::try_from(time.as_secs()).map(Timestamp::from_second) {
        Ok(Ok(moment)) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        _ => "a time outside every calendar".to_owned(),
    };
    match error {
        CertificateError::UnknownIssuer => {
            "its certificate is from a CA that is not trusted here".to_owned()
        }
        CertificateError::Expired => {
            "its certificate has expired, by this machine's clock".to_owned()
        }
        CertificateError::ExpiredContext { time, not_after } => format!(
            "its certificate expired on {}, and this machine's clock says {}",
            until(not_after),
            until(time)
        ),
        CertificateError::NotValidYet => {
            "its certificate is not valid yet, by this machine's clock".to_owned()
        }
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "its certificate is valid from {} on, and this machine's clock says {}",
            until(not_before),
            until(time)
        ),
        CertificateError::NotValidForName => "its certificate is for another name".to_owned(),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } if presented.is_empty() => {
            format!(
                "its certificate contains no host name, and not {}",
                expected.to_str()
            )
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let shown: Vec<String> = presented
                .iter()
                .take(3)
                .map(|name| plain_name(name))
                .collect();
            format!(
                "its certificate is for {}, not for {}",
                shown.join(", "),
                expected.to_str()
            )
        }
        CertificateError::Revoked => "its certificate is revoked".to_owned(),
        CertificateError::BadSignature => {
            "its certificate's signature does not match its issuer".to_owned()
        }
        CertificateError::BadEncoding => "its certificate could not be read".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "its certificate is not a server certificate".to_owned()
        }
        CertificateError::Other(other) if format!("{other:?}").contains("Eku") => {
            "its certificate is not a server certificate".to_owned()
        }
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "its certificate is itself a CA's, and not trusted here".to_owned()
        }
        _ => "its certificate could not be verified".to_owned(),
    }
}

/// `DnsName("www.example.net")` → `www.example.net`.
fn plain_name(name: &str) -> String {
    match (name.find('"'), name.rfind('"')) {
        (Some(first), Some(last)) if first < last => name[first + 1..last].to_owned(),
        _ => match (name.find('('), name.rfind(')')) {
            (Some(open), Some(close)) if open < close => name[open + 1..close].to_owned(),
            _ => name.to_owned(),
        },
    }
}

/// `HandshakeFailure` → `handshake failure`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
