//! From what is typed to the exact JSON, and what keeps it from being sent.

use rstest::rstest;

use super::*;
use crate::domain::csr;
use crate::domain::draft::FormKind;
use crate::domain::write::WriteKind;

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_duplicate_is_sent_as_documented() {
    let mut form = shop(FormKind::Duplicate);
    let text = csr_for(SHOP);
    paste(&mut form, &text.replace('\n', "\r\n"));
    set(&mut form, FieldId::EndDate, "2026-08-01");
    let sent = send(&mut form);
    assert_eq!(sent.kind, WriteKind::Duplicate);
    assert_eq!(sent.path, "/order/certificate/123456/duplicate");
    let body = body(&sent);
    assert_eq!(keys(&body), ["certificate", "custom_expiration_date"]);
    let certificate = &body["certificate"];
    assert_eq!(
        keys(certificate),
        [
            "common_name",
            "dns_names",
            "csr",
            "server_platform",
            "signature_hash"
        ]
    );
    assert_eq!(certificate["common_name"], "shop.example.net");
    assert_eq!(
        certificate["dns_names"],
        serde_json::json!(["www.shop.example.net", "api.example.net"])
    );
    assert_eq!(certificate["server_platform"]["id"], 45);
    assert_eq!(certificate["signature_hash"], "sha256");
    assert_eq!(body["custom_expiration_date"], "2026-08-01");

    let line = certificate["csr"].as_str().unwrap();
    assert!(!line.contains(['\n', '\r', '\\']), "one line, no escapes");
    let read = csr::read(&text).unwrap();
    assert_eq!(csr::read(line).unwrap().der, read.der);
    let expected = sent.expected.unwrap();
    assert_eq!(expected.csr_der, read.der);
    assert_eq!(expected.spki_der, read.spki_der);
    assert_eq!(expected.dns_names, SHOP);
    assert_eq!(expected.valid_till, Some(date(2026, 8, 1)));
    assert!(
        sent.body.contains("{\n  \"certificate\": {\n"),
        "to be read"
    );
}

#[test]
fn a_duplicate_promotes_a_name_and_takes_the_chosen() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    choose(&mut form, FieldId::CommonName, "api");
    choose(&mut form, FieldId::Hash, "sha384");
    choose(&mut form, FieldId::Platform, "other");
    choose(&mut form, FieldId::Ica, "example");
    let body = body(&send(&mut form));
    let certificate = &body["certificate"];
    assert_eq!(certificate["common_name"], "api.example.net");
    assert_eq!(
        certificate["dns_names"],
        serde_json::json!(["shop.example.net", "www.shop.example.net"])
    );
    assert_eq!(certificate["signature_hash"], "sha384");
    assert_eq!(certificate["server_platform"]["id"], -1);
    assert_eq!(certificate["ca_cert_id"], "0F1E2D3C4B5A6978");
    assert_eq!(keys(&body), ["certificate"]);
}

#[test]
fn the_bare_domain_is_not_repeated_on_ev() {
    let mut order = order_for(&["www.example.com", "example.com"]);
    order.product.name_id = "ssl_ev_plus".into();
    let mut form = open(FormKind::Duplicate, &order);
    paste(&mut form, &csr_for(&["www.example.com"]));
    let body = body(&send(&mut form));
    assert_eq!(body["certificate"].get("dns_names"), None);
}

#[rstest]
#[case::added(
    "www.shop.example.net\napi.example.net\nnew.example.net",
    "new.example.net is not on the order"
)]
#[case::nonsense(
    "www.shop.example.net\napi.example.net\nhttps://x.example/",
    "is a URL"
)]
fn a_duplicate_takes_no_other_names(#[case] names: &str, #[case] told: &str) {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::Names, names);
    let problems = problems(&mut form, FieldId::Names);
    assert!(
        problems.iter().any(|text| text.contains(told)),
        "{problems:?}"
    );
    assert_eq!(form.focus(), FieldId::Names);
}

