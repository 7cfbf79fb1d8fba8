//! The main job from the first frame to the file on the disk, with real keys and real bytes: find an order, duplicate
//! and reissue it with a CSR, copy and write what comes of it. The judge is `openssl`.

use certdeck::sandbox::model::Approval;
use rstest::rstest;

use crate::account::{Pick, Server};
use crate::openssl::{self, Kind, Made};
use crate::support::pty::{ENTER, Ended, Pty, Setup, key};
use crate::wait_for_the_desk;
use crate::wire::Wire;
use crate::work::{
    assert_good, at, copy, cursor_row, desk_on, field, filter, form, go_to, leave, mode, open,
    paste, review, row_text, squeezed, type_text, wait_until_read,
};

fn demo() -> Pty {
    let mut pty = Setup::certdeck(&["demo"]).size(120, 60).start();
    wait_for_the_desk(&mut pty);
    pty.wait_for("Orders 250");
    pty
}

#[test]
fn the_demo_is_a_living_account() {
    let mut pty = demo();
    for terms in [
        "status:needs_approval",
        "status:pending",
        "status:processing",
        "status:waiting_pickup",
        "status:reissue_pending",
        "status:issued",
        "status:expired",
        "status:revoked",
        "status:canceled",
        "status:rejected",
        "product:ev",
        "product:basic",
        "product:wildcard",
        "product:multi",
        "product:code",
        "product:email",
        "product:private",
        "ends<30d covers>90d",
        "dup>1",
        "is:waiting",
        // Names in another script, and an organisation with wide characters.
        "bücher",
        "org:株式会社",
    ] {
        filter(&mut pty, terms);
        pty.wait("rows that match, and not all", |screen| {
            let text = screen.contents();
            let found = text
                .split_once("Orders ")
                .and_then(|(_, rest)| rest.split_once(" of 250"))
                .and_then(|(found, _)| found.parse::<u32>().ok());
            found.is_some_and(|found| (1..250).contains(&found))
        });
        pty.send(key("esc"));
        pty.wait_for("Orders 250");
    }
    leave(&mut pty);
}

#[test]
fn moving_sorting_and_filtering_show_what_they_did() {
    let mut pty = demo();
    pty.wait_for("sort: expiration");
    let row = |pty: &Pty| cursor_row(pty.screen()).expect("a cursor");
    let first = row(&pty);
    for (letter, down) in [("j", 1), (key("down"), 2), ("k", 1), (key("up"), 0)] {
        pty.mark();
        pty.send(letter);
        pty.wait_frame();
        assert_eq!(row(&pty), first + down);
    }
    pty.send("s");
    pty.wait_for("sort: coverage");
    // Typing a filter never triggers a command: this one has every dangerous letter.
    filter(&mut pty, "drynxaq");
    pty.wait_for("Enter apply");
    assert!(!pty.text().contains("Paste it"), "{}", pty.text());
    pty.send(key("esc"));
    pty.wait_for("Orders 250");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
}

/// Copies and writes the newest certificate, whose watch is on the screen, and holds it against its CSR.
fn take_and_check(pty: &mut Pty, order: &Pick, csr: &str) -> String {
    let full_chain = copy(pty, "f");
    let root = copy(pty, "r");
    assert_good(&full_chain, &root, csr, &order.names);
    let parts = openssl::split(&full_chain);
    assert_eq!(copy(pty, "c"), parts[0]);
    assert_eq!(copy(pty, "i"), parts[1..].concat());

    pty.send("w");
    pty.wait_for("Write to a file");
    pty.send(ENTER);
    pty.wait_for("mode 0644");
    let mut found = std::fs::read_dir(pty.home()).unwrap();
    let file = found.next().unwrap().unwrap().path();
    assert!(found.next().is_none(), "one file and no other");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), full_chain);
    assert_eq!(mode(&file), 0o644);

    std::fs::write(&file, "mine").unwrap();
    for (answer, expected) in [(key("esc"), "mine"), (ENTER, full_chain.as_str())] {
        pty.send("w");
        pty.wait_for("Write to a file");
        pty.send(ENTER);
        pty.wait_for("already exists");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
        pty.send(answer);
        pty.wait_gone("already exists");
        if answer == ENTER {
            pty.wait_for("mode 0644");
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
    }
    full_chain
}

