//! What looks find, against servers of our own on loopback.

use super::testing::{Fault, Server, Zone, name};
use super::*;
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::rdata::{CAA, CNAME, NS};
use hickory_resolver::proto::rr::{RData, RecordType};
use rstest::rstest;

use crate::domain::caa::CaaVerdict;

/// Longer than any answer on loopback takes.
const LONG: Duration = Duration::from_secs(20);

fn probe(resolver: &Server, authority: Option<&Server>, limit: Duration) -> Probe {
    Probe::new(ProbeOptions {
        dns_servers: vec![resolver.address],
        dns_port: authority.map_or(1, |server| server.address.port()),
        limit,
        whole: LONG * 3,
        ..ProbeOptions::default()
    })
}

fn txt(at: &str) -> Placement {
    Placement::Record {
        kind: "TXT",
        name: at.into(),
        value: "abc".into(),
    }
}

fn cname(at: &str) -> Placement {
    Placement::Record {
        kind: "CNAME",
        name: format!("_dnsauth.{at}"),
        value: "abc.dcv.digicert.com".into(),
    }
}

/// What the resolver alone says of a place.
async fn seen(zone: Zone, place: Placement) -> Seen {
    let server = zone.serve().await;
    let sightings = probe(&server, None, LONG).sightings(&place).await;
    sightings[0].seen.clone()
}

#[rstest]
#[case::there(Zone::resolving().txt("example.test", &["abc"]), Seen::Found)]
#[case::in_pieces(Zone::resolving().txt("example.test", &["a", "b", "c"]), Seen::Found)]
#[case::among_others(
    Zone::resolving().txt("example.test", &["v=spf1"]).txt("example.test", &["abc"]),
    Seen::Found
)]
#[case::others_alone(Zone::resolving().txt("example.test", &["abcd"]), Seen::other(["abcd"]))]
#[case::two_records_are_no_value(
    Zone::resolving().txt("example.test", &["a"]).txt("example.test", &["bc"]),
    Seen::other(["a", "bc"])
)]
#[case::another_spelling(Zone::resolving().txt("example.test", &["ABC"]), Seen::other(["ABC"]))]
#[case::with_a_blank(
    Zone::resolving().txt("example.test", &["abc "]),
    Seen::Other(vec!["\"abc \"".into()])
)]
#[case::another_kind(Zone::resolving().address("example.test"), Seen::Nothing)]
#[case::no_name(Zone::resolving(), Seen::Nothing)]
#[case::behind_an_alias(
    Zone::resolving().cname("example.test", "other.test").txt("other.test", &["abc"]),
    Seen::Found
)]
#[case::an_alias_told_in_steps(
    Zone::resolving()
        .cname("example.test", "other.test")
        .txt("other.test", &["abc"])
        .fault("example.test", None, Fault::Short),
    Seen::Found
)]
#[case::over_tcp(
    Zone::resolving().txt("example.test", &["abc"]).fault("example.test", None, Fault::Truncated),
    Seen::Found
)]
#[tokio::test]
async fn a_txt_record_is_seen(#[case] zone: Zone, #[case] expected: Seen) {
    assert_eq!(seen(zone, txt("example.test")).await, expected);
}

#[rstest]
#[case(Fault::Code(ResponseCode::ServFail), "SERVFAIL")]
#[case(Fault::Code(ResponseCode::Refused), "REFUSED")]
#[case(Fault::Code(ResponseCode::FormErr), "the server responded")]
#[case(Fault::TruncatedEver, "cut off")]
#[case(Fault::Noise, "could not read the response")]
#[case(Fault::Referral, "does not look names up")]
#[tokio::test]
async fn what_says_nothing_is_unknown(#[case] fault: Fault, #[case] words: &str) {
    for place in [txt("example.test"), cname("example.test")] {
        let zone = Zone::resolving().txt("example.test", &["abc"]);
        let zone = zone.fault("example.test", None, fault);
        let zone = zone.fault("_dnsauth.example.test", None, fault);
        let Seen::Failed(why) = seen(zone, place).await else {
            panic!("{fault:?} is taken for an answer");
        };
        assert!(why.contains(words), "{why}");
    }
}

