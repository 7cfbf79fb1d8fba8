//! What is read over and over: the plan, requests, domains, metrics, the check of a monitoring system; completions and man pages.

use crate::desk::DESK;
use crate::support::{Home, ran};

#[test]
fn requests_domains_and_the_plan() {
    let told = DESK.transcript(&[
        "certdeck requests --columns request,type,order,common_name,approval",
        "certdeck requests --order 1",
        "certdeck domains --columns name,status,method --sort name",
        "certdeck plan --limits --columns days,reuse_days",
    ]);
    insta::assert_snapshot!(told);
    let plan = DESK.run("certdeck plan --json");
    let plan: serde_json::Value = serde_json::from_str(&plan.out).unwrap();
    let rows = plan["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 28);
    assert_eq!(
        (&rows[0]["when"], &rows[27]["when"]),
        (&"overdue".into(), &"later".into())
    );
    let of = |name: &str| {
        rows.iter()
            .map(|row| row[name].as_u64().unwrap())
            .sum::<u64>()
    };
    let needs = ["reissue", "renew", "waiting", "done"].map(of);
    assert_eq!(of("expire"), needs.iter().sum::<u64>());
    assert!(of("expire") > 50 && of("blocked") > 0);
}

#[test]
fn metrics_are_whole_and_say_when_the_account_cannot_be_read() {
    let good = DESK.run("certdeck metrics -o certdeck.prom");
    assert_eq!((good.code, good.out.as_str()), (0, ""), "{}", good.err);
    let path = DESK.home.path("certdeck.prom");
    let read = || std::fs::read_to_string(&path).unwrap();
    let text = read();
    for line in [
        "certdeck_sync_success 1\n",
        "# TYPE certdeck_order_expires_timestamp_seconds gauge\n",
        "certdeck_order_status{order=\"100000016\",common_name=\"wiki.kestrel.example\",status=\"expired\"} 1\n",
        "certdeck_domain_validated_until_timestamp_seconds{domain=",
        "certdeck_requests_waiting ",
        "certdeck_data_age_seconds ",
    ] {
        assert!(text.contains(line), "no `{line}`");
    }
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<i64>().is_ok(), "{line}");
        assert!(text.contains(&format!("# TYPE {} ", name.split('{').next().unwrap())));
    }
    let wrong = ran(DESK
        .command(&["metrics", "-o", "certdeck.prom"])
        .env("CERTDECK_API_KEY", "WRONGKEY1"));
    assert_eq!(wrong.code, 8, "{}", wrong.err);
    assert!(read().contains("certdeck_sync_success 0\n"));
    assert!(!read().contains("certdeck_requests_waiting"));
}

#[test]
fn a_check_is_one_line_and_a_code() {
    for (line, code, word) in [
        ("check status:issued", 2, "CERTDECK CRITICAL: "),
        ("check status:revoked", 0, "CERTDECK OK: "),
        (
            "check --warn 9999d --crit 0d 'status:issued expires>30d'",
            1,
            "CERTDECK WARNING: ",
        ),
        ("check statsu:issued", 3, "CERTDECK UNKNOWN: "),
        ("check --warn 5d --crit 7d", 3, "CERTDECK UNKNOWN: "),
    ] {
        let ran = DESK.run(line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        assert!(ran.out.starts_with(word), "{}", ran.out);
        assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
        assert_eq!(ran.out.contains(" | "), code != 3, "{}", ran.out);
    }
    let unreadable = ran(DESK
        .command(&["check"])
        .env("CERTDECK_API_KEY", "WRONGKEY1"));
    assert_eq!(unreadable.code, 3);
    assert!(
        unreadable.out.starts_with("CERTDECK UNKNOWN: "),
        "{}",
        unreadable.out
    );
    assert_eq!(DESK.run("check --no-such-option").code, 3);
}

#[test]
fn a_shell_completes_orders_of_the_store_and_profiles() {
    assert_eq!(DESK.run("orders -q").code, 0);
    for shell in ["bash", "zsh", "fish"] {
        let script = DESK.run(&format!("completions {shell}"));
        assert!(script.out.contains("CERTDECK_COMPLETE"), "{}", script.out);
    }
    let typed = |words: &[&str]| {
        let all = [&["--", "certdeck"], words].concat();
        let at = words.len().to_string();
        let mut command = DESK.command(&all);
        command.env("CERTDECK_COMPLETE", "bash");
        command.env("_CLAP_COMPLETE_INDEX", at);
        command.env("_CLAP_COMPLETE_COMP_TYPE", "9");
        command.env("_CLAP_IFS", "\n");
        command.env_remove("CERTDECK_API_KEY");
        ran(&mut command).out
    };
    let orders = typed(&["order", "10000001"]);
    assert!(orders.contains("100000016"), "{orders}");
    assert!(!orders.contains("100000020"), "{orders}");
    assert!(typed(&["order", "ssl_ba"]).contains("ssl_basic"));
    assert!(typed(&["jou"]).contains("journal"));
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let home = Home::new();
    let folder = home.path("").display().to_string();
    let told = home.run(&["man", &folder]);
    assert_eq!((told.code, told.out.as_str()), (0, ""), "{}", told.err);
    for name in [
        "certdeck",
        "certdeck-orders",
        "certdeck-get",
        "certdeck-profile-add",
        "certdeck-order",
        "certdeck-renew",
        "certdeck-domain-check",
    ] {
        let page = std::fs::read_to_string(home.path(&format!("{name}.1"))).unwrap();
        assert!(page.contains(".TH") && page.contains("SYNOPSIS"), "{page}");
    }
    let page = std::fs::read_to_string(home.path("certdeck.1")).unwrap();
    assert!(
        page.contains("CERTDECK_API_KEY") && page.contains("Exit codes"),
        "{page}"
    );
    assert_eq!(home.run(&["man", "/nosuch/folder"]).code, 1);
}
