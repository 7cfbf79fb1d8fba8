//! The commands about certificates: what a CSR says, whether a chain is whole, what is served, and the download.

use std::io::Write as _;
use std::process::Stdio;

use certdeck::domain::certificate;

use crate::desk::{DESK, words};

#[test]
fn a_csr_says_all_that_the_form_would() {
    for (line, code, word) in [
        ("csr server.csr", 0, "shop.example.net"),
        ("csr server.csr --json", 0, "\"is_signature_valid\":true"),
        (
            "csr server.csr --order 100000018",
            0,
            "None of its names is on this order",
        ),
        ("csr cert.pem", 1, "this is a certificate, not a CSR"),
        ("csr privkey.pem", 1, "never be sent to anyone"),
        ("csr nosuch.csr", 1, "does not exist"),
        ("csr server.csr --duplicate", 2, "--order"),
    ] {
        let ran = DESK.run(line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        let told = ran.out + &ran.err;
        assert!(told.contains(word), "{line}: no `{word}` in {told}");
        assert!(!told.contains("Ctrl-"), "{told}");
    }
    let mut piped = DESK.command(&["csr", "-"]);
    let piped = piped.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut piped = piped.spawn().unwrap();
    let text = std::fs::read(DESK.home.path("server.csr")).unwrap();
    piped.stdin.take().unwrap().write_all(&text).unwrap();
    assert!(piped.wait().unwrap().success());
}

#[test]
fn a_chain_is_in_order_and_complete_or_not() {
    for (line, code, word) in [
        ("chain fullchain.pem", 0, "chain complete below Test Root"),
        ("chain whole.pem", 0, "chain complete, with the root"),
        ("chain turned.pem", 1, "out of order"),
        ("chain cert.pem", 1, "Test CA not sent"),
        ("chain fullchain.pem --key privkey.pem", 0, "yes"),
        ("chain server.csr", 1, "no certificate found"),
        ("chain fullchain.pem --key cert.pem", 1, "no private key"),
        ("chain --host 127.0.0.1:1", 1, "connection refused"),
        ("chain", 2, "FILE"),
    ] {
        let ran = DESK.run(line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        let told = ran.out + &ran.err;
        assert!(told.contains(word), "{line}: no `{word}` in {told}");
    }
    let key = rcgen::KeyPair::generate().unwrap();
    std::fs::write(DESK.home.path("other.pem"), key.serialize_pem()).unwrap();
    let other = DESK.run("chain fullchain.pem --key other.pem --json");
    assert_eq!(other.code, 1);
    assert!(other.out.contains("\"is_key\":false"), "{}", other.out);
}

#[test]
fn a_download_is_verified_and_never_written_over_a_file() {
    let serial = DESK.run("orders id:100000018 --columns serial --no-headers");
    let thumbprint = DESK.run("order 100000018 --columns thumbprint --no-headers");
    let cert = DESK.run("get 100000018 --part cert");
    assert_eq!(cert.code, 0, "{}", cert.err);
    let facts = certificate::read_all(&cert.out).unwrap();
    assert!(facts[0].has_serial(serial.out.trim()));
    for id in [serial.out.trim(), thumbprint.out.trim()] {
        let same = DESK.run(&format!("get {id} --part cert"));
        assert_eq!(
            (same.code, same.out.as_str()),
            (0, &*cert.out),
            "{id}: {}",
            same.err
        );
    }
    let full = DESK.run("get 100000018 -o new.pem");
    assert_eq!(full.code, 0, "{}", full.err);
    let first = std::fs::read_to_string(DESK.home.path("new.pem")).unwrap();
    assert!(first.starts_with(&cert.out) && first.len() > cert.out.len());
    let again = DESK.run("get 100000018 -o new.pem --part cert");
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(again.err.contains("already exists"), "{}", again.err);
    assert_eq!(
        std::fs::read_to_string(DESK.home.path("new.pem")).unwrap(),
        first
    );
    assert_eq!(
        DESK.run("get 100000018 -o new.pem --part cert --force")
            .code,
        0
    );
    assert_eq!(
        std::fs::read_to_string(DESK.home.path("new.pem")).unwrap(),
        cert.out
    );
    let p7b = DESK.run("get 100000018 --part p7b");
    assert!(p7b.out.starts_with("-----BEGIN PKCS7-----"), "{}", p7b.out);
    let zip = DESK.run("get 100000018 --part zip -o all.zip");
    assert_eq!(zip.code, 0, "{}", zip.err);
    let zip = std::fs::read(DESK.home.path("all.zip")).unwrap();
    assert!(zip.starts_with(b"PK"));
    for (line, code, word) in [
        ("get shop.example.net", 2, "neither an order number"),
        ("get 100000018 --cert 1", 1, "certdeck certs"),
        ("get 00ABCDEF00ABCDEF00", 1, "No order has a certificate"),
    ] {
        let ran = DESK.run(line);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{line}: {}",
            ran.err
        );
        assert!(ran.err.contains(word), "{line}: {}", ran.err);
    }
}

/// DNS knows no name of the account here: that is what is told, and not that nothing is served.
#[test]
fn what_is_served_is_looked_at_from_here() {
    let ran = DESK.run("served 100000018 --columns order,served,reason");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("100000018\tnone\tno such name"),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("*.beispiel.example has no host"),
        "{}",
        ran.err
    );
    assert_eq!(words("a 'b c'"), ["a", "b c"]);
}
