//! A field that is filled in stands in the request at its path, and a kept draft is read by the names it was kept under.

use std::collections::BTreeSet;

use super::*;
use crate::domain::dates;
use crate::domain::draft::contact::{AS_BEFORE, Contact, ContactField, SOMEBODY};
use crate::domain::draft::field_rules::{LENGTH_DAYS, LENGTH_UNTIL, OWN_PROFILE};
use crate::domain::draft::{FormKind, ValidityForm, organization};

/// Choices that send nothing of their own: they say which other field does.
const POINTERS: &[(FieldId, &str)] = &[
    (FieldId::OrderLength, LENGTH_DAYS),
    (FieldId::OrderLength, LENGTH_UNTIL),
    (FieldId::Profile, OWN_PROFILE),
    (FieldId::Organization, organization::NEW),
];

fn is_pointer(id: FieldId, value: &str) -> bool {
    match id {
        // The first says whether an address is sent at all, the other is the end of the path that is posted to.
        FieldId::ShipTo | FieldId::Product => true,
        FieldId::Validity => value != ValidityForm::Year.id(),
        FieldId::Contact(_, ContactField::Who) => [SOMEBODY, AS_BEFORE].contains(&value),
        _ => POINTERS.contains(&(id, value)),
    }
}

fn of_any_contact(id: FieldId) -> FieldId {
    match id {
        FieldId::Contact(_, part) => FieldId::Contact(Contact::Organization, part),
        id => id,
    }
}

/// What stands at a path. The entry of a list is the one of that type or number.
fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(body, |at, part| match at {
        Value::Array(list) => list.iter().find(|entry| {
            entry["contact_type"] == part
                || part
                    .parse::<u64>()
                    .is_ok_and(|id| entry["metadata_id"] == id)
        }),
        at => at.get(part),
    })?;
    Some(found.get("value").unwrap_or(found))
}

/// A value as the field has it.
fn typed(id: FieldId, sent: &Value) -> String {
    match (id, sent) {
        (FieldId::Validity, Value::Number(_)) => ValidityForm::Year.id().into(),
        (FieldId::AutoRenew | FieldId::AutoReissue, Value::Number(_)) => "true".into(),
        (FieldId::RenewedBy, Value::Number(_)) => "order".into(),
        (FieldId::RenewedBy, Value::String(_)) => "thumbprint".into(),
        (_, Value::String(text)) => match dates::parse(text) {
            Ok(day) => dates::print_iso(day),
            Err(_) => text.clone(),
        },
        // Each name has an entry with an address.
        (FieldId::DcvEmails, Value::Array(list)) => {
            let list: BTreeSet<_> = list
                .iter()
                .filter_map(|one| one["email"].as_str())
                .collect();
            list.into_iter().collect::<Vec<_>>().join("\n")
        }
        (_, Value::Array(list)) => {
            let list: Vec<_> = list.iter().filter_map(Value::as_str).collect();
            list.join("\n")
        }
        (_, other) => other.to_string(),
    }
}

#[test]
fn every_field_that_is_filled_in_stands_at_its_path() {
    let mut seen = BTreeSet::new();
    let orders = order_parameters::forms().chain(other_renewals::forms());
    for (case, mut form) in parameters::forms().chain(orders) {
        let filled: Vec<_> = form
            .shown()
            .map(|(spec, _)| (spec.id, form.fields.value(spec.id).trim().to_owned()))
            .filter(|(id, value)| !value.is_empty() && !is_pointer(*id, value))
            .collect();
        let is_new = form.fields.value(FieldId::Organization) == organization::NEW;
        let body = body(&send(&mut form));
        for (id, value) in filled {
            // The contact of a new organization is sent in full.
            if is_new && id == FieldId::Contact(Contact::Organization, ContactField::Who) {
                continue;
            }
            let sent = at(&body, &id.path())
                .or_else(|| at(&body, id.other_path().as_deref()?))
                .unwrap_or_else(|| panic!("{case} sends no {id:?}: {body:#}"));
            let value = match id {
                FieldId::Csr => value.replace(['\n', '\r'], ""),
                FieldId::AdditionalUsages => value.replace(", ", "\n"),
                _ => value,
            };
            assert_eq!(typed(id, sent), value, "{case} {id:?}");
            // What one contact has, all of them have.
            seen.insert(of_any_contact(id));
        }
    }
    let all = FieldId::all().filter(|id| !is_pointer(*id, ValidityForm::Year.id()));
    let missing: Vec<_> = all
        .filter(|id| !seen.contains(&of_any_contact(*id)))
        .collect();
    assert_eq!(missing, [], "no form of the tables fills them in");
}

#[test]
fn a_draft_is_read_by_the_names_it_was_kept_under() {
    let mut order = order_for(SHOP);
    order.is_plan = true;
    let kept = r#"{"fields":{"common_name":"kept.example.net","dns_names":"a.example.net",
        "server_platform":"2","signature_hash":"sha384","cert_validity":"days","cert_validity.days":"90",
        "dcv_method":"email","comments":"kept","store_reissue_as_duplicate":"true"},"focus":"cert_validity"}"#;
    let open = |kind, order: &Order, kept| {
        Form::open(kind, order, Some(&product()), &[], TODAY, Some(kept))
    };
    let form = open(FormKind::Reissue, &order, kept);
    assert_eq!(form.focus(), FieldId::Validity);
    for (id, value) in [
        (FieldId::CommonName, "kept.example.net"),
        (FieldId::Names, "a.example.net"),
        (FieldId::Platform, "2"),
        (FieldId::Hash, "sha384"),
        (FieldId::Validity, "days"),
        (FieldId::Days, "90"),
        (FieldId::Dcv, "email"),
        (FieldId::Comments, "kept"),
        (FieldId::StoreAsDuplicate, "true"),
    ] {
        assert_eq!(form.fields.value(id), value, "{id:?}");
    }
    let kept = r#"{"fields":{"order_validity":"days","order_validity.days":"300","profile_option":"own",
        "profile_name":"Ours","renewal_of_order_id":"thumbprint","auto_renew":"true","custom_fields.12":"a@example.net",
        "organization.id":"new","organization.name":"Kept AG",
        "organization.contacts.technical_contact.user_id":"other",
        "organization.contacts.technical_contact.first_name":"Grace"},"focus":"order_validity.days"}"#;
    let mut old = super::orders::old();
    old.order_valid_till = Some(TODAY);
    let mut form = open(FormKind::Renew, &old, kept);
    form.take_offer(&super::orders::offer());
    assert_eq!(form.focus(), FieldId::OrderDays);
    let contact = |part| FieldId::Contact(Contact::Technical, part);
    for (id, value) in [
        (FieldId::OrderLength, "days"),
        (FieldId::OrderDays, "300"),
        (FieldId::Profile, "own"),
        (FieldId::ProfileName, "Ours"),
        (FieldId::RenewedBy, "thumbprint"),
        (FieldId::AutoRenew, "true"),
        (FieldId::Custom(12), "a@example.net"),
        (FieldId::Organization, "new"),
        (FieldId::OrgName, "Kept AG"),
        (contact(ContactField::Who), "other"),
        (contact(ContactField::FirstName), "Grace"),
    ] {
        assert_eq!(form.fields.value(id), value, "{id:?}");
    }
}
