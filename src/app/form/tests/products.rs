//! Every TLS product of the catalogue through the form of a new order: which fields it has, what is sent, and what is wrong
//! for its family (API notes, *Order or renew any other product*, 2).

use std::collections::BTreeSet;

use super::orders::offer;
use super::table::leaves;
use super::*;
use crate::domain::catalogue::{Known, Names, PRODUCTS, Validation};
use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::product::Family;

/// What decides over the fields of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ov,
    Ev,
    Dv,
    Private,
}

fn kind(known: &Known) -> Kind {
    match (known.family, known.validation) {
        (Family::PrivateTls, _) => Kind::Private,
        (_, Some(Validation::Dv)) => Kind::Dv,
        (_, Some(Validation::Ev)) => Kind::Ev,
        _ => Kind::Ov,
    }
}

fn products() -> impl Iterator<Item = &'static Known> {
    PRODUCTS.iter().filter(|known| known.family.is_tls())
}

/// A form of a new order of a product whose account has these ICAs to choose from.
fn form(known: &Known, icas: Vec<Ica>) -> Form {
    let listed = Product {
        product: ProductRef::from(known),
        order_validity_years: vec![1, 2, 3],
        icas,
        ..product()
    };
    let mut offer = offer();
    offer.products = vec![listed.clone()];
    let blank = Order::blank(listed.product.clone());
    let mut form = Form::open(FormKind::NewOrder, &blank, None, &[], TODAY, None);
    form.refer_as("certdeck-test".into());
    form.take_offer(&offer);
    form.take_product(&listed);
    form
}

/// The form with a CSR and these names, the common name first, and an organization where it takes one.
fn filled(known: &Known, names: &[&str]) -> Form {
    let mut form = form(known, product().icas);
    paste(&mut form, &csr_for(&["shop.example.net"]));
    set(&mut form, FieldId::CommonName, names[0]);
    set(&mut form, FieldId::Names, &names[1..].join("\n"));
    if form.has(FieldId::Organization) {
        choose(&mut form, FieldId::Organization, "example");
    }
    form
}

/// Names that a product of this kind takes.
fn good_names(known: &Known) -> &'static [&'static str] {
    match (known.names, kind(known)) {
        (Names::One, _) => &["shop.example.net", "www.shop.example.net"],
        (Names::Wildcard, _) => &["*.example.net", "example.net"],
        (_, Kind::Ev) | (Names::Several, _) => &["shop.example.net", "api.example.org"],
        (_, Kind::Private) => &["srv01.corp", "10.0.0.7", "*.shop.corp"],
        _ => &["shop.example.net", "*.example.org"],
    }
}

#[test]
fn the_request_of_each_product_goes_to_it_with_what_its_page_requires() {
    for known in products() {
        let sent = send(&mut filled(known, good_names(known)));
        assert_eq!(sent.path, format!("/order/certificate/{}", known.name_id));
        let leaves = leaves(&body(&sent));
        let mut places: BTreeSet<&str> = leaves.keys().map(String::as_str).collect();
        assert_eq!(
            places.remove("organization.id"),
            kind(known) != Kind::Dv,
            "{}",
            known.name_id
        );
        let required = [
            "alternative_order_id",
            "certificate.common_name",
            "certificate.csr",
            "certificate.dns_names",
            "certificate.server_platform.id",
            "certificate.signature_hash",
            "order_validity.years",
        ];
        assert_eq!(places, required.into(), "{}", known.name_id);
        assert_eq!(leaves["certificate.common_name"], good_names(known)[0]);
    }
}

/// What is offered beside what every order has, and by which products.
const FIELDS: &[(FieldId, &[Kind])] = &[
    (FieldId::Organization, &[Kind::Ov, Kind::Ev, Kind::Private]),
    (
        FieldId::Contact(Contact::Organization, ContactField::Who),
        &[Kind::Ov, Kind::Ev, Kind::Private],
    ),
    (
        FieldId::Contact(Contact::Verified, ContactField::Who),
        &[Kind::Ev],
    ),
    (FieldId::Profile, &[Kind::Ov, Kind::Ev]),
    (FieldId::Units, &[Kind::Ov, Kind::Ev]),
    (FieldId::NoIssuanceMail, &[Kind::Ov, Kind::Ev]),
    (FieldId::Discount, &[Kind::Ov, Kind::Ev]),
    (FieldId::DcvScope, &[Kind::Ov, Kind::Ev]),
    (FieldId::Dcv, &[Kind::Ov, Kind::Ev, Kind::Dv]),
    (FieldId::Locale, &[Kind::Ov, Kind::Ev, Kind::Dv]),
    (FieldId::DisableCt, &[Kind::Ov, Kind::Ev, Kind::Dv]),
    (FieldId::UseAuthKey, &[Kind::Dv]),
];

