//! Everything but orders: certificates, requests, answers of writes, products, organizations, domains, the account.

use certdeck::certcentral::convert;
use certdeck::certcentral::wire::account::{Account, MetadataList, User};
use certdeck::certcentral::wire::certificate::{CertificateList, Chain};
use certdeck::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use certdeck::certcentral::wire::domains::DomainList;
use certdeck::certcentral::wire::organization::{ContainerList, OrganizationList};
use certdeck::certcentral::wire::product::{ProductLimits, ProductList};
use certdeck::certcentral::wire::request::RequestInfo;
use certdeck::domain::dcv::DcvMethod;
use certdeck::domain::ids::{CertificateId, OrderId, RequestId};
use certdeck::domain::order::{Certificate, Role};
use certdeck::domain::status::{CertificateStatus, RequestKind, RequestStatus};
use jiff::civil::date;
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

fn duplicates(json: &str) -> Vec<Certificate> {
    convert::certificate_rows(read::<CertificateList>(json), &Role::Duplicate(None))
}

#[test]
fn duplicates_as_documented() {
    let rows = duplicates(
        r#"{"certificates": [{ "id": 987002, "thumbprint": "AB", "serial_number": "0C", "common_name": "shop.example.net",
          "dns_names": ["shop.example.net"], "status": "approved", "date_created": "2026-02-03T09:10:11+00:00",
          "valid_from": "2026-02-03", "valid_till": "2026-08-18", "days_remaining": 90, "csr": "x",
          "server_platform": {"id": 45, "name": "nginx", "install_url": "u", "csr_url": "u"}, "signature_hash": "sha256",
          "key_size": 2048, "ca_cert_id": "0F1E", "sub_id": "001", "public_id": "p", "archived": "1", "user_id": 14,
          "firstname": "Ada", "lastname": "Example" }]}"#,
    );
    let row = &rows[0];
    assert_eq!(row.role, Role::Duplicate(Some("001".into())));
    assert_eq!(row.status, Some(CertificateStatus::Approved));
    assert!(row.archived);
    assert_eq!(row.requester.as_ref().unwrap().name, "Ada Example");
    assert_eq!(row.valid_till, Some(date(2026, 8, 18)));
    assert_eq!(row.ca_id.as_deref(), Some("0F1E"));
    assert_eq!(row.platform.as_ref().unwrap().name, "nginx");
}

#[test]
fn reissues_say_less_and_spell_it_otherwise() {
    let list: CertificateList = read(
        r#"{"certificates": [{ "id": 9, "status": "pending", "date_created": "2026-02-03T09:10:11+00:00", "csr": "x",
          "key_size": 2048, "archived": 0, "user_id": 14, "email": "ada@example.net", "firstname": "Ada", "lastname": "Example",
          "receipt_id": "1234", "purchased_dns_names": "0", "purchased_wildcard_names": "2" }]}"#,
    );
    assert_eq!(list.certificates[0].receipt_id, Some(1234));
    assert_eq!(list.certificates[0].purchased_dns_names, Some(0));
    let rows = convert::certificate_rows(list, &Role::Reissue);
    assert_eq!(rows[0].role, Role::Reissue);
    assert!(!rows[0].archived);
    assert_eq!(rows[0].serial, None);
    assert_eq!(rows[0].requester.as_ref().unwrap().email, "ada@example.net");
}

#[test]
fn repeated_certificates_are_listed_once() {
    let rows = duplicates(
        r#"{"certificates": [{"id": 1, "serial_number": "0a"}, {"id": 1}, {"id": 2, "serial_number": "0A"},
            {"id": 3, "serial_number": "0B"}, {"id": 4}, {"id": 5}]}"#,
    );
    let ids: Vec<_> = rows.iter().map(|row| row.id.unwrap().0).collect();
    assert_eq!(ids, [1, 3, 4, 5]);
    assert!(duplicates("{}").is_empty());
}

#[test]
fn a_chain_begins_with_the_leaf_and_keeps_its_line_ends() {
    let chain: Chain = read(
        r#"{"intermediates": [{"subject_common_name": "shop.example.net", "pem": "-----BEGIN CERTIFICATE-----\r\nAA==\r\n"},
            {"subject_common_name": "Example Issuing CA", "pem": "b"}, {"pem": "c"}, {"pem": "d"}]}"#,
    );
    assert_eq!(chain.intermediates.len(), 4);
    let leaf = &chain.intermediates[0];
    let name = leaf.subject_common_name.as_deref();
    assert_eq!(name, Some("shop.example.net"));
    assert!(leaf.pem.as_ref().unwrap().contains("\r\n"));
}

