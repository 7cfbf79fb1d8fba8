//! What a form is filled in with at once: a draft as it is kept, or the body of a request read back into the fields that it was
//! made from.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use thiserror::Error;

use super::contact::{Contact, ContactField, SOMEBODY};
use super::field_rules::{LENGTH_DAYS, LENGTH_UNTIL, OWN_PROFILE};
use super::order::BY_THUMBPRINT;
use super::{FieldId, FormKind, ValidityForm, organization};
use crate::domain::ids::OrderId;

/// What stands in a body in the place of a CSR that is made when it is sent.
pub const CSR_TO_COME: &str = "(of the key that is generated when it is sent)";

/// Texts by field.
pub type Texts = Vec<(FieldId, String)>;

/// Why a text fills no form in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GivenError {
    /// What the parser says.
    #[error("it is no JSON: {0}")]
    Json(String),
    #[error("it is neither a draft nor the body of one request")]
    Shape,
    /// Its path.
    #[error("the form has no field for `{0}`")]
    Unknown(String),
    /// Its path, and why not.
    #[error("`{0}` {1}")]
    Value(String, &'static str),
}

/// What fills a form in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub texts: Texts,
    /// Whether what is not among them is empty, as in a request; in a draft it is as the form begins.
    pub is_whole: bool,
}

/// What says that a field counts, where several exclude one another or stand behind a choice, and the id of that choice.
pub fn chosen_by(field: FieldId) -> Option<(FieldId, &'static str)> {
    Some(match field {
        FieldId::Days => (FieldId::Validity, ValidityForm::Days.id()),
        FieldId::Until => (FieldId::Validity, ValidityForm::Until.id()),
        FieldId::OrderDays => (FieldId::OrderLength, LENGTH_DAYS),
        FieldId::OrderUntil => (FieldId::OrderLength, LENGTH_UNTIL),
        FieldId::ProfileName => (FieldId::Profile, OWN_PROFILE),
        FieldId::ShipName
        | FieldId::ShipAddress
        | FieldId::ShipAddress2
        | FieldId::ShipCity
        | FieldId::ShipState
        | FieldId::ShipZip
        | FieldId::ShipCountry
        | FieldId::ShipMethod => (FieldId::ShipTo, "other"),
        FieldId::OrgName
        | FieldId::OrgAssumedName
        | FieldId::OrgAddress
        | FieldId::OrgAddress2
        | FieldId::OrgZip
        | FieldId::OrgCity
        | FieldId::OrgState
        | FieldId::OrgCountry
        | FieldId::OrgPhone => (FieldId::Organization, organization::NEW),
        FieldId::Contact(contact, part) if part != ContactField::Who => {
            (FieldId::Contact(contact, ContactField::Who), SOMEBODY)
        }
        _ => return None,
    })
}

/// The same texts, with what says that they count where nothing does.
pub fn with_choices(texts: Texts) -> Texts {
    let mut all = texts;
    let implied: Vec<_> = all
        .iter()
        .filter_map(|(field, _)| chosen_by(*field))
        .collect();
    for (field, id) in implied {
        if all.iter().all(|(known, _)| *known != field) {
            all.push((field, id.to_owned()));
        }
    }
    all
}

/// What stands in `texts` and is neither given otherwise in `above`, nor excluded by a choice there; behind it all of `above`.
pub fn below(texts: Texts, above: Texts) -> Texts {
    let other = |field: FieldId| {
        let mut above = above.iter();
        above
            .find(|(known, _)| *known == field)
            .map(|(_, text)| text.as_str())
    };
    let counts = |field: FieldId| {
        let is_chosen = |(by, id)| other(by).is_none_or(|chosen| chosen == id);
        other(field).is_none() && chosen_by(field).is_none_or(is_chosen)
    };
    let mut all: Texts = texts
        .into_iter()
        .filter(|(field, _)| counts(*field))
        .collect();
    all.extend(above);
    all
}

/// Reads a draft, the body of a request of this kind, or what `--dry-run --json` printed of one. `order` is the one that it is
/// for.
///
/// # Errors
/// What is not read, with its path: nothing of it is left out in silence.
pub fn read(text: &str, kind: FormKind, order: Option<OrderId>) -> Result<Given, GivenError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| GivenError::Json(error.to_string()))?;
    let object = value.as_object().ok_or(GivenError::Shape)?;
    if let Some(rows) = object.get("rows") {
        let [row] = rows.as_array().map_or(&[][..], Vec::as_slice) else {
            return Err(GivenError::Shape);
        };
        let request = row["request"].as_str().ok_or(GivenError::Shape)?;
        return read(request, kind, order);
    }
    if let Some(fields) = object.get("fields") {
        let fields = fields.as_object().ok_or(GivenError::Shape)?;
        return draft(fields);
    }
    let mut body = Body::of(kind, order);
    body.object("", object)?;
    Ok(Given {
        texts: body.texts,
        is_whole: true,
    })
}

