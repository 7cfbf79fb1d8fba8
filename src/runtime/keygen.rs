//! Makes a private key and a CSR. The key goes to its file before the CSR is given out, so that no CSR is ever
//! used whose key was lost.

use std::path::Path;

use jiff::Timestamp;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, PublicKeyData as _, RsaKeySize,
};
use tokio::sync::mpsc::UnboundedSender;
use zeroize::Zeroizing;

use super::effects::{Event, not_kept, say};
use super::files;
use super::storing::Storing;
use crate::app::effect::{KeyAlgorithm, KeySpec};
use crate::app::msg::{KeyMade, Msg};
use crate::config::CsrSubject;
use crate::domain::csr;
use crate::domain::failure::Failure;
use crate::domain::names;
use crate::domain::order::CsrText;

/// Makes the key and the CSR, keeps in which file the key is, and only then gives out the CSR.
pub(super) fn start(
    spec: KeySpec,
    subject: CsrSubject,
    storing: &Storing,
    tx: &UnboundedSender<Event>,
) {
    let (storing, tx) = (storing.clone(), tx.clone());
    tokio::spawn(async move {
        let form = spec.form.clone();
        let made = tokio::task::spawn_blocking(move || make(&spec, &subject)).await;
        let Ok(result) = made else {
            return;
        };
        if let Ok(made) = &result
            && let Ok(csr) = csr::read(&made.csr.0)
        {
            let path = made.path.clone();
            let kept = storing
                .ask(move |store| store.keep_key_file(&csr.spki_der, &path, Timestamp::now()));
            if let Some(Err(error)) = kept.await {
                not_kept(&tx, "Which file the private key is in", &error);
            }
        }
        say(&tx, Msg::KeyMade { form, result });
    });
}

/// Makes the key and the CSR. Blocks for the disk and, with RSA, for up to some seconds.
pub fn make(spec: &KeySpec, subject: &CsrSubject) -> Result<KeyMade, Failure> {
    let pair = pair(spec.algorithm).map_err(|error| {
        Failure::local(
            format!(
                "Could not generate a {} key: {error}.",
                spec.algorithm.label()
            ),
            "Choose another type of key.",
        )
    })?;
    let csr = request(spec, subject, &pair).map_err(|error| {
        Failure::local(
            format!("Could not create a CSR for these names: {error}."),
            "Correct the names, or paste a CSR created elsewhere.",
        )
    })?;
    let path = absolute(Path::new(&spec.path));
    if let (true, Some(folder)) = (spec.makes_folders, path.parent()) {
        files::make_folder(folder)
            .map_err(|error| Failure::local(error.to_string(), "Could not create a CSR."))?;
    }
    let pem = Zeroizing::new(pair.serialize_pem());
    files::write_key(&path, &pem)
        .map_err(|error| Failure::local(error.to_string(), "Could not create a CSR."))?;
    Ok(KeyMade {
        csr: CsrText(csr),
        path: path.display().to_string(),
    })
}

/// A key that is never written and never used: a CSR of it shows what one of a key like it would ask for.
#[derive(Debug)]
pub struct Trial(KeyPair);

impl Trial {
    /// Makes it.
    ///
    /// # Errors
    /// Why not, for a person.
    pub fn new(algorithm: KeyAlgorithm) -> Result<Self, String> {
        pair(algorithm).map(Self).map_err(|error| error.to_string())
    }

    /// A CSR of it, in PEM.
    ///
    /// # Errors
    /// Why these names cannot be asked for, for a person.
    pub fn csr(&self, spec: &KeySpec, subject: &CsrSubject) -> Result<String, String> {
        request(spec, subject, &self.0)
            .map_err(|error| format!("a CSR for these names cannot be created: {error}"))
    }
}

/// Bytes that the file of a private key has at most.
const MOST_KEY: u64 = 64 << 10;

/// The public key (`SubjectPublicKeyInfo`) of the private key in a file, of which nothing is kept. Blocks for the disk.
pub fn public_key(path: &Path) -> Result<Vec<u8>, Failure> {
    let told = |why: &str| Failure::local(format!("Could not read {}: {why}.", path.display()), "");
    let text = crate::files::read(path, MOST_KEY).map_err(|why| told(&why.to_string()))?;
    let text = Zeroizing::new(text);
    let text = std::str::from_utf8(&text).unwrap_or_default();
    // Why it cannot be read may quote it.
    let key = KeyPair::from_pem(text)
        .map_err(|_| told("it is no private key in PEM, or one that is encrypted"))?;
    Ok(key.subject_public_key_info())
}

