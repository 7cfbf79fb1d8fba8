//! Order lists and order info: the documented shapes, and everything that accounts send instead.

use certdeck::certcentral::convert::{self, OrderList};
use certdeck::certcentral::wire::detail::OrderDetail;
use certdeck::certcentral::wire::order::StatusChangeList;
use certdeck::domain::ids::{CertificateId, OrderId, RequestId};
use certdeck::domain::order::{Order, OrderSummary};
use certdeck::domain::status::{OrderStatus, RequestKind, RequestStatus};
use jiff::civil::date;

fn list(json: &str) -> OrderList {
    serde_json::from_str(json).unwrap()
}

fn row(json: &str) -> OrderSummary {
    let list = list(&format!(r#"{{"orders": [{json}]}}"#));
    list.orders.rows.iter().next().unwrap().summary()
}

fn info(json: &str) -> Order {
    let detail: OrderDetail = serde_json::from_str(json).unwrap();
    convert::order(detail).unwrap()
}

const ROW: &str = r#"{ "id": 123456789,
  "certificate": { "id": 987001, "serial_number": "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
    "common_name": "shop.example.net", "dns_names": ["shop.example.net", "www.shop.example.net"],
    "valid_from": "2026-02-01", "valid_till": "2026-08-18", "days_remaining": 96,
    "cert_validity": {"years": 1}, "signature_hash": "sha256" },
  "status": "issued", "is_renewed": false, "date_created": "2026-01-30T08:12:45+00:00",
  "organization": {"id": 445566, "name": "Example Trading GmbH"},
  "validity_years": 1, "order_validity": {"years": 1}, "order_valid_till": "2027-02-01",
  "disable_renewal_notifications": false,
  "container": {"id": 77, "name": "Web shop", "is_active": true},
  "product": {"name_id": "ssl_securesite_multi_domain", "name": "Secure Site Multi-Domain SSL", "type": "ssl_certificate"},
  "duplicates_count": 2, "has_duplicates": true, "reissues_count": 0, "has_reissues": false,
  "price": 995, "product_name_id": "ssl_securesite_multi_domain", "number_of_sans": 2, "is_multi_year_plan": "1" }"#;

#[test]
fn the_documented_row() {
    let row = row(ROW);
    assert_eq!(row.id, OrderId(123_456_789));
    assert_eq!(row.certificate_id, Some(CertificateId(987_001)));
    assert_eq!(row.status, OrderStatus::Issued);
    assert_eq!(row.common_name, "shop.example.net");
    assert_eq!(row.dns_names.len(), 2);
    let serial = "0A1B2C3D4E5F60718293A4B5C6D7E8F9";
    assert_eq!(row.serial.as_deref(), Some(serial));
    assert_eq!(row.valid_from, Some(date(2026, 2, 1)));
    assert_eq!(row.valid_till, Some(date(2026, 8, 18)));
    assert_eq!(row.order_valid_till, Some(date(2027, 2, 1)));
    let created = row.created.unwrap().to_string();
    assert_eq!(created, "2026-01-30T08:12:45Z");
    assert_eq!(row.organization.unwrap().name, "Example Trading GmbH");
    assert_eq!(row.container.unwrap().name, "Web shop");
    assert_eq!(row.product.kind, "ssl_certificate");
    assert_eq!((row.duplicates, row.reissues), (2, 0));
}

#[test]
fn an_empty_list_has_no_key() {
    for json in [
        "{}",
        r#"{"orders": {}}"#,
        r#"{"orders": null}"#,
        r#"{"orders": []}"#,
    ] {
        assert!(list(json).orders.is_empty(), "{json}");
    }
}

#[test]
fn numbers_may_be_text_and_text_may_be_numbers() {
    let json = ROW
        .replace("123456789", "\"123456789\"")
        .replace("987001", "\"987001\"")
        .replace("\"id\": 445566", "\"id\": \"445566\"")
        .replace("\"duplicates_count\": 2", "\"duplicates_count\": \"2\"")
        .replace("\"name\": \"Web shop\"", "\"name\": 2024");
    let row = row(&json);
    assert_eq!(row.id, OrderId(123_456_789));
    assert_eq!(row.certificate_id, Some(CertificateId(987_001)));
    assert_eq!(row.organization.unwrap().id.unwrap().0, 445_566);
    assert_eq!(row.duplicates, 2);
    assert_eq!(row.container.unwrap().name, "2024");
}

#[test]
fn null_and_blank_are_absent() {
    let row = row(
        r#"{"id": 1, "certificate": {"id": null, "common_name": "", "dns_names": [""], "valid_till": "",
            "serial_number": null}, "status": "pending", "organization": null, "container": {},
            "date_created": null, "duplicates_count": null, "is_renewed": null}"#,
    );
    assert_eq!(row.certificate_id, None);
    assert_eq!(row.common_name, "");
    assert!(row.dns_names.is_empty());
    assert_eq!((row.valid_till, row.created), (None, None));
    assert_eq!((row.organization, row.container), (None, None));
    assert_eq!(row.serial, None);
    assert!(!row.is_renewed);
}

