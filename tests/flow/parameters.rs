//! Every parameter through its form, over the wire, and found in the account: what it received, and what it keeps of it.
//! The table is the one of the forms' own tests.

use certdeck::app::msg::Msg;
use certdeck::app::remote::Remote;
use certdeck::domain::draft::FormKind;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{
    Account, Approval, Certificate, CertificateKind, Length, MailDetails, NameSource, Order,
    PrimaryUsage,
};
use certdeck::sandbox::tables::Product;
use std::collections::{BTreeMap, BTreeSet};

use crate::account::{Pick, Server};
use crate::change_rows::{DUPLICATE, DUPLICATES, NOT_SENT_WITH_A_DUPLICATE, REISSUE, REISSUES};
use crate::desk::Desk;
use crate::openssl::{Kind, key_of_csr, request};
use crate::orders::reach;
use crate::table::{Case, Row, Sent, Step, World, compare, field, leaves};

/// Cases that the account cannot take, and why.
const NOT_HERE: &[(FormKind, &str, &str)] = &[
    (
        FormKind::Duplicate,
        "signing",
        "code signing orders of the sandbox have no duplicates",
    ),
    (
        FormKind::Reissue,
        "client",
        "the sandbox sells no client certificate that is made out to a name",
    ),
];

/// What only the request holds: the account has no place where it would show it again.
const NOT_KEPT: &[&str] = &["skip_approval", "certificate_dcv_scope", "use_auth_key"];

/// What the account keeps of a parameter, as the table writes it.
fn kept(account: &Account, order: &Order, made: &Certificate, place: &str) -> Option<String> {
    let list = |list: &[String]| Some(serde_json::to_string(list).unwrap());
    let ship = order.ship_info.as_ref();
    let material = || made.material.get().map(|material| material.csr.clone());
    match place {
        "certificate.csr" => {
            let bare = material()?.contains("PUBLIC KEY");
            Some(if bare { "KEY" } else { "CSR" }.to_owned())
        }
        "certificate.common_name" => made.common_name.clone(),
        "certificate.dns_names" => {
            let common = made.common_name.as_ref();
            let others: Vec<String> = made
                .dns_names
                .iter()
                .filter(|name| Some(*name) != common || !order.product.is_tls())
                .cloned()
                .collect();
            list(&others)
        }
        "certificate.emails" => list(&made.emails),
        "certificate.is_rsassa_pss" => Some(made.rsassa_pss.to_string()),
        "certificate.server_platform.id" => Some(made.server_platform.to_string()),
        "certificate.signature_hash" => Some(made.signature_hash.id().to_owned()),
        "certificate.profile_option" => made.profile_option.clone(),
        "certificate.ca_cert_id" => Some(made.ca_cert_id.to_string()),
        "certificate.cert_validity.years" => match made.validity? {
            Length::Years(years) => Some(years.to_string()),
            _ => None,
        },
        "certificate.cert_validity.days" => match made.validity? {
            Length::Days(days) => Some(days.to_string()),
            _ => None,
        },
        "certificate.cert_validity.custom_expiration_date" => match made.validity? {
            Length::Until(end) => Some(end.strftime("%d %b %Y").to_string().to_uppercase()),
            _ => None,
        },
        "custom_expiration_date" => match made.validity? {
            Length::Until(end) => Some(end.to_string()),
            _ => None,
        },
        "dcv_method" => Some(order.dcv_method.id().to_owned()),
        "cs_provisioning_method" => Some(order.provisioning.id().to_owned()),
        "comments" => {
            let requests = order.requests.iter().filter_map(|id| account.request(*id));
            let mut ours = requests.filter(|request| request.certificate_id == Some(made.id));
            ours.next()?.comments.as_deref().map(str::to_owned)
        }
        "store_reissue_as_duplicate" => {
            Some(matches!(made.kind, CertificateKind::Duplicate(_)).to_string())
        }
        "ship_info.name" => Some(ship?.name.clone()),
        "ship_info.addr1" => Some(ship?.addr1.clone()),
        "ship_info.addr2" => ship?.addr2.clone(),
        "ship_info.city" => Some(ship?.city.clone()),
        "ship_info.state" => Some(ship?.state.clone()),
        "ship_info.zip" => Some(ship?.zip.clone()),
        "ship_info.country" => Some(ship?.country.clone()),
        "ship_info.method" => Some(ship?.method.clone()),
        other => kept_of_mail(made.mail.as_deref(), other),
    }
}

