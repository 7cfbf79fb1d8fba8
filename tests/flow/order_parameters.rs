//! Every parameter of an order through its form, over the wire, and found in the account: what it received, and what it
//! keeps of it. The table is the one of the forms' own tests.

use std::collections::BTreeMap;

use certdeck::app::remote::Remote;
use certdeck::domain::draft::FieldId;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Account, Approval, Length, Order};

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::openssl::{Kind, request};
use crate::order_fields::define;
use crate::order_rows::{CASES, compare_orders};
use crate::orders::reach;
use crate::parameters::fill;
use crate::table::{Case, Sent, World, leaves};

/// What the account has no place for where it would show it again.
const NOT_KEPT: &[&str] = &[
    "certificate.organization_units",
    "apply_cr_discount",
    "serial_number",
    "custom_renewal_message",
    "locale",
    "certificate_dcv_scope",
    "skip_approval",
    "use_auth_key",
    "dcv_emails[].dns_name",
    "dcv_emails[].email_domain",
    "dcv_emails[].email",
    "technical_contact.first_name",
    "technical_contact.last_name",
    "technical_contact.job_title",
    "technical_contact.telephone",
    "technical_contact.email",
];

/// What the account keeps of a parameter, as the table writes it.
fn kept(account: &Account, order: &Order, place: &str) -> Option<String> {
    let made = order.primary();
    let list = |list: &[String]| Some(serde_json::to_string(list).unwrap());
    let joined = |list: Vec<String>| (!list.is_empty()).then(|| list.join(" "));
    let organization = order
        .organization_id
        .and_then(|id| account.organization(id));
    let years = |length: Length| match length {
        Length::Years(years) => Some(years.to_string()),
        _ => None,
    };
    let days = |length: Length| match length {
        Length::Days(days) => Some(days.to_string()),
        _ => None,
    };
    let until = |length: Length| match length {
        Length::Until(end) => Some(end.to_string()),
        _ => None,
    };
    let contacts = |of: fn(&certdeck::sandbox::model::Contact) -> &String| {
        let all = order
            .contacts
            .iter()
            .map(|(_, contact)| of(contact).clone());
        joined(all.filter(|text| !text.is_empty()).collect())
    };
    let founder = organization.map(|own| &own.contact);
    match place {
        "certificate.csr" => {
            let material = made.material.get()?;
            material.csr.contains("REQUEST").then(|| "CSR".to_owned())
        }
        "certificate.common_name" => made.common_name.clone(),
        "certificate.dns_names" => {
            let common = made.common_name.as_ref();
            let others = made.dns_names.iter().filter(|name| Some(*name) != common);
            list(&others.cloned().collect::<Vec<_>>())
        }
        "certificate.signature_hash" => Some(made.signature_hash.id().to_owned()),
        "certificate.server_platform.id" => Some(made.server_platform.to_string()),
        "certificate.profile_option" => made.profile_option.clone(),
        "certificate.ca_cert_id" => Some(made.ca_cert_id.to_string()),
        "certificate.cert_validity.years" => years(made.validity?),
        "certificate.cert_validity.days" => days(made.validity?),
        "certificate.cert_validity.custom_expiration_date" => until(made.validity?),
        "order_validity.years" | "validity_years" => years(order.order_validity),
        "order_validity.days" | "validity_days" => days(order.order_validity),
        "order_validity.custom_expiration_date" | "custom_expiration_date" => {
            until(order.order_validity)
        }
        "renewal_of_order_id" => order.renewal_of.map(|id| id.to_string()),
        "renewed_thumbprint" => {
            let old = account.order(order.renewal_of?)?;
            let serial = old
                .primary()
                .signed
                .get()
                .map(|signed| signed.thumbprint.clone());
            serial.map(|thumbprint| thumbprint.to_uppercase())
        }
        "comments" => {
            let requests = order.requests.iter().filter_map(|id| account.request(*id));
            requests.last()?.comments.as_deref().map(str::to_owned)
        }
        "auto_renew" => Some(order.auto_renew.to_string()),
        "auto_reissue" => Some(u8::from(order.auto_reissue).to_string()),
        "disable_renewal_notifications" => Some(order.disable_renewal_notifications.to_string()),
        "disable_issuance_email" => Some(order.disable_issuance_email.to_string()),
        "disable_ct" => Some(order.disable_ct.to_string()),
        "additional_emails" => list(&order.additional_emails),
        "payment_method" => Some(order.payment_method.to_string()),
        "dcv_method" => Some(order.dcv_method.id().to_owned()),
        "organization.id" => order.organization_id.map(|id| id.to_string()),
        "container.id" => Some(order.container_id.to_string()),
        "custom_fields[].metadata_id" => {
            let fields = order.custom_fields.iter();
            joined(fields.map(|field| field.metadata_id.to_string()).collect())
        }
        "custom_fields[].value" => {
            let fields = order.custom_fields.iter();
            joined(fields.map(|field| field.value.clone()).collect())
        }
        "alternative_order_id" => order.alternative_order_id.clone(),
        "organization.contacts[].contact_type" => joined(
            order
                .contacts
                .iter()
                .map(|(kind, _)| kind.clone())
                .collect(),
        ),
        "organization.contacts[].user_id" => {
            let users = order.contacts.iter().filter_map(|(_, contact)| {
                let mut users = account.users.iter();
                users.find(|user| user.email == contact.email)
            });
            joined(users.map(|user| user.id.to_string()).collect())
        }
        "organization.contacts[].first_name" => contacts(|contact| &contact.first_name),
        "organization.contacts[].last_name" => contacts(|contact| &contact.last_name),
        "organization.contacts[].job_title" => contacts(|contact| &contact.job_title),
        "organization.contacts[].telephone" => contacts(|contact| &contact.telephone),
        "organization.contacts[].email" => contacts(|contact| &contact.email),
        "organization.name" => Some(organization?.name.clone()),
        "organization.assumed_name" => organization?.assumed_name.clone(),
        "organization.address" => Some(organization?.address.clone()),
        "organization.address2" => organization?.address2.clone(),
        "organization.zip" => Some(organization?.zip.clone()),
        "organization.city" => Some(organization?.city.clone()),
        "organization.state" => Some(organization?.state.clone()),
        "organization.country" => Some(organization?.country.clone()),
        "organization.telephone" => Some(organization?.telephone.clone()),
        "organization.container.id" => Some(organization?.container_id.to_string()),
        "organization.organization_contact.first_name" => Some(founder?.first_name.clone()),
        "organization.organization_contact.last_name" => Some(founder?.last_name.clone()),
        "organization.organization_contact.job_title" => Some(founder?.job_title.clone()),
        "organization.organization_contact.telephone" => Some(founder?.telephone.clone()),
        "organization.organization_contact.email" => Some(founder?.email.clone()),
        other => {
            assert!(NOT_KEPT.contains(&other), "where is {other} kept?");
            None
        }
    }
}

