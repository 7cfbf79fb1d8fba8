//! What must not happen to a row meanwhile: a key that is lost or of another CSR, a certificate in a file that it does not
//! belong in, something sent twice or other than it was read.

use super::*;

/// One row, whose key is being made.
fn making() -> (Desk, KeySpec) {
    let (mut desk, effects) = opened(1);
    desk.answers_orders(&effects);
    let effects = desk.press("ctrl-s");
    let spec = keys(&effects).pop().expect("a key is made");
    (desk, spec)
}

fn row(desk: &Desk) -> &crate::app::bulk::Row {
    &desk.reissues().rows[0]
}

/// The order comes as this, in answer to what was asked.
fn comes(desk: &mut Desk, effects: &[Effect], order: Order) -> Vec<Effect> {
    let read = Read::Order(order.id);
    desk.answer(effects, &read, Ok(Data::Order(Box::new(order))))
}

#[test]
fn nobody_edits_or_discards_while_keys_are_on_their_way() {
    let (mut desk, spec) = making();
    for (key, why) in [("enter", "opens by itself"), ("ctrl-d", "being generated")] {
        desk.press(key);
        assert!(desk.told().contains(why), "{key}: {}", desk.told());
        assert!(desk.model.form.is_none() && desk.model.bulk_screens.is_open());
    }
    desk.makes(&spec);
    assert_eq!(row(&desk).key_file, Some(spec.path));
}

#[test]
fn a_key_that_no_row_waits_for_is_told() {
    let (mut desk, spec) = making();
    desk.model.engine.bulk.forget_all();
    desk.makes(&spec);
    assert!(desk.told().contains(&spec.path), "{}", desk.told());
}

#[test]
fn a_csr_that_was_pasted_meanwhile_stays() {
    let (mut desk, spec) = making();
    let pasted = made(&spec.dns_names);
    let effects = desk.tell(Msg::Paste(pasted.clone()));
    desk.answers_orders(&effects);
    let effects = desk.makes(&spec);
    assert!(desk.told().contains(&spec.path), "{}", desk.told());
    desk.answers_orders(&effects);
    let own = crate::domain::csr::read(&pasted).unwrap();
    assert_eq!(row(&desk).csr.as_ref().map(|csr| &csr.der), Some(&own.der));
    assert_eq!(row(&desk).key_file, None);
}

#[test]
fn another_csr_does_not_go_where_the_key_of_the_first_is() {
    let (mut desk, spec) = making();
    desk.makes(&spec);
    desk.press("esc");
    assert!(row(&desk).target.is_some());
    let effects = desk.tell(Msg::Paste(made(&spec.dns_names)));
    desk.answers_orders(&effects);
    assert_eq!((&row(&desk).key_file, &row(&desk).target), (&None, &None));
}

#[test]
fn a_draft_without_its_csr_does_not_lose_the_key_that_was_made() {
    let (mut desk, spec) = making();
    desk.makes(&spec);
    let ready = row(&desk).csr.clone();
    // A form that was open all the while is kept as it was typed.
    desk.tell(Msg::Draft {
        key: FormKind::Reissue.draft_key(OrderId(1)),
        json: r#"{"fields":{"comments":"soon"}}"#.into(),
        refusal: None,
    });
    assert_eq!(row(&desk).csr, ready);
    assert!(matches!(row(&desk).standing, Standing::Ready(_)));
}

#[test]
fn a_second_key_of_one_day_has_a_folder_of_its_own() {
    let (mut desk, spec) = making();
    let taken = Failure::local(format!("{} already exists.", spec.path), "");
    let effects = desk.tell(Msg::KeyMade {
        form: spec.form.clone(),
        result: Err(taken.clone()),
    });
    let again = keys(&effects).pop().expect("it is tried once more");
    assert!(
        again
            .path
            .starts_with("certificates/n1.example.net/2026-11-20-")
    );
    // No more than once.
    let effects = desk.tell(Msg::KeyMade {
        form: again.form,
        result: Err(taken),
    });
    assert!(keys(&effects).is_empty());
    assert!(desk.row_words(1).contains("already exists"));
}

#[test]
fn an_order_that_cannot_be_read_any_more_holds_nobody_up_and_can_be_excluded() {
    let (mut desk, spec) = making();
    desk.makes(&spec);
    desk.press("esc esc");
    desk.press("*");
    let effects = desk.press("r");
    desk.answer(&effects, &Read::Order(OrderId(1)), Err(lost()));
    desk.answers_orders(&effects);
    assert!(!desk.reissues().is_preparing());
    assert!(
        desk.row_words(1).contains("not loaded"),
        "{}",
        desk.row_words(1)
    );
    desk.press("ctrl-x");
    assert_eq!(desk.standing(1), &Standing::LeftOut);
}

#[test]
fn a_certificate_that_does_not_match_goes_into_no_file_by_itself_ever() {
    let mut desk = Desk::in_review(1);
    let effects = desk.press("enter");
    let (op, _) = sent_ops(&effects)[0].clone();
    let stage = Stage::Issued {
        certificate: CertificateId(77),
        checks: Vec::new(),
        problems: vec!["it lacks www.n1.example.net".into()],
    };
    desk.model.engine.writes.get_mut(&op).unwrap().stage = stage;
    assert!(row(&desk).target.is_some());
    desk.press("esc");
    let effects = desk.press("r");
    let more = desk.press("w");
    let asked = reads(&effects).into_iter().chain(reads(&more));
    let of_chain = |read: &&Read| matches!(read, Read::Chain(_));
    assert_eq!(asked.filter(of_chain).count(), 0);
}

