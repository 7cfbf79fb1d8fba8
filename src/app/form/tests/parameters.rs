//! Every parameter of the documentation pages *Reissue certificate* and *Duplicate certificate*, as data: the forms that
//! send it, with the value they send. A parameter that is left out here, or sent without standing here, is seen.

use std::collections::BTreeMap;

use rcgen::PKCS_RSA_SHA256;

use super::families::order_of;
use super::*;

/// A parameter, the forms that send it (`form=value`; several where one alone does not show everything).
type Row = (&'static str, &'static [&'static str]);

const REISSUE: &[Row] = &[
    (
        "certificate.csr",
        &[
            "tls=CSR",
            "signing-email=CSR",
            "mailbox=KEY",
            "document=CSR",
        ],
    ),
    (
        "certificate.common_name",
        &[
            "tls=new.example.net",
            "private=shop.example.net",
            "client=Alice Example",
        ],
    ),
    (
        "certificate.dns_names",
        &[r#"tls=["shop.example.net"]"#, r#"vmc=["example.net"]"#],
    ),
    (
        "certificate.emails",
        &[
            r#"sponsor=["alice@example.com","a@example.com"]"#,
            r#"client=["alice@example.com"]"#,
            r#"mailbox=["alice@example.com"]"#,
        ],
    ),
    (
        "certificate.user_principle_name",
        &[r#"sponsor=["alice@corp.example"]"#],
    ),
    (
        "certificate.common_name_indicator",
        &[
            "sponsor=given_name_surname",
            "pseudonym=pseudonym",
            "organization=organization_name",
        ],
    ),
    ("certificate.individual.first_name", &["sponsor=Alice"]),
    ("certificate.individual.last_name", &["sponsor=Example"]),
    ("certificate.individual.pseudonym", &["pseudonym=Ally"]),
    (
        "certificate.usage_designation.primary_usage",
        &[
            "sponsor=dual_use",
            "mailbox=signing",
            "organization=key_management",
        ],
    ),
    (
        "certificate.usage_designation.additional_usages",
        &[r#"sponsor=["non_repudiation","client_auth"]"#],
    ),
    ("certificate.is_rsassa_pss", &["tls=true"]),
    (
        "certificate.server_platform.id",
        &["tls=2", "signing-own=45"],
    ),
    ("certificate.cert_validity.years", &["private=1"]),
    ("certificate.cert_validity.days", &["client=90"]),
    (
        "certificate.cert_validity.custom_expiration_date",
        &["tls=09 AUG 2026"],
    ),
    (
        "certificate.signature_hash",
        &["tls=sha384", "signing-email=sha256"],
    ),
    (
        "certificate.profile_option",
        &["tls=server_auth_only_eku", "document=our_profile"],
    ),
    ("certificate.ca_cert_id", &["tls=0F1E2D3C4B5A6978"]),
    ("dcv_method", &["tls=dns-txt-token"]),
    ("comments", &["tls=key lost", "signing-email=key lost"]),
    ("skip_approval", &["tls=true"]),
    ("certificate_dcv_scope", &["tls=fqdn"]),
    ("use_auth_key", &["dv=true"]),
    (
        "cs_provisioning_method",
        &[
            "signing-email=email",
            "signing-own=client_app",
            "signing-ship=ship_token",
        ],
    ),
    ("ship_info.name", &["signing-ship=Alice Example"]),
    ("ship_info.addr1", &["signing-ship=1 Main Street"]),
    ("ship_info.addr2", &["signing-ship=Floor 2"]),
    ("ship_info.city", &["signing-ship=Springfield"]),
    ("ship_info.state", &["signing-ship=Utah"]),
    ("ship_info.zip", &["signing-ship=84043"]),
    ("ship_info.country", &["signing-ship=us"]),
    ("ship_info.method", &["signing-ship=EXPEDITED"]),
    ("subject.serial_number", &["sponsor=4711"]),
    ("subject.pseudonym", &["sponsor=Al"]),
    ("subject.job_title", &["sponsor=Clerk"]),
    ("subject.include_pseudonym", &["pseudonym=true"]),
    (
        "subject.include_email",
        &["sponsor=true", "organization=true", "individual=true"],
    ),
    ("subject.include_given_name_surname", &["sponsor=true"]),
    ("store_reissue_as_duplicate", &["tls=true"]),
];

const DUPLICATE: &[Row] = &[
    (
        "certificate.common_name",
        &["tls=api.example.net", "signing=Example Trading GmbH"],
    ),
    (
        "certificate.dns_names",
        &[r#"tls=["shop.example.net","www.shop.example.net"]"#],
    ),
    ("certificate.csr", &["tls=CSR", "signing=CSR"]),
    ("certificate.server_platform.id", &["tls=2", "signing=45"]),
    ("certificate.signature_hash", &["tls=sha384"]),
    ("certificate.ca_cert_id", &["tls=0F1E2D3C4B5A6978"]),
    ("custom_expiration_date", &["tls=2026-08-01"]),
];

/// Fields that clients are seen to send with a duplicate and that its page does not have, with why they are not sent.
const NOT_SENT_WITH_A_DUPLICATE: &[(&str, &str)] = &[
    (
        "skip_approval",
        "not documented for this endpoint; a request that waits is shown as one",
    ),
    ("order_id", "repeats the number that is in the path"),
];

fn rsa_csr() -> String {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    csr_with(&key, SHOP)
}

fn turn_on(form: &mut Form, ids: &[FieldId]) {
    for id in ids {
        go_to(form, *id);
        press(form, KeyCode::Char(' '));
    }
}

fn fill(form: &mut Form, texts: &[(FieldId, &str)]) {
    for (id, text) in texts {
        set(form, *id, text);
    }
}

fn tls() -> Form {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &rsa_csr());
    fill(
        &mut form,
        &[
            (FieldId::CommonName, "new.example.net"),
            (FieldId::Names, "shop.example.net"),
            (FieldId::Comments, "key lost"),
        ],
    );
    choose(&mut form, FieldId::Hash, "sha384");
    choose(&mut form, FieldId::Platform, "apache");
    choose(&mut form, FieldId::Ica, "example");
    choose(&mut form, FieldId::Validity, "until");
    set(&mut form, FieldId::Until, "2026-08-09");
    choose(&mut form, FieldId::Profile, "server auth");
    choose(&mut form, FieldId::Dcv, "dns txt");
    choose(&mut form, FieldId::DcvScope, "each");
    turn_on(
        &mut form,
        &[
            FieldId::RsassaPss,
            FieldId::SkipApproval,
            FieldId::StoreAsDuplicate,
        ],
    );
    form
}

fn private() -> Form {
    let mut order = order_for(SHOP);
    order.product.name_id = "private_ssl_multi_domain".into();
    let mut form = open(FormKind::Reissue, &order);
    paste(&mut form, &csr_for(SHOP));
    choose(&mut form, FieldId::Validity, "1 year");
    form
}

fn dv() -> Form {
    let mut order = order_for(&["shop.example.net"]);
    order.product.name_id = "ssl_dv_geotrust".into();
    let mut form = open(FormKind::Reissue, &order);
    paste(&mut form, &csr_for(&["shop.example.net"]));
    turn_on(&mut form, &[FieldId::UseAuthKey]);
    form
}

fn signing(stored: &str, chosen: &str) -> Form {
    let mut order = order_of("code_signing");
    order.provisioning = Some(stored.into());
    let mut form = open(FormKind::Reissue, &order);
    choose(&mut form, FieldId::Provisioning, chosen);
    set(&mut form, FieldId::Comments, "key lost");
    form
}

fn signing_email() -> Form {
    let mut form = signing("ship_token", "by e-mail");
    paste(&mut form, &csr_for(&["example.net"]));
    form
}

fn signing_own() -> Form {
    let mut form = signing("email", "a token of");
    choose(&mut form, FieldId::Platform, "nginx");
    form
}

fn signing_ship() -> Form {
    let mut form = signing("email", "a token that");
    choose(&mut form, FieldId::ShipTo, "another");
    fill(
        &mut form,
        &[
            (FieldId::ShipName, "Alice Example"),
            (FieldId::ShipAddress, "1 Main Street"),
            (FieldId::ShipAddress2, "Floor 2"),
            (FieldId::ShipCity, "Springfield"),
            (FieldId::ShipState, "Utah"),
            (FieldId::ShipZip, "84043"),
            (FieldId::ShipCountry, "us"),
        ],
    );
    choose(&mut form, FieldId::ShipMethod, "expedited");
    form
}

fn secure_email(kind: &str, usage: &str) -> Form {
    let mut order = order_of(&format!("secure_email_{kind}"));
    order.certificate.emails = vec!["alice@example.com".into()];
    let mut form = open(FormKind::Reissue, &order);
    choose(&mut form, FieldId::PrimaryUsage, usage);
    form
}

fn mailbox() -> Form {
    let mut form = secure_email("mailbox", "signing e-mail");
    paste(&mut form, &key_pair().public_key_pem());
    form
}

fn individual() -> Form {
    let mut form = secure_email("individual", "signing e-mail");
    turn_on(&mut form, &[FieldId::IncludeEmail]);
    form
}

fn organization() -> Form {
    let mut form = secure_email("organization", "encrypting");
    choose(&mut form, FieldId::CnIndicator, "the organisation");
    turn_on(&mut form, &[FieldId::IncludeEmail]);
    form
}

fn pseudonym() -> Form {
    let mut form = secure_email("sponsor", "signing e-mail");
    choose(&mut form, FieldId::CnIndicator, "a pseudonym");
    set(&mut form, FieldId::Pseudonym, "Ally");
    turn_on(&mut form, &[FieldId::IncludePseudonym]);
    form
}

fn sponsor() -> Form {
    let mut form = secure_email("sponsor", "signing and");
    choose(&mut form, FieldId::CnIndicator, "first and last");
    fill(
        &mut form,
        &[
            (FieldId::Emails, "alice@example.com\na@example.com"),
            (FieldId::FirstName, "Alice"),
            (FieldId::LastName, "Example"),
            (FieldId::AdditionalUsages, "non_repudiation, client_auth"),
            (FieldId::Upn, "alice@corp.example"),
            (FieldId::SubjectSerial, "4711"),
            (FieldId::JobTitle, "Clerk"),
            (FieldId::SubjectPseudonym, "Al"),
        ],
    );
    turn_on(&mut form, &[FieldId::IncludeName, FieldId::IncludeEmail]);
    form
}

fn client() -> Form {
    let mut order = order_of("client_authentication_plus");
    order.certificate.emails = vec!["alice@example.com".into()];
    order.is_plan = true;
    let mut form = open(FormKind::Reissue, &order);
    set(&mut form, FieldId::CommonName, "Alice Example");
    choose(&mut form, FieldId::Validity, "a number");
    set(&mut form, FieldId::Days, "90");
    form
}

fn document() -> Form {
    let mut form = open(FormKind::Reissue, &order_of("document_signing_org_1"));
    paste(&mut form, &csr_for(&["example.net"]));
    set(&mut form, FieldId::Profile, "our_profile");
    form
}

fn vmc() -> Form {
    let mut form = open(FormKind::Reissue, &order_of("vmc_basic"));
    set(&mut form, FieldId::Names, "example.net");
    form
}

fn duplicate_tls() -> Form {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    choose(&mut form, FieldId::CommonName, "api");
    choose(&mut form, FieldId::Hash, "sha384");
    choose(&mut form, FieldId::Platform, "apache");
    choose(&mut form, FieldId::Ica, "example");
    set(&mut form, FieldId::EndDate, "2026-08-01");
    form
}

fn duplicate_signing() -> Form {
    let mut form = open(FormKind::Duplicate, &order_of("code_signing"));
    paste(&mut form, &csr_for(&["example.net"]));
    choose(&mut form, FieldId::Platform, "nginx");
    form
}

/// What a body holds, by place. A CSR or key is told by its kind.
fn leaves(value: &Value, place: &str, into: &mut BTreeMap<String, String>) {
    if let Some(object) = value.as_object() {
        for (key, value) in object {
            let place = if place.is_empty() {
                key.clone()
            } else {
                format!("{place}.{key}")
            };
            leaves(value, &place, into);
        }
        return;
    }
    let text = match value.as_str() {
        Some(text) if text.starts_with("-----BEGIN CERTIFICATE REQUEST") => "CSR".into(),
        Some(text) if text.starts_with("-----BEGIN PUBLIC KEY") => "KEY".into(),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    into.insert(place.to_owned(), text);
}

fn sent(forms: Vec<(&'static str, Form)>) -> BTreeMap<&'static str, BTreeMap<String, String>> {
    forms
        .into_iter()
        .map(|(name, mut form)| {
            let mut found = BTreeMap::new();
            leaves(&body(&send(&mut form)), "", &mut found);
            (name, found)
        })
        .collect()
}

fn compare(rows: &[Row], sent: &BTreeMap<&'static str, BTreeMap<String, String>>) {
    for (place, cases) in rows {
        for case in *cases {
            let (form, value) = case.split_once('=').unwrap();
            let found = sent[form].get(*place).map(String::as_str);
            assert_eq!(found, Some(value), "{place} of {form}");
        }
    }
    for (form, body) in sent {
        for place in body.keys() {
            assert!(
                rows.iter().any(|(known, _)| known == place),
                "{form} sends {place}, which is not documented"
            );
        }
    }
}

#[test]
fn every_parameter_of_a_reissue_is_sent_by_a_form() {
    let sent = sent(vec![
        ("tls", tls()),
        ("private", private()),
        ("dv", dv()),
        ("signing-email", signing_email()),
        ("signing-own", signing_own()),
        ("signing-ship", signing_ship()),
        ("mailbox", mailbox()),
        ("individual", individual()),
        ("organization", organization()),
        ("pseudonym", pseudonym()),
        ("sponsor", sponsor()),
        ("client", client()),
        ("document", document()),
        ("vmc", vmc()),
    ]);
    compare(REISSUE, &sent);
    assert_eq!(
        REISSUE.len(),
        40,
        "the page's parameters, without the objects they stand in"
    );
    for form in ["mailbox", "sponsor", "document", "vmc", "signing-email"] {
        assert!(
            !sent[form].contains_key("certificate.common_name"),
            "{form} omits the common name"
        );
    }
}

#[test]
fn every_parameter_of_a_duplicate_is_sent_by_a_form() {
    let sent = sent(vec![
        ("tls", duplicate_tls()),
        ("signing", duplicate_signing()),
    ]);
    compare(DUPLICATE, &sent);
    for (place, why) in NOT_SENT_WITH_A_DUPLICATE {
        for (form, body) in &sent {
            assert!(!body.contains_key(*place), "{form} sends {place}: {why}");
        }
    }
}
