//! The week's job of a whole account, unattended: what is due is reissued with new keys, written, and handed to a command; a second
//! run sends nothing, and takes up what was approved meanwhile.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use certdeck::sandbox::model::Approval;

use crate::account::Server;
use crate::support::{Home, Ran, ran, write};

/// The week's job of an account where nearly all is due.
const DUE: [&str; 8] = [
    "reissue",
    "--due",
    "--within",
    "400d",
    "--new-key",
    "p256",
    "--out",
    "certs",
];

struct Job {
    server: Server,
    home: Home,
}

impl Job {
    fn new() -> Self {
        let job = Self {
            server: Server::start(),
            home: Home::new(),
        };
        write(
            &job.home.path("install"),
            "#!/bin/sh\ntest -s \"$CERTDECK_FULLCHAIN\" && test -s \"$CERTDECK_KEY\" && echo $CERTDECK_ORDER >> \"$1\"\n",
            0o700,
        );
        job
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.home.command(arguments);
        command
            .env("CERTDECK_URL", self.server.sandbox().url())
            .env("CERTDECK_API_KEY", self.server.sandbox().key())
            .current_dir(self.home.path(""));
        ran(&mut command)
    }

    /// The weekly job, as cron would start it.
    fn week(&self, more: &[&str]) -> (Ran, Vec<Value>) {
        let install = self.home.path("install").display().to_string();
        let log = self.log().display().to_string();
        let mut line = [&DUE[..], &["--json"], more].concat();
        line.extend(["--yes", "--exec", &install, &log]);
        let ran = self.run(&line);
        let rows: Value = serde_json::from_str(&ran.out)
            .unwrap_or_else(|why| panic!("{why}: {}{}", ran.out, ran.err));
        let rows = rows["rows"].as_array().unwrap().clone();
        (ran, rows)
    }

    fn log(&self) -> std::path::PathBuf {
        self.home.path("installed")
    }

    fn installed(&self) -> Vec<String> {
        let mut all: Vec<String> = std::fs::read_to_string(self.log())
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect();
        all.sort();
        all
    }

    /// Lets orders cover more than their certificates: a reissue is due, and no renewal.
    fn cover_longer(&self, orders: &[u64]) {
        self.server.sandbox().change_account(|account| {
            for id in orders {
                let order = account.order_mut(*id).unwrap();
                let end = order.order_valid_till.unwrap();
                order.order_valid_till = Some(end.checked_add(jiff::Span::new().days(90)).unwrap());
            }
        });
    }

    fn approve(&self, order: u64) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = self.server.sandbox();
        let requests = self.server.requests(order);
        let open = requests.iter().find(|one| one.status.is_open()).unwrap();
        let call = reqwest::Client::new()
            .put(format!("{}/request/{}/status", sandbox.url(), open.id))
            .header("X-DC-DEVKEY", sandbox.key())
            .json(&json!({"status": "approved", "processor_comment": "by the test"}));
        assert_eq!(runtime.block_on(call.send()).unwrap().status(), 204);
    }
}

fn state(row: &Value) -> &str {
    row["state"].as_str().unwrap()
}

