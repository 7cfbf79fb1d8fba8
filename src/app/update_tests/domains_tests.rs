//! The Domains tab: its domains are read when it is looked at, and what is done there is read anew.

use super::desk::unfinished;
use super::*;
use crate::app::msg::{Accepted, Ended, Unfinished};
use crate::app::names::{self, NameRow, rows};
use crate::app::writes::Watch;
use crate::app::writes::names::{all_names, unproven};
use crate::domain::dcv::{DcvMethod, Domain, Placement};
use crate::domain::ids::{CertificateId, DomainId};
use crate::domain::status::OrderStatus;
use crate::domain::write::{Expected, Outgoing, Stage, WriteId, WriteKind};

pub(super) const ID: OrderId = OrderId(1);

/// A body that has names shown by records.
const BY_DNS: &str = r#"{"dcv_method":"dns-txt-token"}"#;

pub(super) fn domain() -> Domain {
    Domain {
        method: Some(DcvMethod::HttpToken),
        token: Some("abc".into()),
        ..Domain::new(DomainId(7), "example.net")
    }
}

pub(super) fn wanted() -> Read {
    Read::Domains(ID, vec!["www.example.net".into(), "example.org".into()])
}

/// A desk on the Domains tab.
pub(super) fn on_tab(status: OrderStatus) -> (Desk, Vec<Effect>) {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = "www.example.net".into();
    certificate.dns_names = vec!["WWW.example.net".into(), "example.org".into()];
    let mut info = order(1, certificate);
    info.status = status;
    let early = desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    assert!(
        !reads(&early).contains(&&wanted()),
        "nobody looks at it yet"
    );
    let effects = desk.press("o o o");
    (desk, effects)
}

/// The names of the order, as its tab lists them.
fn listed(desk: &Desk) -> Vec<NameRow> {
    let engine = &desk.model.engine;
    rows(&engine.account.known[&ID], ID, &engine.writes.all)
}

fn answer_of(desk: &Desk) -> Option<NameRow> {
    let engine = &desk.model.engine;
    names::answer_of(&engine.account, &engine.writes, &engine.writes.all[0].op)
}

fn written(effects: &[Effect]) -> (WriteId, String, String) {
    assert_eq!(effects.len(), 1, "{effects:?}");
    let (op, sent) = super::current_tests::written(effects).remove(0);
    (op, sent.path, sent.body)
}

#[test]
fn the_domains_are_read_when_the_tab_is_looked_at() {
    let (mut desk, effects) = on_tab(OrderStatus::Issued);
    assert_eq!(reads(&effects), [&wanted()]);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    let all = listed(&desk);
    assert_eq!(all.len(), 2, "a name in other letters is the same");
    assert_eq!(
        all[0].place,
        Some(Placement::File {
            url: "http://example.net/.well-known/pki-validation/fileauth.txt".into(),
            content: "abc".into()
        })
    );
    assert_eq!(all[1].domain, None);
    assert!(
        desk.press("o O").is_empty(),
        "what is known is not read again"
    );
    let again = desk.press("R");
    assert!(reads(&again).contains(&&wanted()));
    desk.press("j y");
    assert!(desk.model.popups.is_empty(), "there is nothing to copy");
    assert!(desk.model.status.is_some());
}

#[test]
fn a_check_asks_for_the_domain_of_an_issued_order_and_for_the_names_of_a_pending_one() {
    for (status, path) in [
        (OrderStatus::Issued, "/domain/7/dcv/validate-token"),
        (OrderStatus::Pending, "/order/certificate/1/check-dcv"),
    ] {
        let (mut desk, effects) = on_tab(status);
        desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
        assert!(
            !desk
                .press("c")
                .iter()
                .any(|effect| matches!(effect, Effect::Write { .. }))
        );
        let (op, sent, body) = written(&desk.press("enter"));
        assert_eq!((sent.as_str(), body.as_str()), (path, ""));
        let accepted = Accepted {
            checked: vec![("example.org".into(), "pending".into())],
            ..Accepted::default()
        };
        let effects = desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Accepted(accepted),
        });
        assert!(
            reads(&effects).contains(&&wanted()),
            "the states are read anew"
        );
        let all = listed(&desk);
        assert_eq!(all[1].checked.as_deref(), Some("pending"));
        let told = desk.model.status.as_ref().unwrap();
        assert!(told.words.contains("example.org (pending)"), "{told:?}");
    }
}