#[test]
fn all_answers_to_a_new_certificate() {
    let waits: Created =
        read(r#"{"id": 112233, "requests": [{"id": 332211, "status": "submitted"}]}"#);
    assert_eq!(waits.order(), Some(OrderId(112_233)));
    assert_eq!(waits.request(), Some(RequestId(332_211)));
    assert_eq!((waits.certificate(), waits.is_issued()), (None, false));
    assert_eq!(waits.requests[0].status.as_deref(), Some("submitted"));

    let approved: Created = read(
        r#"{"id": 112233, "requests": [{"id": 113, "status": "approved"}], "certificate_id": 987001}"#,
    );
    assert_eq!(approved.certificate(), Some(CertificateId(987_001)));
    assert!(!approved.is_issued(), "a number is no certificate");

    let skipped: Created = read(r#"{"id": 112233, "certificate_id": "111112"}"#);
    assert_eq!(skipped.certificate(), Some(CertificateId(111_112)));
    assert_eq!(skipped.request(), None);

    let issued: Created = read(
        r#"{"id": 112233, "certificate_id": 987002, "certificate_chain": [
            {"subject_common_name": "shop.example.net", "pem": "a\r\n"}, {"pem": "b"}, {"pem": "c"}, {"pem": "d"}, {"pem": "e"}]}"#,
    );
    assert!(issued.is_issued());
    assert_eq!(issued.certificate_chain.len(), 5);

    let token: Created = read(
        r#"{"id": 1, "requests": {"id": 2}, "dcv_random_value": "rnd", "organization": {"id": 5},
            "domains": [{"id": 1, "dns_name": "shop.example.net", "dcv_token": {"token": "t", "verification_value": "v"}}]}"#,
    );
    assert_eq!(token.request(), Some(RequestId(2)), "one object for a list");
    assert_eq!(token.dcv_random_value.as_deref(), Some("rnd"));
    let value = token.domains[0].dcv_token.as_ref().unwrap();
    assert_eq!(value.verification_value.as_deref(), Some("v"));
}

#[test]
fn domain_checks() {
    let check: DcvCheck = read(
        r#"{"order_status": "pending", "certificate_id": 5, "dcv_status": "pending",
            "dns_name_validations": [{"dns_name": "a.example.com", "status": "approved"}]}"#,
    );
    assert_eq!(
        check.dns_name_validations[0].status.as_deref(),
        Some("approved")
    );
    let change: DcvMethodChange =
        read(r#"{"dcv_random_value": "rnd", "expiration_date": "2026-03-03T16:25:52+00:00"}"#);
    let end = change
        .expiration_date
        .as_deref()
        .and_then(convert::timestamp);
    assert!(end.is_some());
}

#[test]
fn requests_of_the_list() {
    let list: convert::RequestList = read(
        r#"{ "requests": [
          { "id": 198, "date": "2026-02-03T09:10:11+00:00", "type": "duplicate", "status": "pending",
            "requester": {"id": 14, "first_name": "Ada", "last_name": "Example", "email": "ada@example.net"},
            "order": { "id": 123456789, "certificate": {"common_name": "shop.example.net"},
              "organization": {"id": 445566, "name": "Example Trading GmbH"}, "container": {"id": 77, "name": "Web shop"},
              "product": {"name_id": "ssl_securesite", "name": "Secure Site SSL", "type": "ssl_certificate"} } },
          { "id": 199, "type": "revoke", "status": "brand_new", "order": {"id": 5} } ],
          "page": { "total": 2, "limit": 0, "offset": 0 } }"#,
    );
    let requests: Vec<_> = list.requests.into_iter().filter_map(|row| row.0).collect();
    assert_eq!(requests[0].kind, RequestKind::Duplicate);
    assert_eq!(requests[0].order, Some(OrderId(123_456_789)));
    assert_eq!(requests[0].common_name.as_deref(), Some("shop.example.net"));
    assert_eq!(
        requests[0].product.as_ref().unwrap().name_id,
        "ssl_securesite"
    );
    assert_eq!(requests[1].status, RequestStatus::Other("brand_new".into()));
    assert_eq!(
        (&requests[1].requester, &requests[1].product),
        (&None, &None)
    );
}

