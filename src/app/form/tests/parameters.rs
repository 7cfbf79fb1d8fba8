//! Every parameter of the documentation pages *Reissue certificate* and *Duplicate certificate* through the forms that
//! take it. A parameter that is left out of the table, or sent without standing there, is seen.

use std::collections::BTreeMap;

use rcgen::PKCS_RSA_SHA256;

use super::families::order_of;
use super::*;
use crate::domain::draft::FormKind;

#[path = "../../../../tests/support/parameters.rs"]
mod table;

use table::{Case, DUPLICATE, DUPLICATES, NOT_SENT_WITH_A_DUPLICATE, REISSUE, REISSUES, Row, Step};

fn names(case: &Case) -> Vec<String> {
    let own = [
        "shop.example.net",
        "www.shop.example.net",
        "api.example.net",
    ];
    case.names
        .iter()
        .zip(own)
        .map(|(name, own)| if name.starts_with("NAME") { own } else { name }.to_owned())
        .collect()
}

fn field(key: &str) -> FieldId {
    let found = FieldId::all().find(|id| id.key() == key);
    found.unwrap_or_else(|| panic!("no field is called {key}"))
}

fn filled(case: &Case, kind: FormKind) -> Form {
    let names = names(case);
    let hosts: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut order = order_of(case.product);
    if names[0].contains('.') {
        order = order_for(&hosts);
        order.product.name_id = case.product.into();
    }
    order.certificate.emails = case.emails.iter().map(ToString::to_string).collect();
    order.is_plan = case.plan;
    order.provisioning = case.provisioning.map(str::to_owned);
    let mut form = open(kind, &order);
    let csr_names = if names[0].contains('.') {
        hosts
    } else {
        vec!["example.net"]
    };
    for step in case.steps {
        let meant = |text: &str| table::meant(text, "", &names, TODAY);
        match *step {
            Step::RsaCsr => {
                let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
                paste(&mut form, &csr_with(&key, &csr_names));
            }
            Step::EcCsr => {
                paste(&mut form, &csr_for(&csr_names));
            }
            Step::PublicKey => {
                paste(&mut form, &key_pair().public_key_pem());
            }
            Step::Choose(id, name) => choose(&mut form, field(id), &meant(name)),
            Step::Text(id, text) => set(&mut form, field(id), &meant(text)),
            Step::On(id) => {
                go_to(&mut form, field(id));
                press(&mut form, KeyCode::Char(' '));
            }
        }
    }
    form
}

/// The forms of both tables, filled in.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    let of = |kind| move |case: &'static Case| (case.name, filled(case, kind));
    let reissues = REISSUES.iter().map(of(FormKind::Reissue));
    reissues.chain(DUPLICATES.iter().map(of(FormKind::Duplicate)))
}

fn sent(cases: &[Case], kind: FormKind) -> BTreeMap<&'static str, BTreeMap<String, String>> {
    let sent = cases.iter().map(|case| {
        let body = body(&send(&mut filled(case, kind)));
        (case.name, table::leaves(&body))
    });
    sent.collect()
}

fn compare(rows: &[Row], cases: &[Case], sent: &BTreeMap<&'static str, BTreeMap<String, String>>) {
    table::compare(rows, sent, |form, place, value| match value {
        "ICA" => product().icas[0].id.clone(),
        value => {
            let case = cases.iter().find(|case| case.name == form).unwrap();
            table::meant(value, place, &names(case), TODAY)
        }
    });
    for (_, forms) in rows {
        for form in *forms {
            let (form, _) = form.split_once('=').unwrap();
            assert!(sent.contains_key(form), "no form is called {form}");
        }
    }
}

#[test]
fn every_parameter_of_a_reissue_is_sent_by_a_form() {
    let sent = sent(REISSUES, FormKind::Reissue);
    compare(REISSUE, REISSUES, &sent);
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
    let sent = sent(DUPLICATES, FormKind::Duplicate);
    compare(DUPLICATE, DUPLICATES, &sent);
    for (place, why) in NOT_SENT_WITH_A_DUPLICATE {
        for (form, body) in &sent {
            assert!(!body.contains_key(*place), "{form} sends {place}: {why}");
        }
    }
}
