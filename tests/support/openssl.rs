//! Keys, CSRs and certificates as `openssl` makes and reads them: the judge that shares nothing with this program.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Kinds of key.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Rsa,
    Ec,
}

/// A CSR and the private key that it was made with.
pub struct Made {
    /// The CSR, PEM.
    pub csr: String,
    /// The private key, PEM.
    pub key: String,
}

/// Runs `openssl` on some input and gives its output; it must succeed.
pub fn openssl<S: AsRef<OsStr>>(arguments: &[S], input: &str) -> String {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is there");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl says: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// `openssl req -new` for these names, the first one being the common name.
pub fn request(kind: Kind, names: &[String]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    let subject = format!("/CN={}", names[0]);
    let list: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
    let extension = format!("subjectAltName={}", list.join(","));
    let algorithm: &[&str] = match kind {
        Kind::Rsa => &["-newkey", "rsa:2048"],
        Kind::Ec => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    };
    let mut arguments = vec!["req", "-new", "-nodes", "-subj", &subject];
    arguments.extend(["-addext", &extension, "-keyout", key.to_str().unwrap()]);
    arguments.extend(algorithm);
    let csr = openssl(&arguments, "");
    Made {
        csr,
        key: std::fs::read_to_string(&key).unwrap(),
    }
}

/// The public key of a CSR.
pub fn key_of_csr(csr: &str) -> String {
    openssl(&["req", "-noout", "-pubkey"], csr)
}

/// The public key of a certificate.
pub fn key_of_certificate(pem: &str) -> String {
    openssl(&["x509", "-noout", "-pubkey"], pem)
}

/// The public half of a private key.
pub fn key_of_private_key(pem: &str) -> String {
    openssl(&["pkey", "-pubout"], pem)
}

/// The DNS names of a certificate, sorted.
pub fn names_of_certificate(pem: &str) -> Vec<String> {
    let text = openssl(&["x509", "-noout", "-ext", "subjectAltName"], pem);
    let mut names: Vec<String> = text
        .split("DNS:")
        .skip(1)
        .map(|part| part.trim_end().trim_end_matches(',').to_owned())
        .collect();
    names.sort();
    names
}

/// The certificates of a PEM text, each by itself. Nothing else may be in it.
pub fn split(pem: &str) -> Vec<String> {
    const END: &str = "-----END CERTIFICATE-----\n";
    let mut parts = Vec::new();
    let mut rest = pem;
    while !rest.is_empty() {
        let at = rest.find(END).expect("whole certificates") + END.len();
        assert!(rest.starts_with("-----BEGIN CERTIFICATE-----\n"), "{rest}");
        parts.push(rest[..at].to_owned());
        rest = &rest[at..];
    }
    parts
}

/// `openssl verify` of a full chain, certificate first, up to the root.
pub fn verify(root: &str, full_chain: &str) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let parts = split(full_chain);
    let root = write("root.pem", root);
    let between = write("between.pem", &parts[1..].concat());
    let leaf = write("leaf.pem", &parts[0]);
    let said = openssl(
        &[
            Path::new("verify").as_os_str(),
            OsStr::new("-CAfile"),
            root.as_os_str(),
            OsStr::new("-untrusted"),
            between.as_os_str(),
            leaf.as_os_str(),
        ],
        "",
    );
    assert!(said.trim_end().ends_with(": OK"), "{said}");
}
