//! Where files go that a command asked for: kept once for a CSR and a request, until they are written.

use super::time;
use crate::domain::file_pattern::FileSet;
use crate::store::{Output, OutputKey, Store};

fn output(csr: u8, path: &str, folder: &str) -> Output {
    let file = |part: &str| format!("/{folder}/{part}.pem");
    Output {
        key: OutputKey {
            csr_sha256: [csr; 32],
            path: path.into(),
        },
        files: FileSet {
            certificate: file("cert"),
            chain: file("chain"),
            full_chain: file("fullchain"),
            key: file("privkey"),
            latest: Some((format!("/{folder}/latest"), "now".into())),
        },
        exec: Some(vec!["install".into(), "--it".into()]),
        is_due: csr == 1,
        kept: time(1),
    }
}

#[test]
fn one_csr_may_serve_several_orders_and_what_is_kept_stays_until_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("p.sqlite3")).unwrap();
    let (first, second) = (output(1, "/1/reissue", "a"), output(1, "/2/reissue", "b"));
    assert!(store.keep_output(&first, b"spki").unwrap());
    assert!(store.keep_output(&second, b"spki").unwrap());
    // A second try, which the journal will refuse, takes nothing away from the first.
    assert!(
        !store
            .keep_output(&output(1, "/1/reissue", "c"), b"spki")
            .unwrap()
    );
    assert_eq!(store.outputs().unwrap(), [first.clone(), second.clone()]);
    assert!(store.has_output(b"spki").unwrap());
    assert!(!store.has_output(b"other").unwrap());
    store.forget_output(&first.key).unwrap();
    assert_eq!(store.outputs().unwrap(), std::slice::from_ref(&second));
    store.forget_output(&second.key).unwrap();
    assert!(!store.has_output(b"spki").unwrap());
}
