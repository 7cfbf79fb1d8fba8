//! What a public data set of certificates, CSRs and keys is read as, held against what `openssl` says of it.
//!
//! The data is that of Python's `cryptography_vectors`, which `tests/run` fetches (`requirements.txt` pins it) and names in
//! `CERTDECK_VECTORS`. It is read out of its archive and never unpacked. Where the two differ, [`differences`] says why.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod differences;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};

use certdeck::domain::certificate::CertFacts;
use certdeck::domain::csr::{self, Verdict};
use certdeck::domain::subject::{AltNames, Subject};
use certdeck::domain::{pem, secret};

/// Files of the data set by name, below its folder.
fn files(under: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    let Some(path) = std::env::var_os("CERTDECK_VECTORS") else {
        let required = std::env::var_os("CERTDECK_VECTORS_REQUIRED").is_some();
        assert!(
            !required,
            "the data set is required here: tests/run fetches it"
        );
        eprintln!("not compared: tests/run fetches the data set and names it in CERTDECK_VECTORS");
        return None;
    };
    let archive = std::fs::read(path).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file
            .name()
            .unwrap()
            .trim_start_matches("cryptography_vectors/")
            .to_owned();
        if file.is_file() && name.starts_with(under) {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            files.insert(name, bytes);
        }
    }
    assert!(!files.is_empty(), "nothing under {under}");
    Some(files)
}

/// What `openssl` prints of `input`, on both of its outputs; `None` when it fails.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed where tests run");
    // It may have seen enough before the end.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    output.status.success().then_some(text)
}

fn is_text(bytes: &[u8]) -> bool {
    bytes.windows(10).any(|window| window == b"-----BEGIN")
}

fn form(bytes: &[u8]) -> &'static str {
    if is_text(bytes) { "PEM" } else { "DER" }
}

/// The value of `name=value` in a line of its own.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

fn spki(text: &str) -> Option<Vec<u8>> {
    let begin = text.find("-----BEGIN PUBLIC KEY-----")?;
    let blocks = pem::blocks(&text[begin..]).ok()?;
    Some(blocks.into_iter().next()?.der)
}

/// The values of a name, sorted.
fn values(subject: &Subject) -> Vec<String> {
    let one = [
        &subject.common_name,
        &subject.organization,
        &subject.locality,
        &subject.state,
        &subject.country,
        &subject.email,
    ];
    let mut values: Vec<String> = one.into_iter().flatten().cloned().collect();
    values.extend(subject.units.iter().cloned());
    values.extend(subject.others.iter().map(|(_, value)| value.clone()));
    values.sort();
    values
}

/// The same as `openssl -nameopt sep_multiline` prints it.
fn values_of(text: &str, heading: &str) -> Vec<String> {
    let lines = text
        .lines()
        .skip_while(|line| !line.starts_with(heading))
        .skip(1);
    let mut values: Vec<String> = lines
        .take_while(|line| line.starts_with("    "))
        .filter_map(|line| line.split_once('='))
        .map(|(_, value)| value.to_owned())
        .collect();
    values.sort();
    values
}

/// DNS names, addresses, mail addresses and URIs, sorted.
fn alternative(names: &AltNames) -> Vec<String> {
    let mut all: Vec<String> = names.dns.iter().map(|name| format!("DNS:{name}")).collect();
    all.extend(names.emails.iter().map(|name| format!("email:{name}")));
    all.extend(names.uris.iter().map(|name| format!("URI:{name}")));
    all.extend(names.ips.iter().map(|ip| format!("IP {ip}")));
    all.sort();
    all
}

/// The same of what `openssl -text` prints.
fn alternative_of(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut lines = text.lines();
    while lines.any(|line| line.contains("X509v3 Subject Alternative Name")) {
        for name in lines.next().unwrap_or_default().trim().split(", ") {
            if let Some(ip) = name.strip_prefix("IP Address:") {
                all.extend(ip.parse::<std::net::IpAddr>().map(|ip| format!("IP {ip}")));
            } else if ["DNS:", "email:", "URI:"]
                .iter()
                .any(|kind| name.starts_with(kind))
            {
                all.push(name.to_owned());
            }
        }
    }
    all.sort();
    all
}

