//! What openssl, which shares no code with us, says of the authority's work.

use std::path::Path;
use std::process::Command;

use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;

use super::csr::KeyKind;
use super::formats;
use super::{Ca, Hash, IssueRequest, Issued, LeafKey, LeafKind, Policy, Profile, Purpose, Subject};

mod csr;
mod downloads;
mod hierarchy;
mod issuing;

fn ca() -> Ca {
    Ca::new(1, Timestamp::now())
}

/// Runs openssl in `dir`; its output, whatever it says.
fn openssl(dir: &Path, args: &[&str]) -> (bool, String) {
    let out = Command::new("openssl")
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    let text = [out.stdout, out.stderr].concat();
    (
        out.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// Runs openssl, which must be content.
fn openssl_ok(dir: &Path, args: &[&str]) -> String {
    let (ok, text) = openssl(dir, args);
    assert!(ok, "openssl {args:?} says: {text}");
    text
}

fn request(ca: &Ca, purpose: Purpose, kind: KeyKind, key: &LeafKey) -> IssueRequest {
    let now = Timestamp::now();
    IssueRequest {
        ica_id: ca.default_for(purpose, kind).unwrap().id.clone(),
        serial: *b"\x0A\x1b\x2c\x3d\x4e\x5f\x60\x71\x82\x93\xa4\xb5\xc6\xd7\xe8\xf9",
        public_key: key.public_key.clone(),
        common_name: Some("shop.example.net".into()),
        dns_names: vec!["shop.example.net".into(), "*.xn--bcher-kva.example".into()],
        emails: Vec::new(),
        organization: Some(Subject {
            o: "株式会社サンドボックス".into(),
            ou: None,
            l: Some("Tōkyō".into()),
            st: None,
            c: Some("jp".into()),
            registration: None,
        }),
        person: None,
        not_before: now - 24.hours(),
        not_after: now + 2400.hours(),
        signature_hash: Hash::Sha256,
        profile: Profile::ServerAuth,
        policy: Some(Policy::OrganizationValidated),
        rsassa_pss: false,
    }
}

fn key(ca: &Ca) -> LeafKey {
    ca.made_up_csr(
        LeafKind::P256,
        0,
        Some("shop.example.net"),
        &["shop.example.net".to_owned()],
    )
    .unwrap()
}

fn write(dir: &TempDir, name: &str, content: impl AsRef<[u8]>) {
    std::fs::write(dir.path().join(name), content).unwrap();
}

/// Verifies against the roots and returns `openssl x509 -text`.
fn verified(ca: &Ca, ica_id: &str, issued: &Issued) -> String {
    let dir = TempDir::new().unwrap();
    let chain = ca.chain(ica_id).unwrap();
    write(&dir, "roots.pem", ca.roots_pem().unwrap());
    write(&dir, "leaf.pem", formats::pem(&issued.der));
    let between: String = chain.iter().map(|l| formats::pem(&l.der)).collect();
    write(&dir, "chain.pem", between);
    openssl_ok(
        dir.path(),
        &[
            "verify",
            "-x509_strict",
            "-CAfile",
            "roots.pem",
            "-untrusted",
            "chain.pem",
            "leaf.pem",
        ],
    );
    openssl_ok(
        dir.path(),
        &[
            "x509", "-in", "leaf.pem", "-noout", "-text", "-nameopt", "utf8",
        ],
    )
}
