//! Tables of parameters, as data: each parameter with the forms that send it and the value they send, and how each form is
//! filled in. The forms' own tests fill them in alone; the flow tests fill them in against an account and find the same in
//! what it received.
//!
//! Words in capitals stand for what differs from test to test: see [`World`].

use std::collections::BTreeMap;

use certdeck::domain::draft::FieldId;
use jiff::Span;
use jiff::civil::Date;

/// A parameter, and the forms that send it (`form=value`; several where one alone does not show everything).
pub type Row = (&'static str, &'static [&'static str]);

/// What each form sent, by place.
pub type Sent = BTreeMap<&'static str, BTreeMap<String, String>>;

/// What is done in a form. Fields are named as a kept draft names them.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A CSR with an RSA key is pasted.
    RsaCsr,
    /// A CSR with an elliptic key is pasted.
    EcCsr,
    /// A bare public key is pasted.
    PublicKey,
    /// One of a list is found by typing.
    Choose(&'static str, &'static str),
    /// A text takes the place of what stands there.
    Text(&'static str, &'static str),
    /// A flag is turned on.
    On(&'static str),
}

/// A form that is filled in.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// How the parameters name it.
    pub name: &'static str,
    /// The product of the order; "" for a renewal, whose order has one.
    pub product: &'static str,
    /// Whether the account is of the older kind, whose products have no order lengths.
    pub older: bool,
    /// The order's names, the common name first. One without a dot is no name of a host.
    pub names: &'static [&'static str],
    /// The order's e-mail addresses.
    pub emails: &'static [&'static str],
    /// Whether it is a plan.
    pub plan: bool,
    /// How a code signing certificate was delivered before.
    pub provisioning: Option<&'static str>,
    /// What is done; of an order once a CSR is there, of a new one also its common name.
    pub steps: &'static [Step],
}

/// A case of which nothing is said.
pub const PLAIN: Case = Case {
    name: "",
    product: "",
    older: false,
    names: &["Example Trading GmbH"],
    emails: &[],
    plan: false,
    provisioning: None,
    steps: &[],
};

/// What the words in capitals stand for in one test. `CSR` and `KEY` stand for a CSR and a bare public key.
#[derive(Debug, Clone)]
pub struct World {
    /// `NAME1` and so on: names of the order.
    pub names: Vec<String>,
    /// Words and what they stand for; longer words before those that they begin with.
    pub words: Vec<(&'static str, String)>,
    /// The day from which `DAY+60` counts, and `DMY+60`, which is written `09 AUG 2026`.
    pub today: Date,
}

impl World {
    /// A text of the table, with what it stands for.
    pub fn meant(&self, text: &str) -> String {
        let day = |days: &str| {
            let days = Span::new().days(days.parse::<i64>().unwrap());
            self.today.saturating_add(days)
        };
        if let Some(days) = text.strip_prefix("DAY+") {
            return day(days).to_string();
        }
        if let Some(days) = text.strip_prefix("DMY+") {
            return day(days).strftime("%d %b %Y").to_string().to_uppercase();
        }
        let mut text = text.to_owned();
        for (at, name) in self.names.iter().enumerate() {
            text = text.replace(&format!("NAME{}", at + 1), name);
        }
        for (word, value) in &self.words {
            text = text.replace(word, value);
        }
        text
    }
}

/// The field that a kept draft names so.
pub fn field(key: &str) -> FieldId {
    if let Some(id) = key.strip_prefix("custom_fields.") {
        return FieldId::Custom(id.parse().unwrap());
    }
    let found = FieldId::all().find(|id| id.key() == key);
    found.unwrap_or_else(|| panic!("no field is called {key}"))
}

/// What a body holds, by place; of a list of objects each key with all its values. A CSR or key is told by its kind.
pub fn leaves(body: &serde_json::Value) -> BTreeMap<String, String> {
    let mut into = BTreeMap::new();
    collect(body, "", &mut into);
    into
}

fn collect(value: &serde_json::Value, place: &str, into: &mut BTreeMap<String, String>) {
    use serde_json::Value;

    let text = match value {
        Value::Object(object) => {
            for (key, value) in object {
                let place = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                collect(value, &place, into);
            }
            return;
        }
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_object) => {
            for value in list {
                collect(value, &format!("{place}[]"), into);
            }
            return;
        }
        Value::String(text) if text.starts_with("-----BEGIN CERTIFICATE REQUEST") => "CSR".into(),
        Value::String(text) if text.starts_with("-----BEGIN PUBLIC KEY") => "KEY".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    into.entry(place.to_owned())
        .and_modify(|all| {
            all.push(' ');
            all.push_str(&text);
        })
        .or_insert(text);
}

/// Compares what each form sent with the table: every parameter has its value, and nothing is sent that the table does
/// not have. Forms that were not tried are named.
pub fn compare(rows: &[Row], sent: &Sent, untried: &[&str], meant: impl Fn(&str, &str) -> String) {
    for (place, cases) in rows {
        for case in *cases {
            let (form, value) = case.split_once('=').unwrap();
            let Some(body) = sent.get(form) else {
                assert!(untried.contains(&form), "no form is called {form}");
                continue;
            };
            let found = body.get(*place).map(String::as_str);
            let wanted = meant(form, value);
            assert_eq!(found, Some(wanted.as_str()), "{place} of {form}");
        }
    }
    for (form, body) in sent {
        for place in body.keys() {
            assert!(
                rows.iter().any(|(known, _)| known == place),
                "{form} sends {place}, which is not documented"
            );
        }
    }
}
