//! What certdeck sees in a real DNS server's zone: NSD, in a folder and on a port of the test's own.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use certdeck::domain::caa::CaaVerdict;
use certdeck::domain::dcv::{DcvMethod, Placement, placement};
use certdeck::domain::sighting::Seen;
use certdeck::probe::{Probe, ProbeOptions};
use certdeck::sandbox::model::{DcvMethod as Method, Domain};

use super::account::Server;
use super::ports;
use super::support::pty::{ENTER, Setup, key};
use super::tools::{processes, program, until};

/// The zone above, so that nothing on the way up is refused.
const ABOVE: &str = "\
$ORIGIN test.
$TTL 60
@ IN SOA ns1.example.test. pki.example.test. 1 3600 600 86400 60
@ IN NS ns1.example.test.
example IN NS ns1.example.test.
open IN TXT \"nothing of CAA\"
";

/// The lines are those that certdeck gives to paste, and what operators have besides.
const ZONE: &str = "\
$ORIGIN example.test.
$TTL 60
@ IN SOA ns1 pki 1 3600 600 86400 60
@ IN NS ns1
ns1 IN A 127.0.0.1
@ IN TXT \"v=spf1 -all\"
@ IN CAA 0 issue \"letsencrypt.org\"
@ IN CAA 0 issuewild \"digicert.com; account=0123456789\"
@ IN CAA 0 iodef \"mailto:pki@example.test\"
shop IN CNAME www
www IN A 127.0.0.1
none IN CAA 0 issue \";\"
strict IN CAA 0 issue \"digicert.com\"
strict IN CAA 128 tbs \"unknown\"
split IN TXT \"abc\" \"def\"
";

