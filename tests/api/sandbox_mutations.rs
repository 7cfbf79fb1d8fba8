//! Wrong JSON types: each field of a documented request, put into each type that it has not, is refused by the field's name and
//! changes nothing in the account.

use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::Api;

/// A documented request.
pub struct Documented {
    method: Method,
    path: String,
    body: Value,
    /// Fields that the documentation requires: `null` is `required_param`.
    required: &'static [&'static str],
}

pub fn documented(
    method: Method,
    path: impl Into<String>,
    required: &'static [&'static str],
    body: Value,
) -> Documented {
    Documented {
        method,
        path: path.into(),
        body,
        required,
    }
}

/// Text that clients write as a number too.
const LOOSE: [&str; 7] = [
    "zip",
    "telephone",
    "telephone_extension",
    "phone",
    "custom_fields.value",
    "value",
    "alternative_order_id",
];

/// Every wrong value for the type of a right one.
fn wrong(path: &str, right: &Value) -> Vec<Value> {
    let last = path.rsplit('.').next().unwrap();
    match right {
        Value::String(_) => {
            let mut all = vec![
                json!([]),
                json!(["x"]),
                json!({}),
                json!({ "x": 1 }),
                json!(true),
            ];
            if !LOOSE.contains(&last) && !LOOSE.contains(&path) {
                all.extend([json!(5), json!(-1), json!(1.5), json!(1e300)]);
            }
            all
        }
        Value::Number(_) => {
            let mut all = vec![
                json!([]),
                json!([5]),
                json!({}),
                json!(true),
                json!("x"),
                json!("5.5"),
                json!(1.5),
                json!(1e300),
                json!(-2),
            ];
            if last == "auto_renew" || last == "auto_reissue" {
                // A flag that is written as a number.
                all.retain(|value| *value != json!(true));
                all.push(json!(2));
            }
            all
        }
        Value::Bool(_) => vec![
            json!([]),
            json!({}),
            json!(2),
            json!(-1),
            json!(0.5),
            json!("perhaps"),
        ],
        Value::Array(items) if items.is_empty() => {
            vec![json!(5), json!({}), json!(true), json!([5])]
        }
        Value::Array(items) if items.iter().all(Value::is_object) => vec![
            json!(5),
            json!({}),
            json!(true),
            json!("x"),
            json!([5]),
            json!([[]]),
            json!([null]),
        ],
        Value::Array(items) if items.iter().all(Value::is_number) => vec![
            json!(5),
            json!({}),
            json!("x"),
            json!(["x"]),
            json!([1.5]),
            json!([null]),
        ],
        Value::Array(_) => vec![
            json!(5),
            json!(1.5),
            json!({}),
            json!(true),
            json!([5]),
            json!([{}]),
            json!([null]),
            json!([["x"]]),
        ],
        Value::Object(_) => vec![json!(5), json!([]), json!([{}]), json!("x"), json!(true)],
        Value::Null => Vec::new(),
    }
}

/// Pointers to every value of a body, with the name of its field: places in lists are left out of it.
fn fields(value: &Value, pointer: &str, name: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let pointer = format!("{pointer}/{key}");
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                out.push((pointer.clone(), name.clone()));
                fields(value, &pointer, &name, out);
            }
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                fields(item, &format!("{pointer}/{at}"), name, out);
            }
        }
        _ => {}
    }
}

/// The whole account as it is kept.
fn account(api: &Api) -> String {
    api.sandbox
        .with_account(|account| serde_json::to_string(account).unwrap())
}

/// Tries the request with each field in each wrong type, without each required field, and as it should be.
pub async fn try_all(api: &Api, request: &Documented) {
    let Documented {
        method,
        path,
        body,
        required,
    } = request;
    // Nothing is left that would happen by itself meanwhile.
    for _ in 0..2 {
        // First a mail is answered, then what waited for it is issued.
        api.sandbox.advance(std::time::Duration::from_mins(1));
        api.get("ping").await.expect(200);
    }
    let before = account(api);
    let mut all = Vec::new();
    fields(body, "", "", &mut all);
    for (pointer, name) in &all {
        let right = body.pointer(pointer).unwrap();
        for value in wrong(name, right) {
            let mut mutated = body.clone();
            *mutated.pointer_mut(pointer).unwrap() = value.clone();
            let answer = api
                .send(api.call(method.clone(), path).json(&mutated))
                .await;
            let said = answer.text();
            assert_eq!(answer.status, 400, "{path}: {name} = {value}: {said}");
            // An empty list or object of something that is required is missing as well.
            let codes = answer.codes();
            let invalid = format!("invalid_value:{name}");
            let missing = |code: &String| {
                code.strip_prefix("required_param:")
                    .is_some_and(|field| field.starts_with(name.as_str()))
            };
            assert!(
                codes.contains(&invalid) || codes.iter().all(missing),
                "{path}: {name} = {value}: {said}"
            );
            assert_eq!(
                account(api),
                before,
                "{path}: {name} = {value} had an effect"
            );
        }
    }
    for name in *required {
        let mut mutated = body.clone();
        let pointer = format!("/{}", name.replace('.', "/"));
        *mutated.pointer_mut(&pointer).unwrap() = Value::Null;
        let answer = api
            .send(api.call(method.clone(), path).json(&mutated))
            .await;
        let code = format!("required_param:{name}");
        assert!(
            answer.codes().contains(&code),
            "{path}: {name}: {}",
            answer.text()
        );
        assert_eq!(account(api), before, "{path}: without {name}");
    }
    // The request is a right one.
    let answer = api.send(api.call(method.clone(), path).json(body)).await;
    assert!(answer.status < 300, "{path}: {}", answer.text());
}

/// The particulars of a person.
pub fn person() -> Value {
    json!({ "first_name": "Jill", "last_name": "Example", "email": "jill@example.net",
        "job_title": "Head of PKI", "telephone": "+1 801 555 0100" })
}
