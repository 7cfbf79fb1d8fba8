//! Endpoints that were added are kept by account, until they are removed.

use super::time;
use crate::domain::endpoint::{Endpoint, NO_ORDER, Target};
use crate::domain::served::{Missing, Seen, Served, Standing};
use crate::store::{Store, schema};

fn target(endpoint: &str, name: &str) -> Target {
    Target::at(Endpoint::parse(endpoint).unwrap(), name)
}

#[test]
fn what_was_added_is_there_after_a_restart_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("default.sqlite3");
    let all = [
        target("10.0.0.5:8443", "shop.example.net"),
        target("[2001:db8::1]:443", "2001:db8::1"),
        target("smtp://mx1:2525", "mx1"),
    ];
    let seen = Seen {
        at: time(5),
        served: Served::None(Missing::TimedOut),
        standing: Standing::None,
    };
    {
        let mut store = Store::open(&path).unwrap();
        store.add_endpoints("us/1", &all).unwrap();
        store.add_endpoints("us/1", &all[..1]).unwrap();
        let looks = all
            .each_ref()
            .map(|at| (NO_ORDER, at.clone(), seen.clone()));
        store.keep_served("us/1", &looks).unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.load_endpoints("us/1").unwrap(), all);
    assert_eq!(store.load_endpoints("us/2").unwrap(), []);
    store.remove_endpoints("us/1", &all[1..]).unwrap();
    store.remove_endpoints("us/2", &all).unwrap();
    assert_eq!(store.load_endpoints("us/1").unwrap(), all[..1]);
    let left = store.load_served("us/1").unwrap();
    assert_eq!(left, [(NO_ORDER, all[0].clone(), seen)]);
}

#[test]
fn a_file_of_the_format_before_gets_the_table_and_keeps_what_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("default.sqlite3");
    {
        let conn = rusqlite::Connection::open(&path).unwrap();
        for step in &schema::STEPS[..5] {
            conn.execute_batch(step).unwrap();
        }
        conn.pragma_update(None, "user_version", 5).unwrap();
        let seen = r#"{"at":"2026-11-20T12:00:00Z","served":{"Certificate":{"serial":"0A","thumbprint":"AB",
            "name":"a.example","issuer":"CA","expires":"2026-12-01T00:00:00Z",
            "chain":{"end":"Root","is_in_order":true,"extra":0}}},"standing":"This"}"#;
        conn.execute_batch("INSERT INTO account (id, key) VALUES (1, 'us/1')")
            .unwrap();
        conn.execute(
            "INSERT INTO served VALUES (1, 7, 'a.example:443', 'a.example', ?1)",
            [seen],
        )
        .unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    let [(_, _, seen)] = &store.load_served("us/1").unwrap()[..] else {
        panic!("what was seen is gone");
    };
    // Which names were in it was not kept then.
    assert_eq!(seen.served.certificate().unwrap().names, [""; 0]);
    assert_eq!(store.load_endpoints("us/1").unwrap(), []);
    let one = target("10.0.0.5", "10.0.0.5");
    store
        .add_endpoints("us/1", std::slice::from_ref(&one))
        .unwrap();
    assert_eq!(store.load_endpoints("us/1").unwrap(), [one]);
}