/// The same of what only Secure Email has.
fn kept_of_mail(mail: Option<&MailDetails>, place: &str) -> Option<String> {
    if NOT_KEPT.contains(&place) {
        return None;
    }
    let mail = mail.unwrap_or_else(|| panic!("where is {place} kept?"));
    let list = |list: &[String]| Some(serde_json::to_string(list).unwrap());
    match place {
        "certificate.user_principle_name" => list(mail.user_principal_name.as_slice()),
        "certificate.common_name_indicator" => Some(
            match mail.name_source? {
                NameSource::Email => "email_address",
                NameSource::GivenNameSurname => "given_name_surname",
                NameSource::Pseudonym => "pseudonym",
                NameSource::Organization => "organization_name",
            }
            .to_owned(),
        ),
        "certificate.individual.first_name" => mail.first_name.clone(),
        "certificate.individual.last_name" => mail.last_name.clone(),
        "certificate.individual.pseudonym" => mail.pseudonym.clone(),
        "certificate.usage_designation.primary_usage" => Some(
            match mail.primary_usage {
                PrimaryUsage::Signing => "signing",
                PrimaryUsage::KeyManagement => "key_management",
                PrimaryUsage::DualUse => "dual_use",
            }
            .to_owned(),
        ),
        "certificate.usage_designation.additional_usages" => list(&mail.additional_usages),
        "subject.serial_number" => mail.serial_number.clone(),
        "subject.pseudonym" => mail.subject_pseudonym.clone(),
        "subject.job_title" => mail.job_title.clone(),
        "subject.include_pseudonym" => {
            let shown = mail.subject_pseudonym.as_ref();
            Some((shown.is_some() && shown == mail.pseudonym.as_ref()).to_string())
        }
        "subject.include_email" => Some(mail.include_email.to_string()),
        "subject.include_given_name_surname" => Some(mail.include_names.to_string()),
        other => panic!("where is {other} kept?"),
    }
}

/// An order of the account for each case, made to fit where that is not about what the account checks.
fn orders(server: &Server, cases: &[Case], kind: FormKind) -> Vec<Pick> {
    let mut used = BTreeSet::new();
    let mut picked = Vec::new();
    for case in cases {
        let approval = match kind {
            FormKind::Duplicate => Approval::Off,
            _ => Approval::OneStep,
        };
        let mut pick = server.pick_but(approval, &used);
        used.insert(pick.id);
        server.sandbox().change_account(|account| {
            let order = account.order_mut(pick.id).unwrap();
            order.is_multi_year_plan = case.plan;
            if kind == FormKind::Duplicate {
                // Its names are validated, and stay.
                pick.names.truncate(case.names.len());
                let primary = &mut order.certificates[order.primary];
                primary.dns_names.clone_from(&pick.names);
                return;
            }
            order.product = Product::by_name_id(case.product).unwrap();
            if let Some(method) = case.provisioning {
                order.provisioning =
                    certdeck::sandbox::model::ProvisioningMethod::parse(method).unwrap();
            }
            let hosts = case.names[0].starts_with("NAME");
            if !hosts {
                pick.names = case.names.iter().map(ToString::to_string).collect();
            }
            pick.names.truncate(case.names.len());
            let primary = &mut order.certificates[order.primary];
            primary.common_name = Some(pick.names[0].clone());
            primary.dns_names = if hosts {
                pick.names.clone()
            } else {
                Vec::new()
            };
            primary.emails = case.emails.iter().map(ToString::to_string).collect();
        });
        picked.push(pick);
    }
    picked
}

/// Does in the form that is open what a case says, with CSRs for these names.
pub(super) fn fill(desk: &mut Desk<'_>, steps: &[Step], world: &World, hosts: &[String]) {
    for step in steps {
        match *step {
            Step::RsaCsr => desk.paste(&request(Kind::Rsa, hosts).csr),
            Step::EcCsr => desk.paste(&request(Kind::Ec, hosts).csr),
            Step::PublicKey => desk.paste(&key_of_csr(&request(Kind::Ec, hosts).csr)),
            Step::Choose(id, name) => {
                reach(desk, field(&world.meant(id)));
                desk.type_text(&world.meant(name));
            }
            Step::Text(id, text) => {
                reach(desk, field(&world.meant(id)));
                desk.press("ctrl-e");
                desk.tell(Msg::Edited(Ok(world.meant(text))));
            }
            Step::On(id) => {
                reach(desk, field(id));
                desk.press("space");
            }
        }
        desk.settle();
    }
}

