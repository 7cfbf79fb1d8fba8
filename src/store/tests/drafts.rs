//! Drafts of forms.

use super::time;
use crate::domain::ids::OrderId;
use crate::store::{Draft, DraftKey, Store, StoreError};

fn draft(kind: &str, order: Option<u64>, json: &str, at: i64) -> Draft {
    Draft {
        key: DraftKey {
            kind: kind.into(),
            order: order.map(OrderId),
        },
        json: json.into(),
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
        assert_eq!(refused, StoreError::PrivateKey { what: "the draft" });
        assert!(!refused.to_string().contains("BEGIN"));
    }
    assert_eq!(store.list_drafts().unwrap(), [kept]);
}

#[test]
fn debug_tells_no_content() {
    let shown = format!("{:?}", draft("reissue", Some(7), "MIIC-secret", 1));
    assert!(!shown.contains("MIIC"), "{shown}");
}