#[rstest]
#[case::there("abc.dcv.digicert.com", Seen::Found)]
#[case::in_capitals("ABC.dcv.DigiCert.com", Seen::Found)]
#[case::another("xyz.dcv.digicert.com", Seen::other(["xyz.dcv.digicert.com"]))]
#[tokio::test]
async fn a_cname_is_seen_and_not_followed(#[case] target: &str, #[case] expected: Seen) {
    let zone = Zone::resolving().cname("_dnsauth.example.test", target);
    assert_eq!(seen(zone, cname("example.test")).await, expected);
    let nothing = Zone::resolving().txt("_dnsauth.example.test", &["abc"]);
    assert_eq!(seen(nothing, cname("example.test")).await, Seen::Nothing);
}

#[tokio::test]
async fn a_txt_record_at_the_other_place_is_seen_there() {
    let zone = Zone::resolving()
        .txt("example.test", &["v=spf1"])
        .txt("_dnsauth.example.test", &["abc"]);
    let server = zone.serve().await;
    let all = probe(&server, None, LONG)
        .sightings(&txt("example.test"))
        .await;
    let first = &all[0];
    assert_eq!(first.place, txt("_dnsauth.example.test"));
    assert!(
        first
            .words()
            .ends_with("found at _dnsauth.example.test; the documented place is example.test"),
        "{}",
        first.words()
    );
    assert_eq!(first.server, format!("resolver {}", server.address));
}

#[tokio::test]
async fn who_has_the_zone_is_asked_too_and_a_cache_is_not_believed_for_it() {
    let authority = Zone::authority().txt("www.example.test", &["abc"]);
    let authority = authority.serve().await;
    let resolver = Zone::resolving()
        .txt("www.example.test", &["old"])
        .served("example.test", "ns1.example.test")
        .with("example.test", RData::NS(NS(name("ns2.example.test"))));
    let resolver = resolver.serve().await;
    let place = txt("www.example.test");
    let all = probe(&resolver, Some(&authority), LONG)
        .sightings(&place)
        .await;
    let told: Vec<(&str, &Seen)> = all.iter().map(|one| (&*one.server, &one.seen)).collect();
    assert_eq!(
        told,
        [
            (
                &*format!("resolver {}", resolver.address),
                &Seen::other(["old"])
            ),
            ("ns1.example.test (127.0.0.1)", &Seen::Found),
            ("ns2.example.test", &Seen::failed("has no address")),
        ]
    );
    assert_eq!(
        authority.asked(),
        ["udp www.example.test. TXT"],
        "without recursion, and once"
    );
    assert!(resolver.asked().iter().all(|line| line.ends_with(" rd")));
    assert_eq!(
        resolver.count(" test. "),
        0,
        "nobody asks for a top-level domain"
    );
}

#[rstest]
#[case::a_cache(Zone::resolving().txt("example.test", &["abc"]), "does not have the zone")]
#[case::another_zone(
    Zone::authority().fault("example.test", None, Fault::Referral),
    "does not have the zone"
)]
#[case::broken(
    Zone::authority().fault("example.test", None, Fault::Code(ResponseCode::ServFail)),
    "SERVFAIL"
)]
#[tokio::test]
async fn a_server_without_the_zone_knows_nothing(#[case] zone: Zone, #[case] words: &str) {
    let authority = zone.serve().await;
    let resolver = Zone::resolving().served("example.test", "ns.test");
    let resolver = resolver.serve().await;
    let all = probe(&resolver, Some(&authority), LONG)
        .sightings(&txt("example.test"))
        .await;
    let Seen::Failed(why) = &all[1].seen else {
        panic!("{all:?}");
    };
    assert!(why.contains(words), "{why}");
}