fn pair(algorithm: KeyAlgorithm) -> Result<KeyPair, rcgen::Error> {
    match algorithm {
        KeyAlgorithm::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        KeyAlgorithm::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        KeyAlgorithm::Rsa(bits) => {
            let size = match bits {
                0..=2048 => RsaKeySize::_2048,
                2049..=3072 => RsaKeySize::_3072,
                _ => RsaKeySize::_4096,
            };
            KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size)
        }
    }
}

fn request(spec: &KeySpec, subject: &CsrSubject, pair: &KeyPair) -> Result<String, rcgen::Error> {
    let names = names::once(std::iter::once(&spec.common_name).chain(&spec.dns_names));
    let mut params = CertificateParams::new(names)?;
    let mut dn = DistinguishedName::new();
    // The operator's own word comes before the order's.
    let organization = subject
        .organization
        .clone()
        .or_else(|| spec.organization.clone());
    for (kind, value) in [
        (DnType::CountryName, subject.country.clone()),
        (DnType::StateOrProvinceName, subject.state.clone()),
        (DnType::LocalityName, subject.locality.clone()),
        (DnType::OrganizationName, organization),
        (
            DnType::OrganizationalUnitName,
            subject.organizational_unit.clone(),
        ),
        (DnType::CommonName, Some(spec.common_name.clone())),
        (email_address(), subject.email.clone()),
    ] {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            continue;
        };
        if kind == email_address() {
            dn.push(kind, DnValue::Ia5String(value.as_str().try_into()?));
        } else {
            dn.push(kind, value);
        }
    }
    params.distinguished_name = dn;
    params.serialize_request(pair)?.pem()
}

/// `emailAddress` (PKCS #9, RFC 2985, 5.2.1), which is an IA5String.
fn email_address() -> DnType {
    DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1])
}

/// Where the key is, so that it can be told in full.
fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use x509_parser::prelude::FromDer as _;

    fn spec(algorithm: KeyAlgorithm, path: &Path) -> KeySpec {
        KeySpec {
            form: "duplicate-1".into(),
            algorithm,
            common_name: "shop.example.net".into(),
            dns_names: vec!["shop.example.net".into(), "www.shop.example.net".into()],
            organization: None,
            path: path.display().to_string(),
            makes_folders: false,
        }
    }

    #[test]
    fn the_csr_holds_the_names_and_the_key_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::Rsa(2048)] {
            let path = folder.path().join(format!("{}.key", algorithm.label()));
            let made = make(&spec(algorithm, &path), &CsrSubject::default()).unwrap();
            let csr = csr::read(&made.csr.0).unwrap();
            assert!(csr.signature_valid());
            assert_eq!(
                csr.dns_names(),
                ["shop.example.net", "www.shop.example.net"]
            );
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains("PRIVATE KEY"));
        }
    }

    #[test]
    fn a_key_file_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        std::fs::write(&path, "mine").unwrap();
        let failure = make(&spec(KeyAlgorithm::P256, &path), &CsrSubject::default()).unwrap_err();
        assert!(failure.what.contains("already exists"), "{failure}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn the_subject_of_the_settings_is_in_the_csr_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        let mut spec = spec(KeyAlgorithm::P256, &path);
        spec.organization = Some("The order's".into());
        let said = |text: &str| Some(text.to_owned());
        let subject = CsrSubject {
            country: said("US"),
            state: said("Utah"),
            locality: said("Lehi"),
            organization: said("Mine, Inc."),
            organizational_unit: said("Web"),
            email: said("pki@example.com"),
        };
        let made = make(&spec, &subject).unwrap();
        let (_, pem) = x509_parser::pem::parse_x509_pem(made.csr.0.as_bytes()).unwrap();
        let (_, csr) =
            x509_parser::certification_request::X509CertificationRequest::from_der(&pem.contents)
                .unwrap();
        let subject = csr.certification_request_info.subject.to_string();
        for part in [
            "US",
            "Utah",
            "Lehi",
            "Mine, Inc.",
            "Web",
            "pki@example.com",
            "shop.example.net",
        ] {
            assert!(subject.contains(part), "{subject}");
        }
        assert!(!subject.contains("The order's"), "{subject}");
    }
}
