//! What is typed into the forms of renewals and new orders arrives on the account: the sandbox is asked behind its API.

use certdeck::app::popups::Popup;
use certdeck::domain::draft::FieldId;
use certdeck::domain::draft::contact::{Contact, ContactField};
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Approval, ContainerLimit, CustomField, DcvMethod, Length, Order};

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::openssl::{Kind, request};
use crate::orders::{reach, successor};

fn large() -> Server {
    Server::with(SandboxOptions {
        orders: 2000,
        ..SandboxOptions::default()
    })
}

fn put(desk: &mut Desk<'_>, fields: &[(FieldId, &str)]) {
    for (id, text) in fields {
        reach(desk, *id);
        desk.type_text(text);
        desk.settle();
    }
}

fn turn_on(desk: &mut Desk<'_>, ids: &[FieldId]) {
    for id in ids {
        reach(desk, *id);
        desk.press("space");
    }
}

/// Sends what is in the form; the new order as the account has it.
fn send(desk: &mut Desk<'_>, server: &Server) -> Order {
    desk.press("ctrl-s enter");
    desk.settle();
    let Some(Popup::Watches(_)) = desk.model.popups.last() else {
        let form = desk.model.form.as_ref();
        let wrong: Vec<String> = form
            .into_iter()
            .flat_map(|form| form.shown().flat_map(|(spec, _)| form.problems_at(spec.id)))
            .map(|problem| format!("{:?}: {}", problem.field, problem.text))
            .collect();
        panic!("not sent: {wrong:?}");
    };
    let watch = &desk.model.engine.writes.all[0];
    let id = watch.order.unwrap_or_else(|| panic!("{watch:?}")).0;
    server
        .sandbox()
        .with_account(|account| account.order(id).unwrap().clone())
}

fn renewal<'a>(server: &'a Server, order: &Pick) -> Desk<'a> {
    let mut desk = Desk::open(server);
    desk.open_order(order.id);
    desk.press("n");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk
}

fn new_order<'a>(server: &'a Server, name: &str) -> Desk<'a> {
    let mut desk = Desk::open(server);
    desk.press("N");
    desk.settle();
    desk.paste(&request(Kind::Ec, &[name.to_owned()]).csr);
    put(&mut desk, &[(FieldId::CommonName, name)]);
    desk
}

pub(super) fn define(server: &Server, label: &str, kind: &str, is_required: bool) -> u64 {
    server.sandbox().change_account(|account| {
        let id = account.next_other_id();
        account.fields.push(CustomField {
            id,
            label: label.into(),
            is_required,
            is_active: true,
            data_type: Some(kind.into()),
            description: None,
        });
        id
    })
}

#[test]
fn the_fields_of_a_renewal_arrive_with_it() {
    let server = large();
    let old = server.pick_to_renew(Approval::OneStep);
    let cost = define(&server, "Cost center", "int", true);
    let owner = define(&server, "Owner of it", "email_address", false);
    let mut desk = renewal(&server, &old);
    put(
        &mut desk,
        &[
            (FieldId::OrderLength, "2 years"),
            (FieldId::Hash, "sha-384"),
            (FieldId::Platform, "apache"),
            (FieldId::Custom(cost), "4711"),
            (FieldId::Custom(owner), "ops@example.net"),
            (FieldId::Validity, "custom days"),
            (FieldId::Days, "90"),
            (FieldId::Dcv, "dns txt"),
            (FieldId::Payment, "the account's"),
            (FieldId::MoreEmails, " more@example.net"),
            (FieldId::Comments, "for the approver"),
            (FieldId::RenewedBy, "thumb"),
        ],
    );
    turn_on(
        &mut desk,
        &[
            FieldId::AutoReissue,
            FieldId::NoNotices,
            FieldId::NoIssuanceMail,
            FieldId::DisableCt,
        ],
    );
    let order = send(&mut desk, &server);
    assert_eq!(successor(&server, old.id), Some(order.id));
    assert_eq!(order.renewal_of, Some(old.id), "found by the thumbprint");
    assert_eq!(order.order_validity, Length::Years(2));
    let certificate = order.primary();
    assert_eq!(certificate.signature_hash.id(), "sha384");
    assert_eq!(certificate.server_platform, 2);
    assert_eq!(certificate.validity, Some(Length::Days(90)));
    let fields: Vec<(u64, &str)> = order
        .custom_fields
        .iter()
        .map(|field| (field.metadata_id, field.value.as_str()))
        .collect();
    assert!(fields.contains(&(cost, "4711")), "{fields:?}");
    assert!(fields.contains(&(owner, "ops@example.net")), "{fields:?}");
    assert_eq!(order.dcv_method, DcvMethod::DnsTxtToken);
    assert_eq!(order.payment_method, "balance");
    assert!(order.additional_emails.contains(&"more@example.net".into()));
    assert!(order.auto_reissue && order.disable_renewal_notifications);
    assert!(order.disable_issuance_email && order.disable_ct);
    let requests = server.requests(order.id);
    assert_eq!(requests[0].comments.as_deref(), Some("for the approver"));
}