#[test]
fn a_domain_that_the_check_calls_active_was_found() {
    let (mut desk, effects) = on_tab(OrderStatus::Issued);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    desk.press("c");
    let (op, _, _) = written(&desk.press("enter"));
    let accepted = Accepted {
        checked: vec![(String::new(), "active".into())],
        ..Accepted::default()
    };
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(accepted),
    });
    let told = desk.model.status.as_ref().unwrap();
    assert!(told.words.contains("has its validation"), "{told:?}");
}

#[test]
fn another_method_brings_the_value_that_has_to_be_published() {
    let (mut desk, effects) = on_tab(OrderStatus::Pending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(Vec::new())));
    desk.press("e right");
    let (op, path, body) = written(&desk.press("enter"));
    assert_eq!(path, "/order/certificate/1/dcv-method");
    assert_eq!(body, r#"{"dcv_method":"dns-cname-token"}"#);
    let accepted = Accepted {
        dcv_random_value: Some("new".into()),
        ..Accepted::default()
    };
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(accepted),
    });
    let mut info = desk.model.engine.account.order(ID).unwrap().clone();
    info.dcv_method = Some("dns-cname-token".into());
    desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    let row = listed(&desk).remove(0);
    assert_eq!(row.token.as_deref(), Some("new"));
    assert_eq!(
        row.place,
        Some(Placement::Record {
            kind: "CNAME",
            name: "_dnsauth.www.example.net".into(),
            value: "new.dcv.digicert.com".into()
        })
    );
}

#[test]
fn every_part_of_a_record_or_a_file_can_be_copied() {
    let copied = |method: DcvMethod, url: Option<&str>, key: &str| {
        let (mut desk, effects) = on_tab(OrderStatus::Issued);
        let known = Domain {
            method: Some(method),
            file_url: url.map(Into::into),
            // The documents give it two meanings.
            verification: Some("dcv.digicert.com".into()),
            ..domain()
        };
        desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![known])));
        assert!(desk.press("y").is_empty());
        match &desk.press(key)[..] {
            [Effect::Copy { text, .. }] => Some(text.clone()),
            [] => None,
            other => panic!("{other:?}"),
        }
    };
    let url = "http://example.net/.well-known/pki-validation/x7.txt";
    for (method, told, parts) in [
        (
            DcvMethod::DnsTxt,
            None,
            ["abc", "example.net", "abc", "example.net. IN TXT \"abc\""],
        ),
        (
            DcvMethod::DnsCname,
            None,
            [
                "abc",
                "_dnsauth.example.net",
                "abc.dcv.digicert.com",
                "_dnsauth.example.net. IN CNAME abc.dcv.digicert.com.",
            ],
        ),
        (
            DcvMethod::HttpTokenDynamic,
            Some(url),
            [
                "abc",
                url,
                "abc",
                "http://example.net/.well-known/pki-validation/x7.txt abc",
            ],
        ),
    ] {
        for (key, expected) in ["d", "n", "v", "l"].into_iter().zip(parts) {
            let got = copied(method.clone(), told, key);
            assert_eq!(got.as_deref(), Some(expected), "{method:?} {key}");
        }
    }
    let unnamed = |key| copied(DcvMethod::HttpTokenDynamic, None, key);
    assert_eq!(unnamed("d").as_deref(), Some("abc"));
    assert_eq!(unnamed("n"), None, "a file whose name nobody told");
}