#[test]
fn an_unknown_status_keeps_its_text() {
    let row = row(r#"{"id": 1, "status": "on_hold"}"#);
    assert_eq!(row.status, OrderStatus::Other("on_hold".into()));
}

#[test]
fn older_accounts_only_say_that_there_are_some() {
    let row = row(r#"{"id": 1, "has_duplicates": "1", "has_reissues": 0}"#);
    assert_eq!((row.duplicates, row.reissues), (1, 0));
}

#[test]
fn the_product_is_named_in_two_places() {
    let row = row(r#"{"id": 1, "product_name_id": "ssl_plus"}"#);
    assert_eq!(row.product.name_id, "ssl_plus");
    assert_eq!(row.product.name, "ssl_plus");
}

#[test]
fn one_odd_row_costs_no_page() {
    let json = format!(
        r#"{{"orders": [{ROW}, "odd", null, {{}}, [], {{"id": "x"}}, {{"id": 2, "certificate": "none",
            "product": [], "organization": 7, "dns_names": {{"a": 1}}, "date_created": 5}}],
            "page": {{"total": "7", "limit": 0}}}}"#
    );
    let list = list(&json);
    let page = list.page.unwrap();
    assert_eq!(
        (page.total, page.limit, page.offset),
        (Some(7), Some(0), None)
    );
    let ids: Vec<u64> = list.orders.rows.ids().map(|id| id.0).collect();
    assert_eq!(ids, [123_456_789, 2]);
    assert_eq!(list.orders.unread, [(1, None)]);
}

#[test]
fn unknown_fields_pass() {
    let json = ROW.replacen('{', r#"{"brand_new": {"deep": [1, {"a": null}]}, "#, 1);
    assert_eq!(row(&json).id, OrderId(123_456_789));
}

#[test]
fn order_info_of_an_issued_plan() {
    let order = info(
        r#"{ "id": 112233, "status": "issued", "is_renewal": true, "is_renewed": false,
          "renewed_order_id": 0, "renewal_of_order_id": "112200", "is_multi_year_plan": "1",
          "certificate": { "id": 987001, "thumbprint": "a1:b2", "serial_number": "0a1b", "common_name": "shop.example.net",
            "dns_names": ["shop.example.net"], "date_created": "2026-01-30T08:12:45+00:00",
            "date_issued": "2026-02-01T09:00:00Z", "valid_from": "2026-02-01", "valid_till": "2026-08-18",
            "csr": "-----BEGIN CERTIFICATE REQUEST-----\r\nAA==\r\n-----END CERTIFICATE REQUEST-----\r\n",
            "organization": {"id": 445566}, "server_platform": {"id": -1, "name": "OTHER"},
            "signature_hash": "SHA256", "key_size": "2048", "ca_cert": {"id": "0F1E2D3C4B5A6978", "name": "Example CA"} },
          "order_valid_till": "2027-02-01", "auto_renew": 10, "auto_reissue": 0, "allow_duplicates": "1",
          "product": {"name_id": "ssl_plus", "name": "Standard SSL", "type": "ssl_certificate", "validation_type": "OV"},
          "organization": {"id": "445566", "name": "Example Trading GmbH", "city": "Bonn", "country": "de"},
          "user": {"id": 14, "first_name": "Ada", "last_name": "Example", "email": "ada@example.net"},
          "requests": {"id": 198, "date": "2026-02-03T09:10:11+00:00", "type": "new request", "status": "approved", "comments": ""},
          "notes": [{"id": 1, "text": "First\r\nsecond"}, {"id": 2}],
          "custom_fields": [{"metadata_id": 11, "label": "Cost", "value": 17}, {"metadata_id": 12, "label": "Mail", "value": ["a@example.net", "b@example.net"]}],
          "additional_emails": "ops@example.net", "cs_provisioning_method": "none",
          "last_reissued_date": "2026-03-01T00:00:00+00:00", "alternative_order_id": "x", "verification": {"a": "pending"} }"#,
    );
    assert_eq!(order.renewal_of, Some(OrderId(112_200)));
    assert_eq!((order.is_renewed, order.renewed_by), (false, None));
    assert!(order.is_plan);
    assert_eq!(order.auto_renew, Some(true));
    assert_eq!(order.auto_reissue, Some(false));
    assert_eq!(order.allow_duplicates, Some(true));
    assert_eq!(order.provisioning, None);
    assert_eq!(order.product.validation.as_deref(), Some("ov"));
    let organization = order.organization.unwrap();
    assert_eq!(organization.place.as_deref(), Some("Bonn, de"));
    assert_eq!(order.user.unwrap().name, "Ada Example");
    assert_eq!(order.additional_emails, ["ops@example.net"]);
    // One without a text is there all the same.
    let texts: Vec<_> = order.notes.iter().map(|note| &note.text[..]).collect();
    assert_eq!(texts, ["First\r\nsecond", ""]);
    let values: Vec<_> = order.custom_fields.iter().map(|f| &f.value[..]).collect();
    assert_eq!(values, ["17", "a@example.net, b@example.net"]);
    let request = &order.requests[0];
    assert_eq!(
        (request.id, request.order),
        (RequestId(198), Some(order.id))
    );
    assert_eq!(request.kind, RequestKind::NewRequest);
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.comments, None);
    assert!(request.date.is_some());
    let certificate = &order.certificate;
    assert_eq!(certificate.thumbprint.as_deref(), Some("A1B2"));
    assert_eq!(certificate.serial.as_deref(), Some("0A1B"));
    assert_eq!(certificate.hash.as_deref(), Some("sha256"));
    assert_eq!(certificate.key_size, Some(2048));
    assert_eq!(certificate.ca_id.as_deref(), Some("0F1E2D3C4B5A6978"));
    assert_eq!(certificate.ca_name.as_deref(), Some("Example CA"));
    assert_eq!(certificate.platform.as_ref().unwrap().id, -1);
    assert!(certificate.csr.as_ref().unwrap().0.ends_with("-----\r\n"));
    assert!(certificate.issued.is_some());
}

