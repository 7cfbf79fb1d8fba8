//! The whole way on a real web server: nginx serves old certificates, orders are marked, reissued with new keys, approved,
//! written, installed by a command of the operator's, and seen to be served; a server that was left out is named.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use certdeck::sandbox::model::Approval;
use reqwest::Method;
use serde_json::json;

use super::account::{Pick, Server};
use super::openssl::{self, Kind, openssl};
use super::ports;
use super::support::pty::{ENTER, Pty, Setup, ctrl, key};
use super::tools::{Beside, program, until};

/// What the operator wrote: it is told the certificate's files by variables.
const INSTALL: &str = "#!/bin/sh
set -e
name=${CERTDECK_NAMES%% *}
cat \"$CERTDECK_FULLCHAIN\" > \"$1/$name.pem\"
cat \"$CERTDECK_KEY\" > \"$1/$name.key\"
NGINX -p \"$1\" -c nginx.conf -s reload 2>&1
echo \"reloaded for order $CERTDECK_ORDER\"
";

/// A DNS server that knows no name: whatever is not named in the settings is nowhere.
fn knows_no_name() -> u16 {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            // An answer, and NXDOMAIN (RFC 1035, 4.1.1).
            packet[2] |= 0x80;
            packet[3] = 3;
            let _ = socket.send_to(&packet[..length], from);
        }
    });
    port
}

/// A server for each place: its port, and the name of its files.
fn configuration(places: &[(u16, String)]) -> String {
    let mut text =
        "daemon off;\nerror_log error.log;\npid nginx.pid;\nevents {}\nhttp {\naccess_log off;\n"
            .to_owned();
    for folder in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        writeln!(text, "{folder}_temp_path {folder};").unwrap();
    }
    for (port, files) in places {
        writeln!(
            text,
            "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {files}.pem; ssl_certificate_key {files}.key; }}"
        )
        .unwrap();
    }
    text + "}\n"
}

/// A certificate of an order before the one that the desk asks for, with its key; issued at once.
async fn earlier(server: &Server, pick: &Pick) -> (String, String) {
    let made = openssl::request(Kind::Ec, &pick.names);
    let http = reqwest::Client::new();
    let call = |method: Method, path: String| {
        http.request(method, format!("{}{path}", server.sandbox().url()))
            .header("X-DC-DEVKEY", server.sandbox().key())
    };
    let body = json!({"certificate": {
        "common_name": pick.common_name, "dns_names": pick.names, "csr": made.csr, "signature_hash": "sha256",
    }});
    let path = format!("/order/certificate/{}/reissue", pick.id);
    let answer = call(Method::POST, path).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    let path = format!("/certificate/download/order/{}/format/pem_all", pick.id);
    let pem = call(Method::GET, path).send().await.unwrap();
    (pem.text().await.unwrap(), made.key)
}

fn mark(desk: &mut Pty, picks: &[Pick]) {
    for pick in picks {
        desk.send("/");
        desk.wait_for("Enter apply");
        desk.send(&pick.id.to_string());
        desk.wait_for("Orders 1 of ");
        desk.send(ENTER);
        desk.wait_for("Enter open");
        desk.send(" ");
        desk.wait_for("marked");
        desk.send(key("esc"));
        desk.wait_gone("Orders 1 of ");
    }
    desk.wait_for(&format!("{} marked", picks.len()));
}