#[rstest]
fn a_duplicate_in_the_demo(#[values(Kind::Rsa, Kind::Ec)] kind: Kind) {
    // The demo makes the same account from the same seed.
    let order = Server::start().pick(Approval::Off);
    let made = openssl::request(kind, &order.names);
    let mut pty = demo();
    open(&mut pty, &order);
    for name in &order.names {
        pty.wait_for(name);
    }
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    pty.wait_for(match kind {
        Kind::Rsa => "RSA 2048",
        Kind::Ec => "ECDSA P-256",
    });
    pty.wait_for("CSR names match the request");
    let (line, json) = review(&mut pty);
    assert_eq!(
        line,
        format!("POST /order/certificate/{}/duplicate", order.id)
    );
    let body: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        body["certificate"]["csr"].as_str().unwrap(),
        squeezed(&made.csr)
    );
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    pty.wait_for("its key matches the CSR");
    take_and_check(&mut pty, &order, &made.csr);
    // The order shows it too.
    pty.send(ENTER);
    pty.wait_for("duplicate 001");
    leave(&mut pty);
}

#[test]
fn what_the_review_shows_is_what_goes_over_the_line() {
    let server = Server::start();
    let wire = Wire::to(&server.sandbox().url());
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let mut pty = at(&wire.url(), server.sandbox().key()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    for (letter, word) in [("d", "duplicate"), ("r", "reissue")] {
        form(&mut pty, letter);
        let made = if letter == "d" {
            &made
        } else {
            &another(&order)
        };
        paste(&mut pty, &made.csr);
        let (line, json) = review(&mut pty);
        let path = format!("/order/certificate/{}/{word}", order.id);
        assert_eq!(line, format!("POST {path}"));
        assert!(wire.bodies("POST", &path).is_empty(), "not before Enter");
        pty.send(ENTER);
        pty.wait_for(&format!(
            "✓ {word} of order {} · {}: certificate",
            order.id, order.names[0]
        ));
        let sent = wire.bodies("POST", &path);
        assert_eq!(sent.len(), 1, "once");
        assert_eq!(squeezed(&sent[0]), json);
        let full_chain = copy(&mut pty, "f");
        assert_good(
            &full_chain,
            &server.sandbox().root_pem().unwrap(),
            &made.csr,
            &order.names,
        );
        pty.send(key("esc"));
        pty.wait_gone("Watch list");
    }
    leave(&mut pty);
}

fn another(order: &Pick) -> Made {
    openssl::request(Kind::Rsa, &order.names)
}

#[test]
fn where_somebody_has_to_approve_the_watch_finds_the_certificate_by_itself() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let made = openssl::request(Kind::Ec, &order.names);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("waiting for approval of request");
    let request = server.requests(order.id).pop().unwrap();
    pty.wait_for(&request.id.to_string());
    pty.send("a");
    pty.wait_for("Approve");
    pty.wait_for(&format!("PUT /request/{}/status", request.id));
    assert!(request.status.is_open());
    type_text(&mut pty, "fine with me");
    pty.say_yes("issued and verified");
    let full_chain = {
        // The approval is the newest row; the duplicate is below it.
        pty.send("j");
        copy(&mut pty, "f")
    };
    assert_good(
        &full_chain,
        &server.sandbox().root_pem().unwrap(),
        &made.csr,
        &order.names,
    );
    // The order tells who asked, and what became of it.
    pty.send(ENTER);
    pty.wait_for("duplicate 001");
    pty.send("o");
    pty.wait_for("approved");
    pty.wait_for("Ada Example");
    pty.wait_for("fine with me");
    pty.wait_for(&request.date.to_string()[..10]);
    leave(&mut pty);
}

#[test]
fn a_request_is_approved_from_the_list_of_requests() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let made = openssl::request(Kind::Ec, &order.names);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("waiting for approval of request");
    let request = server.requests(order.id).pop().unwrap();
    pty.send(key("esc"));
    pty.wait_gone("Watch list");
    pty.send("2");
    // The newest request is on top, under the cursor.
    pty.wait("the request under the cursor", |screen| {
        cursor_row(screen)
            .is_some_and(|row| row_text(screen, row).contains(&request.id.to_string()))
    });
    pty.send("a");
    pty.wait_for(&format!("PUT /request/{}/status", request.id));
    pty.say_yes("issued and verified");
    leave(&mut pty);
}

#[test]
fn a_reissue_that_drops_a_name_says_so_and_asks_for_the_order_number() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let (kept, dropped) = order.names.split_at(order.names.len() - 1);
    let dropped = &dropped[0];
    let made = openssl::request(Kind::Ec, kept);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "r");
    paste(&mut pty, &made.csr);
    go_to(&mut pty, "Names you remove");
    // The cursor stands behind the last name; its line goes too.
    for _ in 0..=dropped.len() {
        pty.mark();
        pty.send(key("backspace"));
        pty.wait_frame();
    }
    let (_, json) = review(&mut pty);
    assert!(!json.contains(dropped.as_str()));
    pty.wait_for(&format!("Names removed: {dropped}."));
    let number = order.id.to_string();
    pty.wait_for("no longer be secured");
    let before = server.certificates(order.id);
    // Enter alone sends nothing.
    pty.send(ENTER);
    pty.wait_for(&format!("Type the order number, {number}"));
    assert_eq!(server.sandbox().calls_of("reissue"), 0);
    type_text(&mut pty, &number);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    assert_eq!(server.certificates(order.id), before + 1);
    let full_chain = copy(&mut pty, "f");
    assert_good(
        &full_chain,
        &server.sandbox().root_pem().unwrap(),
        &made.csr,
        kept,
    );
    leave(&mut pty);
}