/// What the words of the table stand for on this account, for a form of this order.
fn world(server: &Server, desk: &Desk<'_>, order: &Pick, fields: [u64; 2]) -> World {
    let words = server.sandbox().with_account(|account| {
        let old = account.order(order.id).unwrap();
        let own = old.organization_id.unwrap();
        let organization = account.organization(own).unwrap();
        let mut others = account.containers.iter();
        let container = others.find(|one| one.is_active && one.id != old.container_id);
        let container = container.unwrap();
        let user = &account.users[0];
        [
            ("OWN-ORG-ID", own.to_string()),
            ("ORG-NAME", organization.name.clone()),
            ("ORG-ID", own.to_string()),
            ("OWN-CONTAINER-ID", old.container_id.to_string()),
            ("CONTAINER-NAME", container.name.clone()),
            ("CONTAINER-ID", container.id.to_string()),
            (
                "USER-NAME",
                format!("{} {}", user.first_name, user.last_name),
            ),
            ("USER-ID", user.id.to_string()),
            ("USER-FIRST", user.first_name.clone()),
            ("USER-LAST", user.last_name.clone()),
            ("USER-EMAIL", user.email.clone()),
            ("FIELD1", fields[0].to_string()),
            ("FIELD2", fields[1].to_string()),
        ]
        .to_vec()
    });
    let products = desk
        .model
        .engine
        .account
        .products
        .values()
        .filter_map(Remote::value);
    let mut icas = products.flat_map(|product| &product.icas);
    let ica = icas.find(|ica| ica.name.contains("ECC")).unwrap();
    let reference = server.sandbox().with_account(|account| {
        let newest = account.orders().last().unwrap();
        newest.alternative_order_id.clone().unwrap_or_default()
    });
    let info = &desk.model.engine.account.known[&certdeck::domain::ids::OrderId(order.id)];
    let thumbprint = info
        .order
        .value()
        .and_then(|info| info.certificate.thumbprint.clone());
    let mut all = words;
    all.extend([
        ("ICA-NAME", ica.name.clone()),
        ("ICA", ica.id.clone()),
        ("ORDER", order.id.to_string()),
        ("THUMBPRINT", thumbprint.unwrap_or_default()),
        ("REFERENCE", reference),
    ]);
    World {
        names: order.names.clone(),
        words: all,
        today: desk.model.today(),
    }
}

