//! What the choice fields of new orders and renewals offer.

use super::super::contact::{AS_BEFORE, Contact, ContactField, SOMEBODY};
use super::super::field_rules::{LENGTH_DAYS, LENGTH_UNTIL};
use super::super::order::BY_THUMBPRINT;
use super::super::organization::NEW;
use super::super::{Context, FieldId};
use super::choice;
use crate::domain::catalogue;
use crate::domain::product::{Choice, Family, Product, ProductRef};
use crate::domain::rules::place::{is_ordered_here, not_ordered};
use crate::domain::terms::Lasted;
use crate::domain::text::counted;

/// Languages of the mail (page *Locale codes*); codes of Chinese are not documented.
const LOCALES: &[(&str, &str)] = &[
    ("", "account default"),
    ("en", "English"),
    ("de", "German"),
    ("es", "Spanish"),
    ("fr", "French"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
];

/// Values of `payment_method`.
const PAYMENT: &[(&str, &str)] = &[
    ("", "account default"),
    ("balance", "account balance"),
    ("card", "credit card"),
    ("profile", "billing profile"),
];

/// Whether a field is one that only orders have.
pub(super) fn is_ours(id: FieldId) -> bool {
    matches!(
        id,
        FieldId::Product
            | FieldId::Organization
            | FieldId::Container
            | FieldId::OrderLength
            | FieldId::RenewedBy
            | FieldId::Locale
            | FieldId::Payment
            | FieldId::Contact(..)
    )
}

/// Options of a field and the id of the one chosen at first.
pub(super) fn options(id: FieldId, ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let fixed = |list: &[(&str, &str)]| {
        let list = list.iter().map(|(id, name)| choice(*id, *name)).collect();
        (list, String::new())
    };
    match id {
        FieldId::Product => products(ctx),
        FieldId::Organization => {
            let own = ctx.order.organization.as_ref();
            let own = own.and_then(|own| Some((own.id?.0, own.name.as_str())));
            organizations(ctx, own)
        }
        FieldId::Container => {
            let own = ctx.order.container.as_ref();
            let own = own.and_then(|own| Some((own.id?.0, own.name.as_str())));
            let unset = choice("", "API key user's division");
            known_and_own(&ctx.offer.containers, own, Some(unset))
        }
        FieldId::Contact(contact, ContactField::Who) => people(contact, ctx),
        FieldId::OrderLength => lengths(ctx),
        FieldId::RenewedBy => (
            vec![
                choice("order", format!("order number {}", ctx.order.id)),
                choice(BY_THUMBPRINT, "thumbprint of its certificate"),
            ],
            "order".into(),
        ),
        FieldId::Locale => fixed(LOCALES),
        FieldId::Payment => {
            let before = ctx.order.terms.payment.as_deref().unwrap_or_default();
            let known = PAYMENT.iter().any(|(id, _)| *id == before);
            (
                fixed(PAYMENT).0,
                if known {
                    before.to_owned()
                } else {
                    String::new()
                },
            )
        }
        _ => (Vec::new(), String::new()),
    }
}

/// The products that can be ordered: the account's, and while those are not known all that are documented. Where there is
/// none, all of the account with the reason.
fn products(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let offered = &ctx.offer.products;
    let documented = || catalogue::PRODUCTS.iter().map(ProductRef::from).collect();
    let all: Vec<ProductRef> = match offered.as_slice() {
        [] => documented(),
        listed => listed.iter().map(|one| one.product.clone()).collect(),
    };
    let may = all.iter().filter(|one| not_ordered(one, offered).is_none());
    let mut list: Vec<Choice> = may
        .map(|one| choice(one.name_id.clone(), one.name.clone()))
        .collect();
    if list.is_empty() {
        list.extend(all.iter().filter_map(|one| {
            let why = not_ordered(one, offered)?;
            Some(choice(one.name_id.clone(), format!("{} – {why}", one.name)))
        }));
    }
    (list, ctx.order.product.name_id.clone())
}

/// The products of the account that cannot be chosen, with the reason.
pub fn not_chosen(offered: &[Product]) -> Option<String> {
    let products = offered.iter().map(|listed| &listed.product);
    let others: Vec<&str> = products
        .filter(|product| !is_ordered_here(product))
        .map(|product| product.name.as_str())
        .collect();
    Some(match others.as_slice() {
        [] => return None,
        [one] => format!("{one}: cannot be ordered here; use the console."),
        [first, rest @ ..] => format!(
            "{first} and {} more products of the account cannot be ordered here; use the console.",
            rest.len()
        ),
    })
}

/// Of several organisations none is better than another, unless the order that is renewed has one.
fn organizations(ctx: &Context<'_>, own: Option<(u64, &str)>) -> (Vec<Choice>, String) {
    let known = &ctx.offer.organizations;
    let unset = (own.is_none() && known.len() != 1).then(|| choice("", "not selected"));
    let (mut list, chosen) = known_and_own(known, own, unset);
    list.push(choice(NEW, "new organization"));
    let chosen = match list.first() {
        Some(first) if chosen.is_empty() => first.id.clone(),
        _ => chosen,
    };
    (list, chosen)
}

/// Users of the account, whoever is none, and first whoever stands on the order that is renewed.
fn people(contact: Contact, ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let unset = match contact {
        Contact::Organization => "organization's contact",
        Contact::Technical => "account default",
        Contact::Verified => "same as the organization's",
    };
    let users = ctx.offer.users.iter().map(|user| {
        let name = format!("{} {} <{}>", user.first_name, user.last_name, user.email);
        choice(user.id.to_string(), name.trim())
    });
    let somebody = choice(SOMEBODY, "someone else");
    let before = ctx.order.terms.contact(contact).map(|person| {
        let words = format!("as order {} has it: {}", ctx.order.id, person.words());
        choice(AS_BEFORE, words)
    });
    let chosen = before.iter().map(|before| before.id.clone()).collect();
    let list = before.into_iter().chain([choice("", unset)]);
    (list.chain(users).chain([somebody]).collect(), chosen)
}

/// The account's list, with the order's own entry in it and chosen.
fn known_and_own(
    known: &[Choice],
    own: Option<(u64, &str)>,
    unset: Option<Choice>,
) -> (Vec<Choice>, String) {
    let mut list: Vec<Choice> = unset.into_iter().chain(known.iter().cloned()).collect();
    let Some((id, name)) = own else {
        return (list, String::new());
    };
    let id = id.to_string();
    if !list.iter().any(|option| option.id == id) {
        list.insert(0, choice(id.clone(), name));
    }
    (list, id)
}

/// The lengths of the account: of orders where it tells them, else of certificates, as older accounts have it.
fn lengths(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let years = ctx.product.map_or(&[][..], |product| {
        if product.order_validity_years.is_empty() {
            &product.validity_years
        } else {
            &product.order_validity_years
        }
    });
    let years: &[u32] = if years.is_empty() { &[1] } else { years };
    let mut list: Vec<Choice> = years
        .iter()
        .map(|years| {
            let label = counted(*years as usize, "year", "years");
            choice(years.to_string(), label)
        })
        .collect();
    let first = list[0].id.clone();
    // A mark has no length of its own (page *Order Verified Mark Certificate*).
    let is_mark = ctx.order.product.family() == Family::VerifiedMark;
    if !is_mark {
        list.push(choice(LENGTH_DAYS, "custom days"));
    }
    let before = match ctx.order.terms.lasted {
        Some(Lasted::Years(years)) => years.to_string(),
        Some(Lasted::Days(_)) => LENGTH_DAYS.to_owned(),
        None => String::new(),
    };
    let offered = list.iter().any(|option| option.id == before);
    let chosen = if offered { before } else { first };
    let may_choose = ctx.product.and_then(|product| product.custom_expiration) != Some(false);
    if may_choose && !is_mark {
        list.push(choice(LENGTH_UNTIL, "custom date"));
    }
    (list, chosen)
}
