//! What each family's form asks for and when, and what it says of entries that will not do.

use rstest::rstest;

use super::*;
use crate::domain::draft::FormKind;
use crate::domain::write::Expected;

pub(super) fn order_of(name_id: &str) -> Order {
    let mut order = order_for(&["Example Trading GmbH"]);
    order.product.name_id = name_id.into();
    order.product.name = name_id.into();
    order.product.kind = String::new();
    order.certificate.dns_names = Vec::new();
    order.certificate.platform = None;
    order.is_plan = false;
    order
}

pub(super) fn has(form: &Form, id: FieldId) -> bool {
    form.shown().any(|(spec, _)| spec.id == id)
}

fn required(form: &Form, id: FieldId) -> bool {
    form.shown()
        .any(|(spec, _)| spec.id == id && form.is_required(spec))
}

fn signing(stored: Option<&str>) -> Form {
    let mut order = order_of("code_signing_ev");
    order.provisioning = stored.map(ToString::to_string);
    open(FormKind::Reissue, &order)
}

#[rstest]
#[case::stored_email(Some("email"), None, true, false, false)]
#[case::stored_ship(Some("ship_token"), None, false, false, true)]
#[case::stored_own(Some("client_app"), None, false, true, false)]
#[case::chosen_email(Some("ship_token"), Some("by email"), true, false, false)]
#[case::chosen_ship(Some("email"), Some("token shipped"), false, false, true)]
#[case::chosen_own(Some("email"), Some("your own token"), false, true, false)]
fn provisioning_decides_what_code_signing_asks_for(
    #[case] stored: Option<&str>,
    #[case] chosen: Option<&str>,
    #[case] csr: bool,
    #[case] token: bool,
    #[case] ship: bool,
) {
    let mut form = signing(stored);
    if let Some(chosen) = chosen {
        choose(&mut form, FieldId::Provisioning, chosen);
    }
    assert_eq!(required(&form, FieldId::Csr), csr);
    assert_eq!(has(&form, FieldId::Csr), csr);
    assert_eq!(required(&form, FieldId::Platform), token);
    assert_eq!(has(&form, FieldId::ShipTo), ship);
    assert!(!has(&form, FieldId::ShipName), "only to another address");
    assert!(!has(&form, FieldId::CommonName) && !has(&form, FieldId::Names));
}

#[test]
fn where_nobody_told_how_it_is_delivered_a_csr_may_be_given() {
    let form = signing(None);
    assert!(has(&form, FieldId::Csr) && !required(&form, FieldId::Csr));
}

#[test]
fn a_csr_has_no_place_where_the_key_is_made_on_a_token() {
    let mut form = signing(Some("ship_token"));
    let told = |steps: Vec<FormStep>| matches!(&steps[..], [FormStep::Tell(text)] if text.starts_with("No CSR is sent"));
    let text = csr_for(&["example.net"]);
    assert!(told(paste(&mut form, &text)));
    assert!(told(act(&mut form, Action::MakeKey)));
    assert!(told(act(&mut form, Action::LoadFile)));
    choose(&mut form, FieldId::Provisioning, "by email");
    paste(&mut form, &text);
    choose(&mut form, FieldId::Provisioning, "token shipped");
    let body = body(&send(&mut form));
    assert_eq!(body["certificate"].get("csr"), None, "typed, but not taken");
    assert_eq!(body["cs_provisioning_method"], "ship_token");
}

#[test]
fn a_shipping_address_is_whole_or_not_there() {
    let mut form = signing(Some("ship_token"));
    choose(&mut form, FieldId::ShipTo, "another");
    set(&mut form, FieldId::ShipName, "Alice Example");
    act(&mut form, Action::Review);
    for id in [
        FieldId::ShipAddress,
        FieldId::ShipCity,
        FieldId::ShipState,
        FieldId::ShipZip,
        FieldId::ShipCountry,
    ] {
        assert_eq!(form.problems_at(id).count(), 1, "{id:?}");
    }
    assert_eq!(form.problems_at(FieldId::ShipAddress2).count(), 0);
    choose(&mut form, FieldId::ShipTo, "the account");
    let body = body(&send(&mut form));
    assert_eq!(body.get("ship_info"), None);
}

