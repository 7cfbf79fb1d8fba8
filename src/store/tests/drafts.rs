//! Drafts of forms.

use super::time;
use crate::domain::ids::OrderId;
use crate::store::{Draft, DraftKey, Saved, Store, StoreError};

/// A form in which this was typed.
fn typed(text: &str) -> String {
    format!("{{\"text\":\"{text}\"}}")
}

fn draft(kind: &str, order: Option<u64>, json: &str, at: i64) -> Draft {
    Draft {
        key: DraftKey {
            kind: kind.into(),
            order: order.map(OrderId),
        },
        json: json.into(),
        refusal: None,
        updated: time(at),
    }
}

#[test]
fn a_draft_comes_back_as_it_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let first = draft("reissue", Some(7), r#"{"cn":"a"}"#, 1);
    let newer = draft("reissue", Some(7), r#"{"cn":"ab"}"#, 2);
    {
        let mut store = Store::open(&path).unwrap();
        store.save_draft(&first).unwrap();
        store.save_draft(&newer).unwrap();
    }
    let store = Store::open(&path).unwrap();
    assert_eq!(store.load_draft(&newer.key).unwrap(), Some(newer));
}

#[test]
fn what_the_account_said_stays_with_the_draft_until_it_counts_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let typed = draft("reissue", Some(7), "{}", 1);
    {
        let mut store = Store::open(&path).unwrap();
        assert!(
            !store.set_refusal(&typed.key, Some("no")).unwrap(),
            "no draft"
        );
        store.save_draft(&typed).unwrap();
        assert!(store.set_refusal(&typed.key, Some("no")).unwrap());
        // Typing goes on.
        store
            .save_draft(&draft("reissue", Some(7), "{\"n\":1}", 2))
            .unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    let refusal = |store: &Store| store.list_drafts().unwrap()[0].refusal.clone();
    assert_eq!(refusal(&store).as_deref(), Some("no"));
    store.set_refusal(&typed.key, None).unwrap();
    assert_eq!(refusal(&store), None);
}

#[test]
fn what_another_has_typed_since_is_not_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    let mut other = Store::open(&path).unwrap();
    let sent = draft("reissue", Some(7), r#"{"cn":"a"}"#, 1);
    let typed = draft("reissue", Some(7), r#"{"cn":"b"}"#, 2);
    one.save_draft(&sent).unwrap();
    other.list_drafts().unwrap();
    other.save_draft(&typed).unwrap();
    assert!(!one.delete_draft(&sent.key).unwrap());
    assert_eq!(one.list_drafts().unwrap(), [typed]);
    assert!(
        one.delete_draft(&sent.key).unwrap(),
        "now it is what is meant"
    );
}

#[test]
fn two_who_type_in_the_same_form_both_keep_what_they_typed() {
    for order in [Some(7), None] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let mut one = Store::open(&path).unwrap();
        let mut other = Store::open(&path).unwrap();
        let of = |words: &str, at| draft("reissue", order, &typed(words), at);
        assert_eq!(one.save_draft(&of("a", 1)), Ok(Saved::InPlace));
        // It was not there when the other began.
        assert_eq!(other.save_draft(&of("x", 2)), Ok(Saved::Beside));
        for (at, words) in (3..).zip(["ab", "abc"]) {
            assert_eq!(one.save_draft(&of(words, at)), Ok(Saved::InPlace));
            let words = words.replace("ab", "xy");
            assert_eq!(
                other.save_draft(&of(&words, at)),
                Ok(Saved::InPlace),
                "told once"
            );
        }
        let kept = |store: &Store| {
            let mut kept: Vec<(String, String)> = store
                .list_drafts()
                .unwrap()
                .into_iter()
                .map(|draft| (draft.key.kind, draft.json))
                .collect();
            kept.sort();
            kept
        };
        let both = |one: &str, other: &str| {
            vec![
                ("reissue".to_owned(), typed(one)),
                ("reissue~2".to_owned(), typed(other)),
            ]
        };
        let mut third = Store::open(&path).unwrap();
        assert_eq!(kept(&third), both("abc", "xyc"));
        // Its own is what each throws away.
        assert!(other.delete_draft(&of("", 0).key).unwrap());
        assert_eq!(kept(&third), [both("abc", "").remove(0)]);
        assert_eq!(other.save_draft(&of("back", 9)), Ok(Saved::InPlace));
        // Both are taken up again in turn.
        assert_eq!(kept(&third), both("abc", "back"));
        let key = of("", 0).key;
        let beside = DraftKey {
            kind: "reissue~2".into(),
            ..key.clone()
        };
        assert_eq!(beside.form(), key);
        third.swap_drafts(&beside, &key).unwrap();
        assert_eq!(kept(&third), both("back", "abc"));
        assert_eq!(third.save_draft(&of("back again", 10)), Ok(Saved::InPlace));
        assert!(third.delete_draft(&key).unwrap());
        third.swap_drafts(&beside, &key).unwrap();
        assert_eq!(kept(&third), [both("abc", "").remove(0)]);
    }
}

#[test]
fn one_who_sees_what_another_typed_goes_on_with_it_and_the_other_keeps_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    let of = |words: &str, at| draft("duplicate", Some(7), &typed(words), at);
    one.save_draft(&of("a", 1)).unwrap();
    let mut other = Store::open(&path).unwrap();
    other.list_drafts().unwrap();
    assert_eq!(other.save_draft(&of("ab", 2)), Ok(Saved::InPlace));
    assert_eq!(one.save_draft(&of("ac", 3)), Ok(Saved::Beside));
    assert_eq!(one.list_drafts().unwrap().len(), 2);
}