/// What stands at a path of a request of this kind, or at an end of one that no other field has.
///
/// # Errors
/// That there is no such field, or why the value is none for it.
pub fn at(path: &str, text: &str, kind: FormKind) -> Result<Texts, GivenError> {
    let mut body = Body::of(kind, None);
    match body.leaf(path, text) {
        Err(GivenError::Unknown(_)) => {
            let end = format!(".{path}");
            let paths: BTreeSet<_> = FieldId::all().map(FieldId::path).collect();
            let ends: Vec<_> = paths.iter().filter(|path| path.ends_with(&end)).collect();
            let [path] = ends.as_slice() else {
                return Err(GivenError::Unknown(path.to_owned()));
            };
            body.leaf(path, text)?;
        }
        other => other?,
    }
    Ok(body.texts)
}

fn draft(fields: &Map<String, Value>) -> Result<Given, GivenError> {
    let texts = fields.iter().map(|(key, value)| {
        let known = || FieldId::all().find(|field| *field.key() == **key);
        let field = custom(key).or_else(known);
        let field = field.ok_or_else(|| GivenError::Unknown(key.clone()))?;
        let text = value.as_str();
        let text = text.ok_or_else(|| GivenError::Value(key.clone(), "is no text"))?;
        Ok((field, text.to_owned()))
    });
    Ok(Given {
        texts: texts.collect::<Result<_, _>>()?,
        is_whole: false,
    })
}

/// `custom_fields.12`.
fn custom(path: &str) -> Option<FieldId> {
    let number = path.strip_prefix("custom_fields.")?;
    number.parse().ok().map(FieldId::Custom)
}

/// The body of a request as it is read back.
struct Body {
    kind: FormKind,
    order: Option<OrderId>,
    texts: Texts,
}

impl Body {
    fn of(kind: FormKind, order: Option<OrderId>) -> Self {
        Self {
            kind,
            order,
            texts: Vec::new(),
        }
    }

    fn object(&mut self, path: &str, object: &Map<String, Value>) -> Result<(), GivenError> {
        for (key, value) in object {
            let at = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            match (at.as_str(), value) {
                ("organization.contacts", Value::Array(all)) => self.contacts(&at, all)?,
                ("custom_fields", Value::Array(all)) => self.custom_fields(&at, all)?,
                ("dcv_emails", Value::Array(all)) => self.dcv_emails(&at, all)?,
                (_, Value::Object(object)) => self.object(&at, object)?,
                (_, value) => self.leaf(&at, &text(&at, value)?)?,
            }
        }
        Ok(())
    }

    fn put(&mut self, field: FieldId, text: &str) {
        let chosen = chosen_by(field).map(|(by, id)| (by, id.to_owned()));
        for one in chosen.into_iter().chain([(field, text.to_owned())]) {
            // Several may stand behind the same choice.
            if !self.texts.contains(&one) {
                self.texts.push(one);
            }
        }
    }

    fn leaf(&mut self, path: &str, text: &str) -> Result<(), GivenError> {
        let wrong = |why| Err(GivenError::Value(path.to_owned(), why));
        let (field, text) = match path {
            // Another with each try, so that what came of it is found.
            "alternative_order_id" => return Ok(()),
            "certificate.csr" if text == CSR_TO_COME => return Ok(()),
            "renewal_of_order_id" if self.kind == FormKind::Renew => {
                if self.order.is_some_and(|order| order.to_string() != text) {
                    return wrong("is another order than the one that is named");
                }
                (FieldId::RenewedBy, "order")
            }
            "renewed_thumbprint" => (FieldId::RenewedBy, BY_THUMBPRINT),
            "certificate.cert_validity.years" if text != "1" => return wrong("can only be 1"),
            "certificate.cert_validity.years" => (FieldId::Validity, ValidityForm::Year.id()),
            // A new organization is put where the order is.
            "organization.container.id" => (FieldId::Container, text),
            "custom_expiration_date" if self.kind.makes_order() => (FieldId::OrderUntil, text),
            "certificate.profile_option" if self.kind.makes_order() => {
                let known = ["server_auth_only_eku", "server_client_auth_eku"];
                if known.contains(&text) {
                    (FieldId::Profile, text)
                } else {
                    (FieldId::ProfileName, text)
                }
            }
            _ => {
                let is_here = |field: &FieldId| {
                    *field.path() == *path || field.other_path().is_some_and(|other| other == path)
                };
                // The product stands in the path of the request.
                let mut all = FieldId::all().filter(|field| *field != FieldId::Product);
                let field = all.find(is_here).or_else(|| custom(path));
                let unknown = || GivenError::Unknown(path.to_owned());
                (field.ok_or_else(unknown)?, text)
            }
        };
        self.put(field, text);
        Ok(())
    }