#[test]
fn a_country_in_words_is_worth_a_look_and_what_has_no_name_goes_by_its_organisation() {
    let mut form = signing(Some("ship_token"));
    choose(&mut form, FieldId::ShipTo, "another");
    set(&mut form, FieldId::ShipCountry, "Germany");
    let told: Vec<_> = form.advice_at(FieldId::ShipCountry).collect();
    assert!(told[0].text.contains("two letters"), "{told:?}");
    set(&mut form, FieldId::ShipCountry, "de");
    assert_eq!(form.advice_at(FieldId::ShipCountry).count(), 0);
    for (id, text) in [
        (FieldId::ShipName, "Alice Example"),
        (FieldId::ShipAddress, "1 Road"),
        (FieldId::ShipCity, "Berlin"),
        (FieldId::ShipState, "Berlin"),
        (FieldId::ShipZip, "10115"),
    ] {
        set(&mut form, id, text);
    }
    act(&mut form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let told = format!("{:?}", reviewing.review.sections);
    let shipped = "Shipped to Alice Example, Berlin, de (standard).";
    assert!(told.contains(shipped), "{told}");
    let mut order = order_of("code_signing_ev");
    order.certificate.common_name = String::new();
    order.organization = Some(crate::domain::order::Organization {
        name: "Example GmbH".into(),
        ..crate::domain::order::Organization::default()
    });
    let form = open(FormKind::Reissue, &order);
    assert_eq!(form.heading(), "Reissue of order 123456 · Example GmbH");
}

#[rstest]
#[case(
    "code_signing_ev",
    "2027-09-11: code signing certificates are limited to 459 days"
)]
#[case(
    "secure_email_mailbox",
    "2030-01-01: the order's coverage ends then; the CA may have a shorter limit"
)]
fn a_plan_is_longer_than_its_certificates(#[case] name_id: &str, #[case] told: &str) {
    let mut order = order_of(name_id);
    order.is_plan = true;
    order.order_valid_till = Some(date(2030, 1, 1));
    let mut form = open(FormKind::Reissue, &order);
    assert!(form.end_note().text.contains(told), "{:?}", form.end_note());
    choose(&mut form, FieldId::Validity, "custom days");
    assert_eq!(
        problems(&mut form, FieldId::Days),
        ["Enter a number of days, such as 90."]
    );
}

#[test]
fn a_token_of_ones_own_has_to_be_named() {
    let mut form = signing(Some("client_app"));
    assert_eq!(problems(&mut form, FieldId::Platform).len(), 1);
    choose(&mut form, FieldId::Platform, "nginx");
    let body = body(&send(&mut form));
    assert_eq!(body["certificate"]["server_platform"]["id"], 45);
}

#[rstest]
#[case("secure_email_mailbox", &[FieldId::Emails, FieldId::PrimaryUsage, FieldId::Hash])]
#[case("secure_email_individual", &[FieldId::Emails, FieldId::PrimaryUsage, FieldId::Hash])]
#[case("secure_email_organization", &[FieldId::Emails, FieldId::CnIndicator, FieldId::PrimaryUsage, FieldId::Hash])]
#[case("secure_email_sponsor", &[FieldId::Emails, FieldId::CnIndicator, FieldId::PrimaryUsage, FieldId::Hash])]
#[case("client_premium", &[FieldId::Emails, FieldId::Hash])]
#[case("client_authentication_plus", &[FieldId::CommonName, FieldId::Emails, FieldId::Hash])]
#[case("document_signing_org_1", &[FieldId::Hash])]
#[case("vmc_basic", &[FieldId::Hash])]
fn what_must_be_given_by_product(#[case] name_id: &str, #[case] wanted: &[FieldId]) {
    let form = open(FormKind::Reissue, &order_of(name_id));
    let found: Vec<FieldId> = form
        .shown()
        .filter(|(spec, _)| form.is_required(spec))
        .map(|(spec, _)| spec.id)
        .collect();
    assert_eq!(found, wanted);
    let sponsor = name_id == "secure_email_sponsor";
    for id in [FieldId::Upn, FieldId::SubjectSerial, FieldId::JobTitle] {
        assert_eq!(has(&form, id), sponsor, "{id:?}");
    }
    let email = ["individual", "sponsor", "organization"]
        .iter()
        .any(|kind| name_id.ends_with(kind) && name_id.starts_with("secure"));
    assert_eq!(has(&form, FieldId::IncludeEmail), email);
    assert_eq!(has(&form, FieldId::Names), name_id == "vmc_basic");
}