#[test]
fn an_order_brings_a_new_organisation_and_its_contacts() {
    let server = large();
    let mut desk = new_order(&server, "shop.founded.example");
    let of = FieldId::Contact;
    put(
        &mut desk,
        &[
            (FieldId::Organization, "new org"),
            (FieldId::OrgName, "Founded Trading GmbH"),
            (FieldId::OrgAddress, "1 Main Street"),
            (FieldId::OrgZip, "10115"),
            (FieldId::OrgCity, "Berlin"),
            (FieldId::OrgState, "Berlin"),
            (FieldId::OrgCountry, "de"),
            (FieldId::OrgPhone, "+49 30 123456"),
            (of(Contact::Organization, ContactField::Who), "someone"),
            (of(Contact::Organization, ContactField::FirstName), "Fritz"),
            (
                of(Contact::Organization, ContactField::LastName),
                "Beispiel",
            ),
            (
                of(Contact::Organization, ContactField::Email),
                "fritz@founded.example",
            ),
            (of(Contact::Technical, ContactField::Who), "someone"),
            (of(Contact::Technical, ContactField::FirstName), "Jill"),
            (of(Contact::Technical, ContactField::LastName), "Valentine"),
            (of(Contact::Technical, ContactField::JobTitle), "Engineer"),
            (
                of(Contact::Technical, ContactField::Email),
                "jill@founded.example",
            ),
        ],
    );
    let order = send(&mut desk, &server);
    let organization = server.sandbox().with_account(|account| {
        let id = order.organization_id.expect("an organisation");
        account.organization(id).unwrap().clone()
    });
    assert_eq!(organization.name, "Founded Trading GmbH");
    assert_eq!(organization.country, "de");
    assert_eq!(organization.contact.email, "fritz@founded.example");
    let (kind, technical) = &order.contacts[0];
    assert_eq!(kind, "technical_contact");
    assert_eq!(
        (&*technical.first_name, &*technical.job_title),
        ("Jill", "Engineer")
    );
    assert!(
        !matches!(desk.model.engine.writes.all[0].stage, Stage::Issued { .. }),
        "nobody validated it yet"
    );
}

#[test]
fn a_user_of_the_account_is_a_contact_by_number() {
    let server = large();
    let old = server.pick_to_renew(Approval::Off);
    let user = server
        .sandbox()
        .with_account(|account| account.users[0].clone());
    let mut desk = renewal(&server, &old);
    let name = format!("{} {}", user.first_name, user.last_name);
    let who = FieldId::Contact(Contact::Technical, ContactField::Who);
    put(&mut desk, &[(who, &name)]);
    let order = send(&mut desk, &server);
    let email_of = |wanted: &str| {
        let mut contacts = order.contacts.iter();
        let found = contacts.find(|(kind, _)| kind == wanted);
        found.map(|(_, contact)| contact.email.clone())
    };
    assert_eq!(email_of("technical_contact"), Some(user.email));
    let before = server.sandbox().with_account(|account| {
        let old = account.order(old.id).unwrap();
        old.organization_contact
            .as_ref()
            .map(|one| one.email.clone())
    });
    assert_eq!(
        email_of("organization_contact"),
        before,
        "who stands on the old order stays"
    );
}

#[test]
fn the_limits_of_the_chosen_container_are_read_and_kept() {
    let server = large();
    let old = server.pick_to_renew(Approval::Off);
    server.sandbox().change_account(|account| {
        let container = account.order(old.id).unwrap().container_id;
        let product = account.order(old.id).unwrap().product.name_id.to_owned();
        let container = account
            .containers
            .iter_mut()
            .find(|one| one.id == container);
        container.unwrap().limits.push(ContainerLimit {
            product_name_id: product,
            role_id: 0,
            allowed_hashes: Some(vec!["sha512".into()]),
            allowed_intermediates: None,
            allowed_lifetimes: None,
            allowed_order_lifetimes: Some(vec![1]),
        });
    });
    let mut desk = renewal(&server, &old);
    let order = send(&mut desk, &server);
    assert_eq!(order.primary().signature_hash.id(), "sha512");
    assert_eq!(order.order_validity, Length::Years(1));
}
