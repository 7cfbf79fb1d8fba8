//! The organisation of an order: one of the account by its number, or a new one in full (structure: the page *Create
//! organization*), with the people who answer for it.

use serde_json::Value;

use super::body::Body;
use super::contact::{AS_BEFORE, Contact, ContactField, LONGEST, SOMEBODY};
use super::field_rules::{self, Need};
use super::{Context, Draft, FieldId, FormKind, emails};
use crate::domain::rules::Reason;
use crate::domain::terms::OnOrder;

/// The choice of [`FieldId::Organization`] for an organisation that the account does not have yet.
pub const NEW: &str = "new";

/// Fields of a new organisation: how many characters each takes at most, and what stands in "... is required".
const FIELDS: &[(FieldId, usize, &str)] = &[
    (FieldId::OrgName, 64, "the name of the organization"),
    (FieldId::OrgAssumedName, 61, "the assumed name"),
    (FieldId::OrgAddress, 64, "the address"),
    (FieldId::OrgAddress2, 64, "the address"),
    (FieldId::OrgZip, 40, "the postal code"),
    (FieldId::OrgCity, 64, "the city"),
    (FieldId::OrgState, 64, "the state or province"),
    (FieldId::OrgCountry, 2, "the country"),
    (FieldId::OrgPhone, 32, "the phone number"),
];

/// Most characters of name and assumed name together.
const BOTH_NAMES: usize = 61;

fn required(part: ContactField) -> &'static str {
    match part {
        ContactField::Who => "the contact of a new organization",
        ContactField::FirstName => "the first name",
        ContactField::LastName => "the last name",
        ContactField::JobTitle => "the job title",
        ContactField::Telephone => "the phone number",
        ContactField::Email => "the email address",
    }
}

/// What is wrong with the organisation and its people.
pub(super) fn problems(draft: &Draft, ctx: &Context<'_>, renews: bool) -> Vec<(FieldId, String)> {
    let facts = draft.facts(ctx);
    let need = |field| field_rules::order(field, facts, renews);
    let mut found = Vec::new();
    if need(FieldId::Organization).is_some() && !draft.is_given(FieldId::Organization) {
        let text = Reason::Required("an organization").to_string();
        found.push((FieldId::Organization, text));
    }
    for (field, most, what) in FIELDS.iter().copied() {
        check(draft, (field, need(field)), most, what, &mut found);
    }
    let assumed = draft.text(FieldId::OrgAssumedName).chars().count();
    let both = assumed + draft.text(FieldId::OrgName).chars().count();
    if assumed > 0 && both > BOTH_NAMES {
        let text = format!("{both} characters with the name; the maximum is {BOTH_NAMES}");
        found.push((FieldId::OrgAssumedName, text));
    }
    let country = draft.text(FieldId::OrgCountry);
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !country.is_empty() && need(FieldId::OrgCountry).is_some() && !is_code {
        found.retain(|(field, _)| *field != FieldId::OrgCountry);
        let text = "a country has two letters, such as de or us".to_owned();
        found.push((FieldId::OrgCountry, text));
    }
    for contact in Contact::ALL {
        for part in [ContactField::Who].into_iter().chain(ContactField::TYPED) {
            let field = FieldId::Contact(contact, part);
            let what = match (contact, part) {
                (Contact::Verified, ContactField::Who) => "somebody who confirms the order",
                _ => required(part),
            };
            check(draft, (field, need(field)), LONGEST, what, &mut found);
        }
        let field = FieldId::Contact(contact, ContactField::Email);
        let address = draft.text(field);
        if need(field).is_some()
            && !address.is_empty()
            && let Err(error) = emails::check(address)
        {
            found.push((field, error.to_string()));
        }
    }
    found
}

fn check(
    draft: &Draft,
    (field, need): (FieldId, Option<Need>),
    most: usize,
    what: &'static str,
    found: &mut Vec<(FieldId, String)>,
) {
    let length = draft.text(field).chars().count();
    if need == Some(Need::Required) && length == 0 {
        found.push((field, Reason::Required(what).to_string()));
    } else if need.is_some() && length > most {
        found.push((field, format!("{length} characters; the maximum is {most}")));
    }
}

