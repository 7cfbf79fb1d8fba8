//! The certificates that a profile trusts besides the system's: its `ca_file`, read and checked before a connection
//! is tried, so that a wrong file is told as such and not as a server that cannot be trusted.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::certcentral::ClientOptions;
use crate::config::Profile;
use crate::domain::certificate::{self, CertificateError};
use crate::files::{self, ReadError};

/// The largest file of certificates, in bytes: four times a whole system's.
const LARGEST: u64 = 4 * files::LARGEST;

/// Why a `ca_file` cannot be used.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The file cannot be read.
    #[error(
        "could not read the ca_file {}: {source}; correct it in the profile, or make it readable",
        path.display()
    )]
    Unreadable {
        path: PathBuf,
        /// What the system says.
        source: ReadError,
    },
    /// The file holds something else.
    #[error(
        "could not use the ca_file {}: {source}; it should contain the CA's certificates as PEM",
        path.display()
    )]
    NoCertificates {
        path: PathBuf,
        /// What is wrong with it.
        source: CertificateError,
    },
}

/// What a client needs to know of a profile besides address and key.
pub fn client_options(profile: Option<&Profile>) -> Result<ClientOptions, TrustError> {
    let authorities = match profile.and_then(|profile| profile.ca_file.as_deref()) {
        Some(path) => read(path)?,
        None => Vec::new(),
    };
    Ok(ClientOptions {
        authorities,
        ..ClientOptions::default()
    })
}

/// Every certificate of the file, DER.
fn read(path: &Path) -> Result<Vec<Vec<u8>>, TrustError> {
    let text = files::read_text(path, LARGEST).map_err(|source| TrustError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let certificates =
        certificate::read_all(&text).map_err(|source| TrustError::NoCertificates {
            path: path.to_owned(),
            source,
        })?;
    Ok(certificates
        .into_iter()
        .map(|certificate| certificate.der)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BaseUrl, ProfileName};

    fn profile(ca_file: Option<PathBuf>) -> Profile {
        let url = BaseUrl::parse("https://localhost/services/v2").unwrap();
        let mut profile = Profile::new(ProfileName::fallback(), url);
        profile.ca_file = ca_file;
        profile
    }

    fn authority() -> rcgen::Certificate {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["proxy.example".into()]).unwrap();
        params.self_signed(&key).unwrap()
    }

    #[test]
    fn every_certificate_of_the_file_is_trusted() {
        let (one, two) = (authority(), authority());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("# ours\n{}{}", one.pem(), two.pem())).unwrap();
        let options = client_options(Some(&profile(Some(file.path().to_owned())))).unwrap();
        assert_eq!(
            options.authorities,
            [one.der().to_vec(), two.der().to_vec()]
        );
    }

    #[test]
    fn without_a_file_the_systems_alone_are() {
        assert!(client_options(None).unwrap().authorities.is_empty());
        assert!(
            client_options(Some(&profile(None)))
                .unwrap()
                .authorities
                .is_empty()
        );
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_what_is_wrong() {
        let missing = client_options(Some(&profile(Some("/nowhere/ca.pem".into()))));
        let words = missing.unwrap_err().to_string();
        assert!(
            words.contains("could not read the ca_file /nowhere/ca.pem"),
            "{words}"
        );

        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "no certificate here").unwrap();
        let empty = client_options(Some(&profile(Some(file.path().to_owned()))));
        let words = empty.unwrap_err().to_string();
        assert!(words.contains("could not use"), "{words}");
        assert!(
            words.contains(&file.path().display().to_string()),
            "{words}"
        );
    }
}