#[test]
fn a_request_in_full_holds_what_was_asked_for() {
    let info: RequestInfo = read(
        r#"{ "id": 198, "date": "2026-02-03T09:10:11+00:00", "type": "reissue", "status": "approved",
          "date_processed": "2026-02-04T09:10:11+00:00", "comments": "please", "processor_comment": "done",
          "requester": {"id": 14, "first_name": "Ada"}, "reviewer": {"id": 15}, "processor": {"id": 16, "email": "x@example.net"},
          "order": { "id": 5, "status": "needs_approval", "certificate": {"common_name": "new.example.net",
            "dns_names": ["new.example.net", ""], "csr": "x"}, "unsubmitted_domains": ["new.example.net"],
            "renewal_of_order_valid_till": "2026-05-01" } }"#,
    );
    let order = info.order.as_ref().unwrap();
    assert_eq!(order.unsubmitted_domains, ["new.example.net"]);
    let request = convert::request(info).unwrap();
    assert_eq!(request.dns_names, ["new.example.net"]);
    assert!(request.csr.is_some() && request.processed.is_some());
    assert_eq!(request.reviewer.unwrap().id.unwrap().0, 15);
    assert_eq!(request.processor_comment.as_deref(), Some("done"));
}

#[test]
fn products_with_years_as_text() {
    let list: ProductList = read(
        r#"{"products": [{ "group_name": "ssl_certificate", "name_id": "ssl_plus", "name": "Standard SSL", "type": "ssl_certificate",
          "validation_type": "OV", "allowed_container_ids": [77, "78"], "allowed_validity_years": ["1", 0.5],
          "allowed_order_validity_years": [1, 2, 3], "duplicates_allowed": 1, "additional_dns_names_allowed": false,
          "signature_hash_types": {"allowed_hash_types": [{"id": "sha256", "name": "SHA-256"}, {"id": "SHA384"}], "default_hash_type_id": "sha256"},
          "allowed_ca_certs": [{"id": "0F1E", "name": "Example CA", "chain_info": "Example CA > Example Root"}],
          "server_platforms": [{"id": -1, "name": "OTHER"}, {"id": "45", "name": "nginx"}], "csr_required": true },
          { "name_id": "old", "max_multi_year_order_validity_years": 2 }]}"#,
    );
    assert_eq!(list.products[0].allowed_container_ids, [77, 78]);
    let products: Vec<_> = list
        .products
        .into_iter()
        .filter_map(convert::product)
        .collect();
    let product = &products[0];
    assert_eq!(product.validity_years, [1]);
    assert_eq!(product.order_validity_years, [1, 2, 3]);
    assert_eq!(product.duplicates_allowed, Some(true));
    assert_eq!(product.hashes[1].id, "sha384");
    assert_eq!(product.icas[0].chain, "Example CA > Example Root");
    let platforms: Vec<_> = product.platforms.iter().map(|p| p.id).collect();
    assert_eq!(platforms, [-1, 45]);
    assert_eq!(products[1].order_validity_years, [1, 2]);
    assert_eq!(products[1].duplicates_allowed, None);
}

#[test]
fn no_number_of_years_leads_out_of_the_calendar() {
    let odd = "[1, 100, 101, 20000, 4294967295, 1e300, -1, 0, 0.5, \"99999999999999999999\"]";
    let product = convert::product(read(&format!(
        r#"{{"name_id": "a", "allowed_validity_years": {odd}, "allowed_order_validity_years": {odd}}}"#
    )));
    let product = product.unwrap();
    assert_eq!(product.validity_years, [1, 100]);
    assert_eq!(product.order_validity_years, [1, 100]);
    let limit = convert::limit(read(&format!(
        r#"{{"product_name_id": "a", "allowed_lifetimes": {odd}, "allowed_order_lifetimes": {odd}}}"#
    )));
    let limit = limit.unwrap();
    assert_eq!(
        (limit.years, limit.order_years),
        (vec![1, 100], vec![1, 100])
    );
}

#[test]
fn product_limits_as_documented() {
    let limits: ProductLimits = read(
        r#"{ "is_limited": true, "product_limits": [
          { "container_id": 4711, "role_id": 0, "product_name_id": "ssl_plus", "allowed_hashes": ["sha256"],
            "allowed_lifetimes": ["1"], "allowed_order_lifetimes": ["1", 2],
            "allow_auto_renew": true, "allow_auto_reissue": false, "allowed_wildcards": false } ] }"#,
    );
    assert_eq!(limits.product_limits[0].allowed_order_lifetimes, ["1", "2"]);
    let unlimited: ProductLimits = read(r#"{"is_limited": false}"#);
    assert!(unlimited.product_limits.is_empty());
}