/// Puts the organisation with its people; where there is none, whoever gets the certificate (an example of the page *Order
/// DV SSL*).
pub(super) fn put(body: &mut Body, draft: &Draft, ctx: &Context<'_>, kind: FormKind) {
    if ctx.order.product.validates_domains_alone() {
        put_in_full(body, draft, ctx, Contact::Technical);
        return;
    }
    body.put_fields(&[FieldId::Organization], draft, ctx, kind);
    let is_new = draft.text(FieldId::Organization) == NEW;
    if is_new {
        let fields: Vec<FieldId> = FIELDS.iter().map(|(field, ..)| *field).collect();
        body.put_fields(&fields, draft, ctx, kind);
        let container = draft.number(FieldId::Container);
        body.put("organization.container.id", container);
        put_in_full(body, draft, ctx, Contact::Organization);
    }
    let contacts = Contact::ALL
        .into_iter()
        .filter(|contact| !(is_new && *contact == Contact::Organization))
        .filter(|contact| draft.is_given(FieldId::Contact(*contact, ContactField::Who)))
        .map(|contact| {
            let mut entry = Body::default();
            entry.put("contact_type", contact.id());
            for (part, value) in person(draft, ctx, contact, false) {
                entry.put(part.id(), value);
            }
            Value::from(entry)
        });
    body.put("organization.contacts", contacts.collect::<Vec<_>>());
}

/// Puts a person where requests have one in full.
fn put_in_full(body: &mut Body, draft: &Draft, ctx: &Context<'_>, contact: Contact) {
    for (part, value) in person(draft, ctx, contact, true) {
        let path = FieldId::Contact(contact, part).other_path();
        body.put(&path.unwrap_or_default(), value);
    }
}

/// A user of the account by number, or a person in full; in full always where numbers are not known.
fn person(
    draft: &Draft,
    ctx: &Context<'_>,
    contact: Contact,
    in_full: bool,
) -> Vec<(ContactField, Value)> {
    let typed = |text: &dyn Fn(ContactField) -> Value| {
        ContactField::TYPED.map(|part| (part, text(part))).to_vec()
    };
    match draft.text(FieldId::Contact(contact, ContactField::Who)) {
        SOMEBODY => typed(&|part| draft.text(FieldId::Contact(contact, part)).into()),
        AS_BEFORE => {
            let before = ctx.order.terms.contact(contact);
            typed(&|part| before.map(|person| person.part(part).trim()).into())
        }
        who => match who.parse::<u64>() {
            Ok(id) if in_full => {
                let user = ctx.offer.users.iter().find(|user| user.id == id);
                let named = user.map(|user| {
                    [
                        (ContactField::FirstName, user.first_name.trim().into()),
                        (ContactField::LastName, user.last_name.trim().into()),
                        (ContactField::Email, user.email.trim().into()),
                    ]
                });
                named.into_iter().flatten().collect()
            }
            Ok(id) => vec![(ContactField::Who, id.into())],
            Err(_) => Vec::new(),
        },
    }
}

/// Who stands in a contact, in words; `None` where nobody was chosen.
pub(super) fn who(draft: &Draft, ctx: &Context<'_>, contact: Contact) -> Option<String> {
    let text = |part| draft.text(FieldId::Contact(contact, part));
    match text(ContactField::Who) {
        "" => None,
        SOMEBODY => Some(format!(
            "{} {} <{}>",
            text(ContactField::FirstName),
            text(ContactField::LastName),
            text(ContactField::Email)
        )),
        AS_BEFORE => ctx.order.terms.contact(contact).map(OnOrder::words),
        id => {
            let user = ctx
                .offer
                .users
                .iter()
                .find(|user| user.id.to_string() == id)?;
            Some(format!(
                "{} {} <{}>",
                user.first_name, user.last_name, user.email
            ))
        }
    }
}

/// The name of the organisation that is chosen.
pub(super) fn name(draft: &Draft, ctx: &Context<'_>) -> String {
    let chosen = draft.text(FieldId::Organization);
    if chosen == NEW {
        return format!("{} (new)", draft.text(FieldId::OrgName));
    }
    let listed = ctx.offer.organizations.iter();
    let listed = listed.clone().find(|known| known.id == chosen);
    listed
        .map(|known| known.name.clone())
        .or_else(|| ctx.order.organization.as_ref().map(|own| own.name.clone()))
        .unwrap_or_else(|| chosen.to_owned())
}