/// Fills the form in that is open, reviews it and sends it.
fn fill_and_send(desk: &mut Desk<'_>, case: &Case, order: &Pick, world: &World) {
    let hosts = if order.names[0].contains('.') {
        order.names.clone()
    } else {
        vec!["example.net".into()]
    };
    fill(desk, case.steps, world, &hosts);
    desk.press("ctrl-s");
    let form = desk.model.form.as_ref().unwrap();
    let certdeck::app::form::Layer::Review(reviewing) = &form.layer else {
        let problems: Vec<_> = form
            .shown()
            .flat_map(|(spec, _)| form.problems_at(spec.id))
            .collect();
        panic!(
            "{}: no review: {problems:?} {:?}",
            case.name,
            form.order_notes()
        );
    };
    if reviewing.review.danger.is_some() {
        desk.type_text(&order.id.to_string());
    }
    desk.press("enter");
    desk.settle();
}

/// Sends every case; what the account received of each, and that it keeps the same.
fn sent(cases: &[Case], kind: FormKind, table: &[Row]) -> Sent {
    // Enough that there is an order for each.
    let server = Server::with(SandboxOptions {
        orders: 2000,
        ..SandboxOptions::default()
    });
    let is_here = |case: &&Case| {
        let mut not_here = NOT_HERE.iter();
        not_here.all(|(of, name, _)| *of != kind || *name != case.name)
    };
    let cases: Vec<Case> = cases.iter().filter(is_here).copied().collect();
    let orders = orders(&server, &cases, kind);
    let mut desk = Desk::open(&server);
    let today = desk.model.today();
    let (key, endpoint) = match kind {
        FormKind::Duplicate => ("d", "duplicate"),
        _ => ("r", "reissue"),
    };
    let (mut all, mut worlds) = (Sent::new(), BTreeMap::new());
    for (case, order) in cases.iter().zip(&orders) {
        let before = server.certificates(order.id);
        desk.open_order(order.id);
        desk.press(key);
        desk.settle();
        let mut world = World {
            names: order.names.clone(),
            words: Vec::new(),
            today,
        };
        fill_and_send(&mut desk, case, order, &world);
        let product = desk.model.engine.account.products.get(case.product);
        let icas = product.and_then(Remote::value).map(|product| &product.icas);
        let ica = icas.and_then(|icas| icas.iter().find(|ica| ica.name.contains("ECC")));
        world.words.extend(ica.map(|ica| ("ICA", ica.id.clone())));
        let text = server.sandbox().received(endpoint).unwrap();
        let received = leaves(&serde_json::from_str(&text).unwrap());
        assert_eq!(
            server.certificates(order.id),
            before + 1,
            "{}: {:?}",
            case.name,
            desk.model.engine.writes.all[0].stage
        );
        server.sandbox().with_account(|account| {
            let order = account.order(order.id).unwrap();
            let made = order.certificates.last().unwrap();
            for (place, value) in &received {
                let kept = kept(account, order, made, place);
                if place == "comments" && received.contains_key("skip_approval") {
                    assert_eq!(kept, None, "no request keeps it");
                } else if let Some(kept) = kept {
                    assert_eq!(kept, *value, "{place} of {}", case.name);
                } else {
                    assert!(
                        NOT_KEPT.contains(&place.as_str()),
                        "{place} of {}",
                        case.name
                    );
                }
            }
        });
        all.insert(case.name, received);
        worlds.insert(case.name, world);
        desk.home();
    }
    let not_here = NOT_HERE.iter().filter(|(of, ..)| *of == kind);
    let not_here: Vec<&str> = not_here.map(|(_, name, _)| *name).collect();
    compare(table, &all, &not_here, |form, value| {
        worlds[form].meant(value)
    });
    all
}

#[test]
fn every_parameter_of_a_reissue_is_found_in_the_account() {
    let sent = sent(REISSUES, FormKind::Reissue, REISSUE);
    let places: BTreeSet<&str> = sent
        .values()
        .flat_map(|body| body.keys().map(String::as_str))
        .collect();
    let wanted: BTreeSet<&str> = REISSUE.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, wanted);
}

#[test]
fn every_parameter_of_a_duplicate_is_found_in_the_account() {
    let sent = sent(DUPLICATES, FormKind::Duplicate, DUPLICATE);
    let places: BTreeSet<&str> = sent
        .values()
        .flat_map(|body| body.keys().map(String::as_str))
        .collect();
    let wanted: BTreeSet<&str> = DUPLICATE.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, wanted);
    for (place, why) in NOT_SENT_WITH_A_DUPLICATE {
        assert!(!places.contains(place), "{place}: {why}");
    }
}