#[test]
fn marked_orders_are_reissued_installed_on_nginx_and_seen_to_be_served() {
    let server = Server::start();
    let first = server.pick(Approval::Off);
    let second = server.pick_but(Approval::Off, &BTreeSet::from([first.id]));
    let third = server.pick(Approval::OneStep);
    let picks = [first, second, third];
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| std::fs::write(at(name), text).unwrap();

    // Each name has a server of its own, the first one two, of which nobody remembers the second.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (old, old_key) = runtime.block_on(earlier(&server, &picks[0]));
    let mut places: Vec<(u16, String)> = Vec::new();
    for pick in &picks {
        places.push((ports::free(), pick.common_name.clone()));
        let file = at(&format!("{}.key", pick.common_name));
        let subject = format!("/CN={}", pick.common_name);
        let arguments = [
            "req",
            "-x509",
            "-nodes",
            "-days",
            "9",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ];
        let own = ["-subj", &subject, "-keyout", file.to_str().unwrap()];
        write(
            &format!("{}.pem", pick.common_name),
            &openssl(&[&arguments[..], &own].concat(), ""),
        );
    }
    places.push((ports::free(), "forgotten".into()));
    write("forgotten.pem", &old);
    write("forgotten.key", &old_key);
    write("nginx.conf", &configuration(&places));
    let nginx = program("nginx");
    let mut command = Command::new(&nginx);
    command
        .arg("-p")
        .arg(folder.path())
        .args(["-c", "nginx.conf"]);
    let _nginx = Beside::start(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    for (port, _) in &places {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
        until("nginx", || TcpStream::connect(address).ok());
    }

    let install = at("install-cert");
    write(
        "install-cert",
        &INSTALL.replace("NGINX", nginx.to_str().unwrap()),
    );
    std::fs::set_permissions(&install, std::fs::Permissions::from_mode(0o755)).unwrap();
    let forgotten = places[3].0;
    let mut served = String::new();
    for (pick, (port, _)) in picks.iter().zip(&places) {
        let more = if pick.id == picks[0].id {
            format!(", \"127.0.0.1:{forgotten}\"")
        } else {
            String::new()
        };
        writeln!(
            served,
            "{:?} = [\"127.0.0.1:{port}\"{more}]",
            pick.common_name
        )
        .unwrap();
    }
    let settings = format!(
        "dns_servers = [\"127.0.0.1:{}\"]\ndns_checks = false\n[after_issue]\ncommand = [{:?}, {:?}]\n[served]\n{served}",
        knows_no_name(),
        install.display(),
        folder.path().display(),
    );
    write("config.toml", &settings);

    let mut desk = Setup::certdeck(&["--config", at("config.toml").to_str().unwrap()])
        .env("CERTDECK_URL", &server.sandbox().url())
        .env("CERTDECK_API_KEY", server.sandbox().key())
        .size(120, 40)
        .start();
    desk.wait_for("COVERAGE");
    mark(&mut desk, &picks);
    desk.send("r");
    desk.wait_for("{part}.pem");
    for pressed in ["tab", "right", "tab", "home"] {
        desk.send(key(pressed));
    }
    desk.send(&format!("{}/", folder.path().display()));
    desk.send(&ctrl('s'));
    desk.wait_for("3 reissues");
    desk.send(ENTER);
    desk.wait_for("approv");
    desk.wait_condition("the third one to arrive", || {
        server.sandbox().calls_of("reissue") == 4
    });
    desk.wait_for("a approve");
    desk.send("a");
    desk.wait_for("Approve");
    desk.say_yes("install-cert is done");
    let installed = |pick: &Pick| {
        let file = at(&format!("{}.pem", pick.common_name));
        std::fs::read_to_string(file).is_ok_and(|text| openssl::split(&text).len() > 1)
    };
    desk.wait_condition("all three to be installed", || picks.iter().all(installed));
    for pick in &picks {
        assert_fits(folder.path(), &pick.common_name);
    }

    // What nginx serves now is seen: on all three the new one, and where the operator forgot it is said.
    desk.send(key("esc"));
    desk.wait_for("COVERAGE");
    mark(&mut desk, &picks);
    desk.send("v");
    desk.wait_for("3 this one");
    desk.wait_for("1 earlier");
    desk.send("/");
    desk.send("served:old");
    desk.wait_for("Orders 1 of ");
    desk.send(ENTER);
    desk.send(ENTER);
    desk.wait_for(&format!("127.0.0.1:{forgotten}"));
    desk.wait_for("earlier");
    for _ in 0..4 {
        desk.send("o");
    }
    desk.wait_for(&format!("reloaded for order {}", picks[0].id));
}

/// The key beside a certificate is the one that is in it.
fn assert_fits(folder: &Path, name: &str) {
    let read =
        |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}"))).unwrap();
    let certificate = &openssl::split(&read("pem"))[0];
    assert_eq!(
        openssl::key_of_private_key(&read("key")),
        openssl::key_of_certificate(certificate)
    );
}
