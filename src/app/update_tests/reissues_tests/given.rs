//! CSRs from elsewhere than a key that is made: files, found by their names, and the one that an order has already; and where
//! two orders of one name would have the same files.

use super::*;

#[test]
fn csr_files_find_their_orders_by_names() {
    let (mut desk, effects) = opened(3);
    desk.answers_orders(&effects);
    let names = |n: u64| info(n).certificate.dns_names;
    let file = |name: &str, text: String| (name.to_owned(), Ok(text));
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    desk.tell(Msg::CsrsRead {
        list: ListId::Reissues,
        files: vec![
            file("one.csr", made(&names(1))),
            file("two.csr", made(&names(2))),
            file("two-again.csr", made(&names(2))),
            file("other.csr", made(&["other.example.org".into()])),
            file("part.csr", made(&[name(3)])),
            file("private.pem", key),
            ("gone.csr".to_owned(), Err(lost())),
        ],
    });
    let list = desk.reissues();
    let has = |n: u64| {
        list.rows
            .iter()
            .any(|row| row.order.0 == n && row.csr.is_some())
    };
    assert_eq!([has(1), has(2), has(3)], [true, false, false]);
    for (file, why) in [
        ("two.csr", "several CSRs"),
        ("two-again.csr", "several CSRs"),
        ("other.csr", "no order here"),
        ("part.csr", "no order here"),
        ("private.pem", "never sent"),
        ("gone.csr", ""),
    ] {
        let told = list.leftovers.iter().find(|words| words.starts_with(file));
        let told = told.unwrap_or_else(|| panic!("{file}: {:?}", list.leftovers));
        assert!(told.contains(why), "{told}");
    }
    assert_eq!(list.leftovers.len(), 6);
}

#[test]
fn the_present_csr_is_taken_where_that_was_chosen() {
    let mut desk = Desk::with_orders(1);
    desk.press("*");
    let effects = desk.press("r");
    let mut info = info(1);
    info.certificate.csr = Some(CsrText(made(&info.certificate.dns_names)));
    let data = Data::Order(Box::new(info));
    desk.answer(&effects, &Read::Order(OrderId(1)), Ok(data));
    desk.answers_orders(&effects);
    let effects = desk.press("left");
    desk.answers_orders(&effects);
    let row = &desk.reissues().rows[0];
    assert!(
        matches!(row.standing, Standing::Ready(_)),
        "{:?}",
        row.standing
    );
    assert!(row.says.starts_with("present CSR"), "{}", row.says);
    let same_key = row
        .advice
        .iter()
        .any(|words| words.contains("already used"));
    assert!(same_key, "{:?}", row.advice);
}

#[test]
fn two_orders_of_one_name_do_not_share_files() {
    let mut desk = Desk::connected();
    desk.rows((1..=2).map(|n| summary(n, "same.example.net")).collect());
    desk.nothing_is_late();
    desk.press("*");
    let effects = desk.press("r");
    for n in 1..=2 {
        let mut info = info(n);
        info.certificate.common_name = "same.example.net".into();
        info.certificate.dns_names = vec!["same.example.net".into()];
        let data = Data::Order(Box::new(info));
        desk.answer(&effects, &Read::Order(OrderId(n)), Ok(data));
    }
    desk.answers_orders(&effects);
    let effects = desk.press("ctrl-s");
    let mut files = desk.makes_all(&effects);
    files.sort();
    let path = |n: u64| format!("certificates/same.example.net-{n}/2026-11-20/privkey.pem");
    assert_eq!(files, [path(1), path(2)]);
}
