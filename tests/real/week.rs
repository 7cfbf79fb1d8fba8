//! A week's job in a script of thirty lines, with the environment that cron gives it and no other; the judges are `openssl` and
//! what reads JSON and CSV everywhere.

use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use super::account::Server;
use super::openssl::{self, openssl};
use super::tools::program;

/// What cron sets: a shell, a home, a name, and a short search path.
fn cron(home: &Path, command: &str) -> (i32, String) {
    let output = Command::new("/bin/sh")
        .args(["-c", command])
        .env_clear()
        .env("HOME", home)
        .env("LOGNAME", "certs")
        .env("SHELL", "/bin/sh")
        .env("PATH", "/usr/bin:/bin")
        .current_dir(home)
        .output()
        .unwrap();
    let mail = [output.stdout, output.stderr].concat();
    let mail = String::from_utf8(mail).unwrap();
    (output.status.code().unwrap(), mail)
}

fn put(path: &Path, text: &str, mode: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// What another program makes of a file.
fn reads(reader: &str, arguments: &[&str], file: &Path) -> String {
    let mut command = Command::new(program(reader));
    let output = command.args(arguments).arg(file).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reader}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_script_does_the_weeks_job_under_cron() {
    let server = Server::start();
    let sandbox = server.sandbox();
    // The CA takes its time with some: the next run would take them up.
    sandbox.change_account(|account| {
        let all: Vec<u64> = account.orders().iter().map(|order| order.id).collect();
        for id in all {
            account.order_mut(id).unwrap().is_slow = false;
        }
    });
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::create_dir(at("bin")).unwrap();
    symlink(env!("CARGO_BIN_EXE_certdeck"), at("bin/certdeck")).unwrap();
    put(
        &at("install"),
        "#!/bin/sh\necho \"$CERTDECK_ORDER\" >> \"$HOME/installed\"\n",
        0o700,
    );
    put(&at("api-key"), sandbox.key(), 0o600);
    put(
        &at(".config/certdeck/config.toml"),
        &format!(
            "profile = \"acme\"\n[profiles.acme]\nurl = \"{}\"\nkey_file = \"{}\"\nkey_store = false\n",
            sandbox.url(),
            at("api-key").display()
        ),
        0o600,
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/week.sh");
    let installed = || {
        let all = std::fs::read_to_string(at("installed")).unwrap_or_default();
        all.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let report = || -> Vec<Value> {
        let text = std::fs::read_to_string(at("report.json")).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        report["rows"].as_array().unwrap().clone()
    };
    let of_state = |rows: &[Value], state: &str| -> BTreeSet<String> {
        let rows = rows.iter().filter(|row| row["state"] == state);
        rows.map(|row| row["order"].to_string()).collect()
    };

    let (code, mail) = cron(home.path(), script);
    assert_eq!(code, 4, "{mail}");
    let rows = report();
    let issued = of_state(&rows, "issued");
    let waiting = of_state(&rows, "waiting_for_approval");
    assert!(issued.len() > 2 && !waiting.is_empty(), "{mail}");
    assert_eq!(installed().into_iter().collect::<BTreeSet<_>>(), issued);
    for order in &waiting {
        assert!(
            mail.contains(&format!("(order {order}): waiting")),
            "{mail}"
        );
    }
    for order in &issued {
        assert!(!mail.contains(&format!("(order {order})")), "{mail}");
    }
    for row in rows.iter().filter(|row| row["state"] == "issued") {
        assert_fits(&at(row["file"].as_str().unwrap()));
    }
    // Other programs read what was printed.
    let listed = reads(
        "python3",
        &[
            "-c",
            "import csv,sys; print(*[row['order'] for row in csv.DictReader(open(sys.argv[1]))])",
        ],
        &at("due.csv"),
    );
    let listed: BTreeSet<String> = listed.split_whitespace().map(str::to_owned).collect();
    assert!(issued.is_subset(&listed), "{listed:?}");
    let counted = reads("jq", &["-r", ".rows | length"], &at("report.json"));
    assert_eq!(counted.trim(), rows.len().to_string());
    assert!(
        std::fs::read_to_string(at("certdeck.prom"))
            .unwrap()
            .contains("certdeck_")
    );
    assert!(!std::fs::read_to_string(at("check.txt")).unwrap().is_empty());
    assert!(!mail.contains(sandbox.key()));

    // Somebody approves; the next week's run takes up what was sent, and sends nothing for it.
    let calls = sandbox.calls_of("reissue");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for order in &waiting {
        for request in server.requests(order.parse().unwrap()) {
            if request.status.is_open() {
                let body = json!({"status": "approved", "processor_comment": "yes"});
                let url = format!("{}/request/{}/status", sandbox.url(), request.id);
                let call = reqwest::Client::new()
                    .request(Method::PUT, url)
                    .header("X-DC-DEVKEY", sandbox.key())
                    .json(&body);
                let status = runtime.block_on(call.send()).unwrap().status();
                assert_eq!(status, 204, "request {}", request.id);
            }
        }
    }
    let (_, mail) = cron(home.path(), script);
    let rows = report();
    let second = of_state(&rows, "issued");
    // Some are approved, and wait for a domain.
    let approved = &second | &of_state(&rows, "waiting_for_certificate");
    assert!(approved.is_superset(&waiting), "{mail}");
    assert!(!second.is_empty(), "{mail}");
    assert_eq!(installed().len(), issued.len() + second.len(), "{mail}");
    assert_eq!(sandbox.calls_of("reissue"), calls, "{mail}");
    let (code, mail) = cron(home.path(), script);
    assert_eq!(sandbox.calls_of("reissue"), calls, "{mail}");
    assert!([0, 4].contains(&code), "{mail}");
}

#[test]
fn systemd_takes_the_units_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for name in ["certdeck-reissue.service", "certdeck-reissue.timer"] {
        let unit = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("assets")
            .join(name);
        let text = std::fs::read_to_string(unit).unwrap();
        // Where it is installed nobody can write here.
        let text = text.replace("/usr/local/bin/certdeck", env!("CARGO_BIN_EXE_certdeck"));
        paths.push(folder.path().join(name));
        std::fs::write(&paths[paths.len() - 1], text).unwrap();
    }
    let mut verify = Command::new(program("systemd-analyze"));
    let verified = verify.arg("verify").args(&paths).output().unwrap();
    let told = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success(), "{told}");
    assert!(!told.contains("certdeck-reissue"), "{told}");
}

/// The full chain fits together, and its first certificate the key beside it.
fn assert_fits(file: &Path) {
    let parts = openssl::split(&std::fs::read_to_string(file).unwrap());
    assert!(parts.len() > 1, "{}", file.display());
    let key = file.with_file_name("privkey.pem");
    let mode = key.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let public = openssl(&["pkey", "-pubout", "-in", key.to_str().unwrap()], "");
    assert_eq!(openssl::key_of_certificate(&parts[0]), public);
}
