//! CSRs with keys that are made and thrown away when the trace runs.

use std::sync::LazyLock;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

/// CSRs by name.
pub(super) static CSRS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let host = ["shop.example.net"];
    let four = [
        "shop.example.net",
        "www.shop.example.net",
        "api.example.net",
        "pay.example.net",
    ];
    let five = [&four[..], &["new.example.net"]].concat();
    let other = ["old.example.org"];
    vec![
        ("one", csr(&four)),
        ("two", csr(&four)),
        ("three", csr(&four)),
        ("more", csr(&five)),
        ("other", csr(&other)),
        ("fresh", csr(&host)),
    ]
});

/// A CSR with a key that is made and thrown away here. Signatures are of three lengths: it is made until it has the one
/// that half of them have, so that every run counts the same bytes.
fn csr(names: &[&str]) -> &'static str {
    const SIGNATURE: usize = 71;
    let mut params =
        CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>())
            .expect("names");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names[0]);
    let made = (0..200).find_map(|_| {
        let key = KeyPair::generate().expect("a key");
        let request = params.serialize_request(&key).expect("a CSR");
        // The signature stands last, with its length in front and a byte for the bits that are not used.
        let der = request.der();
        let is_usual =
            der[der.len() - SIGNATURE - 3..].starts_with(&[0x03, SIGNATURE as u8 + 1, 0]);
        is_usual.then(|| request.pem().expect("PEM"))
    });
    made.expect("half of them have it").leak()
}

/// What is shown, without pieces of a CSR: they are others in each run.
pub(super) fn without_keys(text: &str) -> String {
    const LONG: usize = 32;
    let is_piece = |word: &&str| {
        let word = word.trim_end_matches(':');
        let of_base64 =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        word.len() >= LONG
            && word.bytes().all(of_base64)
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    let words = text
        .split(' ')
        .map(|word| if is_piece(&word) { "<base64>" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