#[test]
fn one_name_of_a_pending_order_is_checked_alone() {
    let (mut desk, effects) = on_tab(OrderStatus::Pending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    desk.press("j C");
    let (_, path, body) = written(&desk.press("enter"));
    assert_eq!(path, "/order/certificate/1/check-dcv");
    assert_eq!(body, r#"{"dns_names_validations":["example.org"]}"#);
}

fn offered(desk: &Desk) -> Vec<crate::domain::operation::Operation> {
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    crate::app::popups::operations::entries(&desk.model.engine, menu)
        .into_iter()
        .filter(|line| line.why_not.is_none())
        .filter_map(|line| line.choice.one().cloned())
        .collect()
}

#[test]
fn mails_are_sent_again_where_mails_are_the_method_and_a_random_value_asked_for_where_not() {
    use crate::domain::domain_operation::DomainOperation::{Emails, Token};
    use crate::domain::operation::Operation::{Domain as OfDomain, NamesEmails, NamesToken};
    for (method, own, present, absent) in [
        (
            "email",
            DcvMethod::Email,
            [NamesEmails, OfDomain(Emails, DomainId(7))],
            [NamesToken, OfDomain(Token, DomainId(7))],
        ),
        (
            "dns-txt-token",
            DcvMethod::DnsTxt,
            [NamesToken, OfDomain(Token, DomainId(7))],
            [NamesEmails, OfDomain(Emails, DomainId(7))],
        ),
    ] {
        let mut desk = Desk::with_orders(1);
        let effects = desk.press("enter");
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = "www.example.net".into();
        certificate.dns_names = vec!["example.org".into()];
        let mut info = order(1, certificate);
        info.status = OrderStatus::Pending;
        info.dcv_method = Some(method.into());
        desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
        let effects = desk.press("o o o");
        let known = Domain {
            method: Some(own),
            ..domain()
        };
        desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![known])));
        desk.press("m");
        let lines = offered(&desk);
        for wanted in present {
            assert!(lines.contains(&wanted), "{method}: {wanted:?} in {lines:?}");
        }
        for unwanted in absent {
            assert!(!lines.contains(&unwanted), "{method}: {unwanted:?}");
        }
    }
}

#[test]
fn the_random_value_of_an_order_is_asked_for_and_shown_where_it_belongs() {
    let (mut desk, effects) = on_tab(OrderStatus::Pending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(Vec::new())));
    let mut info = desk.model.engine.account.order(ID).unwrap().clone();
    info.dcv_method = Some("dns-txt-token".into());
    let effects = desk.press("R");
    desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    desk.press("y");
    assert!(desk.model.popups.is_empty(), "an earlier session knew it");
    desk.press("m");
    let at = offered(&desk)
        .iter()
        .position(|operation| *operation == crate::domain::operation::Operation::NamesToken)
        .unwrap();
    for _ in 0..at {
        desk.press("j");
    }
    desk.press("enter");
    let (op, path, body) = written(&desk.press("enter"));
    assert_eq!(path, "/order/certificate/1/dcv-random-value");
    assert_eq!(body, "");
    let accepted = Accepted {
        dcv_random_value: Some("again".into()),
        ..Accepted::default()
    };
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(accepted),
    });
    desk.press("y");
    let copied = desk.press("l");
    let line = "www.example.net. IN TXT \"again\"";
    assert!(
        matches!(&copied[..], [Effect::Copy { text, .. }] if text == line),
        "{copied:?}"
    );
}

#[test]
fn what_an_organisation_is_validated_for_is_read_once_for_all_its_orders_and_again_when_asked_for()
{
    use crate::domain::ids::OrganizationId;
    use crate::domain::organization::Validation;
    let read = Read::Organization(OrganizationId(5));
    let mut desk = Desk::with_orders(2);
    let asked = |desk: &mut Desk, keys: &str| {
        let mut effects = desk.press(keys);
        let id = desk.model.order.as_ref().unwrap().id.0;
        let mut info = order(id, Certificate::empty(Role::Primary));
        info.organization.as_mut().unwrap().id = Some(OrganizationId(5));
        let answer = Data::Order(Box::new(info));
        let more = desk.answer(&effects, &Read::Order(OrderId(id)), Ok(answer));
        effects.extend(more);
        effects
    };
    let effects = asked(&mut desk, "enter");
    assert!(reads(&effects).contains(&&read));
    let validations = vec![Validation {
        kind: "ov".into(),
        status: "active".into(),
        until: None,
    }];
    desk.answer(&effects, &read, Ok(Data::Validations(validations.clone())));
    desk.press("esc");
    let effects = asked(&mut desk, "j enter");
    assert!(!reads(&effects).contains(&&read), "it is the same one");
    let effects = desk.press("R");
    assert!(reads(&effects).contains(&&read));
    let known = &desk.model.engine.account.organizations[&OrganizationId(5)];
    assert_eq!(
        known.value(),
        Some(&validations),
        "it stays while it is read"
    );
}