#[tokio::test]
async fn an_alias_to_another_zone_is_told_by_who_has_this_one() {
    let authority = Zone::authority().cname("example.test", "other.test").fault(
        "example.test",
        None,
        Fault::Short,
    );
    let authority = authority.serve().await;
    let resolver = Zone::resolving().served("example.test", "ns.test");
    let resolver = resolver.serve().await;
    let all = probe(&resolver, Some(&authority), LONG)
        .sightings(&txt("example.test"))
        .await;
    assert_eq!(all[1].seen, Seen::other(["an alias of other.test"]));
}

#[tokio::test]
async fn that_the_zone_was_not_found_is_told() {
    let zone = Zone::resolving().txt("example.test", &["abc"]);
    let ns = Some(RecordType::NS);
    let zone = zone.fault("example.test", ns, Fault::Code(ResponseCode::ServFail));
    let resolver = zone.serve().await;
    let all = probe(&resolver, None, LONG)
        .sightings(&txt("example.test"))
        .await;
    assert_eq!(all[0].seen, Seen::Found);
    assert_eq!(all[1].server, "authoritative servers");
    assert!(all[1].seen.words().contains("SERVFAIL"), "{:?}", all[1]);
}

#[tokio::test]
async fn the_next_server_is_asked_where_one_gives_no_answer() {
    let broken = Zone::resolving().fault("example.test", None, Fault::Code(ResponseCode::ServFail));
    let (broken, works) = (
        broken.serve().await,
        Zone::resolving()
            .txt("example.test", &["abc"])
            .serve()
            .await,
    );
    let mut options = probe(&broken, None, LONG).options;
    options.dns_servers.push(works.address);
    let all = Probe::new(options.clone())
        .sightings(&txt("example.test"))
        .await;
    assert_eq!(all[0].seen, Seen::Found);
    assert_eq!(all[0].server, format!("resolver {}", works.address));
    // What one knows not to be there is an answer.
    options.dns_servers.reverse();
    let probe = Probe::new(options);
    probe.sightings(&txt("nothing.test")).await;
    assert_eq!(broken.count("nothing"), 0);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_longer_than_the_limit() {
    let zone = Zone::resolving().fault("example.test", None, Fault::Silence);
    let server = zone.serve().await;
    let limit = Duration::from_millis(300);
    let place = txt("example.test");
    let all = probe(&server, None, limit).sightings(&place).await;
    assert_eq!(all[0].seen, Seen::failed("no response within 0.3 s"));
    assert!(
        server.count("example.test. TXT") > 1,
        "a packet may be lost"
    );
    let mut options = probe(&server, None, LONG).options;
    options.whole = limit;
    let probe = Probe::new(options);
    let all = probe.sightings(&place).await;
    assert_eq!(all[0].seen, Seen::failed("no response within 0.3 s"));
    let caa = probe.caa("example.test").await;
    assert_eq!(caa, Err("no response within 0.3 s".to_owned()));
}

#[tokio::test]
async fn nobody_there_is_told() {
    // Held, and of another peer's packets alone: what others send to it is refused.
    let held = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    held.connect("127.0.0.1:9").unwrap();
    let gone = held.local_addr().unwrap();
    let probe = Probe::new(ProbeOptions {
        dns_servers: vec![gone],
        limit: Duration::from_millis(300),
        ..ProbeOptions::default()
    });
    let all = probe.sightings(&txt("example.test")).await;
    assert!(matches!(all[0].seen, Seen::Failed(_)), "{all:?}");
    assert!(probe.caa("example.test").await.is_err());
    assert_eq!(probe.servers(), Ok(vec![gone]));
}

#[rstest]
#[case::at_the_name(Zone::resolving().caa("www.example.test", "digicert.com"), "www.example.test")]
#[case::above(Zone::resolving().caa("example.test", "digicert.com"), "example.test")]
#[case::at_the_top(Zone::resolving().caa("test", "digicert.com"), "test")]
#[case::the_nearest(
    Zone::resolving().caa("test", "other.test").caa("example.test", "digicert.com"),
    "example.test"
)]
#[case::of_an_alias(
    Zone::resolving()
        .cname("www.example.test", "cdn.other.test")
        .caa("cdn.other.test", "digicert.com")
        .caa("example.test", "wrong.test"),
    "cdn.other.test"
)]
#[case::not_above_an_alias(
    Zone::resolving()
        .cname("www.example.test", "cdn.other.test")
        .address("cdn.other.test")
        .caa("other.test", "wrong.test")
        .caa("example.test", "digicert.com"),
    "example.test"
)]
#[tokio::test]
async fn caa_of_the_nearest_name_decides(#[case] zone: Zone, #[case] at: &str) {
    let server = zone.serve().await;
    let probe = probe(&server, None, LONG);
    for name in [
        "www.example.test",
        "*.www.example.test",
        "WWW.Example.TEST.",
    ] {
        let found = probe.caa(name).await;
        let expected = CaaVerdict::Allowed { at: at.into() };
        assert_eq!(CaaVerdict::of(name, &found), expected, "{name}");
    }
}