/// The server, which forks: those that it made end when it is told to.
struct Nsd {
    child: Child,
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Nsd {
    fn start(lines: &[String]) -> Self {
        let zone = format!("{ZONE}{}\n", lines.join("\n"));
        Self::of(&[("test".into(), ABOVE.into()), ("example.test".into(), zone)])
    }

    /// A server of zones, by name and text.
    fn of(zones: &[(String, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (name, text) in zones {
            std::fs::write(at(name), text).unwrap();
        }
        let port = ports::free();
        let names: Vec<&str> = zones.iter().map(|(name, _)| name.as_str()).collect();
        std::fs::write(at("config"), config(folder.path(), port, &names)).unwrap();
        let child = Command::new(program("nsd"))
            .arg("-d")
            .arg("-c")
            .arg(at("config"))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let server = Self {
            child,
            folder,
            address,
        };
        until("the DNS server", || TcpStream::connect(address).ok());
        server
    }

    fn config_file(&self) -> String {
        self.folder.path().join("config").display().to_string()
    }
}

impl Drop for Nsd {
    fn drop(&mut self) {
        // It may have ended by itself.
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

/// Nothing of the machine's own server, no change of user, nothing to control it by.
fn config(folder: &Path, port: u16, zones: &[&str]) -> String {
    let folder = folder.display();
    let zones = zones
        .iter()
        .map(|name| format!("zone:\n name: {name}\n zonefile: \"{name}\"\n"));
    let zones = zones.collect::<Vec<_>>().concat();
    format!(
        "server:\n ip-address: 127.0.0.1@{port}\n server-count: 1\n username: \"\"\n chroot: \"\"\n database: \"\"\n \
         pidfile: \"\"\n zonesdir: \"{folder}\"\n xfrdfile: \"{folder}/state\"\n xfrdir: \"{folder}\"\n \
         zonelistfile: \"{folder}/list\"\n logfile: \"{folder}/log\"\n\
         remote-control:\n control-enable: no\n{zones}"
    )
}

fn place(method: &DcvMethod, domain: &str) -> Placement {
    placement(method, domain, "abcdef", None).unwrap()
}

#[tokio::test]
async fn records_as_certdeck_gives_them_are_found_in_a_real_zone() {
    let (txt, cname) = (DcvMethod::DnsTxt, DcvMethod::DnsCname);
    let mut lines = vec![
        place(&txt, "example.test").line(),
        place(&cname, "*.example.test").line(),
        place(&txt, "big.example.test").line(),
    ];
    // More than one packet holds.
    let filler = "x".repeat(200);
    lines.extend((0..20).map(|n| format!("big IN TXT \"{n} {filler}\"")));
    let server = Nsd::start(&lines);
    let probe = Probe::new(ProbeOptions {
        dns_servers: vec![server.address],
        dns_port: server.address.port(),
        limit: Duration::from_secs(20),
        whole: Duration::from_mins(1),
        ..ProbeOptions::default()
    });
    for place in [
        place(&txt, "example.test"),
        place(&txt, "split.example.test"),
        place(&txt, "big.example.test"),
        place(&cname, "example.test"),
    ] {
        let seen = probe.sightings(&place).await;
        assert_eq!(seen.len(), 2, "{seen:?}");
        let found = seen.iter().all(|one| one.seen == Seen::Found);
        assert!(found, "{place:?}: {seen:?}");
        assert_eq!(seen[1].server, "ns1.example.test (127.0.0.1)");
    }
    for (place, expected) in [
        (place(&txt, "www.example.test"), Seen::Nothing),
        (place(&txt, "absent.example.test"), Seen::Nothing),
        (place(&cname, "www.example.test"), Seen::Nothing),
    ] {
        let seen = probe.sightings(&place).await;
        assert!(seen.iter().all(|one| one.seen == expected), "{seen:?}");
    }
    for (name, words) in [
        (
            "www.example.test",
            "CAA at example.test names letsencrypt.org only: DigiCert may not issue",
        ),
        ("*.www.example.test", "CAA at example.test allows DigiCert"),
        (
            "shop.example.test",
            "CAA at example.test names letsencrypt.org only: DigiCert may not issue",
        ),
        (
            "none.example.test",
            "CAA at none.example.test authorizes no CA: DigiCert may not issue",
        ),
        (
            "strict.example.test",
            "CAA at strict.example.test has the unknown critical property tbs: DigiCert may not issue",
        ),
        ("open.test", "no CAA records: any CA may issue"),
    ] {
        let verdict = CaaVerdict::of(name, &probe.caa(name).await);
        assert_eq!(verdict.words(), words, "{name}");
    }
    // A zone that this server does not have: it refuses, and that is no answer.
    let verdict = CaaVerdict::of("other.invalid", &probe.caa("other.invalid").await);
    assert!(matches!(verdict, CaaVerdict::Unknown(_)), "{verdict:?}");
    let file = server.config_file();
    drop(server);
    assert_eq!(processes(&[&file]), 0, "what it forked is gone");
}

/// The whole way: a desk shows the record to place, and whether it stands there.
#[test]
fn a_desk_looks_for_the_record_of_a_domain_in_a_real_zone() {
    let server = Server::start();
    // Two domains of the account that wait for a record of the zone above.
    let (there, absent) = server.sandbox().with_account(|account| {
        let mut waiting = account.domains.iter().filter(|domain| {
            let dcv = &domain.dcv;
            dcv.method == Method::DnsTxtToken
                && dcv
                    .expires
                    .is_none_or(|until| until < jiff::Timestamp::now())
        });
        let mut next = || waiting.next().expect("a domain without a proof").clone();
        (next(), next())
    });
    let zone = |domain: &Domain, more: &str| {
        let name = &domain.name;
        (
            name.clone(),
            format!(
                "$ORIGIN {name}.\n$TTL 60\n@ IN SOA ns1 pki 1 3600 600 86400 60\n@ IN NS ns1\nns1 IN A 127.0.0.1\n{more}\n"
            ),
        )
    };
    let record = format!("@ IN TXT \"{}\"", there.dcv.token);
    let dns = Nsd::of(&[zone(&there, &record), zone(&absent, "")]);
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("config.toml");
    std::fs::write(&settings, format!("dns_servers = [\"{}\"]\n", dns.address)).unwrap();
    let mut desk = Setup::certdeck(&["--config", settings.to_str().unwrap()])
        .env("CERTDECK_URL", &server.sandbox().url())
        .env("CERTDECK_API_KEY", server.sandbox().key())
        .size(120, 40)
        .start();
    desk.wait_for("COVERAGE");
    desk.send("5");
    desk.wait_for("OV UNTIL");
    for (domain, seen) in [(&there, "found"), (&absent, "not found")] {
        desk.send("/");
        desk.wait_for("Enter apply");
        desk.send(&domain.name);
        desk.wait_for("Domains 1 of ");
        desk.send(ENTER);
        desk.wait_for(&format!("{} (domain", domain.name));
        desk.wait_for(&domain.dcv.token);
        desk.send("v");
        let line = format!("resolver {}: {seen}", dns.address);
        desk.wait_for(&line);
        desk.send(key("esc"));
        desk.wait_gone("Domains 1 of ");
    }
}