#[test]
fn a_name_that_a_reissue_brings_is_to_be_proved_too_and_what_it_needs_can_be_copied() {
    use crate::domain::ids::CertificateId;
    use crate::domain::status::CertificateStatus;
    let (mut desk, effects) = on_tab(OrderStatus::ReissuePending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    let all = Read::Domains(
        ID,
        vec![
            "www.example.net".into(),
            "example.org".into(),
            "new.example.com".into(),
        ],
    );
    let outgoing = Outgoing {
        expected: Some(Expected {
            common_name: Some("www.example.net".into()),
            dns_names: vec!["example.org".into(), "new.example.com".into()],
            ..Expected::default()
        }),
        ..post(WriteKind::Reissue, 1, "reissue", BY_DNS)
    };
    let sent = desk.send(outgoing, None, "reissue".into());
    let (op, _, _) = written(&sent);
    let accepted = Accepted {
        certificate: Some(CertificateId(8)),
        dcv_random_value: Some("r4nd0m".into()),
        ..Accepted::default()
    };
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(accepted),
    });
    assert!(reads(&effects).contains(&&all), "{effects:?}");
    let proved = Domain {
        proved: Some(desk.now),
        proved_until: Some("2027-01-01T00:00:00Z".parse().unwrap()),
        ..domain()
    };
    let other = Domain {
        name: "example.org".into(),
        ..proved.clone()
    };
    desk.answer(&effects, &all, Ok(Data::Domains(vec![proved, other])));
    desk.press("W y");
    let copied = desk.press("l");
    let line = "new.example.com. IN TXT \"r4nd0m\"";
    assert!(
        matches!(&copied[..], [Effect::Copy { text, .. }] if text == line),
        "{copied:?}"
    );
    // Another start of the program knows the name from the certificate that is not there yet.
    desk.model.engine.writes.all.clear();
    let mut row = Certificate::empty(Role::Reissue);
    row.id = Some(CertificateId(8));
    row.status = Some(CertificateStatus::Pending);
    row.dns_names = vec!["new.example.com".into()];
    let account = &mut desk.model.engine.account;
    account.known.get_mut(&ID).unwrap().domains_asked.pop();
    let again = desk.press("esc R");
    let rows = Ok(Data::Certificates(vec![row]));
    let more = desk.answer(&again, &Read::Reissues(ID), rows);
    assert!(reads(&more).contains(&&all), "{more:?}");
    desk.press("G");
    assert_eq!(desk.model.order.as_ref().unwrap().cursor.at, 2);
}

/// A write at a stage, by itself.
pub(super) fn sent(kind: WriteKind, order: OrderId, state: Stage, token: Option<&str>) -> Watch {
    let outgoing = Outgoing {
        expected: Some(Expected {
            common_name: Some("new.example.com".into()),
            ..Expected::default()
        }),
        ..post(kind, order.0, "reissue", BY_DNS)
    };
    let mut desk = Desk::with_orders(1);
    desk.finds([Unfinished {
        token: token.map(Into::into),
        ..unfinished("1", outgoing, state)
    }]);
    desk.model.engine.writes.all.remove(0)
}