/// What every order has that waits for nothing to be chosen.
const COMMON: &[FieldId] = &[
    FieldId::Product,
    FieldId::Csr,
    FieldId::CommonName,
    FieldId::Names,
    FieldId::Hash,
    FieldId::Platform,
    FieldId::OrderLength,
    FieldId::Validity,
    FieldId::Container,
    FieldId::Contact(Contact::Technical, ContactField::Who),
    FieldId::Comments,
    FieldId::SkipApproval,
    FieldId::Payment,
    FieldId::AutoRenew,
    FieldId::AutoReissue,
    FieldId::RenewalMessage,
    FieldId::NoNotices,
    FieldId::MoreEmails,
];

#[test]
fn each_product_is_offered_the_fields_of_its_page_and_no_others() {
    for known in products() {
        let form = form(known, Vec::new());
        let custom = |id: &FieldId| matches!(id, FieldId::Custom(_));
        let shown: BTreeSet<FieldId> = form.shown().map(|(spec, _)| spec.id).collect();
        let shown: BTreeSet<_> = shown.into_iter().filter(|id| !custom(id)).collect();
        let own = FIELDS
            .iter()
            .filter(|(_, kinds)| kinds.contains(&kind(known)));
        let mut wanted: BTreeSet<FieldId> = own.map(|(id, _)| *id).collect();
        wanted.extend(COMMON);
        // A DV product that is not flexible has a choice of issuing CA only where the account tells one.
        if kind(known) != Kind::Dv || known.names == Names::Flex {
            wanted.insert(FieldId::Ica);
        }
        assert_eq!(shown, wanted, "{}", known.name_id);
        assert!(
            self::form(known, product().icas).has(FieldId::Ica),
            "{}",
            known.name_id
        );
    }
}

#[test]
fn what_the_family_of_a_product_forbids_is_told_at_its_field() {
    let wrong = |known: &Known, names: &[&str], id| {
        let mut form = filled(known, names);
        act(&mut form, Action::Review);
        form.problems_at(id).count() > 0
    };
    for known in products() {
        let wrong = |names: &[&str], id| wrong(known, names, id);
        let is = |kinds: &[Kind]| kinds.contains(&kind(known));
        let plain = matches!(known.names, Names::One | Names::Several);
        let id = known.name_id;
        assert_eq!(
            wrong(&["*.example.net"], FieldId::CommonName),
            plain || is(&[Kind::Ev]),
            "{id}: a wildcard"
        );
        assert_eq!(
            wrong(&["shop.example.net"], FieldId::CommonName),
            known.names == Names::Wildcard,
            "{id}: no wildcard"
        );
        let of_wildcard = known.names == Names::Wildcard;
        assert_eq!(
            wrong(&["srv01.corp"], FieldId::CommonName),
            !is(&[Kind::Private]) || of_wildcard,
            "{id}: a name of one's own network"
        );
        assert_eq!(
            wrong(&["8.8.8.8"], FieldId::CommonName),
            is(&[Kind::Ev]) || of_wildcard,
            "{id}: an address"
        );
        assert_eq!(
            wrong(&["*.example.net", "8.8.8.8"], FieldId::Names),
            is(&[Kind::Ev, Kind::Dv]),
            "{id}: names that no one method validates"
        );
    }
}

#[test]
fn names_that_the_account_takes_none_of_are_told() {
    for (additional_names, told) in [(None, false), (Some(true), false), (Some(false), true)] {
        let known = products().find(|known| known.name_id == "ssl_thawte_webserver");
        let known = known.expect("it");
        let names = [
            "shop.example.net",
            "www.shop.example.net",
            "api.example.net",
        ];
        let mut form = filled(known, &names);
        form.take_product(&Product {
            product: ProductRef::from(known),
            additional_names,
            ..product()
        });
        act(&mut form, Action::Review);
        let found: Vec<_> = form.problems_at(FieldId::Names).collect();
        assert_eq!(found.len(), usize::from(told), "{found:?}");
        if let [problem] = found[..] {
            assert!(
                problem.text.contains("api.example.net cannot be added"),
                "{problem:?}"
            );
        }
    }
}