/// An account of the older kind tells no lengths of orders.
fn without_order_lengths(desk: &mut Desk<'_>, older: bool) {
    for product in desk.model.engine.account.products.values_mut() {
        if let Remote::Ready { value: product, .. }
        | Remote::Loading {
            prev: Some(product),
            ..
        }
        | Remote::Failed {
            prev: Some(product),
            ..
        } = product
        {
            product.order_validity_years = if older { Vec::new() } else { vec![1, 2, 3] };
        }
    }
}

fn fill_and_send(desk: &mut Desk<'_>, case: &Case, world: &World) {
    let names = if case.product.is_empty() {
        &world.names[..]
    } else {
        &world.names[..1]
    };
    desk.paste(&request(Kind::Ec, names).csr);
    if !case.product.is_empty() {
        reach(desk, FieldId::CommonName);
        desk.type_text(&names[0]);
    }
    fill(desk, case.steps, world, names);
    desk.press("ctrl-s");
    let form = desk.model.form.as_ref().unwrap();
    let problems: Vec<_> = form
        .shown()
        .flat_map(|(spec, _)| form.problems_at(spec.id))
        .collect();
    assert!(
        matches!(form.layer, certdeck::app::form::Layer::Review(_)),
        "{}: {problems:?}",
        case.name
    );
    desk.press("enter");
    desk.settle();
}

#[test]
fn every_parameter_of_an_order_is_found_in_the_account() {
    let server = Server::with(SandboxOptions {
        orders: 2000,
        ..SandboxOptions::default()
    });
    let fields = [
        define(&server, "Invoice number", "text", false),
        define(&server, "Owner of it", "email_address", false),
    ];
    let mut desk = Desk::open(&server);
    let mut sent = Sent::new();
    let mut worlds = BTreeMap::new();
    for case in CASES {
        let order = server.pick_to_renew(Approval::OneStep);
        let before = server
            .sandbox()
            .with_account(|account| account.orders().len());
        desk.open_order(order.id);
        desk.press("n");
        desk.settle();
        without_order_lengths(&mut desk, case.older);
        // The form takes what the account offers when it opens.
        desk.press("esc");
        if case.product.is_empty() {
            desk.press("n");
            desk.settle();
        } else {
            desk.home();
            desk.press("N");
            desk.settle();
            reach(&mut desk, FieldId::Product);
            let listed = desk
                .model
                .engine
                .account
                .offer
                .value()
                .unwrap()
                .products
                .iter();
            let listed = listed
                .clone()
                .find(|one| one.product.name_id == case.product);
            let name = listed.unwrap().product.name.clone();
            desk.type_text(&name);
            desk.settle();
        }
        let mut world = world(&server, &desk, &order, fields);
        fill_and_send(&mut desk, case, &world);
        let text = server.sandbox().received("place").unwrap();
        let received = leaves(&serde_json::from_str(&text).unwrap());
        server.sandbox().with_account(|account| {
            assert_eq!(
                account.orders().len(),
                before + 1,
                "{}: {:?}",
                case.name,
                desk.model.engine.writes.all[0].stage
            );
            let id = desk.model.engine.writes.all[0].order.unwrap().0;
            let order = account.order(id).unwrap();
            let reference = order.alternative_order_id.clone().unwrap();
            world.words.retain(|(word, _)| *word != "REFERENCE");
            world.words.push(("REFERENCE", reference));
            for (place, value) in &received {
                match kept(account, order, place) {
                    Some(kept) if place.starts_with("organization.contacts[]") => {
                        // Of users the account keeps more than their numbers.
                        assert!(
                            value.split(' ').all(|word| kept.contains(word)),
                            "{place} of {}: {kept}",
                            case.name
                        );
                    }
                    Some(kept) => assert_eq!(kept, *value, "{place} of {}", case.name),
                    None => assert!(
                        NOT_KEPT.contains(&place.as_str()),
                        "{place} of {}",
                        case.name
                    ),
                }
            }
        });
        sent.insert(case.name, received);
        worlds.insert(case.name, world);
        desk.home();
    }
    compare_orders(&sent, |form, value| worlds[form].meant(value));
}
