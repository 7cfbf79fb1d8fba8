//! Endpoints with `auto` in the settings get what the rule says by the week's job: a duplicate of an order with exactly their
//! names, once; a renewal, which costs, only where that is allowed.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use certdeck::sandbox::model::Approval;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};
use serde_json::Value;

use crate::desk::Desk;
use crate::support::{Ran, ran};

/// Serves a certificate of another CA for these names that ends in some days; where.
fn serve(names: &[String], days: i64) -> u16 {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(names.to_vec()).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, names[0].clone());
    let now = params.not_before;
    let end = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let end = end.checked_add(jiff::Span::new().days(days)).unwrap();
    let (year, month, day) = (end.year(), end.month(), end.day());
    params.not_before = now;
    params.not_after = rcgen::date_time_ymd(
        year.into(),
        u8::try_from(month).unwrap(),
        u8::try_from(day).unwrap(),
    );
    let certificate = params.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // Whoever looks ends it when it has seen enough.
            let _ = connection.complete_io(&mut stream.unwrap());
        }
    });
    port
}

fn week(desk: &Desk, more: &[&str]) -> (Ran, Vec<Value>) {
    let mut command = desk.command(&["reissue", "--due", "--within", "6d"]);
    command
        .args(["--new-key", "p256", "--out", "certs", "--yes", "--json"])
        .args(more);
    let ran = ran(&mut command);
    let report: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|why| panic!("{why}: {}{}", ran.out, ran.err));
    (ran, report["rows"].as_array().unwrap().clone())
}

#[test]
fn endpoints_that_are_due_get_what_the_rule_says_once() {
    let desk = Desk::start();
    let server = &desk.server;
    // Its own certificate does not expire soon.
    let now = server.sandbox().now().to_zoned(jiff::tz::TimeZone::UTC);
    let far = now.date().checked_add(jiff::Span::new().days(60)).unwrap();
    let first = server.pick_where(Approval::Off, |order| {
        let primary = order.primary();
        order.product.duplicates && primary.valid_till > Some(far) && !order.is_renewed
    });
    let renewed = server.pick_to_renew(Approval::Off);
    assert_ne!(first.id, renewed.id);
    let settings = std::fs::read_to_string(desk.home.config()).unwrap();
    let entry = |pick: &crate::account::Pick| {
        let port = serve(&pick.names, 5);
        let name = &pick.common_name;
        format!("\"{name}\" = {{ at = [\"127.0.0.1:{port}\"], auto = \"duplicate-or-renew\" }}\n")
    };
    let served = format!("{settings}[served]\n{}{}", entry(&first), entry(&renewed));
    std::fs::write(desk.home.config(), served).unwrap();
    let calls = |what| server.sandbox().calls_of(what);
    let before = server.certificates(first.id);

    let (ran, rows) = week(&desk, &[]);
    let of = |rows: &[Value], id: u64| {
        let row = rows.iter().find(|row| row["order"] == id);
        row.cloned().unwrap_or_else(|| panic!("no row: {rows:?}"))
    };
    let duplicate = of(&rows, first.id);
    assert_eq!(duplicate["state"], "issued", "{}{}", ran.out, ran.err);
    assert_eq!(duplicate["action"], "duplicate");
    assert_eq!(server.certificates(first.id), before + 1);
    let kept = of(&rows, renewed.id);
    assert_eq!(kept["state"], "skipped", "{}", ran.out);
    assert!(
        kept["detail"]
            .as_str()
            .unwrap()
            .contains("--allow-renewals"),
        "{kept}"
    );
    assert_eq!(ran.code, 4, "{}", ran.err);

    // Nothing is served anew: the same is not made again.
    let (_, rows) = week(&desk, &[]);
    let again = of(&rows, first.id);
    assert_eq!(again["state"], "skipped", "{again}");
    assert_eq!(calls("duplicate"), 1);

    let (ran, rows) = week(&desk, &["--allow-renewals"]);
    let renewal = rows.iter().find(|row| row["action"] == "renew");
    let renewal = renewal.unwrap_or_else(|| panic!("{}{}", ran.out, ran.err));
    assert_eq!(renewal["state"], "issued", "{}{}", ran.out, ran.err);
    assert_eq!(calls("duplicate"), 1);
}