#[test]
fn a_name_left_out_of_a_duplicate_is_told_but_may_be_tried() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::Names, "www.shop.example.net");
    let advice: Vec<_> = form.advice_at(FieldId::Names).collect();
    assert!(
        advice[0].text.contains("Excluded: api.example.net"),
        "{advice:?}"
    );
    let body = body(&send(&mut form));
    assert_eq!(
        body["certificate"]["dns_names"],
        serde_json::json!(["www.shop.example.net"])
    );
}

#[test]
fn a_wildcard_may_have_subdomains_added() {
    let mut order = order_for(&["*.example.net", "example.net"]);
    order.product.name_id = "ssl_wildcard".into();
    let mut form = open(FormKind::Duplicate, &order);
    paste(&mut form, &csr_for(&["*.example.net"]));
    set(&mut form, FieldId::Names, "example.net, a.b.example.net");
    let body = body(&send(&mut form));
    assert_eq!(
        body["certificate"]["dns_names"],
        serde_json::json!(["example.net", "a.b.example.net"])
    );
    set(&mut form, FieldId::Names, "example.net, example.org");
    let problems = problems(&mut form, FieldId::Names);
    assert!(
        problems[0].contains("example.org is not below *.example.net"),
        "{problems:?}"
    );
}

#[rstest]
#[case("2026-02-30", "February 2026 has 28 days")]
#[case("01.08.2026", "not a date")]
#[case("2026-06-10", "not after today")]
fn an_end_date_that_cannot_be_is_told(#[case] typed: &str, #[case] told: &str) {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::EndDate, typed);
    assert!(form.end_note().text.contains(told), "{:?}", form.end_note());
    let problems = problems(&mut form, FieldId::EndDate);
    assert!(problems[0].contains(told), "{problems:?}");
}

#[test]
fn an_end_date_that_will_be_cut_is_told_and_sent() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::EndDate, "2027-05-01");
    let note = form.end_note();
    assert_eq!(note.tone, crate::domain::draft::Tone::Warn);
    assert!(
        note.text.contains("shortened to 2026-12-25"),
        "{}",
        note.text
    );
    assert_eq!(
        body(&send(&mut form))["custom_expiration_date"],
        "2027-05-01"
    );
}

#[test]
fn every_problem_is_told_at_once() {
    let mut form = shop(FormKind::Duplicate);
    set(&mut form, FieldId::Names, "a@example.net");
    set(&mut form, FieldId::EndDate, "soon");
    let steps = act(&mut form, Action::Review);
    assert!(matches!(&steps[..], [FormStep::Tell(text)] if text.starts_with("Fix 3 problems")));
    for id in [FieldId::Csr, FieldId::Names, FieldId::EndDate] {
        assert_eq!(form.problems_at(id).count(), 1, "{id:?}");
    }
    assert_eq!(form.focus(), FieldId::Csr);
    paste(&mut form, &csr_for(SHOP));
    assert_eq!(
        form.problems_at(FieldId::Csr).count(),
        0,
        "gone when it is right"
    );
}

#[test]
fn a_reissue_is_sent_as_documented() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::CommonName, "new.example.net");
    set(
        &mut form,
        FieldId::Names,
        "shop.example.net www.shop.example.net api.example.net",
    );
    choose(&mut form, FieldId::Ica, "example");
    choose(&mut form, FieldId::Validity, "custom date");
    set(&mut form, FieldId::Until, "2026-08-09");
    choose(&mut form, FieldId::Profile, "server auth");
    choose(&mut form, FieldId::Dcv, "dns txt");
    choose(&mut form, FieldId::DcvScope, "each");
    set(&mut form, FieldId::Comments, "key lost");
    for flag in [FieldId::SkipApproval, FieldId::StoreAsDuplicate] {
        go_to(&mut form, flag);
        press(&mut form, KeyCode::Char(' '));
    }
    let sent = send(&mut form);
    assert_eq!(sent.kind, WriteKind::ReissueAsDuplicate);
    assert_eq!(sent.path, "/order/certificate/123456/reissue");
    let mut body = body(&sent);
    assert_eq!(
        keys(&body),
        [
            "certificate",
            "dcv_method",
            "comments",
            "skip_approval",
            "certificate_dcv_scope",
            "store_reissue_as_duplicate"
        ]
    );
    body["certificate"]["csr"] = "the CSR".into();
    assert_eq!(
        body,
        serde_json::json!({
            "certificate": {
                "csr": "the CSR",
                "common_name": "new.example.net",
                "dns_names": ["shop.example.net", "www.shop.example.net", "api.example.net"],
                "server_platform": {"id": 45},
                "cert_validity": {"custom_expiration_date": "09 AUG 2026"},
                "signature_hash": "sha256",
                "ca_cert_id": "0F1E2D3C4B5A6978",
                "profile_option": "server_auth_only_eku"
            },
            "dcv_method": "dns-txt-token",
            "comments": "key lost",
            "skip_approval": true,
            "certificate_dcv_scope": "fqdn",
            "store_reissue_as_duplicate": true
        })
    );
}