    fn contacts(&mut self, path: &str, all: &[Value]) -> Result<(), GivenError> {
        for entry in all {
            let kind = entry["contact_type"].as_str().unwrap_or_default();
            let contact = Contact::ALL
                .into_iter()
                .find(|contact| contact.id() == kind);
            let unknown = |name: &str| GivenError::Unknown(format!("{path}.{kind}.{name}"));
            let contact = contact.ok_or_else(|| unknown("contact_type"))?;
            for (key, value) in entry.as_object().into_iter().flatten() {
                if key == "contact_type" {
                    continue;
                }
                let mut parts = [ContactField::Who].into_iter().chain(ContactField::TYPED);
                let part = parts.find(|part| part.id() == key);
                let part = part.ok_or_else(|| unknown(key))?;
                self.put(FieldId::Contact(contact, part), &text(path, value)?);
            }
        }
        Ok(())
    }

    fn custom_fields(&mut self, path: &str, all: &[Value]) -> Result<(), GivenError> {
        for entry in all {
            let number = entry["metadata_id"].as_u64();
            let number = number
                .ok_or_else(|| GivenError::Value(path.to_owned(), "has an entry without number"))?;
            self.put(FieldId::Custom(number), &text(path, &entry["value"])?);
        }
        Ok(())
    }

    /// The addresses, those at longer domains first: each serves the name that it was entered for.
    fn dcv_emails(&mut self, path: &str, all: &[Value]) -> Result<(), GivenError> {
        let mut addresses: Vec<&str> = Vec::new();
        for entry in all {
            let address = entry["email"].as_str();
            let address = address
                .ok_or_else(|| GivenError::Value(path.to_owned(), "has an entry without email"))?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let domain = |address: &&str| address.rsplit('@').next().map_or(0, str::len);
        addresses.sort_by_key(|address| std::cmp::Reverse(domain(address)));
        self.put(FieldId::DcvEmails, &addresses.join("\n"));
        Ok(())
    }
}

/// A value as a field has it: a list with one a line.
fn text(path: &str, value: &Value) -> Result<String, GivenError> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(all) => {
            let all: Option<Vec<&str>> = all.iter().map(Value::as_str).collect();
            let all =
                all.ok_or_else(|| GivenError::Value(path.to_owned(), "is no list of texts"))?;
            all.join("\n")
        }
        Value::Null | Value::Object(_) => {
            return Err(GivenError::Value(path.to_owned(), "has no value"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str, kind: FormKind) -> Result<Texts, GivenError> {
        read(body, kind, Some(OrderId(7))).map(|given| given.texts)
    }

    #[test]
    fn what_the_form_does_not_know_is_told_with_its_path() {
        for (body, kind, told) in [
            ("[]", FormKind::Reissue, "neither a draft"),
            ("{", FormKind::Reissue, "no JSON"),
            (r#"{"rows":[]}"#, FormKind::Reissue, "neither a draft"),
            (
                r#"{"certificate":{"colour":"red"}}"#,
                FormKind::Reissue,
                "`certificate.colour`",
            ),
            (
                r#"{"fields":{"colour":"red"}}"#,
                FormKind::NewOrder,
                "`colour`",
            ),
            (
                r#"{"product":"ssl_basic"}"#,
                FormKind::NewOrder,
                "`product`",
            ),
            (
                r#"{"organization":{"contacts":[{"contact_type":"friend"}]}}"#,
                FormKind::Renew,
                "`organization.contacts.friend",
            ),
            (
                r#"{"renewal_of_order_id":8}"#,
                FormKind::Renew,
                "another order",
            ),
            (r#"{"comments":null}"#, FormKind::Reissue, "`comments`"),
        ] {
            let error = texts(body, kind).unwrap_err().to_string();
            assert!(error.contains(told), "{body}: {error}");
        }
    }

    #[test]
    fn what_excludes_others_is_chosen_and_what_is_given_above_wins() {
        let body = r#"{"order_validity":{"days":100},"organization":{"id":1},"comments":"a"}"#;
        let read = texts(body, FormKind::NewOrder).unwrap();
        assert!(read.contains(&(FieldId::OrderLength, LENGTH_DAYS.to_owned())));
        let above = vec![(FieldId::OrderLength, "2".to_owned())];
        let all = below(read, above);
        let fields: Vec<FieldId> = all.iter().map(|(field, _)| *field).collect();
        let wanted = [
            FieldId::Organization,
            FieldId::Comments,
            FieldId::OrderLength,
        ];
        assert_eq!(fields, wanted);
        let new = vec![(FieldId::OrgName, "Example Ltd".to_owned())];
        let new = with_choices(new);
        assert!(new.contains(&(FieldId::Organization, organization::NEW.to_owned())));
    }
}