/// Collects what differs, each with the file and what is said on both sides.
#[derive(Default)]
struct Differences(Vec<(String, String)>);

impl Differences {
    fn check<T: PartialEq + std::fmt::Debug>(
        &mut self,
        file: &str,
        what: &str,
        ours: &T,
        theirs: &T,
    ) {
        if ours != theirs {
            self.0.push((
                format!("{file}: {what}"),
                format!("here {ours:?}, openssl {theirs:?}"),
            ));
        }
    }

    /// Each is known and has its reason, and no reason is left over.
    fn are(self, known: &[(&str, &str)]) {
        let mut complaints: Vec<String> = Vec::new();
        for (place, words) in &self.0 {
            if !known.iter().any(|(known, _)| known == place) {
                complaints.push(format!("{place}: {words}"));
            }
        }
        for (place, reason) in known {
            if !self.0.iter().any(|(found, _)| found == place) {
                complaints.push(format!("{place}: no longer differs ({reason})"));
            }
        }
        assert!(
            complaints.is_empty(),
            "{}\n{}",
            complaints.len(),
            complaints.join("\n")
        );
    }
}

const NAMES: [&str; 2] = ["-nameopt", "sep_multiline,sname,utf8"];

#[test]
fn requests_are_read_as_openssl_reads_them() {
    let Some(files) = files("x509/requests/") else {
        return;
    };
    let mut differences = Differences::default();
    for (file, bytes) in &files {
        let arguments = [
            "req",
            "-inform",
            form(bytes),
            "-noout",
            "-text",
            "-subject",
            "-pubkey",
            NAMES[0],
            NAMES[1],
        ];
        let theirs = openssl(&arguments, bytes);
        let text = csr::of_file(bytes).unwrap();
        let ours = csr::read(&text);
        differences.check(file, "readable", &ours.is_ok(), &theirs.is_some());
        let (Ok(ours), Some(theirs)) = (ours, theirs) else {
            continue;
        };
        differences.check(
            file,
            "subject",
            &values(&ours.subject),
            &values_of(&theirs, "subject="),
        );
        differences.check(
            file,
            "names",
            &alternative(&ours.names),
            &alternative_of(&theirs),
        );
        differences.check(file, "key", &Some(ours.spki_der.clone()), &spki(&theirs));
        let verify = ["req", "-inform", form(bytes), "-noout", "-verify"];
        let valid = openssl(&verify, bytes).is_some_and(|said| said.contains("verify OK"));
        match &ours.verdict {
            // What is not checked here may be either; that it is said is held elsewhere.
            Verdict::Unsupported(_) => {}
            verdict => differences.check(file, "signature", &(*verdict == Verdict::Valid), &valid),
        }
    }
    differences.are(differences::REQUESTS);
}