#[test]
fn a_plain_reissue_sends_only_what_is_needed() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    let sent = send(&mut form);
    assert_eq!(sent.kind, WriteKind::Reissue);
    let body = body(&sent);
    assert_eq!(keys(&body), ["certificate"]);
    assert_eq!(
        keys(&body["certificate"]),
        [
            "csr",
            "common_name",
            "dns_names",
            "server_platform",
            "signature_hash"
        ]
    );
}

#[rstest]
#[case::year("1 year", None, serde_json::json!({"years": 1}))]
#[case::days("custom days", Some((FieldId::Days, "90")), serde_json::json!({"days": 90}))]
#[case::until("custom date", Some((FieldId::Until, "1 aug 2026")), serde_json::json!({"custom_expiration_date": "01 AUG 2026"}))]
fn one_form_of_validity_is_sent(
    #[case] form_of: &str,
    #[case] typed: Option<(FieldId, &str)>,
    #[case] sent: Value,
) {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    // A day typed before the form of validity was changed is not sent.
    choose(&mut form, FieldId::Validity, "custom date");
    set(&mut form, FieldId::Until, "2026-07-07");
    choose(&mut form, FieldId::Validity, form_of);
    if let Some((id, text)) = typed {
        set(&mut form, id, text);
    }
    assert_eq!(body(&send(&mut form))["certificate"]["cert_validity"], sent);
}

#[rstest]
#[case("", "number of days")]
#[case("-3", "not a number")]
#[case("0", "0 days cannot")]
fn days_are_a_number(#[case] typed: &str, #[case] told: &str) {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    choose(&mut form, FieldId::Validity, "custom days");
    set(&mut form, FieldId::Days, typed);
    let problems = problems(&mut form, FieldId::Days);
    assert!(problems[0].contains(told), "{problems:?}");
}

#[test]
fn a_file_cannot_validate_a_wildcard() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::Names, "*.example.net");
    choose(&mut form, FieldId::Dcv, "file");
    let problems = problems(&mut form, FieldId::Dcv);
    assert!(
        problems[0].contains("cannot be validated by http-token"),
        "{problems:?}"
    );
}

#[test]
fn an_order_that_allows_nothing_says_so_before_anything_is_typed() {
    let mut order = order_for(SHOP);
    order.product.name_id = "private_ssl_plus".into();
    order.allow_duplicates = Some(false);
    let mut form = open(FormKind::Duplicate, &order);
    let told = form.order_notes()[0].text.clone();
    assert!(told.contains("allows no duplicates"), "{told}");
    paste(&mut form, &csr_for(SHOP));
    assert_eq!(act(&mut form, Action::Review), [FormStep::Tell(told)]);
    assert!(matches!(form.layer, Layer::Editing));
}

#[test]
fn a_copy_of_what_ends_soon_is_told_to_end_as_soon_until_a_date_is_given() {
    let mut order = order_for(SHOP);
    order.certificate.valid_till = Some(date(2026, 6, 14));
    let mut form = open(FormKind::Duplicate, &order);
    let told = |form: &Form| -> Vec<String> {
        let advice = form.advice_at(FieldId::EndDate);
        advice.map(|advice| advice.text.clone()).collect()
    };
    let advice = told(&form);
    assert!(
        advice[0].contains("2026-06-14") && advice[0].contains("set an expiration date"),
        "{advice:?}"
    );
    set(&mut form, FieldId::EndDate, "2026-08-01");
    assert_eq!(told(&form), Vec::<String>::new());
}
