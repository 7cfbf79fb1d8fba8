//! Every parameter of an order of a Secure Site product through the forms that take it. A parameter that is left out of the
//! table, or sent without standing there, is seen.

use super::order_rows::{CASES, compare_orders};
use super::orders::{new_order, old, renewal, renewal_with};
use super::parameters::fill;
use super::table::{Case, Sent, World, leaves};
use super::*;

fn world(case: &Case) -> World {
    let names = match case.product {
        "" => SHOP,
        _ => &["new.example.net"],
    };
    World {
        names: names.iter().map(ToString::to_string).collect(),
        words: [
            ("OWN-ORG-ID", "77"),
            ("ORG-NAME", "other"),
            ("ORG-ID", "78"),
            ("OWN-CONTAINER-ID", "1001"),
            ("CONTAINER-NAME", "web shop"),
            ("CONTAINER-ID", "1002"),
            ("USER-NAME", "ada"),
            ("USER-ID", "501"),
            ("USER-FIRST", "Ada"),
            ("USER-LAST", "Example"),
            ("USER-EMAIL", "ada@example.net"),
            ("FIELD1", "11"),
            ("FIELD2", "12"),
            ("ICA-NAME", "example"),
            ("ICA", "0F1E2D3C4B5A6978"),
            ("ORDER", "123456"),
            ("THUMBPRINT", "0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A"),
            ("REFERENCE", "certdeck-test"),
        ]
        .map(|(word, value)| (word, value.to_owned()))
        .into(),
        today: TODAY,
    }
}

fn filled(case: &Case) -> Form {
    let mut form = match case.product {
        "" if case.older => renewal_with(&old(), &[]),
        "" => renewal(),
        product => new_order(product),
    };
    fill(&mut form, case.steps, &world(case), &[]);
    form
}

/// The forms of the table, filled in.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    CASES.iter().map(|case| (case.name, filled(case)))
}

fn sent() -> Sent {
    let sent = CASES.iter().map(|case| {
        let body = body(&send(&mut filled(case)));
        (case.name, leaves(&body))
    });
    sent.collect()
}

#[test]
fn every_parameter_of_an_order_is_sent_by_a_form_or_stands_there_with_the_reason() {
    compare_orders(&sent(), |form, value| {
        let case = CASES.iter().find(|case| case.name == form).unwrap();
        world(case).meant(value)
    });
}

#[test]
fn of_the_ways_to_say_how_long_an_order_lasts_only_one_is_sent() {
    for (form, body) in sent() {
        let lengths = body.keys().filter(|place| {
            place.starts_with("order_validity")
                || place.starts_with("validity_")
                || *place == "custom_expiration_date"
        });
        assert_eq!(lengths.count(), 1, "{form}");
    }
}
