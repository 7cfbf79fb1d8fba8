//! Where a random value belongs: an order's own, by the order's own method, and a domain's by the domain's.

use super::domains_tests::{ID, domain, on_tab, sent, wanted};
use super::*;
use crate::app::names::rows;
use crate::app::writes::Watch;
use crate::domain::dcv::{DcvMethod, Domain, Placement};
use crate::domain::status::OrderStatus;
use crate::domain::write::{Stage, WriteKind};

/// Something that was asked and answered: of the order, or of its domain; with a method, with a value.
fn asked(kind: WriteKind, method: Option<&str>, value: Option<&str>, minute: i64) -> Watch {
    let mut watch = sent(kind, ID, Stage::Completed("done".into()), value);
    let of_domain = matches!(kind, WriteKind::DomainMethod | WriteKind::DomainToken);
    let of = if of_domain {
        "domain/7/dcv/method"
    } else {
        "order/certificate/1/dcv-method"
    };
    watch.outgoing.path = format!("/{of}");
    let body = method.map(|method| format!(r#"{{"dcv_method":"{method}"}}"#));
    watch.outgoing.body = body.unwrap_or_default();
    watch.sent += jiff::SignedDuration::from_mins(minute);
    watch
}

#[test]
fn a_value_stands_where_its_own_method_looks() {
    use WriteKind::{DomainMethod, NamesMethod, NamesToken};

    let (mut desk, effects) = on_tab(OrderStatus::ReissuePending);
    let by_record = Domain {
        method: Some(DcvMethod::DnsCname),
        ..domain()
    };
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![by_record])));
    let known = desk.model.engine.account.known[&ID].clone();
    let own = "_dnsauth.example.net. IN CNAME abc.dcv.digicert.com.";
    let text = |value: &str| format!("example.net. IN TXT \"{value}\"");
    let file = "http://www.example.net/.well-known/pki-validation/fileauth.txt r4nd0m";
    // The newest first, as the desk has them.
    let by_text = || asked(NamesMethod, Some("dns-txt-token"), Some("r4nd0m"), 1);
    let by_file = asked(NamesMethod, Some("http-token"), Some("r4nd0m"), 1);
    let by_mail = asked(NamesMethod, Some("email"), None, 2);
    // Its answer was lost: what the value is by now nobody told.
    let lost_since = asked(NamesMethod, Some("http-token"), None, 2);
    let again = asked(NamesToken, None, Some("again"), 3);
    let of_domain = asked(DomainMethod, Some("dns-cname-token"), Some("abc"), 4);
    for (what, watches, place) in [
        ("nothing", vec![], Some(own.to_owned())),
        ("the order's", vec![by_text()], Some(text("r4nd0m"))),
        ("asked again", vec![again, by_text()], Some(text("again"))),
        ("a file", vec![by_file], Some(file.to_owned())),
        ("by email", vec![by_mail, by_text()], Some(own.to_owned())),
        (
            "out of turn",
            vec![by_text(), lost_since],
            Some(own.to_owned()),
        ),
        (
            "the domain's since",
            vec![of_domain, by_text()],
            Some(own.to_owned()),
        ),
    ] {
        let row = &rows(&known, ID, &watches)[0];
        assert_eq!(row.place.as_ref().map(Placement::line), place, "{what}");
    }
}

/// Whatever a domain of the account asks for, a DV order proves its names anew, by its own method and value.
#[test]
fn a_dv_order_proves_its_names_by_itself() {
    let (desk, _) = on_tab(OrderStatus::Pending);
    let mut known = desk.model.engine.account.known[&ID].clone();
    let order = known.order.value_mut().unwrap();
    order.product.name_id = "ssl_dv_rapidssl".into();
    order.dcv_method = Some("dns-cname-token".into());
    assert_eq!(rows(&known, ID, &[])[0].token, None);
    // The account's domains need not have come.
    let value = asked(WriteKind::NamesToken, None, Some("r4nd0m"), 0);
    let place = rows(&known, ID, &[value])[0].place.clone();
    let line = "_dnsauth.www.example.net. IN CNAME r4nd0m.dcv.digicert.com.";
    assert_eq!(place.unwrap().line(), line);
}
