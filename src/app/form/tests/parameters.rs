//! Every parameter of the documentation pages *Reissue certificate* and *Duplicate certificate* through the forms that
//! take it. A parameter that is left out of the table, or sent without standing there, is seen.

use rcgen::PKCS_RSA_SHA256;

use super::change_rows::{DUPLICATE, DUPLICATES, NOT_SENT_WITH_A_DUPLICATE, REISSUE, REISSUES};
use super::families::order_of;
use super::table::{Case, Row, Sent, Step, World, field, leaves};
use super::*;
use crate::domain::draft::FormKind;

fn world(case: &Case) -> World {
    let own = [
        "shop.example.net",
        "www.shop.example.net",
        "api.example.net",
    ];
    let names = case.names.iter().zip(own);
    let names = names.map(|(name, own)| if name.starts_with("NAME") { own } else { name });
    World {
        names: names.map(str::to_owned).collect(),
        words: vec![("ICA", product().icas[0].id.clone())],
        today: TODAY,
    }
}

/// Does in a form what a case says, with CSRs for these names.
pub(super) fn fill(form: &mut Form, steps: &[Step], world: &World, csr_names: &[&str]) {
    for step in steps {
        match *step {
            Step::RsaCsr => {
                let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
                paste(form, &csr_with(&key, csr_names));
            }
            Step::EcCsr => {
                paste(form, &csr_for(csr_names));
            }
            Step::PublicKey => {
                paste(form, &key_pair().public_key_pem());
            }
            Step::Choose(id, name) => {
                choose(form, field(&world.meant(id)), &world.meant(name));
            }
            Step::Text(id, text) => set(form, field(&world.meant(id)), &world.meant(text)),
            Step::On(id) => {
                go_to(form, field(id));
                press(form, KeyCode::Char(' '));
            }
        }
    }
}

fn filled(case: &Case, kind: FormKind) -> Form {
    let world = world(case);
    let names = &world.names;
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
    fill(&mut form, case.steps, &world, &csr_names);
    form
}

/// The forms of both tables, filled in.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    let of = |kind| move |case: &'static Case| (case.name, filled(case, kind));
    let reissues = REISSUES.iter().map(of(FormKind::Reissue));
    reissues.chain(DUPLICATES.iter().map(of(FormKind::Duplicate)))
}

fn sent(cases: &[Case], kind: FormKind) -> Sent {
    let sent = cases.iter().map(|case| {
        let body = body(&send(&mut filled(case, kind)));
        (case.name, leaves(&body))
    });
    sent.collect()
}

fn compare(rows: &[Row], cases: &[Case], sent: &Sent) {
    table::compare(rows, sent, &[], |form, value| {
        let case = cases.iter().find(|case| case.name == form).unwrap();
        world(case).meant(value)
    });
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