#[test]
fn what_is_due_is_reissued_once_and_what_was_approved_is_written_by_the_next_run() {
    let job = Job::new();
    let calls = || job.server.sandbox().calls_of("reissue");
    let [free, asked] = [Approval::Off, Approval::OneStep].map(|kind| job.server.pick(kind).id);
    job.cover_longer(&[free, asked]);
    let (of_free, of_asked) = (format!("id:{free}"), format!("id:{asked}"));
    let shown = job.run(&[&DUE[..], &["--dry-run", "--json", &of_free]].concat());
    assert_eq!((shown.code, calls()), (0, 0), "{}", shown.err);
    assert!(
        shown.out.contains("of the key that is generated"),
        "{}",
        shown.out
    );
    assert!(
        shown.err.contains("What changes"),
        "reviewed: {}",
        shown.err
    );
    // The key that was tried is not the one that is sent: its CSR is told nowhere.
    assert!(shown.err.contains("of the key that is generated"));
    assert!(!(shown.err + &shown.out).contains("BEGIN CERTIFICATE REQUEST"));
    let unasked = job.run(&[&DUE[..], &[&of_free]].concat());
    assert_eq!((unasked.code, calls()), (2, 0), "{}", unasked.err);
    assert!(
        !job.home.path("certs").exists(),
        "no key is made before it is to be sent"
    );

    let (first, rows) = job.week(&[&of_free]);
    assert_eq!((first.code, calls()), (0, 1), "{}{}", first.out, first.err);
    assert_eq!(state(&rows[0]), "issued");
    assert_eq!(job.installed(), [free.to_string()]);
    let key = Path::new(rows[0]["key_file"].as_str().unwrap());
    assert_eq!(
        std::fs::metadata(key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let file = job.home.path("").join(rows[0]["file"].as_str().unwrap());
    assert_eq!(key.parent(), file.parent());

    // What waits for approval is said to, and never sent again.
    for _ in 0..2 {
        let (waits, rows) = job.week(&[&of_asked]);
        assert_eq!((waits.code, calls()), (4, 2), "{}{}", waits.out, waits.err);
        assert_eq!(state(&rows[0]), "waiting_for_approval");
    }

    // Approved in the meantime: written and installed by the next run, with the key of the first.
    job.approve(asked);
    let (third, rows) = job.week(&["--max", "0"]);
    assert_eq!((third.code, calls()), (0, 2), "{}{}", third.out, third.err);
    assert_eq!(rows[0]["order"], asked);
    assert_eq!(state(&rows[0]), "issued");
    assert_eq!(job.installed().len(), 2);
    assert!(job.installed().contains(&asked.to_string()));
    let resumed = job.run(&["resume"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.out, resumed.err);
}

/// Whoever sees a certificate issued, a command without a folder or a desk: the files go where the week's job wanted them.
#[test]
fn what_another_command_saw_issued_is_written_where_the_weeks_job_wanted_it() {
    let job = Job::new();
    let asked = job.server.pick(Approval::OneStep).id;
    job.cover_longer(&[asked]);
    let (waits, rows) = job.week(&[&format!("id={asked}")]);
    assert_eq!(waits.code, 4, "{}{}", waits.out, waits.err);
    let key = rows[0]["key_file"].as_str().unwrap().to_owned();
    job.approve(asked);
    let resumed = job.run(&["resume", "--json"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.out, resumed.err);
    let full_chain = Path::new(&key).with_file_name("fullchain.pem");
    assert!(full_chain.exists(), "{}{}", resumed.out, resumed.err);
    // And the command runs that was to run, once.
    assert_eq!(job.installed(), [asked.to_string()]);
    let (week, rows) = job.week(&["--max", "0"]);
    assert_eq!((week.code, rows.len()), (0, 0), "{}{}", week.out, week.err);
    assert_eq!(job.installed(), [asked.to_string()]);
}

/// A certificate that was issued and could not be written is written by the next run, though the journal is done with it.
#[test]
fn what_could_not_be_written_is_written_by_the_next_run() {
    let job = Job::new();
    let order = job.server.pick(Approval::Off).id;
    job.cover_longer(&[order]);
    let sandbox = job.server.sandbox();
    sandbox.set_faults("latency=1s@reissue").unwrap();
    let certs = job.home.path("certs");
    let in_the_way = std::thread::spawn(move || {
        let start = std::time::Instant::now();
        loop {
            let names = std::fs::read_dir(&certs).into_iter().flatten().flatten();
            let days = names.flat_map(|name| std::fs::read_dir(name.path()).into_iter().flatten());
            let mut days = days.flatten().map(|day| day.path());
            if let Some(day) = days.find(|day| day.join("privkey.pem").exists()) {
                let full_chain = day.join("fullchain.pem");
                std::fs::create_dir(&full_chain).unwrap();
                return full_chain;
            }
            assert!(start.elapsed().as_secs() < 30, "no key was made");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let (first, rows) = job.week(&[&format!("id={order}")]);
    let full_chain = in_the_way.join().unwrap();
    assert_eq!(first.code, 5, "{}{}", first.out, first.err);
    assert_eq!(state(&rows[0]), "issued");
    assert!(job.installed().is_empty());

    std::fs::remove_dir(&full_chain).unwrap();
    let (second, rows) = job.week(&["--max", "0"]);
    assert_eq!(second.code, 0, "{}{}", second.out, second.err);
    assert_eq!(rows[0]["order"], order);
    assert!(full_chain.is_file());
    assert_eq!(job.installed(), [order.to_string()]);
    assert_eq!(sandbox.calls_of("reissue"), 1);
}

/// The service's own command line, with the key as systemd hands it over and nothing else of the environment.
#[test]
fn the_command_line_of_the_service_runs() {
    let job = Job::new();
    let service = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/certdeck-reissue.service"
    ))
    .unwrap();
    let line = service
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let settings = job.home.config();
    let sandbox = job.server.sandbox();
    write(
        &settings,
        &format!("[profiles.acme]\nurl = \"{}\"\n", sandbox.url()),
        0o600,
    );
    write(&job.home.path("credentials/certdeck"), sandbox.key(), 0o600);
    let certs = job.home.path("certs").display().to_string();
    let words = line.replace("/etc/certdeck/config.toml", &settings.display().to_string());
    let words = words.replace("/var/lib/certdeck/certs", &certs);
    let mut words = words.split_whitespace();
    assert_eq!(words.next(), Some("/usr/local/bin/certdeck"));
    let words: Vec<&str> = words.chain(["--profile", "acme", "--max", "1"]).collect();
    let ran = ran(job
        .home
        .command(&words)
        .env("CREDENTIALS_DIRECTORY", job.home.path("credentials")));
    assert!([0, 4].contains(&ran.code), "{}{}", ran.out, ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["rows"].as_array().unwrap().len(), 1, "{}", ran.out);
    assert_eq!(sandbox.calls_of("reissue"), 1);
}