#[test]
fn what_is_on_its_way_brings_its_names_and_its_value_to_its_own_order_alone() {
    let (mut desk, effects) = on_tab(OrderStatus::ReissuePending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    let open = || Stage::AwaitsCertificate(None);
    let over = || Stage::Completed("done".into());
    for (kind, order, state, brings) in [
        (WriteKind::Reissue, ID, open(), true),
        (WriteKind::Duplicate, ID, open(), true),
        (
            WriteKind::Reissue,
            ID,
            Stage::AwaitsApproval(RequestId(5)),
            true,
        ),
        (WriteKind::Reissue, ID, over(), false),
        (WriteKind::Reissue, OrderId(2), open(), false),
        (WriteKind::Note, ID, open(), false),
        (WriteKind::Note, OrderId(2), over(), false),
    ] {
        let case = format!("{kind:?} {order} {state:?}");
        let watches = [sent(kind, order, state, Some("r4nd0m"))];
        let data = &desk.model.engine.account.known[&ID];
        let names = all_names(data, ID, &watches);
        let has_new = names.contains(&"new.example.com".to_owned());
        assert_eq!(has_new, brings, "{case}");
        let rows = rows(data, ID, &watches);
        assert_eq!(rows.len(), names.len(), "{case}");
        // The domain's own value is not what the account looks for while the write waits.
        let token = if brings { "r4nd0m" } else { "abc" };
        assert_eq!(rows[0].token.as_deref(), Some(token), "{case}");
    }
    // What an answer brought for a domain of the account is none of the order's.
    let mut of_domain = sent(WriteKind::DomainToken, ID, over(), Some("r4nd0m"));
    let known = &desk.model.engine.account.known[&ID];
    let value = |watch: Watch| rows(known, ID, &[watch])[1].token.clone();
    of_domain.outgoing.path = "/order/certificate/1/dcv-random-value".into();
    assert_eq!(value(of_domain.clone()).as_deref(), Some("r4nd0m"));
    of_domain.outgoing.path = "/domain/7/dcv/token".into();
    assert_eq!(value(of_domain), None);
}

#[test]
fn a_value_is_shown_with_its_place_or_not_at_all() {
    let (mut desk, effects) = on_tab(OrderStatus::ReissuePending);
    desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![domain()])));
    let mut watch = sent(
        WriteKind::Reissue,
        ID,
        Stage::AwaitsCertificate(None),
        Some("r4nd0m"),
    );
    desk.model.engine.writes.all = vec![watch.clone()];
    let row = answer_of(&desk).expect("the order's method says where");
    assert_eq!(row.token.as_deref(), Some("r4nd0m"));
    assert!(row.place.is_some());
    watch.outgoing.body = "{}".into();
    watch.token = Some("other".into());
    desk.model.engine.writes.all = vec![watch];
    assert_eq!(answer_of(&desk), None, "nobody knows where it belongs");
    desk.model.engine.writes.all[0].token = None;
    assert_eq!(answer_of(&desk), None, "there is none");
}

#[test]
fn of_the_names_of_an_order_those_whose_proof_is_not_current_are_told() {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = "www.example.net".into();
    certificate.dns_names = vec!["example.org".into(), "example.net".into()];
    let order = order(1, certificate);
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let until = |day: &str| Domain {
        proved: "2026-01-01T00:00:00Z".parse().ok(),
        proved_until: format!("{day}T00:00:00Z").parse().ok(),
        ..domain()
    };
    let none: Vec<String> = Vec::new();
    let both = vec!["www.example.net".to_owned(), "example.net".to_owned()];
    for (domains, told) in [
        (vec![], none.clone()),
        (vec![domain()], both.clone()),
        (vec![until("2027-01-01")], none),
        (vec![until("2026-11-01")], both),
    ] {
        assert_eq!(unproven(&order, &domains, now), told, "{domains:?}");
    }
}

#[test]
fn the_record_s_value_has_a_line_of_its_own_where_it_is_not_the_random_value() {
    use crate::keys::Action;
    let of = |method: DcvMethod| {
        let (mut desk, effects) = on_tab(OrderStatus::Issued);
        let known = Domain {
            method: Some(method),
            ..domain()
        };
        desk.answer(&effects, &wanted(), Ok(Data::Domains(vec![known])));
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.id = Some(CertificateId(7));
        let mut token = |order, name: &str| {
            certificate.common_name = name.into();
            desk.model.engine.subject(order, &certificate)?.token
        };
        assert_eq!(token(ID, "WWW.example.net").as_deref(), Some("abc"));
        assert_eq!(token(ID, "other.example"), None);
        assert_eq!(token(OrderId(2), "www.example.net"), None);
        let row = listed(&desk).remove(0);
        assert_eq!(row.name, "www.example.net");
        let parts = names::parts(&row);
        let known = parts.iter().all(|(_, part)| part.is_some());
        let actions: Vec<Action> = parts.into_iter().map(|one| one.0).collect();
        (actions, known)
    };
    let (token, name) = (Action::CopyToken, Action::CopyRecordName);
    let (value, all) = (Action::CopyRecordValue, Action::CopyRecord);
    assert_eq!(of(DcvMethod::DnsTxt), (vec![token, name, all], true));
    let cname = of(DcvMethod::DnsCname);
    assert_eq!(cname, (vec![token, name, value, all], true));
    // Where nothing has to stand anywhere, each line is there and says nothing.
    assert_eq!(of(DcvMethod::Email), (vec![token, name, value, all], false));
}