#[test]
fn a_reissue_with_every_field_changed_is_sent_and_issued_so() {
    let server = Server::start();
    let wire = Wire::to(&server.sandbox().url());
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let mut pty = at(&wire.url(), server.sandbox().key()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "r");
    paste(&mut pty, &made.csr);
    for label in ["Signature hash", "Server platform", "Issuing CA"] {
        field(&mut pty, label);
        pty.mark();
        pty.send(key("right"));
        pty.wait_frame();
    }
    field(&mut pty, "Validity");
    while !pty.text().contains("custom days") {
        pty.mark();
        pty.send(key("right"));
        pty.wait_frame();
    }
    field(&mut pty, "Days");
    type_text(&mut pty, "45");
    field(&mut pty, "DCV method");
    pty.mark();
    pty.send(key("right"));
    pty.wait_frame();
    field(&mut pty, "Comments");
    type_text(&mut pty, "for the second node");
    for label in ["Skip approval", "As duplicate"] {
        field(&mut pty, label);
        type_text(&mut pty, " ");
    }
    review(&mut pty);
    let before = server.certificates(order.id);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    let path = format!("/order/certificate/{}/reissue", order.id);
    let bodies = wire.bodies("POST", &path);
    assert_eq!(bodies.len(), 1, "once");
    let sent: serde_json::Value = serde_json::from_str(&bodies[0]).unwrap();
    let certificate = &sent["certificate"];
    assert_eq!(certificate["common_name"], order.common_name);
    assert_ne!(certificate["signature_hash"], "sha256", "{sent}");
    assert!(certificate["server_platform"]["id"].is_number(), "{sent}");
    assert!(certificate["ca_cert_id"].is_string(), "{sent}");
    assert_eq!(certificate["cert_validity"]["days"], 45, "{sent}");
    assert!(sent["dcv_method"].is_string(), "{sent}");
    assert_eq!(sent["comments"], "for the second node");
    assert_eq!(sent["skip_approval"], true);
    assert_eq!(server.certificates(order.id), before + 1);

    // The certificate is as asked, and the order's own is as before.
    let full_chain = copy(&mut pty, "f");
    assert_good(
        &full_chain,
        &server.sandbox().root_pem().unwrap(),
        &made.csr,
        &order.names,
    );
    let leaf = &openssl::split(&full_chain)[0];
    let date = |which: &str| -> jiff::civil::Date {
        let arguments = ["x509", "-noout", which, "-dateopt", "iso_8601"];
        let line = openssl::openssl(&arguments, leaf);
        line.split_once('=').unwrap().1[..10].parse().unwrap()
    };
    let days = (date("-enddate") - date("-startdate")).get_days();
    assert!((44..=45).contains(&days), "{days} days");
    pty.send(ENTER);
    pty.wait_for("duplicate 001");
    leave(&mut pty);
}

#[rstest]
fn without_a_csr_a_key_and_csr_are_made_here(#[values("ECDSA P-256", "RSA 2048")] kind: &str) {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "r");
    pty.send(&crate::support::pty::ctrl('g'));
    pty.wait_for("Generate a private key and CSR");
    while !pty.text().contains(kind) {
        pty.mark();
        pty.send(key("right"));
        pty.wait_frame();
    }
    pty.send(ENTER);
    pty.wait_for("Private key written to");
    wait_until_read(&mut pty);
    let file = std::fs::read_dir(pty.home())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "key"))
        .expect("a key file");
    assert_eq!(mode(&file), 0o600);
    let key_pem = std::fs::read_to_string(&file).unwrap();
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    let full_chain = copy(&mut pty, "f");
    openssl::verify(&server.sandbox().root_pem().unwrap(), &full_chain);
    let leaf = &openssl::split(&full_chain)[0];
    assert_eq!(
        openssl::key_of_certificate(leaf),
        openssl::key_of_private_key(&key_pem)
    );
    // The key itself never left its file.
    let written = String::from_utf8_lossy(pty.written()).into_owned();
    for line in key_pem.lines().filter(|line| !line.starts_with('-')) {
        assert!(!written.contains(line));
    }
    leave(&mut pty);
}