#[test]
fn each_form_of_each_order_has_its_own() {
    let mut store = Store::in_memory().unwrap();
    let drafts = [
        draft("new", None, "{}", 3),
        draft("reissue", Some(7), "{}", 2),
        draft("duplicate", Some(7), "{}", 1),
    ];
    for draft in drafts.iter().rev() {
        store.save_draft(draft).unwrap();
    }
    assert_eq!(store.list_drafts().unwrap(), drafts);
    assert!(store.delete_draft(&drafts[0].key).unwrap());
    assert!(!store.delete_draft(&drafts[0].key).unwrap());
    assert_eq!(store.list_drafts().unwrap(), drafts[1..]);
}

#[test]
fn a_private_key_is_refused_and_the_earlier_draft_stays() {
    let mut store = Store::in_memory().unwrap();
    let kept = draft("reissue", Some(7), "{}", 1);
    store.save_draft(&kept).unwrap();
    for head in [
        "-----BEGIN PRIVATE KEY-----",
        "-----begin rsa private key-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    ] {
        let refused = store
            .save_draft(&draft("reissue", Some(7), head, 2))
            .unwrap_err();
        let what = |error: &StoreError| match error {
            StoreError::PrivateKey { what, .. } => *what,
            _ => "",
        };
        assert_eq!(what(&refused), "the draft");
        assert!(!refused.to_string().contains("BEGIN"));
    }
    assert_eq!(store.list_drafts().unwrap(), [kept]);
}

#[test]
fn words_about_a_private_key_are_none() {
    let mut store = Store::in_memory().unwrap();
    for words in [
        r#"{"comments":"A new private key after the audit."}"#,
        r#"{"rows":[{"name":"a.key","unreadable":"that was a private key (PKCS#8); it was wiped"}]}"#,
    ] {
        let about = draft("bulk", Some(7), words, 1);
        assert_eq!(store.save_draft(&about), Ok(Saved::InPlace), "{words}");
    }
}

#[test]
fn debug_tells_no_content() {
    let shown = format!("{:?}", draft("reissue", Some(7), &typed("MIIC-secret"), 1));
    assert!(!shown.contains("MIIC"), "{shown}");
}

#[test]
fn a_cell_that_cannot_be_read_costs_that_draft_and_keeps_it() {
    for column in ["kind", "order_id", "json", "updated", "refusal"] {
        for value in ["x'ff00'", "1.5", "'text'", "CAST(x'ff80' AS TEXT)"] {
            let mut store = Store::in_memory().unwrap();
            for order in 1..=3 {
                let draft = draft("reissue", Some(order), "{}", 1);
                store.save_draft(&draft).unwrap();
            }
            let sql = format!("UPDATE draft SET {column} = {value} WHERE order_id = 2");
            store.conn.execute(&sql, []).unwrap();
            let what = format!("{column} = {value}");
            let listed = store.list_drafts().unwrap();
            let lost = store.unreadable_drafts().unwrap();
            assert_eq!(listed.len() + lost, 3, "{what}");
            assert!(lost <= 1, "{what}");
            // Typed in again, the damaged one stays beside.
            let again = draft("reissue", Some(2), &typed("typed"), 2);
            store.save_draft(&again).unwrap();
            assert_eq!(
                store.load_draft(&again.key).unwrap().unwrap().json,
                typed("typed")
            );
            assert_eq!(store.unreadable_drafts().unwrap(), lost, "{what}");
            assert!(store.delete_draft(&again.key).unwrap());
            assert_eq!(store.unreadable_drafts().unwrap(), lost, "{what}");
        }
    }
}

/// What a crash or an editor left of a form is none, and what is typed in the form since goes beside it.
#[test]
fn what_is_cut_off_is_told_and_not_written_over() {
    for cut in ["{\"oops", "", "{}{", "[1]", "null"] {
        let mut store = Store::in_memory().unwrap();
        let first = draft("reissue", Some(7), "{}", 1);
        store.save_draft(&first).unwrap();
        store
            .conn
            .execute("UPDATE draft SET json = ?1", [cut])
            .unwrap();
        assert_eq!(store.list_drafts().unwrap(), [], "{cut}");
        assert_eq!(store.load_draft(&first.key).unwrap(), None, "{cut}");
        assert_eq!(store.unreadable_drafts().unwrap(), 1, "{cut}");
        let newer = draft("reissue", Some(7), &typed("anew"), 2);
        assert_eq!(
            store.save_draft(&newer),
            Ok(Saved::BesideUnreadable),
            "{cut}"
        );
        assert_eq!(store.unreadable_drafts().unwrap(), 1, "{cut}");
        let all = store.list_drafts().unwrap();
        assert_eq!(all[0].json, newer.json, "{cut}");
    }
}