#[test]
fn an_order_that_needs_approval_has_no_certificate_yet() {
    let order = info(
        r#"{ "id": 112233, "status": "needs_approval",
          "certificate": { "common_name": "shop.example.net", "dns_names": ["shop.example.net"],
            "date_created": "2026-01-30T08:12:45+00:00", "csr": "x", "signature_hash": "sha256", "key_size": 2048,
            "ca_cert": {"id": "0F1E", "name": "Example CA"} },
          "requests": [{"id": 1, "date_created": "2026-01-30T08:12:45+00:00", "type": "new_request", "status": "submitted"}] }"#,
    );
    assert_eq!(order.status, OrderStatus::NeedsApproval);
    assert_eq!(order.certificate.id, None);
    assert_eq!(order.certificate.valid_till, None);
    assert_eq!(order.requests[0].status, RequestStatus::Submitted);
    assert!(order.requests[0].date.is_some(), "the other spelling");
}

#[test]
fn an_order_renewed_by_another_says_by_which() {
    let order = info(r#"{"id": 1, "status": "issued", "renewed_order_id": 2}"#);
    assert_eq!(order.renewed_by, Some(OrderId(2)));
    assert!(order.is_renewed);
}

#[test]
fn code_signing_has_no_names() {
    let order = info(
        r#"{"id": 1, "status": "issued", "product": {"name_id": "code_signing", "type": "code_signing_certificate"},
            "certificate": {"id": 2, "key_size": 3072}, "cs_provisioning_method": "ship_token",
            "ship_info": {"name": "Ada", "zip": 53111}, "hardware_init_code": "12"}"#,
    );
    assert_eq!(order.certificate.common_name, "");
    assert!(order.certificate.dns_names.is_empty());
    assert_eq!(order.provisioning.as_deref(), Some("ship_token"));
}

#[test]
fn a_csr_is_not_printed() {
    let json = r#"{"id": 1, "certificate": {"csr": "MADE-UP-CSR"}}"#;
    let detail: OrderDetail = serde_json::from_str(json).unwrap();
    assert!(!format!("{detail:?}").contains("MADE-UP"));
}

#[test]
fn status_changes_come_or_there_are_none() {
    let json =
        r#"{"orders": [{"order_id": 123456, "certificate_id": 987001, "status": "issued"}]}"#;
    let list: StatusChangeList = serde_json::from_str(json).unwrap();
    assert_eq!(list.orders[0].order_id, Some(123_456));
    let list: StatusChangeList = serde_json::from_str("{}").unwrap();
    assert!(list.orders.is_empty());
}
