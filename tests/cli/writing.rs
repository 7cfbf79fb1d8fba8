//! The commands that change something: each does it once, and only where that was said.

use certdeck::sandbox::model::{Approval, OrderStatus, RequestStatus};
use serde_json::Value;

use crate::desk::{DESK, Desk, state, told};
use crate::support::Ran;

/// One account for all, one after the other: what is sent is what the others must not see.
#[test]
fn what_is_sent_is_sent_once_and_only_where_that_was_said() {
    let desk = Desk::start();
    let order = desk.server.pick(Approval::OneStep).id;
    let changes = || {
        let sandbox = desk.server.sandbox();
        let calls = ["note", "duplicate", "revoke-order", "approve"];
        calls.map(|name| sandbox.calls_of(name))
    };
    let is = |ran: &Ran, code: i32, name: &str| {
        assert_eq!(state(ran), (code, name.to_owned()), "{}", ran.err);
    };
    let before = changes();

    // Shown, and not sent.
    let shown = desk.run(&format!("note {order} 'moved to web2' --dry-run --json"));
    let (code, rows) = told(&shown);
    assert_eq!((code, &*rows[0][0]), (0, "dry_run"));
    assert_eq!(rows[0][2], r#"{"text":"moved to web2"}"#);
    for (line, word) in [
        (format!("note {order} moved"), "--yes"),
        (format!("note {order} ' ' --yes"), "The note is empty."),
        (format!("revoke {order} --yes"), "--confirm"),
        (format!("revoke {order} --yes --confirm 1"), "--confirm"),
        (
            format!("revoke {order} --reason bored --dry-run"),
            "keyCompromise",
        ),
        (
            format!("duplicate {order} --csr server.csr --common-name 'a\u{7}b.example' --dry-run"),
            "U+0007",
        ),
    ] {
        let ran = desk.run(&line);
        assert_eq!((ran.code, &*ran.out), (2, ""), "{line}: {}", ran.err);
        assert!(ran.err.contains(word), "{line}: {}", ran.err);
    }
    assert_eq!(changes(), before);

    // A note.
    is(
        &desk.run(&format!("note {order} 'moved to web2' --yes --json")),
        0,
        "done",
    );
    desk.server.sandbox().with_account(|account| {
        let notes = &account.order(order).unwrap().notes;
        assert_eq!(
            notes
                .iter()
                .filter(|note| note.text == "moved to web2")
                .count(),
            1
        );
    });

    // A duplicate of the same CSR is sent once.
    let common = &desk.server.pick(Approval::OneStep).common_name;
    let line = format!("duplicate {order} --csr server.csr --common-name '{common}' --yes --json");
    is(&desk.run(&line), 4, "waiting_for_approval");
    let sent = changes();
    is(&desk.run(&line), 3, "already");
    assert_eq!(changes(), sent);
    let ran = desk.run(&format!("{line} --valid-days 30"));
    assert_eq!(told(&ran).1[0][0], "blocked", "{}", ran.out);

    // Its request is approved once.
    let request = desk.server.requests(order).last().unwrap().id;
    let line = format!("approve {request} --comment fine --yes --json");
    is(&desk.run(&line), 0, "done");
    is(&desk.run(&line), 3, "already");
    let approved = desk.server.requests(order);
    assert_eq!(approved.last().unwrap().status, RequestStatus::Approved);

    // A revocation, with its order number, is a request once.
    let line = format!("revoke {order} --reason superseded --yes --confirm {order} --json");
    is(&desk.run(&line), 4, "waiting_for_approval");
    is(&desk.run(&line), 3, "already");
    let revocation = desk.server.requests(order).last().unwrap().id;
    // What was decided otherwise is not done: no script may take the one for the other.
    is(
        &desk.run(&format!("approve {request} --yes --json")),
        3,
        "already",
    );
    let again = desk.run(&format!("approve {request} {request} --yes --json"));
    assert_eq!(again.code, 3, "{}", again.out);
    is(
        &desk.run(&format!("reject {request} --comment no --yes --json")),
        1,
        "blocked",
    );
    let line = format!("approve {revocation} {request} 999 --yes --json");
    let (code, rows) = told(&desk.run(&line));
    let states: Vec<&str> = rows.iter().map(|[state, ..]| &**state).collect();
    assert_eq!((code, states), (5, vec!["done", "already", "blocked"]));
    is(
        &desk.run(&format!("revoke {order} --yes --confirm {order} --json")),
        3,
        "already",
    );
    desk.server.sandbox().with_account(|account| {
        let status = account.order(order).unwrap().status;
        assert_eq!(status, OrderStatus::Revoked);
    });
    // What its state does not allow says why.
    let (code, rows) = told(&desk.run(&format!("cancel {order} --reason x --yes --json")));
    assert_eq!((code, &*rows[0][0]), (1, "blocked"));
    assert!(rows[0][1].contains("revoked"), "{rows:?}");
}

#[test]
fn what_is_asked_of_a_domain_says_what_has_to_stand_where() {
    let desk = Desk::start();
    let names = ["pending.example", "expired.example"];
    let [pending, expired] = names;
    let rows = |ran: &Ran| -> Vec<Value> {
        let json: Value = serde_json::from_str(&ran.out)
            .unwrap_or_else(|_| panic!("{}: {}{}", ran.code, ran.out, ran.err));
        json["rows"].as_array().unwrap().clone()
    };
    let token = |name: &str| {
        desk.server.sandbox().with_account(|account| {
            let domain = account.domains.iter().find(|one| one.name == name);
            domain.unwrap().dcv.token.clone()
        })
    };
    let calls = || {
        let sandbox = desk.server.sandbox();
        ["domain-check", "domain-token", "domain-dcv-method"].map(|name| sandbox.calls_of(name))
    };

    for (line, word) in [
        ("domain check nosuch.example --dry-run", "certdeck domains"),
        (
            "domain method expired.example smoke --dry-run",
            "dns-txt-token",
        ),
        ("domain token expired.example", "--yes"),
    ] {
        let ran = desk.run(line);
        assert_eq!((ran.code, &*ran.out), (2, ""), "{line}");
        assert!(ran.err.contains(word), "{line}: {}", ran.err);
    }
    // One that is validated by email has no random value to look for.
    let ran = desk.run("domain check example.org --yes --json");
    assert_eq!(state(&ran), (1, "blocked".to_owned()));
    let shown = desk.run(&format!(
        "domain method {expired} dns-cname-token --dry-run --json"
    ));
    assert_eq!(told(&shown).1[0][2], r#"{"dcv_method":"dns-cname-token"}"#);
    assert_eq!(calls(), [0, 0, 0]);

    // A new random value of each, and where it goes.
    let before = names.map(token);
    let ran = desk.run(&format!("domain token {pending} {expired} --yes --json"));
    assert_eq!(
        (ran.code, calls()),
        (0, [0, 2, 0]),
        "{}{}",
        ran.out,
        ran.err
    );
    for (row, (name, before)) in rows(&ran).iter().zip(names.iter().zip(before)) {
        let record = row["record"].as_str().unwrap();
        let token = token(name);
        assert_ne!(token, before);
        assert!(record.contains(name) && record.contains(&token), "{record}");
    }
    // It does not stand there: that is said, with what should.
    let ran = desk.run(&format!("domain check {expired} --yes --json"));
    assert_eq!(state(&ran), (4, "waiting_for_validation".to_owned()));
    let record = rows(&ran)[0]["record"].clone();
    let wanted = format!("{expired}. IN TXT \"{}\"", token(expired));
    assert_eq!(record, wanted);

    let line = format!("domain method {expired} dns-cname-token --yes --json");
    let ran = desk.run(&line);
    assert_eq!(state(&ran), (0, "done".to_owned()));
    let record = rows(&ran)[0]["record"].clone();
    assert_eq!(
        record,
        format!(
            "_dnsauth.{expired}. IN CNAME {}.dcv.digicert.com.",
            token(expired)
        )
    );
    assert_eq!(state(&desk.run(&line)), (3, "already".to_owned()));
    assert_eq!(calls(), [1, 2, 1]);
    // All of it stands in the journal.
    let journal = rows(&desk.run("journal --json"));
    let kinds: Vec<&str> = journal
        .iter()
        .filter_map(|row| row["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "domain_method",
            "check_domain",
            "domain_token",
            "domain_token"
        ]
    );
}

/// What each command shows before it sends, as a table, as JSON, as CSV, and where it cannot be done.
#[test]
fn what_is_shown_before_anything_is_sent() {
    let told = DESK.transcript(&[
        "certdeck note 100000048 'seen by us' --dry-run",
        "certdeck note 100000048 'seen by us' --dry-run --json --columns order,state,request",
        "certdeck cancel 100000048 --reason 'not needed' --dry-run",
        "certdeck revoke 100000048 --reason superseded --dry-run --csv --columns order,state,action",
        "certdeck auto-reissue 100000048 on --dry-run --columns order,state,request",
        "certdeck archive 100000048 --cert 5 --dry-run --columns order,state,detail",
        "certdeck approve 999 --dry-run",
        "certdeck reject 30000001 --comment no --dry-run --columns request_number,state,detail",
        "certdeck duplicate 100000048 --new-key p256 --out certs --dry-run --columns order,state,action",
        "certdeck reissue 100000048 --new-key p384 --out certs --dry-run --csv --columns order,state,detail",
        "certdeck reissue 100000048",
        "certdeck revoke 100000048",
        "certdeck resume --columns order,state",
        "certdeck journal --dismiss nosuch",
    ]);
    insta::assert_snapshot!(told);
}
