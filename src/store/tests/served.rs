//! What was seen to be served is kept by account, order and place, and goes with its order.

use super::{order, time};
use crate::domain::endpoint::{Endpoint, Target};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::served::{
    ChainEnd, ChainSent, Missing, Seen, Served, ServedCertificate, Standing,
};
use crate::store::{KeptServed, Store};

fn seen(order: u64, endpoint: &str, standing: Standing, seconds: i64) -> KeptServed {
    let served = if standing == Standing::None {
        Served::None(Missing::Failed("name not resolved: no response".into()))
    } else {
        Served::Certificate(ServedCertificate {
            serial: format!("0{order}"),
            thumbprint: "AB".into(),
            name: "shop.example.net".into(),
            names: vec!["shop.example.net".into()],
            issuer: "Müller CA".into(),
            expires: time(1_000),
            chain: ChainSent {
                end: ChainEnd::Incomplete("Upper CA".into()),
                is_in_order: false,
                extra: 2,
            },
        })
    };
    let target = Target::at(Endpoint::parse(endpoint).unwrap(), "shop.example.net");
    let at = time(seconds);
    let seen = Seen {
        at,
        served,
        standing,
    };
    (OrderId(order), target, seen)
}

#[test]
fn what_was_seen_is_there_after_a_restart_and_the_newest_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("default.sqlite3");
    let all = [
        seen(1, "shop.example.net", Standing::This, 1),
        seen(1, "smtp://[::1]:2525", Standing::None, 2),
        seen(2, "shop.example.net", Standing::Earlier, 3),
    ];
    let newer = seen(1, "shop.example.net", Standing::Other, 9);
    {
        let mut store = Store::open(&path).unwrap();
        store.keep_served("us/1", &all).unwrap();
        store
            .keep_served("us/1", std::slice::from_ref(&newer))
            .unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    let mut kept = store.load_served("us/1").unwrap();
    kept.sort_by_key(|(_, _, seen)| seen.at);
    assert_eq!(kept, [all[1].clone(), all[2].clone(), newer]);
    assert_eq!(store.load_served("us/2").unwrap(), []);
    store
        .upsert_orders("us/1", &Rows::from_iter(&[order(1), order(2)]))
        .unwrap();
    store.remove_orders("us/1", &[OrderId(1)]).unwrap();
    assert_eq!(store.load_served("us/1").unwrap(), [all[2].clone()]);
}
