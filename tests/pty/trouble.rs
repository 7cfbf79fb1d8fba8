//! Keys that are missing or wrong, servers that are away or talk nonsense, answers that get lost: the screen says
//! what is wrong and what to do, and keeps what it had.

use certdeck::sandbox::model::Approval;
use rstest::rstest;

use crate::account::Server;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, Ended, Pty, Setup, key};
use crate::wait_for_the_desk;
use crate::work::{
    after_a_paste, assert_good, at, copy, desk_on, form, leave, open, paste, review, silent,
};

/// Pastes into a field of a question.
fn fill(pty: &mut Pty, text: &str) {
    pty.mark();
    pty.paste(text);
    pty.wait_frame();
    // That frame may be of something else that came: a key is seen as dots, anything else as it is.
    let begins: String = text.chars().take(12).collect();
    pty.wait("what was pasted", |screen| {
        let all = screen.contents();
        all.contains('•') || all.contains(&begins)
    });
    after_a_paste(pty);
}

#[test]
fn without_a_key_it_asks_for_region_and_key() {
    let server = Server::start();
    let secret = server.sandbox().key().to_owned();
    let mut pty = Setup::certdeck(&[]).start();
    pty.wait_for("Connect to CertCentral");
    pty.wait_for("https://www.digicert.com/services/v2");
    pty.send(key("shift-tab"));
    pty.wait_for("‹ US: www.digicert.com ›");
    pty.send(key("right"));
    pty.wait_for("https://certcentral.digicert.eu/services/v2");
    pty.send(key("right"));
    pty.wait_for("‹ another URL ›");
    pty.send(key("tab"));
    fill(&mut pty, &server.sandbox().url());
    pty.wait_for(&server.sandbox().url());
    pty.send(key("tab"));
    fill(&mut pty, &secret);
    pty.send(ENTER);
    pty.wait_for("Orders 250");
    leave(&mut pty);
    let written = String::from_utf8_lossy(pty.written()).into_owned();
    assert!(!written.contains(&secret), "the key is masked");
    assert!(!written.contains(&secret[8..16]), "all of it");
}

#[test]
fn a_key_that_the_account_does_not_know_is_told_and_asked_for_again() {
    let server = Server::start();
    let mut pty = at(&server.sandbox().url(), "SANDBOX-OF-SOMEBODY-ELSE").start();
    pty.wait_for("Connect to CertCentral");
    pty.wait_for("did not accept the API key (HTTP 403)");
    pty.wait_for("certcentral.digicert.eu");
    fill(&mut pty, server.sandbox().key());
    pty.send(ENTER);
    pty.wait_for("Orders 250");
    leave(&mut pty);
    let written = String::from_utf8_lossy(pty.written()).into_owned();
    assert!(!written.contains("SOMEBODY-ELSE"));
}

#[test]
fn where_nobody_listens_the_screen_says_so() {
    let (free, setup) = silent();
    drop(free);
    let mut pty = setup.start();
    pty.wait_for("could not connect to 127.0.0.1");
    pty.wait_for("Nothing responds at this URL");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}

/// A server that takes connections and never answers: the desk is drawn, and can be used and left.
#[test]
fn a_server_that_hangs_does_not_hang_the_desk() {
    let (server, setup) = silent();
    let mut pty = setup.start();
    wait_for_the_desk(&mut pty);
    // It has asked, and waits.
    let (_line, _) = server.accept().unwrap();
    pty.wait_for("loading orders…");
    pty.send("?");
    pty.wait_for("Esc close");
    pty.send(key("esc"));
    pty.wait_gone("Esc close");
    // Told long before it is given up.
    pty.wait_for("127.0.0.1:");
    pty.wait_for("after 8 seconds. What is on screen stays");
    pty.wait_for("may be the cause");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
}

#[rstest]
#[case("html502", "received a web page instead of data", "proxy")]
#[case("html200", "received a web page instead of data", "proxy")]
#[case("truncate", "response cut off", "Try again")]
#[case("500", "the server failed (HTTP 500)", "server side")]
fn nonsense_is_named_and_what_was_there_stays(
    #[case] fault: &str,
    #[case] what: &str,
    #[case] advice: &str,
) {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    server.sandbox().set_faults(fault).unwrap();
    pty.send("R");
    pty.wait_for(what);
    pty.wait_for(advice);
    // The order and the list are still there.
    for name in &order.names {
        assert!(pty.text().contains(name.as_str()), "{}", pty.text());
    }
    pty.wait_for("Orders 1 of 250");
    server.sandbox().set_faults("").unwrap();
    pty.send("R");
    pty.wait_gone(what);
    leave(&mut pty);
}

#[test]
fn a_first_start_against_nonsense_says_what_is_wrong() {
    let server = Server::start();
    server.sandbox().set_faults("html502").unwrap();
    let mut pty = at(&server.sandbox().url(), server.sandbox().key()).start();
    pty.wait_for("received a web page instead of data");
    pty.wait_for("proxy");
    leave(&mut pty);
}

#[test]
fn a_lost_answer_is_looked_up_and_nothing_is_sent_twice() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let before = server.certificates(order.id);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    review(&mut pty);
    server.sandbox().set_faults("lost@duplicate").unwrap();
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    assert_eq!(server.certificates(order.id), before + 1);
    let full_chain = copy(&mut pty, "f");
    let root = server.sandbox().root_pem().unwrap();
    assert_good(&full_chain, &root, &made.csr, &order.names);
    pty.send(key("esc"));
    pty.wait_gone("Watch list");
    pty.send("3");
    pty.wait_for("resulted in");
    leave(&mut pty);
}

#[test]
fn an_answer_that_never_came_of_work_that_was_not_done_is_told_as_unknown() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let before = server.certificates(order.id);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    paste(&mut pty, &made.csr);
    review(&mut pty);
    server.sandbox().set_faults("reset@duplicate").unwrap();
    pty.send(ENTER);
    pty.wait_for("outcome unknown");
    pty.wait_for("nothing with this CSR in CertCentral so far");
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    assert_eq!(server.certificates(order.id), before);
    // What was typed is still there, for the operator to decide.
    pty.send(key("esc"));
    pty.wait_gone("Watch list");
    pty.send("d");
    pty.wait_for("BEGIN CERTIFICATE REQUEST");
    leave(&mut pty);
}