#[tokio::test]
async fn a_search_for_caa_that_is_not_complete_found_nothing_out() {
    let fails = Fault::Code(ResponseCode::ServFail);
    let zone = Zone::resolving()
        .fault("www.example.test", None, fails)
        .caa("example.test", "digicert.com");
    let server = zone.serve().await;
    let probe = probe(&server, None, LONG);
    let why = probe.caa("www.example.test").await.unwrap_err();
    assert!(
        why.starts_with("www.example.test: resolver 127.0.0.1:"),
        "{why}"
    );
    assert!(why.contains("SERVFAIL"), "{why}");
    assert_eq!(
        server.count(" example.test."),
        0,
        "what is above decides nothing"
    );
    // An alias that leads to itself is no end.
    let zone = Zone::resolving().with("a.test", RData::CNAME(CNAME(name("a.test"))));
    let server = zone.serve().await;
    assert!(
        self::probe(&server, None, LONG)
            .caa("a.test")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn names_without_caa_are_open_and_addresses_are_not_asked_for() {
    let server = Zone::resolving().address("www.example.test").serve().await;
    let probe = probe(&server, None, LONG);
    assert_eq!(probe.caa("*.www.example.test").await, Ok(None));
    assert_eq!(
        server.asked(),
        [
            "udp www.example.test. CAA rd",
            "udp example.test. CAA rd",
            "udp test. CAA rd"
        ]
    );
    for none in ["192.0.2.1", "2001:db8::1", "abc.onion"] {
        assert_eq!(probe.caa(none).await, Ok(None));
    }
    assert!(probe.caa("").await.is_err());
    assert!(probe.caa("a..test").await.is_err());
    assert_eq!(server.asked().len(), 3);
    assert_eq!(probe.caa("bücher.test").await, Ok(None));
    assert_eq!(server.count("xn--bcher-kva.test."), 1);
}

#[tokio::test]
async fn odd_records_of_caa_are_told_as_they_are() {
    let mut odd = CAA::new_issue(true, None, Vec::new());
    odd.tag = "tbs".into();
    odd.value = vec![0xff, 0x1b, b'x'];
    let server = Zone::resolving()
        .with("example.test", RData::CAA(odd))
        .serve()
        .await;
    let set = probe(&server, None, LONG)
        .caa("example.test")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(set.records[0].tag, "tbs");
    assert_eq!(set.records[0].value, "\u{fffd}<U+001B>x");
    assert!(CaaVerdict::of("example.test", &Ok(Some(set))).forbids());
}

/// What a look began ends with it: nothing wakes the program afterwards.
#[tokio::test]
async fn no_task_outlives_a_look() {
    let authority = Zone::authority()
        .txt("example.test", &["abc"])
        .serve()
        .await;
    let resolver = Zone::resolving()
        .served("example.test", "ns.test")
        .txt("example.test", &["abc"])
        .fault("example.test", Some(RecordType::TXT), Fault::Truncated);
    let resolver = resolver.serve().await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let probe = probe(&resolver, Some(&authority), LONG);
    let all = probe.sightings(&txt("example.test")).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert_eq!(resolver.count("tcp"), 1);
    // Those that are told to end need a turn for it.
    tokio::time::timeout(LONG, async {
        while tasks() > before {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}