#[test]
fn a_dv_order_is_validated_as_it_says() {
    let dv = |names: &[&str]| {
        let known = products().find(|known| known.name_id == "ssl_dv_geotrust_flex");
        filled(known.expect("it"), names)
    };
    let mut form = dv(&["example.net", "www.example.net"]);
    assert!(!form.has(FieldId::DcvEmails), "no email is asked for");
    choose(&mut form, FieldId::Dcv, "email");
    set(&mut form, FieldId::DcvEmails, "admin@example.org");
    let told = problems(&mut form, FieldId::DcvEmails);
    assert!(
        told[1].starts_with("No address for example.net"),
        "{told:?}"
    );
    set(&mut form, FieldId::DcvEmails, "admin@example.net");
    let words = review::reviewed(&mut form);
    for told in [
        "DV products never reuse validation",
        "DCV method: email",
        "DCV email to admin@example.net.",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("Organization:"), "{words}");
    act(&mut form, Action::Back);
    let sent = body(&send(&mut form));
    assert_eq!(sent["dcv_method"], "email");
    assert_eq!(
        sent["dcv_emails"][1],
        serde_json::json!({
            "dns_name": "www.example.net", "email_domain": "example.net", "email": "admin@example.net"
        })
    );
    // The request token of an AuthKey stands nowhere in a CNAME.
    let mut form = dv(&["example.net"]);
    go_to(&mut form, FieldId::UseAuthKey);
    press(&mut form, KeyCode::Char(' '));
    choose(&mut form, FieldId::Dcv, "dns cname");
    let told = problems(&mut form, FieldId::Dcv);
    assert!(told[0].contains("not in a CNAME record"), "{told:?}");
    choose(&mut form, FieldId::Dcv, "dns txt");
    let sent = body(&send(&mut form));
    assert_eq!(sent["use_auth_key"], true);
    assert!(sent.get("organization").is_none(), "{sent}");
}

#[test]
fn an_order_that_the_account_lets_not_renew_itself_is_not_offered_to() {
    let known = &PRODUCTS[0];
    let mut form = form(known, Vec::new());
    let told = |auto_renew| Product {
        product: ProductRef::from(known),
        auto_renew,
        ..product()
    };
    for (auto_renew, offered) in [(None, true), (Some(true), true), (Some(false), false)] {
        form.take_product(&told(auto_renew));
        assert_eq!(form.has(FieldId::AutoRenew), offered, "{auto_renew:?}");
    }
}

#[test]
fn a_private_order_lasts_as_long_as_the_account_offers() {
    let last_day = |known: &Known, years: u32| {
        let mut form = filled(known, good_names(known));
        let listed = Product {
            product: ProductRef::from(known),
            order_validity_years: vec![1, years],
            ..product()
        };
        form.take_product(&listed);
        choose(&mut form, FieldId::OrderLength, "custom days");
        set(&mut form, FieldId::OrderDays, "1500");
        act(&mut form, Action::Review);
        let told = form.problems_at(FieldId::OrderDays);
        told.map(|problem| problem.text.clone()).collect::<Vec<_>>()
    };
    let find = |id| products().find(|known| known.name_id == id).expect("it");
    assert_eq!(last_day(find("private_ssl_flex"), 5), [""; 0]);
    let told = last_day(find("private_ssl_flex"), 2);
    assert!(told[0].contains("1 to 731 days (2 years)"), "{told:?}");
    let told = last_day(find("ssl_basic"), 5);
    assert!(told[0].contains("1 to 1096 days (3 years)"), "{told:?}");
}

/// An order of a product that the account no longer lists can be renewed, and that it may be refused is said.
#[test]
fn a_renewal_of_a_product_that_is_not_listed_any_more_is_told() {
    let mut old = super::orders::old();
    old.product = ProductRef::named("ssl_multi_domain");
    let form = super::orders::renewal_with(&old, &[1]);
    let mut told = form.order_notes().iter();
    assert!(
        told.any(|note| note.text.contains("no longer among the account's products")),
        "{:?}",
        form.order_notes()
    );
}