#[test]
fn what_was_set_aside_may_have_arrived_and_is_not_begun_anew() {
    let mut desk = Desk::in_review(1);
    let effects = desk.press("enter");
    let (op, _) = sent_ops(&effects)[0].clone();
    let csr = row(&desk).csr.clone();
    desk.ends(&op, accepted(1));
    for (kind, is_new) in [(FailureKind::Other, false), (FailureKind::Refused, true)] {
        let failure = Failure::of(kind, "over");
        desk.model.engine.writes.get_mut(&op).unwrap().stage = Stage::Ended(failure);
        desk.press("esc");
        desk.model.orders.marks.insert(OrderId(1));
        let effects = desk.press("r");
        desk.answers_orders(&effects);
        let is_sent = matches!(row(&desk).standing, Standing::Sent(_));
        assert_eq!(is_sent, !is_new, "{kind:?}");
        if !is_new {
            assert_eq!(row(&desk).csr, csr);
        }
    }
}

#[test]
fn a_list_of_another_account_stays_there() {
    let (mut desk, spec) = making();
    desk.makes(&spec);
    desk.press("esc esc");
    desk.go_to("another account");
    desk.rows(vec![summary(1, "n1.example.net")]);
    desk.press("*");
    desk.press("r");
    assert!(!desk.model.bulk_screens.is_open());
    assert!(desk.told().contains("demo account"), "{}", desk.told());
    assert!(desk.model.engine.drafts.get("bulk-reissues").is_some());
}

#[test]
fn what_became_dangerous_since_the_review_is_not_sent() {
    let (mut desk, effects) = opened(2);
    desk.answers_orders(&effects);
    for n in 1..=2 {
        // Its form says which names: those of the order as it is.
        desk.tell(Msg::Draft {
            key: FormKind::Reissue.draft_key(OrderId(n)),
            json: format!(r#"{{"fields":{{"dns_names":"www.{}"}}}}"#, name(n)),
            refusal: None,
        });
    }
    let effects = desk.press("ctrl-s");
    desk.makes_all(&effects);
    desk.model.changed_at = None;
    let effects = desk.press("enter");
    let (op, first) = sent_ops(&effects)[0].clone();
    let other = 3 - first.0;
    desk.wait(40);
    let effects = desk.ends(&op, accepted(first.0));
    let mut more = info(other);
    more.certificate.dns_names.push("new.example.net".into());
    let effects = desk.lists(&effects, &[&more]);
    let effects = comes(&mut desk, &effects, more);
    assert!(sent_ops(&effects).is_empty());
    // Who loses the name is read, and then its number has to be typed.
    desk.answers_orders(&effects);
    assert!(desk.reissues().run.is_none());
    assert_eq!(desk.reissues().confirmation(), Some(other.to_string()));
}

#[test]
fn what_changes_under_a_review_is_shown_before_it_is_sent() {
    let mut desk = Desk::in_review(2);
    let ids = desk.reissues().orders();
    let asked = crate::app::update::turns::run(&mut desk.model, |engine, turn| {
        turn.extend(engine.account.read_info(ids[0]));
    });
    let mut more = info(ids[0].0);
    more.certificate.dns_names.push("new.example.net".into());
    comes(&mut desk, &asked, more);
    desk.model.changed_at = None;
    let effects = desk.press("enter");
    assert!(sent_ops(&effects).is_empty());
    let effects = desk.press("enter");
    assert_eq!(sent_ops(&effects).len(), 1);
}

#[test]
fn a_row_that_was_sent_from_its_form_is_sent() {
    let mut desk = Desk::in_review(1);
    let Standing::Ready(outgoing) = row(&desk).standing.clone() else {
        panic!("not ready");
    };
    desk.press("esc");
    let key = FormKind::Reissue.draft_key(OrderId(1));
    let effects = desk.send(*outgoing, Some(key), "reissue".into());
    let (op, _) = sent_ops(&effects)[0].clone();
    assert_eq!(desk.standing(1), &Standing::Sent(op.clone()));
    // The account has it: its draft goes, and nothing is left to send.
    desk.ends(&op, accepted(1));
    assert_eq!(desk.standing(1), &Standing::Sent(op));
    assert!(row(&desk).key_file.is_some());
}

#[test]
fn an_earlier_list_does_not_bring_along_what_nobody_gave_anything() {
    let (mut desk, effects) = opened(3);
    desk.answers_orders(&effects);
    let effects = desk.tell(Msg::Paste(made(&info(3).certificate.dns_names)));
    desk.answers_orders(&effects);
    desk.press("esc u");
    desk.model.orders.marks.insert(OrderId(1));
    desk.press("r");
    let mut orders: Vec<u64> = desk.reissues().orders().iter().map(|id| id.0).collect();
    orders.sort_unstable();
    // The one with a CSR stays, and that is told; the other two were only looked at.
    assert_eq!(orders, [1, 3]);
    assert!(desk.told().contains("stay in it"), "{}", desk.told());
}

#[test]
fn marked_orders_that_the_filter_hides_are_told() {
    let mut desk = Desk::with_orders(3);
    desk.press("*");
    desk.press("/");
    desk.type_text("n2");
    desk.press("enter r");
    assert_eq!(desk.reissues().orders(), [OrderId(2)]);
    assert!(
        desk.told().contains("2 marked orders are hidden"),
        "{}",
        desk.told()
    );
}
