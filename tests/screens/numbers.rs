//! Numbers and dates that come from outside are never too large, too small or too odd: whatever the account sends, the
//! desk reckons with it, draws it, and goes on.

use certdeck::app::effect::Read;
use certdeck::app::msg::{Data, Msg};
use certdeck::certcentral::convert::{self, OrderList};
use certdeck::certcentral::wire;
use certdeck::domain::clock::ClockOffset;
use certdeck::domain::order::Role;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::account::{Desk, ORDER, requests};
use crate::draw::cells;

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            json!(0),
            json!(-1),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(1e300),
            json!(-1e300),
            json!(0.5),
            json!(4_294_967_296_u64),
            json!("99999999999999999999999999"),
            json!("-5"),
            json!("1e9"),
            json!(true),
            json!(null),
            json!({}),
            json!([]),
            json!(""),
            json!("9999-12-31"),
            json!("-009999-01-01"),
            json!("0000-00-00"),
            json!("0001-01-01"),
            json!("31 DEC 9999"),
            json!("99 FOO 2026"),
            json!("9999-12-30T22:00:00Z"),
            json!("9999-12-31T23:59:60+00:00"),
            json!("-009999-01-02T01:59:59Z"),
            json!("1970-01-01T00:00:00+25:59"),
            json!("2026-11-20T14:03:00.999999999999Z"),
        ]),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        "[0-9]{1,4}-[0-9]{2}-[0-9]{2}".prop_map(Value::from),
    ]
}

/// Puts some of these values in place of the numbers and texts of a document.
fn spoil(value: &mut Value, spoils: &[(prop::sample::Index, Value)]) {
    let mut paths = Vec::new();
    leaves(value, &mut String::new(), &mut paths);
    for (at, odd) in spoils {
        let path = &paths[at.index(paths.len())];
        if let Some(leaf) = value.pointer_mut(path) {
            *leaf = odd.clone();
        }
    }
}

fn leaves(value: &Value, path: &mut String, paths: &mut Vec<String>) {
    let mut below = |name: &str, value: &Value| {
        let length = path.len();
        path.push('/');
        path.push_str(name);
        leaves(value, path, paths);
        path.truncate(length);
    };
    match value {
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                below(&at.to_string(), value);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                below(name, value);
            }
        }
        // What is spoilt is what it is, not which one it is.
        _ if path.ends_with("/id") && path.matches('/').count() == 1 => {}
        _ => paths.push(path.clone()),
    }
}

fn certificate() -> Value {
    json!({
        "id": 8, "serial_number": "0A1B", "thumbprint": "AB", "common_name": "shop.example.net",
        "dns_names": ["shop.example.net"], "date_created": "2026-05-08T08:10:00+00:00",
        "date_issued": "2026-05-08T08:10:00+00:00", "valid_from": "2026-05-08", "valid_till": "2026-11-25",
        "days_remaining": 5, "cert_validity": {"years": 1, "days": 199}, "signature_hash": "sha256", "key_size": 2048,
        "server_platform": {"id": 45, "name": "nginx"}, "ca_cert": {"id": "0F", "name": "CA"}, "sub_id": "001",
        "user_id": 14, "archived": 0, "receipt_id": 3, "purchased_dns_names": 1
    })
}

fn order() -> Value {
    json!({
        "id": ORDER.0, "status": "issued", "certificate": certificate(),
        "date_created": "2026-01-12T09:30:00+00:00", "last_reissued_date": "2026-05-08T08:10:00+00:00",
        "order_valid_till": "2027-05-11", "order_validity": {"years": 1, "days": 365}, "validity_years": 1,
        "is_multi_year_plan": "1", "auto_renew": 30, "auto_reissue": 0, "renewed_order_id": 0,
        "product": {"name_id": "ssl_securesite_multi_domain", "name": "Secure Site", "type": "ssl_certificate", "validation_type": "ov"},
        "organization": {"id": 5, "name": "Example"}, "container": {"id": 7, "name": "Main"}, "allow_duplicates": true,
        "dcv_method": "dns-txt-token",
        "requests": [{"id": 6, "date": "2026-11-19T16:20:00+00:00", "type": "duplicate", "status": "pending",
            "date_processed": "2026-11-19T16:20:00+00:00"}],
        "notes": [{"id": 2, "date": "2026-11-19", "text": "A note."}],
        "custom_fields": [{"metadata_id": 7, "label": "Cost", "value": "4711"}]
    })
}

fn row() -> Value {
    let mut row = order();
    row["duplicates_count"] = json!(2);
    row["reissues_count"] = json!(1);
    row
}

