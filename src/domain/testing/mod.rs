//! Real keys, requests and certificates for the tests of this room, made when the tests run.

mod dresses;
#[path = "../../../tests/support/fixtures.rs"]
pub(crate) mod fixtures;
mod strangers;

use std::io::Write as _;
use std::process::{Command, Stdio};

use rcgen::{CertificateParams, DnType, IsCa, KeyPair};

pub(crate) use dresses::dresses;

/// One name in the spellings that people, files and accounts have for it: cases, a final dot, A-labels, letters put
/// together of two, wide letters, dots of other keyboards, and what no one sees.
pub(crate) const SPELLINGS: [&str; 9] = [
    "bücher.example",
    "BÜCHER.Example",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.EXAMPLE.",
    "bu\u{308}cher.example",
    "bücher\u{3002}example",
    " bücher.example. ",
    "ｂücher.ｅxample",
    "bü\u{ad}cher.example",
];

/// What `openssl` with these arguments prints when it reads `input`.
pub(crate) fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed where tests run");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A CSR as `openssl req -new -newkey KEY…` prints it, and what it was asked for. `key` is the value of `-newkey` and
/// any further arguments.
pub(crate) fn csr(subject: &str, key: &[&str]) -> (String, Vec<String>) {
    let mut arguments = vec![
        "req",
        "-new",
        "-nodes",
        "-keyout",
        "/dev/null",
        "-subj",
        subject,
        "-newkey",
    ];
    arguments.extend(key);
    let text = String::from_utf8(openssl(&arguments, b"")).unwrap();
    (text, arguments.iter().map(ToString::to_string).collect())
}

/// A self-signed end-entity certificate and its key.
pub(crate) fn self_signed(name: &str) -> (String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, IsCa::ExplicitNoCa).self_signed(&key).unwrap();
    (certificate.pem(), key)
}

/// Certificate parameters with this common name.
pub(crate) fn params(name: &str, is_ca: IsCa) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = is_ca;
    params.use_authority_key_identifier_extension = true;
    params
}