#[test]
fn certificates_are_read_as_openssl_reads_them() {
    let Some(files) = files("x509/") else {
        return;
    };
    let mut differences = Differences::default();
    let mut read = 0;
    for (file, bytes) in &files {
        let kind = [".pem", ".der", ".crt"]
            .iter()
            .any(|ending| file.ends_with(ending));
        if !kind || file.contains("/requests/") || file.contains("crl") || file.contains("/ocsp/") {
            continue;
        }
        let first = if is_text(bytes) {
            let blocks = pem::blocks(&String::from_utf8_lossy(bytes)).unwrap_or_default();
            let certificate = |block: &pem::Block| block.label.ends_with("CERTIFICATE");
            match blocks.into_iter().find(certificate) {
                Some(block) => block.der,
                None => continue,
            }
        } else {
            bytes.clone()
        };
        let arguments = [
            "x509",
            "-inform",
            "DER",
            "-noout",
            "-text",
            "-serial",
            "-subject",
            "-startdate",
            "-enddate",
            "-dateopt",
            "iso_8601",
            "-pubkey",
            "-fingerprint",
            "-sha256",
            NAMES[0],
            NAMES[1],
        ];
        let theirs = openssl(&arguments, &first);
        let ours = CertFacts::from_der(&first);
        differences.check(file, "readable", &ours.is_ok(), &theirs.is_some());
        let (Ok(ours), Some(theirs)) = (ours, theirs) else {
            continue;
        };
        read += 1;
        let digits = |text: &str| text.replace(':', "");
        let fingerprint = value(&theirs, "sha256 Fingerprint").map(digits);
        differences.check(
            file,
            "fingerprint",
            &Some(ours.sha256.clone()),
            &fingerprint,
        );
        // As the API writes it, with the zero that keeps it positive; openssl leaves that out.
        let plain = |serial: &str| serial.trim_start_matches('0').to_owned();
        let serial = value(&theirs, "serial").map(plain);
        differences.check(file, "serial", &Some(plain(&ours.serial)), &serial);
        let date = |name| value(&theirs, name).map(|date| date.replace(' ', "T"));
        differences.check(
            file,
            "begin",
            &Some(ours.not_before.to_string()),
            &date("notBefore"),
        );
        differences.check(
            file,
            "end",
            &Some(ours.not_after.to_string()),
            &date("notAfter"),
        );
        differences.check(
            file,
            "subject",
            &values(&ours.subject),
            &values_of(&theirs, "subject="),
        );
        differences.check(
            file,
            "names",
            &alternative(&ours.names),
            &alternative_of(&theirs),
        );
        differences.check(file, "key", &Some(ours.spki_der.clone()), &spki(&theirs));
        if ours.is_self_issued() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("c.pem");
            std::fs::write(&path, ours.pem()).unwrap();
            let path = path.to_str().unwrap();
            let arguments = [
                "verify",
                "-check_ss_sig",
                "-no_check_time",
                "-auth_level",
                "0",
                "-CAfile",
                path,
                path,
            ];
            let said = openssl(&arguments, b"").unwrap_or_default();
            // A CA that changed its key, or a certificate that openssl refuses for another reason, is no matter of signatures.
            if said.contains("OK") {
                differences.check(file, "self-signed", &ours.is_self_signed(), &true);
            }
        }
    }
    assert!(read > 450, "{read}");
    differences.are(differences::CERTIFICATES);
}

#[test]
fn keys_are_told_from_what_is_public() {
    let Some(mut all) = files("asymmetric/") else {
        return;
    };
    all.extend(files("x509/").unwrap());
    all.extend(files("pkcs12/").unwrap());
    let mut differences = Differences::default();
    let mut keys = 0;
    for (file, bytes) in &all {
        let store = [".p12"].iter().any(|ending| file.ends_with(ending));
        let binary = [".der", ".crt", ".p12"]
            .iter()
            .any(|ending| file.ends_with(ending));
        let text = [".pem", ".key", ".pub"]
            .iter()
            .any(|ending| file.ends_with(ending));
        if !binary && !text {
            continue;
        }
        let says = String::from_utf8_lossy(bytes);
        let private = if is_text(bytes) {
            says.contains("PRIVATE KEY-----")
        } else if store {
            true
        } else {
            let read = |passphrase| {
                openssl(
                    &["pkey", "-inform", "DER", "-noout", "-passin", passphrase],
                    bytes,
                )
            };
            binary
                && ["pass:foobar", "pass:password", "pass:x"]
                    .into_iter()
                    .any(|word| read(word).is_some())
        };
        keys += usize::from(private);
        differences.check(
            file,
            "private",
            &secret::in_bytes(bytes).is_some(),
            &private,
        );
    }
    assert!(keys > 100, "{keys}");
    differences.are(differences::KEYS);
}