fn product() -> Value {
    json!({
        "name_id": "ssl_securesite_multi_domain", "name": "Secure Site", "type": "ssl_certificate",
        "allowed_container_ids": [7], "allowed_validity_years": [1], "allowed_order_validity_years": [1, 2, 3],
        "max_multi_year_order_validity_years": 3, "duplicates_allowed": true,
        "signature_hash_types": {"allowed_hash_types": [{"id": "sha256", "name": "SHA-256"}], "default_hash_type_id": "sha256"},
        "server_platforms": [{"id": 45, "name": "nginx"}]
    })
}

fn domain() -> Value {
    json!({
        "id": 4, "name": "example.net", "dcv_approval_datetime": "2026-01-01T00:00:00Z",
        "dcv_expiration_datetime": "2026-12-01T00:00:00Z", "dcv_expiration": {"ov": "2026-12-01", "ev": "2026-12-01"},
        "validations": [{"type": "ov", "status": "active", "validated_until": "2026-12-01T00:00:00Z"}],
        "dcv_token": {"token": "t", "expiration_date": "2026-12-01T00:00:00Z"}, "dcv_method": "dns-txt-token"
    })
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_str(&value.to_string()).expect("JSON of a kind")
}

fn look(desk: &Desk) {
    let _ = cells(&desk.model);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_that_is_reckoned_with_is_too_odd(
        spoils in prop::collection::vec((any::<prop::sample::Index>(), odd()), 1..12),
        seconds in any::<i64>(),
        size in prop::sample::select(vec![(120, 40), (80, 24), (40, 10)]),
    ) {
        let spoilt = |mut value: Value| {
            spoil(&mut value, &spoils);
            value
        };
        let mut desk = Desk::connected(size);
        let rows = [spoilt(row()), row()];
        let list: OrderList = read(&json!({ "orders": rows }));
        desk.orders(list.orders.rows.iter().map(|row| row.summary()).collect());
        desk.comes(&Read::Requests, Ok(Data::Requests(requests())));
        look(&desk);
        for key in ["s", "s", "s"] {
            desk.press(key);
            look(&desk);
        }
        desk.press("enter");
        let info = convert::order(read(&spoilt(order())));
        let Some(info) = info else { return Ok(()) };
        let organization = info.organization.as_ref().and_then(|organization| organization.id);
        let container = info.container.as_ref().and_then(|container| container.id);
        let name = info.product.name_id.clone();
        desk.comes(&Read::Order(ORDER), Ok(Data::Order(Box::new(info))));
        let list: wire::certificate::CertificateList =
            read(&json!({ "certificates": [spoilt(certificate()), certificate()] }));
        for (read, role) in [
            (Read::Duplicates(ORDER), Role::Duplicate(None)),
            (Read::Reissues(ORDER), Role::Reissue),
        ] {
            let rows = convert::certificate_rows(list.clone(), &role);
            desk.comes(&read, Ok(Data::Certificates(rows)));
        }
        if let Some(id) = organization {
            let rows: Vec<wire::organization::Validation> = domain()["validations"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|row| read(&spoilt(row.clone())))
                .collect();
            let rows = rows.into_iter().filter_map(convert::validation).collect();
            desk.comes(&Read::Organization(id), Ok(Data::Validations(rows)));
        }
        desk.tell(Msg::Clock(ClockOffset { seconds }));
        for _ in 0..5 {
            look(&desk);
            desk.press("o");
        }
        let names = vec!["shop.example.net".to_owned()];
        let found: Vec<_> = convert::domain(read(&spoilt(domain()))).into_iter().collect();
        desk.comes(&Read::Domains(ORDER, names), Ok(Data::Domains(found)));
        look(&desk);
        for form in ["d", "r", "n"] {
            desk.press(form);
            let wire: wire::product::Product = read(&spoilt(product()));
            if let Some(product) = convert::product(wire) {
                desk.comes(&Read::Product(name.clone()), Ok(Data::Product(Box::new(product))));
            }
            if let Some(container) = container {
                let limit: wire::product::ProductLimit = read(&spoilt(json!({
                    "container_id": 7, "role_id": 0, "product_name_id": name, "allowed_lifetimes": ["1", "2"],
                    "allowed_order_lifetimes": ["1"]
                })));
                let limits = convert::limit(limit).into_iter().collect();
                desk.comes(&Read::Limits(container), Ok(Data::Limits(limits)));
            }
            for _ in 0..12 {
                desk.press("tab right");
                look(&desk);
            }
            desk.press("ctrl-s");
            look(&desk);
            for _ in 0..3 {
                desk.press("esc");
            }
        }
    }
}
