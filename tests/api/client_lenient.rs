//! Whatever JSON comes, no wire type fails on it: the worst is an absent field.

use certdeck::certcentral::convert::{OrderList, PlainList, RequestList};
use certdeck::certcentral::wire::account::User;
use certdeck::certcentral::wire::certificate::CertificateList;
use certdeck::certcentral::wire::created::Created;
use certdeck::certcentral::wire::detail::OrderDetail;
use certdeck::certcentral::wire::domains::DomainList;
use certdeck::certcentral::wire::product::ProductList;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Names that the wire types look for, so that odd values meet real fields.
const NAMES: &[&str] = &[
    "orders",
    "page",
    "total",
    "id",
    "certificate",
    "dns_names",
    "status",
    "organization",
    "product",
    "requests",
    "date",
    "type",
    "certificates",
    "archived",
    "custom_fields",
    "value",
    "verification",
    "products",
    "allowed_validity_years",
    "signature_hash_types",
    "allowed_hash_types",
    "domains",
    "certificate_chain",
    "pem",
    "access_roles",
    "csr",
    "server_platform",
    "key_size",
    "is_renewed",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        "[ -~]{0,6}".prop_map(Value::from),
        "[0-9]{1,25}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        let entries = (proptest::sample::select(NAMES), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..6).prop_map(Value::from),
            proptest::collection::vec(entries, 0..8).prop_map(|entries| {
                let named = entries
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::from(named.collect::<Map<_, _>>())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn an_object_is_always_read(value in any_json()) {
        let text = if value.is_object() { value } else { json!({ "orders": value }) }.to_string();
        serde_json::from_str::<OrderList>(&text).unwrap();
        serde_json::from_str::<OrderDetail>(&text).unwrap();
        serde_json::from_str::<CertificateList>(&text).unwrap();
        serde_json::from_str::<RequestList>(&text).unwrap();
        serde_json::from_str::<ProductList>(&text).unwrap();
        serde_json::from_str::<DomainList>(&text).unwrap();
        serde_json::from_str::<Created>(&text).unwrap();
        serde_json::from_str::<User>(&text).unwrap();
    }
}

/// A page of orders, whose values may be any.
fn any_page() -> impl Strategy<Value = Value> {
    let row = prop_oneof![
        4 => (1..u64::MAX, any_json()).prop_map(|(id, odd)| {
            json!({
                "id": id,
                "status": "issued",
                "certificate": {"id": 9, "common_name": "a\u{e9}.example", "dns_names": ["a\nb", "c"], "valid_till": "2027-01-02"},
                "organization": {"id": 5, "display_name": "Shown", "city": "Köln", "country": "de"},
                "container": {"id": 7, "name": "Web"},
                "product": {"name_id": "ssl_plus", "type": "ssl_certificate", "validation_type": "OV"},
                "date_created": "2026-01-30T08:12:45+00:00",
                "has_duplicates": true,
                "custom_fields": odd,
            })
        }),
        1 => any_json(),
    ];
    (proptest::collection::vec(row, 0..5), any_json(), 0..4_u8).prop_map(|(rows, odd, top)| {
        match top {
            0 => json!({ "orders": rows }),
            1 => json!({ "orders": rows, "page": {"total": 5, "limit": 1000, "offset": 0} }),
            2 => json!({ "orders": rows, "page": odd }),
            _ => json!({ "orders": rows, "errors": odd }),
        }
    })
}

proptest! {
    #[test]
    fn a_list_that_is_read_in_one_go_is_read_as_any_other(page in any_page()) {
        let text = page.to_string();
        let carefully: OrderList = serde_json::from_str(&text).unwrap();
        let plain = serde_json::from_slice::<PlainList>(text.as_bytes());
        let is_plain = page["orders"].as_array().is_some_and(|rows| {
            !rows.is_empty() && rows.iter().all(|row| row.as_object().is_some_and(|row| !row.is_empty()))
        });
        prop_assert_eq!(plain.is_ok(), is_plain && page.get("errors").is_none());
        if let Ok(plain) = plain {
            prop_assert_eq!(OrderList::from(plain), carefully);
        }
    }
}