#[test]
fn organizations_containers_and_domains() {
    let list: OrganizationList = read(
        r#"{"organizations": [{"id": "5", "name": "Example", "is_active": "1", "validations": [{"type": "ov", "status": "active", "validated_until": "2027-01-01T00:00:00+00:00"}]}]}"#,
    );
    assert_eq!(list.organizations[0].is_active, Some(true));
    assert_eq!(
        list.organizations[0].validations[0].kind.as_deref(),
        Some("ov")
    );
    let list: ContainerList = read(
        r#"{"containers": [{"id": 1, "parent_id": 0, "name": "Root", "allowed_domain_names": ["example.net"]}]}"#,
    );
    assert_eq!(list.containers[0].parent_id, Some(0));
    let list: DomainList = read(
        r#"{"domains": [{"id": 7, "name": "example.net", "is_active": true, "organization": {"id": 5, "is_active": "1"},
            "dcv_token": {"token": "t", "status": "pending"}, "dcv_expiration": {"ov": "2026-09-01T00:00:00+00:00"},
            "validations": [{"type": "ov", "status": "active", "dcv_status": "complete"}]}], "page": {"total": 1}}"#,
    );
    let domain = &list.domains[0];
    assert_eq!(domain.organization.as_ref().unwrap().is_active, Some(true));
    assert_eq!(
        domain.validations[0].dcv_status.as_deref(),
        Some("complete")
    );
    assert!(domain.dcv_token.is_some() && domain.dcv_expiration.is_some());
}

#[test]
fn domains_of_the_older_shape_tell_their_method_and_their_mails() {
    let mails = r#"{"method": "email", "name_scope": "example.net", "dcv_invitations": [
        {"invitation_id": 1, "email": "admin@example.net", "source": "base", "date_sent": "2016-01-01T00:00:00+00:00"},
        {"invitation_id": 2, "email": "owner@example.net", "source": "whois"},
        {"invitation_id": 3, "email": "admin@example.net"}]}"#;
    for dcv in [mails.to_owned(), format!("[{mails}]")] {
        let json = format!(r#"{{"id": 7, "name": "example.net", "dcv": {dcv}}}"#);
        let domain = convert::domain(read(&json)).unwrap();
        assert_eq!(domain.method, Some(DcvMethod::Email));
        assert_eq!(domain.mailed, ["admin@example.net", "owner@example.net"]);
    }
    // The newer field counts where there are both.
    let both = r#"{"id": 7, "name": "example.net", "dcv_method": "dns-txt-token", "dcv": {"method": "email"}}"#;
    let domain = convert::domain(read(both)).unwrap();
    assert_eq!(domain.method, Some(DcvMethod::parse("dns-txt-token")));
    for odd in ["null", "[]", "{}", "\"email\"", "[null]", "7"] {
        let json = format!(r#"{{"id": 7, "name": "example.net", "dcv": {odd}}}"#);
        let domain = convert::domain(read(&json)).unwrap();
        assert_eq!((domain.method, domain.mailed.len()), (None, 0), "{odd}");
    }
}

#[test]
fn a_placeholder_is_no_serial_number() {
    for placeholder in ["N/A", "0", "00000000", "pending"] {
        let rows = duplicates(&format!(
            r#"{{"certificates": [{{"id": 1, "serial_number": "{placeholder}", "valid_till": "2027-01-01"}},
                {{"id": 2, "serial_number": "{placeholder}", "valid_till": "2027-01-01"}}]}}"#
        ));
        assert_eq!(rows.len(), 2, "{placeholder}");
        assert_eq!(rows[0].serial, None);
        assert!(rows.iter().all(Certificate::was_issued));
    }
}

#[test]
fn who_the_key_belongs_to() {
    let user: User = read(
        r#"{"id": 14, "account_id": 99, "first_name": "Ada", "last_name": "Example", "email": "ada@example.net",
            "container": {"id": 77, "name": "Web shop"}, "access_roles": [{"id": 1, "name": "Administrator"}]}"#,
    );
    let account: Account =
        read(r#"{"id": "99", "primary_organization_name": "Example Trading GmbH"}"#);
    let session = convert::session(user.clone(), Some(account));
    assert_eq!(session.user, "Ada Example");
    assert_eq!(session.roles, ["Administrator"]);
    assert_eq!(session.account.as_deref(), Some("Example Trading GmbH"));
    let session = convert::session(user, None);
    assert_eq!((session.account_id, session.account), (Some(99), None));
}

#[test]
fn no_custom_fields_is_an_empty_object() {
    assert!(read::<MetadataList>("{}").metadata.is_empty());
    let list: MetadataList =
        read(r#"{"metadata": [{"id": 11, "label": "Cost", "is_required": "1", "is_active": 1}]}"#);
    assert_eq!(list.metadata[0].is_required, Some(true));
    assert_eq!(list.metadata[0].data_type, None);
}
