//! `certdeck dcv`: the names of one order are validated from a script, each step once.

use certdeck::sandbox::model::OrderStatus;
use serde_json::Value;

use crate::desk::{Desk, state};
use crate::support::Ran;

/// A pending DV order whose domain is in the account too, validated by email there.
const DV: u64 = 100_000_247;
/// A pending OV order.
const OV: u64 = 100_000_224;

fn row(ran: &Ran) -> Value {
    let json: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|_| panic!("{}: {}{}", ran.code, ran.out, ran.err));
    json["rows"][0].clone()
}

#[test]
fn the_names_of_an_order_are_validated_step_by_step() {
    let desk = Desk::start();
    let sandbox = desk.server.sandbox();
    let calls = || {
        ["dcv-method", "dcv-token", "check-dcv", "resend-emails"].map(|name| sandbox.calls_of(name))
    };
    let value = || {
        sandbox.with_account(|account| {
            let order = account.order(DV).unwrap();
            (
                order.primary().dns_names[0].clone(),
                order.dcv[0].1.token.clone(),
            )
        })
    };

    for (line, code, word) in [
        (format!("dcv check {DV} nosuch.test --yes"), 2, "no name"),
        (
            format!("dcv method {DV} http-token-dynamic --yes"),
            2,
            "dns-txt-token",
        ),
        (format!("dcv method {DV} dns-txt-token"), 2, "--yes"),
        (format!("dcv check {} --yes", 100_000_018), 3, "issued"),
        (format!("dcv random-value {DV} --yes"), 1, "email"),
    ] {
        let ran = desk.run(&line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(word), "{line}: {said}");
    }
    let shown = desk.run(&format!("dcv method {DV} dns-txt-token --dry-run --json"));
    assert_eq!(row(&shown)["request"], r#"{"dcv_method":"dns-txt-token"}"#);
    assert_eq!(calls(), [0; 4]);

    // Mails, while that is the method.
    let ran = desk.run(&format!("dcv emails {DV} --yes --json"));
    assert_eq!(state(&ran), (0, "done".to_owned()), "{}", ran.err);

    // Another method: the order's own value goes under its name, whatever the account's domain asks for.
    let line = format!("dcv method {DV} dns-cname-token --yes --json");
    let ran = desk.run(&line);
    assert_eq!(state(&ran), (0, "done".to_owned()), "{}", ran.err);
    let (name, token) = value();
    let record = format!("_dnsauth.{name}. IN CNAME {token}.dcv.digicert.com.");
    assert_eq!(row(&ran)["record"], record);
    assert_eq!(state(&desk.run(&line)), (3, "already".to_owned()));
    // It can be asked for again, and is the same.
    let ran = desk.run(&format!("dcv random-value {DV} --yes --json"));
    assert_eq!(row(&ran)["record"], record);

    // Not found, then found: the order goes on by itself.
    let ran = desk.run(&format!("dcv check {DV} {name} --yes --json"));
    let found = row(&ran);
    assert_eq!(
        (ran.code, &found["state"]),
        (4, &"waiting_for_validation".into())
    );
    assert!(
        found["detail"].as_str().unwrap().contains("not found yet"),
        "{found}"
    );
    let ran = desk.run(&format!("dcv check {DV} --yes --json"));
    let found = row(&ran);
    assert!(
        found["detail"].as_str().unwrap().contains("found for"),
        "{found}"
    );
    assert_eq!(found["record"], Value::Null);
    assert_eq!(calls(), [1, 1, 2, 1]);
    let status = sandbox.with_account(|account| account.order(DV).unwrap().status);
    assert_ne!(status, OrderStatus::Pending);
}

/// The JSON of what became of it, with its exit code.
fn after(desk: &Desk, line: &str) -> (i32, Value) {
    let ran = desk.run(&format!("{line} --yes --json"));
    (ran.code, row(&ran))
}

#[test]
fn what_is_told_of_an_order_is_its_own_value_by_its_own_method() {
    let desk = Desk::start();
    let (code, told) = after(&desk, &format!("dcv method {OV} dns-cname-token"));
    let record = told["record"].clone();
    assert!(record.as_str().unwrap().contains("IN CNAME"), "{told}");
    assert_eq!(code, 0);
    // In another process, which has not seen which method was asked for.
    let (_, told) = after(&desk, &format!("dcv random-value {OV}"));
    assert_eq!(told["record"], record);
    // By email nothing has to stand anywhere, whatever the account's domain had.
    let (code, told) = after(&desk, &format!("dcv method {OV} email"));
    assert_eq!((code, &told["record"]), (0, &Value::Null), "{told}");
}

/// A file proves the name that it stands on, and no other.
#[test]
fn a_file_stands_on_each_name_and_a_check_without_it_waits() {
    let desk = Desk::start();
    let order = 100_000_235;
    let names = desk
        .server
        .sandbox()
        .with_account(|account| account.order(order).unwrap().primary().dns_names.clone());
    let (_, told) = after(&desk, &format!("dcv method {order} http-token"));
    let record = told["record"].as_str().unwrap();
    // One of them the account has proved already.
    let left = names.iter().filter(|name| name.ends_with("launch.example"));
    for name in left.clone() {
        let place = format!("http://{name}/.well-known/pki-validation/fileauth.txt ");
        assert!(record.contains(&place), "{name}: {record}");
    }
    assert_eq!(record.lines().count(), left.count());
    let (code, told) = after(&desk, &format!("dcv check {order}"));
    assert_eq!(
        (code, &told["state"]),
        (4, &"waiting_for_validation".into()),
        "{told}"
    );
}

#[test]
fn a_lost_change_of_the_method_claims_no_record_and_keeps_no_other_method_away() {
    let desk = Desk::start();
    desk.server.sandbox().set_faults("lost@dcv-method").unwrap();
    let (code, told) = after(&desk, &format!("dcv method {OV} dns-cname-token"));
    assert_eq!((code, &told["record"]), (0, &Value::Null), "{told}");
    assert!(
        told["detail"]
            .as_str()
            .unwrap()
            .contains("request the random value"),
        "{told}"
    );
    let (code, told) = after(&desk, &format!("dcv random-value {OV}"));
    assert!(
        told["record"].as_str().unwrap().contains("IN CNAME"),
        "{told}"
    );
    assert_eq!(code, 0);
}

/// Another method is another thing than one of which nobody knows whether it arrived.
#[test]
fn an_unknown_change_of_the_method_keeps_no_other_method_away() {
    let desk = Desk::start();
    let sandbox = desk.server.sandbox();
    sandbox
        .set_faults("lost@dcv-method#1,html@order#2-40")
        .unwrap();
    let (code, told) = after(&desk, &format!("dcv method {OV} dns-cname-token"));
    assert_ne!(code, 0, "{told}");
    sandbox.set_faults("").unwrap();
    let (code, told) = after(&desk, &format!("dcv method {OV} http-token"));
    assert_eq!((code, &told["state"]), (0, &"done".into()), "{told}");
    assert!(told["record"].as_str().unwrap().contains("fileauth.txt"));
    // Where it was the last that arrived, the first can be asked for again.
    let (code, told) = after(&desk, &format!("dcv method {OV} dns-cname-token"));
    assert_eq!((code, &told["state"]), (0, &"done".into()), "{told}");
    assert_eq!(sandbox.calls_of("dcv-method"), 3);
}

/// Where the order cannot be read again, its method of before tells nothing of the new value.
#[test]
fn an_order_that_cannot_be_read_again_misplaces_no_value() {
    let desk = Desk::start();
    desk.server.sandbox().set_faults("html@order#2+").unwrap();
    let (_, told) = after(&desk, &format!("dcv method {OV} dns-cname-token"));
    let record = told["record"].as_str().unwrap_or_default();
    assert!(!record.contains("IN TXT"), "{told}");
    assert!(
        told["detail"].as_str().unwrap().contains("random value is"),
        "{told}"
    );
}
