//! Which drafts are done with once the account has a write.

use super::*;
use crate::app::testing::{post, with_csr};
use crate::domain::draft::{FieldId, FormKind};
use crate::domain::write::{Before, WriteId};

const ID: OrderId = OrderId(1);
const MINE: Option<u8> = Some(1);
const OTHER: Option<u8> = Some(2);

/// A draft as it is kept, with this CSR and note.
fn draft(csr: Option<u8>, comment: &str, beside: bool, cursor: u8) -> String {
    let csr = csr.map(|csr| pem::encode("CERTIFICATE REQUEST", &[csr, 2, 3]));
    let mut kept = serde_json::json!({
        "fields": {"csr": csr.unwrap_or_default(), "comments": comment},
        "cursor": cursor,
    });
    kept["fields"][&*FieldId::StoreAsDuplicate.key()] = beside.to_string().into();
    kept.to_string()
}

/// What goes of one draft that is kept, once this was sent: from a draft that read `sent`, or in an earlier session.
fn gone(
    kind: WriteKind,
    csr: Option<u8>,
    sent: Option<&str>,
    kept: Option<(FormKind, &str)>,
) -> Vec<FormKind> {
    let bare = post(kind, 1, "", "{}");
    let outgoing = match csr {
        Some(csr) => with_csr(bare, &[csr, 2, 3]),
        None => bare,
    };
    let op = WriteId("1".into());
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut watch = Watch::new(op, outgoing, "it".into(), Before::default(), now);
    watch.draft = sent.and_then(|_| Some(form_of(kind)?.draft_key(ID)));
    watch.kept = sent.map(str::to_owned);
    let kept = kept.map(|(form, json)| (form.draft_key(ID), json.to_owned()));
    let drafts: BTreeMap<String, String> = kept.into_iter().collect();
    let forms = [FormKind::Duplicate, FormKind::Reissue];
    let done = sent_drafts(&watch, &drafts).into_iter();
    done.filter_map(|key| forms.into_iter().find(|form| form.draft_key(ID) == key))
        .collect()
}

#[test]
fn the_draft_goes_that_was_sent_and_not_one_that_was_begun_anew_since() {
    use FormKind::{Duplicate, Reissue};
    let (mine, other) = (draft(MINE, "a", false, 1), draft(OTHER, "a", false, 1));
    let (none, moved) = (draft(None, "a", false, 1), draft(None, "a", false, 7));
    let (words, reworded) = (draft(None, "b", false, 1), draft(MINE, "b", false, 1));
    let own = |kept: &str, csr, sent: &str| {
        gone(
            WriteKind::Duplicate,
            csr,
            Some(sent),
            Some((Duplicate, kept)),
        )
    };
    assert_eq!(own(&mine, MINE, &mine), [Duplicate]);
    assert_eq!(own(&reworded, MINE, &mine), [Duplicate], "the CSR tells");
    assert_eq!(own(&other, MINE, &mine), []);
    assert_eq!(
        own(&words, MINE, &mine),
        [],
        "begun anew, without a CSR so far"
    );
    assert_eq!(own(&none, None, &none), [Duplicate]);
    assert_eq!(
        own(&moved, None, &none),
        [Duplicate],
        "the cursor is no word"
    );
    assert_eq!(own(&words, None, &none), []);
    let not_there = gone(WriteKind::Duplicate, MINE, Some(&mine), None);
    assert_eq!(not_there, [Duplicate]);
    let earlier = |kind, kept: &str, csr| gone(kind, csr, None, Some((Duplicate, kept)));
    assert_eq!(earlier(WriteKind::Duplicate, &reworded, MINE), [Duplicate]);
    assert_eq!(earlier(WriteKind::Duplicate, &other, MINE), []);
    assert_eq!(earlier(WriteKind::Duplicate, &none, None), []);
    assert_eq!(
        earlier(WriteKind::Note, &mine, MINE),
        [],
        "it comes from no form"
    );
    assert_eq!(
        earlier(WriteKind::Reissue, &mine, MINE),
        [],
        "another form's"
    );
    assert_eq!(gone(WriteKind::Reissue, MINE, Some(&mine), None), [Reissue]);
}

#[test]
fn drafts_are_the_same_by_their_fields() {
    let draft = |comment: &str, cursor: u8| draft(None, comment, false, cursor);
    assert!(is_same(&draft("a", 1), &draft("a", 2)));
    assert!(!is_same(&draft("a", 1), &draft("b", 1)));
    for odd in ["", "[]", "no json", "{}"] {
        assert!(is_same(odd, odd), "{odd}");
        assert!(!is_same(odd, &draft("a", 1)), "{odd}");
    }
    assert!(
        !is_same("{}", "[]"),
        "what has no fields is the same by nothing"
    );
}

#[test]
fn each_form_is_known_by_what_it_sends() {
    for kind in WriteKind::ALL {
        let form = match kind {
            WriteKind::Duplicate => Some(FormKind::Duplicate),
            WriteKind::Reissue | WriteKind::ReissueAsDuplicate => Some(FormKind::Reissue),
            WriteKind::Renew => Some(FormKind::Renew),
            WriteKind::NewOrder => Some(FormKind::NewOrder),
            _ => None,
        };
        assert_eq!(form_of(*kind), form, "{kind:?}");
    }
}

/// A reissue that is stored as a duplicate is either form's way to the same.
#[test]
fn so_does_that_of_the_form_which_led_there_with_the_same_csr() {
    use FormKind::{Duplicate, Reissue};
    use WriteKind::{Duplicate as D, Reissue as R, ReissueAsDuplicate as Both};
    for (kind, form, csr, beside, goes) in [
        (Both, Duplicate, MINE, false, true),
        (Both, Duplicate, OTHER, false, false),
        (Both, Duplicate, None, false, false),
        (D, Reissue, MINE, true, true),
        (D, Reissue, MINE, false, false),
        (D, Reissue, OTHER, true, false),
        (D, Reissue, None, true, false),
        (R, Duplicate, MINE, true, false),
        (WriteKind::Renew, Duplicate, MINE, true, false),
        (WriteKind::Renew, Reissue, MINE, true, false),
    ] {
        let kept = draft(csr, "a", beside, 1);
        let done = gone(kind, MINE, None, Some((form, &kept)));
        let wanted = if goes { vec![form] } else { Vec::new() };
        assert_eq!(done, wanted, "{kind:?} {form:?} {csr:?} {beside}");
    }
}