#[test]
fn the_source_of_the_common_name_decides_how_a_person_is_named() {
    let mut form = open(FormKind::Reissue, &order_of("secure_email_sponsor"));
    assert!(!has(&form, FieldId::FirstName) && !has(&form, FieldId::Pseudonym));
    choose(&mut form, FieldId::CnIndicator, "first and last");
    assert!(required(&form, FieldId::FirstName) && required(&form, FieldId::LastName));
    assert!(has(&form, FieldId::IncludeName) && has(&form, FieldId::SubjectPseudonym));
    assert!(!has(&form, FieldId::Pseudonym) && !has(&form, FieldId::IncludePseudonym));
    choose(&mut form, FieldId::CnIndicator, "a pseudonym");
    assert!(required(&form, FieldId::Pseudonym) && has(&form, FieldId::IncludePseudonym));
    assert!(!has(&form, FieldId::FirstName) && !has(&form, FieldId::SubjectPseudonym));
    choose(&mut form, FieldId::CnIndicator, "the first email");
    assert!(has(&form, FieldId::FirstName) && !required(&form, FieldId::FirstName));
    let values = |form: &Form| match form.fields.get(FieldId::CnIndicator).map(|f| &f.input) {
        Some(Input::Choice(choice)) => choice
            .options()
            .iter()
            .map(|option| option.id.clone())
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(
        values(&form),
        ["", "email_address", "given_name_surname", "pseudonym"]
    );
    let organization = open(FormKind::Reissue, &order_of("secure_email_organization"));
    assert_eq!(
        values(&organization),
        ["", "email_address", "organization_name"]
    );
}

#[rstest]
#[case(FieldId::Emails, "alice", "not an email address")]
#[case(FieldId::Emails, "", "an email address is required")]
#[case(FieldId::Upn, "a@example.com b@example.com", "At most one name")]
#[case(FieldId::Upn, &"u".repeat(256), "the maximum is 255")]
#[case(FieldId::SubjectSerial, &"1".repeat(101), "the maximum is 100")]
#[case(FieldId::JobTitle, &"j".repeat(129), "the maximum is 128")]
#[case(FieldId::SubjectPseudonym, &"é".repeat(129), "the maximum is 128")]
fn entries_that_will_not_do_are_told_while_typing(
    #[case] id: FieldId,
    #[case] typed: &str,
    #[case] told: &str,
) {
    let mut order = order_of("secure_email_sponsor");
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    set(&mut form, id, typed);
    let found: Vec<_> = form.problems_at(id).map(|p| p.text.clone()).collect();
    assert!(
        found
            .iter()
            .any(|text| text.to_lowercase().contains(&told.to_lowercase())),
        "{found:?}"
    );
    let longest = typed.chars().skip(1).collect::<String>();
    if told.contains("the maximum is") {
        set(&mut form, id, &longest);
        assert_eq!(form.problems_at(id).count(), 0, "the longest will do");
    }
}

#[test]
fn half_a_name_will_not_do_and_an_address_that_goes_is_dangerous() {
    let mut order = order_of("secure_email_sponsor");
    order.certificate.emails = vec!["alice@example.com".into(), "old@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    choose(&mut form, FieldId::CnIndicator, "the first email");
    choose(&mut form, FieldId::PrimaryUsage, "signing email");
    set(&mut form, FieldId::FirstName, "Alice");
    assert_eq!(problems(&mut form, FieldId::LastName).len(), 1);
    set(&mut form, FieldId::LastName, "Example");
    set(&mut form, FieldId::Emails, "alice@example.com");
    act(&mut form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let danger = reviewing.review.danger.clone().unwrap();
    assert!(danger.contains("old@example.com"), "{danger}");
    let told = format!("{:?}", reviewing.review.sections);
    assert!(
        told.contains("Addresses removed: old@example.com"),
        "{told}"
    );
    assert!(
        told.contains("Common name: the first email address."),
        "{told}"
    );
    assert!(told.contains("Primary usage: signing email."), "{told}");
    assert!(!told.contains("No name is removed"), "{told}");
}

#[test]
fn a_public_key_will_do_where_a_csr_is_not_required_and_nowhere_else() {
    let pem = key_pair().public_key_pem();
    let mut order = order_of("secure_email_mailbox");
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    paste(&mut form, &pem);
    choose(&mut form, FieldId::PrimaryUsage, "signing email");
    let sent = send(&mut form);
    let text = body(&sent)["certificate"]["csr"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(text.starts_with("-----BEGIN PUBLIC KEY-----M") && !text.contains('\n'));
    assert_eq!(text, pem.replace(['\n', '\r'], ""));
    let expected = sent.expected.unwrap();
    assert!(expected.csr_der.is_empty() && !expected.spki_der.is_empty());
    for mut form in [shop(FormKind::Reissue), signing(Some("email"))] {
        paste(&mut form, &pem);
        assert!(notes(&form).contains("bare public key; this product needs a CSR"));
        assert_eq!(problems(&mut form, FieldId::Csr).len(), 1);
    }
}

#[test]
fn without_a_key_nothing_is_expected_of_the_key() {
    let mut form = open(FormKind::Reissue, &order_of("document_signing_org_1"));
    act(&mut form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let told = &reviewing.review.sections[0].notes[0].text;
    assert!(told.contains("waits until a CSR is given"), "{told}");
    act(&mut form, Action::Back);
    let sent = send(&mut form);
    assert_eq!(sent.expected, None);
    assert_eq!(
        body(&sent),
        serde_json::json!({"certificate": {"signature_hash": "sha256"}})
    );
}

#[test]
fn a_duplicate_of_code_signing_needs_the_platform() {
    let mut form = open(FormKind::Duplicate, &order_of("code_signing"));
    assert!(required(&form, FieldId::Platform) && !has(&form, FieldId::Names));
    choose(&mut form, FieldId::Platform, "nginx");
    assert_eq!(problems(&mut form, FieldId::Csr).len(), 1);
}

#[test]
fn the_key_is_made_out_to_an_address_where_there_is_no_name() {
    let mut order = order_of("secure_email_mailbox");
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    act(&mut form, Action::MakeKey);
    let steps = act(&mut form, Action::Open);
    match &steps[..] {
        [FormStep::Effect(Effect::MakeKey(spec))] => {
            assert_eq!(spec.common_name, "alice@example.com");
            assert!(spec.dns_names.is_empty());
            assert_eq!(spec.path, "alice_example.com-123456.key");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_verified_mark_keeps_all_its_names_and_the_organisation_is_none() {
    let mut order = order_of("vmc_basic");
    order.certificate.dns_names = vec!["example.net".into(), "example.org".into()];
    let mut form = open(FormKind::Reissue, &order);
    assert_eq!(
        form.fields.value(FieldId::Names),
        "example.net\nexample.org"
    );
    assert_eq!(form.advice_at(FieldId::Names).count(), 0);
    let names = &body(&send(&mut form))["certificate"]["dns_names"];
    assert_eq!(*names, serde_json::json!(["example.net", "example.org"]));
    set(&mut form, FieldId::Names, "example.net");
    act(&mut form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let danger = reviewing.review.danger.clone().unwrap();
    assert!(danger.starts_with("example.org will no longer"), "{danger}");
}

#[test]
fn what_the_journal_kept_of_a_bare_key_expects_the_same() {
    use crate::domain::write::Outgoing;
    let mut order = order_of("client_authentication_plus");
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    paste(&mut form, &key_pair().public_key_pem());
    set(&mut form, FieldId::CommonName, "Alice Example");
    let sent = send(&mut form);
    let kept = Outgoing::kept(
        sent.kind,
        sent.method,
        sent.path.clone(),
        sent.body.clone(),
        sent.order,
    )
    .with_expected();
    // What its end was foreseen by is kept beside the request.
    let foreseen = |expected: &Expected| Expected {
        foreseen: None,
        ..expected.clone()
    };
    let sent = sent.expected.as_ref().map(foreseen);
    assert_eq!(kept.expected, sent);
    assert_eq!(kept.expected.unwrap().common_name, None);
}
