//! Whatever JSON comes, no wire type fails on it: the worst is an absent field.

use certdeck::certcentral::wire::account::User;
use certdeck::certcentral::wire::certificate::CertificateList;
use certdeck::certcentral::wire::created::Created;
use certdeck::certcentral::wire::detail::OrderDetail;
use certdeck::certcentral::wire::domains::DomainList;
use certdeck::certcentral::wire::order::OrderList;
use certdeck::certcentral::wire::product::ProductList;
use certdeck::certcentral::wire::request::RequestList;
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
